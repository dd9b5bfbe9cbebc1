package web

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// rowForm is a form of a row's page that was refused: which one, why, and what
// the person had typed.
type rowForm struct {
	Name     string // "unify", "position", …; "" when nothing was refused
	Problem  string
	Field    string
	Conflict bool // the row has changed since the form was shown
	Comment  string
	met      *registry.Encounter // whom a unified clause met
	taking   bool                // a sentence was taken into the unified clause; nothing was refused
	typed    func(string) string
}

// Typed is what a field of this form held; or, where this is not the form that
// was refused, what it holds otherwise.
func (f rowForm) Typed(form, field, otherwise string) string {
	if f.Name == form {
		return f.typed(field)
	}
	return otherwise
}

// Section is the part of the page that the refused form stands in.
func (f rowForm) Section() string {
	name, _, _ := strings.Cut(f.Name, "-")
	switch name {
	case "unify":
		return "unified"
	case "position":
		return "positions"
	case "relation":
		return "relations"
	case "comment", "reply", "resolve":
		return "comments"
	case "take", "none", "review":
		return "texts"
	case "":
		return ""
	}
	return "correct"
}

// Is tells whether this is the form that was refused.
func (f rowForm) Is(form string) bool { return f.Name == form }

// acted answers a form of a row's page: back to the page where it was carried
// out, the page with the form as it was where it was refused.
func (s *Server) acted(c echo.Context, form string, err error, to, done string) error {
	if err == nil {
		return s.see(c, to, done)
	}
	var refusal *registry.Refusal
	if !errors.As(err, &refusal) || refusal.Kind == registry.Forbidden || refusal.Kind == registry.NotFound {
		return err
	}
	return s.showRow(c, statusOf[refusal.Kind], rowForm{
		Name: form, Problem: refusal.Reason, Field: refusal.Field, Conflict: refusal.Kind == registry.Conflict,
		Comment: c.Param("comment"), typed: c.FormValue,
	})
}

// version of the row that the form was made from.
func version(c echo.Context) int {
	n, _ := strconv.Atoi(c.FormValue("version"))
	return n
}

func (s *Server) confirmRow(c echo.Context) error {
	project, row := c.Param("project"), c.Param("row")
	yes := c.FormValue("confirmed") == "yes"
	done := "done.confirm"
	if !yes {
		done = "done.unconfirm"
	}
	_, err := s.reg.ConfirmRow(s.actor(c), project, row, version(c), yes)
	return s.acted(c, "confirm", err, rowURL(project, row)+"#main", done)
}

func (s *Server) placeRow(c echo.Context) error {
	project, row := c.Param("project"), c.Param("row")
	order, err := strconv.Atoi(strings.TrimSpace(c.FormValue("order")))
	if err != nil {
		err = &registry.Refusal{Kind: registry.Invalid, Field: "order", Reason: "次序要写成数字。 The place has to be a number."}
		return s.acted(c, "place", err, "", "")
	}
	_, err = s.reg.PlaceRow(s.actor(c), project, row, version(c), strings.TrimSpace(c.FormValue("chapter")), strings.TrimSpace(c.FormValue("topic")), order)
	return s.acted(c, "place", err, rowURL(project, row)+"#correct", "done.place")
}

func (s *Server) movePassages(c echo.Context) error {
	project, row := c.Param("project"), c.Param("row")
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	var passages []editor.Passage
	for _, value := range form["passage"] {
		at, ok := parsePassage(value)
		if !ok {
			return echo.ErrBadRequest
		}
		passages = append(passages, at)
	}
	column := c.FormValue("column")
	target, err := s.reg.MovePassages(s.actor(c), project, row, version(c), column, passages, c.FormValue("into"))
	return s.acted(c, "move-"+column, err, rowURL(project, target.ID)+"#main", "done.move")
}

// passageValue writes a passage as a form carries it, "c-scope:2" or, for an
// entry of it, "c-scope:2.3"; parsePassage reads it.
func passageValue(at editor.Passage) string {
	if at.Entry > 0 {
		return fmt.Sprintf("%s:%d.%d", at.Clause, at.Paragraph, at.Entry)
	}
	return fmt.Sprintf("%s:%d", at.Clause, at.Paragraph)
}

func parsePassage(value string) (at editor.Passage, ok bool) {
	i := strings.LastIndexByte(value, ':')
	if i < 0 {
		return at, false
	}
	paragraph, entry, part := strings.Cut(value[i+1:], ".")
	n, err := strconv.Atoi(paragraph)
	at = editor.Passage{Clause: value[:i], Paragraph: n}
	if err == nil && part {
		at.Entry, err = strconv.Atoi(entry)
	}
	return at, err == nil
}

func (s *Server) splitRow(c echo.Context) error {
	project, row := c.Param("project"), c.Param("row")
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	target, err := s.reg.SplitRow(s.actor(c), project, row, version(c), form["column"])
	return s.acted(c, "split", err, rowURL(project, target.ID)+"#main", "done.split")
}

func (s *Server) mergeRows(c echo.Context) error {
	project, row := c.Param("project"), c.Param("row")
	target, err := s.reg.MergeRows(s.actor(c), project, row, version(c), c.FormValue("into"))
	return s.acted(c, "merge", err, rowURL(project, target.ID)+"#main", "done.merge")
}

func (s *Server) commentRow(c echo.Context) error {
	project, row := c.Param("project"), c.Param("row")
	kept, err := s.reg.AddComment(s.actor(c), registry.Comment{
		Project: project, Row: row, ReplyTo: c.FormValue("reply_to"), Type: registry.CommentType(c.FormValue("type")),
		Quote: lines(c.FormValue("quote")), Body: lines(c.FormValue("body")), Proposed: lines(c.FormValue("proposed")),
	})
	form := "comment"
	if to := c.FormValue("reply_to"); to != "" {
		form = "reply-" + to
	}
	return s.acted(c, form, err, rowURL(project, row)+"#"+kept.ID, "done.comment")
}

func (s *Server) resolveRowComment(c echo.Context) error {
	project, row, id := c.Param("project"), c.Param("row"), c.Param("comment")
	_, err := s.reg.ResolveComment(s.actor(c), registry.Comment{ID: id, Project: project, Row: row}, c.FormValue("do") != "reopen", lines(c.FormValue("outcome")))
	return s.acted(c, "resolve-"+id, err, rowURL(project, row)+"#"+id, "done.settle")
}
