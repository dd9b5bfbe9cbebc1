package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tongbiao/editor"
	"tongbiao/registry"
)

// TestLongestFieldsFit: what a field may hold gets through: three fields of
// 16 KB of Chinese from somebody without an account, a text of editor.MaxBytes.
func TestLongestFieldsFit(t *testing.T) {
	s := serve(t, Options{})
	full := strings.Repeat("长", 16<<10/3) // registry's bound of one field
	for _, one := range []struct {
		as, path string
		form     url.Values
		status   int
	}{
		{"", "/consultations/zj-locker", fields("clause", "lk-keep", "type", "te", "body", full, "proposed", full, "quote", "", "name", strings.Repeat("名", 60), "organisation", strings.Repeat("位", 60), "contact", "a@example.org", "consent", "1"), 303},
		{"demo-reader", "/standards/sh-express/comments", fields("on", "proxy", "type", "ed", "body", full, "proposed", full), 303},
		{"demo-secretary", "/projects/express/explanation", fields("section", "work", "version", "0", "text", strings.Repeat("写", 64<<10/3)), 303},
	} {
		if res := s.ask(one.as, post, one.path, one.form); res.StatusCode != one.status {
			t.Errorf("POST %s: %d\n%s", one.path, res.StatusCode, bodyText(res.body))
		}
	}
	w := s.startDraftOf("demo-author", "sh-express")
	source := string(w.Source) + "\n"
	source += strings.Repeat("长", (editor.MaxBytes-len(source))/3)
	res := s.ask("demo-author", post, "/drafts/sh-express", fields("do", "save", "version", fmt.Sprint(w.Version), "source", source))
	if res.StatusCode == http.StatusRequestEntityTooLarge {
		t.Error("a text of the longest length is too large for its form")
	}
	if res := s.ask("", post, "/drafts/sh-express", fields("do", "save", "source", source)); res.StatusCode != http.StatusForbidden || !strings.Contains(res.body, "长长长") {
		t.Errorf("the same after the session ended: %d, and the text is not shown again", res.StatusCode)
	}
}

// TestRequestsAreBounded: what is beyond its bound is refused before anything is
// made of it.
func TestRequestsAreBounded(t *testing.T) {
	s := serve(t, Options{})
	many := url.Values{}
	for i := range maxFields + 2 {
		many.Add("comment", fmt.Sprint("c", i))
	}
	var parts bytes.Buffer
	w := multipart.NewWriter(&parts)
	for i := range 2000 {
		p, _ := w.CreateFormFile("files", fmt.Sprintf("%d.md", i))
		io.WriteString(p, "x")
	}
	w.Close()
	multi := func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(&parts), int64(parts.Len())
		r.Header.Set("Content-Type", w.FormDataContentType())
	}
	torn := func(kind, body string) func(*http.Request) {
		return func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			r.Header.Set("Content-Type", kind)
		}
	}
	json := "application/json"
	for name, one := range map[string]struct {
		as, method, path string
		form             url.Values
		edit             func(*http.Request)
		status           []int
	}{
		"long address":          {"", get, "/search?q=" + strings.Repeat("a", maxAddress), nil, nil, []int{414}},
		"many parameters":       {"", get, "/search?" + strings.Repeat("a&", maxQuery+1), nil, nil, []int{414}},
		"many fields":           {"demo-secretary", post, "/standards/sh-express/comments/dispose", many, nil, []int{413}},
		"many parts":            {"demo-secretary", post, "/import", nil, multi, []int{400, 413, 422}},
		"no boundary":           {"demo-secretary", post, "/import", nil, torn("multipart/form-data", "x"), []int{400, 422}},
		"torn multipart":        {"demo-secretary", post, "/import", nil, torn("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.md\"\r\n\r\nx"), []int{400, 422}},
		"public comment":        {"", post, "/consultations/zj-locker", fields("body", strings.Repeat("a", maxPublic)), nil, []int{413}},
		"import by nobody":      {"", post, "/import", nil, func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(zeros{}), maxBody+1 }, []int{413}},
		"deep JSON":             {"demo-author", post, "/drafts/sh-express/save", nil, torn(json, strings.Repeat(`{"source":`, 100_000)), []int{422}},
		"deep lists":            {"demo-author", post, "/drafts/sh-express/save", nil, torn(json, `{"source":`+strings.Repeat("[", 1<<20)), []int{422}},
		"JSON of another kind":  {"demo-author", post, "/drafts/sh-express/save", nil, torn(json, `[1e999]`), []int{422}},
		"broken escapes":        {"demo-reader", post, "/standards/sh-express/comments", nil, torn("application/x-www-form-urlencoded", "body=%zz&on=%"), []int{400, 422}},
		"semicolons":            {"demo-reader", post, "/standards/sh-express/comments", nil, torn("application/x-www-form-urlencoded", "body=a;on=b"), []int{400, 422}},
		"zero bytes in a path":  {"", get, "/standards/%00", nil, nil, []int{404, 422}},
		"not UTF-8 in a path":   {"", get, "/standards/%ff%fe", nil, nil, []int{404, 422}},
		"dots in a path":        {"", get, "/assets/..%2f..%2fserver.go", nil, nil, []int{404}},
		"dots to a figure":      {"", get, "/figures/..%2f..%2fregistry.db", nil, nil, []int{404, 422}},
		"dots to a document":    {"demo-author", get, "/standards/sh-express/documents/..%2f..%2fregistry.db", nil, nil, []int{404, 422}},
		"a method nobody knows": {"", "PROPFIND", "/standards", nil, nil, []int{404, 405}},
		"a method in a header":  {"demo-reader", get, "/sign-out", nil, func(r *http.Request) { r.Header.Set("X-HTTP-Method-Override", "POST") }, []int{404, 405}},
	} {
		if one.edit == nil {
			one.edit = func(*http.Request) {}
		}
		before := s.lastEvent()
		res := s.ask(one.as, one.method, one.path, one.form, one.edit)
		if !contains(one.status, res.StatusCode) {
			t.Errorf("%s: %d, want %v\n%.300s", name, res.StatusCode, one.status, bodyText(res.body))
		}
		if got := s.eventsSince(before); len(got) > 0 {
			t.Errorf("%s: something was done: %v", name, got)
		}
		if res.StatusCode != http.StatusBadRequest || res.Header.Get("X-Request-Id") != "" {
			checkHeaders(t, res)
		}
	}
}

func contains(list []int, n int) bool {
	for _, one := range list {
		if one == n {
			return true
		}
	}
	return false
}

// zeros is a body without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestBodiesHaveToCome: a body that stops coming ends the request, and one that
// keeps coming does not, however long it takes.
func TestBodiesHaveToCome(t *testing.T) {
	s := serve(t, Options{})
	s.web.pace = 300 * time.Millisecond
	token := s.token("demo-reader")
	begin := func(length int) net.Conn {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(patience))
		fmt.Fprintf(conn, "POST /standards/sh-express/comments HTTP/1.1\r\nHost: a\r\nCookie: %s=%s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\nbody=", sessionCookie, token, length)
		return conn
	}
	before := s.lastEvent()
	conn := begin(1000)
	defer conn.Close()
	said, err := io.ReadAll(conn) // until it is closed
	if err != nil || !strings.HasPrefix(string(said), "HTTP/1.1 408") {
		t.Errorf("a body that stopped: %.60q, %v", said, err)
	}
	if got := s.eventsSince(before); len(got) > 0 {
		t.Errorf("something was done: %v", got)
	}
	if held := s.web.held.Load(); held != 0 {
		t.Errorf("%d bytes are still counted", held)
	}
}

// TestBodiesTogether: too many long bodies at once are sent away, and counted
// down again.
func TestBodiesTogether(t *testing.T) {
	s := serve(t, Options{})
	s.web.held.Store(maxHeld - 10)
	long := fields("do", "save", "source", strings.Repeat("a", longBody+1))
	res := s.ask("demo-author", post, "/drafts/sh-express", long)
	if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || !strings.Contains(res.body, "太忙") {
		t.Errorf("a long body where there are too many: %d %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
	if res := s.ask("demo-reader", post, "/standards/sh-express/comments", fields("on", "proxy", "type", "ed", "body", "短")); res.StatusCode != 303 {
		t.Errorf("a short one meanwhile: %d", res.StatusCode)
	}
	if held := s.web.held.Load(); held != maxHeld-10 {
		t.Errorf("%d bytes are counted", held)
	}
}

// TestProxies: whoever is no proxy of ours says nothing of whom a request is
// for; a proxy does, and only what it heard itself counts.
func TestProxies(t *testing.T) {
	ours := trust{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, one := range []struct{ peer, said, want string }{
		{"192.0.2.1:5", "198.51.100.9", "192.0.2.1"},
		{"10.0.0.1:5", "198.51.100.9", "198.51.100.9"},
		{"10.0.0.1:5", "1.1.1.1, 198.51.100.9", "198.51.100.9"},
		{"10.0.0.1:5", "1.1.1.1, 198.51.100.9, 10.2.2.2", "198.51.100.9"},
		{"10.0.0.1:5", "10.3.3.3, 10.2.2.2", "10.3.3.3"},
		{"10.0.0.1:5", "", "10.0.0.1"},
		{"10.0.0.1:5", "198.51.100.9, unknown", "10.0.0.1"},
		{"10.0.0.1:5", "198.51.100.9:4711", "10.0.0.1"},
		{"[fd00::1]:5", "2001:db8::7", "2001:db8::7"},
		{"[::ffff:10.0.0.1]:5", "::ffff:198.51.100.9", "198.51.100.9"},
		{"[2001:db8::1]:5", "198.51.100.9", "2001:db8::1"},
	} {
		r := httptest.NewRequest(get, "/", nil)
		r.RemoteAddr = one.peer
		if one.said != "" {
			r.Header.Set("X-Forwarded-For", one.said)
		}
		ours.believe(r)
		if got := ours.address(r); got != one.want {
			t.Errorf("%s says %q: %s, want %s", one.peer, one.said, got, one.want)
		}
	}

	spoof := func(r *http.Request) {
		r.Header.Set("X-Forwarded-Proto", "https")
		r.Header.Set("X-Forwarded-Ssl", "on")
		r.Header.Set("X-Forwarded-For", "198.51.100.9")
		r.Header.Set("X-Request-Id", "chosen-by-a-stranger")
	}
	stranger, proxy := serve(t, Options{Demo: true}), serve(t, Options{Demo: true, Proxies: trust{netip.MustParsePrefix("127.0.0.1/32")}})
	for s, believed := range map[*site]bool{stranger: false, proxy: true} {
		res := s.ask("", post, "/demo/sign-in", fields("id", "demo-31"), spoof)
		for _, k := range res.Cookies() {
			if k.Secure != believed {
				t.Errorf("believed %v: cookie %s is Secure: %v", believed, k.Name, k.Secure)
			}
		}
		if hsts := res.Header.Get("Strict-Transport-Security"); (hsts != "") != believed {
			t.Errorf("believed %v: Strict-Transport-Security %q", believed, hsts)
		}
		if (res.Header.Get("X-Request-Id") == "chosen-by-a-stranger") != believed {
			t.Errorf("believed %v: request id %s", believed, res.Header.Get("X-Request-Id"))
		}
		bad := s.ask("", get, "/", nil, func(r *http.Request) { r.Header.Set("X-Request-Id", "<script> level=ERROR msg=forged") })
		if strings.Contains(bad.Header.Get("X-Request-Id"), "<") || strings.Contains(s.log.String(), "forged") {
			t.Errorf("believed %v: a number of a request that is none was taken", believed)
		}
	}

	// Guessing passwords under made-up addresses is guessing from one.
	for s, believed := range map[*site]bool{stranger: false, proxy: true} {
		slowed := false
		for i := range 12 {
			res := s.ask("", post, "/sign-in", fields("name", "demo-31", "password", fmt.Sprint("guess number ", i)), func(r *http.Request) {
				r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i))
			})
			slowed = slowed || strings.Contains(res.body, "试得太多了")
		}
		if slowed == believed {
			t.Errorf("believed %v: slowed down %v", believed, slowed)
		}
	}
}

// TestKitchen: places are given to those who had none longest, one is kept from
// strangers, one reader has a bound, and who leaves the line frees it.
func TestKitchen(t *testing.T) {
	k := newKitchen(2)
	ctx := t.Context()
	flood, ok := k.admit(ctx, "flood", true)
	if !ok {
		t.Fatal("an empty kitchen turned somebody away")
	}
	type served struct {
		who  string
		done func()
	}
	order := make(chan served, costlyEach+1)
	var all sync.WaitGroup
	line := func(who string, stranger bool, before int) { // until so many wait
		all.Go(func() {
			done, ok := k.admit(ctx, who, stranger)
			if !ok {
				t.Errorf("%s was turned away", who)
				return
			}
			order <- served{who, done}
		})
		for waiting := -1; waiting < before; {
			k.mu.Lock()
			waiting = len(k.line)
			k.mu.Unlock()
		}
	}
	for i := range costlyEach - 1 {
		line("flood", true, i+1)
	}
	if _, ok := k.admit(ctx, "flood", true); ok {
		t.Error("one reader has more than its bound")
	}
	line("another", true, costlyEach)
	member, ok := k.admit(ctx, "member", false)
	if !ok {
		t.Fatal("no place for a member")
	}
	member()
	flood()
	first := <-order
	if first.who != "another" {
		t.Errorf("%s was served before who had no turn", first.who)
	}
	first.done()
	for range costlyEach - 1 {
		next := <-order
		next.done()
	}
	all.Wait()
	gone, stop := context.WithCancel(ctx)
	held, _ := k.admit(ctx, "a", true)
	left := make(chan bool)
	go func() { _, ok := k.admit(gone, "b", true); left <- ok }()
	stop()
	if <-left {
		t.Error("who left was served")
	}
	held()
	if k.busy != 0 || k.alien != 0 || len(k.line) != 0 || len(k.readers) != 0 {
		t.Errorf("left over: %+v", k)
	}
}

// TestCostlyPagesAreShared: who is nobody gets the page that was made for the
// last, until something changes; who is somebody gets their own; languages and
// hosts are apart; and it is not taken for a page that sets a cookie.
func TestCostlyPagesAreShared(t *testing.T) {
	s := serve(t, Options{})
	const path = "/standards/sh-express/compare?a=1&b=2"
	count := func() int { s.web.kitchen.mu.Lock(); defer s.web.kitchen.mu.Unlock(); return len(s.web.kitchen.kept) }
	first := s.ask("", get, path, nil)
	again := s.ask("", get, path, nil)
	if count() != 1 || first.body != again.body || first.Header.Get("X-Request-Id") == again.Header.Get("X-Request-Id") {
		t.Errorf("%d kept; bodies the same: %v", count(), first.body == again.body)
	}
	checkHeaders(t, again)
	if res := s.ask("", get, path, nil, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: langCookie, Value: "en"}) }); !strings.Contains(res.body, `lang="en"`) {
		t.Error("the other language is the same page")
	}
	if res := s.ask("demo-31", get, path, nil); !strings.Contains(res.body, "上海代表（示范）") {
		t.Error("a member gets a stranger's page")
	}
	if res := s.ask("", get, path, nil); strings.Contains(res.body, "上海代表（示范）") {
		t.Error("a stranger gets a member's page")
	}
	was := count()
	if res := s.ask("", get, path+"&lang=en", nil); len(res.Cookies()) == 0 || count() != was {
		t.Errorf("a page that sets a cookie was kept: %d, were %d", count(), was)
	}
	if res := s.ask("demo-31", post, "/standards/sh-express/comments", fields("on", "proxy", "type", "ed", "body", "变了")); res.StatusCode != 303 {
		t.Fatal(res.StatusCode)
	}
	s.ask("", get, path, nil)
	head := s.lastEvent()
	s.web.kitchen.mu.Lock()
	for key, d := range s.web.kitchen.kept {
		if strings.HasPrefix(key, "zh") && d.event != head {
			t.Errorf("a page of event %d is kept, the last is %d", d.event, head)
		}
	}
	s.web.kitchen.mu.Unlock()
	for range 3 { // many at once are one
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if res := s.ask("", get, "/compare?a=js-express&b=sh-express", nil); res.StatusCode != 200 {
					t.Errorf("one of twenty: %d", res.StatusCode)
				}
			})
		}
		all.Wait()
	}
}

// TestBusyIsSaid: who finds all places taken for too long is told when to come
// back; a page that failed gives its place back.
func TestBusyIsSaid(t *testing.T) {
	s := serve(t, Options{Together: 1})
	done, _ := s.web.kitchen.admit(t.Context(), "somebody", false)
	s.web.kitchen.readers["address 127.0.0.1"] = costlyEach
	res := s.ask("", get, "/compare?a=js-express&b=sh-express", nil)
	if res.StatusCode != 503 || res.Header.Get("Retry-After") != "5" || !strings.Contains(res.body, "现在太忙") {
		t.Errorf("%d %q\n%s", res.StatusCode, res.Header.Get("Retry-After"), bodyText(res.body))
	}
	checkHeaders(t, res)
	delete(s.web.kitchen.readers, "address 127.0.0.1")
	done()
	for range 3 {
		if res := s.ask("", get, "/compare?a=nowhere&b=sh-express", nil); res.StatusCode != 404 {
			t.Errorf("a page that fails: %d", res.StatusCode)
		}
	}
	if s.web.kitchen.busy != 0 || len(s.web.kitchen.making) != 0 {
		t.Errorf("places that were not given back: %+v", s.web.kitchen)
	}
	for _, path := range costly {
		if !served[path] {
			t.Errorf("%s is costly and not on the map", path)
		}
	}
}

// TestRedirectsStayHere: wherever a form or an address says where to go next, it
// is on this site.
func TestRedirectsStayHere(t *testing.T) {
	s := serve(t, Options{Demo: true})
	here, _ := url.Parse(s.URL)
	for _, to := range []string{
		"https://evil.example/", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
		"https:evil.example", "http:/evil.example", "javascript:alert(1)", "data:text/html,x", "@evil.example", "/@evil.example/..//evil.example", "//127.0.0.1@evil.example", "/%2f/evil.example", "/%5cevil.example",
		"/..//evil.example", "/.//evil.example", ".//evil.example", "?//evil.example", "evil.example", "/\x00/evil.example", "/\r\nLocation: https://evil.example", "/\u2028/evil.example", "／／evil.example", "/／evil.example",
	} {
		for _, path := range []string{"/demo/sign-in"} {
			res := s.ask("", post, path, fields("id", "demo-31", "next", to), func(r *http.Request) { r.Header.Set("Referer", "https://evil.example/") })
			location := res.Header.Get("Location")
			at, err := here.Parse(location)
			if res.StatusCode != 303 || err != nil || at.Host != here.Host || at.Scheme != here.Scheme || strings.ContainsAny(location, "\\\t\r\n") {
				t.Errorf("%s, next %q: %d to %q (%v)", path, to, res.StatusCode, location, err)
			}
		}
		res := s.ask("", get, "/sign-in?next="+url.QueryEscape(to), nil)
		if strings.Contains(res.body, `value="https://evil`) || strings.Contains(res.body, `value="//`) || strings.Contains(res.body, `value="\`) {
			t.Errorf("next %q stands in the form", to)
		}
	}
}

// TestSubmittedTwice: a comment that a form names twice is refused, not a fault.
func TestSubmittedTwice(t *testing.T) {
	s := serve(t, Options{})
	shanghai := registry.Member{ID: "demo-31", Region: "31", Role: registry.Representative}
	k, err := s.reg.AddComment(shanghai, registry.Comment{On: registry.Ref{Standard: "sh-express", Clause: "proxy"}, Scope: "31", Body: "内部先议"})
	if err != nil {
		t.Fatal(err)
	}
	for _, do := range []string{"merge", "each"} {
		res := s.ask("demo-31", post, "/standards/sh-express/comments/submit", fields("do", do, "comment", k.ID, "comment", k.ID, "merged", "合并", "merged_type", "te"))
		if res.StatusCode != 422 && res.StatusCode != 409 {
			t.Errorf("%s: %d\n%s", do, res.StatusCode, bodyText(res.body))
		}
	}
}

// personal are words that a log must not hold: names, addresses, passwords, what
// people write and ask.
var personal = []string{"示范）", "张三", "zhang@", "@example.org", "127.0.0.1", "correct horse", "guess number", "投递", "小时", "0571-12345", "tongbiao="}

// checkLog: nothing of people stands in a site's log. Every site of these tests
// is held to it when it closes.
func checkLog(t testing.TB, log string) {
	t.Helper()
	for line := range strings.Lines(log) {
		for _, word := range personal {
			if strings.Contains(line, word) {
				t.Errorf("the log holds %q: %.300s", word, line)
			}
		}
	}
}

// TestLogNamesNobody: of what people enter, by whatever way, nothing gets into
// the log; neither does their session.
func TestLogNamesNobody(t *testing.T) {
	s := serve(t, Options{Demo: true})
	const mark = "p3rs0nal"
	token := s.token("demo-31")
	with := func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: token})
		r.Header.Set("User-Agent", mark)
		r.Header.Set("Referer", "https://"+mark+".example/")
		r.Header.Set("X-Forwarded-For", mark)
		r.SetBasicAuth(mark, mark)
	}
	asked := 0
	for _, r := range routes {
		if strings.HasSuffix(r.path, "/live") && r.method == get {
			continue
		}
		path := r.path
		for strings.Contains(path, ":") {
			at := strings.IndexByte(path, ':')
			end := at + len(path[at:])
			if i := strings.IndexByte(path[at:], '/'); i >= 0 {
				end = at + i
			}
			path = path[:at] + mark + path[end:]
		}
		form := url.Values{}
		for _, name := range []string{"name", "password", "body", "quote", "proposed", "contact", "q", "title", "message", "source", "id", "next", "token", "address", "url", "reason"} {
			form.Set(name, mark)
		}
		s.ask("", r.method, path+"?q="+mark+"&a="+mark+"&b="+mark+"&clause="+mark, form, with)
		asked++
	}
	if asked < 100 || strings.Count(s.log.String(), "msg=request") < asked {
		t.Errorf("%d routes asked", asked)
	}
	if strings.Contains(s.log.String(), mark) || strings.Contains(s.log.String(), token) {
		for line := range strings.Lines(s.log.String()) {
			if strings.Contains(line, mark) || strings.Contains(line, token) {
				t.Errorf("the log: %s", line)
			}
		}
	}
}
