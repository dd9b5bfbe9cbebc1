package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/derive"
	"tongbiao/registry"
)

// derivedPage is what a text says about itself: lists that are read off, and
// proposals that a drafter may take over.
type derivedPage struct {
	Frame
	Standard registry.Standard
	registry.Derived
	Version   string // of the working copy that was seen; "" where there was none
	Proposals []proposalView
	MayWrite  bool
	Problem   string
	At        string // clause whose form was refused
}

// proposalView is a proposal as a form.
type proposalView struct {
	derive.Proposal
	Shown []derive.Part // with what references show
	Diff  []edit
	Text  string // as it stands in the form
}

func (s *Server) derived(c echo.Context) error {
	return s.showDerived(c, http.StatusOK, "", "", "")
}

func (s *Server) showDerived(c echo.Context, status int, at, text, problem string) error {
	actor := s.actor(c)
	d, err := s.reg.Derived(actor, c.Param("id"))
	if err != nil {
		return err
	}
	std, err := s.reg.Standard(c.Param("id"))
	if registry.Refused(err, registry.NotFound) && d.Working != nil { // a standard that is yet to be
		std, err = registry.Standard{ID: d.Working.Standard, Header: d.Document.Header}, nil
	}
	if err != nil {
		return err
	}
	p := derivedPage{
		Frame: s.frame(c, s.say(c, "derived.title", std.Header.Title)), Standard: std, Derived: d, Problem: problem, At: at,
		MayWrite: registry.May(actor, registry.OpenWorking, std.Header.Regions...) == nil,
	}
	p.Styles = []string{"history.css"}
	if d.Working != nil {
		p.Version = strconv.FormatUint(d.Working.Version, 10)
	}
	citations := d.Document.Citations()
	for _, one := range []derive.Proposal{d.Foreword, d.References} {
		v := proposalView{Proposal: one, Diff: inline(one.Edits, citations, citations), Text: one.New}
		for _, part := range one.Parts {
			part.Text = editor.Cite(part.Text, func(id string) string { return citations[id] })
			v.Shown = append(v.Shown, part)
		}
		if at == one.Clause {
			v.Text = text
		}
		p.Proposals = append(p.Proposals, v)
	}
	return s.render(c, status, "derived.html", p)
}

// applyDerived puts a proposal, as its reader left it, into the reader's working
// copy.
func (s *Server) applyDerived(c echo.Context) error {
	clause, text := c.FormValue("clause"), strings.TrimSpace(lines(c.FormValue("text")))
	var seen *uint64
	if n, err := strconv.ParseUint(c.FormValue("version"), 10, 64); err == nil {
		seen = &n
	}
	_, err := s.reg.ApplyDerived(s.actor(c), c.Param("id"), clause, seen, text)
	if reason, ok := refused(err, registry.Conflict); ok {
		return s.showDerived(c, http.StatusConflict, clause, text, reason)
	}
	if reason, ok := refused(err, registry.Invalid, registry.Forbidden); ok {
		return s.showDerived(c, http.StatusUnprocessableEntity, clause, text, reason)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/standards/"+url.PathEscape(c.Param("id"))+"/derived#p-"+url.PathEscape(clause), "done.derived")
}
