package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"go.etcd.io/bbolt"

	"tongbiao/registry"
)

type tx struct {
	bucket   *bbolt.Bucket
	scanning int // scans under way: nothing may be written in one
	wrote    bool
}

func enter(btx *bbolt.Tx) (t *tx, err error) {
	defer contain(&err)
	b := btx.Bucket(bucket)
	if b == nil {
		return nil, errors.New("the data file has no registry in it")
	}
	return &tx{bucket: b}, nil
}

func (t *tx) Get(key []byte) (value []byte, err error) {
	if len(key) == 0 {
		return nil, nil
	}
	defer contain(&err)
	sealed := t.bucket.Get(key)
	if sealed == nil {
		return nil, nil
	}
	return unseal(key, sealed)
}

func (t *tx) Put(key, value []byte) (err error) {
	if err := t.mayWrite(); err != nil {
		return err
	}
	defer contain(&err)
	if err := t.bucket.Put(key, seal(key, value)); err != nil {
		return fmt.Errorf("put %.80q: %w", key, err)
	}
	return nil
}

func (t *tx) Delete(key []byte) (err error) {
	if err := t.mayWrite(); err != nil {
		return err
	}
	defer contain(&err)
	if err := t.bucket.Delete(key); err != nil {
		return fmt.Errorf("delete %.80q: %w", key, err)
	}
	return nil
}

func (t *tx) mayWrite() error {
	if !t.bucket.Writable() {
		return registry.ErrReadOnly
	}
	if t.scanning > 0 {
		return errors.New("a scan is under way: collect first, then write")
	}
	t.wrote = true
	return nil
}

func (t *tx) Scan(from, to []byte, fn func(key, value []byte) error) error {
	t.scanning++
	defer func() { t.scanning-- }()
	c := t.bucket.Cursor()
	move := c.First
	if len(from) > 0 {
		move = func() ([]byte, []byte) { return c.Seek(from) }
	}
	for {
		key, value, err := read(move)
		if err != nil {
			return err
		}
		if key == nil || to != nil && bytes.Compare(key, to) >= 0 {
			return nil
		}
		if err := fn(key, value); err != nil {
			if errors.Is(err, registry.ErrStop) {
				return nil
			}
			return err
		}
		move = c.Next
	}
}

func read(move func() (key, sealed []byte)) (key, value []byte, err error) {
	defer contain(&err)
	key, sealed := move()
	if key == nil {
		return nil, nil, nil
	}
	value, err = unseal(key, sealed)
	return key, value, err
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const sealLen = 4

// seal appends the CRC-32C of key and value.
func seal(key, value []byte) []byte {
	sealed := make([]byte, 0, len(value)+sealLen)
	sealed = append(sealed, value...)
	return binary.BigEndian.AppendUint32(sealed, sum(key, value))
}

func unseal(key, sealed []byte) ([]byte, error) {
	n := len(sealed) - sealLen
	if n < 0 || binary.BigEndian.Uint32(sealed[n:]) != sum(key, sealed[:n]) {
		return nil, &registry.Damaged{Key: bytes.Clone(key)}
	}
	return sealed[:n:n], nil
}

func sum(key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value)
}
