package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axePath is where `make needs` puts axe-core, which finds on a page what people
// who cannot see or point well cannot use.
const axePath = "../node_modules/axe-core/axe.min.js"

// violation is what axe-core reports.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		Target  []any  `json:"target"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// TestAccessible opens the pages of the site as a visitor, a representative and
// the secretary, on a screen and on a telephone. axe-core must find nothing.
func TestAccessible(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: opens many pages in a browser")
	}
	axe, err := os.ReadFile(axePath)
	if err != nil {
		t.Skip("SKIPPED: axe-core is missing (`make needs` installs it where npm is): accessibility was not tested")
	}
	url, _ := served(t, "--demo", "--data", t.TempDir())
	b := newBrowser(t, url)
	b.open("/projects/last-mile")
	row := see(b, "a row", chromedp.Evaluate[string](`document.querySelector('a[href*="/rows/"]').getAttribute("href").split("?")[0].split("#")[0]`))
	open := []string{
		"/", "/search?q=智能快件箱+保管期", "/standards", "/standards/db31-t-sf001", "/standards/db31-t-sf001/history",
		"/standards/db31-t-sf001/compare/1...2", "/projects", "/projects/last-mile", "/projects/last-mile?kind=quantity&base=32", row,
		"/projects/last-mile/draft", "/projects/last-mile/concordance", "/projects/last-mile/matrix", "/projects/last-mile/explanation",
		"/projects/last-mile/meeting", "/projects/last-mile/progress", "/projects/last-mile/settings", "/projects/last-mile/realign",
		"/projects/last-mile/synonyms", "/sign-in",
		"/standards/db31-t-sf001/comments", "/standards/db31-t-sf001/comments?clause=scope", "/projects/last-mile/comments", "/consultations",
		"/standards/db31-t-sf001/blame", "/standards/db31-t-sf001/clauses/scope", "/standards/db31-t-sf001/suggestions",
		"/standards/db31-t-sf001/rules", "/standards/db31-t-sf001/process", "/process", "/reviews",
		"/search?q=快递丢了怎么赔&region=31", "/search?q=智能快件厢", "/search?q=水稻种植", "/search?q=DB31/T", "/search?q=保管期&on=2024-06-30",
		"/check", "/check?numbers=DB31/T+示范001-2021%0AGB/T+1.1-2020", "/applicable", "/applicable?region=31&region=34&do=locker",
		"/api", "/privacy", "/events", "/events?member=nobody", "/events?from=soon", "/join?token=guess", "/reset?token=guess", "/setup?token=guess",
		"/standards/none", "/id/standards/db31-t-sf001/clauses/" + gone, "/members",
	}
	visit := func(as string, pages ...string) {
		for _, page := range pages {
			b.accessible(string(axe), as, page)
		}
	}
	visit("visitor", open...)
	b.signIn("demo-31", "/projects/last-mile")
	visit("representative", "/standards/db31-t-sf001/comments", "/", "/projects/last-mile", row, "/account", "/projects/last-mile/progress",
		"/standards/db31-t-sf001/derived", "/standards/db31-t-sf001/1/restore", "/standards/db31-t-sf001/suggestions/new",
		"/standards/db31-t-sf001/rules", "/standards/db31-t-sf001/process", "/standards/db31-t-sf001/ballots", "/inbox", "/account/security", "/account/factor", "/members")
	b.open("/account/factor")
	b.submit(`button[value="begin"]`)
	b.sound(string(axe), "representative", "a secret to scan")
	b.do("a wrong code", chromedp.SendKeys(chromedp.CSS("#code"), "000000"))
	b.submit(`button[value="confirm"]`)
	b.sound(string(axe), "representative", "a wrong code")
	b.open("/account/security")
	b.do("what for", chromedp.SendKeys(chromedp.CSS("#token-name"), "脚本"))
	b.submit(`form[action="/account/tokens"] button`)
	b.sound(string(axe), "representative", "a token")
	b.signIn("demo-reader", "/applicable?region=31&do=locker")
	b.do("name a checklist", chromedp.SendKeys(chromedp.CSS("#title"), "清单"))
	b.submit(`form[action="/checklists"] button`)
	list := strings.TrimPrefix(b.where(), url)
	visit("enterprise", "/applicable?region=31&region=34&do=locker", "/checklists", list, list+"/print", list+"/declaration", "/watch", "/watch?kind=profile&query=region%3D31", "/search")
	b.signIn("demo-secretary", "/projects/last-mile")
	visit("secretary", "/standards/db31-t-sf001/comments", "/inbox", "/projects/new", "/projects/last-mile", row, "/projects/last-mile/settings", "/projects/last-mile/meeting",
		"/projects/last-mile/explanation", "/projects/last-mile/realign", "/projects/last-mile/synonyms", "/import", "/events")
	b.signIn("demo-admin", "/members")
	visit("administrator", "/members", "/members/demo-author", "/members/demo-admin", "/events", "/account")
	b.open("/members")
	b.submit(`form[action="/members/invite"] button`)
	b.sound(string(axe), "administrator", "an invitation")
}

// gone is a clause that the standard no longer has.
const gone = "paper-waybill"

// accessible runs axe-core over a page at both widths.
func (b *browser) accessible(axe, as, page string) {
	b.t.Helper()
	for _, width := range []int64{1440, 390} {
		b.do("width", chromedp.EmulateViewport(width, 900))
		b.open(page)
		b.axe(axe, as, page, width)
	}
}

// sound is accessible for a page that cannot be opened by its address.
func (b *browser) sound(axe, as, page string) {
	b.t.Helper()
	for _, width := range []int64{1440, 390} {
		b.do("width", chromedp.EmulateViewport(width, 900))
		b.axe(axe, as, page, width)
	}
}

// axe runs axe-core over what the browser shows; nothing may stick out of the
// window either.
func (b *browser) axe(axe, as, page string, width int64) {
	b.t.Helper()
	if title := see(b, "title", chromedp.Title()); title == "" {
		b.t.Errorf("%s has no title", page)
	}
	if wide := see(b, "measure", chromedp.Evaluate[int64](`document.documentElement.scrollWidth`)); wide > width {
		b.t.Errorf("%s as %s is %d px wide in a window of %d px", page, as, wide, width)
	}
	b.do("load axe-core", step(chromedp.Evaluate[chromedp.Void](axe+";undefined")))
	found := see(b, "run axe-core on "+page, chromedp.Evaluate[string](
		`axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	var list []violation
	if err := json.Unmarshal([]byte(found), &list); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range list {
		var at []string
		for i, n := range v.Nodes {
			if i == 3 {
				break
			}
			target, _ := json.Marshal(n.Target)
			at = append(at, string(target)+" "+n.Summary)
		}
		b.t.Errorf("%s as %s at %d px: %s (%s), %d places:\n%s", page, as, width, v.ID, v.Help, len(v.Nodes), strings.Join(at, "\n"))
	}
}
