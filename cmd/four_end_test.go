package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"unicode"

	"github.com/chromedp/chromedp"

	"tongbiao/registry"
)

// both is a marked passage as it was and as it is.
const both = `(() => ['ins', 'del'].map(gone => [...document.querySelectorAll('.repin-passage')].map(e => {
	e = e.cloneNode(true); e.querySelectorAll(gone).forEach(x => x.remove()); return e.textContent }).join()).join())()`

// arrive: Jiangsu's text is amended in the middle of the work. The grid says so,
// what it touches is seen before it is taken, and the row is looked at again.
func (g *workingGroup) arrive() {
	g.bring("revision", g.revision)
	b := g.people["32"]
	b.open(g.at)
	b.shows("有了新版本", "本项目的对照和统一条款没有变")
	g.shot(b, "20-newer")
	b.answer("what would it change", chromedp.Click(chromedp.CSS(`.newer a[href*="/repin"]`)))
	for _, want := range []string{g.was, g.is} { // the words that go and those that come stand within the sentence
		if words := see(b, "both texts", chromedp.Evaluate[string](both)); !strings.Contains(words, want) {
			b.t.Fatalf("the preview does not show %q:\n%s", want, words)
		}
	}
	b.shows("1句统一条款的出处有变") // its neighbour in the passage stands as it did
	g.shot(b, "21-repin", telephone)
	b.send(`form.apply button.primary`)
	g.acknowledged(b, "32", registry.RepinText, "")
	b.open(g.row(g.changed))
	if words := b.text("#texts"); !strings.Contains(words, g.is) {
		b.t.Fatalf("the row does not show %q:\n%s", g.is, words)
	}
	g.shot(b, "22-revised", telephone)
	b.answer("looked at it", chromedp.KeyEvent("v"))
	g.acknowledged(b, "32", registry.ReviewRow, g.changed)
	b.open(g.at)
	b.shows("没有遗漏：每段条文都恰好在一个条目中")
}

// meet takes the rows that still wait through a meeting.
func (g *workingGroup) meet() {
	b, zj := g.people["secretary"], g.people["33"]
	b.open(g.at + "/meeting")
	b.do("who is there, where, on what",
		chromedp.SendKeys(chromedp.CSS("#place"), "上海，并在线上"),
		step(chromedp.Evaluate[chromedp.Void](`void document.querySelectorAll('input[name=present]').forEach(e => { e.checked = /^demo-(secretary|3[124])$/.test(e.value) })`)),
		chromedp.SendKeys(chromedp.CSS("#guests"), "某快递企业 张三"),
		chromedp.Click(chromedp.CSS(`input[name="queue"][value="waiting"]`)))
	g.shot(b, "30-convene", telephone)
	b.send(`form.open-meeting button.primary`)
	g.acknowledged(b, "secretary", registry.OpenMeeting, "meeting")
	b.do("Zhejiang comes late", chromedp.Click(chromedp.CSS(`input[name="present"][value="demo-33"]`)))
	b.send(`form[action$="/meeting/attend"] button`)
	g.acknowledged(b, "secretary", registry.AttendMeeting, "meeting")
	g.shot(b, "31-agenda", telephone)

	slide := g.at + "/meeting/rows/" + g.reopened()
	b.do("projector", chromedp.EmulateViewport(projector[0], projector[1]))
	b.open(slide)
	zj.open(slide)
	for _, key := range []string{"1", "2", "4"} { // the secretary records, by keys
		region := fourRegions[key[0]-'1']
		b.answer("record "+region, chromedp.KeyEvent(key), chromedp.KeyEvent("a"))
		g.acknowledged(b, "secretary", registry.RecordPosition, g.reopened())
	}
	zj.until("Zhejiang sees what was recorded", `!!document.querySelector('#said-34 .spoke-agree')`)
	g.shot(zj, "32-slide-zhejiang", telephone)
	zj.send(`.spoke-form button[value="agree"]`) // and speaks for itself
	g.acknowledged(zj, "33", registry.TakePosition, g.reopened())
	b.until("the projector shows it", `!!document.querySelector('#said-33 .spoke-agree')`)
	b.do("why", chromedp.SetValue(chromedp.CSS("#reason"), "四地已无异议。"))
	b.picture(g.project + "-33-slide")
	b.send(`button[data-outcome="adopted"]`)
	g.acknowledged(b, "secretary", registry.DecideRow, g.reopened())
	b.picture(g.project + "-34-decided")

	b.open(g.at + "/meeting/rows/" + g.unspoken()[0])
	b.do("why not", chromedp.SetValue(chromedp.CSS("#reason"), "待浙江核实数据后再议。"))
	b.send(`button[data-outcome="deferred"]`)
	g.acknowledged(b, "secretary", registry.DecideRow, g.unspoken()[0])
	b.do("desk", chromedp.EmulateViewport(desk[0], desk[1]))
	b.open(g.at + "/meeting")
	g.shot(b, "35-agenda-end")
	b.send(`form[action$="/meeting/close"] button`)
	g.acknowledged(b, "secretary", registry.CloseMeeting, "meeting")
	b.shows("会议纪要", "上海，并在线上", "张三", "上海代表（示范）", "浙江代表（示范）", "签到更新", "浙江代表（示范）（浙江省地区代表）到会", "四地已无异议。", "待浙江核实数据后再议。", "采纳", "暂缓", "会上已定 1 条", "有关情况应当向社会公布。")
	g.shot(b, "36-minutes", telephone)
	minutes := b.where()
	minutes, _, _ = strings.Cut(minutes, "?")
	minutes = strings.TrimPrefix(minutes, b.url)
	for _, words := range []string{b.fetch(minutes + "/minutes.md"), wordsIn(g, b.file(minutes+"/minutes.docx"))} {
		for _, want := range []string{"张三", "四地已无异议。", "待浙江核实数据后再议。", "秘书处"} {
			if !strings.Contains(words, want) {
				g.Errorf("the minutes do not say %q:\n%.2000s", want, words)
			}
		}
	}
}

// papers: every page and paper of the project, and the draft holds every clause.
func (g *workingGroup) papers() {
	b := g.people["secretary"]
	for _, page := range []string{"matrix", "progress", "concordance", "explanation", "draft"} {
		b.open(g.at + "/" + page)
		g.shot(b, "40-"+page, telephone)
	}
	b.open(g.at)
	g.shot(b, "41-grid-end")
	b.open(g.at + "/undo")
	g.shot(b, "42-undo")
	b.open("/events?object=projects/" + g.project)
	g.shot(b, "43-events")
	for _, path := range []string{"matrix.xlsx", "matrix.csv", "concordance.xlsx", "concordance.docx", "concordance.csv", "concordance.md", "explanation.docx", "explanation.md", "draft.md"} {
		raw := b.file(g.at + "/" + path)
		if len(raw) < 1000 {
			g.Errorf("%s has %d bytes", path, len(raw))
		}
		if strings.HasSuffix(path, "x") && wordsIn(g, raw) == "" {
			g.Errorf("%s holds no words", path)
		}
	}
	draft := squeeze(wordsIn(g, b.file(g.at+"/draft.docx")))
	clauses := 0
	b.open(g.at + "/draft")
	for _, s := range g.subjects {
		b.open(g.row(s.ID))
		clauses++
		for _, piece := range link.Split(b.typed(), -1) {
			for line := range strings.Lines(piece) {
				if line = squeeze(strings.TrimLeft(line, "-# ")); !strings.Contains(draft, line) {
					g.Errorf("the draft's DOCX lacks of %s: %s", s.Topic, line)
				}
			}
		}
	}
	if clauses < 20 {
		g.Errorf("the unified draft has %d clauses, want 20", clauses)
	}
}

// link is a reference in a unified clause: the draft says the number there.
var link = regexp.MustCompile(`\[[^\]]*\]\([^)]*\)`)

// file gets a file of the site as its download link would.
func (b *browser) file(path string) []byte {
	b.t.Helper()
	coded := see(b, "fetch "+path, chromedp.Evaluate[string](`fetch("`+path+`").then(r => { if (!r.ok) throw new Error(r.status); return r.blob() })
		.then(f => new Promise(done => { const r = new FileReader(); r.onload = () => done(r.result.split(',')[1]); r.readAsDataURL(f) }))`, chromedp.EvalAwaitPromise))
	raw, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		b.t.Fatal(err)
	}
	return raw
}

var tag = regexp.MustCompile(`<[^>]*>`)

// wordsIn are the words of a DOCX or XLSX.
func wordsIn(g *workingGroup, raw []byte) string {
	g.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		g.Fatal(err)
	}
	var out strings.Builder
	for _, name := range []string{"word/document.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"} {
		f, err := z.Open(name)
		if err != nil {
			continue
		}
		body, err := io.ReadAll(f)
		if err != nil {
			g.Fatal(err)
		}
		out.WriteString(unescape(tag.ReplaceAllString(string(body), "")))
	}
	return out.String()
}

// squeeze leaves out what only sets words apart.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// judge closes the site and looks at what is kept.
func (g *workingGroup) judge() {
	g.stop()
	reg, err := dataFlag{g.data}.open()
	if err != nil {
		g.Fatal(err)
	}
	defer reg.Close()
	if err := reg.Verify(func(f registry.Fault) { g.Errorf("verify: %s: %s", f.Where, f.What) }); err != nil {
		g.Fatal(err)
	}
	v, err := reg.Workbench(g.project)
	if err != nil {
		g.Fatal(err)
	}
	for _, c := range v.Conserved() {
		if c.Held == 0 || c.Once != c.Held {
			g.Errorf("%s: %d of %d passages stand in exactly one row", c.Column.Key, c.Once, c.Held)
		}
	}
	positions := 0
	for _, row := range v.Rows {
		positions += len(row.Positions)
	}
	said := g.judgeEvents(reg)
	if positions != said {
		g.Errorf("%d positions are kept, %d were taken", positions, said)
	}
	g.Logf("%d rows with a unified clause of %d, %d positions, %d texts written", len(g.subjects), len(v.Rows), positions, len(g.written))
}

// judgeEvents: what was acknowledged is in the log, that often and under that
// name, and nothing else is.
func (g *workingGroup) judgeEvents(reg *registry.Registry) (positions int) {
	log, err := reg.Events(0, 1<<20)
	if err != nil {
		g.Fatal(err)
	}
	logged, kept := map[act4]int{}, map[string]bool{}
	for _, e := range log {
		object, inside, _ := strings.Cut(strings.TrimPrefix(e.Object, "projects/"), "/")
		if e.Verb == registry.ImportText && e.Actor == "demo-secretary" {
			logged[act4{e.Actor, e.Verb, ""}]++
			continue
		}
		if !strings.HasPrefix(e.Object, "projects/") || object != g.project {
			continue
		}
		kind, row, _ := strings.Cut(inside, "/")
		if kind == "meetings" {
			row = "meeting"
		}
		logged[act4{e.Actor, e.Verb, row}]++
		switch e.Verb {
		case registry.TakePosition, registry.RecordPosition:
			positions++
		case registry.Unify:
			var said struct{ Unified struct{ Text string } }
			if err := json.Unmarshal(e.Data, &said); err != nil {
				g.Fatal(err)
			}
			kept[said.Unified.Text] = true
		}
	}
	for act, n := range g.done {
		if logged[act] != n {
			g.Errorf("%s %s %s: acknowledged %d times, logged %d times", act.by, act.verb, act.row, n, logged[act])
		}
	}
	for act, n := range logged {
		if g.done[act] == 0 {
			g.Errorf("%s %s %s: logged %d times, nobody did it", act.by, act.verb, act.row, n)
		}
	}
	for text := range g.written {
		if !kept[text] {
			g.Errorf("no event holds the text %q", text)
		}
	}
	return positions
}
