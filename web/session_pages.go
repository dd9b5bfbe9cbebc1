package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// signInPage asks who one is; in a demonstration one may be anybody.
type signInPage struct {
	Frame
	Next    string
	Name    string
	Problem string
	Members []registry.Member // in a demonstration
	By      string            // the provider's name; "" where there is none
}

func (s *Server) signInForm(c echo.Context) error {
	return s.showSignIn(c, http.StatusOK, signInPage{Next: local(c.QueryParam("next"))})
}

func (s *Server) showSignIn(c echo.Context, status int, p signInPage) error {
	p.Frame = s.frame(c, s.say(c, "nav.signin"))
	if s.opt.Provider != nil {
		p.By = s.opt.Provider.Name()
	}
	if s.opt.Demo {
		var err error
		if p.Members, err = s.reg.Members(); err != nil {
			return err
		}
	}
	return s.render(c, status, "sign-in.html", p)
}

func (s *Server) signIn(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	p := signInPage{Next: local(form.Get("next")), Name: form.Get("name")}
	m, err := s.password(c, p.Name, form.Get("password"))
	if reason, ok := refused(err); ok {
		p.Problem = reason
		return s.showSignIn(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	more, err := s.reg.NeedsCode(m.ID)
	if err != nil {
		return err
	}
	if !more {
		s.throttle.Passed(p.Name, s.whence(c, p.Name))
		return s.enter(c, m.ID, p.Next)
	}
	ticket := rand.Text()
	s.recognised.put(ticket, m.ID)
	return s.showCode(c, http.StatusOK, codePage{Next: p.Next, Ticket: ticket})
}

// password tells who knows it, and slows down who guesses. An address that asks
// about many names at once waits for itself and does not keep others waiting.
func (s *Server) password(c echo.Context, name, password string) (m registry.Member, err error) {
	from := s.whence(c, name)
	leave, ok := s.signing.enter(registry.NetworkOf(from), signingEach)
	if !ok {
		return m, tooMany(c, 2)
	}
	defer leave()
	if err := s.throttle.Try(name, from); err != nil {
		return m, err
	}
	return s.reg.Recognise(name, password)
}

// whence is what tries are counted by: a browser that the member has used is
// counted for itself, so that who guesses from the same network does not hold
// its owner up; any other by its network.
func (s *Server) whence(c echo.Context, name string) string {
	key := cookieOf(c, deviceCookie)
	if known, err := s.reg.KnownDevice(name, key); err == nil && known {
		return "device " + key
	}
	return c.RealIP()
}

// own is what tries are counted by where who tries has shown half of what only
// the member knows: the member's own browser for itself, all other places
// together. Whoever has many addresses has no more tries than others.
func (s *Server) own(c echo.Context, id string) string {
	if from := s.whence(c, id); strings.HasPrefix(from, "device ") {
		return from
	}
	return ""
}

// proved does what takes a password or a code again of who is signed in already,
// and slows down who guesses: an open browser is not enough. field is the one
// that a wrong one is refused in.
func (s *Server) proved(c echo.Context, id, field string, do func() error) error {
	if err := s.throttle.Try("again "+id, s.own(c, id)); err != nil {
		return err
	}
	err := do()
	if r := (*registry.Refusal)(nil); !errors.As(err, &r) || r.Field != field {
		s.throttle.Passed("again "+id, s.own(c, id))
	}
	return err
}

// enter opens the session of who was recognised. What the browser bore before
// ends: a session is new at every sign-in.
func (s *Server) enter(c echo.Context, id, next string) error {
	if old := cookieOf(c, sessionCookie); old != "" {
		if err := s.reg.SignOut(old); err != nil {
			return err
		}
	}
	in, err := s.reg.Enter(id, registry.From{Device: deviceName(c.Request().UserAgent()), Network: registry.Coarse(c.RealIP()), Known: cookieOf(c, deviceCookie)})
	if err != nil {
		return err
	}
	s.setCookie(c, sessionCookie, in.Session, sessionAge)
	if in.Device != "" {
		s.setCookie(c, deviceCookie, in.Device, deviceAge)
	}
	return s.see(c, next, "")
}

// codePage asks for the code of the second factor.
type codePage struct {
	Frame
	Next, Ticket string
	Problem      fault
}

func (s *Server) showCode(c echo.Context, status int, p codePage) error {
	p.Frame = s.frame(c, s.say(c, "code.title"))
	return s.render(c, status, "code.html", p)
}

func (s *Server) signInCode(c echo.Context) error {
	p := codePage{Next: local(c.FormValue("next")), Ticket: c.FormValue("ticket")}
	id, ok := s.recognised.try(p.Ticket)
	if !ok {
		return s.showSignIn(c, http.StatusUnprocessableEntity, signInPage{Next: p.Next, Problem: s.say(c, "code.over")})
	}
	err := s.throttle.Try("code "+id, s.own(c, id))
	if err == nil {
		err = s.reg.CheckCode(id, c.FormValue("code"))
	}
	if f, ok := faulted(err); ok {
		p.Problem = f
		return s.showCode(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	s.recognised.drop(p.Ticket)
	s.throttle.Passed(id, s.whence(c, id))
	s.throttle.Passed("code "+id, s.own(c, id))
	return s.enter(c, id, p.Next)
}

// signInDemo opens a session of a demonstration's member. Outside one there is
// no such page.
func (s *Server) signInDemo(c echo.Context) error {
	if !s.opt.Demo {
		return echo.ErrNotFound
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	token, err := s.reg.OpenSession(form.Get("id"))
	if err != nil {
		return err
	}
	s.setCookie(c, sessionCookie, token, sessionAge)
	return s.see(c, local(form.Get("next")), "done.signin")
}

func (s *Server) signOut(c echo.Context) error {
	if k, err := c.Cookie(sessionCookie); err == nil {
		if err := s.reg.SignOut(k.Value); err != nil {
			if _, ok := refused(err); !ok {
				return err
			}
		}
	}
	s.setCookie(c, sessionCookie, "", -1)
	return s.see(c, "/", "done.signout")
}

// setupPage makes the first administrator, for who holds the link that the
// server printed.
type setupPage struct {
	Frame
	Token, ID, Name string
	Problem         fault
}

func (s *Server) setupForm(c echo.Context) error {
	return s.render(c, http.StatusOK, "setup.html", setupPage{Frame: s.frame(c, s.say(c, "setup.title")), Token: c.QueryParam("token")})
}

func (s *Server) setup(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	p := setupPage{Token: form.Get("token"), ID: form.Get("id"), Name: form.Get("name")}
	err = s.reg.Setup(p.Token, p.ID, p.Name, form.Get("password"))
	if f, ok := faulted(err, registry.Invalid, registry.Conflict, registry.Forbidden); ok {
		p.Frame, p.Problem = s.frame(c, s.say(c, "setup.title")), f
		return s.render(c, http.StatusUnprocessableEntity, "setup.html", p)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/sign-in", "done.setup")
}
