package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// permanent is the address that a standard, or a clause of it, has for ever.
func (s *Server) permanent(c echo.Context, standard, clause string) string {
	return s.home0(c) + permanentPath(standard, clause)
}

func permanentPath(standard, clause string) string {
	at := "/id/standards/" + url.PathEscape(standard)
	if clause != "" {
		at += "/clauses/" + url.PathEscape(clause)
	}
	return at
}

// wanted is the form in which a permanent address is asked for: "html", "json" or
// "markdown". The first that the reader names and that is to be had; people get
// the page.
func wanted(c echo.Context) string {
	for one := range strings.SplitSeq(c.Request().Header.Get(echo.HeaderAccept), ",") {
		kind, rest, _ := strings.Cut(strings.TrimSpace(one), ";")
		if strings.HasSuffix(strings.ReplaceAll(rest, " ", ""), "q=0") {
			continue
		}
		switch kind {
		case "text/html", "application/xhtml+xml":
			return "html"
		case "application/json", "application/*":
			return "json"
		case "text/markdown":
			return "markdown"
		}
	}
	return "html"
}

// standardID leads from the permanent address of a standard to what it says, now
// or on a day (?on=). A standard's number, in any spelling, leads to its address.
func (s *Server) standardID(c echo.Context) error {
	v, err := s.pinned(c)
	if registry.Refused(err, registry.NotFound) {
		if to, ok := s.byNumber(c); ok {
			return c.Redirect(http.StatusPermanentRedirect, to)
		}
	}
	if err != nil {
		return err
	}
	c.Response().Header().Add("Vary", "Accept")
	ref := registry.Ref{Standard: v.Standard}
	if c.QueryString() != "" {
		ref.Revision = v.Number
	}
	switch wanted(c) {
	case "json":
		said, err := s.apiStandard(c)
		if err != nil {
			return err
		}
		return s.saidAt(c, apiBase+"/standards/"+url.PathEscape(v.Standard), said)
	case "markdown":
		text, err := s.reg.Text(v.Ref())
		if err != nil {
			return err
		}
		return s.tagged(c, "text/markdown; charset=utf-8", text.Source)
	}
	return c.Redirect(http.StatusSeeOther, placeOf(ref))
}

// byNumber finds the one standard of ours that a number names.
func (s *Server) byNumber(c echo.Context) (to string, ok bool) {
	number, err := url.PathUnescape(c.Param("id")) // a number has a slash
	if err != nil {
		return "", false
	}
	found, err := s.reg.Inquire([]string{number}, "")
	if err != nil || len(found) != 1 || len(found[0].Holdings) != 1 {
		return "", false
	}
	to = permanentPath(found[0].Holdings[0].Standard, c.Param("clause"))
	if q := c.QueryString(); q != "" {
		to += "?" + q
	}
	return to, true
}

// saidAt answers with JSON that an address of the API has too.
func (s *Server) saidAt(c echo.Context, at string, said any) error {
	body, err := jsonOf(said)
	if err != nil {
		return err
	}
	if q := c.QueryString(); q != "" {
		at += "?" + q
	}
	c.Response().Header().Set("Content-Location", at)
	return s.tagged(c, echo.MIMEApplicationJSON, body)
}

// clauseID leads from the permanent address of a clause to its words, now or on a
// day. A clause that was taken away is gone (410): the answer says when, and where
// its words went.
func (s *Server) clauseID(c echo.Context) error {
	v, err := s.pinned(c)
	if registry.Refused(err, registry.NotFound) {
		if to, ok := s.byNumber(c); ok {
			return c.Redirect(http.StatusPermanentRedirect, to)
		}
	}
	if err != nil {
		return err
	}
	c.Response().Header().Add("Vary", "Accept")
	text, err := s.reg.Text(v.Ref())
	if err != nil {
		return err
	}
	form, k := wanted(c), text.Document.Clause(c.Param("clause"))
	if k == nil {
		err := s.goneOrNever(c, v)
		var g *gone
		if errors.As(err, &g) && form != "html" {
			return s.problem(c, http.StatusGone, g.Error(), "clause")
		}
		return err
	}
	switch form {
	case "json":
		return s.saidAt(c, apiBase+"/standards/"+url.PathEscape(v.Standard)+"/clauses/"+url.PathEscape(k.ID), s.apiOneClauseOf(c, text, k))
	case "markdown":
		return s.tagged(c, "text/markdown; charset=utf-8", clauseMarkdown(k))
	}
	ref := registry.Ref{Standard: v.Standard, Clause: k.ID}
	if c.QueryString() != "" {
		ref.Revision = v.Number
	}
	return c.Redirect(http.StatusSeeOther, placeOf(ref))
}

// clauseMarkdown is a clause alone, as it is written.
func clauseMarkdown(k *editor.Clause) []byte {
	return []byte("## " + strings.TrimSpace(k.Number+" "+k.Title) + " {#" + k.ID + "}\n\n" + strings.TrimSpace(k.Text) + "\n")
}
