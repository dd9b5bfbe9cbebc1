package search

import (
	"unicode"
	"unicode/utf8"
)

// A unit is what is never divided: a Han character (or kana), a number, a word
// of letters, or a sign that belongs to a quantity. Everything that is found is
// found by units that stand beside each other.
type unit struct {
	text       string // full-width and upper-case forms folded
	start, end int    // bytes in the text
	han        bool
	apart      bool // a break stands before it: what is before is not beside it
}

// maxUnit bounds a unit in bytes; a longer word is divided.
const maxUnit = 64

// unitsOf divides a text. Spaces, hyphens, dots, slashes and quotation marks
// between two units leave them side by side, so that "DB31/T 310003" and
// "db31t310003", "24 h" and "24h" are the same; commas, stops, brackets and
// line ends part them.
func unitsOf(text string) []unit {
	out := make([]unit, 0, utf8.RuneCountInString(text))
	apart := true
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		class := classOfChar(fold(r))
		if class < han {
			apart = apart || class == parting
			i += n
			continue
		}
		start := i
		i += n
		for class != han && class != sign && i < len(text) && i-start < maxUnit-utf8.UTFMax {
			r, n := utf8.DecodeRuneInString(text[i:])
			if classOfChar(fold(r)) != class {
				break
			}
			i += n
		}
		out = append(out, unit{folded(text[start:i]), start, i, class == han, apart})
		apart = false
	}
	return out
}

// charClass is what a character does to a text.
type charClass int

const (
	silent  charClass = iota // leaves its neighbours side by side
	parting                  // parts them
	han
	digit
	letter
	sign
)

func classOfChar(r rune) charClass {
	switch {
	case r >= '0' && r <= '9':
		return digit
	case r >= 'a' && r <= 'z':
		return letter
	case r < 0x80:
		switch r {
		case '%', '<', '>', '=', '+', '$':
			return sign
		case ',', ';', '!', '?', '(', ')', '|', '\n', '\r':
			return parting
		}
		return silent
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return han
	case unicode.IsLetter(r):
		return letter
	case unicode.IsNumber(r):
		return digit
	}
	switch r {
	case '‰', '℃', '℉', '°', '±', '≤', '≥', '≠', '€', '£', '¥':
		return sign
	case '，', '。', '；', '：', '、', '！', '？', '（', '）', '…', '\u2028', '\u2029', utf8.RuneError:
		return parting
	}
	return silent
}

// fold gives full-width forms as the ASCII that they stand for (except the
// marks that divide Chinese sentences) and capitals as small letters.
func fold(r rune) rune {
	switch {
	case r < 0x80:
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	case r >= '！' && r <= '～':
		switch r {
		case '（', '）', '，', '：', '；', '！', '？':
			return r
		}
		return fold(r - '！' + '!')
	case r == '￥':
		return '¥'
	}
	return unicode.ToLower(r)
}

// folded is fold over a string; it costs nothing where nothing changes.
func folded(s string) string {
	for _, r := range s {
		if fold(r) != r {
			out := make([]byte, 0, len(s))
			for _, r := range s {
				out = utf8.AppendRune(out, fold(r))
			}
			return string(out)
		}
	}
	return s
}

// pair names two units that stand side by side as the index knows them. Two
// units that are no Han characters are kept apart by a space, so that 1.2 is
// not 12.
func pair(a, b unit) string {
	if a.han || b.han {
		return a.text + b.text
	}
	return a.text + " " + b.text
}

// term is something that the index knows, at the place of its first unit.
// Places count up by one from unit to unit, and by two over a break.
type term struct {
	text  string
	place int
}

// termsOf lists what a text is found by: every two units side by side, every
// number, word and sign by itself, and the last Han character before a break.
// So any two characters that stand side by side are one term, a single
// character is a prefix of one, and a number is never divided.
func termsOf(text string) []term {
	units := unitsOf(text)
	out := make([]term, 0, 2*len(units))
	place := 0
	for i, u := range units {
		place++
		if u.apart && i > 0 {
			place++
		}
		joined := i+1 < len(units) && !units[i+1].apart
		if !u.han || !joined {
			out = append(out, term{u.text, place})
		}
		if joined {
			out = append(out, term{pair(u, units[i+1]), place})
		}
	}
	return out
}
