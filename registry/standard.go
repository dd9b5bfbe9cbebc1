package registry

import (
	"sort"
	"strings"
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
	var all []Standard
	err = r.store.View(func(tx Tx) error {
		return standards.scan(tx, func(s Standard) error {
			if f.takes(s) {
				all = append(all, s)
			}
			return nil
		})
	})
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if x, y := strings.Join(a.Header.Regions, ","), strings.Join(b.Header.Regions, ","); x != y {
			return x < y
		}
		if x, y := len(a.Header.Numbers) == 0, len(b.Header.Numbers) == 0; x != y {
			return y
		}
		if x, y := a.Header.Primary(), b.Header.Primary(); x != y {
			return x < y
		}
		return a.Header.Title < b.Header.Title
	})
	total = len(all)
	from := min(max(offset, 0), total)
	return all[from:min(from+max(limit, 0), total)], total, err
}

// Counts says how many standards are held by region code; "" counts the
// national ones and those of several regions.
func (r *Registry) Counts() (map[string]int, error) {
	counts := map[string]int{}
	err := r.store.View(func(tx Tx) error {
		return standards.scan(tx, func(s Standard) error {
			counts[s.Region()]++
			return nil
		})
	})
	return counts, err
}
