package editor

import (
	"strings"
	"unicode/utf8"
)

// Blocks divides a clause's text. Numbers are derived from Clause.Before, so
// they are right after Parse or Renumber. It takes linear time.
func (c *Clause) Blocks() []Block {
	if c.Text == "" {
		return nil
	}
	s := blockScanner{text: c.Text, before: c.Before}
	if strings.IndexByte(c.Text, '\n') < 0 {
		s.blocks = make([]Block, 0, 1)
	} else {
		s.blocks = make([]Block, 0, 2+strings.Count(c.Text, "\n")/2)
	}
	s.scan()
	return s.blocks
}

// blockScanner walks over the lines of a text.
type blockScanner struct {
	text    string
	before  Count
	blocks  []Block
	open    bool // the last block takes more lines
	from    int  // where the text of the open block begins
	formula int  // up to here no formula is closed
}

func (s *blockScanner) scan() {
	for at := 0; at < len(s.text); {
		end := lineEnd(s.text, at)
		l := trimSpace(s.text[at:end])
		switch {
		case l == "":
			s.open = false
		case s.table(at, &end), s.readFormula(at, l, &end), s.figure(at, end, l):
			s.open = false
		case s.labelled(at, end, l):
		case s.open:
			b := &s.blocks[len(s.blocks)-1]
			b.Text, b.End = trimSpace(s.text[s.from:end]), end
		default:
			s.opens(Block{Kind: Paragraph, Text: l, Start: at, End: end})
		}
		at = end + 1
	}
}

// opens adds a block that may take more lines; its text stands at its end.
func (s *blockScanner) opens(b Block) {
	s.blocks = append(s.blocks, b)
	s.open = true
	line := strings.TrimRight(s.text[b.Start:b.End], " \u3000\t")
	s.from = b.Start + len(line) - len(b.Text)
}

func lineEnd(text string, at int) int {
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}

// labelled opens an item, a note, an example or a source.
func (s *blockScanner) labelled(at, end int, l string) bool {
	b := Block{Start: at, End: end}
	if label, level, rest := itemLabel(l); label != "" {
		b.Kind, b.Label, b.Level, b.Text = Item, label, level, rest
	} else if label, rest, ok := wordLabel(l, "注"); ok {
		b.Kind, b.Label, b.Text = Note, label, rest
	} else if label, rest, ok := wordLabel(l, "示例"); ok {
		b.Kind, b.Label, b.Text = Example, label, rest
	} else if rest, ok := sourceText(l); ok {
		b.Kind, b.Label, b.Text = Source, "来源", rest
		s.blocks, s.open = append(s.blocks, b), false
		return true
	} else {
		return false
	}
	s.opens(b)
	return true
}

// itemLabel reads the mark of a list item. Level 1: （一）, a), ——. Level 2: 1.,
// 1．, 1), （1）, 1、, ·. What looks like a decimal number is none.
func itemLabel(l string) (label string, level int, rest string) {
	r, size := utf8.DecodeRuneInString(l)
	switch {
	case r == '—' || r == '－':
		n := size
		if strings.HasPrefix(l[n:], string(r)) {
			n += size
		} else {
			return "", 0, ""
		}
		if strings.HasPrefix(l[n:], string(r)) { // a dash of three is a rule
			return "", 0, ""
		}
		return l[:n], 1, trimSpace(l[n:])
	case r == '·' || r == '•' || r == '●':
		return l[:size], 2, trimSpace(l[size:])
	case r == '（' || r == '(':
		return bracketLabel(l, size)
	case r >= 'a' && r <= 'z':
		after, n := utf8.DecodeRuneInString(l[1:])
		if after == ')' || after == '）' {
			return l[:1+n], 1, trimSpace(l[1+n:])
		}
	case isDigit(r):
		return digitLabel(l)
	}
	return "", 0, ""
}

func trimSpace(s string) string { return strings.Trim(s, " \u3000\t\n") }

func isDigit(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }

// bracketLabel reads （一）, (一), （1）.
func bracketLabel(l string, open int) (string, int, string) {
	level, n := 0, 0
	for i, r := range l[open:] {
		if r == '）' || r == ')' {
			if level == 0 {
				return "", 0, ""
			}
			end := open + i + utf8.RuneLen(r)
			return l[:end], level, trimSpace(l[end:])
		}
		switch n++; {
		case n > 6 || !isNumeralRune(r):
			return "", 0, ""
		case isDigit(r):
			level = 2
		default:
			level = max(level, 1)
		}
	}
	return "", 0, ""
}

// digitLabel reads 1), 1. and 1、.
func digitLabel(l string) (string, int, string) {
	n := 0
	for i, r := range l {
		if isDigit(r) {
			if n++; n > 3 {
				return "", 0, ""
			}
			continue
		}
		if !strings.ContainsRune(")）.．、", r) || r == utf8.RuneError {
			return "", 0, ""
		}
		end := i + utf8.RuneLen(r)
		if next, _ := utf8.DecodeRuneInString(l[end:]); r != ')' && r != '）' && isDigit(next) {
			return "", 0, ""
		}
		return l[:end], 2, trimSpace(l[end:])
	}
	return "", 0, ""
}

// wordLabel reads 注：, 注1：, 示例：, 示例 2：.
func wordLabel(l, word string) (label, rest string, ok bool) {
	if !strings.HasPrefix(l, word) {
		return "", "", false
	}
	for i, r := range l[len(word):] {
		i += len(word)
		switch {
		case r == '：' || r == ':':
			return squash(l[:i]), trimSpace(l[i+utf8.RuneLen(r):]), true
		case isDigit(r) && i < len(word)+6, r == ' ':
		default:
			return "", "", false
		}
	}
	return "", "", false
}

// sourceText reads ［来源：GB/T 10757—2011，2.3］.
func sourceText(l string) (string, bool) {
	for _, m := range [][2]string{{"［来源：", "］"}, {"[来源：", "]"}, {"【来源：", "】"}} {
		if strings.HasPrefix(l, m[0]) && strings.HasSuffix(l, m[1]) && len(l) > len(m[0])+len(m[1]) {
			return trimSpace(l[len(m[0]) : len(l)-len(m[1])]), true
		}
	}
	return "", false
}

// table reads a GFM table, with the caption line before it, and moves end to
// its end.
func (s *blockScanner) table(at int, end *int) bool {
	b := Block{Kind: Table, Start: at}
	head := at
	l := trimSpace(s.text[at:*end])
	if title, id, ok := caption(l); ok {
		head = *end + 1
		for head < len(s.text) && s.text[head] == '\n' {
			head++
		}
		if head >= len(s.text) {
			return false
		}
		b.Title, b.ID = title, id
		b.Number = s.before.next(Table)
	}
	headEnd := lineEnd(s.text, head)
	if headEnd >= len(s.text) || !strings.Contains(s.text[head:headEnd], "|") {
		return false
	}
	last := lineEnd(s.text, headEnd+1)
	if !isDelimiterRow(s.text[headEnd+1 : last]) {
		return false
	}
	for last < len(s.text) {
		e := lineEnd(s.text, last+1)
		if !strings.Contains(s.text[last+1:e], "|") {
			break
		}
		last = e
	}
	b.Text, b.End = s.text[head:last], last
	s.before.count(b)
	s.blocks = append(s.blocks, b)
	*end = last
	return true
}

// caption reads 表：题目 {#id}.
func caption(l string) (title, id string, ok bool) {
	rest, ok := strings.CutPrefix(l, "表：")
	if !ok {
		return "", "", false
	}
	rest, id = cutID(trimSpace(rest))
	return rest, id, true
}

// cutID takes {#id} off the end of a line.
func cutID(l string) (string, string) {
	if !strings.HasSuffix(l, "}") {
		return l, ""
	}
	i := strings.LastIndex(l, "{#")
	if i < 0 || !isID(l[i+2:len(l)-1]) {
		return l, ""
	}
	return trimSpace(l[:i]), l[i+2 : len(l)-1]
}

// isID tells whether s may stand as an ID: a letter or digit, then up to 63 more
// with . _ and -.
func isID(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i, r := range []byte(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		case i > 0 && (r == '.' || r == '_' || r == '-'):
		default:
			return false
		}
	}
	return true
}

// isDelimiterRow reads |---|:--:|.
func isDelimiterRow(l string) bool {
	l = trimSpace(l)
	dashes := false
	for i := range len(l) {
		switch l[i] {
		case '-':
			dashes = true
		case '|', ':', ' ':
		default:
			return false
		}
	}
	return dashes && strings.Contains(l, "|")
}

// figure reads ![图：题目](file.svg){#id} on a line of its own.
func (s *blockScanner) figure(at, end int, l string) bool {
	if !strings.HasPrefix(l, "![") {
		return false
	}
	l, id := cutID(l)
	if !strings.HasSuffix(l, ")") {
		return false
	}
	mid := strings.LastIndex(l, "](")
	if mid < 0 {
		return false
	}
	b := Block{Kind: Figure, ID: id, Title: l[2:mid], Text: l[mid+2 : len(l)-1], Start: at, End: end}
	if title, ok := strings.CutPrefix(b.Title, "图："); ok {
		b.Title = trimSpace(title)
		b.Number = s.before.next(Figure)
	}
	s.before.count(b)
	s.blocks = append(s.blocks, b)
	return true
}

// readFormula reads $$…$$, on one line or several without a blank one between, and
// moves end to its end.
func (s *blockScanner) readFormula(at int, l string, end *int) bool {
	if at < s.formula || !strings.HasPrefix(l, "$$") {
		return false
	}
	start, e := at, *end
	open := at + strings.Index(s.text[at:], "$$") + 2
	for {
		l, id := cutID(trimSpace(s.text[max(open, at):e]))
		if strings.HasSuffix(l, "$$") {
			b := Block{Kind: Formula, ID: id, Start: start, End: e}
			b.Text = strings.Trim(s.text[open:strings.LastIndex(s.text[:e], "$$")], " \n\t")
			if id != "" {
				b.Number = s.before.next(Formula)
			}
			s.before.count(b)
			s.blocks = append(s.blocks, b)
			*end = e
			return true
		}
		if e >= len(s.text) || trimSpace(s.text[e:lineEnd(s.text, e+1)]) == "" {
			s.formula = e
			return false
		}
		at, e = e+1, lineEnd(s.text, e+1)
	}
}

// Cells are the rows of a table, the header first, without the line of dashes.
// Every row has as many cells as the widest. It is nil for other blocks.
func (b Block) Cells() [][]string {
	if b.Kind != Table {
		return nil
	}
	var rows [][]string
	width, no := 0, 0
	for l := range strings.SplitSeq(b.Text, "\n") {
		if no++; no == 2 {
			continue
		}
		row := tableRow(l)
		width = max(width, len(row))
		rows = append(rows, row)
	}
	if width > maxColumns {
		return rows
	}
	for i := range rows {
		for len(rows[i]) < width {
			rows[i] = append(rows[i], "")
		}
	}
	return rows
}

// maxColumns bounds what short rows are filled up to.
const maxColumns = 200

func tableRow(l string) []string {
	l = trimSpace(l)
	l = strings.TrimPrefix(l, "|")
	if strings.HasSuffix(l, "|") && !escapedAt(l, len(l)-1) {
		l = l[:len(l)-1]
	}
	row := make([]string, 0, 8)
	start := 0
	for i := 0; i < len(l); i++ {
		switch l[i] {
		case '\\':
			i++
		case '|':
			row = append(row, cell(l[start:i]))
			start = i + 1
		}
	}
	return append(row, cell(l[start:]))
}

func cell(s string) string { return strings.ReplaceAll(trimSpace(s), `\|`, "|") }
