package search

import (
	"cmp"
	"slices"
	"strings"
)

// selection is what of the matches a query takes.
type selection struct {
	scan      *scan
	query     Query
	day       string     // on which statuses are told
	standings []standing // by number, of those that occur
	of        []uint32   // the standing of each edition
	best      []ranked   // in order; with query.Each no more of a standard
	answer    *answer    // of a question; nil for words
	counts    []int      // clauses taken, by number of the standard
}

func (s *scan) selection(q Query, today string) *selection {
	l := &selection{scan: s, query: q, day: cmp.Or(q.On, today), of: make([]uint32, len(s.view.editions))}
	number := map[standing]uint32{}
	for i, e := range s.view.editions {
		stand := e.standing(l.day)
		n, ok := number[stand]
		if !ok {
			n = uint32(len(l.standings))
			number[stand] = n
			l.standings = append(l.standings, stand)
		}
		l.of[i] = n
	}
	return l
}

// inTime leaves the matches in the texts that the query is about, before
// anything is weighed: the current ones, or those that were in force that day.
func (l *selection) inTime(matches []match) (kept []match, undated int) {
	editions := l.scan.view.editions
	takes := make([]bool, len(editions))
	for i, e := range editions {
		takes[i] = l.query.holds(e)
	}
	kept = matches[:0]
	for _, m := range matches {
		e := editions[m.row.edition]
		switch {
		case takes[m.row.edition]:
			kept = append(kept, m)
		case e.current && len(e.periods) == 0 && (e.otherwise == "in-force" || e.otherwise == ""):
			undated++
		}
	}
	return kept, undated
}

// choose orders matches and takes those that pass the filters: the best as far
// as the query reaches. It counts them and their facets.
func (l *selection) choose(matches []match, res *Result) (err error) {
	matches, res.Undated = l.inTime(matches)
	v, q := l.scan.view, l.query
	if l.answer == nil {
		weigh(matches, v)
	} else if matches, err = l.answer.rank(matches); err != nil {
		return err
	}
	t := tally{wanted: q.wanted(), standings: l.standings, counts: map[kindred]int{}}
	classes, standings := make([]bool, len(v.classes)), make([]bool, len(l.standings))
	for i, c := range v.classes {
		classes[i] = t.takes(c, byRegion, byActivity, -1)
	}
	for i, s := range l.standings {
		standings[i] = t.takes(s, byStatus, byYear, -1)
	}
	l.counts = make([]int, len(v.standards))
	elsewhere := map[kindred]int{}
	taken := matches[:0]
	for _, m := range matches {
		k := kindred{m.row.class, l.of[m.row.edition]}
		if q.Standard != "" && v.standards[m.row.standard] != q.Standard {
			elsewhere[k]++
			continue
		}
		t.counts[k]++
		if !classes[k.class] || !standings[k.standing] {
			continue
		}
		taken = append(taken, m)
		if l.counts[m.row.standard]++; l.counts[m.row.standard] == 1 {
			res.Standards++
		}
	}
	res.Total, res.Facets = len(taken), t.facets(v.classes)
	res.Filters = t.filters(v.classes, q.Standard, elsewhere)
	return l.order(taken, res.Standards)
}

// order puts the best first, as far as the query reaches.
func (l *selection) order(taken []match, standards int) error {
	q := l.query
	reach := q.Offset + q.Limit
	if q.Each == 0 {
		best, err := l.first(taken, reach)
		l.best = best[min(q.Offset, len(best)):]
		return err
	}
	// How many clauses hold so many standards shows when they are looked at.
	for size := max(200, 4*reach*q.Each); ; size *= 4 {
		best, err := l.first(taken, size)
		if err != nil {
			return err
		}
		if groups := l.grouped(best); len(groups) >= min(reach, standards) || size >= len(taken) {
			l.best = slices.Concat(groups[min(q.Offset, len(groups)):min(reach, len(groups))]...)
			return nil
		}
	}
}

// first gives so many of the best, or of the latest.
func (l *selection) first(taken []match, size int) ([]ranked, error) {
	r := &ranking{scan: l.scan, size: size}
	if l.query.ByDate {
		return l.latest(taken, r)
	}
	for _, m := range taken {
		r.take(m)
	}
	return r.best()
}

// latest orders by the day on which a text came into force, then by rank.
func (l *selection) latest(taken []match, r *ranking) ([]ranked, error) {
	from := make([]string, len(l.scan.view.editions))
	for i, e := range l.scan.view.editions {
		from[i] = e.span(l.day).effective
	}
	all := make([]ranked, len(taken))
	for i, m := range taken {
		all[i].match = m
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(strings.Compare(from[b.row.edition], from[a.row.edition]), r.order(a, b))
	})
	all = all[:min(r.size, len(all))]
	for i := range all {
		r.name(&all[i])
	}
	return all, r.err
}

// grouped gathers what is ordered by standard, as many of each as are asked for.
func (l *selection) grouped(best []ranked) (groups [][]ranked) {
	at := make([]int, len(l.counts))
	for _, m := range best {
		n := m.row.standard
		if at[n] == 0 {
			groups = append(groups, nil)
			at[n] = len(groups)
		}
		if g := &groups[at[n]-1]; len(*g) < l.query.Each {
			*g = append(*g, m)
		}
	}
	return groups
}
