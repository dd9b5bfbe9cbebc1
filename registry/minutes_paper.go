package registry

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/editor/convert"
)

// Words of the minutes.
var (
	// OutcomeNames say in minutes what was decided.
	OutcomeNames = map[Outcome]string{Adopted: "采纳", Deferred: "暂缓", Redrafted: "重拟"}
	// VerdictNames say in papers what a region said.
	VerdictNames = map[Verdict]string{Agree: "同意", AgreeWithChange: "修改后同意", Object: "不同意", Abstain: "弃权"}
	roleNames    = map[Role]string{Reader: "读者", Author: "起草人", Representative: "地区代表", Secretary: "秘书处", Administrator: "管理员"}
)

// beijing is the time of all four regions.
var beijing = time.FixedZone("CST", 8*3600)

func stamp(t time.Time) string   { return t.In(beijing).Format("2006-01-02 15:04") }
func clockOf(t time.Time) string { return t.In(beijing).Format("15:04") }

// Paper is the minutes as a paper, in the order of the agenda.
func (m Minutes) Paper() convert.Paper {
	w := paperWriter{}
	w.head(1, "一、会议概况")
	w.facts(m.facts())
	w.head(1, "二、议题与决定")
	w.table(m.summary())
	for n, i := range m.Items {
		m.item(&w, n+1, i)
	}
	w.head(1, "三、会后待办")
	var idle []string
	for n, i := range m.Items {
		switch {
		case !i.Question():
		case i.Touched():
			w.item(questionOf(i))
		default:
			idle = append(idle, fmt.Sprintf("%d %s", n+1, i.Topic()))
		}
	}
	switch {
	case len(idle) > 0:
		w.item(fmt.Sprintf("未审议 %d 项：%s。", len(idle), strings.Join(idle, "、")))
	case len(m.Questions()) == 0:
		w.para("本次会议议题均已形成结论。")
	}
	w.head(1, "四、记录依据")
	w.para(m.basis())
	w.note("末条事件散列（SHA-256）：" + m.Last.Hash)
	title := m.Meeting.Title
	return convert.Paper{Title: title, Subtitle: "《" + m.Project.Title + "》会议纪要", Blocks: w.blocks}
}

// Markdown writes the minutes.
func (m Minutes) Markdown() []byte { return convert.Markdown(m.Paper()) }

func (m Minutes) facts() [][2]string {
	at := m.Meeting
	when := stamp(at.Opened) + " 至 " + stamp(at.Closed)
	if at.Open() {
		when = stamp(at.Opened) + " 起，尚未结束"
	}
	out := [][2]string{{"时间", when}, {"地点", at.Place}, {"主持、记录", m.name(at.OpenedBy)}}
	var there Arrival // everybody who was there at some time
	for _, a := range m.Arrivals {
		there.Present = append(there.Present, without(a.Present, there.Present)...)
		there.Guests = append(there.Guests, without(a.Guests, there.Guests)...)
	}
	slices.SortStableFunc(there.Present, func(a, b Attendee) int { return strings.Compare(a.Region, b.Region) })
	out = append(out, [2]string{"到会人员", people(there.Present)})
	if len(there.Guests) > 0 {
		out = append(out, [2]string{"列席人员", guests(there.Guests)})
	}
	for i := 1; i < len(m.Arrivals); i++ {
		if line := m.Arrivals[i].since(m.Arrivals[i-1]); line != "" {
			out = append(out, [2]string{clockOf(m.Arrivals[i].Time) + " 签到更新", line})
		}
	}
	return append(out, [2]string{"结果", fmt.Sprintf("议题 %d 项：采纳 %d，暂缓 %d，重拟 %d，未作决定 %d；会上已定 %d 条。",
		len(m.Items), m.Count(Adopted), m.Count(Deferred), m.Count(Redrafted), m.Count(""), m.SettledHere())})
}

// since says who has come and who has gone.
func (a Arrival) since(before Arrival) string {
	var out []string
	say := func(who, what string) {
		if who != "" {
			out = append(out, who+what)
		}
	}
	say(people(without(a.Present, before.Present)), "到会")
	say(guests(without(a.Guests, before.Guests)), "列席")
	say(people(without(before.Present, a.Present)), "离会")
	say(guests(without(before.Guests, a.Guests)), "离会")
	return strings.Join(out, "；")
}

// without is list less those of others, in its order.
func without[T comparable](list, others []T) (out []T) {
	for _, one := range list {
		if !slices.Contains(others, one) {
			out = append(out, one)
		}
	}
	return out
}

func people(list []Attendee) string {
	var out []string
	for _, a := range list {
		who := roleNames[a.Role]
		if a.Region != "" {
			who = RegionOf(a.Region).Name + who
		}
		out = append(out, a.Name+"（"+who+"）")
	}
	return strings.Join(out, "、")
}

func guests(list []Guest) string {
	var out []string
	for _, g := range list {
		out = append(out, strings.TrimSpace(g.Organisation+" "+g.Name))
	}
	return strings.Join(out, "、")
}

// name is a member as the minutes call it.
func (m Minutes) name(id string) string {
	if n := m.Names[id]; n != "" {
		return n
	}
	if id == System.ID {
		return System.Name
	}
	return id
}

// summary is what was dealt with, on one page: what was decided on each row.
func (m Minutes) summary() convert.Table {
	t := convert.Table{Head: []string{"序号", "主题", "统一稿条款", "会前", "会后", "决定", "时间"}, Widths: []int{4, 16, 6, 6, 6, 6, 6}}
	for n, i := range m.Items {
		if !i.Touched() {
			continue
		}
		row := []string{fmt.Sprint(n + 1), i.Topic(), i.After.Number, StateNames[i.Before.State], StateNames[i.After.State], "—", ""}
		if i.After.Gone {
			row[4] = "已并入其他条目"
		}
		if i.Decision != nil {
			row[5], row[6] = OutcomeNames[i.Decision.Outcome], clockOf(i.Decision.Time)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// item writes what happened on one row.
func (m Minutes) item(w *paperWriter, n int, i Item) {
	if !i.Touched() {
		return
	}
	w.head(2, strings.TrimSpace(fmt.Sprintf("议题 %d　%s　%s", n, i.After.Number, i.Topic())))
	if d := i.Decision; d != nil {
		text := "决定：" + OutcomeNames[d.Outcome]
		if d.Reason != "" {
			text += "。理由：" + d.Reason
		}
		w.para(text + fmt.Sprintf("（%s，%s记录）", clockOf(d.Time), m.name(d.By)))
		if d.Outcome == Adopted && i.After.State != Settled {
			w.para("会议采纳统一条款；按项目规则该条目目前为“" + StateNames[i.After.State] + "”" + owingWords(i.After.Owing) + "。")
		}
	}
	for _, d := range i.Earlier {
		w.item(fmt.Sprintf("此前 %s 曾决定：%s %s", clockOf(d.Time), OutcomeNames[d.Outcome], d.Reason))
	}
	if i.Into != "" {
		w.para("该条目在会上并入另一条目。")
	}
	m.wording(w, i)
	w.para(positionWords("会议结束时各地区立场：", i.After.Positions, i.After.Owing))
	for _, s := range i.Said {
		w.item(m.said(s))
	}
}

// wording says what changed in the unified clause, word by word.
func (m Minutes) wording(w *paperWriter, i Item) {
	for _, r := range i.Rewritten {
		w.item(fmt.Sprintf("%s　%s修改了统一条款", clockOf(r.Time), m.name(r.By)))
	}
	before, after := solid(i.Before.Text), solid(i.After.Text)
	switch {
	case after == "":
		return
	case !i.Changed():
		w.lead("统一条款", "（未改动）："+after)
		return
	case before == "":
		w.lead("统一条款", "（会上形成）："+after)
		return
	}
	w.lead("修改前", "："+before)
	w.lead("修改后", "："+after)
	runs := []convert.Run{{Text: "逐字对照：", Mark: convert.Strong}}
	for _, e := range compare.Words(before, after) {
		mark := convert.Plain
		switch e.Op {
		case compare.Insert:
			mark = convert.Inserted
		case compare.Delete:
			mark = convert.Deleted
		}
		runs = append(runs, convert.Run{Text: e.Text, Mark: mark})
	}
	w.blocks = append(w.blocks, convert.Block{Kind: convert.Paragraph, Runs: runs})
}

// solid is a text without empty lines.
func solid(text string) string { return strings.ReplaceAll(text, "\n\n", "\n") }

// said is one position as the minutes tell it.
func (m Minutes) said(s Position) string {
	by := m.name(s.Member) + "表态"
	if s.Meeting != "" {
		by = "会上记录，" + m.name(s.Member) + "代记"
	}
	text := fmt.Sprintf("%s　%s：%s（%s）", clockOf(s.Time), RegionOf(s.Region).Name, VerdictNames[s.Verdict], by)
	if why := s.words(); why != "" {
		text += "。" + why
	}
	return text
}

// words are the reason of a position and the text that it wants.
func (s Position) words() string {
	out := s.Note
	if s.Change != "" {
		if out != "" {
			out += "；"
		}
		out += "要求改为：" + editor.PlainText(s.Change)
	}
	return out
}

func positionWords(head string, list []Position, owing []string) string {
	var out []string
	for _, s := range list {
		word := RegionOf(s.Region).Short + " " + VerdictNames[s.Verdict]
		if s.Meeting != "" {
			word += "（会上记录）"
		}
		out = append(out, word)
	}
	for _, region := range owing {
		out = append(out, RegionOf(region).Short+" 未表态")
	}
	if len(out) == 0 {
		return ""
	}
	return head + strings.Join(out, "，") + "。"
}

func owingWords(owing []string) string {
	if len(owing) == 0 {
		return ""
	}
	var out []string
	for _, region := range owing {
		out = append(out, RegionOf(region).Short)
	}
	return "，尚待 " + strings.Join(out, "、") + " 表态"
}

func questionOf(i Item) string {
	text := strings.TrimSpace(i.After.Number + " " + i.Topic())
	switch {
	case i.Decision == nil:
		text += "：未作决定"
	case i.Decision.Reason != "":
		text += "：" + OutcomeNames[i.Decision.Outcome] + "（" + i.Decision.Reason + "）"
	default:
		text += "：" + OutcomeNames[i.Decision.Outcome]
	}
	text += "，目前“" + StateNames[i.After.State] + "”" + owingWords(i.After.Owing)
	for _, s := range i.After.Positions {
		if why := s.words(); why != "" && s.Verdict != Agree {
			text += "；" + RegionOf(s.Region).Short + VerdictNames[s.Verdict] + "：" + why
		}
	}
	return text + "。"
}

// basis names the events that the minutes are told from, so that anybody can
// tell them again.
func (m Minutes) basis() string {
	if m.Meeting.Open() {
		return fmt.Sprintf("会议尚未结束；以上为截至第 %d 条事件的记录。", m.Last.Seq)
	}
	return fmt.Sprintf("本纪要由同标系统第 %d 至 %d 条事件汇成，可随时据以重算。", m.Meeting.First, m.Last.Seq)
}

// paperWriter collects the blocks of a paper.
type paperWriter struct{ blocks []convert.Block }

func (w *paperWriter) add(kind convert.BlockKind, level int, text string) {
	if strings.TrimSpace(text) != "" {
		w.blocks = append(w.blocks, convert.Block{Kind: kind, Level: level, Text: text})
	}
}

func (w *paperWriter) head(level int, text string) { w.add(convert.Heading, level, text) }
func (w *paperWriter) para(text string)            { w.add(convert.Paragraph, 0, text) }
func (w *paperWriter) item(text string)            { w.add(convert.Item, 1, "——"+text) }
func (w *paperWriter) note(text string)            { w.add(convert.Remark, 0, text) }

func (w *paperWriter) table(t convert.Table) {
	if len(t.Rows) > 0 {
		w.blocks = append(w.blocks, convert.Block{Kind: convert.Grid, Table: &t})
	}
}

// lead writes a paragraph whose first words are strong.
func (w *paperWriter) lead(words, text string) {
	w.blocks = append(w.blocks, convert.Block{Kind: convert.Paragraph, Runs: []convert.Run{{Text: words, Mark: convert.Strong}, {Text: text}}})
}

// facts writes pairs of a name and what it is as a table.
func (w *paperWriter) facts(list [][2]string) {
	t := convert.Table{Head: []string{"项目", "内容"}, Widths: []int{8, 40}}
	for _, f := range list {
		if f[1] != "" {
			t.Rows = append(t.Rows, []string{f[0], f[1]})
		}
	}
	w.table(t)
}
