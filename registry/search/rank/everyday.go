package rank

import (
	"slices"
	"strings"
	"sync"

	"tongbiao/schemas"
)

// phrase is an everyday word with the pairs of the field's words for it.
type phrase struct {
	word          string
	before, after []string // what may not stand beside it
	field         []string // the field's words
	grams         []Gram   // of these
}

// Everyday is an everyday word with the field's words for it.
type Everyday struct {
	Said  string
	Field []string
}

// EverydayIn lists the everyday words of a text, each once, in its order.
func EverydayIn(text string) (out []Everyday) {
	for i := range text {
		for _, p := range phrases()[firstRune(text[i:])] {
			if p.stands(text, i) && !slices.ContainsFunc(out, func(e Everyday) bool { return e.Said == p.word }) {
				out = append(out, Everyday{p.word, p.field})
			}
		}
	}
	return out
}

// phrases reads schemas/lexicons/everyday.tsv: word, what may not stand before
// it, what may not follow it, the field's words.
var phrases = sync.OnceValue(func() map[string][]phrase {
	raw, err := schemas.Lexicons.ReadFile("lexicons/everyday.tsv")
	if err != nil {
		return nil
	}
	out := map[string][]phrase{}
	for l := range strings.Lines(string(raw)) {
		f := strings.Split(strings.TrimRight(l, "\r\n"), "\t")
		if len(f) < 4 || f[0] == "" || f[0][0] == '#' {
			continue
		}
		var gs []Gram
		for _, w := range strings.Fields(f[3]) {
			gs = append(gs, Grams(w)...)
		}
		first := firstRune(f[0])
		out[first] = append(out[first], phrase{f[0], strings.Fields(f[1]), strings.Fields(f[2]), strings.Fields(f[3]), distinct(gs)})
	}
	return out
})

// stands tells whether the word stands in a text at a byte.
func (p phrase) stands(text string, at int) bool {
	rest, ok := strings.CutPrefix(text[at:], p.word)
	return ok && !slices.ContainsFunc(p.before, func(w string) bool { return strings.HasSuffix(text[:at], w) }) &&
		!slices.ContainsFunc(p.after, func(w string) bool { return strings.HasPrefix(rest, w) })
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}

// everyday lists the pairs of the field's words for the everyday words of a
// question, but for those that it has itself.
func everyday(text string, has map[Gram]int) []Weighed {
	var out []Weighed
	at := map[Gram]int{}
	for i := range text {
		for _, p := range phrases()[firstRune(text[i:])] {
			if !p.stands(text, i) {
				continue
			}
			for _, g := range p.grams {
				if _, ok := has[g]; ok {
					continue
				}
				if _, ok := at[g]; !ok {
					at[g] = len(out)
					out = append(out, Weighed{g, 1})
				}
			}
		}
	}
	return out
}
