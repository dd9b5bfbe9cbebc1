package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// Frame is what every page has; a page's own struct embeds it.
type Frame struct {
	Title   string           // of the page, without the site's name
	Member  *registry.Member // who is signed in; nil when nobody is
	Lang    string           // "zh" or "en"
	Demo    bool             // a demonstration
	Path    string           // the page's own path
	Section string           // its first part, for marking the place in the navigation: "standards"
	Query   string           // what stands in the search box at the top
	Here    string           // path and query, to come back to after signing in
	Other   string           // the address of this page in the other language; "" for the answer to a form
	Notice  string           // one sentence above the page: what has just been done
	Unread  int              // notices that the member has not read; 100 stands for more
	Class   string           // of the body: "wide" uses the whole width
	Styles  []string         // further assets: "workbench.css"
	Scripts []string         // further assets: "workbench.js"
}

// frame begins a page. title is text, already in the reader's language.
func (s *Server) frame(c echo.Context, title string) Frame {
	u := c.Request().URL
	f := Frame{Title: title, Lang: lang(c), Demo: s.opt.Demo, Path: u.Path, Here: u.RequestURI()}
	if m := s.actor(c); m.ID != "" {
		f.Member = &m
		n, err := s.reg.Unread(m)
		if err != nil {
			s.log.Error("count notices", "err", err)
		}
		f.Unread = n
	}
	f.Section, _, _ = strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	q := u.Query()
	f.Query = q.Get("q")
	if u.Path == "/sign-in" {
		f.Here = local(q.Get("next"))
	}
	if c.Request().Method == http.MethodGet {
		q.Set("lang", map[string]string{"zh": "en", "en": "zh"}[f.Lang])
		f.Other = (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
	} else {
		f.Here = "/" // a form's own address need not have a page
	}
	f.Notice = s.notice(c)
	return f
}

// say is a text of the catalogue in the reader's language.
func (s *Server) say(c echo.Context, key string, args ...any) string {
	return s.words.say(lang(c), key, args...)
}

//go:embed templates/*.html
var templateFiles embed.FS

// parsed are every page's templates by file name, read once a process; a server
// speaks through copies of them. layout.html and the files whose names begin
// with "_" are there for every page; a page's own file defines "main".
var parsed = sync.OnceValues(func() (map[string]*template.Template, error) {
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	shared := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !isShared(path.Base(n)) })
	base, err := template.New("layout.html").Funcs((&Server{}).funcs(langs[0])).ParseFS(templateFiles, shared...)
	if err != nil {
		return nil, err
	}
	out := map[string]*template.Template{}
	for _, n := range names {
		if isShared(path.Base(n)) {
			continue
		}
		if out[path.Base(n)], err = template.Must(base.Clone()).ParseFS(templateFiles, n); err != nil {
			return nil, err
		}
	}
	return out, nil
})

// pages are a server's own copies of the templates that it was asked for, by
// language and file name.
type pages struct {
	mu   sync.Mutex
	held map[[2]string]*template.Template
}

// page gives a page's template in a language.
func (s *Server) page(lang, name string) (*template.Template, error) {
	s.pages.mu.Lock()
	defer s.pages.mu.Unlock()
	key := [2]string{lang, name}
	if page := s.pages.held[key]; page != nil {
		return page, nil
	}
	all, err := parsed()
	if err != nil {
		return nil, err
	}
	if all[name] == nil {
		return nil, fmt.Errorf("no template %s", name)
	}
	page, err := all[name].Clone()
	if err != nil {
		return nil, err
	}
	if s.pages.held == nil {
		s.pages.held = map[[2]string]*template.Template{}
	}
	s.pages.held[key] = page.Funcs(s.funcs(lang))
	return page, nil
}

func isShared(name string) bool { return name == "layout.html" || strings.HasPrefix(name, "_") }

// render writes a page: name is its template's file, data its struct with the
// Frame embedded. It is written out only when it is whole. A form that comes back
// because nothing can be kept at present holds what was typed, and says 503.
func (s *Server) render(c echo.Context, status int, name string, data any) error {
	if status == http.StatusUnprocessableEntity && registry.Refused(s.reg.Ready(), registry.Unavailable) {
		status = http.StatusServiceUnavailable
		c.Response().Header().Set("Retry-After", "30")
	}
	page, err := s.page(lang(c), name)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, "layout.html", data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	return c.HTMLBlob(status, b.Bytes())
}

// see answers a change that was made: 303 to where it can be seen. done is a
// key of the catalogue that is shown there once; "" says nothing.
func (s *Server) see(c echo.Context, to, done string) error {
	if done != "" {
		s.setCookie(c, noticeCookie, done, 60)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// notice takes the sentence that see left.
func (s *Server) notice(c echo.Context) string {
	if c.Request().Header.Get("X-Live") != "" {
		return "" // a page that reads itself anew: the sentence is for the one that is shown
	}
	k, err := c.Cookie(noticeCookie)
	if err != nil || k.Value == "" {
		return ""
	}
	s.setCookie(c, noticeCookie, "", -1)
	if !s.words.has(k.Value) || !strings.HasPrefix(k.Value, "done.") {
		return ""
	}
	return s.say(c, k.Value)
}

// errorPage says what went wrong and what to do.
type errorPage struct {
	Frame
	Status int
	Reason string
	ID     string // of the request; for faults of ours
	Unkept *unkept
	Past   string // where a clause that was taken away has its history
}

// statusOf are the refusals of the registry as HTTP says them.
var statusOf = map[registry.Kind]int{
	registry.NotFound:  http.StatusNotFound,
	registry.Invalid:   http.StatusUnprocessableEntity,
	registry.Forbidden: http.StatusForbidden,
	registry.Conflict:  http.StatusConflict,

	registry.Unavailable: http.StatusServiceUnavailable,
}

// failed answers an error that a handler returned. A refusal is shown as it
// stands; anything else is a fault of ours, kept in the log under the number
// that the page shows.
func (s *Server) failed(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	if err := s.fail(c, err); err != nil {
		s.log.Error("cannot show an error", "id", requestID(c), "err", err)
		_ = c.String(http.StatusInternalServerError, "500 "+requestID(c))
	}
}

// errorTitles are the headings of error pages.
var errorTitles = map[int]string{
	403: "error.403", 404: "error.404", 405: "error.405", 409: "error.409", 410: "error.410", 413: "error.413", 422: "error.422", 500: "error.500", 503: "error.503",
}

func (s *Server) fail(c echo.Context, err error) error {
	p := errorPage{Status: http.StatusInternalServerError}
	var refusal *registry.Refusal
	var refused *echo.HTTPError
	var tooLarge *http.MaxBytesError
	var taken *gone
	switch {
	case errors.As(err, &taken):
		p.Status, p.Reason = http.StatusGone, taken.Error()
		p.Past = "/standards/" + url.PathEscape(taken.Standard) + "/clauses/" + url.PathEscape(taken.Clause)
	case errors.As(err, &refusal):
		p.Status, p.Reason = statusOf[refusal.Kind], refusal.Reason
	case errors.As(err, &tooLarge):
		p.Status = http.StatusRequestEntityTooLarge
	case errors.As(err, &refused):
		p.Status = refused.Code
		if m, ok := refused.Message.(string); ok && m != http.StatusText(p.Status) {
			p.Reason = m
		}
	}
	if p.Status == http.StatusServiceUnavailable {
		if c.Response().Header().Get("Retry-After") == "" {
			c.Response().Header().Set("Retry-After", "30")
		}
	} else if p.Status >= 500 {
		p.Reason = ""
	}
	if p.Status >= 500 {
		p.ID = requestID(c)
		s.log.Error("failed", "id", p.ID, "route", c.Path(), "err", err)
	}
	if forPrograms(c) {
		field := ""
		if refusal != nil {
			field = refusal.Field
		}
		return s.problem(c, p.Status, p.Reason, field)
	}
	if wantsJSON(c) {
		return c.JSON(p.Status, map[string]any{"reason": p.Reason, "id": p.ID})
	}
	title, ok := errorTitles[p.Status]
	if p.Status == http.StatusServiceUnavailable && refusal == nil {
		title = "error.busy"
	}
	if !ok {
		title = "error.other"
	}
	if p.Status == http.StatusServiceUnavailable {
		p.Unkept = unkeptOf(c)
	}
	p.Frame = s.frame(c, s.say(c, title))
	return s.render(c, p.Status, "error.html", p)
}

// local keeps a redirect on this site: anything else becomes the home page.
func local(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsRune(to, '\\') || strings.ContainsFunc(to, unicode.IsControl) {
		return "/"
	}
	return to
}
