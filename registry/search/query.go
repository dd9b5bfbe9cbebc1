package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tongbiao/registry/search/rank"
)

// Bounds of a query.
const (
	MaxQuery   = 200    // characters of its text; more are not read
	MaxReach   = 10_000 // offset + limit
	maxWords   = 32
	maxSingles = 3  // words of a single Han character: each is found by many terms
	maxTerms   = 64 // terms of a query that is found by some of them
)

// word is a run of units that a clause must hold as they stand.
type word []unit

func (w word) text() string {
	var b strings.Builder
	for i, u := range w {
		if i > 0 && !u.han && !w[i-1].han {
			b.WriteByte(' ')
		}
		b.WriteString(u.text)
	}
	return b.String()
}

// cover gives the fewest terms of the index that hold all of the word, each
// with its place in it.
func (w word) cover() (terms []string, at []int) {
	if len(w) == 1 {
		return []string{w[0].text}, []int{0}
	}
	for i := 0; i < len(w); i += 2 {
		if i == len(w)-1 {
			i--
		}
		terms, at = append(terms, pair(w[i], w[i+1])), append(at, i)
	}
	return terms, at
}

// single tells whether the word is one Han character.
func (w word) single() bool { return len(w) == 1 && w[0].han }

// question is a query's text as it is sought.
type question struct {
	words []word // all that must be found
	rest  []word // the words without those that only ask
	parts []part // of rest: what is sought when some of it is enough
	asked bool   // it is worded as a question
	text  string // as it was read
	cut   bool   // it was too much; the rest of it is not sought
}

func readQuestion(text string) (q question) {
	text, q.cut = firstCharacters(simplified(text), MaxQuery)
	q.text = text
	plain := rank.Plain(text)
	q.asked = plain != text
	q.words = q.bounded(wordsOf(text))
	if q.rest = q.bounded(wordsOf(plain)); len(q.rest) == 0 {
		q.rest, q.asked = q.words, false
	}
	q.parts = partsOf(q.rest)
	return q
}

// bounded leaves out the words that are too many.
func (q *question) bounded(words []word) []word {
	singles := 0
	out := slices.DeleteFunc(words, func(w word) bool {
		if w.single() {
			singles++
		}
		return w.single() && singles > maxSingles
	})
	q.cut = q.cut || singles > maxSingles || len(out) > maxWords
	return out[:min(len(out), maxWords)]
}

func firstCharacters(text string, n int) (string, bool) {
	for i := range text {
		if n == 0 {
			return text[:i], true
		}
		n--
	}
	return text, false
}

// wordsOf divides a query into words: at spaces and at what parts units. Spaces
// inside of numbers and quantities part nothing: "DB31/T 310003", "24 h", "3 日".
func wordsOf(text string) []word {
	var out []word
	units := unitsOf(text)
	for i, u := range units {
		if i == 0 || u.apart || spaced(text, units, i) {
			out = append(out, nil)
		}
		last := &out[len(out)-1]
		*last = append(*last, u)
	}
	// What is named twice is sought once.
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(w word) bool {
		t := w.text()
		twice := seen[t]
		seen[t] = true
		return twice
	})
}

// spaced tells whether a space parts the unit from the one before.
func spaced(text string, units []unit, i int) bool {
	a, b := units[i-1], units[i]
	if !strings.ContainsFunc(text[a.end:b.start], unicode.IsSpace) {
		return false
	}
	if !a.han && !b.han {
		return false
	}
	alone := i+1 == len(units) || units[i+1].apart || strings.ContainsFunc(text[b.end:units[i+1].start], unicode.IsSpace)
	return !(unicode.IsDigit(firstRune(a.text)) && b.han && alone)
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// part is a term that adds to the score of a clause in which it stands.
type part struct {
	word
	last bool // a Han character, where it stands before a break
}

// partsOf lists the pairs, the numbers, and the last characters of the words.
func partsOf(words []word) []part {
	var out []part
	seen := map[string]bool{}
	take := func(w word, last bool) {
		if t := w.text(); !seen[t] && len(out) < maxTerms {
			seen[t] = true
			out = append(out, part{w, last})
		}
	}
	for _, w := range words {
		for i := range w {
			if i+1 < len(w) {
				take(w[i:i+2], false)
			}
			if !w[i].han || i+1 == len(w) {
				take(w[i:i+1], w[i].han && len(w) > 1)
			}
		}
	}
	return out
}

// marked lists the parts that are worth a mark where they stand.
func (q question) marked() (out []word) {
	for _, p := range q.parts {
		if !p.last {
			out = append(out, p.word)
		}
	}
	return out
}

// marksIn finds where words stand in a text, as byte spans in order that
// neither overlap nor touch.
func marksIn(text string, words []word) [][2]int {
	var out [][2]int
	units := unitsOf(text)
	for i := range units {
		for _, w := range words {
			if !stands(units[i:], w) {
				continue
			}
			from, to := units[i].start, units[i+len(w)-1].end
			if n := len(out); n > 0 && from <= out[n-1][1] {
				out[n-1][1] = max(out[n-1][1], to)
			} else {
				out = append(out, [2]int{from, to})
			}
		}
	}
	return out
}

// stands tells whether a word stands at the beginning of units.
func stands(units []unit, w word) bool {
	if len(units) < len(w) {
		return false
	}
	for i, u := range w {
		if units[i].text != u.text || i > 0 && units[i].apart {
			return false
		}
	}
	return true
}
