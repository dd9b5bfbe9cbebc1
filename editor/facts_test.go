package editor

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// said writes the quantities of a text as "五日内 → ≤ 5 日 (duration)".
func said(text string) string {
	var out []string
	for _, f := range Quantities(text) {
		out = append(out, fmt.Sprintf("%s → %s (%s)", text[f.Start:f.End], f.Quantity, f.Quantity.Dimension))
	}
	return strings.Join(out, "; ")
}

func TestQuantities(t *testing.T) {
	tests := []struct{ text, want string }{
		// what looks like a number and is none
		{"零件、第三者、三轮车、一次性、统一、一般、三峡、两轮、之一", ""},
		{"第三人应当在第一次会议上统一意见，三农、二维码、十四五规划", ""},
		{"2019年1月1日起施行，二〇一九年三月十五日修订，每年3月15日为消费者权益日", ""},
		{"按照第十二条第二款第（三）项的规定，执行GB/T 10757—2011和5.2.1", ""},
		{"一个经营者、一种商品、一项服务", ""},
		{"每月十日前公布", ""},
		{"最高人民法院两次修订", "两次 → 2 次 (count/次)"},

		// kinds of numerals
		{"重量不超过五千克的印刷品、不超过十千克的包裹", "不超过五千克 → ≤ 5 千克 (mass); 不超过十千克 → ≤ 10 千克 (mass)"},
		{"一点五米", "一点五米 → 1.5 米 (length)"},
		{"行驶五万公里", "五万公里 → 50000 公里 (length)"},
		{"投诉率不高于百万分之五", "不高于百万分之五 → ≤ 0.0005 % (percent)"},
		{"百分之七十以上", "百分之七十以上 → ≥ 70 % (percent)"},
		{"三分之二以上的代表同意，半数以上通过", "三分之二以上 → ≥ 66.66666666666667 % (percent); 半数以上 → ≥ 50 % (percent)"},
		{"处一千二百五十元罚款", "一千二百五十元 → 1250 元 (money)"},
		{"1.5亿元、3 000 元、12,500元、５０元", "1.5亿元 → 150000000 元 (money); 3 000 元 → 3000 元 (money); 12,500元 → 12500 元 (money); ５０元 → 50 元 (money)"},
		{"一万五千元和一亿二千万元", "一万五千元 → 15000 元 (money); 一亿二千万元 → 120000000 元 (money)"},
		{"三十多件、半年内、双倍", "三十多件 → ≈ 30 件 (count/件); 半年内 → ≤ 0.5 年 (duration); 双倍 → 2 倍 (multiple)"},
		{"-5℃～35 ℃", "-5℃～35 ℃ → -5～35 ℃ (temperature)"},

		// units that are not each other
		{"五个工作日内答复，五日内答复", "五个工作日内 → ≤ 5 工作日 (working-days); 五日内 → ≤ 5 日 (duration)"},
		{"应在24 h内投递，48小时内", "24 h内 → ≤ 24 h (duration); 48小时内 → ≤ 48 小时 (duration)"},
		{"时速不得超过十五公里，最高时速25 km/h", "不得超过十五公里 → ≤ 15 公里/小时 (speed); 25 km/h → ≤ 25 km/h (speed)"},
		{"每周投递不少于三次，每日至少一次，3次/周", "不少于三次 → ≥ 3 次/周 (frequency); 至少一次 → ≥ 1 次/日 (frequency); 3次/周 → 3 次/周 (frequency)"},
		{"每两年复审一次", "一次 → 1 次/两年 (frequency)"},
		{"年满十六周岁", "年满十六周岁 → ≥ 16 周岁 (age)"},
		{"保管费0.5元/件", "0.5元/件 → 0.5 元/件 (money/count/件)"},
		{"两条以上机动车道、双向四车道、两个以上单位", "两条以上 → ≥ 2 条 (count/条); 四车道 → 4 车道 (count/车道); 两个以上 → ≥ 2 个 (count/个)"},
		{"建筑面积不小于15 m²，高度1.2m", "不小于15 m² → ≥ 15 m² (area); 1.2m → 1.2 m (length)"},
		{"一人以上", "一人以上 → ≥ 1 人 (count/人)"},
		{"各级人民政府、市级人民法院两级人民政府", ""},

		// one as a count and one as an article
		{"委派一名代表，由一人领誓，推选一人主持，至少有一名女性成员", "一名 → 1 名 (count/人); 一人 → 1 人 (count/人); 一人 → 1 人 (count/人); 一名 → ≥ 1 名 (count/人)"},
		{"每年对本单位从业人员组织一次培训，可以延长一次，只能延期一次", "一次 → 1 次/年 (frequency); 一次 → 1 次 (count/次); 一次 → ≤ 1 次 (count/次)"},
		{"一式两份、一个月、一周、一个代表团或者十名以上的代表", "两份 → 2 份 (count/份); 一个月 → 1 个月 (duration); 一周 → 1 周 (duration); 一个 → 1 个 (count/个); 十名以上 → ≥ 10 名 (count/人)"},
		{"每个乡镇至少设置一所幼儿园，一户只能拥有一处宅基地", "一所 → ≥ 1 所 (count/所); 一处 → ≤ 1 处 (count/处)"},
		{"同一名称、另一名代表、任何一个保证人、上一年度、前一日、某一事项、其中一个、每一位业主", ""},
		{"一切、一律、一定、之一、第一、一方、进一步、一经、一旦、一并、一户一表、一事一议、一次申报、一次告知、最多跑一次", ""},
		{"划分为一个物业管理区域，以取得该项收入为一次；将一个工程", ""},

		// names, lists of references, scales, digits
		{"“三个代表”、“两个维护”、三位一体、两部制电价、七十二名泉", ""},
		{"第一、二、三项规定，第三至五项，第五、六次会议，第16日，第3周", ""},
		{"五千分之一比例尺的地形图，手机号码的后4位，%E5%AE%9A", ""},

		// what else bounds, and what does not
		{"七座及以下乘用车、三千吨级以上泊位、五千吨标准煤以上、两个铁路局以上", "七座及以下 → ≤ 7 座 (count/座); 三千吨级以上 → ≥ 3000 吨 (mass); 五千吨标准煤以上 → ≥ 5000 吨 (mass); 两个铁路局以上 → ≥ 2 个 (count/个)"},
		{"五厘米以上（含五厘米），一万元以上（不含一万元），低于十四摄氏度（含十四摄氏度）", "五厘米以上（含五厘米） → ≥ 5 厘米 (length); 一万元以上（不含一万元） → > 10000 元 (money); 低于十四摄氏度（含十四摄氏度） → ≤ 14 摄氏度 (temperature)"},
		{"10万以上20万元以下，二千元以上二万以下，200张（枚）以上不足3000张（枚）", "10万以上20万元以下 → 100000～200000 元 (money); 二千元以上二万以下 → 2000～20000 元 (money); 200张（枚）以上不足3000张（枚） → 200～3000 张 (count/张)"},
		{"不足3日或者15日的，分别不低于百分之六和百分之四", "不足3日 → < 3 日 (duration); 15日 → < 15 日 (duration); 不低于百分之六 → ≥ 6 % (percent); 百分之四 → ≥ 4 % (percent)"},
		{"不满人民币4000元，小于河道蓝线以外十米的，未逾三年", "4000元 → < 4000 元 (money); 十米 → < 10 米 (length); 未逾三年 → ≤ 3 年 (duration)"},
		{"截止时间2日前提出，投放半年前提下", "2日前 → ≥ 2 日 (duration); 半年 → 0.5 年 (duration)"},
		{"不低于每百户十五平方米，百年以上的树木，不超过半年，一年半，一个半月，百分之百", "百户 → 100 户 (count/户); 十五平方米 → ≥ 15 平方米 (area); 百年以上 → ≥ 100 年 (duration); 不超过半年 → ≤ 0.5 年 (duration); 一年半 → 1.5 年 (duration); 一个半月 → 1.5 个月 (duration); 百分之百 → 100 % (percent)"},
		{"不应超过债务的1/2，每秒三米，三千立方米每秒，二十五度以上陡坡", "1/2 → ≤ 50 % (percent); 三米 → 3 米/秒 (speed); 三千立方米每秒 → 3000 立方米/秒 (volume/duration); 二十五度以上 → ≥ 25 度 (angle)"},
		{"1\u200b5日内，处以一百元，两处以上。三处以下", "1\u200b5日内 → ≤ 15 日 (duration); 一百元 → 100 元 (money); 两处以上 → ≥ 2 处 (count/处); 三处以下 → ≤ 3 处 (count/处)"},
		{"20 ℃±2 ℃、(20±2)℃、±5 mm、<0.4 MPa、≤65 dB(A)、≥300 lx、>15 km/h", "20 ℃±2 ℃ → 18～22 ℃ (temperature); 20±2)℃ → 18～22 ℃ (temperature); ±5 mm → -5～5 mm (length); <0.4 MPa → < 0.4 MPa (pressure); ≤65 dB(A) → ≤ 65 dB(A) (sound); ≥300 lx → ≥ 300 lx (light); >15 km/h → > 15 km/h (speed)"},

		// tables: the unit in the head
		{"| 类型 | 时限/h | 温度（℃） | 人数 |\n|---|---|---|---|\n| 城区 | ≤24 | 5～25 | 3 |\n| 乡村 | 48 | — | 4 |", "≤24 → ≤ 24 h (duration); 5～25 → 5～25 ℃ (temperature); 48 → 48 h (duration)"},

		// ranges
		{"处五百元以上一万元以下罚款", "五百元以上一万元以下 → 500～10000 元 (money)"},
		{"一倍以上五倍以下", "一倍以上五倍以下 → 1～5 倍 (multiple)"},
		{"三至五日、3～5 个月、3日至5日", "三至五日 → 3～5 日 (duration); 3～5 个月 → 3～5 个月 (duration); 3日至5日 → 3～5 日 (duration)"},
		{"已满十四周岁不满十八周岁", "满十四周岁 → ≥ 14 周岁 (age); 不满十八周岁 → < 18 周岁 (age)"},
		{"五千元以上不足一万元", "五千元以上不足一万元 → 5000～10000 元 (money)"},
		{"百分之五至百分之十", "百分之五至百分之十 → 5～10 % (percent)"},

		// comparators, beside the number and away from it
		{"保存期不少于六个月，不得低于八年", "不少于六个月 → ≥ 6 个月 (duration); 不得低于八年 → ≥ 8 年 (duration)"},
		{"提前一个月通知，前一日、上一年度", "提前一个月 → ≥ 1 个月 (duration)"},
		{"固定座椅只能搭载一名未成年人，每套住宅设置一个信报箱", "一名 → ≤ 1 名 (count/人); 一个 → 1 个 (count/个)"},
		{"至少保存视频资料两年", "两年 → ≥ 2 年 (duration)"},
		{"最低保修期限为二年", "二年 → ≥ 2 年 (duration)"},
		{"在三个月的合理期限内", "三个月的合理期限内 → ≤ 3 个月 (duration)"},
		{"不得超出三公里，仅限两人", "不得超出三公里 → ≤ 3 公里 (length); 仅限两人 → ≤ 2 人 (count/人)"},
		{"应当在投放运营前三十日报告", "三十日 → ≥ 30 日 (duration)"},
		{"提前三十日告知，届满三十日前申请", "提前三十日 → ≥ 30 日 (duration); 三十日前 → ≥ 30 日 (duration)"},
		{"超过十五日的，逾三日未领", "超过十五日 → > 15 日 (duration); 逾三日 → > 3 日 (duration)"},
		{"≥5 m，≤ 3 个，>10%", "≥5 m → ≥ 5 m (length); ≤ 3 个 → ≤ 3 个 (count/个); >10% → > 10 % (percent)"},
		{"五人（含五人）以上", "五人（含五人）以上 → ≥ 5 人 (count/人)"},
		{"有效期届满前一个月提出，保管期届满前24 h，应再次提醒", "一个月 → ≥ 1 个月 (duration); 24 h → 24 h (duration)"},
		{"使用完毕后一个月内公告，前一个月的账目", "一个月内 → ≤ 1 个月 (duration)"},
		{"人数四分之三以上，数十人，经过三日", "四分之三以上 → ≥ 75 % (percent); 三日 → 3 日 (duration)"},
		{"过半数的业主，不少于千分之一点五", "过半数 → > 50 % (percent); 不少于千分之一点五 → ≥ 0.15 % (percent)"},
		{"余额不足首期交纳额的百分之三十时", "百分之三十 → < 30 % (percent)"},
		{"年龄可放宽至六十周岁", "放宽至六十周岁 → ≤ 60 周岁 (age)"},
		{"设主任一名，按一人计算，一名工作人员", "一名 → 1 名 (count/人); 一人 → 1 人 (count/人); 一名 → 1 名 (count/人)"},
		{"自收到之日起七日内", "七日内 → ≤ 7 日 (duration)"},
	}
	for _, tt := range tests {
		if got := said(tt.text); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

func TestQuantityEqual(t *testing.T) {
	one := func(text string) Quantity { return *Quantities(text)[0].Quantity }
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"24 h内", "一日内", true},
		{"一年内", "十二个月内", true},
		{"五日内", "五个工作日内", false},
		{"30日内", "一个月内", false},
		{"五千克以下", "5kg以下", true},
		{"不超过3日", "少于3日", false},
		{"百分之五", "5%", true},
	} {
		if got := one(tt.a).Equal(one(tt.b)); got != tt.want {
			t.Errorf("%s = %s: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestModalities(t *testing.T) {
	tests := []struct{ text, want string }{
		{"经营者应当答复，不得拖延，可以延长，鼓励创新", "应当 义务; 不得 禁止; 可以 允许; 鼓励 倡导"},
		{"快件应投递到户，宜预约，可代收，不宜堆放，不应抛扔，不必签字", "应 义务; 宜 推荐; 可 允许; 不宜 推荐; 不应 禁止; 不必 允许"},
		{"应急、相应、适应、供应、响应、反应、效应、应用、应力", ""},
		{"可能、许可、认可、可靠、可行、可循环使用、可追溯", ""},
		{"事宜、适宜、因地制宜、便宜", ""},
		{"驾驶禁止通行的车辆", ""},
		{"遵守关于禁止寄递或者限制寄递物品的规定", ""},
		{"禁止销售不合格的商品", "禁止 禁止"},
		{"遇不可抗力的，不得不中止", "不得不 义务"},
		{"应对突发事件", ""},
		{"快递企业应对包装进行检查", "应 义务"},
		{"应接受监督，应验证身份，应答复用户，应收集意见", "应 义务; 应 义务; 应 义务; 应 义务"},
		{"应当鼓励、支持和引导行业发展", "应当 义务"},
		{"国家鼓励、支持和引导行业发展", "鼓励、支持和引导 倡导"},
		{"政府提供资金支持，给予支持", ""},
		{"经检验合格后方可使用", "方可 义务"},
		{"未经允许，不允许进入", "不允许 禁止"},
		{"采用可重复使用的包装", ""},
		{"消费者有权要求赔偿，享有知情权", "有权 允许; 享有 允许"},
		{"必须执行，无须审批", "必须 义务; 无须 允许"},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range Modalities(tt.text) {
			got = append(got, tt.text[f.Start:f.End]+" "+f.Modality.Zh())
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, s, tt.want)
		}
	}
}

func TestActors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"邮政管理部门应当公布投诉电话", "邮政管理部门 = 邮政管理部门"},
		{"县级以上地方人民政府应当加强领导", "县级以上地方人民政府 = 人民政府（县）"},
		{"省消保委可以依法提起诉讼", "省消保委 = 消费者权益保护委员会（省）"},
		{"经营快递业务的企业应当按照规定投递", "经营快递业务的企业 = 快递企业"},
		{"公安机关、市场监督管理部门和邮政管理部门应当加强协作", "公安机关、市场监督管理部门和邮政管理部门 = 公安机关、市场监督管理部门、邮政管理部门"},
		{"快递企业自收到投诉之日起五日内应当答复", "快递企业 = 快递企业"},
		{"公安机关接到报告后，应当及时处理", "公安机关 = 公安机关"},
		// no claim where the grammar does not carry it
		{"对消费者应当公平", ""},
		{"消费者要求退款的，应当退还", ""},
		{"有关信息应当公开", ""},
		{"消费者与经营者达成的协议内容不得违法", ""},
		{"经营者在经营活动中使用的格式条款应当公示", ""},
		{"施工、监理以及邮政管理部门应当参加", ""},
		{"市场监督管理、公安机关应当查处", ""},
		{"向邮政管理部门报告，并应当保存记录", ""},
		{"快递企业的从业人员名册应当备案", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range Facts(tt.text, ActorFact) {
			s := tt.text[f.Start:f.End] + " = " + strings.Join(f.Actor.Names, "、")
			if f.Actor.Level != "" {
				s += "（" + f.Actor.Level + "）"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, s, tt.want)
		}
	}
}

func TestTermsAndConditions(t *testing.T) {
	tests := []struct {
		text string
		kind FactKind
		want string
	}{
		{"本条例所称快件，是指快递企业递送的信件、包裹。", TermFact, "快件"},
		{"前款所称的故意拖延是指下列情形", TermFact, "故意拖延"},
		{"经营快递业务的企业（以下简称快递企业）应当备案", TermFact, "快递企业"},
		{"（一）公共场所，是指供公众使用的场所；\n（二）末端网点，是指提供收投服务的场所", TermFact, "公共场所; 末端网点"},
		{"他关心的，并不是指这一点", TermFact, ""},
		{"逾期不改正的，处罚款；有下列情形之一的，从轻：\n（一）主动改正的；", ConditionFact, "逾期不改正的; 有下列情形之一的; 主动改正的"},
		{"这是必要的。应当执行", ConditionFact, ""},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range Facts(tt.text, tt.kind) {
			got = append(got, tt.text[f.Start:f.End])
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, s, tt.want)
		}
	}
}

func TestReferences(t *testing.T) {
	tests := []struct {
		text, span string
		want       Reference
	}{
		{"违反本条例第十二条第二款第（三）项规定", "第十二条第二款第（三）项", Reference{Article: "12", Paragraph: 2, Item: 3}},
		{"依照《中华人民共和国邮政法》第84条处罚", "《中华人民共和国邮政法》第84条", Reference{Title: "中华人民共和国邮政法", Article: "84"}},
		{"第一百二十条之一", "第一百二十条之一", Reference{Article: "120-1"}},
		{"前款规定", "前款", Reference{Paragraph: -1}},
		{"前两款规定", "前两款", Reference{Paragraph: -1}},
		{"应符合GB/T 10757—2011的规定", "GB/T 10757—2011", Reference{Standard: "GB/T 10757", Year: "2011"}},
		{"按 DB31/T 310003 执行", "DB31/T 310003", Reference{Standard: "DB31/T 310003"}},
		{"GB/T 1.1—2020", "GB/T 1.1—2020", Reference{Standard: "GB/T 1.1", Year: "2020"}},
		{"ISO 9001:2015", "ISO 9001:2015", Reference{Standard: "ISO 9001", Year: "2015"}},
		{"见 5.2，", "5.2", Reference{Clause: "5.2"}},
		{"5.2.1 规定", "5.2.1", Reference{Clause: "5.2.1"}},
		{"见附录 B", "附录 B", Reference{Clause: "附录B"}},
		{"应符合表 2 的要求", "表 2", Reference{Clause: "表2"}},
		{"见[](#delivery-time)", "[](#delivery-time)", Reference{ID: "delivery-time"}},
	}
	for _, tt := range tests {
		refs := References(tt.text)
		if len(refs) != 1 || *refs[0].Reference != tt.want || tt.text[refs[0].Start:refs[0].End] != tt.span {
			for _, f := range refs {
				t.Logf("%s %+v", tt.text[f.Start:f.End], *f.Reference)
			}
			t.Errorf("%s: want %s %+v", tt.text, tt.span, tt.want)
		}
	}
	for _, text := range []string{"A4 纸、5G 网络、3C 认证、4S店", "长 5.2 m", "预付款项应当在前款项之外"} {
		if refs := References(text); len(refs) > 0 {
			t.Errorf("%s: found %+v", text, *refs[0].Reference)
		}
	}
}

// Facts of a real text stay within it, in order, and apart from each other.
func checkFacts(t *testing.T, text string) {
	t.Helper()
	last := map[FactKind]int{}
	start := 0
	for _, f := range Facts(text) {
		if f.Start < start || f.End <= f.Start || f.End > len(text) {
			t.Fatalf("fact %+v out of place in %q", f, text)
		}
		if f.Start < last[f.Kind] {
			t.Fatalf("facts of kind %s overlap at %d in %q", f.Kind, f.Start, text)
		}
		if utf8.ValidString(text) && !utf8.ValidString(text[f.Start:f.End]) {
			t.Fatalf("fact %+v cuts a character of %q", f, text)
		}
		start, last[f.Kind] = f.Start, f.End
	}
}

func FuzzFacts(f *testing.F) {
	for _, s := range []string{
		"", "第１２条　处５００元以上１万元以下罚款", "一二三四五六七八九十百千万亿", "1,000,000.00.00", "\xff\xfe第\xff条",
		"\u200b\u200b三\u200b日", "百分之百分之百分之", "第（（（三）项", "[](#", "《《《《", "半半半个月双双倍", "点点一点五点五米", strings.Repeat("9", 200) + "元",
		"每每每周三次", "不得不得不得不得超过", "GB/T/T/T 1.1.1.1.1—20200", "-—–~至到3至5至7日", "支持、鼓励、支持、", "五人（含五人以上", "|24 h|48 h|", "以下简称以下简称是指，是指", "|1/h|\n|-|\n|≤1~2|", "±±5±±℃", "1/1/1/2以上", "每每百每百户", "（含（含三日）以上（不含", "一一一名一名一名", "第一、二、三、四、", "（（（一）的，的，的", "人民政府人民政府、人民政府应当，应当，应当",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkFacts(t, s) })
}

func TestFactsAreLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: long texts, by the clock")
	}
	for _, piece := range []string{"五百元以上一万元以下，", "第十二条", "不得超过", "《", "1,000", "一", "每", "应", "鼓励、", "GB/T", "人民政府、", "人民政府应当，", "以下简称", "是指", "（的，", "|1", "|1/h|\n|-|\n", "1/", "±5", "一次", "每一名", "、一", "并不得", "应当的"} {
		text := strings.Repeat(piece, (1<<20)/len(piece))
		begin := time.Now()
		Facts(text)
		if d := time.Since(begin); d > 10*time.Second {
			t.Errorf("1 MB of %q took %v", piece, d)
		}
	}
}

func TestFactsOfRealTexts(t *testing.T) {
	paths, _ := filepath.Glob("../../shared/data/families/*/*.md")
	if len(paths) == 0 {
		t.Skip("SKIPPED: ../shared/data/families is missing: facts were not tried on real regulations")
	}
	found := 0
	for _, p := range paths {
		src, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		checkFacts(t, string(src))
		found += len(Quantities(string(src)))
	}
	if found < 250 {
		t.Errorf("only %d quantities in %d regulations", found, len(paths))
	}
}

func BenchmarkFacts(b *testing.B) {
	text := strings.Repeat("快递企业应当自收到投诉之日起五个工作日内答复；逾期不答复的，处五百元以上一万元以下罚款。应符合 GB/T 10757—2011 和第十二条第二款的规定。\n", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Facts(text)
	}
}
