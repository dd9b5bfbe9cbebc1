package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tongbiao/editor"
)

// Study is an alignment that remembers its evidence, so that a clause that is
// being rewritten is placed anew without weighing all others again. It is
// immutable and safe to share. Only the measurements of `make bench-compare` use it
// so far; it is for a workbench that places a clause while it is typed.
type Study struct {
	Alignment *Alignment

	f           *family
	opts        Options // with the synonyms that the texts themselves show
	short       [][][]string
	best, meant rivals
	rowOf       []int            // of each node: index of its row
	roles       map[string][]int // clauses by provision.keys
}

// Placement is where a passage of a changed clause belongs.
type Placement struct {
	editor.Passage
	Row   string  `json:"row"`   // Row.ID; "" for a row of its own
	Score float64 `json:"score"` // of its best link; 0 without
	// Near are the best links to other rows as well, at most three rows, the
	// likeliest first. A is the passage that is placed.
	Near []Link `json:"near,omitempty"`
}

// NewStudy aligns texts as AlignPrepared does and remembers the evidence.
func NewStudy(texts []*Prepared, opts Options) (*Study, error) {
	if err := checkTexts(texts); err != nil {
		return nil, err
	}
	f, near, pairs, err := weighPairs(texts, opts)
	if err != nil {
		return nil, err
	}
	opts.Knowledge.Synonyms = f.synonyms
	groups, err := f.group(pairs, near, opts)
	if err != nil {
		return nil, err
	}
	s := &Study{f: f, opts: opts, best: f.rivals(near), rowOf: make([]int, len(f.nodes))}
	s.roles, _ = f.byRole()
	meant := make([][]neighbour, len(f.nodes))
	inParallel(len(f.nodes), func(x, _ int) { meant[x] = f.meant(x, near[x]) })
	s.meant = f.rivals(meant)
	s.Alignment = &Alignment{f.rows(groups, pairs, opts)}
	for _, t := range texts {
		s.short = append(s.short, t.short)
	}
	for i := range s.rowOf {
		s.rowOf[i] = -1
	}
	for g, row := range s.Alignment.Rows {
		for doc, cell := range row.Cells {
			for _, at := range cell {
				if i, err := f.place(Place{doc, at}); err == nil {
					s.rowOf[i] = g
				}
			}
		}
	}
	return s, nil
}

// Place says to which rows the passages of a clause belong that has changed, or
// is new, in the text of that index. All other clauses, and how rare their words
// are, are taken as they were, and rows are not formed anew: Align decides in
// full, and agrees for about nine passages in ten. A clause without text has no
// placement.
func (s *Study) Place(text int, clause *editor.Clause) ([]Placement, error) {
	d := slices.Index(s.f.given, text)
	if d < 0 {
		return nil, fmt.Errorf("没有第 %d 个文本。 there is no text %d", text+1, text+1)
	}
	g, p := s.with(d, clause)
	if g == nil {
		return nil, nil
	}
	pairs := s.weigh(g, p)
	var out []Placement
	for x := p.first; x < p.last; x++ {
		out = append(out, s.placement(g, x, pairs))
	}
	return out, nil
}

// with is the family with the clause as one more provision, in place of the one
// of its ID; nil when it has no text.
func (s *Study) with(d int, clause *editor.Clause) (*family, *provision) {
	g := *s.f
	k := prepared{clause: clause, title: clause.Title}
	of := len(g.provisions)
	for i, p := range g.provisions {
		if p.doc == d && p.clause.ID == clause.ID && !g.isEntry(i) {
			of, k.chapter = i, p.chapter
			k.title = cmp.Or(k.title, p.title)
			break
		}
	}
	m := s.opts.Knowledge.model()
	if !k.read(newNormaliser(slices.Concat(s.short[g.given[d]], s.opts.Knowledge.Synonyms)), m) {
		return nil, nil
	}
	p := provision{doc: d, clause: clause, of: of, first: len(g.nodes), title: k.title, named: k.named, chapter: k.chapter, article: k.article, terms: k.terms}
	g.nodes = slices.Clip(g.nodes)
	for i, at := range k.passages {
		place := Place{d, editor.Passage{Clause: clause.ID, Paragraph: i + 1}}
		g.nodes = append(g.nodes, node{place: place, provision: len(g.provisions), whole: len(g.nodes), passage: at})
	}
	p.last = len(g.nodes)
	p.role, p.penalty = roleOf(clause, g.nodes[p.first:p.last]), isPenalty(g.nodes[p.first:p.last], k.chapter)
	if of < len(g.provisions) {
		p.over = g.provisions[of].over
	}
	p.heading = g.titles.known(countTitle(p.named), rarestTitle)
	s.read(&g, &p)
	g.provisions = append(slices.Clip(g.provisions), p)
	return &g, &g.provisions[len(g.provisions)-1]
}

// rarestTitle is what a word counts that no title has.
const rarestTitle = 5

// read gives the new provision and its nodes their vectors and meanings.
func (s *Study) read(g *family, p *provision) {
	m := s.opts.Knowledge.model()
	rarest := math.Log(2*float64(len(g.provisions))+2) * math.Sqrt(m.Rarity(0, 0))
	list := m.Words()
	b := bag{count: make([]float64, len(list))}
	g.cited = slices.Clip(g.cited)
	var all []int
	for i := p.first; i < p.last; i++ {
		n := &g.nodes[i]
		var cited []int
		if p.penalty {
			cited = g.citedBy(n, p)
		}
		g.cited, all = append(g.cited, cited), append(all, cited...)
		n.vector = g.terms.known(g.withCited(n.terms, cited), rarest)
		b.add(n.words, 1)
		for _, j := range cited {
			b.add(g.nodes[j].words, citedShare)
		}
		n.meaning = b.empty(list, g.wordWeight).less(g.common)
	}
	p.vector = g.terms.known(g.withCited(p.terms, all), rarest)
	for i := p.first; i < p.last; i++ {
		b.add(g.nodes[i].words, 1)
	}
	for _, j := range all {
		b.add(g.nodes[j].words, citedShare)
	}
	p.meaning = b.empty(list, g.wordWeight).less(g.common)
}

// weigh weighs the evidence between the provision, the last of g, and all of
// other texts.
func (s *Study) weigh(g *family, p *provision) []pair {
	self := len(g.provisions) - 1
	best := rivals{g, slices.Clip(s.best.best)}
	meant := rivals{g, slices.Clip(s.meant.best)}
	near, nearMeant := make([][]neighbour, len(g.nodes)), make([][]neighbour, len(g.nodes))
	for x := p.first; x < p.last; x++ {
		near[x] = g.nearestTo(x, p.first)
		nearMeant[x] = g.meant(x, near[x])
		best.best, meant.best = append(best.best, g.rivalsOf(near[x])), append(meant.best, g.rivalsOf(nearMeant[x]))
	}
	index := map[int]int{}
	var pairs []pair
	at := func(b int) *pair {
		i, ok := index[b]
		if !ok {
			i = len(pairs)
			index[b] = i
			pairs = append(pairs, pair{a: self, b: b, x: p.first, y: g.provisions[b].first})
		}
		return &pairs[i]
	}
	for x := p.first; x < p.last; x++ {
		for _, nb := range near[x] {
			if y, b := int(nb.node), g.nodes[nb.node].provision; !g.historic(b) && !g.historic(self) {
				at(b).words(x, y, float64(nb.cosine), max(best.beside(x, y, b), best.beside(y, x, self)))
			}
		}
		for _, nb := range nearMeant[x] {
			if y, b := int(nb.node), g.nodes[nb.node].provision; !g.historic(b) && !g.historic(self) {
				at(b).meanings(float64(nb.cosine), max(meant.beside(x, y, b), meant.beside(y, x, self)))
			}
		}
	}
	for _, key := range p.keys() {
		if len(s.roles[key]) <= maxOfRole {
			for _, b := range s.roles[key] {
				if g.provisions[b].doc != p.doc {
					at(b)
				}
			}
		}
	}
	for i := range pairs {
		g.judgePair(&pairs[i])
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Or(cmp.Compare(b.odds, a.odds), cmp.Compare(a.b, b.b)) })
	return pairs
}

// nearestTo lists the neighbours of node x among the first n nodes.
func (f *family) nearestTo(x, n int) []neighbour {
	var out []neighbour
	a := &f.nodes[x]
	for j := range n {
		b := &f.nodes[j]
		if b.place.Doc == a.place.Doc {
			continue
		}
		if c := damped(a.vector.cosine(b.vector), a, b); c > faintest {
			out = append(out, neighbour{int32(j), float32(c)})
		}
	}
	return nearestOf(out)
}

// placement finds the row of node x by its clause's pairs, the likeliest first:
// by their best passages, or others that are nearly as alike.
func (s *Study) placement(g *family, x int, pairs []pair) Placement {
	out := Placement{Passage: g.nodes[x].place.Passage}
	seen := map[int]bool{}
	for i := range pairs {
		p := &pairs[i]
		if p.odds < logit(unlikely) || len(out.Near) == suggested {
			break
		}
		b := g.provisions[p.b]
		y, cosine := p.y, 0.0
		if p.x != x {
			for j := b.first; j < b.last; j++ {
				if c := damped(g.nodes[x].vector.cosine(g.nodes[j].vector), &g.nodes[x], &g.nodes[j]); c > cosine {
					y, cosine = j, c
				}
			}
			if cosine < nearlyBest*p.evidence[eParagraph] && cosine < alikePassages {
				continue
			}
		}
		row := s.rowOf[y]
		if row < 0 { // an entry that stands with its paragraph
			row = s.rowOf[g.nodes[y].whole]
		}
		if row < 0 || seen[row] {
			continue
		}
		seen[row] = true
		l := Link{A: g.asGiven(x), B: g.asGiven(y), Score: sigmoid(p.odds), Reasons: g.reasons(p)}
		if len(out.Near) == 0 && l.Score >= threshold {
			out.Row, out.Score = s.Alignment.Rows[row].ID, l.Score
		}
		out.Near = append(out.Near, l)
	}
	if out.Row == "" {
		s.joinLeftover(g, x, pairs, &out)
	}
	return out
}

// joinLeftover does for one passage what family.joinLeftovers does for all.
func (s *Study) joinLeftover(g *family, x int, pairs []pair, out *Placement) {
	best := leftoverAlike
	for i := range pairs {
		p := &pairs[i]
		if p.odds < logit(leftoverLinked) {
			return
		}
		b := g.provisions[p.b]
		for y := b.first; y < b.last; y++ {
			row := s.rowOf[y]
			c := damped(g.nodes[x].vector.cosine(g.nodes[y].vector), &g.nodes[x], &g.nodes[y])
			if row >= 0 && c >= best && s.silent(row, g.asGiven(x)) {
				best, out.Row, out.Score = c, s.Alignment.Rows[row].ID, sigmoid(p.odds)
			}
		}
	}
}

// silent reports whether a row holds nothing of the text of a place but, it may
// be, that place as it was.
func (s *Study) silent(row int, at Place) bool {
	for _, other := range s.Alignment.Rows[row].Cells[at.Doc] {
		if other != at.Passage {
			return false
		}
	}
	return true
}
