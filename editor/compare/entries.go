package compare

import (
	"cmp"
	"math"
	"slices"
)

// An entry, a list item or table row, stands in the row of its paragraph unless
// a row in which its text is silent makes the same provision with at least this
// probability. Entries of one list are much alike: what their words make
// probable is held to be less so by entryDoubt, in log-odds.
const (
	entryLeaves = 0.7
	entryDoubt  = 2.0
)

// entries places what may leave its paragraph.
type entries struct {
	f     *family
	rowOf []int // of each node; of an entry that stays, -1
	rows  int
	fixed int // rows before it are as people confirmed them
	held  []float64
	apart map[[2]int]bool // nodes that must not share a row
	speak map[[2]int]bool // row, text: the text has something in the row
}

// placeEntries puts entries that have another subject than their paragraph where
// they belong; all others stay with it and are not named. The first rows are
// confirmed: nothing leaves or enters them.
func (f *family) placeEntries(groups [][]int, fixed int, pairs []pair, opts Options) ([][]int, error) {
	e := &entries{f: f, rowOf: slices.Repeat([]int{-1}, len(f.nodes)), rows: len(groups), fixed: fixed, apart: map[[2]int]bool{}, speak: map[[2]int]bool{}}
	for g, nodes := range groups {
		for _, i := range nodes {
			e.put(i, g)
		}
	}
	if err := e.obey(opts); err != nil {
		return nil, err
	}
	e.hold(pairs)
	for _, p := range e.drawn(pairs) {
		e.place(p)
	}
	out := make([][]int, e.rows)
	copy(out, groups[:fixed])
	for i, n := range f.nodes {
		if g := e.rowOf[i]; g >= fixed && (n.whole == i || g != e.rowOf[n.whole]) {
			out[g] = append(out[g], i)
		}
	}
	for i, n := range f.nodes {
		if n.whole != i && e.rowOf[i] >= 0 && e.rowOf[i] != e.rowOf[n.whole] {
			whole := &f.nodes[n.whole]
			whole.without = append(whole.without, n.place.Entry)
		}
	}
	return out, nil
}

func (e *entries) put(i, row int) {
	e.rowOf[i] = row
	e.speak[[2]int{row, e.f.nodes[i].place.Doc}] = true
}

// row is where a node stands: an entry with its paragraph as long as it has no
// row of its own.
func (e *entries) row(i int) int {
	if e.rowOf[i] >= 0 {
		return e.rowOf[i]
	}
	return e.rowOf[e.f.nodes[i].whole]
}

// free reports whether a node is an entry that nobody has placed.
func (e *entries) free(i int) bool {
	return e.f.nodes[i].whole != i && e.rowOf[i] < 0 && e.row(i) >= e.fixed
}

// obey does what people said of entries.
func (e *entries) obey(opts Options) error {
	for _, links := range []struct {
		list [][2]Place
		must bool
	}{{opts.MustLink, true}, {opts.CannotLink, false}} {
		for _, link := range links.list {
			x, errX := e.f.place(link[0])
			y, errY := e.f.place(link[1])
			if err := cmp.Or(errX, errY); err != nil {
				return err
			}
			switch {
			case !links.must:
				e.apart[[2]int{x, y}], e.apart[[2]int{y, x}] = true, true
			case e.row(x) == e.row(y):
			case e.free(x) && e.row(y) >= e.fixed:
				e.put(x, e.row(y))
			case e.free(y) && e.row(x) >= e.fixed:
				e.put(y, e.row(x))
			}
		}
	}
	return nil
}

// hold finds by what each entry is held in the row of its paragraph.
func (e *entries) hold(pairs []pair) {
	e.held = slices.Repeat([]float64{strangers}, len(e.f.nodes))
	for i := range pairs {
		if p := &pairs[i]; e.row(p.x) == e.row(p.y) {
			e.held[p.x], e.held[p.y] = max(e.held[p.x], p.odds), max(e.held[p.y], p.odds)
		}
	}
}

// drawn lists the pairs that draw an entry to another row, the likeliest first.
func (e *entries) drawn(pairs []pair) []*pair {
	var out []*pair
	for i := range pairs {
		if p := &pairs[i]; p.odds >= logit(entryLeaves) && (e.free(p.x) || e.free(p.y)) && e.row(p.x) != e.row(p.y) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(p, q *pair) int { return cmp.Compare(q.odds, p.odds) })
	return out
}

// place follows one pair.
func (e *entries) place(p *pair) {
	x, y := p.x, p.y
	if e.row(x) == e.row(y) || e.row(x) < e.fixed || e.row(y) < e.fixed {
		return
	}
	leavesX, leavesY := e.free(x) && p.odds > e.held[x], e.free(y) && p.odds > e.held[y]
	settled := func(i int) bool { return e.f.nodes[i].whole == i || e.rowOf[i] >= 0 }
	switch {
	case leavesX && settled(y) && !e.barred(x, e.row(y)):
		e.put(x, e.row(y))
	case leavesY && settled(x) && !e.barred(y, e.row(x)):
		e.put(y, e.row(x))
	case leavesX && leavesY && !e.apart[[2]int{x, y}]:
		e.put(x, e.rows)
		e.put(y, e.rows)
		e.rows++
	}
}

// barred reports whether a row is closed to an entry: its text speaks there
// already, or people keep it from something in the row.
func (e *entries) barred(i, row int) bool {
	if e.speak[[2]int{row, e.f.nodes[i].place.Doc}] {
		return true
	}
	for with := range e.apart {
		if with[0] == i && e.row(with[1]) == row {
			return true
		}
	}
	return false
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }
