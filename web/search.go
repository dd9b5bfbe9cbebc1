package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

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
	Filters  []filterView
	All      string // address of the search without filters
	Pager    pager
	Direct   *place
	Several  []registry.Standard // that the text may name
	Busy     search.Progress     // of an index that has not caught up; empty where it has
	Tried    string              // how the search departed from all words
	Words    []wordView          // each of them by itself, where not all were found together
	Missing  bool                // one of them stands nowhere, and there are near ones
	Everyday []search.Translated
	Near     []registry.Standard
	Saved    []savedSearch
	Examples []string
}

// place is what a query names.
type place struct{ Link, Name string }

// filterView is a filter that is on, and what taking it away gives.
type filterView struct {
	search.Filter
	Title   string // of the standard, where it is one
	Link    string
	Counted bool
}

// wordView is a word of the search with how often it is found by itself.
type wordView struct {
	search.WordCount
	Link  string
	Likes []link // near words
}

type link struct{ Href, Text string }

// savedSearch is a search that the member is subscribed to.
type savedSearch struct {
	Name, Link string
	News       int
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
)

func (s *Server) search(c echo.Context) error {
	p := searchPage{Frame: s.frame(c, s.say(c, "nav.search")), Examples: examples}
	p.Scripts, p.Styles = []string{"search.js"}, []string{"search.css"}
	page := pageNumber(c)
	q := search.QueryOf(c.QueryParams())
	q.Text = strings.TrimSpace(q.Text)
	q.Each, q.Offset, q.Limit, q.Explain = hitsPerGroup, (page-1)*groupsPerPage, groupsPerPage, true
	size := groupsPerPage
	if q.Standard != "" { // of one standard all clauses, by pages
		size = hitsPerPage
		q.Each, q.Offset, q.Limit = 0, (page-1)*size, size
	}
	p.Text, p.Filtered, p.On, p.ByDate = q.Text, q.Filtered(), q.On, q.ByDate
	if p.Text == "" {
		var err error
		if p.Saved, err = s.savedSearches(s.actor(c)); err != nil {
			return err
		}
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
	if found.Direct == nil {
		p.Several = s.candidates(found.Choices)
	}
	p.Total, p.Tried, p.Everyday, p.Undated = found.Total, found.Tried, found.Everyday, found.Undated
	if found.Rebuilding {
		p.Busy = s.index.Progress()
		p.Busy.Behind = true
	}
	p.Took = strconv.FormatFloat(float64(found.Took.Microseconds())/1000, 'f', 1, 64)
	p.Groups = groups(lang(c), found.Hits)
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
	p.Filters = s.filtersOf(c.Request().URL, found.Filters, q.On)
	p.All = (&url.URL{Path: "/search", RawQuery: url.Values{"q": {p.Text}}.Encode()}).String()
	if err := s.explainSearch(&p, c.Request().URL); err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "search.html", p)
}

// explainSearch says what may have been meant where nothing, or not all of it, was
// found.
func (s *Server) explainSearch(p *searchPage, u *url.URL) (err error) {
	if p.Total > 0 && p.Tried == "" {
		return nil
	}
	words, err := s.index.Words(p.Text)
	if err != nil {
		return err
	}
	for _, w := range words {
		v := wordView{WordCount: w, Link: with(u, "q", w.Word)}
		for _, near := range w.Near {
			v.Likes = append(v.Likes, link{with(u, "q", strings.Replace(p.Text, w.Word, near, 1)), near})
		}
		p.Missing = p.Missing || len(v.Likes) > 0
		p.Words = append(p.Words, v)
	}
	if p.Total > 0 || len(p.Several) > 0 {
		return nil
	}
	near, err := s.index.Near(p.Text, nearMost)
	if err != nil {
		return err
	}
	if p.Near = s.candidates(near); len(p.Near) == 0 {
		p.Near, err = s.near(p.Text)
	}
	return err
}

// nearMost is how many standards are offered.
const nearMost = 6

// candidates reads standards that a text may mean; those that went meanwhile are
// left out.
func (s *Server) candidates(list []search.Candidate) (out []registry.Standard) {
	for _, k := range list {
		if std, err := s.reg.Standard(k.Standard); err == nil {
			out = append(out, std)
		}
	}
	return out
}

// filtersOf are the filters that are on, each with the address without it.
func (s *Server) filtersOf(u *url.URL, list []search.Filter, on string) (out []filterView) {
	for _, f := range list {
		v := filterView{Filter: f, Link: toggled(u, f.Name, f.Value, true), Counted: true}
		if f.Name == "standard" {
			v.Title = f.Value
			if std, err := s.reg.Standard(f.Value); err == nil {
				v.Title = std.Header.Title
			}
		}
		out = append(out, v)
	}
	if on != "" {
		out = append(out, filterView{Filter: search.Filter{Name: "on", Value: on}, Link: with(u, "on", "")})
	}
	return out
}

// savedSearches are the searches that a member is subscribed to.
func (s *Server) savedSearches(actor registry.Member) (out []savedSearch, err error) {
	if actor.ID == "" {
		return nil, nil
	}
	list, err := s.reg.Subscriptions(actor, 0)
	for _, one := range list {
		if one.Kind == registry.ToSearch {
			out = append(out, savedSearch{one.Name, "/search?" + one.Query, one.Count})
		}
	}
	return out, err
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
