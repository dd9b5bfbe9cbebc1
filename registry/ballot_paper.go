package registry

import (
	"fmt"
	"slices"
	"strings"

	"tongbiao/editor/convert"
)

// Paper is the minutes of a ballot that has ended: what was asked under which
// rule, who could vote, what came of it, and a place for signatures. Of a secret
// one it does not say who voted how.
func (v BallotView) Paper() convert.Paper {
	w := paperWriter{}
	w.head(1, "一、表决事项")
	ended := v.Closes + " 期满"
	if v.Closed != nil {
		ended = stamp(v.Closed.Time) + " 由秘书处提前结束：" + v.Closed.Reason
	}
	way := "记名"
	if v.Secret {
		way = "无记名"
	}
	w.facts([][2]string{
		{"问题", v.Question}, {"文本", fmt.Sprintf("《%s》第 %d 版（%s）", v.Work, v.Revision, v.Standard)},
		{"时间", v.Opens + " 至 " + v.Closes}, {"结束", ended}, {"方式", way},
		{"规则", v.Rule.Zh}, {"计票", v.Rule.CountZh}, {"依据", v.Rule.Source},
	})
	w.head(1, "二、表决结果")
	w.para(v.verdict())
	w.table(v.table())
	w.head(1, "三、意见和理由")
	v.reasons(&w)
	w.head(1, "四、有表决权的成员")
	w.table(v.roll())
	if len(v.Excluded) > 0 {
		w.para("按规则回避的起草人：" + voters(v.Excluded) + "。")
	}
	w.head(1, "五、签署")
	w.facts([][2]string{{"主持人", "　　　　　　　　　　　　年　　月　　日"}, {"记录人", "　　　　　　　　　　　　年　　月　　日"}})
	w.note(fmt.Sprintf("本纪要由记录算出：对象 %s 的全部事件可以重新得出同一结果。", v.object()))
	return convert.Paper{Title: "审查表决纪要", Subtitle: fmt.Sprintf("《%s》第 %d 次表决", v.Work, v.N), Blocks: w.blocks}
}

// verdict is the result in a sentence, with the numbers that the rule asked for.
func (v BallotView) verdict() string {
	r, unit := v.Result, "人"
	if v.Rule.ByRegion {
		unit = "个地区"
	}
	said := fmt.Sprintf("应表决 %d %s，实际 %d，规则要求不少于 %d；", r.Votes.Eligible, unit, r.Votes.Took(), r.Needed.TakePart)
	if !r.Quorate {
		return said + "参加不足，表决无效，未通过。"
	}
	said += fmt.Sprintf("同意 %d（其中有意见 %d），计票基数 %d，规则要求不少于 %d；反对 %d，弃权 %d。", r.Votes.For(), r.Votes.WithComments, r.Base, r.Needed.Agree, r.Votes.Object, r.Votes.Abstain)
	if r.Passed {
		return said + "通过。"
	}
	return said + "未通过。"
}

func (v BallotView) table() convert.Table {
	t := convert.Table{Head: []string{"范围", "应表决", "同意", "同意（有意见）", "不同意", "弃权", "未表决"}, Widths: []int{10, 6, 6, 10, 6, 6, 6}}
	row := func(name string, c Count) {
		t.Rows = append(t.Rows, []string{name, fmt.Sprint(c.Eligible), fmt.Sprint(c.Agree), fmt.Sprint(c.WithComments), fmt.Sprint(c.Object), fmt.Sprint(c.Abstain), fmt.Sprint(c.Eligible - c.Took())})
	}
	row("全部成员", v.Result.Count)
	for i, code := range v.Regions() {
		if i < len(v.Result.Regions) {
			row(RegionOf(code).Name, v.Result.Regions[i])
		}
	}
	return t
}

func (v BallotView) reasons(w *paperWriter) {
	var list []string
	for _, said := range v.Votes {
		if said.Why == "" {
			continue
		}
		who := ""
		if !v.Secret {
			who = v.voter(said.Member) + "，"
		}
		list = append(list, who+ChoiceNames[said.Choice]+"："+strings.Join(strings.Fields(said.Why), " "))
	}
	if v.Secret {
		slices.Sort(list) // not in the order of the roll
	}
	for _, one := range list {
		w.item(one)
	}
	if len(list) == 0 {
		w.para("无。")
	}
}

func (v BallotView) voter(id string) string {
	for _, e := range v.Eligible {
		if e.Member == id {
			return e.call()
		}
	}
	return id
}

func (e Voter) call() string {
	if e.Region == "" {
		return e.Name
	}
	return e.Name + "（" + RegionOf(e.Region).Short + "）"
}

func voters(list []Voter) string {
	var out []string
	for _, e := range list {
		out = append(out, e.call())
	}
	return strings.Join(out, "、")
}

// roll lists who could vote, and, of an open ballot, how each did.
func (v BallotView) roll() convert.Table {
	t := convert.Table{Head: []string{"地区", "姓名", "表决"}, Widths: []int{8, 14, 12}}
	if v.Secret {
		t.Head, t.Widths = t.Head[:2], t.Widths[:2]
	}
	said := map[string]string{}
	for _, one := range v.Votes {
		said[one.Member] = ChoiceNames[one.Choice]
	}
	for _, e := range v.Eligible {
		row := []string{RegionOf(e.Region).Name, e.Name}
		if e.Region == "" {
			row[0] = "—"
		}
		if !v.Secret {
			word := said[e.Member]
			if word == "" {
				word = "未表决"
			}
			row = append(row, word)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
