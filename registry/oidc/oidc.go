// Package oidc asks a provider of OpenID Connect who somebody is: the
// authorisation code flow with PKCE (S256), state and nonce (OpenID Connect Core
// 1.0, RFC 7636, RFC 9700). Only the subject is asked for: no name, no address.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tongbiao/registry"
	"tongbiao/registry/hook"
)

// Config names one provider.
type Config struct {
	Issuer string         // its address, as its tokens say it
	Client string         // our ID there
	Secret string         // "" for a client that has none
	Name   string         // as people know it, for the button
	Allow  []netip.Prefix // private networks in which it may be; any port there
}

// Bounds of the provider's answers.
const (
	patience   = 10 * time.Second // of one
	maxAnswer  = 1 << 20          // bytes
	maxHeaders = 64 << 10
	keepFor    = 24 * time.Hour // what it says of itself; its keys are fetched when they change
	askAgain   = 5 * time.Second
)

// What goes wrong with a provider; the errors wrap one of these and hold no code
// and no token.
var (
	ErrAway    = errors.New("the provider cannot be used")
	ErrRefused = errors.New("the provider did not sign anybody in")
	ErrForged  = errors.New("the answer is not one to what was asked")
)

// ErrNotPublic says that the provider is in a network that was not allowed.
var ErrNotPublic = errors.New("提供方不在公网的 80 或 443 端口：请用 --oidc-allow 放行它的网段。 the provider is not on port 80 or 443 of a public address: allow its network with --oidc-allow")

// Check refuses a configuration that cannot be used.
func (cfg Config) Check() error {
	u, err := url.Parse(cfg.Issuer)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return errors.New("--oidc-issuer 要写成 https://login.example.org 的样子。 write it like https://login.example.org")
	case u.Scheme != "https" && (u.Scheme != "http" || len(cfg.Allow) == 0):
		return errors.New("--oidc-issuer 要用 https；http 只用于 --oidc-allow 放行的内网。 https is needed; http only in a network that --oidc-allow names")
	case cfg.Client == "":
		return errors.New("还需要 --oidc-client。 --oidc-client is needed too")
	}
	return nil
}

// Provider is asked who somebody is. It is found when it is first needed, so
// that the site starts while the provider is down.
type Provider struct {
	cfg    Config
	client *http.Client
	now    func() time.Time

	mu    sync.Mutex
	found *found
	tried time.Time // the last try that failed
	fault error     // of that
}

// found is what a provider says of itself.
type found struct {
	*oidc.Provider
	at         time.Time
	endpoint   oauth2.Endpoint
	saysIssuer bool // RFC 9207
}

// New makes a Provider with a clock (time.Now; tests give another).
func New(cfg Config, now func() time.Time) *Provider {
	return &Provider{cfg: cfg, now: now, client: &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: bounded{&http.Transport{ // without proxy: it would dial for us
			DialContext: hook.Dialer(cfg.Allow).DialContext, TLSHandshakeTimeout: patience, ResponseHeaderTimeout: patience,
			MaxResponseHeaderBytes: maxHeaders, ForceAttemptHTTP2: true, MaxIdleConns: 4, IdleConnTimeout: time.Minute,
		}},
	}}
}

// Name is the provider's, as people know it.
func (p *Provider) Name() string {
	if p.cfg.Name != "" {
		return p.cfg.Name
	}
	return strings.TrimPrefix(strings.TrimPrefix(p.cfg.Issuer, "https://"), "http://")
}

// bounded cuts answers that are too long.
type bounded struct{ http.RoundTripper }

type cut struct {
	io.Reader
	io.Closer
}

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = cut{http.MaxBytesReader(nil, res.Body, maxAnswer), res.Body}
	}
	return res, err
}

// find asks the provider about itself (OpenID Connect Discovery 1.0).
func (p *Provider) find(ctx context.Context) (*found, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.found != nil && now.Sub(p.found.at) < keepFor {
		return p.found, nil
	}
	if p.fault != nil && now.Sub(p.tried) < askAgain {
		return nil, p.fault
	}
	f, err := p.discover(ctx)
	if err != nil {
		if errors.Is(err, hook.ErrNotPublic) {
			err = ErrNotPublic
		}
		p.tried, p.fault = now, fmt.Errorf("%w: %w", ErrAway, err)
		return nil, p.fault
	}
	f.at, p.found, p.fault = now, f, nil
	return f, nil
}

func (p *Provider) discover(ctx context.Context) (*found, error) {
	// The keys are fetched later with this context: it is not the request's.
	known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.cfg.Issuer)
	if err != nil {
		return nil, err
	}
	var says struct {
		Keys    string   `json:"jwks_uri"`
		Methods []string `json:"code_challenge_methods_supported"`
		Auth    []string `json:"token_endpoint_auth_methods_supported"`
		Issuer  bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := known.Claims(&says); err != nil {
		return nil, err
	}
	f := &found{Provider: known, endpoint: known.Endpoint(), saysIssuer: says.Issuer}
	for _, at := range []string{f.endpoint.AuthURL, f.endpoint.TokenURL, says.Keys} {
		if u, err := url.Parse(at); err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !strings.HasPrefix(p.cfg.Issuer, "http://")) {
			return nil, fmt.Errorf("it names %q, which is no https address", at)
		}
	}
	if len(says.Methods) > 0 && !slices.Contains(says.Methods, "S256") {
		return nil, errors.New("it does not know PKCE with S256")
	}
	f.endpoint.AuthStyle = oauth2.AuthStyleInHeader // the default of OpenID Connect Core 1.0, 9
	if p.cfg.Secret == "" || len(says.Auth) > 0 && !slices.Contains(says.Auth, "client_secret_basic") {
		f.endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return f, nil
}

func (p *Provider) asClient(f *found, redirect string) *oauth2.Config {
	return &oauth2.Config{ClientID: p.cfg.Client, ClientSecret: p.cfg.Secret, Endpoint: f.endpoint, RedirectURL: redirect, Scopes: []string{oidc.ScopeOpenID}}
}

// Attempt is one time of asking. It belongs to one browser and is used once.
type Attempt struct {
	URL                              string // where the browser goes
	state, nonce, verifier, redirect string
}

// Begin makes an attempt whose answer comes to the address redirect. It fails
// with ErrAway.
func (p *Provider) Begin(ctx context.Context, redirect string) (Attempt, error) {
	f, err := p.find(ctx)
	if err != nil {
		return Attempt{}, err
	}
	a := Attempt{state: rand.Text(), nonce: rand.Text(), verifier: oauth2.GenerateVerifier(), redirect: redirect}
	a.URL = p.asClient(f, redirect).AuthCodeURL(a.state, oidc.Nonce(a.nonce), oauth2.S256ChallengeOption(a.verifier))
	return a, nil
}

// Finish takes the answer that the browser brought and gives who it is. It fails
// with ErrForged, ErrRefused or ErrAway.
func (p *Provider) Finish(ctx context.Context, a Attempt, answer url.Values) (s registry.Subject, err error) {
	if a.state == "" || subtle.ConstantTimeCompare([]byte(a.state), []byte(answer.Get("state"))) != 1 {
		return s, fmt.Errorf("%w: the state is another", ErrForged)
	}
	f, err := p.find(ctx)
	if err != nil {
		return s, err
	}
	if iss := answer.Get("iss"); iss != p.cfg.Issuer && (iss != "" || f.saysIssuer) {
		return s, fmt.Errorf("%w: the answer is another issuer's", ErrForged)
	}
	if answer.Has("error") {
		return s, fmt.Errorf("%w: %.60q", ErrRefused, answer.Get("error"))
	}
	with := context.WithValue(ctx, oauth2.HTTPClient, p.client)
	token, err := p.asClient(f, a.redirect).Exchange(with, answer.Get("code"), oauth2.VerifierOption(a.verifier))
	if err != nil {
		var said *oauth2.RetrieveError
		if errors.As(err, &said) { // its text may hold what it was sent
			return s, fmt.Errorf("%w: it answered %d %.60q to the code", ErrRefused, said.Response.StatusCode, said.ErrorCode)
		}
		return s, fmt.Errorf("%w: exchange the code: %w", ErrAway, err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return s, fmt.Errorf("%w: it gave no ID token", ErrForged)
	}
	id, err := f.Verifier(&oidc.Config{ClientID: p.cfg.Client, Now: p.now}).Verify(with, raw)
	if err != nil {
		return s, fmt.Errorf("%w: %w", ErrForged, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(a.nonce)) != 1 {
		return s, fmt.Errorf("%w: the nonce is another", ErrForged)
	}
	return registry.Subject{Issuer: id.Issuer, ID: id.Subject}, nil
}
