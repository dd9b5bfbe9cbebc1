package registry

import (
	"encoding/json"
	"fmt"

	"tongbiao/editor/compare"
)

// NoClause is the UnifiedEdit.Base of a text that was written where there was no
// unified clause.
const NoClause = "none"

// UnifiedEdit is a unified clause as somebody wrote it.
type UnifiedEdit struct {
	Title, Text string
	Base        string // Unified.Hash that it was made from, or NoClause
	Version     int    // of the row that it was made from
	Taken       []Taken
}

// Encounter is what became of a text while somebody else wrote on it too: the
// text that both began with, the other's, and the two brought together sentence
// by sentence.
type Encounter struct {
	Base   Unified // empty where there was no clause, or where it is not known
	Theirs Unified // empty where they took the clause away
	Title  compare.Piece
	Text   []compare.Piece
}

// Clash tells whether a person has to choose somewhere.
func (e *Encounter) Clash() bool { return e.Title.Side == compare.Clash || compare.Clashes(e.Text) > 0 }

// EditUnified writes the unified clause of a row as UnifyRow does, whatever has
// happened to the row since: where the clause itself was changed by somebody
// else the two texts are brought together. The Encounter says what the other
// did; nil when there was none. Where both changed the same words it is a
// Conflict, nothing is kept, and the Encounter holds both.
func (r *Registry) EditUnified(actor Member, project, id string, e UnifiedEdit) (row Row, met *Encounter, err error) {
	title, text, err := clauseText(e.Title, e.Text)
	if err != nil {
		return row, nil, err
	}
	base, err := r.unifiedAt(project, id, e.Base)
	if err != nil {
		return row, nil, err
	}
	err = r.correct(actor, Unify, project, func(c *correction) (err error) {
		if row, err = rowTable.get(c.Tx, project, id); err != nil {
			return err
		}
		said := map[string]any{}
		with := ""
		if now := hashNow(row); row.Version != e.Version && now != e.Base {
			if e.Base == "" {
				_, err = seen(c.Tx, project, id, e.Version)
				return err
			}
			met = meet(base, row.Unified, title, text)
			if met.Clash() {
				return refuse(Conflict, "text", "您改这一条的时候，别人也改了同样的字句：请逐句选定。 While you were writing somebody else changed the same words: choose between them.")
			}
			title, text = met.Title.Text, compare.WovenText(met.Text, nil)
			if unifiedHash(title, text) == now {
				return nil // all of it is there already
			}
			with = met.Theirs.By
			said["woven"] = map[string]any{"base": e.Base, "theirs": met.Theirs.Hash, "with": with}
		}
		return c.setUnified(&row, actor, title, text, e.Taken, said, with)
	})
	return row, met, err
}

func hashNow(row Row) string {
	if row.Unified == nil {
		return NoClause
	}
	return row.Unified.Hash
}

// meet brings a text together with what somebody else made of the same base.
func meet(base Unified, now *Unified, title, text string) *Encounter {
	e := &Encounter{Base: base}
	if now != nil {
		e.Theirs = *now
	}
	e.Text = compare.Weave(base.Text, text, e.Theirs.Text)
	e.Title = compare.Piece{Side: compare.Clash, Base: base.Title, Mine: title, Theirs: e.Theirs.Title}
	switch {
	case title == e.Theirs.Title, base.Title == e.Theirs.Title:
		e.Title.Side, e.Title.Text = compare.Mine, title
	case title == base.Title:
		e.Title.Side, e.Title.Text = compare.Theirs, e.Theirs.Title
	}
	return e
}

// earlierVersions bounds the events of a row among which an earlier text is
// looked for.
const earlierVersions = 400

// unifiedAt is the unified clause of a row when its hash was this one; empty
// when the log of the row does not hold it.
func (r *Registry) unifiedAt(project, id, hash string) (Unified, error) {
	if hash == "" || hash == NoClause {
		return Unified{}, nil
	}
	versions, err := r.UnifiedVersions(project, id)
	if err != nil {
		return Unified{}, err
	}
	for i := len(versions) - 1; i >= 0; i-- {
		if u := versions[i].Unified; u != nil && u.Hash == hash {
			return *u, nil
		}
	}
	return Unified{}, nil
}

// UnifiedVersion is the unified clause of a row as one event left it.
type UnifiedVersion struct {
	Event   Event    // without its data
	Unified *Unified // nil where it was taken away
	Base    string   // where it was brought together with another's: the Unified.Hash that both began with
}

// UnifiedVersions are the versions of a row's unified clause, oldest first, from
// the log; of a long history the newest.
func (r *Registry) UnifiedVersions(project, id string) (out []UnifiedVersion, err error) {
	list, err := r.RowEvents(project, id, earlierVersions)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if e.Verb != Unify {
			continue
		}
		var data struct {
			Unified *Unified
			Woven   struct{ Base string }
		}
		if err := json.Unmarshal(e.Data, &data); err != nil {
			return nil, fmt.Errorf("event %d: %w", e.Seq, err)
		}
		e.Data = nil
		out = append(out, UnifiedVersion{e, data.Unified, data.Woven.Base})
	}
	return out, nil
}
