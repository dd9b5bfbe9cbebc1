package web

import (
	"slices"
	"strings"
	"testing"
)

func TestSharedWords(t *testing.T) {
	for _, c := range []struct{ x, y, want string }{
		{"智能快件箱的免费保管期不少于24小时", "快件在智能快件箱内的保管期为三日", "智能快件箱 保管期"},
		{"应当按照有关规定进行", "有关规定应当进行", ""},
		{"", "快件", ""},
		{"快件", "快件", "快件"},
	} {
		if got := strings.Join(sharedWords(c.x, c.y), " "); got != c.want {
			t.Errorf("%s | %s: %q, want %q", c.x, c.y, got, c.want)
		}
	}
}

// FuzzSharedWords: the words stand in both texts, few and none within another,
// and the order of the texts does not matter.
func FuzzSharedWords(f *testing.F) {
	f.Add("智能快件箱的免费保管期", "快件在智能快件箱内的保管期为三日")
	f.Add("ab ab\xff", "\x00ab")
	f.Fuzz(func(t *testing.T, x, y string) {
		got := sharedWords(x, y)
		if len(got) > wordsShown {
			t.Errorf("%d words", len(got))
		}
		for i, w := range got {
			if !strings.Contains(string([]rune(x)), w) || !strings.Contains(string([]rune(y)), w) {
				t.Errorf("%q is not in both", w)
			}
			if slices.ContainsFunc(got[:i], func(k string) bool { return strings.Contains(k, w) }) {
				t.Errorf("%q twice in %q", w, got)
			}
		}
		if back := sharedWords(y, x); !slices.Equal(got, back) {
			t.Errorf("%q one way, %q the other", got, back)
		}
	})
}
