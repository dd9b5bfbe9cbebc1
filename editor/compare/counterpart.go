package compare

import (
	"cmp"
	"slices"

	"tongbiao/editor"
)

// Bounds of how alike two clauses of two texts of one standard are.
const (
	evident    = 0.85 // certainly the same clause
	recognised = 0.5  // the same clause, reworded
	byIdentity = 0.3  // the same clause where the IDs say so too
	crowded    = 60   // clauses; a pair of characters in more of them finds no candidates
)

// counterparts pairs the clauses of two texts of one standard.
type counterparts struct {
	old, new []*oneClause
	ofOld    []int // index in new, -1 when there is none
	ofNew    []int
	alike    []float64 // of each old clause with its counterpart
}

// oneClause is a clause as it is recognised: by its title and text, without the
// numbers of the clauses that it refers to.
type oneClause struct {
	clause   *editor.Clause
	parent   int              // -1 at the top
	place    int              // in reading order
	read     map[[2]rune]bool // pairs, once they were asked for
	identity string           // what is equal in clauses that are word for word the same
}

func readClauses(d *editor.Document) []*oneClause {
	var out []*oneClause
	var walk func(cs []*editor.Clause, parent int)
	walk = func(cs []*editor.Clause, parent int) {
		for _, c := range cs {
			out = append(out, &oneClause{
				clause: c, parent: parent, place: len(out),
				identity: string(c.Kind) + "\x00" + c.Title + "\x00" + c.English + "\x00" + c.Text,
			})
			walk(c.Clauses, len(out)-1)
		}
	}
	walk(d.Clauses, -1)
	return out
}

// pairs are the pairs of symbols of a clause. Most clauses are never asked for
// them: they are the same word for word.
func (c *oneClause) pairs() map[[2]rune]bool {
	if c.read == nil {
		c.read = pairSet(wordsOnly.symbols(c.clause.Title + "\n" + c.clause.Text))
	}
	return c.read
}

// match pairs clauses: by the roles that a text has once, by equal words, by
// evident likeness, by ID, and last by recognisable likeness. Each clause has one
// counterpart at most.
func match(old, new *editor.Document) *counterparts {
	m := &counterparts{old: readClauses(old), new: readClauses(new)}
	m.ofOld, m.ofNew = slices.Repeat([]int{-1}, len(m.old)), slices.Repeat([]int{-1}, len(m.new))
	m.alike = make([]float64, len(m.old))
	m.matchRoles()
	m.matchEqual()
	near := m.candidates()
	m.matchAlike(near, evident)
	m.matchIdentity()
	m.matchAlike(near, recognised)
	m.matchParents()
	return m
}

func (m *counterparts) pair(i, j int, alike float64) {
	m.ofOld[i], m.ofNew[j], m.alike[i] = j, i, alike
}

func (m *counterparts) free(i, j int) bool { return m.ofOld[i] < 0 && m.ofNew[j] < 0 }

func (m *counterparts) likeness(i, j int) float64 {
	if m.old[i].identity == m.new[j].identity {
		return 1
	}
	return setLikeness(m.old[i].pairs(), m.new[j].pairs())
}

// matchRoles pairs what every text has once: preamble, foreword and the like.
func (m *counterparts) matchRoles() {
	at := map[editor.Kind]int{}
	for i, c := range m.old {
		switch k := c.clause.Kind; k {
		case editor.Preamble, editor.Foreword, editor.Introduction, editor.Bibliography, editor.Index:
			if _, ok := at[k]; !ok {
				at[k] = i
			}
		}
	}
	for j, c := range m.new {
		if i, ok := at[c.clause.Kind]; ok && m.free(i, j) {
			m.pair(i, j, m.likeness(i, j))
		}
	}
}

// matchEqual pairs clauses that are the same word for word, in order.
func (m *counterparts) matchEqual() {
	at := map[string][]int{}
	for i, c := range m.old {
		if m.ofOld[i] < 0 {
			at[c.identity] = append(at[c.identity], i)
		}
	}
	for j, c := range m.new {
		if list := at[c.identity]; len(list) > 0 && m.ofNew[j] < 0 {
			m.pair(list[0], j, 1)
			at[c.identity] = list[1:]
		}
	}
}

// likePair is two clauses and how alike they are.
type likePair struct {
	i, j  int
	alike float64
}

// candidates lists the pairs of clauses without counterpart that are
// recognisably alike, the most alike first; of equals those whose places agree.
func (m *counterparts) candidates() []likePair {
	postings := map[[2]rune][]int{}
	for j, c := range m.new {
		if m.ofNew[j] < 0 {
			for p := range c.pairs() {
				postings[p] = append(postings[p], j)
			}
		}
	}
	var out []likePair
	shared := make([]int, len(m.new))
	var met []int
	for i, c := range m.old {
		if m.ofOld[i] >= 0 {
			continue
		}
		met = met[:0]
		for p := range c.pairs() {
			list := postings[p]
			if len(m.new) > 500 && len(list) > crowded {
				continue
			}
			for _, j := range list {
				if shared[j] == 0 {
					met = append(met, j)
				}
				shared[j]++
			}
		}
		for _, j := range met {
			possible := 2 * float64(shared[j]) / float64(len(c.pairs())+len(m.new[j].pairs()))
			shared[j] = 0
			if possible < recognised/2 || c.clause.Kind != m.new[j].clause.Kind && divides(c.clause.Kind) != divides(m.new[j].clause.Kind) {
				continue
			}
			if s := m.likeness(i, j); s >= recognised {
				out = append(out, likePair{i, j, s})
			}
		}
	}
	slices.SortFunc(out, func(a, b likePair) int {
		return cmp.Or(cmp.Compare(b.alike, a.alike), cmp.Compare(m.displaced(a), m.displaced(b)), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j))
	})
	return out
}

// displaced is how far apart two clauses stand in their texts, 0 to 1.
func (m *counterparts) displaced(p likePair) float64 {
	d := float64(p.i)/float64(len(m.old)) - float64(p.j)/float64(len(m.new))
	return max(d, -d)
}

// matchAlike pairs what is at least so much alike, the most alike first.
func (m *counterparts) matchAlike(pairs []likePair, least float64) {
	for _, p := range pairs {
		if p.alike >= least && m.free(p.i, p.j) {
			m.pair(p.i, p.j, p.alike)
		}
	}
}

// matchIdentity pairs clauses of one ID that are somewhat alike.
func (m *counterparts) matchIdentity() {
	at := map[string]int{}
	for i, c := range m.old {
		at[c.clause.ID] = i
	}
	for j, c := range m.new {
		i, ok := at[c.clause.ID]
		if !ok || c.clause.ID == "" || !m.free(i, j) {
			continue
		}
		s := m.likeness(i, j)
		if s >= byIdentity || c.clause.Title != "" && c.clause.Title == m.old[i].clause.Title {
			m.pair(i, j, s)
		}
	}
}

// matchParents pairs headings whose clauses are counterparts for the most part.
func (m *counterparts) matchParents() {
	votes := map[[2]int]int{}
	children := map[int]int{}
	for i, c := range m.old {
		j := m.ofOld[i]
		if c.parent >= 0 {
			children[c.parent]++
		}
		if j >= 0 && c.parent >= 0 && m.new[j].parent >= 0 {
			votes[[2]int{c.parent, m.new[j].parent}]++
		}
	}
	for i := range m.old {
		if m.ofOld[i] >= 0 || children[i] == 0 {
			continue
		}
		for j := range m.new {
			if m.free(i, j) && m.old[i].clause.Kind == m.new[j].clause.Kind && 2*votes[[2]int{i, j}] > children[i] {
				m.pair(i, j, m.likeness(i, j))
			}
		}
	}
}
