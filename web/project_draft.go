package web

import (
	"errors"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// draftPage is the unified standard so far, with the rows that its clauses come
// from beside it.
type draftPage struct {
	Frame
	Project  registry.Project
	Header   editor.Header
	Clauses  []draftClause
	Missing  []registry.RowView // rows without a unified clause
	Settled  int
	United   int // rows with a unified clause
	Findings []draftFinding
	Faults   map[editor.Severity]int
	Waived   int // findings that the committee lets stand
	MayKeep  bool
	MayOrder bool
	Form     rowForm
	Live     liveView
}

// draftClause is one clause of the draft, without its subclauses.
type draftClause struct {
	ID, Number, Title, English string
	Kind                       editor.Kind
	Level                      int // 2 for a chapter
	HTML                       template.HTML
	Rows                       []draftSource
	Move                       *movable // nil where it stays
}

// draftSource is a row that a clause comes from.
type draftSource struct {
	Row   registry.RowView
	URL   string
	From  []origin
	Marks []regionMark
}

func (s *Server) projectDraft(c echo.Context) error { return s.showDraft(c, http.StatusOK, rowForm{}) }

func (s *Server) showDraft(c echo.Context, status int, form rowForm) error {
	now, err := s.view(c.Param("project"))
	if err != nil {
		return err
	}
	v := now.ProjectView
	draft := v.Draft()
	report, err := s.reg.CheckDraft(draft)
	if err != nil {
		return err
	}
	p := draftPage{
		Live: s.liveView(c, now, ""), MayOrder: registry.May(s.actor(c), registry.OrderRow) == nil,
		Frame: s.frame(c, s.say(c, "draft.title", v.Project.Title)), Project: v.Project, Header: draft.Document.Header,
		Settled: v.Counts[registry.Settled], United: len(v.Rows) - draft.Left, Form: form, Findings: findingsOf(v.Project.ID, draft, report.Findings), Waived: len(report.Waived), Faults: map[editor.Severity]int{},
		MayKeep: registry.May(s.actor(c), registry.SubmitDraftText) == nil,
	}
	p.Styles, p.Scripts = []string{"workbench.css", "live.css"}, []string{"workbench.js", "order.js", "live.js"}
	for _, row := range v.Rows {
		if row.Unified == nil {
			p.Missing = append(p.Missing, row)
		}
	}
	show := editor.NewRenderer(draft.Document, editor.RenderOptions{})
	rows, chapters := movables(v)
	for k := range draft.Document.All() {
		one := draftClauseOf(v, draft, k, show)
		if one.Move = chapters[one.Title]; one.Level > 2 && len(one.Rows) == 1 {
			one.Move = rows[one.Rows[0].Row.ID]
		}
		p.Clauses = append(p.Clauses, one)
	}
	for _, f := range report.Findings {
		p.Faults[f.Severity]++
	}
	return s.render(c, status, "project-draft.html", p)
}

func draftClauseOf(v registry.ProjectView, draft registry.Draft, k *editor.Clause, show *editor.Renderer) draftClause {
	out := draftClause{
		ID: k.ID, Number: k.Number, Title: k.Title, English: k.English, Kind: k.Kind, Level: 1 + len(draft.Document.Path(k.ID)),
		HTML: template.HTML(show.Text(k)),
	}
	switch k.Kind {
	case editor.Foreword:
		out.Title = "前言"
	case editor.Introduction:
		out.Title = "引言"
	}
	for _, row := range draft.Rows[k.ID] {
		src := draftSource{Row: row, URL: rowURL(v.Project.ID, row.ID), From: originsOf(v, row.Unified)}
		src.Marks, _ = marksOf(v, row)
		out.Rows = append(out.Rows, src)
	}
	return out
}

func (s *Server) keepDraft(c echo.Context) error {
	project := c.Param("project")
	kept, err := s.reg.KeepDraft(s.actor(c), project, c.FormValue("message"))
	var refusal *registry.Refusal
	if errors.As(err, &refusal) && (refusal.Kind == registry.Invalid || refusal.Kind == registry.Conflict) {
		return s.showDraft(c, statusOf[refusal.Kind], rowForm{Name: "keep", Problem: refusal.Reason, Field: refusal.Field, typed: c.FormValue})
	}
	if err != nil {
		return err
	}
	return s.see(c, revisionURL(kept.Ref()), "done.draft")
}

func (s *Server) draftMarkdown(c echo.Context) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	return download(c, v.Project.ID+"-draft.md", v.Project.Title+" 统一稿.md", "text/markdown; charset=utf-8", editor.Write(v.Draft().Document))
}
