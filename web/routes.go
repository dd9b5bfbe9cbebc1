package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// who says who may use a route: anyone, a member (whoever is signed in), or
// those whose role has a verb of the registry on something. What a verb may be
// used on, the registry itself decides.
type who registry.Verb

const (
	anyone who = "anyone"
	member who = "member"
)

// may is who has a verb.
func may(v registry.Verb) who { return who(v) }

type route struct {
	method, path string
	who          who
	handler      func(*Server, echo.Context) error
}

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes is the map of the site, a part a file.
var routes = slices.Concat(siteRoutes, eventRoutes, memberRoutes, draftRoutes, historyRoutes, stageRoutes, commentRoutes, consultationRoutes, noticeRoutes, watchRoutes, enterpriseRoutes, projectRoutes, apiRoutes)

// served are the paths of the map.
var served = func() map[string]bool {
	all := map[string]bool{}
	for _, r := range routes {
		all[r.path] = true
	}
	return all
}()

var siteRoutes = []route{
	{get, "/", anyone, (*Server).home},
	{get, "/search", anyone, (*Server).search},
	{get, "/standards", anyone, (*Server).standards},
	{get, "/standards/:id", anyone, (*Server).standard},
	{get, "/standards/:id/:rev", anyone, (*Server).standard},
	{get, "/standards/:id/:rev/source", anyone, (*Server).source},
	{get, "/standards/:id/:rev/text.docx", anyone, (*Server).standardDOCX},
	{get, "/compare", anyone, (*Server).compareAny},
	{get, "/import", may(registry.ImportText), (*Server).importForm},
	{post, "/import", may(registry.ImportText), (*Server).importTexts},
	{get, "/events", anyone, (*Server).events},
	{get, "/sign-in", anyone, (*Server).signInForm},
	{post, "/sign-in", anyone, (*Server).signIn},
	{post, "/demo/sign-in", anyone, (*Server).signInDemo},
	{post, "/sign-out", anyone, (*Server).signOut},
	{get, "/setup", anyone, (*Server).setupForm},
	{post, "/setup", anyone, (*Server).setup},
	{get, "/account", member, (*Server).account},
	{post, "/account", member, (*Server).setPassword},
	{get, "/members", may(registry.AddMember), (*Server).members},
	{post, "/members", may(registry.AddMember), (*Server).addMember},
	{get, "/healthz", anyone, (*Server).healthz},
	{get, "/readyz", anyone, (*Server).readyz},
	{get, "/assets/:file", anyone, (*Server).asset},
	{get, "/favicon.ico", anyone, (*Server).favicon},
}

// guard wraps a route's handler: it turns away those whom the route is not for.
func (s *Server) guard(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		actor := s.actor(c)
		switch {
		case r.who == anyone:
		case actor.ID == "":
			return s.signInFirst(c)
		case actor.Scope.Enrolling() && !mayEnrol(c.Path()):
			if r.method == get {
				return c.Redirect(http.StatusSeeOther, "/account/factor")
			}
			return registry.May(actor, registry.Verb(r.who))
		case r.who == member:
		default:
			if err := registry.May(actor, registry.Verb(r.who), actor.Region); err != nil {
				return err
			}
		}
		return r.handler(s, c)
	}
}
