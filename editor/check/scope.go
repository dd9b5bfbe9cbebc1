package check

import (
	"iter"
	"regexp"
	"slices"
	"strings"

	"tongbiao/editor"
)

// Clause is what a clause-scoped rule looks at.
type Clause struct {
	*Facts
	clauseKey
	Header  *editor.Header
	Options *Options
	Stage   string // as Options.Stage, told from the header where that is empty

	rule  Rule
	found []*Found
}

// clauseKey is everything about a clause that a rule may depend on.
type clauseKey struct {
	ID          string
	Kind        editor.Kind
	Title       string
	English     string
	Text        string
	Fixed       string
	Informative bool         // an informative annex, or in one
	Leaf        bool         // has no subclauses
	Level       int          // 1 for a chapter or annex
	Parent      Heads        // zero at the top
	Top         Heads        // of the chapter or annex in which it stands; itself at the top
	before      editor.Count // where it holds numbered objects
}

// Heads says what a surrounding clause is.
type Heads struct {
	Kind  editor.Kind
	Title string
}

// Flag reports a departure from the rule that is being checked.
func (c *Clause) Flag(at Span, zh, en string, args ...any) *Found {
	f := &Found{rule: c.rule.ID, at: at, zh: sprintf(zh, args), en: sprintf(en, args)}
	c.found = append(c.found, f)
	return f
}

// InTerms tells whether the clause is, or stands in, the chapter of terms.
func (c *Clause) InTerms() bool { return c.Top.Kind == editor.Chapter && isTerms(c.Top.Title) }

// Binding tells whether what the clause says binds: it stands in a chapter after
// the references or in a normative annex, and defines no term.
func (c *Clause) Binding() bool {
	return binds(c.Top, c.Informative, c.Kind)
}

func binds(top Heads, informative bool, kind editor.Kind) bool {
	return (top.Kind == editor.Chapter || top.Kind == editor.Annex) && !informative && kind != editor.Term &&
		top.Title != "范围" && top.Title != "规范性引用文件"
}

// Normative yields the blocks of a clause that binds, less notes, examples,
// sources, figures and formulas.
func (c *Clause) Normative() iter.Seq[editor.Block] {
	return func(yield func(editor.Block) bool) {
		if !c.Binding() {
			return
		}
		for _, b := range c.Blocks() {
			switch b.Kind {
			case editor.Note, editor.Example, editor.Source, editor.Figure, editor.Formula:
				continue
			}
			if !yield(b) {
				return
			}
		}
	}
}

// Text is what a document-scoped rule looks at.
type Text struct {
	*editor.Document
	Options *Options
	Stage   string           // as Options.Stage, told from the header where that is empty
	All     []*editor.Clause // in reading order

	checker *Checker
	parents map[*editor.Clause]*editor.Clause
	tops    map[*editor.Clause]*editor.Clause
	facts   map[*editor.Clause]*Facts
	numbers map[string]string
	rule    Rule
	found   []*Found
}

func newText(c *Checker, d *editor.Document) *Text {
	t := &Text{Document: d, Options: &c.options, Stage: stageOf(c.options, d.Header), checker: c, parents: map[*editor.Clause]*editor.Clause{}, tops: map[*editor.Clause]*editor.Clause{}, facts: map[*editor.Clause]*Facts{}}
	for _, x := range d.Clauses {
		t.tops[x] = x
	}
	for x := range d.All() {
		t.All = append(t.All, x)
		for _, sub := range x.Clauses {
			t.parents[sub], t.tops[sub] = x, t.tops[x]
		}
	}
	return t
}

// stageOf tells the stage of a text.
func stageOf(o Options, h editor.Header) string {
	switch {
	case o.Stage != "":
		return o.Stage
	case h.Status == "draft" || h.Status == "":
		return "drafting"
	}
	return h.Status
}

// Flag reports a departure from the rule that is being checked, at a clause or, where
// x is nil, of the whole text.
func (t *Text) Flag(x *editor.Clause, at Span, zh, en string, args ...any) *Found {
	f := &Found{rule: t.rule.ID, clause: x, at: at, zh: sprintf(zh, args), en: sprintf(en, args)}
	t.found = append(t.found, f)
	return f
}

// Parent is the clause in which a clause stands, nil at the top; Top is its chapter
// or annex, itself at the top.
func (t *Text) Parent(x *editor.Clause) *editor.Clause { return t.parents[x] }

// Top is the chapter, annex or element in which a clause stands.
func (t *Text) Top(x *editor.Clause) *editor.Clause { return t.tops[x] }

// Numbers are those of Document.Numbers, counted once.
func (t *Text) Numbers() map[string]string {
	if t.numbers == nil {
		t.numbers = t.Document.Numbers()
	}
	return t.numbers
}

// Chapters are the numbered chapters.
func (t *Text) Chapters() []*editor.Clause {
	var out []*editor.Clause
	for _, x := range t.Clauses {
		if x.Kind == editor.Chapter {
			out = append(out, x)
		}
	}
	return out
}

// Find gives the first clause of the top that is of a kind and, where titles are
// given, bears one of them; nil when there is none.
func (t *Text) Find(k editor.Kind, titles ...string) *editor.Clause {
	for _, x := range t.Clauses {
		if x.Kind == k && (len(titles) == 0 || slices.Contains(titles, x.Title)) {
			return x
		}
	}
	return nil
}

// Terms is the chapter of terms and definitions; nil when there is none.
func (t *Text) Terms() *editor.Clause {
	for _, x := range t.Chapters() {
		if isTerms(x.Title) {
			return x
		}
	}
	return nil
}

// Binding is as Clause.Binding.
func (t *Text) Binding(x *editor.Clause) bool {
	top := t.tops[x]
	return binds(Heads{top.Kind, top.Title}, top.Informative, x.Kind)
}

// Facts are what a clause's text says, remembered: by the Checker under the text,
// here under the clause, because rules ask again and again and reading a long text
// as a key takes its time.
func (t *Text) Facts(x *editor.Clause) *Facts {
	if f, ok := t.facts[x]; ok {
		return f
	}
	k := factsKey{text: x.Text}
	if holdsNumbered(x.Text) {
		k.before = x.Before
	}
	f := t.checker.facts.get(k, func() *Facts { return &Facts{text: x.Text, before: x.Before} })
	t.facts[x] = f
	return f
}

func (t *Text) key(x *editor.Clause) clauseKey {
	top := t.tops[x]
	k := clauseKey{
		ID: x.ID, Kind: x.Kind, Title: x.Title, English: x.English, Text: x.Text, Fixed: x.Fixed,
		Informative: top.Informative, Leaf: len(x.Clauses) == 0, Level: 1, Top: Heads{top.Kind, top.Title},
	}
	if up := t.parents[x]; up != nil {
		k.Parent = Heads{up.Kind, up.Title}
		for ; up != nil; up = t.parents[up] {
			k.Level++
		}
	}
	if holdsNumbered(x.Text) {
		k.before = x.Before
	}
	return k
}

func (t *Text) clause(x *editor.Clause, k clauseKey) *Clause {
	return &Clause{Facts: t.Facts(x), clauseKey: k, Header: &t.Header, Options: t.Options, Stage: t.Stage}
}

func holdsNumbered(text string) bool {
	return strings.Contains(text, "表：") || strings.Contains(text, "![") || strings.Contains(text, "$$")
}

type factsKey struct {
	text   string
	before editor.Count
}

// Facts are what a clause's text says, found out when first asked for.
type Facts struct {
	text       string
	before     editor.Count
	blocks     []editor.Block
	references []editor.Fact
	modalities []editor.Fact
	quantities []editor.Fact
	provisions []editor.Fact // see modals
	matches    map[*regexp.Regexp][][]int
	have       [5]bool
}

// Matches are the places at which a pattern matches the text, FindAllStringIndex. It
// is for patterns that live as long as the program.
func (f *Facts) Matches(r *regexp.Regexp) [][]int {
	m, ok := f.matches[r]
	if !ok {
		m = r.FindAllStringIndex(f.text, -1)
		if f.matches == nil {
			f.matches = map[*regexp.Regexp][][]int{}
		}
		f.matches[r] = m
	}
	return m
}

// Blocks are Clause.Blocks.
func (f *Facts) Blocks() []editor.Block {
	if !f.have[0] {
		f.have[0], f.blocks = true, (&editor.Clause{Text: f.text, Before: f.before}).Blocks()
	}
	return f.blocks
}

// References are editor.References of the text.
func (f *Facts) References() []editor.Fact {
	if !f.have[1] {
		f.have[1], f.references = true, editor.References(f.text)
	}
	return f.references
}

// Modalities are editor.Modalities of the text.
func (f *Facts) Modalities() []editor.Fact {
	if !f.have[2] {
		f.have[2], f.modalities = true, editor.Modalities(f.text)
	}
	return f.modalities
}

// Quantities are editor.Quantities of the text.
func (f *Facts) Quantities() []editor.Fact {
	if !f.have[3] {
		f.have[3], f.quantities = true, editor.Quantities(f.text)
	}
	return f.quantities
}

// isTerms recognises the chapter of terms and definitions.
func isTerms(title string) bool {
	return title == "术语" || strings.HasPrefix(title, "术语和定义") || strings.HasPrefix(title, "术语与定义") || strings.HasPrefix(title, "术语、定义")
}

// isSymbols recognises the chapter of symbols and abbreviations.
func isSymbols(title string) bool {
	return strings.HasPrefix(title, "符号") || strings.HasPrefix(title, "缩略语")
}

// isFront recognises the chapters that come before the technical ones.
func isFront(title string) bool {
	return title == "范围" || title == "规范性引用文件" || isTerms(title) || isSymbols(title)
}
