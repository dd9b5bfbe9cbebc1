package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// kinds of texts, as they are offered: standards first.
var kinds = []string{"national", "industry", "local", "group", "enterprise", "law", "regulation", "rule", "decision"}

// standardsPage is the list of what is held.
type standardsPage struct {
	Frame
	Filter    registry.Filter
	Kinds     []string
	Standards []registry.Standard
	Total     int
	Pager     pager
	MayWrite  bool
	MayImport bool
}

const standardsPerPage = 50

func (s *Server) standards(c echo.Context) error {
	p := standardsPage{Frame: s.frame(c, s.say(c, "nav.standards")), Kinds: kinds}
	p.Filter = registry.Filter{
		Region: c.QueryParam("region"), Kind: c.QueryParam("kind"), Text: strings.TrimSpace(c.QueryParam("q")),
	}
	page := pageNumber(c)
	var err error
	if p.Standards, p.Total, err = s.reg.Standards(p.Filter, (page-1)*standardsPerPage, standardsPerPage); err != nil {
		return err
	}
	p.Pager = pagerOf(c.Request().URL, page, standardsPerPage, p.Total)
	actor := s.actor(c)
	p.MayWrite = registry.May(actor, registry.SubmitRevision, actor.Region) == nil
	p.MayImport = registry.May(actor, registry.ImportText) == nil
	return s.render(c, http.StatusOK, "standards.html", p)
}

// pager leads through a list that does not fit on one page.
type pager struct {
	From, To, Total int
	Page, Pages     int
	Previous, Next  string // addresses; "" at the ends
}

func pageNumber(c echo.Context) int {
	n, err := strconv.Atoi(c.QueryParam("page"))
	if err != nil || n < 1 || n > 1_000_000 {
		return 1
	}
	return n
}

func pagerOf(u *url.URL, page, size, total int) pager {
	p := pager{Total: total, Page: page, Pages: (total + size - 1) / size}
	p.From, p.To = min((page-1)*size+1, total), min(page*size, total)
	at := func(n int) string {
		q := u.Query()
		q.Del("lang")
		q.Set("page", strconv.Itoa(n))
		if n == 1 {
			q.Del("page")
		}
		return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
	}
	if page > 1 {
		p.Previous = at(page - 1)
	}
	if p.To < total {
		p.Next = at(page + 1)
	}
	return p
}
