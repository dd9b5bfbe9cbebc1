package registry

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzSynonymous: what is taken is within its bounds, each word once and without
// anything that is no part of a word.
func FuzzSynonymous(f *testing.F) {
	for _, s := range []string{"智能快件箱\n快递柜", "a\nb", "快件\n快件", "带 空格\n词语", "\x00\n\xff\xfe", "ＡＢ\nAB\n\u200b\u200b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		words, err := synonymous(strings.Split(lines, "\n"))
		if err != nil {
			if words != nil {
				t.Errorf("refused and taken: %q", words)
			}
			return
		}
		if len(words) < 2 || len(words) > maxSynonymWords {
			t.Errorf("%d words", len(words))
		}
		seen := map[string]bool{}
		for _, w := range words {
			if n := utf8.RuneCountInString(w); n < 2 || n > maxSynonym || seen[w] || strings.ContainsAny(w, " \t\n\x00=,，、") || !utf8.ValidString(w) {
				t.Errorf("taken: %q of %q", w, words)
			}
			seen[w] = true
		}
		if again, err := synonymous(words); err != nil || len(again) != len(words) {
			t.Errorf("%q is taken and then not: %v", words, err)
		}
	})
}
