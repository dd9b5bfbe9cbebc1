package convert

import (
	"strings"

	"tongbiao/editor"
)

// StandardPaper is a standard as a paper: its cover, then every clause with its
// number. The numbers are texts, as the document derives them; references are
// written out as a text cites what they lead to. figures gives the pictures; nil
// where none are kept. What a document cannot carry, or not every program shows,
// is said at the paper's end.
func StandardPaper(d *editor.Document, figures Figures) Paper {
	p := Paper{Title: d.Header.Title, Subtitle: d.Header.English, Cover: coverOf(d.Header), CoverFoot: coverFoot(d.Header)}
	s := setter{citations: d.Citations(), figures: figures}
	for _, c := range d.Clauses {
		s.clause(c, 1)
	}
	for i, n := range s.notes {
		if i == 0 {
			n = "导出说明（不属于标准正文） Note on this file (not part of the text)\n" + n
		}
		s.add(Remark, 0, n)
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
	figures   Figures
	blocks    []Block
	notes     []string // what cannot be carried over as it is
	bytes     int      // of pictures so far
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
		s.figure(b)
		return
	case editor.Formula:
		s.formula(b)
		return
	default:
		if number != "" {
			s.add(Lead, 0, number+text)
		} else {
			s.add(Paragraph, 0, text)
		}
	}
	for _, file := range editor.FiguresIn([]byte(b.Text)) { // within a line of text
		s.picture("figures/"+file, "文中的图 picture in the text")
	}
}

// figure writes a figure with its title below it (GB/T 1.1—2020, 9.8).
func (s *setter) figure(b editor.Block) {
	title := strings.TrimSpace(b.Number + "　" + s.plain(b.Title))
	if !s.picture(b.Text, title) {
		s.add(Remark, 0, "［"+b.Text+"］")
	}
	s.add(Under, 0, title)
}

// picture writes the picture of an address; false, and a note, where it is not
// to be had.
func (s *setter) picture(address, name string) bool {
	lost := func(zh, en string) bool {
		s.notes = append(s.notes, name+"："+zh+" "+en)
		return false
	}
	file, ok := editor.FigureFile(address)
	if !ok || s.figures == nil {
		return lost("图不在本站，没有导出："+address+"。", "The picture is not kept here and is not in this file.")
	}
	data, err := s.figures(file)
	if err != nil {
		return lost("图没有找到，没有导出："+address+"。", "The picture was not found and is not in this file.")
	}
	if s.bytes += len(data); s.bytes > maxPictures {
		return lost("图太多，文件放不下，没有导出："+address+"。", "There are too many pictures for one file; this one is not in it.")
	}
	p, err := newPicture(address, name, data)
	if err != nil {
		return lost("图读不出来，没有导出："+address+"。", "The picture cannot be read and is not in this file.")
	}
	if p.Kind == "svg" {
		lost("是矢量图（SVG），Word 2016 及以后的版本显示原图；不认识 SVG 的程序显示一个写明此事的方框，原图仍在文件里。", "is an SVG drawing: Word 2016 and later show it, programs that do not know SVG show a frame that says so; the drawing is in this file.")
	}
	s.blocks = append(s.blocks, Block{Kind: Image, Picture: p})
	return true
}

// formula writes a formula; one whose TeX cannot be read stands as it was typed.
func (s *setter) formula(b editor.Block) {
	if _, err := OMML(b.Text); err != nil {
		name := b.Number
		if name == "" {
			name = "无编号的公式 a formula without number"
		}
		s.notes = append(s.notes, name+"：公式读不懂，照原样写出。 The formula cannot be read and stands as it was typed.")
	}
	s.blocks = append(s.blocks, Block{Kind: Equation, Text: b.Text, Label: b.Number})
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
