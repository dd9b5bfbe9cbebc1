package web

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestMeetingByKeys: the secretary runs a row by keys alone; a representative's
// browser hears of it, and what she is typing meanwhile stays; the screen fits a
// projector and a telephone.
func TestMeetingByKeys(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: no browser in -short")
	}
	s := serve(t, Options{Demo: true})
	row := s.rowWith("24 h")
	at := "/projects/express/meeting/rows/" + row.ID
	s.posts("demo-31", "/projects/express/rows/"+row.ID+"/unify", 303, "version", strconv.Itoa(row.Version), "title", "投递时限", "text", "应在 36 h 内投递。")
	s.posts("demo-secretary", "/projects/express/meeting", 303, "title", "第一次会议", "present", "demo-31", "present", "demo-32", "queue", "open")
	sec, rep := browse(t, s, "demo-secretary"), browse(t, s, "demo-32")
	for _, size := range [][2]int64{{390, 844}, {1920, 1080}} {
		sec.do("size", chromedp.EmulateViewport(size[0], size[1]))
		for _, path := range []string{at, "/projects/express/meeting", "/projects/express/explanation", "/projects/express/concordance"} {
			sec.open(path)
			if wide := ask[int64](sec, `document.documentElement.scrollWidth`); wide > size[0] {
				t.Errorf("%s is %d px wide on %d", path, wide, size[0])
			}
		}
	}
	sec.open(at)
	if size := ask[float64](sec, `parseFloat(getComputedStyle(document.querySelector('.unified-text')).fontSize)`); size < 34 {
		t.Errorf("the unified clause stands in %.0f px: too small for five metres", size)
	}
	rep.open(at)
	rep.do("begin to write", chromedp.SendKeys(chromedp.CSS(`.spoke-form input[name="note"]`), "我们的理由写到一半"))

	press := func(keys ...string) { // a shortcut: the protocol would also type it into the field that it goes to
		t.Helper()
		for _, k := range keys {
			ask[bool](sec, `(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', {key: '`+k+`', bubbles: true, cancelable: true})) || true`)
		}
	}
	press("1", "a")
	sec.do("沪 agrees", chromedp.WaitVisible(chromedp.CSS("#said-31 .spoke-agree")))
	rep.until("the other browser hears of it", `document.querySelector('#said-31 .spoke-agree') !== null`)
	if note := ask[string](rep, `document.querySelector('.spoke-form input[name="note"]').value`); note != "我们的理由写到一半" {
		t.Errorf("what she was typing became %q", note)
	}
	press("2", "o")
	sec.until("the reason is asked for", `document.activeElement.name === 'note' && document.activeElement.closest('#said-32') !== null`)
	sec.do("the reason", chromedp.KeyEvent("太短"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("#said-32 .spoke-object")))
	press("f")
	sec.until("why is asked for", `document.activeElement.id === 'reason'`)
	sec.do("why", chromedp.KeyEvent("再议"))
	press("Escape", "f")
	sec.do("deferred", chromedp.WaitVisible(chromedp.CSS("#decided .o-deferred")))
	sec.do("next", chromedp.KeyEvent(kb.ArrowRight), chromedp.WaitVisible(chromedp.CSS(`a[data-key="ArrowLeft"][href="`+at+`"]`)))

	now := s.rowWith("24 h")
	if now.Current["31"].Verdict != "agree" || now.Current["32"].Verdict != "object" || now.Current["32"].Note != "太短" || now.Current["32"].Meeting == "" {
		t.Errorf("kept %+v", now.Current)
	}
}
