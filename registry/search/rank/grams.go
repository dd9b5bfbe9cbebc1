// Package rank orders clauses for a question that is worded as people ask it.
// It knows no index: it is given what an index found and the texts themselves,
// and says with named features and weights (data/weights.tsv) how well a clause
// answers. Everything learned is in data/, words and weights only; `make rank`
// makes it.
package rank

import (
	"unicode"
	"unicode/utf8"
)

// Gram is two characters that stand side by side; one character where B is 0.
type Gram struct{ A, B rune }

// String gives the characters.
func (g Gram) String() string {
	if g.B == 0 {
		return string(g.A)
	}
	return string([]rune{g.A, g.B})
}

// letters folds a text and gives its characters; breaks, each once, are 0.
func letters(text string) []rune {
	out := make([]rune, 0, len(text)/3+1)
	for _, r := range text {
		if r >= '一' && r <= '龥' { // most are
			out = append(out, r)
			continue
		}
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == utf8.RuneError:
			r = 0
		}
		switch {
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r >= 0x80 && !unicode.IsLetter(r) && !unicode.IsNumber(r), r < '0', r > '9' && r < 'a', r > 'z' && r < 0x80:
			if r == ' ' || r == '　' || r == '“' || r == '”' || r == '《' || r == '》' {
				continue
			}
			r = 0
		}
		if r == 0 && (len(out) == 0 || out[len(out)-1] == 0) {
			continue
		}
		out = append(out, r)
	}
	return out
}

// gramsOf lists the pairs of a text in order, with repetitions.
func gramsOf(rs []rune) []Gram {
	out := make([]Gram, 0, len(rs))
	for i := 0; i+1 < len(rs); i++ {
		if rs[i] != 0 && rs[i+1] != 0 {
			out = append(out, Gram{rs[i], rs[i+1]})
		}
	}
	return out
}

// Grams lists the pairs of characters of a text in order, with repetitions.
func Grams(text string) []Gram { return gramsOf(letters(text)) }

// distinct leaves the first of each pair.
func distinct(gs []Gram) []Gram {
	seen := make(map[Gram]bool, len(gs))
	out := gs[:0:0]
	for _, g := range gs {
		if !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	return out
}
