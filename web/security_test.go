package web

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// TestCrossSitePostsAreRefused: no route may be posted to from another site,
// whoever asks.
func TestCrossSitePostsAreRefused(t *testing.T) {
	s := serve(t, Options{Demo: true})
	fill := strings.NewReplacer(":id", "sh-express", ":comment", s.comment(), ":project", testProject, ":row", "any")
	for _, r := range routes {
		if r.method != post {
			continue
		}
		for name, header := range map[string][2]string{
			"fetch metadata": {"Sec-Fetch-Site", "cross-site"},
			"same site only": {"Sec-Fetch-Site", "same-site"},
			"origin":         {"Origin", "https://evil.example"},
		} {
			before := s.lastEvent()
			res := s.ask("", post, fill.Replace(r.path), fields("id", "demo-31"), func(q *http.Request) { q.Header.Set(header[0], header[1]) })
			if res.StatusCode != http.StatusForbidden || !strings.Contains(res.body, "别的网站") {
				t.Errorf("POST %s, %s: %d", r.path, name, res.StatusCode)
			}
			if s.lastEvent() != before || len(res.Cookies()) != 0 {
				t.Errorf("POST %s, %s: something was done", r.path, name)
			}
			checkHeaders(t, res)
		}
	}
}

// TestWhatPeopleWriteIsShownAsText: markup in any field stays text on every
// page that shows it.
func TestWhatPeopleWriteIsShownAsText(t *testing.T) {
	const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>"'><svg onload=alert(3)>`
	s := serve(t, Options{})
	admin := registry.Member{ID: "demo-admin", Role: registry.Administrator}
	if _, err := s.reg.AddMember(admin, registry.Member{ID: "mallory", Name: evil, Role: registry.Secretary}, "correct horse"); err != nil {
		t.Fatal(err)
	}
	mallory, err := s.reg.Member("mallory")
	if err != nil {
		t.Fatal(err)
	}
	source := "---\nid: evil\ntitle: '" + strings.ReplaceAll(evil, "'", "''") + "'\nnumber: '" + strings.ReplaceAll(evil, "'", "''") +
		"'\nregion: \"31\"\nkind: local\nstatus: draft\nissuer: '" + strings.ReplaceAll(evil, "'", "''") + "'\nnotice: '" + strings.ReplaceAll(evil, "'", "''") +
		"'\nreplaces: ['" + strings.ReplaceAll(evil, "'", "''") + "']\n---\n\n## 要求 " + evil + " {#c-1}\n\n应" + evil + "。\n\n[点](javascript:alert(4)) ![图](javascript:alert(5))\n\n| " + evil + " | 乙 |\n|---|---|\n| " + evil + " | 丁 |\n"
	v, _, err := s.reg.Submit(mallory, registry.Submission{Standard: "evil", Source: []byte(source), Message: evil})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.reg.Submit(mallory, registry.Submission{Standard: "evil", Base: v.Number, Source: []byte(strings.Replace(source, "应<", "不应<", 1)), Message: evil + "2"}); err != nil {
		t.Fatal(err)
	}
	kept, err := s.reg.AddComment(mallory, registry.Comment{On: registry.Ref{Standard: "evil", Clause: "c-1"}, Body: evil, Quote: evil, Proposed: evil})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.reg.ResolveComment(mallory, kept, true, evil); err != nil {
		t.Fatal(err)
	}
	_, err = s.reg.CreateProject(mallory, registry.Project{ID: "evil", Title: evil, Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "evil"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.index.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	draft := s.startDraftOf("demo-admin", "evil")
	s.startDraftOf("demo-admin", "sh-express")
	q := url.QueryEscape(evil)
	for _, path := range []string{
		"/", "/?lang=" + q, "/search?q=" + q, "/search?q=alert", "/search?q=alert&region=" + q + "&kind=" + q, "/standards", "/standards?q=" + q + "&region=" + q,
		"/standards/evil", "/standards/evil/1", "/standards/evil/history", "/standards/evil/compare?a=1&b=2&all=1", "/standards/evil/comments", "/standards/evil/comments?clause=" + q + "&quote=" + q + "&state=" + q,
		"/drafts", "/drafts?q=" + q, "/drafts/new", "/drafts/evil", "/compare?a=" + q + "&b=" + q, "/events?object=" + q, "/events", "/members", "/sign-in?next=" + q, "/setup?token=" + q,
		"/projects", "/projects/evil", "/projects/evil/draft", "/projects/evil/concordance", "/" + url.PathEscape(evil),
	} {
		for _, as := range []string{"demo-admin", "demo-secretary"} {
			checkInert(t, path, s.ask(as, get, path, nil))
		}
	}
	for path, form := range map[string]url.Values{
		"/drafts/evil":             fields("do", "look", "version", strconv.FormatUint(draft.Version, 10), "source", source, "message", evil),
		"/drafts/new":              fields("field", evil, "subject", evil, "aspect", evil, "english", evil, "kind", evil, "number", evil, "region", evil, "type", evil),
		"/standards/evil/comments": fields("type", evil, "body", evil, "quote", evil, "on", evil),
		"/drafts/sh-express":       fields("do", "submit", "version", "1", "source", strings.ReplaceAll(shanghaiText, "7 日内", evil), "message", evil),
		"/sign-in":                 fields("name", evil, "password", evil, "next", evil),
		"/members":                 fields("id", evil, "name", evil, "role", evil, "region", evil, "password", evil),
		"/import":                  fields("files", "@"+strings.ReplaceAll(evil, "\"", "")+".md:"+source, "do", "preview"),
		"/setup":                   fields("token", evil, "id", evil, "name", evil, "password", evil),
	} {
		checkInert(t, "POST "+path, s.ask("demo-admin", post, path, form))
		checkInert(t, "POST "+path, s.ask("", post, path, form))
	}
}

// checkInert: nothing of what was written became an element or an attribute.
func checkInert(t *testing.T, path string, res answer) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(res.body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "onload" || a.Key == "onerror" || n.Data == "img" || strings.HasPrefix(a.Val, "javascript:") {
				t.Errorf("%s: <%s %s=%q> came alive", path, n.Data, a.Key, a.Val)
			}
		}
	}
	if res.StatusCode == http.StatusInternalServerError {
		t.Errorf("%s: 500", path)
	}
	checkPage(t, res)
}

func TestSessionCookie(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s := serve(t, Options{Demo: true, Secure: secure})
		res := s.ask("", post, "/demo/sign-in", fields("id", "demo-31", "next", "/account"))
		if res.StatusCode != 303 || res.Header.Get("Location") != "/account" {
			t.Fatalf("%d to %s", res.StatusCode, res.Header.Get("Location"))
		}
		var session *http.Cookie
		for _, k := range res.Cookies() {
			if k.Name == sessionCookie {
				session = k
			}
		}
		if session == nil || !session.HttpOnly || session.SameSite != http.SameSiteLaxMode || session.Path != "/" || session.Secure != secure || session.MaxAge <= 0 {
			t.Fatalf("secure %v: cookie %+v", secure, session)
		}
		with := func(r *http.Request) { r.AddCookie(session) }
		if res := s.ask("", get, "/account", nil, with); res.StatusCode != 200 || !strings.Contains(res.body, "上海代表（示范）") {
			t.Errorf("account with the session: %d", res.StatusCode)
		}
		if hsts := res.Header.Get("Strict-Transport-Security"); (hsts != "") != secure {
			t.Errorf("secure %v: Strict-Transport-Security %q", secure, hsts)
		}
		out := s.ask("", post, "/sign-out", nil, with)
		if out.StatusCode != 303 {
			t.Errorf("sign out: %d", out.StatusCode)
		}
		if res := s.ask("", get, "/account", nil, with); res.StatusCode != 303 {
			t.Errorf("account after signing out: %d", res.StatusCode)
		}
	}
}

// TestAStolenOrOldCookieIsNobody: an unknown token is as good as none, and the
// browser is told to forget it.
func TestAStolenOrOldCookieIsNobody(t *testing.T) {
	s := serve(t, Options{})
	res := s.ask("", get, "/", nil, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: sessionCookie, Value: "made-up"}) })
	if res.StatusCode != 200 || !strings.Contains(res.body, "登录") {
		t.Errorf("home with a made-up session: %d", res.StatusCode)
	}
	forgotten := false
	for _, k := range res.Cookies() {
		forgotten = forgotten || k.Name == sessionCookie && k.MaxAge < 0
	}
	if !forgotten {
		t.Error("the browser keeps the cookie")
	}
}

// TestFirstUse walks from the setup link to a member who changes their
// password, in a registry of its own.
func TestFirstUse(t *testing.T) {
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
	if err != nil {
		t.Fatal(err)
	}
	if err := reg.Close(); err != nil {
		t.Fatal(err)
	}
	s := serveStore(t, path, Options{})
	wrong := s.ask("", post, "/setup", fields("token", "guess", "id", "boss", "name", "管理员甲", "password", "correct horse"))
	if wrong.StatusCode != 422 || !strings.Contains(wrong.body, "设置链接不对") {
		t.Errorf("setup with a wrong token: %d\n%s", wrong.StatusCode, bodyText(wrong.body))
	}
	res := s.ask("", post, "/setup", fields("token", token, "id", "boss", "name", "管理员甲", "password", "correct horse"))
	if res.StatusCode != 303 || res.Header.Get("Location") != "/sign-in" {
		t.Fatalf("setup: %d to %q\n%s", res.StatusCode, res.Header.Get("Location"), bodyText(res.body))
	}
	if again := s.ask("", post, "/setup", fields("token", token, "id", "thief", "name", "贼", "password", "correct horse")); again.StatusCode != 422 {
		t.Errorf("setup a second time: %d", again.StatusCode)
	}
	signIn := func(password string) (answer, func(*http.Request)) {
		res := s.ask("", post, "/sign-in", fields("name", "boss", "password", password, "next", "/members"))
		return res, func(r *http.Request) {
			for _, k := range res.Cookies() {
				r.AddCookie(k)
			}
		}
	}
	in, with := signIn("correct horse")
	if in.StatusCode != 303 || in.Header.Get("Location") != "/members" {
		t.Fatalf("sign in: %d\n%s", in.StatusCode, bodyText(in.body))
	}
	if res := s.ask("", get, "/members", nil, with); res.StatusCode != 200 || !strings.Contains(res.body, "管理员甲") {
		t.Errorf("members: %d", res.StatusCode)
	}
	if res := s.ask("", post, "/members", fields("id", "author-a", "name", "起草人甲", "region", "31", "role", "author", "password", "first password"), with); res.StatusCode != 303 {
		t.Fatalf("add a member: %d", res.StatusCode)
	}
	link := s.ask("", post, "/members/author-a", fields("do", "link"), with)
	reset := fields("token", tokenIn(link.body, "/reset"), "password", "second password", "again_password", "second password")
	if res := s.ask("", post, "/reset", reset); res.StatusCode != 303 {
		t.Errorf("reset: %d\n%s", res.StatusCode, bodyText(link.body))
	}
	if res := s.ask("", post, "/reset", reset); res.StatusCode != 422 || !strings.Contains(res.body, "重设链接不对") {
		t.Errorf("reset a second time: %d", res.StatusCode)
	}
	for password, want := range map[string]int{"first password": 422, "second password": 303} {
		if res := s.ask("", post, "/sign-in", fields("name", "author-a", "password", password)); res.StatusCode != want {
			t.Errorf("sign in with the %s after the reset: %d, want %d", password, res.StatusCode, want)
		}
	}
	bad := s.ask("", post, "/account", fields("old_password", "wrong", "new_password", "a new sentence", "again_password", "a new sentence"), with)
	if bad.StatusCode != 422 || !strings.Contains(bad.body, "原密码不对") {
		t.Errorf("change with a wrong password: %d", bad.StatusCode)
	}
	done := s.ask("", post, "/account", fields("old_password", "correct horse", "new_password", "a new sentence", "again_password", "a new sentence"), with)
	if done.StatusCode != 303 || done.Header.Get("Location") != "/sign-in" {
		t.Errorf("change: %d to %q", done.StatusCode, done.Header.Get("Location"))
	}
	if old, _ := signIn("correct horse"); old.StatusCode != 422 {
		t.Errorf("sign in with the old password: %d", old.StatusCode)
	}
	if now, _ := signIn("a new sentence"); now.StatusCode != 303 {
		t.Errorf("sign in with the new password: %d", now.StatusCode)
	}
	if strings.Contains(s.log.String(), "boss") || strings.Contains(s.log.String(), token) || strings.Contains(s.log.String(), "127.0.0.1") {
		t.Errorf("the access log names people:\n%s", s.log)
	}
}

// TestGuessingIsSlowedDown: after a few wrong passwords a name has to wait.
func TestGuessingIsSlowedDown(t *testing.T) {
	s := serve(t, Options{})
	for i := range 12 {
		res := s.ask("", post, "/sign-in", fields("name", "demo-31", "password", fmt.Sprint("guess number ", i)))
		if res.StatusCode != 422 {
			t.Fatalf("guess %d: %d", i, res.StatusCode)
		}
		if strings.Contains(res.body, "试得太多了") {
			return
		}
	}
	t.Error("twelve guesses in a row were all heard")
}

func TestBodiesAreBounded(t *testing.T) {
	s := serve(t, Options{})
	res := s.ask("demo-author", post, "/drafts/sh-express", fields("do", "look", "source", strings.Repeat("长", maxBody/9+1)))
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body over the bound: %d", res.StatusCode)
	}
	// Without a length said beforehand.
	res = s.ask("demo-author", post, "/drafts/sh-express", fields("do", "look", "source", strings.Repeat("长", maxBody/9+1)), func(r *http.Request) { r.ContentLength = -1 })
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a streamed body over the bound: %d", res.StatusCode)
	}
	checkHeaders(t, res)
}

// TestFaultsAreOurs: what breaks inside is a 500 with a number that stands in
// the log, and tells nothing of the inside.
func TestFaultsAreOurs(t *testing.T) {
	s := serve(t, Options{})
	token := s.token("demo-31")
	if err := s.reg.Close(); err != nil {
		t.Fatal(err)
	}
	res := s.ask("", get, "/standards", nil, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: sessionCookie, Value: token}) })
	id := res.Header.Get("X-Request-Id")
	if res.StatusCode != 500 || !strings.Contains(res.body, id) || strings.Contains(res.body, "database") {
		t.Errorf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	if !strings.Contains(s.log.String(), id) || !strings.Contains(s.log.String(), "database not open") {
		t.Errorf("log: %s", s.log)
	}
	checkHeaders(t, res)
}

func TestNoPageLoadsFromElsewhere(t *testing.T) {
	var files []string
	for _, pattern := range []string{"templates/*.html", "assets/*.css", "assets/*.js", "assets/*.svg"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		files = append(files, found...)
	}
	for _, n := range files {
		raw, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		if at := elsewhere.Find(raw); at != nil {
			t.Errorf("%s loads from another site: %s", n, at)
		}
	}
}

// elsewhere is how a page, a style or a script would ask another site.
var elsewhere = regexp.MustCompile("(?i)(?:src|href|action|srcset|poster|data)\\s*=\\s*[\"'`]?(?:https?:)?//|url\\(\\s*[\"']?(?:https?:)?//|@import|(?:import|fetch|open|sendBeacon|WebSocket|EventSource|importScripts)\\s*\\(\\s*[\"'`](?:https?:|wss?:)?//")
