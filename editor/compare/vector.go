package compare

import (
	"cmp"
	"math"
	"slices"

	"tongbiao/editor/compare/model"
)

// vector is a sparse vector of weighted terms, sorted by term.
type vector struct {
	terms   []int32
	weights []float64
	norm    float64
}

// termCount is how often a term occurs.
type termCount struct {
	term  int32
	count float64
}

// termIndex numbers the terms of a family in the order in which they are met
// and weighs them.
type termIndex struct {
	ids   map[[2]rune]int32
	pairs [][2]rune
	idf   []float64
}

// counts lists the terms of symbols: neighbouring pairs, and words and lone
// characters by themselves. Each counts for the given share.
func (x *termIndex) counts(symbols []rune, share float64, out []termCount) []termCount {
	for i, r := range symbols {
		if r == gap {
			continue
		}
		next := gap
		if i+1 < len(symbols) {
			next = symbols[i+1]
		}
		alone := (i == 0 || symbols[i-1] == gap) && next == gap
		if alone || isWordSymbol(r) {
			out = append(out, termCount{x.id(r, gap), share})
		}
		if next != gap {
			out = append(out, termCount{x.id(r, next), share})
		}
	}
	return out
}

func (x *termIndex) id(a, b rune) int32 {
	key := [2]rune{a, b}
	id, ok := x.ids[key]
	if !ok {
		id = int32(len(x.pairs))
		x.ids[key] = id
		x.pairs = append(x.pairs, key)
	}
	return id
}

// word is a term as it is shown: two characters, or "" for what is not a word.
func (x *termIndex) word(id int32) string {
	p := x.pairs[id]
	if isWordSymbol(p[0]) || isWordSymbol(p[1]) || p[1] == gap {
		return ""
	}
	return string(p[:])
}

// sum adds up the counts of equal terms, sorted by term.
func sum(counts []termCount) []termCount {
	slices.SortFunc(counts, func(a, b termCount) int { return cmp.Compare(a.term, b.term) })
	out := counts[:0]
	for _, c := range counts {
		if n := len(out); n > 0 && out[n-1].term == c.term {
			out[n-1].count += c.count
			continue
		}
		out = append(out, c)
	}
	return out
}

// vector weighs summed counts: (1 + ln tf) · idf, ln only above one.
func (x *termIndex) vector(counts []termCount) vector {
	v := vector{terms: make([]int32, len(counts)), weights: make([]float64, len(counts))}
	square := 0.0
	for i, c := range counts {
		tf := c.count
		if tf > 1 {
			tf = 1 + math.Log(tf)
		}
		w := tf * x.idf[c.term]
		v.terms[i], v.weights[i] = c.term, w
		square += w * w
	}
	v.norm = math.Sqrt(square)
	return v
}

// dot is the inner product of two vectors.
func (v vector) dot(w vector) float64 {
	s := 0.0
	for i, j := 0, 0; i < len(v.terms) && j < len(w.terms); {
		switch {
		case v.terms[i] < w.terms[j]:
			i++
		case v.terms[i] > w.terms[j]:
			j++
		default:
			s += v.weights[i] * w.weights[j]
			i++
			j++
		}
	}
	return s
}

// cosine of two vectors, 0 when one is empty.
func (v vector) cosine(w vector) float64 {
	if v.norm == 0 || w.norm == 0 {
		return 0
	}
	return v.dot(w) / (v.norm * w.norm)
}

// covered is how much of v's weight is met in w: 0 to 1.
func (v vector) covered(w vector) float64 {
	total, met := 0.0, 0.0
	j := 0
	for i, t := range v.terms {
		total += v.weights[i]
		for j < len(w.terms) && w.terms[j] < t {
			j++
		}
		if j < len(w.terms) && w.terms[j] == t {
			met += math.Min(v.weights[i], w.weights[j])
		}
	}
	if total == 0 {
		return 0
	}
	return met / total
}

// weigh numbers and weighs the terms of a family and gives every passage and
// clause its vector. A penalty is read together with what it cites.
func (f *family) weigh(m *model.Model) {
	x := &termIndex{ids: map[[2]rune]int32{}}
	f.terms = x
	f.cited = f.citations()
	cited := f.cited
	nodeCounts := make([][]termCount, len(f.nodes))
	whole := make([][]termCount, len(f.provisions))
	df := []float64{}
	for pi := range f.provisions {
		p := &f.provisions[pi]
		var own []termCount
		for i := p.first; i < p.last; i++ {
			nodeCounts[i] = x.counts(f.nodes[i].symbols, 1, nil)
			own = append(own, nodeCounts[i]...)
		}
		whole[pi] = sum(own)
		for len(df) < len(x.pairs) {
			df = append(df, 0)
		}
		for _, c := range whole[pi] {
			df[c.term]++
		}
	}
	x.idf = make([]float64, len(x.pairs))
	for t, n := range df {
		x.idf[t] = math.Log((float64(len(f.provisions)) + 1) / (n + 0.5))
		x.idf[t] *= math.Sqrt(m.Rarity(x.pairs[t][0], x.pairs[t][1]))
	}
	for i := range f.nodes {
		f.nodes[i].vector = x.vector(sum(f.withCited(nodeCounts[i], cited[i])))
	}
	for pi := range f.provisions {
		p := &f.provisions[pi]
		for i := p.first; i < p.last; i++ {
			whole[pi] = f.withCited(whole[pi], cited[i])
		}
		p.vector = x.vector(sum(whole[pi]))
	}
	f.weighTitles()
}

// citedShare is what a word counts that a penalty only cites.
const citedShare = 0.5

func (f *family) withCited(counts []termCount, cited []int) []termCount {
	for _, i := range cited {
		counts = f.terms.counts(f.nodes[i].symbols, citedShare, counts)
	}
	return counts
}

// weighTitles gives the provisions the vectors of their titles, weighed among
// titles.
func (f *family) weighTitles() {
	x := &termIndex{ids: map[[2]rune]int32{}}
	titles := map[string][]termCount{}
	var order []string
	for _, p := range f.provisions {
		for _, t := range []string{p.named, p.chapter} {
			if _, ok := titles[t]; t != "" && !ok {
				titles[t] = sum(x.titleCounts(t))
				order = append(order, t)
			}
		}
	}
	df := make([]float64, len(x.pairs))
	for _, t := range order {
		for _, c := range titles[t] {
			df[c.term]++
		}
	}
	for _, n := range df {
		x.idf = append(x.idf, math.Log((float64(len(order))+1)/(n+0.5)))
	}
	for i := range f.provisions {
		p := &f.provisions[i]
		p.heading, p.over = x.vector(titles[p.named]), x.vector(titles[p.chapter])
	}
}

// titleCounts are the characters of a title and their neighbouring pairs.
func (x *termIndex) titleCounts(title string) []termCount {
	symbols := appendSymbols(nil, title)
	out := x.counts(symbols, 1, nil)
	for _, r := range symbols {
		if r != gap {
			out = append(out, termCount{x.id(r, gap), 0.5})
		}
	}
	return out
}
