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
// shares most with. Among equals the first candidate wins. The work grows with
// the character pairs that the texts share, not with sentences times sentences.
func Origins(text string, from []Candidate) []Origin {
	sources := sentenceIndex{at: map[[2]rune][]posting{}}
	for _, c := range from {
		for _, s := range Sentences(c.Text) {
			sources.add(c.Key, s)
		}
	}
	var out []Origin
	for _, s := range Sentences(text) {
		out = append(out, sources.origin(s))
	}
	return out
}

// sentenceIndex finds sentences by their character pairs.
type sentenceIndex struct {
	sentences []indexedSentence
	at        map[[2]rune][]posting
	shared    []int // by sentence: pairs in common with the one that is looked for
}

type indexedSentence struct {
	key      int
	sentence string
	folded   string
	pairs    int
}

type posting struct{ sentence, count int }

func (x *sentenceIndex) add(key int, s string) {
	folded := foldSentence(s)
	pairs, n := runePairs(folded)
	for p, count := range pairs {
		x.at[p] = append(x.at[p], posting{len(x.sentences), count})
	}
	x.sentences = append(x.sentences, indexedSentence{key, s, folded, n})
	x.shared = append(x.shared, 0)
}

func (x *sentenceIndex) origin(s string) Origin {
	folded := foldSentence(s)
	pairs, n := runePairs(folded)
	clear(x.shared)
	for p, count := range pairs {
		for _, at := range x.at[p] {
			x.shared[at.sentence] += min(count, at.count)
		}
	}
	best := Origin{Sentence: s, Key: -1}
	for i, c := range x.sentences {
		share := 0.0
		switch {
		case folded == c.folded:
			share = 1
		case x.shared[i] > 0:
			share = min(2*float64(x.shared[i])/float64(n+c.pairs), 0.99)
		}
		if share >= adaptedFrom && share > best.Shared {
			best = Origin{Sentence: s, Key: c.key, Original: c.sentence, Shared: share}
		}
	}
	return best
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
