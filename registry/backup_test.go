package registry_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// backupOf is a backup of a registry with something of every kind in it.
func backupOf(t testing.TB, path string) (note registry.BackupNote, backup []byte) {
	t.Helper()
	store, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	var out bytes.Buffer
	if note, err = reg.Backup(&out); err != nil {
		t.Fatal(err)
	}
	return note, out.Bytes()
}

// records are all keys and values of a store.
func records(t *testing.T, store registry.Store) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := store.View(func(tx registry.Tx) error {
		return tx.Scan(nil, nil, func(key, value []byte) error {
			out[string(key)] = string(value)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRestoredIsWhatWasBackedUp(t *testing.T) {
	path := furnished(t)
	note, backup := backupOf(t, path)
	old, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	fresh, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	again, err := registry.Restore(fresh, bytes.NewReader(backup))
	if err != nil || again != note {
		t.Fatalf("restored %+v, %v; backed up %+v", again, err, note)
	}
	want, got := records(t, old), records(t, fresh)
	if len(want) < 50 || len(got) != len(want) {
		t.Fatalf("%d records of %d", len(got), len(want))
	}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%q is not what it was", key)
		}
	}
	if _, err := registry.Restore(fresh, bytes.NewReader(backup)); !registry.Refused(err, registry.Conflict) {
		t.Errorf("restored over what is there: %v", err)
	}
}

// TestDamagedBackupIsRefused: cut short anywhere, or with any bit flipped, a
// backup is not taken for whole.
func TestDamagedBackupIsRefused(t *testing.T) {
	_, backup := backupOf(t, furnished(t))
	nothing := func(_, _ []byte) error { return nil }
	random := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		cut := random.IntN(len(backup))
		if _, err := registry.ReadBackup(bytes.NewReader(backup[:cut]), nothing); !registry.Refused(err, registry.Invalid) {
			t.Fatalf("cut after %d of %d bytes: %v", cut, len(backup), err)
		}
		flipped := bytes.Clone(backup)
		at := random.IntN(len(flipped))
		flipped[at] ^= 1 << random.IntN(8)
		note, err := registry.ReadBackup(bytes.NewReader(flipped), nothing)
		if err == nil {
			whole, _ := registry.ReadBackup(bytes.NewReader(backup), nothing)
			if note != whole { // a bit that says nothing may flip
				t.Fatalf("a bit of byte %d flipped and nobody noticed", at)
			}
		}
	}
	if _, err := registry.ReadBackup(bytes.NewReader(append(bytes.Clone(backup), backup...)), nothing); !registry.Refused(err, registry.Invalid) {
		t.Errorf("two backups in one: %v", err)
	}
}

// TestBackupStandsStill: what is written while a backup is taken is not in it.
func TestBackupStandsStill(t *testing.T) {
	h := openHouse(t)
	random, long := rand.New(rand.NewPCG(2, 2)), []byte("---\nid: long\ntitle: 快递末端服务规定\nkind: regulation\n---\n\n### 第一条\n\n")
	for range 400_000 { // too much to be held back until all was read
		long = append(long, byte('a'+random.IntN(26)))
	}
	done, err := h.Import(registry.System, []registry.Incoming{{Path: "long.md", Source: long}})
	if err != nil || done[0].Err != nil {
		t.Fatal(err, done)
	}
	var out bytes.Buffer
	note, err := h.Backup(&slow{&out, func() { h.add(t, "other", registry.Reader, "") }})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	read, err := registry.ReadBackup(&out, func(_, _ []byte) error { seen++; return nil })
	if err != nil || read.Events != note.Events || seen == 0 {
		t.Fatalf("%+v, %v", read, err)
	}
	if last, _ := h.LastEvent(); last.Seq != note.Events+1 {
		t.Errorf("nothing was written meanwhile: event %d, backup of %d", last.Seq, note.Events)
	}
}

// slow does something before the first byte is taken.
type slow struct {
	to   *bytes.Buffer
	once func()
}

func (s *slow) Write(p []byte) (int, error) {
	if s.once != nil {
		s.once()
		s.once = nil
	}
	return s.to.Write(p)
}

func FuzzReadBackup(f *testing.F) {
	h := openHouse(f)
	var out bytes.Buffer
	if _, err := h.Backup(&out); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Add([]byte("\x28\xb5\x2f\xfd"))
	f.Fuzz(func(t *testing.T, data []byte) {
		total := 0
		_, err := registry.ReadBackup(bytes.NewReader(data), func(key, value []byte) error {
			if total += len(key) + len(value); total > 64<<20 {
				return errors.New("enough")
			}
			return nil
		})
		if err != nil && err.Error() == "" {
			t.Error("an error that says nothing")
		}
	})
}
