package convert

import (
	"slices"
	"testing"
	"time"
)

// TestCarriedTablesAreChecked holds tables that a page brings back against what
// could have been read.
func TestCarriedTablesAreChecked(t *testing.T) {
	form := Sheet{Name: "意见", Rows: [][]string{GBForm.Head(), {"1", "4.1", "太短"}}, Merged: []Merge{{1, 1, 2, 1}}}
	if err := CheckTables([]Sheet{form}); err != nil {
		t.Errorf("a table as it was read: %v", err)
	}
	with := func(m ...Merge) Sheet { s := form; s.Merged = m; return s }
	wide, long := form, form
	wide.Rows = [][]string{make([]string, maxReadCols+1)}
	long.Rows = make([][]string, MaxRows+1)
	for name, sheets := range map[string][]Sheet{
		"none": nil, "wide": {wide}, "long": {long}, "a merge above the table": {with(Merge{-1, 0, 5, 1})}, "left of it": {with(Merge{0, -1, 5, 1})},
		"a tall one": {with(Merge{0, 1, 1 << 40, 1})}, "many": {with(slices.Repeat([]Merge{{0, 1, MaxRows, 1}}, maxReadCols+1)...)},
	} {
		if CheckTables(sheets) == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestManyMergedCells reads a table whose merged cells overlap thousands of
// times, as no program writes it.
func TestManyMergedCells(t *testing.T) {
	s := Sheet{Rows: make([][]string, 60)}
	for i := range s.Rows {
		s.Rows[i] = slices.Repeat([]string{"意见内容"}, maxReadCols)
	}
	s.Merged = slices.Repeat([]Merge{{0, 0, 4, 1}}, 200_000)
	from := time.Now()
	RecogniseSheet(s, []Sheet{s})
	if took := time.Since(from); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
	var m sheetMarks
	for range 10_000 {
		m.merge("A1:A20000")
	}
	if m.area > maxMerged || len(m.merged) > maxReadCols {
		t.Errorf("%d merged cells of %d rows are kept", len(m.merged), m.area)
	}
}
