package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// until waits for something to be true on the page, and says how long that took.
func (b *browser) until(what, script string) time.Duration {
	b.t.Helper()
	begun := time.Now()
	see(b, what, chromedp.Poll[bool](script))
	return time.Since(begun)
}

// aSecond is how soon others see a change.
const aSecond = time.Second

// TestLiveTogether: two people in two browsers have one project open. Each sees
// what the other does within a second and where the other is; what is being
// typed is left alone; and where both write one clause nothing is lost.
func TestLiveTogether(t *testing.T) {
	site, _ := served(t, "--demo", "--data", t.TempDir())
	sh, js := newBrowser(t, site), newBrowser(t, site)
	row := rowOf(t, sh, "投诉")
	id := row[strings.LastIndex(row, "/")+1:]
	sh.signIn("demo-31", row)
	js.signIn("demo-32", "/projects/last-mile")
	here := `[...document.querySelectorAll('[data-here="` + id + `"] .here-who')].some(e => e.textContent.includes('上海'))`
	js.until("see who is on the row", here)

	// One writes; the other's grid shows it in place, without being loaded anew.
	see(js, "mark the page", chromedp.Evaluate[bool](`(window.stays = true)`))
	write := func(b *browser, text string) {
		b.t.Helper()
		b.do("write", chromedp.SetValue(chromedp.CSS(`#u-text`), text))
		b.submit(`form.unify button.primary`)
	}
	const text = "快递企业应自收到投诉之日起7日内处理完毕。处理过程应有记录。"
	write(sh, text)
	took := js.until("see the clause", `document.getElementById('`+id+`').querySelector('.uni').textContent.includes('7日内处理完毕')`)
	if took > aSecond {
		t.Errorf("the other browser showed it after %v, want a second", took)
	}
	js.until("hear of it", `document.getElementById('live-notice').textContent.includes('刚刚改了')`)
	if !see(js, "stays", chromedp.Evaluate[bool](`window.stays === true`)) {
		t.Error("the grid was loaded anew")
	}
	js.picture("live-grid")

	// Both have the row open. One types; the other's change is told and does not
	// touch what is typed; saved, both are in the text.
	js.open(row)
	sh.open(row)
	js.do("type", chromedp.Focus(chromedp.CSS(`#u-text`)), chromedp.SetValue(chromedp.CSS(`#u-text`), strings.Replace(text, "应有记录", "应有书面记录", 1)))
	write(sh, strings.Replace(text, "7日", "5日", 1))
	took = js.until("hear of it while typing", `!document.getElementById('live-notice').hidden && document.getElementById('live-notice').textContent.includes('上海')`)
	if took > aSecond {
		t.Errorf("the other was told after %v, want a second", took)
	}
	if typed := see(js, "typed", chromedp.Value(chromedp.CSS(`#u-text`))); !strings.Contains(typed, "书面记录") || strings.Contains(typed, "5日") {
		t.Errorf("the text being typed became %q", typed)
	}
	js.submit(`form.unify button.primary`)
	js.shows("5日内处理完毕", "应有书面记录", "也改了这一条")
	js.picture("live-woven")

	// The same words: both are shown, and one chooses.
	sh.open(row)
	js.open(row)
	now := strings.NewReplacer("7日", "5日", "应有记录", "应有书面记录").Replace(text)
	js.do("type the same words", chromedp.SetValue(chromedp.CSS(`#u-text`), strings.Replace(now, "5日", "10日", 1)))
	write(sh, strings.Replace(now, "5日", "3日", 1))
	js.submit(`form.unify button.primary`)
	js.shows("改了同样的字句", "3日内处理完毕", "10日内处理完毕", "上海代表")
	js.picture("live-clash")
	js.do("choose", chromedp.Click(chromedp.CSS(`input[name="pick.0"][value="mine"]`)))
	js.submit(`form.meet button.primary`)
	js.shows("10日内处理完毕", "应有书面记录")

	// A sentence is taken with one key, where the cursor stands.
	see(js, "look up", chromedp.Evaluate[bool](`(document.activeElement.blur(), true)`))
	js.do("take", chromedp.KeyEvent("t"), chromedp.KeyEvent("\r"))
	js.until("taken", `document.querySelectorAll('input[name=taken]').length === 1 && document.getElementById('u-text').value.length > 40`)

	// What was typed and not saved is offered after a crash.
	js.until("kept in the browser", `!!localStorage.getItem(Object.keys(localStorage).find(k => k.startsWith('draft:unify')))`)
	see(js, "crash", chromedp.Evaluate[bool](`(document.querySelector('form.unify').remove(), true)`))
	js.open(row)
	js.until("offered", `!!document.querySelector('.offer')`)
}
