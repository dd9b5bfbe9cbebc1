package check

import (
	"time"

	"tongbiao/editor"
)

// Waiver is a committee's word that one finding may stand: a rule, a clause and the
// words that the finding is about. It lapses when its words change.
type Waiver struct {
	ID     string    `json:"id"`
	Rule   string    `json:"rule"`
	Clause string    `json:"clause"` // Clause.ID; "" for a finding on the whole text
	Words  string    `json:"words"`  // the source at the finding's span, without white space
	Reason string    `json:"reason"`
	Author string    `json:"author"` // a member's ID
	Time   time.Time `json:"time"`
}

// Waived is a finding that a waiver lets stand.
type Waived struct {
	editor.Finding
	Waiver Waiver `json:"waiver"`
}

// Quote gives what a finding is about: the source at its span, without white space.
func Quote(source []byte, f editor.Finding) string {
	if f.Start < 0 || f.End > len(source) || f.Start >= f.End {
		return ""
	}
	return squash(string(source[f.Start:f.End]))
}

// Waive takes out of a report what the waivers let stand, and lists the waivers that
// let nothing stand any more: their words have changed, or the text has improved.
func (r Report) Waive(source []byte, waivers []Waiver) Report {
	type key struct{ rule, clause, words string }
	by := map[key]int{}
	for i, w := range waivers {
		by[key{w.Rule, w.Clause, w.Words}] = i
	}
	used := make([]bool, len(waivers))
	var left []editor.Finding
	for _, f := range r.Findings {
		i, ok := by[key{f.Rule, f.Clause, Quote(source, f)}]
		if !ok {
			left = append(left, f)
			continue
		}
		used[i] = true
		r.Waived = append(r.Waived, Waived{f, waivers[i]})
	}
	r.Findings = left
	for i, w := range waivers {
		if !used[i] {
			r.Lapsed = append(r.Lapsed, w)
		}
	}
	return r
}
