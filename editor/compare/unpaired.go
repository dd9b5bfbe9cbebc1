package compare

import (
	"slices"
	"strings"

	"tongbiao/editor"
)

// Bounds of what is said of quantities that found no partner.
const (
	unpairedShown = 3   // of a column
	unpairedAlike = 0.1 // how alike their clauses are at least: they are about one thing
	unpairedSure  = 0.6 // how sure the row is at least
)

// unpaired reports the quantities of one kind that several columns have and that
// could not be held against each other one by one. They are shown side by side
// as what they are, without saying which is stricter.
func unpaired(cols []column, groups []amountGroup) []Difference {
	var kinds []string
	left := map[string][][]*amount{}
	for _, g := range groups {
		if g.count() != 1 {
			continue
		}
		for i, m := range g.members {
			if m < 0 {
				continue
			}
			a := &cols[i].amounts[m]
			kind := ofKind(a.fact.Quantity.Dimension)
			if strings.HasPrefix(kind, "count/") {
				continue
			}
			if left[kind] == nil {
				kinds = append(kinds, kind)
				left[kind] = make([][]*amount, len(cols))
			}
			left[kind][i] = append(left[kind][i], a)
		}
	}
	var out []Difference
	for _, kind := range kinds {
		if d, ok := sideBySide(cols, left[kind]); ok {
			out = append(out, d)
		}
	}
	return out
}

// count is the number of columns that have a quantity of the group.
func (g amountGroup) count() int {
	n := 0
	for _, m := range g.members {
		if m >= 0 {
			n++
		}
	}
	return n
}

// sideBySide shows quantities that two columns and more have, without those
// that are equal, where their clauses have something in common.
func sideBySide(cols []column, left [][]*amount) (Difference, bool) {
	d := Difference{Kind: Quantity, Texts: make([]string, len(cols)), Confidence: 0.35}
	alike := 0.0
	own := make([][]*amount, len(left))
	for i := range left {
		for _, a := range left[i] {
			equal := false
			for j := range cols {
				equal = equal || i != j && (slices.ContainsFunc(left[j], a.equal) || cols[j].saysOf(a))
			}
			if !equal {
				own[i] = append(own[i], a)
			}
		}
	}
	for i := range own {
		for j := range i {
			for _, a := range own[i] {
				for _, b := range own[j] {
					if !opposed(a.actor, b.actor) {
						alike = max(alike, likeness(a.wider, b.wider))
					}
				}
			}
		}
	}
	var parts []string
	for i, as := range own {
		var said []string
		for _, a := range as[:min(len(as), unpairedShown)] {
			said = append(said, cols[i].clauseOf(a))
		}
		if d.Texts[i] = strings.Join(said, "、"); len(said) > 0 {
			parts = append(parts, labels(cols, []int{i})+" "+d.Texts[i])
		}
	}
	d.Summary = "数值各异，未能逐一对应：" + strings.Join(parts, "；")
	return d, len(parts) > 1 && alike >= unpairedAlike
}

func (a *amount) equal(b *amount) bool { return a.fact.Quantity.Equal(*b.fact.Quantity) }

// saysOf reports whether the column says the same quantity of the same act,
// though another may be its partner.
func (col *column) saysOf(a *amount) bool {
	return len(a.act) > 1 && slices.ContainsFunc(col.amounts, func(b amount) bool {
		return a.equal(&b) && len(b.act) > 1 && overlap(a.act, b.act) > 0.9
	})
}

// clauseOf is the end of the clause before a quantity, with the quantity and
// what follows it.
func (col *column) clauseOf(a *amount) string {
	before := []rune(strings.TrimSpace(col.text[a.clause.start:max(a.clause.start, a.fact.Start)]))
	after := strings.TrimSpace(col.text[min(a.fact.End, a.clause.end):a.clause.end])
	lead := string(before)
	if len(before) > 10 {
		lead = "…" + string(before[len(before)-10:])
	}
	return lead + a.said + clip(after, 10)
}

// discretion reports penalties that one text leaves to the authority (可以并处)
// and another does not, where their amounts are held against each other and
// none of the differences already found says so.
func discretion(cols []column, groups []amountGroup, found []Difference) []Difference {
	var out []Difference
	for _, g := range groups {
		d := Difference{Kind: Modality, Texts: make([]string, len(cols)), Confidence: min(0.9, 0.4+g.alike/2), penalty: true}
		var free, bound []int
		for i, m := range g.members {
			if m < 0 || !cols[i].amounts[m].penalty {
				continue
			}
			a := &cols[i].amounts[m]
			d.Texts[i] = clip(strings.TrimSpace(cols[i].text[a.clause.start:a.clause.end]), 50)
			if cols[i].mayPunish(a) {
				free = append(free, i)
			} else {
				bound = append(bound, i)
			}
		}
		if len(free) == 0 || len(bound) == 0 || len(out) > 0 || slices.ContainsFunc(found, ofPenalty) {
			continue
		}
		d.Summary = "处罚裁量：" + labels(cols, free) + " 可以（允许）；" + labels(cols, bound) + " 未用助动词（陈述）"
		d.Strictest, d.Loosest = bound, free
		out = append(out, d)
	}
	return out
}

// ofPenalty reports whether a difference is one of how a penalty binds.
func ofPenalty(d Difference) bool {
	return d.Kind == Modality && slices.ContainsFunc(d.Texts, func(s string) bool { return strings.Contains(s, "罚") })
}

// withoutPenaltyOrder takes away which penalty is heavier.
func withoutPenaltyOrder(found []Difference) {
	for i := range found {
		if found[i].penalty {
			found[i].Strictest, found[i].Loosest = nil, nil
		}
	}
}

// mayPunish reports whether 可以 governs a penalty: in its clause or before it
// in its sentence, up to a semicolon.
func (col *column) mayPunish(a *amount) bool {
	i := slices.IndexFunc(col.clauses, func(c clause) bool { return c.start == a.clause.start })
	for k := i; k >= 0 && col.clauses[k].sentence == a.clause.sentence; k-- {
		c := col.clauses[k]
		if k < i && strings.HasPrefix(col.text[c.end:], "；") {
			return false
		}
		if c.modal >= 0 {
			return col.duties[c.modal].fact.Modality == editor.Permission
		}
	}
	return false
}
