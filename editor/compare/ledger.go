package compare

import (
	"cmp"
	"slices"
	"strings"

	"tongbiao/editor"
)

// Entry is one quantity or one modal word of a text, as a ledger lists it.
type Entry struct {
	Passage  int              // of the cell's passages, from 0
	Said     string           // as the text writes it
	Quantity *editor.Quantity // nil for a modal word
	Modality editor.Modality  // of a modal word
	Negative bool             // of a modal word: 不宜, 不必
	Actor    string           // whom it binds, where that is known
	Sentence string           // that it stands in
	Note     bool             // stands in a note or an example, which bind nobody
	Penalty  bool

	place int // in its cell, for the order of lines
}

// Why the values of a line are not held against each other.
const (
	ApartWorkingDays = "working-days" // 工作日 is never 日
	ApartDimension   = "dimension"    // 元 against 倍
	ApartDirection   = "direction"    // one is an upper bound, the other a lower one, or neither
	ApartFree        = "free"         // what may be done, not what must
)

// Line is one thing that texts measure or demand: for every column the
// quantity or the modal word that says it, nil where it says none.
type Line struct {
	Kind      Kind     // Quantity or Modality
	Subject   string   // what is measured or demanded, in the words around it
	Condition string   // under which, in the words before it
	Entries   []*Entry // by column
	Unsaid    []string // by column: says it without a number or a modal word
	Differs   bool
	Apart     string // why there is no strictest, though values differ; "" where there is, or none differ
	Strictest []int  // columns, as in Difference
	Loosest   []int
	Below     []Breach
}

// Breach is a column whose value demands less than a floor's does.
type Breach struct {
	Column, Floor int
	Demanded      *Entry // the floor's
	Own           *Entry
}

// Reader compares cells by given knowledge.
type Reader struct{ norm *normaliser }

// NewReader makes a reader to whom the words of each group mean the same.
func NewReader(synonyms [][]string) *Reader { return &Reader{newNormaliser(synonyms)} }

// Ledger lists every quantity and every modal word of the cells of one row,
// each exactly once. Those that measure or demand the same are lined up as Differ
// lines them up; what has no counterpart stands on a line of its own. floors
// are the columns that the others may not fall below.
func (r *Reader) Ledger(cells []Cell, floors ...int) []Line {
	l := ledger{cols: make([]column, len(cells)), amounts: make([]map[int]*Entry, len(cells)), duties: make([]map[int]*Entry, len(cells))}
	var lines []Line
	for i, c := range cells {
		l.cols[i] = readColumn(c, r.norm)
		for _, alone := range l.list(i, c) {
			lines = append(lines, l.alone(i, alone))
		}
	}
	groups := groupAmounts(l.cols)
	for _, g := range groups {
		if line := l.amountLine(g); line.fill() {
			lines = append(lines, line)
		}
	}
	for _, g := range groupDuties(l.cols, groups) {
		g.findStatements(l.cols)
		if line := l.dutyLine(g); line.fill() {
			lines = append(lines, line)
		}
	}
	l.breaches(lines, floors)
	slices.SortStableFunc(lines, func(a, b Line) int {
		ca, pa := a.first()
		cb, pb := b.first()
		return cmp.Or(cmp.Compare(b.Kind, a.Kind), cmp.Compare(ca, cb), cmp.Compare(pa, pb)) // "quantity" before "modality"
	})
	return lines
}

// fill tells whether a line has an entry.
func (l *Line) fill() bool {
	return slices.ContainsFunc(l.Entries, func(e *Entry) bool { return e != nil })
}

// first is the first column of a line and where its entry stands there.
func (l *Line) first() (col, place int) {
	for i, e := range l.Entries {
		if e != nil {
			return i, e.place
		}
	}
	return len(l.Entries), 0
}

// ledger is the columns of a row with the entries of what was paired in them,
// by index of the amount or duty.
type ledger struct {
	cols            []column
	amounts, duties []map[int]*Entry
}

// list reads every passage of a cell. Entries that the column has, too, are kept
// under its index; the others (of notes, or beyond what is paired) come back.
func (l *ledger) list(i int, c Cell) (alone []listed) {
	col := &l.cols[i]
	l.amounts[i], l.duties[i] = map[int]*Entry{}, map[int]*Entry{}
	amounts, duties := map[[2]int]int{}, map[[2]int]int{}
	for k, a := range col.amounts {
		amounts[[2]int{a.fact.Start, a.fact.End}] = k
	}
	for k, d := range col.duties {
		duties[[2]int{d.fact.Start, d.fact.End}] = k
	}
	n := 0
	for k, text := range plainPassages(c) {
		for _, f := range editor.Facts(text.plain, editor.QuantityFact, editor.ModalityFact) {
			n++
			e := &Entry{Passage: k, Said: text.plain[f.Start:f.End], Quantity: f.Quantity, Modality: f.Modality, Negative: f.Negative, place: n}
			line, at := text.locate(f.Start)
			e.Note, e.Sentence = line.note, clip(strings.TrimSpace(text.plain[line.from:line.to]), maxSentence)
			e.Actor = actorName(f.Actor)
			key := [2]int{at, at + f.End - f.Start}
			if a, held := amounts[key]; held && f.Kind == editor.QuantityFact && at >= 0 {
				l.amounts[i][a] = e
				amount := &col.amounts[a]
				e.Penalty, e.Sentence, e.Actor = amount.penalty, col.sentenceOf(amount.clause), actorName(amount.actor)
			} else if d, held := duties[key]; held && f.Kind == editor.ModalityFact && at >= 0 {
				l.duties[i][d] = e
				e.Sentence = col.sentenceOf(col.duties[d].clause)
			} else {
				alone = append(alone, listed{e, text.plain, f})
			}
		}
	}
	return alone
}

func actorName(a *editor.Actor) string {
	if a == nil {
		return ""
	}
	return strings.Join(a.Names, "、")
}

// listed is an entry that is paired with nothing, and where it stands.
type listed struct {
	*Entry
	text string
	fact editor.Fact
}

func (l *ledger) alone(i int, e listed) Line {
	line := l.line(Quantity)
	from, to := e.fact.Start, e.fact.End
	for from > 0 && !strings.ContainsRune("，；。：\n", lastRune(e.text[:from])) {
		from -= len(string(lastRune(e.text[:from])))
	}
	if end := strings.IndexAny(e.text[to:], "，；。：\n"); end >= 0 {
		to += end
	} else {
		to = len(e.text)
	}
	if line.Subject = withBlank(e.text[from:e.fact.Start], e.text[e.fact.End:to]); e.Quantity == nil {
		line.Kind = Modality
	}
	line.Entries[i] = e.Entry
	return line
}

func (l *ledger) line(kind Kind) Line {
	return Line{Kind: kind, Entries: make([]*Entry, len(l.cols)), Unsaid: make([]string, len(l.cols))}
}

func (l *ledger) amountLine(g amountGroup) Line {
	line := l.line(Quantity)
	var first *amount
	var values []valueGroup
	for i, a := range g.members {
		if a < 0 {
			continue
		}
		x := &l.cols[i].amounts[a]
		if line.Entries[i] = l.amounts[i][a]; first == nil {
			first = x
			line.Subject, line.Condition = l.cols[i].measured(x.clause, x.fact), l.cols[i].condition(x.clause)
		}
		values = addValue(values, x, i)
	}
	if line.Differs = len(values) > 1; line.Differs {
		if line.Strictest, line.Loosest = extremes(values); len(line.Strictest) == 0 {
			line.Apart = apartness(values)
		}
	}
	if first != nil && first.due {
		for _, i := range g.vague(l.cols, first) {
			line.Differs, line.Unsaid[i] = true, clip(firstSentence(l.cols[i].text), maxSubject)
		}
	}
	return line
}

// apartness says why values that differ have no order.
func apartness(values []valueGroup) string {
	first := values[0].amount
	for _, v := range values[1:] {
		a, b := first.fact.Quantity.Dimension, v.amount.fact.Quantity.Dimension
		switch {
		case a != b && ofKind(a) == "duration":
			return ApartWorkingDays
		case a != b || first.penalty != v.amount.penalty:
			return ApartDimension
		case first.free || v.amount.free:
			return ApartFree
		}
	}
	return ApartDirection
}

func (l *ledger) dutyLine(g dutyGroup) Line {
	line := l.line(Modality)
	for i, d := range g.members {
		if d < 0 {
			if c := g.stated[i]; c != nil {
				line.Unsaid[i] = clip(strings.TrimSpace(l.cols[i].text[c.start:c.end]), maxSubject)
			}
			continue
		}
		u := &l.cols[i].duties[d]
		if line.Entries[i] = l.duties[i][d]; line.Subject == "" {
			line.Subject, line.Condition = l.cols[i].measured(u.clause, u.fact), l.cols[i].condition(u.clause)
		}
	}
	var d Difference
	if d, line.Differs = g.difference(l.cols); line.Differs {
		line.Strictest, line.Loosest = d.Strictest, d.Loosest
	}
	return line
}

// breaches marks the quantities that demand less than a floor's, by the rule of
// Below.
func (l *ledger) breaches(lines []Line, floors []int) {
	for _, f := range floors {
		for i := range l.cols {
			if slices.Contains(floors, i) || l.cols[i].silent || l.cols[f].silent {
				continue
			}
			for _, g := range groupAmounts([]column{l.cols[f], l.cols[i]}) {
				if a, b, below := fallsBelow(&l.cols[f], &l.cols[i], g); below {
					l.note(lines, Breach{i, f, l.amounts[f][a], l.amounts[i][b]})
				}
			}
		}
	}
}

// fallsBelow tells whether a group of a floor's and another column's quantity
// demands less in the second.
func fallsBelow(floor, own *column, g amountGroup) (base, other int, below bool) {
	a, b := g.members[0], g.members[1]
	if a < 0 || b < 0 || floor.amounts[a].penalty || own.amounts[b].demands(&floor.amounts[a]) != less {
		return 0, 0, false
	}
	return a, b, true
}

func (l *ledger) note(lines []Line, b Breach) {
	for i := range lines {
		if b.Own != nil && b.Demanded != nil && lines[i].Entries[b.Column] == b.Own {
			lines[i].Below = append(lines[i].Below, b)
		}
	}
}
