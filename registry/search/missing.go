package search

import (
	"cmp"
	"slices"
	"strings"
)

// WordCount says of a word of a search in how many current clauses it stands.
type WordCount struct {
	Word    string
	Clauses int
	Near    []string // words that differ in one character and stand somewhere; of a word that stands nowhere
}

// Bounds of what Words looks at.
const (
	maxCounted    = 12 // words
	maxNearLength = 8  // units of a word that near ones are sought for
	maxNearTried  = 60 // of one word
	maxNearWords  = 3  // that are told
)

// Words counts each word of a search by itself, whatever the filters, and finds
// near ones for those that stand nowhere: what people read when nothing is found.
func (x *Index) Words(text string) (out []WordCount, err error) {
	x.use.RLock()
	defer x.use.RUnlock()
	if x.closed {
		return nil, ErrClosed
	}
	s, err := x.scan()
	if err != nil {
		return nil, err
	}
	defer s.close()
	asked := readQuestion(text)
	for _, w := range asked.rest[:min(len(asked.rest), maxCounted)] {
		k := WordCount{Word: w.text()}
		if k.Clauses, err = s.standsIn(w); err != nil {
			return nil, err
		}
		if k.Clauses == 0 {
			if k.Near, err = s.near(w); err != nil {
				return nil, err
			}
		}
		out = append(out, k)
	}
	return out, nil
}

// standsIn counts the current clauses in which a word stands.
func (s *scan) standsIn(w word) (n int, err error) {
	found, err := s.whole([]word{w})
	for _, m := range found {
		if s.view.editions[m.row.edition].current {
			n++
		}
	}
	return n, err
}

// near finds words that are w with one Han character changed, left out, or two
// changed about, and that stand in some clause; the most frequent first.
func (s *scan) near(w word) ([]string, error) {
	if len(w) < 2 || len(w) > maxNearLength || slices.ContainsFunc(w, func(u unit) bool { return !u.han }) {
		return nil, nil
	}
	tried, err := s.changed(w)
	if err != nil {
		return nil, err
	}
	for i := range w {
		if len(w) > 2 {
			tried = append(tried, slices.Delete(slices.Clone(w), i, i+1))
		}
		if i > 0 {
			about := slices.Clone(w)
			about[i-1], about[i] = about[i], about[i-1]
			tried = append(tried, about)
		}
	}
	type near struct {
		text  string
		count int
	}
	var found []near
	for _, t := range tried {
		n, err := s.standsIn(t)
		if err != nil {
			return nil, err
		}
		if text := t.text(); n > 0 && !slices.ContainsFunc(found, func(f near) bool { return f.text == text }) {
			found = append(found, near{text, n})
		}
	}
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(len(b.text)-len(a.text), b.count-a.count, strings.Compare(a.text, b.text))
	})
	var out []string
	for _, f := range found[:min(len(found), maxNearWords)] {
		out = append(out, f.text)
	}
	return out, nil
}

// changed are the words that differ from w in one character and whose pairs with
// its neighbours the index knows, the most frequent first.
func (s *scan) changed(w word) ([]word, error) {
	type place struct {
		at int
		by string
	}
	seen := map[place][2]uint64{} // counts of the pair before and of the pair after
	dict, err := s.reader.FieldDict(textField)
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	for {
		e, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if e == nil {
			break
		}
		for i, u := range w {
			if by, ok := strings.CutPrefix(e.Term, u.text); ok && i+1 < len(w) && oneHan(by) {
				k := seen[place{i + 1, by}]
				k[0] = e.Count
				seen[place{i + 1, by}] = k
			}
			if by, ok := strings.CutSuffix(e.Term, u.text); ok && i > 0 && oneHan(by) {
				k := seen[place{i - 1, by}]
				k[1] = e.Count
				seen[place{i - 1, by}] = k
			}
		}
	}
	type change struct {
		place
		least uint64
	}
	var all []change
	for p, k := range seen {
		least := min(k[0], k[1])
		if p.at == 0 {
			least = k[1]
		} else if p.at == len(w)-1 {
			least = k[0]
		}
		if least > 0 && p.by != w[p.at].text {
			all = append(all, change{p, least})
		}
	}
	slices.SortFunc(all, func(a, b change) int {
		return cmp.Or(cmp.Compare(b.least, a.least), a.at-b.at, strings.Compare(a.by, b.by))
	})
	var out []word
	for _, c := range all[:min(len(all), maxNearTried)] {
		other := slices.Clone(w)
		other[c.at].text = c.by
		out = append(out, other)
	}
	return out, nil
}

// oneHan tells whether a text is one Han character.
func oneHan(s string) bool {
	r := firstRune(s)
	return s != "" && len(string(r)) == len(s) && classOfChar(r) == han
}
