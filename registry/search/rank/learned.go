package rank

import (
	"cmp"
	"math"
	"slices"
)

// Article is an article of a named law.
type Article struct{ Law, Number string }

// Model is what was learned: weights of the features, which words of answers go
// with which words of questions, and by which words articles were asked for.
type Model struct {
	Weights   []float64 // of Features, in their order
	Plain     []float64 // the same where nothing was learned about the texts themselves
	Translate map[Gram][]Weighed
	Articles  []Asked
	Common    map[Gram]Known // words that several questions have
	Questions float64        // that were learned from
	byGram    map[Gram][]counted
	byName    map[Article]int
	lawOf     []int
	laws      map[string]int
	questions []float64 // answered by each law
	total     map[Gram]float64
}

// Known is what was learned of a word of questions.
type Known struct {
	Questions float64 // that have it
	Share     float64 // of these, how many have it in an answer
}

// Asked are the words by which an article was asked for, and how often.
type Asked struct {
	Article
	Questions      float64
	Words          []Weighed
	norm, charNorm float64
}

type counted struct {
	article int
	times   float64
}

// index prepares a model for use. rarity of a word is not known yet: a word
// counts for less the more articles it asked for.
func (m *Model) index() {
	m.byGram, m.byName, m.laws = map[Gram][]counted{}, map[Article]int{}, map[string]int{}
	m.total = map[Gram]float64{}
	m.lawOf, m.questions = nil, nil
	for i := range m.Articles {
		a := &m.Articles[i]
		m.byName[a.Article] = i
		law, ok := m.laws[a.Law]
		if !ok {
			law = len(m.laws)
			m.laws[a.Law] = law
			m.questions = append(m.questions, 0)
		}
		m.questions[law] += a.Questions
		m.lawOf = append(m.lawOf, law)
		for _, w := range a.Words {
			m.byGram[w.Gram] = append(m.byGram[w.Gram], counted{i, w.Weight})
			if w.Gram.B != 0 {
				m.total[w.Gram] += w.Weight
			}
		}
	}
	for i := range m.Articles {
		a := &m.Articles[i]
		a.norm, a.charNorm = 0, 0
		for _, w := range a.Words {
			v := math.Log1p(w.Weight) * m.rare(w.Gram)
			if w.Gram.B == 0 {
				a.charNorm += v * v
			} else {
				a.norm += v * v
			}
		}
		a.norm, a.charNorm = math.Sqrt(a.norm), math.Sqrt(a.charNorm)
	}
}

// rare weighs a word by how few of the articles it asked for.
func (m *Model) rare(g Gram) float64 {
	return math.Log(1 + float64(len(m.Articles))/(1+float64(len(m.byGram[g]))))
}

// Shares of what was seen seldom are drawn to nothing.
const (
	seldom       = 1.5
	translations = 60 // words that are sought beside those of a question
)

// translate lists the words that answers to questions with these words had.
func (m *Model) translate(grams []Weighed) []Weighed {
	sum := 0.0
	at := map[Gram]float64{}
	for _, g := range grams {
		sum += g.Weight
		for _, w := range m.Translate[g.Gram] {
			at[w.Gram] += g.Weight * w.Weight
		}
	}
	out := make([]Weighed, 0, len(at))
	for g, w := range at {
		out = append(out, Weighed{g, w / sum})
	}
	slices.SortFunc(out, func(a, b Weighed) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Gram.A, b.Gram.A), cmp.Compare(a.Gram.B, b.Gram.B))
	})
	return out[:min(len(out), translations)]
}

// recall finds the articles and laws that were asked for in such words.
func (m *Model) recall(q *Question) {
	q.byAsked, q.byLaw = map[int]familiar{}, map[int]float64{}
	if q.sum == 0 || len(m.Articles) == 0 {
		return
	}
	for _, g := range q.grams {
		r := m.rare(g.Gram)
		q.norm += r * r
	}
	chars := sortedRunes(q.chars)
	for _, c := range chars {
		r := m.rare(Gram{c, 0})
		q.charNorm += r * r
	}
	q.norm, q.charNorm = math.Sqrt(q.norm), math.Sqrt(q.charNorm)
	for _, g := range q.grams {
		n := m.total[g.Gram] + seldom
		r := m.rare(g.Gram)
		for _, c := range m.byGram[g.Gram] {
			f := q.byAsked[c.article]
			f.share += g.Weight * c.times / n / q.sum
			f.cosine += of(r*r*math.Log1p(c.times), q.norm*m.Articles[c.article].norm)
			q.byAsked[c.article] = f
			q.byLaw[m.lawOf[c.article]] += g.Weight * c.times / n / q.sum
		}
	}
	for _, char := range chars {
		r := m.rare(Gram{char, 0})
		for _, c := range m.byGram[Gram{char, 0}] {
			f := q.byAsked[c.article]
			f.chars += of(r*r*math.Log1p(c.times), q.charNorm*m.Articles[c.article].charNorm)
			q.byAsked[c.article] = f
		}
	}
}

// Asked lists the articles that questions most like this one asked for, with
// how like they are.
func (q *Question) Asked() (articles []Article, like []float64) {
	type one struct {
		article int
		like    float64
	}
	var all []one
	for a, f := range q.byAsked {
		if f.cosine > 0 {
			all = append(all, one{a, f.cosine + 0.5*f.share + 0.3*f.chars})
		}
	}
	slices.SortFunc(all, func(a, b one) int { return cmp.Or(cmp.Compare(b.like, a.like), a.article-b.article) })
	for _, o := range all[:min(len(all), byAsked)] {
		articles, like = append(articles, q.model.Articles[o.article].Article), append(like, o.like)
	}
	return articles, like
}

// Laws are the laws that questions were learned about, in order.
func (m *Model) Laws() []string {
	var out []string
	for _, a := range m.Articles {
		if !slices.Contains(out, a.Law) {
			out = append(out, a.Law)
		}
	}
	slices.Sort(out)
	return out
}
