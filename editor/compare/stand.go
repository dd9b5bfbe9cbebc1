package compare

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
)

// Stand is how one cell stands to the text that it is held against (the unified
// clause of its row, or the base):
//
//	一致 same      it says the same, but for punctuation, numerals and units
//	仅措辞 wording  other words, every word of content on each side found on the other
//	更严 stricter  whoever obeys the cell obeys the other, too, in all figures and
//	              modal words that can be compared, and in one of them not the other
//	              way round: a shorter term, a higher least value, 应 for 宜, a heavier
//	              penalty
//	更宽 looser    the same with the sides changed
//	交叉 crossing  stricter in one, looser in another
//	冲突 conflict  nobody can obey both: one demands what the other forbids, one permits
//	              or recommends what the other forbids, or the least that one demands is
//	              more than the most that the other allows
//	缺失 missing   no clause of the text was found; that does not mean that it has none
//	不同 different the contents differ, and the machine cannot tell which asks for more
//
// A figure against none, working days against days, an exact value against a
// bound and a rule for other persons have no order: they are 不同, never 更严.
type Stand string

const (
	StandsSame      Stand = "same"
	StandsReworded  Stand = "wording"
	StandsStricter  Stand = "stricter"
	StandsLooser    Stand = "looser"
	StandsCrossing  Stand = "crossing"
	StandsConflict  Stand = "conflict"
	StandsMissing   Stand = "missing"
	StandsDifferent Stand = "different"
)

// Stands in the order in which they are offered.
var Stands = []Stand{StandsSame, StandsStricter, StandsLooser, StandsCrossing, StandsConflict, StandsMissing, StandsReworded, StandsDifferent}

// Proposal is how the machine holds that a cell stands to another, and why.
type Proposal struct {
	Stand      Stand
	Reasons    []Reckoning // what was compared, most telling first
	Confidence float64     // 0 to 1
}

// Reckoning is one thing in which a cell and its counterpart differ.
type Reckoning struct {
	Kind      Kind   // Quantity, Modality, Actor, Scope…
	Stand     Stand  // in this alone
	Own       string // what the cell says
	Other     string // what the other says
	Subject   string // of what, with a Blank for what is compared; "" where Own and Other say all
	Condition string
}

// Reckon says how a cell stands to another text on the same subject. Without
// sure, that the two belong together is doubtful, and penalties have no order.
func (r *Reader) Reckon(own, other Cell, sure bool) Proposal {
	cols := []column{readColumn(own, r.norm), readColumn(other, r.norm)}
	switch {
	case cols[0].silent && cols[1].silent:
		return Proposal{Stand: StandsSame, Confidence: 1}
	case cols[0].silent:
		return Proposal{Stand: StandsMissing, Confidence: 0.75}
	case cols[1].silent:
		return Proposal{Stand: StandsDifferent, Confidence: 0.5}
	}
	groups := groupAmounts(cols)
	found := reckonAmounts(cols, groups, sure)
	found = append(found, reckonDuties(cols, groups)...)
	for _, d := range actorDifferences(cols, groups) {
		found = append(found, Reckoning{Kind: Actor, Stand: StandsDifferent, Own: d.Texts[0], Other: d.Texts[1]})
	}
	p := Proposal{Confidence: 0.9, Reasons: found}
	if words := wordDifference(cols, len(found) > 0); len(words) > 0 {
		w := Reckoning{Kind: words[0].Kind, Stand: StandsDifferent, Own: words[0].Texts[0], Other: words[0].Texts[1]}
		if w.Kind == Wording {
			w.Stand = StandsReworded
		}
		p.Reasons = append(p.Reasons, w)
	}
	p.Stand = sumUp(p.Reasons)
	p.Confidence = trust(p)
	slices.SortStableFunc(p.Reasons, func(a, b Reckoning) int {
		return cmp.Compare(slices.Index(telling, a.Stand), slices.Index(telling, b.Stand))
	})
	return p
}

// telling is the order in which reasons are said.
var telling = []Stand{StandsConflict, StandsStricter, StandsLooser, StandsDifferent, StandsReworded}

// sumUp makes one relation of what was found. Where a figure or a modal word
// differs without order, nothing is claimed; words that differ beside figures
// that have one do not take it away: they are shown as a reason.
func sumUp(found []Reckoning) Stand {
	n := map[Stand]int{}
	unordered := 0
	for _, r := range found {
		n[r.Stand]++
		if r.Stand == StandsDifferent && r.Kind != Scope {
			unordered++
		}
	}
	switch {
	case n[StandsConflict] > 0:
		return StandsConflict
	case n[StandsStricter] > 0 && n[StandsLooser] > 0:
		return StandsCrossing
	case unordered > 0:
		return StandsDifferent
	case n[StandsStricter] > 0:
		return StandsStricter
	case n[StandsLooser] > 0:
		return StandsLooser
	case n[StandsDifferent] > 0:
		return StandsDifferent
	case n[StandsReworded] > 0:
		return StandsReworded
	}
	return StandsSame
}

func trust(p Proposal) float64 {
	words := slices.ContainsFunc(p.Reasons, func(r Reckoning) bool { return r.Kind == Scope })
	switch p.Stand {
	case StandsSame:
		return 0.95
	case StandsReworded:
		return 0.8
	case StandsStricter, StandsLooser, StandsCrossing:
		if words {
			return 0.6 // the rest of the words may say more
		}
		return 0.85
	case StandsConflict:
		return 0.6
	}
	return 0.5
}

// reckonAmounts compares the quantities that measure the same.
func reckonAmounts(cols []column, groups []amountGroup, sure bool) (out []Reckoning) {
	for _, g := range groups {
		i, j := g.members[0], g.members[1]
		if i < 0 || j < 0 {
			if r, vague := g.reckonVague(cols); vague {
				out = append(out, r)
				continue
			}
			if i, j = g.sibling(cols, groups); i < 0 || j < 0 {
				continue
			}
			if r, differs := reckonPair(&cols[0], &cols[0].amounts[i], &cols[1].amounts[j], sure); differs && r.Stand != StandsDifferent {
				out = append(out, r)
			}
			continue
		}
		if r, differs := reckonPair(&cols[0], &cols[0].amounts[i], &cols[1].amounts[j], sure); differs {
			out = append(out, r)
		}
	}
	return out
}

// sibling finds what a quantity without partner is to be held against: the
// partner of one that measures the same in its own text. One value may stand for
// several (a table with a value for each kind of place against one for all).
func (g amountGroup) sibling(cols []column, groups []amountGroup) (i, j int) {
	i, j = g.members[0], g.members[1]
	side := 0
	if i < 0 {
		side = 1
	}
	x := &cols[side].amounts[g.members[side]]
	best := 0.0
	for _, pair := range groups {
		if pair.members[0] < 0 || pair.members[1] < 0 {
			continue
		}
		brother, partner := &cols[side].amounts[pair.members[side]], &cols[1-side].amounts[pair.members[1-side]]
		if likeness(brother.anchor, x.anchor) < governs {
			continue
		}
		if s := kindred(x, partner, false); s > best {
			best = s
			if side == 0 {
				j = pair.members[1]
			} else {
				i = pair.members[0]
			}
		}
	}
	return i, j
}

// reckonPair says how a quantity stands to another that measures the same.
func reckonPair(col *column, a, b *amount, sure bool) (Reckoning, bool) {
	r := Reckoning{Kind: Quantity, Stand: StandsDifferent, Own: a.said, Other: b.said, Subject: col.measured(a.clause, a.fact), Condition: col.condition(a.clause)}
	if a.fact.Quantity.Equal(*b.fact.Quantity) {
		return r, false
	}
	switch d := a.demands(b); {
	case disjoint(a, b):
		r.Stand = StandsConflict
	case a.penalty && !sure, a.sorts() || b.sorts():
	case d == more:
		r.Stand = StandsStricter
	case d == less:
		r.Stand = StandsLooser
	case d == equal:
		return r, false
	}
	return r, true
}

// sorts reports whether a quantity says for whom or when something holds, and
// demands nothing: 搭载六周岁以下未成年人的.
func (a *amount) sorts() bool { return a.condition || a.fact.Quantity.Dimension == "age" }

// reckonVague reports a quantity of one side that the other says in words only:
// 24 h内 against 及时.
func (g amountGroup) reckonVague(cols []column) (Reckoning, bool) {
	side := 0
	if g.members[0] < 0 {
		side = 1
	}
	x := &cols[side].amounts[g.members[side]]
	if !x.due || len(g.vague(cols, x)) == 0 {
		return Reckoning{}, false
	}
	r := Reckoning{Kind: Quantity, Stand: StandsDifferent, Own: x.said, Subject: cols[side].measured(x.clause, x.fact)}
	if side == 1 {
		r.Own, r.Other = "", x.said
	}
	return r, true
}

// disjoint reports whether nothing satisfies both quantities: the least that one
// demands is more than the most that the other allows.
func disjoint(a, b *amount) bool {
	p, q := a.fact.Quantity, b.fact.Quantity
	if p.Dimension != q.Dimension || a.penalty || b.penalty || a.free || b.free || !a.due || !b.due {
		return false
	}
	return isFloor(p) && isCeiling(q) && p.Base > q.Base || isCeiling(p) && isFloor(q) && p.Base < q.Base
}

// reckonDuties compares the modal words that govern the same. A statement
// without modal word has no order against one.
func reckonDuties(cols []column, groups []amountGroup) (out []Reckoning) {
	for _, g := range groupDuties(cols, groups) {
		if g.members[0] < 0 || g.members[1] < 0 {
			continue
		}
		a, b := &cols[0].duties[g.members[0]], &cols[1].duties[g.members[1]]
		x, y := a.sense(), b.sense()
		if x == y {
			continue
		}
		stand := againstBinding(x, y)
		switch {
		case a.asks() != b.asks(), unlike(a.fact.Actor, b.fact.Actor): // one's right is another's duty
			stand = StandsDifferent
		case stand == StandsConflict && likeness(a.symbols, b.symbols) < governs:
			continue // it is not the same that one demands and the other forbids
		}
		out = append(out, Reckoning{
			Kind: Modality, Stand: stand, Own: a.word, Other: b.word,
			Subject: cols[0].measured(a.clause, a.fact), Condition: cols[0].condition(a.clause),
		})
	}
	return out
}

// asks reports whether a modal word gives a right to ask for what others have to
// do: 有权, 可以提请协助.
func (d *duty) asks() bool {
	return d.word == "有权" || d.fact.Modality == editor.Permission && beginsAny(d.governed, "提请", "申请", "请求")
}

// unlike reports whether two modal words are known to bind different actors.
func unlike(a, b *editor.Actor) bool {
	return opposed(a, b) || a != nil && b != nil && unrelated(a, b)
}

// boundWords follow a modal word that sets a bound: 不得少于 demands, it does not
// forbid.
var boundWords = []string{"超过", "少于", "低于", "高于", "大于", "小于", "多于", "晚于", "迟于", "早于", "长于", "短于", "超出", "逾期", "逾"}

// sense is how a modal word binds; 不得少于 binds as 应不少于 does.
func (d *duty) sense() binding {
	b := d.binding()
	if b.modality == editor.Prohibition && (beginsAny(d.governed, boundWords...) || utf8.RuneCountInString(d.governed) == 0) {
		b.modality = editor.Obligation
	}
	return b
}

// againstBinding says how one binding stands to another.
func againstBinding(x, y binding) Stand {
	if d, e := x.direction(), y.direction(); d*e < 0 {
		return StandsConflict
	}
	a, b := x.weight(), y.weight()
	switch {
	case a > b:
		return StandsStricter
	case a < b:
		return StandsLooser
	}
	return StandsDifferent
}

// direction is 1 for what is to be done or may be, -1 for what is not, 0 where
// nothing is said.
func (b binding) direction() int {
	switch {
	case b.modality == editor.Prohibition, b.modality == editor.Recommendation && b.negative:
		return -1
	case b.modality == "", b.negative:
		return 0
	}
	return 1
}

// weight is how strongly a modal word binds; 不必 takes a duty away.
func (b binding) weight() int {
	if b.negative && b.modality == editor.Permission {
		return 0
	}
	return b.modality.Strength()
}

// String says a reckoning in Chinese: 快件到达网点后应在＿投递：24 h内 ／ 48小时内.
func (r Reckoning) String() string {
	var b strings.Builder
	if r.Subject != "" {
		b.WriteString(r.Subject + "：")
	}
	b.WriteString(cmp.Or(r.Own, "—") + " ／ " + cmp.Or(r.Other, "—"))
	return b.String()
}
