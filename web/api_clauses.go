package web

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// apiClauseLine is a clause of one text.
type apiClauseLine struct {
	Ref      registry.Ref `json:"ref"`
	ID       string       `json:"id"`
	URI      string       `json:"uri"`
	Page     string       `json:"page"`
	Parent   string       `json:"parent,omitempty"`
	Level    int          `json:"level"`
	Number   string       `json:"number,omitempty"`
	Title    string       `json:"title,omitempty"`
	Kind     string       `json:"kind"`
	Hash     string       `json:"hash"`
	Text     string       `json:"text"`     // plain, references as they are cited
	Markdown string       `json:"markdown"` // as it is written
}

// apiFact is something definite that a clause says. Start and End are characters
// of the clause's text.
type apiFact struct {
	Kind      string            `json:"kind"`
	Start     int               `json:"start"`
	End       int               `json:"end"`
	Words     string            `json:"words"`
	Quantity  *editor.Quantity  `json:"quantity,omitempty"`
	Modality  string            `json:"modality,omitempty"`
	Negative  bool              `json:"negative,omitempty"`
	Actors    []string          `json:"actors,omitempty"`
	Reference *editor.Reference `json:"reference,omitempty"`
	Term      string            `json:"term,omitempty"`
}

// apiOneClause is a clause with its facts.
type apiOneClause struct {
	apiClauseLine
	Facts []apiFact `json:"facts"`
}

func (s *Server) apiClauseOf(c echo.Context, v registry.Revision, d *editor.Document, citations map[string]string, k *editor.Clause) apiClauseLine {
	ref := registry.Ref{Standard: v.Standard, Revision: v.Number, Clause: k.ID}
	path := d.Path(k.ID)
	out := apiClauseLine{Ref: ref, ID: k.ID, URI: s.permanent(c, v.Standard, k.ID), Page: placeOf(ref), Level: len(path), Number: k.Number, Title: k.Title, Kind: string(k.Kind),
		Hash: k.Hash(), Text: editor.PlainText(editor.Cite(k.Text, func(id string) string { return citations[id] })), Markdown: k.Text}
	if len(path) > 1 {
		out.Parent = path[len(path)-2].ID
	}
	return out
}

func (s *Server) apiClauses(c echo.Context) (any, error) {
	w, err := windowOf(c, 100, 500)
	if err != nil {
		return nil, err
	}
	v, err := s.pinned(c)
	if err != nil {
		return nil, err
	}
	text, err := s.reg.Text(v.Ref())
	if err != nil {
		return nil, err
	}
	var all []*editor.Clause
	for k := range text.Document.All() {
		all = append(all, k)
	}
	citations := text.Document.Citations()
	return partOf(w, all, func(k *editor.Clause) string { return k.ID }, func(k *editor.Clause) apiClauseLine { return s.apiClauseOf(c, v, text.Document, citations, k) })
}

func (s *Server) apiClause(c echo.Context) (any, error) {
	v, err := s.pinned(c)
	if err != nil {
		return nil, err
	}
	text, err := s.reg.Text(v.Ref())
	if err != nil {
		return nil, err
	}
	k := text.Document.Clause(c.Param("clause"))
	if k == nil {
		return nil, s.goneOrNever(c, v)
	}
	return s.apiOneClauseOf(c, text, k), nil
}

func (s *Server) apiOneClauseOf(c echo.Context, text registry.Text, k *editor.Clause) apiOneClause {
	out := apiOneClause{s.apiClauseOf(c, text.Revision, text.Document, text.Document.Citations(), k), []apiFact{}}
	for _, f := range editor.Facts(out.Text) {
		from := utf8.RuneCountInString(out.Text[:f.Start])
		one := apiFact{Kind: string(f.Kind), Start: from, End: from + utf8.RuneCountInString(out.Text[f.Start:f.End]), Words: out.Text[f.Start:f.End],
			Quantity: f.Quantity, Modality: string(f.Modality), Negative: f.Negative, Reference: f.Reference}
		if f.Actor != nil {
			one.Actors = f.Actor.Names
		}
		if f.Term != nil {
			one.Term = f.Term.Name
		}
		out.Facts = append(out.Facts, one)
	}
	return out
}

// apiStep is a revision that changed a clause.
type apiStep struct {
	Revision int        `json:"revision"`
	Before   int        `json:"before,omitempty"`
	Time     time.Time  `json:"time"`
	By       string     `json:"by,omitempty"`
	Message  string     `json:"message"`
	Number   string     `json:"number,omitempty"` // then; absent where the clause is gone
	WasAt    string     `json:"was_at,omitempty"`
	Change   apiChange  `json:"change"`
	From     []apiNamed `json:"from"` // whose words came into it
	Into     []apiNamed `json:"into"` // into which its words went
}

// apiSteps are the last changes of a clause, the newest first. Next is the address
// of those before them.
type apiSteps struct {
	apiAll[apiStep]
	Next string `json:"next,omitempty"`
}

func (s *Server) apiClauseHistory(c echo.Context) (any, error) {
	before := 0
	if v := c.QueryParam("before"); v != "" {
		var err error
		if before, err = strconv.Atoi(v); err != nil || before < 1 {
			return nil, invalid("before", "before 是从 1 起的版本号。 before is the number of a revision, from 1.")
		}
	}
	steps, older, err := s.reg.ClauseHistory(c.Param("id"), c.Param("clause"), before)
	out := apiSteps{apiAll: whole(steps, func(st registry.ClauseStep) apiStep {
		return apiStep{st.Revision.Number, st.Before, st.Revision.Time, s.by(c, st.Revision.Author), st.Revision.Message, st.Number, st.WasAt, apiChangeOf(st.Change), clausesNamed(st.From), clausesNamed(st.Into)}
	})}
	if older > 0 {
		out.Next = c.Request().URL.Path + "?before=" + strconv.Itoa(older)
	}
	return out, err
}

// gone is what became of a clause that a text does not have any more.
type gone struct {
	Standard, Clause string
	Revision         int // that took it away
	Into             []apiNamed
}

func (g *gone) Error() string {
	into := []string{}
	for _, k := range g.Into {
		into = append(into, strings.TrimSpace(k.Number+" "+k.Title)+"（"+k.ID+"）")
	}
	zh, en := "", ""
	if len(into) > 0 {
		zh, en = "，内容移入 "+strings.Join(into, "、"), "; its words went to "+strings.Join(into, ", ")
	}
	return sprintf("第 %d 版删去了 %s#%s%s。 Revision %d took %s#%s away%s.", g.Revision, g.Standard, g.Clause, zh, g.Revision, g.Standard, g.Clause, en)
}

// goneOrNever says of a clause that a text does not have what became of it; a
// clause that no text has, or that came later, is not found.
func (s *Server) goneOrNever(c echo.Context, v registry.Revision) error {
	steps, _, err := s.reg.ClauseHistory(v.Standard, c.Param("clause"), 0)
	if err != nil {
		return err
	}
	for _, st := range steps { // the newest first
		if st.Change.New == nil && (st.Revision.Number <= v.Number || c.QueryParam("on") == "" && c.QueryParam("revision") == "") {
			return &gone{v.Standard, c.Param("clause"), st.Revision.Number, clausesNamed(st.Into)}
		}
	}
	return &registry.Refusal{Kind: registry.NotFound, Field: "clause", Reason: sprintf("第 %d 版里没有 %s。 Revision %d has no clause %s.", v.Number, c.Param("clause"), v.Number, c.Param("clause"))}
}
