package convert

import (
	"strings"

	"tongbiao/editor"
)

// StandardPaper is a standard as a paper: its cover, then every clause with its
// number. The numbers are texts, as the document derives them; references are
// written out as a text cites what they lead to.
func StandardPaper(d *editor.Document) Paper {
	p := Paper{Title: d.Header.Title, Subtitle: d.Header.English, Cover: coverOf(d.Header), CoverFoot: coverFoot(d.Header)}
	s := setter{citations: d.Citations()}
	for _, c := range d.Clauses {
		s.clause(c, 1)
	}
	p.Blocks = s.blocks
	return p
}

// coverOf is what GB/T 1.1—2020, 8.1 puts above the title.
func coverOf(h editor.Header) []string {
	var out []string
	if len(h.ICS) > 0 {
		out = append(out, "ICS "+strings.Join(h.ICS, "；"))
	}
	if len(h.CCS) > 0 {
		out = append(out, "CCS "+strings.Join(h.CCS, "；"))
	}
	out = append(out, h.Numbers...)
	if len(h.Replaces) > 0 {
		out = append(out, "代替 "+strings.Join(h.Replaces, "，"))
	}
	if h.Status == "draft" {
		out = append(out, "（工作组讨论稿）")
	}
	if len(out) == 0 {
		out = append(out, "")
	}
	return out
}

func coverFoot(h editor.Header) []string {
	var out []string
	blank := func(date string) string {
		if date == "" {
			return "××××-××-××"
		}
		return date
	}
	if h.Notice != "" {
		out = append(out, h.Notice)
	}
	out = append(out, blank(h.Published)+" 发布　　　　"+blank(h.Effective)+" 实施")
	if h.Issuer != "" {
		out = append(out, h.Issuer+"　发布")
	}
	return out
}

// setter writes clauses as blocks.
type setter struct {
	citations map[string]string
	blocks    []Block
}

func (s *setter) add(kind BlockKind, level int, text string) {
	s.blocks = append(s.blocks, Block{Kind: kind, Level: level, Text: text})
}

// plain is a Markdown text as people read it.
func (s *setter) plain(markdown string) string {
	return editor.PlainText(editor.Cite(markdown, func(id string) string { return s.citations[id] }))
}

func (s *setter) clause(c *editor.Clause, level int) {
	number := ""
	switch head := headingOf(c); {
	case head != "":
		s.add(Heading, level, head)
	case c.Number != "":
		number = c.Number + "　"
	}
	blocks := c.Blocks()
	if number != "" && (len(blocks) == 0 || blocks[0].Kind != editor.Paragraph) {
		s.add(Lead, 0, strings.TrimSuffix(number, "　"))
		number = ""
	}
	for _, b := range blocks {
		s.block(b, number)
		number = ""
	}
	for _, sub := range c.Clauses {
		s.clause(sub, level+1)
	}
}

// headingOf is the heading of a clause, number and title; "" for a clause that
// has no title.
func headingOf(c *editor.Clause) string {
	title := c.Title
	switch {
	case title != "":
	case c.Kind == editor.Foreword:
		title = "前言"
	case c.Kind == editor.Introduction:
		title = "引言"
	case c.Kind == editor.Annex, c.Kind == editor.Chapter && c.Number != "":
	default:
		return ""
	}
	head := c.Number
	if c.Kind == editor.Annex {
		word := "（规范性）"
		if c.Informative {
			word = "（资料性）"
		}
		head += word
	}
	if head != "" && title != "" {
		head += "　"
	}
	head += title
	if c.English != "" {
		head += "　" + c.English
	}
	return head
}

// block writes one block of a clause; number stands before its words.
func (s *setter) block(b editor.Block, number string) {
	text := s.plain(b.Text)
	switch b.Kind {
	case editor.Item:
		s.add(Item, b.Level, b.Label+"　"+text)
	case editor.Note, editor.Example:
		s.add(Remark, 0, b.Label+"："+text)
	case editor.Source:
		s.add(Remark, 0, "［来源："+text+"］")
	case editor.Table:
		s.table(b)
	case editor.Figure:
		s.add(Remark, 0, strings.TrimSpace(b.Number+"　"+b.Title+"　"+text))
	case editor.Formula:
		s.add(Lead, 0, strings.TrimSpace(text+"　"+b.Number))
	default:
		if number != "" {
			s.add(Lead, 0, number+text)
			return
		}
		s.add(Paragraph, 0, text)
	}
}

func (s *setter) table(b editor.Block) {
	t := &Table{Name: strings.TrimSpace(b.Number + "　" + s.plain(b.Title))}
	for i, row := range b.Cells() {
		var cells []string
		for _, c := range row {
			cells = append(cells, strings.ReplaceAll(s.plain(c), "<br>", "\n"))
		}
		if i == 0 {
			t.Head = cells
			continue
		}
		t.Rows = append(t.Rows, cells)
	}
	s.blocks = append(s.blocks, Block{Kind: Grid, Table: t})
}
