// Package compare puts texts side by side: which clauses of independently
// drafted texts deal with the same subject, how they differ, what changed
// between two texts of one standard, and how two edits of it come together.
// Everything here is a pure function and deterministic.
package compare

import (
	"fmt"
	"slices"

	"tongbiao/editor"
	"tongbiao/editor/compare/model"
)

// Bounds of an alignment. Align refuses more.
const (
	MinTexts    = 2
	MaxTexts    = 8
	MaxPassages = 24_000 // of all texts together
)

// Place is a passage of one of the texts.
type Place struct {
	Doc int `json:"doc"` // index of the text
	editor.Passage
}

// Options say what is known beforehand. The zero value is of use.
type Options struct {
	// Labels name the texts in sentences (沪, 苏, 浙, 皖); 甲, 乙, 丙 … when absent.
	Labels []string
	// MustLink and CannotLink are pairs of passages that a person put into one
	// row, or apart. They are kept whatever the words say; where a must-link
	// contradicts a cannot-link, Align returns an error. A pair with a passage of
	// a fixed row has no effect.
	MustLink, CannotLink [][2]Place
	// Fixed rows are confirmed: one cell a text, as Row.Cells. Their passages
	// are taken as given and stand in no other row.
	Fixed [][][]editor.Passage
	// Knowledge of the language of the texts.
	Knowledge Knowledge
}

// Knowledge is what a comparison knows beyond its own texts.
type Knowledge struct {
	// Synonyms are groups of words for one thing: 智能快件箱, 快递柜. The first
	// of a group stands for all.
	Synonyms [][]string
	// Model of the language; nil stands for the one that is part of the program.
	Model *model.Model
}

// Alignment is N texts in rows. Every passage of every text stands in exactly
// one row.
type Alignment struct {
	Rows []Row
}

// Row is one subject: for each text the passages that deal with it.
type Row struct {
	ID    string             `json:"id"`    // the same for the same passages of the same texts
	Topic string             `json:"topic"` // what the row is about, in a few words
	Cells [][]editor.Passage `json:"cells"` // one a text, in the order of the texts; reading order within
	Score float64            `json:"score"` // 0 to 1: how sure it is that these belong together; 1 where one text only speaks
	Links []Link             `json:"links,omitempty"`
	// Candidates are, for each text that is silent, its (at most three) clauses
	// that come nearest, the nearest first: where to look before saying that there
	// is no such rule. Without reasons.
	Candidates  []Link       `json:"candidates,omitempty"`
	Relation    Relation     `json:"relation"`
	Differences []Difference `json:"differences,omitempty"`
}

// Link joins clauses of two texts in a row, by their best pair of passages.
type Link struct {
	A       Place    `json:"a"`
	B       Place    `json:"b"`
	Score   float64  `json:"score"` // probability that the two make the same provision
	Reasons []Reason `json:"reasons"`
}

// Sure, Likely: how the score of a link is said. 确定 from 0.9, 可能 from 0.3.
const (
	Sure   = 0.9
	Likely = 0.3
)

// Reasons are the reasons of the row's links, the strongest of each kind once.
func (r Row) Reasons() []Reason {
	var all []Reason
	for _, l := range r.Links {
		for _, reason := range l.Reasons {
			all = addReason(all, reason)
		}
	}
	return all
}

// entries are those that people named, by text.
func (o Options) entries() map[int]map[editor.Passage]bool {
	out := map[int]map[editor.Passage]bool{}
	add := func(doc int, at editor.Passage) {
		if at.Entry > 0 {
			if out[doc] == nil {
				out[doc] = map[editor.Passage]bool{}
			}
			out[doc][at] = true
		}
	}
	for _, row := range o.Fixed {
		for doc, cell := range row {
			for _, at := range cell {
				add(doc, at)
			}
		}
	}
	for _, link := range slices.Concat(o.MustLink, o.CannotLink) {
		add(link[0].Doc, link[0].Passage)
		add(link[1].Doc, link[1].Passage)
	}
	return out
}

func (o Options) label(i int) string {
	if i < len(o.Labels) && o.Labels[i] != "" {
		return o.Labels[i]
	}
	return string([]rune("甲乙丙丁戊己庚辛")[i%8])
}

// checkTexts refuses what cannot be aligned.
func checkTexts(docs []*Prepared) error {
	if len(docs) < MinTexts || len(docs) > MaxTexts {
		return fmt.Errorf("要对照的文本应为 %d 至 %d 个，现有 %d 个。 compare takes %d to %d texts, not %d", MinTexts, MaxTexts, len(docs), MinTexts, MaxTexts, len(docs))
	}
	for i, d := range docs {
		if d == nil {
			return fmt.Errorf("第 %d 个文本是空的。 text %d is missing", i+1, i+1)
		}
	}
	return nil
}

func (k Knowledge) model() *model.Model {
	if k.Model != nil {
		return k.Model
	}
	return model.Default()
}
