package web

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"rsc.io/qr"

	"tongbiao/registry"
)

// securityPage is how one gets in: sessions, tokens, the second factor.
type securityPage struct {
	Frame
	Sessions []registry.SessionView
	Tokens   []registry.Token
	Scopes   []registry.ScopeTerms
	Factor   registry.FactorState
	Link     linkForm
	Token    string // new, on the one page that shows it
	Form     tokenForm
	Lasts    []string // days
	Problem  fault
	Now      time.Time
}

// tokenForm is a token as it was asked for.
type tokenForm struct {
	Name, Days string
	Scope      []string
}

// Has tells whether a scope was chosen.
func (f tokenForm) Has(scope string) bool { return slices.Contains(f.Scope, scope) }

var tokenLasts = []string{"7", "30", "90", "365"}

func (s *Server) security(c echo.Context) error {
	return s.showSecurity(c, http.StatusOK, securityPage{})
}

func (s *Server) showSecurity(c echo.Context, status int, p securityPage) (err error) {
	actor := s.actor(c)
	p.Frame, p.Scopes, p.Lasts, p.Now = s.frame(c, s.say(c, "security.title")), registry.Scopes, tokenLasts, time.Now()
	if p.Problem.Reason == "" {
		p.Form = tokenForm{Days: "30", Scope: []string{"read"}}
	}
	if p.Sessions, err = s.reg.Sessions(actor, cookieOf(c, sessionCookie)); err != nil {
		return err
	}
	if p.Tokens, err = s.reg.Tokens(actor); err != nil {
		return err
	}
	if p.Factor, err = s.reg.Factor(actor); err != nil {
		return err
	}
	if s.opt.Provider != nil {
		p.Link.Name = s.opt.Provider.Name()
		if p.Link.Held, err = s.reg.Links(actor.ID); err != nil {
			return err
		}
	}
	return s.render(c, status, "security.html", p)
}

func (s *Server) endSession(c echo.Context) error {
	if err := s.reg.EndSession(s.actor(c), c.FormValue("id"), cookieOf(c, sessionCookie)); err != nil {
		return err
	}
	return s.see(c, "/account/security", "done.session")
}

func (s *Server) makeToken(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	days, _ := strconv.Atoi(form.Get("days"))
	_, token, err := s.reg.MakeToken(s.actor(c), form.Get("name"), form["scope"], time.Duration(min(max(days, 0), 10_000))*24*time.Hour)
	if f, ok := faulted(err, registry.Invalid); ok {
		asked := tokenForm{Name: form.Get("name"), Days: form.Get("days"), Scope: form["scope"]}
		return s.showSecurity(c, http.StatusUnprocessableEntity, securityPage{Problem: f, Form: asked})
	}
	if err != nil {
		return err
	}
	return s.showSecurity(c, http.StatusOK, securityPage{Token: token})
}

func (s *Server) dropToken(c echo.Context) error {
	if err := s.reg.DropToken(s.actor(c), c.Param("id")); err != nil {
		return err
	}
	return s.see(c, "/account/security", "done.token")
}

// factorPage sets a second factor up.
type factorPage struct {
	Frame
	State    registry.FactorState
	Secret   string       // on the page that begins it
	Picture  template.URL // of the QR code, a data: address
	Recovery []string     // on the one page that shows them
	Problem  fault
}

func (s *Server) factor(c echo.Context) error { return s.showFactor(c, http.StatusOK, factorPage{}) }

func (s *Server) showFactor(c echo.Context, status int, p factorPage) (err error) {
	p.Frame = s.frame(c, s.say(c, "factor.title"))
	if p.State, err = s.reg.Factor(s.actor(c)); err != nil {
		return err
	}
	return s.render(c, status, "factor.html", p)
}

func (s *Server) setFactor(c echo.Context) (err error) {
	actor, p := s.actor(c), factorPage{}
	switch c.FormValue("do") {
	case "begin":
		var e registry.Enrolment
		if e, err = s.reg.BeginFactor(actor); err == nil {
			p.Secret = e.Secret
			p.Picture, err = picture(e.URI)
		}
	case "confirm":
		p.Recovery, err = s.reg.ConfirmFactor(actor, c.FormValue("code"))
	case "drop":
		err = s.proved(c, actor.ID, "code", func() error { return s.reg.DropFactor(actor, actor.ID, c.FormValue("code")) })
		if err == nil {
			return s.see(c, "/account/security", "done.changed")
		}
	default:
		return echo.ErrBadRequest
	}
	if f, ok := faulted(err); ok {
		return s.showFactor(c, http.StatusUnprocessableEntity, factorPage{Problem: f})
	}
	if err != nil {
		return err
	}
	return s.showFactor(c, http.StatusOK, p)
}

// picture is the QR code of a text as a data: address.
func picture(text string) (template.URL, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	code.Scale = 5
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG())), nil
}

// ownData is everything that is kept about who asks.
func (s *Server) ownData(c echo.Context) error {
	var b bytes.Buffer
	actor := s.actor(c)
	if err := s.reg.ExportMember(actor, actor.ID, &b); err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="tongbiao-`+actor.ID+`.zip"`)
	return c.Blob(http.StatusOK, "application/zip", b.Bytes())
}

func (s *Server) eraseSelf(c echo.Context) error {
	actor := s.actor(c)
	if c.FormValue("again") != actor.ID {
		return s.showAccount(c, http.StatusUnprocessableEntity, accountPage{EraseProblem: s.say(c, "member.erase.again")})
	}
	err := s.proved(c, actor.ID, "password", func() error { return s.reg.EraseMember(actor, actor.ID, c.FormValue("password")) })
	if reason, ok := refused(err); ok {
		return s.showAccount(c, http.StatusUnprocessableEntity, accountPage{EraseProblem: reason})
	}
	if err != nil {
		return err
	}
	s.setCookie(c, sessionCookie, "", -1)
	return s.see(c, "/", "done.erased")
}

// recognised are those who gave their password and still owe a code: in memory,
// bounded, for five minutes and five tries.
type recognised struct {
	mu   sync.Mutex
	held map[string]*codeOwed
}

type codeOwed struct {
	member string
	until  time.Time
	tries  int
}

const (
	codeWaits = 5 * time.Minute
	codeTries = 5
	mostOwing = 10_000
)

func (r *recognised) put(ticket, member string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if len(r.held) >= mostOwing {
		for k, o := range r.held {
			if now.After(o.until) {
				delete(r.held, k)
			}
		}
	}
	if r.held == nil || len(r.held) >= mostOwing {
		r.held = map[string]*codeOwed{}
	}
	r.held[ticket] = &codeOwed{member: member, until: now.Add(codeWaits)}
}

// try counts a try; ok is false where there is none left.
func (r *recognised) try(ticket string) (member string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.held[ticket]
	if o == nil || time.Now().After(o.until) || o.tries >= codeTries {
		delete(r.held, ticket)
		return "", false
	}
	o.tries++
	return o.member, true
}

func (r *recognised) drop(ticket string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.held, ticket)
}

// deviceName is a browser in two words, as its User-Agent says.
func deviceName(agent string) string {
	first := func(pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(agent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return "?"
	}
	browser := first("Edg", "Edge", "OPR/", "Opera", "MicroMessenger", "WeChat", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari")
	system := first("Android", "Android", "iPhone", "iOS", "iPad", "iPadOS", "Windows", "Windows", "Mac OS", "macOS", "Linux", "Linux")
	return browser + " · " + system
}

func cookieOf(c echo.Context, name string) string {
	if k, err := c.Cookie(name); err == nil {
		return k.Value
	}
	return ""
}
