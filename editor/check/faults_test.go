package check

import (
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/standards"
)

var sowings = flag.Int("sow", 1, "how often each fault is put into each bundled text, at places of its own")

// fault is a departure from one rule that a generator can put into a sound text.
type fault struct {
	rule    string
	sow     func(*rand.Rand, *editor.Document) bool // false: this text has no place for it
	options Options                                 // with which the text is checked before and after
	library Library                                 // what is known only afterwards
	before  func(*editor.Document)                  // makes the text ready
	also    []string                                // rules whose findings the fault explains as well
}

// score counts what was sown of a rule and what was found.
type score struct {
	sown, found        int // faults of the rule
	fresh, unexplained int // new findings of the rule; those that no fault explains
}

// sownTexts are the texts that faults are put into: the bundled standards in force and
// one of a hundred pages.
func sownTexts(t testing.TB) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	for _, name := range []string{"db31-t-sf001", "db32-t-sf001", "db33-t-sf001", "db34-t-sf001"} {
		source, err := fs.ReadFile(standards.FS, name+".md")
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = source
	}
	texts["long"] = longText(t, texts["db32-t-sf001"], 8)
	return texts
}

// longText repeats the technical chapters of a text under new IDs.
func longText(t testing.TB, source []byte, times int) []byte {
	t.Helper()
	d, _, err := editor.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	first := slices.IndexFunc(d.Clauses, func(x *editor.Clause) bool { return x.Kind == editor.Chapter && !isFront(x.Title) })
	last := slices.IndexFunc(d.Clauses, func(x *editor.Clause) bool { return x.Kind == editor.Annex })
	var more []*editor.Clause
	for i := range times {
		suffix := fmt.Sprintf("-%d", i+2)
		for _, x := range d.Clauses[first:last] {
			more = append(more, renamed(x, suffix))
		}
	}
	d.Clauses = slices.Insert(d.Clauses, last, more...)
	return editor.Write(d)
}

func renamed(x *editor.Clause, suffix string) *editor.Clause {
	y := *x
	y.ID += suffix
	y.Text = strings.NewReplacer("(#tab-", "(#tab"+suffix+"-", "{#tab-", "{#tab"+suffix+"-").Replace(y.Text)
	y.Clauses = nil
	for _, sub := range x.Clauses {
		y.Clauses = append(y.Clauses, renamed(sub, suffix))
	}
	return &y
}

// sowAll puts each fault into each text, a few times, and counts what the checker says.
func sowAll(t *testing.T, times int) map[string]*score {
	scores := map[string]*score{}
	of := func(rule string) *score {
		if scores[rule] == nil {
			scores[rule] = &score{}
		}
		return scores[rule]
	}
	texts, kept := sownTexts(t), checkers{}
	var names []string
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, f := range faults() {
		for _, name := range names {
			rounds := times
			if name == "long" {
				rounds = 1
			}
			for round := range rounds {
				fresh, unsaid, ok := sowOne(t, kept, f, name, texts[name], uint64(round))
				if !ok {
					continue
				}
				s := of(f.rule)
				s.sown++
				if fresh[f.rule] > 0 {
					s.found++
				} else {
					t.Errorf("%s in %s (%d): not found\n%s", f.rule, name, round, unsaid)
				}
				for rule, n := range fresh {
					of(rule).fresh += n
					if rule != f.rule && !slices.Contains(f.also, rule) {
						of(rule).unexplained += n
						t.Errorf("%s in %s (%d): the fault does not explain %s\n%s", f.rule, name, round, rule, unsaid)
					}
				}
			}
		}
	}
	return scores
}

// checkers remember what they found in the clauses of each text.
type checkers map[string]*Checker

func (c checkers) of(name string, o Options) *Checker {
	if o.Library != nil {
		return New(o)
	}
	key := name + " " + o.Stage
	if c[key] == nil {
		c[key] = New(o)
	}
	return c[key]
}

// sowOne puts a fault into a text and counts the findings that are new, by rule; said
// says what was sown and found.
func sowOne(t *testing.T, kept checkers, f fault, name string, source []byte, round uint64) (fresh map[string]int, said string, ok bool) {
	t.Helper()
	read := func() *editor.Document {
		d, _, err := editor.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		if f.before != nil {
			f.before(d)
		}
		return d
	}
	d := read()
	if !f.sow(rand.New(rand.NewPCG(20260101, round)), d) {
		return nil, "", false
	}
	before, after := editor.Write(read()), editor.Write(d)
	options := f.options
	old, _ := tally(kept.of(name, options).Check(before).Findings)
	options.Library = cmp.Or(f.library, options.Library)
	findings := kept.of(name, options).Check(after).Findings
	now, _ := tally(findings)
	fresh = map[string]int{}
	for rule, n := range now {
		if n > old[rule] {
			fresh[rule] = n - old[rule]
		}
	}
	var b strings.Builder
	b.WriteString("\tsown: " + firstDifference(string(before), string(after)) + "\n")
	for _, x := range findings {
		if fresh[x.Rule] > 0 {
			fmt.Fprintf(&b, "\t%d: %s %s\n", x.Line, x.Rule, x.Message)
		}
	}
	return fresh, b.String(), true
}

func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return fmt.Sprintf("line %d: %s", i+1, bs[i])
		}
	}
	return "no line differs"
}

// Every fault that is sown is found, and brings no finding of a rule that it does not
// explain. With -v the figures a rule: make bench-check.
func TestSeededFaults(t *testing.T) {
	scores := sowAll(t, *sowings)
	t.Log("rule     sown  found  recall  new findings  unexplained  precision")
	covered := 0
	for _, e := range Catalogue() {
		s := scores[e.ID]
		if s == nil || s.sown == 0 {
			if e.Guaranteed.Zh == "" && !strings.HasPrefix(e.ID, "REG-") {
				t.Errorf("%s: no fault is sown of it", e.ID)
			}
			continue
		}
		covered++
		t.Logf("%-7s %5d  %5d  %6.2f  %12d  %11d  %9.2f", e.ID, s.sown, s.found, float64(s.found)/float64(s.sown),
			s.fresh, s.unexplained, 1-float64(s.unexplained)/float64(max(1, s.fresh)))
	}
	t.Logf("%d rules of %d; the others are guaranteed by the format or belong to regulations", covered, len(Catalogue()))
}
