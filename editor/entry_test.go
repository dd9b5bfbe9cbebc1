package editor

import (
	"strings"
	"testing"
)

const listed = `经营者不得有下列行为：

（一）强迫交易；

（二）搭售商品：

1. 指定品牌；

2. 指定经营者；

（三）虚假宣传。

注：示例。`

func TestEntriesOfAList(t *testing.T) {
	entries := Entries(listed)
	if len(entries) != 3 {
		t.Fatalf("%d entries: %+v", len(entries), entries)
	}
	for i, want := range []string{"（一）强迫交易；", "（二）搭售商品：", "（三）虚假宣传。"} {
		if !strings.HasPrefix(entries[i].Text, want) || listed[entries[i].Start:][:len(want)] != want {
			t.Errorf("entry %d is %q", i+1, entries[i].Text)
		}
	}
	if !strings.Contains(entries[1].Text, "指定经营者") {
		t.Errorf("what is below an item belongs to it: %q", entries[1].Text)
	}
	rest := Without(listed, []int{2})
	if strings.Contains(rest, "搭售") || strings.Contains(rest, "指定品牌") || !strings.Contains(rest, "（三）虚假宣传。") || !strings.Contains(rest, "注：") {
		t.Errorf("without item 2: %q", rest)
	}
}

const tabled = `投递时限应符合下表的规定。

表：时限 {#t1}

| 区域 | 时限/h |
| --- | --- |
| 城区 | 24 |
| 建制村 | 72 |`

func TestEntriesOfATable(t *testing.T) {
	entries := Entries(tabled)
	if len(entries) != 2 || entries[1].Label != "建制村" || tabled[entries[1].Start:entries[1].End] != "| 建制村 | 72 |" {
		t.Fatalf("%+v", entries)
	}
	if want := "| 区域 | 时限/h |\n| --- | --- |\n| 建制村 | 72 |"; entries[1].Text != want {
		t.Errorf("a row stands under its heads: %q", entries[1].Text)
	}
	if rest := Without(tabled, []int{1}); strings.Contains(rest, "城区") || !strings.Contains(rest, "72") {
		t.Errorf("%q", rest)
	}
}

func TestPassageOfAClause(t *testing.T) {
	c := &Clause{ID: "a", Text: "第一款。\n\n" + listed}
	if got := c.Passage(Passage{"a", 2, 3}); got != "（三）虚假宣传。" {
		t.Errorf("%q", got)
	}
	if got := c.Passage(Passage{"a", 2, 0}, 1, 3); strings.Contains(got, "强迫") || strings.Contains(got, "虚假") || !strings.Contains(got, "搭售") {
		t.Errorf("%q", got)
	}
	for _, at := range []Passage{{"a", 3, 0}, {"a", 0, 0}, {"a", 2, 4}, {"a", 2, -1}, {"a", 1, 1}} {
		if got := c.Passage(at); got != "" {
			t.Errorf("%v: %q", at, got)
		}
	}
}

// FuzzEntries: entries are slices in order that do not overlap, and taking all of
// them away leaves what is in none.
func FuzzEntries(f *testing.F) {
	f.Add(listed)
	f.Add(tabled)
	f.Add("a) x\nb) y\n\n| a |\n|-|\n| b |\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		last := 0
		var all []int
		kept := 0
		for i, p := range Entries(text) {
			if p.Start < last || p.End < p.Start || p.End > len(text) {
				t.Fatalf("entry %d is [%d, %d) after %d of %d", i+1, p.Start, p.End, last, len(text))
			}
			last = p.End
			kept += p.End - p.Start
			all = append(all, i+1)
		}
		if rest := Without(text, all); len(rest) > len(text)-kept {
			t.Fatalf("%d bytes are left of %d less %d", len(rest), len(text), kept)
		}
	})
}
