package main

import (
	"encoding/json"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPermanentLinks: what a standard's page says to machines stands in it and
// the content policy has nothing against it; a click on the permanent link copies
// it and stays on the page; the link leads back, and of a clause that was taken
// away it says so.
func TestPermanentLinks(t *testing.T) {
	url, _ := served(t, "--demo", "--data", t.TempDir())
	b := newBrowser(t, url)
	b.open("/standards/db31-t-sf001")
	said := see(b, "what it says to machines", chromedp.Evaluate[string](`document.querySelector('script[type="application/ld+json"]').textContent`))
	var linked struct {
		ID    string `json:"@id"`
		Title struct {
			Value string `json:"@value"`
		} `json:"dcterms:title"`
	}
	if err := json.Unmarshal([]byte(said), &linked); err != nil || linked.ID != url+"/id/standards/db31-t-sf001" || linked.Title.Value != "快递末端服务规范" {
		t.Errorf("JSON-LD: %v %s", err, said)
	}
	// A picture from elsewhere is refused for certain; what was refused before it
	// is the page's own fault.
	refused := see(b, "what the content policy refuses", chromedp.Evaluate[string](`new Promise(done => {
		const seen = [], planted = 'https://planted.invalid/x.png';
		new ReportingObserver(list => {
			seen.push(...list.map(r => r.body.blockedURL));
			if (seen.includes(planted)) done(seen.filter(u => u !== planted).join(' '));
		}, { types: ['csp-violation'], buffered: true }).observe();
		document.body.append(Object.assign(new Image(), { src: planted, alt: '' }));
	})`, chromedp.EvalAwaitPromise))
	if refused != "" {
		t.Errorf("the content policy refused on the page: %s", refused)
	}

	b.open("/standards/db31-t-sf001") // the planted one is gone
	link := see(b, "permanent link", chromedp.Evaluate[string](`document.querySelector('a.permanent').href`))
	if link != linked.ID {
		t.Errorf("the permanent link is %s, the data say %s", link, linked.ID)
	}
	b.do("copy", chromedp.Click(chromedp.CSS("a.permanent")))
	b.until("copied", `document.querySelector('a.permanent').textContent === '✓'`)
	b.until("the link is back", `document.querySelector('a.permanent').textContent !== '✓'`)
	if at := b.where(); at != url+"/standards/db31-t-sf001" {
		t.Errorf("a click led to %s", at)
	}
	b.do("follow", chromedp.Navigate(link))
	b.shows("快递末端服务规范")
	b.open("/id/standards/db31-t-sf001/clauses/" + gone)
	b.shows("410")
}
