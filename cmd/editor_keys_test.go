package main

import (
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// drafter has the bundled standard of Shanghai open for drafting.
func drafter(t *testing.T) *browser {
	t.Helper()
	site, _ := served(t, "--demo", "--data", t.TempDir())
	b := newBrowser(t, site)
	b.signIn("demo-31", "/drafts")
	b.openDraft()
	return b
}

// call sends one command of the protocol to the page.
func call[P, R any](b *browser, cmd cdp.Command[P, R], params P) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if _, err := chromedp.Call(ctx, cmd, params); err != nil {
		b.t.Fatalf("%s: %v", cmd.Method, err)
	}
}

// types types what is typed where the cursor is. Enter is one event, as a keyboard
// sends it: chromedp sends its character besides, whatever the page did with the key.
func (b *browser) types(keys string) {
	b.t.Helper()
	for i, part := range strings.Split(keys, "\r") {
		if i > 0 {
			down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13}
			call(b, input.DispatchKeyEvent, down)
			down.Type, down.Text = input.DispatchKeyEventTypeKeyUp, ""
			call(b, input.DispatchKeyEvent, down)
		}
		b.do("type "+part, chromedp.KeyEvent(part))
	}
}

// ctrl presses keys with Ctrl held down.
func (b *browser) ctrl(keys string) {
	b.t.Helper()
	b.do("ctrl+"+keys, chromedp.KeyEvent(keys, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
}

// focused is what stands on what has the keys.
func (b *browser) focused() string {
	b.t.Helper()
	return see(b, "what has the keys", chromedp.Evaluate[string](`document.activeElement.textContent.trim()`))
}

// untilTaken waits until what was typed has become a reference, with the cursor
// behind it.
func (b *browser) untilTaken(typed string) {
	b.t.Helper()
	b.until("reference to "+typed, `(() => { const s = `+theEditor+`.view.state, m = /\[\]\(#([^)\s]+)\)$/.exec(s.sliceDoc(0, s.selection.main.head)); return !!m && m[1] !== `+quote(typed)+`; })()`)
}

// TestEditorByKeys: a reference, a finding and its correction, a waiver and a
// revision, without a pointer.
func TestEditorByKeys(t *testing.T) {
	b := drafter(t)
	b.after("{#outlet-site}")
	b.types("\r\r企业必须保存记录，见")
	b.ctrl("k")
	b.types("附录\r") // before the list is there
	b.untilWritten("企业必须保存记录，见[](#")
	b.untilTaken("附录")
	b.types("。\r\r")
	b.untilWritten(")。\n\n")

	// The problems: reached, walked, opened, corrected, waived.
	b.until("the finding", problem("MOD-01")+`.length === 1 && document.querySelectorAll('#dr-problem-list li').length > 1`)
	b.do("to the problems", chromedp.KeyEvent("M", chromedp.KeyModifiers(chromedp.ModifierCtrl|chromedp.ModifierShift)))
	walk := func(want string) {
		t.Helper()
		b.until("walk to "+want, `(() => { const li = document.activeElement.closest('#dr-problem-list li'); if (!li) return false; if (`+want+`) return true;
			document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true })); return false; })()`)
	}
	first := see(b, "the first", chromedp.Evaluate[string](`document.activeElement.closest('#dr-problem-list li')?.textContent`))
	b.do("down", chromedp.KeyEvent("\u0301"))
	if next := see(b, "the next", chromedp.Evaluate[string](`document.activeElement.closest('#dr-problem-list li')?.textContent`)); next == "" || next == first {
		t.Errorf("from %q the arrow leads to %q", first, next)
	}
	b.do("up", chromedp.KeyEvent("\u0304"))
	walk(`li.querySelector('code')?.textContent === 'MOD-01'`)
	b.types("\r")
	if marked := see(b, "marked", chromedp.Evaluate[string](theEditor+`.view.hasFocus ? `+theEditor+`.view.state.sliceDoc(`+theEditor+`.view.state.selection.main.from, `+theEditor+`.view.state.selection.main.to) : ''`)); marked != "必须" {
		t.Errorf("the finding leads to %q", marked)
	}
	b.do("back", chromedp.KeyEvent("M", chromedp.KeyModifiers(chromedp.ModifierCtrl|chromedp.ModifierShift)))
	walk(`li.querySelector('code')?.textContent === 'MOD-01'`)
	b.do("on", chromedp.KeyEvent("\t"))
	if on := b.focused(); on != "修正" {
		t.Fatalf("beside the finding the key leads to %q", on)
	}
	b.types("\r")
	b.untilWritten("企业应保存记录")
	b.until("it is gone", problem("MOD-01")+`.length === 0`)

	b.do("back", chromedp.KeyEvent("M", chromedp.KeyModifiers(chromedp.ModifierCtrl|chromedp.ModifierShift)))
	walk(`[...li.querySelectorAll('button')].some(b => b.textContent === '忽略并说明')`)
	for range 3 {
		if b.focused() != "忽略并说明" {
			b.do("on", chromedp.KeyEvent("\t"))
		}
	}
	b.types("\r")
	b.until("asked why", `document.activeElement.id === 'dr-waive-reason'`)
	b.do("say why, and on", chromedp.KeyEvent("可以这样写\t"))
	b.types("\r")
	b.until("it is kept", `[...document.querySelectorAll('#dr-problem-counts button')].some(b => b.textContent.startsWith('已忽略')) && !document.querySelector('dialog[open]')`)

	b.ctrl("s")
	b.untilState("saved")
	see(b, "to the text", chromedp.Evaluate[bool](`(`+theEditor+`.view.focus(), true)`))
	b.ctrl("\r")
	b.until("asked for a message", `document.activeElement.id === 'dr-message'`)
	b.do("say why", chromedp.KeyEvent("只用键盘"))
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl))); err != nil {
		t.Fatal(err)
	}
	b.shows("企业应保存记录")
	if at := b.where(); !strings.Contains(at, "/standards/db31-t-sf001") {
		t.Errorf("the revision leads to %s", at)
	}
}

// TestPreviewFollows: text and preview scroll together, whichever is moved.
func TestPreviewFollows(t *testing.T) {
	b := drafter(t)
	const line, clause = `(() => { const v = ` + theEditor + `.view; return v.state.doc.lineAt(v.lineBlockAtHeight(v.scrollDOM.scrollTop + 5).from).number; })()`,
		`(() => { const p = document.getElementById('dr-preview-text'), top = p.getBoundingClientRect().top + 5; return [...p.querySelectorAll('[data-line]')].findLast(s => s.getBoundingClientRect().top <= top); })()`
	together := `(() => { const s = ` + clause + `, n = s?.nextElementSibling, at = ` + line + `; return !!s && +s.dataset.line <= at + 1 && (!n || at <= +n.dataset.line + 1); })()`
	see(b, "scroll the text", chromedp.Evaluate[bool](`(() => { const v = `+theEditor+`.view; v.scrollDOM.scrollTop = v.contentHeight / 2; return true; })()`))
	b.until("the preview follows", `document.getElementById('dr-preview-text').scrollTop > 300 && `+together)
	b.until("the text leads no more", `(window.led ??= performance.now()) < performance.now() - 300`)
	see(b, "scroll the preview", chromedp.Evaluate[bool](`(document.getElementById('dr-preview-text').scrollTop = 200, true)`))
	b.until("the text follows", theEditor+`.view.scrollDOM.scrollTop < `+theEditor+`.view.contentHeight / 3 && `+together)
}

// TestFigureIsDropped: a picture from the desktop lands where it is dropped.
func TestFigureIsDropped(t *testing.T) {
	b := drafter(t)
	drawn, err := base64.StdEncoding.DecodeString(see(b, "draw", chromedp.Evaluate[string](`(() => { const c = document.createElement('canvas'); c.width = c.height = 8; c.getContext('2d').fillRect(0, 0, 4, 4); return c.toDataURL('image/png').split(',')[1]; })()`)))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "网点.png")
	if err := os.WriteFile(file, drawn, 0o644); err != nil {
		t.Fatal(err)
	}
	b.after("## 范围 {#scope}")
	at := see(b, "where", chromedp.Evaluate[[]float64](`(() => { const v = `+theEditor+`.view, r = v.coordsAtPos(v.state.selection.main.head); return [r.left - 5, (r.top + r.bottom) / 2]; })()`))
	for _, step := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, "dragOver", "drop"} {
		call(b, input.DispatchDragEvent, input.DispatchDragEventParams{Type: step, X: at[0], Y: at[1], Data: &input.DragData{Items: []*input.DragDataItem{}, Files: []string{file}, DragOperationsMask: 1}})
	}
	b.untilWritten("## 范围 {#scope}\n\n![图：网点](figures/")
	b.until("shown", `[...document.querySelectorAll('#dr-preview-text img')].some((i) => i.complete && i.naturalWidth === 8)`)
}

// TestTelephone: on a narrow screen each pane has a tab.
func TestTelephone(t *testing.T) {
	b := drafter(t)
	b.do("narrow", chromedp.EmulateViewport(390, 844))
	for tab, pane := range map[string]string{"outline": ".dr-outline", "edit": ".dr-edit", "preview": ".dr-preview", "problems": ".dr-problems"} {
		b.do("tab "+tab, chromedp.Click(chromedp.CSS(`#dr-tabs [data-tab=`+tab+`]`)))
		shown := see(b, "panes", chromedp.Evaluate[string](`['.dr-outline', '.dr-edit', '.dr-preview', '.dr-problems'].filter(s => document.querySelector(s).getBoundingClientRect().height > 100).join(' ')`))
		wide := see(b, "width", chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
		if shown != pane || wide > 390 {
			t.Errorf("tab %s shows %q on %d px", tab, shown, wide)
		}
		b.picture("telephone-" + tab)
	}
	b.do("outline", chromedp.Click(chromedp.CSS(`#dr-tabs [data-tab=outline]`)))
	b.do("go to a clause", chromedp.Click(chromedp.CSS(`#dr-outline-list [data-clause=scope] button`)))
	b.until("in the text", `document.getElementById('drafting').dataset.tab === 'edit' && document.getElementById('dr-where').textContent.includes('范围')`)
}

// TestPresence: who drafts besides is shown with the clause, and goes.
func TestPresence(t *testing.T) {
	b := drafter(t)
	other := newBrowser(t, b.url)
	other.signIn("demo-author", "/drafts")
	other.openDraft()
	other.after("## 范围 {#scope}")
	b.until("who is here, and where", `document.getElementById('dr-people').textContent.includes('上海起草人') && document.getElementById('dr-people').textContent.includes('范围')`)
	other.open("/drafts")
	b.until("gone", `document.getElementById('dr-people').hidden && !document.getElementById('dr-people').textContent.includes('上海起草人')`)
}

// TestWithoutNetwork: what is typed while the network is down is said to be here,
// and on the server when it is back.
func TestWithoutNetwork(t *testing.T) {
	b := drafter(t)
	condition := func(down bool) {
		through := -1.0
		call(b, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{{Offline: down, DownloadThroughput: through, UploadThroughput: through}}})
		call(b, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: down, DownloadThroughput: through, UploadThroughput: through})
	}
	b.after("## 范围 {#scope}")
	b.types("\r\r断网之前，")
	b.untilState("saved")
	condition(true)
	b.types("断网之中，")
	b.untilState("offline")
	b.types("还在写。")
	condition(false)
	b.until("the server has it", theEditor+`.keeper.kept.includes('断网之前，断网之中，还在写。') && document.getElementById('dr-state').dataset.state === 'saved'`)
	if kept, text := b.kept(), b.written(); kept != text {
		t.Errorf("the server has %d bytes, the editor %d", len(kept), len(text))
	}
}
