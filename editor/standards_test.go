package editor_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/standards"
)

// regional are the four bundled standards in the order of the label files.
var regional = []string{"db31-t-sf001", "db32-t-sf001", "db33-t-sf001", "db34-t-sf001"}

func bundled(t *testing.T, name string) *editor.Document {
	t.Helper()
	src, err := fs.ReadFile(standards.FS, name+".md")
	if err != nil {
		t.Fatal(err)
	}
	d, findings, err := editor.Parse(src)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, f := range findings {
		t.Errorf("%s:%d: %s %s", name, f.Line, f.Rule, f.Message)
	}
	return d
}

// displayed is how the label files name a clause: its number, or its title
// where it has none (前言).
func displayed(c *editor.Clause) string {
	if c.Number != "" {
		return c.Number
	}
	return c.Title
}

// byNumber maps what the label files write to the clauses of a text.
func byNumber(d *editor.Document) map[string]*editor.Clause {
	m := map[string]*editor.Clause{}
	for c := range d.All() {
		m[displayed(c)] = c
	}
	return m
}

// labels reads a label file: its rows without the comment and the heading.
func labels(t *testing.T, name string, columns int) [][]string {
	t.Helper()
	src, err := fs.ReadFile(standards.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for i, line := range strings.Split(strings.TrimSpace(string(src)), "\n") {
		if i < 2 {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) != columns {
			t.Fatalf("%s:%d: %d columns, want %d", name, i+1, len(row), columns)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestBundledTextsAreMarked(t *testing.T) {
	for _, name := range append([]string{"db31-t-sf001-2021", "gb-sf001"}, regional...) {
		d := bundled(t, name)
		h := d.Header
		if want := strings.TrimSuffix(name, "-2021"); h.ID != want {
			t.Errorf("%s: id %q, want %q", name, h.ID, want)
		}
		if !strings.HasPrefix(h.Notice, "示范文本") || len(h.Numbers) != 1 || !strings.Contains(h.Numbers[0], "示范") {
			t.Errorf("%s: notice %q, number %q: not marked 示范", name, h.Notice, h.Numbers)
		}
		if f := d.Clauses[0]; f.Kind != editor.Foreword || !strings.Contains(f.Passages()[0], "示范文本") {
			t.Errorf("%s: the foreword does not begin by saying that this is a demonstration", name)
		}
	}
}

func TestBundledSizes(t *testing.T) {
	within := func(name string, low, high int) {
		n := 0
		for c := range bundled(t, name).All() {
			if len(c.Clauses) == 0 && c.Text != "" {
				n++
			}
		}
		if n < low || n > high {
			t.Errorf("%s: %d clauses, want %d to %d", name, n, low, high)
		}
	}
	for _, name := range append([]string{"db31-t-sf001-2021"}, regional...) {
		within(name, 35, 60)
	}
	within("gb-sf001", 18, 25)
}

// An ID that two regions share would tell an aligner the answer.
func TestBundledIdentitiesDiffer(t *testing.T) {
	owner := map[string]string{}
	for _, name := range append([]string{"gb-sf001"}, regional...) {
		for c := range bundled(t, name).All() {
			if other, ok := owner[c.ID]; ok {
				t.Errorf("%s and %s share the ID %s", other, name, c.ID)
			}
			owner[c.ID] = name
		}
	}
}

func TestBundledAlignment(t *testing.T) {
	rows := labels(t, "alignment.tsv", 6)
	for i, name := range regional {
		d := bundled(t, name)
		clauses, used := byNumber(d), map[string]bool{}
		for _, row := range rows {
			for n := range strings.SplitSeq(row[i+2], ";") {
				n = strings.TrimSuffix(n, "*")
				used[n] = true
				if n != "" && clauses[n] == nil {
					t.Errorf("%s: %s has no clause %s", row[0], name, n)
				}
			}
		}
		for c := range d.All() {
			if c.Text != "" && !used[displayed(c)] {
				t.Errorf("alignment.tsv: no row for %s %s %s", name, displayed(c), c.Title)
			}
		}
	}
}

func TestBundledDifferences(t *testing.T) {
	kinds := []string{"quantity", "modality", "missing", "scope", "wording", "same"}
	rows := labels(t, "differences.tsv", 7)
	gids := map[string]bool{}
	for _, row := range labels(t, "alignment.tsv", 6) {
		gids[row[0]] = true
	}
	for _, row := range rows {
		if !gids[row[0]] || !slices.Contains(kinds, row[2]) {
			t.Errorf("%s %s: unknown row or kind %s", row[0], row[1], row[2])
		}
	}
	for i, name := range regional {
		clauses := byNumber(bundled(t, name))
		for _, row := range rows {
			if row[i+3] == "-" {
				continue
			}
			n, words, _ := strings.Cut(row[i+3], "：")
			if c := clauses[n]; c == nil || !strings.Contains(c.Text, words) {
				t.Errorf("%s %s: %s %s does not say %q", row[0], row[1], name, n, words)
			}
		}
	}
}
