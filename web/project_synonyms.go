package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// synonymsPage lists the words that mean one thing in the texts of a project.
type synonymsPage struct {
	Frame
	Project registry.Project
	Groups  []synonymGroup
	May     bool
	Problem string
	Typed   string
	Dropped bool      // a group has just been taken away
	Rows    []rowLink // that were proposed anew because of it
	More    int
}

// synonymGroup is one group with the rows that it changed.
type synonymGroup struct {
	registry.Synonyms
	Rows []rowLink
	More int
}

func (s *Server) synonyms(c echo.Context) error {
	return s.showSynonyms(c, http.StatusOK, "", "")
}

func (s *Server) showSynonyms(c echo.Context, status int, problem, typed string) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	held, err := s.reg.Synonyms(v.Project.ID)
	if err != nil {
		return err
	}
	p := synonymsPage{
		Frame: s.frame(c, s.say(c, "synonyms.title", v.Project.Title)), Project: v.Project, Problem: problem, Typed: typed,
		May: registry.May(s.actor(c), registry.AddSynonyms) == nil,
	}
	p.Class, p.Styles, p.Scripts = "wide", []string{"workbench.css", "realign.css"}, []string{"workbench.js"}
	for _, g := range slices.Backward(held) {
		shown := synonymGroup{Synonyms: g}
		shown.Rows, shown.More = rowLinks(v, g.Changed)
		p.Groups = append(p.Groups, shown)
	}
	if q := c.QueryParams(); q.Has("changed") {
		var ids []string
		for _, id := range strings.Split(q.Get("changed"), ",") {
			if slices.ContainsFunc(v.Rows, func(r registry.RowView) bool { return r.ID == id }) {
				ids = append(ids, id)
			}
		}
		p.Dropped = true
		p.Rows, p.More = rowLinks(v, ids)
	}
	return s.render(c, status, "project-synonyms.html", p)
}

// wordsIn takes a line apart: 智能快件箱 = 快递柜，快件柜.
func wordsIn(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("=＝,，、;；/|", r) })
}

func (s *Server) addSynonyms(c echo.Context) error {
	project, typed := c.Param("project"), c.FormValue("words")
	g, _, err := s.reg.AddSynonyms(s.actor(c), project, wordsIn(typed))
	if reason, ok := refused(err, registry.Invalid, registry.Conflict); ok {
		status := http.StatusUnprocessableEntity
		if registry.Refused(err, registry.Conflict) {
			status = http.StatusConflict
		}
		return s.showSynonyms(c, status, reason, typed)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/projects/"+project+"/synonyms#s"+strconv.FormatUint(g.Event, 10), "done.synonyms")
}

func (s *Server) dropSynonyms(c echo.Context) error {
	project := c.Param("project")
	event, err := strconv.ParseUint(c.Param("group"), 10, 64)
	if err != nil {
		return echo.ErrNotFound
	}
	done, err := s.reg.DropSynonyms(s.actor(c), project, event)
	if err != nil {
		return err
	}
	rows := done.Rows()
	return s.see(c, "/projects/"+project+"/synonyms?changed="+strings.Join(rows[:min(len(rows), 20)], ","), "done.synonyms.drop")
}
