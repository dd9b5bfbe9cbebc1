package search

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"tongbiao/editor"
	"tongbiao/registry"
)

// Standing answers searches that members subscribed to: it reads one text, not
// the index, so that a text that was current last year is matched as it is today.
// A clause is found where all words stand in it and the filters take it; of a
// question, all words but those that only ask. It is safe for use by several.
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
	bears map[string][]string // by filter
	units []unit
}

const standingTexts = 4

// Match finds the clauses of a text that a search finds, by ID. query is the URL
// query of a search: q, region, kind, status, modality, standard.
func (s *Standing) Match(query string, t registry.Text) (map[string]bool, error) {
	q, err := url.ParseQuery(query)
	if err != nil {
		return nil, fmt.Errorf("standing search %q: %w", query, err)
	}
	if of := q.Get("standard"); of != "" && of != t.Revision.Standard {
		return nil, nil
	}
	words := readQuestion(q.Get("q")).rest
	found := map[string]bool{}
	if len(words) == 0 {
		return found, nil
	}
	for _, c := range s.text(t).clauses {
		if c.passes(q) && holdsAll(c.units, words) {
			found[c.id] = true
		}
	}
	return found, nil
}

// passes tells whether the clause bears one of the values of each filter.
func (c standingClause) passes(filters url.Values) bool {
	for _, name := range []string{"region", "kind", "status", "modality"} {
		wanted := filters[name]
		if len(wanted) > 0 && !slices.ContainsFunc(c.bears[name], func(v string) bool { return slices.Contains(wanted, v) }) {
			return false
		}
	}
	return true
}

func bears(h editor.Header, text string) map[string][]string {
	regions := h.Regions
	if len(regions) == 0 {
		regions = []string{national}
	}
	var modalities []string
	for _, f := range editor.Modalities(text) {
		modalities = append(modalities, string(f.Modality))
	}
	return map[string][]string{"region": regions, "kind": {h.Kind}, "status": {h.Status}, "modality": modalities}
}

func holdsAll(units []unit, words []word) bool {
	for _, w := range words {
		held := false
		for i := range units {
			if held = stands(units[i:], w); held {
				break
			}
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
	ref := t.Revision.Ref()
	for _, held := range s.read {
		if held.ref == ref {
			return held
		}
	}
	out := standingText{ref: ref}
	h := t.Revision.Header
	title := strings.TrimSpace(strings.Join(h.Numbers, " ") + " " + h.Title)
	plain := plainOf(t.Document)
	for c, path := range clausesOf(t.Document) {
		text := plain.text(c)
		if text == "" && c.Title == "" {
			continue
		}
		all := strings.Join([]string{title, strings.Join(path, "\n"), c.Number + " " + c.Title + " " + c.English, text}, "\n")
		out.clauses = append(out.clauses, standingClause{c.ID, bears(h, text), unitsOf(all)})
	}
	if s.read = append(s.read, out); len(s.read) > standingTexts {
		s.read = append([]standingText(nil), s.read[1:]...)
	}
	return out
}
