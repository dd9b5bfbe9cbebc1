package bolt_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

func open(t *testing.T, path string) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// fill writes enough for a tree of several levels, large values and free pages,
// and returns the bytes of the file and the states that it may rightly show:
// the last, and the one before, to which bbolt falls back when the newest meta
// page is not valid.
func fill(t *testing.T, path string) (file []byte, last, before map[string]string) {
	t.Helper()
	s := open(t, path)
	random := rand.New(rand.NewPCG(2, 3))
	for round := range 12 {
		before, _ = contents(s)
		err := s.Update(func(tx registry.Tx) error {
			for range 30 {
				key := fmt.Sprintf("table\x00key %03d of some length, to fill the branch pages %s", random.IntN(400), strings.Repeat("…", 60))
				if err := tx.Put([]byte(key), bytes.Repeat([]byte{byte('a' + round)}, random.IntN(200))); err != nil {
					return err
				}
			}
			if err := tx.Delete(fmt.Appendf(nil, "large %d", round-2)); err != nil {
				return err
			}
			return tx.Put(fmt.Appendf(nil, "large %d", round), bytes.Repeat([]byte{byte(round)}, 9000))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	last, err := contents(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file, last, before
}

func contents(s registry.Store) (map[string]string, error) {
	all := map[string]string{}
	err := s.View(func(tx registry.Tx) error {
		return tx.Scan(nil, nil, func(key, value []byte) error {
			all[string(key)] = string(value)
			return nil
		})
	})
	return all, err
}

// refused checks that a file is not opened, and that the reason helps.
func refused(t *testing.T, path string) {
	t.Helper()
	for name, open := range map[string]func(string) (*bolt.Store, error){"Open": bolt.Open, "OpenReadOnly": bolt.OpenReadOnly} {
		s, err := open(path)
		if err == nil {
			s.Close()
			t.Errorf("%s takes it", name)
			continue
		}
		if !registry.Refused(err, registry.Invalid) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "备份") || !strings.Contains(err.Error(), "check-store") {
			t.Errorf("%s: the reason does not say what to do: %v", name, err)
		}
	}
}

func TestNotAStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "registry.db")
	for _, content := range []string{"x", "not a store\n", strings.Repeat("\x00", 4096), strings.Repeat("not a store\n", 5000), strings.Repeat("\xff", 1<<16)} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, path)
	}
}

func TestTruncated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "registry.db")
	file, last, _ := fill(t, path)
	used := len(bytes.TrimRight(file, "\x00"))
	for size := 1; size < used; size += 1021 {
		if err := os.WriteFile(path, file[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := bolt.Open(path)
		if err == nil { // what was cut off was free
			got, err := contents(s)
			if s.Close(); err == nil && !maps.Equal(got, last) {
				t.Errorf("cut to %d of %d bytes it opens and shows something else", size, used)
			}
			continue
		}
		if !registry.Refused(err, registry.Invalid) {
			t.Errorf("cut to %d bytes: %v", size, err)
		}
	}
}

// TestFlippedBits: whichever bit is flipped, the store says so, or shows what
// was written. It never shows anything else, and never panics.
func TestFlippedBits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "registry.db")
	content, last, before := fill(t, path)
	used := len(bytes.TrimRight(content, "\x00"))
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	write := func(b []byte, at int) {
		if _, err := file.WriteAt(b, int64(at)); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(5, 7))
	flips := 4000
	if testing.Short() {
		flips = 400
	}
	const page = 4096
	refusals, found, harmless := 0, 0, 0
	for n := range flips {
		at := random.IntN(used)
		if n%2 == 0 { // in the head of a page and the table behind it, where it hurts most
			at = at/page*page + random.IntN(80)
		}
		bit := byte(1) << random.IntN(8)
		write([]byte{content[at] ^ bit}, at)
		s, err := bolt.Open(path)
		if err != nil {
			if !registry.Refused(err, registry.Invalid) {
				t.Errorf("byte %d bit %x: %v", at, bit, err)
			}
			refusals++
			write(content[at:at+1], at)
			continue
		}
		got, err := contents(s)
		switch {
		case err != nil:
			found++
		case maps.Equal(got, last), at < 2*page && maps.Equal(got, before):
			if harmless++; harmless%20 == 0 { // what can be read can be written too
				if err := s.Update(func(tx registry.Tx) error { return tx.Put([]byte("new"), make([]byte, 20_000)) }); err != nil {
					t.Errorf("byte %d bit %x: Update: %v", at, bit, err)
				}
				write(content, 0)
			}
		default:
			t.Errorf("byte %d bit %x: nobody noticed", at, bit)
		}
		s.Close()
		write(content[at:at+1], at)
	}
	t.Logf("%d bits flipped in %d bytes: %d refused when opened, %d found when read, %d harmless", flips, used, refusals, found, harmless)
	if refusals == 0 || found == 0 {
		t.Error("the flips did not reach what they should")
	}
}

// TestLostBranch: a pointer of the tree is bent so that the tree stays in order
// and lacks a part. What is there is whole; what is not is noticed.
func TestLostBranch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "registry.db")
	file, last, _ := fill(t, path)
	const page, branch = 4096, 1
	child := func(p uint64) (id uint64, at int) { // the first child of a branch page
		head := file[p*page:]
		if binary.NativeEndian.Uint64(head) != p || binary.NativeEndian.Uint16(head[8:]) != branch {
			return 0, 0
		}
		return binary.NativeEndian.Uint64(head[24:]), int(p*page + 24)
	}
	noticed := 0
	for p := range uint64(len(file) / page) {
		first, at := child(p)
		if first == 0 {
			continue
		}
		grandchild, _ := child(first)
		if grandchild == 0 {
			continue
		}
		broken := bytes.Clone(file)
		binary.NativeEndian.PutUint64(broken[at:], grandchild)
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := bolt.Open(path)
		if err != nil {
			noticed++
			continue
		}
		if got, err := contents(s); err != nil || !maps.Equal(got, last) { // a page that is free
			t.Errorf("page %d lacks its children, and nobody noticed", p)
		}
		s.Close()
	}
	if noticed == 0 {
		t.Error("no pointer was bent")
	}
}

func TestDamagedRecordIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "registry.db")
	s := open(t, path)
	err := s.Update(func(tx registry.Tx) error {
		for _, key := range []string{"one", "two", "three"} {
			if err := tx.Put([]byte(key), []byte("the value of "+key)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file = bytes.ReplaceAll(file, []byte("the value of two"), []byte("the value of too"))
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	err = s.View(func(tx registry.Tx) error {
		if got, err := tx.Get([]byte("one")); err != nil || string(got) != "the value of one" {
			t.Errorf("Get of a whole record = %q, %v", got, err)
		}
		_, err := tx.Get([]byte("two"))
		return err
	})
	if d, ok := err.(*registry.Damaged); !ok || string(d.Key) != "two" {
		t.Errorf("Get of a damaged record: %v", err)
	}
}

// TestCutUnderneath: the file loses its pages while it is in use. Every call
// gives an error; none takes the program down, and none waits for ever.
func TestCutUnderneath(t *testing.T) {
	for _, size := range []int64{0, 4096, 3 * 4096} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "registry.db")
			fill(t, path)
			s := open(t, path)
			if err := os.Truncate(path, size); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if _, err := contents(s); err == nil {
					t.Error("View reads pages that are gone")
				}
				err := s.Update(func(tx registry.Tx) error { return tx.Put([]byte("large 1"), []byte("v")) })
				if err == nil {
					t.Error("Update is taken by a file that is gone")
				}
			}
			if err := s.Close(); err != nil {
				t.Logf("Close: %v", err)
			}
		})
	}
}

func TestHeldByAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "registry.db")
	s := open(t, path)
	for name, open := range map[string]func(string) (*bolt.Store, error){"Open": bolt.Open, "OpenReadOnly": bolt.OpenReadOnly} {
		_, err := open(path)
		if !registry.Refused(err, registry.Conflict) || !strings.Contains(err.Error(), "tongbiao serve") || !strings.Contains(err.Error(), path) {
			t.Errorf("%s of a file in use: %v", name, err)
		}
	}
	s.Close()
	open(t, path)
}

func TestOpenReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "registry.db")
	if _, err := bolt.OpenReadOnly(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("OpenReadOnly of no file: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("OpenReadOnly creates the file")
	}
	_, last, _ := fill(t, path)
	for range 2 { // two at once
		s, err := bolt.OpenReadOnly(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if got, err := contents(s); err != nil || !maps.Equal(got, last) {
			t.Errorf("it reads something else: %v", err)
		}
		if err := s.Update(func(registry.Tx) error { return nil }); err != registry.ErrReadOnly {
			t.Errorf("Update: %v", err)
		}
	}
}

func TestModes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "data", "registry.db")
	open(t, path)
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700, filepath.Dir(filepath.Dir(path)): 0o700} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", filepath.Base(name), got, want)
		}
	}
}

// TestIdleUpdate: an Update that writes nothing leaves the file alone.
func TestIdleUpdate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "registry.db")
	fill(t, path)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	if err := s.Update(func(tx registry.Tx) error { _, err := tx.Get([]byte("x")); return err }); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file changed (%v)", err)
	}
}
