package web

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// gridQuery is what a reader asked of the grid. It is the query of the page's
// address, so that whatever is on the screen can be sent to a colleague.
type gridQuery struct {
	Base    string // Column.Key of the text that the others are marked against
	State   string // only rows in this registry.State
	Diff    string // only rows that differ like this: a compare kind
	Chapter string // only rows of this chapter of the unified draft
	Owes    string // only rows on which this region owes a position
	Text    string // only rows that say this somewhere

	Relation string // only rows of which a cell stands so to the unified clause or the base: a compare.Stand

	Mine bool   // only rows on which the reader's region owes a position
	Open bool   // only rows that nobody has confirmed
	Full bool   // texts are shown whole
	Sort string // "": as in the draft; base, state, doubt
	Page int    // from 1
}

// sorts of the grid, as they are offered.
var sorts = []string{"", "base", "state", "doubt"}

// rowsAPage bounds the rows of one page; more are turned over.
const rowsAPage = 200

func readGridQuery(c echo.Context, v registry.ProjectView) gridQuery {
	q := gridQuery{
		Base: c.QueryParam("base"), State: c.QueryParam("state"), Diff: c.QueryParam("diff"), Chapter: c.QueryParam("chapter"),
		Owes: c.QueryParam("owes"), Text: strings.TrimSpace(c.QueryParam("text")), Sort: c.QueryParam("sort"), Relation: c.QueryParam("relation"),
		Mine: c.QueryParam("mine") != "", Open: c.QueryParam("open") != "", Full: c.QueryParam("full") != "",
	}
	q.Page, _ = strconv.Atoi(c.QueryParam("page"))
	q.Page = max(q.Page, 1)
	if columnAt(v.Columns, q.Base) < 0 {
		q.Base = v.Columns[0].Key
	}
	if !slices.Contains(sorts, q.Sort) {
		q.Sort = ""
	}
	return q
}

func columnAt(columns []registry.Column, key string) int {
	return slices.IndexFunc(columns, func(c registry.Column) bool { return c.Key == key })
}

// With is the address of the grid with some of what was asked changed: name,
// value, name, value… An empty value takes it away; so does a value that a
// switch has already.
func (q gridQuery) With(pairs ...string) string {
	v := q.values()
	if !slices.Contains(pairs, "page") {
		v.Del("page")
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			v.Del(pairs[i])
		} else {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return "?" + v.Encode()
}

// Only is the address of the grid with nothing asked but this and how it is
// shown.
func (q gridQuery) Only(pairs ...string) string {
	return gridQuery{Base: q.Base, Sort: q.Sort, Full: q.Full}.With(pairs...)
}

func (q gridQuery) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"base": q.Base, "owes": q.Owes, "state": q.State, "diff": q.Diff, "chapter": q.Chapter, "text": q.Text, "sort": q.Sort, "relation": q.Relation} {
		if value != "" {
			v.Set(name, value)
		}
	}
	for name, on := range map[string]bool{"mine": q.Mine, "open": q.Open, "full": q.Full} {
		if on {
			v.Set(name, "1")
		}
	}
	if q.Page > 1 {
		v.Set("page", strconv.Itoa(q.Page))
	}
	return v
}

// Narrow tells whether some rows may be left out.
func (q gridQuery) Narrow() bool {
	return q.State != "" || q.Diff != "" || q.Relation != "" || q.Chapter != "" || q.Text != "" || q.Owes != "" || q.Mine || q.Open
}

// takes tells whether a row is asked for by someone of a region.
func (q gridQuery) takes(v registry.ProjectView, row registry.RowView, region string) bool {
	switch {
	case q.State != "" && string(row.State) != q.State,
		q.Diff != "" && !slices.Contains(kindsOf(row.Row), q.Diff),
		q.Chapter != "" && row.Chapter != q.Chapter,
		q.Owes != "" && !slices.Contains(row.Owing, q.Owes),
		q.Mine && !slices.Contains(row.Owing, region),
		q.Open && row.Confirmed != "":
		return false
	}
	return (q.Text == "" || says(v, row, q.Text)) && (q.Relation == "" || relatesAs(v, row, q.Base, q.Relation))
}

// says tells whether a row has words in its topic, its unified clause or one of
// its cells.
func says(v registry.ProjectView, row registry.RowView, words string) bool {
	words = strings.ToLower(words)
	in := func(s string) bool { return strings.Contains(strings.ToLower(s), words) }
	if in(row.Topic) || row.Unified != nil && (in(row.Unified.Title) || in(row.Unified.Text)) {
		return true
	}
	for i, col := range v.Columns {
		for _, at := range row.Cells[col.Key] {
			if _, text := v.PassageText(i, at); in(text) || in(v.PassageName(i, at)) {
				return true
			}
		}
	}
	return false
}

// sorted puts rows into the order that was asked for; rows stand as in the
// draft where that says nothing.
func (q gridQuery) sorted(v registry.ProjectView, rows []registry.RowView) {
	var key func(registry.RowView) float64
	switch q.Sort {
	case "base":
		place := map[string]int{}
		base := columnAt(v.Columns, q.Base)
		for c := range v.Texts[base].Document.All() {
			place[c.ID] = len(place)
		}
		key = func(r registry.RowView) float64 {
			if cell := r.Cells[q.Base]; len(cell) > 0 {
				return float64(place[cell[0].Clause]) + float64(cell[0].Paragraph)/1e6
			}
			return math.Inf(1)
		}
	case "state":
		key = func(r registry.RowView) float64 { return float64(slices.Index(openFirst, r.State)) }
	case "doubt":
		key = func(r registry.RowView) float64 {
			if r.Confirmed != "" {
				return 2
			}
			return r.Score
		}
	default:
		return
	}
	slices.SortStableFunc(rows, func(a, b registry.RowView) int { return cmp.Compare(key(a), key(b)) })
}

// openFirst orders states by who needs them most.
var openFirst = []registry.State{registry.Disputed, registry.Waiting, registry.Untouched, registry.Settled}
