// Package web is how the registry looks from outside: pages that a server
// writes and that work without JavaScript. A handler binds what came in, calls
// one verb of the registry, and renders or redirects; no rule lives here.
package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
	"tongbiao/registry/search"
)

// Options of a Server.
type Options struct {
	// Demo says on every page that this is a demonstration, and lets anyone
	// sign in as one of its members by a click.
	Demo bool
	// Secure marks cookies for HTTPS only and asks browsers to stay with HTTPS.
	Secure bool
	// Site is the address under which people reach the site, for what is read
	// elsewhere: "https://tongbiao.example.org". "" is what the browser says.
	Site string
	// Provider says who somebody is elsewhere; nil where nobody is asked. It needs
	// Site.
	Provider Provider
	// Mails tells that notices are sent by e-mail.
	Mails bool
	// Proxies are the networks of the proxies that pass requests on. What they
	// say of whom a request is for is believed; where Behind is set and none is
	// named, those on this machine are.
	Proxies []netip.Prefix
	Behind  bool
	// Together is how many costly pages are made at once; 0 is as many as there
	// are processors.
	Together int
	// Sizes are files and folders whose sizes the metrics tell, by name.
	Sizes map[string]string
	// Origins are the sites whose pages may read the API from a browser, as a
	// visitor: "https://example.org", or "*" for all. None may otherwise.
	Origins []string
}

// Server answers HTTP requests.
type Server struct {
	reg    *registry.Registry
	index  *search.Index
	opt    Options
	log    *slog.Logger
	words  catalogue
	assets assets
	pages  pages
	origin *http.CrossOriginProtection
	// throttle slows down who guesses passwords.
	throttle *registry.Throttle
	// signing are those whose passwords are being looked at, by address.
	signing crowd
	// recognised gave their password and still owe a code.
	recognised recognised
	// attempts are sign-ins that the provider has not answered yet.
	attempts attempts
	// rate bounds what people without an account say.
	rate *registry.Rate
	live *live
	echo *echo.Echo

	trust   trust
	held    atomic.Int64  // bytes of the long bodies that are being read
	pace    time.Duration // slowestTime
	mapMost int           // sitemapMost
	kitchen *kitchen
	metrics *metrics
	checks  checks
	leaving atomic.Bool // the server is about to stop
}

// New builds a server: it reads every template, catalogue and asset, so that a
// fault in one of them shows at the start and not in somebody's face.
func New(reg *registry.Registry, index *search.Index, opt Options, log *slog.Logger) (*Server, error) {
	s := &Server{reg: reg, index: index, opt: opt, log: log, live: newLive()}
	s.origin, s.throttle = http.NewCrossOriginProtection(), registry.NewThrottle(time.Now)
	s.rate = registry.NewRate(time.Now, 20, 30*time.Second)
	s.kitchen, s.pace, s.mapMost = newKitchen(opt.Together), slowestTime, sitemapMost
	s.metrics = newMetrics(s)
	s.checks.own(s)
	var err error
	if s.words, err = readCatalogue(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if s.assets, err = readAssets(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if _, err = parsed(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	s.echo = echo.New()
	s.echo.HideBanner, s.echo.HidePort = true, true
	if s.trust = opt.Proxies; len(s.trust) == 0 && opt.Behind {
		s.trust = loopback
	}
	s.echo.IPExtractor = s.trust.address
	s.echo.HTTPErrorHandler = s.failed
	s.echo.Use(s.middleware()...)
	for _, r := range routes {
		s.echo.Add(r.method, r.path, s.guard(r))
	}
	return s, nil
}

// ServeHTTP answers one request. HEAD is GET whose body net/http leaves out.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		r = r.Clone(r.Context())
		r.Method = http.MethodGet
	}
	s.trust.believe(r)
	s.echo.ServeHTTP(w, r)
}
