package editor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Check holds a document against the drafting rules of its convention and says
// what to do about each departure. For standards the rules are those of GB/T
// 1.1—2020, by the names of the catalogue in this package (STR, NUM, MOD …).
// Lines are those of the parsed text, or those of Write's output for a document
// that was not parsed.
func Check(d *Document) []Finding {
	c := newChecker(d)
	rules := standardRules
	if d.Header.Convention == Regulation {
		rules = regulationRules
	}
	for _, r := range rules {
		c.rule, c.severity = r.id, r.severity
		r.check(c)
	}
	slices.SortStableFunc(c.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule))
	})
	return c.findings
}

// rule is one drafting rule: its name, how grave a departure is, and the check.
type rule struct {
	id       string
	severity Severity
	check    func(*checker)
}

// checker holds a document while it is checked.
type checker struct {
	doc      *Document
	all      []*Clause
	parents  map[*Clause]*Clause
	top      map[*Clause]*Clause
	lines    map[*Clause]int
	known    map[string]bool // IDs
	findings []Finding
	rule     string
	severity Severity
}

func newChecker(d *Document) *checker {
	c := &checker{doc: d, parents: map[*Clause]*Clause{}, top: map[*Clause]*Clause{}, known: map[string]bool{}}
	for _, t := range d.Clauses {
		c.top[t] = t
	}
	for x := range d.All() {
		c.all = append(c.all, x)
		for _, sub := range x.Clauses {
			c.parents[sub], c.top[sub] = x, c.top[x]
		}
	}
	for id := range d.Numbers() {
		c.known[id] = true
	}
	return c
}

// line is where a clause stands.
func (c *checker) line(x *Clause) int {
	if x == nil {
		return 0
	}
	if x.Line > 0 {
		return x.Line
	}
	if c.lines == nil {
		c.lines = writtenLines(c.doc)
	}
	return c.lines[x]
}

// writtenLines finds the line of every clause in what Write gives.
func writtenLines(d *Document) map[*Clause]int {
	at := map[string]int{}
	for i, l := range strings.Split(string(Write(d)), "\n") {
		if m, ok := readHeading(line{text: l}); ok && m.id != "" && at[m.id] == 0 {
			at[m.id] = i + 1
		}
	}
	lines := map[*Clause]int{}
	for c := range d.All() {
		lines[c] = at[c.ID]
	}
	return lines
}

// flag reports a departure from the current rule at a clause; nil is the whole text.
func (c *checker) flag(at *Clause, zh, en string, args ...any) {
	c.findings = append(c.findings, Finding{Rule: c.rule, Severity: c.severity, Line: c.line(at),
		Message: where(at) + fmt.Sprintf(zh, args...) + " · " + fmt.Sprintf(en, args...)})
}

// where names a clause at the head of a message.
func where(c *Clause) string {
	if c == nil {
		return ""
	}
	name := c.Number
	if name == "" {
		name = c.Title
	}
	if name == "" {
		return ""
	}
	return name + "："
}

// find gives the first top clause of a kind, or the first chapter of one of
// these titles.
func (c *checker) find(k Kind, titles ...string) *Clause {
	for _, x := range c.doc.Clauses {
		if x.Kind == k && (len(titles) == 0 || slices.Contains(titles, x.Title)) {
			return x
		}
	}
	return nil
}

// chapters are the numbered chapters.
func (c *checker) chapters() []*Clause {
	var out []*Clause
	for _, x := range c.doc.Clauses {
		if x.Kind == Chapter {
			out = append(out, x)
		}
	}
	return out
}

// unknownReferences flags [](#id) that points at nothing.
func unknownReferences(c *checker) {
	for _, x := range c.all {
		if !strings.Contains(x.Text, "](#") {
			continue
		}
		for _, f := range References(x.Text) {
			if id := f.Reference.ID; id != "" && !c.known[id] {
				c.flag(x, "引用的 #%s 不存在，请改正标识或删去引用", "the reference to #%s points at nothing: correct the ID or take it out", id)
			}
		}
	}
}

// unknownNumbers flags 5.2.1, 附录B and 表3 written by hand that do not exist.
func unknownNumbers(c *checker) {
	numbers := map[string]bool{}
	for _, n := range c.doc.Numbers() {
		numbers[n] = true
	}
	for _, x := range c.all {
		last := Fact{Reference: &Reference{}}
		for _, f := range References(x.Text) {
			between := x.Text[last.End:f.Start]
			foreign := last.Reference.Standard != "" && len(between) <= len("，和的") || strings.HasSuffix(between, "版的") || strings.HasSuffix(between, "》的")
			if n := f.Reference.Clause; n != "" && !foreign && !numbers[n] && c.top[x].Kind != Bibliography {
				c.flag(x, "引用的 %s 不存在，请改用 [](#标识) 引用", "%s, which is referred to, does not exist: refer to it by [](#id)", n)
			}
			last = f
		}
	}
}
