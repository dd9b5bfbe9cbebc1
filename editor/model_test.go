package editor

import (
	"slices"
	"strings"
	"testing"
)

func TestNumeral(t *testing.T) {
	for _, c := range []struct {
		n int
		s string
	}{
		{0, "零"}, {5, "五"}, {10, "十"}, {12, "十二"}, {20, "二十"}, {67, "六十七"}, {100, "一百"}, {101, "一百零一"}, {110, "一百一十"},
		{1000, "一千"}, {1001, "一千零一"}, {1020, "一千零二十"}, {1260, "一千二百六十"}, {9999, "九千九百九十九"}, {10_000, "一万"}, {10_100, "一万零一百"}, {120_000, "十二万"},
	} {
		if got := Numeral(c.n); got != c.s {
			t.Errorf("Numeral(%d) = %s, want %s", c.n, got, c.s)
		}
		if got, ok := ParseNumeral(c.s); !ok || got != c.n {
			t.Errorf("ParseNumeral(%s) = %d, %v, want %d", c.s, got, ok, c.n)
		}
	}
	for s, want := range map[string]int{"12": 12, "１２": 12, "一百十二": 112, "两千": 2000, "二〇二一": 2021, "一千零二": 1002, "贰拾": 20} {
		if got, ok := ParseNumeral(s); !ok || got != want {
			t.Errorf("ParseNumeral(%s) = %d, %v, want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "甲", "1.5", "十十", "百千", "第一", "一 二", strings.Repeat("九", 20), strings.Repeat("9", 12), "一二百"} {
		if got, ok := ParseNumeral(s); ok {
			t.Errorf("ParseNumeral(%s) = %d, want none", s, got)
		}
	}
}

// numbersOf lists the displayed numbers in reading order.
func numbersOf(d *Document) []string {
	var out []string
	for c := range d.All() {
		out = append(out, c.Number)
	}
	return out
}

func TestRenumber(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       string
	}{
		{"standard", "## 前言\n## 引言\n### 甲\n## 范围\n## 甲\n### 乙\n#### 丙\n##### 丁\n###### 戊\n####### 己\n### 庚\n## 附录（规范性）\n### 甲\n#### 乙\n## 附录（资料性）\n### 甲\n## 参考文献\n",
			"||0.1|1|2|2.1|2.1.1|2.1.1.1|2.1.1.1.1|2.1.1.1.1.1|2.2|附录A|A.1|A.1.1|附录B|B.1|"},
		{"fixed in a standard", "## 甲\n## 乙 {#a number=5}\n### 丙\n### 丁 {#b number=5.4}\n### 戊\n## 己\n## 附录 C（规范性）庚\n### 辛\n## 附录（规范性）壬\n", "1|5|5.1|5.4|5.5|6|附录C|C.1|附录D"},
		{"regulation", "## 第一编 甲\n## 第一章 乙\n### 第一条 {#a}\n## 第二章\n### 第一节 丙\n### 第二条 {#b}\n### 第二节\n## 第二编 丁\n## 第一章 戊\n### 第三条 {#c}\n", "第一编|第一章|第一条|第二章|第一节|第二条|第二节|第二编|第一章|第三条"},
		{"inserted and left out", "第一条 甲\n\n第一条之一 乙\n\n第一条之二 丙\n\n第二条 丁\n\n第五条 戊\n\n第六条 己\n", "第一条|第一条之一|第一条之二|第二条|第五条|第六条"},
		{"decisions", "# 甲决定\n\n一、甲。\n\n二、乙。\n\n四、丙。\n", "一、|二、|四、"},
		{"one appendix", "第一条 甲。\n\n附件\n\n第一条 乙。\n", "第一条|附件|第一条"},
		{"two appendices", "第一条 甲。\n\n附件1\n\n附件2\n", "第一条|附件1|附件2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(numbersOf(document(t, c.text)), "|")
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A number is derived from the place: what is moved or taken out changes those
// after it, and what has a Fixed number keeps it.
func TestRenumberAfterAChange(t *testing.T) {
	d := document(t, "## 甲 {#a}\n## 乙 {#b}\n### 丙 {#c}\n## 丁 {#d}\n")
	d.Clauses = slices.Delete(d.Clauses, 0, 1)
	d.Renumber()
	if got := strings.Join(numbersOf(d), "|"); got != "1|1.1|2" {
		t.Errorf("got %s", got)
	}
}

func TestNumbers(t *testing.T) {
	d := document(t, "## 前言 {#f}\n## 甲 {#a}\n\n表：一 {#t1}\n| a |\n|---|\n\n表：二 {#t2}\n| a |\n|---|\n\n$$x$$\n\n$$y$$ {#e1}\n\n![图：甲](a.svg){#f1}\n## 乙 {#b}\n表：三 {#t3}\n| a |\n|---|\n## 附录（规范性）丙 {#x}\n### {#y}\n表：四 {#t4}\n| a |\n|---|\n\n$$z$$ {#e2}\n")
	want := map[string]string{"f": "前言", "a": "1", "b": "2", "x": "附录A", "y": "A.1", "t1": "表1", "t2": "表2", "t3": "表3", "t4": "表A.1", "e1": "（1）", "e2": "（A.1）", "f1": "图1"}
	got := d.Numbers()
	for id, n := range want {
		if got[id] != n {
			t.Errorf("%s has %q, want %q", id, got[id], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
}

func TestBlocks(t *testing.T) {
	c := &Clause{Text: "第一段\n续行。\n\n第二段：\na) 甲；\n  1) 子；\n  · 点；\nb) 乙\n续。\n——破折。\n\n（一）项；\n1. 目；\n1．目；\n（1）目；\n2、目。\n\n1.5 m 不是项。\n\n注：说明。\n\n注 2：另。\n示例1：例。\n\n［来源：GB/T 1—2020，3.1］\n\n表：题 {#t}\n| a | b |\n|---|:-:|\n| 1 |\n\n| 无题 |\n|------|\n\n![图：题](a.svg){#f}\n\n![照片](b.png)\n\n$$\nx\n$$ {#e}\n\n$$没有结束\n\n表：没有表"}
	want := []Block{
		{Kind: Paragraph, Text: "第一段\n续行。"},
		{Kind: Paragraph, Text: "第二段："},
		{Kind: Item, Label: "a)", Level: 1, Text: "甲；"},
		{Kind: Item, Label: "1)", Level: 2, Text: "子；"},
		{Kind: Item, Label: "·", Level: 2, Text: "点；"},
		{Kind: Item, Label: "b)", Level: 1, Text: "乙\n续。"},
		{Kind: Item, Label: "——", Level: 1, Text: "破折。"},
		{Kind: Item, Label: "（一）", Level: 1, Text: "项；"},
		{Kind: Item, Label: "1.", Level: 2, Text: "目；"},
		{Kind: Item, Label: "1．", Level: 2, Text: "目；"},
		{Kind: Item, Label: "（1）", Level: 2, Text: "目；"},
		{Kind: Item, Label: "2、", Level: 2, Text: "目。"},
		{Kind: Paragraph, Text: "1.5 m 不是项。"},
		{Kind: Note, Label: "注", Text: "说明。"},
		{Kind: Note, Label: "注2", Text: "另。"},
		{Kind: Example, Label: "示例1", Text: "例。"},
		{Kind: Source, Label: "来源", Text: "GB/T 1—2020，3.1"},
		{Kind: Table, ID: "t", Title: "题", Number: "表1", Text: "| a | b |\n|---|:-:|\n| 1 |"},
		{Kind: Table, Text: "| 无题 |\n|------|"},
		{Kind: Figure, ID: "f", Title: "题", Number: "图1", Text: "a.svg"},
		{Kind: Figure, Title: "照片", Text: "b.png"},
		{Kind: Formula, ID: "e", Number: "（1）", Text: "x"},
		{Kind: Paragraph, Text: "$$没有结束"},
		{Kind: Paragraph, Text: "表：没有表"},
	}
	got := c.Blocks()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) {
			t.Fatalf("%d blocks, want %d", len(got), len(want))
		}
		b := got[i]
		b.Start, b.End = 0, 0
		if b != want[i] {
			t.Errorf("block %d\n got %+v\nwant %+v", i, b, want[i])
		}
	}
}

func TestCells(t *testing.T) {
	c := &Clause{Text: "| 甲 | 乙\\|丙 |\n|---|---|\n| 1 |\n| 2 | 3 | 4 |"}
	got := c.Blocks()[0].Cells()
	want := [][]string{{"甲", "乙|丙", ""}, {"1", "", ""}, {"2", "3", "4"}}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if !slices.Equal(got[i], want[i]) {
			t.Errorf("row %d: %q, want %q", i, got[i], want[i])
		}
	}
	if (Block{Kind: Paragraph, Text: "| a |"}).Cells() != nil {
		t.Error("a paragraph has cells")
	}
}

func TestPassages(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"only a heading", "", nil},
		{"one", "甲。", []string{"甲。"}},
		{"items belong to the paragraph before", "甲：\n\n（一）乙；\n\n（二）丙。\n\n丁。", []string{"甲：\n\n（一）乙；\n\n（二）丙。", "丁。"}},
		{"begins with a list", "a) 甲；\nb) 乙。", []string{"a) 甲；\nb) 乙。"}},
		{"begins with a table", "| a |\n|---|\n| 1 |\n\n甲。", []string{"| a |\n|---|\n| 1 |", "甲。"}},
		{"notes and tables hang on", "甲。\n\n注：乙。\n\n表：丙 {#t}\n| a |\n|---|", []string{"甲。\n\n注：乙。\n\n表：丙 {#t}\n| a |\n|---|"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := (&Clause{Text: c.text}).Passages()
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"甲":                                   "甲",
		"**注意：**后文":                           "注意：后文",
		"见[](#delivery)。":                     "见#delivery。",
		"[国标](https://a/b)和`码`":               "国标和码",
		"![图：题](a.svg){#f}":                   "图：题",
		"| 甲 | 乙 |\n|---|---|\n| 1 | a\\|b |": "  甲   乙  \n\n  1   a|b  ",
		"表：题 {#t}":                            "表：题",
		"$$x_1$$":                             "x_1",
		"2*3 [未完](":                           "2*3 [未完](",
		`\第一条`:                                `\第一条`,
		`a\*b`:                                "a*b",
	} {
		if got := PlainText(in); got != want {
			t.Errorf("PlainText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHash(t *testing.T) {
	a := &Clause{ID: "a", Number: "1", Title: "时限", Text: "快件应在 24 h 内投递。\n\n表：题 {#t1}\n| a |"}
	same := []*Clause{
		{ID: "b", Number: "2.1", Title: "时 限", Text: "快件应在24 h内投递。\n表：题 {#t2}\n| a |"},
		{Title: "时限", Text: "快件应在 24 h 内投递。\n\n\n表：题\n| a |", Line: 5},
	}
	for _, c := range same {
		if c.Hash() != a.Hash() {
			t.Errorf("%+v has another hash", c)
		}
	}
	other := []*Clause{
		{Title: "时限", Text: "快件应在 48 h 内投递。\n\n表：题\n| a |"},
		{Title: "", Text: "时限快件应在 24 h 内投递。\n\n表：题\n| a |"},
		{Title: "时限", English: "time", Text: a.Text},
		{Title: "时限", Text: strings.Replace(a.Text, "24 h", "2 4 h", 1)},
	}
	for _, c := range other {
		if c.Hash() == a.Hash() {
			t.Errorf("%+v has the same hash", c)
		}
	}
	if n := len(a.Hash()); n != 32 {
		t.Errorf("%d digits", n)
	}
}
