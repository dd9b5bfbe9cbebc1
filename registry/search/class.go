package search

import (
	"cmp"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/registry"
)

// national stands among the regions for a text without region.
const national = "national"

// class is what a clause is filtered and counted by.
type class struct {
	regions    []string // codes, or national
	kind       string
	modalities []string // strongest first
	activities []string // editor.Activity, in the order of the work
	bare       bool     // a heading without text of its own
}

// classOf reads a clause; titles are the headings above it in the text, and its own.
func classOf(h editor.Header, titles []string, text string) class {
	c := class{regions: h.Regions, kind: h.Kind, bare: text == ""}
	if len(c.regions) == 0 {
		c.regions = []string{national}
	}
	for _, f := range editor.Modalities(text) {
		if m := string(f.Modality); m != "" && !slices.Contains(c.modalities, m) {
			c.modalities = append(c.modalities, m)
		}
	}
	slices.SortFunc(c.modalities, func(a, b string) int {
		return cmp.Or(editor.Modality(b).Strength()-editor.Modality(a).Strength(), cmp.Compare(a, b))
	})
	if _, ok := editor.InField(h.Title, text); ok {
		for _, m := range editor.FindActivities(append([]string{h.Title}, titles...), text) {
			c.activities = append(c.activities, m.ID)
		}
	}
	return c
}

// A class is kept as one word, its parts divided by control characters.
const between, within = "\x1f", "\x1e"

func (c class) key() string {
	bare := ""
	if c.bare {
		bare = "bare"
	}
	return strings.Join([]string{strings.Join(c.regions, within), c.kind, strings.Join(c.activities, within), strings.Join(c.modalities, within), bare}, between)
}

func readClass(key string) (c class) {
	part := strings.Split(key, between)
	if len(part) != 5 {
		return c
	}
	c.kind, c.bare = part[1], part[4] != ""
	c.regions = strings.Split(part[0], within)
	if part[2] != "" {
		c.activities = strings.Split(part[2], within)
	}
	if part[3] != "" {
		c.modalities = strings.Split(part[3], within)
	}
	return c
}

// Dimensions that a clause is filtered and counted by: four of its class, two
// of the text that it stands in.
const (
	byRegion = iota
	byKind
	byModality
	byActivity
	byStatus
	byYear
	dimensions
)

func (c class) values(dimension int) []string {
	switch dimension {
	case byRegion:
		return c.regions
	case byKind:
		return []string{c.kind}
	case byModality:
		return c.modalities
	}
	return c.activities
}

// standing is how a text stands on a day.
type standing struct {
	status string
	year   string // in which it came or comes into force; "" where that is not known
}

func (s standing) values(dimension int) []string {
	if dimension == byStatus {
		return []string{s.status}
	}
	return []string{s.year}
}

// Facet is a value that clauses can be filtered by, and how many of those found
// bear it, whatever is chosen in its own dimension.
type Facet struct {
	Value string
	Count int // clauses
}

// Facets count what was found. Regions are codes or "national" for national
// texts; a clause of a text of several regions counts in each, as a clause does
// that both binds and permits.
type Facets struct {
	Regions    []Facet // the nation, then 沪 苏 浙 皖, then others
	Kinds      []Facet // most clauses first
	Statuses   []Facet // of the text on the day asked for; most clauses first
	Modalities []Facet // strongest first; values of editor.Modality
	Activities []Facet // in the order of the work; values of editor.Activity
	Years      []Facet // in which the text came into force, the latest first
}

// Filter is a value that a search is narrowed by.
type Filter struct {
	Name    string // as QueryOf reads it: region, kind, modality, activity, status, year, standard
	Value   string
	Without int // clauses that are found without it, all other filters as they are
}

// filterNames by dimension.
var filterNames = [dimensions]string{byRegion: "region", byKind: "kind", byModality: "modality", byActivity: "activity", byStatus: "status", byYear: "year"}

// tally counts found clauses by class and standing and turns that into facets.
type tally struct {
	wanted    [dimensions][]string
	standings []standing
	counts    map[kindred]int
}

// kindred are the numbers of a class and of a standing.
type kindred struct{ class, standing uint32 }

// takes tells whether what has these values passes the filters of the
// dimensions from first to last, but for one; -1 spares none.
func (t *tally) takes(of interface{ values(int) []string }, first, last, spared int) bool {
	for d := first; d <= last; d++ {
		wanted := t.wanted[d]
		if d == spared || len(wanted) == 0 {
			continue
		}
		if !slices.ContainsFunc(of.values(d), func(v string) bool { return slices.Contains(wanted, v) }) {
			return false
		}
	}
	return true
}

// filters tells of each filter what is found without it. elsewhere are the clauses
// in other standards than the one that was asked for.
func (t *tally) filters(classes []class, standard string, elsewhere map[kindred]int) (out []Filter) {
	count := func(counts map[kindred]int) (n int) {
		for k, c := range counts {
			if t.takes(classes[k.class], byRegion, byActivity, -1) && t.takes(t.standings[k.standing], byStatus, byYear, -1) {
				n += c
			}
		}
		return n
	}
	for d, all := range t.wanted {
		for i, v := range all {
			t.wanted[d] = slices.Delete(slices.Clone(all), i, i+1)
			out = append(out, Filter{filterNames[d], v, count(t.counts)})
		}
		t.wanted[d] = all
	}
	if standard != "" {
		out = append(out, Filter{"standard", standard, count(t.counts) + count(elsewhere)})
	}
	return out
}

func anyWithout(list []Filter) bool {
	return slices.ContainsFunc(list, func(f Filter) bool { return f.Without > 0 })
}

func (t *tally) facets(classes []class) Facets {
	var by [dimensions]map[string]int
	for d := range by {
		by[d] = map[string]int{}
	}
	for n, count := range t.counts {
		c, s := classes[n.class], t.standings[n.standing]
		for d := range by {
			if !t.takes(c, byRegion, byActivity, d) || !t.takes(s, byStatus, byYear, d) {
				continue
			}
			values := s.values(d)
			if d <= byActivity {
				values = c.values(d)
			}
			for _, v := range values {
				if v != "" {
					by[d][v] += count
				}
			}
		}
	}
	place := func(a string) int { return slices.Index(editor.Activities, editor.Activity(a)) }
	return Facets{
		Regions:    sorted(by[byRegion], func(a, b Facet) int { return regionPlace(a.Value) - regionPlace(b.Value) }),
		Kinds:      sorted(by[byKind], nil),
		Statuses:   sorted(by[byStatus], nil),
		Modalities: sorted(by[byModality], func(a, b Facet) int { return editor.Modality(b.Value).Strength() - editor.Modality(a.Value).Strength() }),
		Activities: sorted(by[byActivity], func(a, b Facet) int { return place(a.Value) - place(b.Value) }),
		Years:      sorted(by[byYear], func(a, b Facet) int { return strings.Compare(b.Value, a.Value) }),
	}
}

// sorted orders facets by an order of their own, then by count and value.
func sorted(counts map[string]int, first func(a, b Facet) int) []Facet {
	var out []Facet
	for v, n := range counts {
		out = append(out, Facet{v, n})
	}
	slices.SortFunc(out, func(a, b Facet) int {
		order := 0
		if first != nil {
			order = first(a, b)
		}
		return cmp.Or(order, b.Count-a.Count, cmp.Compare(a.Value, b.Value))
	})
	return out
}

func regionPlace(code string) int {
	if code == national {
		return -1
	}
	if i := slices.IndexFunc(registry.Regions, func(r registry.Region) bool { return r.Code == code }); i >= 0 {
		return i
	}
	return len(registry.Regions)
}
