package registry

import (
	"cmp"
	"slices"
	"time"
)

// Progress says how far a project is, who owes what since when, and how it came
// there. Everything in it follows from the log and the rows.
type Progress struct {
	Project  Project
	Rows     []RowNow // in their order
	Counts   Tallies
	Chapters []ChapterProgress
	Regions  []RegionProgress
	People   []PersonProgress
	Missing  []string // regions that owe something and have no representative
	Days     []Day    // from the project's first day to its last event, without gaps
	Weeks    []Week   // likewise, the last one first
	Last     uint64   // the project's last event

	steps   []step
	touches []touch
}

// RowNow is a row as lists of progress show it.
type RowNow struct {
	ID, Topic, Chapter string
	Order              int
	State              State
	Since              time.Time          // when it came to be in this state
	Set                time.Time          // when its unified clause came to be what it is; zero without one
	Owing              []string           // regions that it waits for
	Opposed            []string           // regions that object or want a change
	Review             bool               // agreed, and it waits for somebody to look at it: one of its texts has changed
	Earlier            map[string]Verdict // of those owing: what they last said on a former text
}

// Debt is what somebody has to do on a row: a region, to take a position; the
// secretariat, to settle a dispute or to review a row whose texts have changed.
type Debt struct {
	Row    RowNow
	Region string // whose position is owed; "" for the secretariat's
	Since  time.Time
}

// ChapterProgress counts the rows of a chapter of the unified draft.
type ChapterProgress struct {
	Name   string
	Counts Tallies
}

// RegionProgress is what a region said on the texts as they stand, and what it
// owes, the oldest first.
type RegionProgress struct {
	Region string
	Said   map[Verdict]int
	Owes   []Debt
}

// PersonProgress is what a member owes, the oldest first. What a region owes
// each of its representatives owes, until one of them speaks.
type PersonProgress struct {
	Member Member
	Owes   []Debt
	Drafts int // rows without a unified clause, for the secretariat
}

// Day is how the rows stood at the end of a day in China.
type Day struct {
	Date   time.Time // its midnight
	Counts Tallies
}

// Week counts, from a Monday on, the rows that were settled and those that were
// settled no longer: opened again, or gone.
type Week struct {
	Monday          time.Time
	Settled, Opened int
}

// Progress reads how far a project is.
func (r *Registry) Progress(id string) (p Progress, err error) {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	err = r.store.View(func(tx Tx) error {
		if p.Project, err = projects.get(tx, id); err != nil {
			return err
		}
		if err := r.ledger.follow(tx); err != nil {
			return err
		}
		h := r.ledger.projects[id]
		if h == nil {
			return refuse(NotFound, "", "记录中没有项目 %s 的事件：请运行 tongbiao check-store。 The log holds no event of project %s: run tongbiao check-store.", id, id)
		}
		if err := h.look(tx, p.Project); err != nil {
			return err
		}
		people, err := peopleOf(tx, id)
		if err != nil {
			return err
		}
		p.Rows, p.touches, p.steps = h.now, h.touches, h.amended()
		p.Last = h.touches[len(h.touches)-1].seq
		p.count(h)
		p.owe(people)
		p.past()
		return nil
	})
	return p, err
}

// Visit is when a member signed in before the last time; zero for who did not.
func (r *Registry) Visit(member string) (at time.Time, err error) {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	err = r.store.View(r.ledger.follow)
	if v := r.ledger.visits[member]; len(v) == 2 {
		at = v[0]
	}
	return at, err
}

// look reads the rows as they are: all, or those that are not known to be the
// same.
func (h *history) look(tx Tx, p Project) error {
	if h.now == nil {
		rows, said, err := spoken(tx, p.ID)
		if err != nil {
			return err
		}
		h.now = make([]RowNow, 0, len(rows))
		for _, row := range rows {
			h.now = append(h.now, h.rowNow(p, row, said[row.ID]))
		}
		return nil
	}
	if len(h.stale) == 0 {
		return nil
	}
	h.now = slices.Clone(h.now) // others may be showing what was
	for i := range h.now {
		if !h.stale[h.now[i].ID] {
			continue
		}
		row, err := rowTable.get(tx, p.ID, h.now[i].ID)
		if err != nil {
			return err
		}
		said, err := positions.all(tx, p.ID, row.ID)
		if err != nil {
			return err
		}
		h.now[i] = h.rowNow(p, row, said)
	}
	h.stale = nil
	return nil
}

func (h *history) rowNow(p Project, row Row, said []Position) RowNow {
	v := viewOf(p, row, said)
	n := RowNow{ID: row.ID, Topic: row.Topic, Chapter: row.Chapter, Order: row.Order, State: v.State, Since: p.Created, Owing: v.Owing}
	past := h.rows[row.ID]
	if past != nil {
		n.Since = past.since
	}
	if row.Unified != nil {
		n.Set = row.Unified.Time
		if past != nil && past.hash == row.Unified.Hash {
			n.Set = past.set
		}
		switch n.Review = v.State == Waiting && len(v.Owing) == 0; {
		case n.Review && past != nil:
			n.Since = h.opened(past, row.Revised)
		case past == nil || past.state != v.State:
			n.Since = n.Set
		}
	}
	for _, region := range p.regions() {
		if s := v.Current[region]; s.Verdict == Object || s.Verdict == AgreeWithChange {
			n.Opposed = append(n.Opposed, region)
		}
	}
	for _, s := range v.Positions {
		if slices.Contains(v.Owing, s.Region) {
			if n.Earlier == nil {
				n.Earlier = map[string]Verdict{}
			}
			n.Earlier[s.Region] = s.Verdict
		}
	}
	return n
}

// count sums the rows up: all, by chapter, by region.
func (p *Progress) count(h *history) {
	chapters := map[string]int{}
	said := map[string]map[Verdict]int{}
	for _, row := range p.Rows {
		p.Counts.add(row.State, 1)
		at, known := chapters[row.Chapter]
		if !known {
			at = len(p.Chapters)
			chapters[row.Chapter] = at
			p.Chapters = append(p.Chapters, ChapterProgress{Name: row.Chapter})
		}
		p.Chapters[at].Counts.add(row.State, 1)
	}
	regions := p.Project.regions()
	for _, region := range regions {
		said[region] = map[Verdict]int{}
		for _, row := range p.Rows {
			if past := h.rows[row.ID]; past != nil && past.hash != "" {
				if w, spoke := past.said[region][past.hash]; spoke {
					said[region][w.verdict]++
				}
			}
		}
		p.Regions = append(p.Regions, RegionProgress{Region: region, Said: said[region]})
	}
}

// owe says who owes what: the regions, and the people.
func (p *Progress) owe(people []Member) {
	var open []Debt // for the secretariat
	for _, row := range p.Rows {
		if row.State == Disputed || row.Review {
			open = append(open, Debt{Row: row, Since: row.Since})
		}
		for _, region := range row.Owing {
			at := slices.IndexFunc(p.Regions, func(r RegionProgress) bool { return r.Region == region })
			p.Regions[at].Owes = append(p.Regions[at].Owes, Debt{row, region, row.Set})
		}
	}
	oldest(open)
	for i := range p.Regions {
		r := &p.Regions[i]
		oldest(r.Owes)
		spoken := false
		for _, m := range people {
			if m.Is(Representative) && m.Region == r.Region {
				spoken = true
				p.People = append(p.People, PersonProgress{Member: m.shown(), Owes: r.Owes})
			}
		}
		if !spoken && len(r.Owes) > 0 {
			p.Missing = append(p.Missing, r.Region)
		}
	}
	for _, m := range people {
		if m.Is(Secretary) {
			p.People = append(p.People, PersonProgress{Member: m.shown(), Owes: open, Drafts: p.Counts.Of(Untouched)})
		}
	}
}

// oldest sorts debts by their age, then by the order of their rows.
func oldest(debts []Debt) {
	slices.SortStableFunc(debts, func(a, b Debt) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Row.Order, b.Row.Order))
	})
}

// past sums the steps up by day and by week.
func (p *Progress) past() {
	var counts Tallies
	for _, s := range p.steps {
		date := dayOf(s.time)
		for n := len(p.Days); n > 0 && p.Days[n-1].Date.Before(date); n++ {
			p.Days = append(p.Days, Day{p.Days[n-1].Date.AddDate(0, 0, 1), counts})
		}
		if len(p.Days) == 0 {
			p.Days = append(p.Days, Day{Date: date})
		}
		if s.from != "" {
			counts.add(s.from, -1)
		}
		if s.to != "" {
			counts.add(s.to, 1)
		}
		p.Days[len(p.Days)-1].Counts = counts
		week := p.week(monday(date))
		if s.to == Settled {
			week.Settled++
		}
		if s.from == Settled {
			week.Opened++
		}
	}
	if n := len(p.touches); n > 0 && len(p.Days) > 0 {
		for end := dayOf(p.touches[n-1].time); p.Days[len(p.Days)-1].Date.Before(end); {
			p.Days = append(p.Days, Day{p.Days[len(p.Days)-1].Date.AddDate(0, 0, 1), counts})
		}
		p.week(monday(p.Days[len(p.Days)-1].Date))
	}
	slices.Reverse(p.Weeks)
}

// week is the week that begins on a day, with all between it and the last.
func (p *Progress) week(begins time.Time) *Week {
	for n := len(p.Weeks); n == 0 || p.Weeks[n-1].Monday.Before(begins); n++ {
		next := begins
		if n > 0 {
			next = p.Weeks[n-1].Monday.AddDate(0, 0, 7)
		}
		p.Weeks = append(p.Weeks, Week{Monday: next})
	}
	return &p.Weeks[len(p.Weeks)-1]
}

// dayOf is the midnight at which a day in China began.
func dayOf(t time.Time) time.Time {
	y, m, d := t.In(China).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, China)
}

func monday(day time.Time) time.Time {
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// Happened is what came about in a project from a moment on.
type Happened struct {
	Since  time.Time
	Before Tallies // how the rows stood
	Moves  []Move  // rows whose state is another one now, in their order
	Events int
	Done   []Done // by verb and actor, the most frequent first
}

// Move is a row whose state is another one than it was. From is "" where it was
// not there.
type Move struct {
	Row  RowNow
	From State
}

// Done counts what a member did, in how many rows; Last is the last event.
type Done struct {
	Verb   Verb
	Actor  string
	Events int
	Rows   int
	Last   time.Time
}

// Happened tells what came about since a moment.
func (p Progress) Happened(since time.Time) Happened {
	h := Happened{Since: since}
	was := map[string]State{}
	for _, s := range p.steps {
		if !s.time.Before(since) {
			break
		}
		if s.from != "" {
			h.Before.add(s.from, -1)
		}
		if s.to != "" {
			h.Before.add(s.to, 1)
		}
		if s.row != "" {
			was[s.row] = s.to
		}
	}
	for _, row := range p.Rows {
		from, named := was[row.ID]
		if h.Before.Total() == 0 || !named && !p.came(row.ID) {
			from = Untouched // the rows that the project began with are not news
		}
		if from != row.State {
			h.Moves = append(h.Moves, Move{row, from})
		}
	}
	at, _ := slices.BinarySearchFunc(p.touches, since, func(t touch, at time.Time) int { return t.time.Compare(at) })
	h.Events = len(p.touches) - at
	h.Done = doneIn(p.touches[at:])
	return h
}

// came tells whether an event brought the row, rather than the alignment.
func (p Progress) came(id string) bool {
	return slices.ContainsFunc(p.steps, func(s step) bool { return s.row == id && s.from == "" })
}

func doneIn(touches []touch) []Done {
	type who struct {
		verb  Verb
		actor string
	}
	at := map[who]int{}
	rows := map[who]map[string]bool{}
	var out []Done
	for _, t := range touches {
		k := who{t.verb, t.actor}
		if rows[k] == nil {
			at[k], rows[k] = len(out), map[string]bool{}
			out = append(out, Done{Verb: t.verb, Actor: t.actor})
		}
		d := &out[at[k]]
		d.Events++
		d.Last = t.time
		if t.row != "" {
			rows[k][t.row] = true
		}
		d.Rows = len(rows[k])
	}
	slices.SortStableFunc(out, func(a, b Done) int { return cmp.Or(b.Events-a.Events, b.Last.Compare(a.Last)) })
	return out
}
