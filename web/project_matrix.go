package web

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor/compare"
	"tongbiao/editor/convert"
	"tongbiao/registry"
)

// matrixPage is the ledger of a project: what its texts measure and demand.
type matrixPage struct {
	Frame
	Project  registry.Project
	Ask      matrixQuery
	Heads    []matrixHead
	Groups   []matrixGroup
	Total    int // lines of this kind
	Found    int // lines that were asked for
	Held     registry.MatrixCounts
	Kinds    []matrixTab
	Tallies  []tally
	Chapters []string
	Sorts    []string
	Export   string // the query of the page, for the files
	Prev     string
	Next     string
}

// Span is how many columns the table has.
func (p matrixPage) Span() int { return len(p.Heads) + 2 }

// matrixHead names a column.
type matrixHead struct {
	registry.Column
	Class string
	URL   string
	Draft bool
	Count int // entries of the kind that is shown, in the whole text
}

// matrixTab is one of the kinds of entries, with their number.
type matrixTab struct {
	Kind  string // quantity, modality, all
	Count int
	On    bool
	URL   string
}

// matrixGroup is the lines on one subject that stand together.
type matrixGroup struct {
	Row   registry.RowView
	URL   string
	Lines []matrixLine
}

// matrixLine is one thing measured or demanded.
type matrixLine struct {
	Kind      string
	Subject   [2]string // before and after the blank
	Condition string
	Cells     []matrixCell
	Strict    string // labels
	Loose     string
	Apart     string
	Below     bool
}

// matrixCell is what one text says, if it does.
type matrixCell struct {
	Head   *matrixHead
	Entry  *compare.Entry
	Clause string
	URL    string
	Normal string // normalised, where the line has several units
	Unsaid string // the words of a text that says the same without number or modal word
	Strict bool
	Loose  bool
	Below  []matrixBreach
}

// matrixBreach is a floor that a value falls below, with both sentences.
type matrixBreach struct {
	Label    string // of the floor
	Demanded string
	Floor    string // its sentence
	Own      string
}

// matrixQuery is what a reader asked of the ledger; it is the query of the
// page's address.
type matrixQuery struct {
	Kind string // "": quantities; modality; all
	registry.MatrixQuery
	Page int
}

// linesAPage bounds the lines of one page.
const linesAPage = 250

func readMatrixQuery(c echo.Context, v registry.ProjectView) matrixQuery {
	q := matrixQuery{Kind: c.QueryParam("kind"), MatrixQuery: registry.MatrixQuery{
		Differs: c.QueryParam("differs") != "", Below: c.QueryParam("below") != "", Chapter: c.QueryParam("chapter"),
		Region: c.QueryParam("region"), Text: strings.TrimSpace(c.QueryParam("text")), Sort: c.QueryParam("sort"),
	}}
	switch q.Kind {
	case "modality":
		q.MatrixQuery.Kind = compare.Modality
	case "all":
	default:
		q.Kind, q.MatrixQuery.Kind = "", compare.Quantity
	}
	if columnAt(v.Columns, q.Region) < 0 && q.Region != registry.DraftColumn {
		q.Region = ""
	}
	if !slices.Contains(registry.MatrixSorts, q.Sort) {
		q.Sort = ""
	}
	q.Page, _ = strconv.Atoi(c.QueryParam("page"))
	q.Page = max(q.Page, 1)
	return q
}

func (q matrixQuery) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("kind", q.Kind)
	set("chapter", q.Chapter)
	set("region", q.Region)
	set("text", q.Text)
	set("sort", q.Sort)
	if q.Differs {
		v.Set("differs", "1")
	}
	if q.Below {
		v.Set("below", "1")
	}
	return v
}

// With is the address of the page with one thing asked otherwise; "" asks it no
// longer.
func (q matrixQuery) With(name, value string) string {
	v := q.values()
	if v.Del(name); value != "" {
		v.Set(name, value)
	}
	return "?" + v.Encode()
}

// Narrow tells whether some lines may be left out.
func (q matrixQuery) Narrow() bool {
	return q.Differs || q.Below || q.Chapter != "" || q.Region != "" || q.Text != ""
}

func (s *Server) matrix(c echo.Context) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	q := readMatrixQuery(c, v)
	whole := v.Matrix()
	m := whole.Pick(q.MatrixQuery)
	p := matrixPage{
		Frame: s.frame(c, s.say(c, "matrix.title", v.Project.Title)), Project: v.Project, Ask: q, Sorts: registry.MatrixSorts,
		Found: len(m.Lines), Held: whole.Counts(), Export: q.values().Encode(),
	}
	p.Class, p.Styles = "wide", []string{"workbench.css", "matrix.css"}
	p.heads(v)
	p.count(v, whole)
	from := min((q.Page-1)*linesAPage, len(m.Lines))
	to := min(from+linesAPage, len(m.Lines))
	if q.Page > 1 {
		p.Prev = q.With("page", strconv.Itoa(q.Page-1))
	}
	if to < len(m.Lines) {
		p.Next = q.With("page", strconv.Itoa(q.Page+1))
	}
	for _, l := range m.Lines[from:to] {
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Row.ID != l.Row.ID {
			p.Groups = append(p.Groups, matrixGroup{Row: l.Row, URL: rowURL(v.Project.ID, l.Row.ID)})
		}
		g := &p.Groups[len(p.Groups)-1]
		g.Lines = append(g.Lines, p.line(v, l))
	}
	return s.render(c, http.StatusOK, "project-matrix.html", p)
}

func (p *matrixPage) heads(v registry.ProjectView) {
	for i, col := range v.Columns {
		h := matrixHead{Column: col, Class: classOf(col), URL: revisionURL(col.Text)}
		if p.Ask.MatrixQuery.Kind != compare.Modality {
			h.Count += p.Held.Quantities[i]
		}
		if p.Ask.MatrixQuery.Kind != compare.Quantity {
			h.Count += p.Held.Modals[i]
		}
		p.Heads = append(p.Heads, h)
	}
	p.Heads = append(p.Heads, matrixHead{Column: registry.Column{Key: registry.DraftColumn}, Draft: true, URL: "/projects/" + v.Project.ID + "/draft"})
}

// count makes the tabs, the tallies and the list of chapters.
func (p *matrixPage) count(v registry.ProjectView, whole registry.Matrix) {
	lines := map[compare.Kind]int{}
	differing, below := 0, 0
	for _, l := range whole.Lines {
		lines[l.Kind]++
		if k := p.Ask.MatrixQuery.Kind; k == "" || k == l.Kind {
			p.Total++
			if l.Differs {
				differing++
			}
			if len(l.Below) > 0 {
				below++
			}
		}
	}
	for _, k := range []struct {
		name  string
		count int
	}{{"", lines[compare.Quantity]}, {"modality", lines[compare.Modality]}, {"all", len(whole.Lines)}} {
		p.Kinds = append(p.Kinds, matrixTab{k.name, k.count, p.Ask.Kind == k.name, p.Ask.With("kind", k.name)})
	}
	on := func(is bool) string {
		if is {
			return ""
		}
		return "1"
	}
	p.Tallies = []tally{
		{"differs", differing, p.Ask.Differs, p.Ask.With("differs", on(p.Ask.Differs))},
		{"below", below, p.Ask.Below, p.Ask.With("below", on(p.Ask.Below))},
	}
	for _, row := range v.Rows {
		if row.Chapter != "" && !slices.Contains(p.Chapters, row.Chapter) {
			p.Chapters = append(p.Chapters, row.Chapter)
		}
	}
}

func (p *matrixPage) line(v registry.ProjectView, l registry.MatrixLine) matrixLine {
	out := matrixLine{Kind: string(l.Kind), Condition: l.Condition, Apart: l.Apart, Strict: p.labels(l.Strictest), Loose: p.labels(l.Loosest), Below: len(l.Below) > 0}
	mixed := mixedUnits(l)
	out.Subject[0], out.Subject[1], _ = strings.Cut(l.Subject, compare.Blank)
	for i, e := range l.Entries {
		cell := matrixCell{Head: &p.Heads[i], Entry: e, Unsaid: l.Unsaid[i], Strict: slices.Contains(l.Strictest, i), Loose: slices.Contains(l.Loosest, i)}
		if e != nil {
			cell.Clause, cell.URL = l.Clauses[i].Name, revisionURL(l.Clauses[i].Ref)
			if i == len(v.Columns) {
				cell.URL = rowURL(v.Project.ID, l.Row.ID) + "#unified"
			}
			if e.Quantity != nil && mixed && e.Quantity.Unit != e.Quantity.BaseUnit() {
				cell.Normal = e.Quantity.Normal()
			}
		}
		for _, b := range l.Breaches(i) {
			cell.Below = append(cell.Below, matrixBreach{v.Columns[b.Floor].Label, b.Demanded.Said, b.Demanded.Sentence, b.Own.Sentence})
		}
		out.Cells = append(out.Cells, cell)
	}
	return out
}

// mixedUnits tells whether the values of a line are written in several units, so
// that they have to be normalised to be compared.
func mixedUnits(l registry.MatrixLine) bool {
	unit := ""
	for _, e := range l.Entries {
		switch {
		case e == nil || e.Quantity == nil:
		case unit == "":
			unit = e.Quantity.Unit
		case unit != e.Quantity.Unit:
			return true
		}
	}
	return false
}

func (p *matrixPage) labels(at []int) string {
	var names []string
	for _, i := range at {
		if p.Heads[i].Draft {
			names = append(names, "统")
		} else {
			names = append(names, p.Heads[i].Label)
		}
	}
	return strings.Join(names, "、")
}

func (s *Server) matrixXLSX(c echo.Context) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	m, filter := s.asked(c, v)
	var b bytes.Buffer
	if err := convert.WriteXLSX(&b, v.MatrixTables(m, filter)...); err != nil {
		return err
	}
	return download(c, v.Project.ID+"-matrix.xlsx", v.Project.Title+" 指标台账.xlsx", xlsxType, b.Bytes())
}

func (s *Server) matrixCSV(c echo.Context) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	m, _ := s.asked(c, v)
	var b bytes.Buffer
	if err := convert.WriteCSV(&b, m.List()); err != nil {
		return err
	}
	return download(c, v.Project.ID+"-matrix.csv", v.Project.Title+" 指标台账.csv", csvType, b.Bytes())
}

// asked is the part of the ledger that a file is asked for, and that in words: a
// file holds both kinds unless one is named, since it has a sheet for each.
func (s *Server) asked(c echo.Context, v registry.ProjectView) (registry.Matrix, string) {
	q := readMatrixQuery(c, v)
	if q.Kind == "" {
		q.MatrixQuery.Kind = ""
	}
	var words []string
	if q.Differs {
		words = append(words, "只看各方不同")
	}
	if q.Below {
		words = append(words, "只看低于国家底线")
	}
	if q.Chapter != "" {
		words = append(words, "章："+q.Chapter)
	}
	if i := columnAt(v.Columns, q.Region); i >= 0 {
		words = append(words, "文本："+v.Columns[i].Label)
	}
	if q.Text != "" {
		words = append(words, "查找："+q.Text)
	}
	return v.Matrix().Pick(q.MatrixQuery), strings.Join(words, "；")
}
