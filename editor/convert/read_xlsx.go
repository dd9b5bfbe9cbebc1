package convert

import (
	"bytes"
	"encoding/xml"
	"errors"
	"path"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readXLSX reads the visible sheets of a workbook. A formula is read as the
// value that its program left beside it; one without is refused.
func readXLSX(data []byte, p pack) ([]Sheet, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return nil, unreadable("工作簿打不开：请重新保存后再上传", "The workbook cannot be opened: save it anew and upload it again")
	}
	defer book.Close()
	dir, err := p.sheets()
	if err != nil {
		return nil, err
	}
	names := book.GetSheetList()
	if len(names) > maxTables {
		return nil, unreadable("工作表超过 %d 张", "The workbook has more than %d sheets", maxTables)
	}
	r := &bookReader{File: book, pack: p, dates: map[int]bool{}, epoch1904: dir.epoch1904}
	var out []Sheet
	for _, name := range names {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		sheet, err := r.sheet(name, dir.path[name])
		if err != nil {
			return nil, err
		}
		out = append(out, sheet)
	}
	return out, nil
}

// directory says in which part each sheet stands.
type directory struct {
	path      map[string]string
	epoch1904 bool // dates count from 1904
}

func (p pack) sheets() (directory, error) {
	targets := map[string]string{}
	err := p.each("xl/_rels/workbook.xml.rels", func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "Relationship" {
			to := attribute(e, "Target")
			if !strings.HasPrefix(to, "/") {
				to = "xl/" + to
			}
			targets[attribute(e, "Id")] = strings.TrimPrefix(path.Clean(to), "/")
		}
		return nil
	})
	if err != nil {
		return directory{}, err
	}
	d := directory{path: map[string]string{}}
	err = p.each("xl/workbook.xml", func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		switch {
		case ok && e.Name.Local == "sheet":
			id := ""
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
			d.path[attribute(e, "name")] = targets[id]
		case ok && e.Name.Local == "workbookPr":
			v := attribute(e, "date1904")
			d.epoch1904 = v == "1" || v == "true"
		}
		return nil
	})
	return d, err
}

// bookReader reads the sheets of one workbook.
type bookReader struct {
	*excelize.File
	pack      pack
	dates     map[int]bool // styles that show a date
	epoch1904 bool
	spent     budget
}

// sheet reads one sheet: its texts as they are shown, less what is a date or a
// formula without value.
func (r *bookReader) sheet(name, part string) (Sheet, error) {
	s := Sheet{Name: name}
	marks, err := r.marks(part)
	if err != nil {
		return s, err
	}
	s.Merged = marks.merged
	rows, err := r.Rows(name)
	var none excelize.ErrSheetNotExist
	if errors.As(err, &none) {
		return s, nil
	}
	if err != nil {
		return s, sheetDamaged(name)
	}
	defer rows.Close()
	if marks.last >= MaxRows {
		return s, tooManyRows(name)
	}
	for at := 0; at <= marks.last && rows.Next(); at++ {
		cells, err := rows.Columns()
		if err != nil {
			return s, sheetDamaged(name)
		}
		if len(cells) > maxReadCols {
			if blank(cells[maxReadCols:]) {
				cells = cells[:maxReadCols]
			} else {
				return s, unreadable("“%s”第 %d 行超过 %d 列", "%q: row %d has more than %d columns", name, at+1, maxReadCols)
			}
		}
		if cells, err = r.finish(name, at, cells, marks); err != nil {
			return s, err
		}
		s.Rows = append(s.Rows, cells)
	}
	if rows.Error() != nil {
		return s, sheetDamaged(name)
	}
	s.Rows = trimmed(s.Rows)
	return s, nil
}

func sheetDamaged(name string) error {
	return unreadable("工作表“%s”读不出来：请重新保存后再上传", "The sheet %q cannot be read: save it anew and upload it again", name)
}

func blank(cells []string) bool { return strings.TrimSpace(strings.Join(cells, "")) == "" }

// finish puts dates into a row and refuses formulas without value.
func (r *bookReader) finish(sheet string, at int, cells []string, marks sheetMarks) ([]string, error) {
	for col := range maxReadCols {
		cell := [2]int{at, col}
		if date, ok := marks.dates[cell]; ok {
			for len(cells) <= col {
				cells = append(cells, "")
			}
			cells[col] = date
		}
		if marks.formulas[cell] && (col >= len(cells) || cells[col] == "") {
			name, _ := excelize.CoordinatesToCellName(col+1, at+1)
			return nil, unreadable("“%s”的单元格 %s 是没有算出值的公式：请改成文字", "%q: the cell %s is a formula without value: write a text", sheet, name)
		}
		if col < len(cells) {
			if err := r.spent.take("“"+sheet+"”", cells[col]); err != nil {
				return nil, err
			}
			cells[col] = strings.ReplaceAll(strings.ReplaceAll(cells[col], "\r\n", "\n"), "\r", "\n")
		}
	}
	return cells, nil
}

// sheetMarks is what the shown texts of a sheet do not tell; cells are row and
// column from 0.
type sheetMarks struct {
	last     int // row with anything in it; -1: none
	merged   []Merge
	area     int // rows of all of them
	dates    map[[2]int]string
	formulas map[[2]int]bool // that have no value
}

func (r *bookReader) marks(part string) (sheetMarks, error) {
	m := sheetMarks{last: -1, dates: map[[2]int]string{}, formulas: map[[2]int]bool{}}
	var cell xlsxCell
	row, col, in := 0, 0, "" // references of rows and cells may be left out
	err := r.pack.each(part, func(t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "row":
				row, col = max(number(attribute(e, "r")), row+1), 0
			case "c":
				col++
				if c, _, err := excelize.CellNameToCoordinates(attribute(e, "r")); err == nil {
					col = c
				}
				cell = xlsxCell{row: row - 1, col: col - 1, kind: attribute(e, "t"), style: number(attribute(e, "s"))}
			case "f":
				cell.formula = true
			case "v", "t":
				in = e.Name.Local
			case "mergeCell":
				m.merge(attribute(e, "ref"))
			}
		case xml.CharData:
			if (in == "v" || in == "t") && len(cell.value) < 64 {
				cell.value += string(e)
			}
		case xml.EndElement:
			in = ""
			if e.Name.Local == "c" {
				r.mark(&m, cell)
			}
		}
		return nil
	})
	return m, err
}

type xlsxCell struct {
	row, col    int
	kind, value string
	style       int
	formula     bool
}

func (r *bookReader) mark(m *sheetMarks, c xlsxCell) {
	if c.value != "" || c.formula {
		m.last = max(m.last, c.row)
	}
	if c.row >= MaxRows || c.col >= maxReadCols {
		return
	}
	at := [2]int{c.row, c.col}
	if c.formula && c.value == "" {
		m.formulas[at] = true
	}
	if c.kind != "" && c.kind != "n" || c.value == "" || !r.isDate(c.style) {
		return
	}
	days, err := strconv.ParseFloat(c.value, 64)
	if err != nil || days < 1 || days > 2_958_465 { // 9999-12-31
		return
	}
	if day, err := excelize.ExcelDateToTime(days, r.epoch1904); err == nil {
		m.dates[at] = day.Format("2006-01-02")
	}
}

// merge notes a merged cell by its reference, "A1:C2".
func (m *sheetMarks) merge(ref string) {
	from, to, ok := strings.Cut(ref, ":")
	col, row, err := excelize.CellNameToCoordinates(from)
	endCol, endRow, err2 := excelize.CellNameToCoordinates(to)
	if !ok || err != nil || err2 != nil || endRow < row || endCol < col || row > MaxRows || len(m.merged) >= MaxRows {
		return
	}
	one := Merge{row - 1, col - 1, min(endRow, MaxRows) - row + 1, min(endCol-col+1, maxReadCols)}
	if m.area+one.Rows > maxMerged {
		return // they overlap: nobody sees more than the first
	}
	m.area += one.Rows
	m.merged = append(m.merged, one)
}

// isDate tells whether a style shows a number as a day.
func (r *bookReader) isDate(style int) bool {
	if date, known := r.dates[style]; known {
		return date
	}
	s, err := r.GetStyle(style)
	date := err == nil && (s.NumFmt >= 14 && s.NumFmt <= 17 || s.NumFmt == 22 || s.NumFmt >= 27 && s.NumFmt <= 31 || s.NumFmt == 36 ||
		s.NumFmt >= 50 && s.NumFmt <= 58 || s.CustomNumFmt != nil && dateFormat(*s.CustomNumFmt))
	r.dates[style] = date
	return date
}

// dateFormat tells whether a number format writes a year or a day (ECMA-376,
// 18.8.30); what stands in quotes or brackets is no part of it.
func dateFormat(format string) bool {
	format, _, _ = strings.Cut(strings.ToLower(format), ";")
	quoted, bracket := false, false
	for _, c := range format {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case !bracket && (c == 'y' || c == 'd'):
			return true
		}
	}
	return false
}
