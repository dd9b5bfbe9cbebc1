package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tongbiao/registry"
	"tongbiao/standards"
)

// TestFourRegions is a project as four regions would do it: four representatives
// and the secretary, each in a browser with a profile of its own, take four texts
// to a unified draft, with all that goes wrong on the way. In the end nothing is
// lost, each act is in the log under the name of who did it, and the papers say
// what happened.
func TestFourRegions(t *testing.T) {
	_, err := os.Stat(postFolder)
	real := t.Run("real", func(t *testing.T) {
		switch {
		case err != nil:
			t.Skipf("SKIPPED: the real texts are not here (%s): the bundled ones take their place", postFolder)
		case testing.Short():
			t.Skip("SKIPPED: the run with the real texts is long: the bundled ones take their place")
		}
		newWorkingGroup(t, postFamily(t)).run()
	})
	if real && err == nil && !testing.Short() {
		return // the bundled texts go the same way, and would only take as long again
	}
	t.Run("bundled", func(t *testing.T) { newWorkingGroup(t, bundledFamily(t)).run() })
}

// family is what a working group begins with.
type family struct {
	project, title string
	upload         []string          // texts that the secretary imports
	texts          map[string]string // by region: what its text is called in the list
	revision       string            // a newer text of Jiangsu's, that arrives in the middle
	was, is        string            // what it changes
	synonyms       string
	rows           int // that get a unified clause
}

var postFolder = filepath.Join("..", "..", "shared", "data", "families", "邮政快递")

// postFamily are the four real regulations on post and express service.
func postFamily(t *testing.T) family {
	f := family{
		project: "post", title: "快递服务规范", rows: 22, synonyms: "快递企业 = 快递经营企业 = 经营快递业务的企业",
		texts: map[string]string{"31": "上海市实施《中华人民共和国邮政法》办法", "32": "江苏省邮政条例", "33": "浙江省快递业促进条例", "34": "安徽省邮政条例"},
		was:   "邮政企业应当在十五日内予以答复", is: "邮政企业应当在十日内予以答复",
	}
	for _, name := range []string{"sh", "js", "zj", "ah"} {
		path, err := filepath.Abs(filepath.Join(postFolder, name+".md"))
		if err != nil {
			t.Fatal(err)
		}
		f.upload = append(f.upload, path)
	}
	text, err := os.ReadFile(f.upload[1])
	if err != nil {
		t.Fatal(err)
	}
	f.revise(t, "js.md", string(text))
	return f
}

// bundledFamily are the texts that the program carries.
func bundledFamily(t *testing.T) family {
	f := family{
		project: "four", title: "快递末端服务规范", rows: 20, synonyms: "服务站点 = 快递驿站 = 服务网点",
		texts: map[string]string{"31": "DB31/T 示范001—2025", "32": "DB32/T 示范001", "33": "DB33/T 示范001", "34": "DB34/T 示范001"},
		was:   "自受理之日起3个工作日内", is: "自受理之日起2个工作日内",
	}
	text, err := standards.FS.ReadFile("db32-t-sf001.md")
	if err != nil {
		t.Fatal(err)
	}
	f.revise(t, "db32-t-sf001.md", string(text))
	return f
}

// revise writes the newer text.
func (f *family) revise(t *testing.T, name, text string) {
	t.Helper()
	if strings.Count(text, f.was) != 1 {
		t.Fatalf("%s says %q %d times, want once", name, f.was, strings.Count(text, f.was))
	}
	f.revision = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(f.revision, []byte(strings.Replace(text, f.was, f.is, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// workingGroup is the secretary and the four representatives at work.
type workingGroup struct {
	*testing.T
	family
	at     string // the project's address
	data   string
	people map[string]*browser // "secretary" or a region
	stop   func()

	subjects []subject // that get a unified clause, in the grid's order
	changed  string    // of them the row that the revision touches

	mu      sync.Mutex
	done    map[act4]int    // what was acknowledged
	written map[string]bool // every unified text that was acknowledged
}

// act4 is one kind of thing that somebody did to a row or to the project.
type act4 struct {
	by   string
	verb registry.Verb
	row  string
}

// subject is a row of the grid.
type subject struct {
	ID      string   `json:"id"`
	Topic   string   `json:"topic"`
	Columns []string `json:"columns"` // in which it has a clause
}

var fourRegions = []string{"31", "32", "33", "34"}

func newWorkingGroup(t *testing.T, f family) *workingGroup {
	g := &workingGroup{
		T: t, family: f, at: "/projects/" + f.project, data: t.TempDir(),
		people: map[string]*browser{}, done: map[act4]int{}, written: map[string]bool{},
	}
	site, _, stop := serving(t, "--demo", "--data", g.data)
	g.stop = sync.OnceFunc(stop)
	t.Cleanup(g.stop)
	for _, who := range append([]string{"secretary"}, fourRegions...) {
		b := newBrowser(t, site)
		b.signIn("demo-"+who, "/projects")
		g.people[who] = b
	}
	return g
}

// run is the whole of it; each step says how long it took.
func (g *workingGroup) run() {
	for _, s := range []struct {
		name string
		do   func()
	}{
		{"open", g.open}, {"correct", g.correct}, {"synonyms", g.name}, {"draft", g.draft}, {"speak", g.speak},
		{"dispute", g.dispute}, {"change after agreement", g.reopen}, {"write together", g.together}, {"clash", g.clash},
		{"revision", g.arrive}, {"meeting", g.meet}, {"papers", g.papers}, {"judge", g.judge},
	} {
		begun := time.Now()
		s.do()
		g.Logf("%-24s %5.1f s", s.name, time.Since(begun).Seconds())
	}
}

// ---- what everybody does ----

// row is the address of one.
func (g *workingGroup) row(id string) string { return g.at + "/rows/" + id }

// send presses a button and expects the page that answers.
func (b *browser) send(selector string) (status int) {
	b.t.Helper()
	return b.answer("press "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// answer does something that brings a new page, and returns its status.
func (b *browser) answer(what string, steps ...step) (status int) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	res, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		b.t.Fatalf("%s: %v\nat %s", what, err, b.where())
	}
	return int(res.Status)
}

// acknowledged notes what a person did when the page says that it is done.
func (g *workingGroup) acknowledged(b *browser, by string, verb registry.Verb, row string) {
	b.t.Helper()
	if !see(b, "acknowledged?", chromedp.Evaluate[bool](`!!document.querySelector('.notice') && !document.querySelector('.problem')`)) {
		b.t.Fatalf("%s of %s on %q was not acknowledged:\n%.2000s", verb, by, row, b.text("main"))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.done[act4{"demo-" + by, verb, row}]++
}

// write saves a text as the row's unified clause. The row is open already.
func (g *workingGroup) write(b *browser, by, row, text string) {
	b.t.Helper()
	b.do("write", chromedp.SetValue(chromedp.CSS(`#u-text`), text))
	if status := b.send(`form.unify button.primary`); status != 200 {
		b.t.Fatalf("the text of %s on %s was answered with %d:\n%.2000s", by, row, status, b.text("#unified"))
	}
	g.acknowledged(b, by, registry.Unify, row)
	g.keep(text)
}

// keep notes a text that must be found in the end.
func (g *workingGroup) keep(text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.written[text] = true
}

// typed is what stands in the editor.
func (b *browser) typed() string {
	b.t.Helper()
	return see(b, "typed", chromedp.Value(chromedp.CSS(`#u-text`)))
}

// say takes a position on a row.
func (g *workingGroup) say(b *browser, region, row string, verdict registry.Verdict, note string) {
	b.t.Helper()
	b.open(g.row(row))
	// In one go: what the others say at the same time puts the form in place anew.
	b.do("choose", step(chromedp.Evaluate[chromedp.Void](`document.querySelector('form.speak input[value="`+string(verdict)+`"]').click()`)))
	if note != "" {
		b.do("reason", chromedp.SendKeys(chromedp.CSS(`#p-note`), note))
	}
	b.send(`form.speak button.primary`)
	g.acknowledged(b, region, registry.TakePosition, row)
}

// state is what a page says of a row's state.
func (b *browser) state(want string) {
	b.t.Helper()
	if got := b.text(".row-marks .state"); got != want {
		b.t.Fatalf("the row is %s, want %s\nat %s", got, want, b.where())
	}
}

// atOnce lets several people work at the same time.
func (g *workingGroup) atOnce(who []string, work func(by string, b *browser)) {
	g.Helper()
	var all sync.WaitGroup
	for _, by := range who {
		all.Go(func() { work(by, g.people[by]) })
	}
	all.Wait()
	if g.Failed() {
		g.FailNow()
	}
}

// shot keeps pictures of a page at the widths at which it is used.
func (g *workingGroup) shot(b *browser, name string, sizes ...[2]int64) {
	b.t.Helper()
	if os.Getenv("TONGBIAO_PICTURES") == "" {
		return
	}
	name = g.project + "-" + name
	b.picture(name)
	for _, size := range sizes {
		b.do("size", chromedp.EmulateViewport(size[0], size[1]))
		b.picture(fmt.Sprintf("%s-%d", name, size[0]))
		b.do("widen", chromedp.EmulateViewport(desk[0], desk[1]))
	}
}

var desk, telephone, projector = [2]int64{1440, 1000}, [2]int64{390, 844}, [2]int64{1920, 1080}

// ask is a page of the project's grid.
func (g *workingGroup) ask(text string) string { return g.at + "?text=" + url.QueryEscape(text) }
