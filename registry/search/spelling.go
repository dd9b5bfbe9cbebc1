package search

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// traditional are the characters that simplified texts have not, by
// schemas/lexicons/traditional.tsv.
var traditional = sync.OnceValue(func() map[rune]rune {
	out := map[rune]rune{}
	for from, to := range table("traditional") {
		out[firstRune(from)] = firstRune(to)
	}
	return out
})

// simplified writes the traditional characters of a query as the texts have
// them. What has none comes back as it is.
func simplified(text string) string {
	return strings.Map(func(r rune) rune {
		if s, ok := traditional()[r]; ok && r >= 0x80 {
			return s
		}
		return r
	}, text)
}

// Bounds of a query that is read as pinyin, in letters.
const (
	minLetters = 3
	maxLetters = 40
	maxSpelled = 12 // characters that it may stand for
)

// spelling gives the letters of a query that may be pinyin: nothing but letters
// and spaces or apostrophes between syllables.
func spelling(text string) string {
	letters := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\'' || r == '’' {
			return -1
		}
		return fold(r)
	}, text)
	if len(letters) < minLetters || len(letters) > maxLetters ||
		strings.ContainsFunc(letters, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return ""
	}
	return letters
}

// readings remembers how a character is read, without tones.
var readings sync.Map // rune → []string

func readingsOf(r rune) []string {
	if known, ok := readings.Load(r); ok {
		return known.([]string)
	}
	var out []string
	if unicode.Is(unicode.Han, r) {
		all := pinyin.SinglePinyin(r, pinyin.Args{Style: pinyin.Normal, Heteronym: true})
		for _, one := range all {
			if one != "" && !slices.Contains(out, one) {
				out = append(out, one)
			}
		}
	}
	readings.Store(r, out)
	return out
}

// spells tells how many characters at the beginning of a title are spelled by
// letters: each by its syllable or by its first letter. 0 where none are.
func spells(letters string, title []rune) int {
	if letters == "" || len(title) == 0 {
		return 0
	}
	for _, reading := range readingsOf(title[0]) {
		for _, part := range []string{reading, reading[:1]} {
			rest, ok := strings.CutPrefix(letters, part)
			if !ok {
				continue
			}
			if rest == "" {
				return 1
			}
			if len(title) > maxSpelled {
				title = title[:maxSpelled]
			}
			if n := spells(rest, title[1:]); n > 0 {
				return n + 1
			}
		}
	}
	return 0
}

// spelled finds the words that a query spells in pinyin, among the titles, and
// the titles that begin with them. The words are those of most titles; "" where
// there are none.
func (x *Index) spelled(letters string) (words string, titles []string, err error) {
	names, err := x.names()
	if err != nil {
		return "", nil, err
	}
	count := map[string]int{}
	for _, name := range names {
		title := []rune(name)
		for at := range title {
			n := spells(letters, title[at:])
			if n < 2 {
				continue
			}
			count[string(title[at:at+n])]++
			if at == 0 {
				titles = append(titles, name)
			}
		}
	}
	for w, n := range count {
		if o := cmp.Or(cmp.Compare(n, count[words]), strings.Compare(words, w)); words == "" || o > 0 {
			words = w
		}
	}
	slices.SortFunc(titles, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	return words, titles, nil
}

// bearing lists the standards of these names, as many as may be shown.
func (x *Index) bearing(names []string) (out []Candidate, err error) {
	for _, name := range names {
		faces, err := x.documentsBy(nameField, name)
		if err != nil {
			return nil, err
		}
		for _, f := range faces {
			id := refOf(f).Standard
			if len(out) < maxChoices && !slices.ContainsFunc(out, func(c Candidate) bool { return c.Standard == id }) {
				out = append(out, Candidate{id, name})
			}
		}
	}
	return out, nil
}
