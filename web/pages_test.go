package web

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"tongbiao/registry"
	"tongbiao/registry/search"
)

func TestDemonstrationSaysSoOnEveryPage(t *testing.T) {
	s := serve(t, Options{Demo: true})
	fill := strings.NewReplacer(":id", "sh-express", ":rev", "1", ":comment", s.comment(), ":project", testProject)
	for _, r := range routes {
		path := fill.Replace(r.path)
		if r.method != get || strings.Contains(path, ":") {
			continue
		}
		res := s.ask("demo-secretary", get, path, nil)
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") || res.StatusCode >= 300 && res.StatusCode < 400 {
			continue
		}
		if !strings.Contains(res.body, `class="demo-banner"`) {
			t.Errorf("%s does not say that this is a demonstration", path)
		}
	}
	home := s.ask("", get, "/", nil).body
	for _, want := range []string{"从这里开始", "上海代表（示范）", `action="/demo/sign-in"`, "/projects/" + testProject, "/standards/sh-express"} {
		if !strings.Contains(home, want) {
			t.Errorf("home does not show %q", want)
		}
	}
	if home := serve(t, Options{}).ask("", get, "/", nil).body; strings.Contains(home, "demo") {
		t.Error("home speaks of a demonstration where there is none")
	}
}

// TestLanguageIsRemembered: ?lang=en once is English from then on, and back.
func TestLanguageIsRemembered(t *testing.T) {
	s := serve(t, Options{})
	first := s.ask("", get, "/standards?lang=en", nil)
	if !strings.Contains(first.body, `<html lang="en">`) || !strings.Contains(first.body, "/standards?lang=zh") {
		t.Errorf("first page in English: %s", bodyText(first.body))
	}
	with := func(r *http.Request) {
		for _, k := range first.Cookies() {
			r.AddCookie(k)
		}
	}
	if next := s.ask("", get, "/search", nil, with); !strings.Contains(next.body, `<html lang="en">`) {
		t.Error("the next page is not in English")
	}
	if back := s.ask("", get, "/search?lang=zh", nil, with); !strings.Contains(back.body, `<html lang="zh-CN">`) {
		t.Error("there is no way back to Chinese")
	}
	if other := s.ask("", get, "/?lang=fr", nil); !strings.Contains(other.body, `<html lang="zh-CN">`) || len(other.Cookies()) != 0 {
		t.Error("a language that is not spoken is remembered")
	}
}

// TestNoticeIsShownOnce: after a change the next page says so, the one after
// that does not, and nobody else can put words there.
func TestNoticeIsShownOnce(t *testing.T) {
	s := serve(t, Options{})
	done := s.ask("demo-31", post, "/standards/sh-express/comments", fields("on", "proxy", "type", "ge", "body", "好"))
	cookies := done.Cookies()
	if done.StatusCode != 303 || len(cookies) == 0 {
		t.Fatalf("%d, cookies %v", done.StatusCode, cookies)
	}
	with := func(r *http.Request) {
		for _, k := range cookies {
			r.AddCookie(k)
		}
	}
	page := s.ask("demo-31", get, done.Header.Get("Location"), nil, with)
	if !strings.Contains(page.body, "意见已提交。") {
		t.Error("the page does not say what was done")
	}
	gone := false
	for _, k := range page.Cookies() {
		gone = gone || k.Name == noticeCookie && k.MaxAge < 0
	}
	if !gone {
		t.Error("the notice would be shown again")
	}
	forged := s.ask("", get, "/", nil, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: noticeCookie, Value: "site.foot"}) })
	if strings.Contains(forged.body, `role="status"`) {
		t.Error("any text can be made a notice")
	}
}

func TestAssetsAreKeptByTheBrowser(t *testing.T) {
	s := serve(t, Options{})
	at := strings.Index(s.ask("", get, "/", nil).body, "/assets/tongbiao.")
	if at < 0 {
		t.Fatal("home loads no style")
	}
	home := s.ask("", get, "/", nil).body
	path, _, _ := strings.Cut(home[at:], `"`)
	res := s.ask("", get, path, nil)
	if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/css") || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
		t.Fatalf("%s: %d, %v", path, res.StatusCode, res.Header)
	}
	again := s.ask("", get, path, nil, func(r *http.Request) { r.Header.Set("If-None-Match", res.Header.Get("ETag")) })
	if again.StatusCode != http.StatusNotModified || again.body != "" {
		t.Errorf("asked for again: %d", again.StatusCode)
	}
	if page := s.ask("", get, "/standards", nil); page.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("a page may be kept: %q", page.Header.Get("Cache-Control"))
	}
}

// TestHead: whoever only wants to know whether a page is there gets no body.
func TestHead(t *testing.T) {
	s := serve(t, Options{})
	for path, want := range map[string]int{"/": 200, "/standards/nowhere": 404, "/healthz": 200} {
		if res := s.ask("", http.MethodHead, path, nil); res.StatusCode != want || res.body != "" {
			t.Errorf("HEAD %s: %d with %d bytes, want %d with none", path, res.StatusCode, len(res.body), want)
		}
	}
}

// TestNewStandardWhoseNameIsTaken: two drafters who begin a standard of one
// number at once get two working copies; nothing is overwritten.
func TestNewStandardWhoseNameIsTaken(t *testing.T) {
	s := serve(t, Options{})
	form := fields("subject", "末端投递", "kind", "local", "number", "DB31/T 900009—2026", "region", "31", "type", "guide")
	for _, one := range []struct{ as, to string }{{"demo-31", "/drafts/db31-t-900009"}, {"demo-author", "/drafts/db31-t-900009-2"}} {
		if res := s.ask(one.as, post, "/drafts/new", form); res.StatusCode != 303 || res.Header.Get("Location") != one.to {
			t.Errorf("%s: %d to %q, want %q", one.as, res.StatusCode, res.Header.Get("Location"), one.to)
		}
	}
}

// submitAs sends a text through a member's working copy.
func (s *site) submitAs(as string, w registry.WorkingCopy, source, message string) answer {
	s.t.Helper()
	return s.ask(as, post, "/drafts/"+w.Standard, fields("do", "submit", "version", strconv.FormatUint(w.Version, 10), "source", source, "message", message))
}

// TestMergeTakesBothSides: what two people changed in different clauses is in the
// next revision without a question.
func TestMergeTakesBothSides(t *testing.T) {
	s := serve(t, Options{})
	mine, theirs := s.startDraftOf("demo-author", "sh-express"), s.startDraftOf("demo-31", "sh-express")
	if res := s.submitAs("demo-31", theirs, strings.Replace(string(theirs.Source), "5 日内", "3 日内", 1), "收紧"); res.StatusCode != 303 {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	done := s.submitAs("demo-author", mine, strings.Replace(string(mine.Source), "24 h", "12 h", 1), "也收紧")
	if done.StatusCode != 303 || done.Header.Get("Location") != "/standards/sh-express/4" {
		t.Fatalf("%d to %q\n%s", done.StatusCode, done.Header.Get("Location"), bodyText(done.body))
	}
	text := s.ask("", get, "/standards/sh-express/4/source", nil).body
	if !strings.Contains(text, "12 h") || !strings.Contains(text, "3 日内") {
		t.Errorf("the merge lost a side:\n%s", text)
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("前面的话。", 60) + "应在 24 h 内投递。" + strings.Repeat("后面的话。", 60)
	at := strings.Index(long, "24 h")
	var b strings.Builder
	for _, w := range hitOf(search.Hit{Text: long, Marks: [][2]int{{at, at + 4}}}).Words {
		if w.Marked {
			b.WriteString("[" + w.Text + "]")
			continue
		}
		b.WriteString(w.Text)
	}
	if got := b.String(); !strings.HasPrefix(got, "…应在 [24 h] 内投递。后面的话。") || !strings.HasSuffix(got, "…") || len([]rune(got)) > sentenceRunes+6 {
		t.Errorf("got %s", got)
	}
	if got := hitOf(search.Hit{Text: "短"}).Words; len(got) != 1 || got[0].Text != "短" {
		t.Errorf("a short text: %v", got)
	}
}

// Of a long clause the sentence is shown that has most of the words, and of several
// such the one that binds; its figures come first.
func TestDecisiveSentence(t *testing.T) {
	filler := strings.Repeat("其他事项按照有关规定办理，另行公布的从其规定。\n\n", 8)
	text := "快件保管的说明见前文。\n\n" + filler + "快件的保管期应不少于 5 日。\n\n" + filler + "保管费不超过 2 元。"
	var marks [][2]int
	for at := 0; ; {
		i := strings.Index(text[at:], "保管")
		if i < 0 {
			break
		}
		marks = append(marks, [2]int{at + i, at + i + len("保管")})
		at += i + len("保管")
	}
	h := hitOf(search.Hit{Text: text, Marks: marks})
	var b strings.Builder
	for _, w := range h.Words {
		b.WriteString(w.Text)
	}
	if got := b.String(); !strings.Contains(got, "应不少于 5 日") || strings.Contains(got, "\n…") || len(h.Quantities) != 2 || h.Quantities[0] != "≥ 5 日" {
		t.Errorf("%q, figures %v", got, h.Quantities)
	}
}

func TestLocal(t *testing.T) {
	for to, want := range map[string]string{
		"/events": "/events", "/search?q=a&b=c": "/search?q=a&b=c", "": "/", "//evil.example": "/", "/\\evil.example": "/",
		"https://evil.example": "/", "/\tx": "/", "javascript:alert(1)": "/",
	} {
		if got := local(to); got != want {
			t.Errorf("local(%q) = %q, want %q", to, got, want)
		}
	}
}

// BenchmarkPages measures whole pages of the bundled texts, without the
// network; kB is what is sent before compression.
func BenchmarkPages(b *testing.B) {
	s := bundled(b)
	for _, path := range []string{"/", "/search?q=%E6%8A%95%E9%80%92%E6%97%B6%E9%99%90", "/standards/db31-t-sf001", "/standards/db31-t-sf001/compare?a=1&b=2"} {
		b.Run(path, func(b *testing.B) {
			r, err := http.NewRequest(http.MethodGet, "http://site"+path, nil)
			if err != nil {
				b.Fatal(err)
			}
			size := 0
			for b.Loop() {
				var w sink
				s.web.ServeHTTP(&w, r)
				size = w.n
			}
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
}

// TestMergeHidesNoDecision: a clause that one side removed stands in the merged
// text with a mark, so that it cannot be submitted before somebody has decided.
func TestMergeHidesNoDecision(t *testing.T) {
	s := serve(t, Options{})
	mine, theirs := s.startDraftOf("demo-author", "sh-express"), s.startDraftOf("demo-31", "sh-express")
	if res := s.submitAs("demo-31", theirs, strings.Replace(string(theirs.Source), "5 日内", "3 日内", 1), "收紧"); res.StatusCode != 303 {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	changed, _, ok := strings.Cut(string(mine.Source), "## 投诉 {#complaints}")
	if !ok {
		t.Fatal("the text has no clause on complaints")
	}
	page := s.submitAs("demo-author", mine, changed, "删去")
	if page.StatusCode != 409 || !strings.Contains(page.body, "&lt;&lt;&lt;&lt;&lt;&lt;&lt;") {
		t.Errorf("a removal against a change carries no mark: %d\n%s", page.StatusCode, bodyText(page.body))
	}
}

func TestMergeMarksTheFrontMatter(t *testing.T) {
	if got := fieldName("Status"); got != "status" {
		t.Errorf("Header.Status is called %q", got)
	}
	if left := unmerged("---\ntitle: x\nmerge-status: superseded\n---\n"); len(left) != 1 || left[0].Line != 3 {
		t.Errorf("a field with two values passes: %+v", left)
	}
}
