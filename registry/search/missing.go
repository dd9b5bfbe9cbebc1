package search

import (
	"cmp"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
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
	maxNearTried  = 24 // of one word
	maxFollowing  = 200
	maxNearWords  = 3 // that are told
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

// changed are the words that differ from w in one character, not its first, and
// whose pairs with its neighbours the index knows, the most frequent first. The
// first is left to those that leave it out: what ends in a character cannot be
// looked up without reading the whole dictionary.
func (s *scan) changed(w word) ([]word, error) {
	type change struct {
		at    int
		by    string
		count uint64
	}
	var all []change
	for i := 1; i < len(w); i++ {
		follow, err := s.following(w[i-1])
		if err != nil {
			return nil, err
		}
		for _, e := range follow {
			if e.Term == w[i].text {
				continue
			}
			if i+1 < len(w) {
				p, err := s.postings(pair(unit{text: e.Term, han: true}, w[i+1]), false)
				if err != nil {
					return nil, err
				}
				e.Count = min(e.Count, p.count())
			}
			if e.Count > 0 {
				all = append(all, change{i, e.Term, e.Count})
			}
		}
	}
	slices.SortFunc(all, func(a, b change) int {
		return cmp.Or(cmp.Compare(b.count, a.count), a.at-b.at, strings.Compare(a.by, b.by))
	})
	var out []word
	for _, c := range all[:min(len(all), maxNearTried)] {
		other := slices.Clone(w)
		other[c.at].text = c.by
		out = append(out, other)
	}
	return out, nil
}

// following lists the Han characters that stand after a unit, the most frequent
// first.
func (s *scan) following(u unit) ([]index.DictEntry, error) {
	dict, err := s.reader.FieldDictPrefix(textField, []byte(u.text))
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	var out []index.DictEntry
	for {
		e, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if e == nil {
			break
		}
		if by := e.Term[len(u.text):]; oneHan(by) {
			out = append(out, index.DictEntry{Term: by, Count: e.Count})
		}
	}
	slices.SortFunc(out, func(a, b index.DictEntry) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Term, b.Term))
	})
	return out[:min(len(out), maxFollowing)], nil
}

// oneHan tells whether a text is one Han character.
func oneHan(s string) bool {
	r := firstRune(s)
	return s != "" && len(string(r)) == len(s) && classOfChar(r) == han
}
