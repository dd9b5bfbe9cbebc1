package registry

import (
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Matrix is the ledger of a project (指标台账): every quantity and every modal
// word of its texts and of its unified clauses, by subject and text. Each stands
// in it exactly once.
type Matrix struct {
	Columns []Column // the texts; a last one for the unified draft
	Lines   []MatrixLine
}

// MatrixLine is one thing that texts measure or demand, on the subject of a row.
type MatrixLine struct {
	compare.Line         // entries by column, the unified clause last
	Row          RowView // that it stands in
	Clauses      []Place // where each entry stands
}

// Place is a clause of a text.
type Place struct {
	Name string // 第二十条, or 5.2.1
	Ref  Ref    // empty for the unified clause
}

// DraftColumn is the Column.Key of the unified draft in a matrix.
const DraftColumn = "unified"

// Matrix lists every quantity and modal word of the project.
func (v ProjectView) Matrix() Matrix {
	m := Matrix{Columns: append(slices.Clone(v.Columns), Column{Key: DraftColumn, Label: "统一稿"})}
	var floors []int
	for i, col := range v.Columns {
		if col.Floor {
			floors = append(floors, i)
		}
	}
	numbers := v.draftNumbers()
	rows := slices.Clone(v.Rows) // what demands nothing comes last: 由 30 日改为 90 日 in a foreword
	slices.SortStableFunc(rows, func(a, b RowView) int { return v.demandsNothing(a) - v.demandsNothing(b) })
	for _, row := range rows {
		cells := append(v.cellsOf(row), unifiedCell(row))
		for _, line := range v.memory.ledger(v.reader, cells, floors) {
			l := MatrixLine{Line: line, Row: row, Clauses: make([]Place, len(m.Columns))}
			for i, e := range line.Entries {
				switch {
				case e == nil:
				case i == len(v.Columns):
					l.Clauses[i].Name = numbers[row.ID]
				default:
					at := row.Cells[v.Columns[i].Key][e.Passage]
					l.Clauses[i] = Place{v.PassageName(i, at), v.Columns[i].Text}
					l.Clauses[i].Ref.Clause = at.Clause
				}
			}
			m.Lines = append(m.Lines, l)
		}
	}
	return m
}

// demandsNothing is 1 for a row of forewords, introductions, bibliographies or
// notes on how a text was adopted, otherwise 0.
func (v ProjectView) demandsNothing(row RowView) int {
	if row.Unified != nil {
		return 0
	}
	for i, col := range v.Columns {
		for _, at := range row.Cells[col.Key] {
			switch c := v.Texts[i].Document.Clause(at.Clause); {
			case c == nil:
			case c.Kind == editor.Foreword, c.Kind == editor.Introduction, c.Kind == editor.Bibliography, c.Kind == editor.Preamble:
			default:
				return 0
			}
		}
	}
	return 1
}

// MatrixQuery asks for some of the lines. Its zero value asks for all.
type MatrixQuery struct {
	Kind    compare.Kind // Quantity or Modality; "" both
	Differs bool         // only where texts differ
	Below   bool         // only where a text falls below a floor
	Chapter string       // of the unified draft
	Region  string       // Column.Key: only what this text says
	Text    string       // only lines with these words
	Sort    string       // one of MatrixSorts
}

// MatrixSorts are the orders of lines that are offered: as in the draft, what
// differs most first, by what is measured.
var MatrixSorts = []string{"", "weight", "subject"}

// Pick gives the lines that are asked for, in the order that is asked for.
func (m Matrix) Pick(q MatrixQuery) Matrix {
	out := Matrix{Columns: m.Columns}
	words := strings.ToLower(strings.TrimSpace(q.Text))
	for _, l := range m.Lines {
		switch {
		case q.Kind != "" && l.Kind != q.Kind,
			q.Differs && !l.Differs,
			q.Below && len(l.Below) == 0,
			q.Chapter != "" && l.Row.Chapter != q.Chapter,
			q.Region != "" && !l.says(m.Columns, q.Region),
			words != "" && !l.has(words):
			continue
		}
		out.Lines = append(out.Lines, l)
	}
	switch q.Sort {
	case "weight":
		slices.SortStableFunc(out.Lines, func(a, b MatrixLine) int { return b.weight() - a.weight() })
	case "subject":
		slices.SortStableFunc(out.Lines, func(a, b MatrixLine) int { return strings.Compare(a.dimension()+a.Subject, b.dimension()+b.Subject) })
	}
	return out
}

func (l MatrixLine) says(columns []Column, key string) bool {
	i := slices.IndexFunc(columns, func(c Column) bool { return c.Key == key })
	return i >= 0 && l.Entries[i] != nil
}

func (l MatrixLine) has(words string) bool {
	in := func(s string) bool { return strings.Contains(strings.ToLower(s), words) }
	if in(l.Subject) || in(l.Condition) || in(l.Row.Topic) {
		return true
	}
	return slices.ContainsFunc(l.Entries, func(e *compare.Entry) bool { return e != nil && (in(e.Said) || in(e.Sentence)) })
}

// weight orders lines by how much they ask of a meeting: breaches first, then
// what has a strictest, what differs otherwise, what stands in several texts.
func (l MatrixLine) weight() int {
	n := len(l.Below) * 100
	switch {
	case len(l.Strictest) > 0:
		n += 40
	case l.Differs:
		n += 20
	}
	for _, e := range l.Entries {
		if e != nil {
			n++
		}
	}
	return n
}

func (l MatrixLine) dimension() string {
	for _, e := range l.Entries {
		if e != nil && e.Quantity != nil {
			return e.Quantity.Dimension
		}
	}
	return "~" // modal words last
}

// Breaches are the floors that a text falls below on this line.
func (l MatrixLine) Breaches(column int) (out []compare.Breach) {
	for _, b := range l.Below {
		if b.Column == column {
			out = append(out, b)
		}
	}
	return out
}

// MatrixCounts says how much a matrix holds.
type MatrixCounts struct {
	Quantities, Modals []int // by column
	Lines              int
	Differing          int
	Breaches           int
}

// Counts counts entries and lines.
func (m Matrix) Counts() MatrixCounts {
	n := MatrixCounts{Quantities: make([]int, len(m.Columns)), Modals: make([]int, len(m.Columns)), Lines: len(m.Lines)}
	for _, l := range m.Lines {
		if l.Differs {
			n.Differing++
		}
		n.Breaches += len(l.Below)
		for i, e := range l.Entries {
			switch {
			case e == nil:
			case e.Quantity != nil:
				n.Quantities[i]++
			default:
				n.Modals[i]++
			}
		}
	}
	return n
}

// ComparatorWords name comparators in words.
var ComparatorWords = map[editor.Comparator]string{
	editor.Exactly: "等于", editor.AtLeast: "不小于", editor.AtMost: "不大于", editor.MoreThan: "大于",
	editor.LessThan: "小于", editor.Within: "范围", editor.About: "约",
}

// ApartWords say in Chinese why the values of a line have no order.
var ApartWords = map[string]string{
	compare.ApartWorkingDays: "工作日与日不可比", compare.ApartDimension: "量纲不同，不可比",
	compare.ApartDirection: "上下限不同向，不可比", compare.ApartFree: "有的只是可以，不可比",
}
