package compare

import (
	"fmt"
	"testing"
)

var reader = NewReader(nil)

func TestReckon(t *testing.T) {
	for _, c := range []struct {
		own, other string
		want       Stand
		why        string // the first reason
	}{
		{"快件应在24 h内投递。", "快件应在24小时内投递。", StandsSame, ""},
		{"快件应在二十四小时内投递。", "快件应在 24 h 内投递。", StandsSame, ""},
		{"网点应当公布营业时间。", "网点应公布营业时间。", StandsReworded, ""},
		{"网点应公布营业的时间和地址。", "网点应公布地址以及营业时间。", StandsReworded, ""},
		{"快件应在24 h内投递。", "快件应在48 h内投递。", StandsStricter, "快件应在＿投递：24 h内 ／ 48 h内"},
		{"监控资料应保存不少于30日。", "监控资料应保存不少于90日。", StandsLooser, "监控资料应保存＿：不少于30日 ／ 不少于90日"},
		{"监控资料保存期限不得少于30日。", "监控资料保存期限应不少于30日。", StandsReworded, ""},
		{"快递企业宜设置无障碍通道。", "快递企业应设置无障碍通道。", StandsLooser, "快递企业＿设置无障碍通道：宜 ／ 应"},
		{"快递企业应为收派员购买意外保险。", "快递企业可以为收派员购买意外保险。", StandsStricter, "快递企业＿为收派员购买意外保险：应 ／ 可以"},
		{"网点面积应不小于20 m²，营业时间应不少于8 h。", "网点面积应不小于15 m²，营业时间应不少于10 h。", StandsCrossing, "网点面积应＿：不小于20 m² ／ 不小于15 m²"},
		{"电动车辆不应在网点内充电。", "电动车辆可在网点内充电。", StandsConflict, "电动车辆＿在网点内充电：不应 ／ 可"},
		{"货架高度应不大于1.5 m。", "货架高度应不小于2 m。", StandsConflict, "货架高度应＿：不大于1.5 m ／ 不小于2 m"},
		{"投诉应在15日内答复。", "投诉应在10个工作日内答复。", StandsDifferent, "投诉应在＿答复：15日内 ／ 10个工作日内"},
		{"投诉应在15日内答复。", "投诉应及时答复。", StandsDifferent, "投诉应在＿答复：15日内 ／ —"},
		{"", "投诉应在15日内答复。", StandsMissing, ""},
		{"快件应放在货架上。", "工作人员应穿着工装上岗。", StandsDifferent, ""},
		{"逾期不改正的，处一千元以上五千元以下罚款。", "逾期不改正的，处五百元以上二千元以下罚款。", StandsStricter, "逾期不改正的，处＿罚款：一千元以上五千元以下 ／ 五百元以上二千元以下"},
		{"城市网点每日营业时间应不少于9 h，乡镇网点每日营业时间应不少于6 h。", "网点每日营业时间应不少于8 h。", StandsCrossing, ""},
		{"搭载六周岁以下未成年人的，应使用安全座椅。", "搭载十六周岁以下未成年人的，应使用安全座椅。", StandsDifferent, ""},
		{"每季度应开展1次评价。", "每年应至少开展1次评价。", StandsStricter, ""},
		{"消保委可以提请有关部门协助调查。", "有关部门应当协助调查。", StandsDifferent, ""},
		{"收件人可以拒绝签收破损快件。", "快递企业应当签收破损快件。", StandsDifferent, ""},
	} {
		cell := func(text string) Cell {
			if text == "" {
				return Cell{}
			}
			return Cell{Passages: []string{text}}
		}
		got := reader.Reckon(cell(c.own), cell(c.other), true)
		why := ""
		if len(got.Reasons) > 0 && got.Reasons[0].Subject != "" {
			why = got.Reasons[0].String()
		}
		if got.Stand != c.want || c.why != "" && why != c.why {
			t.Errorf("%s\n%s\n got %s %q\nwant %s %q", c.own, c.other, got.Stand, fmt.Sprint(got.Reasons), c.want, c.why)
		}
		if got.Confidence <= 0 || got.Confidence > 1 {
			t.Errorf("%s: confidence %v", c.own, got.Confidence)
		}
		back := reader.Reckon(cell(c.other), cell(c.own), true)
		if turned[got.Stand] != back.Stand && got.Stand != StandsMissing {
			t.Errorf("%s\n%s\nis %s, and the other way round %s", c.own, c.other, got.Stand, back.Stand)
		}
	}
}

// turned is each relation with the sides changed.
var turned = map[Stand]Stand{
	StandsSame: StandsSame, StandsReworded: StandsReworded, StandsStricter: StandsLooser, StandsLooser: StandsStricter,
	StandsCrossing: StandsCrossing, StandsConflict: StandsConflict, StandsDifferent: StandsDifferent,
}

// TestReckonIsUnsureOfPenalties: where two passages may not belong together,
// which penalty is heavier is not said.
func TestReckonIsUnsureOfPenalties(t *testing.T) {
	own, other := Cell{Passages: []string{"处一万元以下罚款。"}}, Cell{Passages: []string{"处五万元以下罚款。"}}
	if got := reader.Reckon(own, other, false).Stand; got != StandsDifferent {
		t.Errorf("got %s, want %s", got, StandsDifferent)
	}
	if got := reader.Reckon(own, other, true).Stand; got != StandsLooser {
		t.Errorf("got %s, want %s", got, StandsLooser)
	}
}

func FuzzReckon(f *testing.F) {
	f.Add("应在24 h内投递。", "可在48小时内投递。")
	f.Add("不得少于３０日", "| 时限（h） |\n|---|\n| 24 |")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 4000 {
			return
		}
		x, y := Cell{Passages: []string{a}}, Cell{Passages: []string{b}}
		got := reader.Reckon(x, y, true)
		if again := reader.Reckon(x, y, true); again.Stand != got.Stand || len(again.Reasons) != len(got.Reasons) {
			t.Errorf("%s, then %s", got.Stand, again.Stand)
		}
		if same := reader.Reckon(x, x, true); same.Stand != StandsSame {
			t.Errorf("a text against itself is %s: %v", same.Stand, same.Reasons)
		}
	})
}

// TestReckonKnowsSynonyms: a box by another name is the same box.
func TestReckonKnowsSynonyms(t *testing.T) {
	own, other := Cell{Passages: []string{"智能快件箱应保持清洁。"}}, Cell{Passages: []string{"快递柜应保持清洁。"}}
	if got := reader.Reckon(own, other, true).Stand; got != StandsDifferent {
		t.Errorf("without synonyms %s", got)
	}
	if got := NewReader([][]string{{"智能快件箱", "快递柜"}}).Reckon(own, other, true).Stand; got != StandsSame {
		t.Errorf("with synonyms %s", got)
	}
}

func BenchmarkReckon(b *testing.B) {
	own := Cell{Passages: []string{"快件延误、丢失、损毁或者内件短少的，快递经营企业应自接到消费者的赔偿请求之日起5日内答复；责任明确的，宜先行赔付。"}}
	other := Cell{Passages: []string{"快件发生延误、丢失、损毁或者内件短少的，应自收到赔偿请求之日起7日内答复用户；与用户达成一致的，应在10日内完成赔付。"}}
	for b.Loop() {
		reader.Reckon(own, other, true)
	}
}
