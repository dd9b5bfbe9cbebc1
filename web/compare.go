package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// comparePage is two texts side by side, clause by clause.
type comparePage struct {
	Frame
	Action   string // address of the form that chooses the texts
	A, B     string // as they were asked for
	Old      registry.Revision
	New      registry.Revision
	Known    []knownText // texts that are offered
	Shown    bool
	Tally    []changeCount
	Demands  []demand
	Changes  []changeView
	All      bool   // unchanged clauses too
	AllLink  string // the same with them
	SwapLink string // the same the other way round
	Facts    []factChange
	Own      bool // both are texts of one standard
	Problem  string
}

// factChange is what the front matters say differently.
type factChange struct{ Key, Old, New string }

// factsChanged compares what front matters say: number, dates and the like.
func factsChanged(a, b editor.Header) (out []factChange) {
	for _, f := range []struct {
		key string
		of  func(editor.Header) []string
	}{
		{"title", func(h editor.Header) []string { return []string{h.Title} }},
		{"number", func(h editor.Header) []string { return h.Numbers }},
		{"issuer", func(h editor.Header) []string { return []string{h.Issuer} }},
		{"published", func(h editor.Header) []string { return []string{h.Published} }},
		{"effective", func(h editor.Header) []string { return []string{h.Effective} }},
		{"replaces", func(h editor.Header) []string { return h.Replaces }},
		{"adopts", func(h editor.Header) []string { return h.Adopts }},
	} {
		x, y := strings.Join(f.of(a), "、"), strings.Join(f.of(b), "、")
		if x != y {
			out = append(out, factChange{f.key, x, y})
		}
	}
	return out
}

// tallyOf counts the changes by kind, in the order of the summary.
func tallyOf(found compare.Changes) (out []changeCount) {
	for _, k := range kindsOfChange {
		if n := found.Count(k); n > 0 {
			out = append(out, changeCount{k, n})
		}
	}
	return out
}

// knownText is a text that can be compared.
type knownText struct{ Ref, Label string }

// changeCount counts the clauses of one kind of change.
type changeCount struct {
	Kind  compare.ChangeKind
	Count int
}

// demand is a requirement that changed, in words.
type demand struct{ At, Name, Summary string }

// changeView is what became of a clause, as two columns show it.
type changeView struct {
	ID       string // anchor on the page
	Kind     compare.ChangeKind
	Moved    bool // and stands elsewhere
	Old, New side
	Past     string // address of the clause through time
}

// side is one column: the clause's name, and its words with what went or came.
type side struct {
	Name  string
	Link  string
	Title []edit
	Words []edit
	None  bool // the text has no such clause
}

// edit is a run of words: "" kept, "ins" new, "del" gone.
type edit struct {
	Mark, Text string
	Long       bool // too long to be compared word by word
}

// kindsOfChange in the order of the summary.
var kindsOfChange = []compare.ChangeKind{
	compare.Rewritten, compare.Moved, compare.Added, compare.Removed, compare.Split, compare.Merged, compare.Unchanged,
}

// compareRevisions compares two revisions of a standard, or one with any other
// text: ?a= and ?b= are numbers of revisions or places.
func (s *Server) compareRevisions(c echo.Context) error {
	std, err := s.reg.Standard(c.Param("id"))
	if err != nil {
		return err
	}
	a, b := strings.TrimSpace(c.QueryParam("a")), strings.TrimSpace(c.QueryParam("b"))
	if b == "" {
		b = strconv.Itoa(std.Current)
	}
	if a == "" {
		a = strconv.Itoa(max(std.Current-1, 1))
	}
	full := func(v string) string {
		if _, err := strconv.Atoi(v); err == nil {
			return std.ID + "/" + v
		}
		return v
	}
	p := comparePage{Action: "/standards/" + std.ID + "/compare", A: full(a), B: full(b)}
	list, err := s.reg.Revisions(std.ID)
	if err != nil {
		return err
	}
	for _, v := range newest(list, len(list)) {
		p.Known = append(p.Known, knownText{v.Ref().String(), v.Label()})
	}
	return s.showComparison(c, p)
}

// compareAny compares any two texts.
func (s *Server) compareAny(c echo.Context) error {
	p := comparePage{Action: "/compare", A: strings.TrimSpace(c.QueryParam("a")), B: strings.TrimSpace(c.QueryParam("b"))}
	list, _, err := s.reg.Standards(registry.Filter{}, 0, 200)
	if err != nil {
		return err
	}
	for _, std := range list {
		p.Known = append(p.Known, knownText{std.ID, strings.TrimSpace(std.Header.Primary() + " " + std.Header.Title)})
	}
	return s.showComparison(c, p)
}

func (s *Server) showComparison(c echo.Context, p comparePage) error {
	p.Frame = s.frame(c, s.say(c, "compare.title"))
	p.Class, p.Styles = "comparing", []string{"history.css"}
	p.All = c.QueryParam("all") == "1"
	q := url.Values{"a": {p.A}, "b": {p.B}}
	if !p.All {
		q.Set("all", "1")
	}
	p.AllLink = (&url.URL{Path: p.Action, RawQuery: q.Encode()}).String()
	p.SwapLink = (&url.URL{Path: p.Action, RawQuery: url.Values{"a": {p.B}, "b": {p.A}}.Encode()}).String()
	if p.A == "" || p.B == "" {
		return s.render(c, http.StatusOK, "compare.html", p)
	}
	found, before, after, err := s.changesBetween(p.A, p.B)
	if reason, ok := refused(err, registry.Invalid, registry.NotFound); ok {
		p.Problem = reason
		status := http.StatusUnprocessableEntity
		if registry.Refused(err, registry.NotFound) {
			status = http.StatusNotFound
		}
		return s.render(c, status, "compare.html", p)
	}
	if err != nil {
		return err
	}
	p.Shown, p.Old, p.New = true, before.Revision, after.Revision
	p.Tally, p.Facts = tallyOf(found), factsChanged(before.Revision.Header, after.Revision.Header)
	p.Own = p.Old.Standard == p.New.Standard
	v := changeViewer{before, after}
	for i, ch := range found.Clauses {
		view := v.view("d"+strconv.Itoa(i+1), ch)
		for _, d := range ch.Differences {
			p.Demands = append(p.Demands, demand{view.ID, view.New.Name, d.Summary})
		}
		if p.All || ch.Kind != compare.Unchanged {
			p.Changes = append(p.Changes, view)
		}
	}
	return s.render(c, http.StatusOK, "compare.html", p)
}

func (s *Server) changesBetween(a, b string) (found compare.Changes, before, after registry.Text, err error) {
	x, err := registry.ParseRef(a)
	if err != nil {
		return found, before, after, err
	}
	y, err := registry.ParseRef(b)
	if err != nil {
		return found, before, after, err
	}
	return s.reg.Changes(x, y)
}

// changeViewer sets changes between two texts into columns.
type changeViewer struct{ before, after registry.Text }

// changed are the changes without the clauses that stayed as they were.
func (v changeViewer) changed(found compare.Changes) (out []changeView) {
	for i, ch := range found.Clauses {
		if ch.Kind != compare.Unchanged {
			out = append(out, v.view("d"+strconv.Itoa(i+1), ch))
		}
	}
	return out
}

func (v changeViewer) view(id string, ch compare.Change) changeView {
	past := ""
	if v.before.Revision.Standard == v.after.Revision.Standard {
		of := slices.Concat(ch.New, ch.Old)[0]
		past = "/standards/" + url.PathEscape(v.after.Revision.Standard) + "/clauses/" + url.PathEscape(of.ID)
	}
	return changeView{
		ID: id, Kind: ch.Kind, Moved: ch.Elsewhere && ch.Kind != compare.Moved, Past: past,
		Old: v.side(v.before, ch.Old, ch.Title, ch.Edits, compare.Delete, ch.Kind),
		New: v.side(v.after, ch.New, ch.Title, ch.Edits, compare.Insert, ch.Kind),
	}
}

// side sets one column: the words that both have, and those that only this one
// has.
func (v changeViewer) side(text registry.Text, clauses []*editor.Clause, title, words []compare.Edit, own compare.Op, kind compare.ChangeKind) side {
	if len(clauses) == 0 {
		return side{None: true}
	}
	out := side{Link: placeOf(registry.Ref{Standard: text.Revision.Standard, Revision: text.Revision.Number, Clause: clauses[0].ID})}
	var names, whole []string
	for _, k := range clauses {
		names = append(names, nameOf(k))
		whole = append(whole, k.Text)
	}
	out.Name = strings.Join(names, "、")
	citations := text.Document.Citations()
	out.Title = column(title, own, citations)
	mark := map[compare.ChangeKind]string{compare.Added: "ins", compare.Removed: "del"}[kind]
	if out.Words = column(words, own, citations); out.Words == nil {
		out.Words = []edit{{Mark: mark, Text: readable("", strings.Join(whole, "\n"), "", citations)}}
	}
	return out
}

func column(list []compare.Edit, own compare.Op, citations map[string]string) []edit {
	marks := map[compare.Op]string{compare.Equal: "", compare.Insert: "ins", compare.Delete: "del"}
	list = slices.DeleteFunc(slices.Clone(list), func(e compare.Edit) bool { return e.Op != compare.Equal && e.Op != own })
	var out []edit
	for i, e := range list {
		before, after := "", ""
		if i > 0 {
			before = list[i-1].Text
		}
		if i+1 < len(list) {
			after = list[i+1].Text
		}
		out = append(out, edit{marks[e.Op], readable(before, e.Text, after, citations), e.Long})
	}
	return out
}

var paragraphBreak = regexp.MustCompile(`\n{2,}`)

// readable cites what the Markdown refers to, and sets paragraphs without blank
// lines. before and after are what stands around the text.
func readable(before, text, after string, citations map[string]string) string {
	text = paragraphBreak.ReplaceAllString(text, "\n")
	return editor.CiteBetween(before, text, after, func(id string) string { return citations[id] })
}
