package web

import (
	"html/template"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// gridPage is the workbench: the texts of a project side by side, one subject a
// row.
type gridPage struct {
	Frame
	Project  registry.Project
	Ask      gridQuery
	Heads    []columnHead
	Strip    []tick
	Rows     []gridRow
	Total    int // rows of the project
	Found    int // rows that were asked for
	States   []tally
	Diffs    []tally
	Stands   []tally // of cells to the unified clause or the base
	Chapters []string
	Sorts    []string
	Owing    []owing
	Newer    []newerText
	Kept     []registry.Conservation
	Whole    bool   // every passage stands in exactly one row
	Mine     string // region of the reader, where it takes part
	Owed     int    // rows on which the reader's region owes a position
	Next     string // address of the next page; "" on the last
	Prev     string
	Live     liveView

	only func(registry.RowView) bool // the rows to be written; nil for those of the page
}

// columnHead names a column's text.
type columnHead struct {
	registry.Column
	Class   string // its region's colour
	Number  string
	Title   string
	URL     string
	Base    bool
	BaseURL string // the grid with this text as the base
}

// tick is a row on the strip above the grid.
type tick struct {
	ID, Topic string
	State     registry.State
	Order     int
	URL       string
	Faint     bool // not among the rows that were asked for
}

// tally counts rows and leads to them.
type tally struct {
	Name  string // of a state or of a kind of difference
	Count int
	On    bool // asked for now
	URL   string
}

// newerText is a column whose standard has moved on since it was pinned.
type newerText struct {
	Head    columnHead
	Pinned  int
	Current int
	URL     string // the two revisions compared
}

// gridRow is one subject.
type gridRow struct {
	registry.RowView
	URL    string
	Kinds  []string // how the cells differ
	Sure   string   // "sure", "likely", "unsure"; "" where one text only speaks
	Base   string   // label of the text that the marks are made against
	Cells  []gridCell
	Number string // of the unified clause in the draft
	Text   template.HTML
	From   []origin
	Marks  []regionMark
	Sum    []verdictCount
	Notes  []note
	Full   bool // texts are shown whole
	Span   int  // columns of the table
	Here   []person
	Alike  bool // every text says the same: shown folded
}

// gridCell is what one text says on the subject of a row.
type gridCell struct {
	Head     *columnHead
	Base     bool // it is what the others are marked against, though another text was asked for
	Relation relationMark
	Same     string // label of the base where this says the same, word for word
	None     string // Member.ID of who said that this text has no counterpart
	Passages []gridPassage
}

// gridPassage is one passage in a cell.
type gridPassage struct {
	Name string // clause number
	URL  string
	HTML template.HTML
}

// origin says in short where a unified clause came from.
type origin struct {
	Label string
	Class string
	How   registry.How
}

// regionMark is what a region says on the unified clause as it stands.
type regionMark struct {
	Region  string
	Verdict registry.Verdict // "" while it owes a position
}

// verdictCount counts positions; Verdict is "" for those that are owed.
type verdictCount struct {
	Verdict registry.Verdict
	Count   int
}

func (s *Server) workbench(c echo.Context) error {
	p, err := s.grid(c, nil)
	if err != nil {
		return err
	}
	p.Frame = s.frame(c, p.Project.Title)
	p.Class, p.Styles, p.Scripts = "wide", []string{"workbench.css", "live.css"}, []string{"workbench.js", "live.js"}
	return s.render(c, http.StatusOK, "project.html", p)
}

// grid is the workbench as the request asks for it, without its frame; with
// only, the rows that it names and no others.
func (s *Server) grid(c echo.Context, only func(registry.RowView) bool) (gridPage, error) {
	now, err := s.view(c.Param("project"))
	if err != nil {
		return gridPage{}, err
	}
	v := now.ProjectView
	q := readGridQuery(c, v)
	p := gridPage{
		Project: v.Project, Ask: q, Heads: headsOf(v, q), only: only,
		Total: len(v.Rows), Sorts: sorts, Owing: s.whoOwes(v, q), Whole: true, Live: s.liveView(c, now, ""),
	}
	if only == nil {
		p.Kept = v.Conserved()
	}
	if region := s.actor(c).Region; v.Project.Takes(region) {
		p.Mine, p.Owed = region, v.Owed[region]
	}
	for _, k := range p.Kept {
		p.Whole = p.Whole && k.Held == k.Once
	}
	p.Newer = newerTexts(v, p.Heads)
	p.count(v)
	p.fill(now)
	return p, nil
}

// headsOf names the columns.
func headsOf(v registry.ProjectView, q gridQuery) []columnHead {
	var heads []columnHead
	for i, col := range v.Columns {
		h := v.Texts[i].Revision.Header
		heads = append(heads, columnHead{
			Column: col, Class: classOf(col), Number: h.Primary(), Title: h.Title, URL: revisionURL(col.Text),
			Base: col.Key == q.Base, BaseURL: q.With("base", col.Key),
		})
	}
	return heads
}

func classOf(col registry.Column) string {
	if col.Floor {
		return "r00"
	}
	return "r" + col.Key
}

func newerTexts(v registry.ProjectView, heads []columnHead) (out []newerText) {
	for i, col := range v.Columns {
		if n := v.Revisions[col.Key]; n > 0 {
			url := "/standards/" + col.Text.Standard + "/compare?a=" + strconv.Itoa(col.Text.Revision) + "&b=" + strconv.Itoa(n)
			out = append(out, newerText{heads[i], col.Text.Revision, n, url})
		}
	}
	return out
}

// count makes the tallies, the list of chapters and the strip.
func (p *gridPage) count(v registry.ProjectView) {
	diffs := map[string]int{}
	for _, row := range v.Rows {
		for _, k := range kindsOf(row.Row) {
			diffs[k]++
		}
		if !slices.Contains(p.Chapters, row.Chapter) && row.Chapter != "" {
			p.Chapters = append(p.Chapters, row.Chapter)
		}
	}
	for _, st := range openFirst {
		p.States = append(p.States, tally{string(st), v.Counts[st], p.Ask.State == string(st), p.Ask.toggle("state", p.Ask.State, string(st))})
	}
	p.Stands = relationTallies(v, p.Ask)
	for _, k := range diffKinds {
		p.Diffs = append(p.Diffs, tally{k, diffs[k], p.Ask.Diff == k, p.Ask.toggle("diff", p.Ask.Diff, k)})
	}
}

// toggle asks for a value, or no longer where it is asked for already.
func (q gridQuery) toggle(name, now, value string) string {
	if now == value {
		return q.With(name, "")
	}
	return q.With(name, value)
}

// ticks bounds the rows on the strip; of a larger project it shows the page.
const ticks = 1000

// fill makes the rows of the page that was asked for.
func (p *gridPage) fill(now *projectNow) {
	v := now.ProjectView
	var found []registry.RowView
	for _, row := range v.Rows {
		taken := p.Ask.takes(v, row, p.Mine)
		if taken {
			found = append(found, row)
		}
		p.Strip = append(p.Strip, tick{ID: row.ID, Topic: row.Topic, State: row.State, Order: row.Order, Faint: !taken})
	}
	p.Ask.sorted(v, found)
	p.Found = len(found)
	page := p.Ask.Page
	on := map[string]bool{}
	from := min((page-1)*rowsAPage, len(found))
	to := min(from+rowsAPage, len(found))
	if page > 1 {
		p.Prev = p.Ask.With("page", strconv.Itoa(page-1))
	}
	if to < len(found) {
		p.Next = p.Ask.With("page", strconv.Itoa(page+1))
	}
	t := textsOf(v)
	t.draft = now.draft
	rows := found[from:to]
	for _, row := range rows {
		on[row.ID] = true
	}
	if p.only != nil {
		rows = slices.DeleteFunc(slices.Clone(v.Rows), func(row registry.RowView) bool { return !p.only(row) })
	}
	for _, row := range rows {
		one := gridRowOf(t, p.Heads, p.Ask, row, t.draft[row.ID])
		one.Here = p.Live.Here.On(row.ID)
		one.Alike = slices.Equal(one.Kinds, []string{string(compare.Same)}) && !p.Ask.Full
		p.Rows = append(p.Rows, one)
	}
	if len(p.Strip) > ticks {
		p.Strip = slices.DeleteFunc(p.Strip, func(t tick) bool { return !on[t.ID] })
	}
	for i, t := range p.Strip {
		p.Strip[i].URL = "#" + t.ID
		if !on[t.ID] {
			p.Strip[i].URL = rowURL(v.Project.ID, t.ID)
		}
	}
}

// draftNumbers are the numbers that the unified clauses have in the draft, by
// Row.ID.
func draftNumbers(v registry.ProjectView) map[string]string {
	numbers := map[string]string{}
	draft := v.Draft()
	for c := range draft.Document.All() {
		for _, row := range draft.Rows[c.ID] {
			numbers[row.ID] = c.Number
		}
	}
	return numbers
}

// inGrid bounds a passage on the grid, in bytes: some 1 300 characters. Its row's
// page shows it whole, and so does the grid when it is asked to.
const inGrid = 4000

func gridRowOf(t texts, heads []columnHead, q gridQuery, row registry.RowView, number string) gridRow {
	base, limit := q.Base, inGrid
	if q.Full {
		limit = math.MaxInt
	}
	g := gridRow{RowView: row, URL: rowURL(t.Project.ID, row.ID), Kinds: kindsOf(row.Row), Number: number, Sure: sureness(row.Row), Notes: notesOf(t.Columns, row.Row), Full: q.Full, Span: len(heads) + 2}
	binding := slices.Contains(g.Kinds, string(compare.Modality))
	against := baseOf(t.ProjectView, row.Row, base)
	marks := relationMarks(t.ProjectView, row, against)
	was := ""
	if against >= 0 {
		was = strings.Join(t.plain(against, row.Cells[t.Columns[against].Key]), "\n")
	}
	for i, col := range t.Columns {
		cell := gridCell{Head: &heads[i], None: row.None[col.Key], Base: i == against && col.Key != base && len(row.Cells) > 1}
		said := t.plain(i, row.Cells[col.Key])
		if i != against && len(said) > 0 && strings.Join(said, "\n") == was {
			cell.Same = t.Columns[against].Label
		}
		if !marks[i].Silent(len(said), cell.Same) {
			cell.Relation = marks[i]
		}
		marked := markCell(was, said, i == against, binding, limit)
		for k, at := range row.Cells[col.Key] {
			ref := col.Text
			ref.Clause = at.Clause
			cell.Passages = append(cell.Passages, gridPassage{t.PassageName(i, at), revisionURL(ref), marked[k]})
		}
		g.Cells = append(g.Cells, cell)
	}
	if row.Unified != nil {
		g.Text = withFacts(editor.PlainText(t.UnifiedText(row.Unified, t.draft)))
		g.From = originsOf(t.ProjectView, row.Unified)
		g.Marks, g.Sum = marksOf(t.ProjectView, row)
	}
	return g
}

// baseOf is the column against which a row is marked: the one asked for where
// it has something to say, otherwise the first that has; -1 when none has.
func baseOf(v registry.ProjectView, row registry.Row, asked string) int {
	if i := columnAt(v.Columns, asked); i >= 0 && len(row.Cells[asked]) > 0 {
		return i
	}
	return slices.IndexFunc(v.Columns, func(c registry.Column) bool { return len(row.Cells[c.Key]) > 0 })
}

// originsOf says from which texts a unified clause came, each once.
func originsOf(v registry.ProjectView, u *registry.Unified) (out []origin) {
	for _, src := range u.Sources {
		o := origin{How: src.How}
		if i := columnAt(v.Columns, src.Column); i >= 0 {
			o.Label, o.Class = v.Columns[i].Label, classOf(v.Columns[i])
		}
		if !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return out
}

// marksOf says what each region says on the unified clause, and counts it.
func marksOf(v registry.ProjectView, row registry.RowView) (marks []regionMark, sum []verdictCount) {
	counts := map[registry.Verdict]int{}
	for _, col := range v.Columns {
		if !col.Floor {
			verdict := row.Current[col.Key].Verdict
			marks = append(marks, regionMark{col.Key, verdict})
			counts[verdict]++
		}
	}
	for _, verdict := range append(slices.Clone(registry.Verdicts), "") {
		if n := counts[verdict]; n > 0 {
			sum = append(sum, verdictCount{verdict, n})
		}
	}
	return marks, sum
}
