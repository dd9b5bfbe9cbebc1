package web

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// gzipLevel takes half the time of the usual level for pages a tenth longer.
const gzipLevel = 3

// middleware is what every request passes, from the outside in.
func (s *Server) middleware() []echo.MiddlewareFunc {
	return []echo.MiddlewareFunc{
		middleware.RequestID(),
		s.access,
		s.measure,
		s.headers,
		middleware.GzipWithConfig(middleware.GzipConfig{Level: gzipLevel, MinLength: 1024, Skipper: streams}),
		s.recover,
		s.sameOrigin,
		s.identify,
		s.bounded,
		s.costly,
	}
}

// access logs one line a request: what was asked of which route and what came
// of it. No address, no query, no member.
func (s *Server) access(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err) // so that the status is known
		}
		level := slog.LevelInfo
		if c.Response().Status >= 500 {
			level = slog.LevelError
		}
		s.log.Log(c.Request().Context(), level, "request",
			"method", c.Request().Method, "route", c.Path(), "status", c.Response().Status,
			"bytes", c.Response().Size, "ms", float64(time.Since(start).Microseconds())/1000, "id", requestID(c))
		return nil
	}
}

// streams tells an answer that goes on for as long as its reader listens: to
// compress it would hold it back.
func streams(c echo.Context) bool { return strings.HasSuffix(c.Path(), "/live") }

func requestID(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }

// contentPolicy lets a page load what this server serves and nothing else; no
// script or style stands in a page itself.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// forOneLook are the pages that show a secret once, or whose address holds one:
// no browser keeps them.
var forOneLook = []string{"/account", "/members", "/join", "/reset", "/setup", "/sign-in", "/watch", "/consultations/receipts"}

// headers that every response bears, errors too.
func (s *Server) headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cache-Control", "private, no-cache")
		if path := c.Request().URL.Path; slices.ContainsFunc(forOneLook, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") }) {
			h.Set("Cache-Control", "no-store")
		}
		if s.secure(c) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// recover turns a panic into a 500 and keeps its stack in the log.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.log.Error("panic", "id", requestID(c), "route", c.Path(), "panic", p, "stack", string(debug.Stack()))
				err = echo.ErrInternalServerError
			}
		}()
		return next(c)
	}
}

// sameOrigin refuses a change that another site asks a browser for.
func (s *Server) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.origin.Check(c.Request()); err != nil {
			return echo.NewHTTPError(http.StatusForbidden, "这个请求来自别的网站，没有执行。 This request came from another site and was not carried out.")
		}
		return next(c)
	}
}

// secure tells whether the reader came by HTTPS.
func (s *Server) secure(c echo.Context) bool { return s.opt.Secure || c.Scheme() == "https" }
