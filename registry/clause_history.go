package registry

import (
	"slices"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// ClauseStep is a revision that changed a clause: its words, its number, or that
// it is there at all.
type ClauseStep struct {
	Revision Revision
	Before   int    // number of the revision before; 0 for the first text
	Number   string // the clause's number then; "" where it is gone
	WasAt    string // its number before; "" where it was not there
	Change   compare.Change
	Old, New *editor.Document // the texts that Change speaks of; Old is nil for the first text
	// From are the clauses of the text before from which words of a new one came,
	// and Into those of the new text to which words of one that is gone went.
	From, Into []*editor.Clause
	Parts      []Part // whose words the change took over: suggestions, comments
}

// MaxClauseSteps is how many changes of a clause ClauseHistory tells at a time.
const MaxClauseSteps = 20

// ClauseHistory follows a clause through the revisions of its standard, the
// newest change first: the last MaxClauseSteps before a revision, 0 for the last of
// all. older is the revision before which there are more; 0 where there are none.
// It reads only the texts in which the clause changed.
func (r *Registry) ClauseHistory(standard, clause string, before int) (steps []ClauseStep, older int, err error) {
	err = r.store.View(func(tx Tx) error {
		if _, err := standards.get(tx, standard); err != nil {
			return err
		}
		list, err := revisions.all(tx, standard)
		if err != nil {
			return err
		}
		changes := clauseChanges(lineage(list), clause)
		if len(changes) == 0 {
			return refuse(NotFound, "clause", "没有一个版本有这一条：%s。 No revision has such a clause: %s.", clause, clause)
		}
		if i := slices.IndexFunc(changes, func(c clauseChange) bool { return c.now.Number == before }); before > 0 {
			if i < 1 {
				return refuse(NotFound, "before", "第 %d 版之前这一条没有变动。 The clause did not change before revision %d.", before, before)
			}
			changes = changes[:i]
		}
		if n := len(changes) - MaxClauseSteps; n > 0 {
			changes, older = changes[n:], changes[n].now.Number
		}
		for _, c := range slices.Backward(changes) {
			s, err := clauseStep(tx, c.before, *c.now, c.was, c.is, clause)
			if err != nil {
				return err
			}
			steps = append(steps, s)
		}
		return nil
	})
	return steps, older, err
}

// clauseChange is a revision in which a clause is not as it was in the one before.
type clauseChange struct {
	before, now *Revision
	was, is     *ClauseMark
}

func clauseChanges(list []Revision, clause string) (out []clauseChange) {
	c := clauseChange{}
	for i := range list {
		c.now = &list[i]
		if c.is = c.now.mark(clause); !sameMark(c.was, c.is) {
			out = append(out, c)
		}
		c.before, c.was = c.now, c.is
	}
	return out
}

// mark finds a clause's mark; nil when the revision has no such clause.
func (v Revision) mark(clause string) *ClauseMark {
	for i := range v.Clauses {
		if v.Clauses[i].ID == clause {
			return &v.Clauses[i]
		}
	}
	return nil
}

func sameMark(a, b *ClauseMark) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Number == b.Number && a.Hash == b.Hash
}

func clauseStep(tx Tx, before *Revision, v Revision, was, is *ClauseMark, clause string) (s ClauseStep, err error) {
	s.Revision = v
	text, err := textAt(tx, v.Ref())
	if err != nil {
		return s, err
	}
	s.New = text.Document
	var old, now *editor.Clause
	if is != nil {
		s.Number, now = is.Number, s.New.Clause(clause)
	}
	if before != nil {
		t, err := textAt(tx, before.Ref())
		if err != nil {
			return s, err
		}
		s.Before, s.Old = before.Number, t.Document
		if was != nil {
			s.WasAt, old = was.Number, t.Document.Clause(clause)
		}
	}
	s.Change = compare.OneClause(old, now)
	for _, p := range v.Parts {
		if p.Clause == clause {
			s.Parts = append(s.Parts, p)
		}
	}
	if s.Old != nil && (old == nil || now == nil) {
		s.From, s.Into = wordsWent(s.Old, s.New, clause)
	}
	return s, nil
}

// wordsWent are the clauses from which sentences came into a clause, and those
// into which its sentences went.
func wordsWent(old, new *editor.Document, clause string) (from, into []*editor.Clause) {
	was, is := compare.SentencesOf(old), compare.SentencesOf(new)
	for j, k := range compare.Follow(was, is) {
		if k.From < 0 || !k.Moved {
			continue
		}
		if is[j].Clause == clause {
			from = appendOnce(from, old.Clause(was[k.From].Clause))
		}
		if was[k.From].Clause == clause {
			into = appendOnce(into, new.Clause(is[j].Clause))
		}
	}
	return from, into
}

func appendOnce(list []*editor.Clause, c *editor.Clause) []*editor.Clause {
	if c == nil || slices.Contains(list, c) {
		return list
	}
	return append(list, c)
}
