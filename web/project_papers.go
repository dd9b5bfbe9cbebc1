package web

import (
	"bytes"
	"net/http"

	"github.com/labstack/echo/v4"

	"tongbiao/editor/convert"
	"tongbiao/registry"
)

// Media types of what is downloaded.
const (
	markdownType = "text/markdown; charset=utf-8"
	csvType      = "text/csv; charset=utf-8"
	docxType     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsxType     = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// concordancePage is the table of concordance, and what became of each text.
type concordancePage struct {
	Frame
	Project registry.Project
	Head    []string
	Lines   []concordLine
	Columns []fateColumn
}

// concordLine is a line of the table with its addresses.
type concordLine struct {
	registry.Concord
	URL   string
	Cells [][]fate
}

// fate is what became of a passage, with its addresses.
type fate struct {
	registry.Fate
	URL, RowURL string
}

// fateColumn is a text with what became of all its passages.
type fateColumn struct {
	Head   columnHead
	Fates  []fate
	Counts []fateCount
}

type fateCount struct {
	How   registry.How
	Count int
}

func fateOf(v registry.ProjectView, f registry.Fate) fate {
	ref := v.Columns[f.Column].Text
	ref.Clause = f.At.Clause
	return fate{f, revisionURL(ref), rowURL(v.Project.ID, f.Row)}
}

func (s *Server) concordance(c echo.Context) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	lines := v.Concordance()
	p := concordancePage{Frame: s.frame(c, s.say(c, "concordance.title", v.Project.Title)), Project: v.Project, Head: v.ConcordanceHead()}
	p.Class, p.Styles = "wide", []string{"workbench.css", "meeting.css"}
	for _, l := range lines {
		line := concordLine{Concord: l, URL: rowURL(v.Project.ID, l.Row)}
		for _, cell := range l.Cells {
			var out []fate
			for _, f := range cell {
				out = append(out, fateOf(v, f))
			}
			line.Cells = append(line.Cells, out)
		}
		p.Lines = append(p.Lines, line)
	}
	for i, head := range headsOf(v, gridQuery{}) {
		col, counts := fateColumn{Head: head}, map[registry.How]int{}
		for _, f := range v.FatesOf(i, lines) {
			col.Fates = append(col.Fates, fateOf(v, f))
			counts[f.How]++
		}
		for _, how := range []registry.How{registry.Verbatim, registry.Adapted, registry.Unused, ""} {
			if n := counts[how]; n > 0 {
				col.Counts = append(col.Counts, fateCount{how, n})
			}
		}
		p.Columns = append(p.Columns, col)
	}
	return s.render(c, http.StatusOK, "project-concordance.html", p)
}

func (s *Server) concordanceMarkdown(c echo.Context) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	return download(c, v.Project.ID+"-concordance.md", v.Project.Title+" 对照表.md", markdownType, v.ConcordanceMarkdown())
}

func (s *Server) concordanceCSV(c echo.Context) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := v.ConcordanceCSV(&b); err != nil {
		return err
	}
	return download(c, v.Project.ID+"-concordance.csv", v.Project.Title+" 对照表.csv", csvType, b.Bytes())
}

func (s *Server) concordanceDOCX(c echo.Context) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	return sendDOCX(c, v.Project.ID+"-concordance", v.Project.Title+" 对照表", v.ConcordancePaper())
}

func (s *Server) concordanceXLSX(c echo.Context) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := convert.WriteXLSX(&b, v.ConcordanceTables()...); err != nil {
		return err
	}
	return download(c, v.Project.ID+"-concordance.xlsx", v.Project.Title+" 对照表.xlsx", xlsxType, b.Bytes())
}

func (s *Server) draftDOCX(c echo.Context) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	return sendDOCX(c, v.Project.ID+"-draft", v.Project.Title+" 统一稿", convert.StandardPaper(v.Draft().Document, s.reg.FigureData))
}

// sendDOCX answers with a paper as a Word document.
func sendDOCX(c echo.Context, ascii, name string, p convert.Paper) error {
	var b bytes.Buffer
	if err := convert.WriteDOCX(&b, p); err != nil {
		return err
	}
	return download(c, ascii+".docx", name+".docx", docxType, b.Bytes())
}
