package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// Cookies: the session, the language, and the sentence that a redirect leaves
// for the page it leads to.
const (
	sessionCookie = "tongbiao"
	noticeCookie  = "notice"
)

const sessionAge = 14 * 24 * 3600 // seconds that a browser keeps the cookie; the registry ends sessions itself

func (s *Server) setCookie(c echo.Context, name, value string, age int) {
	c.SetCookie(&http.Cookie{
		Name: name, Value: value, MaxAge: age, Path: "/",
		HttpOnly: true, Secure: s.secure(c), SameSite: http.SameSiteLaxMode,
	})
}

// identify finds out who asks. A session that has ended is forgotten; a store
// that cannot be read is a fault.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if strings.HasPrefix(c.Request().URL.Path, "/assets/") {
			return next(c)
		}
		if l := c.QueryParam("lang"); known(l) {
			s.setCookie(c, langCookie, l, 365*24*3600)
		}
		k, err := c.Cookie(sessionCookie)
		if err != nil || k.Value == "" {
			return next(c)
		}
		m, err := s.reg.Session(k.Value)
		var refusal *registry.Refusal
		switch {
		case errors.As(err, &refusal):
			s.setCookie(c, sessionCookie, "", -1)
		case err != nil:
			return err
		default:
			c.Set("member", m)
		}
		return next(c)
	}
}

// actor is the member who asks; a Member without ID when nobody is signed in.
func (s *Server) actor(c echo.Context) registry.Member {
	m, _ := c.Get("member").(registry.Member)
	return m
}

// signInFirst turns away who is not signed in: a page asks to sign in and comes
// back; a form is shown with what it held, so that nothing typed is lost when a
// session has ended.
func (s *Server) signInFirst(c echo.Context) error {
	if wantsJSON(c) {
		return echo.NewHTTPError(http.StatusUnauthorized, "登录已过期：请登录，文字还在。 You are no longer signed in: sign in, the text is still here.")
	}
	if c.Request().Method == http.MethodGet {
		to := "/sign-in?" + url.Values{"next": {c.Request().URL.RequestURI()}}.Encode()
		return c.Redirect(http.StatusSeeOther, to)
	}
	return s.lost(c)
}

// lostPage holds a form whose session has ended.
type lostPage struct {
	Frame
	Action string
	Fields []formField
}

type formField struct{ Name, Value string }

// lost shows a form again that came without a session, to be sent once more
// after signing in. Passwords are not repeated.
func (s *Server) lost(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	p := lostPage{Frame: s.frame(c, s.say(c, "lost.title")), Action: c.Request().URL.RequestURI()}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, v := range form[name] {
			if !strings.Contains(name, "password") {
				p.Fields = append(p.Fields, formField{name, v})
			}
		}
	}
	return s.render(c, http.StatusForbidden, "lost.html", p)
}
