package registry

import (
	"strings"

	"tongbiao/editor"
)

// unifiedID begins the ID of a unified clause in the draft; its row's ID
// follows.
const unifiedID = "u-"

// pointers say in which row a clause of a column stands, by Column.Key and
// Clause.ID: where a reference to it leads in the unified text.
type pointers map[string]map[string]string

func pointersOf(rows []Row) pointers {
	x := pointers{}
	for _, row := range rows {
		for col, cell := range row.Cells {
			if x[col] == nil {
				x[col] = map[string]string{}
			}
			for _, at := range cell {
				if _, stands := x[col][at.Clause]; !stands {
					x[col][at.Clause] = row.ID
				}
			}
		}
	}
	return x
}

// repoint turns the references of a column's text into references to rows. One
// to a clause that stands in no row (a chapter's heading, a table) is written
// out as its own text cites it.
func (x pointers) repoint(column string, citations map[string]string, markdown string) string {
	return editor.Cite(markdown, func(id string) string {
		if row := x[column][id]; row != "" {
			return "[](#" + unifiedID + row + ")"
		}
		return citations[id]
	})
}

// rowNamed finds the row that a reference of a unified clause leads to.
func rowNamed(id string) (row string, ok bool) { return strings.CutPrefix(id, unifiedID) }

// StartFrom is a cell as the text of a unified clause: its passages, with
// references that lead to the rows of what they refer to.
func (v ProjectView) StartFrom(column int, cell []editor.Passage) string {
	rows := make([]Row, len(v.Rows))
	for i, row := range v.Rows {
		rows[i] = row.Row
	}
	x, citations := pointersOf(rows), v.Texts[column].Document.Citations()
	var parts []string
	for _, at := range cell {
		_, text := v.PassageText(column, at)
		parts = append(parts, x.repoint(v.Columns[column].Key, citations, text))
	}
	return strings.Join(parts, "\n\n")
}

// UnifiedText is a unified clause as people read it: references show the number
// that the clause of that row has in the draft, or its subject while it has
// none. numbers are by Row.ID.
func (v ProjectView) UnifiedText(u *Unified, numbers map[string]string) string {
	return editor.Cite(u.Text, func(id string) string {
		row, ok := rowNamed(id)
		if !ok {
			return ""
		}
		if n := numbers[row]; n != "" {
			return n
		}
		for _, r := range v.Rows {
			if r.ID == row {
				return "“" + r.Topic + "”"
			}
		}
		return ""
	})
}
