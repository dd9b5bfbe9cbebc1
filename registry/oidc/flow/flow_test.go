// Package flow signs in by a real provider of OpenID Connect, run in the test. It
// is a module of its own, so that the provider is not one of ours.
package flow

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/oidc"
	"tongbiao/registry/search"
	"tongbiao/web"
)

const (
	password = "correct horse battery"
	clientID = "tongbiao"
	clientPW = "between us"
)

// place is a site and the provider that it asks.
type place struct {
	t        *testing.T
	reg      *registry.Registry
	site     string
	provider string
}

func build(t *testing.T) place {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	for _, m := range []registry.Member{{ID: "zhang", Name: "甲", Role: registry.Author, Region: "31"}, {ID: "li", Name: "乙", Role: registry.Reader}} {
		if _, err := reg.AddMember(registry.System, m, password); err != nil {
			t.Fatal(err)
		}
	}
	index, err := search.Open(filepath.Join(t.TempDir(), "index"), reg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { index.Close() })

	ours := httptest.NewUnstartedServer(nil)
	theirs := httptest.NewUnstartedServer(nil)
	p := place{t: t, reg: reg, site: "http://" + ours.Listener.Addr().String(), provider: "http://" + theirs.Listener.Addr().String() + "/"}
	storage.RegisterClients(storage.WebClient(clientID, clientPW, p.site+"/sign-in/provider/answer"))
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	theirs.Config.Handler = exampleop.SetupServer(p.provider, storage.NewStorage(storage.NewUserStore(p.provider)), quiet, false, op.WithAllowInsecure())
	theirs.Start()
	t.Cleanup(theirs.Close)
	who := oidc.New(oidc.Config{Issuer: p.provider, Client: clientID, Secret: clientPW, Name: "统一认证", Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, time.Now)
	site, err := web.New(reg, index, web.Options{Site: p.site, Provider: who}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	ours.Config.Handler = site
	ours.Start()
	t.Cleanup(ours.Close)
	return p
}

// browser keeps cookies and follows what it is told.
type browser struct {
	place
	*http.Client
	before func(*http.Request) // looks at a request before it is followed
}

func (p place) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	b := &browser{place: p, Client: &http.Client{Jar: jar}}
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if b.before != nil {
			b.before(r)
		}
		return nil
	}
	return b
}

func (b *browser) page(r *http.Response, err error) (status int, at *url.URL, body string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return r.StatusCode, r.Request.URL, string(raw)
}

func (b *browser) post(path string, fields ...string) (int, *url.URL, string) {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.page(b.PostForm(path, form))
}

// through goes from an address of the provider's through its form and back.
func (b *browser) through(from, user string) (int, *url.URL, string) {
	b.t.Helper()
	_, at, body := b.page(b.Get(from))
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(body)
	if id == nil || !strings.HasPrefix(at.String(), b.provider) {
		b.t.Fatalf("the provider's form is not at %s:\n%s", at, body)
	}
	return b.post(b.provider+"login/username", "username", user, "password", "verysecure", "id", id[1])
}

func (b *browser) signedIn() bool {
	b.t.Helper()
	_, at, _ := b.page(b.Get(b.site + "/account"))
	return at.Path == "/account"
}

// link signs in with the password and links a user of the provider.
func (b *browser) link(member, user string) (int, string) {
	b.t.Helper()
	if _, at, body := b.post(b.site+"/sign-in", "name", member, "password", password); at.Path == "/sign-in" {
		b.t.Fatalf("no sign-in with the password:\n%s", body)
	}
	if status, _, _ := b.post(b.site+"/account/provider", "password", "not the password at all"); status != http.StatusUnprocessableEntity {
		b.t.Errorf("a link is begun with a wrong password: %d", status)
	}
	_, _, body := b.post(b.site+"/account/provider", "password", password)
	to := regexp.MustCompile(`href="(` + regexp.QuoteMeta(b.provider) + `[^"]+)"`).FindStringSubmatch(body)
	if to == nil {
		b.t.Fatalf("no way to the provider:\n%s", body)
	}
	status, _, body := b.through(strings.ReplaceAll(to[1], "&amp;", "&"), user)
	return status, body
}

func TestSignInByAProvider(t *testing.T) {
	p := build(t)
	user := "test-user@" + strings.Split(strings.TrimPrefix(p.provider, "http://"), ":")[0]

	stranger := p.browser()
	if status, _, body := stranger.through(p.site+"/sign-in/provider", user); status != http.StatusUnprocessableEntity || !strings.Contains(body, "没有关联到任何成员") || stranger.signedIn() {
		t.Errorf("somebody whom nobody linked: %d\n%s", status, body)
	}
	if list, err := p.reg.Members(); err != nil || len(list) != 2 {
		t.Errorf("a subject became a member: %v, %v", list, err)
	}

	own := p.browser()
	if status, body := own.link("zhang", user); status != http.StatusOK || !strings.Contains(body, "已关联") {
		t.Fatalf("link: %d\n%s", status, body)
	}
	again := p.browser()
	if _, at, body := again.through(p.site+"/sign-in/provider?next=/standards", user); at.String() != p.site+"/standards" || !again.signedIn() {
		t.Errorf("linked, and not let in: %s\n%s", at, body)
	}
	elsewhere := p.browser()
	if _, at, _ := elsewhere.through(p.site+"/sign-in/provider?next=//evil.example/", user); !strings.HasPrefix(at.String(), p.site+"/") {
		t.Errorf("sent to %s", at)
	}
	other := p.browser()
	if status, body := other.link("li", user); status != http.StatusUnprocessableEntity || !strings.Contains(body, "另一位成员") {
		t.Errorf("one subject for two members: %d\n%s", status, body)
	}

	own.post(p.site + "/account/provider/drop")
	gone := p.browser()
	if status, _, _ := gone.through(p.site+"/sign-in/provider", user); status != http.StatusUnprocessableEntity || gone.signedIn() {
		t.Errorf("unlinked, and let in: %d", status)
	}
	if err := p.reg.VerifyEvents(); err != nil {
		t.Error(err)
	}
}

// TestAnswersThatAreNone: the answer of another attempt, another browser's, a
// state or code that was changed, and the same answer twice let nobody in.
func TestAnswersThatAreNone(t *testing.T) {
	p := build(t)
	user := "test-user@" + strings.Split(strings.TrimPrefix(p.provider, "http://"), ":")[0]
	owner := p.browser()
	if status, body := owner.link("zhang", user); status != http.StatusOK {
		t.Fatalf("link: %d\n%s", status, body)
	}
	const answer = "/sign-in/provider/answer"
	for name, change := range map[string]func(url.Values){
		"another state":  func(q url.Values) { q.Set("state", "x") },
		"no state":       func(q url.Values) { q.Del("state") },
		"another code":   func(q url.Values) { q.Set("code", "x") },
		"an error":       func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") },
		"another issuer": func(q url.Values) { q.Set("iss", "https://evil.example") },
	} {
		b := p.browser()
		b.before = func(r *http.Request) {
			if r.URL.Path == answer {
				q := r.URL.Query()
				change(q)
				r.URL.RawQuery = q.Encode()
			}
		}
		if status, _, body := b.through(p.site+"/sign-in/provider", user); status != http.StatusUnprocessableEntity || b.signedIn() {
			t.Errorf("%s: %d\n%s", name, status, body)
		}
	}

	var taken string
	honest := p.browser()
	honest.before = func(r *http.Request) {
		if r.URL.Path == answer {
			taken = r.URL.String()
		}
	}
	honest.through(p.site+"/sign-in/provider", user)
	if !honest.signedIn() {
		t.Fatal("the honest way does not work")
	}
	thief := p.browser()
	if status, _, _ := thief.page(thief.Get(taken)); status != http.StatusUnprocessableEntity || thief.signedIn() {
		t.Errorf("another browser's answer: %d", status)
	}
	thief.Get(p.site + "/sign-in/provider") // with an attempt of its own
	if status, _, _ := thief.page(thief.Get(taken)); status != http.StatusUnprocessableEntity || thief.signedIn() {
		t.Errorf("the answer to another attempt: %d", status)
	}
	if status, _, _ := honest.page(honest.Get(taken)); status != http.StatusUnprocessableEntity {
		t.Errorf("the same answer twice: %d", status)
	}

	admin := registry.System
	if err := p.reg.EndMembership(admin, "zhang"); err != nil {
		t.Fatal(err)
	}
	left := p.browser()
	if status, _, _ := left.through(p.site+"/sign-in/provider", user); status != http.StatusUnprocessableEntity || left.signedIn() {
		t.Errorf("who has left: %d", status)
	}
}

// TestPrivateProviderIsNotAsked: without leave no address inside is dialled.
func TestPrivateProviderIsNotAsked(t *testing.T) {
	asked := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer inside.Close()
	who := oidc.New(oidc.Config{Issuer: inside.URL, Client: "x"}, time.Now)
	if _, err := who.Begin(t.Context(), "http://site.example/answer"); err == nil || asked {
		t.Errorf("asked: %v, %v", asked, err)
	}
}

// TestSecondFactorIsStillAskedFor: what a provider says of how it recognised
// somebody counts for nothing here.
func TestSecondFactorIsStillAskedFor(t *testing.T) {
	p := build(t)
	user := "test-user@" + strings.Split(strings.TrimPrefix(p.provider, "http://"), ":")[0]
	owner := p.browser()
	if status, body := owner.link("zhang", user); status != http.StatusOK {
		t.Fatalf("link: %d\n%s", status, body)
	}
	zhang, err := p.reg.Member("zhang")
	if err != nil {
		t.Fatal(err)
	}
	e, err := p.reg.BeginFactor(zhang)
	if err != nil {
		t.Fatal(err)
	}
	recovery, err := p.reg.ConfirmFactor(zhang, codeOf(t, e.Secret))
	if err != nil {
		t.Fatal(err)
	}
	b := p.browser()
	status, _, body := b.through(p.site+"/sign-in/provider?next=/standards", user)
	ticket := regexp.MustCompile(`name="ticket" value="([^"]+)"`).FindStringSubmatch(body)
	if status != http.StatusOK || ticket == nil || b.signedIn() {
		t.Fatalf("let in without the code, or not asked: %d\n%s", status, body)
	}
	if status, _, _ := b.post(p.site+"/sign-in/code", "ticket", ticket[1], "code", "000000"); status != http.StatusUnprocessableEntity || b.signedIn() {
		t.Errorf("let in with a wrong code: %d", status)
	}
	if b.post(p.site+"/sign-in/code", "ticket", ticket[1], "code", recovery[0]); !b.signedIn() {
		t.Error("not let in with a right one")
	}
}

// codeOf is the code of now (RFC 6238: SHA-1, 30 seconds, six digits).
func codeOf(t *testing.T, secret string) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	binary.Write(mac, binary.BigEndian, uint64(time.Now().Unix()/30))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}
