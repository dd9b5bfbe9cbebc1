package editor

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// Comparator says how a quantity bounds.
type Comparator string

const (
	Exactly  Comparator = "="
	AtLeast  Comparator = "≥"     // 以上, 不少于, 至少 (the number itself is included)
	AtMost   Comparator = "≤"     // 以下, 以内, 不超过
	MoreThan Comparator = ">"     // 超过
	LessThan Comparator = "<"     // 不足, 未满
	Within   Comparator = "range" // 三至五日, 一倍以上五倍以下
	About    Comparator = "≈"     // 约, 左右
)

// Quantity is a number with a unit and what it bounds.
//
// What counts: a number from two on with a unit or a classifier (三日, 两名, 25°),
// a share (三分之二, 半数, 1/2), a 百 or 万 that is bounded (百年以上), a number
// alone in a column whose head names the unit. One counts where a rule could
// have set another number: 一个月, 一名代表, 每年一次, 设一个, 至少一处,
// 一式两份 (the two). One does not count as an article (一个经营者, 同一, 任一,
// 某一, 上一年度, 之一), in a word (一般, 一切, 一律, 一定, 一次性, 统一, 进一步)
// and in 一户一表.
//
// No quantities are dates and years, times of day, the tenth day of a month,
// ordinals (第一, 第3周), numbers of clauses and standards, grades (二级, 三类),
// parties (双方, 三方), scales (1:500), degrees of latitude with minutes, names
// (“三个代表”, 12345), numbers without unit (容积率 1.5).
type Quantity struct {
	Comparator Comparator `json:"comparator"`
	Value      float64    `json:"value"`        // as written, in Unit
	To         float64    `json:"to,omitempty"` // upper end of a range
	Unit       string     `json:"unit"`         // as written: 个月, h, 元/件
	Dimension  string     `json:"dimension"`    // what can be compared with what: duration, working-days, money, count/件 …
	Base       float64    `json:"base"`         // Value in the dimension's base unit
	BaseTo     float64    `json:"base_to,omitempty"`
}

// Equal reports whether two quantities bound the same.
func (q Quantity) Equal(p Quantity) bool {
	return q.Dimension == p.Dimension && q.Comparator == p.Comparator && near(q.Base, p.Base) && near(q.BaseTo, p.BaseTo)
}

func near(a, b float64) bool {
	d := a - b
	return d < 1e-6 && d > -1e-6 || d < 1e-9*a && d > -1e-9*a
}

// String writes a quantity shortly: "≤ 3 日", "0.5～1 万元" stays 5000～10000 元.
func (q Quantity) String() string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	switch q.Comparator {
	case Within:
		return fmt.Sprintf("%s～%s %s", number(q.Value), number(q.To), q.Unit)
	case Exactly:
		return fmt.Sprintf("%s %s", number(q.Value), q.Unit)
	}
	return fmt.Sprintf("%s %s %s", q.Comparator, number(q.Value), q.Unit)
}

// measure is a number with its unit, before ranges are put together.
type measure struct {
	start, end  int // the number with its unit and the comparators that touch it
	value, to   float64
	unit        unit
	ranged      bool
	before      Comparator // said before the number
	beforeStart int
	after       Comparator // said after the unit
}

// quantities finds every number that has a unit. Dates, ordinals and clause
// numbers are none.
func (t *factText) quantities() []Fact {
	t.cells = t.cellUnits()
	var found []measure
	from := 0 // where the search for a comparator may begin
	for i := 0; i < len(t.runes); {
		if !mayBeginNumber(t.runes[i]) {
			i++
			continue
		}
		if end := t.dateAt(i); end > i {
			i, from = end, end
			continue
		}
		m, ok := t.measureAt(i)
		if !ok {
			i++
			continue
		}
		if t.rune(m.start-1) == '每' { // 不低于每百户十五平方米: the comparator is not the hundred's
			found = append(found, m)
			i = m.end
			continue
		}
		t.compare(&m, from)
		t.completeRange(&m)
		if len(found) > 0 {
			t.inherit(found[len(found)-1], &m)
		}
		if len(found) > 0 && t.joins(found[len(found)-1], m) {
			last := &found[len(found)-1]
			last.to, last.end, last.ranged = m.value, m.end, true
			if last.unit.name != m.unit.name { // 500 元以上 1 万元以下
				last.to = m.value * m.unit.factor / last.unit.factor
			}
		} else {
			found = append(found, m)
		}
		i, from = m.end, m.end
	}
	facts := make([]Fact, len(found))
	for i, m := range found {
		facts[i] = t.quantityFact(m)
	}
	return facts
}

// completeRange reads an upper end that leaves its unit out: 二千元以上二万以下.
func (t *factText) completeRange(m *measure) {
	if m.ranged || m.before != "" || m.after != AtLeast {
		return
	}
	if n, ok := t.numberAt(m.end); ok && n.value > m.value && t.has(n.end, "以下") {
		m.to, m.ranged, m.end = n.value, true, n.end+2
	}
}

// inherit gives a measure the comparator before the one that it is joined to:
// 不足3日或者15日, 分别不低于百分之六和百分之四.
func (t *factText) inherit(a measure, b *measure) {
	if a.before == "" || a.ranged || b.ranged || b.before != "" || b.after != "" || a.unit.dimension != b.unit.dimension {
		return
	}
	joint, long := t.hasAny(a.end, []string{"或者", "或", "、", "和", "与", "及"})
	if long == 0 || a.end+long != b.start {
		return
	}
	if joint == "或者" || joint == "或" || t.window(a.start, 0, distantReach, "分别") >= 0 {
		b.before = a.before
	}
}

func (t *factText) quantityFact(m measure) Fact {
	q := &Quantity{Value: m.value, Unit: m.unit.name, Dimension: m.unit.dimension, Base: roundNumber(m.value * m.unit.factor)}
	switch {
	case m.ranged:
		q.Comparator, q.To, q.BaseTo = Within, roundNumber(m.to), roundNumber(m.to*m.unit.factor)
	case m.before != "":
		q.Comparator = m.before
	case m.after != "":
		q.Comparator = m.after
	default:
		q.Comparator = Exactly
	}
	start := m.start
	if m.beforeStart < start {
		start = m.beforeStart
	}
	return Fact{Kind: QuantityFact, Start: t.at[start], End: t.at[m.end], Quantity: q}
}

// measureAt reads a number with its unit at place i: 五日, 3 至 5 日, 百分之七十.
func (t *factText) measureAt(i int) (measure, bool) {
	if m, ok := t.fractionAt(i); ok {
		return m, true
	}
	n, ok := t.numberAt(i)
	if !ok {
		return measure{}, false
	}
	m := measure{start: n.start, beforeStart: n.start, value: n.value}
	u, end, ok := t.unitAfter(&m, &n)
	if !ok || !t.meant(n, u, end) {
		return measure{}, false
	}
	if u.dimension == dimDuration && t.rune(end) == '半' && !isOneOf("年月日", t.rune(end+1)) { // 一年半
		m.value, end = m.value+.5, end+1
	}
	m.unit, m.end = t.rate(u, m.start), end
	t.tolerate(&m)
	return m, true
}

// unitAfter reads the unit of a number, with what may stand before it: the 余 of
// 三十余件, the 半 of 一个半月, the upper end of a range. It notes them in m and n.
func (t *factText) unitAfter(m *measure, n *numeral) (unit, int, bool) {
	end := n.end
	if isOneOf("多余", t.rune(end)) {
		m.after, end = About, end+1
	}
	if t.has(end, "个半") {
		m.value += .5
		return t.countedUnitAt(end + 2)
	}
	if u, unitEnd, ok := t.unitOrColumn(end); ok {
		return u, unitEnd, true
	}
	if second, found := t.toleranceEnd(n.end); found { // (20±2)℃
		end := second.end
		if isOneOf("）)", t.rune(end)) {
			end++
		}
		m.value, m.to, m.ranged = roundNumber(n.value-second.value), n.value+second.value, true
		return t.unitAt(end)
	}
	second, found := t.rangeEnd(n.end)
	if !found {
		return unit{}, 0, false
	}
	m.to, m.ranged, *n = second.value, true, second
	return t.unitOrColumn(second.end)
}

// unitOrColumn reads the unit at place i, or that of the table's column.
func (t *factText) unitOrColumn(i int) (unit, int, bool) {
	if u, end, ok := t.unitAt(i); ok {
		return u, end, true
	}
	return t.cellUnitAt(i)
}

// toleranceEnd reads the ±2 of 20±2.
func (t *factText) toleranceEnd(i int) (numeral, bool) {
	if i = t.skipSpace(i); t.rune(i) != '±' {
		return numeral{}, false
	}
	return t.numberAt(t.skipSpace(i + 1))
}

// tolerate makes a range of 20 ℃±2 ℃ and of ±5 mm.
func (t *factText) tolerate(m *measure) {
	if m.ranged {
		return
	}
	if t.rune(m.start-1) == '±' {
		m.value, m.to, m.ranged, m.beforeStart = -m.value, m.value, true, m.start-1
		m.start--
		return
	}
	second, ok := t.toleranceEnd(m.end)
	if !ok {
		return
	}
	if u, end, ok := t.unitAt(second.end); ok && u.dimension == m.unit.dimension {
		by := second.value * u.factor / m.unit.factor
		m.value, m.to, m.ranged, m.end = roundNumber(m.value-by), m.value+by, true, end
	}
}

// rangeEnd reads the 至5 of 3至5日 and the 以上五百 of 一百以上五百元以下.
func (t *factText) rangeEnd(i int) (numeral, bool) {
	i = t.skipSpace(i)
	if t.has(i, "以上") {
		return t.numberAt(i + 2)
	}
	if !isOneOf("至到~-–—", t.rune(i)) {
		return numeral{}, false
	}
	return t.numberAt(t.skipSpace(i + 1))
}

// rate turns times and lengths into rates where the words before say so:
// 每周…三次, 时速十五公里.
func (t *factText) rate(u unit, start int) unit {
	switch {
	case u.name == "次":
		at := t.window(start, 0, farReach, "每")
		if at < 0 {
			return u
		}
		i := at + 1
		if n, ok := t.numberAt(i); ok {
			i = n.end
			if per, _, ok := t.unitAt(i); ok && per.dimension == dimDuration {
				per.factor *= n.value
				per.name = string(t.runes[n.start:n.end]) + per.name
				return u.per(per)
			}
			return u
		}
		if t.rune(i) == '月' {
			return u.per(unit{name: "月", dimension: dimDuration, factor: month})
		}
		if per, _, ok := t.unitAt(i); ok && per.dimension == dimDuration {
			return u.per(per)
		}
	case u.dimension == dimLength:
		if t.window(start, 0, 12, "时速") >= 0 || t.window(start, 0, 12, "每小时") >= 0 {
			return unit{name: u.name + "/小时", dimension: dimSpeed, factor: u.factor / 1000}
		}
		if t.endsWith(start, "每秒") {
			return unit{name: u.name + "/秒", dimension: dimSpeed, factor: u.factor * 3.6}
		}
	}
	return u
}

// window finds the word nearest before a place, in the same clause, not before
// the place from and at most n runes away; -1 when it is not there.
func (t *factText) window(place, from, n int, word string) int {
	long := utf8.RuneCountInString(word)
	for i := place - 1; i >= from && i >= place-n && !isClauseEnd(t.rune(i)); i-- {
		if i+long <= place && t.has(i, word) {
			return i
		}
	}
	return -1
}

// dateAt gives the end of the date or the year at place i, i itself when there
// is none: 2019年1月1日, 二〇一九年, 3月15日.
func (t *factText) dateAt(i int) int {
	n, ok := t.numberAt(i)
	if !ok {
		return i
	}
	end := t.skipSpace(n.end)
	switch {
	case t.rune(end) == '年' && (n.year || n.value >= 1900 && n.value <= 2100 && n.end-n.start == 4):
		end++
		if next := t.dateAt(t.skipSpace(end)); next > end {
			return next
		}
		return end
	case t.rune(end) == '月' && n.value >= 1 && n.value <= 12:
		end++
		if day, ok := t.plainNumber(t.skipSpace(end)); ok && isOneOf("日号", t.rune(t.skipSpace(day.end))) {
			return t.skipSpace(day.end) + 1
		}
		return end
	}
	return i
}
