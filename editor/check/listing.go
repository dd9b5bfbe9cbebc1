package check

import (
	"slices"

	"tongbiao/editor"
)

// What the rules know of citations and of the foreword, for those who write such
// lists (editor/derive): one reading, so that what is written is what is checked.

// Fixed sentences of GB/T 1.1—2020 (8.3, 8.6).
const (
	ReferencesLead = referencesLead
	ReferencesNone = referencesNone
	DraftingBasis  = basis
	FirstEdition   = first
)

// Cited is a standard that a text cites, in one form: dated or not.
type Cited struct {
	Standard  string           // its number without year
	Year      string           // "" where it is cited without date
	Clauses   []*editor.Clause // that cite it, in reading order, each once
	Normative bool             // one of them makes it part of the text
	Certain   bool             // the words of a sentence say so, not only that they do not say otherwise
}

// Number is the standard as the text writes it.
func (c Cited) Number() string {
	return dated(&editor.Reference{Standard: c.Standard, Year: c.Year})
}

// CitedIn lists the standards that the body of a text cites, in the order of
// their first citation. What a sentence does not tell counts as normative, as a
// list that is too long can be cut by a reader and one that is too short cannot
// be seen.
func CitedIn(d *editor.Document) []Cited {
	var out []Cited
	for _, c := range citations(newText(New(Options{}), d)) {
		i := slices.IndexFunc(out, func(k Cited) bool { return k.Standard == c.Reference.Standard && k.Year == c.Reference.Year })
		if i < 0 {
			i = len(out)
			out = append(out, Cited{Standard: c.Reference.Standard, Year: c.Reference.Year})
		}
		k := &out[i]
		k.Normative = k.Normative || c.force != informative
		k.Certain = k.Certain || c.force == normative
		if !slices.Contains(k.Clauses, c.clause) {
			k.Clauses = append(k.Clauses, c.clause)
		}
	}
	return out
}

// Listed is a line of the list of normative references.
type Listed struct {
	Words    string // the line
	Standard string // the number without year; "" where none can be read
	Year     string
	AllParts bool // （所有部分）
}

// Covers tells whether the line lists a standard, whatever the years.
func (l Listed) Covers(standard string) bool {
	return listed{Reference: editor.Reference{Standard: l.Standard}, all: l.AllParts}.covers(standard)
}

// ListedIn reads the list of a chapter 规范性引用文件, less its lead-in.
func ListedIn(chapter *editor.Clause) []Listed {
	t := newText(New(Options{}), &editor.Document{Clauses: []*editor.Clause{chapter}})
	var out []Listed
	for _, e := range listedIn(chapter, t.Facts(chapter), true) {
		out = append(out, Listed{e.words, e.Standard, e.Year, e.all})
	}
	return out
}

// CompareListed puts documents into the order of a list of normative references
// (8.6.3).
func CompareListed(a, b Listed) int {
	as := func(l Listed) listed {
		return listed{number: l.Standard, Reference: editor.Reference{Standard: l.Standard, Year: l.Year}}
	}
	return order(true)(as(a), as(b))
}

// ForewordPart tells which part of a foreword a paragraph is, in the order in which
// they stand (8.3): 0 drafting basis, 1 relation to other documents, 2 what it
// replaces, 3 adoption, 4 patents, 5 proposer, 6 drafting organisations, 7
// drafters, 8 earlier editions; -1 where it is none of them.
func ForewordPart(paragraph string) int {
	for i, r := range forewordParts {
		if r.MatchString(paragraph) {
			return i
		}
	}
	return -1
}
