package registry

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tongbiao/editor/convert"
)

// Explanation is the drafting explanation (编制说明) that goes with every draft of
// a Chinese standard. Its sections are those that the administrative measures
// for national standards ask for (国家标准管理办法, 1990, art. 16), with a section of
// its own for quantities. What the records hold is filled in; what only people
// can write is left open, visibly.
type Explanation struct {
	Project  Project
	Sections []Section
	Open     int   // blanks that are still to be written
	Last     Event // the records are told up to this event
}

// Section is one section of a drafting explanation.
type Section struct {
	ID, Title string
	Prompt    string // what only people can write; "" where the records say it all
	Written   SectionText
	Blocks    []convert.Block // from the records
}

// SectionText is what the secretariat wrote into a section.
type SectionText struct {
	Project string    `json:"project"`
	Section string    `json:"section"`
	Text    string    `json:"text"` // paragraphs, an empty line between them
	By      string    `json:"by"`
	Time    time.Time `json:"time"`
	Version int       `json:"version"` // counts the changes; 0 for what nobody has written yet
}

var explanations = table[SectionText]{"explanation", "节编制说明"}

const maxWritten = 64 << 10 // bytes of one section

// Blank marks what people have still to write: 【待补：…】.
func Blank(what string) string { return "【待补：" + what + "】" }

// outline are the sections in order.
var outline = []struct {
	id, title, prompt string
	fill              func(*explainer)
}{
	{"work", "一、工作简况", "任务来源（下达计划的文件名称和编号）、协作单位、主要起草人及其所做的工作", (*explainer).work},
	{"principles", "二、编制原则和确定主要内容的论据", "编制原则，各项主要内容的依据（调研、统计数据、试验）", (*explainer).principles},
	{"quantities", "三、主要技术指标及其与各地现行规定的对比", "各项统一指标取值的论证", (*explainer).quantities},
	{"trials", "四、主要试验（或验证）的分析、综述报告，技术经济论证，预期的经济效果", "如已开展试验、验证或技术经济论证，写明单位、方法、数据和结论", (*explainer).trials},
	{"international", "五、采用国际标准和国外先进标准的程度", "与国际标准、国外标准的对比情况", (*explainer).international},
	{"relations", "六、与有关法律、法规、强制性国家标准及各地现行规定的关系", "与法律、行政法规和其他标准协调的说明", (*explainer).relations},
	{"disputes", "七、重大分歧意见的处理经过和依据", "", (*explainer).disputes},
	{"nature", "八、作为强制性标准或推荐性标准发布的建议", "发布性质的建议及理由", (*explainer).nature},
	{"measures", "九、贯彻标准的要求和措施建议", "组织措施、技术措施、过渡办法和实施日期的建议", nil},
	{"repeal", "十、废止或修改现行有关规定的建议", "统一标准发布后，各地现行标准废止、修订或继续有效的建议", (*explainer).repeal},
	{"other", "十一、其他应予说明的事项", "", (*explainer).other},
}

// Explanation tells a project's drafting explanation as it stands.
func (r *Registry) Explanation(project string) (Explanation, error) {
	var e Explanation
	err := r.store.View(func(tx Tx) (err error) {
		x := &explainer{numbers: map[string]string{}, names: map[string]string{}}
		if err := x.read(tx, project); err != nil {
			return err
		}
		e.Project, e.Last = x.view.Project, x.last
		held, err := explanations.all(tx, project)
		if err != nil {
			return err
		}
		for _, o := range outline {
			s := Section{ID: o.id, Title: o.title, Prompt: o.prompt}
			if i := slices.IndexFunc(held, func(w SectionText) bool { return w.Section == o.id }); i >= 0 {
				s.Written = held[i]
			}
			if s.Prompt != "" && s.Written.Text == "" {
				e.Open++
			}
			if o.fill != nil {
				x.paperWriter = paperWriter{}
				o.fill(x)
				s.Blocks = x.blocks
			}
			e.Sections = append(e.Sections, s)
		}
		return nil
	})
	return e, err
}

// EditExplanation writes the part of a section that people write; an empty text
// takes it away. version is the one that the writer saw.
func (r *Registry) EditExplanation(actor Member, project, section string, version int, text string) (SectionText, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	var w SectionText
	if err := May(actor, EditExplanation); err != nil {
		return w, err
	}
	if err := within("text", text, maxWritten); err != nil {
		return w, err
	}
	if !slices.ContainsFunc(outlineIDs(), func(id string) bool { return id == section }) {
		return w, refuse(NotFound, "section", "编制说明没有这一节：%s。 The explanation has no such section.", section)
	}
	err := r.update(actor, func(c *change) error {
		if _, err := projects.get(c.Tx, project); err != nil {
			return err
		}
		held, _, err := explanations.find(c.Tx, project, section)
		if err != nil {
			return err
		}
		if held.Version != version {
			return refuse(Conflict, "version", "这一节刚被别人改过：请看过现在的内容再改。 Somebody else has just changed this section: look at it again first.")
		}
		if held.Text == text {
			w = held
			return nil
		}
		w = SectionText{Project: project, Section: section, Text: text, By: actor.ID, Time: c.r.now().UTC().Truncate(time.Second), Version: version + 1}
		if err := explanations.put(c, w, project, section); err != nil {
			return err
		}
		return c.log(EditExplanation, "projects/"+project+"/explanation/"+section, map[string]any{"text": text})
	})
	return w, err
}

func outlineIDs() (out []string) {
	for _, o := range outline {
		out = append(out, o.id)
	}
	return out
}

// Paper is the explanation as a paper.
func (e Explanation) Paper() convert.Paper {
	p := convert.Paper{Title: "《" + e.Project.Title + "》编制说明", Subtitle: "（工作组讨论稿）"}
	for _, s := range e.Sections {
		p.Blocks = append(p.Blocks, convert.Block{Kind: convert.Heading, Level: 1, Text: s.Title})
		p.Blocks = append(p.Blocks, s.People()...)
		p.Blocks = append(p.Blocks, s.Blocks...)
	}
	return p
}

// People is what people wrote into a section, or the blank that they have still
// to fill.
func (s Section) People() []convert.Block {
	var w paperWriter
	for para := range strings.SplitSeq(s.Written.Text, "\n\n") {
		w.para(strings.TrimSpace(para))
	}
	if len(w.blocks) == 0 && s.Prompt != "" {
		w.blocks = append(w.blocks, convert.Block{Kind: convert.Paragraph, Runs: []convert.Run{{Text: Blank(s.Prompt), Mark: convert.Strong}}})
	}
	return w.blocks
}

// Markdown writes the explanation.
func (e Explanation) Markdown() []byte { return convert.Markdown(e.Paper()) }

// explainer fills sections from the records.
type explainer struct {
	paperWriter
	view     ProjectView
	meetings []Meeting
	comments []Comment
	names    map[string]string // members
	numbers  map[string]string // of the unified clauses, by Row.ID
	last     Event
}

func (x *explainer) read(tx Tx, project string) (err error) {
	if x.view, err = workbench(tx, project); err != nil {
		return err
	}
	if x.meetings, err = meetings.all(tx, project); err != nil {
		return err
	}
	if x.comments, err = comments.all(tx, "project:"+project); err != nil {
		return err
	}
	if err := members.scan(tx, func(m Member) error { x.names[m.ID] = m.Name; return nil }); err != nil {
		return err
	}
	x.numbers = x.view.draftNumbers()
	x.last, _, err = heads.find(tx, "head")
	return err
}

func (x *explainer) name(id string) string {
	if n := x.names[id]; n != "" {
		return n
	}
	if id == System.ID {
		return System.Name
	}
	return id
}

func onDay(t time.Time) string { return t.In(beijing).Format("2006-01-02") }

func textName(t Text) string {
	h := t.Revision.Header
	name := "《" + h.Title + "》"
	if n := h.Primary(); n != "" {
		name = n + name
	}
	return name
}

// work: who takes part, with which texts, and what was done when.
func (x *explainer) work() {
	p := x.view.Project
	x.head(2, "（一）参加地区和所依据的文本")
	t := convert.Table{Head: []string{"地区", "文本", "版本"}, Widths: []int{6, 30, 6}}
	for i, col := range x.view.Columns {
		who := col.Region.Name
		if col.Floor {
			who = "国家（底线）"
		}
		t.Rows = append(t.Rows, []string{who, textName(x.view.Texts[i]), fmt.Sprintf("第 %d 版", col.Text.Revision)})
	}
	x.table(t)
	if len(p.Territory) > 0 {
		x.para("适用地域：" + strings.Join(p.Territory, "、") + "。")
	}
	x.head(2, "（二）主要工作过程")
	x.item(fmt.Sprintf("%s　立项协调：%s所定文本逐条对照，形成 %d 个条目。", onDay(p.Created), x.view.regionNames(), len(x.view.Rows)))
	for _, m := range x.meetings {
		x.item(m.sentence())
	}
	x.item(fmt.Sprintf("截至第 %d 条记录：条目 %d 个，其中已定 %d，待表态 %d，有分歧 %d，未处理 %d。",
		x.last.Seq, len(x.view.Rows), x.view.Counts[Settled], x.view.Counts[Waiting], x.view.Counts[Disputed], x.view.Counts[Untouched]))
}

// sentence tells a meeting in one line.
func (m Meeting) sentence() string {
	text := onDay(m.Opened) + "　" + m.Title
	if m.Place != "" {
		text += "（" + m.Place + "）"
	}
	counts := map[Outcome]int{}
	for _, d := range m.Decisions {
		counts[d.Outcome]++
	}
	text += fmt.Sprintf("：议题 %d 项，采纳 %d，暂缓 %d，重拟 %d", len(m.agenda()), counts[Adopted], counts[Deferred], counts[Redrafted])
	if m.Open() {
		text += "，尚未结束"
	}
	return text + "。"
}

// principles: of what the unified text is made.
func (x *explainer) principles() {
	draft := x.view.Draft()
	t := convert.Table{Name: "统一稿的构成", Head: []string{"章", "条款数", "取自原文的句", "改写的句", "新增的句"}, Widths: []int{16, 6, 8, 8, 8}}
	var sum [4]int
	for _, chapter := range draft.Document.Clauses {
		var n [4]int
		seen := map[string]bool{}
		for _, row := range draftRows(draft, chapter) {
			if seen[row.ID] {
				continue
			}
			seen[row.ID] = true
			n[0]++
			for _, s := range row.Unified.Sources {
				n[map[How]int{Verbatim: 1, Adapted: 2, Written: 3}[s.How]]++
			}
		}
		if n[0] == 0 {
			continue
		}
		for i := range n {
			sum[i] += n[i]
		}
		t.Rows = append(t.Rows, []string{strings.TrimSpace(chapter.Number + " " + chapter.Title), fmt.Sprint(n[0]), fmt.Sprint(n[1]), fmt.Sprint(n[2]), fmt.Sprint(n[3])})
	}
	if len(t.Rows) == 0 {
		x.para("记录中还没有统一条款。")
		return
	}
	x.para(fmt.Sprintf("统一稿现有统一条款 %d 条，每一句均注明出处：取自各地原文 %d 句，据各地条文改写 %d 句，新增 %d 句；尚无统一条款的条目 %d 个。逐条出处见对照表。", sum[0], sum[1], sum[2], sum[3], draft.Left))
	x.table(t)
}

// quantities: every quantity on which the texts differ, with the unified value.
func (x *explainer) quantities() {
	m := x.view.Matrix()
	t := convert.Table{Name: "主要指标对比", Head: []string{"条款", "指标"}, Widths: []int{5, 16}}
	for _, c := range m.Columns {
		t.Head, t.Widths = append(t.Head, c.Label), append(t.Widths, 7)
	}
	t.Head, t.Widths = append(t.Head, "最严", "最宽"), append(t.Widths, 7, 7)
	alone := 0
	for _, l := range m.Lines {
		said := 0
		for _, e := range l.Entries {
			if e != nil {
				said++
			}
		}
		if l.Kind != "quantity" {
			continue
		}
		if said < 2 {
			alone++
			continue
		}
		row := []string{x.numbers[l.Row.ID], l.Row.Topic + "：" + strings.TrimSpace(l.Condition+" "+l.Subject)}
		for i, e := range l.Entries {
			if e != nil {
				row = append(row, e.Said)
			} else {
				row = append(row, l.unsaid(i))
			}
		}
		strict := m.labels(l.Strictest)
		if strict == "" {
			strict = ApartWords[l.Apart]
		}
		t.Rows = append(t.Rows, append(row, strict, m.labels(l.Loosest)))
	}
	if len(t.Rows) == 0 {
		x.para("各文本对同一事项没有可对照的数值。")
		return
	}
	t.Notes = []string{fmt.Sprintf("列出两个以上文本（含统一稿）对同一事项的数值；另有 %d 个数值只见于一个文本，见指标台账。空格：未找到同一事项的数值，不表示没有相应规定。", alone)}
	x.table(t)
}

func (x *explainer) trials() {
	x.para("项目记录中没有试验、验证或技术经济论证。")
}

func (x *explainer) international() {
	found := false
	for _, t := range x.view.Texts {
		if len(t.Revision.Header.Adopts) > 0 {
			found = true
			x.item(textName(t) + "采用：" + strings.Join(t.Revision.Header.Adopts, "、") + "。")
		}
	}
	if !found {
		x.para("所依据的各文本均未注明采用国际标准或国外标准。")
	}
}
