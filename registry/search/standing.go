package search

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"tongbiao/registry"
	"tongbiao/registry/search/rank"
)

// Standing answers searches that members subscribed to: it reads one text, not
// the index, so that a text that was current last year is matched as it is today.
// A clause is found where all words stand in it and the filters take it, by the
// rules of Search; of a question, all words but those that only ask, and for an
// everyday word itself or one of the field's. It is safe for use by several.
type Standing struct {
	mu   sync.Mutex
	read []standingText // the last few, newest last
}

// standingText is a text as it is matched, clause by clause.
type standingText struct {
	ref     registry.Ref
	clauses []standingClause
}

type standingClause struct {
	id    string
	class class
	units []unit
}

const standingTexts = 4

// Match finds the clauses of a text that a search finds, by ID, as if the text
// were its standard's current one. query is the search's, as QueryOf reads it; k
// is what is known of the standard's texts.
func (s *Standing) Match(query string, t registry.Text, k registry.Record) (map[string]bool, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, fmt.Errorf("standing search %q: %w", query, err)
	}
	q := QueryOf(values)
	words := standingWords(q.Text)
	found := map[string]bool{}
	if len(words) == 0 || q.Standard != "" && q.Standard != t.Revision.Standard {
		return found, nil
	}
	e, filters := editionIn(t.Revision, k, q.On), tally{wanted: q.wanted()}
	if !q.holds(e) || !filters.takes(e.standing(cmp.Or(q.On, k.Today)), byStatus, byYear, -1) {
		return found, nil
	}
	for _, c := range s.text(t).clauses {
		if filters.takes(c.class, byRegion, byActivity, -1) && holdsEach(c.units, words) {
			found[c.id] = true
		}
	}
	return found, nil
}

// standingWords are the words of a search, each with those that do as well: a
// clause is found where one of each stands.
func standingWords(text string) (out [][]word) {
	asked := readQuestion(text)
	if !asked.asked { // words, and not a question
		for _, w := range asked.words {
			out = append(out, []word{w})
		}
		return out
	}
	rest := rank.Plain(asked.text)
	for _, e := range rank.EverydayIn(asked.text) {
		rest = strings.ReplaceAll(rest, e.Said, " ")
		out = append(out, append(wordsOf(e.Said), translated([]Translated{e})...))
	}
	for _, w := range asked.bounded(wordsOf(rest)) {
		if !w.single() { // what is left of 丢了 or 怎么办
			out = append(out, []word{w})
		}
	}
	return out
}

func holdsEach(units []unit, words [][]word) bool {
	for _, anyOf := range words {
		held := false
		for i := 0; i < len(units) && !held; i++ {
			held = slices.ContainsFunc(anyOf, func(w word) bool { return stands(units[i:], w) })
		}
		if !held {
			return false
		}
	}
	return true
}

// text prepares a text, or finds it among the last ones.
func (s *Standing) text(t registry.Text) standingText {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := standingText{ref: t.Revision.Ref()}
	for _, held := range s.read {
		if held.ref == out.ref {
			return held
		}
	}
	h := t.Revision.Header
	plain := plainOf(t.Document)
	for c, path := range clausesOf(t.Document) {
		if text := plain.text(c); text != "" || c.Title != "" {
			out.clauses = append(out.clauses, standingClause{c.ID, classIn(h, c, path, text), unitsOf(wordsIn(h, c, path, text))})
		}
	}
	if s.read = append(s.read, out); len(s.read) > standingTexts {
		s.read = append([]standingText(nil), s.read[1:]...)
	}
	return out
}
