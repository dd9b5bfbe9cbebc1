package compare

import (
	"cmp"
	"fmt"
	"slices"

	"tongbiao/editor"
)

// together keeps which nodes stay together, as a forest.
type together []int

func newTogether(n int) together {
	t := make(together, n)
	for i := range t {
		t[i] = i
	}
	return t
}

// of names the group that a node belongs to.
func (t together) of(i int) int {
	for t[i] != i {
		t[i] = t[t[i]]
		i = t[i]
	}
	return i
}

func (t together) join(i, j int) {
	a, b := t.of(i), t.of(j)
	t[max(a, b)] = min(a, b)
}

// atoms are the smallest groups of nodes that stay together, of those that are
// in no confirmed row; and the confirmed rows.
func (f *family) atoms(opts Options) (atoms, fixed [][]int, err error) {
	fixed, taken, err := f.confirmed(opts.Fixed)
	if err != nil {
		return nil, nil, err
	}
	groups := newTogether(len(f.nodes))
	for _, link := range opts.MustLink {
		x, errX := f.place(link[0])
		y, errY := f.place(link[1])
		if err := cmp.Or(errX, errY); err != nil {
			return nil, nil, err
		}
		if !taken[x] && !taken[y] && f.nodes[x].whole == x && f.nodes[y].whole == y {
			groups.join(x, y)
		}
	}
	for _, whole := range f.wholes(opts) {
		whole = slices.DeleteFunc(whole, func(i int) bool { return taken[i] })
		for _, i := range whole {
			groups.join(whole[0], i)
		}
	}
	index := map[int]int{}
	for i := range f.nodes {
		if taken[i] || f.nodes[i].whole != i {
			continue
		}
		a, ok := index[groups.of(i)]
		if !ok {
			a = len(atoms)
			index[groups.of(i)] = a
			atoms = append(atoms, nil)
		}
		atoms[a] = append(atoms[a], i)
	}
	return atoms, fixed, nil
}

// confirmed reads the rows that people confirmed, and which nodes they hold.
func (f *family) confirmed(rows [][][]editor.Passage) (fixed [][]int, taken []bool, err error) {
	taken = make([]bool, len(f.nodes))
	for _, cells := range rows {
		var row []int
		for doc, cell := range cells {
			for _, at := range cell {
				i, err := f.place(Place{doc, at})
				if err != nil {
					return nil, nil, err
				}
				if taken[i] {
					return nil, nil, fmt.Errorf("%s 在两个已确认的条目中。 a passage stands in two confirmed rows", f.name(i))
				}
				taken[i] = true
				row = append(row, i)
			}
		}
		slices.Sort(row)
		if len(row) > 0 {
			fixed = append(fixed, row)
		}
	}
	return fixed, taken, nil
}

// unity names passages that make one subject however many they are. Forewords,
// lists of references and scopes do so over all texts; how a text was adopted
// (doc is set) is its own history and has no counterpart.
type unity struct {
	role role
	doc  int
}

// wholes finds them; a passage that a person parted from another is left out.
func (f *family) wholes(opts Options) map[unity][]int {
	parted := map[Place]bool{}
	for _, link := range opts.CannotLink {
		parted[link[0]], parted[link[1]] = true, true
	}
	out := map[unity][]int{}
	for i, n := range f.nodes {
		p := f.provisions[n.provision]
		given := Place{f.given[n.place.Doc], n.place.Passage}
		switch {
		case parted[given], n.whole != i:
		case p.role == preambleRole:
			key := unity{p.role, n.place.Doc}
			out[key] = append(out[key], i)
		case p.role == forewordRole, p.role == introRole, p.role == citedRole, p.role == sourcesRole,
			p.role == scopeRole && p.clause.Kind == editor.Chapter:
			key := unity{p.role, -1}
			out[key] = append(out[key], i)
		}
	}
	return out
}
