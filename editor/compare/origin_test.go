package compare

import "testing"

func TestOrigins(t *testing.T) {
	from := []Candidate{
		{Key: 7, Text: "快件应当在24小时内投递。智能快件箱保管期不少于48小时。"},
		{Key: 8, Text: "企业应当自收到投诉之日起七日内答复。"},
	}
	got := Origins("企业应当自收到投诉之日起五日内答复用户。快件应当在24小时内投递\n驿站宜设置适老化设施。", from)
	want := []struct {
		key   int
		exact bool
	}{{8, false}, {7, true}, {-1, false}}
	if len(got) != len(want) {
		t.Fatalf("%d sentences, want %d: %+v", len(got), len(want), got)
	}
	for i, w := range want {
		if got[i].Key != w.key || (got[i].Shared == 1) != w.exact {
			t.Errorf("sentence %d: %+v, want key %d, word for word %v", i, got[i], w.key, w.exact)
		}
	}
}

func TestSentencesLoseNothing(t *testing.T) {
	for _, s := range []string{"", "一。二！三？", "（一）甲；\n（二）乙。丙", "no mark", "。。"} {
		joined := ""
		for _, x := range Sentences(s) {
			joined += x
		}
		want := ""
		for _, r := range s {
			if r != '\n' {
				want += string(r)
			}
		}
		if joined != want {
			t.Errorf("%q cut into %q", s, Sentences(s))
		}
	}
}
