package registry

import (
	"cmp"
	"errors"
	"slices"

	"tongbiao/editor"
)

// Correcting the machine. Each verb carries the version of the row that the
// person saw; where the row changed since, it is refused as a Conflict.

// MovePassages takes passages of one column out of a row and puts them into
// another; into "" means into a new row of their own.
func (r *Registry) MovePassages(actor Member, project, from string, version int, column string, passages []editor.Passage, into string) (Row, error) {
	var target Row
	err := r.correct(actor, MovePassage, project, func(c *correction) error {
		row, err := seen(c.Tx, project, from, version)
		if err != nil {
			return err
		}
		if len(passages) == 0 {
			return refuse(Invalid, "passages", "请选要移动的条文。 Choose what to move.")
		}
		if into == from {
			return refuse(Invalid, "into", "目标条目就是它现在所在的条目。 It is in that row already.")
		}
		if row.Unified == nil && into == "" && len(row.Cells) == 1 && len(passages) == len(row.Cells[column]) {
			return refuse(Invalid, "into", "这个条目只有这一条，已经自成一行。 It has a row of its own already.")
		}
		for _, at := range passages {
			i := slices.Index(row.Cells[column], at)
			if i < 0 {
				return refuse(Conflict, "passages", "这条条文已不在该条目中，请刷新后再移。 The passage is no longer in that row: reload and try again.")
			}
			row.Cells[column] = slices.Delete(slices.Clone(row.Cells[column]), i, i+1)
		}
		if into == "" {
			if target, err = c.newRow(row); err != nil {
				return err
			}
		} else if target, err = rowTable.get(c.Tx, project, into); err != nil {
			return err
		}
		target.Cells[column] = inReadingOrder(c.docs, c.project, column, append(target.Cells[column], passages...))
		if err := c.keepRow(row, target.ID); err != nil {
			return err
		}
		if target, err = c.keepCorrected(target); err != nil {
			return err
		}
		return c.log(MovePassage, "projects/"+project+"/rows/"+from, map[string]any{"column": column, "passages": passages, "into": target.ID})
	})
	return target, err
}

// SplitRow puts the given columns' cells of a row into a new row.
func (r *Registry) SplitRow(actor Member, project, id string, version int, columns []string) (Row, error) {
	var target Row
	err := r.correct(actor, SplitRow, project, func(c *correction) error {
		row, err := seen(c.Tx, project, id, version)
		if err != nil {
			return err
		}
		if target, err = c.newRow(row); err != nil {
			return err
		}
		for _, col := range columns {
			if len(row.Cells[col]) > 0 {
				target.Cells[col] = row.Cells[col]
				delete(row.Cells, col)
			}
		}
		if len(target.Cells) == 0 || len(row.Cells) == 0 {
			return refuse(Invalid, "columns", "请选一部分列：拆出去和留下来的都要有条文。 Choose some of the columns, so that both rows hold something.")
		}
		if err := c.keepRow(row, target.ID); err != nil {
			return err
		}
		if target, err = c.keepCorrected(target); err != nil {
			return err
		}
		return c.log(SplitRow, "projects/"+project+"/rows/"+id, map[string]any{"columns": columns, "into": target.ID})
	})
	return target, err
}

// MergeRows puts all cells of a row into another. Both cannot have a unified
// clause: one would be lost.
func (r *Registry) MergeRows(actor Member, project, id string, version int, into string) (Row, error) {
	var target Row
	err := r.correct(actor, MergeRows, project, func(c *correction) error {
		row, err := seen(c.Tx, project, id, version)
		if err != nil {
			return err
		}
		if id == into {
			return refuse(Invalid, "into", "不能与自己合并。 A row cannot be merged with itself.")
		}
		if target, err = rowTable.get(c.Tx, project, into); err != nil {
			return err
		}
		if row.Unified != nil && target.Unified != nil {
			return refuse(Conflict, "into", "两个条目都已有统一条款：请先把其中一个清空，以免丢失。 Both rows have a unified clause: empty one first so that none is lost.")
		}
		if target.Unified == nil {
			target.Unified = row.Unified
		}
		for col, passages := range row.Cells {
			target.Cells[col] = inReadingOrder(c.docs, c.project, col, append(target.Cells[col], passages...))
		}
		if err := c.drop(id, into); err != nil {
			return err
		}
		if target, err = c.keepCorrected(target); err != nil {
			return err
		}
		return c.log(MergeRows, "projects/"+project+"/rows/"+id, map[string]any{"into": into, "row": row})
	})
	return target, err
}

// ConfirmRow says that a row is right as it stands (or, with confirmed false,
// that it is open again). What people confirmed no re-run changes.
func (r *Registry) ConfirmRow(actor Member, project, id string, version int, confirmed bool) (Row, error) {
	verb, by := ConfirmRow, actor.ID
	if !confirmed {
		verb, by = ReopenRow, ""
	}
	var row Row
	err := r.correct(actor, verb, project, func(c *correction) (err error) {
		if row, err = seen(c.Tx, project, id, version); err != nil {
			return err
		}
		row.Confirmed = by
		if err := c.put(&row); err != nil {
			return err
		}
		return c.log(verb, "projects/"+project+"/rows/"+id, map[string]any{"cells": row.Cells})
	})
	return row, err
}

// SayNone says that a text has no counterpart for a row, so that nobody looks
// for one again (or, with none false, that it may have one after all). A re-run
// leaves such a row as it is.
func (r *Registry) SayNone(actor Member, project, id string, version int, column string, none bool) (Row, error) {
	verb := ConfirmNone
	if !none {
		verb = ReopenNone
	}
	var row Row
	err := r.correct(actor, verb, project, func(c *correction) (err error) {
		if row, err = seen(c.Tx, project, id, version); err != nil {
			return err
		}
		if !slices.ContainsFunc(c.project.Columns(), func(col Column) bool { return col.Key == column }) {
			return refuse(Invalid, "column", "项目里没有这一列：%q。 The project has no such column: %q.", column, column)
		}
		if len(row.Cells[column]) > 0 {
			return refuse(Invalid, "column", "这一列有对应条款：请先移出。 There is a counterpart: move it out first.")
		}
		if _, said := row.None[column]; said == none {
			return refuse(Invalid, "column", "已经是这样了。 It says so already.")
		}
		if row.None == nil {
			row.None = map[string]string{}
		}
		row.None[column] = actor.ID
		if !none {
			delete(row.None, column)
		}
		if err := c.put(&row); err != nil {
			return err
		}
		return c.log(verb, "projects/"+project+"/rows/"+id, map[string]any{"column": column})
	})
	return row, err
}

// PlaceRow gives a row its chapter, topic and place in the unified draft: before
// the row that stood at order.
func (r *Registry) PlaceRow(actor Member, project, id string, version int, chapter, topic string, order int) (Row, error) {
	return r.placeRow(actor, project, id, version, chapter, topic, func([]Row) (int, error) { return order, nil })
}

// placeRow is PlaceRow; where finds the order among the other rows, as they stand
// in the transaction.
func (r *Registry) placeRow(actor Member, project, id string, version int, chapter, topic string, where func([]Row) (int, error)) (Row, error) {
	if err := errors.Join(line("chapter", chapter), line("topic", topic)); err != nil {
		return Row{}, err
	}
	var row Row
	err := r.correct(actor, OrderRow, project, func(c *correction) error {
		if _, err := seen(c.Tx, project, id, version); err != nil {
			return err
		}
		rows, err := rowsOf(c.Tx, project)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(rows, func(x Row) bool { return x.ID == id })
		row = rows[at]
		row.Chapter, row.Placed = chapter, actor.ID
		if topic != "" {
			row.Topic = topic
		}
		if err := c.put(&row); err != nil {
			return err
		}
		rows = slices.Delete(rows, at, at+1)
		order, err := where(rows)
		if err != nil {
			return err
		}
		order = min(max(order, 1), len(rows)+1)
		rows = slices.Insert(rows, order-1, row)
		if err := c.number(project, rows, id); err != nil {
			return err
		}
		row.Order = order
		return c.log(OrderRow, "projects/"+project+"/rows/"+id, map[string]any{"chapter": chapter, "topic": topic, "order": order})
	})
	return row, err
}

// seen gets a row in the version that a person saw.
func seen(tx Tx, project, id string, version int) (Row, error) {
	row, err := rowTable.get(tx, project, id)
	if err == nil && row.Version != version {
		err = refuse(Conflict, "version", "这个条目刚被别人改过（第 %d 次改动）：请看过现在的样子再改。 Somebody else has just changed this row (change %d): look at it again first.", row.Version, row.Version)
	}
	return row, err
}

// inReadingOrder sorts the passages of a cell as they stand in their text.
func inReadingOrder(docs []*editor.Document, p Project, column string, cell []editor.Passage) []editor.Passage {
	place := map[string]int{}
	for i, col := range p.Columns() {
		if col.Key == column {
			n := 0
			for c := range docs[i].All() {
				n++
				place[c.ID] = n
			}
		}
	}
	out := slices.Clone(cell)
	slices.SortStableFunc(out, func(a, b editor.Passage) int {
		if d := place[a.Clause] - place[b.Clause]; d != 0 {
			return d
		}
		return cmp.Or(a.Paragraph-b.Paragraph, a.Entry-b.Entry)
	})
	return out
}
