package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/editor/convert"
	"tongbiao/registry"
)

// What an enterprise takes away of a checklist: a page to print, a workbook, and
// the list of the standards that it declares to apply (自我声明).

func (s *Server) printChecklist(c echo.Context) error {
	p, err := s.checklistPageOf(c)
	if err != nil {
		return err
	}
	p.fill("", nil)
	p.Class = "sheet"
	return s.render(c, http.StatusOK, "checklist-print.html", p)
}

func (s *Server) checklistXLSX(c echo.Context) error {
	p, err := s.checklistPageOf(c)
	if err != nil {
		return err
	}
	p.fill("", nil)
	t := convert.Table{
		Name: s.say(c, "checklist.sheet"), Above: []string{p.ChecklistView.Title, s.profileLine(c, p.Words), s.say(c, "checklist.progress", p.Count.Done, p.Count.Of)},
		Widths: []int{5, 10, 7, 17, 20, 8, 16, 44, 12, 12, 8, 30, 24}, Numbers: []int{0},
	}
	for _, k := range []string{"at", "activity", "force", "number", "standard", "clause", "heading", "text", "figures", "responsible", "state", "evidence", "change"} {
		t.Head = append(t.Head, s.say(c, "checklist.col."+k))
	}
	for _, g := range p.Groups {
		for _, r := range g.Rows {
			change := ""
			switch {
			case r.Gone:
				change = s.say(c, "checklist.gone")
			case r.Changed:
				change = s.say(c, "checklist.changed", r.Now.Revision)
			}
			t.Rows = append(t.Rows, []string{strconv.Itoa(r.At), s.say(c, "activity."+string(g.Activity)), s.say(c, "modality."+string(r.Force)), r.Standard.Header.Primary(), r.Standard.Header.Title,
				r.Number, r.ChecklistItem.Title, r.Text, strings.Join(r.Figures, "；"), r.Responsible, s.say(c, "checklist.state."+string(r.State)), r.Evidence, change})
		}
	}
	t.Notes = []string{s.say(c, "applicable.limits")}
	return s.sendTables(c, "checklist.xlsx", p.ChecklistView.Title+".xlsx", t)
}

func (s *Server) sendTables(c echo.Context, ascii, name string, tables ...convert.Table) error {
	var b bytes.Buffer
	if err := convert.WriteXLSX(&b, tables...); err != nil {
		return err
	}
	return download(c, ascii, name, xlsxType, b.Bytes())
}

// profileLine is a profile on one line.
func (s *Server) profileLine(c echo.Context, w profileWords) string {
	var parts []string
	for _, r := range w.Regions {
		parts = append(parts, regionOf(lang(c), r).Name)
	}
	parts = append(append(parts, w.Activities...), w.Roles...)
	if w.Scale != "" {
		parts = append(parts, w.Scale)
	}
	return strings.Join(parts, "、")
}

// declarationPage lists the standards that an enterprise applies.
type declarationPage struct {
	Frame
	registry.ChecklistView
	Name        string // of the enterprise, as it was typed; it is not kept
	Day         time.Time
	Standards   []declaredRow
	Regulations []declaredRow
	Download    string
}

type declaredRow struct {
	registry.Declared
	At int
}

func declaredRows(list []registry.Declared) (out []declaredRow) {
	for i, d := range list {
		out = append(out, declaredRow{d, i + 1})
	}
	return out
}

// mostName bounds the name of an enterprise, in characters.
const mostName = 100

func (s *Server) declaration(c echo.Context) error {
	p, err := s.declarationOf(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "declaration.html", p)
}

func (s *Server) declarationOf(c echo.Context) (p declarationPage, err error) {
	if p.ChecklistView, err = s.reg.Checklist(s.actor(c), c.Param("id")); err != nil {
		return p, err
	}
	p.Frame = s.frame(c, s.say(c, "declaration.title"))
	p.Styles, p.Class = []string{"enterprise.css"}, "sheet"
	p.Name = strings.Join(strings.Fields(c.QueryParam("name")), " ")
	if r := []rune(p.Name); len(r) > mostName {
		p.Name = string(r[:mostName])
	}
	if p.Day, err = time.Parse(time.DateOnly, s.reg.Today()); err != nil {
		return p, err
	}
	standards, regulations := p.Declared()
	p.Standards, p.Regulations = declaredRows(standards), declaredRows(regulations)
	p.Download = "/checklists/" + url.PathEscape(p.ID) + "/declaration.xlsx?" + url.Values{"name": {p.Name}}.Encode()
	return p, nil
}

func (s *Server) declarationXLSX(c echo.Context) error {
	p, err := s.declarationOf(c)
	if err != nil {
		return err
	}
	sheet := func(name string, list []declaredRow) convert.Table {
		t := convert.Table{Name: s.say(c, name), Above: []string{s.say(c, "declaration.title"), strings.TrimSpace(p.Name + "　" + s.reg.Today()), s.say(c, "declaration.lead")}, Widths: []int{6, 24, 36, 10, 14, 10}, Numbers: []int{0, 5}}
		for _, k := range []string{"at", "number", "standard", "status", "effective", "clauses"} {
			t.Head = append(t.Head, s.say(c, "declaration.col."+k))
		}
		for _, d := range list {
			status := ""
			if d.Header.Status != "" {
				status = s.say(c, "status."+d.Header.Status)
			}
			t.Rows = append(t.Rows, []string{strconv.Itoa(d.At), strings.Join(d.Header.Numbers, "；"), d.Header.Title, status, d.Header.Effective, strconv.Itoa(d.Clauses)})
		}
		return t
	}
	tables := []convert.Table{sheet("declaration.standards", p.Standards)}
	if len(p.Regulations) > 0 {
		tables = append(tables, sheet("declaration.regulations", p.Regulations))
	}
	return s.sendTables(c, "declaration.xlsx", s.say(c, "declaration.title")+".xlsx", tables...)
}
