// Package model is what comparisons know of the language of rules at large: how
// rare a pair of neighbouring characters is, which characters make words, and
// which words are used alike. It is learned from a folder of texts (make model),
// holds counts and vectors and no sentence, and is named by its hash.
package model

import (
	_ "embed"
	"math"
	"sync"
)

//go:embed language.bin
var language []byte

// Model is knowledge of a language. It is immutable and safe to share.
type Model struct {
	hash     string
	articles int // that it was learned from
	pairs    map[[2]rune]float32
	rarest   float64 // of a pair that was met too seldom to be kept
	words    []Word
	trie     map[step]int32
	ends     []int32 // by node of the trie: the word that ends there, or -1
	longest  int
	unknown  float32 // cost of a character that is no word
}

// Word is one word of the list.
type Word struct {
	Text   string
	Rarity float64 // ln((articles+1)/(articles that have it+½))
	Vector []int8  // of length Dimensions; nil for words of one character
	length float64 // of the vector
	cost   float32 // -ln of its share of the corpus
	count  int32   // articles that have it
}

// Length of the word's vector; 0 when it has none.
func (w *Word) Length() float64 { return w.length }

// Dimensions of the vector of a word.
const Dimensions = 100

type step struct {
	node int32
	next rune
}

// Default is the model that is part of the program, read when it is first
// asked for.
var Default = sync.OnceValue(func() *Model {
	m, err := Decode(language)
	if err != nil {
		panic(err) // the model is part of the program
	}
	return m
})

// Hash names the model: two models of one hash are equal.
func (m *Model) Hash() string { return m.hash }

// Articles is how many clauses it was learned from.
func (m *Model) Articles() int { return m.articles }

// Pairs is of how many pairs of characters the rarity is known.
func (m *Model) Pairs() int { return len(m.pairs) }

// Words is the list of words. It must not be changed.
func (m *Model) Words() []Word { return m.words }

// Rarity says how seldom two neighbouring characters are met in the clauses of
// texts at large: √ln of one by their share; about 1 for what every third has, 3
// for what none has.
func (m *Model) Rarity(a, b rune) float64 {
	if r, ok := m.pairs[[2]rune{a, b}]; ok {
		return float64(r)
	}
	return m.rarest
}

// rarity of what stands in n of all articles.
func rarity(n, all float64) float64 { return math.Log((all + 1) / (n + 0.5)) }

// index builds what is looked up from what is kept.
func (m *Model) index() {
	m.trie = map[step]int32{}
	m.ends = []int32{-1}
	for w := range m.words {
		node, length := int32(0), 0
		for _, r := range m.words[w].Text {
			at := step{node, r}
			next, ok := m.trie[at]
			if !ok {
				next = int32(len(m.ends))
				m.trie[at] = next
				m.ends = append(m.ends, -1)
			}
			node = next
			length++
		}
		m.ends[node] = int32(w)
		square := 0.0
		for _, v := range m.words[w].Vector {
			square += float64(v) * float64(v)
		}
		m.words[w].length = math.Sqrt(square)
		m.longest = max(m.longest, length)
	}
	m.unknown = 20
}

// Gap is the symbol that no word spans.
const Gap rune = 0

// Segment cuts symbols into the words of the list so that the whole is the
// likeliest, and appends their numbers to out; characters that make no word are
// left out.
func (m *Model) Segment(symbols []rune, out []int32) []int32 {
	for from := 0; from < len(symbols); {
		to := from
		for to < len(symbols) && symbols[to] != Gap {
			to++
		}
		if to > from {
			out = m.segmentRun(symbols[from:to], out)
		}
		from = to + 1
	}
	return out
}

// longestRun bounds what is cut at once, so that memory is bounded.
const longestRun = 4096

func (m *Model) segmentRun(run []rune, out []int32) []int32 {
	for len(run) > longestRun {
		out = m.segmentRun(run[:longestRun], out)
		run = run[longestRun:]
	}
	type cut struct {
		cost float32
		from int32
		word int32
	}
	var small [128]cut
	best := small[:0]
	if len(run) >= len(small) {
		best = make([]cut, 0, len(run)+1)
	}
	best = best[:len(run)+1]
	best[0] = cut{0, 0, -1}
	for i := 1; i < len(best); i++ {
		best[i] = cut{math.MaxFloat32, 0, -1}
	}
	for i := range run {
		relax := func(to int, cost float32, word int32) {
			if c := best[i].cost + cost; c < best[to].cost {
				best[to] = cut{c, int32(i), word}
			}
		}
		relax(i+1, m.unknown, -1)
		node := int32(0)
		for j := i; j < len(run) && j-i < m.longest; j++ {
			next, ok := m.trie[step{node, run[j]}]
			if !ok {
				break
			}
			node = next
			if w := m.ends[node]; w >= 0 {
				relax(j+1, m.words[w].cost, w)
			}
		}
	}
	first := len(out)
	for i := len(run); i > 0; i = int(best[i].from) {
		if best[i].word >= 0 {
			out = append(out, best[i].word)
		}
	}
	for i, j := first, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}
