package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// realignPage shows what a re-run of the machine would change.
type realignPage struct {
	Frame
	Project registry.Project
	Plan    registry.Realignment
	Moves   []moveLine
	More    int // moves that are not shown
	New     []rowLine
	Gone    []rowLine
	May     bool
	Problem string
	Undo    *actLine // the re-run that the reader has just made
}

// moveLine is a passage that goes from one row to another.
type moveLine struct {
	Head     columnHead
	Name     string // number and title, or its first words
	URL      string
	Text     string
	From, To rowLine
}

// rowLine is a row with the numbers and titles of its clauses.
type rowLine struct {
	Topic string
	URL   string // "" for one that is not there yet
	Cells []cellLine
}

// cellLine is a cell by its numbers and title.
type cellLine struct {
	Class, Label string
	Names        string
}

// movesShown bounds what the page lists; the figures count all.
const movesShown = 400

func (s *Server) realignment(c echo.Context) error { return s.showRealignment(c, http.StatusOK, "") }

func (s *Server) showRealignment(c echo.Context, status int, problem string) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	p := realignPage{Frame: s.frame(c, s.say(c, "realign.title", v.Project.Title)), Project: v.Project, Problem: problem}
	if p.Plan, err = s.reg.Realignment(v.Project.ID); err != nil {
		return err
	}
	p.Class, p.Styles, p.Scripts = "wide", []string{"workbench.css", "realign.css"}, []string{"workbench.js"}
	actor := s.actor(c)
	p.May = registry.May(actor, registry.Realign) == nil
	t := textsOf(v)
	heads := headsOf(v, gridQuery{})
	rowOf := func(id string) rowLine {
		row, stood := p.Plan.Before[id]
		if after, stands := p.Plan.After[id]; stands {
			row = after
		}
		line := rowLineOf(t, row)
		if stood {
			line.URL = rowURL(v.Project.ID, id)
		}
		return line
	}
	for _, m := range p.Plan.Moves {
		if len(p.Moves) == movesShown {
			p.More = len(p.Plan.Moves) - movesShown
			break
		}
		i := columnAt(v.Columns, m.Column)
		from := rowLineOf(t, p.Plan.Before[m.From])
		from.URL = rowURL(v.Project.ID, m.From)
		line := moveLine{Head: heads[i], From: from, To: rowOf(m.To), Text: strings.Join(t.plain(i, []editor.Passage{m.At}), " ")}
		line.Name, line.URL = passageTitle(t, i, m.At)
		p.Moves = append(p.Moves, line)
	}
	for _, row := range p.Plan.New() {
		p.New = append(p.New, rowLineOf(t, row))
	}
	for _, row := range p.Plan.Gone() {
		line := rowLineOf(t, row)
		line.URL = rowURL(v.Project.ID, row.ID)
		p.Gone = append(p.Gone, line)
	}
	acts, err := s.reg.Acts(v.Project.ID)
	if err != nil {
		return err
	}
	if len(acts) > 0 && acts[0].Verb == registry.Realign {
		p.Undo = justDone([]actLine{{acts[0], acts[0].MayUndo(actor)}}, actor)
	}
	return s.render(c, status, "project-realign.html", p)
}

// passageTitle is a passage by its number and its clause's title.
func passageTitle(t texts, column int, at editor.Passage) (name, url string) {
	clause, _ := t.PassageText(column, at)
	ref := t.Columns[column].Text
	ref.Clause = at.Clause
	name = t.PassageName(column, at)
	if clause != nil && clause.Title != "" && clause.Title != name {
		name += " " + clause.Title
	}
	return name, revisionURL(ref)
}

func rowLineOf(t texts, row registry.Row) rowLine {
	line := rowLine{Topic: row.Topic}
	for i, col := range t.Columns {
		var names []string
		for _, at := range row.Cells[col.Key] {
			if name, _ := passageTitle(t, i, at); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if len(names) > 0 {
			line.Cells = append(line.Cells, cellLine{classOf(col), col.Label, strings.Join(names, "、")})
		}
	}
	return line
}

func (s *Server) realign(c echo.Context) error {
	project := c.Param("project")
	_, err := s.reg.Realign(s.actor(c), project, c.FormValue("fingerprint"))
	if reason, ok := refused(err, registry.Conflict); ok {
		return s.showRealignment(c, http.StatusConflict, reason)
	}
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.showRealignment(c, http.StatusUnprocessableEntity, reason)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/projects/"+project+"/realign", "done.realign")
}

// repinPage shows what a newer revision of a text changes in a project.
type repinPage struct {
	Frame
	Project registry.Project
	Plan    registry.Repin
	Head    columnHead
	URL     string // the two revisions compared
	Rows    []repinRow
	Settled int // settled rows whose words change
	Rests   int // sentences of unified clauses that rest on what changes
	May     bool
	Problem string
}

// repinRow is one row that a newer revision touches.
type repinRow struct {
	registry.RowRepin
	URL      string
	Passages []repinPassage
}

// repinPassage is what became of one passage.
type repinPassage struct {
	Kind     string // "reworded", "removed", "added", "proposed"
	Old, New string // names; "" where it came or went
	HTML     template.HTML
}

func (s *Server) repin(c echo.Context) error { return s.showRepin(c, http.StatusOK, "") }

func (s *Server) showRepin(c echo.Context, status int, problem string) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	column := c.QueryParam("column")
	if c.Request().Method == http.MethodPost {
		column = c.FormValue("column")
	}
	p := repinPage{Project: v.Project, Problem: problem}
	if p.Plan, err = s.reg.Repin(v.Project.ID, column); err != nil {
		return err
	}
	i := columnAt(v.Columns, column)
	p.Frame = s.frame(c, s.say(c, "repin.title", v.Columns[i].Label, p.Plan.To.Revision.Number))
	p.Class, p.Styles, p.Scripts = "wide", []string{"workbench.css", "realign.css"}, []string{"workbench.js"}
	p.Head = headsOf(v, gridQuery{})[i]
	p.URL = compareURL(v.Columns[i].Text.Standard, p.Plan.From.Revision.Number, p.Plan.To.Revision.Number)
	p.May = registry.May(s.actor(c), registry.RepinText, v.Columns[i].Region.Code) == nil
	// The newer text by the same means: a view that has it in its column.
	newer := v
	newer.Texts = slices.Clone(v.Texts)
	newer.Texts[i] = p.Plan.To
	newer.Columns = slices.Clone(v.Columns)
	newer.Columns[i].Text.Revision = p.Plan.To.Revision.Number
	for _, r := range p.Plan.Rows {
		row := repinRow{RowRepin: r}
		if !r.New {
			row.URL = rowURL(v.Project.ID, r.Row.ID)
		}
		for _, change := range r.Passages {
			row.Passages = append(row.Passages, repinPassageOf(textsOf(v), textsOf(newer), i, change))
		}
		if r.State == registry.Settled {
			p.Settled++
		}
		p.Rests += len(r.Sentences)
		p.Rows = append(p.Rows, row)
	}
	return s.render(c, status, "project-repin.html", p)
}

func repinPassageOf(before, after texts, column int, change registry.PassageRevision) repinPassage {
	out := repinPassage{Kind: "reworded"}
	was, is := "", ""
	if change.Old != (editor.Passage{}) {
		out.Old, _ = passageTitle(before, column, change.Old)
		was = plainOf(before.Texts[column].Document, []editor.Passage{change.Old})
	}
	if change.New != (editor.Passage{}) {
		out.New, _ = passageTitle(after, column, change.New)
		is = plainOf(after.Texts[column].Document, []editor.Passage{change.New})
	}
	switch {
	case change.Proposed:
		out.Kind = "proposed"
	case out.Old == "":
		out.Kind = "added"
	case out.New == "":
		out.Kind = "removed"
	}
	out.HTML = changeBetween(was, is)
	return out
}

// compareURL is the page that compares two revisions of a standard.
func compareURL(standard string, a, b int) string {
	return "/standards/" + standard + "/compare?a=" + strconv.Itoa(a) + "&b=" + strconv.Itoa(b)
}

func (s *Server) repinText(c echo.Context) error {
	project := c.Param("project")
	revision, err := strconv.Atoi(c.FormValue("revision"))
	if err != nil || revision < 1 {
		return echo.ErrBadRequest
	}
	_, err = s.reg.RepinText(s.actor(c), project, c.FormValue("column"), revision, c.FormValue("fingerprint"))
	if reason, ok := refused(err, registry.Conflict); ok {
		return s.showRepin(c, http.StatusConflict, reason)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/projects/"+project, "done.repin")
}
