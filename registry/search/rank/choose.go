package rank

import (
	"cmp"
	"math"
	"slices"
)

// Scored is a clause that an index found.
type Scored struct {
	Words, Special, Near, Learned float64 // BM25, as in Found
	Asked                         float64 // as Question.Asked has it
	Text                          int     // number of its text
	Place                         int     // among the clauses of its text
	Doc                           uint64
}

// Candidate is a clause that several rankings propose.
type Candidate struct {
	Scored
	Found Found
}

// How many each ranking proposes.
const (
	byWords   = 120
	byCompany = 140
	byNear    = 60
	byLearned = 100
	byAll     = 300
	byAsked   = 80
)

// Shares of the best clauses of a text, as rank.go of the index has them.
const (
	company      = 3
	companyShare = 0.2
)

// Words are the pairs of the question itself.
func (q *Question) Words() []Weighed { return q.grams }

// Topics tells of each text how much of the question it deals with: of each of
// the question's words, by how often it stands in a text of so many clauses.
func (q *Question) Topics(clauses []float64, times func(g Gram, add func(text int, times float64))) []float64 {
	out, here := make([]float64, len(clauses)), make([]float64, len(clauses))
	for _, w := range q.grams {
		clear(here)
		times(w.Gram, func(text int, n float64) { here[text] += n })
		for i, n := range here {
			if n > 0 {
				out[i] += of(w.Weight, q.sum) * n / (n + 0.5 + clauses[i]/50)
			}
		}
	}
	return out
}

// Choose proposes clauses of those that were found. cited tells of each text
// how many clauses of others name it. known tells which texts questions like
// this one were answered by.
func (q *Question) Choose(found []Scored, cited, topic []float64, lawOf func(text int) string) ([]Candidate, Best) {
	bests := make([][company]float64, len(cited))
	var best Best
	for _, f := range found {
		b := &bests[f.Text]
		for i, s := 0, f.Special; i < company && s > 0; i++ {
			if s > b[i] {
				s, b[i] = b[i], s
			}
		}
		best.Words, best.Special, best.Near, best.Learned = max(best.Words, f.Words), max(best.Special, f.Special), max(best.Near, f.Near), max(best.Learned, f.Learned)
	}
	for _, t := range topic {
		best.Topic = max(best.Topic, t)
	}
	share := make([]float64, len(cited))
	for i, b := range bests {
		share[i] = b[0] + b[1] + b[2]
		best.Company = max(best.Company, share[i])
	}
	laws := make([]float64, len(cited))
	for i := range laws {
		if bests[i][0] > 0 {
			if l, ok := q.model.laws[lawOf(i)]; ok {
				laws[i] = q.byLaw[l]
			}
		}
	}
	prior := func(s *Scored) float64 { return 1 + 0.08*math.Log1p(cited[s.Text]) + laws[s.Text] }
	inCompany := func(s *Scored) float64 { return (s.Special + companyShare*share[s.Text]) * prior(s) }
	all := func(s *Scored) float64 {
		return (of(s.Special+companyShare*share[s.Text], best.Special) + 0.4*of(s.Near, best.Near) + 0.8*of(s.Learned, best.Learned)) * prior(s)
	}
	chosen := map[int]*Candidate{}
	propose := func(n int, value func(*Scored) float64, place func(*Candidate, int)) {
		for _, p := range topOf(found, n, value) {
			i := p.at
			c := chosen[i]
			if c == nil {
				s := found[i]
				c = &Candidate{Scored: s, Found: Found{Words: s.Words, Special: s.Special, Topic: topic[s.Text], Near: s.Near, Learned: s.Learned, Company: share[s.Text], Cited: cited[s.Text],
					ByWords: 1000, ByCompany: 1000, ByAll: 1000, ByAsked: 1000}}
				chosen[i] = c
			}
			place(c, p.place)
		}
	}
	propose(byWords, func(s *Scored) float64 { return s.Words }, func(c *Candidate, n int) { c.Found.ByWords = n })
	propose(byCompany, inCompany, func(c *Candidate, n int) { c.Found.ByCompany = n })
	propose(byNear, func(s *Scored) float64 { return s.Near * prior(s) }, func(*Candidate, int) {})
	propose(byLearned, func(s *Scored) float64 { return s.Learned * prior(s) }, func(*Candidate, int) {})
	propose(byAll, all, func(c *Candidate, n int) { c.Found.ByAll = n })
	propose(byAsked, func(s *Scored) float64 { return s.Asked }, func(c *Candidate, n int) { c.Found.ByAsked = n })
	out := make([]Candidate, 0, len(chosen))
	for i := range found {
		if c := chosen[i]; c != nil {
			out = append(out, *c)
		}
	}

	return out, best
}

// placed is a clause and how many stand before it in a ranking.
type placed struct{ at, place int }

// topOf gives those of the n greatest values; nothing of no value. Equals have
// one place, and where they are too many they are left out together: in which
// order clauses were found changes nothing.
func topOf(found []Scored, n int, value func(*Scored) float64) []placed {
	type one struct {
		at    int
		value float64
	}
	var all []one
	bar, room := 0.0, 4*n
	order := func(a, b one) int { return cmp.Or(cmp.Compare(b.value, a.value), a.at-b.at) }
	for i := range found {
		v := value(&found[i])
		if v <= 0 || v < bar {
			continue
		}
		all = append(all, one{i, v})
		if len(all) < room {
			continue
		}
		slices.SortFunc(all, order)
		bar = all[n-1].value
		all = slices.DeleteFunc(all, func(o one) bool { return o.value < bar })
		room = max(4*n, 2*len(all))
	}
	slices.SortFunc(all, order)
	if len(all) > n {
		cut := all[n].value
		all = slices.DeleteFunc(all, func(o one) bool { return o.value <= cut })
	}
	out := make([]placed, len(all))
	for i, o := range all {
		out[i] = placed{o.at, i}
		if i > 0 && o.value == all[i-1].value {
			out[i].place = out[i-1].place
		}
	}
	return out
}

// Neighbours notes for each the best of the clauses near it in its text.
func Neighbours(all []Candidate) {
	at := map[[2]int]float64{}
	for _, c := range all {
		at[[2]int{c.Text, c.Place}] = c.Words
	}
	for i := range all {
		c := &all[i]
		for d := -2; d <= 2; d++ {
			if d != 0 {
				c.Found.Neighbour = max(c.Found.Neighbour, at[[2]int{c.Text, c.Place + d}])
			}
		}
	}
}
