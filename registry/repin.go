package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Repin is what pinning a newer revision of a column's text changes, or would
// change, in a project.
type Repin struct {
	Column      Column
	From, To    Text
	Fingerprint string // names exactly these changes
	Rows        []RowRepin
	Renumbered  int // rows whose passages only stand elsewhere
	Total       int // rows that there are
}

// RowRepin is a row whose words the newer revision changes.
type RowRepin struct {
	Row       Row // as it is; a new one as it would be
	State     State
	Passages  []PassageRevision
	Sentences []SentenceSource // of its unified clause that rest on what changed
	New       bool             // made for passages that are new
	Gone      bool             // nothing is left in it, and people have had no word in it
}

// PassageRevision is what became of one passage of a row. Old is zero for one
// that came, New for one that went.
type PassageRevision struct {
	Old, New editor.Passage
	Proposed bool // it is the machine that puts the new passage here
}

// repin is a plan: what changes, and the rows as they would be, in order.
type repin struct {
	Repin
	project Project
	docs    []*editor.Document
	rows    []Row
	gone    []string
	changed map[string]bool // Row.ID of those whose passages or words change
	made    map[string]bool
}

// joins is the score from which on the machine puts a new passage into a row
// that nobody has had a word in: more likely than not.
const joins = 0.5

// Repin says what pinning the newest revision of a column's text would change.
func (r *Registry) Repin(project, column string) (done Repin, err error) {
	err = r.store.View(func(tx Tx) error {
		plan, err := r.planRepin(tx, project, column, 0)
		done = plan.Repin
		return err
	})
	return done, err
}

// RepinText pins a newer revision of a column's text. Passages keep their rows by
// the permanent IDs of their clauses and by their words; one that went leaves
// its row; one that came is proposed to a row that nobody has had a word in, or
// gets a row of its own. A row whose words changed is marked until somebody has
// reviewed it; what people said on it is kept. fingerprint names the changes that
// were shown: others are a Conflict.
func (r *Registry) RepinText(actor Member, project, column string, revision int, fingerprint string) (done Repin, err error) {
	err = r.update(actor, func(c *change) error {
		plan, err := r.planRepin(c.Tx, project, column, revision)
		if err != nil {
			return err
		}
		if err := May(actor, RepinText, plan.Column.Region.Code); err != nil {
			return err
		}
		done = plan.Repin
		if done.Fingerprint != fingerprint {
			return refuse(Conflict, "fingerprint", "条目或文本在您预览之后变了：请看过新的预览再应用。 Rows or texts have changed since the preview: look at the new one first.")
		}
		return c.carryOutRepin(plan)
	})
	return done, err
}

func (c *change) carryOutRepin(plan repin) error {
	k := &correction{change: c, project: plan.project, docs: plan.docs}
	if err := projects.put(c, plan.project, plan.project.ID); err != nil {
		return err
	}
	for _, id := range plan.gone {
		if err := k.drop(id, ""); err != nil {
			return err
		}
	}
	event, err := c.next()
	if err != nil {
		return err
	}
	var touched []string
	for _, row := range plan.rows {
		if !plan.changed[row.ID] {
			if err := k.keepIfOther(row); err != nil {
				return err
			}
			continue
		}
		touched = append(touched, row.ID)
		if b, ok := row.Revised[plan.Column.Key]; ok && b.Event == 0 {
			b.Event = event
			row.Revised[plan.Column.Key] = b
		}
		if err := k.put(&row); err != nil {
			return err
		}
	}
	return c.log(RepinText, "projects/"+plan.project.ID, map[string]any{
		"column": plan.Column.Key, "from": plan.From.Revision.Number, "to": plan.To.Revision.Number, "rows": firstOf(touched, maxChanged), "touched": len(plan.Rows),
	})
}

// planRepin works out what a newer revision (0: the current one) changes.
func (r *Registry) planRepin(tx Tx, project, column string, revision int) (plan repin, err error) {
	plan = repin{changed: map[string]bool{}, made: map[string]bool{}}
	if plan.project, err = projects.get(tx, project); err != nil {
		return plan, err
	}
	if err := plan.pinNewer(tx, column, revision); err != nil {
		return plan, err
	}
	if plan.docs, err = plan.project.texts(tx); err != nil {
		return plan, err
	}
	if plan.rows, err = rowsOf(tx, project); err != nil {
		return plan, err
	}
	plan.Total = len(plan.rows)
	said, err := spokenOn(tx, project)
	if err != nil {
		return plan, err
	}
	spoken, err := positionsOf(tx, project)
	if err != nil {
		return plan, err
	}
	held := heldRows(plan.rows, said)
	states := map[string]State{}
	for _, row := range plan.rows {
		states[row.ID] = viewOf(plan.project, row, spoken[row.ID]).State
	}
	before := slices.Clone(plan.rows)
	reports := plan.carryCells(held)
	if err := plan.place(r, tx, held, reports); err != nil {
		return plan, err
	}
	plan.report(before, states, reports)
	return plan, nil
}

// pinNewer writes the newer revision into the project.
func (plan *repin) pinNewer(tx Tx, column string, revision int) error {
	cols := plan.project.Columns()
	at := slices.IndexFunc(cols, func(c Column) bool { return c.Key == column })
	if at < 0 {
		return refuse(NotFound, "column", "项目里没有这一列：%q。 The project has no such column: %q.", column, column)
	}
	plan.Column = cols[at]
	pinned := plan.Column.Text
	s, err := standards.get(tx, pinned.Standard)
	if err != nil {
		return err
	}
	if revision == 0 {
		revision = s.Current
	}
	if revision <= pinned.Revision || revision != s.Current {
		return refuse(Conflict, "revision", "现在选用第 %d 版，现行的是第 %d 版：没有可换用的第 %d 版，请刷新。 Revision %d is pinned and %d is current: there is no newer revision %d to take, reload.", pinned.Revision, s.Current, revision, pinned.Revision, s.Current, revision)
	}
	if plan.From, err = textAt(tx, pinned); err != nil {
		return err
	}
	if plan.To, err = textAt(tx, Ref{Standard: pinned.Standard, Revision: revision}); err != nil {
		return err
	}
	p := &plan.project
	p.Participants, p.Floors = slices.Clone(p.Participants), slices.Clone(p.Floors)
	for i := range p.Participants {
		if p.Participants[i].Region == column {
			p.Participants[i].Text.Revision = revision
		}
	}
	for i := range p.Floors {
		if fmt.Sprintf("floor%d", i+1) == column {
			p.Floors[i].Revision = revision
		}
	}
	return nil
}

// carryCells gives the rows the passages of the newer text and says, by Row.ID,
// which words changed. Passages without a row are left for place.
func (plan *repin) carryCells(held map[string]bool) map[string][]PassageRevision {
	key := plan.Column.Key
	all := carry(plan.From.Document, plan.To.Document)
	of := map[editor.Passage][]carried{} // by Old
	for _, c := range all {
		if c.Old != (editor.Passage{}) {
			of[c.Old] = append(of[c.Old], c)
		}
	}
	reports := map[string][]PassageRevision{}
	seen := map[editor.Passage]bool{} // two entries may have become one
	for i := range plan.rows {
		row := &plan.rows[i]
		was := row.Cells[key]
		if len(was) == 0 {
			continue
		}
		row.Cells = maps.Clone(row.Cells)
		now, words := plan.carryCell(of, was, seen)
		row.Cells[key] = now
		if len(now) == 0 {
			delete(row.Cells, key)
		}
		if !slices.Equal(was, now) {
			plan.changed[row.ID] = true
		}
		if len(words) == 0 {
			if plan.changed[row.ID] {
				plan.Renumbered++
			}
			continue
		}
		plan.changed[row.ID] = true
		reports[row.ID] = words
		row.flag(key, Basis{Revision: plan.From.Revision.Number, Cell: was})
	}
	for i := range plan.rows {
		plan.rows[i].markSources(plan, of)
	}
	plan.rows = slices.DeleteFunc(plan.rows, func(row Row) bool {
		empty := len(row.Cells) == 0 && !held[row.ID]
		if empty {
			plan.gone = append(plan.gone, row.ID)
		}
		return empty
	})
	return reports
}

// carryCell is a cell in the newer text, in reading order, and which of its words
// changed. seen are the passages that stand in rows already.
func (plan *repin) carryCell(of map[editor.Passage][]carried, was []editor.Passage, seen map[editor.Passage]bool) (now []editor.Passage, words []PassageRevision) {
	for _, old := range was {
		for _, c := range plan.became(of, old) {
			if c.New != (editor.Passage{}) && !seen[c.New] {
				seen[c.New] = true
				now = append(now, c.New)
			}
			if !c.Same {
				words = append(words, PassageRevision{Old: c.Old, New: c.New})
			}
		}
	}
	return inReadingOrder(plan.docs, plan.project, plan.Column.Key, now), words
}

// became says what became of a passage of a row, or of an entry that stands in
// it by itself.
func (plan *repin) became(of map[editor.Passage][]carried, old editor.Passage) []carried {
	if old.Entry == 0 {
		return of[old]
	}
	for _, c := range of[whole(old)] {
		if c.New != (editor.Passage{}) {
			return []carried{carryEntry(plan.From.Document, plan.To.Document, old, c.New)}
		}
	}
	return []carried{{Old: old}}
}

// flag marks that the text of a column has changed under the row; what it rested
// on when somebody last looked at it stays.
func (row *Row) flag(column string, b Basis) {
	row.Revised = maps.Clone(row.Revised)
	if row.Revised == nil {
		row.Revised = map[string]Basis{}
	}
	if was, flagged := row.Revised[column]; flagged {
		b.Revision, b.Cell = was.Revision, was.Cell
	}
	row.Revised[column] = b
}

// place finds rows for the passages that are new, and says anew what the machine
// says of every row.
func (plan *repin) place(r *Registry, tx Tx, held map[string]bool, reports map[string][]PassageRevision) error {
	synonyms, err := synonymsOf(tx, plan.project.ID)
	if err != nil {
		return err
	}
	texts, err := r.prepare(tx, plan.project)
	if err != nil {
		return err
	}
	found, err := plan.align(texts, synonyms)
	if err != nil {
		return err
	}
	if plan.propose(found, held, reports) {
		if found, err = plan.align(texts, synonyms); err != nil {
			return err
		}
	}
	p, key := plan.project, plan.Column.Key
	standing := map[string]int{} // by cells
	taken := map[string]bool{}
	for i, row := range plan.rows {
		standing[cellsKey(row.cells(p))] = i
		taken[row.ID] = true
	}
	var after string // Row.ID of the row found before
	var made []Row
	place := map[string]string{}
	for _, f := range found {
		if i, ok := standing[cellsKey(f.Cells)]; ok {
			plan.rows[i].refresh(p, plan.docs, f)
			after = plan.rows[i].ID
			continue
		}
		row := Row{Project: p.ID, ID: freshID(f.ID, taken), Chapter: chapterOf(plan.docs, f.Cells)}
		taken[row.ID] = true
		row.become(p, plan.docs, f)
		for _, at := range row.Cells[key] {
			reports[row.ID] = append(reports[row.ID], PassageRevision{New: at})
		}
		plan.changed[row.ID], plan.made[row.ID] = true, true
		place[row.ID] = after
		made = append(made, row)
		after = row.ID
	}
	for _, row := range made {
		at := slices.IndexFunc(plan.rows, func(x Row) bool { return x.ID == place[row.ID] })
		plan.rows = slices.Insert(plan.rows, at+1, row)
	}
	for i := range plan.rows {
		plan.rows[i].Order = i + 1
	}
	return nil
}

// align lets the machine look at the rows as they stand; it makes rows of what
// stands in none.
func (plan *repin) align(texts []*compare.Prepared, synonyms [][]string) ([]compare.Row, error) {
	opts := compare.Options{Labels: plan.project.labels(), Knowledge: compare.Knowledge{Synonyms: synonyms}}
	for _, row := range plan.rows {
		opts.Fixed = append(opts.Fixed, row.cells(plan.project))
	}
	found, err := compare.AlignPrepared(texts, opts)
	if err != nil {
		return nil, refuse(Invalid, "", "%v", err)
	}
	return found.Rows, nil
}

// propose puts new passages into rows that nobody has had a word in, where the
// machine holds that more likely than not; it tells whether it did.
func (plan *repin) propose(found []compare.Row, held map[string]bool, reports map[string][]PassageRevision) (did bool) {
	home := map[compare.Place]int{}
	standing := map[string]bool{}
	for i, row := range plan.rows {
		cells := row.cells(plan.project)
		standing[cellsKey(cells)] = true
		for doc, cell := range cells {
			for _, at := range cell {
				home[compare.Place{Doc: doc, Passage: at}] = i
			}
		}
	}
	key := plan.Column.Key
	for _, f := range found {
		if standing[cellsKey(f.Cells)] {
			continue
		}
		var came []editor.Passage
		for _, cell := range f.Cells {
			came = append(came, cell...) // of this column: all else stands in rows
		}
		i := plan.homeOf(came)
		if i < 0 {
			i = nearest(f.Candidates, home)
		}
		if i < 0 || held[plan.rows[i].ID] {
			continue
		}
		row := &plan.rows[i]
		row.Cells = maps.Clone(row.Cells)
		was := row.Cells[key]
		row.Cells[key] = inReadingOrder(plan.docs, plan.project, key, append(slices.Clone(was), came...))
		for _, at := range came {
			reports[row.ID] = append(reports[row.ID], PassageRevision{New: at, Proposed: true})
		}
		plan.changed[row.ID], did = true, true
		row.flag(key, Basis{Revision: plan.From.Revision.Number, Cell: was})
	}
	return did
}

// homeOf is the row in which all that stands of the clauses of new passages
// stands: they belong to it. -1 where there is no such row.
func (plan *repin) homeOf(came []editor.Passage) int {
	home := -1
	for i, row := range plan.rows {
		for _, at := range row.Cells[plan.Column.Key] {
			if !slices.ContainsFunc(came, func(c editor.Passage) bool { return c.Clause == at.Clause }) {
				continue
			}
			if home >= 0 && home != i {
				return -1
			}
			home = i
		}
	}
	return home
}

// nearest is the row of the nearest candidate, where that is near enough; -1
// otherwise.
func nearest(candidates []compare.Link, home map[compare.Place]int) int {
	at, score := -1, joins
	for _, l := range candidates {
		if i, stands := home[l.B]; stands && l.Score >= score {
			at, score = i, math.Nextafter(l.Score, 2) // the first of equals
		}
	}
	return at
}

// report lists the rows whose words change, and names the changes.
func (plan *repin) report(before []Row, states map[string]State, reports map[string][]PassageRevision) {
	was := map[string]Row{}
	for _, row := range before {
		was[row.ID] = row
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %d\n", plan.Column.Key, plan.To.Revision.Number)
	list := slices.Clone(plan.rows)
	for _, id := range plan.gone {
		list = append(list, was[id])
	}
	for _, row := range list {
		words, touched := reports[row.ID]
		if plan.changed[row.ID] {
			fmt.Fprintf(h, "%s %d %s\n", row.ID, row.Version, cellsKey(row.cells(plan.project)))
		}
		if !touched {
			continue
		}
		line := RowRepin{Row: was[row.ID], State: states[row.ID], Passages: words, New: plan.made[row.ID], Gone: slices.Contains(plan.gone, row.ID)}
		if line.New {
			line.Row, line.State = row, Untouched
		}
		if row.Unified != nil {
			for _, s := range row.Unified.Sources {
				if s.Since == plan.To.Revision.Number && s.Column == plan.Column.Key {
					line.Sentences = append(line.Sentences, s)
				}
			}
		}
		plan.Rows = append(plan.Rows, line)
	}
	plan.Fingerprint = hex.EncodeToString(h.Sum(nil)[:8])
}

// ReviewRow says that somebody has looked at a row whose texts had changed: what
// was said on it holds again.
func (r *Registry) ReviewRow(actor Member, project, id string, version int) (Row, error) {
	var row Row
	err := r.correct(actor, ReviewRow, project, func(c *correction) (err error) {
		if row, err = seen(c.Tx, project, id, version); err != nil {
			return err
		}
		if len(row.Revised) == 0 {
			return refuse(Invalid, "", "这个条目没有待复核的修订。 There is nothing to review on this row.")
		}
		was := row.Revised
		row.Revised, row.Reviewed = nil, actor.ID
		if err := c.put(&row); err != nil {
			return err
		}
		return c.log(ReviewRow, "projects/"+project+"/rows/"+id, map[string]any{"revised": was})
	})
	return row, err
}
