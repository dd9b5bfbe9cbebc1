package search

import (
	"cmp"
	"slices"
	"strings"

	"tongbiao/editor"
)

// Candidate is a standard that a name may mean.
type Candidate struct {
	Standard string // ID
	Name     string // the name that it bears, in the common form
}

// Candidates lists the standards that a text may mean where it names several: by
// the same number or title, by a number without its part ("GB/T 27917" has
// parts 1 to 3) or an unfinished one. Nothing but a number is completed.
func (x *Index) Candidates(text string, limit int) ([]Candidate, error) {
	key := nameOf(simplified(text))
	if n, ok := editor.ReadStandardNumber(text); ok {
		key = nameOf(n.String())
	}
	if key == "" {
		return nil, nil
	}
	x.use.RLock()
	defer x.use.RUnlock()
	if x.closed {
		return nil, ErrClosed
	}
	return x.completed(key, limit)
}

// completed lists the standards whose names are a key, or continue it where it
// is a number.
func (x *Index) completed(key string, limit int) ([]Candidate, error) {
	number := strings.ContainsAny(key, "0123456789") && strings.ContainsAny(key, "abcdefghijklmnopqrstuvwxyz")
	return x.standardsBy(limit, func(name string) (distance int, ok bool) {
		rest, ok := strings.CutPrefix(name, key)
		return len(rest), ok && (rest == "" || number && len(key) >= 4)
	})
}

// Near lists standards whose names are nearly what the text says: numbers that
// differ in one or two characters, titles that share most of their pairs of
// characters.
func (x *Index) Near(text string, limit int) ([]Candidate, error) {
	x.use.RLock()
	defer x.use.RUnlock()
	if x.closed {
		return nil, ErrClosed
	}
	key := []rune(nameOf(simplified(text)))
	if len(key) < 2 || len(key) > 60 {
		return nil, nil
	}
	pairs := pairsOf(key)
	return x.standardsBy(limit, func(name string) (int, bool) {
		other := []rune(name)
		if strings.ContainsAny(name, "0123456789") {
			d := strokes(key, other, 2)
			return d, d <= 2 && len(key) >= 5
		}
		shared := 0
		of := pairsOf(other)
		for p := range pairs {
			if of[p] {
				shared++
			}
		}
		// Most of what was typed stands in the title, or the other way round.
		likeness := 200 * shared / max(1, len(pairs)+len(of))
		held := 100 * shared / max(1, len(pairs))
		return 1000 - likeness - held, likeness >= 50 || held >= 60
	})
}

// standardsBy lists the standards whose names a measure takes, the nearest
// first. The index must be in use.
func (x *Index) standardsBy(limit int, measure func(name string) (distance int, ok bool)) (out []Candidate, err error) {
	names, err := x.names()
	if err != nil {
		return nil, err
	}
	type near struct {
		name     string
		distance int
	}
	var found []near
	for _, n := range names {
		if d, ok := measure(n); ok {
			found = append(found, near{n, d})
		}
	}
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), strings.Compare(a.name, b.name))
	})
	for _, n := range found {
		faces, err := x.documentsBy(nameField, n.name)
		if err != nil {
			return nil, err
		}
		for _, f := range faces {
			id := refOf(f).Standard
			if len(out) < limit && !slices.ContainsFunc(out, func(c Candidate) bool { return c.Standard == id }) {
				out = append(out, Candidate{id, n.name})
			}
		}
		if len(out) == limit {
			break
		}
	}
	return out, nil
}

// names are all names that standards bear.
func (x *Index) names() (out []string, err error) {
	dict, err := x.kept.FieldDict(nameField)
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	for {
		e, err := dict.Next()
		if err != nil || e == nil {
			return out, err
		}
		out = append(out, e.Term)
	}
}

func pairsOf(s []rune) map[[2]rune]bool {
	out := map[[2]rune]bool{}
	for i := 1; i < len(s); i++ {
		out[[2]rune{s[i-1], s[i]}] = true
	}
	return out
}

// strokes counts the characters to put in, leave out or change between two
// names; more than most is most + 1.
func strokes(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range a {
		before, least := row[0], i+1
		row[0] = i + 1
		for j, s := range b {
			change := before
			if r != s {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
			least = min(least, row[j+1])
		}
		if least > most {
			return most + 1
		}
	}
	return row[len(b)]
}
