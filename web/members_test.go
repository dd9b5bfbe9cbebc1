package web

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// office is a registry of real members with passwords, as one is run; boss is
// its administrator.
func office(t *testing.T) *site {
	t.Helper()
	path := filepath.Join(t.TempDir(), "registry.db")
	store, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	token, err := reg.SetupToken()
	if err == nil {
		err = reg.Setup(token, "boss", "管理员甲", testPassword)
	}
	if err != nil {
		t.Fatal(err)
	}
	boss, err := reg.Member("boss")
	if err != nil {
		t.Fatal(err)
	}
	for id, source := range map[string]string{"sh-express": shanghaiText, "js-express": jiangsuText} {
		if _, _, err := reg.Submit(boss, registry.Submission{Standard: id, Source: []byte(source), Message: "初稿"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = reg.CreateProject(boss, registry.Project{ID: "joint", Title: "快递协调", Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := reg.Close(); err != nil {
		t.Fatal(err)
	}
	return serveStore(t, path, Options{})
}

const testPassword = "correct horse battery"

// hired is a member as an administrator adds one.
func (s *site) hired(id string, role registry.Role, region string) {
	s.t.Helper()
	if _, err := s.reg.AddMember(s.member("boss"), registry.Member{ID: id, Name: "成员" + id, Role: role, Region: region}, testPassword); err != nil {
		s.t.Fatal(err)
	}
}

// bench is a browser that keeps its cookies.
type bench struct {
	s       *site
	cookies map[string]string
}

func (s *site) bench() *bench { return &bench{s, map[string]string{}} }

// ask sends the browser's cookies and keeps those that come back.
func (b *bench) ask(method, path string, pairs ...string) answer {
	b.s.t.Helper()
	var form url.Values
	if method == post {
		form = fields(pairs...)
	}
	res := b.s.ask("", method, path, form, func(r *http.Request) {
		for name, value := range b.cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
	})
	for _, k := range res.Cookies() {
		if b.cookies[k.Name] = k.Value; k.MaxAge < 0 {
			delete(b.cookies, k.Name)
		}
	}
	return res
}

// wants asks and holds the answer against a status and what it shows.
func (b *bench) wants(status int, shows, method, path string, pairs ...string) answer {
	b.s.t.Helper()
	res := b.ask(method, path, pairs...)
	if res.StatusCode != status || !strings.Contains(res.body, shows) {
		b.s.t.Fatalf("%s %s %v: %d, want %d showing %q\n%s", method, path, pairs, res.StatusCode, status, shows, bodyText(res.body))
	}
	return res
}

// signIn signs in with the password, and the code where one is asked for.
func (b *bench) signIn(id string) answer {
	b.s.t.Helper()
	return b.ask(post, "/sign-in", "name", id, "password", testPassword, "next", "/account")
}

var (
	ticketField = regexp.MustCompile(`name="ticket" value="([^"]+)"`)
	secretShown = regexp.MustCompile(`class="secret">([A-Z2-7]+)<`)
	tokenShown  = regexp.MustCompile(`<code>(tb_[^<]+)</code>`)
	codeShown   = regexp.MustCompile(`<li><code>([a-z2-7-]+)</code>`)
)

// found is what a page shows where the expression has its group.
func found(t *testing.T, where *regexp.Regexp, page string) string {
	t.Helper()
	m := where.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no %s in\n%s", where, bodyText(page))
	}
	return m[1]
}

// tokenIn is the token of a link to path that a page shows; "" where it shows none.
func tokenIn(page, path string) string {
	m := regexp.MustCompile(regexp.QuoteMeta(path) + `\?token=([\w-]+)`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return m[1]
}

// authenticator is the code of a telephone, so many steps of thirty seconds from
// now (RFC 6238).
func authenticator(t *testing.T, secret string, steps int64) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	binary.Write(mac, binary.BigEndian, time.Now().Unix()/30+steps)
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[19]&15:])&0x7fffffff%1_000_000)
}

// TestSecondFactor: set up on the page, asked for at the next sign-in, no code
// counts twice, a recovery code counts once.
func TestSecondFactor(t *testing.T) {
	s := office(t)
	s.hired("amy", registry.Author, "31")
	b := s.bench()
	if res := b.signIn("amy"); res.StatusCode != 303 {
		t.Fatalf("sign in: %d", res.StatusCode)
	}
	secret := found(t, secretShown, b.wants(200, "data:image/png;base64,", post, "/account/factor", "do", "begin").body)
	b.wants(422, `aria-describedby="code-fault"`, post, "/account/factor", "do", "confirm", "code", "nonsense")
	code := authenticator(t, secret, 0)
	recovery := found(t, codeShown, b.wants(200, "请收好这些恢复码", post, "/account/factor", "do", "confirm", "code", code).body)
	b.wants(200, "恢复码还有 10 个", get, "/account/factor")

	c := s.bench()
	owed := c.signIn("amy")
	if owed.StatusCode != 200 || c.cookies[sessionCookie] != "" {
		t.Fatalf("the password alone opened a session: %d", owed.StatusCode)
	}
	c.wants(303, "", get, "/account") // still nobody
	ticket := found(t, ticketField, owed.body)
	c.wants(422, "已用过", post, "/sign-in/code", "ticket", ticket, "code", code)
	c.wants(422, "验证码不对", post, "/sign-in/code", "ticket", ticket, "code", "nonsense")
	if res := c.wants(303, "", post, "/sign-in/code", "ticket", ticket, "code", authenticator(t, secret, 1), "next", "/account"); res.Header.Get("Location") != "/account" {
		t.Errorf("signed in to %q", res.Header.Get("Location"))
	}
	c.wants(200, "成员amy", get, "/account")
	c.wants(422, "请重新登录", post, "/sign-in/code", "ticket", ticket, "code", recovery) // a ticket works once

	d := s.bench()
	d.wants(303, "", post, "/sign-in/code", "ticket", found(t, ticketField, d.signIn("amy").body), "code", recovery)
	d.wants(200, "恢复码还有 9 个", get, "/account/security")
	e := s.bench()
	ticket = found(t, ticketField, e.signIn("amy").body)
	for range codeTries {
		e.wants(422, "已用过", post, "/sign-in/code", "ticket", ticket, "code", recovery)
	}
	e.wants(422, "请重新登录", post, "/sign-in/code", "ticket", ticket, "code", recovery)
}

// TestRequiredFactor: who owes a second factor sees what a visitor sees and does
// nothing until it is set up; then the same session goes on.
func TestRequiredFactor(t *testing.T) {
	s := office(t)
	s.hired("amy", registry.Author, "31")
	boss, b := s.bench(), s.bench()
	boss.signIn("boss")
	boss.wants(303, "", post, "/members/factor", "role", "author")
	b.signIn("amy")
	b.wants(200, "设好之前只能看公开的页面", get, "/standards/sh-express")
	for _, path := range []string{"/drafts", "/inbox", "/checklists", "/account/data.zip"} {
		if res := b.ask(get, path); res.StatusCode != 303 || res.Header.Get("Location") != "/account/factor" {
			t.Errorf("%s: %d to %q", path, res.StatusCode, res.Header.Get("Location"))
		}
	}
	last := s.lastEvent()
	for path, form := range map[string][]string{
		"/standards/sh-express/comments": {"on", "proxy", "body", "一句意见"},
		"/account/tokens":                {"name", "脚本", "scope", "draft", "days", "30"},
		"/drafts/new":                    {"field", "快递"},
	} {
		if res := b.ask(post, path, form...); res.StatusCode/100 != 4 {
			t.Errorf("POST %s while enrolling: %d", path, res.StatusCode)
		}
	}
	if s.lastEvent() != last {
		t.Error("something was done while enrolling")
	}
	secret := found(t, secretShown, b.wants(200, "不能做别的", post, "/account/factor", "do", "begin").body)
	b.wants(200, "请收好这些恢复码", post, "/account/factor", "do", "confirm", "code", authenticator(t, secret, 0))
	if res := b.ask(get, "/drafts"); res.StatusCode != 200 || strings.Contains(res.body, "设好之前") {
		t.Errorf("drafts after the set-up: %d", res.StatusCode)
	}
}

// TestSeat: a reader with a secretary's seat works in that project and nowhere
// else, until the seat is taken back.
func TestSeat(t *testing.T) {
	s := office(t)
	s.hired("amy", registry.Reader, "")
	boss, b := s.bench(), s.bench()
	boss.signIn("boss")
	b.signIn("amy")
	words := func(w string) []string { return []string{"words", w} }
	b.wants(403, "", post, "/projects/joint/synonyms", words("代收点 = 驿站")...)
	boss.wants(303, "", post, "/members/amy", "do", "seat", "project", "joint", "role", "secretary")
	boss.wants(200, `<a href="/projects/joint">快递协调</a> · 秘书处`, get, "/members/amy")
	b.wants(200, `name="words"`, get, "/projects/joint/synonyms")
	b.wants(303, "", post, "/projects/joint/synonyms", words("代收点 = 驿站")...)
	b.wants(403, "", get, "/projects/new")
	b.wants(403, "", get, "/members")
	boss.wants(303, "", post, "/members/amy", "do", "unseat", "project", "joint")
	b.wants(403, "", post, "/projects/joint/synonyms", words("快件 = 包裹")...)
}

// TestKnownDevice: who guesses a password from the same network is held up; the
// owner's own browser is not.
func TestKnownDevice(t *testing.T) {
	s := office(t)
	owner, neighbour := s.bench(), s.bench()
	owner.signIn("boss")
	owner.wants(303, "", post, "/sign-out")
	held := false
	for range 12 {
		res := neighbour.ask(post, "/sign-in", "name", "boss", "password", "a guess that is wrong")
		if res.StatusCode != 422 && res.StatusCode != 429 {
			t.Fatalf("a guess: %d", res.StatusCode)
		}
		held = held || strings.Contains(res.body, "再试") && !strings.Contains(res.body, "密码不对")
	}
	if !held {
		t.Error("a neighbour guesses as often as they like")
	}
	if res := neighbour.signIn("boss"); res.StatusCode == 303 {
		t.Error("a neighbour who is held up came in")
	}
	if res := owner.signIn("boss"); res.StatusCode != 303 {
		t.Errorf("the owner's own browser is held up: %d\n%s", res.StatusCode, bodyText(res.body))
	}
}

// TestInvitation: a link makes one member, of the role and region that it was
// made for whatever the form says, and works once.
func TestInvitation(t *testing.T) {
	s := office(t)
	boss, b := s.bench(), s.bench()
	boss.signIn("boss")
	page := boss.wants(200, "只显示这一次", post, "/members/invite", "role", "author", "region", "32", "for", "江苏起草人").body
	token := tokenIn(page, "/join")
	boss.wants(200, "江苏起草人", get, "/members")
	b.wants(200, "起草人", get, "/join?token="+token)
	b.wants(422, `value="起草人乙"`, post, "/join", "token", token, "id", "BAD ID", "name", "起草人乙", "password", testPassword)
	b.wants(422, `aria-describedby="password-fault"`, post, "/join", "token", token, "id", "bea", "name", "起草人乙", "password", "short")
	b.wants(303, "", post, "/join", "token", token, "id", "bea", "name", "起草人乙", "password", testPassword, "role", "administrator", "region", "31")
	if m := s.member("bea"); m.Role != registry.Author || m.Region != "32" {
		t.Errorf("joined as %s of %q", m.Role, m.Region)
	}
	if res := b.signIn("bea"); res.StatusCode != 303 {
		t.Errorf("sign in: %d", res.StatusCode)
	}
	b.wants(422, "邀请链接不对", post, "/join", "token", token, "id", "cat", "name", "另一人", "password", testPassword)
	if res := boss.ask(get, "/members"); strings.Contains(res.body, "江苏起草人") {
		t.Error("a used invitation is still listed")
	}
}

// TestTokenAtWork: a program reads and writes within its token's scope, and goes
// nowhere near accounts.
func TestTokenAtWork(t *testing.T) {
	s := office(t)
	s.hired("amy", registry.Author, "31")
	b := s.bench()
	b.signIn("amy")
	made := func(scope ...string) string {
		pairs := []string{"name", "脚本", "days", "7"}
		for _, name := range scope {
			pairs = append(pairs, "scope", name)
		}
		return found(t, tokenShown, b.wants(200, "只显示这一次", post, "/account/tokens", pairs...).body)
	}
	as := func(token, method, path string, pairs ...string) answer {
		var form url.Values
		if method == post {
			form = fields(pairs...)
		}
		return s.ask("", method, path, form, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) })
	}
	read, comment := made("read"), made("read", "comment")
	const comments = "/standards/sh-express/comments"
	remark := []string{"on", "proxy", "scope", "", "body", "程序提的一句意见"}
	for _, c := range []struct {
		name, token, method, path string
		want                      int
	}{
		{"read", read, get, apiBase + "/standards/sh-express", 200},
		{"read what only members see", read, get, "/inbox", 200},
		{"a read token writes", read, post, comments, 403},
		{"a comment token writes", comment, post, comments, 303},
		{"a comment token drafts", comment, post, "/drafts/sh-express", 403},
		{"account", comment, get, "/account", 403},
		{"another token", comment, post, "/account/tokens", 403},
		{"members", comment, get, "/members", 403},
		{"a guess", "tb_guess", get, apiBase + "/standards/sh-express", 401},
	} {
		last := s.lastEvent()
		res := as(c.token, c.method, c.path, remark...)
		if res.StatusCode != c.want {
			t.Errorf("%s: %d, want %d\n%s", c.name, res.StatusCode, c.want, bodyText(res.body))
		}
		if done := s.lastEvent() != last; done != (c.want == 303) {
			t.Errorf("%s: something done is %v", c.name, done)
		}
	}
	id := found(t, regexp.MustCompile(`/account/tokens/([^/]+)/drop`), b.wants(200, "作废", get, "/account/security").body)
	b.wants(303, "", post, "/account/tokens/"+id+"/drop")
	ended := 0
	for _, token := range []string{read, comment} {
		if as(token, get, apiBase+"/standards").StatusCode == 401 {
			ended++
		}
	}
	if ended != 1 {
		t.Errorf("%d tokens ended, one was revoked", ended)
	}
}
