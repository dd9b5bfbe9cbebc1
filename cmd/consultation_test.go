package main

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tongbiao/editor"
	"tongbiao/registry"
)

// TestConsultation takes a text through a consultation: twelve members of four
// regions and two passers-by make 120 comments, sixty of them are answered in
// another program, what is accepted goes into the text, and it is voted on
// twice. In the end every word that was acknowledged is there.
func TestConsultation(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: a consultation in several browsers is long")
	}
	h := newHearing(t)
	for _, s := range []struct {
		name string
		do   func()
	}{
		{"import", h.bring}, {"consult", h.consult}, {"passers-by", h.passBy}, {"comments", h.remark}, {"regions", h.submit},
		{"foreign tables", h.foreign}, {"late", h.late}, {"gather", h.gather}, {"round trip", h.roundTrip}, {"in bulk", h.inBulk},
		{"apply", h.apply}, {"renumber", h.renumber}, {"next stage", h.toReview}, {"ballots", h.vote}, {"who is told", h.told}, {"judge", h.judge},
	} {
		begun := time.Now()
		s.do()
		t.Logf("%-16s %5.1f s", s.name, time.Since(begun).Seconds())
	}
}

// hearing is a consultation and who takes part in it.
type hearing struct {
	*testing.T
	data, site string
	stop       func()
	days       *calendar
	post       *postOffice
	people     map[string]*person
	browsers   map[string]*browser
	passers    [2]*person

	id       string // of the standard
	clauses  []*editor.Clause
	said     map[string]string // by comment: what it says
	inside   map[string]string // of them those inside a region: its code
	wishes   []string          // comments that want a change that is applied
	twins    [][2]string       // comments that say the same
	receipts []string          // addresses
	last     string            // the comment that is answered last
	feed     string            // address of an author's feed
}

const demoMembersOf = "secretary 31 32 33 34 author reader admin"

func newHearing(t *testing.T) *hearing {
	h := &hearing{T: t, data: t.TempDir(), days: &calendar{}, post: newPostOffice(t), people: map[string]*person{}, browsers: map[string]*browser{},
		said: map[string]string{}, inside: map[string]string{}}
	h.days.pass(-90)
	clock = h.days.now
	t.Cleanup(func() { clock = time.Now })
	host, port, _ := strings.Cut(h.post.Addr().String(), ":")
	site, _, stop := serving(t, "--demo", "--data", h.data, "--site", "http://tongbiao.test", "--smtp-host", host, "--smtp-port", port,
		"--smtp-tls", "none", "--mail-from", "tongbiao@tongbiao.test", "--mail-gather", "100ms")
	h.site, h.stop = site, sync.OnceFunc(stop)
	t.Cleanup(h.stop)
	for _, id := range strings.Fields(demoMembersOf) {
		h.people[id] = &person{T: t, id: "demo-" + id, site: site}
		h.people[id].arrive()
	}
	for _, m := range [][3]string{{"author-32", "32", "author"}, {"author-33", "33", "author"}, {"author-34", "34", "author"}, {"reader-33", "33", "reader"}} {
		h.people["admin"].does("/members", url.Values{"id": {m[0]}, "name": {"成员 " + m[0]}, "region": {m[1]}, "role": {m[2]}, "password": {password}})
		h.people[m[0]] = &person{T: t, id: m[0], site: site}
		h.people[m[0]].arrive()
	}
	for i := range h.passers {
		h.passers[i] = &person{T: t, site: site}
		h.passers[i].arrive()
	}
	for _, who := range []string{"secretary", "31", "passer 1", "passer 2"} {
		h.browsers[who] = newBrowser(t, site)
	}
	h.arrive()
	h.feed = h.subscribe()
	return h
}

// arrive signs everybody in: sessions end while the days pass.
func (h *hearing) arrive() {
	for _, p := range h.people {
		p.arrive()
	}
	h.browsers["secretary"].signIn("demo-secretary", "/")
	h.browsers["31"].signIn("demo-31", "/")
}

func (h *hearing) standard() string { return "/standards/" + h.id }

// bring imports the text and has it in drafting.
func (h *hearing) bring() {
	s := h.people["secretary"]
	text, err := os.ReadFile(filepath.Join(postFolder, "sh.md"))
	if err != nil {
		h.Logf("the real texts are not here (%s): thirty articles of no law take their place", postFolder)
		text = articles(30)
	}
	status, _, body := s.sends("/import", "files", "sh.md", text, map[string]string{"region": "31", "do": "import"})
	if status != 200 {
		h.Fatalf("import: %d\n%s", status, inMain(body))
	}
	h.id = standardNamed(h.T, s.read("/standards?q="+url.QueryEscape("邮政法")), "上海市实施《中华人民共和国邮政法》办法")
	page := s.read(h.standard() + "/process")
	if strings.Contains(page, `value="`+string(registry.ReviseStandard)+`"`) {
		s.does(h.standard()+"/process", url.Values{"verb": {string(registry.ReviseStandard)}, "version": {"0"}, "note": {"四地联合修订"}})
	}
	source := s.read(h.standard() + "/" + h.current() + "/source")
	doc, _, err := editor.Parse([]byte(source))
	if err != nil {
		h.Fatal(err)
	}
	for k := range doc.All() {
		if len([]rune(k.Text)) > 30 {
			h.clauses = append(h.clauses, k)
		}
	}
	if len(h.clauses) < 20 {
		h.Fatalf("%d clauses are too few", len(h.clauses))
	}
}

// articles are a text of n articles under the real one's title.
func articles(n int) []byte {
	var b strings.Builder
	b.WriteString("# 上海市实施《中华人民共和国邮政法》办法\n\n## 第一章　总则\n")
	for i := range n {
		fmt.Fprintf(&b, "\n第%d条 第%d类邮件由所在地的邮政管理部门监督管理，有关部门按照各自职责分工，在%d日以内协同实施。\n", i+1, i+1, i+2)
	}
	return []byte(b.String())
}

// current is the number of the newest revision.
func (h *hearing) current() string {
	page := h.people["secretary"].read(h.standard() + "/process")
	m := regexp.MustCompile(`href="` + h.standard() + `/(\d+)"`).FindStringSubmatch(page)
	if m == nil {
		h.Fatalf("the process names no revision:\n%s", inMain(page))
	}
	return m[1]
}

// step takes a step of the procedure in the secretary's browser.
func (h *hearing) step(verb registry.Verb, fill map[string]string) {
	b := h.browsers["secretary"]
	b.open(h.standard() + "/process")
	form := `form:has(input[value="` + string(verb) + `"])`
	b.do("open the form", step(chromedp.Evaluate[chromedp.Void](`void (document.querySelector('`+form+`').closest('details') || {}).open; (d => { if (d) d.open = true })(document.querySelector('`+form+`').closest('details'))`)))
	for _, name := range slices.Sorted(maps.Keys(fill)) {
		b.do("fill in "+name, chromedp.SetValue(chromedp.CSS(form+` [name="`+name+`"]`), fill[name]))
	}
	if status := b.send(form + ` .actions button`); status != 200 {
		h.Fatalf("%s was answered with %d:\n%s", verb, status, b.text("main"))
	}
}

// closed says that a step is shown as closed, in these words, and that it is
// refused all the same.
func (h *hearing) closed(verb registry.Verb, words ...string) {
	h.Helper()
	s := h.people["secretary"]
	page := s.read(h.standard()+"/process", words...)
	if strings.Contains(page, `value="`+string(verb)+`"`) {
		h.Fatalf("%s is offered", verb)
	}
	version := 0
	for _, m := range regexp.MustCompile(`name="version" value="(\d+)"`).FindAllStringSubmatch(page, -1) {
		version, _ = strconv.Atoi(m[1])
	}
	s.refused(422, h.standard()+"/process", url.Values{"verb": {string(verb)}, "version": {fmt.Sprint(version)}}, words...)
}

// consult opens the consultation.
func (h *hearing) consult() {
	s := h.people["secretary"]
	if status, _, body := s.sends(h.standard()+"/documents", "file", "编制说明.md", []byte("# 编制说明\n\n为本次联合修订而写。\n"), map[string]string{"kind": "explanation"}); status != 303 {
		h.Fatalf("attach: %d\n%s", status, inMain(body))
	}
	h.step(registry.OpenConsultation, map[string]string{"opens": h.days.day(0), "closes": h.days.day(40), "contact": "联合秘书处 021-00000000", "asked": "某快递公司\n某行业协会\n某大学"})
	h.passers[0].read("/consultations", h.days.day(40))
	h.passers[0].read("/consultations/"+h.id, h.days.day(40), "021-00000000")
	h.closed(registry.SendToReview, "征求意见到 "+h.days.day(40)+" 截止，期限未满")
	h.people["author"].refused(403, "/drafts", url.Values{"standard": {h.id}})
}

// passBy lets two people without account comment in their browsers, and then
// three times each without.
func (h *hearing) passBy() {
	for i, who := range []string{"passer 1", "passer 2"} {
		b := h.browsers[who]
		b.open("/consultations")
		b.send(`main a[href="/consultations/` + h.id + `"]`)
		b.open("/consultations/" + h.id + "/clauses/" + h.clauses[i].ID)
		words := fmt.Sprintf("公众意见第%d号：这一条对居民的影响应先评估。", i+1)
		b.do("write", chromedp.SendKeys(chromedp.CSS("#body"), words), chromedp.SendKeys(chromedp.CSS("#name"), "路人"+strconv.Itoa(i+1)), chromedp.SendKeys(chromedp.CSS("#contact"), "13900000000"))
		if status := b.send(`#say button.primary`); status != 422 {
			h.Fatalf("a name without consent was answered with %d", status)
		}
		b.shows("请勾选同意")
		b.do("consent", chromedp.Click(chromedp.CSS(`input[name="consent"]`)))
		b.send(`#say button.primary`)
		b.shows(words, "等待审看")
		h.receipt(strings.TrimPrefix(b.where(), h.site), words)
		h.passers[(i+1)%2].read("/consultations/" + h.id + "/clauses/" + h.clauses[i].ID)
	}
	s := h.people["secretary"]
	s.does("/consultations/"+h.id+"/intake", url.Values{"at_once": {"1"}, "version": {"0"}})
	for i := range 6 {
		h.public(i%2, i+2, fmt.Sprintf("公众意见第%d号：希望写明投诉电话在哪里公布。", i+3))
	}
	page := s.read("/consultations/"+h.id+"/intake", "路人1", "13900000000")
	first := regexp.MustCompile(`id="(c\d+)"`).FindAllStringSubmatch(page, -1)
	b := h.browsers["secretary"]
	b.open("/consultations/" + h.id + "/intake")
	b.send(`#` + first[len(first)-1][1] + ` button[value="show"]`)
	h.passers[1].read("/consultations/"+h.id+"/clauses/"+h.clauses[0].ID, "公众意见第1号")
	for _, p := range []*person{h.passers[0], h.people["31"], h.people["reader"]} {
		if page := p.read(h.standard() + "/comments"); strings.Contains(page, "路人1") || strings.Contains(page, "13900000000") {
			h.Fatalf("%q sees who a passer-by is", p.id)
		}
	}
}

// public is one comment of a passer-by, with its receipt.
func (h *hearing) public(who, clause int, words string) {
	to := h.passers[who].does("/consultations/"+h.id, url.Values{"clause": {h.clauses[clause].ID}, "type": {"te"}, "body": {words}})
	h.receipt(to, words)
}

var commentNumber = regexp.MustCompile(`\bc\d+\b`)

func (h *hearing) receipt(to, words string) {
	page := h.passers[0].read(to, words)
	_, rest, _ := strings.Cut(page, "consult-facts")
	h.said[commentNumber.FindString(rest)] = words
	h.receipts = append(h.receipts, to)
}

// comment is one comment of a member.
func (h *hearing) comment(by string, form url.Values) string {
	h.Helper()
	to := h.people[by].does(h.standard()+"/comments", form)
	id := commentNumber.FindString(to)
	if id == "" {
		h.Fatalf("the comment of %s led to %s", by, to)
	}
	h.said[id] = form.Get("body")
	return id
}

// remark brings in what members say to everybody: with two that say the same
// now and then, and three wishes for other words.
func (h *hearing) remark() {
	who := []string{"31", "32", "33", "34", "author", "author-32", "author-33", "author-34", "reader", "reader-33"}
	on := func(i int) url.Values { return url.Values{"on": {h.clauses[i%len(h.clauses)].ID}, "type": {"te"}} }
	for i := range 87 - 12 - 3 {
		f := on(i)
		f.Set("body", fmt.Sprintf("意见第%d号：请说明此处由哪个部门负责，何时做。", i+101))
		words := []rune(h.clauses[i%len(h.clauses)].Text)
		f.Set("quote", string(words[2:12]))
		h.last = h.comment(who[i%len(who)], f)
	}
	for i := range 6 {
		f := on(i)
		f.Set("body", fmt.Sprintf("建议第%d号：本条应当明确责任单位和办理时限，便于各地执行。", i+301))
		one := h.comment(who[i], f)
		f.Set("body", fmt.Sprintf("建议第%d号，本条应明确责任单位、办理时限，便于各地执行！", i+301))
		h.twins = append(h.twins, [2]string{one, h.comment(who[i+1], f)})
	}
	for i := range 3 {
		k := h.clauses[5+i]
		f := url.Values{"on": {k.ID}, "type": {"ed"}, "body": {fmt.Sprintf("意见第%d号：文字应更明白。", i+401)}}
		words := []rune(strings.SplitN(k.Text, "\n", 2)[0])
		f.Set("quote", string(words[len(words)-6:]))
		f.Set("proposed", string(words[len(words)-6:len(words)-1])+fmt.Sprintf("，并公布结果（%d）。", i+1))
		h.wishes = append(h.wishes, h.comment("author-32", f))
	}
}

// submit has each region discuss among its own, and its representative decide
// what goes out.
func (h *hearing) submit() {
	authors := map[string]string{"31": "author", "32": "author-32", "33": "author-33", "34": "author-34"}
	for r, region := range fourRegions {
		var ids []string
		for i := range 7 {
			words := fmt.Sprintf("内部意见%s第%d号：本地区企业难以做到，先议。", region, 501+r*10+i)
			id := h.comment(authors[region], url.Values{"on": {h.clauses[r*4+i].ID}, "type": {"te"}, "scope": {region}, "body": {words}})
			h.inside[id] = region
			ids = append(ids, id+".1")
		}
		rep := h.people[region]
		reply := rep.does(h.standard()+"/comments", url.Values{"reply_to": {strings.TrimSuffix(ids[0], ".1")}, "body": {"内部回复" + region + " @" + h.people[authors[region]].id}})
		if !strings.Contains(reply, strings.TrimSuffix(ids[0], ".1")) {
			h.Fatalf("the reply led to %s", reply)
		}
		rep.does(h.standard()+"/comments/"+strings.TrimSuffix(ids[0], ".1")+"/support", url.Values{"do": {"support"}})
		h.regionDecides(region, ids)
		other := h.people[fourRegions[(r+1)%4]]
		for _, p := range []*person{other, h.people["secretary"], h.people["admin"], h.passers[0]} {
			if page := p.read(h.standard() + "/comments?q=" + url.QueryEscape("内部回复")); strings.Contains(page, "内部回复"+region) {
				h.Fatalf("%q reads what %s said inside", p.id, region)
			}
		}
		other.refused(404, h.standard()+"/comments/"+strings.TrimSuffix(ids[0], ".1")+"/support", url.Values{"do": {"support"}})
	}
}

// regionDecides submits four as they are, makes one of two, and leaves one out.
func (h *hearing) regionDecides(region string, ids []string) {
	rep, at := h.people[region], h.standard()+"/comments"
	ids[0] = strings.TrimSuffix(ids[0], ".1") + ".2" // it was supported
	if region == "31" {
		b := h.browsers["31"]
		b.open(at + "?state=to-submit")
		b.do("tick four", step(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('input[form=bulk][name=comment]')].slice(0, 4).forEach(e => { e.checked = true })`)))
		b.send(`#bulk button[value="each"]`)
		b.shows("已提交本地区意见")
	} else {
		rep.does(at+"/submit", url.Values{"do": {"each"}, "comment": ids[:4]})
	}
	one := "合并意见" + region + "：两条内部意见合为一条，请统一口径。"
	rep.does(at+"/submit", url.Values{"do": {"merge"}, "comment": ids[4:6], "merged": {one}, "merged_type": {"te"}})
	rep.does(at+"/leave", url.Values{"comment": ids[6:], "left_out": {"已在别处说明"}})
	rep.refused(422, at+"/leave", url.Values{"comment": ids[6:], "left_out": {" "}}, "请写明为何不提交")
	h.people["34"].read(at+"?q="+url.QueryEscape(one), one)
}

// late lets the last day pass; what comes then is kept and marked.
func (h *hearing) late() {
	h.days.pass(41)
	h.arrive()
	id := h.comment("reader", url.Values{"on": {h.clauses[3].ID}, "type": {"ge"}, "body": {"意见第601号：刚刚才看到，仍请考虑。"}})
	h.public(1, 9, "公众意见第602号：错过了截止日期。")
	h.people["secretary"].read(h.standard()+"/comments?late=1", id, "公众意见第602号", "逾期")
	h.passers[1].read(h.receipts[len(h.receipts)-1], "逾期")
	h.closed(registry.SendToReview, "条意见没有处理意见")
}

// gather confirms what the machine finds alike: the pairs, and only these.
func (h *hearing) gather() {
	b := h.browsers["secretary"]
	for n := len(h.twins); ; n-- {
		b.open(h.standard() + "/comments")
		groups := see(b, "what is alike", chromedp.Evaluate[[]string](`[...document.querySelectorAll('.alike form')].map(f => [f.head.value, ...[...f.querySelectorAll('[name=comment]')].map(e => e.value)].map(v => v.split('.')[0]).join(' '))`))
		for _, g := range groups {
			if !slices.ContainsFunc(h.twins, func(t [2]string) bool { return t[0]+" "+t[1] == g }) {
				h.Errorf("%s are no duplicates", g)
			}
		}
		if len(groups) != n {
			h.Fatalf("%d groups are found, want %d: %v", len(groups), n, groups)
		}
		if n == 0 {
			return
		}
		b.do("open", chromedp.Click(chromedp.CSS(`details.alike > summary`)))
		b.send(`.alike form button`)
	}
}
