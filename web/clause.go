package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// clausePage is one clause through time.
type clausePage struct {
	Frame
	Standard registry.Standard
	Clause   string // ID
	Name     string // as it is cited now, or was last
	Gone     bool   // the current text does not have it
	Steps    []clauseStep
	Older    int                // the revision before which there are more; 0 where there are none
	Newest   bool               // there are newer ones
	Comments []registry.Comment // on it that changed nothing yet, the newest first
	MayWrite bool
}

// clauseStep is a revision that changed the clause.
type clauseStep struct {
	registry.ClauseStep
	Kind    compare.ChangeKind
	Title   []edit // with what went and what came
	Words   []edit
	Demands []string
	From    []namedClause // of the text before
	Into    []namedClause
	Answers []answered
}

// namedClause is a clause by the name that it has in a text.
type namedClause struct{ ID, Name string }

// answered is a comment or a suggestion that a change took over.
type answered struct {
	registry.Part
	Link    string
	Comment *registry.Comment // nil when it is none, or not for the reader
}

func (s *Server) clause(c echo.Context) error {
	std, err := s.reg.Standard(c.Param("id"))
	if err != nil {
		return err
	}
	before := 0
	if n := c.QueryParam("before"); n != "" {
		if before, err = strconv.Atoi(n); err != nil || before < 1 {
			return echo.ErrNotFound
		}
	}
	steps, older, err := s.reg.ClauseHistory(std.ID, c.Param("clause"), before)
	if err != nil {
		return err
	}
	now, err := s.reg.Text(registry.Ref{Standard: std.ID})
	if err != nil {
		return err
	}
	said, err := s.reg.CommentsFor(s.actor(c), std.ID)
	if err != nil {
		return err
	}
	p := clausePage{Standard: std, Clause: c.Param("clause"), Older: older, Newest: before > 0, MayWrite: s.mayWrite(c, std)}
	for _, st := range steps {
		p.Steps = append(p.Steps, clauseStepOf(st, said))
	}
	if k := now.Document.Clause(p.Clause); k != nil {
		p.Name = nameOf(k)
	} else if k := steps[0].Change.New; k != nil {
		p.Gone, p.Name = true, nameOf(k[0])
	} else {
		p.Gone, p.Name = true, nameOf(steps[0].Change.Old[0])
	}
	used := map[string]bool{}
	for _, st := range p.Steps {
		for _, a := range st.Answers {
			used[strings.TrimPrefix(a.Source, "comments/")] = true
		}
	}
	for _, m := range slices.Backward(said) {
		if m.On.Clause == p.Clause && m.ReplyTo == "" && !used[m.ID] {
			p.Comments = append(p.Comments, m)
		}
	}
	p.Frame = s.frame(c, s.say(c, "clause.title", p.Name))
	p.Class, p.Styles = "comparing", []string{"history.css"}
	return s.render(c, http.StatusOK, "clause.html", p)
}

func clauseStepOf(st registry.ClauseStep, said []registry.Comment) clauseStep {
	v := clauseStep{ClauseStep: st, Kind: st.Change.Kind}
	var old, new map[string]string
	if st.Old != nil {
		old = st.Old.Citations()
	}
	new = st.New.Citations()
	switch {
	case len(st.Change.New) == 0:
		v.Words = []edit{{Mark: "del", Text: readable("", st.Change.Old[0].Text, "", old)}}
	case len(st.Change.Old) == 0:
		v.Words = []edit{{Mark: "ins", Text: readable("", st.Change.New[0].Text, "", new)}}
	default:
		v.Title, v.Words = inline(st.Change.Title, old, new), inline(st.Change.Edits, old, new)
	}
	for _, d := range st.Change.Differences {
		v.Demands = append(v.Demands, d.Summary)
	}
	v.From, v.Into = namesOf(st.From), namesOf(st.Into)
	for _, p := range st.Parts {
		v.Answers = append(v.Answers, answerTo(st.Revision.Standard, p, said))
	}
	return v
}

func namesOf(list []*editor.Clause) (out []namedClause) {
	for _, k := range list {
		out = append(out, namedClause{k.ID, nameOf(k)})
	}
	return out
}

// answerTo finds what a change answered.
func answerTo(standard string, p registry.Part, said []registry.Comment) answered {
	a := answered{Part: p, Link: sourceLink(standard, p.Source)}
	id, _ := strings.CutPrefix(p.Source, "comments/")
	for i := range said {
		if said[i].ID == id {
			a.Comment = &said[i]
		}
	}
	return a
}

// sourceLink leads to a comment or suggestion on a standard.
func sourceLink(standard, source string) string {
	base := "/standards/" + url.PathEscape(standard)
	if id, ok := strings.CutPrefix(source, "comments/"); ok {
		return base + "/comments#" + url.PathEscape(id)
	}
	if strings.HasPrefix(source, "suggestions/") {
		return base + "/" + source
	}
	return ""
}

// inline sets a change into one column: what went beside what came.
func inline(list []compare.Edit, old, new map[string]string) (out []edit) {
	marks := map[compare.Op]string{compare.Equal: "", compare.Insert: "ins", compare.Delete: "del"}
	for i, e := range list {
		citations := new
		if e.Op == compare.Delete {
			citations = old
		}
		before, after := "", ""
		for k := i - 1; k >= 0 && before == ""; k-- {
			if list[k].Op == compare.Equal || list[k].Op == e.Op {
				before = list[k].Text
			}
		}
		for k := i + 1; k < len(list) && after == ""; k++ {
			if list[k].Op == compare.Equal || list[k].Op == e.Op {
				after = list[k].Text
			}
		}
		out = append(out, edit{marks[e.Op], readable(before, e.Text, after, citations), e.Long})
	}
	return out
}
