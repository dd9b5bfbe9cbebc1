package main

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tongbiao/editor/convert"
)

// TestEnterprise is a compliance officer's day: a question in everyday words leads
// to the clause, what applies becomes a checklist, evidence is filled in and taken
// away as a workbook, and when the standard is revised the changed words are seen
// in the subscription and on the checklist, which follows and keeps the evidence.
func TestEnterprise(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: works with a browser")
	}
	url, _ := served(t, "--demo", "--data", t.TempDir())
	b := newBrowser(t, url)
	b.signIn("demo-reader", "/search")

	b.do("ask", chromedp.SendKeys(chromedp.CSS("#q"), "快递丢了怎么赔"))
	b.submit(".big-search button")
	b.shows("丢了 → 丢失", "为什么列出", "赔偿")
	b.picture("enterprise-search")
	b.do("to the first hit", chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`), chromedp.KeyEvent("j"))
	first := see(b, "the hit that j went to", chromedp.Evaluate[string](`document.activeElement.closest(".hit") && document.activeElement.getAttribute("href")`))
	b.do("open it", chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".text")))
	if at := b.where(); !strings.HasSuffix(at, first) || !strings.Contains(at, "#") {
		t.Fatalf("Enter went to %s, the hit is %s", at, first)
	}

	b.submit(`nav a[href="/applicable"]`)
	b.do("choose", chromedp.Click(chromedp.CSS(`input[name="region"][value="31"]`)), chromedp.Click(chromedp.CSS(`input[name="do"][value="rights"]`)))
	b.submit("form.profile button")
	b.shows("沪", "7日内答复用户", "为什么列入")
	b.picture("enterprise-applicable")
	b.do("name it", chromedp.SendKeys(chromedp.CSS("#title"), "上海赔偿"))
	b.submit(`form[action="/checklists"] button`)
	b.shows("上海赔偿", "清单已建立", "未办")
	list := strings.TrimPrefix(b.where(), url)
	item := see(b, "the item on compensation", chromedp.Evaluate[string](`[...document.querySelectorAll(".item")].find(i => i.textContent.includes("赔偿请求之日起")).id`))
	b.do("fill in", chromedp.SetValue(chromedp.CSS("#state-"+item), "done"),
		chromedp.SendKeys(chromedp.CSS("#responsible-"+item), "客服部"), chromedp.SendKeys(chromedp.CSS("#evidence-"+item), "赔偿台账第一季度，抽查二十件均在五日内答复"))
	b.submit(".save-bar button")
	b.shows("已保存", "1/")
	b.picture("enterprise-checklist")

	cells := b.workbook(list + "/checklist.xlsx")
	for _, want := range []string{"赔偿台账第一季度，抽查二十件均在五日内答复", "客服部", "已落实", "DB31/T 示范001—2025"} {
		if !strings.Contains(cells, want) {
			t.Errorf("the workbook does not say %q", want)
		}
	}
	if !strings.Contains(b.workbook(list+"/declaration.xlsx"), "快递末端服务规范") {
		t.Error("the declaration does not list the standard")
	}

	b.submit(`.checklist-head a[href^="/watch"]`)
	b.shows("适用情形", "查询、投诉与赔偿")
	b.submit(`form[action="/watch"] button.primary`)
	b.shows("Atom 订阅源", "上海赔偿")

	// The standard is revised.
	b.signIn("demo-secretary", "/import")
	source := b.fetch("/standards/db31-t-sf001/2/source")
	revised := regexp.MustCompile(`(赔偿请求之日起)\s*7\s*日`).ReplaceAllString(source, "${1}3日")
	if revised == source {
		t.Fatal("the clause is not in the text")
	}
	answer := see(b, "import", chromedp.Evaluate[string](`(() => { const f = new FormData(); f.set("path", "sh.md"); f.set("do", "import"); f.set("source", `+quote(revised)+`);
		return fetch("/import", {method: "POST", body: f}).then(r => r.text()) })()`, chromedp.EvalAwaitPromise))
	if !strings.Contains(answer, "已导入 1 个版本") {
		t.Fatalf("import:\n%s", answer)
	}

	b.signIn("demo-reader", "/watch")
	told := see(b, "the news", chromedp.Evaluate[bool](`(async () => { for (;;) { const r = await fetch("/watch"); const text = await r.text(); if (text.includes("<ins>")) return true; await new Promise(f => setTimeout(f, 200)); } })()`, chromedp.EvalAwaitPromise))
	b.open("/watch")
	if words := b.text(".news"); !told || !strings.Contains(words, "赔偿") || !strings.Contains(see(b, "marks", chromedp.Evaluate[string](`document.querySelector(".news").innerHTML`)), "<ins>3") {
		t.Errorf("the subscription says\n%s", words)
	}
	b.picture("enterprise-watch")
	b.open(list)
	b.shows("1 条有变化", "已修订")
	b.picture("enterprise-changed")
	b.submit(".since form button")
	b.shows("清单已跟上现行文本")
	if got := see(b, "after following", chromedp.Evaluate[string](`(i => i.querySelector("select").value + " " + i.querySelector("textarea").value + " " + i.querySelector(".words").textContent)(document.getElementById("`+item+`"))`)); !strings.HasPrefix(got, "open 赔偿台账") || !strings.Contains(got, "起3日内答复") {
		t.Errorf("after following the item says %s", got)
	}
	for _, page := range []string{list, list + "/print", list + "/declaration", "/checklists", "/watch", "/applicable?region=31&region=32&region=33&region=34&do=locker", "/check?numbers=DB31/T+示范001-2021", "/search?q=智能快件厢&region=34", "/search?q=水稻种植"} {
		b.fits(page, 360)
	}
}

// workbook gets a workbook of the site and gives its cells, one a line.
func (b *browser) workbook(path string) string {
	b.t.Helper()
	packed := see(b, "fetch "+path, chromedp.Evaluate[string](`fetch("`+path+`").then(r => { if (!r.ok) throw new Error(r.status); return r.bytes ? r.bytes() : r.arrayBuffer().then(a => new Uint8Array(a)) }).then(a => btoa(Array.from(a, c => String.fromCharCode(c)).join("")))`, chromedp.EvalAwaitPromise))
	raw, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		b.t.Fatal(err)
	}
	sheets, err := convert.ReadTables(raw)
	if err != nil {
		b.t.Fatal(err)
	}
	var out strings.Builder
	for _, s := range sheets {
		for _, r := range s.Rows {
			out.WriteString(strings.Join(r, "\n") + "\n")
		}
	}
	return out.String()
}
