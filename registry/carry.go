package registry

import (
	"cmp"
	"slices"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// carried is what became of a passage of a text in a newer revision of it. Old
// is zero for one that came, New for one that went.
type carried struct {
	Old, New editor.Passage
	Same     bool // the words are the same
}

// How alike two passages of one clause have to be.
const (
	reworded = 0.3 // to be the same passage
	partOf   = 0.6 // of its pairs of characters, for a passage to have come out of another one
	likeWork = 4e6 // pairs of characters that are held against others in one clause
)

// standing is a passage with its text.
type standing struct {
	at   editor.Passage
	text string
}

// carry says what became of each passage of a text: by its clause's counterpart
// in the newer text, there by its words. Those of the newer text come first, in
// its order, each once; then those that went.
func carry(old, new *editor.Document) []carried {
	from := map[editor.Passage]carried{} // by New
	used := map[editor.Passage]bool{}    // by Old
	take := func(c carried) { from[c.New], used[c.Old] = c, true }
	for _, ch := range compare.Revisions(old, new).Clauses {
		a, b := standingIn(ch.Old), standingIn(ch.New)
		pairPassages(a, b, len(ch.Old) == 1 && len(ch.New) == 1, take)
	}
	// What moved from one clause into another, word for word.
	rest := map[string][]editor.Passage{}
	for _, s := range standingIn(slices.Collect(old.All())) {
		if !used[s.at] {
			rest[s.text] = append(rest[s.text], s.at)
		}
	}
	var out []carried
	for _, s := range standingIn(slices.Collect(new.All())) {
		c, ok := from[s.at]
		if list := rest[s.text]; !ok && len(list) > 0 {
			rest[s.text] = list[1:]
			c, ok = carried{list[0], s.at, true}, true
			used[c.Old] = true
		}
		if !ok {
			c = carried{New: s.at}
		}
		out = append(out, c)
	}
	for _, s := range standingIn(slices.Collect(old.All())) {
		if !used[s.at] {
			out = append(out, carried{Old: s.at})
		}
	}
	return out
}

// carryEntry finds what became of an entry of a passage that is carried: the
// entry of the same words that stands nearest to its place, else the one most
// like it; zero where it is gone, and its words, where any are left, are a part
// of the passage again.
func carryEntry(old, new *editor.Document, at editor.Passage, to editor.Passage) carried {
	text := passageText(old, at)
	pairs := pairsOf(text)
	best, most := carried{Old: at}, reworded
	far := func(n int) int { return max(n-at.Entry, at.Entry-n) }
	for i, e := range editor.Entries(passageText(new, to)) {
		here := to
		here.Entry = i + 1
		if e.Text == text {
			if !best.Same || far(here.Entry) < far(best.New.Entry) {
				best = carried{Old: at, New: here, Same: true}
			}
			continue
		}
		if best.Same {
			continue
		}
		if alike, _ := likeness(pairs, pairsOf(e.Text)); alike >= most {
			best, most = carried{Old: at, New: here}, alike
		}
	}
	return best
}

func standingIn(clauses []*editor.Clause) (out []standing) {
	for _, c := range clauses {
		for i, text := range c.Passages() {
			out = append(out, standing{editor.Passage{Clause: c.ID, Paragraph: i + 1}, text})
		}
	}
	return out
}

// pairPassages pairs the passages of counterparts: those of equal words in
// order, then the most alike; a single one that is left on both sides of one
// clause; and one that came out of another that has its counterpart already.
func pairPassages(a, b []standing, one bool, take func(carried)) {
	var left []standing
	for _, s := range b {
		i := slices.IndexFunc(a, func(x standing) bool { return x.text == s.text })
		if i < 0 {
			left = append(left, s)
			continue
		}
		take(carried{a[i].at, s.at, true})
		a = slices.Delete(slices.Clone(a), i, i+1)
	}
	if len(left) == 0 || len(a) == 0 {
		return
	}
	if one && len(left) == 1 && len(a) == 1 {
		take(carried{a[0].at, left[0].at, false})
		return
	}
	work := 0
	was, is := make([]pairSet, len(a)), make([]pairSet, len(left))
	for i, x := range a {
		was[i] = pairsOf(x.text)
	}
	for j, y := range left {
		is[j] = pairsOf(y.text)
		work += len(is[j]) * len(a)
	}
	if work > likeWork {
		for i := range min(len(a), len(left)) {
			take(carried{a[i].at, left[i].at, false})
		}
		return
	}
	type likePair struct {
		i, j        int
		alike, part float64
	}
	var all []likePair
	for i := range a {
		for j := range left {
			alike, part := likeness(was[i], is[j])
			all = append(all, likePair{i, j, alike, part})
		}
	}
	slices.SortStableFunc(all, func(x, y likePair) int { return cmp.Compare(y.alike, x.alike) })
	usedA, usedB := map[int]bool{}, map[int]bool{}
	for _, p := range all {
		if p.alike >= reworded && !usedA[p.i] && !usedB[p.j] {
			usedA[p.i], usedB[p.j] = true, true
			take(carried{a[p.i].at, left[p.j].at, false})
		}
	}
	slices.SortStableFunc(all, func(x, y likePair) int { return cmp.Compare(y.part, x.part) })
	for _, p := range all {
		if p.part >= partOf && !usedB[p.j] {
			usedB[p.j] = true
			take(carried{a[p.i].at, left[p.j].at, false})
		}
	}
}

// pairSet is the pairs of neighbouring characters of a text.
type pairSet map[[2]rune]bool

func pairsOf(s string) pairSet {
	out := pairSet{}
	var last rune
	for _, r := range s {
		if last != 0 {
			out[[2]rune{last, r}] = true
		}
		last = r
	}
	return out
}

// likeness is how many of their pairs two texts share (0 to 1), and how many of
// those of b.
func likeness(a, b pairSet) (alike, part float64) {
	if len(a) == 0 || len(b) == 0 {
		return 0, 0
	}
	shared := 0
	for p := range b {
		if a[p] {
			shared++
		}
	}
	return 2 * float64(shared) / float64(len(a)+len(b)), float64(shared) / float64(len(b))
}
