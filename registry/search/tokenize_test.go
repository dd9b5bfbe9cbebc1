package search

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestTerms(t *testing.T) {
	for text, want := range map[string]string{
		"快递员":            "快递 递员 员",
		"应在24 h内":        "应在 在24 24 24·h h h内 内",
		"DB31/T 310003":  "db db·31 31 31·t t t·310003 310003",
		"ＧＢ／Ｔ 27917．1":   "gb gb·t t t·27917 27917 27917·1 1",
		"10%，3日":         "10 10·% % 3 3日 日",
		"（一）收寄":          "一 收寄 寄",
		"总　则":            "总则 则",
		"零宽\u200b字符":     "零宽 宽字 字符 符",
		"a\xffb":         "a b",
		"《快递暂行条例》第二条":    "快递 递暂 暂行 行条 条例 例第 第二 二条 条",
		"":               "",
		"……。，":           "",
		"Größe 5 μm ≥ ２": "größe größe·5 5 5·μm μm μm·≥ ≥ ≥·2 2",
	} {
		var got []string
		for _, term := range termsOf(text) {
			got = append(got, strings.ReplaceAll(term.text, " ", "·"))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: got %s, want %s", text, s, want)
		}
	}
}

// Any two Han characters that stand side by side are a term, wherever they are.
func TestEveryPairIsATerm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("快递服务规范应在三日内24hＧＢ/T—.，。（） \n％a")), 1, 60, -1).Draw(t, "text")
		var terms []string
		for _, term := range termsOf(text) {
			terms = append(terms, term.text)
		}
		runes := []rune(text)
		for i := 0; i+1 < len(runes); i++ {
			if a, b := runes[i], runes[i+1]; unicode.Is(unicode.Han, a) && unicode.Is(unicode.Han, b) && !slices.Contains(terms, string([]rune{a, b})) {
				t.Fatalf("%c%c of %q is not a term", a, b, text)
			}
		}
	})
}

// Whatever stands in a text between two breaks, asked for as it stands, is
// found: its words stand in the text, and what covers them are terms at the
// places that the cover says.
func TestWhatStandsIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("快递服务24hＧＢ/T—.，。（） \n％a")), 1, 40, -1).Draw(t, "text")
		units := unitsOf(text)
		if len(units) == 0 {
			return
		}
		from := rapid.IntRange(0, len(units)-1).Draw(t, "from")
		to := rapid.IntRange(from, len(units)-1).Draw(t, "to")
		places := map[string][]int{}
		for _, term := range termsOf(text) {
			places[term.text] = append(places[term.text], term.place)
		}
		for _, w := range wordsOf(text[units[from].start:units[to].end]) {
			if len(w) == 1 && w[0].han {
				continue // found as a prefix
			}
			terms, at := w.cover()
			if !slices.ContainsFunc(places[terms[0]], func(place int) bool {
				for i := range terms {
					if !slices.Contains(places[terms[i]], place+at[i]-at[0]) {
						return false
					}
				}
				return true
			}) {
				t.Fatalf("%q of %q is not found", w.text(), text)
			}
		}
	})
}

func FuzzUnits(f *testing.F) {
	for _, s := range []string{"", "快递 24 h", "ＤＢ３１／Ｔ", "\xff\x00a", strings.Repeat("a", 200), "İıẞ", "e\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, u := range unitsOf(text) {
			if u.start < last || u.end <= u.start || u.end > len(text) || len(u.text) > 2*maxUnit || u.text == "" {
				t.Fatalf("unit %+v of %q after %d", u, text, last)
			}
			if valid := utf8.ValidString(text); valid && (!utf8.RuneStart(text[u.start]) || !utf8.ValidString(u.text)) {
				t.Fatalf("unit %+v of %q divides a character", u, text)
			}
			last = u.end
		}
		if n := len(termsOf(text)); n > 2*len(text) {
			t.Fatalf("%d terms of %d bytes", n, len(text))
		}
	})
}

func FuzzQuestion(f *testing.F) {
	for _, s := range []string{"", "怎么", "快递丢了怎么赔", "DB31/T 310003", "3 日", "a a a", "条 条", strings.Repeat("快", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := readQuestion(text)
		if len(q.parts) > maxTerms || len(q.words) > maxWords || !q.cut && utf8.RuneCountInString(text) > MaxQuery {
			t.Fatalf("%d words, %d parts, cut %v", len(q.words), len(q.parts), q.cut)
		}
		if len(q.words) > 0 && len(q.parts) == 0 {
			t.Fatalf("%q: words but no parts", text)
		}
		for _, w := range append(q.words, q.marked()...) {
			terms, at := w.cover()
			if len(w) == 0 || len(terms) != len(at) || len(terms) > len(w) {
				t.Fatalf("%q: word %v, cover %v at %v", text, w, terms, at)
			}
		}
		last := 0
		for _, m := range marksIn(text, q.words) {
			if m[0] < last || m[1] <= m[0] || m[1] > len(text) {
				t.Fatalf("%q: marks %v", text, m)
			}
			last = m[1]
		}
		articleAtEnd.FindStringSubmatch(text)
		clauseAtEnd.FindStringSubmatch(text)
		nameOf(text)
	})
}
