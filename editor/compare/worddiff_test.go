package compare

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tongbiao/editor"
)

func TestWords(t *testing.T) {
	tests := []struct{ a, b, want string }{
		{"违反本条例第十九条第一款规定", "违反本条例第十三条规定", "违反本条例[-第十九条第一款-]{+第十三条+}规定"},
		{"处三万元以上十万元以下罚款", "处一千元以上一万元以下罚款", "处[-三万元以上十万元以下-]{+一千元以上一万元以下+}罚款"},
		{"自受理之日起五个工作日内答复", "自受理之日起七日内答复", "自受理之日起[-五个工作日内-]{+七日内+}答复"},
		{"经营者应当告知消费者", "经营者可以告知消费者", "经营者[-应当-]{+可以+}告知消费者"},
		{"应在24 h内投递。", "应在48 h内投递。", "应在[-24 h内-]{+48 h内+}投递。"},
		{"甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未", "[-甲乙丙丁戊己庚辛-]{+子丑寅卯辰巳午未+}"},
		{"一样的一句话。", "一样的一句话。", "一样的一句话。"},
		{"", "新的一句。", "{+新的一句。+}"},
		{"快递企业应当公布服务时限，并公布资费标准。", "快递企业应当公布服务时限，接受社会监督，并公布资费标准。",
			"快递企业应当公布服务时限，{+接受社会监督，+}并公布资费标准。"},
		// the study's examples of what plain diffs cut in two
		{"处五十元罚款", "处警告或者二十元罚款", "处[-五十元-]{+警告或者二十元+}罚款"},
		{"电动自行车转移后的所有人应当申请", "电动自行车受让人应当申请", "电动自行车[-转移后的所有人-]{+受让人+}应当申请"},
		{"应当符合GB/T 10757—2011的要求", "应当符合GB/T 10757—2023的要求", "应当符合[-GB/T 10757—2011-]{+GB/T 10757—2023+}的要求"},
		{"依照《邮政法》的规定处罚", "依照《中华人民共和国邮政法》的规定处罚", "依照[-《邮政法》-]{+《中华人民共和国邮政法》+}的规定处罚"},
	}
	for _, tt := range tests {
		if got := marked(Words(tt.a, tt.b)); got != tt.want {
			t.Errorf("%s → %s\n got %s\nwant %s", tt.a, tt.b, got, tt.want)
		}
	}
}

// No quantity, reference or modal word is ever cut in two: where one is changed,
// its whole text is deleted or inserted.
func TestWordsCutNoFact(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	pieces := []string{"第十九条第一款", "第十三条", "三万元以上十万元以下", "一千元以上一万元以下", "五个工作日内", "七日内", "应当", "不得", "可以",
		"GB/T 10757—2011", "《邮政法》", "经营者", "答复消费者", "，", "；", "罚款", "规定"}
	for range 300 {
		text := func() string {
			var b strings.Builder
			for range 12 {
				b.WriteString(pieces[r.IntN(len(pieces))])
			}
			return b.String()
		}
		a, b := text(), text()
		for text, skipped := range map[string]Op{a: Insert, b: Delete} {
			ends := map[int]bool{}
			at := 0
			for _, e := range Words(a, b) {
				if e.Op != skipped {
					at += len(e.Text)
					ends[at] = true
				}
			}
			for _, f := range editor.Facts(text, editor.QuantityFact, editor.ReferenceFact) {
				for i := f.Start + 1; i < f.End; i++ { // clauses may part a range (五百元以上，一万元以下)
					if ends[i] && !strings.Contains("，；", text[i-min(3, i):i]) {
						t.Fatalf("%q is cut at %d in %s", text[f.Start:f.End], i-f.Start, marked(Words(a, b)))
					}
				}
			}
		}
	}
}

// checkWords verifies that nothing is lost and nothing is made up.
func checkWords(t *testing.T, a, b string) {
	t.Helper()
	var before, after strings.Builder
	last := Op("")
	for _, e := range Words(a, b) {
		if e.Text == "" {
			t.Fatalf("empty edit between %q and %q", a, b)
		}
		if e.Op == last {
			t.Fatalf("two neighbouring edits of kind %s between %q and %q", e.Op, a, b)
		}
		last = e.Op
		if e.Op != Insert {
			before.WriteString(e.Text)
		}
		if e.Op != Delete {
			after.WriteString(e.Text)
		}
	}
	if before.String() != a {
		t.Fatalf("kept and deleted give %q, not %q", before.String(), a)
	}
	if after.String() != b {
		t.Fatalf("kept and inserted give %q, not %q", after.String(), b)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("第１２条　应当在五日内答复。", "第12条 应当在七日内答复；")
	f.Add("\xff\xfe坏的", "\xff好的")
	f.Add("一，二，三，", "三，二，一，")
	f.Add("a\u200bb\n\n\n", "\n\u200b\n")
	f.Add(strings.Repeat("五日内，", 50), strings.Repeat("六日内，", 60))
	f.Fuzz(checkWords)
}

// garble makes an edited copy of a text.
func garble(r *rand.Rand, text string, share float64) string {
	var b strings.Builder
	for _, s := range splitClauses([]string{text}) {
		switch p := r.Float64(); {
		case p < share/4:
		case p < share/2:
			b.WriteString(s)
			b.WriteString("新增加的一个分句，")
		case p < share:
			b.WriteString(strings.Replace(s, "应当", "可以", 1))
			b.WriteString("改动，")
		default:
			b.WriteString(s)
		}
	}
	return b.String()
}

// longText is n bytes and more of clauses, few of which are alike.
func longText(r *rand.Rand, n int) string {
	var b strings.Builder
	for b.Len() < n {
		for range 6 + r.IntN(14) {
			b.WriteRune(rune(0x4E00 + r.IntN(2000)))
		}
		b.WriteString([]string{"，", "，应当", "；", "。", "。\n", "不得超过三日，"}[r.IntN(6)])
	}
	return b.String()
}

func TestWordsBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	a, b := longText(r, 400<<10), longText(r, 400<<10)
	for _, pair := range [][2]string{
		{a, b},
		{a, garble(r, a, 0.3)},
		{strings.Repeat("应当", 100<<10), strings.Repeat("当应", 100<<10)},
		{strings.Repeat("，", 200<<10), strings.Repeat("。", 200<<10)},
		{strings.Repeat("甲\n", 100<<10), strings.Repeat("乙\n", 100<<10)},
		{strings.Repeat("一二三四五六七八九十", 20<<10), strings.Repeat("十九八七六五四三二一", 20<<10)},
	} {
		begin := time.Now()
		checkWords(t, pair[0], pair[1])
		if d := time.Since(begin); d > 10*time.Second {
			t.Errorf("%d and %d bytes took %v", len(pair[0]), len(pair[1]), d)
		}
	}
}

// TestWordsSaysWhatIsTooLong: what is shown as a block because it is too long
// says so; what merely shares little does not.
func TestWordsSaysWhatIsTooLong(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	one := func() string {
		return strings.NewReplacer("，", "", "。", "", "；", "", "\n", "").Replace(longText(r, 60<<10))
	}
	if list := Words(one(), one()); !tooLong(list) {
		t.Errorf("two clauses of 60 KB are compared without a word: %d edits", len(list))
	}
	if list := Words("应当在五日内答复。", "鼓励使用循环包装。"); tooLong(list) {
		t.Errorf("short texts are too long: %v", list)
	}
}

func BenchmarkWords(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	text := longText(r, 60<<10)
	for name, other := range map[string]string{"light": garble(r, text, 0.05), "heavy": garble(r, text, 0.5), "different": longText(r, 60<<10)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Words(text, other)
			}
		})
	}
}

// marked writes edits with their marks, for tests: [-deleted-]{+inserted+}.
func marked(list []Edit) string {
	var b strings.Builder
	for _, e := range list {
		switch e.Op {
		case Delete:
			b.WriteString("[-" + e.Text + "-]")
		case Insert:
			b.WriteString("{+" + e.Text + "+}")
		default:
			b.WriteString(e.Text)
		}
	}
	return b.String()
}
