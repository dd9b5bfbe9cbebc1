package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
)

// ReasonKind says why two clauses are held to belong together.
type ReasonKind string

const (
	SharedWords ReasonKind = "words"      // the words that weigh most among those that both use
	BestPassage ReasonKind = "paragraphs" // the two passages that are each other's nearest
	SameRole    ReasonKind = "role"       // purpose, scope, effective date and the like
	SameTitle   ReasonKind = "title"
	SameTerm    ReasonKind = "term"
	CitedText   ReasonKind = "cited" // both threaten what is cited, and that is alike
)

// Reason is one reason, to be said by String or English.
type Reason struct {
	Kind  ReasonKind `json:"kind"`
	Words []string   `json:"words,omitempty"`
}

// String says the reason in Chinese.
func (r Reason) String() string {
	words := strings.Join(r.Words, "、")
	switch r.Kind {
	case SharedWords:
		return "共有词语：" + words
	case BestPassage:
		return "最接近的段落：" + strings.Join(r.Words, " 与 ")
	case SameRole:
		return "同类条款：" + words
	case SameTitle:
		return "标题相同或相近：" + strings.Join(slices.Compact(slices.Clone(r.Words)), " 与 ")
	case SameTerm:
		return "术语相同或相近：" + strings.Join(slices.Compact(slices.Clone(r.Words)), " 与 ")
	case CitedText:
		return "所引条款内容相近：" + strings.Join(r.Words, " 与 ")
	}
	return words
}

// English says the reason in English.
func (r Reason) English() string {
	words := strings.Join(r.Words, ", ")
	switch r.Kind {
	case SharedWords:
		return "shared words: " + words
	case BestPassage:
		return "nearest paragraphs: " + strings.Join(r.Words, " and ")
	case SameRole:
		return "same kind of clause: " + words
	case SameTitle:
		return "same or similar title: " + words
	case SameTerm:
		return "same or similar term: " + words
	case CitedText:
		return "the clauses that they cite are alike: " + strings.Join(r.Words, " and ")
	}
	return words
}

// addReason adds a reason unless there is one of its kind.
func addReason(all []Reason, r Reason) []Reason {
	if slices.ContainsFunc(all, func(have Reason) bool { return have.Kind == r.Kind }) {
		return all
	}
	return append(all, r)
}

// reasons says in words what the evidence of a pair is.
func (f *family) reasons(p *pair) []Reason {
	a, b := f.provisions[p.a], f.provisions[p.b]
	var out []Reason
	if p.evidence[eTerm] > 0.3 {
		out = append(out, Reason{SameTerm, []string{a.title, b.title}})
	}
	if p.evidence[eTitle] > 0.3 {
		out = append(out, Reason{SameTitle, []string{a.title, b.title}})
	}
	if p.evidence[eRole] > 0 {
		out = append(out, Reason{SameRole, []string{string(a.role)}})
	}
	if words := f.sharedWords(p.x, p.y, 5); len(words) > 0 {
		out = append(out, Reason{SharedWords, words})
	}
	if (a.last-a.first > 1 || b.last-b.first > 1) && p.evidence[eParagraph] > 0 {
		out = append(out, Reason{BestPassage, []string{f.cite(p.x), f.cite(p.y)}})
	}
	if x, y := f.cited[p.x], f.cited[p.y]; len(x) > 0 && len(y) > 0 {
		out = append(out, Reason{CitedText, []string{f.cite(x[0]), f.cite(y[0])}})
	}
	return out
}

// cite names a passage as the field does: 第十二条第二款, 5.2.1 第 2 段.
func (f *family) cite(i int) string {
	n := f.nodes[i]
	p := f.provisions[n.provision]
	name := cmp.Or(p.clause.Number, p.clause.Title, p.clause.ID)
	if p.last-p.first == 1 {
		return name
	}
	if p.clause.Kind == editor.Article {
		return fmt.Sprintf("%s第 %d 款", name, n.place.Paragraph)
	}
	return fmt.Sprintf("%s 第 %d 段", name, n.place.Paragraph)
}

// run is a stretch of characters that two passages share.
type run struct {
	text   string
	weight float64
	at     int
}

const (
	longestRun = 10  // characters of a shared stretch that is shown
	torn       = 0.4 // what a stretch counts for each end that may be inside of a word
)

// particles stand between words.
const particles = "的和与或及在对于由向从为以将把被其该并等之所者应须不得可按照"

// sharedWords are the heaviest stretches that both passages have, at most n, in
// the order of the first.
func (f *family) sharedWords(x, y, n int) []string {
	runs := f.runs(x, y)
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(b.weight, a.weight) })
	runs = runs[:min(len(runs), n)]
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(a.at, b.at) })
	var out []string
	for _, r := range runs {
		out = append(out, r.text)
	}
	return out
}

// runs are the stretches of Chinese characters of passage x all of whose
// neighbouring pairs stand in y too, each once. Particles divide them; what is
// longer than longestRun is divided where it weighs least. A stretch that ends
// where the two texts part, and not at a mark or a particle, may cut a word: it
// weighs less.
func (f *family) runs(x, y int) []run {
	symbols, other := f.nodes[x].symbols, f.nodes[y].vector
	seen := map[string]bool{}
	var out []run
	keep := func(from, to int, weights []float64) {
		text := string(symbols[from:to])
		if to-from < 2 || seen[text] || empty(text) {
			return
		}
		seen[text] = true
		total := 0.0
		for _, w := range weights {
			total += w
		}
		for _, inside := range []bool{isWordPart(symbols, from-1), isWordPart(symbols, to)} {
			if inside {
				total *= torn
			}
		}
		out = append(out, run{text, total / math.Sqrt(float64(to-from)), from})
	}
	var weights []float64 // of the pairs from start on
	start := 0
	for i := 0; i <= len(symbols); i++ {
		w := 0.0
		if isWordPart(symbols, i) && isWordPart(symbols, i+1) {
			w = other.weight(termOf(symbols[i], symbols[i+1]))
		}
		if w > 0 {
			weights = append(weights, w)
			continue
		}
		for _, cut := range cutRun(weights) {
			keep(start+cut[0], start+cut[1], weights[cut[0]:max(cut[0], cut[1]-1)])
		}
		start, weights = i+1, weights[:0]
	}
	return out
}

// cutRun divides a stretch, given by the weights of its pairs, into pieces that
// are short enough to be shown.
func cutRun(weights []float64) [][2]int {
	n := len(weights) + 1
	if len(weights) == 0 {
		return nil
	}
	if n <= longestRun {
		return [][2]int{{0, n}}
	}
	weakest := 1
	for i := 1; i < len(weights)-1; i++ {
		if weights[i] < weights[weakest] {
			weakest = i
		}
	}
	out := cutRun(weights[:weakest])
	for _, piece := range cutRun(weights[weakest+1:]) {
		out = append(out, [2]int{piece[0] + weakest + 1, piece[1] + weakest + 1})
	}
	return out
}

// isWordPart reports whether the symbol at place i is a character of a word: no
// mark, no particle, not the 当 of 应当.
func isWordPart(symbols []rune, i int) bool {
	if i < 0 || i >= len(symbols) {
		return false
	}
	r := symbols[i]
	return r != gap && !isWordSymbol(r) && !strings.ContainsRune(particles, r) && !(r == '当' && i > 0 && symbols[i-1] == '应')
}

// weight of a term in a vector; 0 when it is not there.
func (v vector) weight(t term) float64 {
	if i, ok := slices.BinarySearch(v.terms, t); ok {
		return v.weights[i]
	}
	return 0
}

// empty reports whether a stretch says nothing by itself.
func empty(text string) bool {
	if utf8.RuneCountInString(text) < 2 {
		return true
	}
	switch text {
	case "应当", "不得", "可以", "或者", "有关", "规定", "以及", "按照", "根据", "进行", "部门", "单位", "其他", "下列", "情形", "有下列", "条例", "本条例", "本文件", "有关规定", "的应当", "人民政府", "法律法规":
		return true
	}
	return false
}

const longestTopic = 16 // characters

// topic says what a row is about: its clauses' title or term, its role, or the
// words that most of its texts share.
func (f *family) topic(nodes []int) string {
	titles := map[string]int{}
	roles := map[role]int{}
	for _, i := range nodes {
		p := f.provisions[f.nodes[i].provision]
		if p.title != "" {
			titles[p.title]++
		}
		roles[p.role] += len(nodes)
	}
	if t := mostFrequent(titles); t != "" && 2*titles[t] >= len(nodes) || t != "" && len(titles) > 0 && sumOf(titles)*2 >= len(nodes) {
		return shorten(t)
	}
	for r, n := range roles {
		if r != noRole && r != termRole && n == len(nodes)*len(nodes) {
			return string(r)
		}
	}
	if words := f.commonWords(nodes); words != "" {
		return words
	}
	return shorten(opening(f.nodes[nodes[0]].text))
}

func sumOf(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// mostFrequent is the title that most clauses have; the shorter one where two
// are as frequent.
func mostFrequent(titles map[string]int) string {
	best := ""
	for t, n := range titles {
		if best == "" || n > titles[best] || n == titles[best] && (len(t) < len(best) || len(t) == len(best) && t < best) {
			best = t
		}
	}
	return best
}

// commonWords are the one or two heaviest stretches that the most texts share.
func (f *family) commonWords(nodes []int) string {
	type found struct {
		run
		texts map[int]bool
	}
	byText := map[string]*found{}
	var order []*found
	limited := nodes[:min(len(nodes), 12)]
	for _, x := range limited {
		for _, y := range limited {
			if f.nodes[x].place.Doc >= f.nodes[y].place.Doc {
				continue
			}
			for _, r := range f.runs(x, y) {
				k := byText[r.text]
				if k == nil {
					k = &found{r, map[int]bool{}}
					byText[r.text] = k
					order = append(order, k)
				}
				k.weight = math.Max(k.weight, r.weight)
				k.texts[f.nodes[x].place.Doc], k.texts[f.nodes[y].place.Doc] = true, true
			}
		}
	}
	slices.SortStableFunc(order, func(a, b *found) int {
		return cmp.Or(cmp.Compare(float64(len(b.texts))*b.weight, float64(len(a.texts))*a.weight), cmp.Compare(a.text, b.text))
	})
	topic := ""
	for _, k := range order[:min(len(order), 2)] {
		if topic != "" && utf8.RuneCountInString(topic)+utf8.RuneCountInString(k.text) > longestTopic {
			break
		}
		if topic != "" {
			topic += " "
		}
		topic += k.text
	}
	return topic
}

// opening is the first clause of a passage.
func opening(text string) string {
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, "，。；：\n"); i > 0 {
		return text[:i]
	}
	return text
}

func shorten(s string) string {
	if r := []rune(s); len(r) > longestTopic {
		return string(r[:longestTopic-1]) + "…"
	}
	return s
}
