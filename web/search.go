package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
	"tongbiao/registry/search"
)

// searchPage is what was found: clauses under their standards.
type searchPage struct {
	Frame
	Text     string
	Groups   []hitGroup
	Total    int
	Took     string // milliseconds
	Facets   []facet
	On       string // the day asked for; "" for today's texts
	Undated  int    // clauses left out because nothing says when they hold
	ByDate   bool
	Order    string // the address of the same search in the other order
	Filtered bool
	All      string // address of the search without filters
	Pager    pager
	Direct   *place
	Busy     bool   // the index has not caught up
	Tried    string // how the search departed from all words
	Near     []registry.Standard
	Examples []string
}

// place is what a query names.
type place struct{ Link, Name string }

// hitGroup is a standard with its clauses that were found.
type hitGroup struct {
	search.Hit // the first: it names the standard
	Hits       []hit
	More       string // address of the rest of the standard's clauses
	Rest       int
}

// hit is a clause that was found.
type hit struct {
	search.Hit
	Link       string
	Words      []stretch // its sentence
	Quantities []string
}

// stretch is a run of text, marked or not.
type stretch struct {
	Text   string
	Marked bool
}

// facet is one way to narrow a search.
type facet struct {
	Name   string // "region", "kind", "status", "modality"
	Values []facetValue
}

type facetValue struct {
	Value  string
	Count  int
	Chosen bool
	Link   string // the same search with this value added or taken away
}

const (
	hitsPerPage   = 20
	groupsPerPage = 10
	hitsPerGroup  = 3
	sentenceRunes = 160 // of a hit's text that are shown
	maxChips      = 5
)

func (s *Server) search(c echo.Context) error {
	query := c.QueryParams()
	p := searchPage{Frame: s.frame(c, s.say(c, "nav.search")), Text: strings.TrimSpace(query.Get("q")), Examples: examples}
	page := pageNumber(c)
	q := search.Query{
		Text: p.Text, Regions: query["region"], Kinds: query["kind"], Statuses: query["status"], Modalities: query["modality"],
		Activities: query["activity"], Years: query["year"], On: query.Get("on"), ByDate: query.Get("sort") == "date",
		Standard: query.Get("standard"), Each: hitsPerGroup, Offset: (page - 1) * groupsPerPage, Limit: groupsPerPage,
	}
	size := groupsPerPage
	if q.Standard != "" { // of one standard all clauses, by pages
		size = hitsPerPage
		q.Each, q.Offset, q.Limit = 0, (page-1)*size, size
	}
	p.Filtered = len(q.Regions)+len(q.Kinds)+len(q.Statuses)+len(q.Modalities)+len(q.Activities)+len(q.Years) > 0 || q.Standard != "" || q.On != ""
	p.On, p.ByDate = q.On, q.ByDate
	if p.Text == "" {
		return s.render(c, http.StatusOK, "search.html", p)
	}
	found, err := s.index.Search(q)
	if err != nil {
		return err
	}
	if found.Direct != nil {
		if !p.Filtered && page == 1 && strings.ContainsFunc(p.Text, unicode.IsDigit) {
			return c.Redirect(http.StatusFound, placeOf(*found.Direct))
		}
		p.Direct = s.place(*found.Direct)
	}
	p.Title = p.Text
	p.Total, p.Busy, p.Tried = found.Total, found.Rebuilding, found.Tried
	p.Took = strconv.FormatFloat(float64(found.Took.Microseconds())/1000, 'f', 1, 64)
	p.Undated = found.Undated
	p.Groups = groups(found.Hits)
	pages := found.Standards
	if q.Standard != "" {
		pages = found.Total
	} else {
		for i := range p.Groups {
			g := &p.Groups[i]
			g.Rest, g.More = g.Of-len(g.Hits), with(c.Request().URL, "standard", g.Standard)
		}
	}
	p.Pager = pagerOf(c.Request().URL, page, size, min(pages, search.MaxReach))
	p.Order = with(c.Request().URL, "sort", map[bool]string{false: "date"}[q.ByDate])
	p.Facets = facetsOf(c.Request().URL, found.Facets)
	p.All = (&url.URL{Path: "/search", RawQuery: url.Values{"q": {p.Text}}.Encode()}).String()
	if found.Total == 0 {
		if p.Near, err = s.near(p.Text); err != nil {
			return err
		}
	}
	return s.render(c, http.StatusOK, "search.html", p)
}

func (s *Server) place(ref registry.Ref) *place {
	std, err := s.reg.Standard(ref.Standard)
	if err != nil {
		return nil // it went meanwhile
	}
	return &place{placeOf(ref), strings.TrimSpace(std.Header.Primary() + " " + std.Header.Title)}
}

// near offers standards whose title or number has a word of what was sought.
func (s *Server) near(text string) ([]registry.Standard, error) {
	for _, word := range append([]string{text}, strings.Fields(text)...) {
		list, _, err := s.reg.Standards(registry.Filter{Text: word}, 0, 5)
		if err != nil || len(list) > 0 {
			return list, err
		}
	}
	return nil, nil
}

// groups puts hits under their standards, in the order of each one's best.
func groups(hits []search.Hit) []hitGroup {
	var out []hitGroup
	at := map[string]int{}
	for _, h := range hits {
		i, ok := at[h.Standard]
		if !ok {
			i = len(out)
			at[h.Standard] = i
			out = append(out, hitGroup{Hit: h})
		}
		one := hitOf(h)
		for k := range one.Words {
			one.Words[k].Text = paragraphBreak.ReplaceAllString(one.Words[k].Text, "\n")
		}
		out[i].Hits = append(out[i].Hits, one)
	}
	return out
}

func hitOf(h search.Hit) hit {
	out := hit{Hit: h, Link: placeOf(h.Ref), Words: excerpt(h.Text, h.Marks)}
	for _, f := range editor.Quantities(h.Text) {
		if q := f.Quantity.String(); len(out.Quantities) < maxChips && !slices.Contains(out.Quantities, q) {
			out.Quantities = append(out.Quantities, q)
		}
	}
	return out
}

// excerpt is the text around the first mark, from the beginning of a sentence,
// with its marks.
func excerpt(text string, marks [][2]int) []stretch {
	from, to := 0, len(text)
	if len([]rune(text)) > sentenceRunes {
		if len(marks) > 0 {
			from = sentenceStart(text, marks[0][0])
		}
		n := 0
		for i := range text[from:] {
			if n++; n > sentenceRunes {
				to = from + i
				break
			}
		}
	}
	var out []stretch
	add := func(s string, marked bool) {
		if s != "" {
			out = append(out, stretch{s, marked})
		}
	}
	if from > 0 {
		add("…", false)
	}
	at := from
	for _, m := range marks {
		if m[0] < at || m[1] > to {
			continue
		}
		add(text[at:m[0]], false)
		add(text[m[0]:m[1]], true)
		at = m[1]
	}
	add(text[at:to], false)
	if to < len(text) {
		add("…", false)
	}
	return out
}

// sentenceStart is where the sentence around a place begins, at most 60
// characters before it.
func sentenceStart(text string, at int) int {
	before := []rune(text[:at])
	i := len(before)
	for i > 0 && len(before)-i < 60 && !strings.ContainsRune("。；！？\n", before[i-1]) {
		i--
	}
	return len(string(before[:i]))
}

// facetsOf makes the facets into links: each adds its value to the search or,
// when it is chosen, takes it away.
func facetsOf(u *url.URL, f search.Facets) []facet {
	var out []facet
	for _, dimension := range []struct {
		name   string
		values []search.Facet
	}{{"region", f.Regions}, {"kind", f.Kinds}, {"status", f.Statuses}, {"activity", f.Activities}, {"modality", f.Modalities}, {"year", f.Years}} {
		chosen := u.Query()[dimension.name]
		one := facet{Name: dimension.name}
		for _, v := range dimension.values {
			if v.Value == "" {
				continue // has none: nothing to ask for
			}
			on := slices.Contains(chosen, v.Value)
			if v.Count > 0 || on {
				one.Values = append(one.Values, facetValue{v.Value, v.Count, on, toggled(u, dimension.name, v.Value, on)})
			}
		}
		if len(one.Values) > 0 {
			out = append(out, one)
		}
	}
	return out
}

// with is an address with another value of a field, from its first page on.
func with(u *url.URL, name, value string) string {
	q := u.Query()
	q.Del("page")
	q.Del("lang")
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
}

func toggled(u *url.URL, name, value string, on bool) string {
	q := u.Query()
	q.Del("page")
	q.Del("lang")
	if on {
		q[name] = slices.DeleteFunc(q[name], func(v string) bool { return v == value })
	} else {
		q.Add(name, value)
	}
	return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
}
