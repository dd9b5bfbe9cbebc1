package registry_test

import (
	"errors"
	"path/filepath"
	"strings"
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

// A project of the first schema keeps its numbers, as issues, and can be worked
// on as any other.
func TestProjectsOfTheFirstSchema(t *testing.T) {
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	err = store.Update(func(tx registry.Tx) error {
		return errors.Join(
			tx.Put([]byte("schema"), []byte("1")),
			tx.Put([]byte("project\x00old"), []byte(`{"id":"old","title":"旧","participants":[{"region":"31","text":"a/1"},{"region":"32","text":"b/1"}],"rule":"majority","numbers":{"31":"DB31/T 310xxx—2026"},"author":"system","created":"2026-11-01T00:00:00Z","kept":{"by":"somebody"}}`)),
			tx.Put([]byte("project\x00older"), []byte(`{"id":"older","title":"更旧","participants":[],"rule":"all","author":"system","created":"2026-11-01T00:00:00Z"}`)),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	old, err := registry.Open(store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	p, err := old.Project("old")
	if err != nil {
		t.Fatal(err)
	}
	if p.Mode != registry.Jointly || p.Rule != registry.ByMajority || p.Version != 1 || p.Issues["31"].Number != "DB31/T 310xxx—2026" || len(p.Issues) != 1 {
		t.Errorf("migrated to %+v", p)
	}
	store.View(func(tx registry.Tx) error {
		raw, err := tx.Get([]byte("project\x00old"))
		if !strings.Contains(string(raw), `"kept":{"by":"somebody"}`) || strings.Contains(string(raw), "numbers") {
			t.Errorf("the record is %s", raw)
		}
		return err
	})
}
