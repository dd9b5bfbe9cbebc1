package web

import (
	"html/template"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/derive"
	"tongbiao/registry"
)

// standardPage is one text: contents, clauses, facts.
type standardPage struct {
	Frame
	Standard  registry.Standard
	Revision  registry.Revision
	Statute   bool           // set as a regulation, not as a standard
	Stage     registry.Stage // of the procedure
	Clauses   []clauseView
	Contents  []contentsLine
	Revisions []registry.Revision // the newest few, newest first
	Projects  []registry.Project  // in which it takes part
	Comments  int                 // open ones
	Consulted bool                // a consultation ran: open is what has no disposition
	MayEdit   bool
	MayRemark bool
	Linked    template.HTML // what the page says to machines
	Permanent string        // the standard's address for ever

	Suggestions int // open ones
}

const newestRevisions = 5

// clauseView is a clause as the page sets it.
type clauseView struct {
	*editor.Clause
	Name     string // as it is cited
	Level    int    // of its heading: 2 for a chapter
	Word     string // what the text does not say itself: 前言, （规范性）
	Body     template.HTML
	Comments int // open ones on it
}

// contentsLine is a line of the contents list.
type contentsLine struct {
	ID, Number, Title string
	Level             int
}

func (s *Server) standard(c echo.Context) error {
	ref, err := refOf(c)
	if err != nil {
		return err
	}
	text, err := s.reg.Text(ref)
	if err != nil {
		return err
	}
	std, err := s.reg.Standard(ref.Standard)
	if err != nil {
		return err
	}
	p := standardPage{Frame: s.frame(c, text.Revision.Header.Title), Standard: std, Revision: text.Revision}
	p.Class, p.Scripts = "reading", []string{"reading.js"}
	if err := s.stand(&p); err != nil {
		return err
	}
	var remarks map[string]int
	remarks, p.Consulted, err = s.openRemarks(std.ID)
	if err != nil {
		return err
	}
	for _, n := range remarks {
		p.Comments += n
	}
	p.Statute = text.Document.Header.Convention == editor.Regulation
	p.Clauses, p.Contents = clauseViews(text.Document, remarks), contentsOf(text.Document)
	if p.Revisions, err = s.reg.Revisions(std.ID); err != nil {
		return err
	}
	p.Revisions = newest(p.Revisions, newestRevisions)
	if p.Projects, err = s.projectsWith(std.ID); err != nil {
		return err
	}
	if p.Suggestions, err = s.openSuggestions(std.ID); err != nil {
		return err
	}
	raw, err := s.linked(c, text.Revision)
	if err != nil {
		return err
	}
	p.Linked, p.Permanent = linkedPart(raw), permanentPath(std.ID, "")
	actor := s.actor(c)
	p.MayEdit = registry.May(actor, registry.SubmitRevision, std.Header.Regions...) == nil
	p.MayRemark = registry.May(actor, registry.AddComment) == nil
	return s.render(c, http.StatusOK, "standard.html", p)
}

// refOf is the text that an address names: /standards/:id or /standards/:id/:rev.
func refOf(c echo.Context) (registry.Ref, error) {
	ref := registry.Ref{Standard: c.Param("id")}
	if rev := c.Param("rev"); rev != "" {
		n, err := strconv.Atoi(rev)
		if err != nil || n < 1 || strconv.Itoa(n) != rev {
			return ref, echo.ErrNotFound
		}
		ref.Revision = n
	}
	return ref, nil
}

// openRemarks counts the open comments by clause: those without a disposition
// where a consultation ran, else those whose discussion is open.
func (s *Server) openRemarks(standard string) (open map[string]int, consulted bool, err error) {
	at, err := s.reg.Process(standard)
	if err != nil {
		return nil, false, err
	}
	consulted = at.Consultation != nil
	list, err := s.reg.CommentsOnStandard(standard)
	open = map[string]int{}
	for _, m := range list {
		if m.ReplyTo == "" && (consulted && m.Disposition.Open() || !consulted && m.Resolved == "") {
			open[m.On.Clause]++
		}
	}
	return open, consulted, err
}

// projectsWith are the harmonisations that a standard takes part in, or that
// draft it.
func (s *Server) projectsWith(standard string) (out []registry.Project, err error) {
	list, err := s.reg.Projects()
	for _, p := range list {
		with := p.Standard == standard
		for _, col := range p.Columns() {
			with = with || col.Text.Standard == standard
		}
		if with {
			out = append(out, p)
		}
	}
	return out, err
}

// newest are the last n of a list, the last first.
func newest(list []registry.Revision, n int) []registry.Revision {
	var out []registry.Revision
	for i := len(list) - 1; i >= 0 && len(out) < n; i-- {
		out = append(out, list[i])
	}
	return out
}

// clauseViews sets the clauses of a text one after the other, so that each has
// its own tools.
func clauseViews(d *editor.Document, remarks map[string]int) []clauseView {
	r := editor.NewRenderer(d, editor.RenderOptions{})
	var out []clauseView
	var set func(cs []*editor.Clause, level int)
	set = func(cs []*editor.Clause, level int) {
		for _, k := range cs {
			v := viewOf(k, level)
			v.Comments = remarks[k.ID]
			v.Body = template.HTML(r.Text(k)) // safe: the editor lets no HTML of the text through
			out = append(out, v)
			set(k.Clauses, level+1)
		}
	}
	set(d.Clauses, 2)
	return out
}

// viewOf is a clause without its text.
func viewOf(k *editor.Clause, level int) clauseView {
	v := clauseView{Clause: k, Name: nameOf(k), Level: min(level, 6)}
	switch {
	case k.Kind == editor.Annex && k.Informative:
		v.Word = "（资料性）"
	case k.Kind == editor.Annex:
		v.Word = "（规范性）"
	case k.Title == "":
		v.Word = unnamed[k.Kind]
	}
	return v
}

// unnamed are the titles of divisions that have none of their own; they belong
// to the text and are Chinese in every language of the pages.
var unnamed = map[editor.Kind]string{
	editor.Foreword: "前言", editor.Introduction: "引言", editor.Bibliography: "参考文献", editor.Index: "索引",
}

// textHTML sets a whole text, for a preview.
func textHTML(d *editor.Document) template.HTML {
	return template.HTML(editor.Render(d, editor.RenderOptions{})) // safe: the editor lets no HTML of the text through
}

// contentsOf lists the divisions that have a title: of a standard what its 目次
// lists; of a regulation its chapters, or its articles where it has none.
func contentsOf(d *editor.Document) []contentsLine {
	var out []contentsLine
	if d.Header.Convention == editor.Standard {
		for _, l := range derive.ContentsOf(d).Lines {
			out = append(out, contentsLine{l.ID, l.Number, l.Mark + l.Title, l.Level})
		}
		return out
	}
	var list func(cs []*editor.Clause, level int)
	list = func(cs []*editor.Clause, level int) {
		for _, k := range cs {
			if k.Title == "" && k.Number == "" && k.Kind != editor.Foreword && k.Kind != editor.Introduction {
				continue
			}
			if level > 1 && k.Title == "" {
				continue
			}
			title := k.Title
			if title == "" {
				title = unnamed[k.Kind]
			}
			out = append(out, contentsLine{k.ID, k.Number, title, level})
			if level < 2 || k.Kind == editor.Section {
				list(k.Clauses, level+1)
			}
		}
	}
	list(d.Clauses, 1)
	return out
}

// source gives the canonical Markdown of a text to take home.
func (s *Server) source(c echo.Context) error {
	ref, err := refOf(c)
	if err != nil {
		return err
	}
	text, err := s.reg.Text(ref)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", `attachment; filename="`+ref.Standard+"-"+strconv.Itoa(text.Revision.Number)+`.md"`)
	return c.Blob(http.StatusOK, "text/markdown; charset=utf-8", text.Source)
}
