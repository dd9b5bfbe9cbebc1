package web

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
	"tongbiao/registry/search"
)

// apiStandard is a standard as programs are told of it: its header as one of its
// texts has it.
type apiStandard struct {
	ID         string   `json:"id"`
	URI        string   `json:"uri"` // permanent
	Page       string   `json:"page"`
	Title      string   `json:"title"`
	English    string   `json:"title_en,omitempty"`
	Numbers    []string `json:"numbers"`
	Regions    []string `json:"regions"` // codes; none: national
	Kind       string   `json:"kind,omitempty"`
	Convention string   `json:"convention,omitempty"`
	Status     string   `json:"status,omitempty"`
	Issuer     string   `json:"issuer,omitempty"`
	Published  string   `json:"published,omitempty"`
	Effective  string   `json:"effective,omitempty"`
	Replaces   []string `json:"replaces"`
	Adopts     []string `json:"adopts"`
	ICS        []string `json:"ics"`
	CCS        []string `json:"ccs"`
	Notice     string   `json:"notice,omitempty"`
	Revision   int      `json:"revision"` // whose header this is
	Current    int      `json:"current"`  // the newest that is shown
	Revisions  int      `json:"revisions"`
}

func list[T any](of []T) []T {
	if of == nil {
		return []T{}
	}
	return of
}

func (s *Server) apiStandardOf(c echo.Context, std registry.Standard, h editor.Header, revision int) apiStandard {
	return apiStandard{std.ID, s.permanent(c, std.ID, ""), placeOf(registry.Ref{Standard: std.ID, Revision: revision}), h.Title, h.English, list(h.Numbers), list(h.Regions),
		h.Kind, string(h.Convention), h.Status, h.Issuer, h.Published, h.Effective, list(h.Replaces), list(h.Adopts), list(h.ICS), list(h.CCS), h.Notice,
		revision, std.Current, std.Revisions}
}

// apiHit is a clause that a search found.
type apiHit struct {
	Ref        registry.Ref `json:"ref"`
	URI        string       `json:"uri"`
	Standard   string       `json:"standard"`
	Title      string       `json:"title"`
	Number     string       `json:"number,omitempty"`
	Regions    []string     `json:"regions"`
	Kind       string       `json:"kind,omitempty"`
	Status     string       `json:"status,omitempty"`
	From       string       `json:"from,omitempty"`
	Until      string       `json:"until,omitempty"`
	Current    bool         `json:"current"`
	Clause     string       `json:"clause,omitempty"`
	Heading    string       `json:"heading,omitempty"`
	Path       []string     `json:"path"`
	Text       string       `json:"text"`
	Marks      [][2]int     `json:"marks"` // characters of Text
	Modality   string       `json:"modality,omitempty"`
	Quantities []string     `json:"quantities"`
}

// apiFacet is a value that hits bear, and how many do.
type apiFacet struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

func facetsFor(of []search.Facet) []apiFacet {
	out := []apiFacet{}
	for _, f := range of {
		out = append(out, apiFacet(f))
	}
	return out
}

type apiFound struct {
	apiPart[apiHit]
	Standards int                   `json:"standards"`
	Undated   int                   `json:"undated"`
	Direct    string                `json:"direct,omitempty"` // what the query names
	Tried     string                `json:"tried,omitempty"`
	Behind    bool                  `json:"behind"` // the index has not caught up
	Facets    map[string][]apiFacet `json:"facets"`
}

func (s *Server) apiSearch(c echo.Context) (any, error) {
	w, err := windowOf(c, 20, 100)
	if err != nil {
		return nil, err
	}
	at, err := w.offset()
	if err != nil {
		return nil, err
	}
	q := c.QueryParams()
	if strings.TrimSpace(q.Get("q")) == "" {
		return nil, invalid("q", "请给出要找的词：?q=。 Say what to look for: ?q=.")
	}
	found, err := s.index.Search(search.Query{Text: q.Get("q"), Regions: q["region"], Kinds: q["kind"], Statuses: q["status"], Modalities: q["modality"],
		Activities: q["activity"], Years: q["year"], Standard: q.Get("standard"), On: q.Get("on"), ByDate: q.Get("sort") == "date", Offset: at, Limit: w.limit})
	if err != nil {
		return nil, err
	}
	hits := make([]apiHit, len(found.Hits))
	for i, h := range found.Hits {
		one := hitOf(h)
		hits[i] = apiHit{h.Ref, s.permanent(c, h.Standard, h.Ref.Clause), h.Standard, h.Title, h.Number, list(h.Regions), h.Kind, h.Status, h.From, h.Until, h.Current,
			h.Clause, h.Heading, list(h.Path), h.Text, list(charactersOf(h.Text, h.Marks)), h.Modality, list(one.Quantities)}
	}
	out := apiFound{counted(w, at, min(found.Total, search.MaxReach), hits), found.Standards, found.Undated, "", found.Tried, found.Rebuilding, map[string][]apiFacet{
		"region": facetsFor(found.Facets.Regions), "kind": facetsFor(found.Facets.Kinds), "status": facetsFor(found.Facets.Statuses), "modality": facetsFor(found.Facets.Modalities),
		"activity": facetsFor(found.Facets.Activities), "year": facetsFor(found.Facets.Years)}}
	out.Total = found.Total
	if found.Direct != nil {
		out.Direct = found.Direct.String()
	}
	return out, nil
}

// charactersOf gives places of a text in characters that were bytes.
func charactersOf(text string, places [][2]int) (out [][2]int) {
	for _, p := range places {
		from := utf8.RuneCountInString(text[:p[0]])
		out = append(out, [2]int{from, from + utf8.RuneCountInString(text[p[0]:p[1]])})
	}
	return out
}

func (s *Server) apiStandards(c echo.Context) (any, error) {
	w, err := windowOf(c, 50, 200)
	if err != nil {
		return nil, err
	}
	all, _, err := s.reg.Standards(registry.Filter{Region: c.QueryParam("region"), Kind: c.QueryParam("kind"), Text: c.QueryParam("q")}, 0, 1<<30)
	if err != nil {
		return nil, err
	}
	return partOf(w, all, func(k registry.Standard) string { return k.ID }, func(k registry.Standard) apiStandard { return s.apiStandardOf(c, k, k.Header, k.Current) })
}

// pinned is the text of a standard that ?on= or ?revision= names; the current one
// where neither does.
func (s *Server) pinned(c echo.Context) (registry.Revision, error) {
	id, on, number := c.Param("id"), c.QueryParam("on"), c.QueryParam("revision")
	switch {
	case on != "" && number != "":
		return registry.Revision{}, invalid("on", "on 和 revision 只能给一个。 Give either on or revision.")
	case on != "":
		v, _, err := s.reg.InForceOn(id, on)
		return v, err
	case number != "":
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			return registry.Revision{}, invalid("revision", "revision 是从 1 起的版本号。 revision is the number of a revision, from 1.")
		}
		return s.reg.Revision(id, n)
	}
	return s.reg.Revision(id, 0)
}

func (s *Server) apiStandard(c echo.Context) (any, error) {
	std, err := s.reg.Standard(c.Param("id"))
	if err != nil {
		return nil, err
	}
	v, err := s.pinned(c)
	if err != nil {
		return nil, err
	}
	out := s.apiStandardOf(c, std, v.Header, v.Number)
	if v.Number == std.Current || c.QueryParam("on") != "" {
		if out.Status, err = s.reg.StatusOn(std.ID, c.QueryParam("on")); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// apiEdition is a text as a region published it.
type apiEdition struct {
	ID           string `json:"id"`
	Revision     int    `json:"revision"`
	Region       string `json:"region"` // code; "" for a national one
	Number       string `json:"number"`
	Issuer       string `json:"issuer,omitempty"`
	Published    string `json:"published"`
	Effective    string `json:"effective"`
	Withdrawn    string `json:"withdrawn,omitempty"`
	Status       string `json:"status"`
	SupersededBy string `json:"superseded_by,omitempty"`
	SupersededOn string `json:"superseded_on,omitempty"`
}

func (s *Server) apiEditions(c echo.Context) (any, error) {
	if on := c.QueryParam("on"); on != "" {
		if _, err := time.Parse(time.DateOnly, on); err != nil {
			return nil, invalid("on", "不是日期：%q（例：2024-06-30）。 Not a day: %q (e.g. 2024-06-30).", on, on)
		}
	}
	issued, err := s.reg.Issued(c.Param("id"), c.QueryParam("on"))
	return whole(issued, func(e registry.Issued) apiEdition {
		return apiEdition{e.ID(), e.Revision, e.Region, e.Number, e.Issuer, e.Published, e.Effective, e.Withdrawn, e.Status, e.Superseded.By, e.Superseded.From}
	}), err
}

// apiRevisionLine is a revision in a list. Who made it is told to members only.
type apiRevisionLine struct {
	Ref     registry.Ref `json:"ref"`
	Number  int          `json:"number"`
	Parent  int          `json:"parent,omitempty"`
	Time    time.Time    `json:"time"`
	By      string       `json:"by,omitempty"`
	Message string       `json:"message"`
	Text    string       `json:"text"` // SHA-256 of the canonical Markdown
	Source  string       `json:"source"`
}

// by names a person to members; to nobody else.
func (s *Server) by(c echo.Context, member string) string {
	if s.actor(c).ID == "" || member == "" {
		return ""
	}
	return s.person(lang(c), member)
}

func (s *Server) apiRevisionOf(c echo.Context, v registry.Revision) apiRevisionLine {
	return apiRevisionLine{v.Ref(), v.Number, v.Parent, v.Time, s.by(c, v.Author), v.Message, v.Text,
		apiBase + "/standards/" + v.Standard + "/revisions/" + strconv.Itoa(v.Number) + "/source"}
}

func (s *Server) apiRevisions(c echo.Context) (any, error) {
	w, err := windowOf(c, 50, 200)
	if err != nil {
		return nil, err
	}
	all, err := s.reg.Revisions(c.Param("id"))
	if err != nil {
		return nil, err
	}
	return partOf(w, newest(all, len(all)), func(v registry.Revision) string { return strconv.Itoa(v.Number) }, func(v registry.Revision) apiRevisionLine { return s.apiRevisionOf(c, v) })
}

// apiOneRevision is a revision with its header and the marks of its clauses.
type apiOneRevision struct {
	apiRevisionLine
	Standard apiStandard           `json:"standard"`
	Clauses  []registry.ClauseMark `json:"clauses"`
}

func (s *Server) apiRevision(c echo.Context) (any, error) {
	ref, err := refOf(c)
	if err != nil {
		return nil, err
	}
	std, err := s.reg.Standard(ref.Standard)
	if err != nil {
		return nil, err
	}
	v, err := s.reg.Revision(ref.Standard, ref.Revision)
	return apiOneRevision{s.apiRevisionOf(c, v), s.apiStandardOf(c, std, v.Header, v.Number), list(v.Clauses)}, err
}

// apiSource is the canonical Markdown of a revision, which never changes.
func (s *Server) apiSource(c echo.Context) error {
	ref, err := refOf(c)
	if err != nil {
		return err
	}
	text, err := s.reg.Text(ref)
	if err != nil {
		return err
	}
	return s.tagged(c, "text/markdown; charset=utf-8", text.Source)
}

// apiEdit is a run of words that stayed, came or went.
type apiEdit = compare.Edit

// apiNamed is a clause by its permanent ID, its number and its title.
type apiNamed struct {
	ID     string `json:"id"`
	Number string `json:"number,omitempty"`
	Title  string `json:"title,omitempty"`
}

func clausesNamed(of []*editor.Clause) []apiNamed {
	out := []apiNamed{}
	for _, k := range of {
		out = append(out, apiNamed{k.ID, k.Number, k.Title})
	}
	return out
}

// apiDifference is a way in which texts differ, in the order of the texts.
type apiDifference struct {
	Kind       string   `json:"kind"`
	Texts      []string `json:"texts"`
	Summary    string   `json:"summary"`
	Strictest  []int    `json:"strictest"`
	Loosest    []int    `json:"loosest"`
	Confidence float64  `json:"confidence"`
}

func differences(of []compare.Difference) []apiDifference {
	out := []apiDifference{}
	for _, d := range of {
		out = append(out, apiDifference{string(d.Kind), list(d.Texts), d.Summary, list(d.Strictest), list(d.Loosest), d.Confidence})
	}
	return out
}

// apiChange is what became of a clause between two revisions.
type apiChange struct {
	Kind        string          `json:"kind"`
	Old         []apiNamed      `json:"old"`
	New         []apiNamed      `json:"new"`
	Elsewhere   bool            `json:"elsewhere"`
	Title       []apiEdit       `json:"title"`
	Words       []apiEdit       `json:"words"`
	Differences []apiDifference `json:"differences"`
}

func apiChangeOf(k compare.Change) apiChange {
	return apiChange{string(k.Kind), clausesNamed(k.Old), clausesNamed(k.New), k.Elsewhere, list(k.Title), list(k.Edits), differences(k.Differences)}
}

func (s *Server) apiChanges(c echo.Context) (any, error) {
	w, err := windowOf(c, 50, 200)
	if err != nil {
		return nil, err
	}
	at, err := w.offset()
	if err != nil {
		return nil, err
	}
	std, err := s.reg.Standard(c.Param("id"))
	if err != nil {
		return nil, err
	}
	from, to := cmp.Or(c.QueryParam("from"), strconv.Itoa(max(1, std.Current-1))), cmp.Or(c.QueryParam("to"), strconv.Itoa(std.Current))
	found, _, _, err := s.changesBetween(std.ID+"/"+from, std.ID+"/"+to)
	if err != nil {
		return nil, err
	}
	all := []apiChange{}
	for _, k := range found.Clauses {
		if k.Kind != compare.Unchanged || c.QueryParam("all") == "1" {
			all = append(all, apiChangeOf(k))
		}
	}
	at = min(at, len(all))
	return counted(w, at, len(all), all[at:min(at+w.limit, len(all))]), nil
}
