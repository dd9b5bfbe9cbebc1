package main

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/chromedp"

	"tongbiao/registry"
)

// lose kills the server, ends the session and kills the browser while somebody
// types: the page says what happens, and what was typed is there.
func (s *sitting) lose() {
	b := s.author
	b.after("保管期应不少于24 h。")
	b.do("type", chromedp.KeyEvent("逾期的快件"))
	s.kill()
	b.do("type on", chromedp.KeyEvent("应当日"))
	b.untilState("offline")
	if said := b.text("#dr-state"); !strings.Contains(said, "离线，已存于本机") {
		s.t.Errorf("without a server the page says %q", said)
	}
	b.do("type on", chromedp.KeyEvent("转为"))
	b.picture("sitting-4-offline")
	_, s.kill = startServer(s.t, s.folder, s.addr)
	b.until("the server has it", theEditor+`.keeper.kept.includes('逾期的快件应当日转为') && document.getElementById('dr-state').dataset.state === 'saved'`)

	see(b, "the session ends", chromedp.Evaluate[bool](`fetch('/sign-out', { method: 'POST' }).then(() => true)`, chromedp.EvalAwaitPromise))
	b.do("type on", chromedp.KeyEvent("人工"))
	b.untilState("expired")
	if said := b.text("#dr-state"); !strings.Contains(said, "登录已过期") || !strings.Contains(said, "文字还在") {
		s.t.Errorf("without a session the page says %q", said)
	}
	see(b, "sign in elsewhere", chromedp.Evaluate[bool](`fetch('/demo/sign-in', { method: 'POST', body: new URLSearchParams({ id: 'demo-author' }) }).then(() => true)`, chromedp.EvalAwaitPromise))
	b.untilState("saved")

	s.kill()
	b.do("type on", chromedp.KeyEvent("保管。"))
	b.untilState("offline")
	b.until("this browser has it", `!!document.getElementById('dr-state') && !`+theEditor+`.keeper.writing`)
	if err := chromedp.FromContext(b.ctx).Browser.Process().Kill(); err != nil {
		s.t.Fatal(err)
	}
	site, kill := startServer(s.t, s.folder, s.addr)
	s.kill = kill
	os.Remove(filepath.Join(s.profile, "SingletonLock"))
	b = newBrowserIn(s.t, site, s.profile)
	s.author = b
	b.signIn("demo-author", "/drafts")
	b.submit(`a[href="/drafts/` + s.id + `"]`)
	b.untilReady()
	b.until("the page says that it is back", `!!document.querySelector('.offer')`)
	b.untilWritten("逾期的快件应当日转为人工保管。")
	b.picture("sitting-5-restored")
	b.do("fine", chromedp.Click(chromedp.CSS(`.offer button:last-of-type`)))
	b.untilState("saved")
}

// finish takes the proposals that the text makes, moves a clause, and submits.
func (s *sitting) finish() {
	b := s.author
	b.submit(`.dr-main-acts a[href$="/derived"]`)
	for _, part := range []struct{ clause, want string }{{"foreword", "首次发布"}, {"references", "GB/T 27917.1"}} {
		b.shows(part.want)
		b.submit(`#p-` + part.clause + ` form button.primary`)
	}
	b.picture("sitting-6-derived")
	b.submit(`.derived > .lead a[href="/drafts/` + s.id + `"]`)
	b.untilReady()
	b.untilWritten("本文件为首次发布。")
	b.untilWritten("下列文件中的内容")
	b.untilWritten("GB/T 27917.1")

	// A clause moves, and what refers to it follows.
	if shown := see(b, "reference", chromedp.Evaluate[string](`document.querySelector('#dr-preview-text [data-clause=verification]').textContent`)); !strings.Contains(shown, "核对6.1的") {
		s.t.Errorf("before the move the reference reads %q", shown)
	}
	b.after("### 保管 ")
	b.do("move it down", chromedp.KeyEvent("\u0301", chromedp.KeyModifiers(chromedp.ModifierCtrl|chromedp.ModifierAlt)))
	b.until("the reference follows", `document.querySelector('#dr-preview-text [data-clause=verification]').textContent.includes('核对6.2的')`)
	b.untilState("saved")
	b.picture("sitting-7-moved")

	// A reference to what is not there yet: the page counts it, the draft may go.
	b.put("联系电话。服务", "联系电话，见[](#opening)。服务")
	b.do("be done", chromedp.KeyEvent("\u001b"))
	b.until("an error", problem("CIT-01")+`.length === 1`)
	b.submitted("起草稿第一稿")
	b.shows("物流 智能快件箱 服务规范", "第 1 版")
}

// meet: a second drafter edits another clause, and then the same one.
func (s *sitting) meet() {
	a, r := s.author, s.second
	s.edit(a)
	r.signIn("demo-31", "/drafts")
	s.edit(r)
	a.put("投递前应征得收件人同意。", "投递前应征得收件人的同意。")
	r.put("投诉应在7 d内答复", "投诉应在5 d内书面答复")
	a.submitted("同意的说法")
	r.until("hear of it", `document.querySelector('.dr-newer')?.textContent.includes('有新版')`)
	r.askToSubmit("答复期限")
	r.do("submit it", chromedp.Click(chromedp.CSS(`dialog[open] button.primary`)))
	r.until("it went, with what the other changed", `!!document.querySelector('.dr-others') || !document.getElementById('drafting')`)
	if see(r, "told", chromedp.Evaluate[bool](`!!document.querySelector('.dr-others')`)) {
		r.submit(`dialog[open] button.primary`)
	}
	r.shows("投递前应征得收件人的同意。", "投诉应在5 d内书面答复")

	s.edit(a)
	s.edit(r)
	a.put("应公布服务时间", "应在箱体上公布服务时间")
	a.submitted("公布的地方")
	r.put("应公布服务时间", "应在显著位置公布服务时间")
	r.askToSubmit("公布的位置")
	r.do("submit it", chromedp.Click(chromedp.CSS(`dialog[open] button.primary`)))
	r.until("the two meet", `!!document.querySelector('dialog[open] .conflict')`)
	said := r.text("dialog[open]")
	for _, want := range []string{"应公布服务时间", "应在箱体上公布", "应在显著位置公布", "上海起草人", "（您）"} {
		if !strings.Contains(said, want) {
			s.t.Errorf("where two met the page does not show %q: %s", want, said)
		}
	}
	r.picture("sitting-8-met")
	r.do("write what both meant", chromedp.Click(chromedp.CSS(`dialog[open] .conflict .cm-content`)))
	see(r, "write", chromedp.Evaluate[bool](`(() => { const e = document.querySelector('dialog[open] .conflict .cm-content'); e.focus(); const text = e.innerText, w = '应在显著位置公布', n = document.createTreeWalker(e, NodeFilter.SHOW_TEXT); while (n.nextNode()) { const at = n.currentNode.data.indexOf('显著位置'); if (at >= 0) { const s = getSelection(); s.setBaseAndExtent(n.currentNode, at, n.currentNode, at + 4); return document.execCommand('insertText', false, '箱体的显著位置'); } } return false; })()`))
	r.do("settle", chromedp.Click(chromedp.CSS(`[data-choose=merged]`)))
	r.until("asked for the message again", `document.querySelector('dialog[open] #dr-message')?.value === '公布的位置'`)
	r.submit(`dialog[open] button.primary`)
	r.shows("应在箱体的显著位置公布服务时间", "第 5 版")
}

// suggest: a reader proposes a change, the author accepts it.
func (s *sitting) suggest() {
	r, a := s.second, s.author
	r.signIn("demo-reader", "/standards/"+s.id)
	r.submit(`a[href$="/suggestions"]`)
	r.submit(`a[href$="/suggestions/new"]`)
	r.do("choose a clause", chromedp.SetValue(chromedp.CSS("#more"), "accept"))
	r.submit(`button[name=do][value=look]`)
	if old := see(r, "as it is", chromedp.Value(chromedp.CSS("#text-0"))); !strings.Contains(old, "投诉应在24 h内受理。") {
		s.t.Fatalf("the clause to be changed reads %q", old)
	}
	r.do("change it", chromedp.SetValue(chromedp.CSS("#text-0"), "投诉应在12 h内受理。保管期内快件丢失的，应先行赔付。"), chromedp.SetValue(chromedp.CSS("#message"), "夜间的投诉也要及时"))
	r.submit(`button[name=do][value=send]`)
	r.shows("夜间的投诉也要及时", "12 h")

	a.open("/standards/" + s.id + "/suggestions")
	a.submit(`a.place[href$="/suggestions/1"]`)
	a.do("accept", chromedp.Click(chromedp.CSS(`input[name="rule-0"][value=accept]`)))
	a.submit(`button[name=do][value=decide]`)
	a.shows("企业读者", "第 6 版")
	a.picture("sitting-9-suggested")
}

// remember: history and blame name who brought what.
func (s *sitting) remember() {
	a := s.author
	a.open("/standards/" + s.id + "/history")
	a.shows("起草稿第一稿", "同意的说法", "答复期限", "公布的地方", "公布的位置", "上海起草人（示范）", "上海代表（示范）")
	a.open("/standards/" + s.id + "/blame")
	for clause, who := range map[string]string{"accept": "企业读者（示范）", "answer": "上海代表（示范）", "scope": "上海起草人（示范）"} {
		if said := a.text("#" + clause); !strings.Contains(said, who) {
			s.t.Errorf("blame of %s does not name %s: %s", clause, who, said)
		}
	}
	a.picture("sitting-10-blame")
}

// attach adds a document that the procedure asks for.
func (s *sitting) attach(b *browser, kind, name, text string) {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
	form := `form[action$="/documents"]`
	b.do("attach "+name, chromedp.SetValue(chromedp.CSS(form+` select`), kind), chromedp.SetUploadFiles(chromedp.CSS(form+` input[type=file]`), []string{path}))
	b.submit(form + ` button`)
	b.shows(name)
}

// formOf is the form of a step of the procedure, on its page.
func formOf(verb registry.Verb) string {
	return `form:has(> input[name=verb][value="` + string(verb) + `"])`
}

// step takes a step of the procedure.
func (b *browser) step(verb registry.Verb, fill ...step) {
	b.t.Helper()
	form := formOf(verb)
	if !see(b, "open the form", chromedp.Evaluate[bool](`(() => { const f = document.querySelector('`+form+`'), d = f?.closest('details'); if (d) d.open = true; return !!f; })()`)) {
		b.t.Fatalf("%s is not offered: %s", verb, b.text("main"))
	}
	b.do("fill in "+string(verb), fill...)
	b.submit(form + ` button`)
}

// propose takes the project through 立项.
func (s *sitting) propose() {
	a, r := s.author, s.second
	a.open("/standards/" + s.id + "/process")
	a.shows("起草", "申请立项")
	s.attach(a, string(registry.Application), "立项申请书.md", "# 立项申请书\n\n智能快件箱的服务需要标准。\n")
	a.step(registry.ProposeStandard)
	a.shows("立项")
	r.signIn("demo-secretary", "/standards/"+s.id+"/process")
	r.step(registry.AdmitProject, chromedp.SetValue(chromedp.CSS(formOf(registry.AdmitProject)+` input[name=plan]`), "沪标计〔2026〕900号"))
	r.shows("沪标计〔2026〕900号")
}

// consult: an error closes the gate; corrected, waived where it may stand, and
// with its documents the text goes to consultation.
func (s *sitting) consult() {
	a, r := s.author, s.second
	r.open("/standards/" + s.id + "/process")
	r.shows("开始征求意见", "错误级", "编制说明")
	if see(r, "a form", chromedp.Evaluate[bool](`!!document.querySelector('input[name=verb][value="`+string(registry.OpenConsultation)+`"]')`)) {
		s.t.Error("the gate is open though the text has errors")
	}
	r.picture("sitting-11-closed")

	s.edit(a)
	a.put("，见[](#opening)。服务", "。服务")
	a.put("### 格式 {#annex-1-1}\n\n投诉记录", "投诉记录") // an annex of one clause is not divided
	a.until("corrected", problem("CIT-01")+`.length === 0`)
	a.until("something may stand", `[...document.querySelectorAll('#dr-problem-list li:not(.f-error) .dr-acts button')].some(b => b.textContent === '忽略并说明')`)
	rule := see(a, "waive", chromedp.Evaluate[string](`(() => { const li = [...document.querySelectorAll('#dr-problem-list li:not(.f-error)')].find(l => [...l.querySelectorAll('.dr-acts button')].some(b => b.textContent === '忽略并说明')); [...li.querySelectorAll('.dr-acts button')].find(b => b.textContent === '忽略并说明').click(); return li.querySelector('code').textContent; })()`))
	a.do("say why", chromedp.SetValue(chromedp.CSS(`#dr-waive-reason`), "起草组认为可以这样写"), chromedp.Click(chromedp.CSS(`dialog[open] button.primary`)))
	a.until("it is kept as waived", `[...document.querySelectorAll('#dr-problem-counts button')].some(b => b.textContent.startsWith('已忽略'))`)
	a.until("no error is left", `document.querySelectorAll('#dr-problem-list li.f-error').length === 0`)
	see(a, "look at it", chromedp.Evaluate[bool](`([...document.querySelectorAll('#dr-problem-counts button')].find(b => b.textContent.startsWith('已忽略')).click(), true)`))
	a.until("with who and why", problem(rule)+`.some(li => li.textContent.includes('起草组认为可以这样写') && li.textContent.includes('上海起草人'))`)
	a.picture("sitting-12-waived")
	a.submitted("改正检查出的错误")
	s.edit(a) // and goes on while the text is sent out

	r.open("/standards/" + s.id + "/process")
	s.attach(r, string(registry.Explained), "编制说明.md", "# 编制说明\n\n任务来源：沪标计〔2026〕900号。\n")
	r.step(registry.OpenConsultation, chromedp.SetValue(chromedp.CSS(formOf(registry.OpenConsultation)+` input[name=contact]`), "标准处 021-00000000"))
	r.shows("征求意见", "已冻结")
	r.picture("sitting-13-consultation")
}

// freeze: what is in consultation is not changed; what was typed stays.
func (s *sitting) freeze() {
	a := s.author
	a.put("本文件适用于智能快件箱的运营服务。", "本文件适用于智能快件箱的运营和服务。")
	a.untilState("saved")
	a.askToSubmit("来不及了")
	a.do("submit it", chromedp.Click(chromedp.CSS(`dialog[open] button.primary`)))
	a.until("refused with the reason", `(() => { const p = document.querySelector('dialog[open] .problem'); return !!p && !p.hidden && p.textContent.includes('冻结'); })()`)
	a.picture("sitting-14-frozen")
	a.do("leave it", chromedp.Click(chromedp.CSS(`dialog[open] button[type=button]`)))
	a.open("/drafts/" + s.id)
	a.untilReady()
	a.untilWritten("智能快件箱的运营和服务。")
}

// end: the store is whole, and the text that went to consultation has no error.
func (s *sitting) end() {
	v := &visitor{t: s.t, site: "http://" + s.addr}
	v.signIn("demo-reader")
	page := v.get("/standards/" + url.PathEscape(s.id))
	source := regexp.MustCompile(`/standards/[^"]+/\d+/source`).FindString(page)
	text := v.get("/standards/"+s.id+"/7/source", "首次发布", "12 h内受理", "箱体的显著位置")
	if source == "" {
		s.t.Error("the standard's page does not offer its source")
	}
	path := filepath.Join(s.t.TempDir(), "标准.md")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
	if code, out, errs := tongbiao(s.t, "check", path); code != 0 {
		s.t.Errorf("check of the text: exit %d\n%s%s", code, out, errs)
	}
	s.kill()
	if code, out, errs := tongbiao(s.t, "check-store", "--data", s.folder); code != 0 {
		s.t.Errorf("check-store: exit %d\n%s%s", code, out, errs)
	}
}
