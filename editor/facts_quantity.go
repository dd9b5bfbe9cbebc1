package editor

import (
	"fmt"
	"strconv"
	"strings"
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
	end := n.end
	if isOneOf("多余", t.rune(end)) { // 三十余件
		m.after, end = About, end+1
	}
	half := t.has(end, "个半") // 一个半月
	u, unitEnd, ok := t.unitAt(end)
	if half {
		u, unitEnd, ok = t.countedUnitAt(end + 2)
	}
	if !ok {
		u, unitEnd, ok = t.cellUnitAt(end)
	}
	if !ok {
		second, found := t.rangeEnd(n.end)
		if !found {
			return measure{}, false
		}
		if u, unitEnd, ok = t.unitAt(second.end); !ok {
			u, unitEnd, ok = t.cellUnitAt(second.end)
		}
		if !ok {
			return measure{}, false
		}
		m.to, m.ranged, n = second.value, true, second
	}
	if !t.meant(n, u, unitEnd) {
		return measure{}, false
	}
	if !half && u.dimension == dimDuration && t.rune(unitEnd) == '半' && !isOneOf("年月日", t.rune(unitEnd+1)) { // 一年半
		half, unitEnd = true, unitEnd+1
	}
	if half {
		m.value += .5
	}
	m.unit, m.end = t.rate(u, m.start), unitEnd
	return m, true
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

// meant rules out what only looks like a quantity: 一个 and 一种 as articles,
// the tenth day of a month, 一户一表, 二层窗檐.
func (t *factText) meant(n numeral, u unit, end int) bool {
	if u.name == "日" && t.rune(n.start-1) == '月' {
		return false
	}
	if t.rune(n.start-1) == '“' {
		return false // a name: “三个代表”
	}
	if u.name == "位" && isOneOf("前后末", t.rune(n.start-1)) {
		return false // the last four digits
	}
	if t.rune(n.start-1) == '每' && u.dimension == dimDuration && t.within(end, 16, "次") >= 0 {
		return false // the 每两年 of 每两年一次 belongs to 一次
	}
	one := n.value == 1 && strings.HasPrefix(u.dimension, counted) && !isASCIIDigit(t.rune(n.start))
	if one && (t.rune(end) == '一' || t.rune(n.start-1) == '跑' || t.rune(n.start-1) == '为' && u.dimension != counted+"人" && t.within(end, 6, "计算") < 0) { // 一户一表, 最多跑一次, 划分为一个区域
		return false
	}
	if !one && !n.bare && u.counter != boundOnly && !t.has(n.start, "四周") {
		return true
	}
	if comparator, _ := t.suffix(end, u); comparator != "" {
		return true
	}
	if _, start := t.touchingPrefix(n.start); start < n.start {
		return true
	}
	if n.bare {
		return t.rune(n.start-1) == '每' || t.has(end, "一遇")
	}
	return !t.has(n.start, "四周") && t.distantPrefix(n.start, 0, distantReach) != "" || one && t.oneCounts(n.start, u, end)
}

// settles are the last words before a one that a rule sets: 设置一个, 指派一名.
var settles = []string{"设", "立", "置", "建", "配备", "配", "留", "指定", "确定", "选定", "选择", "推选", "推举", "选举", "委托", "聘用", "选聘", "聘请", "举办", "派", "降低", "提高", "晋升", "上浮", "载", "养", "授权", "各", "指定其中", "确定其中", "选择其中", "填写", "填报", "提交", "提供", "建成", "成立", "规划", "送交", "附", "持", "执", "借用", "相邻的"}

// appoint are the last words before a 一人 that a rule sets: 推选一人, 由一人领誓.
var appoint = []string{"设", "指定", "确定", "明确", "推选", "推举", "选举", "委托", "聘用", "聘请", "派", "配备", "由", "代表", "成员", "可以", "多", "增加", "载", "有"}

// happens are the last words before a 一次 that a rule sets: 进行一次检查, 延长一次.
var happens = []string{"进行", "组织", "开展", "实施", "召开", "举行", "举办", "报告", "公布", "公开", "延长", "延续", "延期", "顺延", "续期", "有", "接受", "参加", "提供", "给予", "安排", "发送", "经", "经过", "享受", "办理", "检查", "检测", "核查", "清洗", "监测", "更新", "评估", "修订", "调整", "巡查", "培训", "演练", "连任"}

// oneCounts tells the 一 of 指定一名负责人 and 每户设一个信报箱, which a rule could
// set otherwise, from the article of 一个经营者.
func (t *factText) oneCounts(start int, u unit, end int) bool {
	next := t.rune(end)
	switch {
	case isClauseEnd(next) || isOneOf("、和", next): // 设主任一名，
		return true
	case u.dimension == counted+"人" && u.name != "人":
		return true
	}
	for _, w := range []string{"计算", "折合", "计入"} {
		if t.within(end, 6, w) >= 0 {
			return true
		}
	}
	for _, w := range []string{"每", "限", "仅"} {
		if t.window(start, 0, 12, w) >= 0 {
			return true
		}
	}
	words := settles
	switch u.name {
	case "人":
		if _, ranged := t.rangeEnd(end); ranged {
			return true
		}
		words = appoint
	case "次":
		if t.window(start, 0, farReach, "每") >= 0 {
			return true
		}
		words = happens
	}
	for _, w := range words {
		if t.endsWith(start, w) {
			return true
		}
	}
	if at := t.within(end, 8, "或者"); at >= 0 { // 一个代表团或者十名以上代表
		_, ok := t.numberAt(at + 2)
		return ok
	}
	return false
}

// fractionAt reads 百分之五, 三分之二, 半数.
func (t *factText) fractionAt(i int) (measure, bool) {
	percent := unit{name: "%", dimension: dimPercent, factor: 1}
	if w, long := t.hasAny(i, []string{"百万分之", "百分之", "千分之", "万分之"}); long > 0 {
		scale := map[string]float64{"百万分之": 1e-4, "百分之": 1, "千分之": .1, "万分之": .01}[w]
		n, ok := t.plainNumber(i + long)
		if j := t.digitsAfterPoint(n.end); ok && j > n.end+1 { // 千分之一点五
			n = t.withDecimals(n, j-n.end-1)
		}
		return measure{start: i, beforeStart: i, end: n.end, value: roundNumber(n.value * scale), unit: percent}, ok
	}
	if m, ok := t.slashAt(i); ok {
		return m, true
	}
	if t.has(i, "半数") || t.has(i, "一半") && !isOneOf("另"+chineseNumerals, t.rune(i-1)) {
		return measure{start: i, beforeStart: i, end: i + 2, value: 50, unit: percent}, true
	}
	whole, ok := t.numberAt(i)
	if !ok || !t.has(whole.end, "分之") || whole.value == 0 {
		return measure{}, false
	}
	part, ok := t.plainNumber(whole.end + 2)
	if t.within(part.end, 6, "比例尺") >= 0 {
		return measure{}, false
	}
	return measure{start: i, beforeStart: i, end: part.end, value: 100 * part.value / whole.value, unit: percent}, ok
}

// slashAt reads 1/2 where words say that it is a share: 不超过部分的1/2, 1/3以上.
func (t *factText) slashAt(i int) (measure, bool) {
	part, ok := t.slashNumber(i, t.rune(i-1))
	if !ok || t.rune(part.end) != '/' {
		return measure{}, false
	}
	whole, ok := t.slashNumber(part.end+1, 0)
	if !ok || part.value >= whole.value || isASCIILetter(t.rune(whole.end)) || isOneOf("/.-", t.rune(whole.end)) {
		return measure{}, false
	}
	m := measure{start: i, beforeStart: i, end: whole.end, value: roundNumber(100 * part.value / whole.value), unit: unit{name: "%", dimension: dimPercent, factor: 1}}
	_, begin := t.touchingPrefix(i)
	after, _ := t.suffix(m.end, m.unit)
	return m, begin < i || after != "" || t.rune(i-1) == '的'
}

// slashNumber reads a short whole number that does not go on from before.
func (t *factText) slashNumber(i int, before rune) (numeral, bool) {
	if !isASCIIDigit(t.rune(i)) || isASCIIDigit(before) || isASCIILetter(before) || isOneOf("/.-", before) {
		return numeral{}, false
	}
	n := numeral{start: i, end: i}
	for ; isASCIIDigit(t.rune(n.end)) && n.end-i < 4; n.end++ {
		n.value = 10*n.value + float64(t.rune(n.end)-'0')
	}
	return n, !isASCIIDigit(t.rune(n.end))
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
