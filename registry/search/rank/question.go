package rank

import (
	_ "embed"
	"math"
	"slices"
	"strings"
)

//go:embed data/question.txt
var questionList string

// questionWords puts a break in the place of each question word.
var questionWords = func() *strings.Replacer {
	var words []string
	for l := range strings.Lines(questionList) {
		if l = strings.TrimSpace(l); l != "" && l[0] != '#' {
			words = append(words, l)
		}
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, w := range words {
		pairs = append(pairs, w, "，")
	}
	return strings.NewReplacer(pairs...)
}()

// Plain gives a question without the words that only ask: breaks stand in their
// places. A text without such words comes back as it is.
func Plain(text string) string { return questionWords.Replace(text) }

// Weighed is a pair of characters and how much it counts.
type Weighed struct {
	Gram   Gram
	Weight float64
}

// asking is what kind of answer a question wants.
type asking uint8

const (
	amount  asking = 1 << iota // 多少钱
	period                     // 多久
	leave                      // 可以吗
	blame                      // 承担责任吗, 怎么赔
	meaning                    // 什么是
	course                     // 怎么办理
	valid                      // 有效吗
)

var askingWords = []struct {
	kind  asking
	words []string
}{
	{amount, []string{"多少", "几倍", "金额", "费用", "收费", "几成", "标准是", "比例"}},
	{period, []string{"多久", "多长", "几天", "几年", "几日", "几个月", "期限", "什么时候", "何时", "时效", "时间"}},
	{leave, []string{"可以", "能否", "能不能", "可否", "是否可", "能吗", "有权", "必须", "需要", "要不要", "应否", "允许"}},
	{blame, []string{"责任", "赔", "处罚", "罚", "后果", "犯罪", "判", "追究", "违法"}},
	{meaning, []string{"什么是", "是什么", "是指", "含义", "定义", "概念", "哪些", "包括", "哪几", "什么叫"}},
	{course, []string{"怎么办", "如何", "怎样", "怎么", "程序", "手续", "流程", "向谁", "哪个部门", "去哪"}},
	{valid, []string{"有效", "无效", "效力", "生效", "成立", "合法"}},
}

// Question is a question as it is ranked by.
type Question struct {
	grams               []Weighed // of its words, by their rarity
	at                  map[Gram]int
	sum                 float64
	chars               map[rune]float64
	charSum             float64
	text                []rune
	Near                []Weighed // of the field's words for its everyday ones
	Learned             []Weighed // of words that answers to such questions had
	Special             []Weighed // of its words, those that few questions have for more
	special, trusted    []float64 // of grams, by their number
	specialSum          float64
	trustedSum          float64
	sought              []pairSought // every pair that is looked for in a clause, once
	place               map[Gram]int // in sought
	headings            map[string]inHeading
	nearSum, learnedSum float64
	asks                asking
	model               *Model
	weights             []float64 // of the features
	norm, charNorm      float64   // for cosines
	byAsked             map[int]familiar
	byLaw               map[int]float64
}

// pairSought is a pair of characters that is looked for in a clause.
type pairSought struct {
	own           int // number in grams; -1: it is none of the question's
	near, learned float64
}

// seek gives a pair its place among those that are looked for.
func (q *Question) seek(g Gram) *pairSought {
	n, ok := q.place[g]
	if !ok {
		n = len(q.sought)
		q.place[g] = n
		q.sought = append(q.sought, pairSought{own: -1})
	}
	return &q.sought[n]
}

// familiar says how like the questions that an article answered a question is.
type familiar struct{ share, cosine, chars float64 }

// Read reads a question. rarity weighs a pair of characters by how few clauses
// hold it; 0 where none does.
func (m *Model) Read(text string, rarity func(Gram) float64) *Question {
	q := &Question{model: m, at: map[Gram]int{}, chars: map[rune]float64{}, place: map[Gram]int{}, headings: map[string]inHeading{}}
	for _, a := range askingWords {
		if slices.ContainsFunc(a.words, func(w string) bool { return strings.Contains(text, w) }) {
			q.asks |= a.kind
		}
	}
	q.text = letters(Plain(text))
	for _, g := range distinct(gramsOf(q.text)) {
		w := rarity(g)
		q.at[g] = len(q.grams)
		q.seek(g).own = len(q.grams)
		q.grams = append(q.grams, Weighed{g, w})
		q.sum += w
		q.chars[g.A] = max(q.chars[g.A], w)
		q.chars[g.B] = max(q.chars[g.B], w)
	}
	for _, r := range q.text {
		if w, ok := q.chars[r]; ok && w > 0 {
			q.charSum += w
			q.chars[r] = w
		}
	}
	q.charSum = 0
	for _, r := range sortedRunes(q.chars) {
		q.charSum += q.chars[r]
	}
	q.Near, q.nearSum = weigh(everyday(text, q.at), rarity)
	for _, w := range q.Near {
		q.seek(w.Gram).near = w.Weight
	}
	q.Learned, q.learnedSum = weigh(m.translate(q.grams), rarity)
	for _, w := range q.Learned {
		q.seek(w.Gram).learned = w.Weight
	}
	q.distinguish()
	m.recall(q)
	return q
}

// usual is how often a word of a question stands in its answer where nothing is
// known of the word.
const usual = 0.4

// distinguish weighs the words of the question by how few questions have them,
// and by how often they stood in the answers of those that had.
func (q *Question) distinguish() {
	m := q.model
	for _, g := range q.grams {
		known, share := m.Common[g.Gram], usual
		if known.Questions > 0 {
			share = known.Share
		}
		special := g.Weight
		if m.Questions > 0 {
			special *= math.Log((m.Questions+1)/(known.Questions+1)) / math.Log(m.Questions+1)
		}
		q.Special = append(q.Special, Weighed{g.Gram, special})
		q.special, q.specialSum = append(q.special, special), q.specialSum+special
		q.trusted, q.trustedSum = append(q.trusted, g.Weight*share), q.trustedSum+g.Weight*share
	}
}

func sortedRunes(m map[rune]float64) []rune {
	out := make([]rune, 0, len(m))
	for r := range m {
		out = append(out, r)
	}
	slices.Sort(out)
	return out
}

// weigh multiplies by rarity and keeps what is found at all.
func weigh(ws []Weighed, rarity func(Gram) float64) (out []Weighed, sum float64) {
	for _, w := range ws {
		if r := rarity(w.Gram); r > 0 && w.Weight > 0 {
			w.Weight *= r
			out = append(out, w)
			sum += w.Weight
		}
	}
	return out, sum
}
