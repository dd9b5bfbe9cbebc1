package web

import (
	"net/http"

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
}

func (s *Server) signInForm(c echo.Context) error {
	return s.showSignIn(c, http.StatusOK, signInPage{Next: local(c.QueryParam("next"))})
}

func (s *Server) showSignIn(c echo.Context, status int, p signInPage) error {
	p.Frame = s.frame(c, s.say(c, "nav.signin"))
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
	token, err := s.password(c, p.Name, form.Get("password"))
	if reason, ok := refused(err); ok {
		p.Problem = reason
		return s.showSignIn(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	s.setCookie(c, sessionCookie, token, sessionAge)
	return s.see(c, p.Next, "")
}

// password signs in, and slows down who guesses.
func (s *Server) password(c echo.Context, name, password string) (token string, err error) {
	if err := s.throttle.Try(name, c.RealIP()); err != nil {
		return "", err
	}
	if token, _, err = s.reg.SignIn(name, password); err == nil {
		s.throttle.Passed(name, c.RealIP())
	}
	return token, err
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
	Problem         string
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
	if reason, ok := refused(err, registry.Invalid, registry.Conflict, registry.Forbidden); ok {
		p.Frame, p.Problem = s.frame(c, s.say(c, "setup.title")), reason
		return s.render(c, http.StatusUnprocessableEntity, "setup.html", p)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/sign-in", "done.setup")
}
