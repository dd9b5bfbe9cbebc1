package main

import (
	"slices"
	"strings"

	"github.com/chromedp/chromedp"

	"tongbiao/registry"
)

// open brings the texts in and begins the project.
func (g *workingGroup) open() {
	b := g.people["secretary"]
	if g.upload != nil {
		g.bring("import", g.upload...)
	}
	b.open("/projects/new")
	b.do("name it", chromedp.SendKeys(chromedp.CSS("#title"), g.title), chromedp.SetValue(chromedp.CSS("#id"), g.project))
	for _, region := range fourRegions {
		ref := see(b, "its text", chromedp.Evaluate[string](`[...document.querySelectorAll('#text-`+region+` option')].find(o => o.textContent.includes('`+g.texts[region]+`'))?.value ?? ''`))
		if ref == "" {
			b.t.Fatalf("%s is not offered for %s", g.texts[region], region)
		}
		b.do("choose "+region, chromedp.SetValue(chromedp.CSS("#text-"+region), ref))
	}
	b.do("all must agree", chromedp.Click(chromedp.CSS(`input[name="rule"][value="all"]`)))
	g.shot(b, "01-new", telephone)
	b.send(`form[action="/projects"] button.primary`)
	g.acknowledged(b, "secretary", registry.CreateProject, "")
	b.shows("沪", "苏", "浙", "皖", "未处理", "没有遗漏：每段条文都恰好在一个条目中")
	g.shot(b, "02-grid", telephone)
	g.choose(b)
}

// bring imports texts by the page: first what would be read, then what was.
func (g *workingGroup) bring(picture string, paths ...string) {
	b := g.people["secretary"]
	b.open("/import")
	b.do("choose the files", chromedp.SetUploadFiles(chromedp.CSS("#files"), paths))
	b.send(`button[value="preview"]`)
	b.shows("可以读")
	g.shot(b, "00-"+picture)
	b.send(`button[value="import"]`)
	if n := see(b, "kept", chromedp.Evaluate[int](`document.querySelectorAll('table.report a[href^="/standards/"]').length`)); n != len(paths) {
		b.t.Fatalf("of %d texts %d were kept:\n%s", len(paths), n, b.text("main"))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.done[act4{"demo-secretary", registry.ImportText, ""}] += len(paths)
}

// choose takes the rows that get a unified clause: those on which the most regions
// say something, and that which the revision will touch.
func (g *workingGroup) choose(b *browser) {
	const rows = `[...document.querySelectorAll('table.grid > tbody')].map(r => ({id: r.id, topic: r.querySelector('.topic').textContent.trim(),
		columns: [...r.querySelectorAll('td[data-column]:not(.none)')].map(c => c.dataset.column)}))`
	b.open(g.ask(g.was))
	touched := see(b, "the row that will change", chromedp.Evaluate[[]subject](rows))
	if len(touched) == 0 {
		b.t.Fatalf("no row says %q\nat %s:\n%.3000s", g.was, b.where(), b.text("main"))
	}
	g.changed = touched[0].ID
	var all []subject
	for path := g.at; path != ""; path = see(b, "more", chromedp.Evaluate[string](`document.querySelector('.pager a[rel=next]')?.getAttribute('href') ?? ''`)) {
		b.open(path)
		all = append(all, see(b, "rows", chromedp.Evaluate[[]subject](rows))...)
	}
	ids := map[string]bool{}
	for regions := 4; regions > 0; regions-- {
		for _, s := range all {
			if s.ID == g.changed || len(s.Columns) == regions && len(ids)+1 < g.rows {
				ids[s.ID] = true
			}
		}
	}
	for _, s := range all {
		if ids[s.ID] {
			g.subjects = append(g.subjects, s)
		}
	}
	if len(g.subjects) < 20 || len(g.subjects[0].Columns) < 2 {
		b.t.Fatalf("%d rows to write, want 20 at least: %v", len(g.subjects), g.subjects)
	}
	b.open(g.at)
}

// others are the rows of the group's work but for the one that will change.
func (g *workingGroup) other(n int) string {
	n %= len(g.subjects)
	if g.subjects[n].ID == g.changed {
		return g.other(n + 7)
	}
	return g.subjects[n].ID
}

// correct puts the machine right: Jiangsu takes its clause out of a row, takes that
// back, and does it again. The secretary sees it in the grid.
func (g *workingGroup) correct() {
	b, sec := g.people["32"], g.people["secretary"]
	at := slices.IndexFunc(g.subjects, func(s subject) bool {
		return s.ID != g.changed && s.Topic != g.subjects[0].Topic && len(s.Columns) > 2 && slices.Contains(s.Columns, "32")
	})
	if at < 0 {
		g.Fatal("no row to correct")
	}
	s := &g.subjects[at]
	cell := `document.querySelector('[id="` + s.ID + `"] td[data-column="32"]').classList.contains('none')`
	sec.open(g.at + "#" + s.ID)
	move := func() {
		b.open(g.row(s.ID) + "#correct")
		b.do("tick all of Jiangsu's", step(chromedp.Evaluate[chromedp.Void](`void document.querySelectorAll('.moves form:has(input[name=column][value="32"]) input[type=checkbox]').forEach(e => e.click())`)))
		b.send(`.moves form:has(input[name=column][value="32"]) button`)
		g.acknowledged(b, "32", registry.MovePassage, s.ID)
	}
	move()
	g.shot(b, "03-moved", telephone)
	sec.until("the secretary sees the cell emptied", cell)
	b.answer("undo", chromedp.KeyEvent("z"))
	g.acknowledged(b, "32", registry.UndoRow, s.ID)
	g.shot(b, "04-undone")
	sec.until("the secretary sees it filled again", "!"+cell)
	move()
	sec.until("the secretary sees it emptied again", cell)
	g.shot(sec, "05-corrected-seen")
	sec.shows("没有遗漏：每段条文都恰好在一个条目中")
	s.Columns = slices.DeleteFunc(s.Columns, func(c string) bool { return c == "32" })
}

// name tells the machine which words mean the same.
func (g *workingGroup) name() {
	b := g.people["33"]
	b.open(g.at + "/synonyms")
	b.do("the words", chromedp.SendKeys(chromedp.CSS("#words"), g.synonyms))
	b.send(`form.synonyms-add button`)
	g.acknowledged(b, "33", registry.AddSynonyms, "")
	b.shows(strings.Split(g.synonyms, " = ")...)
	g.shot(b, "06-synonyms", telephone)
	b.open(g.at + "/realign")
	g.shot(b, "07-realign")
	g.refresh()
}

// refresh looks where the group's rows are after the machine has proposed anew.
func (g *workingGroup) refresh() {
	b := g.people["secretary"]
	b.open(g.ask(g.was))
	if id := see(b, "the row that will change", chromedp.Evaluate[string](`document.querySelector('table.grid > tbody')?.id ?? ''`)); id != g.changed {
		for i := range g.subjects {
			if g.subjects[i].ID == g.changed {
				g.subjects[i].ID = id
			}
		}
		g.changed = id
	}
}

// draft: all five write at the same time, each on rows of their own, beginning with
// a region's text by its key.
func (g *workingGroup) draft() {
	who := append([]string{"secretary"}, fourRegions...)
	g.atOnce(who, func(by string, b *browser) {
		for n := slices.Index(who, by); n < len(g.subjects); n += len(who) {
			s := g.subjects[n]
			start := "1"
			b.open(g.row(s.ID))
			if s.ID == g.changed { // begins with the text that will change
				b.answer("begin", chromedp.Click(chromedp.CSS(`a[data-start][href*="from=32"]`)))
			} else {
				b.answer("begin with key "+start, chromedp.KeyEvent(start))
			}
			text := common(b.typed())
			if text == "" {
				b.t.Fatalf("row %s offers no text to begin with", s.ID)
			}
			g.write(b, by, s.ID, text)
			if n == 3 {
				g.shot(b, "08-drafted", telephone)
			}
		}
	})
	b := g.people["secretary"]
	b.open(g.at + "?state=waiting")
	g.shot(b, "09-grid-drafted")
}

// common says a region's text for all four.
func common(text string) string {
	return strings.NewReplacer("本市行政区域", "本行政区域", "本省行政区域", "本行政区域", "市人民政府", "人民政府", "省人民政府", "人民政府").Replace(text)
}

// The rows with which something happens.
func (g *workingGroup) disputed() string   { return g.other(1) }
func (g *workingGroup) reopened() string   { return g.other(2) }
func (g *workingGroup) shared() string     { return g.other(4) }
func (g *workingGroup) unspoken() []string { return []string{g.other(9), g.other(11)} }

// speak: the four say what they think of every row, at the same time. Anhui objects
// to one; Zhejiang leaves two open.
func (g *workingGroup) speak() {
	g.atOnce(fourRegions, func(by string, b *browser) {
		for i := range g.subjects { // each begins elsewhere
			s := g.subjects[(i+5*slices.Index(fourRegions, by))%len(g.subjects)]
			switch {
			case by == "34" && s.ID == g.disputed():
				g.say(b, by, s.ID, registry.Object, "本省农村网点做不到，请写明例外。")
				g.shot(b, "10-objected", telephone)
			case by == "33" && slices.Contains(g.unspoken(), s.ID):
			default:
				g.say(b, by, s.ID, registry.Agree, "")
			}
		}
	})
}

// dispute: what Anhui objected to is written anew, and then all agree.
func (g *workingGroup) dispute() {
	b, row := g.people["secretary"], g.disputed()
	b.open(g.at + "?state=disputed")
	b.shows("有分歧")
	g.shot(b, "11-disputed")
	b.open(g.row(row))
	b.state("有分歧")
	b.shows("本省农村网点做不到")
	g.write(b, "secretary", row, strings.TrimSpace(b.typed())+"交通不便的农村地区可以另行规定。")
	b.state("待表态")
	for _, region := range fourRegions {
		g.say(g.people[region], region, row, registry.Agree, "")
	}
	g.people["34"].state("已定")
	g.shot(g.people["34"], "12-agreed")
}

// reopen: a text that all had agreed to is changed. Who has the grid open sees
// the row open again, without loading anything.
func (g *workingGroup) reopen() {
	b, sh, row := g.people["secretary"], g.people["31"], g.reopened()
	sh.open(g.at + "#" + row)
	sh.until("it is settled", `document.querySelector('[id="`+row+`"] .state').textContent === '已定'`)
	sh.do("mark the page", step(chromedp.Evaluate[chromedp.Void](`void (window.stays = true)`)))
	b.open(g.row(row))
	b.state("已定")
	g.write(b, "secretary", row, strings.TrimSpace(b.typed())+"有关情况应当向社会公布。")
	if took := sh.until("Shanghai sees it reopened", `document.querySelector('[id="`+row+`"] .state').textContent === '待表态'`); took > aSecond {
		g.Errorf("Shanghai saw it after %v, want a second", took)
	}
	sh.until("on the page as it was", `window.stays === true && document.getElementById('live-notice').textContent.includes('刚刚改了')`)
	g.shot(sh, "13-reopened-seen", telephone)
	b.state("待表态")
	g.shot(b, "14-reopened")
}

// together: Shanghai and Jiangsu write one clause at the same time, each at another
// place. Both are in the text.
func (g *workingGroup) together() {
	sh, js, row := g.people["31"], g.people["32"], g.shared()
	sh.open(g.row(row))
	js.open(g.row(row))
	text := strings.TrimSpace(sh.typed())
	js.do("Jiangsu types", chromedp.Focus(chromedp.CSS(`#u-text`)), chromedp.SetValue(chromedp.CSS(`#u-text`), text+"江苏加在末尾的一句。"))
	g.write(sh, "31", row, "上海加在开头的一句。"+text)
	js.until("Jiangsu is told", `!document.getElementById('live-notice').hidden && document.getElementById('live-notice').textContent.includes('上海')`)
	if !strings.Contains(js.typed(), "江苏加在末尾") || strings.Contains(js.typed(), "上海加在开头") {
		g.Errorf("what Jiangsu was typing became %q", js.typed())
	}
	g.shot(js, "15-told-while-typing")
	js.send(`form.unify button.primary`)
	g.acknowledged(js, "32", registry.Unify, row)
	js.shows("上海加在开头的一句。", "江苏加在末尾的一句。", "也改了这一条")
	g.keep(js.typed())
	g.shot(js, "16-woven", telephone)
}

// clash: both change the same words. Jiangsu sees both and chooses.
func (g *workingGroup) clash() {
	sh, js, row := g.people["31"], g.people["32"], g.shared()
	sh.open(g.row(row))
	js.open(g.row(row))
	text := sh.typed()
	mine := strings.Replace(text, "江苏加在末尾的一句", "江苏要的期限为七日", 1)
	js.do("Jiangsu types", chromedp.Focus(chromedp.CSS(`#u-text`)), chromedp.SetValue(chromedp.CSS(`#u-text`), mine))
	g.write(sh, "31", row, strings.Replace(text, "江苏加在末尾的一句", "上海要的期限为三日", 1))
	if status := js.send(`form.unify button.primary`); status != 409 {
		g.Errorf("the same words were answered with %d, want 409", status)
	}
	js.shows("改了同样的字句", "上海要的期限为三日", "江苏要的期限为七日", "上海代表")
	g.shot(js, "17-clash", telephone)
	js.do("choose both", chromedp.Click(chromedp.CSS(`.meet-piece input[value="both"]`)))
	js.send(`form.meet button.primary`)
	g.acknowledged(js, "32", registry.Unify, row)
	js.shows("上海要的期限为三日", "江苏要的期限为七日")
	g.keep(js.typed())
	g.shot(js, "18-chosen")
	js.open(g.row(row))
	if now := js.typed(); !strings.Contains(now, "上海要的期限为三日") || !strings.Contains(now, "江苏要的期限为七日") || !strings.Contains(now, "上海加在开头") {
		g.Errorf("lost in the clash: %q", now)
	}
	for _, region := range fourRegions[:3] {
		g.say(g.people[region], region, row, registry.Agree, "")
	}
}
