package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// undoPage lists the last corrections of a project; those that the reader may
// take back have a button.
type undoPage struct {
	Frame
	Project registry.Project
	Problem string
	Acts    []actShown
}

// actShown is a correction with the rows that it touched.
type actShown struct {
	actLine
	Rows []rowLink
	More int
}

// rowLink leads to a row; URL is "" for one that is gone.
type rowLink struct{ Topic, URL string }

// rowsShown bounds the rows that one line names.
const rowsShown = 6

func (s *Server) undoList(c echo.Context) error { return s.showUndo(c, http.StatusOK, "") }

func (s *Server) showUndo(c echo.Context, status int, problem string) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	acts, err := s.reg.Acts(v.Project.ID)
	if err != nil {
		return err
	}
	p := undoPage{Frame: s.frame(c, s.say(c, "undo.title", v.Project.Title)), Project: v.Project, Problem: problem}
	p.Class, p.Styles, p.Scripts = "wide", []string{"workbench.css", "realign.css"}, []string{"workbench.js"}
	actor := s.actor(c)
	for _, a := range acts {
		shown := actShown{actLine: actLine{a, a.MayUndo(actor)}}
		shown.Rows, shown.More = rowLinks(v, a.Rows)
		p.Acts = append(p.Acts, shown)
	}
	return s.render(c, status, "project-undo.html", p)
}

// rowLinks names rows, the first of them.
func rowLinks(v registry.ProjectView, ids []string) (out []rowLink, more int) {
	for i, id := range ids {
		if i == rowsShown {
			return out, len(ids) - rowsShown
		}
		at := slices.IndexFunc(v.Rows, func(r registry.RowView) bool { return r.ID == id })
		if at < 0 {
			out = append(out, rowLink{id, ""})
			continue
		}
		out = append(out, rowLink{v.Rows[at].Topic, rowURL(v.Project.ID, id)})
	}
	return out, 0
}

// undo takes a correction back and goes to the row from which it was asked for,
// or to one that is there again.
func (s *Server) undo(c echo.Context) error {
	project := c.Param("project")
	event, err := strconv.ParseUint(c.FormValue("event"), 10, 64)
	if err != nil {
		return echo.ErrBadRequest
	}
	act, err := s.reg.Undo(s.actor(c), project, event)
	if reason, ok := refused(err, registry.Conflict, registry.NotFound); ok {
		status := http.StatusConflict
		if registry.Refused(err, registry.NotFound) {
			status = http.StatusNotFound
		}
		return s.showUndo(c, status, reason)
	}
	if err != nil {
		return err
	}
	if act.Verb != registry.Realign {
		for _, id := range append([]string{c.FormValue("row")}, act.Rows...) {
			if _, err := s.reg.Row(project, id); err == nil {
				return s.see(c, rowURL(project, id)+"#main", "done.undo")
			}
		}
	}
	return s.see(c, "/projects/"+project+"/undo", "done.undo")
}
