package editor

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Texts as they are found: what they are read as, in canonical form with the
// displayed numbers, and what is reported.
func TestParse(t *testing.T) {
	paths, err := filepath.Glob("testdata/parse/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			d, findings, err := Parse(a.Files[0].Data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := roundTrip(d); diff != "" {
				t.Error(diff)
			}
			got := []txtar.File{a.Files[0], {Name: "out.md", Data: Write(d)}, {Name: "clauses", Data: clauseList(d)}, {Name: "findings", Data: findingList(findings)}}
			if *update {
				a.Files = got
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for i, f := range got {
				if i >= len(a.Files) || string(a.Files[i].Data) != string(f.Data) {
					t.Errorf("%s: got\n%s", f.Name, f.Data)
				}
			}
		})
	}
}

// clauseList shows what each clause is, and the blocks that have labels or numbers.
func clauseList(d *Document) []byte {
	var b strings.Builder
	for c := range d.All() {
		fmt.Fprintf(&b, "%s\n", strings.TrimRight(fmt.Sprintf("%-10s %s %s %s", c.Kind, c.Number, c.Title, c.English), " "))
		for _, k := range c.Blocks() {
			if k.Kind != Paragraph {
				fmt.Fprintf(&b, "           %s\n", strings.TrimRight(fmt.Sprintf("%s %s%s %s", k.Kind, k.Label, k.Number, k.Title), " "))
			}
		}
	}
	return []byte(b.String())
}

func findingList(findings []Finding) []byte {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%d %s %s %s\n", f.Line, f.Rule, f.Severity, f.Message)
	}
	return []byte(b.String())
}

func TestParseRefuses(t *testing.T) {
	deep := "---\na: " + strings.Repeat("[", 50) + strings.Repeat("]", 50) + "\n---\n"
	for _, c := range []struct {
		name, text string
		line       int
	}{
		{"not UTF-8", "甲\n\xff\n", 2},
		{"too long", strings.Repeat("甲", MaxBytes/3+1), 0},
		{"too many clauses", "---\ntitle: 甲\nconvention: standard\n---\n" + strings.Repeat("## 甲\n", MaxClauses+1), 4 + MaxClauses + 1},
		{"no end of the front matter", "---\ntitle: 甲\n", 1},
		{"front matter too long", "---\na: " + strings.Repeat("x", maxHeader) + "\n---\n", 1},
		{"not YAML", "---\na: [\n---\n", 2},
		{"not a map", "---\n- a\n---\n", 2},
		{"alias", "---\nb: &x 1\na: *x\n---\n", 2},
		{"merge key", "---\nb: 1\n<<: {a: 1}\n---\n", 3},
		{"list where one value is meant", "---\nnumber: 1\ntitle: [a]\n---\n", 3},
		{"map where a list is meant", "---\nregion: {a: b}\n---\n", 2},
		{"list in a list", "---\nics: [[a]]\n---\n", 2},
		{"repeated key", "---\ntitle: a\ntitle: b\n---\n", 3},
		{"too deep", deep, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := Parse([]byte(c.text))
			var bad *SyntaxError
			if !errors.As(err, &bad) {
				t.Fatalf("got %v, want a SyntaxError", err)
			}
			if bad.Line != c.line {
				t.Errorf("line %d, want %d: %v", bad.Line, c.line, err)
			}
		})
	}
}

// The bounds themselves are let through.
func TestParseAtTheBounds(t *testing.T) {
	head := "---\ntitle: 甲\nconvention: standard\n---\n"
	d := document(t, head+strings.Repeat("## 甲\n", MaxClauses))
	if len(d.Clauses) != MaxClauses {
		t.Errorf("%d clauses, want %d", len(d.Clauses), MaxClauses)
	}
	text := head + strings.Repeat("a", MaxBytes-len(head))
	if d := document(t, text); len(d.Clauses[0].Text) != MaxBytes-len(head) {
		t.Error("the text at the bound is not whole")
	}
}

// Findings are bounded however irregular a text is.
func TestFindingsAreBounded(t *testing.T) {
	_, findings, err := Parse([]byte(strings.Repeat("─ 1 ─\n", 10_000)))
	if err != nil {
		t.Fatal(err)
	}
	if last := findings[len(findings)-1]; len(findings) > maxFindings+1 || last.Rule != "PARSE-more" {
		t.Errorf("%d findings, the last %+v", len(findings), last)
	}
}

// An ID depends on the content alone, so the same text gets the same IDs
// wherever it is read, and a second clause with the same content another one.
func TestIDs(t *testing.T) {
	text := "# 甲条例\n\n第一条 甲。\n\n第二条 甲。\n\n第三条 乙。\n"
	a, b := document(t, text), document(t, "\n\n"+text)
	for i := range a.Clauses {
		if a.Clauses[i].ID != b.Clauses[i].ID {
			t.Errorf("%s and %s", a.Clauses[i].ID, b.Clauses[i].ID)
		}
	}
	if a.Clauses[0].ID == a.Clauses[1].ID {
		t.Error("two clauses have one ID")
	}
	c := document(t, "# 甲条例\n\n第一条 丙。\n\n第二条 乙。\n")
	if got, want := c.Clauses[1].ID, a.Clauses[2].ID; got != want {
		t.Errorf("an article that moved has %s, want %s", got, want)
	}
}

// Front matter of 64 KB in the forms that make YAML readers slow, and a long title
// with lines that begin like it, take bounded time.
func TestHeaderBombs(t *testing.T) {
	for _, unit := range []string{"[", "{a: ", "- ", "? ", "!!x ", "&a ", "*a ", "a: |\n", "\"", "a: b\n", "#", "a:\n "} {
		start := time.Now()
		_, _, _ = Parse([]byte("---\na: " + strings.Repeat(unit, (maxHeader-10)/len(unit)) + "\n---\n"))
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%q: %v", unit, took)
		}
	}
	start := time.Now()
	title := strings.Repeat("a", maxHeader/2)
	document(t, "---\ntitle: "+title+"\n---\n"+strings.Repeat("a\n", 500_000))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("a long title: %v", took)
	}
}

// A document made by a program may lack IDs: what is written is read all the same.
func TestWriteWithoutIDs(t *testing.T) {
	for _, d := range []*Document{
		{Header: Header{Title: "甲", Convention: Standard}, Clauses: []*Clause{{Kind: Chapter, Title: "乙", Text: "丙 <!-- 丁 -->", Clauses: []*Clause{{Kind: Subclause, Text: "戊"}}}}},
		{Header: Header{Title: "甲", Convention: Regulation}, Clauses: []*Clause{{Kind: Article, Title: "乙", Text: "丙"}, {Kind: Article, Text: "丁"}}},
	} {
		got := document(t, string(Write(d)))
		if a, b := len(slices.Collect(got.All())), len(slices.Collect(d.All())); a != b {
			t.Errorf("%d clauses, want %d:\n%s", a, b, Write(d))
		}
		if c := got.Clauses[0]; c.Title != "乙" || c.ID == "" || !strings.HasPrefix(c.Text, "丙") {
			t.Errorf("got %+v", c)
		}
	}
}
