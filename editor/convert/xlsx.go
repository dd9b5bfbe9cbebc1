// Package convert writes texts and tables in the formats of other programs.
// Writers are pure: the same input gives the same bytes.
package convert

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// Table is one table of a paper or one sheet of a workbook.
type Table struct {
	Name   string   // of the sheet; the caption in a paper
	Above  []string // lines over the head of a sheet, across its columns; the first is its title
	Head   []string
	Widths []int // in full-width characters, one a column; 0 or absent: 12
	Rows   [][]string
	Notes  []string // under the table
	// Numbers are the columns (from 0) whose cells are numbers wherever they
	// read as one (15, 0.5, -2). Every other cell is text.
	Numbers []int
}

// Bounds of one sheet (ECMA-376 and the programs that read it).
const (
	maxSheetName  = 31        // UTF-16 units
	maxSheetRows  = 1_048_576 //
	maxSheetCols  = 16_384    //
	maxSheetCell  = 32_767    // UTF-16 units; a longer text goes on in the row below
	maxWorkbook   = 256       // sheets
	defaultWidth  = 12        // full-width characters
	maxSheetWidth = 120       // full-width characters; a column has at most 255 half-width
)

// WriteXLSX writes a workbook with one sheet a table. Texts are texts, also
// those that begin with = + - @. The head is bold, stays in sight, repeats on
// paper and carries a filter; cells wrap. What a sheet cannot hold is refused.
func WriteXLSX(w io.Writer, tables ...Table) error {
	if len(tables) == 0 || len(tables) > maxWorkbook {
		return fmt.Errorf("workbook of %d sheets: want 1 to %d", len(tables), maxWorkbook)
	}
	book := &workbook{File: excelize.NewFile()}
	defer book.Close()
	if err := book.dress(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	names := sheetNames(tables)
	for i, t := range tables {
		if err := book.add(i, names[i], t); err != nil {
			return fmt.Errorf("write sheet %s: %w", names[i], err)
		}
	}
	book.SetActiveSheet(0)
	if err := book.Write(w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// workbook is a file with the styles that its sheets share.
type workbook struct {
	*excelize.File
	head, cell, note, title int
}

func (b *workbook) dress() (err error) {
	for _, s := range []struct {
		into *int
		bold bool
		fill string
		line bool
	}{{&b.head, true, "E8EDF2", true}, {&b.cell, false, "", true}, {&b.note, false, "", false}, {&b.title, true, "", false}} {
		style := &excelize.Style{
			Font:      &excelize.Font{Family: "宋体", Size: 10.5, Bold: s.bold},
			Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
		}
		if s.fill != "" {
			style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.fill}}
		}
		if s.line {
			for _, side := range []string{"left", "right", "top", "bottom"} {
				style.Border = append(style.Border, excelize.Border{Type: side, Color: "A0A8B0", Style: 1})
			}
		}
		if *s.into, err = b.NewStyle(style); err != nil {
			return err
		}
	}
	// No clock: the same table gives the same bytes.
	return b.SetDocProps(&excelize.DocProperties{Creator: "同标 Tongbiao"})
}

// add writes one table as sheet i.
func (b *workbook) add(i int, name string, t Table) error {
	cols := len(t.Head)
	for _, row := range t.Rows {
		cols = max(cols, len(row))
	}
	if cols = max(cols, 1); cols > maxSheetCols {
		return fmt.Errorf("%d columns: a sheet has at most %d", cols, maxSheetCols)
	}
	if i == 0 {
		if err := b.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else if _, err := b.NewSheet(name); err != nil {
		return err
	}
	s := sheet{workbook: b, name: name, numbers: t.Numbers}
	if err := s.layOut(t, cols); err != nil {
		return err
	}
	for i, line := range t.Above {
		style := b.note
		if i == 0 {
			style = b.title
		}
		if err := s.across(line, cols, style); err != nil {
			return err
		}
	}
	s.above = s.rows
	if len(t.Head) > 0 {
		if err := s.put(t.Head, cols, b.head, false); err != nil {
			return err
		}
	}
	for _, row := range t.Rows {
		if err := s.put(row, cols, b.cell, true); err != nil {
			return err
		}
	}
	if err := s.repeatHead(t, cols); err != nil {
		return err
	}
	for _, note := range t.Notes {
		if err := s.across(note, cols, b.note); err != nil {
			return err
		}
	}
	return nil
}

// sheet is a sheet that is being written from the top down.
type sheet struct {
	*workbook
	name    string
	numbers []int
	widths  []int // in full-width characters
	rows    int
	above   int // rows over the head
}

// layOut sets widths, the frozen head and landscape paper of the sheet's width.
func (s *sheet) layOut(t Table, cols int) error {
	for c := range cols {
		width := defaultWidth
		if c < len(t.Widths) && t.Widths[c] > 0 {
			width = min(t.Widths[c], maxSheetWidth)
		}
		s.widths = append(s.widths, width)
		col, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return err
		}
		// A column is measured in digits; a full-width character takes two.
		if err := s.SetColWidth(s.name, col, col, float64(2*width)+1); err != nil {
			return err
		}
	}
	if len(t.Head) > 0 {
		rows := 1
		for _, line := range t.Above {
			rows += len(cellParts(line))
		}
		if err := s.SetPanes(s.name, &excelize.Panes{Freeze: true, YSplit: rows, TopLeftCell: "A" + strconv.Itoa(rows+1), ActivePane: "bottomLeft"}); err != nil {
			return err
		}
	}
	yes, wide, a4, any := true, "landscape", 9, 0
	if err := s.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return err
	}
	return s.SetPageLayout(s.name, &excelize.PageLayoutOptions{Orientation: &wide, Size: &a4, FitToWidth: new(1), FitToHeight: &any})
}

// put writes one row; texts that are too long for a cell go on below.
func (s *sheet) put(row []string, cols, style int, figures bool) error {
	parts := make([][]string, len(row))
	height := 1
	for c, text := range row {
		parts[c] = cellParts(text)
		height = max(height, len(parts[c]))
	}
	for line := range height {
		if s.rows++; s.rows > maxSheetRows {
			return fmt.Errorf("more than %d rows", maxSheetRows)
		}
		for c, p := range parts {
			if line >= len(p) || p[line] == "" {
				continue
			}
			at, err := excelize.CoordinatesToCellName(c+1, s.rows)
			if err != nil {
				return err
			}
			if err := s.fill(at, p[line], figures && height == 1 && slices.Contains(s.numbers, c)); err != nil {
				return err
			}
		}
		if err := s.style(cols, style); err != nil {
			return err
		}
		if err := s.stretch(parts, line, cols, style == s.workbook.note || style == s.workbook.title); err != nil {
			return err
		}
	}
	return nil
}

const (
	lineHeight   = 15  // points, of 10.5-point text
	tallestSheet = 409 // points; a row is at most as high
)

// stretch makes the row last written as high as its texts need in their columns;
// not every program does so by itself. A note has the width of all columns.
func (s *sheet) stretch(parts [][]string, line, cols int, across bool) error {
	lines := 1
	for c, p := range parts {
		width := 0
		switch {
		case line >= len(p):
			continue
		case across:
			for _, w := range s.widths[:cols] {
				width += w
			}
		default:
			width = s.widths[c]
		}
		lines = max(lines, linesOf(p[line], width))
	}
	if lines == 1 {
		return nil
	}
	return s.SetRowHeight(s.name, s.rows, float64(min(lineHeight*lines+3, tallestSheet)))
}

// linesOf is how many lines a text takes in a width of full-width characters.
func linesOf(text string, width int) int {
	lines, half := 1, 0
	for _, r := range text {
		n := 1
		switch {
		case r == '\n':
			lines, half = lines+1, 0
			continue
		case r >= 0x1100:
			n = 2
		}
		if half += n; half > 2*width {
			lines, half = lines+1, n
		}
	}
	return lines
}

func (s *sheet) fill(at, text string, figure bool) error {
	if figure && isNumber(text) {
		v, err := strconv.ParseFloat(text, 64)
		if err == nil {
			return s.SetCellFloat(s.name, at, v, -1, 64)
		}
	}
	return s.SetCellStr(s.name, at, escape.ReplaceAllString(text, "_x005F$0"))
}

// escape is what a workbook would read as a character by its code (_x0041_ for
// A); ECMA-376, 22.9.2.19 has it written with its first mark as a code.
var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// style sets the style of the row last written.
func (s *sheet) style(cols, style int) error {
	from, err := excelize.CoordinatesToCellName(1, s.rows)
	if err != nil {
		return err
	}
	to, err := excelize.CoordinatesToCellName(cols, s.rows)
	if err != nil {
		return err
	}
	return s.SetCellStyle(s.name, from, to, style)
}

// repeatHead makes the head a filter and the first row of every printed page.
func (s *sheet) repeatHead(t Table, cols int) error {
	if len(t.Head) == 0 {
		return nil
	}
	last, err := excelize.CoordinatesToCellName(cols, s.rows)
	if err != nil {
		return err
	}
	head := strconv.Itoa(s.above + 1)
	if err := s.AutoFilter(s.name, "A"+head+":"+last, nil); err != nil {
		return err
	}
	return s.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + strings.ReplaceAll(s.name, "'", "''") + "'!$" + head + ":$" + head, Scope: s.name})
}

// across writes a line over or under the table, across its columns.
func (s *sheet) across(text string, cols, style int) error {
	above := s.rows
	if err := s.put([]string{text}, cols, style, false); err != nil {
		return err
	}
	for r := above + 1; r <= s.rows && cols > 1; r++ {
		from, _ := excelize.CoordinatesToCellName(1, r)
		to, err := excelize.CoordinatesToCellName(cols, r)
		if err != nil {
			return err
		}
		if err := s.MergeCell(s.name, from, to); err != nil {
			return err
		}
	}
	return nil
}

// isNumber reports whether a text is a decimal number as a person writes it:
// not Inf, 0x10 or 1e9, and not 007, which is a name.
func isNumber(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	whole, fraction, dotted := strings.Cut(digits, ".")
	if whole == "" || len(digits) > 15 || len(whole) > 1 && whole[0] == '0' || dotted && fraction == "" {
		return false
	}
	return strings.Trim(whole+fraction, "0123456789") == ""
}

// cellParts cuts a text into pieces that a cell can hold.
func cellParts(text string) []string {
	text = strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(text, "�"), "\r\n", "\n"), "\r", "\n")
	var out []string
	start, units := 0, 0
	for i, r := range text {
		n := max(utf16.RuneLen(r), 1)
		if units+n > maxSheetCell {
			out = append(out, text[start:i])
			start, units = i, 0
		}
		units += n
	}
	return append(out, text[start:])
}

// sheetNames makes names that a workbook takes: 31 units, none of :\/?*[], each
// once whatever its case.
func sheetNames(tables []Table) []string {
	taken := map[string]bool{}
	var out []string
	for i, t := range tables {
		name := strings.Map(func(r rune) rune {
			switch {
			case strings.ContainsRune(`:\/?*[]'`, r):
				return '·'
			case r < ' ' || r == 0x7f || r == 0xfffe || r == 0xffff:
				return -1
			}
			return r
		}, strings.ToValidUTF8(t.Name, ""))
		if name = strings.TrimSpace(name); name == "" || strings.EqualFold(name, "History") { // reserved by Excel
			name = "表" + strconv.Itoa(i+1)
		}
		base, unique := name, cutUnits(name, maxSheetName)
		for n := 2; taken[strings.ToLower(unique)]; n++ {
			mark := " (" + strconv.Itoa(n) + ")"
			unique = cutUnits(base, maxSheetName-len(mark)) + mark
		}
		taken[strings.ToLower(unique)] = true
		out = append(out, unique)
	}
	return out
}

// cutUnits keeps the first n UTF-16 units of a text, whole characters only.
func cutUnits(s string, n int) string {
	for i, r := range s {
		if n -= max(utf16.RuneLen(r), 1); n < 0 {
			return s[:i]
		}
	}
	return s
}
