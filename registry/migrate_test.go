package registry_test

import (
	"path/filepath"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// A store bears the number of its schema from the first day; one that a newer
// program wrote is refused and stays as it is.
func TestSchemaNumber(t *testing.T) {
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	schema := func() (s string) {
		store.View(func(tx registry.Tx) error {
			raw, err := tx.Get([]byte("schema"))
			s = string(raw)
			return err
		})
		return s
	}
	for range 2 {
		if _, err := registry.Open(store, time.Now); err != nil || schema() != "2" {
			t.Fatalf("opened with schema %q, %v; want 2", schema(), err)
		}
	}
	if err := store.Update(func(tx registry.Tx) error { return tx.Put([]byte("schema"), []byte("99")) }); err != nil {
		t.Fatal(err)
	}
	_, err = registry.Open(store, time.Now)
	refused(t, err, registry.Invalid)
	if schema() != "99" {
		t.Errorf("a newer store was changed to schema %q", schema())
	}
}

func TestNewIsNoName(t *testing.T) {
	reg, _ := two(t)
	_, _, err := reg.Submit(secretary, registry.Submission{Standard: "new", Source: []byte(shText), Message: "x"})
	refused(t, err, registry.Invalid)
}
