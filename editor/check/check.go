// Package check holds a text against its drafting rules: those of GB/T 1.1—2020
// for a standard, the numbering of articles for a regulation. Like a compiler it
// says for each departure which rule, where in the source, what to do, and where
// that is safe it offers the correction. It is a pure function of the source and
// the Options.
//
// # How a rule is written
//
// A rule is one Rule in a table of its group's file (var structureRules, …), and
// its severity, titles and source are one entry of schemas/gbt-1.1.json under the
// same ID; words that it looks for are a table of schemas/lexicons, read with
// Lexicon. A Rule has an ID and one check:
//
//   - Clause func(*Clause) looks at one clause without its subclauses. Its result
//     is remembered, so it may depend on nothing but the fields and methods of
//     Clause: the clause's own text, where it stands, the Header, the Options.
//   - Text func(*Text) looks at the whole document and runs at each keystroke; what
//     a text says (References, Modalities, Blocks) it asks Text.Facts, which
//     remembers it by clause.
//
// A check reports by Flag(at, zh, en, args…): at is Heading, or Words, Title or
// English with bytes of the clause's Text, Title or English; zh and en say what is
// wrong and what to do. What Flag returns can be graded down with Lesser (the
// entry's "lesser" severity) and given a safe correction with Mend. A Rule of
// Convention editor.Regulation runs over regulations; all others over standards.
//
// # How a rule is shown to work
//
// testdata/rules/ID.txtar holds the texts of a rule. A file of it named bad… must be
// flagged, one named good… must not. A file is a whole text when it begins with
// ---; else it is edits of testdata/sound.md, blocks of
//
//	<<<<
//	words of the sound text, exactly once in it
//	====
//	what stands there instead
//	>>>>
//
// What the findings of a bad file must be stands in its namesake, bad….want: a line
// a finding in the order of the text, the source at its span (the heading line for a
// finding about a clause; ⏎ for a line break, ␣ where there is only white space, -
// for the whole text), then |severity where that is not the catalogue's. After it a
// line "fix: …" is the line of the source as it reads when corrected. go test -run
// TestRules -update writes the .want files of bad texts; read what it wrote. A file
// config of the archive, or bad….config for one text, sets Options: lines such as
// "stage: review", "region: 31", "today: 2026-01-01", "library: GB/T 10757—2011 |
// 邮政业术语 | withdrawn | superseded=GB/T 10757—2020". TestRules runs all of them,
// holds every correction to be safe, and fails for a rule without a bad or a good
// text.
package check

import (
	"cmp"
	"fmt"
	"slices"

	"tongbiao/editor"
)

// Options say for whom a text is checked.
type Options struct {
	Library  Library                    // what else is kept; nil silences the rules that ask
	Stage    string                     // proposal drafting consultation review approval published in-force …; "" is told from the header's status
	Region   string                     // GB/T 2260 code of the region that asks; "" for none
	Off      map[string]bool            // rules that a committee switched off
	Severity map[string]editor.Severity // severities that a committee set
	Staged   bool                       // only the rules that find other things at other stages
	Today    string                     // YYYY-MM-DD; "" silences what depends on the day
}

// Library is what rules across documents ask of the registry. Numbers are written
// as people write them; an implementation compares them without regard to spaces
// and kinds of dash.
type Library interface {
	// Standard finds the text that bears a number, with or without its year.
	Standard(number string) (Known, bool)
	// Similar finds texts whose titles resemble a title, the nearest first, at most ten.
	Similar(title string) []Known
}

// Known is a text that the registry keeps.
type Known struct {
	ID         string // in the registry
	Number     string // with its year: "GB/T 10757—2011"
	Title      string
	Kind       string // as in the header: national, local …
	Status     string // as in the header: in-force, withdrawn …
	Superseded string // number of what replaces it; "" when nothing does
	Year       string // in which it was published
	Effective  string // YYYY-MM-DD; "" when unknown
	Terms      map[string]string
	Body       string // names its text less what varies by region; equal bodies are the same text
}

// Report is what a check found.
type Report struct {
	Document *editor.Document // nil when the source cannot be read
	Findings []editor.Finding // in the order of the text, what Parse reported included
	Fresh    int              // clauses that were looked at anew
	Waived   []Waived         // findings that a committee waived, which Findings leaves out
	Lapsed   []Waiver         // waivers whose words are gone
	Err      error            // why the source cannot be read: *editor.SyntaxError
}

// Errors counts the findings of error level.
func (r Report) Errors() int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == editor.Error {
			n++
		}
	}
	return n
}

// Check holds a document against the rules of its convention. source is the
// Markdown that doc was parsed from; nil is what editor.Write gives for it.
func Check(source []byte, doc *editor.Document, o Options) []editor.Finding {
	if source == nil {
		source = editor.Write(doc)
		read, _, err := editor.Parse(source)
		if err != nil { // beyond the bounds of one document
			return nil
		}
		doc = read
	}
	return New(o).document(newSource(source, doc), doc)
}

// Checker checks one text again and again while it is written, and remembers what
// it found in each clause. It is not safe for concurrent use.
type Checker struct {
	options Options
	header  string // of the text checked last; another drops what is remembered
	found   memory[clauseKey, []*Found]
	facts   memory[factsKey, *Facts]
	fresh   int
}

// New gives a Checker that remembers nothing yet.
func New(o Options) *Checker { return &Checker{options: o} }

// Check reads a text and holds it against the rules.
func (c *Checker) Check(source []byte) Report {
	doc, parsed, err := editor.Parse(source)
	if err != nil {
		return Report{Err: err}
	}
	c.fresh = 0
	at := newSource(source, doc)
	all := append(at.place(parsed), c.document(at, doc)...)
	sortFindings(all)
	return Report{Document: doc, Findings: all, Fresh: c.fresh}
}

func sortFindings(all []editor.Finding) {
	slices.SortStableFunc(all, func(a, b editor.Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Rule, b.Rule))
	})
}

// CheckParsed is Check for a source that has been read; what Parse reported is not
// in it.
func (c *Checker) CheckParsed(source []byte, doc *editor.Document) Report {
	c.fresh = 0
	found := c.document(newSource(source, doc), doc)
	return Report{Document: doc, Findings: found, Fresh: c.fresh}
}

// document runs the rules.
func (c *Checker) document(s *source, doc *editor.Document) []editor.Finding {
	if h := string(doc.Header.Marshal()); h != c.header {
		c.header, c.found, c.facts = h, memory[clauseKey, []*Found]{}, memory[factsKey, *Facts]{}
	}
	t := newText(c, doc)
	rules := c.rules(doc.Header.Convention)
	var out []editor.Finding
	left := 0
	for _, x := range t.All {
		for _, f := range c.clause(t, x, rules) {
			if left++; left <= maxFindings {
				out = append(out, c.finding(s, f, x))
			}
		}
	}
	for _, r := range rules {
		if r.Text == nil {
			continue
		}
		t.rule, t.found = r, t.found[:0]
		r.Text(t)
		for _, f := range t.found {
			if left++; left <= maxFindings {
				out = append(out, c.finding(s, f, f.clause))
			}
		}
	}
	c.found.turn()
	c.facts.turn()
	sortFindings(out)
	if left > maxFindings {
		out = append(out, editor.Finding{Rule: "CHECK-more", Severity: editor.Info,
			Message: fmt.Sprintf("另有 %d 处问题未列出，请先改正以上各处 · %d more findings are not listed: correct these first", left-maxFindings, left-maxFindings)})
	}
	return out
}

// maxFindings bounds a report.
const maxFindings = 5000

// rules are those of a convention that are not switched off.
func (c *Checker) rules(convention editor.Convention) []Rule {
	var out []Rule
	for _, r := range Rules() {
		if (r.Convention == editor.Regulation) == (convention == editor.Regulation) && !c.options.Off[r.ID] && (r.Staged || !c.options.Staged) {
			out = append(out, r)
		}
	}
	return out
}

// clause gives what the clause-scoped rules find, from memory where the clause and
// its surroundings are as they were.
func (c *Checker) clause(t *Text, x *editor.Clause, rules []Rule) []*Found {
	k := t.key(x)
	return c.found.get(k, func() []*Found {
		c.fresh++
		at := t.clause(x, k)
		for _, r := range rules {
			if r.Clause != nil {
				at.rule = r
				r.Clause(at)
			}
		}
		return at.found
	})
}

// memory keeps what was asked for since the last turn but one.
type memory[K comparable, V any] struct{ now, last map[K]V }

func (m *memory[K, V]) get(k K, fill func() V) V {
	if v, ok := m.now[k]; ok {
		return v
	}
	v, ok := m.last[k]
	if !ok {
		v = fill()
	}
	if m.now == nil {
		m.now = map[K]V{}
	}
	m.now[k] = v
	return v
}

// turn forgets what was not asked for since the last turn.
func (m *memory[K, V]) turn() { m.last, m.now = m.now, nil }
