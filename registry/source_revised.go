package registry

import (
	"slices"
	"strings"

	"tongbiao/editor"
)

// markSources marks the sentences of the unified clause that were taken from
// passages that no longer say the same.
func (row *Row) markSources(plan *repin, of map[editor.Passage][]carried) {
	if row.Unified == nil {
		return
	}
	u := *row.Unified
	u.Sources = slices.Clone(u.Sources)
	changed := false
	for i := range u.Sources {
		s := &u.Sources[i]
		if s.Column == plan.Column.Key && s.Since == 0 && plan.unsays(*s, of) {
			s.Since, changed = plan.To.Revision.Number, true
		}
	}
	if changed {
		row.Unified = &u
		plan.changed[row.ID] = true
	}
}

// unsays tells whether the newer text no longer says what a sentence was taken
// from. In a passage that changed elsewhere the sentence still stands; where it
// cannot be found word for word, because it names other clauses, the whole
// passage is what it was taken from.
func (plan *repin) unsays(s SentenceSource, of map[editor.Passage][]carried) bool {
	at, known := plan.standing(s)
	if !known {
		return false
	}
	if !slices.ContainsFunc(of[at], func(c carried) bool { return !c.Same }) {
		return false
	}
	return !plan.From.says(at, s.Original) || !slices.ContainsFunc(of[at], func(c carried) bool { return plan.To.says(c.New, s.Original) })
}

// standing is where the sentence's source stands in the text that is pinned now.
// A sentence that was taken from an earlier revision may have moved within its
// clause since.
func (plan *repin) standing(s SentenceSource) (at editor.Passage, known bool) {
	at = editor.Passage{Clause: s.From.Clause, Paragraph: s.From.Paragraph}
	if s.From.Revision == plan.From.Revision.Number {
		return at, true
	}
	clause := plan.From.Document.Clause(at.Clause)
	if clause == nil {
		return at, false
	}
	for n := range clause.Passages() {
		p := editor.Passage{Clause: at.Clause, Paragraph: n + 1}
		if plan.From.says(p, s.Original) {
			return p, true
		}
	}
	return at, at.Paragraph <= len(clause.Passages())
}

// says tells whether a passage holds a sentence word for word.
func (t Text) says(at editor.Passage, sentence string) bool {
	return sentence != "" && strings.Contains(editor.PlainText(passageText(t.Document, at)), sentence)
}
