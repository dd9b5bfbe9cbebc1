package compare

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tongbiao/editor"
)

var regionLabels = []string{"沪", "苏", "浙", "皖"}

func cellsOf(texts ...string) []Cell {
	var cells []Cell
	for i, s := range texts {
		c := Cell{Label: regionLabels[i]}
		if s != "" {
			c.Passages = []string{s}
		}
		cells = append(cells, c)
	}
	return cells
}

func TestDiffer(t *testing.T) {
	tests := []struct {
		name     string
		texts    []string
		relation Relation
		want     []string // kind: summary
	}{
		{"same", []string{"快递企业应当公布服务承诺。", "快递企业应当公布服务承诺。"}, Same, nil},
		{"the same but for the region and the kind of text",
			[]string{"在本市行政区域内从事快递活动，适用本条例。", "在本省行政区域内从事快递活动，适用本办法。"}, Same, nil},
		{"one speaks", []string{"鼓励使用循环包装。", "", ""}, Single, []string{"missing: 仅 沪 有；苏、浙 未找到对应条款"}},
		{"the others agree", []string{"禁止抛扔快件。", "", "禁止抛扔快件。"}, Partial, []string{"missing: 苏 未找到对应条款"}},
		{"quantity",
			[]string{"快件到达后，应在24 h内完成首次投递。", "快件到达后，应在48 h内完成首次投递。", "快件到达后，应在一日内完成首次投递。"}, Different,
			[]string{"quantity: 沪、浙 24 h内完成首次投递；苏 48 h内"}},
		{"quantity, working days against days",
			[]string{"应当自接到投诉之日起七个工作日内答复。", "应当自接到投诉之日起十五日内答复。"}, Different,
			[]string{"quantity: 沪 七个工作日内答复；苏 十五日内"}},
		{"quantity against none",
			[]string{"对消费者的查询，应当在五个工作日内予以答复。", "对消费者的查询，应当及时予以答复。"}, Different,
			[]string{"quantity: 沪 五个工作日内予以答复；苏 未写明数值"}},
		{"penalty",
			[]string{"没收违法所得，并处以违法所得三倍以上五倍以下的罚款。", "没收违法所得，并处以违法所得一倍以上五倍以下的罚款。"}, Different,
			[]string{"quantity: 沪 三倍以上五倍以下的罚款；苏 一倍以上五倍以下"}},
		{"modality",
			[]string{"有关行政部门应当定期公布投诉情况。", "有关行政部门可以定期公布投诉情况。"}, Different,
			[]string{"modality: 定期公布投诉情况：沪 应当（义务）；苏 可以（允许）"}},
		{"modality, recommended against required",
			[]string{"末端网点每日营业时间应不少于10 h。", "快递驿站每日营业时间宜不少于10 h。"}, Different,
			[]string{"modality: 末端网点每日营业时间不少于10 h：沪 应（义务）；苏 宜（推荐）"}},
		{"a duty against a statement",
			[]string{"县级以上人民政府应当加强对邮政普遍服务工作的组织领导。", "县级以上人民政府加强对邮政普遍服务工作的组织领导。"}, Different,
			[]string{"modality: 加强对邮政普遍服务工作的组织领导：沪 应当（义务）；苏 未用助动词（陈述）"}},
		{"a clause that its sentence governs is no statement",
			[]string{"企业应当出具修理记录，应当告知消费者其他解决途径。", "企业应当出具修理记录，并告知消费者其他解决途径。"}, Reworded, []string{"wording: 仅措辞不同"}},
		{"wording only", []string{"应当按照有关规定向社会公布服务承诺。", "应当依照规定将服务承诺向社会公布。"}, Reworded, []string{"wording: 仅措辞不同"}},
		{"notes demand nothing",
			[]string{"应在24 h内投递。\n\n注：以扫描时间为准，误差不超过5 min。", "应在24 h内投递。\n\n注：误差不超过10 min。"}, Same, nil},
		{"a table against prose",
			[]string{"投递时限应符合表1。\n\n| 投递区域 | 首次投递时限/h |\n| --- | --- |\n| 城区 | 24 |", "城区首次投递时限应不超过36 h。"}, Different,
			[]string{"quantity: 城区 首次投递时限：沪 24 h；苏 不超过36 h"}},
	}
	for _, tt := range tests {
		relation, differences := Differ(cellsOf(tt.texts...))
		if relation != tt.relation {
			t.Errorf("%s: relation %s, want %s", tt.name, relation, tt.relation)
		}
		var got []string
		for _, d := range differences {
			if d.Kind != Scope {
				got = append(got, fmt.Sprintf("%s: %s", d.Kind, d.Summary))
			}
		}
		if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestExtremes(t *testing.T) {
	tests := []struct {
		texts              []string
		strictest, loosest []int
	}{
		{[]string{"应在24 h内投递。", "应在48 h内投递。", "应在24 h内投递。"}, []int{0, 2}, []int{1}},
		{[]string{"保存期限应不少于30日。", "保存期限应不少于90日。"}, []int{1}, []int{0}},
		{[]string{"处一万元以下罚款。", "处一千元以上三万元以下罚款。"}, []int{1}, []int{0}},
		{[]string{"应当在七个工作日内答复。", "应当在七日内答复。"}, nil, nil},
		{[]string{"可以延长三十日。", "可以延长十五日。"}, nil, nil},
	}
	for _, tt := range tests {
		_, differences := Differ(cellsOf(tt.texts...))
		if len(differences) == 0 || differences[0].Kind != Quantity {
			t.Errorf("%q: no difference in quantity: %+v", tt.texts, differences)
			continue
		}
		if d := differences[0]; !slices.Equal(d.Strictest, tt.strictest) || !slices.Equal(d.Loosest, tt.loosest) {
			t.Errorf("%q: strictest %v, loosest %v", tt.texts, d.Strictest, d.Loosest)
		}
	}
}

func TestBelow(t *testing.T) {
	floor := Cell{Label: "国家底线", Passages: []string{"快件在智能快件箱内的保管期应不少于3日。"}}
	for text, want := range map[string]int{
		"快件在快递柜内的保管期应不少于48 h。":   1,
		"快件在快递柜内的保管期应不少于72 h。":   0,
		"快件在快递柜内的保管期应不少于5日。":     0,
		"快件在快递柜内的保管期应不少于2个工作日。":  0, // cannot be decided
		"快件在快递柜内的保管期应不超过2日。":     0, // bounds the other way
		"快递柜运营企业应每2日巡检，并保持设备完好。": 0,
	} {
		if got := Below(floor, Cell{Label: "皖", Passages: []string{text}}); len(got) != want {
			t.Errorf("%s: %d below the floor, want %d: %+v", text, len(got), want, got)
		}
	}
}

// The bundled texts have one limit below the national floor; their README says
// which.
func TestBundledFloor(t *testing.T) {
	docs := append(bundledFamily(t).docs, readDocument(t, bundled+"/gb-sf001.md"))
	a, err := Align(docs, Options{Labels: append(slices.Clone(regionLabels), "国家底线")})
	if err != nil {
		t.Fatal(err)
	}
	checkConserved(t, docs, a)
	var got []string
	for _, row := range a.Rows {
		cell := func(i int) Cell {
			c := Cell{Label: append(slices.Clone(regionLabels), "国家底线")[i]}
			for _, p := range row.Cells[i] {
				c.Passages = append(c.Passages, docs[i].Clause(p.Clause).Passages()[p.Paragraph-1])
			}
			return c
		}
		for i := range 4 {
			for _, d := range Below(cell(4), cell(i)) {
				got = append(got, d.Summary)
			}
		}
	}
	if len(got) != 1 || !strings.HasPrefix(got[0], "皖 不少于48 h") {
		t.Errorf("below the floor: %q, want the retention of 皖 (48 h) only", got)
	}
}

// checkDiffer verifies what holds of every row: one text a column, silent where
// the cell is, columns in range, and the same relation and kinds whatever the
// order of the columns.
func checkDiffer(t *testing.T, cells []Cell) {
	t.Helper()
	relation, differences := Differ(cells)
	for _, d := range differences {
		if len(d.Texts) != len(cells) || d.Summary == "" || d.Confidence <= 0 || d.Confidence > 1 {
			t.Fatalf("malformed difference %+v", d)
		}
		for i, text := range d.Texts {
			if text != "" && len(cells[i].Passages) == 0 {
				t.Fatalf("a silent column speaks: %+v", d)
			}
		}
		for _, i := range slices.Concat(d.Strictest, d.Loosest) {
			if i < 0 || i >= len(cells) {
				t.Fatalf("no such column: %+v", d)
			}
		}
	}
	if again, other := Differ(cells); again != relation || !reflect.DeepEqual(differences, other) {
		t.Fatal("a second run says something else")
	}
	turned := slices.Clone(cells)
	slices.Reverse(turned)
	if back, _ := Differ(turned); (back == Same) != (relation == Same) || (back == Single) != (relation == Single) {
		t.Fatalf("relation %s becomes %s when the columns are turned round", relation, back)
	}
}

func FuzzDiffer(f *testing.F) {
	f.Add("应在24 h内投递。", "应在48 h内投递。", "")
	f.Add("第１２条　可以处５００元以下罚款；", "\u200b\u200b", "| 甲 | 乙/h |\n| - | - |\n| 丙 | 24 |")
	f.Add("应应应应当当当不得不得", "，。；，。；", "$$x$$\n注：三日")
	f.Fuzz(func(t *testing.T, a, b, c string) { checkDiffer(t, cellsOf(a, b, c)) })
}

func TestJudge(t *testing.T) {
	old, new := parse(t, oldRules), parse(t, newRules)
	at := func(d *editor.Document, number string) editor.Passage {
		for c := range d.All() {
			if c.Number == number {
				return editor.Passage{Clause: c.ID, Paragraph: 1}
			}
		}
		t.Fatalf("no %s", number)
		return editor.Passage{}
	}
	row := Judge([]*editor.Document{old, new}, [][]editor.Passage{{at(old, "第二条")}, {at(new, "第三条")}}, Options{Labels: regionLabels})
	if row.Relation != Different || len(row.Differences) == 0 || row.Differences[0].Summary != "沪 二十四小时内完成首次投递；苏 四十八小时内" {
		t.Errorf("row is %s: %+v", row.Relation, row.Differences)
	}
	row = Judge([]*editor.Document{old, new}, [][]editor.Passage{{{Clause: "no such clause", Paragraph: 7}}, {at(new, "第三条")}}, Options{})
	if row.Relation != Single {
		t.Errorf("a cell that holds no passage makes the row %s", row.Relation)
	}
}

// What the study of real texts showed: quantities without partner stand beside
// each other, discretion over penalties is said, a condition leads a short duty
// in, and what a list merely names states no rule.
func TestDifferInContext(t *testing.T) {
	tests := []struct {
		name  string
		texts []string
		want  []string // kind: summary
	}{
		{"no partner", []string{"单张限额不得超过五千元。其中，个体工商户的，单张限额不得超过一千元。", "企业发放的单张限额不得超过五千元；其他经营者的，总额不得超过两千元。"},
			[]string{"quantity: 数值各异，未能逐一对应：沪 单张限额不得超过一千元；苏 总额不得超过两千元"}},
		{"discretion", []string{"逾期不改正的，可以并处一千元以下罚款。", "逾期不改正的，并处一千元以下罚款。"},
			[]string{"modality: 处罚裁量：沪 可以（允许）；苏 未用助动词（陈述）"}},
		{"a condition leads in", []string{"委员会可以制作调解协议书。", "双方要求出具调解协议书的，委员会应当出具。"},
			[]string{"modality: 制作调解协议书：沪 可以（允许）；苏 应当（义务）"}},
		{"a case in a list", []string{"不得偷换零部件或者更换不需要更换的零部件。", "有下列情形之一的，属于欺诈：\n\n（一）偷换零部件或者更换不需要更换的零部件；\n\n（二）其他情形。"}, nil},
		{"what is encouraged goes on", []string{"鼓励经营者与消费者采用协商和解的方式解决争议。", "鼓励经营者建立处理机制，与消费者采用协商和解的方式解决争议。"}, nil},
		{"a semicolon ends what governs", []string{"可以约定机构；未约定的，由受理投诉的部门确定的检验机构进行检验。", "未约定的，可以由受理投诉的部门确定的检验机构进行检验。"},
			[]string{"modality: 由受理投诉的部门确定的检验机构进行检验：沪 未用助动词（陈述）；苏 可以（允许）"}},
		{"penalties of one conduct", []string{"驾驶拼装的车辆的，处二百元罚款；伪造车辆号牌的，处一千元罚款。", "伪造车辆号牌的，处二千元罚款；驾驶拼装的车辆的，处二百元罚款。"},
			[]string{"quantity: 沪 一千元罚款；苏 二千元"}},
		{"penalties of different conduct", []string{"未按照要求实行安全监控的，处一万元以下罚款。", "逾期处理用户投诉的，处三千元以下罚款。"},
			[]string{"quantity: 数值各异，未能逐一对应：沪 处一万元以下罚款；苏 处三千元以下罚款"}},
		{"what is to be done follows the comma", []string{"所有人应当自购车之日起十五日内，申请登记上牌。", "所有人应当自购车之日起三十日内申请登记；自购车之日起十五日内可以临时上道路行驶。"},
			[]string{"quantity: 所有人应当自购车之日起：沪 十五日内；苏 三十日内"}},
		{"the same deed in other words", []string{"对用户的投诉，邮政企业应当在十五日内予以答复。", "对用户的投诉应当受理，并自受理之日起七个工作日内答复用户。"},
			[]string{"quantity: 沪 十五日内予以答复；苏 七个工作日内"}},
		{"what may be asked is no term of paying", []string{"消费者有权自付款之日起十五日内要求退款。", "经营者应当自消费者要求之日起五日内退款。"},
			[]string{"modality: 自付款之日起十五日内要求退款：沪 有权（允许）；苏 应当（义务）"}},
		{"a long name in common is no deed", []string{"人民政府应当支持消费者权益保护委员会依法开展工作。", "省依法成立消费者权益保护委员会开展。"}, nil},
		{"an equal term in a sentence of several clauses", []string{"应当提前三十日以电话、短信等形式告知消费者。", "应当提前三十日发布告示，并以电话、短信等形式告知消费者。"}, nil},
	}
	for _, tt := range tests {
		_, differences := Differ(cellsOf(tt.texts...))
		var got []string
		for _, d := range differences {
			if d.Kind == Quantity || d.Kind == Modality {
				got = append(got, fmt.Sprintf("%s: %s", d.Kind, d.Summary))
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

// An actor is claimed only where the lexicon knows both and they differ.
func TestActorDiffers(t *testing.T) {
	for _, tt := range []struct {
		a, b, want string
	}{
		{"教育部门应当将志愿服务纳入教育内容。", "学校应当将志愿服务纳入教育内容。", "将志愿服务纳入教育内容：沪 教育部门；苏 学校"},
		{"教育行政部门应当将志愿服务纳入教育内容。", "教育主管部门应当将志愿服务纳入教育内容。", ""}, // two names of one
		{"消保委应当公布投诉情况分析报告。", "省消费者权益保护委员会应当公布投诉情况分析报告。", ""},
		{"有关部门应当将志愿服务纳入教育内容。", "学校应当将志愿服务纳入教育内容。", ""}, // whoever is competent
		{"某某联盟应当将志愿服务纳入教育内容。", "学校应当将志愿服务纳入教育内容。", ""}, // not known
		{"教育部门可以将志愿服务纳入教育内容。", "学校应当将志愿服务纳入教育内容。", ""}, // another duty
	} {
		got := ""
		_, differences := Differ(cellsOf(tt.a, tt.b))
		for _, d := range differences {
			if d.Kind == Actor {
				got = d.Summary
			}
		}
		if got != tt.want {
			t.Errorf("%s / %s: %q, want %q", tt.a, tt.b, got, tt.want)
		}
	}
}

// Which penalty is heavier is said only of rows that are sure.
func TestPenaltyOrderNeedsCertainty(t *testing.T) {
	cells := cellsOf("处一万元以下罚款。", "处三万元以下罚款。")
	for sure, want := range map[float64]int{1: 1, 0.8: 0} {
		_, differences := differ(cells, wordsOnly, sure)
		if len(differences) == 0 || differences[0].Kind != Quantity || len(differences[0].Strictest) != want {
			t.Errorf("at %.1f: %+v", sure, differences)
		}
	}
}

// What is due each year is not held against what is due once.
func TestPeriodsAreNotPaired(t *testing.T) {
	_, found := Differ(cellsOf(
		"收派人员应经岗前培训，岗前培训时间应不少于16学时。",
		"从业人员上岗前应接受不少于24学时的培训。在岗人员每年接受继续培训应不少于8学时。"))
	for _, d := range found {
		if d.Kind == Quantity && strings.Contains(d.Texts[1], "8学时") && !strings.Contains(d.Texts[1], "24学时") {
			t.Errorf("16 hours before work are held against 8 a year: %s", d.Summary)
		}
	}
}
