package registry

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"
)

// A backup is one zstd stream: a line of JSON that says what it holds, every
// record as two runs of bytes (key, value) each behind its length as a uvarint,
// a zero, and a line of JSON with their number and the SHA-256 of all before it.
// It knows no engine, so that it outlives one. schemas/backup.md says the same
// for others.

// BackupNote says what a backup holds.
type BackupNote struct {
	Format  string    `json:"format"`  // "tongbiao-backup"
	Version int       `json:"version"` // of the format
	Schema  int       `json:"schema"`  // of the records
	Made    time.Time `json:"made"`    // UTC
	Events  uint64    `json:"events"`  // number of the last event
	Head    string    `json:"head"`    // its Hash; "" while there is none
}

type backupEnd struct {
	Records uint64 `json:"records"`
	Sum     string `json:"sha256"`
}

const (
	backupFormat  = "tongbiao-backup"
	backupVersion = 1

	maxBackupLine  = 4 << 10   // bytes of the first and the last line
	maxBackupKey   = 32 << 10  // bytes
	maxBackupValue = 256 << 20 // bytes
	restoreAtOnce  = 16 << 20  // bytes a transaction
)

// Backup writes all that is kept as it stands at one moment; others go on
// reading and writing meanwhile. A store with a damaged record is not backed up
// as if it were whole: the error names the record.
func (r *Registry) Backup(w io.Writer) (note BackupNote, err error) {
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return note, err
	}
	err = r.store.View(func(tx Tx) error {
		head, _, err := heads.find(tx, "head")
		if err != nil {
			return err
		}
		schema, err := schemaOf(tx)
		if err != nil {
			return err
		}
		note = BackupNote{Format: backupFormat, Version: backupVersion, Schema: schema, Made: r.now().UTC().Truncate(time.Second), Events: head.Seq, Head: head.Hash}
		return writeBackup(z, tx, note)
	})
	if err != nil {
		z.Close()
		return note, fmt.Errorf("back up: %w", err)
	}
	return note, z.Close()
}

func writeBackup(w io.Writer, tx Tx, note BackupNote) error {
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<16)
	line, err := json.Marshal(note)
	if err != nil {
		return err
	}
	out.Write(append(line, '\n'))
	var end backupEnd
	var length []byte
	err = tx.Scan(nil, nil, func(key, value []byte) error {
		end.Records++
		for _, part := range [][]byte{key, value} {
			length = binary.AppendUvarint(length[:0], uint64(len(part)))
			out.Write(length)
			if _, err := out.Write(part); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	out.WriteByte(0)
	if err := out.Flush(); err != nil {
		return err
	}
	end.Sum = hex.EncodeToString(sum.Sum(nil))
	if line, err = json.Marshal(end); err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// backupReader reads a backup and sums what it reads.
type backupReader struct {
	in  *bufio.Reader
	sum hash.Hash
}

// ReadByte reads what counts into the sum (io.ByteReader).
func (b *backupReader) ReadByte() (byte, error) {
	c, err := b.in.ReadByte()
	if err == nil {
		b.sum.Write([]byte{c})
	}
	return c, err
}

// line reads one of the two lines of JSON.
func (b *backupReader) line(into any) (raw []byte, err error) {
	for {
		c, err := b.in.ReadByte()
		if err != nil {
			return nil, err
		}
		if raw = append(raw, c); c == '\n' {
			break
		}
		if len(raw) > maxBackupLine {
			return nil, errors.New("its line has no end")
		}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	return raw, d.Decode(into)
}

// part reads a key or a value into buf; memory is taken as bytes come, not as a
// length claims.
func (b *backupReader) part(buf *bytes.Buffer, most uint64) error {
	n, err := binary.ReadUvarint(b)
	if err != nil {
		return err
	}
	if n > most {
		return fmt.Errorf("a part of %d bytes, more than %d", n, most)
	}
	buf.Reset()
	if _, err := io.CopyN(io.MultiWriter(buf, b.sum), b.in, int64(n)); err != nil {
		return err
	}
	return nil
}

// ReadBackup calls fn for every record of a backup, in key order; the slices
// are fn's until it returns. It returns a Refusal (Invalid) where the backup is
// no backup, is of a newer program, or is not whole; what fn was given before
// is then not to be relied on.
func ReadBackup(in io.Reader, fn func(key, value []byte) error) (note BackupNote, err error) {
	not := func(err error) error {
		return refuse(Invalid, "", "这不是完整的备份（%v）：请换一份备份。 This is no whole backup (%v): take another one.", err, err)
	}
	z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20), zstd.WithDecoderMaxMemory(512<<20))
	if err != nil {
		return note, not(err)
	}
	defer z.Close()
	b := &backupReader{in: bufio.NewReaderSize(z, 1<<16), sum: sha256.New()}
	raw, err := b.line(&note)
	if err != nil {
		return note, not(err)
	}
	b.sum.Write(raw)
	if note.Format != backupFormat {
		return note, not(fmt.Errorf("format %q", note.Format))
	}
	if note.Version != backupVersion || note.Schema > len(migrations) {
		return note, refuse(Invalid, "", "这份备份由更新的程序制作（格式 %d，结构 %d）：请用新版程序恢复。 A newer program made this backup (format %d, schema %d): restore it with that one.", note.Version, note.Schema, note.Version, note.Schema)
	}
	var key, value bytes.Buffer
	var before []byte
	var records uint64
	for {
		if err := b.part(&key, maxBackupKey); err != nil {
			return note, not(err)
		}
		if key.Len() == 0 {
			break
		}
		if bytes.Compare(before, key.Bytes()) >= 0 {
			return note, not(fmt.Errorf("record %d stands twice or out of order", records+1))
		}
		before = append(before[:0], key.Bytes()...)
		if err := b.part(&value, maxBackupValue); err != nil {
			return note, not(err)
		}
		records++
		if err := fn(key.Bytes(), value.Bytes()); err != nil {
			return note, err
		}
	}
	sum := hex.EncodeToString(b.sum.Sum(nil))
	var end backupEnd
	if _, err := b.line(&end); err != nil {
		return note, not(err)
	}
	if end.Records != records || end.Sum != sum {
		return note, not(fmt.Errorf("%d records with sum %s, where %d with %s belong", records, sum, end.Records, end.Sum))
	}
	if _, err := b.in.ReadByte(); err != io.EOF {
		return note, not(errors.New("something follows its end"))
	}
	return note, nil
}

// Restore fills an empty store from a backup and checks all that it holds
// before anybody uses it. It returns a Refusal (Conflict) where the store is not
// empty, and leaves a store to be thrown away where it returns an error.
func Restore(store Store, in io.Reader) (note BackupNote, err error) {
	err = store.View(func(tx Tx) error {
		return tx.Scan(nil, nil, func(_, _ []byte) error {
			return refuse(Conflict, "", "恢复的地方不是空的：请另选一个空文件夹。 The place to restore into is not empty: choose an empty folder.")
		})
	})
	if err != nil {
		return note, err
	}
	var keys, values [][]byte
	size := 0
	flush := func() error {
		err := store.Update(func(tx Tx) error {
			for i, key := range keys {
				if err := tx.Put(key, values[i]); err != nil {
					return err
				}
			}
			return nil
		})
		keys, values, size = keys[:0], values[:0], 0
		return err
	}
	note, err = ReadBackup(in, func(key, value []byte) error {
		keys, values = append(keys, bytes.Clone(key)), append(values, append([]byte{}, value...))
		if size += len(key) + len(value); size >= restoreAtOnce {
			return flush()
		}
		return nil
	})
	if err != nil {
		return note, err
	}
	return note, flush()
}
