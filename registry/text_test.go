package registry

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"tongbiao/editor"
)

// shelf is the least that putText and getText need: keys in memory.
type shelf struct {
	Tx
	kept map[string][]byte
	puts int
}

func (s *shelf) Get(key []byte) ([]byte, error) { return s.kept[string(key)], nil }

func (s *shelf) Put(key, value []byte) error {
	s.puts++
	s.kept[string(key)] = value
	return nil
}

func TestText(t *testing.T) {
	random := make([]byte, editor.MaxBytes)
	source := rand.NewChaCha8([32]byte{1})
	source.Read(random)
	for _, text := range [][]byte{
		{}, []byte("一"), []byte(strings.Repeat("快件应在24小时内投递。\n", 1000)), bytes.Repeat([]byte{0}, editor.MaxBytes), random,
	} {
		s := &shelf{kept: map[string][]byte{}}
		hash, err := putText(s, text)
		if err != nil {
			t.Fatalf("%d bytes: %v", len(text), err)
		}
		again, err := putText(s, text)
		if err != nil || again != hash || s.puts != 1 {
			t.Errorf("the same text again: %s and %s, written %d times, %v", hash, again, s.puts, err)
		}
		got, err := getText(s, hash)
		if err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d bytes come back as %d bytes, %v", len(text), len(got), err)
		}
	}
}

func TestTextRefused(t *testing.T) {
	s := &shelf{kept: map[string][]byte{}}
	if _, err := putText(s, make([]byte, editor.MaxBytes+1)); !Refused(err, Invalid) {
		t.Errorf("a text that is too long: %v", err)
	}
	if _, err := getText(s, strings.Repeat("0", 64)); !Refused(err, NotFound) {
		t.Errorf("a text that is not there: %v", err)
	}
	hash, err := putText(s, []byte("甲"))
	if err != nil {
		t.Fatal(err)
	}
	bomb := encoder().EncodeAll(make([]byte, 256<<20), nil)
	unsized := &bytes.Buffer{} // without the size in its head
	w, err := zstd.NewWriter(unsized)
	if err != nil {
		t.Fatal(err)
	}
	for range 256 {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	twice := append(encoder().EncodeAll(make([]byte, editor.MaxBytes), nil), encoder().EncodeAll(make([]byte, editor.MaxBytes), nil)...)
	for name, packed := range map[string][]byte{
		"another text":        encoder().EncodeAll([]byte("乙"), nil),
		"not compressed":      []byte("甲"),
		"cut short":           s.kept[string(texts.key(hash))][:3],
		"a bomb":              bomb,
		"a bomb of no size":   unsized.Bytes(),
		"two frames in one":   twice,
		"nothing, for a text": {},
	} {
		s.kept[string(texts.key(hash))] = packed
		if got, err := getText(s, hash); err == nil {
			t.Errorf("%s: taken as %d bytes", name, len(got))
		}
	}
	s.kept[string(texts.key(hash))] = bomb
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := getText(s, hash); err == nil {
		t.Error("a bomb is taken")
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 4*editor.MaxBytes {
		t.Errorf("a bomb of %d bytes takes %d bytes of memory", len(bomb), took)
	}
}

func FuzzGetText(f *testing.F) {
	f.Add(encoder().EncodeAll([]byte("第一条　为了规范快递末端服务，制定本规定。"), nil))
	f.Add([]byte("\x28\xb5\x2f\xfd\x00\x00"))
	f.Fuzz(func(t *testing.T, packed []byte) {
		hash := hashOf([]byte("甲"))
		s := &shelf{kept: map[string][]byte{string(texts.key(hash)): packed}}
		got, err := getText(s, hash)
		if err == nil && string(got) != "甲" {
			t.Errorf("%q is taken for another text", got)
		}
	})
}

// regulations reads the real texts that the benchmarks use.
func regulations(tb testing.TB) (all [][]byte, size int64) {
	tb.Helper()
	const folder = "../../shared/data/regulations"
	paths, err := filepath.Glob(folder + "/*/*.md")
	if err != nil {
		tb.Fatal(err)
	}
	if len(paths) == 0 {
		tb.Skip("SKIPPED: the folder ../shared/data/regulations is missing beside the repository")
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if errors.Is(err, os.ErrPermission) {
			continue
		}
		if err != nil {
			tb.Fatal(err)
		}
		all, size = append(all, text), size+int64(len(text))
	}
	return all, size
}

func BenchmarkTextPut(b *testing.B) {
	all, size := regulations(b)
	b.SetBytes(size / int64(len(all)))
	packed := 0
	for i := 0; b.Loop(); i++ {
		s := &shelf{kept: map[string][]byte{}}
		hash, err := putText(s, all[i%len(all)])
		if err != nil {
			b.Fatal(err)
		}
		packed += len(s.kept[string(texts.key(hash))])
	}
	b.ReportMetric(float64(packed)/float64(b.N)/(float64(size)/float64(len(all))), "packed/raw")
}

func BenchmarkTextGet(b *testing.B) {
	all, size := regulations(b)
	b.SetBytes(size / int64(len(all)))
	s := &shelf{kept: map[string][]byte{}}
	var hashes []string
	for _, text := range all {
		hash, err := putText(s, text)
		if err != nil {
			b.Fatal(err)
		}
		hashes = append(hashes, hash)
	}
	for i := 0; b.Loop(); i++ {
		if _, err := getText(s, hashes[i%len(hashes)]); err != nil {
			b.Fatal(err)
		}
	}
}
