package compare

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// clusters partitions atoms, the smallest groups of passages that stay
// together, so that the votes within clusters outweigh those between them:
// correlation clustering by greedy agglomeration, then by local moves.
type clusters struct {
	f     *family
	atoms [][]int // nodes of each atom
	votes [][]vote
	of    []int     // cluster of each atom
	all   []cluster // some are empty after merges

	drawn []float64 // scratch of moveBest, by cluster
	met   []int
	order []int
	turn  int
}

// vote is how much more than is assumed speaks for joining an atom.
type vote struct {
	atom   int
	weight float64
}

type cluster struct {
	atoms   []int
	nodes   int
	texts   [MaxTexts]int
	clauses map[int]int // nodes of each provision
	near    map[int]float64
	version int
}

// What is assumed of two passages of which nothing is known.
const (
	strangers  = -3.0 // of different texts
	sameText   = -2.0 // two passages of one text stand in one row only for a reason
	sameClause = -0.6 // less so when they are of one clause
)

const localRounds = 8

func newClusters(f *family, atoms [][]int, votes [][]vote) *clusters {
	c := &clusters{f: f, atoms: atoms, votes: votes, of: make([]int, len(atoms)), all: make([]cluster, len(atoms)),
		drawn: make([]float64, len(atoms)), met: make([]int, len(atoms)), turn: 1}
	for a := range atoms {
		c.of[a] = a
		c.all[a] = cluster{clauses: map[int]int{}, near: map[int]float64{}}
		c.all[a].add(c, a, 1)
		for _, v := range votes[a] {
			c.all[a].near[v.atom] = v.weight
		}
	}
	return c
}

// add counts an atom in (n = 1) or out (n = -1).
func (k *cluster) add(c *clusters, atom, n int) {
	if n > 0 {
		k.atoms = append(k.atoms, atom)
	} else {
		k.atoms = slices.DeleteFunc(k.atoms, func(a int) bool { return a == atom })
	}
	for _, i := range c.atoms[atom] {
		k.nodes += n
		k.texts[c.f.nodes[i].place.Doc] += n
		k.clauses[c.f.nodes[i].provision] += n
	}
}

// assumed is the weight between two clusters before any vote.
func assumed(a, b *cluster) float64 {
	same, clause := 0, 0
	for t := range a.texts {
		same += a.texts[t] * b.texts[t]
	}
	if same > 0 {
		small, large := a.clauses, b.clauses
		if len(small) > len(large) {
			small, large = large, small
		}
		for p, n := range small {
			clause += n * large[p]
		}
	}
	return float64(a.nodes*b.nodes-same)*strangers + float64(same-clause)*sameText + float64(clause)*sameClause
}

// assumedOf is the weight between an atom and a cluster before any vote.
func (c *clusters) assumedOf(atom int, k *cluster) float64 {
	same, clause := 0, 0
	for _, i := range c.atoms[atom] {
		same += k.texts[c.f.nodes[i].place.Doc]
		clause += k.clauses[c.f.nodes[i].provision]
	}
	return float64(len(c.atoms[atom])*k.nodes-same)*strangers + float64(same-clause)*sameText + float64(clause)*sameClause
}

// merger is a merge that would gain.
type merger struct {
	a, b               int
	versionA, versionB int
	gain               float64
}

type mergers []merger

func (m mergers) Len() int { return len(m) }
func (m mergers) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(m[j].gain, m[i].gain), cmp.Compare(m[i].a, m[j].a), cmp.Compare(m[i].b, m[j].b)) < 0
}
func (m mergers) Swap(i, j int) { m[i], m[j] = m[j], m[i] }
func (m *mergers) Push(x any)   { *m = append(*m, x.(merger)) }
func (m *mergers) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}

// agglomerate merges clusters as long as a merge gains, the surest first.
func (c *clusters) agglomerate() {
	var queue mergers
	for a := range c.all {
		for b, w := range c.all[a].near {
			if a < b {
				c.propose(&queue, a, b, w)
			}
		}
	}
	heap.Init(&queue)
	for len(queue) > 0 {
		m := heap.Pop(&queue).(merger)
		if c.all[m.a].version != m.versionA || c.all[m.b].version != m.versionB {
			continue
		}
		c.merge(m.a, m.b)
		var renewed mergers
		for b, w := range c.all[m.a].near {
			c.propose(&renewed, min(m.a, b), max(m.a, b), w)
		}
		for _, r := range renewed {
			heap.Push(&queue, r)
		}
	}
}

func (c *clusters) propose(queue *mergers, a, b int, votes float64) {
	x, y := &c.all[a], &c.all[b]
	gain := votes + assumed(x, y)
	if gain > 0 {
		*queue = append(*queue, merger{a, b, x.version, y.version, gain / math.Sqrt(float64(x.nodes*y.nodes))})
	}
}

// merge puts cluster b into a.
func (c *clusters) merge(a, b int) {
	x, y := &c.all[a], &c.all[b]
	for _, atom := range y.atoms {
		c.of[atom] = a
		x.add(c, atom, 1)
	}
	delete(x.near, b)
	for n, w := range y.near {
		if n == a {
			continue
		}
		x.near[n] += w
		delete(c.all[n].near, b)
		c.all[n].near[a] = x.near[n]
	}
	x.version++
	y.version++
	y.atoms, y.near, y.nodes = nil, nil, 0
}

// settle moves single atoms to where they are drawn most, until none gains.
func (c *clusters) settle() {
	for range localRounds {
		moved := false
		for a := range c.atoms {
			moved = c.moveBest(a) || moved
		}
		if !moved {
			return
		}
	}
}

// moveBest moves an atom to the cluster that draws it most, or to one of its
// own when it is drawn to none.
func (c *clusters) moveBest(a int) bool {
	home := c.of[a]
	if len(c.all[home].atoms) == 1 && len(c.votes[a]) == 0 {
		return false
	}
	c.all[home].add(c, a, -1)
	drawn, order := c.drawn, append(c.order[:0], home)
	drawn[home] = 0
	for _, v := range c.votes[a] {
		k := c.of[v.atom]
		if c.met[k] != c.turn && k != home {
			c.met[k], drawn[k] = c.turn, 0
			order = append(order, k)
		}
		drawn[k] += v.weight
	}
	c.turn++
	c.order = order
	best, gain := home, 0.0
	if c.all[home].nodes > 0 {
		gain = drawn[home] + c.assumedOf(a, &c.all[home])
	}
	for _, k := range order[1:] {
		if g := drawn[k] + c.assumedOf(a, &c.all[k]); g > gain+1e-9 {
			best, gain = k, g
		}
	}
	if gain < -1e-9 { // better alone
		best = slices.IndexFunc(c.all, func(k cluster) bool { return k.nodes == 0 })
	}
	c.all[best].add(c, a, 1)
	c.of[a] = best
	return best != home
}
