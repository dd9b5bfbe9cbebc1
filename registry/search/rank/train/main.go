// Command train learns how to rank clauses for lay questions and writes what it
// learned to registry/search/rank/data: words and weights, no text.
//
//	go run ./registry/search/rank/train ../shared/data/retrieval
//
// It prints how well questions are answered that it did not learn from.
package main

import (
	"flag"
	"fmt"
	"hash/fnv"
	"log"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"tongbiao/registry/search/rank"
)

var (
	folds  = flag.Int("folds", 5, "questions are divided into so many parts")
	decay  = flag.Float64("decay", 0.02, "how strongly weights are drawn to nothing")
	rounds = flag.Int("rounds", 150, "steps of the fit")
	out    = flag.String("write", "", "folder for what is learned from all questions; none: only measure")
	all    = flag.Bool("all", false, "measure also without what is learned from questions")
	hold   = flag.Int("hold", -1, "learn nothing from the questions of this fold, and measure nothing: to try what is written on them elsewhere")
	show   = flag.Bool("show", false, "print the weights")
)

type query struct {
	ID, Text string
	answers  []int
	fold     int
}

func main() {
	log.SetFlags(0)
	flag.Parse()
	if err := run(flag.Arg(0)); err != nil {
		log.Fatal(err)
	}
}

func run(folder string) error {
	c, err := readCorpus(filepath.Join(folder, "corpus.jsonl"))
	if err != nil {
		return err
	}
	queries, err := readQueries(folder, c)
	if err != nil {
		return err
	}
	if *hold >= 0 {
		return withheld(c, slices.DeleteFunc(queries, func(q query) bool { return q.fold == *hold }))
	}
	report := func(name string, order func(q *query) []int) {
		var n, r10, r100, gain float64
		folded := make([]string, *folds) // the same of each fold
		for f := range *folds {
			var m, s10, s100, sum float64
			for i := range queries {
				if q := &queries[i]; q.fold == f {
					a, b, g := measure(order(q), q.answers)
					m, s10, s100, sum = m+1, s10+a, s100+b, sum+g
				}
			}
			folded[f] = fmt.Sprintf("%.3f", sum/m)
			n, r10, r100, gain = n+m, r10+s10, r100+s100, gain+sum
		}
		fmt.Printf("%-44s %.4f  %.4f  %.4f  (%s)\n", name, gain/n, r10/n, r100/n, strings.Join(folded, " "))
	}
	fmt.Printf("%-44s nDCG@10 R@10   R@100   (nDCG@10 of each fold)\n", fmt.Sprintf("%d questions, %d clauses", len(queries), len(c.articles)))
	examples, docs := judge(c, queries, everyone, func(*query) *rank.Model { return &rank.Model{} })
	report("words", func(q *query) []int { return byFeature(examples[q.at(queries)], docs[q.at(queries)], 0) })
	report("candidates (best possible)", func(q *query) []int { return ideal(docs[q.at(queries)], q.answers) })
	if *all {
		plain := without(examples, "learned", "asked")
		held := crossFit(plain, queries, nil)
		report("re-ranked, nothing learned but weights", func(q *query) []int { i := q.at(queries); return ranked(plain[i], docs[i], held[q.fold]) })
		plain = without(examples, ofLaws...)
		held = crossFit(plain, queries, matching())
		for f := range held {
			held[f] = halved(held[f], plain)
		}
		report("the same as texts nobody asked about are", func(q *query) []int { i := q.at(queries); return ranked(plain[i], docs[i], held[q.fold]) })
	}
	models := &byFolds{c: c, queries: queries, held: map[[2]int]*rank.Model{}}
	examples, docs = judge(c, queries, everyone, func(q *query) *rank.Model { return models.without(q.fold, q.fold) })
	report("candidates with learned words (best possible)", func(q *query) []int { return ideal(docs[q.at(queries)], q.answers) })
	held := make([][]float64, *folds)
	for f := range held {
		// Nested: what the weights of a fold are learned from was judged by models
		// that saw neither this fold nor the question's own.
		inner, _ := judge(c, queries, func(q *query) bool { return q.fold != f }, func(q *query) *rank.Model { return models.without(f, q.fold) })
		held[f] = rank.Fit(hard(inner), *decay, *rounds, nil)
	}
	report("re-ranked with learned words", func(q *query) []int { i := q.at(queries); return ranked(examples[i], docs[i], held[q.fold]) })
	weights := rank.Fit(hard(examples), *decay, *rounds, nil)
	if *show {
		for i, f := range rank.Features {
			fmt.Printf("  %-20s %8.3f\n", f, weights[i])
		}
	}
	if *out == "" {
		return nil
	}
	return writeLearned(c, queries, examples, weights)
}

// writeLearned writes what is learned from all questions.
func writeLearned(c *corpus, queries []query, examples []rank.Example, weights []float64) error {
	m := rank.Learn(answered(c, queries, everyone), c.rarity)
	m.Weights = weights
	plain := without(examples, ofLaws...)
	m.Plain = halved(rank.Fit(hard(plain), *decay, *rounds, matching()), plain)
	return write(m, *out)
}

// withheld learns from the questions that are left and writes it.
func withheld(c *corpus, queries []query) error {
	models := &byFolds{c: c, queries: queries, held: map[[2]int]*rank.Model{}}
	examples, _ := judge(c, queries, everyone, func(q *query) *rank.Model { return models.without(q.fold, q.fold) })
	return writeLearned(c, queries, examples, rank.Fit(hard(examples), *decay, *rounds, nil))
}

// ofLaws are the features that hold only where questions were learned about the
// texts that are searched, or of statutes.
var ofLaws = []string{"asked", "learned", "statute", "interpretation", "ordinance", "measures", "criminal", "cited"}

// field is what the words that people wrote for the field count at least in its
// standards: in statutes they are rare, so the questions teach too little of them.
var field = map[string]float64{"near": 1, "near-in-body": 1.5}

// ofKind are the features that may count against a clause: what it is, and not
// how well it matches.
var ofKind = []string{"length", "short", "purpose", "in-force", "statute", "interpretation", "ordinance", "measures", "criminal"}

// matching is what features count at least in texts that no question was learned
// about. Features that measure nearly the same get weights of both signs, which
// cancel in the texts that they were learned from and nowhere else: there it is
// held that to match better never counts against a clause.
func matching() map[string]float64 {
	out := map[string]float64{}
	for _, f := range rank.Features {
		if !slices.Contains(ofKind, f) {
			out[f] = field[f]
		}
	}
	return out
}

// halved draws weights half way to the order by words alone, which needs no
// learning: it gives the score by words as much spread as the learned score has.
func halved(weights []float64, examples []rank.Example) []float64 {
	at := slices.Index(rank.Features, "words-of-best")
	words := make([]float64, len(weights))
	words[at] = 1
	out := slices.Clone(weights)
	out[at] += spread(examples, weights) / spread(examples, words)
	return out
}

// spread is the standard deviation of scores among the candidates of a question.
func spread(examples []rank.Example, weights []float64) float64 {
	sum, n := 0.0, 0.0
	for _, e := range hard(examples) {
		mean, squares := 0.0, 0.0
		for _, f := range e.Features {
			score := 0.0
			for i, v := range f {
				score += weights[i] * v
			}
			mean, squares = mean+score, squares+score*score
		}
		if k := float64(len(e.Features)); k > 0 {
			sum, n = sum+squares/k-mean*mean/k/k, n+1
		}
	}
	return math.Sqrt(sum / n)
}

func everyone(*query) bool { return true }

// byFolds are the models that have not seen two of the folds.
type byFolds struct {
	c       *corpus
	queries []query
	held    map[[2]int]*rank.Model
}

// without gives the model that saw neither fold.
func (b *byFolds) without(f, g int) *rank.Model {
	pair := [2]int{min(f, g), max(f, g)}
	m := b.held[pair]
	if m == nil {
		m = rank.Learn(answered(b.c, b.queries, func(q *query) bool { return q.fold != f && q.fold != g }), b.c.rarity)
		b.held[pair] = m
	}
	return m
}

func (q *query) at(all []query) int {
	i, _ := slices.BinarySearchFunc(all, q.ID, func(a query, id string) int { return strings.Compare(a.ID, id) })
	return i
}

func readQueries(folder string, c *corpus) ([]query, error) {
	queries, err := readLines[query](filepath.Join(folder, "queries.dev.jsonl"))
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(filepath.Join(folder, "qrels.dev.tsv"))
	if err != nil {
		return nil, err
	}
	answers := map[string][]int{}
	for line := range strings.Lines(string(raw)) {
		f := strings.Fields(line)
		if doc, ok := c.byID[f[2]]; ok && f[3] != "0" {
			answers[f[0]] = append(answers[f[0]], doc)
		}
	}
	for i := range queries {
		q := &queries[i]
		q.answers = answers[q.ID]
		h := fnv.New32a()
		h.Write([]byte("fold" + q.ID))
		q.fold = int(h.Sum32()>>3) % *folds
	}
	slices.SortFunc(queries, func(a, b query) int { return strings.Compare(a.ID, b.ID) })
	return slices.DeleteFunc(queries, func(q query) bool { return len(q.answers) == 0 }), nil
}

func answered(c *corpus, queries []query, takes func(*query) bool) (out []rank.Answered) {
	for i := range queries {
		q := &queries[i]
		if !takes(q) {
			continue
		}
		a := rank.Answered{Text: q.Text}
		for _, d := range q.answers {
			a.Answers = append(a.Answers, c.clause(d))
		}
		out = append(out, a)
	}
	return out
}

// judge measures the candidates of the questions taken, each with its model.
func judge(c *corpus, queries []query, takes func(*query) bool, modelOf func(*query) *rank.Model) ([]rank.Example, [][]int) {
	examples, docs := make([]rank.Example, len(queries)), make([][]int, len(queries))
	models := make([]*rank.Model, len(queries))
	for i := range queries {
		if takes(&queries[i]) {
			models[i] = modelOf(&queries[i])
		}
	}
	var busy sync.WaitGroup
	next := make(chan int)
	for range 2 {
		busy.Go(func() {
			for i := range next {
				q := &queries[i]
				asked := models[i].Read(q.Text, c.rarity)
				found, best := c.candidates(asked)
				for n, f := range found {
					doc := int(f.Doc)
					docs[i] = append(docs[i], doc)
					examples[i].Features = append(examples[i].Features, asked.Judge(c.clause(doc), f.Found, best, nil))
					if slices.Contains(q.answers, doc) {
						examples[i].Answers = append(examples[i].Answers, n)
					}
				}
			}
		})
	}
	for i := range queries {
		if models[i] != nil {
			next <- i
		}
	}
	close(next)
	busy.Wait()
	return examples, docs
}

// hard leaves of the candidates those that are hard to tell from the answers:
// what all rankings together put far below teaches little.
func hard(examples []rank.Example) []rank.Example {
	const enough = 10. / (10 + 150)
	at := slices.Index(rank.Features, "place-all")
	asked := slices.Index(rank.Features, "place-asked")
	out := make([]rank.Example, len(examples))
	for i, e := range examples {
		for n, f := range e.Features {
			answers := slices.Contains(e.Answers, n)
			if answers {
				out[i].Answers = append(out[i].Answers, len(out[i].Features))
			}
			if answers || f[at] > enough || f[asked] > 0.3 {
				out[i].Features = append(out[i].Features, f)
			}
		}
	}
	return out
}

// crossFit gives for each fold the weights learned from the others.
func crossFit(examples []rank.Example, queries []query, least map[string]float64) [][]float64 {
	out := make([][]float64, *folds)
	var busy sync.WaitGroup
	for f := range out {
		busy.Go(func() {
			var others []rank.Example
			for i, e := range examples {
				if queries[i].fold != f {
					others = append(others, e)
				}
			}
			out[f] = rank.Fit(hard(others), *decay, *rounds, least)
		})
	}
	busy.Wait()
	return out
}

// without leaves out the features whose names begin so.
func without(examples []rank.Example, names ...string) []rank.Example {
	out := make([]rank.Example, len(examples))
	for i, e := range examples {
		out[i].Answers = e.Answers
		for _, f := range e.Features {
			g := slices.Clone(f)
			for j, name := range rank.Features {
				if slices.ContainsFunc(names, func(n string) bool { return strings.Contains(name, n) }) {
					g[j] = 0
				}
			}
			out[i].Features = append(out[i].Features, g)
		}
	}
	return out
}

func byFeature(e rank.Example, docs []int, feature int) []int {
	w := make([]float64, len(rank.Features))
	w[feature] = 1
	return ranked(e, docs, w)
}

func ranked(e rank.Example, docs []int, w []float64) []int {
	order := make([]int, len(docs))
	scores := make([]float64, len(docs))
	for i, f := range e.Features {
		order[i] = i
		for j, v := range f {
			scores[i] += w[j] * v
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	for i, o := range order {
		order[i] = docs[o]
	}
	return order
}

func ideal(docs, answers []int) []int {
	out := slices.Clone(docs)
	slices.SortStableFunc(out, func(a, b int) int {
		x, y := slices.Contains(answers, a), slices.Contains(answers, b)
		switch {
		case x && !y:
			return -1
		case y && !x:
			return 1
		}
		return 0
	})
	return out
}

// measure gives recall at 10 and at 100 and nDCG at 10.
func measure(order, answers []int) (r10, r100, gain float64) {
	n := float64(len(answers))
	best := 0.0
	for i := range min(10, len(answers)) {
		best += 1 / math.Log2(float64(i+2))
	}
	for i, d := range order[:min(100, len(order))] {
		if !slices.Contains(answers, d) {
			continue
		}
		r100 += 1 / n
		if i < 10 {
			r10 += 1 / n
			gain += 1 / math.Log2(float64(i+2)) / best
		}
	}
	return r10, r100, gain
}
