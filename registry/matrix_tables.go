package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/editor/convert"
)

// MatrixTables are a matrix as a workbook: 指标 and 约束力, one line a row with
// the texts side by side and each value as a number in a column of its own; and
// 说明, which says what the numbers rest on.
func (v ProjectView) MatrixTables(m Matrix, filter string) []convert.Table {
	figures, modals := m.figureTable(), m.modalTable()
	for _, l := range m.Lines {
		if l.Kind == compare.Quantity {
			figures.Rows = append(figures.Rows, m.figureRow(l))
		} else {
			modals.Rows = append(modals.Rows, m.modalRow(l))
		}
	}
	return []convert.Table{figures, modals, v.matrixNotes(m, filter)}
}

// matrixLead are the heads of the first cells of every line.
var matrixLead = []string{"条目号", "条目", "章"}

func (l MatrixLine) lead() []string {
	return []string{strconv.Itoa(l.Row.Order), l.Row.Topic, l.Row.Chapter}
}

func (m Matrix) figureTable() convert.Table {
	t := convert.Table{Name: "指标", Head: append(slices.Clone(matrixLead), "指标", "条件"), Widths: []int{4, 12, 10, 22, 14}, Numbers: []int{0}}
	for _, c := range m.Columns {
		n := len(t.Head)
		t.Head = append(t.Head, c.Label+" 条款", c.Label+" 原文", c.Label+" 比较", c.Label+" 数值", c.Label+" 上限", c.Label+" 单位")
		t.Widths = append(t.Widths, 7, 10, 4, 5, 5, 5)
		t.Numbers = append(t.Numbers, n+3, n+4)
	}
	t.Head = append(t.Head, "最严", "最宽", "可比性", "低于国家底线")
	t.Widths = append(t.Widths, 6, 6, 10, 40)
	return t
}

func (m Matrix) figureRow(l MatrixLine) []string {
	row := append(l.lead(), l.Subject, l.Condition)
	for i, e := range l.Entries {
		if e == nil {
			row = append(row, "", l.unsaid(i), "", "", "", "")
			continue
		}
		q := e.Quantity
		upper := ""
		if q.Comparator == editor.Within {
			upper = decimal(q.To)
		}
		row = append(row, l.Clauses[i].Name, e.Said, ComparatorWords[q.Comparator], decimal(q.Value), upper, q.Unit)
	}
	return append(row, m.labels(l.Strictest), m.labels(l.Loosest), ApartWords[l.Apart], m.breachWords(l))
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// unsaid says what stands where a text says the same without a number.
func (l MatrixLine) unsaid(i int) string {
	if l.Unsaid[i] == "" {
		return ""
	}
	if l.Kind == compare.Quantity {
		return "未写明数值：" + l.Unsaid[i]
	}
	return "未用助动词：" + l.Unsaid[i]
}

func (m Matrix) modalTable() convert.Table {
	t := convert.Table{Name: "约束力", Head: append(slices.Clone(matrixLead), "事项", "条件"), Widths: []int{4, 12, 10, 24, 14}, Numbers: []int{0}}
	for _, c := range m.Columns {
		t.Head = append(t.Head, c.Label+" 条款", c.Label+" 用词", c.Label+" 约束力")
		t.Widths = append(t.Widths, 7, 6, 6)
	}
	t.Head = append(t.Head, "最严", "最宽")
	t.Widths = append(t.Widths, 6, 6)
	return t
}

func (m Matrix) modalRow(l MatrixLine) []string {
	row := append(l.lead(), l.Subject, l.Condition)
	for i, e := range l.Entries {
		if e == nil {
			row = append(row, "", l.unsaid(i), "")
			continue
		}
		row = append(row, l.Clauses[i].Name, e.Said, e.Modality.Zh())
	}
	return append(row, m.labels(l.Strictest), m.labels(l.Loosest))
}

func (m Matrix) labels(at []int) string {
	var names []string
	for _, i := range at {
		names = append(names, m.Columns[i].Label)
	}
	return strings.Join(names, "、")
}

// breachWords gives each breach with both sentences.
func (m Matrix) breachWords(l MatrixLine) string {
	var out []string
	for _, b := range l.Below {
		out = append(out, fmt.Sprintf("%s %s 低于 %s %s。\n%s：%s\n%s：%s", m.Columns[b.Column].Label, b.Own.Said,
			m.Columns[b.Floor].Label, b.Demanded.Said, m.Columns[b.Floor].Label, b.Demanded.Sentence, m.Columns[b.Column].Label, b.Own.Sentence))
	}
	return strings.Join(out, "\n")
}

// matrixNotes says which texts were read, how much was found, and what the words
// of the other sheets mean.
func (v ProjectView) matrixNotes(m Matrix, filter string) convert.Table {
	n := m.Counts()
	t := convert.Table{Name: "说明", Head: []string{"项目", "内容"}, Widths: []int{14, 60}}
	add := func(name, format string, args ...any) {
		t.Rows = append(t.Rows, []string{name, fmt.Sprintf(format, args...)})
	}
	add("标准名称", "%s", v.Project.Title)
	for i, c := range m.Columns {
		if i < len(v.Texts) {
			h := v.Texts[i].Revision.Header
			add(c.Label, "%s《%s》第 %d 版：指标 %d 个，约束力用词 %d 个", cmp.Or(h.Primary()+" ", ""), h.Title, c.Text.Revision, n.Quantities[i], n.Modals[i])
		} else {
			add(c.Label, "已写统一条款 %d 条：指标 %d 个，约束力用词 %d 个", v.united(), n.Quantities[i], n.Modals[i])
		}
	}
	add("范围", "%s", cmp.Or(filter, "全部"))
	add("行数", "%d 行，其中各方不同 %d 行，低于国家底线 %d 处", n.Lines, n.Differing, n.Breaches)
	for _, line := range [][2]string{
		{"指标", "取自原文上下文，“" + compare.Blank + "”处为数值或用词所在。各方同一事项的数值排在一行；无从对应的各占一行，无一遗漏。"},
		{"数值、单位", "照原文换成阿拉伯数字；范围的上端在“上限”列。"},
		{"最严、最宽", "只在同一量纲、同一方向之间判断：期限短、下限高、上限低、处罚重者为严；应严于宜，宜严于可。由机器提出，不代替审查。"},
		{"不可比", "工作日不折算为日；量纲不同、上下限不同向、以“可以”写出的数值之间不判断严宽。"},
		{"低于国家底线", "地方数值对同一事项的要求低于国家强制性文本（标准化法第二十一条）。由机器提出，请人工核对两句原文。"},
		{"空格", "该文本没有找到同一事项的数值，不表示没有相应规定。"},
	} {
		t.Rows = append(t.Rows, line[:])
	}
	return t
}

// united counts the rows that have a unified clause.
func (v ProjectView) united() (n int) {
	for _, row := range v.Rows {
		if row.Unified != nil {
			n++
		}
	}
	return n
}

// List is a matrix as a long table, one entry a row, for programs.
func (m Matrix) List() convert.Table {
	t := convert.Table{Name: "台账", Head: append(append([]string{"类别"}, matrixLead...),
		"指标", "条件", "文本", "条款", "原文", "比较", "数值", "上限", "单位", "折算", "约束力", "严宽", "可比性", "低于国家底线", "所在句"), Numbers: []int{1, 10, 11}}
	for _, l := range m.Lines {
		for i, e := range l.Entries {
			if e == nil {
				continue
			}
			kind, op, value, to, unit, normal, binding := "约束力", "", "", "", "", "", e.Modality.Zh()
			if q := e.Quantity; q != nil {
				kind, op, value, unit, normal, binding = "指标", ComparatorWords[q.Comparator], decimal(q.Value), q.Unit, q.Normal(), ""
				if q.Comparator == editor.Within {
					to = decimal(q.To)
				}
			}
			row := append(append([]string{kind}, l.lead()...), l.Subject, l.Condition, m.Columns[i].Label, l.Clauses[i].Name, e.Said,
				op, value, to, unit, normal, binding, l.strictness(i), ApartWords[l.Apart], "", e.Sentence)
			if b := l.Breaches(i); len(b) > 0 {
				row[len(row)-2] = b[0].Demanded.Said + "：" + b[0].Demanded.Sentence
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func (l MatrixLine) strictness(column int) string {
	switch {
	case slices.Contains(l.Strictest, column):
		return "最严"
	case slices.Contains(l.Loosest, column):
		return "最宽"
	}
	return ""
}
