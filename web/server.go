// Package web is how the registry looks from outside: pages that a server
// writes and that work without JavaScript. A handler binds what came in, calls
// one verb of the registry, and renders or redirects; no rule lives here.
package web

import (
	"fmt"
	"log/slog"
	"net/http"
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
	// Mails tells that notices are sent by e-mail.
	Mails bool
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
	// rate bounds what people without an account say.
	rate *registry.Rate
	live *live
	echo *echo.Echo
}

// New builds a server: it reads every template, catalogue and asset, so that a
// fault in one of them shows at the start and not in somebody's face.
func New(reg *registry.Registry, index *search.Index, opt Options, log *slog.Logger) (*Server, error) {
	s := &Server{reg: reg, index: index, opt: opt, log: log, live: newLive()}
	s.origin, s.throttle = http.NewCrossOriginProtection(), registry.NewThrottle(time.Now)
	s.rate = registry.NewRate(time.Now, 20, 30*time.Second)
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
	s.echo.IPExtractor = echo.ExtractIPDirect()
	if opt.Secure { // behind a proxy on this machine, which says whom it speaks for
		s.echo.IPExtractor = echo.ExtractIPFromXFFHeader(echo.TrustLoopback(true), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false))
	}
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
	s.echo.ServeHTTP(w, r)
}
