package compare

import (
	"slices"
	"strings"

	"tongbiao/editor"
)

// Bounds of a claim that two texts bind different actors.
const (
	sameDeed    = 0.5 // how alike what the modal words govern must be
	sameDeedMin = 4   // symbols that it must have
)

// genericActors name whoever is competent: no claim rests on them.
var genericActors = []string{"有关部门", "经营者", "当事人", "申请人", "行业协会"}

// likeActors are names that texts use for one and the same; first those whom
// the others serve.
var likeActors = [][]string{
	{"消费者", "用户", "收件人", "寄件人"},
	{"公安机关", "公安机关交通管理部门"},
	{"市场监督管理部门", "工商行政管理部门", "质量技术监督部门"},
	{"驾驶人", "所有人", "乘坐人"},
	{"应急管理部门", "消防救援机构"},
}

// actorDifferences reports where texts lay the same duty on different actors.
// Columns whose actor the
// lexicon does not know are left out; the others must bind alike.
func actorDifferences(cols []column, amounts []amountGroup) []Difference {
	var out []Difference
	for _, g := range groupDuties(cols, amounts) {
		if d, ok := g.actors(cols); ok {
			out = append(out, d)
		}
	}
	return out
}

// actors says whom the modal words of a group bind, and whether they differ.
func (g dutyGroup) actors(cols []column) (Difference, bool) {
	d := Difference{Kind: Actor, Texts: make([]string, len(cols)), Confidence: min(0.9, g.alike)}
	var first *duty
	var names []string
	var by [][]int
	differ := false
	for i, m := range g.members {
		if m < 0 {
			continue
		}
		u := &cols[i].duties[m]
		a := u.fact.Actor
		if a == nil || len(u.symbols) < sameDeedMin || slices.ContainsFunc(a.Names, isGeneric) {
			continue
		}
		name := strings.Join(a.Names, "、")
		d.Texts[i] = cols[i].text[a.Start:a.End]
		if first == nil {
			first = u
		} else if u.binding() != first.binding() || likeness(first.symbols, u.symbols) < sameDeed {
			return d, false
		} else {
			differ = differ || unrelated(first.fact.Actor, a)
		}
		at := slices.Index(names, name)
		if at < 0 {
			at = len(names)
			names, by = append(names, name), append(by, nil)
		}
		by[at] = append(by[at], i)
	}
	if !differ {
		return d, false
	}
	var parts []string
	for k, name := range names {
		parts = append(parts, labels(cols, by[k])+" "+name)
	}
	d.Summary = clip(first.governed, 20) + "：" + strings.Join(parts, "；")
	return d, true
}

// opposed reports whether one actor is served and the other serves: a term in
// which a consumer may ask is none in which a business must pay.
func opposed(a, b *editor.Actor) bool {
	if a == nil || b == nil {
		return false
	}
	served := func(a *editor.Actor) bool {
		return !slices.ContainsFunc(a.Names, func(n string) bool { return !slices.Contains(likeActors[0], n) })
	}
	return served(a) != served(b)
}

// actorOf is whom the modal word of clause i binds, its own or the one that
// governs it; nil where that is not known.
func (col *column) actorOf(i int) *editor.Actor {
	m := col.clauses[i].modal
	if m < 0 {
		m = col.inherits(i)
	}
	if m < 0 {
		return nil
	}
	return col.duties[m].fact.Actor
}

func isGeneric(name string) bool { return slices.Contains(genericActors, name) }

// unrelated reports whether two actors have no name in common, nor names that
// texts use for one and the same.
func unrelated(a, b *editor.Actor) bool {
	for _, x := range a.Names {
		for _, y := range b.Names {
			if x == y || slices.ContainsFunc(likeActors, func(g []string) bool { return slices.Contains(g, x) && slices.Contains(g, y) }) {
				return false
			}
		}
	}
	return true
}
