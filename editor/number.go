package editor

import (
	"strconv"
	"strings"
)

const (
	numeralDigits = "零一二三四五六七八九"
	maxNumeral    = 99_999_999
)

// Numeral writes n in Chinese numerals as statutes do: 十二, 一百零三, 一千零二十.
// Outside 0 to 99,999,999 it falls back on Arabic digits.
func Numeral(n int) string {
	if n < 0 || n > maxNumeral {
		return strconv.Itoa(n)
	}
	if n >= 10_000 {
		low := n % 10_000
		s := Numeral(n/10_000) + "万"
		switch {
		case low == 0:
			return s
		case low < 1000:
			return s + "零" + numeralBelow(low, false)
		}
		return s + numeralBelow(low, false)
	}
	return numeralBelow(n, true)
}

// numeralBelow writes 0 to 9,999; short leaves the 一 off 一十.
func numeralBelow(n int, short bool) string {
	digit := []rune(numeralDigits)
	if n < 10 {
		return string(digit[n])
	}
	if short && n < 20 {
		if n == 10 {
			return "十"
		}
		return "十" + string(digit[n-10])
	}
	var b strings.Builder
	zero := false
	for _, p := range []struct {
		value int
		name  string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / p.value
		n %= p.value
		if d == 0 {
			zero = b.Len() > 0
			continue
		}
		if zero {
			b.WriteRune('零')
		}
		zero = false
		b.WriteRune(digit[d])
		b.WriteString(p.name)
	}
	return b.String()
}

// ParseNumeral reads a whole number in Chinese numerals (十二, 一百零三, 二〇二一),
// Arabic or full-width digits. The string must be nothing but the number.
func ParseNumeral(s string) (int, bool) {
	if s == "" || len(s) > 60 {
		return 0, false
	}
	n, ok := arabicNumeral(s)
	if ok {
		return n, true
	}
	return chineseNumeral(s)
}

func arabicNumeral(s string) (int, bool) {
	n := 0
	for _, r := range s {
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		if r < '0' || r > '9' || n > maxNumeral {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, true
}

func chineseNumeral(s string) (int, bool) {
	total, part, digit := 0, 0, -1 // 万 and above, below 万, the digit that waits for its power
	digits, powers, last := 0, 0, 100_000
	for _, r := range s {
		if d := numeralDigit(r); d >= 0 {
			if digit > 0 && powers > 0 {
				return 0, false
			}
			if powers == 0 && digit >= 0 { // digit by digit: 二〇二一
				d += digit * 10
			}
			if d > maxNumeral {
				return 0, false
			}
			digit, digits = d, digits+1
			continue
		}
		p := numeralPower(r)
		if p == 0 || digits > 1 && powers == 0 {
			return 0, false
		}
		powers++
		if p == 10_000 {
			if total > 0 {
				return 0, false
			}
			total, part, digit, last = (part+max(digit, 0))*p, 0, -1, 100_000
			continue
		}
		if p >= last {
			return 0, false
		}
		last = p
		if digit <= 0 { // 十二, 一百十二
			digit = 1
		}
		part, digit = part+digit*p, -1
	}
	n := total + part + max(digit, 0)
	return n, n <= maxNumeral
}

func numeralDigit(r rune) int {
	switch r {
	case '零', '〇', '○', 'Ｏ':
		return 0
	case '一', '壹':
		return 1
	case '二', '两', '贰':
		return 2
	case '三', '叁':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

func numeralPower(r rune) int {
	switch r {
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	case '万':
		return 10_000
	}
	return 0
}

// isNumeralRune tells whether r may stand in a number before 章, 条, 、.
func isNumeralRune(r rune) bool {
	return r >= '0' && r <= '9' || r >= '０' && r <= '９' || numeralDigit(r) >= 0 || numeralPower(r) > 0
}

// numberer gives the numbers of clauses in reading order. Parse and Renumber
// both count with it, so what Parse expects is what Renumber derives.
type numberer struct {
	convention Convention
	// Standards: the displayed numbers of the clauses in which we stand, and how
	// many clauses each of them has so far.
	path   [maxDepth]string
	counts [maxDepth]int
	annex  int
	// Regulations: how many of each kind so far.
	kinds map[Kind]int
}

// maxDepth bounds the nesting of clauses. GB/T 1.1 allows six levels; what is
// deeper is read so that a rule can name it.
const maxDepth = 12

func newNumberer(c Convention) *numberer {
	return &numberer{convention: c, kinds: map[Kind]int{}}
}

// peek gives the number that a clause of this kind would have here.
func (n *numberer) peek(k Kind, depth int) string {
	if n.convention == Regulation {
		return statuteNumber(k, n.kinds[k]+1)
	}
	if depth == 0 {
		switch k {
		case Preamble, Foreword, Introduction, Bibliography, Index:
			return ""
		case Annex:
			return "附录" + annexLetter(n.annex+1)
		}
		return strconv.Itoa(n.counts[0] + 1)
	}
	if n.path[depth-1] == "" {
		return ""
	}
	return n.path[depth-1] + "." + strconv.Itoa(n.counts[depth]+1)
}

// next counts a clause and returns its number: the fixed one where there is one.
func (n *numberer) next(k Kind, depth int, fixed string) string {
	number := n.peek(k, depth)
	if fixed != "" {
		number = fixed
	}
	if n.convention == Regulation {
		n.countStatute(k, fixed)
		return number
	}
	n.countStandard(k, depth, number, fixed)
	return number
}

func (n *numberer) countStandard(k Kind, depth int, number, fixed string) {
	clear(n.counts[depth+1:])
	clear(n.path[depth:])
	n.path[depth] = number
	if depth > 0 {
		n.counts[depth]++
		if last := fixed[strings.LastIndexByte(fixed, '.')+1:]; fixed != "" {
			if v, ok := ParseNumeral(last); ok {
				n.counts[depth] = v
			}
		}
		return
	}
	switch k {
	case Preamble, Foreword, Bibliography, Index:
	case Introduction:
		n.path[0] = "0"
	case Annex:
		letter := strings.TrimPrefix(number, "附录")
		n.path[0] = letter
		n.annex++
		if len(letter) == 1 && letter[0] >= 'A' && letter[0] <= 'Z' {
			n.annex = int(letter[0]-'A') + 1
		}
	default:
		n.counts[0]++
		if v, ok := ParseNumeral(fixed); ok && fixed != "" {
			n.counts[0] = v
		}
	}
}

func (n *numberer) countStatute(k Kind, fixed string) {
	n.kinds[k]++
	if fixed != "" {
		if m, ok := readStatute(fixed); ok && m.kind == k && m.rest == "" {
			n.kinds[k] = m.value
		} else if v, rest, ok := readDecision(fixed); ok && k == Decision && rest == "" {
			n.kinds[k] = v
		}
	}
	for _, inner := range restarts[k] {
		n.kinds[inner] = 0
	}
}

// restarts says which numberings begin again inside a clause of a kind: chapters
// in each 编, sections in each 章; articles run through the whole text.
var restarts = map[Kind][]Kind{
	Part:     {Subpart, Chapter, Section, Decision},
	Subpart:  {Decision},
	Chapter:  {Section, Decision},
	Section:  {Decision},
	Appendix: {Part, Subpart, Chapter, Section, Article, Decision},
}

func annexLetter(n int) string {
	s := ""
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

// statuteNumber is the number of the n-th clause of a kind in a regulation.
func statuteNumber(k Kind, n int) string {
	switch k {
	case Part:
		return "第" + Numeral(n) + "编"
	case Subpart:
		return "第" + Numeral(n) + "分编"
	case Chapter:
		return "第" + Numeral(n) + "章"
	case Section:
		return "第" + Numeral(n) + "节"
	case Article:
		return "第" + Numeral(n) + "条"
	case Decision:
		return Numeral(n) + "、"
	case Appendix:
		return "附件" + strconv.Itoa(n)
	}
	return ""
}

// Renumber derives every number from the places of the clauses, and how many
// tables, figures and formulas stand before each. A clause with a Fixed number
// has that, and those after it count on from there.
func (d *Document) Renumber() {
	n := newNumberer(d.Header.Convention)
	var before Count
	d.renumber(d.Clauses, n, 0, &before)
	d.numberAppendix()
}

func (d *Document) renumber(cs []*Clause, n *numberer, depth int, before *Count) {
	for _, c := range cs {
		c.Number = n.next(c.Kind, min(depth, maxDepth-1), c.Fixed)
		if c.Kind == Annex {
			*before = Count{Annex: n.path[0]}
		}
		c.Before = *before
		before.add(c)
		d.renumber(c.Clauses, n, depth+1, before)
	}
}

// numberAppendix takes the figure off the number of a single appendix: 附件.
func (d *Document) numberAppendix() {
	var only *Clause
	for _, c := range d.Clauses {
		if c.Kind != Appendix {
			continue
		}
		if only != nil {
			return
		}
		only = c
	}
	if only != nil && only.Fixed == "" {
		only.Number = "附件"
	}
}

// Count is how many captioned tables and figures and numbered formulas stand
// before a clause, in the main text or in its annex, where they begin again.
type Count struct {
	Annex                     string // letter of the annex; "" in the main text
	Tables, Figures, Formulas int
}

func (n *Count) add(c *Clause) {
	if !mayHoldNumbered(c.Text) {
		return
	}
	for _, b := range c.Blocks() {
		n.count(b)
	}
}

func (n *Count) count(b Block) {
	switch {
	case b.Number == "":
	case b.Kind == Table:
		n.Tables++
	case b.Kind == Figure:
		n.Figures++
	case b.Kind == Formula:
		n.Formulas++
	}
}

// next is the number of the next block of a kind: 表1, 图A.1, （1）.
func (n *Count) next(k BlockKind) string {
	prefix := ""
	if n.Annex != "" {
		prefix = n.Annex + "."
	}
	switch k {
	case Table:
		return "表" + prefix + strconv.Itoa(n.Tables+1)
	case Figure:
		return "图" + prefix + strconv.Itoa(n.Figures+1)
	case Formula:
		return "（" + prefix + strconv.Itoa(n.Formulas+1) + "）"
	}
	return ""
}

// mayHoldNumbered is a cheap test that most texts fail.
func mayHoldNumbered(text string) bool {
	return strings.Contains(text, "表：") || strings.Contains(text, "![") || strings.Contains(text, "$$")
}

// Numbers gives the displayed number of everything that can be referred to: the
// clauses by their IDs, and the tables, figures and formulas that have one.
// What has no number (前言) is shown by its title.
func (d *Document) Numbers() map[string]string {
	m := map[string]string{}
	for c := range d.All() {
		m[c.ID] = c.Number
		if c.Number == "" {
			m[c.ID] = c.Title
		}
		if !mayHoldNumbered(c.Text) {
			continue
		}
		for _, b := range c.Blocks() {
			if b.ID != "" {
				m[b.ID] = b.Number
			}
		}
	}
	return m
}
