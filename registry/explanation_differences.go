package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/editor/convert"
)

// draftRows are the rows that a chapter of the draft comes from.
func draftRows(d Draft, chapter *editor.Clause) []RowView {
	out := slices.Clone(d.Rows[chapter.ID])
	for _, c := range chapter.Clauses {
		out = append(out, draftRows(d, c)...)
	}
	return out
}

// relations: the national floor, and how the texts of the regions differ and
// what became of each difference.
func (x *explainer) relations() {
	x.head(2, "（一）与国家标准和强制性规定的关系")
	floors := 0
	for i, col := range x.view.Columns {
		if col.Floor {
			floors++
			x.item(textName(x.view.Texts[i]) + "：作为底线逐条对照。")
		}
	}
	if floors == 0 {
		x.para("本项目未选定国家文本作为底线。")
	}
	below := 0
	for _, row := range x.view.Rows {
		for _, said := range row.Below {
			below++
			x.item(x.called(row) + "：" + said)
		}
	}
	if floors > 0 && below == 0 {
		x.para("逐条对照未发现低于底线的数值。")
	}
	x.head(2, "（二）各地现行规定的差异及其处理")
	t := convert.Table{Name: "各地规定的差异及其处理", Head: []string{"统一稿条款", "主题", "差异", "统一后的规定", "出处", "处理结果和理由"}, Widths: []int{5, 8, 17, 17, 6, 12}}
	same, open := 0, 0
	for _, row := range x.view.Rows {
		said := x.differs(row)
		if said == "" {
			same++
			continue
		}
		if row.Unified == nil {
			open++
			continue
		}
		unified := solid(editor.PlainText(x.view.UnifiedText(row.Unified, x.numbers)))
		t.Rows = append(t.Rows, []string{x.numbers[row.ID], row.Topic, said, unified, x.view.cameFrom(row), x.settledHow(row)})
	}
	x.para(fmt.Sprintf("共 %d 个条目，其中 %d 个各方规定有差异或有缺失，%d 个一致或仅措辞不同。", len(x.view.Rows), len(t.Rows)+open, same))
	if open > 0 {
		x.para(fmt.Sprintf("有差异或有缺失的条目中，%d 个尚无统一条款，未列入下表；各方原文见对照表。", open))
	}
	if len(t.Rows) > 0 {
		x.table(t)
	}
}

// called is a row as the explanation calls it.
func (x *explainer) called(row RowView) string {
	return strings.TrimSpace(x.numbers[row.ID] + " “" + row.Topic + "”")
}

// differs says how the texts of the regions differ in what they demand, and which
// of them are silent; "" where only their words differ.
func (x *explainer) differs(row RowView) string {
	var out, none []string
	scope := false
	for _, d := range row.Differences {
		switch d.Kind {
		case compare.Wording, compare.Missing:
		case compare.Scope:
			scope = true
		default:
			if !contains(out, d.Summary) {
				out = append(out, d.Summary)
			}
		}
	}
	for _, col := range x.view.Columns {
		if !col.Floor && len(row.Cells[col.Key]) == 0 {
			none = append(none, col.Label)
		}
	}
	if len(none) > 0 {
		out = append(out, strings.Join(none, "、")+" "+NoCounterpart)
	}
	if scope && len(out) == 0 {
		out = append(out, "内容或适用范围不尽相同")
	}
	return strings.Join(out, "\n")
}

// settledHow says how a difference was settled and why, as it was recorded.
func (x *explainer) settledHow(row RowView) string {
	out := []string{StateNames[row.State]}
	for _, m := range x.meetings {
		d, ok := m.Decisions[row.ID]
		if !ok {
			continue
		}
		line := m.Title + OutcomeNames[d.Outcome]
		if d.Reason != "" {
			line += "：" + d.Reason
		}
		out = append(out, line)
	}
	for _, region := range x.view.Project.regions() {
		if s, ok := row.Current[region]; ok && s.words() != "" {
			out = append(out, RegionOf(region).Short+VerdictNames[s.Verdict]+"："+s.words())
		}
	}
	if len(out) == 1 && row.State == Settled {
		out = append(out, Blank("理由"))
	}
	return strings.Join(out, "\n")
}

// moment is something that was said or decided on a row.
type moment struct {
	event uint64
	text  string
}

// disputes: on which rows regions did not agree, what was said and decided on
// them in order, and what came of the comments.
func (x *explainer) disputes() {
	x.head(2, "（一）分歧条目")
	found := false
	for _, row := range x.view.Rows {
		moments := x.moments(row)
		if len(moments) == 0 {
			continue
		}
		found = true
		x.head(3, x.called(row))
		for _, m := range moments {
			x.item(m.text)
		}
		end := "目前状态：" + StateNames[row.State] + owingWords(row.Owing) + "。"
		if row.State == Settled && row.Unified != nil {
			end = "结果：已定。统一条款：" + solid(editor.PlainText(x.view.UnifiedText(row.Unified, x.numbers)))
		}
		x.para(end)
	}
	if !found {
		x.para("记录中没有地区提出不同意或修改后同意，也没有会议暂缓或要求重拟的条目。")
	}
	x.head(2, "（二）意见处理汇总")
	x.opinions()
}

// moments are what was said and decided on a row where it was in dispute, in
// order; none where nobody ever objected.
func (x *explainer) moments(row RowView) []moment {
	var out []moment
	dispute := false
	for _, s := range row.Positions {
		dispute = dispute || s.Verdict == Object || s.Verdict == AgreeWithChange
		text := onDay(s.Time) + "　" + RegionOf(s.Region).Name + VerdictNames[s.Verdict]
		if why := s.words(); why != "" {
			text += "：" + why
		}
		if s.Meeting != "" {
			text += "（会上记录）"
		}
		if row.Unified != nil && s.Hash != row.Unified.Hash {
			text += "（对此前的条文）"
		}
		out = append(out, moment{s.Event, text})
	}
	for _, m := range x.meetings {
		d, ok := m.Decisions[row.ID]
		if !ok {
			continue
		}
		dispute = dispute || d.Outcome != Adopted
		text := onDay(d.Time) + "　" + m.Title + "决定：" + OutcomeNames[d.Outcome]
		if d.Reason != "" {
			text += "。理由：" + d.Reason
		}
		out = append(out, moment{d.Event, text})
	}
	if !dispute {
		return nil
	}
	slices.SortStableFunc(out, func(a, b moment) int { return cmp.Compare(a.event, b.event) })
	return out
}

// opinions are the comments on the rows with their dispositions, in the columns
// of the 征求意见汇总处理表.
func (x *explainer) opinions() {
	rows := map[string]RowView{}
	for _, row := range x.view.Rows {
		rows[row.ID] = row
	}
	t := convert.Table{Name: "意见汇总处理表", Head: []string{"序号", "标准章条编号", "意见内容", "提出者", "处理意见"}, Widths: []int{4, 10, 22, 8, 14}}
	open := 0
	for _, c := range x.comments {
		if c.ReplyTo != "" {
			continue
		}
		said := c.Body
		if c.Proposed != "" {
			said = strings.TrimSpace(said + "\n建议改为：" + c.Proposed)
		}
		outcome := c.Outcome
		if c.Resolved == "" {
			open++
			outcome = Blank("处理意见及理由")
		}
		by := x.name(c.Author)
		if c.Region != "" {
			by = RegionOf(c.Region).Name + "\n" + by
		}
		row := rows[c.Row]
		t.Rows = append(t.Rows, []string{fmt.Sprint(len(t.Rows) + 1), strings.TrimSpace(x.numbers[c.Row] + " " + row.Topic), said, by, outcome})
	}
	if len(t.Rows) == 0 {
		x.para("记录中没有对条目的意见。")
		return
	}
	x.para(fmt.Sprintf("共收到意见 %d 条，已处理 %d 条，尚待处理 %d 条。", len(t.Rows), len(t.Rows)-open, open))
	x.table(t)
}

// nature: what the numbers say of themselves.
func (x *explainer) nature() {
	var numbers []string
	recommended := true
	for _, region := range x.view.Project.regions() {
		if n := x.view.Project.Issues[region].Number; n != "" {
			numbers = append(numbers, n)
			recommended = recommended && strings.Contains(n, "/T")
		}
	}
	switch {
	case len(numbers) == 0:
		x.para("各地标准编号尚未确定。")
	case recommended:
		x.para("拟用编号 " + strings.Join(numbers, "、") + "，均为推荐性地方标准的编号。")
	default:
		x.para("拟用编号 " + strings.Join(numbers, "、") + "，其中有强制性标准的编号。")
	}
}

// repeal lists the texts that the unified standard stands beside.
func (x *explainer) repeal() {
	x.para("统一标准所涉各地现行文本：")
	for i, col := range x.view.Columns {
		if !col.Floor {
			x.item(col.Region.Name + "：" + textName(x.view.Texts[i]))
		}
	}
}

// other says what the explanation rests on.
func (x *explainer) other() {
	x.para(fmt.Sprintf("本编制说明中的数据和过程由同标系统截至第 %d 条事件的记录汇成；标有“待补”之处须由起草组填写。", x.last.Seq))
	x.note("末条事件散列（SHA-256）：" + x.last.Hash)
}
