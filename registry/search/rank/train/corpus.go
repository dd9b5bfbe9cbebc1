package main

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"regexp"
	"strings"

	"tongbiao/registry/search/rank"
)

// article is a clause of the texts that are learned from.
type article struct {
	ID, Title, Article, Chapter, Text string
	law                               int
}

// corpus holds the texts as an index would: in memory, by pairs of characters.
type corpus struct {
	articles []article
	byID     map[string]int
	byName   map[rank.Article]int
	laws     []string
	length   []float64
	posts    map[rank.Gram][]post
	cited    []float64
	clauses  []float64 // of each law
}

type post struct {
	doc   int32
	times float32
}

func readLines[T any](path string) (out []T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, lines.Err()
}

func readCorpus(path string) (*corpus, error) {
	articles, err := readLines[article](path)
	if err != nil {
		return nil, err
	}
	c := &corpus{articles: articles, byID: map[string]int{}, byName: map[rank.Article]int{}, posts: map[rank.Gram][]post{}}
	laws := map[string]int{}
	for i := range c.articles {
		a := &c.articles[i]
		c.byID[a.ID] = i
		c.byName[rank.Article{Law: a.Title, Number: a.Article}] = i
		n, ok := laws[a.Title]
		if !ok {
			n = len(c.laws)
			laws[a.Title] = n
			c.laws = append(c.laws, a.Title)
		}
		a.law = n
		gs := rank.Grams(strings.Join([]string{a.Title, a.Chapter, a.Article, a.Text}, "\n"))
		c.length = append(c.length, float64(len(gs)))
		for _, g := range gs {
			ps := c.posts[g]
			if n := len(ps); n > 0 && ps[n-1].doc == int32(i) {
				ps[n-1].times++
			} else {
				c.posts[g] = append(ps, post{int32(i), 1})
			}
		}
	}
	c.cite(laws)
	c.clauses = make([]float64, len(c.laws))
	for _, a := range c.articles {
		c.clauses[a.law]++
	}
	return c, nil
}

var titled = regexp.MustCompile(`《([^《》]{2,60})》`)

// cite counts for each law the articles of others that name it.
func (c *corpus) cite(laws map[string]int) {
	c.cited = make([]float64, len(c.laws))
	short := map[string]int{}
	for t, n := range laws {
		short[strings.TrimPrefix(t, "中华人民共和国")] = n
	}
	for _, a := range c.articles {
		seen := map[int]bool{}
		for _, m := range titled.FindAllStringSubmatch(a.Text, -1) {
			if n, ok := short[strings.TrimPrefix(m[1], "中华人民共和国")]; ok && n != a.law && !seen[n] {
				seen[n] = true
				c.cited[n]++
			}
		}
	}
}

func (c *corpus) rarity(g rank.Gram) float64 {
	n := float64(len(c.posts[g]))
	if n == 0 {
		return 0
	}
	return math.Log(1 + (float64(len(c.articles))-n+0.5)/(n+0.5))
}

func (c *corpus) clause(i int) rank.Clause {
	a := c.articles[i]
	return rank.Clause{Law: a.Title, Path: a.Chapter, Number: a.Article, Body: a.Text}
}

// score adds up BM25 of words.
func (c *corpus) score(words []rank.Weighed) []float64 {
	out := make([]float64, len(c.articles))
	for _, w := range words {
		for _, p := range c.posts[w.Gram] {
			t := float64(p.times)
			out[p.doc] += w.Weight * t * 2.2 / (t + 1.2*(0.25+0.75*c.length[p.doc]/130))
		}
	}
	return out
}

// candidates are the clauses that the rankings propose for a question.
func (c *corpus) candidates(q *rank.Question) ([]rank.Candidate, rank.Best) {
	words, special, near, learned := c.score(q.Words()), c.score(q.Special), c.score(q.Near), c.score(q.Learned)
	asked := make([]float64, len(c.articles))
	names, like := q.Asked()
	for i, a := range names {
		if doc, ok := c.byName[a]; ok {
			asked[doc] = like[i]
		}
	}
	var found []rank.Scored
	for i, a := range c.articles {
		if words[i] > 0 || near[i] > 0 || learned[i] > 0 || asked[i] > 0 {
			found = append(found, rank.Scored{Asked: asked[i], Words: words[i], Special: special[i], Near: near[i], Learned: learned[i], Text: a.law, Place: i, Doc: uint64(i)})
		}
	}
	topic := q.Topics(c.clauses, func(g rank.Gram, add func(int, float64)) {
		for _, p := range c.posts[g] {
			add(c.articles[p.doc].law, float64(p.times))
		}
	})
	out, best := q.Choose(found, c.cited, topic, func(text int) string { return c.laws[text] })
	rank.Neighbours(out)
	return out, best
}
