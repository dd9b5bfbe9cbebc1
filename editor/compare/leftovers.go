package compare

import (
	"cmp"
	"slices"
)

// A passage that found no row by itself, though its clause makes the same
// provision as another, joins the row of the passage of that clause which is
// nearest to it, where its own text is silent.
const (
	leftoverLinked = 0.7  // probability from which two clauses are the same provision
	leftoverAlike  = 0.05 // cosine from which a passage joins
)

// joinLeftovers moves passages out of rows of their own, the nearest first. The
// first rows are confirmed and stay as they are.
func (f *family) joinLeftovers(groups [][]int, fixed int, pairs []pair, near [][]neighbour, opts Options) [][]int {
	rowOf := make([]int, len(f.nodes))
	for i := range rowOf {
		rowOf[i] = -1
	}
	for g, nodes := range groups {
		for _, i := range nodes {
			rowOf[i] = g
		}
	}
	parted := map[Place]bool{}
	for _, link := range opts.CannotLink {
		parted[link[0]], parted[link[1]] = true, true
	}
	index := indexPairs(pairs, len(f.provisions))
	type leftover struct {
		x, y   int
		cosine float32
	}
	var all []leftover
	for x := range f.nodes {
		g := rowOf[x]
		if g < fixed || len(groups[g]) != 1 || parted[f.asGiven(x)] {
			continue
		}
		for _, nb := range near[x] {
			y := int(nb.node)
			if h := rowOf[y]; nb.cosine < leftoverAlike || h < fixed {
				continue
			}
			a, b := f.nodes[x].provision, f.nodes[y].provision
			if i := index.of(min(a, b), max(a, b)); i >= 0 && pairs[i].odds >= logit(leftoverLinked) {
				all = append(all, leftover{x, y, nb.cosine})
			}
		}
	}
	slices.SortFunc(all, func(a, b leftover) int {
		return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y))
	})
	for _, l := range all {
		g, h := rowOf[l.x], rowOf[l.y]
		if len(groups[g]) != 1 || g == h || slices.ContainsFunc(groups[h], func(i int) bool { return f.nodes[i].place.Doc == f.nodes[l.x].place.Doc }) {
			continue
		}
		groups[h] = append(groups[h], l.x)
		slices.Sort(groups[h])
		groups[g], rowOf[l.x] = nil, h
	}
	return slices.DeleteFunc(groups, func(nodes []int) bool { return nodes == nil })
}
