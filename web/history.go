package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// historyPage is a standard's revisions, newest first, one line each: who, when,
// why, and what it changed.
type historyPage struct {
	Frame
	Standard registry.Standard
	Steps    []registry.RevisionStep
	Pager    pager
	MayWrite bool // restore an older text
}

const revisionsPerPage = 25

func (s *Server) history(c echo.Context) error {
	std, err := s.reg.Standard(c.Param("id"))
	if err != nil {
		return err
	}
	page := pageNumber(c)
	steps, total, err := s.reg.RevisionSteps(std.ID, (page-1)*revisionsPerPage, revisionsPerPage)
	if err != nil {
		return err
	}
	p := historyPage{
		Frame: s.frame(c, s.say(c, "history.title", std.Header.Title)), Standard: std, Steps: steps,
		Pager: pagerOf(c.Request().URL, page, revisionsPerPage, total), MayWrite: s.mayWrite(c, std),
	}
	p.Styles = []string{"history.css"}
	return s.render(c, http.StatusOK, "history.html", p)
}

// mayWrite tells whether the reader may make a revision of a standard.
func (s *Server) mayWrite(c echo.Context, std registry.Standard) bool {
	return registry.May(s.actor(c), registry.SubmitRevision, std.Header.Regions...) == nil
}

// comparePair reads an address of the form …/compare/1...3.
func (s *Server) comparePair(c echo.Context) error {
	a, b, ok := strings.Cut(c.Param("pair"), "...")
	if !ok || a == "" || b == "" {
		return echo.ErrNotFound
	}
	to := url.URL{Path: "/standards/" + c.Param("id") + "/compare", RawQuery: url.Values{"a": {a}, "b": {b}}.Encode()}
	return c.Redirect(http.StatusFound, to.String())
}

// restorePage shows what it would change to bring an older text back, and asks
// why.
type restorePage struct {
	Frame
	Standard registry.Standard
	Revision registry.Revision
	Base     int // the current revision when the form was made
	Tally    []changeCount
	Changes  []changeView
	Message  string
	Problem  string
	MayWrite bool
}

func (s *Server) restoreForm(c echo.Context) error {
	return s.showRestore(c, http.StatusOK, "", "")
}

func (s *Server) showRestore(c echo.Context, status int, message, problem string) error {
	ref, err := refOf(c)
	if err != nil {
		return err
	}
	std, err := s.reg.Standard(ref.Standard)
	if err != nil {
		return err
	}
	found, before, after, err := s.reg.Changes(registry.Ref{Standard: std.ID}, ref)
	if err != nil {
		return err
	}
	p := restorePage{
		Frame: s.frame(c, s.say(c, "restore.title", ref.Revision, std.Header.Title)), Standard: std, Revision: after.Revision,
		Base: before.Revision.Number, Tally: tallyOf(found), Message: message, Problem: problem, MayWrite: s.mayWrite(c, std),
	}
	p.Class, p.Styles = "comparing", []string{"history.css"}
	p.Changes = changeViewer{before, after}.changed(found)
	return s.render(c, status, "restore.html", p)
}

// restore brings the clauses of an older revision back as a new one.
func (s *Server) restore(c echo.Context) error {
	ref, err := refOf(c)
	if err != nil {
		return err
	}
	base, _ := strconv.Atoi(c.FormValue("base"))
	message := lines(c.FormValue("message"))
	v, err := s.reg.Restore(s.actor(c), ref.Standard, ref.Revision, base, message)
	if reason, ok := refused(err, registry.Invalid, registry.Forbidden); ok {
		return s.showRestore(c, http.StatusUnprocessableEntity, message, reason)
	}
	if reason, ok := refused(err, registry.Conflict); ok {
		return s.showRestore(c, http.StatusConflict, message, reason)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/standards/"+url.PathEscape(v.Standard)+"/"+strconv.Itoa(v.Number), "done.restore")
}
