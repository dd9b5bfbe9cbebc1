package web

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// amendView is what a row's page offers to put right what the machine, or a
// person, did: what might stand in an empty cell, what has changed under the
// row, and what can be taken back.
type amendView struct {
	Near    map[string]nearView // by Column.Key, for the empty cells
	Revised []revisedLine
	Undo    *actLine // what the reader has just done here
	Acts    []actLine
	None    bool // the reader may say that there is no counterpart
	Review  bool // the reader may say that the row has been reviewed
}

// nearView is an empty cell.
type nearView struct {
	None  string // Member.ID of who said that there is no counterpart
	Lines []nearLine
}

// nearLine is a passage that comes near.
type nearLine struct {
	Name, URL, Title string
	Value            string // as a form carries it
	HTML             template.HTML
	Sure             string
	Percent          int
	Reason           string
	Row              registry.RowView // in which it stands
	RowURL           string
}

// revisedLine is a column whose text has changed under the row.
type revisedLine struct {
	Head     *columnHead
	From, To int
	HTML     template.HTML // what the row says now, against what it said before
	URL      string        // the two revisions compared
}

// actLine is a correction in words.
type actLine struct {
	registry.Act
	May bool // the reader may undo it
}

// justNow is how long a page offers at its top to undo what the reader has done.
const justNow = 15 * time.Minute

// actsOnRow bounds the history of a row.
const actsOnRow = 20

// amend fills what the page of a row offers to put right.
func (s *Server) amend(c echo.Context, p *rowPage, t texts, row registry.RowView) error {
	actor := s.actor(c)
	p.Amend = amendView{
		Near: map[string]nearView{}, None: registry.May(actor, registry.ConfirmNone) == nil, Review: registry.May(actor, registry.ReviewRow) == nil,
	}
	p.nearby(t, row)
	var err error
	if p.Amend.Revised, err = s.revisedLines(t, p.Heads, row); err != nil {
		return err
	}
	acts, err := s.reg.Acts(t.Project.ID)
	if err != nil {
		return err
	}
	for _, a := range acts {
		if slices.Contains(a.Rows, row.ID) && len(p.Amend.Acts) < actsOnRow {
			p.Amend.Acts = append(p.Amend.Acts, actLine{a, a.MayUndo(actor)})
		}
	}
	if done := justDone(p.Amend.Acts, actor); done != nil && row.Event == done.Event && !spokenSince(row, done.Act) {
		p.Amend.Undo = done
	}
	return s.nameSources(t, p.Sources)
}

// spokenSince tells whether a region has taken a position on a row after an act:
// a unified clause is not taken back then.
func spokenSince(row registry.RowView, a registry.Act) bool {
	return slices.ContainsFunc(row.Positions, func(s registry.Position) bool { return s.Event > a.Event && a.Verb == registry.Unify })
}

// nameSources names the clauses of sources that stand in a revision that is no
// longer pinned, as that revision numbers them.
func (s *Server) nameSources(t texts, sources []sourceLine) error {
	old := map[registry.Ref]registry.Text{}
	for i := range sources {
		src := &sources[i]
		at := columnAt(t.Columns, src.Column)
		ref := registry.Ref{Standard: src.From.Standard, Revision: src.From.Revision}
		if at < 0 || ref.Revision == 0 || ref == (registry.Ref{Standard: t.Columns[at].Text.Standard, Revision: t.Columns[at].Text.Revision}) {
			continue
		}
		text, held := old[ref]
		if !held {
			var err error
			if text, err = s.reg.Text(ref); err != nil {
				return err
			}
			old[ref] = text
		}
		one := registry.ProjectView{Columns: []registry.Column{t.Columns[at]}, Texts: []registry.Text{text}}
		src.Name = one.PassageName(0, editor.Passage{Clause: src.From.Clause, Paragraph: src.From.Paragraph}) + "（" + text.Revision.Label() + "）"
	}
	return nil
}

// justDone is the newest act, where it is the reader's and of a moment ago.
func justDone(acts []actLine, actor registry.Member) *actLine {
	for i, a := range acts {
		if a.Undone == 0 {
			if a.By == actor.ID && a.May && time.Since(a.Time) < justNow {
				return &acts[i]
			}
			return nil
		}
	}
	return nil
}

// nearby lists what might stand in the empty cells.
func (p *rowPage) nearby(t texts, row registry.RowView) {
	home := homes(t.ProjectView)
	for i, col := range t.Columns {
		if len(row.Cells[col.Key]) > 0 {
			continue
		}
		near := nearView{None: row.None[col.Key]}
		for _, l := range row.Candidates {
			stands := home[col.Key+" "+passageValue(l.B.Passage)]
			if l.B.Doc != i || stands == nil || stands.ID == row.ID {
				continue
			}
			clause, _ := t.PassageText(i, l.B.Passage)
			if clause == nil {
				continue
			}
			ref := col.Text
			ref.Clause = l.B.Clause
			near.Lines = append(near.Lines, nearLine{
				Name: t.PassageName(i, l.B.Passage), URL: revisionURL(ref), Title: clause.Title, Value: passageValue(l.B.Passage),
				HTML: t.rendered(i, l.B.Passage), Sure: surenessOf(l.Score), Percent: max(1, int(l.Score*100)),
				Reason: reasonOf(t, l, p.Lang), Row: *stands, RowURL: rowURL(t.Project.ID, stands.ID),
			})
		}
		p.Amend.Near[col.Key] = near
	}
}

// homes says in which row each passage stands, by column and passage.
func homes(v registry.ProjectView) map[string]*registry.RowView {
	home := map[string]*registry.RowView{}
	for i := range v.Rows {
		for key, cell := range v.Rows[i].Cells {
			for _, at := range cell {
				home[key+" "+passageValue(at)] = &v.Rows[i]
			}
		}
	}
	return home
}

// reasonOf says why a passage comes near: the same title, or the longest words
// that both use.
func reasonOf(t texts, l compare.Link, lang string) string {
	a, _ := t.PassageText(l.A.Doc, l.A.Passage)
	b, _ := t.PassageText(l.B.Doc, l.B.Passage)
	reason := compare.Reason{Kind: compare.SharedWords}
	if a != nil && b != nil && a.Title != "" && a.Title == b.Title {
		reason.Kind, reason.Words = compare.SameTitle, []string{a.Title}
	} else {
		x := strings.Join(t.plain(l.A.Doc, []editor.Passage{l.A.Passage}), "\n")
		y := strings.Join(t.plain(l.B.Doc, []editor.Passage{l.B.Passage}), "\n")
		reason.Words = sharedWords(x, y)
	}
	switch {
	case len(reason.Words) == 0:
		return ""
	case lang == "en":
		return reason.English()
	}
	return reason.String()
}

const (
	wordsShown  = 4    // shared words
	wordsWithin = 1200 // characters of a passage that are looked at
)

// sharedWords are the longest stretches that two texts have in common, without
// those that every rule is full of.
func sharedWords(x, y string) (out []string) {
	a, b := []rune(x), []rune(y)
	a, b = a[:min(len(a), wordsWithin)], b[:min(len(b), wordsWithin)]
	length := make([]int, len(b)+1) // of the stretch that ends here and at the rune of a before
	found := map[string]bool{}
	for i := range a {
		before := 0
		for j := range b {
			was := length[j+1]
			length[j+1] = 0
			if a[i] == b[j] && unicode.IsLetter(a[i]) {
				length[j+1] = before + 1
			}
			before = was
			ends := i+1 == len(a) || j+1 == len(b) || a[i+1] != b[j+1] || !unicode.IsLetter(a[i+1])
			if n := length[j+1]; n > 1 && ends {
				found[string(a[i+1-n:i+1])] = true
			}
		}
	}
	for w := range found {
		if w = telling(w); len([]rune(w)) > 1 && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var kept []string
	for _, w := range out {
		if len(kept) < wordsShown && !slices.ContainsFunc(kept, func(k string) bool { return strings.Contains(k, w) }) {
			kept = append(kept, w)
		}
	}
	return kept
}

// telling is a stretch without the commonplace words at its ends.
func telling(w string) string {
	for was := ""; was != w; {
		was = w
		w = strings.Trim(w, "的和与或及其应在对由于将为了")
		for _, c := range commonplace {
			w = strings.TrimSuffix(strings.TrimPrefix(w, c), c)
		}
	}
	return w
}

// commonplace words bring no two rules together.
var commonplace = []string{"应当", "不得", "可以", "有关", "规定", "按照", "根据", "进行", "部门", "单位", "其他", "下列", "情形", "本条例", "本文件", "本办法", "以及", "或者", "相关", "要求", "行政", "依法"}

// revisedLines shows what has changed under a row that nobody has reviewed yet.
func (s *Server) revisedLines(t texts, heads []columnHead, row registry.RowView) (out []revisedLine, err error) {
	for i, col := range t.Columns {
		basis, revised := row.Revised[col.Key]
		if !revised {
			continue
		}
		ref := registry.Ref{Standard: col.Text.Standard, Revision: basis.Revision}
		old, err := s.reg.Text(ref)
		if err != nil {
			return nil, err
		}
		was := plainOf(old.Document, basis.Cell)
		is := strings.Join(t.plain(i, row.Cells[col.Key]), "\n")
		out = append(out, revisedLine{
			Head: &heads[i], From: basis.Revision, To: col.Text.Revision, HTML: changeBetween(was, is), URL: compareURL(col.Text.Standard, basis.Revision, col.Text.Revision),
		})
	}
	return out, nil
}

// changeBetween marks what became of a text; one that came or went is marked as
// a whole.
func changeBetween(was, is string) template.HTML {
	switch {
	case was == "":
		return "<ins>" + withFacts(is) + "</ins>"
	case is == "":
		return "<del>" + withFacts(was) + "</del>"
	case !kept(compare.Words(was, is)):
		return "<del>" + withFacts(was) + "</del>\n<ins>" + withFacts(is) + "</ins>"
	}
	return markChange(was, is)
}

// plainOf are passages of a text as people read them.
func plainOf(doc *editor.Document, cell []editor.Passage) string {
	citations := doc.Citations()
	var parts []string
	for _, at := range cell {
		if k := doc.Clause(at.Clause); k != nil {
			text := editor.Cite(k.Passage(at), func(id string) string { return cmp.Or(citations[id], id) })
			parts = append(parts, paragraphGap.ReplaceAllString(editor.PlainText(text), "\n"))
		}
	}
	return strings.Join(parts, "\n")
}

// takePassage puts what stands in another row into this one.
func (s *Server) takePassage(c echo.Context) error {
	project, row := c.Param("project"), c.Param("row")
	at, ok := parsePassage(c.FormValue("passage"))
	if !ok {
		return echo.ErrBadRequest
	}
	_, err := s.reg.MovePassages(s.actor(c), project, c.FormValue("from"), version(c), c.FormValue("column"), []editor.Passage{at}, row)
	return s.acted(c, "take", err, rowURL(project, row)+"#texts", "done.take")
}

// sayNone keeps that a text has no counterpart, or that it may have one.
func (s *Server) sayNone(c echo.Context) error {
	project, row := c.Param("project"), c.Param("row")
	yes := c.FormValue("none") != "no"
	done := "done.none"
	if !yes {
		done = "done.seek"
	}
	_, err := s.reg.SayNone(s.actor(c), project, row, version(c), c.FormValue("column"), yes)
	return s.acted(c, "none", err, rowURL(project, row)+"#texts", done)
}

// reviewRow keeps that somebody has looked at a row whose texts have changed.
func (s *Server) reviewRow(c echo.Context) error {
	project, row := c.Param("project"), c.Param("row")
	_, err := s.reg.ReviewRow(s.actor(c), project, row, version(c))
	return s.acted(c, "review", err, rowURL(project, row)+"#texts", "done.review")
}
