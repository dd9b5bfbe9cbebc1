package rank

import (
	"cmp"
	"math"
	"slices"
)

// Answered is a question with the articles that answer it.
type Answered struct {
	Text    string
	Answers []Clause
}

// Bounds of what is learned of one word.
const (
	translationsOfWord = 8
	wordsOfArticle     = 120
	// Of an article for which one question alone asked no more is kept than a few
	// words, and those only that several articles were asked for by: else they
	// would be that question.
	wordsOfOne, sharedBy = 16, 4
	// What fewer questions have is not common.
	commonFrom = 3
)

// Learn learns which words answers have and which words ask for an article.
// rarity is as in Read. The weights are those of fit, made with it.
func Learn(questions []Answered, rarity func(Gram) float64) *Model {
	m := &Model{Translate: map[Gram][]Weighed{}}
	askedBy, withAnswer := map[Gram]float64{}, map[Gram]map[Gram]float64{}
	answers := map[Gram]float64{} // questions in whose answers a pair stands
	words := map[Article]map[Gram]float64{}
	times := map[Article]float64{}
	var order []Article
	for _, q := range questions {
		asked := distinct(Grams(Plain(q.Text)))
		in := map[Gram]bool{}
		for _, c := range q.Answers {
			a := Article{c.Law, c.Number}
			if words[a] == nil {
				words[a] = map[Gram]float64{}
				order = append(order, a)
			}
			times[a]++
			for _, g := range asked {
				words[a][g]++
			}
			for _, r := range characters(asked) {
				words[a][Gram{r, 0}]++
			}
			for _, g := range Grams(c.Body) {
				in[g] = true
			}
		}
		for g := range in {
			answers[g]++
		}
		for _, g := range asked {
			askedBy[g]++
			if withAnswer[g] == nil {
				withAnswer[g] = map[Gram]float64{}
			}
			for c := range in {
				withAnswer[g][c]++
			}
		}
	}
	n := float64(len(questions))
	m.Questions, m.Common = n, map[Gram]Known{}
	for g, k := range askedBy {
		if k >= commonFrom {
			m.Common[g] = Known{k, (withAnswer[g][g] + usual*3) / (k + 3)}
		}
	}
	for g, with := range withAnswer {
		m.Translate[g] = best(with, translationsOfWord, func(c Gram, k float64) float64 {
			if c == g || rarity(c) < 1 {
				return 0
			}
			return (k/(askedBy[g]+2*seldom) - answers[c]/n) * rarity(c)
		}, func(c Gram, k float64) float64 { return k/(askedBy[g]+2*seldom) - answers[c]/n })
	}
	for _, a := range order {
		m.Articles = append(m.Articles, Asked{Article: a, Questions: times[a], Words: best(words[a], wordsOfArticle,
			func(g Gram, k float64) float64 { return math.Log1p(k) * max(rarity(g), is(g.B == 0)) }, func(_ Gram, k float64) float64 { return k })})
	}
	m.reduce()
	m.index()
	return m
}

// reduce leaves of articles that one question alone asked for what several have
// in common.
func (m *Model) reduce() {
	articles := map[Gram]int{}
	for _, a := range m.Articles {
		for _, w := range a.Words {
			articles[w.Gram]++
		}
	}
	for i := range m.Articles {
		if a := &m.Articles[i]; a.Questions < 2 {
			a.Words = slices.DeleteFunc(a.Words, func(w Weighed) bool { return articles[w.Gram] < sharedBy })
			a.Words = a.Words[:min(len(a.Words), wordsOfOne)]
		}
	}
}

// characters lists the characters of pairs, each once.
func characters(gs []Gram) []rune {
	all := map[rune]float64{}
	for _, g := range gs {
		all[g.A], all[g.B] = 1, 1
	}
	return sortedRunes(all)
}

// best keeps the pairs of the greatest value, with the weights given.
func best(of map[Gram]float64, most int, value, weight func(Gram, float64) float64) []Weighed {
	type one struct {
		Weighed
		value float64
	}
	var all []one
	for g, k := range of {
		if v := value(g, k); v > 0 {
			all = append(all, one{Weighed{g, weight(g, k)}, v})
		}
	}
	slices.SortFunc(all, func(a, b one) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.Gram.A, b.Gram.A), cmp.Compare(a.Gram.B, b.Gram.B))
	})
	var out []Weighed
	for _, o := range all[:min(len(all), most)] {
		out = append(out, o.Weighed)
	}
	return out
}

// Example is a question for Fit: the features of its candidates, and which of
// them answer it.
type Example struct {
	Features [][]float64
	Answers  []int
}

// Fit finds the weights with which answers stand before the others: the
// likelihood of a choice among the candidates (softmax), drawn to zero by decay.
// No weight falls below the least that it may have, by the name of its feature.
func Fit(examples []Example, decay float64, rounds int, least map[string]float64) []float64 {
	size := len(Features)
	spread := spreads(examples, size)
	var scaled []Example
	for _, e := range examples {
		if len(e.Answers) == 0 {
			continue
		}
		all := make([]float64, 0, size*len(e.Features))
		rows := make([][]float64, len(e.Features))
		for i, f := range e.Features {
			for j, v := range f {
				all = append(all, v/spread[j])
			}
			rows[i] = all[i*size : (i+1)*size]
		}
		scaled = append(scaled, Example{rows, e.Answers})
	}
	w, m1, m2, grad := make([]float64, size), make([]float64, size), make([]float64, size), make([]float64, size)
	n := float64(len(scaled))
	floor := make([]float64, size)
	for i, name := range Features {
		floor[i] = math.Inf(-1)
		if v, ok := least[name]; ok {
			floor[i] = v * spread[i]
		}
	}
	for round := 1; round <= rounds; round++ {
		for i := range grad {
			grad[i] = decay * w[i] * n
		}
		for _, e := range scaled {
			descend(e, w, grad)
		}
		rate := 0.1 / (1 + float64(round)/60)
		for i, g := range grad {
			g /= n
			m1[i] = 0.9*m1[i] + 0.1*g
			m2[i] = 0.98*m2[i] + 0.02*g*g
			w[i] -= rate * (m1[i] / (1 - math.Pow(0.9, float64(round)))) / (math.Sqrt(m2[i]/(1-math.Pow(0.98, float64(round)))) + 1e-8)
			w[i] = max(w[i], floor[i])
		}
	}
	for i := range w {
		w[i] /= spread[i]
	}
	return w
}

// spreads gives the standard deviation of each feature; one that never changes
// is made to count for nothing.
func spreads(examples []Example, size int) []float64 {
	mean, spread := make([]float64, size), make([]float64, size)
	n := 0.0
	for _, e := range examples {
		for _, f := range e.Features {
			n++
			for i, v := range f {
				mean[i] += v
				spread[i] += v * v
			}
		}
	}
	for i := range mean {
		mean[i] /= n
		spread[i] = math.Sqrt(math.Max(spread[i]/n-mean[i]*mean[i], 0))
		if spread[i] < 1e-6 {
			spread[i] = 1e6
		}
	}
	return spread
}

// descend adds the slope of one example.
func descend(e Example, w, grad []float64) {
	scores := make([]float64, len(e.Features))
	top := math.Inf(-1)
	for i, f := range e.Features {
		sum := 0.0
		for j, v := range f {
			sum += w[j] * v
		}
		scores[i] = sum
		top = math.Max(top, sum)
	}
	sum := 0.0
	for i := range scores {
		scores[i] = math.Exp(scores[i] - top)
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
	for _, i := range e.Answers {
		scores[i] -= 1 / float64(len(e.Answers))
	}
	for i, f := range e.Features {
		p := scores[i]
		if math.Abs(p) < 1e-5 {
			continue
		}
		for j, v := range f {
			grad[j] += p * v
		}
	}
}
