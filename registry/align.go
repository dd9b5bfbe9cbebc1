package registry

import (
	"errors"
	"slices"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Correcting the machine. Each verb carries the version of the row that the
// person saw; where the row changed since, it is refused as a Conflict.

// MovePassages takes passages of one column out of a row and puts them into
// another; into "" means into a new row of their own.
func (r *Registry) MovePassages(actor Member, project, from string, version int, column string, passages []editor.Passage, into string) (Row, error) {
	var target Row
	err := r.correct(actor, MovePassage, project, func(c *change, p Project, docs []*editor.Document) error {
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
			if target, err = c.newRow(project, row); err != nil {
				return err
			}
		} else if target, err = rowTable.get(c.Tx, project, into); err != nil {
			return err
		}
		target.Cells[column] = inReadingOrder(docs, p, column, append(target.Cells[column], passages...))
		if err := c.keepRow(p, docs, row, target.ID); err != nil {
			return err
		}
		if target, err = c.keepCorrected(p, docs, target); err != nil {
			return err
		}
		return c.log(MovePassage, "projects/"+project+"/rows/"+from, map[string]any{"column": column, "passages": passages, "into": target.ID})
	})
	return target, err
}

// SplitRow puts the given columns' cells of a row into a new row.
func (r *Registry) SplitRow(actor Member, project, id string, version int, columns []string) (Row, error) {
	var target Row
	err := r.correct(actor, SplitRow, project, func(c *change, p Project, docs []*editor.Document) error {
		row, err := seen(c.Tx, project, id, version)
		if err != nil {
			return err
		}
		if target, err = c.newRow(project, row); err != nil {
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
		if err := c.keepRow(p, docs, row, target.ID); err != nil {
			return err
		}
		if target, err = c.keepCorrected(p, docs, target); err != nil {
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
	err := r.correct(actor, MergeRows, project, func(c *change, p Project, docs []*editor.Document) error {
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
			target.Cells[col] = inReadingOrder(docs, p, col, append(target.Cells[col], passages...))
		}
		if err := rowTable.delete(c, project, id); err != nil {
			return err
		}
		if err := c.adopt(project, id, into); err != nil {
			return err
		}
		if target, err = c.keepCorrected(p, docs, target); err != nil {
			return err
		}
		return c.log(MergeRows, "projects/"+project+"/rows/"+id, map[string]any{"into": into, "row": row})
	})
	return target, err
}

// adopt gives the comments and positions of a row that goes to another one.
func (c *change) adopt(project, from, into string) error {
	said, err := positions.all(c.Tx, project, from)
	if err != nil {
		return err
	}
	for _, s := range said {
		s.Row = into
		if err := positions.put(c, s, project, into, seq(s.Event)); err != nil {
			return err
		}
	}
	if err := c.deleteAll(append(positions.key(project, from), 0)); err != nil {
		return err
	}
	remarks, err := comments.all(c.Tx, "project:"+project)
	if err != nil {
		return err
	}
	for _, m := range remarks {
		if m.Row != from {
			continue
		}
		m.Row = into
		if err := comments.put(c, m, m.shelf(), m.key()); err != nil {
			return err
		}
	}
	return nil
}

// deleteAll deletes the records below a key prefix.
func (c *change) deleteAll(prefix []byte) error {
	var keys [][]byte
	err := c.Scan(prefix, after(prefix), func(key, _ []byte) error {
		keys = append(keys, slices.Clone(key))
		return nil
	})
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := c.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// ConfirmRow says that a row is right as it stands (or, with confirmed false,
// that it is open again). What people confirmed no re-run changes.
func (r *Registry) ConfirmRow(actor Member, project, id string, version int, confirmed bool) (Row, error) {
	verb, by := ConfirmRow, actor.ID
	if !confirmed {
		verb, by = ReopenRow, ""
	}
	var row Row
	err := r.correct(actor, verb, project, func(c *change, p Project, docs []*editor.Document) (err error) {
		if row, err = seen(c.Tx, project, id, version); err != nil {
			return err
		}
		row.Confirmed = by
		row.Version++
		if err := rowTable.put(c, row, project, id); err != nil {
			return err
		}
		return c.log(verb, "projects/"+project+"/rows/"+id, map[string]any{"cells": row.Cells})
	})
	return row, err
}

// PlaceRow gives a row its chapter, topic and place in the unified draft: before
// the row that stood at order.
func (r *Registry) PlaceRow(actor Member, project, id string, version int, chapter, topic string, order int) (Row, error) {
	if err := errors.Join(line("chapter", chapter), line("topic", topic)); err != nil {
		return Row{}, err
	}
	var row Row
	err := r.correct(actor, OrderRow, project, func(c *change, p Project, docs []*editor.Document) error {
		if _, err := seen(c.Tx, project, id, version); err != nil {
			return err
		}
		rows, err := rowsOf(c.Tx, project)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(rows, func(x Row) bool { return x.ID == id })
		row = rows[at]
		row.Chapter, row.Version = chapter, row.Version+1
		if topic != "" {
			row.Topic = topic
		}
		rows = slices.Delete(rows, at, at+1)
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

// correct runs one correction: policy, project and documents are at hand.
func (r *Registry) correct(actor Member, verb Verb, project string, fn func(*change, Project, []*editor.Document) error) error {
	if err := May(actor, verb); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		p, err := projects.get(c.Tx, project)
		if err != nil {
			return err
		}
		docs, err := p.texts(c.Tx)
		if err != nil {
			return err
		}
		return fn(c, p, docs)
	})
}

// seen gets a row in the version that a person saw.
func seen(tx Tx, project, id string, version int) (Row, error) {
	row, err := rowTable.get(tx, project, id)
	if err == nil && row.Version != version {
		err = refuse(Conflict, "version", "这个条目刚被别人改过（第 %d 次改动）：请看过现在的样子再改。 Somebody else has just changed this row (change %d): look at it again first.", row.Version, row.Version)
	}
	return row, err
}

// newRow is an empty row right after another.
func (c *change) newRow(project string, after Row) (Row, error) {
	head, _, err := heads.find(c.Tx, "head")
	if err != nil {
		return Row{}, err
	}
	rows, err := rowsOf(c.Tx, project)
	if err != nil {
		return Row{}, err
	}
	row := Row{Project: project, ID: "r" + seq(head.Seq + 1)[8:], Chapter: after.Chapter, Cells: map[string][]editor.Passage{}}
	at := slices.IndexFunc(rows, func(x Row) bool { return x.ID == after.ID })
	rows = slices.Insert(rows, at+1, row)
	row.Order = at + 2
	return row, c.number(project, rows, row.ID)
}

// number gives the rows their orders anew, keeping those that change and the
// one that is named.
func (c *change) number(project string, rows []Row, always string) error {
	for i, row := range rows {
		if row.Order == i+1 && row.ID != always {
			continue
		}
		row.Order = i + 1
		if err := rowTable.put(c, row, project, row.ID); err != nil {
			return err
		}
	}
	return nil
}

// keepCorrected keeps a row that a person gave something to.
func (c *change) keepCorrected(p Project, docs []*editor.Document, row Row) (Row, error) {
	row.Corrected, row.Confirmed = c.actor.ID, "" // nobody has confirmed what it is now
	row.Version++
	row.rejudge(p, docs)
	return row, rowTable.put(c, row, p.ID, row.ID)
}

// keepRow keeps a row that something was taken out of; an empty row without
// unified clause goes, and what was said on it goes to the row into.
func (c *change) keepRow(p Project, docs []*editor.Document, row Row, into string) error {
	for col, cell := range row.Cells {
		if len(cell) == 0 {
			delete(row.Cells, col)
		}
	}
	if len(row.Cells) == 0 && row.Unified == nil {
		if err := rowTable.delete(c, p.ID, row.ID); err != nil {
			return err
		}
		return c.adopt(p.ID, row.ID, into)
	}
	// newRow may have moved it on since it was read.
	now, err := rowTable.get(c.Tx, p.ID, row.ID)
	if err != nil {
		return err
	}
	row.Order = now.Order
	_, err = c.keepCorrected(p, docs, row)
	return err
}

// rejudge says anew how the cells differ; the links between passages that a
// person put together are not the machine's to score.
func (row *Row) rejudge(p Project, docs []*editor.Document) {
	f := compare.Judge(docs, row.cells(p), compare.Options{Labels: p.labels()})
	row.judge(f)
	row.Below = row.belowFloor(p, docs)
	if row.Topic == "" {
		row.Topic = f.Topic
	}
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
		return a.Paragraph - b.Paragraph
	})
	return out
}
