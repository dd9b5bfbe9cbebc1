package registry

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tongbiao/editor"
)

// Standard is a work itself, whatever its text says today: a standard or a
// regulation. It is named by an ID that never changes.
type Standard struct {
	ID        string        `json:"id"`
	Header    editor.Header `json:"header"`    // of the current revision
	Current   int           `json:"current"`   // number of the revision that is shown when none is named
	Revisions int           `json:"revisions"` // how many there are; they are numbered from 1
	Clauses   int           `json:"clauses"`   // of the current revision
	Created   time.Time     `json:"created"`
}

// Region is the region whose standard this is; "" for a national one and for
// one that several regions share.
func (s Standard) Region() string {
	if len(s.Header.Regions) == 1 {
		return s.Header.Regions[0]
	}
	return ""
}

var standards = table[Standard]{"standard", "项标准"}

// Standard finds a standard by its ID.
func (r *Registry) Standard(id string) (s Standard, err error) {
	err = r.store.View(func(tx Tx) error {
		s, err = standards.get(tx, id)
		return err
	})
	return s, err
}

// Filter narrows a list of standards; an empty field narrows nothing.
type Filter struct {
	Region string // code; "national" for those without region
	Kind   string // Header.Kind
	Text   string // in title or number
}

func (f Filter) takes(s Standard) bool {
	if f.Kind != "" && s.Header.Kind != f.Kind {
		return false
	}
	if f.Region == "national" && len(s.Header.Regions) > 0 {
		return false
	}
	if f.Region != "" && f.Region != "national" && !contains(s.Header.Regions, f.Region) {
		return false
	}
	if f.Text == "" {
		return true
	}
	in := s.ID + "\n" + s.Header.Title + "\n" + strings.Join(s.Header.Numbers, "\n")
	return strings.Contains(strings.ToLower(in), strings.ToLower(f.Text))
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// Standards lists what is held: by region (the nation first, then 沪 苏 浙 皖),
// number, title. A page holds limit of them from offset on; total counts all
// that the filter takes.
func (r *Registry) Standards(f Filter, offset, limit int) (page []Standard, total int, err error) {
	held, err := r.held()
	if err != nil {
		return nil, 0, err
	}
	for _, s := range held {
		if !f.takes(s) {
			continue
		}
		if total >= offset && len(page) < limit {
			page = append(page, s)
		}
		total++
	}
	return page, total, nil
}

// Counts says how many standards are held by region code; "" counts the
// national ones and those of several regions.
func (r *Registry) Counts() (map[string]int, error) {
	held, err := r.held()
	counts := map[string]int{}
	for _, s := range held {
		counts[s.Region()]++
	}
	return counts, err
}

// holdings remembers the list of all standards as of an event, so that a page
// that shows a few of them does not read all records.
type holdings struct {
	mu     sync.Mutex
	seq    uint64
	day    string // in China: what was published comes into force by the calendar
	byID   map[string]Standard
	sorted []Standard
}

// manyEvents is how many events are followed one by one; beyond, reading all
// records is quicker.
const manyEvents = 2000

// held is the list of all standards in order. It is shared: it must not be
// changed.
func (r *Registry) held() ([]Standard, error) {
	h := &r.holdings
	h.mu.Lock()
	defer h.mu.Unlock()
	err := r.store.View(func(tx Tx) error {
		head, _, err := heads.find(tx, "head")
		today := r.today()
		if err != nil || h.byID != nil && head.Seq == h.seq && h.day == today {
			return err
		}
		whole := h.byID == nil || head.Seq < h.seq || head.Seq-h.seq > manyEvents || h.day != today
		h.day = today
		if !whole {
			whole, err = h.follow(tx, head.Seq)
		}
		if err == nil && whole {
			err = h.readAll(tx)
		}
		if err != nil {
			h.byID = nil // half read: begin anew next time
			return err
		}
		h.seq = head.Seq
		h.sorted = slices.SortedFunc(maps.Values(h.byID), order)
		return nil
	})
	return h.sorted, err
}

func (h *holdings) readAll(tx Tx) error {
	h.byID = map[string]Standard{}
	err := standards.scan(tx, func(s Standard) error {
		h.byID[s.ID] = s
		return nil
	})
	for id, s := range h.byID {
		if err == nil {
			h.byID[id], err = s.dressed(tx, h.day)
		}
	}
	return err
}

// follow reads anew the standards that the events since h.seq changed. A step of
// the procedure may change others, too: whole says that all have to be read.
func (h *holdings) follow(tx Tx, upTo uint64) (whole bool, err error) {
	changed := map[string]bool{}
	err = events.between(tx, events.key(seq(h.seq+1)), events.key(seq(upTo+1)), func(e Event) error {
		if _, step := TransitionOf(e.Verb); step {
			whole = true
			return ErrStop
		}
		switch e.Verb {
		case ImportText, SubmitRevision, SubmitDraftText:
			ref, err := ParseRef(strings.TrimPrefix(e.Object, "standards/"))
			if err != nil {
				return fmt.Errorf("event %d: %w", e.Seq, err)
			}
			changed[ref.Standard] = true
		}
		return nil
	})
	for id := range changed {
		s, found, errFound := standards.find(tx, id)
		if found {
			s, errFound = s.dressed(tx, h.day)
			h.byID[id] = s
		}
		err = errors.Join(err, errFound)
	}
	return whole, err
}

// order sorts standards as lists show them.
func order(a, b Standard) int {
	numbered := func(s Standard) int {
		if len(s.Header.Numbers) > 0 {
			return 0
		}
		return 1
	}
	return cmp.Or(
		strings.Compare(strings.Join(a.Header.Regions, ","), strings.Join(b.Header.Regions, ",")),
		cmp.Compare(numbered(a), numbered(b)),
		strings.Compare(a.Header.Primary(), b.Header.Primary()),
		strings.Compare(a.Header.Title, b.Header.Title),
		strings.Compare(a.ID, b.ID),
	)
}
