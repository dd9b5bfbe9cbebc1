package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestTour follows the README's five-minute tour word by word, in a real
// browser: from the search box to a unified draft that knows where its
// sentences came from.
func TestTour(t *testing.T) {
	site, greeting := served(t, "--demo", "--data", t.TempDir())
	if !strings.Contains(greeting, site+"/projects/last-mile") {
		t.Errorf("the greeting does not say what to look at first:\n%s", greeting)
	}
	b := newBrowser(t, site)

	// 1 Search.
	b.open("/")
	b.shows("演示", "从这里开始", "快递末端服务规范")
	b.picture("1-home")
	b.do("search", chromedp.SendKeys(chromedp.CSS(`input[name="q"]`), "智能快件箱 保管期\r"), chromedp.WaitVisible(chromedp.CSS(".hit")))
	b.shows("保管期", "DB31/T 示范001—2025", "DB32/T 示范001—2024")
	b.picture("2-search")

	// 2 A standard, and what its new edition changed.
	b.open("/standards/db31-t-sf001")
	b.shows("快递末端服务规范", "投递时限", "示范文本")
	b.picture("3-standard")
	b.open("/standards/db31-t-sf001/compare?a=1&b=2")
	b.shows("48 h", "24 h")
	b.picture("4-editions")

	// 3 The four side by side.
	b.open("/projects/last-mile")
	b.shows("沪", "苏", "浙", "皖", "国家底线", "统一稿", "数值不同", "未找到对应条款", "已定")
	b.picture("5-workbench")

	// 4 Settle a row: the secretariat drafts, each region says what it thinks.
	row := rowOf(t, b, "投诉")
	b.signIn("demo-secretary", row)
	b.do("start from a text", chromedp.Click(chromedp.CSS(`.starts a[data-start="0"]`)), chromedp.WaitVisible(chromedp.CSS(".unsaved")))
	b.do("write", chromedp.SetValue(chromedp.CSS(`#u-title`), "投诉处理"),
		chromedp.SetValue(chromedp.CSS(`#u-text`), "快递企业应自收到投诉之日起7日内处理完毕并答复用户。处理过程应有记录。"))
	b.submit(`form.unify button.primary`)
	b.shows("投诉处理", "7日内处理完毕并答复用户", "新拟")
	b.picture("6-row")
	for _, region := range []string{"31", "32", "33", "34"} {
		b.signIn("demo-"+region, row)
		b.do("agree", chromedp.Click(chromedp.CSS(`form.speak input[value="agree"]`)))
		b.submit(`form.speak button.primary`)
	}
	b.shows("已定")
	b.picture("7-settled")

	// 5 Take the draft home.
	b.open("/projects/last-mile/draft")
	b.shows("投诉处理", "7日内处理完毕", "投递时限")
	b.shows("NUM-04") // a chapter with one clause so far: the draft is checked as a standard is
	b.picture("8-draft")
	draft := b.fetch("/projects/last-mile/draft.md")
	for _, want := range []string{"DB31/T 示范310001—2026", "7日内处理完毕", "## 规范性引用文件"} {
		if !strings.Contains(draft, want) {
			t.Errorf("the downloaded draft lacks %q:\n%s", want, draft)
		}
	}
	concordance := b.fetch("/projects/last-mile/concordance.csv")
	if !strings.Contains(concordance, "投诉处理") || !strings.Contains(concordance, "皖原文") {
		t.Errorf("the concordance does not say where the clause came from:\n%.2000s", concordance)
	}
	for _, path := range []string{"/", "/search?q=投递", "/standards", "/standards/db31-t-sf001", "/projects", "/projects/last-mile", row, "/projects/last-mile/draft", "/projects/last-mile/concordance", "/projects/last-mile/progress", "/projects/last-mile/settings"} {
		b.fits(path, 390)
		b.fits(path, 1440)
	}
}

// signIn changes to a demonstration member and goes to a page.
func (b *browser) signIn(id, path string) {
	b.t.Helper()
	b.open("/")
	if see(b, "who", chromedp.Evaluate[bool](`!!document.querySelector('form[action="/sign-out"]')`)) {
		b.do("open the menu", chromedp.Click(chromedp.CSS(`details:has(form[action="/sign-out"]) > summary`)))
		b.submit(`form[action="/sign-out"] button`)
	}
	b.open("/")
	b.submit(`button[name="id"][value="` + id + `"]`)
	b.open(path)
}

// rowOf finds the row that holds a clause of all four on a subject.
func rowOf(t *testing.T, b *browser, words string) string {
	t.Helper()
	b.open("/projects/last-mile?q=" + url.QueryEscape(words))
	links := `[...new Set([...document.querySelectorAll('a[href*="/rows/"]')].map(a => a.getAttribute('href').split(/[#?]/)[0]))]`
	for _, href := range see(b, "rows", chromedp.Evaluate[[]string](links)) {
		path, _, _ := strings.Cut(href, "#")
		path, _, _ = strings.Cut(path, "?")
		b.open(path)
		// The clauses themselves, not what is offered for an empty cell beside them.
		if strings.Contains(see(b, "clauses", chromedp.Evaluate[string](`[...document.querySelectorAll('#texts article:not(.none) .clause')].map(e => e.textContent).join("\n")`)), "处理完毕") {
			return path
		}
	}
	t.Fatalf("no row on %s", words)
	return ""
}

// TestRealFamily takes the four real regulations on postal and express service
// the same way by import, over HTTP.
func TestRealFamily(t *testing.T) {
	family := filepath.Join("..", "..", "shared", "data", "families", "邮政快递")
	if _, err := os.Stat(family); err != nil {
		t.Skipf("SKIPPED: the real texts are not here (%s): the tour on real regulations was not tested", family)
	}
	data := t.TempDir()
	code, out, errs := tongbiao(t, "import", "--data", data, "--json", family)
	if sum := decode[importSummary](t, out); code != 0 || sum.Imported != 4 {
		t.Fatalf("import: exit %d, %+v, %s", code, sum, errs)
	}
	site, _ := served(t, "--demo", "--data", data)
	v := &visitor{t: t, site: site}
	v.signIn("demo-secretary")
	v.get("/search?q="+url.QueryEscape("快件 验视"), "验视")
	list := v.get("/standards?q="+url.QueryEscape("邮政"), "江苏省邮政条例")
	form := url.Values{"title": {"快递服务规范"}, "id": {"express"}, "rule": {"all"}}
	for region, title := range map[string]string{"31": "上海市实施", "32": "江苏省邮政条例", "33": "浙江省快递业促进条例", "34": "安徽省邮政条例"} {
		if region == "33" {
			list += v.get("/standards?q="+url.QueryEscape("快递业"), title)
		}
		form.Set("text-"+region, standardNamed(t, list, title))
	}
	v.post("/projects", form)
	page := v.get("/projects/express", "第三十", "未找到对应条款")

	rows := regexp.MustCompile(`/projects/express/rows/[a-z0-9]+`).FindAllString(page, -1)
	settled := 0
	seen := map[string]bool{}
	for _, row := range rows {
		if seen[row] || settled == 20 {
			continue
		}
		seen[row] = true
		settled++
		v.signIn("demo-secretary")
		start := v.get(row)
		from := regexp.MustCompile(`\?from=[a-z0-9]+`).FindString(start)
		filled := v.get(row + from)
		text := regexp.MustCompile(`(?s)<textarea id="u-text"[^>]*>(.*?)</textarea>`).FindStringSubmatch(filled)
		version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(filled)
		if from == "" || text == nil || text[1] == "" || version == nil {
			t.Fatalf("row %s offers no text to start from", row)
		}
		v.post(row+"/unify", url.Values{"version": {version[1]}, "title": {"条款" + version[1]}, "text": {unescape(text[1])}})
		hash := regexp.MustCompile(`(?s)class="speak".*?name="hash" value="([0-9a-f]+)"`)
		for _, region := range []string{"31", "32", "33", "34"} {
			v.signIn("demo-" + region)
			h := hash.FindStringSubmatch(v.get(row))
			if h == nil {
				t.Fatalf("row %s has no text to agree to", row)
			}
			v.post(row+"/position", url.Values{"region": {region}, "verdict": {"agree"}, "hash": {h[1]}})
		}
	}
	draft := v.get("/projects/express/draft.md", "## 范围", "本文件由上海市、江苏省、浙江省、安徽省联合起草")
	if n := strings.Count(draft, "{#u-"); n < 10 {
		t.Errorf("the draft of %d settled rows has %d clauses:\n%.1500s", settled, n, draft)
	}
	csv := v.get("/projects/express/concordance.csv", "第十二条")
	if n := strings.Count(csv, ",已定"); n != settled {
		t.Errorf("the concordance has %d settled rows, want %d", n, settled)
	}
}

func standardNamed(t *testing.T, list, title string) string {
	t.Helper()
	m := regexp.MustCompile(`href="/standards/([a-z0-9.-]+)"[^>]*>[^<]*` + regexp.QuoteMeta(title)).FindStringSubmatch(list)
	if m == nil {
		t.Fatalf("no standard named %s in the list", title)
	}
	return m[1]
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&amp;", "&", "&#43;", "+").Replace(s)
}

// visitor uses the site without script.
type visitor struct {
	t      *testing.T
	site   string
	client *http.Client
}

func (v *visitor) signIn(id string) {
	v.t.Helper()
	jar, _ := cookiejar.New(nil)
	v.client = &http.Client{Jar: jar}
	v.post("/demo/sign-in", url.Values{"id": {id}})
}

func (v *visitor) get(path string, words ...string) string {
	v.t.Helper()
	res, err := v.client.Get(v.site + path)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.read(res, "GET "+path, words...)
}

func (v *visitor) post(path string, form url.Values) string {
	v.t.Helper()
	res, err := v.client.PostForm(v.site+path, form)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.read(res, "POST "+path)
}

func (v *visitor) read(res *http.Response, what string, words ...string) string {
	v.t.Helper()
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		v.t.Fatalf("%s: %s, %v\n%.2000s", what, res.Status, err, body)
	}
	for _, w := range words {
		if !strings.Contains(string(body), w) {
			v.t.Fatalf("%s does not show %q\n%.2000s", what, w, body)
		}
	}
	return string(body)
}
