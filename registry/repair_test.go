package registry_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// TestRepair breaks a registry in every way that TestVerify knows. What Repair
// says it mended is no fault any more, what it leaves is still named, nothing new
// is wrong, and what it did stands in the log. Behind a broken chain it does
// nothing.
func TestRepair(t *testing.T) {
	file, err := os.ReadFile(furnished(t))
	if err != nil {
		t.Fatal(err)
	}
	repaired := 0
	for _, b := range breaks {
		t.Run(b.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "registry.db")
			if err := os.WriteFile(path, file, 0o600); err != nil {
				t.Fatal(err)
			}
			store, err := bolt.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			if err := store.Update(func(tx registry.Tx) error { b.do(raw{t, tx}); return nil }); err != nil {
				t.Fatal(err)
			}
			before := records(t, store)
			reg, err := registry.Open(store, (&watch{}).now)
			if err != nil {
				t.Fatal(err)
			}
			mended, left := map[string]bool{}, map[string]bool{}
			err = reg.Repair(func(f registry.Fault, done bool) {
				if done {
					mended[f.Where+f.What] = true
				} else {
					left[f.Where+f.What] = true
				}
			})
			var broken *registry.ChainError
			if errors.As(err, &broken) {
				if after := records(t, store); len(after) != len(before) {
					t.Errorf("behind a broken chain %d records became %d", len(before), len(after))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			err = reg.Verify(func(f registry.Fault) {
				if !left[f.Where+f.What] {
					t.Errorf("after the repair (mended before: %v): %s: %s", mended[f.Where+f.What], f.Where, f.What)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			last, err := reg.LastEvent()
			if err != nil || (last.Verb == registry.RepairStore) != (len(mended) > 0) {
				t.Errorf("%d faults mended; the last event is %s, %v", len(mended), last.Verb, err)
			}
			if len(mended) > 0 {
				repaired++
			}
		})
	}
	if repaired < 3 {
		t.Errorf("only %d of %d kinds of damage were mended", repaired, len(breaks))
	}
	t.Logf("%d of %d kinds of damage mended, the others named", repaired, len(breaks))
}
