// Package bolt keeps a registry in one bbolt file.
//
// Every value bears a checksum of its key and itself, and the structure of the
// file is checked before it is mapped: a file that was damaged gives errors,
// never wrong records, and never takes the program down.
package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"tongbiao/registry"
)

// Store is a registry.Store in one file, held by one process at a time.
type Store struct {
	db *bbolt.DB
	// broken is set when bbolt failed where it holds its locks: nobody may wait
	// for them any more.
	broken atomic.Bool
	// stuck is set when it is not known how much of a write reached the disk.
	// Reading goes on; writing only after the file was opened anew.
	stuck atomic.Pointer[error]
}

// bucket is the one bucket of the file.
var bucket = []byte("registry")

const (
	patience = time.Second // to wait for another process to let go of the file
	growth   = 4 << 20     // bytes by which the file grows
	mapped   = 1 << 30     // bytes of address space: below it no reader holds up a writer
)

// Open takes a file into use and creates it, with its folder, where there is
// none. It returns a registry.Refusal when another process holds the file
// (Conflict) and when the file is damaged or is not a registry (Invalid).
func Open(path string) (*Store, error) {
	parents, err := makeFolder(filepath.Dir(path))
	if err != nil {
		return nil, unusable(filepath.Dir(path), "数据文件夹", "data folder", "不是文件夹，或不能建立", "is not a folder, or cannot be made", err)
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return nil, unusable(path, "数据文件", "data file", "是文件夹", "is a folder", nil)
	}
	fresh := errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0
	if !fresh {
		if err := probe(path); err != nil {
			return nil, err
		}
	}
	s, err := open(path, false)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(fresh, parents); err != nil {
		s.db.Close()
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	return s, nil
}

// OpenReadOnly takes an existing file into use without writing to it; several
// processes may do so at once. Update fails with registry.ErrReadOnly.
func OpenReadOnly(path string) (*Store, error) {
	if err := probe(path); err != nil {
		return nil, err
	}
	return open(path, true)
}

// probe checks the structure of an existing file. A shared lock keeps writers
// away meanwhile.
func probe(path string) error {
	s, err := open(path, true)
	if err != nil {
		return err
	}
	defer s.db.Close()
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	if err := inspect(f, info.Size(), bucket); err != nil {
		return damaged(path, err)
	}
	return nil
}

func open(path string, readOnly bool) (s *Store, err error) {
	defer contain(&err)
	o := &bbolt.Options{Timeout: patience, FreelistType: bbolt.FreelistMapType, ReadOnly: readOnly, NoStatistics: true}
	if runtime.GOOS != "windows" { // there the file itself would take that much
		o.InitialMmapSize = mapped
	}
	db, err := bbolt.Open(path, 0o600, o)
	var file *os.PathError
	switch {
	case err == nil:
		db.AllocSize = growth
		return &Store{db: db}, nil
	case errors.Is(err, berrors.ErrTimeout):
		return nil, &registry.Refusal{Kind: registry.Conflict, Reason: fmt.Sprintf(
			"数据文件 %s 正被另一个程序使用（多半是正在运行的 tongbiao serve）：请先停止它，或用 --data 指定另一个文件夹。 "+
				"The data file %s is in use by another program (most likely a running tongbiao serve): stop it first, or name another folder with --data.", path, path)}
	case errors.As(err, &file):
		return nil, fmt.Errorf("open store: %w", err)
	}
	return nil, damaged(path, err)
}

func damaged(path string, err error) error {
	return &registry.Refusal{Kind: registry.Invalid, Reason: fmt.Sprintf(
		"数据文件 %s 已损坏或不是同标的数据（%v）：请勿删除，先另存一份，再用最近的备份替换它，然后运行 tongbiao check-store。 "+
			"The data file %s is damaged or is not tongbiao's (%v): do not delete it; keep a copy, put the latest backup in its place, then run tongbiao check-store.", path, err, path, err)}
}

// prepare creates the bucket, and makes the names of a new file and of its new
// folders durable.
func (s *Store) prepare(fresh bool, parents []string) (err error) {
	defer contain(&err)
	err = s.db.Update(func(btx *bbolt.Tx) error {
		if btx.Bucket(bucket) != nil {
			return errHeld
		}
		_, err := btx.CreateBucket(bucket)
		return err
	})
	if errors.Is(err, errHeld) {
		return nil
	}
	if err != nil || !fresh || runtime.GOOS == "windows" {
		return err
	}
	for _, folder := range append(parents, filepath.Dir(s.db.Path())) {
		if err := syncFolder(folder); err != nil {
			return err
		}
	}
	return nil
}

// unusable refuses a name under which no data can be.
func unusable(path, chineseWhat, what, chineseWhy, why string, err error) error {
	refusal := &registry.Refusal{Kind: registry.Invalid, Reason: fmt.Sprintf(
		"%s %s %s：请用 --data 指定另一个文件夹，或把它移开。 The %s %s %s: name another folder with --data, or move it away.", chineseWhat, path, chineseWhy, what, path, why)}
	if err == nil {
		return refusal
	}
	return fmt.Errorf("%w (%w)", refusal, err)
}

// makeFolder makes a folder with those above it, and tells whose names changed: a
// new folder is there after a power cut where the one above it was synced.
func makeFolder(path string) (parents []string, err error) {
	for p := filepath.Clean(path); ; p = filepath.Dir(p) {
		if _, err := os.Stat(p); err == nil || p == filepath.Dir(p) {
			break
		}
		parents = append(parents, filepath.Dir(p))
	}
	return parents, os.MkdirAll(path, 0o700)
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

var (
	errHeld   = errors.New("the bucket is there")
	errBroken = errors.New("读写数据文件出错，已停止使用：请停止程序，运行 tongbiao check-store，必要时从备份恢复。 The data file failed and is used no more: stop the program, run tongbiao check-store, and restore a backup if it says so")
)

// Close waits for the transactions under way, then lets go of the file.
func (s *Store) Close() error {
	if s.broken.Load() {
		return nil // a lock that Close would wait for may never be released
	}
	return s.db.Close()
}

// View implements registry.Store.
func (s *Store) View(fn func(registry.Tx) error) error { return s.run(false, fn) }

// Update implements registry.Store. One that wrote nothing costs no disk write.
func (s *Store) Update(fn func(registry.Tx) error) error {
	if s.db.IsReadOnly() {
		return registry.ErrReadOnly
	}
	if stuck := s.stuck.Load(); stuck != nil {
		return *stuck
	}
	return s.run(true, fn)
}

// run lets fn's own panics through, after the transaction is rolled back; those
// of bbolt and faults of the mapped file become errors.
func (s *Store) run(writable bool, fn func(registry.Tx) error) error {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	btx, err := s.begin(writable)
	if err != nil {
		return err
	}
	defer s.rollback(btx)
	t, err := enter(btx)
	if err != nil {
		return err
	}
	if err := fn(t); err != nil || !t.wrote {
		return err
	}
	return s.commit(btx)
}

func (s *Store) begin(writable bool) (btx *bbolt.Tx, err error) {
	if s.broken.Load() {
		return nil, errBroken
	}
	defer s.guard(&err)
	if btx, err = s.db.Begin(writable); err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	return btx, nil
}

func (s *Store) commit(btx *bbolt.Tx) (err error) {
	defer s.guard(&err)
	if err := btx.Commit(); err != nil {
		return s.unwritten(err)
	}
	return nil
}

// rollback ends a transaction; one that was committed is left alone.
func (s *Store) rollback(btx *bbolt.Tx) {
	var err error
	defer s.guard(&err)
	btx.Rollback()
}

// guard is contain for the places where bbolt takes and releases its locks: what
// panics there may leave them locked, so the store is not used any more.
func (s *Store) guard(err *error) {
	if p := recover(); p != nil {
		s.broken.Store(true)
		*err = fmt.Errorf("%w: %v", errBroken, p)
	}
}

// contain turns a panic of bbolt, or a fault of the mapped file, into an error.
func contain(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("读取数据文件出错：请运行 tongbiao check-store。 The data file cannot be read: run tongbiao check-store: %v", p)
	}
}
