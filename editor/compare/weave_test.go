package compare

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWeave(t *testing.T) {
	const base = "快递企业应在24小时内投递。投递前应联系收件人。\n\n逾期的，应说明理由。"
	tests := []struct {
		name, base, mine, theirs string
		want                     string // clashes as <mine|theirs>
	}{
		{"nobody", base, base, base, base},
		{"other sentences", base, strings.Replace(base, "24小时", "12小时", 1), strings.Replace(base, "说明理由", "书面说明理由", 1),
			"快递企业应在12小时内投递。投递前应联系收件人。\n\n逾期的，应书面说明理由。"},
		{"sentences side by side", base, strings.Replace(base, "24小时", "12小时", 1), strings.Replace(base, "联系收件人", "电话联系收件人", 1),
			"快递企业应在12小时内投递。投递前应电话联系收件人。\n\n逾期的，应说明理由。"},
		{"one changes two, one changes the second", base, strings.NewReplacer("24小时", "12小时", "收件人", "寄件人").Replace(base), strings.Replace(base, "联系收件人", "电话联系收件人", 1),
			"快递企业应在12小时内投递。投递前应电话联系寄件人。\n\n逾期的，应说明理由。"},
		{"the same change", base, strings.Replace(base, "24", "12", 1), strings.Replace(base, "24", "12", 1), strings.Replace(base, "24", "12", 1)},
		{"one sentence, words apart", base, strings.Replace(base, "快递企业", "经营快递业务的企业", 1), strings.Replace(base, "24小时", "12小时", 1),
			"经营快递业务的企业应在12小时内投递。投递前应联系收件人。\n\n逾期的，应说明理由。"},
		{"one figure twice", base, strings.Replace(base, "24小时", "12小时", 1), strings.Replace(base, "24小时", "36小时", 1),
			"<快递企业应在12小时内投递。|快递企业应在36小时内投递。>投递前应联系收件人。\n\n逾期的，应说明理由。"},
		{"removed and changed", base, strings.Replace(base, "投递前应联系收件人。", "", 1), strings.Replace(base, "联系收件人", "电话联系收件人", 1),
			"快递企业应在24小时内投递。<|投递前应电话联系收件人。>\n\n逾期的，应说明理由。"},
		{"one appends, one changes the last", "甲。", "甲。\n\n乙。", "甲方。", "甲方。\n\n乙。"},
		{"both append", "甲。", "甲。乙。", "甲。丙。", "甲。<乙。|丙。>"},
		{"both begin alike", "", "甲。乙。", "甲。乙。丙。", "甲。乙。丙。"},
		{"both begin", "", "甲。", "乙。", "<甲。|乙。>"},
		{"they took all away", "甲。乙。", "甲。丙。", "", "<甲。丙。|>"},
		{"a list", "下列：\n- 甲；\n- 乙。", "下列：\n- 甲；\n- 乙；\n- 丙。", "下列物品：\n- 甲；\n- 乙。", "下列物品：\n- 甲；\n- 乙；\n- 丙。"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			pieces := Weave(c.base, c.mine, c.theirs)
			got := WovenText(pieces, func(i int) string { return "<" + pieces[i].Mine + "|" + pieces[i].Theirs + ">" })
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// Whatever was written: who changed nothing loses nothing, the result does not
// depend on who is who but for what they disagree on, and no sentence of either
// side that was not in the base goes missing.
func FuzzWeave(f *testing.F) {
	f.Add("甲。乙。", "甲。丙。乙。", "甲。乙。丁。")
	f.Add("应在24小时内投递。", "宜在24小时内投递。", "应在12小时内投递。")
	f.Add("", "a\n\n b；", "a\n  b；c")
	f.Add("一。\n\n二。\n三。", "三。二。一。", "一。三。")
	f.Fuzz(func(t *testing.T, base, mine, theirs string) {
		if len(base)+len(mine)+len(theirs) > 6000 || !utf8.ValidString(base+mine+theirs) {
			t.Skip("SKIPPED: an input out of bounds")
		}
		none := func(int) string { t.Error("a clash where one side changed nothing"); return "" }
		if got, want := WovenText(Weave(base, mine, base), none), strings.TrimSpace(mine); got != want {
			t.Errorf("only mine changed: got %q, want %q", got, want)
		}
		if got, want := WovenText(Weave(base, base, theirs), none), strings.TrimSpace(theirs); got != want {
			t.Errorf("only theirs changed: got %q, want %q", got, want)
		}
		pieces := Weave(base, mine, theirs)
		back := Weave(base, theirs, mine)
		if Clashes(pieces) != Clashes(back) {
			t.Errorf("%d clashes one way, %d the other", Clashes(pieces), Clashes(back))
		}
		held := map[string]bool{}
		for _, p := range pieces {
			for _, text := range []string{p.Text, p.Mine, p.Theirs} {
				for _, s := range cutText(text).said {
					held[s] = true
				}
			}
		}
		for _, side := range []string{mine, theirs} {
			for _, s := range cutText(side).said {
				if !held[s] {
					t.Errorf("%q is lost", s)
				}
			}
		}
	})
}

func BenchmarkWeave(b *testing.B) {
	base := strings.Repeat("企业应当在二十四小时内投递快件。\n", 1200) // about 60 KB
	mine := strings.Replace(base, "二十四", "十二", 300)
	theirs := strings.ReplaceAll(base, "快件", "邮件")
	for b.Loop() {
		Weave(base, mine, theirs)
	}
}
