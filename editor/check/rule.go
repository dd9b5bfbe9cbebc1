package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"tongbiao/editor"
	"tongbiao/schemas"
)

// Rule is one drafting rule. Exactly one of Clause and Text is set. Several Rules
// may share an ID.
type Rule struct {
	ID         string
	Convention editor.Convention // editor.Regulation for a rule of regulations; "" for standards
	Clause     func(*Clause)     // looks at one clause
	Text       func(*Text)       // looks at the whole
	Staged     bool              // finds other things at other stages
}

// Rules are all rules, in the order of the catalogue.
func Rules() []Rule { return allRules() }

var allRules = sync.OnceValue(func() []Rule {
	all := slices.Concat(structureRules, numberRules, frontRules, localRules, wordingRules, referenceRules, objectRules, regulationRules)
	slices.SortStableFunc(all, func(a, b Rule) int { return place(a.ID) - place(b.ID) })
	return all
})

// Entry says what a rule is: an entry of schemas/gbt-1.1.json.
type Entry struct {
	ID       string          `json:"id"`
	Severity editor.Severity `json:"severity"`
	Lesser   editor.Severity `json:"lesser,omitempty"` // of its milder cases
	Title    Title           `json:"title"`
	Source   string          `json:"source"` // where the rule is stated
	// Guaranteed says why no text can break the rule; "" when one can.
	Guaranteed Title `json:"guaranteed,omitzero"`
}

// Title is a text in both languages.
type Title struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Catalogue lists every rule in the order in which it is published, those that no
// text can break included.
var Catalogue = sync.OnceValue(func() []Entry {
	var list []Entry
	if err := json.Unmarshal(schemas.Rules, &list); err != nil {
		panic("check: gbt-1.1.json: " + err.Error())
	}
	return list
})

var entries = sync.OnceValue(func() map[string]int {
	m := map[string]int{}
	for i, e := range Catalogue() {
		if _, double := m[e.ID]; double {
			panic("check: gbt-1.1.json: " + e.ID + " stands twice")
		}
		m[e.ID] = i
	}
	return m
})

func place(id string) int {
	i, ok := entries()[id]
	if !ok {
		panic("check: gbt-1.1.json has no entry " + id)
	}
	return i
}

// Lookup finds a rule of the catalogue.
func Lookup(id string) (Entry, bool) {
	i, ok := entries()[id]
	if !ok {
		return Entry{}, false
	}
	return Catalogue()[i], true
}

// Found is a departure from a rule while it is being reported.
type Found struct {
	rule    string
	clause  *editor.Clause // of a document-scoped rule; nil: the whole text
	at      Span
	zh, en  string
	lesser  bool
	label   string
	changes []Change
}

// Lesser grades a departure down to the rule's lesser severity.
func (f *Found) Lesser() *Found {
	f.lesser = true
	return f
}

// Mend offers a correction: safe, so that it removes the departure, brings no
// error and changes nothing else. label says what it does, Chinese · English.
func (f *Found) Mend(label string, changes ...Change) *Found {
	f.label, f.changes = label, changes
	return f
}

// Span is a place in a clause: bytes of its Text, its Title or its English, or its
// heading line.
type Span struct {
	in         part
	start, end int
	key        string
}

type part int

const (
	inHeading part = iota
	inTitle
	inEnglish
	inText
	inKey
	belowHeading
	belowHeader
)

// Heading is the line that opens the clause.
var Heading = Span{}

// Below is the end of the line that opens the clause, BelowHeader the end of the
// front matter's last line: places for Mend to put a line, begun with a line break.
var (
	Below       = Span{in: belowHeading}
	BelowHeader = Span{in: belowHeader}
)

// Words are bytes of Clause.Text.
func Words(start, end int) Span { return Span{in: inText, start: start, end: end} }

// TitleWords are bytes of Clause.Title.
func TitleWords(start, end int) Span { return Span{in: inTitle, start: start, end: end} }

// EnglishWords are bytes of Clause.English.
func EnglishWords(start, end int) Span { return Span{in: inEnglish, start: start, end: end} }

// Key is the line of a key in the front matter, for a finding on the whole text; the
// whole text where there is no such line.
func Key(name string) Span { return Span{in: inKey, key: name} }

// Change replaces a place in the clause of the departure by a text.
type Change struct {
	At   Span
	Text string
}

// severity of a departure: as the committee set it, or as the catalogue says.
func (c *Checker) severity(f *Found) editor.Severity {
	if s := c.options.Severity[f.rule]; s != "" {
		return s
	}
	e, _ := Lookup(f.rule)
	if f.lesser && e.Lesser != "" {
		return e.Lesser
	}
	return e.Severity
}

// finding puts a departure into its place in the source.
func (c *Checker) finding(s *source, f *Found, x *editor.Clause) editor.Finding {
	out := editor.Finding{Rule: f.rule, Severity: c.severity(f), Message: where(x) + f.zh + " · " + f.en}
	if len(f.changes) > 0 {
		out.Fix = s.fix(x, f)
	}
	if x == nil {
		if f.at.in == inKey {
			if out.Start, out.End = s.key(f.at.key); out.End > 0 {
				out.Line, _ = s.lineOf(out.Start)
			}
		}
		return out
	}
	out.Clause = x.ID
	out.Start, out.End, _ = s.find(x, f.at)
	out.Line, out.Column = s.lineOf(out.Start)
	if f.at.in == inHeading {
		out.Column = 0
	}
	return out
}

// where names a clause at the head of a message.
func where(c *editor.Clause) string {
	switch {
	case c == nil:
		return ""
	case c.Number != "":
		return c.Number + "："
	case c.Title != "":
		return c.Title + "："
	}
	return ""
}

func sprintf(format string, args []any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}
