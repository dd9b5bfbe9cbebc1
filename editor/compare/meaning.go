package compare

import (
	"cmp"
	"math"
	"slices"

	"tongbiao/editor/compare/model"
)

// meaning is what the words of a passage or clause are about: the sum of their
// vectors, less what all clauses of the family have in common. Its length is 1,
// or it is nil when nothing is known of the words.
type meaning []float32

// near is the cosine of two meanings, 0 when one is nil.
func (m meaning) near(n meaning) float64 {
	if len(m) == 0 || len(n) == 0 {
		return 0
	}
	n = n[:len(m)]
	var a, b, c, d float32
	i := 0
	for ; i+3 < len(m); i += 4 {
		a += m[i] * n[i]
		b += m[i+1] * n[i+1]
		c += m[i+2] * n[i+2]
		d += m[i+3] * n[i+3]
	}
	for ; i < len(m); i++ {
		a += m[i] * n[i]
	}
	return float64(a + b + c + d)
}

// wordCount is how often a word of the model occurs.
type wordCount struct {
	word  int32
	count float64
}

func countWords(words []int32, share float64, out []wordCount) []wordCount {
	for _, w := range words {
		out = append(out, wordCount{w, share})
	}
	return out
}

func sumWords(counts []wordCount) []wordCount {
	slices.SortFunc(counts, func(a, b wordCount) int { return cmp.Compare(a.word, b.word) })
	out := counts[:0]
	for _, c := range counts {
		if n := len(out); n > 0 && out[n-1].word == c.word {
			out[n-1].count += c.count
			continue
		}
		out = append(out, c)
	}
	return out
}

// understand gives every passage and clause its meaning. A penalty is read
// together with what it cites.
func (f *family) understand(m *model.Model) {
	words := m.Words()
	df := make(map[int32]float64, 4096)
	for _, p := range f.provisions {
		var all []int32
		for i := p.first; i < p.last; i++ {
			all = append(all, f.nodes[i].words...)
		}
		slices.Sort(all)
		for _, w := range slices.Compact(all) {
			df[w]++
		}
	}
	weigh := func(counts []wordCount) meaning {
		out := make(meaning, model.Dimensions)
		for _, c := range sumWords(counts) {
			w := &words[c.word]
			if w.Vector == nil {
				continue
			}
			tf := c.count
			if tf > 1 {
				tf = 1 + math.Log(tf)
			}
			idf := math.Log((float64(len(f.provisions)) + 1) / (df[c.word] + 0.5))
			share := float32(tf * idf * math.Sqrt(max(0, w.Rarity)) / w.Length())
			for k, v := range w.Vector {
				out[k] += share * float32(v)
			}
		}
		return unit(out)
	}
	for i := range f.nodes {
		counts := countWords(f.nodes[i].words, 1, nil)
		for _, j := range f.cited[i] {
			counts = countWords(f.nodes[j].words, citedShare, counts)
		}
		f.nodes[i].meaning = weigh(counts)
	}
	for pi := range f.provisions {
		p := &f.provisions[pi]
		var counts []wordCount
		for i := p.first; i < p.last; i++ {
			counts = countWords(f.nodes[i].words, 1, counts)
			for _, j := range f.cited[i] {
				counts = countWords(f.nodes[j].words, citedShare, counts)
			}
		}
		p.meaning = weigh(counts)
	}
	f.centre()
}

// centre takes from every meaning what all clauses have in common.
func (f *family) centre() {
	mean := make(meaning, model.Dimensions)
	n := float32(0)
	for _, p := range f.provisions {
		if p.meaning != nil {
			n++
			for k, v := range p.meaning {
				mean[k] += v
			}
		}
	}
	if n < 8 { // too few to know what is common
		return
	}
	for k := range mean {
		mean[k] /= n
	}
	less := func(m meaning) meaning {
		for k := range m {
			m[k] -= mean[k]
		}
		return unit(m)
	}
	for i := range f.nodes {
		f.nodes[i].meaning = less(f.nodes[i].meaning)
	}
	for i := range f.provisions {
		f.provisions[i].meaning = less(f.provisions[i].meaning)
	}
}

// unit makes a meaning's length 1, nil when it has none.
func unit(m meaning) meaning {
	square := 0.0
	for _, v := range m {
		square += float64(v) * float64(v)
	}
	if square == 0 {
		return nil
	}
	scale := float32(1 / math.Sqrt(square))
	for k := range m {
		m[k] *= scale
	}
	return m
}
