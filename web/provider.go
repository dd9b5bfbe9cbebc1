package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
	"tongbiao/registry/oidc"
)

// Provider says who somebody is elsewhere (registry/oidc).
type Provider interface {
	Name() string
	Begin(ctx context.Context, redirect string) (oidc.Attempt, error)
	Finish(ctx context.Context, a oidc.Attempt, answer url.Values) (registry.Subject, error)
}

// answerAt is where a provider sends browsers back; it is registered there.
const answerAt = "/sign-in/provider/answer"

// attempts are the times that the provider was asked and has not answered: in
// memory, bounded, for ten minutes, each for the browser that bears its cookie
// and for one answer.
type attempts struct {
	mu   sync.Mutex
	held map[string]attempt
}

type attempt struct {
	oidc.Attempt
	member  string // who asked to be linked; "" signs in
	next    string
	network string // of the browser
	until   time.Time
}

const (
	attemptCookie = "provider"
	attemptWaits  = 10 * time.Minute
	mostAttempts  = 10_000
	mostOfNetwork = 200
)

// put keeps an attempt. Where its network, or all, have too many, the oldest of
// them gives way: who begins many ends nobody else's.
func (a *attempts) put(key string, at attempt) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now, same := time.Now(), 0
	var oldest, oldestSame string
	for k, o := range a.held {
		if now.After(o.until) {
			delete(a.held, k)
			continue
		}
		if oldest == "" || o.until.Before(a.held[oldest].until) {
			oldest = k
		}
		if o.network == at.network {
			if same++; oldestSame == "" || o.until.Before(a.held[oldestSame].until) {
				oldestSame = k
			}
		}
	}
	switch {
	case same >= mostOfNetwork:
		delete(a.held, oldestSame)
	case len(a.held) >= mostAttempts:
		delete(a.held, oldest)
	}
	if a.held == nil {
		a.held = map[string]attempt{}
	}
	at.until = now.Add(attemptWaits)
	a.held[key] = at
}

func (a *attempts) take(key string) (at attempt, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	at, ok = a.held[key]
	delete(a.held, key)
	return at, ok && time.Now().Before(at.until)
}

// ask begins an attempt for this browser and gives the provider's address.
func (s *Server) ask(c echo.Context, member, next string) (string, error) {
	if s.opt.Provider == nil {
		return "", echo.ErrNotFound
	}
	a, err := s.opt.Provider.Begin(c.Request().Context(), s.opt.Site+answerAt)
	if err != nil {
		return "", err
	}
	key := rand.Text()
	s.attempts.put(key, attempt{Attempt: a, member: member, next: next, network: registry.NetworkOf(c.RealIP())})
	s.setCookie(c, attemptCookie, key, int(attemptWaits/time.Second))
	return a.URL, nil
}

// askProvider sends a browser to the provider to sign in.
func (s *Server) askProvider(c echo.Context) error {
	next := local(c.QueryParam("next"))
	to, err := s.ask(c, "", next)
	if reason, ok := s.unprovided(c, err); ok {
		return s.showSignIn(c, http.StatusUnprocessableEntity, signInPage{Next: next, Problem: reason})
	}
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Redirect(http.StatusSeeOther, to)
}

// unprovided says what went wrong with the provider, for people; the rest stands
// in the log.
func (s *Server) unprovided(c echo.Context, err error) (string, bool) {
	for fault, word := range map[error]string{oidc.ErrAway: "provider.away", oidc.ErrRefused: "provider.refused", oidc.ErrForged: "provider.forged"} {
		if errors.Is(err, fault) {
			s.log.Warn("sign-in by the provider", "error", err)
			return s.say(c, word, s.opt.Provider.Name()), true
		}
	}
	return refused(err)
}

// providerAnswers takes a browser back from the provider. It is reached by GET,
// as the protocol has it; what it does needs the attempt that this browser began.
func (s *Server) providerAnswers(c echo.Context) error {
	if s.opt.Provider == nil {
		return echo.ErrNotFound
	}
	a, ok := s.attempts.take(cookieOf(c, attemptCookie))
	s.setCookie(c, attemptCookie, "", -1)
	if !ok {
		return s.showSignIn(c, http.StatusUnprocessableEntity, signInPage{Problem: s.say(c, "provider.over")})
	}
	subject, err := s.opt.Provider.Finish(c.Request().Context(), a.Attempt, c.QueryParams())
	if a.member != "" {
		return s.keepLink(c, a.member, subject, err)
	}
	var m registry.Member
	if err == nil {
		m, err = s.reg.OfSubject(subject)
	}
	if reason, ok := s.unprovided(c, err); ok {
		return s.showSignIn(c, http.StatusUnprocessableEntity, signInPage{Next: a.next, Problem: reason})
	}
	if err != nil {
		return err
	}
	more, err := s.reg.NeedsCode(m.ID)
	if err != nil {
		return err
	}
	if !more {
		return s.enter(c, m.ID, a.next)
	}
	ticket := rand.Text()
	s.recognised.put(ticket, m.ID)
	return s.showCode(c, http.StatusOK, codePage{Next: a.next, Ticket: ticket})
}

// keepLink keeps the link that a member asked for, if it is still that member who
// is signed in.
func (s *Server) keepLink(c echo.Context, id string, subject registry.Subject, err error) error {
	actor := s.actor(c)
	if actor.ID != id {
		return s.showSignIn(c, http.StatusUnprocessableEntity, signInPage{Problem: s.say(c, "provider.over")})
	}
	if err == nil {
		err = s.reg.LinkSubject(actor, subject)
	}
	if reason, ok := s.unprovided(c, err); ok {
		return s.showSecurity(c, http.StatusUnprocessableEntity, securityPage{Link: linkForm{Problem: reason}})
	}
	if err != nil {
		return err
	}
	return s.see(c, "/account/security", "done.linked")
}

// linkForm is how one gets in by the provider, on the page of security.
type linkForm struct {
	Name    string // of the provider; "" where there is none
	Held    []registry.Link
	Go      string // where a member who has shown the password goes on
	Problem string
}

// linkProvider begins a link, for who shows the password again: an open browser
// is not enough to open another way in.
func (s *Server) linkProvider(c echo.Context) error {
	if s.opt.Provider == nil {
		return echo.ErrNotFound
	}
	actor, to := s.actor(c), ""
	err := s.proved(c, actor.ID, "password", func() error {
		_, err := s.reg.Recognise(actor.ID, c.FormValue("password"))
		return err
	})
	if err == nil {
		to, err = s.ask(c, actor.ID, "/account/security")
	}
	if reason, ok := s.unprovided(c, err); ok {
		return s.showSecurity(c, http.StatusUnprocessableEntity, securityPage{Link: linkForm{Problem: reason}})
	}
	if err != nil {
		return err
	}
	return s.showSecurity(c, http.StatusOK, securityPage{Link: linkForm{Go: to}})
}

func (s *Server) unlinkProvider(c echo.Context) error {
	actor := s.actor(c)
	err := s.reg.UnlinkSubject(actor, actor.ID)
	if reason, ok := refused(err); ok {
		return s.showSecurity(c, http.StatusUnprocessableEntity, securityPage{Link: linkForm{Problem: reason}})
	}
	if err != nil {
		return err
	}
	return s.see(c, "/account/security", "done.unlinked")
}
