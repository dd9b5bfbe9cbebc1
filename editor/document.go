// Package editor says what a text is: a standard or a regulation as a tree of
// clauses, how it is read from Markdown, written back, numbered, checked and
// shown. Everything here is a pure function: no disk, no clock, no network.
package editor

import (
	"iter"
	"strings"
)

// Bounds of one document. Parse refuses a text beyond them.
const (
	MaxBytes   = 2 << 20 // bytes of Markdown
	MaxClauses = 10_000  // clauses of all levels
)

// Convention is the way in which a text is divided and numbered.
type Convention string

const (
	// Standard is GB/T 1.1: chapters 1, 2, 3; subclauses 5.2.1; annexes A, A.1.
	Standard Convention = "standard"
	// Regulation is the drafting convention of statutes: 第X编, 第X章, 第X节,
	// 第X条, and decisions numbered 一、二、.
	Regulation Convention = "regulation"
)

// Document is one text: what its front matter says, and its clauses in order.
type Document struct {
	Header  Header
	Clauses []*Clause
}

// Kind says what a clause is.
type Kind string

const (
	Preamble     Kind = "preamble"     // before the first heading: history of adoption, contents list
	Foreword     Kind = "foreword"     // 前言
	Introduction Kind = "introduction" // 引言
	Chapter      Kind = "chapter"      // 章, in both conventions
	Subclause    Kind = "subclause"    // 条 of a standard, with or without title, five levels at most
	Term         Kind = "term"         // term entry (GB/T 1.1—2020, 8.7)
	Annex        Kind = "annex"        // 附录
	Bibliography Kind = "bibliography" // 参考文献
	Index        Kind = "index"        // 索引
	Part         Kind = "part"         // 编
	Subpart      Kind = "subpart"      // 分编
	Section      Kind = "section"      // 节
	Article      Kind = "article"      // 条 of a regulation
	Decision     Kind = "decision"     // 一、二、 of a decision
	Appendix     Kind = "appendix"     // 附件 of a regulation
)

// Clause is a numbered or named division of a text. Its ID is permanent; its
// Number is derived by Document.Renumber from its place and is never stored.
type Clause struct {
	ID      string
	Kind    Kind
	Title   string // "" for an untitled clause
	English string // English equivalent of a term
	// Informative marks an annex as 资料性; an annex is normative otherwise.
	Informative bool
	// Fixed is the number that the text itself prints where it departs from
	// the derived one (第十二条之一, a gap left by a deletion): a published text
	// is shown as published.
	Fixed   string
	Text    string // Markdown of the clause without its subclauses
	Clauses []*Clause

	Number string // derived: "5.2.1", "A.1", "第十二条"; "" where the clause has none
	Before Count  // derived: numbered tables, figures and formulas before this clause
	Line   int    // 1-based line in the text that was parsed; 0 when unknown
}

// BlockKind says what a block of a clause's text is.
type BlockKind string

const (
	Paragraph BlockKind = "paragraph" // 段, 款
	Item      BlockKind = "item"      // 列项, 项
	Note      BlockKind = "note"      // 注
	Example   BlockKind = "example"   // 示例
	Table     BlockKind = "table"
	Figure    BlockKind = "figure"
	Formula   BlockKind = "formula"
	Source    BlockKind = "source" // ［来源：…］ of a term entry
)

// Block is one block of a clause's text. Text[Start:End] of its clause is the
// block as written, caption and label included.
type Block struct {
	Kind       BlockKind
	ID         string // of a captioned table, figure or formula
	Label      string // as written: "（一）", "a)", "——", "注1"
	Level      int    // of an item: 1 or 2
	Title      string // caption of a table or figure
	Text       string // without label and caption
	Number     string // derived: "表1", "图A.1", "（2）"; "" for other kinds
	Start, End int    // bytes in Clause.Text
}

// Passage is the smallest thing that is aligned: one paragraph of one clause
// with the items, notes, tables and formulas that follow it, less those entries
// that stand elsewhere; or one such entry.
type Passage struct {
	Clause    string `json:"clause"`          // Clause.ID
	Paragraph int    `json:"paragraph"`       // 1-based
	Entry     int    `json:"entry,omitempty"` // 1-based: a list item or table row that stands by itself; 0: the paragraph
}

// All yields every clause, parents before their children, in reading order.
func (d *Document) All() iter.Seq[*Clause] {
	return func(yield func(*Clause) bool) {
		walk(d.Clauses, yield)
	}
}

func walk(cs []*Clause, yield func(*Clause) bool) bool {
	for _, c := range cs {
		if !yield(c) || !walk(c.Clauses, yield) {
			return false
		}
	}
	return true
}

// Clause finds a clause by its ID; nil when there is none.
func (d *Document) Clause(id string) *Clause {
	for c := range d.All() {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// Passages are the paragraphs of a clause's text as they are aligned and
// counted: a paragraph (款) with what hangs on it. A clause without text has
// none. The strings are slices of c.Text; joined in order they lose nothing
// but white space.
func (c *Clause) Passages() []string {
	if !strings.Contains(c.Text, "\n") { // most clauses
		if t := trimSpace(c.Text); t != "" {
			return []string{t}
		}
		return nil
	}
	var out []string
	start := -1
	blocks := c.Blocks()
	for i, b := range blocks {
		opens := b.Kind == Paragraph || start < 0
		if opens && start >= 0 {
			out = append(out, trimSpace(c.Text[start:b.Start]))
		}
		if opens {
			start = b.Start
		}
		if i == len(blocks)-1 {
			out = append(out, trimSpace(c.Text[start:]))
		}
	}
	return out
}
