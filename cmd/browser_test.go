package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// served runs `tongbiao serve` in process until the test ends and returns its
// address and what it printed.
func served(t *testing.T, args ...string) (url, greeting string) {
	t.Helper()
	url, greeting, stop := serving(t, args...)
	t.Cleanup(stop)
	return url, greeting
}

// serving is served with the stop in the caller's hand.
func serving(tb testing.TB, args ...string) (url, greeting string, stop func()) {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, printed := io.Pipe()
	done := make(chan int, 1)
	var errs safeBuffer
	go func() {
		code := run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...), printed, &errs)
		printed.Close()
		done <- code
	}()
	buf := make([]byte, 8192)
	n, err := out.Read(buf) // serve greets in one write
	greeting = string(buf[:n])
	url = addressIn(greeting)
	if err != nil || url == "" {
		cancel()
		tb.Fatalf("serve ended: %v %s%s", err, greeting, errs.String())
	}
	var rest sync.WaitGroup
	rest.Go(func() { io.Copy(io.Discard, out) })
	return url, greeting, func() {
		cancel()
		if code := <-done; code != 0 {
			tb.Errorf("serve ended with %d: %s", code, errs.String())
		}
		rest.Wait()
	}
}

// addressIn finds the site's address in what serve printed.
func addressIn(greeting string) string {
	return regexp.MustCompile(`http://[0-9.:]+`).FindString(greeting)
}

// safeBuffer is a strings.Builder for two goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// browser is one person's browser with a profile of its own. Errors that a
// page's script throws fail the test.
type browser struct {
	t   *testing.T
	ctx context.Context
	url string
}

func newBrowser(t *testing.T, url string) *browser {
	t.Helper()
	return newBrowserIn(t, url, t.TempDir())
}

// newBrowserIn is newBrowser on a profile that outlives it.
func newBrowserIn(t *testing.T, url, profile string) *browser {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Fatal("chromium is missing: run `make needs` (the tour is not tested without a browser)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1440, 1000),
	)
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(alloc)
	t.Cleanup(func() { stop(); stopAlloc() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	console := chromedp.Console(ctx)
	go func() {
		for m, err := range console {
			if err != nil {
				return
			}
			if m.Type == chromedp.ConsoleException {
				t.Errorf("script error: %s", m.Text)
			}
		}
	}()
	return &browser{t, ctx, url}
}

type step = chromedp.Action[chromedp.Void]

// patience is how long a person would wait for one thing on a busy machine.
const patience = 40 * time.Second

func (b *browser) do(what string, steps ...step) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v\nat %s", what, err, b.where())
	}
}

// see runs an action that returns something.
func see[T any](b *browser, what string, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		b.t.Fatalf("%s: %v\nat %s", what, err, b.where())
	}
	return v
}

func (b *browser) where() string {
	at, _ := chromedp.Run(b.ctx, chromedp.Location())
	return at
}

// open goes to a page of the site.
func (b *browser) open(path string) {
	b.t.Helper()
	b.do("open "+path, chromedp.Navigate(b.url+path))
}

// submit presses a button and waits for the page that answers.
func (b *browser) submit(selector string) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		b.t.Fatalf("press %s: %v\nat %s", selector, err, b.where())
	}
}

// text is what a person reads in an element.
func (b *browser) text(selector string) string {
	b.t.Helper()
	return see(b, "read "+selector, chromedp.Text(chromedp.CSS(selector)))
}

// shows fails unless the page shows each of the words.
func (b *browser) shows(words ...string) {
	b.t.Helper()
	body := b.text("body")
	for _, w := range words {
		if !strings.Contains(body, w) {
			b.t.Fatalf("%s does not show %q:\n%.3000s", b.where(), w, body)
		}
	}
}

// fetch gets a file of the site in the page, as its download link would.
func (b *browser) fetch(path string) string {
	b.t.Helper()
	return see(b, "fetch "+path, chromedp.Evaluate[string](`fetch("`+path+`").then(r => { if (!r.ok) throw new Error(r.status); return r.text() })`, chromedp.EvalAwaitPromise))
}

// fits fails where the page is wider than the window: a person on a telephone
// would have to push it sideways.
func (b *browser) fits(path string, width int64) {
	b.t.Helper()
	b.do("narrow", chromedp.EmulateViewport(width, 900))
	b.open(path)
	if wide := see(b, "measure", chromedp.Evaluate[int64](`document.documentElement.scrollWidth`)); wide > width {
		b.t.Errorf("%s is %d px wide in a window of %d px", path, wide, width)
	}
	b.do("widen", chromedp.ResetViewport())
}

// picture keeps a screenshot where TONGBIAO_PICTURES names a folder, so that
// the pages of the tour can be looked at.
func (b *browser) picture(name string) {
	b.t.Helper()
	dir := os.Getenv("TONGBIAO_PICTURES")
	if dir == "" {
		return
	}
	png := see(b, "picture", chromedp.CaptureScreenshot())
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
