package registry

import (
	"slices"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// correction is one correction under way: what it is made on, and what the rows
// were before it, so that it can be undone.
type correction struct {
	*change
	project  Project
	docs     []*editor.Document
	synonyms [][]string
	before   []Row    // what it changed or took away, as it was
	made     []string // Row.ID of the rows that it made
	adopted  []adoption
}

// adoption is what was said on a row that went, and the row that has it now.
type adoption struct {
	From      string   `json:"from"`
	Into      string   `json:"into"`
	Positions []uint64 `json:"positions,omitempty"` // Position.Event
	Comments  []string `json:"comments,omitempty"`  // Comment.ID
}

// correct runs one correction: policy, project and documents are at hand. It is
// kept so that it can be undone.
func (r *Registry) correct(actor Member, verb Verb, project string, fn func(*correction) error) error {
	if err := May(actor, verb); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		k, err := c.correcting(project)
		if err != nil {
			return err
		}
		if err := fn(k); err != nil {
			return err
		}
		return k.keepAct(verb)
	})
}

func (c *change) correcting(project string) (*correction, error) {
	k := &correction{change: c}
	var err error
	if k.project, err = projects.get(c.Tx, project); err != nil {
		return nil, err
	}
	if k.docs, err = k.project.texts(c.Tx); err != nil {
		return nil, err
	}
	k.synonyms, err = synonymsOf(c.Tx, project)
	return k, err
}

// next is the number that the next event will have.
func (c *change) next() (uint64, error) {
	head, _, err := heads.find(c.Tx, "head")
	return head.Seq + 1, err
}

// remember keeps what a row was before the correction touched it.
func (c *correction) remember(id string) error {
	if slices.Contains(c.made, id) || slices.ContainsFunc(c.before, func(r Row) bool { return r.ID == id }) {
		return nil
	}
	row, found, err := rowTable.find(c.Tx, c.project.ID, id)
	if err == nil && found {
		c.before = append(c.before, row)
	}
	return err
}

// put keeps a row that the correction changed or made.
func (c *correction) put(row *Row) error {
	if err := c.remember(row.ID); err != nil {
		return err
	}
	event, err := c.next()
	if err != nil {
		return err
	}
	row.Version++
	row.Event = event
	return rowTable.put(c, *row, c.project.ID, row.ID)
}

// drop takes a row away; what was said on it goes to the row into.
func (c *correction) drop(id, into string) error {
	if err := c.remember(id); err != nil {
		return err
	}
	if err := rowTable.delete(c, c.project.ID, id); err != nil || into == "" {
		return err
	}
	return c.adopt(id, into)
}

// adopt gives the comments and positions of a row that goes to another one.
func (c *correction) adopt(from, into string) error {
	a := adoption{From: from, Into: into}
	said, err := positions.all(c.Tx, c.project.ID, from)
	if err != nil {
		return err
	}
	for _, s := range said {
		a.Positions = append(a.Positions, s.Event)
	}
	remarks, err := comments.all(c.Tx, "project:"+c.project.ID)
	if err != nil {
		return err
	}
	for _, m := range remarks {
		if m.Row == from {
			a.Comments = append(a.Comments, m.ID)
		}
	}
	if len(a.Positions)+len(a.Comments) == 0 {
		return nil
	}
	c.adopted = append(c.adopted, a)
	return c.hand(a)
}

// hand gives what an adoption names to its new row.
func (c *correction) hand(a adoption) error {
	for _, event := range a.Positions {
		s, found, err := positions.find(c.Tx, c.project.ID, a.From, seq(event))
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if err := positions.delete(c, c.project.ID, a.From, seq(event)); err != nil {
			return err
		}
		s.Row = a.Into
		if err := positions.put(c, s, c.project.ID, a.Into, seq(event)); err != nil {
			return err
		}
	}
	for _, id := range a.Comments {
		m, found, err := comments.find(c.Tx, "project:"+c.project.ID, Comment{ID: id}.key())
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		m.Row = a.Into
		if err := comments.put(c, m, m.shelf(), m.key()); err != nil {
			return err
		}
	}
	return nil
}

// newRow is an empty row right after another.
func (c *correction) newRow(after Row) (Row, error) {
	event, err := c.next()
	if err != nil {
		return Row{}, err
	}
	rows, err := rowsOf(c.Tx, c.project.ID)
	if err != nil {
		return Row{}, err
	}
	row := Row{Project: c.project.ID, ID: "r" + seq(event)[8:], Chapter: after.Chapter, Cells: map[string][]editor.Passage{}}
	c.made = append(c.made, row.ID)
	at := slices.IndexFunc(rows, func(x Row) bool { return x.ID == after.ID })
	rows = slices.Insert(rows, at+1, row)
	row.Order = at + 2
	return row, c.number(c.project.ID, rows, row.ID)
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
func (c *correction) keepCorrected(row Row) (Row, error) {
	row.Corrected, row.Confirmed = c.actor.ID, "" // nobody has confirmed what it is now
	for col, cell := range row.Cells {
		row.Cells[col] = absorb(cell)
		delete(row.None, col) // there is one
	}
	row.rejudge(c.project, c.docs, c.synonyms)
	err := c.put(&row)
	return row, err
}

// keepRow keeps a row that something was taken out of; an empty row without
// unified clause goes, and what was said on it goes to the row into.
func (c *correction) keepRow(row Row, into string) error {
	for col, cell := range row.Cells {
		if len(cell) == 0 {
			delete(row.Cells, col)
		}
	}
	if len(row.Cells) == 0 && row.Unified == nil {
		return c.drop(row.ID, into)
	}
	// newRow may have moved it on since it was read.
	now, err := rowTable.get(c.Tx, c.project.ID, row.ID)
	if err != nil {
		return err
	}
	row.Order = now.Order
	_, err = c.keepCorrected(row)
	return err
}

// rejudge says anew how the cells differ; the links between passages that a
// person put together are not the machine's to score. What it had linked to a
// cell that is empty now is a candidate for it.
func (row *Row) rejudge(p Project, docs []*editor.Document, synonyms [][]string) {
	near := row.nearby(p)
	f := compare.Judge(docs, row.cells(p), compare.Options{Labels: p.labels(), Knowledge: compare.Knowledge{Synonyms: synonyms}})
	f.Candidates = near
	row.judge(f)
	row.Below = row.belowFloor(p, docs)
	if row.Topic == "" {
		row.Topic = f.Topic
	}
}

// candidatesKept bounds the candidates for one column.
const candidatesKept = 3

// nearby are the candidates and former links of a row, as far as they lead from
// a passage that stands in it to a column that has none in it, the nearest
// first.
func (row Row) nearby(p Project) []compare.Link {
	cells := row.cells(p)
	stands := func(at compare.Place) bool {
		return at.Doc < len(cells) && slices.Contains(cells[at.Doc], at.Passage)
	}
	var all []compare.Link
	add := func(l compare.Link) {
		if l.B.Doc < len(cells) && len(cells[l.B.Doc]) == 0 && stands(l.A) {
			l.Reasons = nil
			all = append(all, l)
		}
	}
	for _, l := range row.Candidates {
		add(l)
	}
	for _, l := range row.Links {
		add(l)
		l.A, l.B = l.B, l.A
		add(l)
	}
	slices.SortStableFunc(all, func(a, b compare.Link) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	var out []compare.Link
	kept := map[int]int{}
	seen := map[compare.Place]bool{}
	for _, l := range all {
		if kept[l.B.Doc] < candidatesKept && !seen[l.B] {
			kept[l.B.Doc]++
			seen[l.B] = true
			out = append(out, l)
		}
	}
	return out
}
