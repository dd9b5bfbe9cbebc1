package compare

import (
	"cmp"
	"slices"
	"strings"

	"tongbiao/editor"
)

// duty is a modal word in a column and what it governs.
type duty struct {
	fact     editor.Fact
	word     string
	clause   clause
	governed string // what follows it in its clause
	symbols  []rune // of that
}

func (col *column) dutyOf(f editor.Fact) duty {
	d := duty{fact: f, word: col.text[f.Start:f.End]}
	if c := col.clauseAt(f.Start); c != nil {
		d.clause = *c
		d.governed = strings.TrimSpace(col.text[min(f.End, c.end):c.end])
		d.symbols = wordsOnly.symbols(d.governed)
	}
	return d
}

const (
	governs  = 0.5 // how alike what two modal words govern must be (measured: 74 to 84 % right)
	stated   = 0.6 // the same against a clause without modal word
	governed = 4   // symbols that say enough to be compared
)

// modalityDifferences pairs what modal words govern and reports where the words
// bind differently: 应当答复 against 可以答复.
func modalityDifferences(cols []column) []Difference {
	type edge struct {
		i, a, j, b int
		alike      float64
	}
	var edges []edge
	for i := range cols {
		for j := i + 1; j < len(cols); j++ {
			for a := range cols[i].duties {
				for b := range cols[j].duties {
					x, y := &cols[i].duties[a], &cols[j].duties[b]
					if min(len(x.symbols), len(y.symbols)) < governed {
						continue
					}
					if s := likeness(x.symbols, y.symbols); s >= governs {
						edges = append(edges, edge{i, a, j, b, s})
					}
				}
			}
		}
	}
	slices.SortStableFunc(edges, func(x, y edge) int { return cmp.Compare(y.alike, x.alike) })
	taken := map[[2]int]int{}
	var groups [][]int
	var alike []float64
	for _, e := range edges {
		x, okX := taken[[2]int{e.i, e.a}]
		y, okY := taken[[2]int{e.j, e.b}]
		switch {
		case okX && okY:
		case okX && groups[x][e.j] < 0:
			groups[x][e.j], taken[[2]int{e.j, e.b}] = e.b, x
			alike[x] = min(alike[x], e.alike)
		case okY && groups[y][e.i] < 0:
			groups[y][e.i], taken[[2]int{e.i, e.a}] = e.a, y
			alike[y] = min(alike[y], e.alike)
		case !okX && !okY:
			g := slices.Repeat([]int{-1}, len(cols))
			g[e.i], g[e.j] = e.a, e.b
			taken[[2]int{e.i, e.a}], taken[[2]int{e.j, e.b}] = len(groups), len(groups)
			groups, alike = append(groups, g), append(alike, e.alike)
		}
	}
	var out []Difference
	for i, g := range groups {
		if d, differs := dutyDifference(cols, g, alike[i]); differs {
			out = append(out, d)
		}
	}
	return append(out, statedDifferences(cols, taken)...)
}

// binding is how a modal word binds: 不宜 and 宜 bind alike strongly and are
// not the same.
type binding struct {
	modality editor.Modality
	negative bool
}

func dutyDifference(cols []column, members []int, alike float64) (Difference, bool) {
	d := Difference{Kind: Modality, Texts: make([]string, len(cols)), Confidence: min(0.9, 0.4+alike/2)}
	by := map[binding][]int{}
	var order []binding
	var words []string
	object := ""
	for i, m := range members {
		if m < 0 {
			continue
		}
		u := &cols[i].duties[m]
		d.Texts[i] = clip(u.word+u.governed, 40)
		if object == "" {
			object = u.governed
		}
		k := binding{u.fact.Modality, u.fact.Negative}
		if by[k] == nil {
			order = append(order, k)
			words = append(words, u.word)
		}
		by[k] = append(by[k], i)
	}
	if len(order) < 2 {
		return d, false
	}
	var parts []string
	for i, k := range order {
		parts = append(parts, labels(cols, by[k])+" "+words[i]+"（"+k.modality.Zh()+"）")
	}
	d.Summary = clip(object, 20) + "：" + strings.Join(parts, "；")
	d.Strictest, d.Loosest = strengths(order, by)
	return d, true
}

// strengths finds the columns that bind most and least.
func strengths(order []binding, by map[binding][]int) (strictest, loosest []int) {
	most, least := -1, 99
	for _, k := range order {
		most, least = max(most, k.modality.Strength()), min(least, k.modality.Strength())
	}
	if most == least {
		return nil, nil
	}
	for _, k := range order {
		switch k.modality.Strength() {
		case most:
			strictest = append(strictest, by[k]...)
		case least:
			loosest = append(loosest, by[k]...)
		}
	}
	slices.Sort(strictest)
	slices.Sort(loosest)
	return strictest, loosest
}

// statedDifferences holds what a modal word governs in one column against plain
// statements of the others: 可以会同有关单位建立站点 against 会同有关单位建立站点.
func statedDifferences(cols []column, paired map[[2]int]int) []Difference {
	var out []Difference
	for i := range cols {
		for a := range cols[i].duties {
			x := &cols[i].duties[a]
			if _, ok := paired[[2]int{i, a}]; ok || len(x.symbols) < 2*governed {
				continue
			}
			for j := range cols {
				if j == i || cols[j].silent {
					continue
				}
				c := cols[j].statement(x.symbols)
				if c == nil {
					continue
				}
				said := strings.TrimSpace(cols[j].text[c.start:c.end])
				d := Difference{Kind: Modality, Texts: make([]string, len(cols)), Confidence: 0.5, Strictest: []int{i}, Loosest: []int{j}}
				d.Texts[i], d.Texts[j] = clip(x.word+x.governed, 40), clip(said, 40)
				d.Summary = clip(x.governed, 20) + "：" + cols[i].label + " " + x.word + "（" + x.fact.Modality.Zh() + "）；" + cols[j].label + " 未用助动词（陈述）"
				out = append(out, d)
			}
		}
	}
	return out
}

// statement finds a clause without modal word that says what the symbols say.
func (col *column) statement(symbols []rune) *clause {
	for i := range col.clauses {
		c := &col.clauses[i]
		if !c.modal && len(c.symbols) >= 2*governed && likeness(c.symbols, symbols) >= stated {
			return c
		}
	}
	return nil
}
