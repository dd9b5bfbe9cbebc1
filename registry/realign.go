package registry

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Realignment is what a re-run of the machine changes, or would change. Rows in
// which people have had a word stay as they are, with all their passages: those
// that somebody confirmed, corrected (moved into, out of, split, merged), placed
// or titled, reviewed, marked as having no counterpart, wrote a unified clause
// for, took a position on, commented on, or judged the relations of; those that a
// meeting decided on or that an open one has before it; and those whose text has
// changed and that nobody has reviewed yet. Where the machine finds the same
// passages together again, the row stays the same row.
type Realignment struct {
	Project     string
	Fingerprint string // names exactly these changes
	Moves       []PassageMove
	Before      map[string]Row // by Row.ID: the rows that change or go, as they are
	After       map[string]Row // the rows that change or come, as they would be
	Held        int            // rows that people have had a word in
	Refreshed   int            // rows of which only what the machine says of them changes
	Total       int            // rows that there are
}

// PassageMove is a passage that goes from one row to another.
type PassageMove struct {
	Column   string         `json:"column"`
	At       editor.Passage `json:"at"`
	From, To string         // Row.ID
}

// New are the rows that come, Gone those that go, in order.
func (r Realignment) New() []Row { return missing(r.After, r.Before) }

// Gone are the rows that go, in order.
func (r Realignment) Gone() []Row { return missing(r.Before, r.After) }

func missing(have, not map[string]Row) (out []Row) {
	for id, row := range have {
		if _, there := not[id]; !there {
			out = append(out, row)
		}
	}
	slices.SortFunc(out, func(a, b Row) int { return cmp.Or(cmp.Compare(a.Order, b.Order), strings.Compare(a.ID, b.ID)) })
	return out
}

// Rows are the rows that stand after it and are not as they were.
func (r Realignment) Rows() []string { return slices.Sorted(maps.Keys(r.After)) }

// realignment is a plan: the changes, and every row as it would be, in order.
type realignment struct {
	Realignment
	rows []Row
	gone []string
}

// Realignment says what a re-run would change, and changes nothing.
func (r *Registry) Realignment(project string) (done Realignment, err error) {
	err = r.store.View(func(tx Tx) error {
		p, err := projects.get(tx, project)
		if err != nil {
			return err
		}
		docs, err := p.texts(tx)
		if err != nil {
			return err
		}
		synonyms, err := synonymsOf(tx, project)
		if err != nil {
			return err
		}
		plan, err := r.planRealignment(tx, p, docs, synonyms)
		done = plan.Realignment
		return err
	})
	return done, err
}

// Realign carries out a re-run that was shown; fingerprint names what was
// shown. Where it would change something else by now, it is refused as a
// Conflict.
func (r *Registry) Realign(actor Member, project, fingerprint string) (done Realignment, err error) {
	err = r.correct(actor, Realign, project, func(c *correction) error {
		plan, err := r.planRealignment(c.Tx, c.project, c.docs, c.synonyms)
		if err != nil {
			return err
		}
		done = plan.Realignment
		if done.Fingerprint != fingerprint {
			return refuse(Conflict, "fingerprint", "条目在您预览之后变了：请看过新的预览再应用。 The rows have changed since the preview: look at the new one first.")
		}
		if len(done.Moves) == 0 && done.Refreshed == 0 {
			return refuse(Invalid, "", "重新对齐的结果与现在一样，没有可应用的变化。 A re-run finds what stands there already.")
		}
		if err := c.carryOut(plan); err != nil {
			return err
		}
		return c.log(Realign, "projects/"+project, map[string]any{
			"moved": len(done.Moves), "new": len(done.New()), "gone": len(done.Gone()), "refreshed": done.Refreshed, "held": done.Held,
			"moves": done.Moves[:min(len(done.Moves), maxChanged)],
		})
	})
	return done, err
}

// carryOut keeps the rows of a plan.
func (c *correction) carryOut(plan realignment) error {
	for _, id := range plan.gone {
		if err := c.drop(id, ""); err != nil {
			return err
		}
	}
	for i := range plan.rows {
		row := &plan.rows[i]
		row.Order = i + 1
		if _, changed := plan.After[row.ID]; changed {
			if _, was := plan.Before[row.ID]; !was {
				c.made = append(c.made, row.ID)
			}
			if err := c.put(row); err != nil {
				return err
			}
			continue
		}
		if err := c.keepIfOther(*row); err != nil {
			return err
		}
	}
	return nil
}

// keepIfOther keeps a row where it is not what is kept: its place, or what the
// machine says of it. People's word on it is the same, and so is its version.
func (c *correction) keepIfOther(row Row) error {
	raw, err := json.Marshal(row)
	if err != nil {
		return fmt.Errorf("row %s: %w", row.ID, err)
	}
	was, err := c.Get(rowTable.key(c.project.ID, row.ID))
	if err != nil || bytes.Equal(was, raw) {
		return err
	}
	return rowTable.put(c, row, c.project.ID, row.ID)
}

// spokenOn are the rows of a project that people have said something on: a
// position, a comment, or what judgedRows names.
func spokenOn(tx Tx, project string) (map[string]bool, error) {
	said := map[string]bool{}
	if err := positions.scan(tx, func(s Position) error { said[s.Row] = true; return nil }, project); err != nil {
		return nil, err
	}
	if err := comments.scan(tx, func(m Comment) error { said[m.Row] = true; return nil }, "project:"+project); err != nil {
		return nil, err
	}
	judged, err := judgedRows(tx, project)
	maps.Copy(said, judged)
	return said, err
}

// judgedRows are the rows of a project that a relation or a meeting's decision is
// on, or that an open meeting has before it.
func judgedRows(tx Tx, project string) (map[string]bool, error) {
	said := map[string]bool{}
	if err := relations.scan(tx, func(s Relation) error { said[s.Row] = true; return nil }, project); err != nil {
		return nil, err
	}
	err := meetings.scan(tx, func(m Meeting) error {
		for id := range m.Decisions {
			said[id] = true
		}
		for _, id := range m.Queue {
			said[id] = said[id] || m.Open()
		}
		return nil
	}, project)
	return said, err
}

// held tells whether people have had a word in a row: see Realignment. said are
// the rows of spokenOn.
func (row Row) held(said map[string]bool) bool {
	return row.Confirmed != "" || row.Corrected != "" || row.Placed != "" || row.Reviewed != "" || row.Unified != nil ||
		len(row.None) > 0 || len(row.Revised) > 0 || said[row.ID]
}

// heldRows are those of held, and those with an entry of a passage that stands in
// one of them: it would fall back into it otherwise.
func heldRows(rows []Row, said map[string]bool) map[string]bool {
	out := map[string]bool{}
	stands := map[string]bool{} // passages in held rows
	for _, row := range rows {
		if row.held(said) {
			out[row.ID] = true
			for col, cell := range row.Cells {
				for _, at := range cell {
					stands[col+" "+passageName(at)] = true
				}
			}
		}
	}
	for _, row := range rows {
		for col, cell := range row.Cells {
			for _, at := range cell {
				if at.Entry > 0 && stands[col+" "+passageName(whole(at))] {
					out[row.ID] = true
				}
			}
		}
	}
	return out
}

// planRealignment runs the machine on what people have had no word in.
func (r *Registry) planRealignment(tx Tx, p Project, docs []*editor.Document, synonyms [][]string) (realignment, error) {
	plan := realignment{Realignment: Realignment{Project: p.ID, Before: map[string]Row{}, After: map[string]Row{}}}
	rows, err := rowsOf(tx, p.ID)
	if err != nil {
		return plan, err
	}
	said, err := spokenOn(tx, p.ID)
	if err != nil {
		return plan, err
	}
	texts, err := r.prepare(tx, p)
	if err != nil {
		return plan, err
	}
	opts := compare.Options{Labels: p.labels(), Knowledge: compare.Knowledge{Synonyms: synonyms}}
	var held, free []Row
	people := heldRows(rows, said)
	for _, row := range rows {
		if people[row.ID] {
			held = append(held, row)
			opts.Fixed = append(opts.Fixed, row.cells(p))
		} else {
			free = append(free, row)
		}
	}
	found, err := compare.AlignPrepared(texts, opts)
	if err != nil {
		return plan, refuse(Invalid, "", "%v", err)
	}
	plan.Held, plan.Total = len(held), len(rows)
	plan.rows = rows
	plan.take(p, docs, held, free, found.Rows)
	return plan, nil
}

// take sets what the machine found beside what stands, and works out what
// changes.
func (plan *realignment) take(p Project, docs []*editor.Document, held, free []Row, found []compare.Row) {
	same := sameRows(p, free, found)
	people := map[string]Row{} // by cells
	for _, row := range held {
		people[cellsKey(row.cells(p))] = row
	}
	taken := map[string]bool{}
	for _, row := range plan.rows {
		taken[row.ID] = true
	}
	standing := map[string]Row{}
	for _, row := range plan.rows {
		standing[row.ID] = row
	}
	order := plan.rows
	at := -1 // where the row found before has come to stand
	for i, f := range found {
		row, stands := people[cellsKey(f.Cells)]
		if stands {
			row.refresh(p, docs, f)
		} else if old, ok := same[i]; ok {
			stands = true
			row = free[old]
			row.become(p, docs, f)
		} else {
			row = Row{Project: p.ID, ID: freshID(f.ID, taken), Chapter: chapterOf(docs, f.Cells)}
			taken[row.ID] = true
			row.become(p, docs, f)
		}
		if stands {
			at = slices.IndexFunc(order, func(x Row) bool { return x.ID == row.ID })
			order[at] = row
		} else {
			at++
			order = slices.Insert(order, at, row)
		}
	}
	plan.rows = order
	plan.compare(p, standing, free, same)
}

// compare fills in what changes, given which of the free rows go on as which of
// those found.
func (plan *realignment) compare(p Project, standing map[string]Row, free []Row, same map[int]int) {
	goesOn := map[string]bool{}
	for _, old := range same {
		goesOn[free[old].ID] = true
	}
	for _, row := range free {
		if !goesOn[row.ID] {
			plan.gone = append(plan.gone, row.ID)
			plan.Before[row.ID] = row
		}
	}
	plan.rows = slices.DeleteFunc(plan.rows, func(x Row) bool { _, goes := plan.Before[x.ID]; return goes })
	home := map[string]string{} // of every passage, as it would be
	for i := range plan.rows {
		row := &plan.rows[i]
		row.Order = i + 1
		for col, cell := range row.Cells {
			for _, at := range cell {
				home[col+" "+passageName(at)] = row.ID
			}
		}
		was, stood := standing[row.ID]
		switch {
		case !stood:
			plan.After[row.ID] = *row
		case cellsKey(was.cells(p)) != cellsKey(row.cells(p)):
			plan.Before[row.ID], plan.After[row.ID] = was, *row
		case !sameSay(was, *row):
			plan.Refreshed++
		}
	}
	for _, row := range free {
		for _, col := range p.Columns() {
			for _, at := range row.Cells[col.Key] {
				if to := home[col.Key+" "+passageName(at)]; to != row.ID {
					plan.Moves = append(plan.Moves, PassageMove{col.Key, at, row.ID, to})
				}
			}
		}
	}
	h := sha256.New()
	for _, m := range plan.Moves {
		fmt.Fprintf(h, "%s %s %s %s\n", m.Column, passageName(m.At), m.From, m.To)
	}
	for _, row := range plan.Gone() {
		fmt.Fprintf(h, "gone %s\n", row.ID)
	}
	plan.Fingerprint = hex.EncodeToString(h.Sum(nil)[:8])
}

// sameRows finds which free row goes on as which row found (index of found →
// index of free): that of the same passages, else the one with which it shares
// the most, the first where two share as many.
func sameRows(p Project, free []Row, found []compare.Row) map[int]int {
	home := map[string]int{}
	whole := map[string]int{}
	cols := p.Columns()
	for i, row := range free {
		whole[cellsKey(row.cells(p))] = i
		for col, cell := range row.Cells {
			for _, at := range cell {
				home[col+" "+passageName(at)] = i
			}
		}
	}
	same, goesOn := map[int]int{}, map[int]bool{}
	for j, f := range found {
		if i, ok := whole[cellsKey(f.Cells)]; ok {
			same[j], goesOn[i] = i, true
		}
	}
	type overlap struct{ found, free, shared int }
	var all []overlap
	for j, f := range found {
		if _, ok := same[j]; ok {
			continue
		}
		shared := map[int]int{}
		for k, cell := range f.Cells {
			for _, at := range cell {
				if i, ok := home[cols[k].Key+" "+passageName(at)]; ok && !goesOn[i] {
					shared[i]++
				}
			}
		}
		for _, i := range slices.Sorted(maps.Keys(shared)) {
			all = append(all, overlap{j, i, shared[i]})
		}
	}
	slices.SortStableFunc(all, func(a, b overlap) int { return b.shared - a.shared })
	for _, o := range all {
		if _, ok := same[o.found]; !ok && !goesOn[o.free] {
			same[o.found], goesOn[o.free] = o.free, true
		}
	}
	return same
}

// become makes a row that nobody has had a word in what the machine found.
func (row *Row) become(p Project, docs []*editor.Document, f compare.Row) {
	row.Cells = map[string][]editor.Passage{}
	for i, col := range p.Columns() {
		if len(f.Cells[i]) > 0 {
			row.Cells[col.Key] = f.Cells[i]
		}
	}
	row.Topic = f.Topic
	row.judge(f)
	row.Below = row.belowFloor(p, docs)
}

// refresh takes over what the machine says of a row that is people's. Where they
// put passages together, the links are not the machine's to score.
func (row *Row) refresh(p Project, docs []*editor.Document, f compare.Row) {
	if row.Corrected != "" {
		f.Links, f.Score = nil, 1
	}
	row.judge(f)
	row.Below = row.belowFloor(p, docs)
}

// sameSay tells whether the machine says the same of two states of a row.
func sameSay(a, b Row) bool {
	say := func(r Row) string {
		raw, err := json.Marshal([]any{r.Score, r.Links, r.Relation, r.Differences, r.Below, r.Candidates, r.Topic})
		if err != nil {
			panic(fmt.Sprintf("row %s is not JSON: %v", r.ID, err)) // it was read from JSON, or is made of what was
		}
		return strings.ReplaceAll(string(raw), "null", "[]")
	}
	return say(a) == say(b)
}

// cellsKey names the passages of a row.
func cellsKey(cells [][]editor.Passage) string {
	var b strings.Builder
	for i, cell := range cells {
		names := make([]string, len(cell))
		for k, at := range cell {
			names[k] = passageName(at)
		}
		slices.Sort(names)
		fmt.Fprintf(&b, "%d:%s;", i, strings.Join(names, ","))
	}
	return b.String()
}

// freshID is an ID that no row of the project has.
func freshID(id string, taken map[string]bool) string {
	out := id
	for n := 2; taken[out]; n++ {
		out = fmt.Sprintf("%s-%d", id, n)
	}
	return out
}

// readTexts keeps texts as they were read for comparison, by Revision.Text: that
// costs more than comparing them.
type readTexts struct {
	mu   sync.Mutex
	held map[string]*compare.Prepared
}

// heldTexts bounds what is kept of them.
const heldTexts = 32

// prepare reads the texts of a project for comparison, each once.
func (r *Registry) prepare(tx Tx, p Project) ([]*compare.Prepared, error) {
	var out []*compare.Prepared
	for _, col := range p.Columns() {
		rev, err := revisionAt(tx, col.Text.Standard, col.Text.Revision)
		if err != nil {
			return nil, err
		}
		r.read.mu.Lock()
		text := r.read.held[rev.Text]
		r.read.mu.Unlock()
		if text == nil {
			t, err := textAt(tx, col.Text)
			if err != nil {
				return nil, err
			}
			text = compare.Prepare(t.Document)
			r.read.mu.Lock()
			if r.read.held == nil || len(r.read.held) >= heldTexts {
				r.read.held = map[string]*compare.Prepared{}
			}
			r.read.held[rev.Text] = text
			r.read.mu.Unlock()
		}
		out = append(out, text)
	}
	return out, nil
}
