package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tongbiao/editor"
)

// How the odds of two clauses become votes of their passages.
const (
	threshold     = 0.45 // probability at which a link neither joins nor parts
	strongest     = 3.0  // bound of a vote
	nearlyBest    = 0.6  // of the best pair's cosine: such a pair has half a vote
	never         = -1e6 // cannot-link
	alikePassages = 0.3  // so has a pair of which each is the other's nearest in its clause
)

// Align puts 2 to 8 texts into rows. The rows are the same whatever the order
// of the texts. It refuses texts that are too large and constraints that
// contradict each other or name no passage.
func Align(docs []*editor.Document, opts Options) (*Alignment, error) {
	return AlignPrepared(prepareAll(docs), opts)
}

// AlignPrepared is Align of texts that were prepared before.
func AlignPrepared(texts []*Prepared, opts Options) (*Alignment, error) {
	if err := checkTexts(texts); err != nil {
		return nil, err
	}
	f, near, pairs, err := weighPairs(texts, opts)
	if err != nil {
		return nil, err
	}
	groups, err := f.group(pairs, near, opts)
	if err != nil {
		return nil, err
	}
	return &Alignment{f.rows(groups, pairs, opts)}, nil
}

// weighPairs reads the texts and weighs the evidence between their clauses; a
// second time where their definitions show that they have several names for one
// thing.
func weighPairs(texts []*Prepared, opts Options) (*family, [][]neighbour, []pair, error) {
	f, err := readFamily(texts, opts)
	if err != nil {
		return nil, nil, nil, err
	}
	near := f.neighbours()
	pairs := f.pairs(near)
	things := f.sameThings(pairs)
	if len(things) == 0 {
		return f, near, pairs, nil
	}
	opts.Knowledge.Synonyms = slices.Concat(opts.Knowledge.Synonyms, things)
	if f, err = readFamily(texts, opts); err != nil {
		return nil, nil, nil, err
	}
	near = f.neighbours()
	return f, near, f.pairs(near), nil
}

// group partitions the nodes into rows.
func (f *family) group(pairs []pair, near [][]neighbour, opts Options) ([][]int, error) {
	atoms, fixed, err := f.atoms(opts)
	if err != nil {
		return nil, err
	}
	atomOf := make([]int, len(f.nodes))
	for i := range atomOf {
		atomOf[i] = -1
	}
	for a, nodes := range atoms {
		for _, i := range nodes {
			atomOf[i] = a
		}
	}
	votes := make([][]vote, len(atoms))
	cast := func(x, y int, weight float64) {
		a, b := atomOf[x], atomOf[y]
		if a >= 0 && b >= 0 && a != b {
			votes[a] = append(votes[a], vote{b, weight})
			votes[b] = append(votes[b], vote{a, weight})
		}
	}
	f.castVotes(pairs, near, cast)
	for _, link := range opts.CannotLink {
		x, errX := f.place(link[0])
		y, errY := f.place(link[1])
		if err := cmp.Or(errX, errY); err != nil {
			return nil, err
		}
		if atomOf[x] >= 0 && atomOf[x] == atomOf[y] {
			return nil, fmt.Errorf("%s 与 %s 既被要求同行，又被要求分开。 these passages must and must not share a row", f.name(x), f.name(y))
		}
		cast(x, y, never)
	}
	for a := range votes {
		votes[a] = sumVotes(votes[a])
	}
	c := newClusters(f, atoms, votes)
	c.agglomerate()
	c.settle()
	groups := fixed
	for _, k := range c.all {
		if k.nodes == 0 {
			continue
		}
		var nodes []int
		for _, a := range k.atoms {
			nodes = append(nodes, atoms[a]...)
		}
		slices.Sort(nodes)
		groups = append(groups, nodes)
	}
	groups = f.joinLeftovers(groups, len(fixed), pairs, near, opts)
	return f.placeEntries(groups, len(fixed), pairs, opts)
}

func sumVotes(votes []vote) []vote {
	slices.SortStableFunc(votes, func(a, b vote) int { return cmp.Compare(a.atom, b.atom) })
	out := votes[:0]
	for _, v := range votes {
		if n := len(out); n > 0 && out[n-1].atom == v.atom {
			out[n-1].weight += v.weight
			continue
		}
		out = append(out, v)
	}
	return out
}

// castVotes turns the odds of clauses into votes of their passages, each as
// the difference to what is assumed of strangers.
func (f *family) castVotes(pairs []pair, near [][]neighbour, cast func(x, y int, weight float64)) {
	index := indexPairs(pairs, len(f.provisions))
	for i := range pairs {
		p := &pairs[i]
		if v := p.voteWeight(); v > 0 && !f.isEntry(p.a) && !f.isEntry(p.b) {
			cast(p.x, p.y, v-strangers)
		}
	}
	best := f.bestWithin(near)
	for x := range f.nodes {
		if f.nodes[x].whole != x {
			continue
		}
		for _, nb := range near[x] {
			y := int(nb.node)
			if f.nodes[x].place.Doc > f.nodes[y].place.Doc || f.nodes[y].whole != y {
				continue
			}
			a, b := f.nodes[x].provision, f.nodes[y].provision
			i := index.of(a, b)
			if i < 0 {
				continue
			}
			p := &pairs[i]
			v := p.voteWeight()
			mutual := best.has(x, y) && best.has(y, x)
			switch {
			case v > 0 && x == p.x && y == p.y:
				continue // has its vote
			case v > 0 && mutual && slices.Equal(f.nodes[x].symbols, f.nodes[y].symbols):
			case v > 0 && (mutual && nb.cosine >= alikePassages || float64(nb.cosine) >= nearlyBest*p.evidence[eParagraph]):
				v /= 2
			case v > 0:
				v = 0
			}
			cast(x, y, v-strangers)
		}
	}
}

// bestWithin tells of a node and another whether that is the nearest one of its
// provision.
func (f *family) bestWithin(near [][]neighbour) bits {
	best := newBits(len(f.nodes))
	nearest, seen := make([]neighbour, len(f.provisions)), make([]int, len(f.provisions))
	var met []int
	for x := range near {
		met = met[:0]
		for _, nb := range near[x] {
			p := f.nodes[nb.node].provision
			if seen[p] != x+1 {
				seen[p], nearest[p] = x+1, nb
				met = append(met, p)
			} else if nearer(nb, nearest[p]) < 0 {
				nearest[p] = nb
			}
		}
		for _, p := range met {
			best.set(x, int(nearest[p].node))
		}
	}
	return best
}

func (p *pair) voteWeight() float64 {
	return math.Max(strangers, math.Min(strongest, p.odds-logit(threshold)))
}

// name says which passage a node is.
func (f *family) name(i int) string {
	n := f.nodes[i]
	c := f.provisions[n.provision].clause
	number := c.Number
	if number == "" {
		number = c.ID
	}
	return fmt.Sprintf("《%s》%s第 %d 段", f.docs[n.place.Doc].Header.Title, number, n.place.Paragraph)
}

// rows writes the groups as rows, in reading order.
func (f *family) rows(groups [][]int, pairs []pair, opts Options) []Row {
	index := indexPairs(pairs, len(f.provisions))
	ofClause := make([][]*pair, len(f.provisions))
	for i := range pairs {
		p := &pairs[i]
		ofClause[p.a], ofClause[p.b] = append(ofClause[p.a], p), append(ofClause[p.b], p)
	}
	slices.SortFunc(groups, func(a, b []int) int {
		return cmp.Or(cmp.Compare(f.median(a), f.median(b)), cmp.Compare(a[0], b[0]))
	})
	out := make([]Row, len(groups))
	inParallel(len(groups), func(i, _ int) {
		nodes := groups[i]
		row := Row{ID: f.hashNodes(nodes), Cells: make([][]editor.Passage, len(f.docs))}
		for _, n := range nodes {
			at := f.nodes[n].place
			given := f.given[at.Doc]
			row.Cells[given] = append(row.Cells[given], at.Passage)
		}
		f.link(&row, nodes, pairs, index)
		f.suggest(&row, nodes, ofClause)
		row.Topic = f.topic(nodes)
		f.judge(&row, nodes, opts)
		out[i] = row
	})
	return out
}

// median is the middle of the row's places in its texts.
func (f *family) median(nodes []int) float64 {
	var sum [MaxTexts]float64
	var count [MaxTexts]int
	for _, n := range nodes {
		d := f.nodes[n].place.Doc
		sum[d] += f.nodes[n].position
		count[d]++
	}
	var means []float64
	for d, n := range count {
		if n > 0 {
			means = append(means, sum[d]/float64(n))
		}
	}
	slices.Sort(means)
	half := len(means) / 2
	if len(means)%2 == 1 {
		return means[half]
	}
	return (means[half-1] + means[half]) / 2
}

// link lists the clauses of a row that speak for each other.
func (f *family) link(row *Row, nodes []int, pairs []pair, index *pairIndex) {
	var clauses []int
	for _, n := range nodes {
		if p := f.nodes[n].provision; len(clauses) == 0 || clauses[len(clauses)-1] != p {
			clauses = append(clauses, p)
		}
	}
	best := map[[2]int]float64{}
	for i, a := range clauses {
		for _, b := range clauses[i+1:] {
			at := index.of(a, b)
			if at < 0 {
				continue
			}
			p := &pairs[at]
			l := Link{A: f.asGiven(p.x), B: f.asGiven(p.y), Score: sigmoid(p.odds), Reasons: f.reasons(p)}
			if l.A.Doc > l.B.Doc {
				l.A, l.B = l.B, l.A
			}
			row.Links = append(row.Links, l)
			key := [2]int{l.A.Doc, l.B.Doc}
			best[key] = math.Max(best[key], l.Score)
		}
	}
	slices.SortStableFunc(row.Links, func(a, b Link) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), comparePlaces(a.A, b.A), comparePlaces(a.B, b.B))
	})
	row.Score = 1
	if len(best) > 0 {
		var scores []float64
		for _, s := range best {
			scores = append(scores, s)
		}
		slices.Sort(scores)
		total := 0.0
		for _, s := range scores {
			total += s
		}
		row.Score = total / float64(len(scores))
	}
}

const (
	suggested = 3    // candidates for a silent text
	unlikely  = 0.01 // score below which a clause is no candidate
)

// suggest lists the candidates for the texts that are silent in a row.
func (f *family) suggest(row *Row, nodes []int, ofClause [][]*pair) {
	best := map[int]Link{} // by the clause of the silent text
	last := -1
	for _, n := range nodes {
		a := f.nodes[n].provision
		if a == last {
			continue
		}
		last = a
		for _, p := range ofClause[a] {
			other, x, y := p.b, p.x, p.y
			if other == a {
				other, x, y = p.a, p.y, p.x
			}
			l := Link{A: f.asGiven(x), B: f.asGiven(y), Score: sigmoid(p.odds)}
			if !f.isEntry(other) && len(row.Cells[l.B.Doc]) == 0 && l.Score > max(unlikely, best[other].Score) {
				best[other] = l
			}
		}
	}
	var all []Link
	for _, l := range best {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b Link) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), comparePlaces(a.B, b.B), comparePlaces(a.A, b.A))
	})
	taken := map[int]int{}
	for _, l := range all {
		if taken[l.B.Doc] < suggested {
			taken[l.B.Doc]++
			row.Candidates = append(row.Candidates, l)
		}
	}
}

func comparePlaces(a, b Place) int {
	return cmp.Or(cmp.Compare(a.Doc, b.Doc), cmp.Compare(a.Clause, b.Clause), cmp.Compare(a.Paragraph, b.Paragraph))
}

// asGiven is the place of a node among the texts as they were given.
func (f *family) asGiven(i int) Place {
	at := f.nodes[i].place
	at.Doc = f.given[at.Doc]
	return at
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
