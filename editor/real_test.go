package editor

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// realTexts are the regulations of ../shared, which is not part of this
// repository. A test that needs them is skipped, loudly, where they are missing.
func realTexts(t testing.TB) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	for _, dir := range []string{"regulations", "families", "alignment"} {
		root := filepath.Join("..", "..", "shared", "data", dir)
		if _, err := os.Stat(root); err != nil {
			t.Skipf("SKIPPED: folder %s is missing: the real regulations are not measured", root)
		}
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || filepath.Ext(path) != ".md" {
				return err
			}
			texts[path], err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

func TestRealTextsRoundTrip(t *testing.T) {
	n := 0
	for path, src := range realTexts(t) {
		d, _, err := Parse(src)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		n++
		if diff := roundTrip(d); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	t.Logf("%d texts read and written", n)
}

// roundTrip says how a document changes when it is written and read again.
func roundTrip(d *Document) string {
	w := Write(d)
	e, _, err := Parse(w)
	if err != nil {
		return "what was written is refused: " + err.Error()
	}
	if w2 := Write(e); string(w2) != string(w) {
		return "written twice it differs:\n" + firstDifference(string(w), string(w2))
	}
	a, b := withoutLines(d), withoutLines(e)
	if reflect.DeepEqual(a, b) {
		return ""
	}
	if !reflect.DeepEqual(a.Header, b.Header) {
		return "the header changed"
	}
	return "the document changed"
}

func withoutLines(d *Document) *Document {
	d.Renumber()
	for c := range d.All() {
		c.Line = 0
	}
	return d
}

func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return "got  " + bs[i] + "\nwant " + as[i]
		}
	}
	return "one is longer"
}
