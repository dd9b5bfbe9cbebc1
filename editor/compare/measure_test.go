package compare

import (
	"cmp"
	"slices"
	"testing"
)

// TestGold measures the alignment on every labelled family, with weights
// learned from the others, and two simple methods beside it:
//
//	go test ./editor/compare -run TestGold -v
func TestGold(t *testing.T) {
	if testing.Short() {
		t.Skip("measuring takes seconds")
	}
	families := goldFamilies(t)
	taught := make([][]example, len(families))
	cosines := make([][]cosineLink, len(families))
	for i, fam := range families {
		cosines[i] = fam.cosineLinks(t)
		if teaches(fam.name) {
			taught[i] = fam.examples(t)
		}
	}
	var all, real, numbers, cosine score
	var sure, near confidence
	macro := 0.0
	for i, fam := range families {
		var others []example
		var known []int
		for j, other := range families {
			if !kin(fam.name, other.name) {
				others = append(others, taught[j]...)
				known = append(known, j)
			}
		}
		var s score
		withWeights(learn(others), func() {
			s = fam.align(t)
			sure.add(fam.sureLinks(t))
			near.add(fam.threeNearest(t))
		})
		n := fam.score(fam.sameNumbers())
		c := fam.score(above(cosines[i], bestThreshold(families, cosines, known)))
		t.Logf("%-15s P %.3f R %.3f F1 %.3f missing F1 %.3f (tp %3d fp %2d fn %2d) · same number F1 %.3f · cosine F1 %.3f",
			fam.name, s.precision(), s.recall(), s.f1(), s.missing(), s.tp, s.fp, s.fn, n.f1(), c.f1())
		if fam.name == "standards" { // ours: not counted in
			continue
		}
		all.add(s)
		numbers.add(n)
		cosine.add(c)
		macro += s.f1() / float64(len(families)-1)
		if teaches(fam.name) {
			real.add(s)
		}
	}
	t.Logf("shared families: micro F1 %.3f, macro F1 %.3f · same number %.3f · bigram cosine, mutual best %.3f", all.f1(), macro, numbers.f1(), cosine.f1())
	t.Logf("without the synthetic one: micro F1 %.3f P %.3f R %.3f", real.f1(), real.precision(), real.recall())
	t.Logf("links of score ≥ 0.9: %.3f of %d are the same provision; true partner among the three nearest: %.3f of %d", sure.share(), sure.of, near.share(), near.of)
	if all.f1() < 0.85 || real.f1() < 0.80 {
		t.Errorf("micro F1 fell to %.3f, without the synthetic family to %.3f", all.f1(), real.f1())
	}
	if all.f1() <= cosine.f1() || all.f1() <= numbers.f1() {
		t.Error("a simple method does better")
	}
}

func (fam goldFamily) align(t testing.TB) score {
	a, err := Align(fam.docs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return fam.score(linksOf(fam.docs, a.Rows))
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

// cosineLink joins two clauses each of which is the other's nearest by the
// cosine of their weighted bigrams.
type cosineLink struct {
	goldLink
	cosine float64
}

func (fam goldFamily) cosineLinks(t testing.TB) []cosineLink {
	t.Helper()
	f, err := readFamily(prepareAll(fam.docs), Knowledge{})
	if err != nil {
		t.Fatal(err)
	}
	type key struct{ provision, doc int }
	best := map[key]float64{}
	pairs := f.pairs(f.neighbours())
	for _, p := range pairs {
		for _, k := range []key{{p.a, f.provisions[p.b].doc}, {p.b, f.provisions[p.a].doc}} {
			best[k] = max(best[k], p.evidence[eCosine])
		}
	}
	var out []cosineLink
	for _, p := range pairs {
		c := p.evidence[eCosine]
		if c == best[key{p.a, f.provisions[p.b].doc}] && c == best[key{p.b, f.provisions[p.a].doc}] {
			out = append(out, cosineLink{f.goldLink(p), c})
		}
	}
	return out
}

func (f *family) goldLink(p pair) goldLink {
	a, b := f.provisions[p.a], f.provisions[p.b]
	l := goldLink{f.given[a.doc], label(a.clause), f.given[b.doc], label(b.clause)}
	if l.i > l.j {
		l = goldLink{l.j, l.b, l.i, l.a}
	}
	return l
}

func above(links []cosineLink, least float64) map[goldLink]bool {
	out := map[goldLink]bool{}
	for _, l := range links {
		if l.cosine >= least {
			out[l.goldLink] = true
		}
	}
	return out
}

// bestThreshold is the cosine that serves the known families best.
func bestThreshold(families []goldFamily, links [][]cosineLink, known []int) float64 {
	best, at := 0.0, 0.0
	for least := 0.02; least < 0.6; least += 0.02 {
		var s score
		for _, j := range known {
			if teaches(families[j].name) {
				s.add(families[j].score(above(links[j], least)))
			}
		}
		if s.f1() > best {
			best, at = s.f1(), least
		}
	}
	return at
}

// confidence counts how often something held.
type confidence struct{ held, of int }

func (c *confidence) add(d confidence) {
	c.held += d.held
	c.of += d.of
}

func (c confidence) share() float64 { return ratio(c.held, c.of) }

// sureLinks counts the links of rows with a score of at least Sure; what is only
// related counts neither way.
func (fam goldFamily) sureLinks(t testing.TB) confidence {
	t.Helper()
	a, err := Align(fam.docs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var c confidence
	for _, row := range a.Rows {
		for _, l := range row.Links {
			if l.Score < Sure {
				continue
			}
			grade, known := fam.gold[goldLink{l.A.Doc, label(fam.docs[l.A.Doc].Clause(l.A.Clause)), l.B.Doc, label(fam.docs[l.B.Doc].Clause(l.B.Clause))}]
			if known && grade == 1 {
				continue
			}
			c.of++
			if known {
				c.held++
			}
		}
	}
	return c
}

// threeNearest counts for how many clauses with a true partner in another text
// that partner is among the three nearest.
func (fam goldFamily) threeNearest(t testing.TB) confidence {
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
	var c confidence
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
