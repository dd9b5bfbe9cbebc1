package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tongbiao/editor/convert"
	"tongbiao/registry"
)

// minutesPage are the minutes of a meeting.
type minutesPage struct {
	Frame
	Project registry.Project
	Minutes registry.Minutes
	Paper   convert.Paper
}

func (s *Server) minutes(c echo.Context) error {
	m, err := s.reg.Minutes(c.Param("project"), c.Param("meeting"))
	if err != nil {
		return err
	}
	p := minutesPage{Frame: s.frame(c, s.say(c, "minutes.title", m.Meeting.Title)), Project: m.Project, Minutes: m, Paper: m.Paper()}
	p.Styles = []string{"workbench.css", "meeting.css"}
	return s.render(c, http.StatusOK, "project-minutes.html", p)
}

func (s *Server) minutesMarkdown(c echo.Context) error {
	m, err := s.reg.Minutes(c.Param("project"), c.Param("meeting"))
	if err != nil {
		return err
	}
	return download(c, m.Project.ID+"-minutes-"+m.Meeting.ID+".md", m.Project.Title+" "+m.Meeting.Title+"纪要.md", markdownType, m.Markdown())
}

func (s *Server) minutesDOCX(c echo.Context) error {
	m, err := s.reg.Minutes(c.Param("project"), c.Param("meeting"))
	if err != nil {
		return err
	}
	return sendDOCX(c, m.Project.ID+"-minutes-"+m.Meeting.ID, m.Project.Title+" "+m.Meeting.Title+"纪要", m.Paper())
}
