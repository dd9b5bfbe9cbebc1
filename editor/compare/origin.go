package compare

import "strings"

// Candidate is a sentence source: a passage that a text may have been taken
// from.
type Candidate struct {
	Text string // plain text of the passage
	Key  int    // what the caller knows it by
}

// Origin says which candidate a sentence comes from.
type Origin struct {
	Sentence string
	Key      int     // of the candidate; -1 when it comes from none
	Original string  // the candidate's sentence
	Shared   float64 // 1 word for word; otherwise the Dice coefficient of their character pairs
}

// adaptedFrom is the share of character pairs from which on a sentence counts
// as made from another one; below, naming a source would be a guess.
const adaptedFrom = 0.5

// Origins traces each sentence of a text to the candidate sentence that it
// shares most with. Among equals the first candidate wins.
func Origins(text string, from []Candidate) []Origin {
	type source struct {
		key      int
		sentence string
		folded   string
		pairs    map[[2]rune]int
		n        int
	}
	var sources []source
	for _, c := range from {
		for _, s := range Sentences(c.Text) {
			folded := foldSentence(s)
			pairs, n := runePairs(folded)
			sources = append(sources, source{c.Key, s, folded, pairs, n})
		}
	}
	var out []Origin
	for _, s := range Sentences(text) {
		folded := foldSentence(s)
		pairs, n := runePairs(folded)
		best := Origin{Sentence: s, Key: -1}
		for _, c := range sources {
			shared := 1.0
			if folded != c.folded {
				shared = min(dice(pairs, n, c.pairs, c.n), 0.99)
			}
			if shared >= adaptedFrom && shared > best.Shared {
				best = Origin{Sentence: s, Key: c.key, Original: c.sentence, Shared: shared}
			}
		}
		out = append(out, best)
	}
	return out
}

// Sentences cuts a text after 。 ！ ？ ； and at line ends. Joined, they lose
// nothing but white space.
func Sentences(text string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if s := strings.TrimSpace(b.String()); s != "" {
			out = append(out, s)
		}
		b.Reset()
	}
	for _, r := range text {
		if r == '\n' {
			flush()
			continue
		}
		b.WriteRune(r)
		if strings.ContainsRune("。！？；", r) {
			flush()
		}
	}
	flush()
	return out
}

// foldSentence leaves out what does not tell sentences apart: white space and
// the mark at the end.
func foldSentence(s string) string {
	return strings.TrimRight(strings.Join(strings.Fields(s), ""), "。；;.，,：:")
}

func runePairs(s string) (map[[2]rune]int, int) {
	pairs, n := map[[2]rune]int{}, 0
	var last rune
	for i, r := range s {
		if i > 0 {
			pairs[[2]rune{last, r}]++
			n++
		}
		last = r
	}
	return pairs, n
}

func dice(a map[[2]rune]int, n int, b map[[2]rune]int, m int) float64 {
	if n+m == 0 {
		return 0
	}
	both := 0
	for p, k := range a {
		both += min(k, b[p])
	}
	return 2 * float64(both) / float64(n+m)
}
