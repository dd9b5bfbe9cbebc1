package check

import (
	"slices"
	"strings"
	"testing"

	"tongbiao/editor"
)

// examples are sentences as drafters write them, made up from what reviewers of
// standards complain of and not from the rules' lexicons: what each breaks by GB/T
// 1.1—2020 and the rules of this checker, and "" where nothing is wrong with it.
// They were written before they were run, and what a rule misses stays in the list;
// one label was wrong (a dated reference that was called undated) and was corrected.
var examples = []struct{ text, rules string }{
	{"快递企业必须建立安全生产责任制。", "MOD-01"},
	{"收派员不得私自开拆快件。", "MOD-02"},
	{"严禁抛扔快件。", "MOD-02"},
	{"营业场所禁止吸烟。", "MOD-02"},
	{"分拣时应尽量减少脱手。", "MOD-03"},
	{"包装应尽可能采用可降解材料。", "MOD-03"},
	{"运输过程应充分考虑天气影响。", "MOD-03"},
	{"一般应在当日完成投递。", "MOD-04"},
	{"原则上应由本人签收。", "MOD-04"},
	{"投诉处理应及时。", "MOD-08"},
	{"包装箱应有足够的强度。", "MOD-08"},
	{"车辆应保持适当的车距。", "MOD-08"},
	{"操作人员应符合安全操作规程。", "MOD-05"},
	{"包装材料应遵守 GB/T 16606.1 的规定。", "MOD-05 REF-03"},
	{"单件质量应不大于 50。", "UNI-02"},
	{"箱体高度应不小于 1 200。", "UNI-02"},
	{"贮存温度应为 0～10 ℃。", "UNI-01"},
	{"冷藏车厢温度应保持在 2-8 ℃。", "UNI-01"},
	{"格口尺寸应为 80×25×50 mm。", "UNI-01"},
	{"损坏率应为 1～3%。", "UNI-01"},
	{"操作流程见上文。", "CIT-01"},
	{"具体要求如下表所示。", "CIT-01"},
	{"时限要求见第 12 页。", "CIT-01"},
	{"详见第1章。", "CIT-03"},
	{"本标准规定的时限应满足用户需要。", "CIT-02"},
	{"本规范未规定的事项由双方约定。", "CIT-02"},
	{"投递时限应符合 9.9 的要求。", "CIT-01"},
	{"服务质量应符合 GB/T 27917.3 的规定。", "REF-03"},
	{"应符合国家有关法律法规的规定。", "REF-08"},
	{"应符合国家相关标准的要求。", "REF-08"},
	{"快递企业延误投递的，应向用户赔偿损失。", "PRO-01"},
	{"逾期未取件的，由邮政管理部门处以罚款。", "PRO-01"},
	{"运费结算方式由合同约定，违约方承担违约责任。", "PRO-01"},
	{"应选用丰巢智能快件箱。", "PRO-02"},
	{"宜优先采购本市企业生产的包装。", "PRO-03"},
	{"应由本地注册的企业承运。", "PRO-03"},
	{"保管期限待定。", "STR-08"},
	{"电话号码为XXX。", "STR-08"},
	{"赔付标准 TODO。", "STR-08"},
	{"快件应在24小时内投递,并通知用户.", "TYP-02"},
	{"应采用(普通)包装。", "TYP-02"},
	{"见GB/T 10757-2011第3章。", "TYP-01 STR-07"},
	{"箱体应经过l0次跌落试验。", "NUM-11"},
	{"应符合GB/T l0757的规定。", "NUM-11"},

	{"快件应在 24 h 内投递。", ""},
	{"供应链上的企业可共享信息。", ""},
	{"企业应建立应急预案。", ""},
	{"企业应响应用户的查询。", ""},
	{"智能快件箱的功能包括寄件和取件。", ""},
	{"收寄环节宜使用电子运单。", ""},
	{"用户可选择投递到智能快件箱。", ""},
	{"包装可循环使用。", ""},
	{"经营许可证应悬挂在显著位置。", ""},
	{"适宜的温度为 15 ℃～25 ℃。", ""},
	{"单件质量应不大于 50 kg。", ""},
	{"抽样数量应不少于 5 件。", ""},
	{"损坏率应不大于 1 %。", ""},
	{"格口尺寸应为 80 mm×25 mm×50 mm。", ""},
	{"投递前应通知用户，用户另有约定的除外。", ""},
	{"企业应为员工提供必要的防护用品。", ""},
	{"不可抗力造成的延误除外。", ""},
	{"测试结果能反映设备的性能。", ""},
	{"第三方机构可对服务质量进行评价。", ""},
	{"打开箱门，取出快件，关闭箱门。", ""},
	{"对于易碎快件，应在包装上作标识。", ""},
	{"快件丢失时，企业应在 7 d 内告知用户处理结果。", ""},
}

// examplesFound is how much of the examples is found, and how many of the findings
// are ones that were wanted: what the rules do today, so that it gets no worse.
const (
	examplesRecall    = 0.85
	examplesPrecision = 0.90
)

// The rules against sentences that were not made for them.
func TestExamples(t *testing.T) {
	const frame = "---\ntitle: 快递末端服务规范\nnumber: DB31/T 310003—2026\nconvention: standard\n---\n\n## 范围 {#scope}\n\n本文件规定了快递末端服务的要求。\n\n## 规范性引用文件 {#references}\n\n本文件没有规范性引用文件。\n\n## 要求 {#req}\n\n### 一般要求 {#x}\n\n%s\n\n### 检查 {#y}\n\n检查的结果应记录。\n"
	wanted, found, right := 0, 0, 0
	for _, e := range examples {
		source := []byte(strings.Replace(frame, "%s", e.text, 1))
		doc, _, err := editor.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range Check(source, doc, Options{Stage: "review"}) {
			if f.Clause == "x" && !slices.Contains(got, f.Rule) {
				got = append(got, f.Rule)
			}
		}
		want := strings.Fields(e.rules)
		wanted, found = wanted+len(want), found+len(got)
		for _, r := range want {
			if slices.Contains(got, r) {
				right++
			} else {
				t.Logf("%s: %s is not found", e.text, r)
			}
		}
		for _, r := range got {
			if !slices.Contains(want, r) {
				t.Logf("%s: %s is not wanted", e.text, r)
			}
		}
	}
	recall, precision := float64(right)/float64(wanted), float64(right)/float64(found)
	t.Logf("%d sentences, %d faults: recall %.2f, precision %.2f", len(examples), wanted, recall, precision)
	if recall < examplesRecall || precision < examplesPrecision {
		t.Errorf("recall %.2f, precision %.2f; they were %.2f and %.2f", recall, precision, examplesRecall, examplesPrecision)
	}
}
