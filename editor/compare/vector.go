package compare

import (
	"cmp"
	"math"
	"slices"

	"tongbiao/editor/compare/model"
)

// term is a pair of neighbouring symbols, or one symbol and gap.
type term uint64

func termOf(a, b rune) term { return term(a)<<32 | term(b) }

// count is how often a term occurs.
type count struct {
	term  term
	times float64
}

// vector is a sparse vector of weighted terms, sorted by term.
type vector struct {
	terms   []term
	numbers []int32 // of the terms in their index
	weights []float64
	norm    float64
}

// termIndex numbers the terms of a family in the order in which they are met
// and weighs them.
type termIndex struct {
	numbers map[term]int32
	terms   []term
	idf     []float64
}

func newTermIndex(size int) *termIndex {
	return &termIndex{numbers: make(map[term]int32, size)}
}

func (x *termIndex) number(t term) int32 {
	n, ok := x.numbers[t]
	if !ok {
		n = int32(len(x.terms))
		x.numbers[t] = n
		x.terms = append(x.terms, t)
	}
	return n
}

// countTerms counts neighbouring pairs, and words and lone characters by
// themselves.
func countTerms(symbols []rune) []count {
	var out []count
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
			out = append(out, count{termOf(r, gap), 1})
		}
		if next != gap {
			out = append(out, count{termOf(r, next), 1})
		}
	}
	return sum(out)
}

// sum sorts counts by term and adds up those of equal terms.
func sum(counts []count) []count {
	slices.SortFunc(counts, func(a, b count) int { return cmp.Compare(a.term, b.term) })
	out := counts[:0]
	for _, c := range counts {
		if n := len(out); n > 0 && out[n-1].term == c.term {
			out[n-1].times += c.times
			continue
		}
		out = append(out, c)
	}
	return out
}

// vector weighs summed counts: (1 + ln tf) · idf, ln only above one.
func (x *termIndex) vector(counts []count) vector {
	v := vector{terms: make([]term, len(counts)), numbers: make([]int32, len(counts)), weights: make([]float64, len(counts))}
	square := 0.0
	for i, c := range counts {
		tf := c.times
		if tf > 1 {
			tf = 1 + math.Log(tf)
		}
		n := x.number(c.term)
		w := tf * x.idf[n]
		v.terms[i], v.numbers[i], v.weights[i] = c.term, n, w
		square += w * w
	}
	v.norm = math.Sqrt(square)
	return v
}

// known weighs counts as vector does, without numbering terms that are new:
// those count for the norm only.
func (x *termIndex) known(counts []count, rarest float64) vector {
	v := vector{}
	square := 0.0
	for _, c := range counts {
		tf := c.times
		if tf > 1 {
			tf = 1 + math.Log(tf)
		}
		n, ok := x.numbers[c.term]
		if !ok {
			square += tf * rarest * tf * rarest
			continue
		}
		w := tf * x.idf[n]
		v.terms, v.numbers, v.weights = append(v.terms, c.term), append(v.numbers, n), append(v.weights, w)
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

// weigh weighs the terms of a family and gives every passage and clause its
// vector. A penalty is read together with what it cites.
func (f *family) weigh(m *model.Model) {
	x := newTermIndex(64 * len(f.provisions))
	f.terms = x
	f.cited = f.citations()
	var df []float64
	clauses := 0.0
	for i, p := range f.provisions {
		if !f.isEntry(i) {
			clauses++
		}
		for _, c := range p.terms {
			n := int(x.number(c.term))
			for len(df) <= n {
				df = append(df, 0)
			}
			if !f.isEntry(i) {
				df[n]++
			}
		}
	}
	x.idf = make([]float64, len(df))
	for n, in := range df {
		t := x.terms[n]
		x.idf[n] = math.Log((clauses+1)/(in+0.5)) * math.Sqrt(m.Rarity(rune(t>>32), rune(t&math.MaxUint32)))
	}
	inParallel(len(f.nodes), func(i, _ int) { // every term has its number by now
		f.nodes[i].vector = x.vector(f.withCited(f.nodes[i].terms, f.cited[i]))
	})
	inParallel(len(f.provisions), func(pi, _ int) {
		p := &f.provisions[pi]
		if p.last == p.first+1 {
			p.vector = f.nodes[p.first].vector
			return
		}
		var cited []int
		for i := p.first; i < p.last; i++ {
			cited = append(cited, f.cited[i]...)
		}
		p.vector = x.vector(f.withCited(p.terms, cited))
	})
	f.weighTitles()
}

// citedShare is what a word counts that a penalty only cites.
const citedShare = 0.5

func (f *family) withCited(counts []count, cited []int) []count {
	if len(cited) == 0 {
		return counts
	}
	counts = slices.Clone(counts)
	for _, i := range cited {
		for _, c := range f.nodes[i].terms {
			counts = append(counts, count{c.term, citedShare * c.times})
		}
	}
	return sum(counts)
}

// weighTitles gives the provisions the vectors of their titles, weighed among
// titles.
func (f *family) weighTitles() {
	x := newTermIndex(0)
	f.titles = x
	titles := map[string][]count{}
	var df []float64
	for _, p := range f.provisions {
		for _, t := range []string{p.named, p.chapter} {
			if _, ok := titles[t]; t == "" || ok {
				continue
			}
			titles[t] = countTitle(t)
			for _, c := range titles[t] {
				n := int(x.number(c.term))
				for len(df) <= n {
					df = append(df, 0)
				}
				df[n]++
			}
		}
	}
	for _, n := range df {
		x.idf = append(x.idf, math.Log((float64(len(titles))+1)/(n+0.5)))
	}
	vectors := map[string]vector{}
	for t, counts := range titles {
		vectors[t] = x.vector(counts)
	}
	for i := range f.provisions {
		p := &f.provisions[i]
		p.heading, p.over = vectors[p.named], vectors[p.chapter]
	}
}

// countTitle counts the characters of a title and their neighbouring pairs.
func countTitle(title string) []count {
	symbols := appendSymbols(nil, title)
	out := countTerms(symbols)
	for _, r := range symbols {
		if r != gap {
			out = append(out, count{termOf(r, gap), 0.5})
		}
	}
	return sum(out)
}
