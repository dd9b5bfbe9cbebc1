package registry

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// China is the time zone of all four regions: their days and weeks.
var China = time.FixedZone("CST", 8*3600)

// Tallies counts rows by state, in the order of States.
type Tallies [4]int

// Of is the number of rows in a state.
func (t Tallies) Of(s State) int { return t[slices.Index(States, s)] }

// Total counts all rows.
func (t Tallies) Total() (n int) {
	for _, k := range t {
		n += k
	}
	return n
}

// ByState is the same as a map.
func (t Tallies) ByState() map[State]int {
	out := map[State]int{}
	for i, s := range States {
		out[s] = t[i]
	}
	return out
}

func (t *Tallies) add(s State, n int) { t[slices.Index(States, s)] += n }

// ledger remembers, as of an event, what the log says of each project: a page
// that shows how far one is reads only the events since.
type ledger struct {
	mu       sync.Mutex
	seq      uint64
	projects map[string]*history
	visits   map[string][]time.Time // the last two sign-ins of a member
	names    map[string]string      // one copy of each name that the log repeats
}

// history is a project's past: the log, read from its beginning.
type history struct {
	rule    Rule
	regions []string
	initial int // rows that the alignment made
	rows    map[string]*rowPast
	steps   []step
	touches []touch
	now     []RowNow        // the rows as they are, but for the stale ones; nil: to be read
	stale   map[string]bool // rows that events have named since
}

// rowPast is what the log says of a row.
type rowPast struct {
	state State
	gone  bool
	born  bool                       // of an event, not of the alignment
	hash  string                     // of its unified clause; "" without one
	set   time.Time                  // when that text came
	since time.Time                  // when its state came
	last  time.Time                  // when it was last named
	texts []text                     // the former ones, oldest first
	said  map[string]map[string]word // by region and text
}

// text is a unified clause that an event replaced.
type text struct {
	hash string
	by   uint64
}

// word is what a region said on a text, in the event seq.
type word struct {
	verdict Verdict
	seq     uint64
}

// step is a row's change of state; From is "" for a row that comes, To for one
// that goes.
type step struct {
	time     time.Time
	row      string
	from, to State
}

// touch is an event of a project in a few words.
type touch struct {
	seq   uint64
	time  time.Time
	verb  Verb
	actor string
	row   string
}

// follow reads the events up to the newest.
func (l *ledger) follow(tx Tx) error {
	head, _, err := heads.find(tx, "head")
	if err != nil || l.projects != nil && head.Seq == l.seq {
		return err
	}
	if l.projects == nil || head.Seq < l.seq {
		l.seq, l.projects, l.visits, l.names = 0, map[string]*history{}, map[string][]time.Time{}, map[string]string{}
	}
	err = events.between(tx, events.key(seq(l.seq+1)), after(events.key()), func(e Event) error {
		if err := l.read(e); err != nil {
			return fmt.Errorf("history: event %d: %w", e.Seq, err)
		}
		l.seq = e.Seq
		return nil
	})
	if err != nil {
		l.projects = nil // half read: begin anew next time
	}
	return err
}

func (l *ledger) name(s string) string {
	if known, ok := l.names[s]; ok {
		return known
	}
	l.names[s] = s
	return s
}

func (l *ledger) read(e Event) error {
	if e.Verb == SignIn {
		v := append(l.visits[e.Actor], e.Time)
		l.visits[e.Actor] = v[max(0, len(v)-2):]
	}
	rest, ok := strings.CutPrefix(e.Object, "projects/")
	if !ok {
		return nil
	}
	project, row, _ := strings.Cut(rest, "/rows/")
	project, _, _ = strings.Cut(project, "/")
	h := l.projects[project]
	if h == nil {
		h = &history{rule: ByAll, rows: map[string]*rowPast{}}
		l.projects[l.name(project)] = h
	}
	h.outdate(e.Verb, row)
	row = l.name(row)
	h.touches = append(h.touches, touch{e.Seq, e.Time, Verb(l.name(string(e.Verb))), l.name(e.Actor), row})
	return h.read(e, row)
}

// outdate notes which rows an event may have changed: the one that it names, or
// any.
func (h *history) outdate(verb Verb, row string) {
	switch verb {
	case Unify, TakePosition, RecordPosition, ConfirmRow, ReopenRow, ReviewRow, DecideRow, AddComment, ResolveComment, ReopenComment:
		if row != "" && h.now != nil {
			if h.stale == nil {
				h.stale = map[string]bool{}
			}
			h.stale[row] = true
			return
		}
	}
	h.now, h.stale = nil, nil
}

// eventData is what the fold takes from an event, whatever its verb.
type eventData struct {
	Participants []Participant   `json:"participants"`
	Rule         Rule            `json:"rule"`
	Rows         json.RawMessage `json:"rows"` // how many, or which

	Unified *struct {
		Hash string `json:"hash"`
	} `json:"unified"`
	Region  string           `json:"region"`
	Verdict Verdict          `json:"verdict"`
	Hash    string           `json:"hash"`
	Into    string           `json:"into"`
	Undoes  uint64           `json:"undoes"`
	Revised map[string]Basis `json:"revised"`

	Field string          `json:"field"`
	New   json.RawMessage `json:"new"`
}

// read folds one event into the history. A verb that it does not know names a
// row at most: what it did to the rows is seen from the rows (amended).
func (h *history) read(e Event, row string) error {
	var d eventData
	switch e.Verb {
	case CreateProject, ChangeProject, Unify, TakePosition, RecordPosition, MovePassage, SplitRow, MergeRows, ReviewRow, UndoRow:
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return err
		}
	}
	switch e.Verb {
	case CreateProject:
		h.rule, h.regions = d.Rule, Project{Participants: d.Participants}.regions()
		if err := json.Unmarshal(d.Rows, &h.initial); err != nil {
			return err
		}
		for range h.initial {
			h.steps = append(h.steps, step{time: e.Time, to: Untouched})
		}
	case ChangeProject:
		if d.Field == "rule" {
			if err := json.Unmarshal(d.New, &h.rule); err != nil {
				return err
			}
			for _, id := range slices.Sorted(maps.Keys(h.rows)) {
				if !h.rows[id].gone {
					h.judge(id, e.Time)
				}
			}
		}
	case Unify:
		hash := ""
		if d.Unified != nil {
			hash = d.Unified.Hash
		}
		h.row(row, e).write(hash, e)
		h.judge(row, e.Time)
	case TakePosition, RecordPosition:
		past := h.row(row, e)
		past.write(d.Hash, e) // nobody speaks on another text than the row's
		past.say(d.Region, d.Hash, word{d.Verdict, e.Seq})
		h.judge(row, e.Time)
	case ReviewRow:
		h.review(h.row(row, e), row, e.Time, d.Revised)
	case UndoRow:
		return h.undo(e, row, d)
	case MovePassage, SplitRow:
		h.row(row, e)
		h.row(d.Into, e)
	case MergeRows:
		h.merge(h.row(row, e), h.row(d.Into, e))
		h.judge(row, e.Time)
		h.judge(d.Into, e.Time)
	default:
		if row != "" {
			h.row(row, e)
		}
	}
	return nil
}

// row is the past of a row that an event names. One that the event itself made
// (Registry.newRow names it by the event) comes with it; any other was there.
func (h *history) row(id string, e Event) *rowPast {
	past := h.rows[id]
	if past == nil {
		past = &rowPast{state: Untouched, since: e.Time, said: map[string]map[string]word{}}
		if strings.HasPrefix(id, "r"+seq(e.Seq)[8:]) {
			past.born = true
			h.steps = append(h.steps, step{time: e.Time, row: id, to: Untouched})
		}
		h.rows[id] = past
	}
	if past.gone { // it is named again: it has come back
		past.gone = false
		h.steps = append(h.steps, step{time: e.Time, row: id, to: past.state})
	}
	past.last = e.Time
	return past
}

func (p *rowPast) say(region, hash string, w word) {
	if p.said[region] == nil {
		p.said[region] = map[string]word{}
	}
	if p.said[region][hash].seq < w.seq {
		p.said[region][hash] = w
	}
}

// write sets the text of the row.
func (p *rowPast) write(hash string, e Event) {
	if hash != p.hash {
		p.texts = append(p.texts, text{p.hash, e.Seq})
		p.hash, p.set = hash, e.Time
	}
}

// undo brings back what rows were before the event that is undone: rows that
// went, and the text of one.
func (h *history) undo(e Event, row string, d eventData) error {
	var rows []string
	if err := json.Unmarshal(d.Rows, &rows); err != nil {
		return err
	}
	if row != "" && !slices.Contains(rows, row) {
		rows = append(rows, row)
	}
	for _, id := range rows {
		past := h.row(id, e)
		if i := slices.IndexFunc(past.texts, func(t text) bool { return t.by == d.Undoes }); i >= 0 {
			past.write(past.texts[i].hash, e)
		}
		h.judge(id, e.Time)
	}
	return nil
}

// review ends the time in which a settled row waited for somebody to look at it
// because one of its texts had changed. That it began is told only here and in
// the row (Row.Revised).
func (h *history) review(past *rowPast, id string, at time.Time, revised map[string]Basis) {
	if past.state != Settled || len(revised) == 0 {
		return
	}
	h.steps = append(h.steps, step{h.opened(past, revised), id, Settled, Waiting}, step{at, id, Waiting, Settled})
	past.since = at
}

// opened is when a settled row began to wait for its review: with the first of
// the revisions, or when it was settled after that.
func (h *history) opened(past *rowPast, revised map[string]Basis) time.Time {
	var first time.Time
	for _, b := range revised {
		i, found := slices.BinarySearchFunc(h.touches, b.Event, func(t touch, seq uint64) int { return cmp.Compare(t.seq, seq) })
		if found && (first.IsZero() || h.touches[i].time.Before(first)) {
			first = h.touches[i].time
		}
	}
	if first.Before(past.since) {
		return past.since
	}
	return first
}

// merge gives all that was said on a row to another one, as MergeRows does.
func (h *history) merge(from, into *rowPast) {
	for region, texts := range from.said {
		for hash, w := range texts {
			into.say(region, hash, w)
		}
	}
	if into.hash == "" {
		into.hash, into.set = from.hash, from.set
	}
	from.gone = true
}

// judge sets the state of a row anew and notes the step.
func (h *history) judge(id string, at time.Time) {
	past := h.rows[id]
	now := h.stateOf(past)
	if past.gone {
		now = ""
	}
	if now == past.state {
		return
	}
	h.steps = append(h.steps, step{at, id, past.state, now})
	if past.since = at; now != "" {
		past.state = now
	}
}

func (h *history) stateOf(past *rowPast) State {
	if past.hash == "" {
		return Untouched
	}
	n := Tally{All: len(h.regions)}
	for _, region := range h.regions {
		n.add(past.said[region][past.hash].verdict)
	}
	return h.rule.state(n)
}

// amended is the history's steps with those that the log does not tell: a row
// that a correction emptied is gone, and what a verb that is not read here made
// of a row shows in the row itself. Each is dated by the last event that named
// the row or, for want of one, by the project's last.
func (h *history) amended() []step {
	steps := slices.Clone(h.steps)
	last := h.touches[len(h.touches)-1].time
	held := map[string]bool{}
	unnamed := 0
	for _, row := range h.now {
		held[row.ID] = true
		past, named := h.rows[row.ID]
		switch {
		case !named:
			unnamed++
			if row.State != Untouched {
				steps = append(steps, step{last, row.ID, Untouched, row.State})
			}
		case past.gone:
			steps = append(steps, step{past.last, row.ID, "", row.State})
		case past.state != row.State && row.Review:
			steps = append(steps, step{row.Since, row.ID, past.state, row.State})
		case past.state != row.State:
			steps = append(steps, step{past.last, row.ID, past.state, row.State})
		}
	}
	aligned := h.initial // rows of the alignment that no event named
	for _, id := range slices.Sorted(maps.Keys(h.rows)) {
		past := h.rows[id]
		if !past.born {
			aligned--
		}
		if !past.gone && !held[id] {
			steps = append(steps, step{past.last, id, past.state, ""})
		}
	}
	for ; aligned < unnamed; aligned++ {
		steps = append(steps, step{time: last, to: Untouched})
	}
	for ; aligned > unnamed; aligned-- {
		steps = append(steps, step{time: last, from: Untouched})
	}
	slices.SortStableFunc(steps, func(a, b step) int { return a.time.Compare(b.time) })
	return steps
}
