package search

import "tongbiao/registry/search/rank"

// why gives the reasons of a match's place.
func (l *selection) why(m match) []rank.Reason {
	scale := 1.0
	if l.answer != nil {
		if f, ok := l.answer.features[m.doc]; ok {
			return l.answer.question.Why(f)
		}
		scale = l.answer.byWords
	}
	// What is found by its words ranks by them, and by what the best clauses of
	// its standard come to.
	return rank.Weightiest([]rank.Reason{
		{Feature: "words-alone", Value: m.words, Weight: scale},
		{Feature: "company-alone", Value: (m.score/scale - m.words) / companyShare, Weight: companyShare * scale},
	})
}
