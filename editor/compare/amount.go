package compare

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
)

// amount is a quantity in a column, with the clause that it stands in.
type amount struct {
	fact      editor.Fact
	said      string // as the text writes it
	clause    clause
	anchor    []rune        // the clause with the quantity as a placeholder
	wider     []rune        // the clause before it too
	act       []rune        // what follows it in its clause or the next: what is to be done
	conduct   []rune        // of a penalty: what it punishes, where its sentence says so
	actor     *editor.Actor // who is bound by it, nil where that is not known
	penalty   bool
	free      bool   // what may be done, not what must
	each      string // 每年, 每日…: how often it is due, where its clause says so
	condition bool   // stands in the condition of a rule, not in the rule (…的)
	due       bool   // set by a demand or a penalty, not by a condition (超过十五日的)
}

// period is how often something is due: what is due each year is not what is
// due once.
var period = regexp.MustCompile(`每(?:年|季度|月|周|日|天|班)`)

func (col *column) amountOf(f editor.Fact) amount {
	a := amount{fact: f, said: col.text[f.Start:f.End]}
	i := slices.IndexFunc(col.clauses, func(c clause) bool { return c.start <= f.Start && f.Start < c.end })
	if i < 0 {
		return a
	}
	a.clause = col.clauses[i]
	a.anchor, a.wider = a.clause.symbols, a.clause.symbols
	text := col.text[a.clause.start:a.clause.end]
	if i > 0 {
		before := col.clauses[i-1]
		a.wider = append(append(slices.Clone(before.symbols), gap), a.anchor...)
	}
	a.act = col.act(i, min(f.End, a.clause.end))
	a.penalty = ofKind(f.Quantity.Dimension) != "duration" && containsAny(text, "罚", "违法所得", "赔偿") // a term for an answer to a claim is none
	if a.penalty {
		a.conduct = col.conduct(i)
	}
	a.each = period.FindString(text)
	a.condition = strings.HasSuffix(strings.TrimSpace(text), "的")
	a.due = !a.condition && (a.penalty || f.Quantity.Comparator != editor.MoreThan && len(editor.Modalities(text)) > 0)
	a.free = strings.Contains(text, "可以") || strings.Contains(text, "可延长") || strings.Contains(text, "有权")
	return a
}

// act is what is to be done within a term: the rest of clause i from a place on,
// or the next clause where nothing follows (应当自购车之日起十五日内，申请登记).
func (col *column) act(i, from int) []rune {
	said := strings.TrimSpace(col.text[from:col.clauses[i].end])
	if said == "" && i+1 < len(col.clauses) && len(col.clauses[i+1].numbered) == 0 && col.clauses[i+1].sentence == col.clauses[i].sentence {
		said = strings.TrimSpace(col.text[col.clauses[i+1].start:col.clauses[i+1].end])
	}
	for _, w := range []string{"予以", "作出", "进行", "应当"} {
		said = strings.TrimPrefix(said, w)
	}
	return col.norm.symbols(said)
}

// conduct is what a penalty in clause i punishes: the conditions before it in
// its sentence (驾驶拼装车辆的), but not how it went on (情节严重的).
func (col *column) conduct(i int) []rune {
	var out []rune
	for k := i - 1; k >= 0 && col.clauses[k].sentence == col.clauses[i].sentence; k-- {
		c := col.clauses[k]
		if text := col.text[c.start:c.end]; strings.HasSuffix(text, "的") && !containsAny(text, "情节", "改正", "规定的", "情形之一", "违法所得") {
			out = append(append(out, gap), c.symbols...)
		} else if len(out) > 0 && strings.HasPrefix(col.text[c.end:], "；") {
			break
		}
	}
	return out
}

// Bounds of how alike the clauses of two quantities must be for the quantities
// to be held against each other (measured: 0.4 gave 85 % right pairs).
const (
	anchored     = 0.4
	onlyOnes     = 0.25 // where each side has one quantity of the kind only
	onlyEqual    = 0.1  // where these are equal too
	onlyActs     = 0.15 // or what is to be done is the same
	sameConduct  = 0.2  // what two penalties punish
	otherAct     = 0.1  // taken off where something else is to be done
	unquantified = 0.5  // a clause without number against one with
)

// kindred reports how alike the surroundings of two quantities are; 0 when they
// cannot be held against each other. What is to be done (完成, 答复) decides
// between several that fit.
func kindred(a, b *amount, alone bool) float64 {
	if ofKind(a.fact.Quantity.Dimension) != ofKind(b.fact.Quantity.Dimension) || opposed(a.actor, b.actor) {
		return 0
	}
	if a.each != b.each && !alone {
		return 0
	}
	s := max(likeness(a.anchor, b.anchor), likeness(a.wider, b.wider))
	if len(a.conduct) > 0 && len(b.conduct) > 0 {
		punished := likeness(a.conduct, b.conduct)
		if punished < sameConduct {
			return 0
		}
		s = (s + punished) / 2
	}
	act := 0.0
	if len(a.act) >= 2 && len(b.act) >= 2 {
		if act = overlap(a.act, b.act); act == 0 {
			s -= otherAct
		}
	}
	least := anchored
	switch {
	case alone && a.fact.Quantity.Equal(*b.fact.Quantity):
		least = onlyEqual
	case alone && act >= 0.5:
		least = onlyActs
	case alone, len(a.conduct) > 0 && len(b.conduct) > 0:
		least = onlyOnes
	}
	if s < least {
		return 0
	}
	return s + act/2
}

// overlap is how much of the shorter of two runs of symbols stands in the other.
func overlap(a, b []rune) float64 {
	x, y := pairSet(a), pairSet(b)
	shared := 0
	for p := range x {
		if y[p] {
			shared++
		}
	}
	return float64(shared) / float64(max(1, min(len(x), len(y))))
}

// quantityDifferences pairs the quantities of the columns and reports those
// that are not equal.
func quantityDifferences(cols []column, groups []amountGroup) []Difference {
	var out []Difference
	for _, g := range groups {
		if d, differs := g.difference(cols); differs {
			out = append(out, d)
		}
	}
	return out
}

// amountGroup is quantities that are held against each other.
type amountGroup struct{ group }

func groupAmounts(cols []column) []amountGroup {
	var edges []kinship
	for i := range cols {
		for j := i + 1; j < len(cols); j++ {
			for a := range cols[i].amounts {
				for b := range cols[j].amounts {
					x, y := &cols[i].amounts[a], &cols[j].amounts[b]
					alone := cols[i].ofKind(x) == 1 && cols[j].ofKind(y) == 1
					if s := kindred(x, y, alone); s > 0 {
						edges = append(edges, kinship{i, a, j, b, s})
					}
				}
			}
		}
	}
	counts := make([]int, len(cols))
	for i := range cols {
		counts[i] = len(cols[i].amounts)
	}
	var groups []amountGroup
	for _, g := range groupAlike(counts, edges) {
		groups = append(groups, amountGroup{g})
	}
	return groups
}

// ofKind counts a column's quantities of the kind of another.
func (col *column) ofKind(a *amount) int {
	n := 0
	for i := range col.amounts {
		if ofKind(col.amounts[i].fact.Quantity.Dimension) == ofKind(a.fact.Quantity.Dimension) {
			n++
		}
	}
	return n
}

// difference says how the quantities of a group differ, and whether they do.
func (g amountGroup) difference(cols []column) (Difference, bool) {
	d := Difference{Kind: Quantity, Texts: make([]string, len(cols)), Confidence: min(0.95, 0.5+g.alike/2)}
	var values []valueGroup
	var first *amount
	for i, a := range g.members {
		if a < 0 {
			continue
		}
		x := &cols[i].amounts[a]
		d.Texts[i] = x.said
		if first == nil {
			first = x
		}
		values = addValue(values, x, i)
	}
	if first == nil {
		return d, false
	}
	var vague []int
	if first.due {
		vague = g.vague(cols, first)
	}
	if len(values) < 2 && len(vague) == 0 {
		return d, false
	}
	if len(values) < 2 {
		d.Confidence = 0.5
	}
	d.Summary = g.summary(cols, values, vague, first)
	d.Strictest, d.Loosest = extremes(values)
	d.penalty = first.penalty
	return d, true
}

// valueGroup is the columns that have one value.
type valueGroup struct {
	amount  *amount
	columns []int
}

func addValue(values []valueGroup, x *amount, col int) []valueGroup {
	for i := range values {
		if values[i].amount.fact.Quantity.Equal(*x.fact.Quantity) {
			values[i].columns = append(values[i].columns, col)
			return values
		}
	}
	return append(values, valueGroup{x, []int{col}})
}

// vague finds the columns that say the same without a number: 及时答复 against
// 五日内答复.
func (g amountGroup) vague(cols []column, first *amount) []int {
	kind := ofKind(first.fact.Quantity.Dimension)
	bare := withoutWords(first.anchor)
	var out []int
	for i := range cols {
		if cols[i].silent || g.members[i] >= 0 || first.penalty && cols[i].ofKind(first) > 0 {
			continue
		}
		for k, c := range cols[i].clauses {
			if c.numbered[kind] || opposed(first.actor, cols[i].actorOf(k)) || cols[i].saysNear(c.sentence, first.fact.Quantity) {
				continue
			}
			same := likeness(bare, withoutWords(c.symbols)) >= unquantified
			if !same && kind == "duration" && containsAny(cols[i].text[c.start:c.end], vagueTimes...) {
				same = len(first.act) > 1 && overlap(first.act, c.symbols) >= unquantified
			}
			if same {
				out = append(out, i)
				break
			}
		}
	}
	return out
}

// saysNear reports whether a sentence of the column says the quantity.
func (col *column) saysNear(sentence int, q *editor.Quantity) bool {
	return slices.ContainsFunc(col.amounts, func(a amount) bool {
		return a.clause.sentence == sentence && a.fact.Quantity.Equal(*q)
	})
}

// vagueTimes are words that set a time without saying which.
var vagueTimes = []string{"及时", "立即", "尽快", "合理期限", "合理的期限", "当日", "当天", "拖延", "事先", "事前", "预先", "限期", "提前"}

// withoutWords leaves out the placeholders of quantities.
func withoutWords(symbols []rune) []rune {
	return slices.DeleteFunc(slices.Clone(symbols), isWordSymbol)
}

func (g amountGroup) summary(cols []column, values []valueGroup, vague []int, first *amount) string {
	before, after := around(cols, first)
	var parts []string
	for i, v := range values {
		said := labels(cols, v.columns) + " " + v.amount.shown()
		if i == 0 && after != "" {
			said += after
		}
		parts = append(parts, said)
	}
	if len(vague) > 0 {
		parts = append(parts, labels(cols, vague)+" 未写明数值")
	}
	s := strings.Join(parts, "；")
	if after == "" && before != "" {
		s = before + "：" + s
	}
	return s
}

// shown is the quantity as a sentence shows it: as the text says it, but with
// what it is counted by where the text says that elsewhere (每周…不少于三次).
func (a *amount) shown() string {
	if q := a.fact.Quantity; q.Dimension == "frequency" {
		return q.String()
	}
	return a.said
}

// around are the words before and after a quantity in its clause.
func around(cols []column, a *amount) (before, after string) {
	for i := range cols {
		for j := range cols[i].amounts {
			if &cols[i].amounts[j] != a {
				continue
			}
			text := cols[i].text
			before = strings.TrimSpace(text[a.clause.start:max(a.clause.start, a.fact.Start)])
			after = strings.TrimSpace(text[min(a.fact.End, a.clause.end):a.clause.end])
		}
	}
	if utf8.RuneCountInString(after) < 2 {
		after = ""
	}
	for _, w := range []string{"应当", "应", "宜", "可以", "可", "不得", "必须", "为", "的"} {
		before = strings.TrimSuffix(before, w)
	}
	if r := []rune(before); len(r) > 14 {
		before = "…" + string(r[len(r)-14:])
	}
	return before, clip(after, 14)
}

// labels names columns: 沪、浙.
func labels(cols []column, which []int) string {
	var names []string
	for _, i := range which {
		names = append(names, cols[i].label)
	}
	return strings.Join(names, "、")
}

// extremes finds which columns demand most and least: the shorter term, the
// higher minimum, the heavier penalty. Nothing where the values bound in
// different directions, are permissions, or are of different dimensions.
func extremes(values []valueGroup) (strictest, loosest []int) {
	if len(values) < 2 {
		return nil, nil
	}
	most, least := values[0], values[0]
	for _, v := range values[1:] {
		switch v.amount.demands(most.amount) {
		case more:
			most = v
		case unclear:
			return nil, nil
		}
		if v.amount.demands(least.amount) == less {
			least = v
		}
	}
	return most.columns, least.columns
}

type demand int

const (
	unclear demand = iota
	more
	less
	equal
)

// demands compares what two quantities demand.
func (a *amount) demands(b *amount) demand {
	p, q := a.fact.Quantity, b.fact.Quantity
	if p.Dimension != q.Dimension || a.free || b.free || a.penalty != b.penalty {
		return unclear
	}
	if a.penalty {
		return larger(upper(p), upper(q), p.Base, q.Base)
	}
	switch {
	case isFloor(p) && isFloor(q):
		return larger(p.Base, q.Base, 0, 0)
	case isCeiling(p) && isCeiling(q):
		return larger(q.Base, p.Base, 0, 0)
	}
	return unclear
}

func larger(a, b, a2, b2 float64) demand {
	switch c := cmp.Or(cmp.Compare(a, b), cmp.Compare(a2, b2)); {
	case c > 0:
		return more
	case c < 0:
		return less
	}
	return equal
}

func upper(q *editor.Quantity) float64 {
	if q.Comparator == editor.Within {
		return q.BaseTo
	}
	return q.Base
}

// isFloor reports whether a quantity bounds from below. What is to be done so
// many times (每季度开展1次) may be done more often.
func isFloor(q *editor.Quantity) bool {
	return q.Comparator == editor.AtLeast || q.Comparator == editor.MoreThan || q.Comparator == editor.Exactly && q.Dimension == "frequency"
}

func isCeiling(q *editor.Quantity) bool {
	return q.Comparator == editor.AtMost || q.Comparator == editor.LessThan
}

// Below finds the quantities of a cell that demand less than the floor (a
// national mandatory text) does, where that can be decided: both bound in the
// same direction, in one dimension, in clauses that are alike. In the
// differences the floor is column 0, the cell column 1.
func Below(floor, cell Cell) []Difference {
	cols := []column{readColumn(floor, wordsOnly), readColumn(cell, wordsOnly)}
	var out []Difference
	for _, g := range groupAmounts(cols) {
		a, b, below := fallsBelow(&cols[0], &cols[1], g)
		if !below {
			continue
		}
		base, own := &cols[0].amounts[a], &cols[1].amounts[b]
		out = append(out, Difference{
			Kind: Quantity, Texts: []string{base.said, own.said},
			Summary:   cols[1].label + " " + own.said + " 低于底线 " + cols[0].label + " " + base.said,
			Strictest: []int{0}, Loosest: []int{1}, Confidence: min(0.95, 0.5+g.alike/2),
		})
	}
	return out
}
