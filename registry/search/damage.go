package search

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
)

// dropDamaged removes the segments of an index whose checksum is wrong: those
// that a crash left unfinished, which nothing refers to, and damaged ones,
// without which the index does not open. Bleve itself trusts a segment and may
// bring the program down by one that is damaged.
func dropDamaged(store string) error {
	segments, err := filepath.Glob(filepath.Join(store, "*.zap"))
	if err != nil {
		return err
	}
	for _, path := range segments {
		whole, err := isWhole(path)
		if err != nil {
			return err
		}
		if !whole {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// isWhole tells whether a segment is as it was written: its last four bytes are
// the CRC-32 of all before them.
func isWhole(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	sum := crc32.NewIEEE()
	var want [4]byte
	if _, err = io.CopyN(sum, f, info.Size()-int64(len(want))); err == nil {
		_, err = io.ReadFull(f, want[:])
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || info.Size() < int64(len(want)) {
		return false, nil
	}
	return binary.BigEndian.Uint32(want[:]) == sum.Sum32(), err
}
