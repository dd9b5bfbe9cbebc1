package web

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tongbiao/registry"
)

// message is one server-sent event.
type message struct{ id, name, data string }

// listener reads a project's stream over HTTP.
type listener struct {
	t    *testing.T
	res  *http.Response
	from *bufio.Reader
	stop context.CancelFunc
}

// listen opens a stream as a member; headers are name, value, ….
func (s *site) listen(t *testing.T, as, path string, headers ...string) *listener {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(stop)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("Accept", "text/event-stream")
	if as != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.token(as)})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return &listener{t, res, bufio.NewReader(res.Body), stop}
}

// next is the next message; ok is false at the end of the stream.
func (l *listener) next() (m message, ok bool) {
	l.t.Helper()
	for {
		line, err := l.from.ReadString('\n')
		if err != nil {
			return m, false
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "id":
			m.id = value
		case "event":
			m.name = value
		case "data":
			m.data = value
		case "":
			if m.name != "" {
				return m, true
			}
		}
	}
}

// await reads until a message of this name.
func (l *listener) await(name string) message {
	l.t.Helper()
	for {
		m, ok := l.next()
		if !ok {
			l.t.Fatalf("the stream ended before %q", name)
		}
		if m.name == name {
			return m
		}
	}
}

func (m message) change(t *testing.T) (out liveChange) {
	t.Helper()
	if err := json.Unmarshal([]byte(m.data), &out); err != nil {
		t.Fatalf("%q: %v", m.data, err)
	}
	return out
}

const liveURL = "/projects/" + testProject + "/live"

// write changes the unified clause of a row.
func (s *site) write(as string, row registry.RowView, text string) registry.Row {
	s.t.Helper()
	m, err := s.reg.Member(as)
	if err != nil {
		s.t.Fatal(err)
	}
	now, err := s.reg.Row(testProject, row.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := s.reg.UnifyRow(m, testProject, row.ID, now.Version, "", text)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func TestLiveTellsOthers(t *testing.T) {
	s := serve(t, Options{Demo: true})
	row := s.rowWith("24 h")
	l := s.listen(t, "demo-32", liveURL)
	if kind := l.res.Header.Get("Content-Type"); l.res.StatusCode != 200 || !strings.HasPrefix(kind, "text/event-stream") || l.res.Header.Get("Content-Encoding") != "" {
		t.Fatalf("%s, %q, encoding %q", l.res.Status, kind, l.res.Header.Get("Content-Encoding"))
	}
	l.await("hello")
	s.write("demo-31", row, "应在 12 h 内投递。")
	m := l.await("change")
	got := m.change(t)
	if got.Verb != registry.Unify || len(got.Rows) != 1 || got.Rows[0] != row.ID || got.Mine || got.Whole || !strings.Contains(got.Says, "刚刚改了") || m.id != fmt.Sprint(got.Seq) {
		t.Errorf("heard %+v with id %q", got, m.id)
	}
	// The page asks for the row: the grid's own template, for this row alone.
	part := s.ask("demo-32", get, liveURL+"/rows?row="+row.ID, nil)
	if part.StatusCode != 200 || !strings.Contains(part.body, "12 h 内</b>") || strings.Count(part.body, "<tbody") != 1 || strings.Contains(part.body, "<html") {
		t.Errorf("the row's part: %d\n%s", part.StatusCode, part.body)
	}
	// What happens elsewhere is not told.
	if _, err := s.reg.CreateProject(registry.Member{ID: "demo-secretary", Role: registry.Secretary}, registry.Project{ID: "express2", Title: "另一个", Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}}}}); err != nil {
		t.Fatal(err)
	}
	s.write("demo-32", row, "应在 6 h 内投递。")
	if got := l.await("change").change(t); got.Verb != registry.Unify || !got.Mine {
		t.Errorf("heard %+v, want the own change", got)
	}
}

// Who comes back hears everything that happened in between, once.
func TestLiveResumes(t *testing.T) {
	s := serve(t, Options{Demo: true})
	row := s.rowWith("24 h")
	since := s.lastEvent()
	l := s.listen(t, "", liveURL, "Last-Event-ID", fmt.Sprint(since))
	for n := range 3 {
		s.write("demo-31", row, fmt.Sprintf("第 %d 稿。", n))
	}
	first := l.await("change")
	l.stop()
	for n := range 40 {
		s.write("demo-31", row, fmt.Sprintf("后来的第 %d 稿。", n))
	}
	again := s.listen(t, "", liveURL+"?since=1", "Last-Event-ID", first.id) // the header is newer than the address
	for want := first.change(t).Seq + 1; want <= since+43; want++ {
		if got := again.await("change").change(t); got.Seq != want {
			t.Fatalf("heard event %d, want %d", got.Seq, want)
		}
	}
	ahead := s.listen(t, "", liveURL, "Last-Event-ID", "999999").await("hello")
	if !strings.Contains(ahead.data, `"lost":true`) || ahead.id != fmt.Sprint(s.lastEvent()) {
		t.Errorf("a reader of another log was told %+v, want to begin anew", ahead)
	}
	s.web.live.behind = 50
	for n := range 30 {
		s.write("demo-31", row, fmt.Sprintf("很多稿之%d。", n))
	}
	if far := s.listen(t, "", liveURL, "Last-Event-ID", first.id).await("hello"); !strings.Contains(far.data, `"lost":true`) {
		t.Errorf("who is %d events behind was told %q", 70, far.data)
	}
}

// A stream outlives the server's timeouts, and ends when the server stops.
func TestLiveOutlivesTimeoutsAndEndsAtShutdown(t *testing.T) {
	s := serve(t, Options{Demo: true})
	s.web.live.beat = 50 * time.Millisecond
	server := httptest.NewUnstartedServer(s.web)
	server.Config.ReadTimeout, server.Config.WriteTimeout = 250*time.Millisecond, 250*time.Millisecond
	server.Config.RegisterOnShutdown(s.web.Quiesce)
	server.Start()
	defer server.Close()
	s.URL = server.URL
	l := s.listen(t, "", liveURL)
	l.await("hello")
	begun := time.Now()
	for time.Since(begun) < time.Second { // four times the timeouts, told by the beats
		line, err := l.from.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream ended after %v: %v", time.Since(begun), err)
		}
		if line != ": \n" && line != "\n" && !strings.HasPrefix(line, "event: people") && !strings.HasPrefix(line, "data: ") {
			t.Errorf("got %q, want a beat", line)
		}
	}
	s.write("demo-31", s.rowWith("24 h"), "应在 12 h 内投递。")
	l.await("change")
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	if err := server.Config.Shutdown(ctx); err != nil {
		t.Fatalf("shutdown waits for the stream: %v", err)
	}
	for {
		if _, ok := l.next(); !ok {
			break
		}
	}
}

func TestLiveIsBounded(t *testing.T) {
	s := serve(t, Options{Demo: true})
	s.web.live.each = 3
	token := s.token("demo-31")
	cookie := sessionCookie + "=" + token
	var open []*listener
	for range 3 {
		l := s.listen(t, "", liveURL, "Cookie", cookie)
		l.await("hello")
		open = append(open, l)
	}
	over := s.listen(t, "", liveURL, "Cookie", cookie)
	if over.res.StatusCode != http.StatusTooManyRequests || over.res.Header.Get("Retry-After") == "" {
		t.Fatalf("the fourth stream of one session: %s", over.res.Status)
	}
	if other := s.listen(t, "demo-32", liveURL); other.res.StatusCode != 200 {
		t.Errorf("another session is turned away: %s", other.res.Status)
	}
	open[0].stop()
	for { // the server notices when it notices; the listener's deadline bounds this
		if l := s.listen(t, "", liveURL, "Cookie", cookie); l.res.StatusCode == 200 {
			break
		}
	}
}

func TestPresence(t *testing.T) {
	s := serve(t, Options{Demo: true})
	row := s.rowWith("24 h")
	watching := s.listen(t, "", liveURL)
	watching.await("hello")
	l := s.listen(t, "demo-32", liveURL)
	var hello struct{ Stream string }
	if err := json.Unmarshal([]byte(l.await("hello").data), &hello); err != nil || hello.Stream == "" {
		t.Fatal(err)
	}
	here := func(as string, form url.Values) int { return s.ask(as, post, liveURL, form).StatusCode }
	if got := here("demo-31", fields("stream", hello.Stream, "row", row.ID)); got != http.StatusGone {
		t.Errorf("somebody else's stream: %d", got)
	}
	if got := here("demo-32", fields("stream", hello.Stream, "row", row.ID)); got != http.StatusNoContent {
		t.Fatalf("a sign of life: %d", got)
	}
	for m := watching.await("people"); !strings.Contains(m.data, row.ID); m = watching.await("people") {
	}
	for _, page := range []string{"/projects/" + testProject, rowURL(testProject, row.ID)} {
		if body := s.ask("", get, page, nil).body; !strings.Contains(body, `class="here-who r32"`) {
			t.Errorf("%s does not show who is there", page)
		}
	}
	l.stop() // the page is closed
	for m := watching.await("people"); strings.Contains(m.data, "here-who"); m = watching.await("people") {
	}
}

// Who gives no sign of life is gone after a while.
func TestPresenceExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPresence(time.Now)
		m := registry.Member{ID: "a", Name: "甲", Region: "31"}
		p.listen("s1", "x", m)
		p.listen("s2", "x", m)
		if p.here("s1", m, "other", "") || !p.here("s1", m, "x", "r1") || !p.here("s2", m, "x", "r2") {
			t.Fatal("a sign of life was taken for the wrong project, or not taken")
		}
		time.Sleep(presentFor - time.Second) // synctest's clock: nobody waits
		p.here("s2", m, "x", "r2")
		moved := p.moved("x")
		time.Sleep(2 * time.Second)
		p.sweep("x")
		select {
		case <-moved:
		default:
			t.Error("nobody was told that somebody is gone")
		}
		list, _ := p.people("x")
		if len(list) != 1 || list[0].Row != "r2" {
			t.Errorf("present are %+v, want the one on r2", list)
		}
	})
}
