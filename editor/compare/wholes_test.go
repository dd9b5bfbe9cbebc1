package compare

import (
	"testing"

	"tongbiao/editor"
)

// The forewords of all texts make one row, their references another, however
// many paragraphs they have; a paragraph that a person parted stays apart.
func TestForewordsAreOneSubject(t *testing.T) {
	a := parse(t, "---\ntitle: 甲\nconvention: standard\n---\n\n## 前言 {#fa}\n\n本文件首次发布。\n\n本文件由甲起草。\n\n## 范围 {#sa}\n\n本文件规定了甲。\n\n本文件适用于甲。\n")
	b := parse(t, "---\ntitle: 乙\nconvention: standard\n---\n\n## 前言 {#fb}\n\n附录为资料性附录。\n\n## 范围 {#sb}\n\n本文件规定了乙。\n")
	rowsOf := func(opts Options) map[string]int {
		found, err := Align([]*editor.Document{a, b}, opts)
		if err != nil {
			t.Fatal(err)
		}
		at := map[string]int{}
		for i, row := range found.Rows {
			for _, cell := range row.Cells {
				for _, p := range cell {
					at[p.Clause+string(rune('0'+p.Paragraph))] = i
				}
			}
		}
		return at
	}
	at := rowsOf(Options{})
	if at["fa1"] != at["fa2"] || at["fa1"] != at["fb1"] || at["sa1"] != at["sa2"] || at["sa1"] != at["sb1"] || at["fa1"] == at["sa1"] {
		t.Errorf("rows %v; want one of forewords and one of scopes", at)
	}
	part := [2]Place{{0, editor.Passage{Clause: "fa", Paragraph: 2}}, {1, editor.Passage{Clause: "fb", Paragraph: 1}}}
	if at := rowsOf(Options{CannotLink: [][2]Place{part}}); at["fa2"] == at["fb1"] {
		t.Errorf("rows %v; a person parted fa2 from fb1", at)
	}
}
