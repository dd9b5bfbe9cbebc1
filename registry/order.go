package registry

import (
	"slices"
	"strings"
)

// otherChapter is the chapter of rows that name none.
const otherChapter = "其他要求"

// ChapterName is the chapter of the unified draft that a row stands in.
func (row Row) ChapterName() string {
	if name := strings.TrimSpace(row.Chapter); name != "" {
		return name
	}
	return otherChapter
}

// Chapters are the chapters of rows in the order in which the rows first name
// them.
func Chapters(rows []RowView) (out []string) {
	for _, row := range rows {
		if name := row.ChapterName(); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// PlaceBeside moves a row into a chapter, before another row or behind it,
// wherever that stands by now.
func (r *Registry) PlaceBeside(actor Member, project, id string, version int, chapter, other string, behind bool) (Row, error) {
	return r.placeRow(actor, project, id, version, chapter, "", func(rest []Row) (int, error) {
		at := slices.IndexFunc(rest, func(row Row) bool { return row.ID == other })
		if at < 0 {
			return 0, refuse(Invalid, "before", "没有这个位置。 There is no such place.")
		}
		if behind {
			at++
		}
		return at + 1, nil
	})
}

// PlaceChapter moves all rows of a chapter before another chapter, or behind it.
// seen is the order of the chapters that the person saw.
func (r *Registry) PlaceChapter(actor Member, project, chapter, other string, behind bool, order []string) error {
	return r.correct(actor, OrderRow, project, func(c *correction) error {
		rows, err := rowsOf(c.Tx, project)
		if err != nil {
			return err
		}
		var now []string
		var moved, rest []Row
		for _, row := range rows {
			name := row.ChapterName()
			if !slices.Contains(now, name) {
				now = append(now, name)
			}
			if name == chapter {
				moved = append(moved, row)
			} else {
				rest = append(rest, row)
			}
		}
		if !slices.Equal(now, order) {
			return refuse(Conflict, "order", "章的次序刚被别人改过：请看过现在的样子再移。 Somebody else has just changed the order of the chapters: look at it again first.")
		}
		of := func(row Row) bool { return row.ChapterName() == other }
		at := slices.IndexFunc(rest, of)
		if len(moved) == 0 || at < 0 {
			return refuse(Invalid, "chapter", "没有这一章。 There is no such chapter.")
		}
		if behind {
			for at = len(rest); !of(rest[at-1]); at-- {
			}
		}
		rest = slices.Insert(rest, at, moved...)
		if err := c.number(project, rest, ""); err != nil {
			return err
		}
		if c.writes == 0 {
			return nil // it stands there already
		}
		return c.log(OrderRow, "projects/"+project, map[string]any{"chapter": chapter, "other": other, "behind": behind})
	})
}
