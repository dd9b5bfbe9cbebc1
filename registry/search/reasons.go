package search

import (
	"slices"

	"tongbiao/registry/search/rank"
)

// Reason says where words of a search stand in and around a clause.
type Reason struct {
	Place Place
	Words []string // as they stand there, each once
}

// Place is a part of what a clause is found by.
type Place string

const (
	InText     Place = "text"
	InHeading  Place = "heading"
	InChapter  Place = "chapter"  // a heading above it
	InStandard Place = "standard" // title or number of its standard
)

// reasons tells where the words of a search stand, the clause's own text first.
func (h Hit) reasons(sought []word) (out []Reason) {
	for _, p := range []struct {
		place Place
		texts []string
	}{
		{InText, []string{h.Text}}, {InHeading, []string{h.Clause + " " + h.Heading}}, {InChapter, h.Path}, {InStandard, []string{h.Number, h.Title}},
	} {
		r := Reason{Place: p.place}
		for _, text := range p.texts {
			for _, m := range marksIn(text, sought) {
				if w := text[m[0]:m[1]]; !slices.Contains(r.Words, w) && len(r.Words) < maxReasons {
					r.Words = append(r.Words, w)
				}
			}
		}
		if len(r.Words) > 0 {
			out = append(out, r)
		}
	}
	return out
}

const maxReasons = 12

// Translated is an everyday word of a question and the field's words for it,
// which are looked for too.
type Translated = rank.Everyday

// translated are the field's words for a question's everyday ones, to be marked.
func translated(list []Translated) (out []word) {
	for _, t := range list {
		for _, f := range t.Field {
			out = append(out, wordsOf(f)...)
		}
	}
	return out
}
