package model

import (
	"cmp"
	"math"
	"slices"
)

// What is kept when a model is learned.
const (
	keptCharacters = 4095 // the most frequent ones; five fit into 60 bits
	keptPairs      = 90_000
	keptWords      = 11_000
	seldom         = 40  // occurrences below which a stretch is no word
	cohesion       = 2.0 // least ln of how much more often than by chance its parts meet
	fragment       = 0.7 // share of occurrences beside one and the same character from which a stretch is a piece of a longer word
	rounds         = 4   // of cutting and counting anew
)

// Learn makes a model from articles, each a series of symbols with Gap where no
// word goes on. The same articles give the same model.
func Learn(articles [][]rune) *Model {
	m := &Model{articles: len(articles)}
	m.learnPairs(articles)
	m.learnWords(articles)
	for range rounds {
		m.recount(articles)
	}
	m.learnVectors(articles)
	return m
}

// learnPairs counts in how many articles pairs of characters stand and keeps
// the most frequent.
func (m *Model) learnPairs(articles [][]rune) {
	count, seen := map[[2]rune]int{}, map[[2]rune]int{}
	for i, symbols := range articles {
		for k := 1; k < len(symbols); k++ {
			p := [2]rune{symbols[k-1], symbols[k]}
			if p[0] == Gap || p[1] == Gap || seen[p] == i+1 {
				continue
			}
			seen[p] = i + 1
			count[p]++
		}
	}
	type entry struct {
		pair  [2]rune
		count int
	}
	var all []entry
	for p, n := range count {
		all = append(all, entry{p, n})
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.pair[0], b.pair[0]), cmp.Compare(a.pair[1], b.pair[1]))
	})
	all = all[:min(len(all), keptPairs)]
	least := 1
	m.pairs = map[[2]rune]float32{}
	for _, e := range all {
		m.pairs[e.pair] = float32(math.Sqrt(max(0, rarity(float64(e.count), float64(len(articles))))))
		least = e.count
	}
	m.rarest = math.Sqrt(max(0, rarity(float64(least)/3, float64(len(articles)))))
}

// stretches counts the stretches of one to five characters; longer ones only
// where both of their parts are frequent enough.
func stretches(articles [][]rune) (counts [6]map[uint64]int32, characters []rune) {
	characters, ids := frequentCharacters(articles)
	for n := 1; n < len(counts); n++ {
		counts[n] = map[uint64]int32{}
		mask := uint64(1)<<(12*n) - 1
		short := mask >> 12
		for _, symbols := range articles {
			key, length := uint64(0), 0
			for _, r := range symbols {
				id := ids[r]
				if id == 0 {
					key, length = 0, 0
					continue
				}
				key = (key<<12 | id) & mask
				if length++; length < n {
					continue
				}
				if n > 1 && (counts[n-1][key>>12] < seldom || counts[n-1][key&short] < seldom) {
					continue
				}
				counts[n][key]++
			}
		}
	}
	return counts, characters
}

func frequentCharacters(articles [][]rune) ([]rune, map[rune]uint64) {
	count := map[rune]int{}
	for _, symbols := range articles {
		for _, r := range symbols {
			if r != Gap {
				count[r]++
			}
		}
	}
	all := make([]rune, 0, len(count))
	for r := range count {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b rune) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	all = all[:min(len(all), keptCharacters)]
	ids := map[rune]uint64{}
	for i, r := range all {
		ids[r] = uint64(i + 1)
	}
	return all, ids
}

// learnWords proposes words: characters, and stretches that hold together
// inside and are free at both ends.
func (m *Model) learnWords(articles [][]rune) {
	counts, characters := stretches(articles)
	total := 0.0
	for _, n := range counts[1] {
		total += float64(n)
	}
	text := func(key uint64, n int) string {
		out := make([]rune, n)
		for i := n - 1; i >= 0; i-- {
			out[i] = characters[key&0xFFF-1]
			key >>= 12
		}
		return string(out)
	}
	for n := 1; n <= 4; n++ {
		beside := map[uint64]int32{} // most occurrences beside one character
		for longer, c := range counts[n+1] {
			head, tail := longer>>12, longer&(1<<(12*n)-1)
			beside[head], beside[tail] = max(beside[head], c), max(beside[tail], c)
		}
		for key, c := range counts[n] {
			if n > 1 && (c < seldom || float64(beside[key]) > fragment*float64(c) || !coheres(counts, key, n, total)) {
				continue
			}
			m.words = append(m.words, Word{Text: text(key, n), cost: float32(-math.Log(float64(c) / total)), count: c})
		}
	}
	m.keepWords(3 * keptWords)
}

// coheres reports whether the parts of a stretch meet more often than by chance,
// wherever it is cut.
func coheres(counts [6]map[uint64]int32, key uint64, n int, total float64) bool {
	c := float64(counts[n][key])
	for left := 1; left < n; left++ {
		head, tail := key>>(12*(n-left)), key&(1<<(12*(n-left))-1)
		if math.Log(c*total/(float64(counts[left][head])*float64(counts[n-left][tail]))) < cohesion {
			return false
		}
	}
	return true
}

// keepWords keeps all single characters and the most frequent longer words.
func (m *Model) keepWords(most int) {
	single := func(w Word) int {
		if len(w.Text) <= len("国") || []rune(w.Text)[0] >= 0xF0000 {
			return 0
		}
		return 1
	}
	slices.SortFunc(m.words, func(a, b Word) int {
		return cmp.Or(cmp.Compare(single(a), single(b)), cmp.Compare(b.count, a.count), cmp.Compare(a.Text, b.Text))
	})
	m.words = m.words[:min(len(m.words), most)]
	m.index()
}

// recount cuts the articles with the words that there are, and gives each the
// cost that it deserves; what is hardly used goes.
func (m *Model) recount(articles [][]rune) {
	used, in, last := make([]int, len(m.words)), make([]int32, len(m.words)), make([]int, len(m.words))
	total := 0
	var cut []int32
	for i, symbols := range articles {
		cut = m.Segment(symbols, cut[:0])
		for _, w := range cut {
			used[w]++
			total++
			if last[w] != i+1 {
				last[w] = i + 1
				in[w]++
			}
		}
	}
	kept := m.words[:0]
	for i, w := range m.words {
		long := len([]rune(w.Text)) > 1
		if long && used[i] < seldom/2 || used[i] == 0 {
			continue
		}
		w.cost = float32(-math.Log(float64(used[i]) / float64(total)))
		w.count = in[i]
		w.Rarity = rarity(float64(w.count), float64(m.articles))
		kept = append(kept, w)
	}
	m.words = kept
	m.keepWords(keptWords)
}
