package check

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tongbiao/editor"
)

// eachReal calls fn for the regulations of ../shared, which is not part of this
// repository; where they are missing the test is skipped, loudly.
func eachReal(t *testing.T, fn func(path string, source []byte, d *editor.Document)) {
	t.Helper()
	root := filepath.Join("..", "..", "..", "shared", "data", "regulations")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("SKIPPED: folder %s is missing: the rules are not run over the real regulations", root)
	}
	n := 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".md" || testing.Short() && n > 40 {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		d, _, err := editor.Parse(source)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		n++
		fn(path, source, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d texts", n)
}

// Over the real regulations no rule panics, the rules for standards are silent, and
// every finding stands where it says.
func TestRealRegulations(t *testing.T) {
	regulation := map[string]bool{}
	for _, r := range Rules() {
		if r.Convention == editor.Regulation {
			regulation[r.ID] = true
		}
	}
	count := map[string]int{}
	eachReal(t, func(path string, source []byte, d *editor.Document) {
		for _, f := range Check(source, d, Options{}) {
			count[f.Rule]++
			if d.Header.Convention == editor.Regulation && !regulation[f.Rule] {
				t.Errorf("%s:%d: %s on a regulation", path, f.Line, f.Rule)
			}
			if e := misplacedFinding(source, d, f); e != "" {
				t.Errorf("%s: %s: %s", path, f.Rule, e)
			}
		}
	})
	t.Log(count)
}

// misplacedFinding says how a finding contradicts its text; "" when it does not.
func misplacedFinding(source []byte, d *editor.Document, f editor.Finding) string {
	switch {
	case f.Start < 0 || f.End < f.Start || f.End > len(source):
		return "its bytes lie outside the source"
	case f.Clause == "":
		return ""
	}
	lines := 1 + strings.Count(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(source[:f.Start])), "\n")
	if f.Line != lines {
		return "its line is not that of its first byte"
	}
	k := d.Clause(f.Clause)
	if k == nil {
		return "there is no clause " + f.Clause
	}
	if f.Line < k.Line {
		return "it stands before its clause"
	}
	if f.Fix != nil {
		at := 0
		for _, e := range f.Fix.Edits {
			if e.Start < at || e.End < e.Start || e.End > len(source) {
				return "its correction lies outside the source"
			}
			at = e.End
		}
	}
	return ""
}

// What is said to stand at a place stands there, and most of the real texts is found.
func TestSourceOfRealTexts(t *testing.T) {
	found, all := 0, 0
	eachReal(t, func(path string, source []byte, d *editor.Document) {
		s := newSource(source, d)
		for x := range d.All() {
			all += len(strings.TrimSpace(x.Text))
			for _, p := range s.pieces(x) {
				found += p.size
				if string(source[p.raw:p.raw+p.size]) != x.Text[p.text:p.text+p.size] {
					t.Fatalf("%s: %s: %q is said to be %q", path, x.ID, source[p.raw:p.raw+p.size], x.Text[p.text:p.text+p.size])
				}
			}
		}
	})
	if all > 0 && found*10 < all*8 {
		t.Errorf("%d of %d bytes are found: most should be", found, all)
	}
	t.Logf("%.2f %% of the bytes are found", 100*float64(found)/float64(max(all, 1)))
}

// Every rule of the drafting rules' document is in the catalogue.
func TestCatalogueIsComplete(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "docs", "gbt-1.1-rules.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("SKIPPED: %s is missing: the catalogue is not held against the document", path)
	}
	n := 0
	for _, m := range ruleRow.FindAllStringSubmatch(string(text), -1) {
		n++
		if _, ok := Lookup(m[1]); !ok {
			t.Errorf("%s is not in the catalogue", m[1])
		}
	}
	if n < 80 {
		t.Errorf("%d rules were read", n)
	}
}

var ruleRow = regexp.MustCompile(`(?m)^\| ([A-Z]{3}-\d\d) `)
