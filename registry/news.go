package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// News is what one event changed for one subscription.
type News struct {
	Member       string       `json:"member"`
	Subscription string       `json:"subscription"`
	Seq          uint64       `json:"seq"`  // of the event
	Time         time.Time    `json:"time"` // of the event
	Verb         Verb         `json:"verb"` // of the event
	Text         Ref          `json:"text"` // the revision that came; without number for a step of the procedure
	Before       int          `json:"before,omitempty"`
	Title        string       `json:"title"`  // of the standard
	Number       string       `json:"number"` // of the standard; "" where it has none
	Regions      []string     `json:"regions,omitempty"`
	Step         string       `json:"step,omitempty"` // of the procedure, in Chinese
	Changes      []NewsChange `json:"changes,omitempty"`
	More         int          `json:"more,omitempty"` // further changes
}

// NewsChange is what became of one clause.
type NewsChange struct {
	Kind    compare.ChangeKind `json:"kind"`
	Clause  string             `json:"clause"`            // Clause.ID
	Name    string             `json:"name"`              // as it is cited
	Fits    Fit                `json:"fits,omitempty"`    // of a search or a profile
	Title   []compare.Edit     `json:"title,omitempty"`   // where the title changed
	Words   []compare.Edit     `json:"words,omitempty"`   // what changed, with a few words around it
	Demands []string           `json:"demands,omitempty"` // changed requirements, a sentence each
}

// Fit says how a clause now stands to a search or a profile.
type Fit string

const (
	FitsNow  Fit = "now"       // it is found, and is new or has changed
	FitsNone Fit = "no-longer" // it was found and is not any more
)

// Bounds of news.
const (
	maxNews        = 200 // that are kept of one subscription
	maxNewsChanges = 40  // clauses of one
	maxNewsWords   = 1500
	maxRun         = 800 // characters of one stretch
	around         = 30  // characters kept on each side of a change
)

var (
	news       = table[News]{"news", "条动态"}
	newsCursor = table[uint64]{"news-cursor", "个进度"}
)

// Matching tells which clauses of a text a search finds, by ID; k is what is known
// of the text's standard. It reads nothing else, so that it gives the same for the
// same, and may be asked inside a transaction.
type Matching func(query string, t Text, k Record) (map[string]bool, error)

// Herald follows the events and keeps what they mean for each subscription. How
// far it came is kept in the transaction of the news, so that a crash neither
// loses nor doubles any. There is one at a time.
type Herald struct {
	reg   *Registry
	match Matching
	mu    sync.Mutex
	seq   uint64 // followed up to here
	began bool
}

// Herald makes one; match answers searches and profiles.
func (r *Registry) Herald(match Matching) *Herald { return &Herald{reg: r, match: match} }

// Follow keeps up with the registry until ctx ends. What goes wrong is logged
// and tried again.
func (h *Herald) Follow(ctx context.Context, log *slog.Logger) error {
	for {
		changed := h.reg.Changed()
		var again <-chan time.Time
		if err := h.CatchUp(); err != nil {
			log.Error("news of subscriptions", "error", err)
			again = time.After(time.Minute)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		case <-again:
		}
	}
}

// CatchUp tells of all events so far.
func (h *Herald) CatchUp() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.begin(); err != nil {
		return fmt.Errorf("news: %w", err)
	}
	for {
		list, err := h.reg.Events(h.seq, watchBatch)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, e := range list {
			if err := h.tell(e); err != nil {
				return fmt.Errorf("news of event %d: %w", e.Seq, err)
			}
			h.seq = e.Seq
		}
	}
}

// begin finds where the last one stopped: an event without news is read again,
// which does no harm.
func (h *Herald) begin() error {
	if h.began {
		return nil
	}
	return h.reg.store.View(func(tx Tx) (err error) {
		var kept bool
		if h.seq, kept, err = newsCursor.find(tx, "seq"); err != nil {
			return err
		}
		all, err := subscriptions.all(tx)
		if err != nil {
			return err
		}
		head, _, err := heads.find(tx, "head")
		if err != nil {
			return err
		}
		first := head.Seq // nobody asked for what was before the first subscription
		for _, s := range all {
			first = min(first, s.Since)
		}
		if !kept || first > h.seq {
			h.seq = first
		}
		h.began = true
		return nil
	})
}

// tell keeps the news of one event.
func (h *Herald) tell(e Event) error {
	var list []News
	err := h.reg.store.View(func(tx Tx) error {
		all, err := subscriptions.all(tx)
		if err != nil || len(all) == 0 {
			return err
		}
		list, err = h.newsOf(tx, e, all)
		return err
	})
	if err != nil || len(list) == 0 {
		return err
	}
	err = h.reg.store.Update(func(tx Tx) error {
		for _, n := range list {
			if _, held, err := subscriptions.find(tx, n.Member, n.Subscription); err != nil {
				return err
			} else if !held { // ended meanwhile
				continue
			}
			if err := news.put(tx, n, n.Member, n.Subscription, seq(n.Seq)); err != nil {
				return err
			}
			if err := n.makeRoom(tx); err != nil {
				return err
			}
		}
		return newsCursor.put(tx, e.Seq, "seq")
	})
	if err == nil {
		h.reg.announce() // there is something to deliver
	}
	return err
}

// makeRoom forgets the oldest news of a subscription that has too many. What was
// not delivered by then is counted as given up.
func (n News) makeRoom(tx Tx) error {
	list, err := news.all(tx, n.Member, n.Subscription)
	if err != nil || len(list) <= maxNews {
		return err
	}
	d, _, err := deliveries.find(tx, n.Member, n.Subscription)
	if err != nil {
		return err
	}
	for _, old := range list[:len(list)-maxNews] {
		if old.Seq > d.Pushed && d.Tries > 0 {
			d.GivenUp++
		}
		if err := news.delete(tx, old.Member, old.Subscription, seq(old.Seq)); err != nil {
			return err
		}
	}
	return deliveries.put(tx, d, d.Member, d.Subscription)
}

// arrival is a revision that became the current text.
type arrival struct {
	old, now Text // old is empty for the first text
	changes  []compare.Change
	plain    [2]map[string]string // citations of the old and of the new text
	record   Record
}

// newsOf tells what an event means for each subscription.
func (h *Herald) newsOf(tx Tx, e Event, all []Subscription) (out []News, err error) {
	rest, of := strings.CutPrefix(e.Object, "standards/")
	ref, errRef := ParseRef(rest)
	if !of || errRef != nil {
		return nil, nil
	}
	step, isStep := TransitionOf(e.Verb)
	if !isStep && ref.Revision == 0 {
		return nil, nil
	}
	std, held, err := standards.find(tx, ref.Standard)
	if err != nil || !held {
		return nil, err
	}
	base := News{Seq: e.Seq, Time: e.Time, Verb: e.Verb, Text: Ref{Standard: std.ID, Revision: ref.Revision},
		Title: std.Header.Title, Number: std.Header.Primary(), Regions: std.Header.Regions}
	var came *arrival
	if isStep {
		base.Step, base.Text.Revision = step.Zh, 0
	} else if came, err = arrivalOf(tx, e, ref); err != nil || came == nil {
		return nil, err
	} else {
		if came.record, err = recordAt(tx, std.ID, h.reg.today()); err != nil {
			return nil, err
		}
		base.Before = came.old.Revision.Number
		base.Title, base.Number, base.Regions = came.now.Revision.Header.Title, came.now.Revision.Header.Primary(), came.now.Revision.Header.Regions
	}
	found := map[string][]NewsChange{} // by search, so that each is made once
	for _, s := range all {
		if e.Seq <= s.Since {
			continue
		}
		n := base
		n.Member, n.Subscription = s.Member, s.ID
		switch {
		case s.Kind == ToStandard && s.On.Standard == std.ID:
			if came != nil {
				n.Changes = came.all()
			}
		case s.Kind == ToClause && s.On.Standard == std.ID && came != nil:
			n.Changes = came.on(s.On.Clause)
		case (s.Kind == ToSearch || s.Kind == ToProfile) && came != nil:
			key := string(s.Kind) + "?" + s.Query
			if s.Kind == ToProfile {
				key += " " + s.Member // who ruled clauses out
			}
			if _, done := found[key]; !done {
				if found[key], err = h.matching(tx, came, s); err != nil {
					return nil, err
				}
			}
			n.Changes = found[key]
		default:
			continue
		}
		if len(n.Changes) == 0 && (s.Kind != ToStandard || came != nil && came.old.Document != nil && !came.face()) {
			continue
		}
		if over := len(n.Changes) - maxNewsChanges; over > 0 {
			n.Changes, n.More = n.Changes[:maxNewsChanges], over
		}
		out = append(out, n)
	}
	return out, nil
}

// arrivalOf reads the revision that an event brought; nil where it brought none,
// or an older text than the current one.
func arrivalOf(tx Tx, e Event, ref Ref) (*arrival, error) {
	var data struct {
		Text    string `json:"text"`
		Current int    `json:"current"`
		Parent  int    `json:"parent"`
	}
	if e.Data == nil || json.Unmarshal(e.Data, &data) != nil || data.Text == "" || data.Current != ref.Revision {
		return nil, nil
	}
	a := &arrival{}
	var err error
	if a.now, err = textAt(tx, Ref{Standard: ref.Standard, Revision: ref.Revision}); err != nil {
		return nil, err
	}
	a.plain[1] = a.now.Document.Citations()
	if data.Parent == 0 {
		a.changes = append(a.changes, compare.Revisions(&editor.Document{}, a.now.Document).Clauses...)
		return a, nil
	}
	if a.old, err = textAt(tx, Ref{Standard: ref.Standard, Revision: data.Parent}); err != nil {
		return nil, err
	}
	a.plain[0] = a.old.Document.Citations()
	a.changes = compare.Revisions(a.old.Document, a.now.Document).Clauses
	return a, nil
}

// face tells whether the header changed in what people see.
func (a *arrival) face() bool {
	x, y := a.old.Revision.Header, a.now.Revision.Header
	return x.Title != y.Title || x.Status != y.Status || !slices.Equal(x.Numbers, y.Numbers) || x.Published != y.Published || x.Effective != y.Effective
}

// all are the changes of a text that are any. Of a first text its clauses are
// not listed: all of it is new.
func (a *arrival) all() (out []NewsChange) {
	if a.old.Document == nil {
		return nil
	}
	for _, c := range a.changes {
		if c.Kind != compare.Unchanged || c.Elsewhere {
			out = append(out, a.say(c))
		}
	}
	return out
}

// on are the changes that a clause had a part in.
func (a *arrival) on(clause string) (out []NewsChange) {
	has := func(k *editor.Clause) bool { return k.ID == clause }
	for _, c := range a.changes {
		if (c.Kind != compare.Unchanged || c.Elsewhere) && (slices.ContainsFunc(c.Old, has) || slices.ContainsFunc(c.New, has)) {
			out = append(out, a.say(c))
		}
	}
	return out
}

// matching are the clauses that a search or a profile finds now and that are new
// or changed, and those that it found and does not find any more.
func (h *Herald) matching(tx Tx, a *arrival, s Subscription) (out []NewsChange, err error) {
	find := func(t Text) (map[string]bool, error) {
		if t.Document == nil {
			return nil, nil
		}
		if s.Kind == ToSearch {
			return h.match(s.Query, t, a.record)
		}
		q, err := url.ParseQuery(s.Query)
		if err != nil {
			return nil, err
		}
		return ReadProfile(q).matching(tx, s.Member, t)
	}
	was, err := find(a.old)
	if err != nil {
		return nil, err
	}
	is, err := find(a.now)
	if err != nil {
		return nil, err
	}
	for _, c := range a.changes {
		found := func(in map[string]bool) func(*editor.Clause) bool {
			return func(k *editor.Clause) bool { return in[k.ID] }
		}
		before, now := slices.ContainsFunc(c.Old, found(was)), slices.ContainsFunc(c.New, found(is))
		same := c.Kind == compare.Unchanged || c.Kind == compare.Moved
		switch {
		case now && (!same || !before):
			n := a.say(c)
			n.Fits = FitsNow
			out = append(out, n)
		case before && !now:
			n := a.say(c)
			n.Fits = FitsNone
			out = append(out, n)
		}
	}
	return out, nil
}

// say tells a change in its words.
func (a *arrival) say(c compare.Change) NewsChange {
	n := NewsChange{Kind: c.Kind, Title: c.Title}
	at := slices.Concat(c.New, c.Old)[0]
	n.Clause, n.Name = at.ID, clipped(strings.TrimSpace(at.Number+" "+at.Title), 80)
	if n.Name == "" {
		n.Name = clipped(plainClause(at, a.plain[1]), 20)
	}
	for _, d := range c.Differences {
		if len(n.Demands) < 10 {
			n.Demands = append(n.Demands, d.Summary)
		}
	}
	if c.Kind == compare.Unchanged || c.Kind == compare.Moved {
		return n
	}
	join := func(list []*editor.Clause, citations map[string]string) string {
		var parts []string
		for _, k := range list {
			parts = append(parts, plainClause(k, citations))
		}
		return strings.Join(parts, "\n")
	}
	n.Words = excerptOf(compare.Words(join(c.Old, a.plain[0]), join(c.New, a.plain[1])))
	return n
}

func plainClause(k *editor.Clause, citations map[string]string) string {
	return strings.TrimSpace(editor.PlainText(editor.Cite(k.Text, func(id string) string { return citations[id] })))
}

// excerptOf keeps what changed and a few characters around it.
func excerptOf(edits []compare.Edit) (out []compare.Edit) {
	if !slices.ContainsFunc(edits, func(e compare.Edit) bool { return e.Op != compare.Equal }) {
		return nil
	}
	room := maxNewsWords
	for i, e := range edits {
		r := []rune(e.Text)
		switch first, last := i == 0, i == len(edits)-1; {
		case e.Op != compare.Equal && len(r) > maxRun:
			e.Text = string(r[:maxRun]) + "…"
		case e.Op == compare.Equal && first && len(r) > around:
			e.Text = "…" + string(r[len(r)-around:])
		case e.Op == compare.Equal && last && len(r) > around:
			e.Text = string(r[:around]) + "…"
		case e.Op == compare.Equal && len(r) > 2*around+1:
			e.Text = string(r[:around]) + "…" + string(r[len(r)-around:])
		}
		out = append(out, e)
		if room -= len([]rune(e.Text)); room < 0 {
			return append(out, compare.Edit{Op: compare.Equal, Text: "…"})
		}
	}
	return out
}
