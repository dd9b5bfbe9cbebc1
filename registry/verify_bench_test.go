package registry_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// real imports the real regulations into a registry, and returns its path,
// closed, with the number of texts and their bytes.
func real(tb testing.TB) (path string, texts []registry.Incoming, size int64) {
	tb.Helper()
	paths, err := filepath.Glob("../../shared/data/regulations/*/*.md")
	if err != nil {
		tb.Fatal(err)
	}
	if len(paths) == 0 {
		tb.Skip("SKIPPED: the folder ../shared/data/regulations is missing beside the repository")
	}
	for _, p := range paths {
		source, err := os.ReadFile(p)
		if err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, registry.Incoming{Path: strings.TrimPrefix(p, "../../"), Source: source, Kind: "regulation"})
		size += int64(len(source))
	}
	h := openHouse(tb)
	done, err := h.Import(registry.System, texts)
	if err != nil {
		tb.Fatal(err)
	}
	for _, d := range done {
		if d.Err != nil {
			tb.Fatalf("%s: %v", d.Path, d.Err)
		}
	}
	if err := h.Close(); err != nil {
		tb.Fatal(err)
	}
	return h.path, texts, size
}

// TestVerifyReal: what a real import keeps has no fault.
func TestVerifyReal(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: imports all real regulations")
	}
	path, texts, _ := real(t)
	store, err := bolt.OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, (&watch{}).now)
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
	_, held, err := reg.Standards(registry.Filter{}, 0, 0)
	if err != nil || held == 0 {
		t.Errorf("%d standards are held of %d texts, %v", held, len(texts), err)
	}
}

func BenchmarkVerify(b *testing.B) {
	path, texts, size := real(b)
	store, err := bolt.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	reg, err := registry.Open(store, (&watch{}).now)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	for b.Loop() {
		if err := reg.Verify(func(f registry.Fault) { b.Fatalf("%s: %s", f.Where, f.What) }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(texts))*float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}

// BenchmarkOpen opens a registry that holds the real regulations, the check of
// its structure included.
func BenchmarkOpen(b *testing.B) {
	path, _, _ := real(b)
	for b.Loop() {
		store, err := bolt.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		reg, err := registry.Open(store, (&watch{}).now)
		if err != nil {
			b.Fatal(err)
		}
		reg.Close()
	}
}
