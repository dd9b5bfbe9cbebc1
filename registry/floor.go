package registry

import (
	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// belowFloor says which cells of a row demand less than a national mandatory
// text does (Standardization Law, art. 21: a local standard may not fall below
// it), each in a sentence. It is the machine's reading and settles nothing.
func (row Row) belowFloor(p Project, docs []*editor.Document) []string {
	cols := p.Columns()
	cell := func(i int) compare.Cell {
		c := compare.Cell{Label: cols[i].Label}
		for _, at := range row.Cells[cols[i].Key] {
			c.Passages = append(c.Passages, passageText(docs[i], at))
		}
		return c
	}
	var out []string
	for i, floor := range cols {
		if !floor.Floor || len(row.Cells[floor.Key]) == 0 {
			continue
		}
		for j, own := range cols {
			if own.Floor || len(row.Cells[own.Key]) == 0 {
				continue
			}
			for _, d := range compare.Below(cell(i), cell(j)) {
				out = append(out, d.Summary)
			}
		}
	}
	return out
}
