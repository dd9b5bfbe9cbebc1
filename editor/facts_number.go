package editor

import (
	"math"
	"strings"
)

// numeral is a number as a text writes it: where it stands, what it is worth.
type numeral struct {
	start, end int // places in factText.runes
	value      float64
	year       bool // written digit by digit: 二〇一九
	bare       bool // a power alone: the 百 of 百年以上
}

const (
	chineseDigits   = "零〇一二两三四五六七八九"
	chineseNumerals = chineseDigits + "十百千万亿"
	longestNumeral  = 40 // runes
	longestList     = 40 // numerals of 第一、二、三项
)

// numberAt reads the number that begins at place i: Arabic figures (1 000,
// 1,000.5, 5万) or Chinese numerals (十五, 一千二百, 一点五, 半).
func (t *factText) numberAt(i int) (numeral, bool) {
	switch r := t.rune(i); {
	case isASCIIDigit(r):
		if t.endsWith(i, "第") || t.endsWith(i, "第 ") {
			return numeral{}, false
		}
		return t.arabicAt(i)
	case r == '半', r == '双':
		return t.halfAt(i)
	case isOneOf(chineseNumerals, r):
		return t.chineseAt(i)
	}
	return numeral{}, false
}

// mayBeginNumber rules most of a text out at once.
func mayBeginNumber(r rune) bool {
	switch r {
	case '零', '〇', '一', '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '亿', '半', '双':
		return true
	}
	return isASCIIDigit(r)
}

// isOneOf reports whether the rune, which may be 0, is in the set.
func isOneOf(set string, r rune) bool { return r != 0 && strings.ContainsRune(set, r) }

// arabicAt reads figures with an optional fraction, groups of three digits set
// off by a blank or a comma, and a Chinese power (5万). 5.2.1 is no number.
func (t *factText) arabicAt(i int) (numeral, bool) {
	if prev := t.rune(i - 1); isASCIILetter(prev) || isASCIIDigit(prev) || isOneOf("._%", prev) { // nor %9A
		return numeral{}, false
	}
	n := numeral{start: i}
	for first := true; ; first = false {
		from := i
		for isASCIIDigit(t.rune(i)) && i-n.start < longestNumeral {
			n.value = n.value*10 + float64(t.rune(i)-'0')
			i++
		}
		if first && i-from > 3 || !t.isGroup(i) {
			break
		}
		i++
	}
	if t.rune(i) == '.' && isASCIIDigit(t.rune(i+1)) {
		scale := 1.0
		for i++; isASCIIDigit(t.rune(i)) && i-n.start < longestNumeral; i++ {
			scale /= 10
			n.value += float64(t.rune(i)-'0') * scale
		}
	}
	if isASCIIDigit(t.rune(i)) || t.rune(i) == '.' && isASCIIDigit(t.rune(i+1)) {
		return numeral{}, false
	}
	n.end, n.value = i, roundNumber(n.value)
	if t.isMinus(n.start - 1) {
		n.value, n.start = -n.value, n.start-1
	}
	return t.withPower(n), true
}

// isGroup reports whether a divider and exactly three digits stand at place i.
func (t *factText) isGroup(i int) bool {
	return (t.rune(i) == ' ' || t.rune(i) == ',') &&
		isASCIIDigit(t.rune(i+1)) && isASCIIDigit(t.rune(i+2)) && isASCIIDigit(t.rune(i+3)) && !isASCIIDigit(t.rune(i+4))
}

// isMinus tells a sign from a dash between two things.
func (t *factText) isMinus(i int) bool {
	switch prev := t.rune(i - 1); {
	case t.rune(i) != '-', prev == '-', prev == hiddenRune, isASCIIDigit(prev), isASCIILetter(prev), isOneOf("℃%°′″", prev):
		return false
	}
	return true
}

// withPower multiplies by the Chinese power that follows figures or a decimal.
func (t *factText) withPower(n numeral) numeral {
	for n.end-n.start < longestNumeral {
		power := chinesePower(t.rune(n.end))
		if power < 100 || t.beginsUnit(n.end) {
			break
		}
		n.value *= power
		n.end++
	}
	return n
}

// beginsUnit reports whether the 千 or 百 at place i belongs to what follows:
// 千克, 百分之.
func (t *factText) beginsUnit(i int) bool {
	if t.rune(i+1) == '分' {
		return t.rune(i+2) == '之' || t.rune(i) == '百'
	}
	return t.rune(i) == '千' && isOneOf("克米瓦伏帕赫焦卡", t.rune(i+1))
}

// halfAt reads 半 in 半年 and 半个月, 双 in 双倍.
func (t *factText) halfAt(i int) (numeral, bool) {
	n := numeral{start: i, end: i + 1, value: 0.5}
	if t.rune(i) == '双' {
		n.value = 2
		return n, t.has(i, "双倍")
	}
	if isOneOf("一个上下前后大多", t.rune(i-1)) {
		return n, false
	}
	_, long := t.hasAny(i, []string{"半年", "半个月", "半个小时", "半小时", "半个工作日", "半天", "半日", "半秒"})
	return n, long > 0
}

// chineseAt reads a Chinese numeral. A word that merely contains one (一般,
// 第三者, 零件, 统一) is not a number, nor is 七八.
func (t *factText) chineseAt(i int) (numeral, bool) {
	if t.insideWord(i) {
		return numeral{}, false
	}
	return t.chineseNumeral(i)
}

// plainNumber reads the number at place i whatever Chinese word stands before
// it: the 五 of 百分之五, the 一 of 第一款.
func (t *factText) plainNumber(i int) (numeral, bool) {
	if isASCIIDigit(t.rune(i)) {
		return t.arabicAt(i)
	}
	return t.chineseNumeral(i)
}

func (t *factText) chineseNumeral(i int) (numeral, bool) {
	end := i
	for end-i < longestNumeral && isOneOf(chineseNumerals, t.rune(end)) && !(end > i && t.beginsUnit(end) && !t.has(end+1, "分之")) {
		end++
	}
	n := numeral{start: i, end: end}
	var ok bool
	if n.value, n.year, ok = numeralValue(t.runes[i:end]); !ok {
		return numeral{}, false
	}
	if n.bare = chinesePower(t.rune(i)) > 10; n.bare && t.beginsUnit(i) {
		return numeral{}, false
	}
	if decimals := t.decimalsAt(end); decimals > 0 {
		return t.withPower(t.withDecimals(n, decimals)), true
	}
	return n, n.value > 0
}

// withDecimals adds the digits after the 点 at the end of a numeral.
func (t *factText) withDecimals(n numeral, decimals int) numeral {
	scale := 1.0
	for _, r := range t.runes[n.end+1 : n.end+1+decimals] {
		scale /= 10
		n.value += chineseDigit(r) * scale
	}
	n.value, n.end = roundNumber(n.value), n.end+1+decimals
	return n
}

// decimalsAt counts the digits after the 点 at place i, when a unit or a power
// follows them: 一点五米, and not 三点一线.
func (t *factText) decimalsAt(i int) int {
	j := t.digitsAfterPoint(i)
	if j == i {
		return 0
	}
	if _, _, ok := t.unitAt(j); j == i+1 || !ok && chinesePower(t.rune(j)) < 1e4 {
		return 0
	}
	return j - i - 1
}

// digitsAfterPoint gives the end of the 点 at place i and the digits after it; i
// where there is no 点.
func (t *factText) digitsAfterPoint(i int) int {
	if t.rune(i) != '点' {
		return i
	}
	j := i + 1
	for j-i < 10 && isOneOf(chineseDigits, t.rune(j)) {
		j++
	}
	return j
}

// insideWord reports whether the numeral at place i ends a word or an ordinal:
// 第三人, 统一, 之一, 星期三, 数十.
func (t *factText) insideWord(i int) bool {
	prev := t.rune(i - 1)
	if isOneOf("第初"+chineseNumerals, prev) || t.endsWith(i, "星期") || isOneOf("数几", prev) && chinesePower(t.rune(i)) > 0 {
		return true
	}
	if isOneOf("前后", prev) && t.isTerm(i+1) {
		return false
	}
	if t.listsReferences(i) {
		return true
	}
	return t.rune(i) == '一' && !isOneOf(chineseNumerals, t.rune(i+1)) && !t.endsWith(i, "提前") && !t.endsWith(i, "主任") &&
		isOneOf("统唯之其划专合逐任单归同如独万上下前后某另这哪每何一", prev)
}

// listsReferences tells the 三 of 第一、二、三项 and the 四 of 第一至四项.
func (t *factText) listsReferences(i int) bool {
	for n := 0; n < longestList && isOneOf("、至和及", t.rune(i-1)); n++ {
		for i--; isOneOf(chineseNumerals, t.rune(i-1)); i-- {
			n++
		}
		if t.rune(i-1) == '第' {
			return true
		}
		if !isOneOf(chineseNumerals, t.rune(i)) {
			return false
		}
	}
	return false
}

// isTerm tells the 一个月 of 后一个月内 and 届满前一个月 from the month before.
func (t *factText) isTerm(i int) bool {
	u, end, ok := t.unitAt(i)
	if !ok || u.dimension != dimDuration && u.dimension != dimWorkingDays {
		return false
	}
	comparator, _ := t.suffix(end, u)
	return comparator != "" || t.endsWith(i-1, "届满前") || t.endsWith(i-1, "期满前")
}

func chineseDigit(r rune) float64 {
	switch r {
	case '零', '〇':
		return 0
	case '两':
		return 2
	}
	for i, d := range []rune("一二三四五六七八九") {
		if r == d {
			return float64(i + 1)
		}
	}
	return -1
}

func chinesePower(r rune) float64 {
	switch r {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1e3
	case '万':
		return 1e4
	case '亿':
		return 1e8
	}
	return 0
}

// numeralValue is the value of a Chinese numeral; a year when it is four
// digits without powers (二〇一九). 七八 has no value.
func numeralValue(r []rune) (value float64, year, ok bool) {
	if len(r) == 4 && !strings.ContainsAny(string(r), "十百千万亿两") {
		for _, c := range r {
			value = value*10 + chineseDigit(c)
		}
		return value, true, true
	}
	total, section, digit := 0.0, 0.0, -1.0
	for i, c := range r {
		if d := chineseDigit(c); d >= 0 {
			if digit > 0 {
				return 0, false, false
			}
			digit = d
			continue
		}
		power := chinesePower(c)
		switch {
		case i == 0: // 十五, 百
			section = power
		case power >= 1e4 && total+section+max(digit, 0) == 0, power < 1e4 && power > 10 && digit <= 0:
			return 0, false, false
		case power == 1e8:
			total, section = (total+section+max(digit, 0))*power, 0
		case power == 1e4:
			total, section = total+(section+max(digit, 0))*power, 0
		case digit < 0:
			section += power
		default:
			section += digit * power
		}
		digit = -1
	}
	return total + section + max(digit, 0), false, len(r) > 0
}

// roundNumber takes away what binary fractions add to decimal ones.
func roundNumber(v float64) float64 {
	if math.Abs(v) > 1e9 {
		return v
	}
	return math.Round(v*1e9) / 1e9
}
