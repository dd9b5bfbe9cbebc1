package check

import (
	"io/fs"
	"path"
	"slices"
	"testing"

	"tongbiao/editor"
	"tongbiao/standards"
)

// The bundled standards have no finding of error level.
func TestBundled(t *testing.T) {
	names, err := fs.Glob(standards.FS, "*.md")
	if err != nil || len(names) == 0 {
		t.Fatal("no bundled standards", err)
	}
	for _, name := range names {
		source, err := fs.ReadFile(standards.FS, path.Base(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range checked(t, source, Options{}) {
			if f.Severity == editor.Error {
				t.Errorf("%s:%d: %s %s", name, f.Line, f.Rule, f.Message)
			}
		}
	}
}

// A document that was not parsed is checked as Write gives it.
func TestCheckWritten(t *testing.T) {
	d, _, err := editor.Parse([]byte(soundText(t)))
	if err != nil {
		t.Fatal(err)
	}
	d.Clause("place-1").Text = "投递地点必须符合约定。"
	source := editor.Write(d)
	got := Check(nil, d, Options{})
	if i := slices.IndexFunc(got, func(f editor.Finding) bool { return f.Rule == "MOD-01" }); len(got) != 1 || i != 0 || Quote(source, got[0]) != "必须" {
		t.Errorf("got %v", got)
	}
}

// Only rules that say so find other things at other stages.
func TestStaged(t *testing.T) {
	sources := [][]byte{[]byte(soundText(t)), []byte("---\ntitle: 试验\nkind: local\n---\n\n## 范围 {#scope}\n\n本文件规定了……的要求，必须执行。\n")}
	staged := map[string]bool{}
	for _, r := range Rules() {
		staged[r.ID] = staged[r.ID] || r.Staged
	}
	for n, source := range sources {
		var first []editor.Finding
		for i, stage := range stages {
			all, some := checked(t, source, Options{Stage: stage}), checked(t, source, Options{Stage: stage, Staged: true})
			if slices.ContainsFunc(some, func(f editor.Finding) bool { return !staged[f.Rule] }) {
				t.Errorf("text %d at %s: %v", n, stage, some)
			}
			rest := slices.DeleteFunc(all, func(f editor.Finding) bool { return staged[f.Rule] })
			if i == 0 {
				first = rest
			} else if len(rest) != len(first) || slices.ContainsFunc(rest, func(f editor.Finding) bool {
				return !slices.ContainsFunc(first, func(g editor.Finding) bool { return f.Rule == g.Rule && f.Start == g.Start && f.Severity == g.Severity })
			}) {
				t.Errorf("text %d: at %s %v, at %s %v", n, stages[0], first, stage, rest)
			}
		}
	}
}
