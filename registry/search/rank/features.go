package rank

import (
	"math"
	"strings"
)

// Clause is a clause as it is ranked.
type Clause struct {
	Law     string // title of its text
	Path    string // titles above it
	Number  string
	Heading string
	Body    string
}

// Found is what the index knows of a candidate; all is ≥ 0.
type Found struct {
	Words                              float64 // BM25 of the question's words
	Special                            float64 // the same, of words that few questions have counting for more
	Topic                              float64 // share of the question's words that its text deals with, wherever
	Near                               float64 // BM25 of the field's words for them
	Learned                            float64 // BM25 of learned words
	Company                            float64 // what the best clauses of its text score
	Neighbour                          float64 // Words of the best clause within two places
	Cited                              float64 // clauses of other texts that name its text
	ByWords, ByCompany, ByAll, ByAsked int     // its place in four rankings, from 0
}

// Best is the greatest of what was found for a question.
type Best struct{ Words, Special, Topic, Near, Learned, Company float64 }

// Features are the names of what a clause is judged by, in the order of
// Model.Weights.
var Features = []string{
	"words", "words-of-best", "near-of-best", "learned-of-best", "company-of-best", "neighbour-of-best",
	"near", "learned", "cited", "place-words", "place-company", "place-all",
	"in-body", "in-characters", "in-title", "title-in-question", "in-path", "path-in-question", "in-heading",
	"longest-run", "best-sentence", "in-opening", "near-in-body", "learned-in-body", "density",
	"length", "short",
	"place-asked", "asked-share", "asked-cosine", "asked-characters", "asked-best", "asked-law", "law-asked-often", "asked-often",
	"amount", "period", "leave", "blame", "meaning", "course", "valid",
	"purpose", "in-force", "statute", "interpretation", "ordinance", "measures", "criminal",
	"special", "special-of-best", "special-in-body", "special-in-title", "trusted-in-body",
	"topic", "topic-of-best",
	"words-x-cited", "learned-x-words", "asked-x-words",
}

// Judge measures a clause by every feature.
func (q *Question) Judge(c Clause, f Found, best Best, into []float64) []float64 {
	body := letters(c.Body)
	in := q.look(body)
	title, path, heading := q.standing(c.Law), q.standing(c.Path), q.standing(c.Heading)
	n := float64(len(body))
	fam, law, lawOften, often := q.familiar(c)
	words, learned, cited := of(f.Words, best.Words), of(f.Learned, best.Learned), math.Log1p(f.Cited)/5
	into = append(into,
		of(f.Words, q.sum), words, of(f.Near, best.Near), learned, of(f.Company, best.Company), of(f.Neighbour, best.Words),
		of(f.Near, q.nearSum+5), of(f.Learned, q.learnedSum+1), cited, place(f.ByWords), place(f.ByCompany), place(f.ByAll),
		in.share, in.chars, title.share, title.of, path.share, path.of, heading.share,
		math.Min(float64(in.run), 12)/6, in.sentence, in.opening, in.near, in.learned, in.share/math.Log(20+n),
		math.Log(20+n)/5, below(n, 30),
		place(f.ByAsked), fam.share, fam.cosine, fam.chars, fam.cosine*fam.cosine, law, lawOften, often,
	)
	into = append(into, q.fits(c)...)
	return append(into,
		is(strings.HasPrefix(c.Body, "为了") || strings.HasPrefix(c.Body, "为") && strings.Contains(c.Body, "制定本")),
		is(n < 60 && strings.Contains(c.Body, "施行")),
		is(strings.HasSuffix(c.Law, "法") || strings.HasSuffix(c.Law, "法典")),
		is(strings.Contains(c.Law, "最高人民")), is(strings.HasSuffix(c.Law, "条例")),
		is(strings.HasSuffix(c.Law, "办法") || strings.HasSuffix(c.Law, "规定") || strings.HasSuffix(c.Law, "细则")),
		is(strings.Contains(c.Law, "刑法") || strings.Contains(c.Law, "刑事")),
		of(f.Special, q.specialSum), of(f.Special, best.Special), in.special, title.special, in.trusted,
		f.Topic, of(f.Topic, best.Topic),
		words*cited, learned*words, fam.cosine*words,
	)
}

func of(a, b float64) float64 {
	if b <= 0 {
		return 0
	}
	return a / b
}

func place(n int) float64 { return 10 / float64(10+n) }

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func below(n, bar float64) float64 { return math.Max(0, bar-n) / bar }

// looked is what a question finds in a text.
type looked struct {
	share, chars, sentence, opening, near, learned, special, trusted float64
	run                                                              int
}

// look reads a text once.
func (q *Question) look(body []rune) (in looked) {
	seen := make([]int, len(q.sought)) // sentence in which it was seen last, from 1
	chars := map[rune]bool{}
	sentence, run := 1, 0
	inSentence := 0.0
	for i, r := range body {
		if w := q.chars[r]; w > 0 && !chars[r] {
			chars[r] = true
			in.chars += w
		}
		if i+1 == len(body) || r == 0 || body[i+1] == 0 {
			if r == 0 {
				sentence++
				inSentence *= 0.5 // what stands in the sentence before counts half
			}
			run = 0
			continue
		}
		g := Gram{r, body[i+1]}
		n, ok := q.place[g]
		if !ok {
			run = 0
			continue
		}
		p := &q.sought[n]
		if seen[n] == 0 {
			in.near += p.near
			in.learned += p.learned
		}
		if p.own < 0 {
			seen[n], run = sentence, 0
			continue
		}
		w := q.grams[p.own].Weight
		if seen[n] == 0 {
			in.share += w
			in.special += q.special[p.own]
			in.trusted += q.trusted[p.own]
			if i < 24 {
				in.opening += w
			}
		}
		if seen[n] != sentence {
			seen[n] = sentence
			inSentence += w
			in.sentence = max(in.sentence, inSentence)
		}
		if run == 0 {
			run = 1
		}
		run++
		in.run = max(in.run, run)
	}
	in.share, in.sentence, in.opening = of(in.share, q.sum), of(in.sentence, q.sum), of(in.opening, q.sum)
	in.special, in.trusted = of(in.special, q.specialSum), of(in.trusted, q.trustedSum)
	in.chars, in.near, in.learned = of(in.chars, q.charSum), of(in.near, q.nearSum+5), of(in.learned, q.learnedSum)
	return in
}

// inHeading is what a question and a heading share.
type inHeading struct {
	share   float64 // of the question that stands in the heading
	of      float64 // of the heading that stands in the question
	special float64 // of what is special in the question, that stands in the heading
}

// standing tells what a question shares with a heading, which many clauses have.
func (q *Question) standing(heading string) inHeading {
	in, ok := q.headings[heading]
	if ok {
		return in
	}
	found, all := 0, 0
	for _, g := range distinct(Grams(strings.TrimPrefix(heading, "中华人民共和国"))) {
		all++
		if at, ok := q.at[g]; ok {
			found++
			in.share += q.grams[at].Weight
			in.special += q.special[at]
		}
	}
	in = inHeading{of(in.share, q.sum), of(float64(found), float64(all)+2), of(in.special, q.specialSum)}
	q.headings[heading] = in
	return in
}

// familiar tells how like the questions that this article and its law answered
// the question is.
func (q *Question) familiar(c Clause) (f familiar, law, lawOften, often float64) {
	m := q.model
	if l, ok := m.laws[c.Law]; ok {
		law, lawOften = q.byLaw[l], math.Log1p(m.questions[l])/5
	}
	if a, ok := m.byName[Article{c.Law, c.Number}]; ok {
		f, often = q.byAsked[a], math.Log1p(m.Articles[a].Questions)/3
	}
	return f, law, lawOften, often
}

var fitting = map[asking][]string{
	amount:  {"元", "倍", "百分之", "%", "金额", "标准", "费"},
	period:  {"日内", "个月", "年", "小时", "期限", "期间", "届满", "之日起"},
	leave:   {"可以", "有权", "不得", "应当", "必须"},
	blame:   {"责任", "赔偿", "罚款", "处", "追究"},
	meaning: {"是指", "是", "包括", "下列"},
	course:  {"应当", "申请", "向", "请求", "可以"},
	valid:   {"有效", "无效", "效力", "生效", "成立"},
}

// fits tells whether a clause has what a question of its kind wants.
func (q *Question) fits(c Clause) []float64 {
	out := make([]float64, 0, len(askingWords))
	for _, a := range askingWords {
		v := 0.0
		if q.asks&a.kind != 0 {
			for i, w := range fitting[a.kind] {
				if strings.Contains(c.Body, w) {
					v = math.Max(v, 1-float64(i)*0.1)
				}
			}
		}
		out = append(out, v)
	}
	return out
}

// Weigh says whether questions were learned about any of the candidates' texts:
// it chooses the weights of Score and Why.
func (q *Question) Weigh(known bool) {
	q.weights = q.model.Plain
	if known {
		q.weights = q.model.Weights
	}
}

// Score is what the features come to, by the weights that were learned.
func (q *Question) Score(features []float64) (sum float64) {
	for i, f := range features {
		sum += q.weights[i] * f
	}
	return sum
}
