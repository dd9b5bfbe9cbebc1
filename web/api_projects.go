package web

import (
	"fmt"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

var sprintf = fmt.Sprintf

// Bounds of a comparison that a program asks for.
const (
	maxCompared      = 6
	maxComparedBytes = 1 << 20 // of all texts
)

// apiPassage is a passage of a text in a row.
type apiPassage struct {
	Ref    registry.Ref `json:"ref"`
	Number string       `json:"number,omitempty"`
	Entry  int          `json:"entry,omitempty"`
	Text   string       `json:"text"`
}

// apiAligned is one subject of texts that were aligned: for each text what it
// says.
type apiAligned struct {
	ID          string          `json:"id"`
	Topic       string          `json:"topic"`
	Score       float64         `json:"score"`
	Relation    string          `json:"relation"`
	Cells       [][]apiPassage  `json:"cells"`
	Reasons     []string        `json:"reasons"`
	Differences []apiDifference `json:"differences"`
}

type apiComparison struct {
	apiPart[apiAligned]
	Texts []apiStandard `json:"texts"`
}

func (s *Server) apiCompare(c echo.Context) (any, error) {
	w, err := windowOf(c, 50, 200)
	if err != nil {
		return nil, err
	}
	asked := c.QueryParams()["text"]
	if len(asked) < 2 || len(asked) > maxCompared {
		return nil, invalid("text", "请给出 2 到 %d 个文本：?text=ID/版本&text=…。 Name 2 to %d texts: ?text=ID/REVISION&text=….", maxCompared, maxCompared)
	}
	var out apiComparison
	var docs []*editor.Document
	var texts []registry.Text
	var labels []string
	size := 0
	for _, name := range asked {
		ref, err := registry.ParseRef(name)
		if err != nil {
			return nil, err
		}
		text, err := s.reg.Text(registry.Ref{Standard: ref.Standard, Revision: ref.Revision})
		if err != nil {
			return nil, err
		}
		std, err := s.reg.Standard(ref.Standard)
		if err != nil {
			return nil, err
		}
		if size += len(text.Source); size > maxComparedBytes {
			return nil, invalid("text", "这些文本合起来超过 %d 字节：请少比几个。 These texts are over %d bytes together: compare fewer.", maxComparedBytes, maxComparedBytes)
		}
		label := registry.RegionOf(std.Region()).Short
		if label == "" || slices.Contains(labels, label) {
			label = text.Revision.Ref().String()
		}
		docs, texts, labels = append(docs, text.Document), append(texts, text), append(labels, label)
		out.Texts = append(out.Texts, s.apiStandardOf(c, std, text.Revision.Header, text.Revision.Number))
	}
	found, err := compare.Align(docs, compare.Options{Labels: labels})
	if err != nil {
		return nil, err
	}
	out.apiPart, err = partOf(w, found.Rows, func(r compare.Row) string { return r.ID }, func(r compare.Row) apiAligned { return alignedOf(r, texts) })
	return out, err
}

func alignedOf(r compare.Row, texts []registry.Text) apiAligned {
	out := apiAligned{r.ID, r.Topic, r.Score, string(r.Relation), [][]apiPassage{}, []string{}, differences(r.Differences)}
	for i, cell := range r.Cells {
		said := []apiPassage{}
		for _, at := range cell {
			if k := texts[i].Document.Clause(at.Clause); k != nil {
				said = append(said, passageOf(texts[i].Revision.Ref(), k, at, k.Passage(at)))
			}
		}
		out.Cells = append(out.Cells, said)
	}
	for _, reason := range r.Reasons() {
		out.Reasons = append(out.Reasons, reason.String())
	}
	return out
}

func passageOf(in registry.Ref, k *editor.Clause, at editor.Passage, markdown string) apiPassage {
	in.Clause, in.Paragraph = at.Clause, at.Paragraph
	return apiPassage{in, k.Number, at.Entry, editor.PlainText(markdown)}
}

// apiProject is a harmonisation.
type apiProject struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Page     string         `json:"page"`
	Mode     string         `json:"mode"`
	Columns  []apiColumn    `json:"columns"`
	Standard string         `json:"standard,omitempty"` // that it drafts
	Created  time.Time      `json:"created"`
	Counts   map[string]int `json:"counts,omitempty"` // rows by state; in the answer about one project
	Owed     map[string]int `json:"owed,omitempty"`   // rows on which a region has not spoken
}

type apiColumn struct {
	Key    string       `json:"key"`
	Label  string       `json:"label"`
	Region string       `json:"region"`
	Floor  bool         `json:"floor"`
	Text   registry.Ref `json:"text"`
}

func apiProjectOf(p registry.Project) apiProject {
	out := apiProject{ID: p.ID, Title: p.Title, Page: "/projects/" + p.ID, Mode: string(p.Mode), Standard: p.Standard, Created: p.Created, Columns: []apiColumn{}}
	for _, col := range p.Columns() {
		out.Columns = append(out.Columns, apiColumn{col.Key, col.Label, col.Region.Code, col.Floor, col.Text})
	}
	return out
}

func (s *Server) apiProjects(c echo.Context) (any, error) {
	w, err := windowOf(c, 50, 200)
	if err != nil {
		return nil, err
	}
	all, err := s.reg.Projects()
	if err != nil {
		return nil, err
	}
	return partOf(w, all, func(p registry.Project) string { return p.ID }, apiProjectOf)
}

func (s *Server) apiProject(c echo.Context) (any, error) {
	v, err := s.view(c.Param("project"))
	if err != nil {
		return nil, err
	}
	out := apiProjectOf(v.Project)
	out.Counts, out.Owed = map[string]int{}, v.Owed
	for _, state := range registry.States {
		out.Counts[string(state)] = v.Counts[state]
	}
	return out, nil
}

// apiProjectRow is one subject of a project.
type apiProjectRow struct {
	ID          string                  `json:"id"`
	Page        string                  `json:"page"`
	Order       int                     `json:"order"`
	Chapter     string                  `json:"chapter"`
	Topic       string                  `json:"topic"`
	State       string                  `json:"state"`
	Score       float64                 `json:"score"`
	Relation    string                  `json:"relation"`
	Confirmed   bool                    `json:"confirmed"`
	Cells       map[string][]apiPassage `json:"cells"` // by column
	None        []string                `json:"none"`  // columns of which people said that they have no counterpart
	Differences []apiDifference         `json:"differences"`
	Below       []string                `json:"below"` // cells that demand less than a floor, in words
	Unified     *apiUnified             `json:"unified,omitempty"`
	Positions   []apiPosition           `json:"positions"` // all, oldest first
	Owing       []string                `json:"owing"`
}

// apiUnified is a unified clause with where its sentences came from.
type apiUnified struct {
	Title   string              `json:"title,omitempty"`
	Text    string              `json:"text"` // Markdown
	Hash    string              `json:"hash"`
	Time    time.Time           `json:"time"`
	By      string              `json:"by,omitempty"`
	Sources []apiSentenceSource `json:"sources"`
}

type apiSentenceSource struct {
	Sentence string        `json:"sentence"`
	How      string        `json:"how"`
	From     *registry.Ref `json:"from,omitempty"`
	Column   string        `json:"column,omitempty"`
	Original string        `json:"original,omitempty"`
	Shared   float64       `json:"shared,omitempty"`
}

// apiPosition is what a region said of a row. Standing is the last one on the
// text as it is.
type apiPosition struct {
	Region   string    `json:"region"`
	Verdict  string    `json:"verdict"`
	Note     string    `json:"note,omitempty"`
	Change   string    `json:"change,omitempty"`
	Hash     string    `json:"hash"`
	Time     time.Time `json:"time"`
	By       string    `json:"by,omitempty"`
	Standing bool      `json:"standing"`
}

func (s *Server) apiProjectRowOf(c echo.Context, v registry.ProjectView, row registry.RowView) apiProjectRow {
	out := apiProjectRow{ID: row.ID, Page: rowURL(v.Project.ID, row.ID), Order: row.Order, Chapter: row.Chapter, Topic: row.Topic, State: string(row.State), Score: row.Score,
		Relation: string(row.Relation), Confirmed: row.Confirmed != "", Cells: map[string][]apiPassage{}, None: []string{}, Differences: differences(row.Differences),
		Below: list(row.Below), Positions: []apiPosition{}, Owing: list(row.Owing)}
	for i, col := range v.Columns {
		said := []apiPassage{}
		for _, at := range row.Cells[col.Key] {
			if k, words := v.PassageText(i, at); k != nil {
				said = append(said, passageOf(col.Text, k, at, words))
			}
		}
		out.Cells[col.Key] = said
		if row.None[col.Key] != "" {
			out.None = append(out.None, col.Key)
		}
	}
	if u := row.Unified; u != nil {
		out.Unified = &apiUnified{u.Title, u.Text, u.Hash, u.Time, s.by(c, u.By), sourcesOf(u)}
	}
	for _, p := range row.Positions {
		out.Positions = append(out.Positions, apiPosition{p.Region, string(p.Verdict), p.Note, p.Change, p.Hash, p.Time, s.by(c, p.Member), row.Current[p.Region].Event == p.Event && p.Event > 0})
	}
	return out
}

func sourcesOf(u *registry.Unified) []apiSentenceSource {
	out := []apiSentenceSource{}
	for _, from := range u.Sources {
		one := apiSentenceSource{Sentence: from.Sentence, How: string(from.How), Column: from.Column, Original: from.Original, Shared: from.Shared}
		if from.From.Standard != "" {
			one.From = &from.From
		}
		out = append(out, one)
	}
	return out
}

func (s *Server) apiRows(c echo.Context) (any, error) {
	w, err := windowOf(c, 50, 200)
	if err != nil {
		return nil, err
	}
	v, err := s.view(c.Param("project"))
	if err != nil {
		return nil, err
	}
	rows := v.Rows
	if state := c.QueryParam("state"); state != "" {
		if !slices.Contains(registry.States, registry.State(state)) {
			return nil, invalid("state", "没有这种状态：%q。 There is no state %q.", state, state)
		}
		rows = slices.DeleteFunc(slices.Clone(rows), func(r registry.RowView) bool { return string(r.State) != state })
	}
	return partOf(w, rows, func(r registry.RowView) string { return r.ID }, func(r registry.RowView) apiProjectRow { return s.apiProjectRowOf(c, v.ProjectView, r) })
}

func (s *Server) apiRow(c echo.Context) (any, error) {
	v, err := s.view(c.Param("project"))
	if err != nil {
		return nil, err
	}
	i, ok := v.rows[c.Param("row")]
	if !ok {
		return nil, echo.ErrNotFound
	}
	return s.apiProjectRowOf(c, v.ProjectView, v.Rows[i]), nil
}

// apiDraftText is the unified standard so far.
type apiDraftText struct {
	Title   string           `json:"title"`
	Left    int              `json:"left"` // rows without a unified clause
	Clauses []apiDraftClause `json:"clauses"`
	Source  string           `json:"source"`
}

type apiDraftClause struct {
	ID       string              `json:"id"`
	Number   string              `json:"number,omitempty"`
	Title    string              `json:"title,omitempty"`
	Kind     string              `json:"kind"`
	Level    int                 `json:"level"`
	Markdown string              `json:"markdown"`
	Rows     []string            `json:"rows"`
	Sources  []apiSentenceSource `json:"sources"`
}

func (s *Server) apiDraft(c echo.Context) (any, error) {
	v, err := s.view(c.Param("project"))
	if err != nil {
		return nil, err
	}
	d := v.Draft()
	out := apiDraftText{d.Document.Header.Title, d.Left, []apiDraftClause{}, apiBase + "/projects/" + v.Project.ID + "/draft/source"}
	for k := range d.Document.All() {
		one := apiDraftClause{k.ID, k.Number, k.Title, string(k.Kind), len(d.Document.Path(k.ID)), k.Text, []string{}, []apiSentenceSource{}}
		for _, row := range d.Rows[k.ID] {
			one.Rows = append(one.Rows, row.ID)
			one.Sources = append(one.Sources, sourcesOf(row.Unified)...)
		}
		out.Clauses = append(out.Clauses, one)
	}
	return out, nil
}

func (s *Server) apiDraftSource(c echo.Context) error {
	v, err := s.view(c.Param("project"))
	if err != nil {
		return err
	}
	return s.tagged(c, "text/markdown; charset=utf-8", editor.Write(v.Draft().Document))
}
