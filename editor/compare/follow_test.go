package compare

import (
	"strings"
	"testing"

	"tongbiao/editor"
)

func parsed(t testing.TB, text string) *editor.Document {
	t.Helper()
	d, _, err := editor.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFollow(t *testing.T) {
	old := SentencesOf(parsed(t, "## 投递 {#a}\n\n快件应在 24 h 内投递。企业应公布电话。代收点应登记快件，并应在 2 h 内发送取件通知。\n\n## 代收 {#b}\n\n经用户同意可以代收。\n"))
	new := SentencesOf(parsed(t, "## 投递时限 {#a}\n\n快件应在 12 h 内投递。代收点应登记快件。代收点应在 2 h 内发送取件通知。\n\n## 代收 {#b}\n\n企业应公布电话。经用户同意可以代收。无接触投递应经收件人约定。\n"))
	var got []string
	for j, k := range Follow(old, new) {
		s := new[j].Text + " ← "
		if k.From >= 0 {
			s += old[k.From].Text
		}
		for _, f := range []struct {
			is   bool
			word string
		}{{k.Moved, "moved"}, {k.Edited, "edited"}, {k.Part, "part"}} {
			if f.is {
				s += " " + f.word
			}
		}
		got = append(got, s)
	}
	want := `投递时限 ← 投递 edited
快件应在 12 h 内投递。 ← 快件应在 24 h 内投递。 edited
代收点应登记快件。 ← 代收点应登记快件，并应在 2 h 内发送取件通知。 edited part
代收点应在 2 h 内发送取件通知。 ← 代收点应登记快件，并应在 2 h 内发送取件通知。 edited
代收 ← 代收
企业应公布电话。 ← 企业应公布电话。 moved
经用户同意可以代收。 ← 经用户同意可以代收。
无接触投递应经收件人约定。 ← `
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
}

// FuzzFollow: whatever the texts, every sentence has one origin at most that is
// there, no old sentence became two but by parts, and a text follows itself
// unchanged.
func FuzzFollow(f *testing.F) {
	f.Add("## 甲 {#a}\n\n一。二。三。", "## 甲 {#a}\n\n一。三。\n\n## 乙 {#b}\n\n二。")
	f.Add("甲。甲。甲。", "甲。")
	f.Add("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 2 | 1 |")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, _, err := editor.Parse([]byte(a))
		y, _, err2 := editor.Parse([]byte(b))
		if err != nil || err2 != nil || len(a)+len(b) > 20_000 {
			return
		}
		old, new := SentencesOf(x), SentencesOf(y)
		used := map[int]bool{}
		for j, k := range Follow(old, new) {
			if k.From < -1 || k.From >= len(old) || k.From >= 0 && old[k.From].Title != new[j].Title {
				t.Fatalf("%q comes from %d", new[j].Text, k.From)
			}
			if k.From >= 0 && !k.Part && used[k.From] {
				t.Fatalf("%q became two sentences", old[k.From].Text)
			}
			used[k.From] = used[k.From] || !k.Part
		}
		for j, k := range Follow(old, old) {
			if k.From < 0 || k.Edited || k.Moved || k.Part {
				t.Fatalf("%q does not come from itself: %+v", old[j].Text, k)
			}
		}
	})
}
