package registry

import (
	"testing"

	"tongbiao/editor"
)

// Two items of one paragraph stand in a row by themselves; the unified clause
// took a sentence from the first. The table of concordance does not say that it
// took one from the second.
func TestFateOfAnEntryIsItsOwn(t *testing.T) {
	row := func(how How) *Unified {
		return &Unified{Sources: []SentenceSource{{Sentence: "企业应当公示服务价格。", How: how, Column: "31", Original: "公示服务价格；", From: Ref{Clause: "c", Paragraph: 1}}}}
	}
	for _, how := range []How{Verbatim, Adapted} {
		u := row(how)
		if how == Verbatim {
			u.Sources[0].Sentence = u.Sources[0].Original
		}
		key := passageKey("31", "c", 1)
		first := Fate{At: editor.Passage{Clause: "c", Paragraph: 1, Entry: 1}, Text: "公示服务价格；"}
		second := Fate{At: editor.Passage{Clause: "c", Paragraph: 1, Entry: 2}, Text: "公布投诉电话；"}
		first.judge(key, takenBy(u))
		second.judge(key, takenBy(u))
		if first.How != how || first.Used != 1 {
			t.Errorf("the item that was taken: %s, %d sentences", first.How, first.Used)
		}
		if second.How != Unused || second.Used != 0 {
			t.Errorf("the item that was not taken: %s, %d sentences", second.How, second.Used)
		}
	}
}
