package compare

import (
	"cmp"
	"slices"
	"testing"
)

// TestGold measures the alignment on every labelled family, with weights
// learned from the others, and three simple methods beside it:
//
//	make bench-compare
func TestGold(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: measuring takes seconds")
	}
	families := goldFamilies(t)
	taught := make([][]example, len(families))
	cosines := make([]cosineLinks, len(families))
	for i, fam := range families {
		cosines[i] = fam.cosines(t)
		if teaches(fam.name) {
			taught[i] = fam.examples(t)
		}
	}
	var all, real [4]score // ours, equal numbers, cosine, monotone
	var near certainty
	var sure, sureReal certainty
	var bins [10]bin
	macro := 0.0
	t.Logf("%-15s %6s %6s %6s %10s %6s %6s | F1 of: equal numbers, bigram cosine mutual best, monotone DP", "family", "P", "R", "F1", "missing F1", "P≥0.9", "top 3")
	for i, fam := range families {
		var others []example
		var known []int
		for j, other := range families {
			if !kin(fam.name, other.name) {
				others = append(others, taught[j]...)
				known = append(known, j)
			}
		}
		var s [4]score
		var three, certain certainty
		withWeights(learn(others), func() {
			a, err := Align(fam.docs, Options{})
			if err != nil {
				t.Fatal(err)
			}
			s[0] = fam.score(linksOf(fam.docs, a.Rows))
			certain = fam.reliability(a, &bins)
			three = fam.threeNearest(t)
		})
		s[1] = fam.score(fam.sameNumbers())
		s[2] = fam.score(cosines[i].mutual(bestThreshold(families, cosines, known, cosineLinks.mutual)))
		s[3] = fam.score(cosines[i].monotone(bestThreshold(families, cosines, known, cosineLinks.monotone)))
		t.Logf("%-15s %6.3f %6.3f %6.3f %10.3f %6.3f %6.3f | %.3f %.3f %.3f (tp %d fp %d fn %d)", fam.name, s[0].precision(), s[0].recall(), s[0].f1(), s[0].missing(),
			certain.share(), three.share(), s[1].f1(), s[2].f1(), s[3].f1(), s[0].tp, s[0].fp, s[0].fn)
		if fam.name == "standards" { // ours: not counted in
			continue
		}
		macro += s[0].f1() / float64(len(families)-1)
		near.add(three)
		sure.add(certain)
		if teaches(fam.name) {
			sureReal.add(certain)
		}
		for k := range s {
			all[k].add(s[k])
			if teaches(fam.name) {
				real[k].add(s[k])
			}
		}
	}
	t.Logf("shared families: micro F1 %.3f, macro F1 %.3f, missing F1 %.3f | %.3f %.3f %.3f", all[0].f1(), macro, all[0].missing(), all[1].f1(), all[2].f1(), all[3].f1())
	t.Logf("without the synthetic one: micro F1 %.3f P %.3f R %.3f | %.3f %.3f %.3f", real[0].f1(), real[0].precision(), real[0].recall(), real[1].f1(), real[2].f1(), real[3].f1())
	t.Logf("links of score ≥ 0.9: %.3f of %d are the same provision, without the synthetic family %.3f of %d; true partner among the three nearest: %.3f of %d",
		sure.share(), sure.of, sureReal.share(), sureReal.of, near.share(), near.of)
	for i, b := range bins {
		t.Logf("score %.1f to %.1f: %4d links, mean score %.2f, the same provision %.2f", float64(i)/10, float64(i+1)/10, b.of, b.total/float64(max(b.of, 1)), b.share())
	}
	if all[0].f1() < 0.88 || real[0].f1() < 0.85 || sureReal.share() < 0.95 || near.share() < 0.98 {
		t.Errorf("micro F1 fell to %.3f, without the synthetic family to %.3f; sure links are right in %.3f, three candidates hold the partner in %.3f", all[0].f1(), real[0].f1(), sureReal.share(), near.share())
	}
	for k := 1; k < len(all); k++ {
		if all[0].f1() <= all[k].f1() {
			t.Error("a simple method does better")
		}
	}
}

// bin counts the links of about one score.
type bin struct {
	certainty
	total float64 // of the scores
}

// sameNumbers links clauses that bear the same number.
func (fam goldFamily) sameNumbers() map[goldLink]bool {
	out := map[goldLink]bool{}
	for i := range fam.docs {
		for j := i + 1; j < len(fam.docs); j++ {
			for c := range fam.all[i] {
				if fam.all[j][c] {
					out[goldLink{i, c, j, c}] = true
				}
			}
		}
	}
	return out
}

// cosineLinks are the cosines of the weighted bigrams of clauses.
type cosineLinks struct {
	clauses [][]string // labels in reading order, by text
	cosine  map[goldLink]float64
}

func (fam goldFamily) cosines(t testing.TB) cosineLinks {
	t.Helper()
	f, err := readFamily(prepareAll(fam.docs), Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := cosineLinks{make([][]string, len(fam.docs)), map[goldLink]float64{}}
	for i, p := range f.provisions {
		if f.isEntry(i) {
			continue
		}
		doc := f.given[p.doc]
		out.clauses[doc] = append(out.clauses[doc], label(p.clause))
	}
	for _, p := range f.pairs(f.neighbours()) {
		if f.isEntry(p.a) || f.isEntry(p.b) {
			continue
		}
		out.cosine[f.goldLink(p)] = p.evidence[eCosine]
	}
	return out
}

// mutual links clauses each of which is the other's nearest, from a cosine on.
func (c cosineLinks) mutual(least float64) map[goldLink]bool {
	type side struct {
		i int
		a string
		j int
	}
	best := map[side]float64{}
	for l, v := range c.cosine {
		x, y := side{l.i, l.a, l.j}, side{l.j, l.b, l.i}
		best[x], best[y] = max(best[x], v), max(best[y], v)
	}
	out := map[goldLink]bool{}
	for l, v := range c.cosine {
		if v >= least && v == best[side{l.i, l.a, l.j}] && v == best[side{l.j, l.b, l.i}] {
			out[l] = true
		}
	}
	return out
}

// monotone links each two texts by dynamic programming in their order: one to
// one, one to two, two to one.
func (c cosineLinks) monotone(least float64) map[goldLink]bool {
	out := map[goldLink]bool{}
	for i := range c.clauses {
		for j := i + 1; j < len(c.clauses); j++ {
			c.walk(i, j, least, out)
		}
	}
	return out
}

func (c cosineLinks) walk(i, j int, least float64, out map[goldLink]bool) {
	x, y := c.clauses[i], c.clauses[j]
	gain := func(a, b int) float64 { return c.cosine[goldLink{i, x[a], j, y[b]}] - least }
	best := make([][]float64, len(x)+1)
	step := make([][][2]int, len(x)+1)
	for a := range best {
		best[a], step[a] = make([]float64, len(y)+1), make([][2]int, len(y)+1)
		for b := range best[a] {
			try := func(da, db int) {
				if a < da || b < db {
					return
				}
				v := best[a-da][b-db]
				if da > 0 && db > 0 {
					for p := a - da; p < a; p++ {
						for q := b - db; q < b; q++ {
							v += gain(p, q)
						}
					}
				}
				if step[a][b] == [2]int{} || v > best[a][b] {
					best[a][b], step[a][b] = v, [2]int{da, db}
				}
			}
			try(1, 0)
			try(0, 1)
			try(1, 1)
			try(1, 2)
			try(2, 1)
		}
	}
	for a, b := len(x), len(y); a > 0 || b > 0; {
		d := step[a][b]
		if d[0] > 0 && d[1] > 0 {
			for p := a - d[0]; p < a; p++ {
				for q := b - d[1]; q < b; q++ {
					out[goldLink{i, x[p], j, y[q]}] = true
				}
			}
		}
		a, b = a-d[0], b-d[1]
	}
}

func (f *family) goldLink(p pair) goldLink {
	a, b := f.provisions[p.a], f.provisions[p.b]
	l := goldLink{f.given[a.doc], label(a.clause), f.given[b.doc], label(b.clause)}
	if l.i > l.j {
		l = goldLink{l.j, l.b, l.i, l.a}
	}
	return l
}

// bestThreshold is the cosine that serves the known families best.
func bestThreshold(families []goldFamily, cosines []cosineLinks, known []int, method func(cosineLinks, float64) map[goldLink]bool) float64 {
	best, at := 0.0, 0.0
	for least := 0.02; least < 0.6; least += 0.04 {
		var s score
		for _, j := range known {
			if teaches(families[j].name) {
				s.add(families[j].score(method(cosines[j], least)))
			}
		}
		if s.f1() > best {
			best, at = s.f1(), least
		}
	}
	return at
}

// certainty counts how often something held.
type certainty struct{ held, of int }

func (c *certainty) add(d certainty) {
	c.held += d.held
	c.of += d.of
}

func (c certainty) share() float64 { return ratio(c.held, c.of) }

// reliability counts how many links of rows are the same provision, by score,
// and gives those of at least Sure; what is only related counts neither way.
func (fam goldFamily) reliability(a *Alignment, bins *[10]bin) (sure certainty) {
	name := func(at Place) string { return label(fam.docs[at.Doc].Clause(at.Clause)) }
	for _, row := range a.Rows {
		for _, l := range row.Links {
			grade, known := fam.gold[goldLink{l.A.Doc, name(l.A), l.B.Doc, name(l.B)}]
			if known && grade == 1 {
				continue
			}
			one := certainty{of: 1}
			if known {
				one.held = 1
			}
			if l.Score >= Sure {
				sure.add(one)
			}
			if fam.name == "standards" || !teaches(fam.name) {
				continue
			}
			b := &bins[min(int(l.Score*10), 9)]
			b.add(one)
			b.total += l.Score
		}
	}
	return sure
}

// threeNearest counts for how many clauses with a true partner in another text
// that partner is among the three nearest.
func (fam goldFamily) threeNearest(t testing.TB) certainty {
	t.Helper()
	f, _, pairs, err := weighPairs(prepareAll(fam.docs), Options{})
	if err != nil {
		t.Fatal(err)
	}
	type side struct {
		i int
		a string
		j int
	}
	ranked := map[side][]pair{}
	for _, p := range pairs {
		if f.isEntry(p.a) || f.isEntry(p.b) {
			continue
		}
		l := f.goldLink(p)
		ranked[side{l.i, l.a, l.j}] = append(ranked[side{l.i, l.a, l.j}], p)
		ranked[side{l.j, l.b, l.i}] = append(ranked[side{l.j, l.b, l.i}], p)
	}
	partners := map[side]bool{}
	for l, grade := range fam.gold {
		if grade == 2 {
			partners[side{l.i, l.a, l.j}], partners[side{l.j, l.b, l.i}] = true, true
		}
	}
	var c certainty
	for s := range partners {
		list := ranked[s]
		slices.SortFunc(list, func(p, q pair) int { return cmp.Compare(q.odds, p.odds) })
		c.of++
		if slices.ContainsFunc(list[:min(3, len(list))], func(p pair) bool { return fam.gold[f.goldLink(p)] == 2 }) {
			c.held++
		}
	}
	return c
}
