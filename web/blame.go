package web

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// blamePage is a text with, beside each sentence, who brought it, when and why.
type blamePage struct {
	Frame
	Standard registry.Standard
	Revision registry.Revision
	Clauses  []blamedClause
	Parts    []blamedPart // of a long text, which is shown part by part
}

// blamedPart is a chapter of a long text, or several short ones.
type blamedPart struct {
	ID      string // of the first
	Name    string
	Here    bool
	clauses []*editor.Clause
}

// besides are the parts before and after one; nil at the ends.
type besides struct{ Before, After *blamedPart }

// Beside gives the neighbours of a part.
func (p blamePage) Beside(i int) (b besides) {
	if i > 0 {
		b.Before = &p.Parts[i-1]
	}
	if i+1 < len(p.Parts) {
		b.After = &p.Parts[i+1]
	}
	return b
}

// A text of more than blamedWhole sentences is shown in parts of about blamedPage,
// which end where a chapter ends.
const (
	blamedWhole = 500
	blamedPage  = 200
)

// blamedClause is a clause as sentences with one past each.
type blamedClause struct {
	ID, Number, Title, Word string
	Level                   int
	Heading                 *blamedRun // the past of its title, where that is not the first text's
	Runs                    []blamedRun
}

// blamedRun are sentences that follow each other and have the same past.
type blamedRun struct {
	Lines [][]string // sentences by line
	Hand  registry.Hand
	Past  []registry.Hand // all hands, the first one first, where there are several
	From  *registry.DraftSource
	First bool // came with the first text, and is as it was
	Link  string
}

func (s *Server) blame(c echo.Context) error {
	ref, err := refOf(c)
	if err != nil {
		return err
	}
	b, err := s.reg.Blame(ref.Standard, ref.Revision)
	if err != nil {
		return err
	}
	text, err := s.reg.Text(b.Revision.Ref())
	if err != nil {
		return err
	}
	std, err := s.reg.Standard(ref.Standard)
	if err != nil {
		return err
	}
	p := blamePage{Frame: s.frame(c, s.say(c, "blame.title", std.Header.Title)), Standard: std, Revision: b.Revision}
	p.Class, p.Styles = "blaming", []string{"history.css"}
	shown := text.Document.Clauses
	if len(b.Sentences) > blamedWhole {
		p.Parts = blamedParts(text.Document, b)
		k := partWith(p.Parts, c.QueryParam("clause"))
		if k == nil {
			return echo.ErrNotFound
		}
		k.Here, shown = true, k.clauses
	}
	p.Clauses = blamedClauses(text.Document, shown, b)
	return s.render(c, http.StatusOK, "blame.html", p)
}

// blamedParts divides a text where its chapters end.
func blamedParts(d *editor.Document, b registry.Blame) (parts []blamedPart) {
	said := map[string]int{}
	for _, s := range b.Sentences {
		said[s.Clause]++
	}
	room := 0
	for _, k := range d.Clauses {
		n := 0
		for sub := range (&editor.Document{Clauses: []*editor.Clause{k}}).All() {
			n += said[sub.ID]
		}
		v := viewOf(k, 2)
		name := strings.TrimSpace(v.Number + " " + v.Title + v.Word)
		if room -= n; room < 0 || len(parts) == 0 {
			parts = append(parts, blamedPart{ID: k.ID, Name: name})
			room = blamedPage - n
		}
		last := &parts[len(parts)-1]
		if last.clauses = append(last.clauses, k); len(last.clauses) > 1 {
			first, _, _ := strings.Cut(last.Name, " – ")
			last.Name = first + " – " + name
		}
	}
	return parts
}

// partWith is the part in which a clause stands, the first one where none is named;
// nil where the text has no such clause.
func partWith(parts []blamedPart, clause string) *blamedPart {
	for i := range parts {
		if clause == "" {
			return &parts[i]
		}
		for sub := range (&editor.Document{Clauses: parts[i].clauses}).All() {
			if sub.ID == clause {
				return &parts[i]
			}
		}
	}
	return nil
}

// blamedClauses are the clauses that are shown, of a text whose sentences are all
// known.
func blamedClauses(d *editor.Document, shown []*editor.Clause, b registry.Blame) []blamedClause {
	citations := d.Citations()
	first := 0
	for _, s := range b.Sentences {
		if first == 0 || s.Brought.Revision < first {
			first = s.Brought.Revision
		}
	}
	at := map[string][]registry.Blamed{}
	for _, s := range b.Sentences {
		at[s.Clause] = append(at[s.Clause], s)
	}
	var out []blamedClause
	var set func(cs []*editor.Clause, level int)
	set = func(cs []*editor.Clause, level int) {
		for _, c := range cs {
			v := viewOf(c, level)
			k := blamedClause{ID: v.ID, Number: v.Number, Title: v.Title, Word: v.Word, Level: v.Level}
			for _, s := range at[v.ID] {
				run := runOf(s, first, b.Revision.Standard)
				if s.Title {
					if !run.First {
						k.Heading = &run
					}
					continue
				}
				words := strings.TrimSpace(editor.PlainText(editor.Cite(s.Text, func(id string) string { return citations[id] })))
				k.add(run, words, s.Line)
			}
			out = append(out, k)
			set(c.Clauses, level+1)
		}
	}
	set(shown, 2)
	return out
}

// add puts a sentence behind the others, into their run where it has their past.
func (k *blamedClause) add(run blamedRun, words string, line bool) {
	n := len(k.Runs)
	if n == 0 || !k.Runs[n-1].same(run) {
		run.Lines = [][]string{{words}}
		k.Runs = append(k.Runs, run)
		return
	}
	last := &k.Runs[n-1]
	if m := len(last.Lines); !line {
		last.Lines[m-1] = append(last.Lines[m-1], words)
		return
	}
	last.Lines = append(last.Lines, []string{words})
}

// same tells whether two runs have one past: a reworded sentence has one of its
// own.
func (r blamedRun) same(o blamedRun) bool {
	return len(r.Past) == 0 && len(o.Past) == 0 && reflect.DeepEqual(r.Hand, o.Hand) && (r.From == o.From || r.From != nil && o.From != nil && r.From.From == o.From.From && r.From.How == o.From.How)
}

func runOf(s registry.Blamed, first int, standard string) blamedRun {
	r := blamedRun{Hand: s.Last(), From: s.From}
	if len(s.Changes) > 0 {
		r.Past = append([]registry.Hand{s.Brought}, s.Changes...)
	}
	r.First = len(s.Changes) == 0 && s.Brought.Revision == first
	r.Link = sourceLink(standard, r.Hand.Source)
	return r
}
