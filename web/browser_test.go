package web

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// tab is a page in a real browser, for what only a browser can show.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string
}

// patience is how long one thing may take on a busy machine.
const patience = 40 * time.Second

// browse opens a browser that is signed in as a member of the demonstration.
// Whatever the browser complains about in its console fails the test: a script
// error, or a thing that the content policy forbids.
func browse(t *testing.T, s *site, as string) *tab {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Fatal("chromium is missing: run `make needs` (scripts are not tested without a browser)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1440, 1000))
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(alloc)
	t.Cleanup(func() { stop(); stopAlloc() })
	b := &tab{t, ctx, s.URL}
	b.listen()
	b.open("/sign-in?next=/standards")
	b.do("sign in", chromedp.Click(chromedp.CSS(`button[name="id"][value="`+as+`"]`)), chromedp.WaitVisible(chromedp.CSS("table.standards")))
	return b
}

func (b *tab) listen() {
	b.t.Helper()
	if err := chromedp.Do(b.ctx); err != nil {
		b.t.Fatalf("start chromium: %v", err)
	}
	messages := chromedp.Console(b.ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == "error" {
				b.t.Errorf("the browser complains: %s %s", m.Text, m.URL)
			}
		}
	}()
}

func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		at, _ := chromedp.Run(b.ctx, chromedp.Location())
		b.t.Fatalf("%s: %v\nat %s", what, err, at)
	}
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.do("open "+path, chromedp.Navigate(b.url+path))
}

// ask evaluates an expression in the page.
func ask[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits for an expression to become true.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expression)); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// TestInABrowser: no page is wider than a small telephone or uses what its
// content policy forbids; the contents mark the place; text that was typed and
// not sent is offered again; a finding leads to its line.
func TestInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: no browser in -short")
	}
	s := serve(t, Options{Demo: true})
	b := browse(t, s, "demo-author")

	t.Run("pages fit a telephone", func(t *testing.T) {
		b.do("narrow", chromedp.EmulateViewport(360, 800))
		for _, path := range []string{
			"/", "/search", "/search?q=%E6%8A%95%E9%80%92", "/standards", "/standards/sh-express", "/standards/js-express", "/standards/sh-express/history",
			"/standards/sh-express/compare?a=1&b=2", "/standards/sh-express/comments", "/drafts", "/drafts/new", "/drafts/sh-express", "/compare",
			"/events", "/account", "/sign-in", "/setup", "/consultations", "/consultations/zj-locker", "/consultations/zj-locker/clauses/lk-time", "/consultations/receipts/" + planted.receipt, "/standards?lang=en", "/?lang=en", "/search?q=%E6%8A%95%E9%80%92&lang=en", "/sign-in?lang=zh",
		} {
			b.open(path)
			if wide := ask[int](b, `document.documentElement.scrollWidth`); wide > 360 {
				t.Errorf("%s is %d px wide in a window of 360 px", path, wide)
			}
		}
		b.do("widen", chromedp.ResetViewport())
	})

	t.Run("contents mark the place", func(t *testing.T) {
		b.do("low window", chromedp.EmulateViewport(1440, 300))
		b.open("/standards/sh-express#complaints")
		b.until("the chapter is marked", `document.querySelector('.contents a[aria-current]')?.hash === '#complaints'`)
		b.do("up", chromedp.KeyEvent("k"))
		b.until("the clause before is marked", `document.querySelector('.contents a[aria-current]')?.hash === '#proxy'`)
		b.do("widen", chromedp.ResetViewport())
	})
}
