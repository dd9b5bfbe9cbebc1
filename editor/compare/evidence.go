package compare

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Evidence that two clauses make the same provision. What is learned from it
// stands in weights.tsv under the same names.
const (
	eCosine    = iota // of the two clauses
	eParagraph        // cosine of their best pair of passages
	eRatio            // that pair against the best rival of either passage
	eMutual           // best pair of passages of which each is the other's best
	eCosineLog        // the logarithms of the three cosines: from 0.02 to 0.1 is a longer way than from 0.5 to 0.58
	eParagraphLog
	eMutualLog
	ePenalty          // one threatens a sanction, the other does not
	eRole             // same special role
	eRoleOther        // special role on one side only, or another one
	eTitle            // both have a title: how alike these are
	eTitleOther       // both have a title: how unlike these are
	eTerm             // both define a term: how alike the terms are
	eMeaning          // how near the words of the two clauses are in meaning
	eMeaningParagraph // those of their nearest pair of passages
	eMeaningRatio     // that pair against the best rival of either passage
	eBoth             // eRatio and eMeaningRatio at once
	eChapter          // how alike the titles of their chapters are
	evidences
)

var evidenceNames = [evidences]string{
	"cosine", "paragraph", "ratio", "mutual", "cosine-log", "paragraph-log", "mutual-log", "penalty", "role", "role-other", "title", "title-other", "term", "meaning", "meaning-paragraph", "meaning-ratio", "both", "chapter",
}

// pair is two provisions of different texts, a < b, and what speaks for them.
type pair struct {
	a, b     int
	evidence [evidences]float64
	x, y     int     // their best pair of passages
	runnerUp float64 // cosine of the best rival of that pair
	odds     float64 // log-odds that they are the same provision
}

// neighbour is a passage of another text and the cosine with it.
type neighbour struct {
	node   int32
	cosine float32
}

// nearer orders neighbours, the nearest first.
func nearer(a, b neighbour) int {
	switch {
	case a.cosine > b.cosine:
		return -1
	case a.cosine < b.cosine:
		return 1
	}
	return int(a.node) - int(b.node)
}

const (
	smallFamily   = 3000 // nodes up to which every shared term counts
	crowdedTerm   = 150  // in larger families, terms in more passages find no candidates
	maxNeighbours = 400  // kept for a passage
	faintest      = 0.02 // cosines below it are not kept
)

// neighbours lists for each node the nodes of other texts that share terms with
// it, in an order that depends on the texts alone. Cosines of short passages are damped: few characters
// agree easily.
func (f *family) neighbours() [][]neighbour {
	postings := make([][]int32, len(f.terms.terms))
	for i, n := range f.nodes {
		for _, t := range n.vector.numbers {
			postings[t] = append(postings[t], int32(i))
		}
	}
	large := len(f.nodes) > smallFamily
	out := make([][]neighbour, len(f.nodes))
	weights := f.postingWeights(postings)
	scratch := make([]struct {
		dots []float64
		met  []int32
	}, workers())
	inParallel(len(f.nodes), func(i, worker int) {
		s := &scratch[worker]
		if s.dots == nil {
			s.dots = make([]float64, len(f.nodes))
		}
		n, dots, met := &f.nodes[i], s.dots, s.met[:0]
		for k, t := range n.vector.numbers {
			if large && len(postings[t]) > crowdedTerm {
				continue
			}
			for pi, j := range postings[t] {
				if f.nodes[j].place.Doc == n.place.Doc {
					continue
				}
				if dots[j] == 0 {
					met = append(met, j)
				}
				dots[j] += n.vector.weights[k] * weights[t][pi]
			}
		}
		out[i] = f.nearest(i, met, dots)
		s.met = met
	})
	return out
}

func (f *family) postingWeights(postings [][]int32) [][]float64 {
	weights := make([][]float64, len(postings))
	for t := range postings {
		weights[t] = make([]float64, 0, len(postings[t]))
	}
	for _, n := range f.nodes {
		for k, t := range n.vector.numbers {
			weights[t] = append(weights[t], n.vector.weights[k])
		}
	}
	return weights
}

// nearest turns the inner products of node i into sorted neighbours and clears
// them.
func (f *family) nearest(i int, met []int32, dots []float64) []neighbour {
	var out []neighbour
	n := &f.nodes[i]
	for _, j := range met {
		m := &f.nodes[j]
		c := dots[j] / (n.vector.norm * m.vector.norm)
		dots[j] = 0
		if c = damped(c, n, m); c > faintest {
			out = append(out, neighbour{j, float32(c)})
		}
	}
	return nearestOf(out)
}

// nearestOf keeps the nearest of many neighbours.
func nearestOf(list []neighbour) []neighbour {
	if len(list) > maxNeighbours {
		slices.SortFunc(list, nearer)
		list = list[:maxNeighbours]
	}
	return list
}

// pairs weighs the evidence of every two provisions that share something.
func (f *family) pairs(near [][]neighbour) []pair {
	best := f.rivals(near)
	index := newPairIndex(len(f.provisions))
	var pairs []pair
	at := func(a, b int) *pair {
		i := index.of(a, b)
		if i < 0 {
			i = len(pairs)
			index.set(a, b, i)
			pairs = append(pairs, pair{a: a, b: b, x: f.provisions[a].first, y: f.provisions[b].first})
		}
		return &pairs[i]
	}
	for x := range f.nodes {
		for _, nb := range near[x] {
			y := int(nb.node)
			a, b := f.nodes[x].provision, f.nodes[y].provision
			if f.nodes[x].place.Doc > f.nodes[y].place.Doc || f.historic(a) || f.historic(b) {
				continue
			}
			at(a, b).words(x, y, float64(nb.cosine), max(best.beside(x, y, b), best.beside(y, x, a)))
		}
	}
	f.pairMeanings(near, at)
	f.pairRoles(at)
	inParallel(len(pairs), func(i, _ int) { f.judgePair(&pairs[i]) })
	return inOrder(pairs)
}

// inOrder sorts pairs by their provisions.
func inOrder(pairs []pair) []pair {
	order := make([]int32, len(pairs)) // moved around in place of the pairs, which are large
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		p, q := &pairs[i], &pairs[j]
		return cmp.Or(p.a-q.a, p.b-q.b)
	})
	out := make([]pair, len(pairs))
	for i, j := range order {
		out[i] = pairs[j]
	}
	return out
}

// words takes in the cosine of a passage of a and one of b, and that of the
// nearest rival of either.
func (p *pair) words(x, y int, cosine, rival float64) {
	e := &p.evidence
	if cosine > e[eParagraph] {
		e[eParagraph], p.x, p.y = cosine, x, y
	}
	e[eRatio] = max(e[eRatio], cosine/(cosine+rival))
	if cosine >= rival {
		e[eMutual] = max(e[eMutual], cosine)
	}
	if p.x == x && p.y == y {
		p.runnerUp = rival
	}
}

// meanings does so with the nearness of their meanings.
func (p *pair) meanings(cosine, rival float64) {
	e := &p.evidence
	e[eMeaningParagraph] = max(e[eMeaningParagraph], cosine)
	if cosine > 0 {
		e[eMeaningRatio] = max(e[eMeaningRatio], cosine/(cosine+rival))
	}
}

// pairMeanings finds, for pairs that share words, the passages that are nearest
// in meaning.
func (f *family) pairMeanings(near [][]neighbour, at func(a, b int) *pair) {
	meant := make([][]neighbour, len(f.nodes))
	inParallel(len(f.nodes), func(x, _ int) { meant[x] = f.meant(x, near[x]) })
	best := f.rivals(meant)
	for x := range f.nodes {
		for _, nb := range meant[x] {
			y := int(nb.node)
			a, b := f.nodes[x].provision, f.nodes[y].provision
			if f.nodes[x].place.Doc > f.nodes[y].place.Doc || f.historic(a) || f.historic(b) {
				continue
			}
			at(a, b).meanings(float64(nb.cosine), max(best.beside(x, y, b), best.beside(y, x, a)))
		}
	}
}

// meant is the neighbours of a node with the nearness of their meanings.
func (f *family) meant(x int, near []neighbour) []neighbour {
	n := &f.nodes[x]
	out := make([]neighbour, len(near))
	for i, nb := range near {
		m := &f.nodes[nb.node]
		out[i] = neighbour{nb.node, float32(damped(max(0, n.meaning.near(m.meaning)), n, m))}
	}
	return out
}

// damped is a cosine of two passages: few characters agree easily.
func damped(cosine float64, n, m *node) float64 {
	short := float64(min(n.length, m.length))
	return cosine * (short / (short + 8))
}

// pairRoles makes pairs of what has the same special role or title, though the
// words share nothing.
func (f *family) pairRoles(at func(a, b int) *pair) {
	byRole, order := f.byRole()
	for _, key := range order {
		for _, a := range byRole[key] {
			for _, b := range byRole[key] {
				if f.provisions[a].doc < f.provisions[b].doc {
					at(a, b)
				}
			}
		}
	}
}

// maxOfRole bounds the clauses of one role or title that are all paired.
const maxOfRole = 100

// byRole lists the clauses of each role and title, by the keys of either, in the
// order in which they are met.
func (f *family) byRole() (byRole map[string][]int, order []string) {
	byRole = map[string][]int{}
	for i, p := range f.provisions {
		if f.isEntry(i) {
			continue
		}
		for _, key := range p.keys() {
			if byRole[key] == nil {
				order = append(order, key)
			}
			byRole[key] = append(byRole[key], i)
		}
	}
	order = slices.DeleteFunc(order, func(key string) bool { return len(byRole[key]) > maxOfRole })
	return byRole, order
}

// keys name what a clause has once in every text: its role, its title.
func (p *provision) keys() []string {
	var out []string
	if p.role != noRole && p.role != termRole && p.role != preambleRole {
		out = append(out, "role:"+string(p.role))
	}
	if p.named != "" && p.role != preambleRole {
		out = append(out, "title:"+p.named)
	}
	return out
}

// historic reports whether a provision is a preamble.
func (f *family) historic(p int) bool { return f.provisions[p].role == preambleRole }

// rivals remembers for each passage and each other text the nearest passages of
// two different clauses.
type rivals struct {
	f    *family
	best [][]rival // by node, then by document
}

type rival struct {
	clause, second   int // provisions; entries do not count
	cosine, runnerUp float64
}

func (f *family) rivals(near [][]neighbour) rivals {
	r := rivals{f, make([][]rival, len(f.nodes))}
	for x := range f.nodes {
		r.best[x] = f.rivalsOf(near[x])
	}
	return r
}

// rivalsOf finds, in each text, the nearest of neighbours in two clauses.
func (f *family) rivalsOf(near []neighbour) []rival {
	of := make([]rival, len(f.docs))
	for i := range of {
		of[i] = rival{clause: -1, second: -1}
	}
	for _, nb := range near {
		n := &f.nodes[nb.node]
		if n.whole != int(nb.node) {
			continue
		}
		b, clause, c := &of[n.place.Doc], f.provisions[n.provision].of, float64(nb.cosine)
		switch {
		case clause == b.clause:
			b.cosine = max(b.cosine, c)
		case b.clause < 0 || c > b.cosine:
			b.second, b.runnerUp = b.clause, b.cosine
			b.clause, b.cosine = clause, c
		case b.second < 0 || c > b.runnerUp:
			b.second, b.runnerUp = clause, c
		}
	}
	return of
}

// beside is the cosine of x with its nearest passage in y's text outside of
// the clause of provision b.
func (r rivals) beside(x, y, b int) float64 {
	v := r.best[x][r.f.nodes[y].place.Doc]
	if v.clause == r.f.provisions[b].of {
		return v.runnerUp
	}
	return v.cosine
}

// judgePair fills in the evidence that needs no search and weighs it all.
func (f *family) judgePair(p *pair) {
	a, b := &f.provisions[p.a], &f.provisions[p.b]
	e := &p.evidence
	e[eCosine] = a.vector.cosine(b.vector)
	e[eCosineLog], e[eParagraphLog], e[eMutualLog] = logarithm(e[eCosine]), logarithm(e[eParagraph]), logarithm(e[eMutual])
	e[eBoth] = e[eRatio] * e[eMeaningRatio]
	e[eMeaning] = a.meaning.near(b.meaning)
	if a.penalty != b.penalty {
		e[ePenalty] = 1
	}
	switch {
	case a.role == termRole && b.role == termRole:
		e[eTerm] = sameTerm(a, b)
	case a.role != noRole && a.role == b.role:
		e[eRole] = 1
	case a.role != b.role:
		e[eRoleOther] = 1
	}
	if a.title != "" && b.title != "" && a.role != termRole && b.role != termRole {
		alike := a.heading.cosine(b.heading)
		e[eTitle], e[eTitleOther] = alike, 1-alike
	}
	if a.chapter != "" && b.chapter != "" {
		e[eChapter] = a.over.cosine(b.over)
	}
	p.odds = odds(p.evidence)
	if f.isEntry(p.a) || f.isEntry(p.b) {
		p.odds -= entryDoubt
	}
}

func logarithm(cosine float64) float64 { return math.Log(cosine + faintest) }

// sameTerm says how alike two terms are, by their Chinese or English names.
func sameTerm(a, b *provision) float64 {
	return math.Max(a.heading.cosine(b.heading), sharedWords(a.clause.English, b.clause.English))
}

// sharedWords is the Dice coefficient of the words of two English terms.
func sharedWords(a, b string) float64 {
	x, y := strings.Fields(strings.ToLower(a)), strings.Fields(strings.ToLower(b))
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	shared := 0
	for _, w := range x {
		if slices.Contains(y, w) {
			shared++
		}
	}
	return 2 * float64(shared) / float64(len(x)+len(y))
}
