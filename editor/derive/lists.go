package derive

import (
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"tongbiao/editor"
)

// Line is a line of the contents, or of a list of figures or tables.
type Line struct {
	ID     string `json:"id"`
	Number string `json:"number,omitempty"`
	Title  string `json:"title"`
	Mark   string `json:"mark,omitempty"` // of an annex: （规范性） or （资料性）
	Level  int    `json:"level"`          // 1 for a chapter
}

// Contents is what 目次 lists (GB/T 1.1—2020, 8.2): foreword, introduction,
// chapters and titled 条 of the first level, annexes with their kind and their
// titled 条, bibliography, index; then figures and tables. Terms are not listed.
type Contents struct {
	Lines   []Line `json:"lines"`
	Figures []Line `json:"figures,omitempty"`
	Tables  []Line `json:"tables,omitempty"`
}

// ContentsOf lists a document; of a regulation its parts, chapters and sections.
func ContentsOf(d *editor.Document) Contents {
	var out Contents
	for _, c := range d.Clauses {
		out.list(c, 1)
	}
	for c := range d.All() {
		for _, b := range c.Blocks() {
			l := Line{ID: b.ID, Number: b.Number, Title: b.Title, Level: 1}
			switch {
			case b.Number == "":
			case b.Kind == editor.Figure:
				out.Figures = append(out.Figures, l)
			case b.Kind == editor.Table:
				out.Tables = append(out.Tables, l)
			}
		}
	}
	return out
}

func (out *Contents) list(c *editor.Clause, level int) {
	l := Line{ID: c.ID, Number: c.Number, Title: c.Title, Level: level}
	switch c.Kind {
	case editor.Preamble, editor.Term, editor.Article, editor.Decision:
		return
	case editor.Annex:
		l.Mark = "（规范性）"
		if c.Informative {
			l.Mark = "（资料性）"
		}
	case editor.Foreword, editor.Introduction, editor.Bibliography, editor.Index:
		if l.Title == "" {
			l.Title = divisions[c.Kind]
		}
	case editor.Subclause:
		if c.Title == "" || level > 2 {
			return
		}
	}
	out.Lines = append(out.Lines, l)
	for _, sub := range c.Clauses {
		out.list(sub, level+1)
	}
}

var divisions = map[editor.Kind]string{editor.Foreword: "前言", editor.Introduction: "引言", editor.Bibliography: "参考文献", editor.Index: "索引"}

// Term is an entry of the chapter of terms with its use.
type Term struct {
	ID      string `json:"id"`
	Number  string `json:"number"`
	Term    string `json:"term"`
	English string `json:"english,omitempty"`
	Uses    int    `json:"uses"`  // in the text, its own entry and the titles left out
	Where   []Line `json:"where"` // clauses that use it, in reading order
}

// Terms lists the terms of a document. A term within a longer one (末端网点 in
// 智能末端网点) counts for the longer one.
func Terms(d *editor.Document) []Term {
	var out []Term
	for c := range d.All() {
		if c.Kind == editor.Term && c.Title != "" {
			out = append(out, Term{ID: c.ID, Number: c.Number, Term: c.Title, English: c.English})
		}
	}
	longest := make([]int, len(out))
	for i := range out {
		longest[i] = i
	}
	slices.SortStableFunc(longest, func(a, b int) int { return len(out[b].Term) - len(out[a].Term) })
	for c := range d.All() {
		if c.Kind == editor.Foreword || c.Kind == editor.Preamble {
			continue
		}
		text := editor.PlainText(c.Text)
		for _, i := range longest {
			t := &out[i]
			if t.ID == c.ID {
				continue
			}
			if n := strings.Count(text, t.Term); n > 0 {
				t.Uses += n
				t.Where = append(t.Where, Line{ID: c.ID, Number: c.Number, Title: c.Title})
				text = strings.ReplaceAll(text, t.Term, "\x00")
			}
		}
	}
	return out
}

// Entry is an entry of an index: a term and the clauses in which it stands, its
// own entry first.
type Entry struct {
	Term  string `json:"term"`
	Where []Line `json:"where"`
}

// Index lists the terms of a document by pinyin, as 索引 does (GB/T 1.1—2020,
// 8.15); with English the English equivalents by alphabet.
func Index(d *editor.Document, english bool) []Entry {
	var out []Entry
	for _, t := range Terms(d) {
		name := t.Term
		if english {
			name = t.English
		}
		if name != "" {
			out = append(out, Entry{name, append([]Line{{ID: t.ID, Number: t.Number, Title: t.Term}}, t.Where...)})
		}
	}
	by := collate.New(language.Chinese)
	slices.SortStableFunc(out, func(a, b Entry) int { return by.CompareString(a.Term, b.Term) })
	return out
}
