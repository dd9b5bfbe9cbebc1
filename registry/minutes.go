package registry

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tongbiao/editor"
)

// Standing is how a row stood at one moment, as an event keeps it: enough to
// tell it later whatever became of the row.
type Standing struct {
	Row       string     `json:"row"`
	Gone      bool       `json:"gone,omitempty"` // the row was no longer there: it had been merged into another
	Order     int        `json:"order,omitempty"`
	Number    string     `json:"number,omitempty"` // of the unified clause in the draft
	Topic     string     `json:"topic,omitempty"`
	Title     string     `json:"title,omitempty"` // of the unified clause
	Text      string     `json:"text,omitempty"`  // of the unified clause, as people read it
	Hash      string     `json:"hash,omitempty"`  // Unified.Hash
	State     State      `json:"state,omitempty"`
	Positions []Position `json:"positions,omitempty"` // that count, in the order of the regions
	Owing     []string   `json:"owing,omitempty"`
}

// What the events of a meeting hold.
type (
	meetingOpened struct {
		Title   string     `json:"title"`
		Place   string     `json:"place,omitempty"`
		Present []Attendee `json:"present,omitempty"`
		Guests  []Guest    `json:"guests,omitempty"`
		Rows    []Standing `json:"rows"`
	}
	recorded struct {
		Position
		Before *Standing `json:"before,omitempty"` // how a row beside the agenda stood until then
	}
	decided struct {
		Meeting string `json:"meeting"`
		Decision
		Standing Standing `json:"standing"`
	}
	meetingClosed struct {
		Rows []Standing `json:"rows"`
	}
)

// standings say how rows stand now.
func (v ProjectView) standings(ids []string) []Standing {
	numbers := v.draftNumbers()
	rows := map[string]RowView{}
	for _, row := range v.Rows {
		rows[row.ID] = row
	}
	out := make([]Standing, 0, len(ids))
	for _, id := range ids {
		row, held := rows[id]
		if !held {
			out = append(out, Standing{Row: id, Gone: true})
			continue
		}
		s := Standing{Row: id, Order: row.Order, Number: numbers[id], Topic: row.Topic, State: row.State, Owing: row.Owing}
		if u := row.Unified; u != nil {
			s.Title, s.Hash = u.Title, u.Hash
			s.Text = editor.PlainText(v.UnifiedText(u, numbers))
		}
		for _, region := range v.Project.regions() {
			if said, ok := row.Current[region]; ok {
				s.Positions = append(s.Positions, said)
			}
		}
		out = append(out, s)
	}
	return out
}

// draftNumbers are the numbers of the unified clauses in the draft, by Row.ID.
func (v ProjectView) draftNumbers() map[string]string {
	out := map[string]string{}
	draft := v.Draft()
	for c := range draft.Document.All() {
		for _, row := range draft.Rows[c.ID] {
			if out[row.ID] = c.Number; c.Number == "" {
				out[row.ID] = c.Title
			}
		}
	}
	return out
}

// Minutes are what a meeting was: told from the events between its opening and
// its close alone, so that they are the same whenever they are asked for. While
// the meeting is open they say how it stands.
type Minutes struct {
	Meeting  Meeting
	Project  Project
	Arrivals []Arrival // who was there at its opening, and each time that it was said anew
	Items    []Item
	Names    map[string]string // members by ID
	Last     Event             // the last one told of
}

// Arrival is who is there from a time on.
type Arrival struct {
	Time    time.Time
	Present []Attendee
	Guests  []Guest
}

// Item is one row of the agenda.
type Item struct {
	Before, After Standing
	Decision      *Decision // the last one; nil where none was made
	Decided       Standing  // how the row stood when it was decided
	Earlier       []Decision
	Said          []Position // in the meeting, in order
	Rewritten     []Rewriting
	Into          string // Row.ID that it was merged into
}

// Rewriting is one change of a unified clause during a meeting.
type Rewriting struct {
	Time time.Time
	By   string // Member.ID
}

// SettledHere tells whether the row became settled in the meeting.
func (i Item) SettledHere() bool { return i.After.State == Settled && i.Before.State != Settled }

// Changed tells whether its unified clause is another one than before.
func (i Item) Changed() bool {
	return !i.After.Gone && (i.Before.Title != i.After.Title || i.Before.Text != i.After.Text)
}

// Touched tells whether anything happened on the row in the meeting.
func (i Item) Touched() bool {
	return i.Decision != nil || len(i.Said)+len(i.Rewritten) > 0 || i.Changed() || i.Into != "" || i.After.Gone || i.Before.State != i.After.State
}

// Topic of the row, as it was last called.
func (i Item) Topic() string {
	if i.After.Topic != "" {
		return i.After.Topic
	}
	return i.Before.Topic
}

// Question tells whether the row is still open.
func (i Item) Question() bool {
	return !i.After.Gone && (i.After.State != Settled || i.Decision != nil && i.Decision.Outcome != Adopted)
}

// Questions are the rows of the agenda that the meeting left open.
func (m Minutes) Questions() []Item {
	return slices.DeleteFunc(slices.Clone(m.Items), func(i Item) bool { return !i.Question() })
}

// Count of the items with an outcome; "" counts those without a decision.
func (m Minutes) Count(o Outcome) (n int) {
	for _, i := range m.Items {
		if i.Decision == nil && o == "" || i.Decision != nil && i.Decision.Outcome == o {
			n++
		}
	}
	return n
}

// SettledHere counts the rows that became settled in the meeting.
func (m Minutes) SettledHere() (n int) {
	for _, i := range m.Items {
		if i.SettledHere() {
			n++
		}
	}
	return n
}

// Minutes tells a meeting.
func (r *Registry) Minutes(project, id string) (Minutes, error) {
	var m Minutes
	err := r.store.View(func(tx Tx) (err error) {
		m, err = minutesOf(tx, project, id)
		return err
	})
	return m, err
}

func minutesOf(tx Tx, project, id string) (m Minutes, err error) {
	if m.Project, err = projects.get(tx, project); err != nil {
		return m, err
	}
	held, err := meetings.get(tx, project, id)
	if err != nil {
		return m, err
	}
	t := teller{minutes: &m, at: map[string]int{}, prefix: "projects/" + project + "/"}
	end := after(events.key())
	if !held.Open() {
		end = events.key(seq(held.Last + 1))
	}
	if err := events.between(tx, events.key(seq(held.First)), end, t.tell); err != nil {
		return m, fmt.Errorf("minutes of %s: %w", id, err)
	}
	if held.Open() {
		if err := t.soFar(tx); err != nil {
			return m, err
		}
	}
	return m, m.call(tx)
}

// call fills in names: the log holds none, so that they can be erased.
func (m *Minutes) call(tx Tx) error {
	m.Names = map[string]string{}
	err := members.scan(tx, func(who Member) error { m.Names[who.ID] = who.Name; return nil })
	lists := [][]Attendee{m.Meeting.Present}
	for _, a := range m.Arrivals {
		lists = append(lists, a.Present)
	}
	for _, list := range lists {
		for i := range list {
			list[i].Name = cmp.Or(m.Names[list[i].Member], list[i].Member)
		}
	}
	return err
}

// soFar ends the minutes of an open meeting with how its rows stand now.
func (t *teller) soFar(tx Tx) error {
	v, err := workbench(tx, t.minutes.Project.ID)
	if err != nil {
		return err
	}
	var rows []string
	for _, i := range t.minutes.Items {
		rows = append(rows, i.Before.Row)
	}
	t.end(v.standings(rows))
	return nil
}

// teller reads events into minutes.
type teller struct {
	minutes *Minutes
	prefix  string         // of the project's objects
	at      map[string]int // items by Row.ID
}

func (t *teller) item(row string) *Item {
	i, held := t.at[row]
	if !held {
		i = len(t.minutes.Items)
		t.at[row] = i
		t.minutes.Items = append(t.minutes.Items, Item{Before: Standing{Row: row}})
	}
	return &t.minutes.Items[i]
}

// known is the item of a row that is on the agenda; nil where it is not.
func (t *teller) known(row string) *Item {
	if _, held := t.at[row]; !held {
		return nil
	}
	return t.item(row)
}

func (t *teller) tell(e Event) error {
	t.minutes.Last = e
	if !strings.HasPrefix(e.Object, t.prefix) {
		return nil
	}
	row, _ := strings.CutPrefix(e.Object, t.prefix+"rows/")
	m := &t.minutes.Meeting
	switch e.Verb {
	case OpenMeeting:
		d, err := dataOf[meetingOpened](e)
		if err != nil {
			return err
		}
		*m = Meeting{Project: t.minutes.Project.ID, ID: strings.TrimPrefix(e.Object, t.prefix+"meetings/"), Title: d.Title, Place: d.Place,
			Present: d.Present, Guests: d.Guests, Opened: e.Time, OpenedBy: e.Actor, First: e.Seq, Decisions: map[string]Decision{}}
		t.minutes.Arrivals = []Arrival{{e.Time, d.Present, d.Guests}}
		for _, s := range d.Rows {
			m.Queue = append(m.Queue, s.Row)
			t.item(s.Row).Before = s
		}
	case AttendMeeting:
		d, err := dataOf[meetingOpened](e)
		if err != nil {
			return err
		}
		m.Present, m.Guests = d.Present, d.Guests
		t.minutes.Arrivals = append(t.minutes.Arrivals, Arrival{e.Time, d.Present, d.Guests})
	case DecideRow:
		d, err := dataOf[decided](e)
		if err != nil {
			return err
		}
		t.decided(row, d)
	case TakePosition, RecordPosition:
		d, err := dataOf[recorded](e)
		if err != nil {
			return err
		}
		if d.Before != nil && t.known(row) == nil && d.Meeting == m.ID {
			m.Queue = append(m.Queue, row)
			t.item(row).Before = *d.Before
		}
		if i := t.known(row); i != nil {
			i.Said = append(i.Said, d.Position)
		}
	case Unify:
		if i := t.known(row); i != nil {
			i.Rewritten = append(i.Rewritten, Rewriting{e.Time, e.Actor})
		}
	case MergeRows:
		d, err := dataOf[struct{ Into string }](e)
		if err != nil {
			return err
		}
		if i := t.known(row); i != nil {
			i.Into = d.Into
		}
	case CloseMeeting:
		d, err := dataOf[meetingClosed](e)
		if err != nil {
			return err
		}
		m.Closed, m.ClosedBy, m.Last = e.Time, e.Actor, e.Seq
		t.end(d.Rows)
	}
	return nil
}

func (t *teller) decided(row string, d decided) {
	known := t.known(row) != nil
	i := t.item(row)
	if !known { // taken up besides the agenda: how it stood before is not known better than this
		i.Before = d.Standing
	}
	if i.Decision != nil {
		i.Earlier = append(i.Earlier, *i.Decision)
	}
	i.Decision, i.Decided = &d.Decision, d.Standing
	t.minutes.Meeting.Decisions[row] = d.Decision
}

// end says how the rows stood at the end.
func (t *teller) end(rows []Standing) {
	for _, s := range rows {
		i := t.item(s.Row)
		if i.After = s; !s.Gone { // a merge was taken back
			i.Into = ""
		}
	}
}

// dataOf gives what an event holds.
func dataOf[T any](e Event) (d T, err error) {
	if err = json.Unmarshal(e.Data, &d); err != nil {
		err = fmt.Errorf("read event %d: %w", e.Seq, err)
	}
	return d, err
}
