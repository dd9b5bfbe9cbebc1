package compare

import (
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
	all      []rune // symbols of the clause without the word
	mild     string // 应当鼓励: both an obligation and an encouragement
	led      []rune // where it governs too little to compare: that, with the condition before it
}

func (col *column) dutyOf(f editor.Fact) duty {
	d := duty{fact: f, word: col.text[f.Start:f.End]}
	if c := col.clauseAt(f.Start); c != nil {
		d.clause = *c
		end := max(f.End, c.end) // a modal word inside of a comparator
		d.governed = strings.TrimSpace(col.text[min(f.End, end):end])
		if word := encouraging(d.governed); word != "" && f.Modality == editor.Obligation && !f.Negative {
			d.mild = d.word + word
		}
		d.symbols = col.norm.symbols(d.governed)
		d.all = append(col.norm.symbols(col.text[c.start:f.Start]), d.symbols...)
		if len(d.symbols) < governed {
			d.led = col.led(c, d.symbols)
		}
	}
	return d
}

// encouraging is the word with which a text begins that only encourages; "" when
// it does not. Who must encourage (应当鼓励…参加) is bound, but obliges nobody to
// take part: that differs neither from 应当 nor from 鼓励.
func encouraging(text string) string {
	for _, w := range []string{"鼓励和支持", "引导和支持", "支持和引导", "支持和促进", "引导、支持", "鼓励、支持", "鼓励", "引导", "支持", "提倡", "倡导"} {
		if strings.HasPrefix(text, w) {
			return w
		}
	}
	return ""
}

// led are the symbols of the condition before a clause (要求出具协议书的，应当出具)
// with those that its modal word governs; nil where no condition leads it in.
func (col *column) led(c *clause, governed []rune) []rune {
	i := slices.IndexFunc(col.clauses, func(x clause) bool { return x.start == c.start })
	if i < 1 || col.clauses[i-1].sentence != c.sentence || !strings.HasSuffix(col.text[col.clauses[i-1].start:col.clauses[i-1].end], "的") {
		return nil
	}
	return append(append(slices.Clone(col.clauses[i-1].symbols), gap), governed...)
}

// object is what the modal word governs, with what stands before it where that
// alone says too little: 每日营业时间不少于10 h.
func (d *duty) object(text string) string {
	if len(d.symbols) < governed {
		return strings.TrimSpace(text[d.clause.start:max(d.clause.start, d.fact.Start)]) + d.governed
	}
	return d.governed
}

// binding is how a modal word binds. 宜 and 不宜 are two; a statement without
// modal word is the zero value.
type binding struct {
	modality editor.Modality
	negative bool
}

func (d *duty) binding() binding { return binding{d.fact.Modality, d.fact.Negative} }

const (
	tail     = 0.3  // how alike what two modal words govern must be at least
	governs  = 0.5  // how alike what two modal words govern must be (measured: 74 to 84 % right)
	enclosed = 0.55 // or their clauses without the words
	stated   = 0.6  // or what one governs and a clause without modal word
	verbatim = 0.75 // or that without the verb with which it begins
	assigned = 0.35 // or one that assigns a task: 由…部门确定
	ledIn    = 0.5  // share of what one governs in the condition that leads the other in
	tieBreak = 0.1  // what the whole clause counts where what is governed fits several
	governed = 4    // symbols that say enough to be compared
)

// dutyGroup is modal words that are held against each other, and clauses that
// state the same without one.
type dutyGroup struct {
	group
	stated []*clause
}

// modalityDifferences pairs what modal words govern and reports where the words
// bind differently: 应当答复 against 可以答复. Modal words of clauses whose
// quantities are held against each other are pairs too.
func modalityDifferences(cols []column, amounts []amountGroup) []Difference {
	var out []Difference
	for _, g := range groupDuties(cols, amounts) {
		g.findStatements(cols)
		if d, differs := g.difference(cols); differs {
			out = append(out, d)
		}
	}
	return append(out, discretion(cols, amounts, out)...)
}

func groupDuties(cols []column, amounts []amountGroup) []dutyGroup {
	edges := sameQuantity(cols, amounts)
	for i := range cols {
		for j := i + 1; j < len(cols); j++ {
			for a := range cols[i].duties {
				for b := range cols[j].duties {
					if s := sameDuty(&cols[i].duties[a], &cols[j].duties[b]); s > 0 {
						edges = append(edges, kinship{i, a, j, b, s})
					}
				}
			}
		}
	}
	counts := make([]int, len(cols))
	for i := range cols {
		counts[i] = len(cols[i].duties)
	}
	var groups []dutyGroup
	for _, g := range groupAlike(counts, edges) {
		groups = append(groups, dutyGroup{group: g})
	}
	return groups
}

// sameDuty says how alike what two modal words govern is, 0 when it is not
// alike enough.
func sameDuty(x, y *duty) float64 {
	if min(len(x.symbols), len(y.symbols)) >= governed {
		if s := likeness(x.symbols, y.symbols); s >= governs {
			return s + tieBreak*likeness(x.all, y.all)
		}
	}
	if min(len(x.all), len(y.all)) >= 2*governed && likeness(x.symbols, y.symbols) >= tail {
		if s := likeness(x.all, y.all); s >= enclosed {
			return s
		}
	}
	if doneToTheSame(x.symbols, y.symbols) {
		return governs
	}
	if x.sense().direction()*y.sense().direction() < 0 {
		return 0 // a condition in common is not enough: 不出示的，不应收寄 and 应核对
	}
	for _, p := range [][2]*duty{{x, y}, {y, x}} {
		if len(p[0].symbols) >= governed && len(p[1].led) > 0 {
			if s := overlap(p[0].symbols, p[1].led); s >= ledIn && len(p[1].led) >= len(p[0].symbols) {
				return s * governs / ledIn
			}
		}
	}
	return 0
}

// doneToTheSame reports whether what two modal words govern begins with the same verb
// and is done to the same thing: 穿着带有企业标识的工装, 穿着统一工装.
func doneToTheSame(x, y []rune) bool {
	x, y = pastParticles(x), pastParticles(y)
	if min(len(x), len(y)) < governed || !slices.Equal(x[:2], y[:2]) {
		return false
	}
	return overlap(x, y) >= governs || slices.Equal(x[len(x)-2:], y[len(y)-2:]) && min(len(x), len(y)) > governed
}

// pastParticles leaves out what stands before a verb.
func pastParticles(symbols []rune) []rune {
	for len(symbols) > 2 && strings.ContainsRune("将对按由在与向", symbols[0]) {
		symbols = symbols[1:]
	}
	return symbols
}

// sameQuantity pairs the modal words that govern quantities which are held
// against each other.
func sameQuantity(cols []column, amounts []amountGroup) []kinship {
	var out []kinship
	for _, g := range amounts {
		for i, a := range g.members {
			for j := i + 1; j < len(g.members); j++ {
				if b := g.members[j]; a >= 0 && b >= 0 {
					x, y := cols[i].dutyAt(&cols[i].amounts[a]), cols[j].dutyAt(&cols[j].amounts[b])
					if x >= 0 && y >= 0 {
						out = append(out, kinship{i, x, j, y, g.alike})
					}
				}
			}
		}
	}
	return out
}

// dutyAt is the modal word nearest before a quantity in its clause, -1 when
// there is none.
func (col *column) dutyAt(a *amount) int {
	found := -1
	for i := range col.duties {
		d := &col.duties[i]
		if d.clause.start == a.clause.start && d.fact.Start <= a.fact.Start && d.fact.End <= a.fact.End {
			found = i
		}
	}
	return found
}

// findStatements looks in the other columns for clauses that say what the
// group's words govern: 可以会同有关单位建立站点 against 会同有关单位建立站点.
func (g *dutyGroup) findStatements(cols []column) {
	g.stated = make([]*clause, len(cols))
	for i, m := range g.members {
		if m < 0 || len(cols[i].duties[m].symbols) < 2*governed {
			continue
		}
		for j := range cols {
			if g.members[j] < 0 && g.stated[j] == nil && !cols[j].silent {
				g.stated[j] = cols[j].statement(cols[i].duties[m].symbols)
			}
		}
	}
}

// statement finds a clause that says what the symbols say, without a modal word
// of its own and not before the modal word of its sentence: such a clause only
// leads up to it.
func (col *column) statement(symbols []rune) *clause {
	for i := range col.clauses {
		c := &col.clauses[i]
		least := stated
		if strings.HasPrefix(strings.TrimSpace(col.text[c.start:c.end]), "由") {
			least = assigned
		}
		alike := likeness(c.symbols, symbols)
		if c.modal >= 0 || len(c.symbols) < 2*governed || alike < least || alike < verbatim && !hasDeed(c.symbols, symbols) {
			continue
		}
		if col.inherits(i) >= 0 || !col.modalFollows(i) && !col.merelyListed(i) {
			return c
		}
	}
	return nil
}

// hasDeed reports whether a run of symbols has one of the first two of what a
// modal word governs, past particles: its verb.
func hasDeed(in, governed []rune) bool {
	governed = pastParticles(governed)
	return slices.ContainsFunc(in, func(r rune) bool { return r != gap && slices.Contains(governed[:2], r) })
}

// merelyListed reports whether clause i is a case in a list (有下列情形之一的) or
// something encouraged earlier in its sentence: it states no rule of its own.
func (col *column) merelyListed(i int) bool {
	for k := i - 1; k >= 0 && col.clauses[k].sentence == col.clauses[i].sentence; k-- {
		c := col.clauses[k]
		if c.modal >= 0 && !strings.HasPrefix(strings.TrimSpace(col.text[col.clauses[i].start:]), "由") || strings.Contains(col.text[c.start:c.end], "下列") || strings.Contains(col.text[c.start:c.end], "以下") {
			return true
		}
	}
	return false
}

// inherits gives the modal word that governs clause i from earlier in its
// sentence (应当说明理由，并告知当事人), -1 when there is none. It does not reach
// beyond a semicolon, but to the items of the list that it leads in.
func (col *column) inherits(i int) int {
	apart := false
	for k := i - 1; k >= 0 && col.clauses[k].sentence == col.clauses[i].sentence; k-- {
		switch after := col.text[col.clauses[k].end:]; {
		case strings.HasPrefix(after, "："):
			apart = false
		case strings.HasPrefix(after, "；"):
			apart = true
		}
		if m := col.clauses[k].modal; m >= 0 && !apart && col.duties[m].fact.Modality != editor.Encouragement {
			return m
		}
	}
	return -1
}

func (col *column) modalFollows(i int) bool {
	for k := i + 1; k < len(col.clauses) && col.clauses[k].sentence == col.clauses[i].sentence; k++ {
		if col.clauses[k].modal >= 0 {
			return true
		}
	}
	return false
}

// bindingGroup is the columns that bind alike.
type bindingGroup struct {
	binding
	word    string
	columns []int
}

func (g dutyGroup) difference(cols []column) (Difference, bool) {
	d := Difference{Kind: Modality, Texts: make([]string, len(cols)), Confidence: min(0.9, 0.4+g.alike/2)}
	var by []bindingGroup
	object := ""
	add := func(b binding, word string, col int) {
		at := slices.IndexFunc(by, func(x bindingGroup) bool { return x.binding == b })
		if at < 0 {
			at = len(by)
			by = append(by, bindingGroup{binding: b, word: word})
		}
		by[at].columns = append(by[at].columns, col)
	}
	mild := map[int]string{}
	for i := range cols {
		switch {
		case g.members[i] >= 0:
			u := &cols[i].duties[g.members[i]]
			d.Texts[i] = clip(strings.TrimSpace(cols[i].text[u.clause.start:u.clause.end]), 50)
			if object == "" {
				object = u.object(cols[i].text)
			}
			if u.mild != "" {
				mild[i] = u.mild
			} else {
				add(u.binding(), u.word, i)
			}
		case g.stated[i] != nil:
			c := g.stated[i]
			d.Texts[i] = clip(strings.TrimSpace(cols[i].text[c.start:c.end]), 50)
			d.Confidence = min(d.Confidence, 0.5)
			at := slices.IndexFunc(cols[i].clauses, func(x clause) bool { return x.start == c.start })
			if word := encouraging(d.Texts[i]); word != "" {
				mild[i] = word
			} else if k := cols[i].inherits(at); k >= 0 {
				add(cols[i].duties[k].binding(), cols[i].duties[k].word, i)
			} else {
				add(binding{}, "未用助动词", i)
			}
		}
	}
	for i := range cols {
		if word, ok := mild[i]; ok {
			with := binding{modality: editor.Encouragement}
			if len(by) > 0 && !slices.ContainsFunc(by, func(b bindingGroup) bool { return b.binding == with }) {
				if bound := (binding{modality: editor.Obligation}); slices.ContainsFunc(by, func(b bindingGroup) bool { return b.binding == bound }) {
					with = bound
				}
			}
			add(with, word, i)
		}
	}
	if len(by) < 2 {
		return d, false
	}
	var parts []string
	for _, b := range by {
		parts = append(parts, labels(cols, b.columns)+" "+b.word+"（"+b.modality.Zh()+"）")
	}
	d.Summary = clip(object, 20) + "：" + strings.Join(parts, "；")
	d.Strictest, d.Loosest = strengths(by)
	return d, true
}

// strengths finds the columns that bind most and least.
func strengths(by []bindingGroup) (strictest, loosest []int) {
	most, least := -1, 99
	for _, b := range by {
		most, least = max(most, b.modality.Strength()), min(least, b.modality.Strength())
	}
	if most == least {
		return nil, nil
	}
	for _, b := range by {
		switch b.modality.Strength() {
		case most:
			strictest = append(strictest, b.columns...)
		case least:
			loosest = append(loosest, b.columns...)
		}
	}
	slices.Sort(strictest)
	slices.Sort(loosest)
	return strictest, loosest
}
