package registry

import (
	"errors"
	"strings"
	"time"

	"tongbiao/editor"
)

// Position is what a region says about the unified clause of a row. It may be
// said again: the last one counts, all are kept.
type Position struct {
	Project string    `json:"project"`
	Row     string    `json:"row"`
	Region  string    `json:"region"`
	Verdict Verdict   `json:"verdict"`
	Note    string    `json:"note,omitempty"`   // the reason; the change wanted in words, where Change does not say it
	Change  string    `json:"change,omitempty"` // the whole text wanted, Markdown; with AgreeWithChange only
	Hash    string    `json:"hash"`             // Unified.Hash that it was taken on
	Member  string    `json:"member"`
	Time    time.Time `json:"time"`
	Event   uint64    `json:"event"` // that brought it: positions sort by it, whatever row they are on
	// Meeting is the meeting in which the secretariat recorded it on the
	// region's behalf; "" for what the representative said herself.
	Meeting string `json:"meeting,omitempty"`
}

// Verdict of a position.
type Verdict string

const (
	Agree           Verdict = "agree"
	AgreeWithChange Verdict = "agree-with-change" // Change or the note says which
	Object          Verdict = "object"            // the note says why
	Abstain         Verdict = "abstain"
)

// Verdicts as they are offered.
var Verdicts = []Verdict{Agree, AgreeWithChange, Object, Abstain}

var positions = table[Position]{"position", "个立场"}

// TakePosition is Declare without a wanted text.
func (r *Registry) TakePosition(actor Member, project, row, region string, verdict Verdict, note, hash string) (Position, error) {
	return r.Declare(actor, Position{Project: project, Row: row, Region: region, Verdict: verdict, Note: note, Hash: hash})
}

// Declare says what a region thinks of the unified clause as it stands. Hash
// names the text that the representative saw; Member, Time and Event are filled
// in.
func (r *Registry) Declare(actor Member, pos Position) (Position, error) {
	pos.Note, pos.Change, pos.Member, pos.Meeting = strings.TrimSpace(pos.Note), clean(pos.Change), actor.ID, ""
	if err := May(actor, TakePosition, pos.Region); err != nil {
		return pos, err
	}
	if err := pos.check(); err != nil {
		return pos, err
	}
	err := r.update(actor, func(c *change) error {
		p, err := projects.get(c.Tx, pos.Project)
		if err != nil {
			return err
		}
		if err := c.keepPosition(p, &pos); err != nil {
			return err
		}
		return c.log(TakePosition, pos.object(), pos)
	})
	return pos, err
}

// clean is a text as a unified clause keeps it.
func clean(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// check refuses a position that does not say enough.
func (s Position) check() error {
	if err := errors.Join(within("note", s.Note, maxComment), within("change", s.Change, maxUnified)); err != nil {
		return err
	}
	if s.Change != "" && s.Verdict != AgreeWithChange {
		return refuse(Invalid, "verdict", "您改了条文：请选“修改后同意”，或把条文改回原样。 You changed the text: choose “agree with change”, or put the text back.")
	}
	switch s.Verdict {
	case Agree, Abstain:
	case AgreeWithChange:
		if s.Note == "" && s.Change == "" {
			return refuse(Invalid, "change", "请改出您要的条文，或写明要怎样改。 Change the text to what you want, or say what should change.")
		}
	case Object:
		if s.Note == "" {
			return refuse(Invalid, "note", "请写明为什么不同意。 Say why you object.")
		}
	default:
		return refuse(Invalid, "verdict", "请选：同意、修改后同意、不同意、弃权。 Choose: agree, agree with change, object, abstain.")
	}
	return nil
}

// ApplyChange makes the text that a region wants the unified clause of its row,
// as UnifyRow does; the event names the position and its reason. A change that
// was wanted of another text than the row's is a Conflict: somebody has to read
// both.
func (r *Registry) ApplyChange(actor Member, project, row string, version int, event uint64) (Row, error) {
	if err := May(actor, Unify); err != nil {
		return Row{}, err
	}
	var wanted Position
	var at Row
	err := r.store.View(func(tx Tx) (err error) {
		if at, err = rowTable.get(tx, project, row); err != nil {
			return err
		}
		wanted, err = positions.get(tx, project, row, seq(event))
		return err
	})
	switch {
	case err != nil:
		return Row{}, err
	case wanted.Change == "":
		return Row{}, refuse(Invalid, "event", "这次表态没有写出要改成的条文。 That position does not say what the text should become.")
	case at.Unified == nil || at.Unified.Hash != wanted.Hash:
		return Row{}, refuse(Conflict, "event", "这处修改是对以前的条文提的：请对照现在的条文，手工改入。 The change was wanted of a former text: compare it with the present one and work it in by hand.")
	}
	return r.unify(actor, project, row, version, at.Unified.Title, wanted.Change, &wanted)
}

// object is the row that a position is on, as events name it.
func (s Position) object() string { return "projects/" + s.Project + "/rows/" + s.Row }

// keepPosition keeps a position on the unified clause as it stands. The caller
// logs it.
func (c *change) keepPosition(p Project, pos *Position) error {
	if !p.Takes(pos.Region) {
		return refuse(Invalid, "region", "%s不参加本项目。 %s takes no part in this project.", RegionOf(pos.Region).Name, RegionOf(pos.Region).English)
	}
	at, err := rowTable.get(c.Tx, p.ID, pos.Row)
	if err != nil {
		return err
	}
	if at.Unified == nil {
		return refuse(Invalid, "row", "还没有统一条款，无从表态。 There is no unified clause to take a position on yet.")
	}
	if at.Unified.Hash != pos.Hash {
		return refuse(Conflict, "hash", "统一条款刚改过：请看过新的条文再表态。 The unified clause has just changed: read it again first.")
	}
	if pos.Change == at.Unified.Text && pos.Change != "" {
		return refuse(Invalid, "change", "条文没有改动：请改出您要的条文，或选“同意”。 The text is unchanged: change it to what you want, or agree.")
	}
	pos.Time = c.r.now().UTC().Truncate(time.Second)
	if pos.Event, err = c.next(); err != nil {
		return err
	}
	return positions.put(c, *pos, p.ID, pos.Row, seq(pos.Event))
}

// State of a row.
type State string

const (
	Untouched State = "untouched" // 未处理: no unified clause
	Disputed  State = "disputed"  // 有分歧: a region objects or wants a change, or all have spoken and it is not enough
	Waiting   State = "waiting"   // 待表态: a region has not spoken on this text
	Settled   State = "settled"   // 已定
)

// States in the order in which they are counted.
var States = []State{Settled, Waiting, Disputed, Untouched}

// RowView is a row with the positions on it and what they come to.
type RowView struct {
	Row
	State     State
	Current   map[string]Position // by region: the last position on the text as it stands
	Owing     []string            // regions that it waits for, in order: not settled, and they have not spoken on it
	Positions []Position          // all, oldest first
}

// Earlier tells whether a position was taken before a text of the row changed
// that nobody has reviewed since.
func (v RowView) Earlier(p Position) bool {
	for _, b := range v.Revised {
		if p.Event < b.Event {
			return true
		}
	}
	return false
}

func viewOf(p Project, row Row, said []Position) RowView {
	v := RowView{Row: row, State: Untouched, Current: map[string]Position{}, Positions: said}
	if row.Unified == nil {
		return v
	}
	for _, s := range said {
		if s.Hash == row.Unified.Hash {
			v.Current[s.Region] = s
		}
	}
	regions := p.regions()
	n := Tally{All: len(regions)}
	for _, region := range regions {
		s, spoke := v.Current[region]
		if !spoke {
			v.Owing = append(v.Owing, region)
		}
		n.add(s.Verdict)
	}
	if v.State = p.Rule.state(n); v.State == Settled {
		v.Owing = nil
		if len(row.Revised) > 0 {
			v.State = Waiting // for somebody to review it: its texts have changed
		}
	}
	return v
}

// ProjectView is a project with everything that its workbench shows.
type ProjectView struct {
	Project   Project
	Columns   []Column
	Texts     []Text // by column
	Rows      []RowView
	Counts    map[State]int
	Owed      map[string]int // rows that a region has not spoken on
	Revisions map[string]int // columns whose standard has a newer current revision than is pinned: its number

	apart     entriesApart
	relations map[string]Relation // by row and column: what people said last
	reader    reader              // by the project's synonyms
	memory    *memory
}

// Workbench reads a project whole, in one consistent state.
func (r *Registry) Workbench(id string) (v ProjectView, err error) {
	err = r.store.View(func(tx Tx) error {
		v, err = workbench(tx, id)
		return err
	})
	v.memory = &r.memory
	return v, err
}

func workbench(tx Tx, id string) (v ProjectView, err error) {
	if v.Project, err = projects.get(tx, id); err != nil {
		return v, err
	}
	v.Columns = v.Project.Columns()
	v.Counts, v.Owed, v.Revisions = map[State]int{}, map[string]int{}, map[string]int{}
	for _, col := range v.Columns {
		t, err := textAt(tx, col.Text)
		if err != nil {
			return v, err
		}
		v.Texts = append(v.Texts, t)
		s, err := standards.get(tx, col.Text.Standard)
		if err != nil {
			return v, err
		}
		if s.Current > col.Text.Revision {
			v.Revisions[col.Key] = s.Current
		}
	}
	said, err := positionsOf(tx, id)
	if err != nil {
		return v, err
	}
	rows, err := rowsOf(tx, id)
	if err != nil {
		return v, err
	}
	v.apart = apartIn(rows)
	if v.relations, err = relationsOf(tx, id); err != nil {
		return v, err
	}
	if v.reader, err = readerOf(tx, id); err != nil {
		return v, err
	}
	for _, row := range rows {
		rv := viewOf(v.Project, row, said[row.ID])
		v.Counts[rv.State]++
		for _, region := range rv.Owing {
			v.Owed[region]++
		}
		v.Rows = append(v.Rows, rv)
	}
	return v, nil
}

func positionsOf(tx Tx, project string) (map[string][]Position, error) {
	said := map[string][]Position{}
	err := positions.scan(tx, func(s Position) error {
		said[s.Row] = append(said[s.Row], s)
		return nil
	}, project)
	return said, err
}

// PassageText is the text of a passage in one of the project's columns, as
// Markdown, with its clause; without the entries that stand elsewhere.
func (v ProjectView) PassageText(column int, at editor.Passage) (*editor.Clause, string) {
	c := v.Texts[column].Document.Clause(at.Clause)
	if c == nil {
		return nil, ""
	}
	return c, c.Passage(at, v.apart[v.Columns[column].Key][at]...)
}
