package compare

import (
	"cmp"
	"slices"
)

// group is things of several columns (quantities, duties) that are held against
// each other: for each column an index, -1 when it has none.
type group struct {
	members []int
	alike   float64 // the weakest likeness by which it was put together
}

// kinship says how alike thing a of column i and thing b of column j are.
type kinship struct {
	i, a, j, b int
	alike      float64
}

// groupAlike puts things together, the most alike first, so that no group has
// two of one column. counts is how many things each column has.
func groupAlike(counts []int, pairs []kinship) []group {
	slices.SortStableFunc(pairs, func(x, y kinship) int { return cmp.Compare(y.alike, x.alike) })
	at := map[[2]int]int{} // group of a thing
	var groups []group
	for i, n := range counts {
		for a := range n {
			at[[2]int{i, a}] = len(groups)
			g := group{members: slices.Repeat([]int{-1}, len(counts)), alike: 1}
			g.members[i] = a
			groups = append(groups, g)
		}
	}
	for _, e := range pairs {
		x, y := at[[2]int{e.i, e.a}], at[[2]int{e.j, e.b}]
		if x == y || !apart(groups[x].members, groups[y].members) {
			continue
		}
		for col, a := range groups[y].members {
			if a >= 0 {
				groups[x].members[col] = a
				at[[2]int{col, a}] = x
			}
		}
		groups[x].alike = min(groups[x].alike, groups[y].alike, e.alike)
		groups[y].members = nil
	}
	return slices.DeleteFunc(groups, func(g group) bool { return g.members == nil })
}

// apart reports whether two groups share no column.
func apart(a, b []int) bool {
	for i := range a {
		if a[i] >= 0 && b[i] >= 0 {
			return false
		}
	}
	return true
}
