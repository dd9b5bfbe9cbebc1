package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"tongbiao/editor/convert"
	"tongbiao/registry"
)

// explanationPage is the drafting explanation, section by section.
type explanationPage struct {
	Frame
	registry.Explanation
	Lines []explained
	May   bool
	Form  rowForm
}

// explained is a section: what people wrote, and what the records say.
type explained struct {
	registry.Section
	People []convert.Block
	Typed  string // what its form holds
	Bad    bool
}

func (s *Server) explanation(c echo.Context) error {
	return s.showExplanation(c, http.StatusOK, rowForm{})
}

func (s *Server) showExplanation(c echo.Context, status int, form rowForm) error {
	e, err := s.reg.Explanation(c.Param("project"))
	if err != nil {
		return err
	}
	p := explanationPage{
		Frame: s.frame(c, s.say(c, "explanation.title", e.Project.Title)), Explanation: e, Form: form,
		May: registry.May(s.actor(c), registry.EditExplanation) == nil,
	}
	p.Styles, p.Scripts = []string{"workbench.css", "meeting.css"}, []string{}
	for _, sec := range e.Sections {
		p.Lines = append(p.Lines, explained{sec, sec.People(), form.Typed(sec.ID, "text", sec.Written.Text), form.Is(sec.ID)})
	}
	return s.render(c, status, "project-explanation.html", p)
}

func (s *Server) editExplanation(c echo.Context) error {
	project, section := c.Param("project"), c.FormValue("section")
	seen, _ := strconv.Atoi(c.FormValue("version"))
	_, err := s.reg.EditExplanation(s.actor(c), project, section, seen, c.FormValue("text"))
	if err == nil {
		return s.see(c, "/projects/"+project+"/explanation#"+section, "done.explanation")
	}
	var refusal *registry.Refusal
	if !errors.As(err, &refusal) || refusal.Kind == registry.Forbidden || refusal.Kind == registry.NotFound {
		return err
	}
	return s.showExplanation(c, statusOf[refusal.Kind], rowForm{
		Name: section, Problem: refusal.Reason, Field: refusal.Field, Conflict: refusal.Kind == registry.Conflict, typed: c.FormValue,
	})
}

func (s *Server) explanationMarkdown(c echo.Context) error {
	e, err := s.reg.Explanation(c.Param("project"))
	if err != nil {
		return err
	}
	return download(c, e.Project.ID+"-explanation.md", e.Project.Title+" 编制说明.md", markdownType, e.Markdown())
}

func (s *Server) explanationDOCX(c echo.Context) error {
	e, err := s.reg.Explanation(c.Param("project"))
	if err != nil {
		return err
	}
	return sendDOCX(c, e.Project.ID+"-explanation", e.Project.Title+" 编制说明", e.Paper())
}
