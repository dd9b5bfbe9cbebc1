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

// rowPage is one subject: what each text says on it, how they differ, what is
// to stand in the unified standard, and who thinks what of it.
type rowPage struct {
	Frame
	Project registry.Project
	Row     registry.RowView
	Number  string // of the unified clause in the draft
	Prev    *registry.RowView
	Next    *registry.RowView
	Total   int
	Kinds   []string
	Sure    string
	Heads   []columnHead
	Columns []rowColumn

	Sentences   []sentenceLine
	Clipped     bool // only the first sentences are compared
	Differences []differenceLine
	Figures     [][]string // quantities by column, where the differences do not say them
	Links       []linkLine
	Relations   []relationLine // how the cells stand to the unified clause or the base

	Draft    unifiedForm
	Starts   []start
	Takes    []take
	Meet     *meetView
	Woven    *wovenView
	Reading  string // the unified clause with its references as numbers
	Sources  []sourceLine
	From     []origin
	Stands   []stand
	Mine     string            // region for which the reader may take a position
	Owed     *registry.RowView // next row on which that region owes one
	Spoken   registry.Verdict
	Threads  []thread
	Types    []registry.CommentType
	Verdicts []registry.Verdict
	Others   []registry.RowView
	Chapters []string
	May      map[string]bool
	Form     rowForm
	Live     liveView
	Amend    amendView

	draft map[string]string // numbers of the unified clauses, by Row.ID
}

// rowColumn is what one text says on the subject, whole.
type rowColumn struct {
	Head     *columnHead
	Passages []rowPassage
}

// rowPassage is one passage, and what else its clause says elsewhere.
type rowPassage struct {
	Name  string
	URL   string
	Value string // as a form carries it
	HTML  template.HTML
	Title string // of its clause
	Rest  []restLine
}

// restLine is a passage of the same clause that stands in another row.
type restLine struct{ Name, Topic, URL string }

// unifiedForm is the editor of the unified clause.
type unifiedForm struct {
	Title, Text string
	Unsaved     bool   // what stands in it is not what is kept
	From        string // label of the text that it was filled from
	Changed     template.HTML
	Base        string   // Unified.Hash that it is made from
	Version     string   // of the row
	Taken       []string // sentences that were taken into it
}

// start is a text that the editor can be filled from.
type start struct {
	Label, Class, URL string
	Central           bool
}

// sourceLine is a sentence of the unified clause and where it came from.
type sourceLine struct {
	registry.SentenceSource
	Label, Class string
	Name, URL    string        // of the source clause
	Marked       template.HTML // the sentence with what was changed, where it was adapted
	Percent      int
	Why          whyView
}

func (s *Server) projectRow(c echo.Context) error { return s.showRow(c, http.StatusOK, rowForm{}) }

func (s *Server) showRow(c echo.Context, status int, form rowForm) error {
	now, err := s.view(c.Param("project"))
	if err != nil {
		return err
	}
	v, at := now.ProjectView, now.rowAt(c.Param("row"))
	if at < 0 {
		_, err := s.reg.Row(v.Project.ID, c.Param("row"))
		return err
	}
	row, actor := v.Rows[at], s.actor(c)
	q := gridQuery{Base: c.QueryParam("base")}
	base := baseOf(v, row.Row, q.Base)
	if base >= 0 {
		q.Base = v.Columns[base].Key
	}
	p := rowPage{
		Frame: s.frame(c, s.say(c, "row.title", row.Order, row.Topic)), Project: v.Project, Row: row, Total: len(v.Rows),
		Live: s.liveView(c, now, row.ID), draft: now.draft,
		Number: now.draft[row.ID], Kinds: kindsOf(row.Row), Sure: sureness(row.Row), Heads: headsOf(v, q),
		Types: registry.CommentTypes, Verdicts: registry.Verdicts, Form: form, May: mayOf(actor),
	}
	p.Class, p.Styles, p.Scripts = "wide", []string{"workbench.css", "realign.css", "live.css", "project.css"}, []string{"workbench.js", "draft.js", "row.js", "live.js"}
	if at > 0 {
		p.Prev = &v.Rows[at-1]
	}
	if at+1 < len(v.Rows) {
		p.Next = &v.Rows[at+1]
	}
	t := textsOf(v)
	p.neighbours(v, row)
	p.columns(t, row)
	p.differences(t, row, base)
	p.relations(v, row, base, actor)
	p.unified(c, t, row)
	p.positions(v, row, actor)
	if err := s.amend(c, &p, t, row); err != nil {
		return err
	}
	said, err := s.reg.CommentsOnProject(v.Project.ID)
	if err != nil {
		return err
	}
	p.Threads = s.rowThreads(c, said, row.ID)
	if err := s.explain(&p, row); err != nil {
		return err
	}
	return s.render(c, status, "row.html", p)
}

// mayOf says which forms a member is shown.
func mayOf(m registry.Member) map[string]bool {
	out := map[string]bool{}
	for name, verb := range map[string]registry.Verb{
		"unify": registry.Unify, "confirm": registry.ConfirmRow, "place": registry.OrderRow, "move": registry.MovePassage,
		"split": registry.SplitRow, "merge": registry.MergeRows, "comment": registry.AddComment,
	} {
		out[name] = registry.May(m, verb) == nil
	}
	out["correct"] = out["confirm"] || out["place"] || out["move"]
	return out
}

// offeredRows bounds the rows before and after a row that its forms offer.
const offeredRows = 300

// neighbours lists the rows that something can be moved to, and the chapters.
func (p *rowPage) neighbours(v registry.ProjectView, row registry.RowView) {
	for _, other := range v.Rows {
		if far := other.Order - row.Order; other.ID != row.ID && -offeredRows < far && far < offeredRows {
			p.Others = append(p.Others, other)
		}
		if other.Chapter != "" && !slices.Contains(p.Chapters, other.Chapter) {
			p.Chapters = append(p.Chapters, other.Chapter)
		}
	}
}

// columns shows each text's passages whole, and where the rest of a clause
// stands.
func (p *rowPage) columns(v texts, row registry.RowView) {
	home := map[string]*registry.RowView{} // by column and passage
	for i := range v.Rows {
		for key, cell := range v.Rows[i].Cells {
			for _, at := range cell {
				home[key+" "+passageValue(at)] = &v.Rows[i]
			}
		}
	}
	for i, col := range v.Columns {
		column := rowColumn{Head: &p.Heads[i]}
		shown := map[string]bool{}
		for _, at := range row.Cells[col.Key] {
			clause, _ := v.PassageText(i, at)
			ref := col.Text
			ref.Clause = at.Clause
			out := rowPassage{Name: v.PassageName(i, at), URL: revisionURL(ref), Value: passageValue(at), HTML: v.rendered(i, at)}
			if clause != nil && !shown[at.Clause] {
				shown[at.Clause] = true
				out.Title = clause.Title
				out.Rest = restOf(v.ProjectView, i, clause, row.ID, home)
			}
			column.Passages = append(column.Passages, out)
		}
		p.Columns = append(p.Columns, column)
	}
}

func restOf(v registry.ProjectView, column int, clause *editor.Clause, row string, home map[string]*registry.RowView) (out []restLine) {
	for k := range clause.Passages() {
		at := editor.Passage{Clause: clause.ID, Paragraph: k + 1}
		if other := home[v.Columns[column].Key+" "+passageValue(at)]; other != nil && other.ID != row {
			out = append(out, restLine{v.PassageName(column, at), other.Topic, rowURL(v.Project.ID, other.ID)})
		}
	}
	return out
}

// unified fills the editor: from what a person typed, from a text that the
// address names, or from what is kept.
func (p *rowPage) unified(c echo.Context, v texts, row registry.RowView) {
	central := centralColumn(v, row.Row)
	for i, col := range v.Columns {
		if len(row.Cells[col.Key]) > 0 {
			p.Starts = append(p.Starts, start{col.Label, classOf(col), rowURL(v.Project.ID, row.ID) + "?from=" + col.Key + "#unified", i == central})
		}
	}
	if u := row.Unified; u != nil {
		p.Reading = v.UnifiedText(u, p.draft)
		p.Draft.Title, p.Draft.Text = u.Title, u.Text
		p.From = originsOf(v.ProjectView, u)
		for _, src := range u.Sources {
			p.Sources = append(p.Sources, sourceOf(v.ProjectView, src))
		}
	}
	p.Takes = takesOf(v.ProjectView, row.Row)
	kept := p.Draft
	from := c.QueryParam("from")
	if from == "central" && central >= 0 {
		from = v.Columns[central].Key
	}
	switch i := columnAt(v.Columns, from); {
	case p.Form.Is("unify"):
		form := c.Request().Form
		p.Draft.Title, p.Draft.Text, p.Draft.Taken = form.Get("title"), lines(form.Get("text")), form["taken"]
		if p.Form.met != nil {
			p.Meet = meetOf(p.Form.met)
		}
		if p.Form.Conflict && row.Unified != nil {
			p.Draft.Changed = markChange(kept.Text, p.Draft.Text)
		}
	case from == "empty":
		p.Draft.Text = ""
	case i >= 0 && len(row.Cells[from]) > 0:
		p.Draft.Title, p.Draft.Text = startFrom(v, i, row)
		p.Draft.From = v.Columns[i].Label
	}
	p.Draft.Base, p.Draft.Version = registry.NoClause, strconv.Itoa(row.Version)
	if row.Unified != nil {
		p.Draft.Base = row.Unified.Hash
	}
	if p.Form.taking || p.Form.Is("unify") && !p.Form.Conflict { // the text is still made from what it was made from
		p.Draft.Base, p.Draft.Version = c.FormValue("base"), c.FormValue("version")
	}
	for i, k := range p.Takes {
		p.Takes[i].Held = strings.Contains(p.Draft.Text, k.Text)
	}
	p.Draft.Unsaved = p.Draft.Title != kept.Title || p.Draft.Text != kept.Text
}

// startFrom is what the editor holds when it is filled from a text.
func startFrom(v texts, column int, row registry.RowView) (title, text string) {
	cell := row.Cells[v.Columns[column].Key]
	title = row.Topic
	if row.Unified != nil {
		title = row.Unified.Title
	} else if c, _ := v.PassageText(column, cell[0]); c != nil && c.Title != "" {
		title = c.Title
	}
	return title, v.StartFrom(column, cell)
}

func sourceOf(v registry.ProjectView, src registry.SentenceSource) sourceLine {
	out := sourceLine{SentenceSource: src, URL: revisionURL(src.From), Percent: int(src.Shared * 100)}
	i := columnAt(v.Columns, src.Column)
	if i < 0 {
		return out
	}
	out.Label, out.Class = v.Columns[i].Label, classOf(v.Columns[i])
	if src.From.Clause != "" {
		out.Name = v.PassageName(i, editor.Passage{Clause: src.From.Clause, Paragraph: src.From.Paragraph})
	}
	if src.How == registry.Adapted {
		out.Marked = markChange(src.Original, src.Sentence)
	}
	return out
}
