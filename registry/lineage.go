package registry

import (
	"crypto/sha256"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// lineage puts the revisions of a standard into the order in which its text came
// about: that of arrival, but an edition that was published before another one
// stands before it, though it was imported later.
func lineage(list []Revision) []Revision {
	out := make([]Revision, 0, len(list))
	for _, v := range list {
		at := slices.IndexFunc(out, func(u Revision) bool { return older(v, u) })
		if at < 0 {
			at = len(out)
		}
		out = slices.Insert(out, at, v)
	}
	return out
}

// RevisionStep is a revision with what it changed in the one before it.
type RevisionStep struct {
	Revision Revision
	Before   int // number of the revision before it in the order in which the text came about; 0 for the first
	Summary  Summary
}

// Summary is what a text changed in another one, in numbers and words.
type Summary struct {
	Changed, Moved, Added, Removed int      // clauses; split and merged ones are changed
	Demands                        []string // changed requirements: "5.2 时限：48 h → 24 h"; at most MaxDemands
	More                           int      // requirements that were left out
}

// MaxDemands bounds the requirements of one summary.
const MaxDemands = 12

// RevisionSteps are up to limit revisions of a standard, the newest first, after offset
// newer ones. total counts all.
func (r *Registry) RevisionSteps(standard string, offset, limit int) (steps []RevisionStep, total int, err error) {
	err = r.store.View(func(tx Tx) error {
		if _, err := standards.get(tx, standard); err != nil {
			return err
		}
		list, err := revisions.all(tx, standard)
		if err != nil {
			return err
		}
		list = lineage(list)
		total = len(list)
		for i := len(list) - 1 - offset; i >= 0 && len(steps) < limit; i-- {
			s := RevisionStep{Revision: list[i]}
			if i > 0 {
				s.Before = list[i-1].Number
				if s.Summary, err = r.summary(tx, list[i-1], list[i]); err != nil {
					return err
				}
			}
			steps = append(steps, s)
		}
		return nil
	})
	return steps, total, err
}

// summary is remembered by the two texts.
func (r *Registry) summary(tx Tx, a, b Revision) (Summary, error) {
	var failed error
	s := r.memory.summaries.of(sha256.Sum256([]byte(a.Text+b.Text)), func() Summary {
		var docs [2]*editor.Document
		for i, v := range []Revision{a, b} {
			t, err := textAt(tx, v.Ref())
			if err != nil {
				failed = err
				return Summary{}
			}
			docs[i] = t.Document
		}
		return Summarise(compare.Revisions(docs[0], docs[1]))
	})
	if failed != nil {
		r.memory.summaries.forget(sha256.Sum256([]byte(a.Text + b.Text)))
	}
	return s, failed
}

// Summarise says changes in numbers and words.
func Summarise(c compare.Changes) Summary {
	s := Summary{
		Changed: c.Count(compare.Rewritten) + c.Count(compare.Split) + c.Count(compare.Merged),
		Moved:   c.Count(compare.Moved), Added: c.Count(compare.Added), Removed: c.Count(compare.Removed),
	}
	for _, ch := range c.Clauses {
		for _, d := range ch.Differences {
			if len(ch.New) == 0 {
				continue
			}
			if len(s.Demands) == MaxDemands {
				s.More++
				continue
			}
			name := strings.TrimSpace(ch.New[0].Number + " " + ch.New[0].Title)
			s.Demands = append(s.Demands, strings.TrimSpace(name+"　"+d.Summary))
		}
	}
	return s
}
