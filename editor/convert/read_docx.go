package convert

import (
	"encoding/xml"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// readDOCX reads the tables of a text document: those in the heads of its pages
// first, then those of its body. What was deleted under revision marks is left
// out; a table within a cell is part of the cell's text.
func readDOCX(p pack) ([]Sheet, error) {
	styles, err := p.styleNames()
	if err != nil {
		return nil, err
	}
	var out []Sheet
	spent := &budget{}
	for _, part := range slices.Sorted(maps.Keys(p.parts)) {
		head := strings.HasPrefix(part, "word/header") && strings.HasSuffix(part, ".xml")
		if !head && part != "word/document.xml" {
			continue
		}
		r := &docxReader{styles: styles, spent: spent}
		if err := p.each(part, r.token); err != nil {
			return nil, err
		}
		for i := range r.tables {
			r.tables[i].Head = head
			r.tables[i].Name = "表格 " + strconv.Itoa(i+1)
			if head {
				r.tables[i].Name = path.Base(part)
			}
		}
		out = append(out, r.tables...)
	}
	slices.SortStableFunc(out, func(a, b Sheet) int {
		switch {
		case a.Head == b.Head:
			return 0
		case a.Head:
			return -1
		}
		return 1
	})
	return out, nil
}

// styleNames are the names of paragraph styles by their ID; programs rename IDs
// and keep names.
func (p pack) styleNames() (map[string]string, error) {
	names, id := map[string]string{}, ""
	err := p.each("word/styles.xml", func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok {
			switch e.Name.Local {
			case "style":
				id = attribute(e, "styleId")
			case "name":
				if id != "" && names[id] == "" {
					names[id] = attribute(e, "val")
				}
			}
		}
		return nil
	})
	return names, err
}

// docxReader walks one part of a document and collects its tables.
type docxReader struct {
	styles map[string]string
	spent  *budget
	tables []Sheet
	depth  int // of tables within tables
	skip   int // of elements that are left out

	row     []string
	deleted bool // the row, under revision marks
	col     int
	open    bool // a cell
	cell    docxCell
	growing map[int]int // by column, the merge (index+1) that goes on below
	in      string      // "t" within a text
}

type docxCell struct {
	text   strings.Builder
	paras  int
	span   int
	merge  string // "restart", "continue", ""
	style  string
	filled bool
}

// left out: revision marks, the second form of what is there already, codes of
// fields, texts of notes.
var leftOut = map[string]bool{"del": true, "moveFrom": true, "Fallback": true, "rPrChange": true, "pPrChange": true, "tcPrChange": true, "trPrChange": true, "tblPrChange": true, "instrText": true}

func (r *docxReader) token(t xml.Token) error {
	switch e := t.(type) {
	case xml.StartElement:
		if r.skip > 0 || leftOut[e.Name.Local] {
			r.rowMark(e)
			r.skip++
			return nil
		}
		return r.start(e)
	case xml.EndElement:
		if r.skip > 0 {
			r.skip--
			return nil
		}
		return r.end(e.Name.Local)
	case xml.CharData:
		if r.skip == 0 && r.open && r.in == "t" {
			return r.write(string(e))
		}
	}
	return nil
}

// rowMark notes that a whole row was deleted: <w:trPr><w:del/>, which stands
// before the row's first cell.
func (r *docxReader) rowMark(e xml.StartElement) {
	if e.Name.Local == "del" && r.skip == 0 && r.depth == 1 && !r.open && r.row != nil {
		r.deleted = true
	}
}

func (r *docxReader) write(text string) error {
	if r.cell.text.Len()+len(text) > maxReadCell {
		return unreadable("一个单元格的文字超过 %d 字节：请缩短", "The text of a cell has more than %d bytes: shorten it", maxReadCell)
	}
	r.cell.text.WriteString(text)
	r.cell.filled = true
	return nil
}

func (r *docxReader) start(e xml.StartElement) error {
	name := e.Name.Local
	if name == "tbl" {
		if r.depth++; r.depth == 1 {
			if len(r.tables) == maxTables {
				return unreadable("文件里的表格超过 %d 个", "The file has more than %d tables", maxTables)
			}
			r.tables, r.growing = append(r.tables, Sheet{}), map[int]int{}
		}
		return nil
	}
	if r.depth == 0 {
		return nil
	}
	if r.depth == 1 {
		switch name {
		case "tr":
			r.row, r.col, r.deleted = []string{}, 0, false
		case "gridBefore":
			r.skipColumns(number(attribute(e, "val")))
		case "tc":
			r.cell, r.open = docxCell{span: 1}, true
		case "gridSpan":
			r.cell.span = min(max(number(attribute(e, "val")), 1), maxReadCols)
		case "vMerge":
			if r.cell.merge = attribute(e, "val"); r.cell.merge == "" {
				r.cell.merge = "continue"
			}
		}
	}
	return r.text(name, e)
}

// text takes what belongs to the words of a cell.
func (r *docxReader) text(name string, e xml.StartElement) error {
	if !r.open {
		return nil
	}
	switch name {
	case "p":
		if r.cell.paras++; r.cell.paras > 1 {
			r.in = ""
			return r.write("\n")
		}
	case "pStyle":
		if r.cell.style == "" {
			id := attribute(e, "val")
			if r.cell.style = r.styles[id]; r.cell.style == "" {
				r.cell.style = id
			}
		}
	case "t":
		r.in = "t"
	case "br", "cr":
		return r.write("\n")
	case "tab":
		if len(e.Attr) == 0 { // a tab stop of a paragraph has attributes
			return r.write("\t")
		}
	case "noBreakHyphen":
		return r.write("-")
	}
	return nil
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func (r *docxReader) skipColumns(n int) {
	for range min(max(n, 0), maxReadCols-r.col) {
		r.row, r.col = append(r.row, ""), r.col+1
	}
}

func (r *docxReader) end(name string) error {
	switch name {
	case "t":
		r.in = ""
	case "tbl":
		if r.depth--; r.depth == 0 {
			last := &r.tables[len(r.tables)-1]
			last.Rows = trimmed(last.Rows)
		}
	case "tc":
		if r.depth == 1 && r.open {
			return r.closeCell()
		}
	case "tr":
		if r.depth == 1 && r.row != nil {
			return r.closeRow()
		}
	}
	return nil
}

func (r *docxReader) closeCell() error {
	r.open = false
	s := &r.tables[len(r.tables)-1]
	if r.col+r.cell.span > maxReadCols {
		return unreadable("%s的第 %d 行超过 %d 列", "%s: row %d has more than %d columns", "表格", len(s.Rows)+1, maxReadCols)
	}
	text, at := strings.TrimRight(r.cell.text.String(), "\n"), len(s.Rows)
	if err := r.spent.take("表格", text); err != nil {
		return err
	}
	col, span := r.col, r.cell.span
	switch {
	case r.deleted:
	case r.cell.merge == "continue" && r.growing[col] > 0:
		m := &s.Merged[r.growing[col]-1]
		m.Rows++
		text = ""
	case r.cell.merge != "" || span > 1:
		s.Merged = append(s.Merged, Merge{at, col, 1, span})
		r.growing[col] = len(s.Merged)
	default:
		delete(r.growing, col)
	}
	for len(s.Styles) <= col {
		s.Styles = append(s.Styles, "")
	}
	if s.Styles[col] == "" {
		s.Styles[col] = r.cell.style
	}
	r.row = append(r.row, text)
	for range span - 1 {
		r.row = append(r.row, "")
	}
	r.col += span
	return nil
}

func (r *docxReader) closeRow() error {
	s := &r.tables[len(r.tables)-1]
	row := r.row
	r.row = nil
	if r.deleted {
		return nil
	}
	if len(s.Rows) == MaxRows {
		return tooManyRows("表格")
	}
	s.Rows = append(s.Rows, row)
	return nil
}
