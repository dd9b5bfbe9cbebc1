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
}

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
	p.Clauses = blamedClauses(text.Document, b)
	return s.render(c, http.StatusOK, "blame.html", p)
}

func blamedClauses(d *editor.Document, b registry.Blame) []blamedClause {
	citations := d.Citations()
	first := 0
	for _, s := range b.Sentences {
		if first == 0 || s.Brought.Revision < first {
			first = s.Brought.Revision
		}
	}
	at, next := b.Sentences, 0
	var out []blamedClause
	for _, v := range clauseViews(d, nil) {
		k := blamedClause{ID: v.ID, Number: v.Number, Title: v.Title, Word: v.Word, Level: v.Level}
		for ; next < len(at) && at[next].Clause == v.ID; next++ {
			s := at[next]
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
	}
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
