package web

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// The order of the unified draft: a row or a whole chapter is moved by its
// buttons, by Alt+↑ and Alt+↓, or by dragging; each sends the same form.

// movable says how a clause of the draft can be moved; its addresses are the
// rows or chapters beside it.
type movable struct {
	Row, Chapter string // what is moved: a row in its chapter, or a chapter
	Version      int
	Up, Down     string // what stands before and after; "" at the ends
	Seen         string // the order of the chapters
}

// fixedChapters stand where GB/T 1.1—2020 puts them.
var fixedChapters = []string{"前言", "引言", "范围", "规范性引用文件", "术语和定义"}

// movables says for each row with a unified clause, and for each chapter, how it
// can be moved.
func movables(v registry.ProjectView) (rows, chapters map[string]*movable) {
	rows, chapters = map[string]*movable{}, map[string]*movable{}
	last := map[string]*movable{}
	var before *movable
	seen := strings.Join(registry.Chapters(v.Rows), "\n")
	for _, row := range v.Rows {
		if row.Unified == nil {
			continue
		}
		name := row.ChapterName()
		m := &movable{Row: row.ID, Chapter: name, Version: row.Version}
		if above := last[name]; above != nil {
			m.Up, above.Down = above.Row, row.ID
		}
		rows[row.ID], last[name] = m, m
		if chapters[name] == nil && !slices.Contains(fixedChapters, name) {
			k := &movable{Chapter: name, Seen: seen}
			if before != nil {
				k.Up, before.Down = before.Chapter, name
			}
			chapters[name], before = k, k
		}
	}
	return rows, chapters
}

// placeInDraft moves a row, or a chapter where the form names no row.
func (s *Server) placeInDraft(c echo.Context) error {
	project, row, chapter := c.Param("project"), c.FormValue("row"), c.FormValue("chapter")
	before, after := c.FormValue("before"), c.FormValue("after")
	to := "/projects/" + project + "/draft"
	var err error
	if row == "" {
		err = s.reg.PlaceChapter(s.actor(c), project, chapter, cmp.Or(before, after), before == "", strings.Split(lines(c.FormValue("seen")), "\n"))
		if v, viewErr := s.view(project); viewErr == nil {
			for _, k := range v.ProjectView.Draft().Document.Clauses {
				if k.Title == chapter {
					to += "#" + k.ID
				}
			}
		}
	} else {
		_, err = s.reg.PlaceBeside(s.actor(c), project, row, version(c), chapter, cmp.Or(before, after), before == "")
		to += "#u-" + row
	}
	var refusal *registry.Refusal
	if errors.As(err, &refusal) && (refusal.Kind == registry.Conflict || refusal.Kind == registry.Invalid) {
		return s.showDraft(c, statusOf[refusal.Kind], rowForm{Name: "order", Problem: refusal.Reason, typed: c.FormValue})
	}
	if err != nil {
		return err
	}
	return s.see(c, to, "done.place")
}

// draftFinding is what the checker finds, and the row whose clause it is in.
type draftFinding struct {
	editor.Finding
	Place string // the clause as it is cited
	URL   string // of the row; of the clause on this page where no row wrote it
}

// findingsOf puts what the checker found in a draft to its rows.
func findingsOf(project string, draft registry.Draft, found []editor.Finding) (out []draftFinding) {
	for _, f := range found {
		one := draftFinding{Finding: f}
		if k := draft.Document.Clause(f.Clause); k != nil && f.Clause != "" {
			one.Place, one.URL = strings.TrimSpace(k.Number+" "+k.Title), "#"+k.ID
		}
		if rows := draft.Rows[f.Clause]; len(rows) > 0 {
			one.URL = rowURL(project, rows[0].ID) + "#unified"
		}
		out = append(out, one)
	}
	return out
}
