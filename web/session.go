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
	deviceCookie  = "device" // by which a member's own browser is known
	noticeCookie  = "notice"
)

const deviceAge = 180 * 24 * 3600 // seconds

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
		if key, ok := bearer(c.Request()); ok {
			return s.speakFor(c, key, next)
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
			return s.as(c, m, next)
		}
		return next(c)
	}
}

// as goes on with who was found; in a project with the seat there.
func (s *Server) as(c echo.Context, m registry.Member, next echo.HandlerFunc) (err error) {
	if project := c.Param("project"); project != "" && strings.HasPrefix(c.Path(), "/projects/:project") {
		if m, err = s.reg.Seated(m, project); err != nil {
			return err
		}
	}
	if m.Scope.Enrolling() && !mayEnrol(c.Path()) {
		m = registry.Member{ID: m.ID, Name: m.Name, Role: m.Role, Scope: m.Scope} // sees what a visitor sees
	}
	c.Set("member", m)
	return next(c)
}

// mayEnrol tells the pages of who has to set up a second factor first.
func mayEnrol(path string) bool {
	return path == "/account" || path == "/account/factor" || path == "/account/security" || path == "/account/sessions"
}

// bearer is the key of a program. It is looked for before any cookie, and where
// there is one no cookie counts.
func bearer(r *http.Request) (key string, ok bool) {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(key), strings.EqualFold(scheme, "Bearer")
}

// forPeople are the parts of the site that make sessions, members and keys:
// no program goes there.
var forPeople = []string{"/sign-in", "/sign-out", "/setup", "/demo", "/account", "/members", "/join", "/reset"}

// speakFor goes on as the member of a token, within its scope.
func (s *Server) speakFor(c echo.Context, key string, next echo.HandlerFunc) error {
	path := c.Request().URL.Path
	if slices.ContainsFunc(forPeople, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") }) {
		return echo.NewHTTPError(http.StatusForbidden, "令牌不能用在这里：请登录后在浏览器里做。 A token does not work here: sign in with a browser.")
	}
	m, err := s.reg.Bearer(key)
	if reason, ok := refused(err); ok {
		c.Response().Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		return echo.NewHTTPError(http.StatusUnauthorized, reason)
	}
	if err != nil {
		return err
	}
	return s.as(c, m, next)
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
