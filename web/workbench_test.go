package web

import (
	"html"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tongbiao/editor"
	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/standards"
)

// do sends a form to a row of the test project and expects a status.
func (s *site) do(as string, row registry.RowView, form string, status int, pairs ...string) answer {
	s.t.Helper()
	res := s.ask(as, http.MethodPost, rowURL(testProject, row.ID)+"/"+form, fields(pairs...))
	if res.StatusCode != status {
		s.t.Fatalf("%s by %s: %d, want %d\n%s", form, as, res.StatusCode, status, bodyText(res.body))
	}
	return res
}

func (s *site) see(as, path string, shows ...string) string {
	s.t.Helper()
	res := s.ask(as, http.MethodGet, path, nil)
	if res.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %d\n%s", path, res.StatusCode, bodyText(res.body))
	}
	for _, want := range shows {
		if !strings.Contains(res.body, want) {
			s.t.Errorf("%s does not show %q\n%s", path, want, bodyText(res.body))
		}
	}
	return res.body
}

// version of a row, and the hash of its unified clause, as a form carries them.
func at(row registry.RowView) string { return strconv.Itoa(row.Version) }

const clauseText = "快件到达末端网点后，应在 24 h 内投递。\n\n未能投递的，应告知用户原因。"

// One row from four texts to a settled clause, by forms alone: two people write
// at once, one region objects, the clause is changed, all agree.
func TestRowFromTextsToSettled(t *testing.T) {
	s := serve(t, Options{})
	row := s.rowWith("24 h")
	here := rowURL(testProject, row.ID)

	s.do("demo-31", row, "unify", 303, "version", at(row), "title", "投递时限", "text", clauseText)
	s.see("demo-32", here, "2.1", "原文", "新拟", "未表态", `<b class="r31">沪</b>`, "/standards/sh-express/2#delivery-time", "提交立场")

	// The second writer had seen the row as it was before.
	res := s.do("demo-32", row, "unify", 409, "version", at(row), "title", "时限", "text", "应在 48 h 内投递。")
	for _, want := range []string{"刚被别人改过", "现在的条款（上海代表（示范）刚改过）", "应在 24 h 内投递", "应在 48 h 内投递。</textarea>", `value="时限"`} {
		if !strings.Contains(res.body, want) {
			t.Errorf("the conflict does not show %q\n%s", want, bodyText(res.body))
		}
	}
	if got := s.rowWith("24 h").Unified.Text; got != clauseText {
		t.Errorf("a refused form changed the clause to %q", got)
	}

	now := s.rowWith("24 h")
	s.do("demo-31", now, "position", 303, "region", "31", "verdict", "agree", "hash", now.Unified.Hash)
	s.do("demo-32", now, "position", 422, "region", "32", "verdict", "object", "hash", now.Unified.Hash, "note", "")
	s.do("demo-32", now, "position", 303, "region", "32", "verdict", "object", "hash", now.Unified.Hash, "note", "时限太短<i>")
	s.see("", here, "有分歧", "时限太短&lt;i&gt;")
	s.see("", "/projects/express?state=disputed", `id="`+row.ID+`"`, "1 同意", "1 不同意")

	hash := now.Unified.Hash
	s.do("demo-31", now, "unify", 303, "version", at(now), "title", "投递时限", "text", strings.Replace(clauseText, "24 h", "36 h", 1))
	s.do("demo-32", now, "position", 409, "region", "32", "verdict", "agree", "hash", hash) // on a text that is gone
	now = s.rowWith("24 h")
	body := s.see("", here, "改写自", "针对先前条文", "<del>24", "<ins><b>36", "历次表态（1）")
	if strings.Count(body, `v-owed`) != 2 {
		t.Error("after a change of the clause both regions owe a position")
	}
	s.see("demo-31", "/projects/express?mine=1", `id="`+row.ID+`"`, "1 / 4 个条目")
	for _, region := range []string{"31", "32"} {
		s.do("demo-"+region, now, "position", 303, "region", region, "verdict", "agree", "hash", now.Unified.Hash)
	}
	s.see("", "/projects/express?state=settled", `id="`+row.ID+`"`, "2 同意")
	s.see("demo-31", "/projects/express?mine=1", "没有符合条件的条目")
	s.see("", "/projects/express/draft", "应在 36 h 内投递", "未能投递的", "已定", here, "尚无统一条款的条目（3）")
	s.see("", "/projects/express/concordance", "据沪改写", "已定")
}

func TestCorrectionsByForm(t *testing.T) {
	s := serve(t, Options{})
	conserved := func() {
		t.Helper()
		s.see("", "/projects/express", "没有遗漏", "4 / 4 段", "3 / 3 段")
	}
	row, other := s.rowWith("24 h"), s.rowWith("代收")
	s.do("demo-31", row, "move", 303, "version", at(row), "column", "31", "passage", passageValue(row.Cells["31"][0]), "into", other.ID)
	conserved()
	moved := s.rowWith("24 h")
	if moved.ID != other.ID || len(moved.Cells["31"]) != 2 || moved.Corrected != "demo-31" {
		t.Errorf("after the move: %+v", moved.Row)
	}
	s.see("demo-31", rowURL(testProject, moved.ID), "2.1", "2.2", "校正过")
	s.do("demo-31", row, "confirm", 409, "version", at(row), "confirmed", "yes")
	rest := s.rowWith("48小时")
	s.do("demo-32", rest, "merge", 303, "version", at(rest), "into", moved.ID)
	conserved()
	if res := s.ask("", http.MethodGet, rowURL(testProject, rest.ID), nil); res.StatusCode != 404 {
		t.Errorf("a row that was merged away answers %d, want 404", res.StatusCode)
	}
	moved = s.rowWith("24 h")
	s.do("demo-32", moved, "split", 303, "version", at(moved), "column", "32")
	conserved()
	alone := s.rowWith("48小时")
	s.do("demo-author", alone, "place", 303, "version", at(alone), "topic", "江苏单列", "chapter", "其他", "order", "1")
	conserved()
	s.see("", "/projects/express", "江苏单列")
	if got := s.rowWith("48小时"); got.Order != 1 || got.Chapter != "其他" {
		t.Errorf("placed at %d in %q", got.Order, got.Chapter)
	}
}

func TestCommentsOnARow(t *testing.T) {
	s := serve(t, Options{})
	row := s.rowWith("24 h")
	res := s.do("demo-32", row, "comments", 303, "type", "te", "body", "第一行\r\n第二行", "proposed", "改成 48 h")
	_, id, _ := strings.Cut(res.Header.Get("Location"), "#")
	s.do("demo-reader", row, "comments", 303, "reply_to", id, "body", "附议")
	here := rowURL(testProject, row.ID)
	s.see("demo-31", here, "第一行\n第二行", "改成 48 h", "附议", "待处理", `id="`+id+`"`)
	s.do("demo-31", row, "comments/"+id, 403, "do", "resolve", "outcome", "采纳") // a comment of another region
	s.do("demo-32", row, "comments/"+id, 422, "do", "resolve", "outcome", "")
	s.do("demo-32", row, "comments/"+id, 303, "do", "resolve", "outcome", "采纳，见新条文")
	s.see("", here, "已处理", "采纳，见新条文")
	s.do("demo-secretary", row, "comments/"+id, 303, "do", "reopen")
	s.see("", here, "待处理")
}

// Whatever people write is shown as words.
func TestNothingWrittenBecomesMarkup(t *testing.T) {
	s := serve(t, Options{})
	row := s.rowWith("24 h")
	const evil = `<script>alert(1)</script><img src=x onerror=alert(1)>"'` + "`${x}` [a](javascript:alert(1)) {{.}}"
	s.do("demo-31", row, "place", 303, "version", at(row), "topic", "题"+evil, "chapter", "章"+evil, "order", "2")
	row = s.rowWith("24 h")
	s.do("demo-31", row, "unify", 303, "version", at(row), "title", "名"+evil, "text", "文"+evil)
	row = s.rowWith("24 h")
	s.do("demo-31", row, "position", 303, "region", "31", "verdict", "object", "hash", row.Unified.Hash, "note", "注"+evil)
	s.do("demo-31", row, "comments", 303, "type", "ed", "body", "见"+evil, "quote", "引"+evil, "proposed", "拟"+evil)
	s.do("demo-31", row, "unify", 409, "version", "0", "title", "另"+evil, "text", "又"+evil)
	here := rowURL(testProject, row.ID)
	for _, path := range []string{"/projects", "/projects/express", "/projects/express?full=1&text=" + url.QueryEscape(evil), "/projects/express?chapter=" + url.QueryEscape("章"+evil),
		"/projects/express/draft", "/projects/express/concordance", here, here + "?from=31&base=" + url.QueryEscape(evil)} {
		res := s.ask("demo-31", http.MethodGet, path, nil)
		if res.StatusCode != 200 {
			t.Fatalf("%s: %d", path, res.StatusCode)
		}
		for _, bad := range []string{"<script>alert", "<img src=x", `href="javascript:`} {
			if i := strings.Index(res.body, bad); i >= 0 {
				t.Errorf("%s holds %q: …%s…", path, bad, res.body[max(0, i-80):min(len(res.body), i+80)])
			}
		}
		checkPage(t, res)
	}
}

func TestDownloads(t *testing.T) {
	s := serve(t, Options{})
	row := s.rowWith("24 h")
	s.do("demo-31", row, "unify", 303, "version", at(row), "title", "投递时限", "text", "=应在 24 h 内投递。")
	for _, one := range []struct{ path, kind, name string }{
		{"draft.md", "text/markdown; charset=utf-8", "统一快递服务规范 统一稿.md"},
		{"concordance.md", "text/markdown; charset=utf-8", "统一快递服务规范 对照表.md"},
		{"concordance.csv", "text/csv; charset=utf-8", "统一快递服务规范 对照表.csv"},
	} {
		res := s.ask("", http.MethodGet, "/projects/express/"+one.path, nil)
		_, params, err := mime.ParseMediaType(res.Header.Get("Content-Disposition"))
		if err != nil || params["filename"] != one.name || res.Header.Get("Content-Type") != one.kind {
			t.Errorf("%s: %q %q, %v", one.path, res.Header.Get("Content-Type"), params["filename"], err)
		}
	}
	res := s.ask("", http.MethodGet, "/projects/express/draft.md", nil)
	doc, _, err := editor.Parse([]byte(res.body))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Header.Title != "统一快递服务规范" || !strings.Contains(res.body, "应在 24 h 内投递") {
		t.Errorf("draft.md:\n%s", res.body)
	}
	kept := s.ask("demo-secretary", http.MethodPost, "/projects/express/draft", fields("message", "第一次会议后"))
	if kept.StatusCode != 303 || kept.Header.Get("Location") != "/standards/draft-express/1" {
		t.Fatalf("keep: %d to %q", kept.StatusCode, kept.Header.Get("Location"))
	}
	s.see("", "/standards/draft-express/1", "应在 24 h 内投递")
	s.see("", "/projects/express/draft", "/standards/draft-express")
}

func TestANewRevisionIsSaid(t *testing.T) {
	s := serve(t, Options{})
	if _, _, err := s.reg.Submit(registry.System, registry.Submission{Standard: "sh-express", Base: 2, Source: []byte(changedText("12 h")), Message: "收紧"}); err != nil {
		t.Fatal(err)
	}
	body := s.see("", "/projects/express", "沪 有了新版本（第 3 版），本项目固定在第 2 版", "24 h 内")
	link := regexp.MustCompile(`href="(/standards/sh-express/compare[^"]*)"`).FindStringSubmatch(body)
	if link == nil {
		t.Fatal("no link to what changed")
	}
	s.see("", html.UnescapeString(link[1]), "12 h")
}

// opened serves texts with one project on them, "texts".
func opened(t testing.TB, in []registry.Incoming, floors ...registry.Ref) *site {
	t.Helper()
	dir := t.TempDir()
	store, err := bolt.Open(filepath.Join(dir, "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	done, err := reg.Import(registry.System, in)
	if err != nil {
		t.Fatal(err)
	}
	p := registry.Project{ID: "texts", Title: "统一规范", Floors: floors}
	taken := map[string]bool{}
	for _, d := range done {
		if d.Err != nil {
			t.Fatalf("%s: %v", d.Path, d.Err)
		}
		std, err := reg.Standard(d.Standard)
		if err != nil {
			t.Fatal(err)
		}
		if r := std.Region(); r != "" && !taken[r] {
			taken[r] = true
			p.Participants = append(p.Participants, registry.Participant{Region: r, Text: registry.Ref{Standard: d.Standard}})
		}
	}
	if err := reg.MakeDemonstration(p); err != nil {
		t.Fatal(err)
	}
	if err := reg.Close(); err != nil {
		t.Fatal(err)
	}
	return serveStore(t, filepath.Join(dir, "registry.db"), Options{})
}

func bundled(t testing.TB) *site {
	t.Helper()
	var in []registry.Incoming
	names, err := fs.Glob(standards.FS, "*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(standards.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, registry.Incoming{Path: name, Source: raw})
	}
	return opened(t, in, registry.Ref{Standard: "gb-sf001"})
}

// postal serves the real family 邮政快递.
func postal(t testing.TB) *site {
	t.Helper()
	const folder = "../../shared/data/families/邮政快递"
	var in []registry.Incoming
	for _, f := range []struct{ name, region string }{{"sh", "31"}, {"js", "32"}, {"zj", "33"}, {"ah", "34"}} {
		raw, err := os.ReadFile(filepath.Join(folder, f.name+".md"))
		if err != nil {
			t.Skipf("SKIPPED: the real regulations are not here (%s): %v", folder, err)
		}
		in = append(in, registry.Incoming{Path: f.name + ".md", Source: raw, Region: f.region, Kind: "regulation"})
	}
	return opened(t, in)
}

// Every page of a real project can be shown: each row is on the grid once and
// has a page, nothing is left out, and the pages keep to their bounds.
func TestEveryRowOfRealTexts(t *testing.T) {
	for name, open := range map[string]func(testing.TB) *site{"bundled": bundled, "postal": postal} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			v, err := s.reg.Workbench("texts")
			if err != nil {
				t.Fatal(err)
			}
			shown := map[string]int{}
			rowID := regexp.MustCompile(`<tbody role="rowgroup" id="([^"]+)"`)
			for page := 1; ; page++ {
				res := s.ask("demo-31", http.MethodGet, "/projects/texts?page="+strconv.Itoa(page), nil)
				checkPage(t, res)
				if !strings.Contains(res.body, "没有遗漏") {
					t.Error("the grid does not say that nothing is left out")
				}
				for _, m := range rowID.FindAllStringSubmatch(res.body, -1) {
					shown[m[1]]++
				}
				if !strings.Contains(res.body, `rel="next"`) {
					break
				}
			}
			for i, row := range v.Rows {
				if shown[row.ID] != 1 {
					t.Errorf("row %s stands on the grid %d times", row.ID, shown[row.ID])
				}
				if testing.Short() && i > 20 {
					continue
				}
				res := s.ask("demo-31", http.MethodGet, rowURL("texts", row.ID)+"?from=central", nil)
				if res.StatusCode != 200 {
					t.Fatalf("row %s: %d", row.ID, res.StatusCode)
				}
				checkPage(t, res)
			}
			for _, sort := range sorts {
				s.see("", "/projects/texts?sort="+sort+"&full=1")
			}
		})
	}
}

func TestSentencesStandBesideTheNearest(t *testing.T) {
	lines := sentencesOf([][]string{
		{"快件应在24小时内投递。", "逾期的应说明原因。"},
		{"营业时间以外，宜提供自助取件服务。", "快件应在48小时内投递。"},
		{},
		{"营业时间以外，可提供自助取件服务。", "每日营业不少于8小时。"},
	}, 0)
	var got []string
	for _, line := range lines {
		var cells []string
		for _, cell := range line.Cells {
			var texts []string
			for _, h := range cell {
				texts = append(texts, html.UnescapeString(anyTag.ReplaceAllString(deletion.ReplaceAllString(string(h), ""), "")))
			}
			cells = append(cells, strings.Join(texts, "+"))
		}
		got = append(got, strings.Join(cells, "|"))
	}
	want := []string{
		"快件应在24小时内投递。|快件应在48小时内投递。||",
		"逾期的应说明原因。|||",
		"|营业时间以外，宜提供自助取件服务。||营业时间以外，可提供自助取件服务。",
		"|||每日营业不少于8小时。",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

var anyTag = regexp.MustCompile(`</?(mark|b|i|ins|del)>|<span class="gap">‸</span>`)
var deletion = regexp.MustCompile(`(?s)<del>.*?</del>`)

// FuzzMarks: marks add tags, nest, and change no word.
func FuzzMarks(f *testing.F) {
	f.Add("快件应在24小时内投递。", "快件不应在48小时内投递，<b>宜</b>告知。")
	f.Add("", "应在 3 日内答复。\n逾期的，可以投诉。")
	f.Add("处五百元以上一万元以下罚款", "处五百元以上罚款&amp;")
	f.Fuzz(func(t *testing.T, was, is string) {
		if len(was)+len(is) > 4000 {
			return
		}
		parts := strings.Split(is, "\n")
		for _, base := range []bool{true, false} {
			for i, got := range markCell(was, parts, base, true, len(is)) {
				checkMarks(t, string(got), parts[i])
			}
		}
		checkMarks(t, deletion.ReplaceAllString(string(markChange(was, is)), ""), is)
	})
}

func checkMarks(t *testing.T, marked, text string) {
	t.Helper()
	var open []string
	for _, tag := range anyTag.FindAllString(marked, -1) {
		switch {
		case strings.HasPrefix(tag, "<span"):
		case strings.HasPrefix(tag, "</"):
			if len(open) == 0 || open[len(open)-1] != tag[2:] {
				t.Fatalf("tags do not nest in %q", marked)
			}
			open = open[:len(open)-1]
		default:
			open = append(open, tag[1:])
		}
	}
	if len(open) > 0 {
		t.Fatalf("tags left open in %q", marked)
	}
	escaped := strings.NewReplacer("\x00", "\uFFFD").Replace(text)
	if got := html.UnescapeString(anyTag.ReplaceAllString(marked, "")); got != html.UnescapeString(html.EscapeString(escaped)) {
		t.Fatalf("words changed: %q, want %q", got, text)
	}
}

// Marks take linear time: a passage of 2 MB full of numbers and modal words is
// done while a page may still be waited for.
func TestMarksOfALongText(t *testing.T) {
	text := strings.Repeat("应在 24 h 内投递，不得收费；宜告知。", 40_000)
	start := time.Now()
	got := markCell("", []string{text, text}, true, true, len(text))
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
	if n := strings.Count(string(got[1]), "<b>"); n != 40_000 {
		t.Errorf("%d quantities marked in the second passage, want 40000", n)
	}
	if got := markCell("", []string{"应在二十四小时内"}, true, false, 7); got[0] != "应在…" {
		t.Errorf("clipped to %q", got[0])
	}
}

// The workbench of the bundled texts and of four real regulations, first byte to
// last, without the network; kB is what is sent before compression.
func BenchmarkWorkbenchPage(b *testing.B) {
	for _, c := range []struct {
		name, path string
		open       func(testing.TB) *site
	}{{"bundled", "/projects/texts", bundled}, {"postal", "/projects/texts", postal}, {"60 rows", "/projects/texts?diff=scope", postal}} {
		b.Run(c.name, func(b *testing.B) {
			s := c.open(b)
			r, err := http.NewRequest(http.MethodGet, "http://site"+c.path, nil)
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

// sink counts a response.
type sink struct {
	header http.Header
	n      int
}

func (s *sink) Header() http.Header {
	if s.header == nil {
		s.header = http.Header{}
	}
	return s.header
}
func (s *sink) Write(p []byte) (int, error) { s.n += len(p); return len(p), nil }
func (s *sink) WriteHeader(int)             {}
