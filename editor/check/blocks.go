package check

import (
	"strings"

	"tongbiao/editor"
)

// At is the byte of the clause's text at which a block's Text begins, without its
// label and caption.
func (f *Facts) At(b editor.Block) int {
	whole := strings.TrimRight(f.text[b.Start:b.End], " \u3000\t\n")
	if strings.HasSuffix(whole, b.Text) {
		return b.Start + len(whole) - len(b.Text)
	}
	if i := strings.LastIndex(whole, b.Text); i >= 0 {
		return b.Start + i
	}
	return b.Start
}

// Cell is one cell of a table: its words and where they stand in the clause's
// text. A cell that its row lacks has the end of the row.
type Cell struct {
	Text       string
	Start, End int
	Missing    bool
}

// Cells are the rows of a table, the header first, without the line of dashes, each
// filled up to the widest.
func (f *Facts) Cells(b editor.Block) [][]Cell {
	if b.Kind != editor.Table {
		return nil
	}
	const widest = 200
	var rows [][]Cell
	at, no, width := f.At(b), 0, 0
	for l := range strings.SplitAfterSeq(b.Text, "\n") {
		if no++; no != 2 {
			rows = append(rows, rowCells(l, at))
			width = max(width, len(rows[len(rows)-1]))
		}
		at += len(l)
	}
	for i, row := range rows {
		for len(rows[i]) < min(width, widest) {
			end := row[len(row)-1].End
			rows[i] = append(rows[i], Cell{Start: end, End: end, Missing: true})
		}
	}
	return rows
}

func rowCells(l string, at int) []Cell {
	end := len(strings.TrimRight(l, " \u3000\t\n"))
	start := len(l) - len(strings.TrimLeft(l, " \u3000\t\n"))
	if start < end && l[start] == '|' {
		start++
	}
	if end > start && l[end-1] == '|' && (end < 2 || l[end-2] != '\\') {
		end--
	}
	var row []Cell
	from := start
	add := func(to int) {
		words := strings.Trim(l[from:to], " \u3000\t")
		begin := from
		if words != "" {
			begin += strings.Index(l[from:to], words)
			row = append(row, Cell{Text: words, Start: at + begin, End: at + begin + len(words)})
			return
		}
		row = append(row, Cell{Start: at + from, End: at + to})
	}
	for i := start; i < end; i++ {
		switch l[i] {
		case '\\':
			i++
		case '|':
			add(i)
			from = i + 1
		}
	}
	add(max(from, end))
	return row
}

// squash drops all white space.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\n' || r == '\u3000' {
			return -1
		}
		return r
	}, s)
}
