package web

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// stand is what a region said, the last word first.
type stand struct {
	Region  string
	Now     registry.Position // Verdict "" while it owes one
	Wanted  template.HTML     // the text that it wants, with what that changes
	History []saidOnce
}

// Earlier tells whether the region said more than what counts now.
func (s stand) Earlier() bool {
	return len(s.History) > 1 || len(s.History) == 1 && s.Now.Verdict == ""
}

// saidOnce is one position and whether it was on the text as it stands.
type saidOnce struct {
	registry.Position
	Current bool
}

// positions shows what each region said, and whether the reader may speak.
func (p *rowPage) positions(v registry.ProjectView, row registry.RowView, actor registry.Member) {
	for _, col := range v.Columns {
		if col.Floor {
			continue
		}
		st := stand{Region: col.Key, Now: row.Current[col.Key]}
		if st.Now.Change != "" {
			st.Wanted = markChange(row.Unified.Text, st.Now.Change)
		}
		for _, said := range slices.Backward(row.Positions) {
			if said.Region == col.Key {
				st.History = append(st.History, saidOnce{said, row.Unified != nil && said.Hash == row.Unified.Hash})
			}
		}
		p.Stands = append(p.Stands, st)
	}
	if v.Project.Takes(actor.Region) && registry.May(actor, registry.TakePosition, actor.Region) == nil {
		p.Mine, p.Spoken = actor.Region, row.Current[actor.Region].Verdict
		p.Owed = nextOwed(v.Rows, row, p.Mine)
	}
}

// nextOwed is the row after this one, from the first again after the last, on
// which a region owes a position; nil where there is none but this.
func nextOwed(rows []registry.RowView, row registry.RowView, region string) *registry.RowView {
	at := slices.IndexFunc(rows, func(r registry.RowView) bool { return r.ID == row.ID })
	for i := range len(rows) - 1 {
		if next := &rows[(at+1+i)%len(rows)]; slices.Contains(next.Owing, region) {
			return next
		}
	}
	return nil
}

// takePosition says what a region thinks. The form carries the text as it was
// shown: one that is still the same wants no change.
func (s *Server) takePosition(c echo.Context) error {
	pos := registry.Position{
		Project: c.Param("project"), Row: c.Param("row"), Region: c.FormValue("region"),
		Verdict: registry.Verdict(c.FormValue("verdict")), Note: c.FormValue("note"), Hash: c.FormValue("hash"),
	}
	if change := strings.TrimSpace(lines(c.FormValue("change"))); change != strings.TrimSpace(lines(c.FormValue("was"))) {
		pos.Change = change
	}
	_, err := s.reg.Declare(s.actor(c), pos)
	return s.acted(c, "position", err, rowURL(pos.Project, pos.Row)+"#positions", "done.position")
}

// applyChange makes the text that a region wants the unified clause.
func (s *Server) applyChange(c echo.Context) error {
	project, row := c.Param("project"), c.Param("row")
	event, _ := strconv.ParseUint(c.FormValue("event"), 10, 64)
	_, err := s.reg.ApplyChange(s.actor(c), project, row, version(c), event)
	return s.acted(c, "position-apply", err, rowURL(project, row)+"#positions", "done.apply")
}
