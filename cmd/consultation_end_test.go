package main

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/chromedp/chromedp"

	"tongbiao/registry"
)

// total is how many comments want an answer.
const total = 120

// inBulk answers what is left, page by page, but for the wishes and one more.
func (h *hearing) inBulk() {
	h.last = h.receiptComment(h.receipts[1])
	left := append(slices.Clone(h.wishes), h.last)
	b := h.browsers["secretary"]
	keep := strings.Join(left, " ")
	for range total {
		b.open(h.standard() + "/comments?state=unanswered")
		ticked := see(b, "tick", chromedp.Evaluate[int](`(left => { let n = 0; for (const e of document.querySelectorAll('input[form=bulk][name=comment]')) {
			const t = e.closest('article'); if (left.includes(e.value.split('.')[0]) || t.textContent.includes('与此条合并处理')) continue; e.checked = true; n++ } return n })('`+keep+`'.split(' '))`))
		if ticked == 0 {
			break
		}
		b.do("kind", chromedp.Click(chromedp.CSS(`#bulk input[value="rejected"]`)))
		b.send(`#bulk button.primary`)
		b.shows("请写明理由") // obliged; what was ticked stays ticked
		b.do("reason", chromedp.SendKeys(chromedp.CSS("#bulk #reason"), "成批答复：已在编制说明中说明。"))
		b.send(`#bulk button.primary`)
		b.shows("已处理")
	}
	h.people["secretary"].read(h.standard()+"/comments", fmt.Sprintf("待处理 %d", len(left)))
	for _, t := range h.twins {
		h.people["32"].read(h.standard()+"/comments?state=rejected&q="+url.QueryEscape(h.said[t[1]]), `id="`+t[1]+`"`)
	}
}

// receiptComment is the comment of a receipt.
func (h *hearing) receiptComment(at string) string {
	_, rest, _ := strings.Cut(h.passers[0].read(at), "consult-facts")
	return commentNumber.FindString(rest)
}

// apply begins the draft anew and writes three wishes into it.
func (h *hearing) apply() {
	h.people["secretary"].refused(403, h.standard()+"/comments/"+h.wishes[0]+"/apply", url.Values{"base": {h.current()}, "kind": {"accepted"}, "text": {"冻结的正文"}}, "冻结")
	h.step(registry.BeginDraft, map[string]string{"note": "按意见修改"})
	b := h.browsers["secretary"]
	for i, id := range h.wishes {
		b.open(h.standard() + "/comments/" + id + "/apply")
		if i == 0 {
			b.fits(h.standard()+"/comments/"+id+"/apply", 360)
		}
		if status := b.send(`form[action$="/apply"] button.primary`); status != 200 {
			h.Fatalf("apply %s: %d\n%s", id, status, b.text("main"))
		}
		b.shows("已写入第")
		h.people["34"].read(h.standard()+"/"+h.current()+"/source", fmt.Sprintf("并公布结果（%d）", i+1))
	}
	h.people["author-32"].read(h.standard()+"/comments?q="+url.QueryEscape(h.said[h.wishes[0]]), "已写入第")
}

// renumber puts an article before all others: every comment is still on its
// clause, whatever its number is now.
func (h *hearing) renumber() {
	a := h.people["author"]
	before := h.places()
	a.does("/drafts", url.Values{"standard": {h.id}})
	page := a.read("/drafts/" + h.id)
	value := func(name string) string {
		m := regexp.MustCompile(`name="` + name + `" value="(\d+)"`).FindStringSubmatch(page)
		if m == nil {
			h.Fatalf("the draft has no %s", name)
		}
		return m[1]
	}
	source := a.read(h.standard() + "/" + h.current() + "/source")
	at := regexp.MustCompile(`(?m)^#+ .*\{#` + regexp.QuoteMeta(h.clauses[0].ID) + `[ }]`).FindStringIndex(source)
	if at == nil {
		h.Fatalf("the source does not have %s:\n%.3000s", h.clauses[0].ID, source)
	}
	level := source[at[0]:][:strings.Index(source[at[0]:], " ")]
	title := "总的要求"
	if strings.HasPrefix(h.clauses[0].Number, "第") {
		title = "第一条" // articles have no titles
	}
	source = source[:at[0]] + level + " " + title + " {#overall}\n\n各有关单位应当协同，方便公众。\n\n" + source[at[0]:]
	a.does("/drafts/"+h.id, url.Values{"base": {value("base")}, "version": {value("version")}, "source": {source}, "message": {"增加总的要求"}, "do": {"submit"}})
	after := h.places()
	moved := 0
	for id, was := range before {
		now, held := after[id]
		switch {
		case !held:
			h.Errorf("%s is lost", id)
		case was.clause != now.clause:
			h.Errorf("%s was on %s and is on %s", id, was.clause, now.clause)
		case was.name != now.name:
			moved++
		}
	}
	if len(before) < total || moved < total/2 {
		h.Errorf("of %d comments %d have a clause of another number", len(before), moved)
	}
}

// place is where a comment stands: the clause and its name.
type place struct{ clause, name string }

// places of all comments, as the pages show them.
func (h *hearing) places() map[string]place {
	out := map[string]place{}
	link := regexp.MustCompile(`(?s)<article class="thread[^"]*" id="(c\d+)">.*?<a class="place" href="([^"]*)">([^<]*)</a>`)
	for from := 0; ; from += 50 {
		page := h.people["secretary"].read(fmt.Sprintf("%s/comments?from=%d", h.standard(), from))
		found := link.FindAllStringSubmatch(page, -1)
		for _, m := range found {
			_, clause, _ := strings.Cut(m[2], "#")
			out[m[1]] = place{clause, m[3]}
		}
		if len(found) == 0 {
			return out
		}
	}
}

// toReview is closed while one comment is left, and open after it.
func (h *hearing) toReview() {
	h.closed(registry.SendToReview, "还有 1 条意见没有处理意见")
	b := h.browsers["secretary"]
	b.open(h.standard() + "/comments?state=unanswered")
	b.do("answer by keyboard alone", chromedp.Focus(chromedp.CSS(`input[form=bulk][name=comment]`)), chromedp.KeyEvent(" "))
	b.do("kind", chromedp.Focus(chromedp.CSS(`#bulk input[value="partly"]`)), chromedp.KeyEvent(" "))
	b.do("reason", chromedp.Focus(chromedp.CSS("#bulk #reason")), chromedp.SendKeys(chromedp.CSS("#bulk #reason"), "居民的影响已评估。"))
	b.do("the button", chromedp.Focus(chromedp.CSS(`#bulk button.primary`)))
	b.answer("press it", chromedp.KeyEvent("\r"))
	b.shows("已处理")
	h.passers[1].read(h.receipts[1], "部分采纳", "居民的影响已评估。")
	h.step(registry.SendToReview, nil)
	h.people["author"].refused(403, "/drafts", url.Values{"standard": {h.id}})
}

// vote asks twice: five of eight are one too few, six are exactly three quarters.
func (h *hearing) vote() {
	h.closed(registry.SendToApproval, "还没有已结束并通过的表决")
	voters := []string{"31", "32", "33", "34", "author-32", "author-33", "author-34", "reader-33"}
	for n, agree := range []int{5, 6} {
		b, at := h.browsers["secretary"], fmt.Sprintf("%s/ballots/%d", h.standard(), n+1)
		b.open(h.standard() + "/ballots")
		b.do("who votes", step(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('input[name=members]').forEach(e => { e.checked = e.value !== 'demo-secretary' && e.value !== 'demo-reader' })`)),
			chromedp.SetValue(chromedp.CSS("#closes"), h.days.day(10)))
		b.send(`form[action$="/ballots"] button.primary`)
		b.shows("起草人", "上海起草人（示范）")
		for i, who := range voters {
			h.people[who].read("/inbox", h.standard()[1:]+"/ballots/")
			f := url.Values{"choice": {"agree"}}
			switch {
			case i >= agree && i == len(voters)-1:
				f = url.Values{"choice": {"abstain"}}
			case i >= agree:
				f = url.Values{"choice": {"object"}, "why": {"过渡期不够"}}
			case i == 1:
				f = url.Values{"choice": {"comments"}, "why": {"请校对全文"}}
			}
			if i == 2 { // changes its mind
				h.people[who].does(at+"/vote", url.Values{"choice": {"object"}, "why": {"还要再看"}})
			}
			if i > 0 {
				h.people[who].does(at+"/vote", f)
				continue
			}
			own := h.browsers["31"]
			own.open(at)
			own.do("agree", chromedp.Click(chromedp.CSS(`input[name="choice"][value="agree"]`)))
			own.send(`form[action$="/vote"] button.primary`)
		}
		h.people["author"].refused(403, at+"/vote", url.Values{"choice": {"agree"}})
		h.people["secretary"].does(at+"/close", url.Values{"reason": {"都已表决"}})
		page := h.people["34"].read(at, `<span class="chip `+map[bool]string{true: "passed", false: "failed"}[agree == 6])
		if !strings.Contains(page, "请校对全文") {
			h.Error("the minutes do not have what was said")
		}
		minutes := filepath.Join(h.TempDir(), "minutes.docx")
		if err := os.WriteFile(minutes, []byte(h.people["34"].read(at+"/minutes.docx")), 0o600); err != nil {
			h.Fatal(err)
		}
		h.valid(minutes)
		if agree == 5 {
			h.closed(registry.SendToApproval, "还没有已结束并通过的表决")
		}
	}
	h.step(registry.SendToApproval, nil)
	h.people["31"].read(h.standard()+"/process", `aria-current="step"><span>批准`)
}

// subscribe gives a member an address for letters and one for a feed.
func (h *hearing) subscribe() (feed string) {
	p := h.people["author-32"]
	p.does("/account/address", url.Values{"address": {"author-32@tongbiao.test"}})
	token := regexp.MustCompile(`/account/address\?token=(\S+)`).FindStringSubmatch(h.post.letter(h.T, "author-32@tongbiao.test", "确认"))
	if token == nil {
		h.Fatal("the letter has no link")
	}
	one, err := url.QueryUnescape(token[1])
	if err != nil {
		h.Fatal(err)
	}
	p.does("/account/address/confirm", url.Values{"token": {one}})
	res, err := p.client.PostForm(p.site+"/account/feed", nil)
	found := regexp.MustCompile(`http://tongbiao.test(/feeds/[^<]+)<`).FindStringSubmatch(p.body(res, err))
	if found == nil {
		h.Fatal("no feed was opened")
	}
	return found[1]
}

// told: who commented hears of the answer on the site, in the feed and by letter;
// a passer-by reads it on the receipt.
func (h *hearing) told() {
	h.post.letter(h.T, "author-32@tongbiao.test", "处理了您的意见")
	h.people["author-32"].read("/inbox", "处理了您的意见", "按您的意见改了条文", "提到了您", "没有提交您的意见", "提交为本地区意见")
	raw := h.passers[0].read(h.feed)
	var feed struct {
		Entries []struct {
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(raw), &feed); err != nil || len(feed.Entries) < 10 {
		h.Fatalf("the feed: %v, %d entries", err, len(feed.Entries))
	}
	for i, at := range h.receipts {
		h.passers[i%2].read(at, "处理结果", "采纳")
	}
	if page := h.people["author-33"].read("/inbox"); strings.Contains(page, "内部意见32") {
		h.Error("the inbox of Zhejiang tells what Jiangsu said inside")
	}
}

// judge stops the site and looks at what is kept.
func (h *hearing) judge() {
	h.stop()
	if code, out, errs := inProcess("check-store", "--data", h.data); code != 0 {
		h.Fatalf("check-store: exit %d %s%s", code, out, errs)
	}
	reg, err := dataFlag{h.data}.open()
	if err != nil {
		h.Fatal(err)
	}
	defer reg.Close()
	kept, asked, late, gathered := map[string]registry.Comment{}, 0, 0, 0
	for _, who := range append(slices.Clone(fourRegions), "secretary") {
		m, err := reg.Member("demo-" + who)
		if err != nil {
			h.Fatal(err)
		}
		list, err := reg.CommentsFor(m, h.id)
		if err != nil {
			h.Fatal(err)
		}
		for _, c := range list {
			kept[c.ID] = c
		}
	}
	for _, c := range kept {
		if !c.Asks() {
			continue
		}
		asked++
		if c.Disposition.Open() {
			h.Errorf("%s has no answer", c.ID)
		}
		if c.Late {
			late++
		}
		if c.Gathered != "" {
			gathered++
		}
	}
	for id, words := range h.said {
		if c, held := kept[id]; !held || c.Body != words || c.Scope != h.inside[id] {
			h.Errorf("%s is kept as %+v, and was acknowledged as %q inside %q", id, c, words, h.inside[id])
		}
	}
	if asked != total || late != 2+2 || gathered != len(h.twins) {
		h.Errorf("%d comments, %d late, %d gathered; want %d, 4, %d", asked, late, gathered, total, len(h.twins))
	}
	h.judgeBallots(reg)
}

// judgeBallots tells the ballots again from the log alone.
func (h *hearing) judgeBallots(reg *registry.Registry) {
	log, err := reg.Events(0, 1<<20)
	if err != nil {
		h.Fatal(err)
	}
	for n, agree := range []int{5, 6} {
		b, votes, result, err := registry.BallotFromEvents(log, h.id, n+1)
		if err != nil {
			h.Fatal(err)
		}
		if len(b.Eligible) != 8 || len(b.Excluded) != 1 || len(votes) != 8 || result.For() != agree || result.Passed != (agree == 6) {
			h.Errorf("ballot %d: %d eligible, %d excluded, %d votes, %d agree, passed %v", n+1, len(b.Eligible), len(b.Excluded), len(votes), result.For(), result.Passed)
		}
	}
	h.Logf("%d comments, %d events", len(h.said), len(log))
}
