package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// sitting is one standard being written, from nothing to 征求意见.
type sitting struct {
	t            *testing.T
	folder, addr string
	profile      string // of the author's browser, which outlives it
	kill         func() // ends the server at once
	author       *browser
	second       *browser // whoever else is there
	id           string   // of the standard
}

// TestDrafting writes a standard from nothing to 征求意见 as its people would, in
// two real browsers, and kills the server and a browser in the middle of it.
func TestDrafting(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: writes a standard in two browsers")
	}
	s := &sitting{t: t, folder: t.TempDir(), profile: t.TempDir()}
	url, kill := startServer(t, s.folder, "127.0.0.1:0")
	s.kill, s.addr = kill, strings.TrimPrefix(url, "http://")
	s.author = newBrowserIn(t, url, s.profile)
	s.begin()
	s.write()
	s.paste()
	s.draw()
	s.lose()
	s.finish()
	s.second = newBrowser(t, url)
	s.meet()
	s.suggest()
	s.remember()
	s.propose()
	s.consult()
	s.freeze()
	s.end()
}

// ---- what a drafter does ----

// put types in the place of words that stand once in the text; "" types where the
// cursor is. Enter is \r, the tab key \t.
func (b *browser) put(old, typed string) {
	b.t.Helper()
	b.choose(old)
	b.types(typed)
}

// choose marks words in the text, as with a mouse.
func (b *browser) choose(words string) {
	b.t.Helper()
	if words != "" && !see(b, "mark "+words, chromedp.Evaluate[bool](`(() => { const v = `+theEditor+`.view, w = `+quote(words)+`, at = v.state.doc.toString().indexOf(w);
		if (at < 0) return false; v.focus(); v.dispatch({ selection: { anchor: at, head: at + w.length }, scrollIntoView: true }); return true; })()`)) {
		b.t.Fatalf("the text does not say %q:\n%s", words, b.written())
	}
}

// after puts the cursor behind words of the text, before puts it before them.
func (b *browser) after(words string)  { b.t.Helper(); b.cursor(words, "to") }
func (b *browser) before(words string) { b.t.Helper(); b.cursor(words, "from") }

func (b *browser) cursor(words, end string) {
	b.t.Helper()
	b.choose(words)
	see(b, "go to its "+end, chromedp.Evaluate[bool](`(() => { const v = `+theEditor+`.view; v.dispatch({ selection: { anchor: v.state.selection.main.`+end+` } }); return true; })()`))
}

// pasted puts a clipboard into the text, where the cursor is.
func (b *browser) pasted(html, plain string) {
	b.t.Helper()
	in, _ := json.Marshal([]string{html, plain})
	see(b, "paste", chromedp.Evaluate[bool](`(() => { const d = new DataTransfer(), [html, plain] = `+string(in)+`; if (html) d.setData('text/html', html); d.setData('text/plain', plain);
		const v = `+theEditor+`.view; v.contentDOM.dispatchEvent(new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true })); return true; })()`))
}

// command presses a button of the editor's bar.
func (b *browser) command(id string) {
	b.t.Helper()
	b.do("press "+id, chromedp.Click(chromedp.CSS(`#dr-bar [data-cmd="`+id+`"]`)))
}

// written is the text as it stands in the editor.
func (b *browser) written() string {
	b.t.Helper()
	return see(b, "read the text", chromedp.Evaluate[string](theEditor+`.view.state.doc.toString()`))
}

// untilWritten waits until the text says something.
func (b *browser) untilWritten(words string) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](theEditor+`.view.state.doc.toString().includes(`+quote(words)+`)`)); err != nil {
		b.t.Fatalf("the text never says %q (%v):\n%s", words, err, b.written())
	}
}

// problem is the script of the problems that a rule has found, as they are listed.
func problem(rule string) string {
	return `[...document.querySelectorAll('#dr-problem-list li')].filter(li => li.querySelector('code')?.textContent === '` + rule + `')`
}

// untilReady waits for the drafting page.
func (b *browser) untilReady() {
	b.t.Helper()
	b.until("the page is ready", `!!document.querySelector('#dr-preview-text section') && !!`+theEditor)
}

// submitted sends the text with a message and waits for the page that follows.
func (b *browser) submitted(message string) {
	b.t.Helper()
	b.askToSubmit(message)
	b.submit(`dialog[open] button.primary`)
}

func (b *browser) askToSubmit(message string) {
	b.t.Helper()
	b.do("submit", chromedp.Click(chromedp.CSS(`#dr-submit`)))
	b.until("asked for a message", `!!document.querySelector('dialog[open] #dr-message')`)
	b.do("say why", chromedp.SetValue(chromedp.CSS(`#dr-message`), message))
}

// edit opens the draft and waits for it.
func (s *sitting) edit(b *browser) {
	s.t.Helper()
	b.open("/drafts/" + s.id)
	if see(b, "begun?", chromedp.Evaluate[bool](`!document.getElementById('drafting')`)) {
		b.submit(`form[action="/drafts"] button`)
	}
	b.untilReady()
}

// ---- the sitting ----

// begin opens a new standard by the form.
func (s *sitting) begin() {
	b := s.author
	b.signIn("demo-author", "/drafts")
	b.submit(`a[href="/drafts/new"]`)
	b.do("name it", chromedp.SendKeys(chromedp.CSS("#field"), "物流"), chromedp.SendKeys(chromedp.CSS("#subject"), "智能快件箱"), chromedp.SendKeys(chromedp.CSS("#aspect"), "服务规范"),
		chromedp.SendKeys(chromedp.CSS("#english"), "Logistics—Smart parcel locker—Service specification"), chromedp.SendKeys(chromedp.CSS("#number"), "DB31/T 示范900—2026"))
	b.submit(`form[action="/drafts/new"] button.primary`)
	s.id = strings.TrimPrefix(regexp.MustCompile(`/drafts/[^/?#]+`).FindString(b.where()), "/drafts/")
	if s.id == "" || s.id == "new" {
		s.t.Fatalf("after the form the author is at %s", b.where())
	}
	b.untilReady()
	b.shows("物流 智能快件箱 服务规范", "范围", "规范性引用文件", "术语和定义")
}

// write types the first chapters: terms by snippet, a correction by its button,
// clauses by keys.
func (s *sitting) write() {
	b := s.author
	b.put("规定了智能快件箱服务规范……。", "规定了智能快件箱的要求、设备、运行和投诉处理，描述了证实方法。")
	b.put("本文件适用于……。", "本文件适用于智能快件箱的运营服务。")
	b.put("由……提出", "由上海市邮政管理局提出")
	b.put("由……归口", "由上海市邮政管理局归口")
	b.put("起草单位：……", "起草单位：示范起草单位")
	b.put("主要起草人：……", "主要起草人：张三、李四")
	b.after("本文件没有需要界定的术语和定义。")
	for _, term := range []string{"智能快件箱\tsmart parcel locker\t设在公共场所，供投递和收寄快件的自助设备。", "格口\tcompartment\t智能快件箱中存放快件的单元。", "保管期\tstorage period\t从快件存入格口到取出的时间。"} {
		b.command("term")
		b.put("", term)
	}
	for _, want := range []string{"### 智能快件箱 smart parcel locker {#t-1}\n\n设在公共场所", "### 保管期 storage period {#t-3}\n\n从快件存入格口"} {
		b.untilWritten(want)
	}
	b.until("the lead-in is an error", problem("TRM-01")+`.length === 1`)
	see(b, "correct it", chromedp.Evaluate[bool](`(`+problem("TRM-01")+`[0].querySelector('.dr-acts button').click(), true)`))
	b.untilWritten("下列术语和定义适用于本文件。")
	b.until("the error is gone", problem("TRM-01")+`.length === 0`)

	// A chapter's clauses, as the keys write them.
	b.choose("## 要求 {#requirements}\n\n应……。")
	b.put("", "## 要求 {#requirements}\r\r")
	b.command("clause")
	b.put("", "公示\t智能快件箱运营单位应公布服务时间和联系电话。服务应符合 GB/T 27917.1 的规定。")
	b.command("clause")
	b.put("", "投递\t投递前应征得收件人同意。投递时：")
	b.command("list")
	b.put("", "应核对收件人的姓名和电话\t应在24h内通知收件人")
	b.untilWritten("a) 应核对收件人的姓名和电话；\nb) 应在24h内通知收件人。")
	b.picture("sitting-1-typed")
}

const wordPaste = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15"></head><body><!--StartFragment-->
<h1>5 设备</h1><h2>5.1 外观</h2><p class=MsoNormal>格口的尺寸应符合表1的规定，箱体的布置见图1。<o:p></o:p></p>
<p class=MsoNormal align=center>表1　格口尺寸</p>
<table class=MsoTableGrid border=1><tr><td><p>格口</p></td><td><p>宽/mm</p></td><td><p>高/mm</p></td></tr><tr><td><p>小</p></td><td><p>340</p></td><td><p>100</p></td></tr><tr><td><p>大</p></td><td><p>340</p></td><td><p>400</p></td></tr></table>
<h2>5.2 标识</h2><p class=MsoNormal>箱体应有以下标识（见图2）：</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>a)<span>&nbsp;</span></span>编号；</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>b)<span>&nbsp;</span></span>联系电话。</p>
<h1>6 运行</h1><h2>6.1 保管</h2><p class=MsoNormal>保管期应不少于<span lang=EN-US>24&nbsp;h</span>。</p>
<h2>6.2 利用率</h2><p class=MsoNormal>格口的利用率应按公式（1）计算。</p><!--EndFragment--></body></html>`

const plainPaste = `## 投诉处理 {#complaints}

### 受理 {#accept}

投诉应在24 h内受理。保管期内快件丢失的，应先行赔付。

### 答复 {#answer}

投诉应在7 d内答复，记录的格式见附录A。

`

// paste brings two chapters from Word and one as plain text; what Word numbered by
// hand is numbered by the text.
func (s *sitting) paste() {
	b := s.author
	b.put("按……的规定进行。", "查看记录，核对6.1的要求。")
	b.before("## 证实方法")
	b.pasted(wordPaste, "设备")
	b.untilWritten("## 运行")
	b.before("## 证实方法")
	b.pasted("", plainPaste)
	text := b.written()
	for _, want := range []string{"\n## 设备", "\n### 外观", "表：格口尺寸", "| 小 | 340 | 100 |", "a) 编号；\nb) 联系电话。", "\n### 利用率"} {
		if !strings.Contains(text, want) {
			s.t.Errorf("what was pasted lacks %q:\n%s", want, text)
		}
	}
	b.until("its number is derived", `[...document.querySelectorAll('#dr-preview-text .number')].some(e => e.textContent === '6.2') && [...document.querySelectorAll('#dr-outline-list button')].some(e => e.textContent.includes('8 证实方法'))`)
	b.picture("sitting-2-pasted")
}

// draw brings figures, a formula, an annex and references.
func (s *sitting) draw() {
	b, folder := s.author, s.t.TempDir()
	svg, png := filepath.Join(folder, "箱体编号.svg"), filepath.Join(folder, "箱体布置.png")
	drawn, err := base64.StdEncoding.DecodeString(see(b, "draw", chromedp.Evaluate[string](`(() => { const c = document.createElement('canvas'); c.width = 64; c.height = 32; c.getContext('2d').fillRect(0, 0, 30, 30); return c.toDataURL('image/png').split(',')[1]; })()`)))
	if err != nil {
		s.t.Fatal(err)
	}
	for name, data := range map[string][]byte{png: drawn, svg: []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20"><rect width="40" height="20" fill="#234"/><script>alert(1)</script></svg>`)} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, f := range []struct{ after, file, want string }{{"格口的尺寸应符合表1的规定，箱体的布置见图1。", png, "![图：箱体布置](figures/"}, {"b) 联系电话。", svg, "![图：箱体编号](figures/"}} {
		b.after(f.after)
		b.command("figure")
		b.do("choose a file", chromedp.SetUploadFiles(chromedp.CSS("#dr-figure-file"), []string{f.file}))
		b.untilWritten(f.want)
	}
	if got := regexp.MustCompile(`\{#fig-[12]\}`).FindAllString(b.written(), -1); len(got) != 2 {
		s.t.Errorf("the figures are named %v", got)
	}

	b.after("格口的利用率应按公式（1）计算。")
	b.command("formula")
	b.put("", `U = \frac{n}{N} \times 100`+"\t")
	b.untilWritten("$$\nU = \\frac{n}{N} \\times 100\n$$ {#eq-1}")
	b.pasted("", "\n\n式中：\n\nU——格口的利用率，%；\n\nn——被使用的格口数；\n\nN——格口总数。")

	b.after("查看记录，核对6.1的要求。")
	b.command("annex")
	b.put("", "资料性\t投诉记录\t格式\t投诉记录宜有编号。")
	b.untilWritten("## 附录（资料性）投诉记录 {#annex-1}\n\n### 格式 {#annex-1-1}")

	b.until("the server has looked at it", `['图2', '附录A', '投诉记录宜有编号'].every(w => document.getElementById('dr-preview-text').textContent.includes(w)) && document.querySelectorAll('#dr-preview-text math').length > 0`)
	// What was numbered by hand becomes a reference: the key, a word of what is
	// meant and Enter, as fast as keys can be typed.
	for _, r := range []struct{ hand, typed, want string }{
		{"表1", "格口尺寸", "应符合[](#"}, {"图1", "箱体布置", "布置见[](#fig-"}, {"图2", "箱体编号", "标识（见[](#fig-"},
		{"公式（1）", "eq-", "应按[](#eq-1)计算"}, {"附录A", "投诉记录", "格式见[](#annex-1)。"}, {"核对6.1", "6.1", "核对[](#"},
	} {
		b.choose(r.hand)
		if strings.HasPrefix(r.hand, "核对") {
			b.put("", "核对")
		}
		b.ctrl("k")
		b.types(r.typed + "\r")
		b.untilTaken(r.typed)
		b.untilWritten(r.want)
	}
	if at := strings.Index(b.written(), "\n\n\n"); at >= 0 {
		s.t.Errorf("the pieces leave more than one empty line:\n%s", b.written()[max(0, at-200):])
	}
	b.until("the preview shows formula, figures and numbers", `(() => { const p = document.getElementById('dr-preview-text'); return !!p.querySelector('math mfrac') && [...p.querySelectorAll('img')].length === 2 && [...p.querySelectorAll('img')].every(i => i.complete && i.naturalWidth > 0) && p.textContent.includes('图1') && p.textContent.includes('表1') && p.textContent.includes('附录A'); })()`)
	b.picture("sitting-3-drawn")
}

func quote(s string) string { out, _ := json.Marshal(s); return string(out) }
