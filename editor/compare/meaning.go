package compare

import (
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

// bag counts words.
type bag struct {
	count []float64 // by word; 0 for what is not in it
	words []int32   // what is in it, in the order in which it was met
}

func (b *bag) add(words []int32, share float64) {
	for _, w := range words {
		if b.count[w] == 0 {
			b.words = append(b.words, w)
		}
		b.count[w] += share
	}
}

// empty gives what the words of the bag mean together and empties it.
func (b *bag) empty(list []model.Word, weight []float64) meaning {
	out := make(meaning, model.Dimensions)
	for _, w := range b.words {
		tf := b.count[w]
		b.count[w] = 0
		if tf > 1 {
			tf = 1 + math.Log(tf)
		}
		share := float32(tf * weight[w])
		for k, v := range list[w].Vector {
			out[k] += share * float32(v)
		}
	}
	b.words = b.words[:0]
	return unit(out)
}

// understand gives every passage and clause its meaning. A penalty is read
// together with what it cites.
func (f *family) understand(m *model.Model) {
	list := m.Words()
	weight := f.weighWords(list)
	f.wordWeight = weight
	bags := make([]bag, workers())
	add := func(i, worker int) *bag {
		b := &bags[worker]
		if b.count == nil {
			b.count = make([]float64, len(list))
		}
		b.add(f.nodes[i].words, 1)
		for _, j := range f.cited[i] {
			b.add(f.nodes[j].words, citedShare)
		}
		return b
	}
	inParallel(len(f.nodes), func(i, worker int) {
		f.nodes[i].meaning = add(i, worker).empty(list, weight)
	})
	inParallel(len(f.provisions), func(pi, worker int) {
		p := &f.provisions[pi]
		if p.last == p.first+1 {
			p.meaning = slices.Clone(f.nodes[p.first].meaning)
			return
		}
		for i := p.first; i < p.last; i++ {
			add(i, worker)
		}
		p.meaning = bags[worker].empty(list, weight)
	})
	f.centre()
}

// weighWords gives each word's weight by how many clauses of the family have it
// and how rare it is at large, for vectors of the length 1.
func (f *family) weighWords(list []model.Word) []float64 {
	df, last := make([]float64, len(list)), make([]int32, len(list))
	all := 0.0
	for pi, p := range f.provisions {
		if f.isEntry(pi) {
			continue
		}
		all++
		for i := p.first; i < p.last; i++ {
			for _, w := range f.nodes[i].words {
				if last[w] != int32(pi+1) {
					last[w] = int32(pi + 1)
					df[w]++
				}
			}
		}
	}
	for w, n := range df {
		if n > 0 && list[w].Vector != nil {
			df[w] = math.Log((all+1)/(n+0.5)) * math.Sqrt(max(0, list[w].Rarity)) / list[w].Length()
		} else {
			df[w] = 0
		}
	}
	return df
}

// centre takes from every meaning what all clauses have in common.
func (f *family) centre() {
	mean := make(meaning, model.Dimensions)
	n := float32(0)
	for i, p := range f.provisions {
		if p.meaning != nil && !f.isEntry(i) {
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
	f.common = mean
	for i := range f.nodes {
		f.nodes[i].meaning = f.nodes[i].meaning.less(mean)
	}
	for i := range f.provisions {
		f.provisions[i].meaning = f.provisions[i].meaning.less(mean)
	}
}

// less takes from a meaning what is common.
func (m meaning) less(common meaning) meaning {
	for k := range min(len(m), len(common)) {
		m[k] -= common[k]
	}
	return unit(m)
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
