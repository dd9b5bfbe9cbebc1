package editor

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// comparatorWord is a word that says how the number beside it bounds.
type comparatorWord struct {
	word string
	says Comparator
}

// byLastRune orders comparators for reading backwards: by their last rune,
// longer ones first.
func byLastRune(words []comparatorWord) map[rune][]comparatorWord {
	m := map[rune][]comparatorWord{}
	for _, w := range words {
		r, _ := utf8.DecodeLastRuneInString(w.word)
		m[r] = append(m[r], w)
	}
	for _, ws := range m {
		slices.SortStableFunc(ws, func(a, b comparatorWord) int { return cmp.Compare(len(b.word), len(a.word)) })
	}
	return m
}

var (
	prefixEnds  = byLastRune(prefixes)
	distantEnds = byLastRune(distant)
)

// prefixes touch the number.
var prefixes = func() []comparatorWord {
	words := []comparatorWord{
		{"小于或者等于", AtMost}, {"小于或等于", AtMost}, {"小于等于", AtMost},
		{"大于或者等于", AtLeast}, {"大于或等于", AtLeast}, {"大于等于", AtLeast},
		{"至少", AtLeast}, {"最少", AtLeast}, {"最低", AtLeast}, {"最低为", AtLeast}, {"起码", AtLeast}, {"最短", AtLeast}, {"最短为", AtLeast},
		{"至少为", AtLeast}, {"达到", AtLeast}, {"达", AtLeast}, {"满", AtLeast}, {"年满", AtLeast}, {"提前", AtLeast}, {"至少提前", AtLeast},
		{"高于或者等于", AtLeast}, {"高于或等于", AtLeast}, {"高于等于", AtLeast}, {"等于或者大于", AtLeast}, {"等于或大于", AtLeast}, {"等于或者高于", AtLeast},
		{"低于或者等于", AtMost}, {"低于或等于", AtMost}, {"低于等于", AtMost}, {"等于或者小于", AtMost}, {"等于或小于", AtMost}, {"等于或者低于", AtMost},
		{"下限为", AtLeast}, {"上限为", AtMost}, {"限", AtMost}, {"限养", AtMost}, {"限载", AtMost}, {"限乘", AtMost},
		{"至多", AtMost}, {"最多", AtMost}, {"最高", AtMost}, {"最高为", AtMost}, {"最长", AtMost}, {"最长为", AtMost}, {"最大", AtMost}, {"最迟", AtMost},
		{"最多为", AtMost}, {"仅限", AtMost}, {"限于", AtMost}, {"放宽至", AtMost}, {"放宽到", AtMost}, {"延长至", AtMost}, {"延长到", AtMost}, {"过", MoreThan},
		{"不足", LessThan}, {"不满", LessThan}, {"未满", LessThan}, {"不到", LessThan}, {"未达到", LessThan}, {"达不到", LessThan},
		{"逾", MoreThan}, {"未逾", AtMost}, {"不逾", AtMost}, {"不得逾", AtMost}, {"约", About}, {"大约", About}, {"约为", About}, {"≈", About},
		{"≥", AtLeast}, {"≧", AtLeast}, {"⩾", AtLeast}, {">=", AtLeast}, {"≤", AtMost}, {"≦", AtMost}, {"⩽", AtMost}, {"<=", AtMost},
		{">", MoreThan}, {"<", LessThan},
	}
	for _, v := range []string{"少于", "低于", "小于", "短于", "早于"} {
		words = append(words, comparatorWord{v, LessThan})
		words = append(words, negated(v, AtLeast)...)
	}
	for _, v := range []string{"超过", "超出", "多于", "大于", "高于", "长于", "迟于", "晚于"} {
		words = append(words, comparatorWord{v, MoreThan})
		words = append(words, negated(v, AtMost)...)
	}
	return words
}()

func negated(verb string, says Comparator) []comparatorWord {
	var words []comparatorWord
	for _, no := range []string{"不", "不得", "不应", "不应当", "不能", "不宜", "不可", "不准", "未"} {
		words = append(words, comparatorWord{no + verb, says})
	}
	return words
}

// distant comparators may stand before other words: 至少保存…两年,
// 最低保修期限为二年, 不得超出三公里.
var distant = func() []comparatorWord {
	words := []comparatorWord{
		{"至少", AtLeast}, {"最少", AtLeast}, {"最低", AtLeast}, {"起码", AtLeast}, {"最短", AtLeast},
		{"至多", AtMost}, {"最多", AtMost}, {"最高", AtMost}, {"最长", AtMost}, {"仅限", AtMost}, {"只能", AtMost}, {"限载", AtMost},
		{"只准", AtMost}, {"只允许", AtMost}, {"只可", AtMost}, {"只可以", AtMost}, {"仅可", AtMost}, {"仅能", AtMost}, {"限养", AtMost}, {"限乘", AtMost},
	}
	for _, w := range prefixes {
		if r, _ := utf8.DecodeRuneInString(w.word); isOneOf("不未", r) && (w.says == AtLeast || w.says == AtMost) {
			words = append(words, w)
		}
	}
	return words
}()

// notDistant are words that merely begin like a distant comparator.
var notDistant = []string{"最高人民", "最高额", "最低生活", "最低工资", "最低生活保障"}

// suffixes stand after the unit; longer ones first. Those of spans of time
// need one before them.
var suffixes = []struct {
	word      string
	says      Comparator
	spanOnly  bool
	notBefore string
}{
	{"以上", AtLeast, false, ""}, {"以下", AtMost, false, ""}, {"及以上", AtLeast, false, ""}, {"及以下", AtMost, false, ""}, {"或以上", AtLeast, false, ""}, {"或以下", AtMost, false, ""},
	{"或者以上", AtLeast, false, ""}, {"级以上", AtLeast, false, ""}, {"级以下", AtMost, false, ""}, {"级及以上", AtLeast, false, ""}, {"级及以下", AtMost, false, ""},
	{"半径内", AtMost, false, ""}, {"半径范围内", AtMost, false, ""}, {"区域内", AtMost, false, ""}, {"的区域内", AtMost, false, ""}, {"地域范围内", AtMost, false, ""},
	{"距离内", AtMost, false, ""}, {"距离范围内", AtMost, false, ""}, {"路段内", AtMost, false, ""}, {"宽度内", AtMost, false, ""}, {"深度内", AtMost, false, ""}, {"高度以下", AtMost, false, ""}, {"高度以上", AtLeast, false, ""},
	{"标准煤以上", AtLeast, false, ""}, {"标准煤以下", AtMost, false, ""}, {"人口以上", AtLeast, false, ""}, {"人口以下", AtMost, false, ""}, {"人民币以上", AtLeast, false, ""}, {"人民币以下", AtMost, false, ""},
	{"为限", AtMost, false, ""}, {"封顶", AtMost, false, ""}, {"为上限", AtMost, false, ""}, {"为下限", AtLeast, false, ""}, {"以内", AtMost, false, ""}, {"之内", AtMost, false, ""},
	{"以后", AtLeast, true, ""}, {"之后", AtLeast, true, ""}, {"以前", AtLeast, true, ""}, {"之前", AtLeast, true, ""}, {"以外", AtLeast, false, ""},
	{"左右", About, false, ""}, {"上下", About, false, ""},
	{"的期限内", AtMost, true, ""}, {"的期间内", AtMost, true, ""}, {"期限内", AtMost, true, ""}, {"的合理期限内", AtMost, true, ""}, {"的时间内", AtMost, true, ""}, {"时间内", AtMost, true, ""},
	{"的范围内", AtMost, false, ""}, {"范围内", AtMost, false, ""},
	{"内", AtMost, false, "设容部资外涵"}, {"前", AtLeast, true, "款述项置往"}, {"后", AtLeast, true, "续果"},
}

// suffix reads the comparator after a unit that ends at place i, with a
// parenthesis such as （含三日） before or after it. It gives where it ends.
func (t *factText) suffix(i int, u unit) (Comparator, int) {
	at, without := t.inclusion(t.skipSpace(i))
	span := u.dimension == dimDuration || u.dimension == dimWorkingDays
	for _, s := range suffixes {
		if (s.spanOnly && !span) || !t.has(at, s.word) {
			continue
		}
		end := at + utf8.RuneCountInString(s.word)
		if isOneOf(s.notBefore, t.rune(end)) || s.word == "前" && t.rune(end) == '提' && !isOneOf("出交请供醒前", t.rune(end+1)) {
			continue
		}
		end, strictly := t.inclusion(end)
		if without || strictly {
			return excluding(s.says), end
		}
		return s.says, end
	}
	if says, end := t.suffixPastNoun(at, u); says != "" {
		return says, end
	}
	if u.dimension == dimAge && t.rune(i) == '前' {
		return LessThan, i + 1 // 二十二岁前
	}
	return "", i
}

// suffixPastNoun reads the 以上 of 两个铁路局以上, past what is counted.
func (t *factText) suffixPastNoun(i int, u unit) (Comparator, int) {
	if u.counter == boundOnly || len(u.dimension) <= len(counted) || u.dimension[:len(counted)] != counted {
		return "", i
	}
	for at := i + 1; at <= i+4; at++ {
		r := t.rune(at - 1)
		if isClauseEnd(r) || mayBeginNumber(r) || isOneOf("的级师职、（(和或以", r) {
			break
		}
		switch {
		case t.has(at, "以上"):
			return AtLeast, at + 2
		case t.has(at, "以下"):
			return AtMost, at + 2
		}
	}
	return "", i
}

// inclusion steps over （含三日） and （不含本数） at place i, and reports
// whether it leaves the number itself out.
func (t *factText) inclusion(i int) (end int, without bool) {
	if t.rune(i) != '（' && t.rune(i) != '(' {
		return i, false
	}
	word, long := t.hasAny(i+1, []string{"不含", "不包括", "不包含", "含", "包括", "包含"})
	if long == 0 {
		return i, false
	}
	if first := t.rune(i + 1 + long); !mayBeginNumber(first) && !isOneOf("本）)", first) {
		return i, false
	}
	for end := i + 1 + long; end < i+16; end++ {
		if r := t.rune(end); r == '）' || r == ')' {
			return end + 1, word[:len("不")] == "不"
		}
	}
	return i, false
}

// including is the comparator with the number itself.
func including(c Comparator) Comparator {
	switch c {
	case MoreThan:
		return AtLeast
	case LessThan:
		return AtMost
	}
	return c
}

// excluding is the comparator without the number itself.
func excluding(c Comparator) Comparator {
	switch c {
	case AtLeast:
		return MoreThan
	case AtMost:
		return LessThan
	}
	return c
}

// touchingPrefix reads the comparator that ends at place i and gives where it
// begins.
func (t *factText) touchingPrefix(i int) (Comparator, int) {
	if t.rune(i-1) == ' ' {
		i--
	}
	for _, w := range prefixEnds[t.rune(i-1)] {
		if !t.endsWith(i, w.word) {
			continue
		}
		if w.word == "过" && !t.has(i, "半数") {
			break
		}
		if w.word == "满" && (t.endsWith(i, "届满") || t.endsWith(i, "期满")) {
			break
		}
		if w.word == "限" && isOneOf("期年时权上下无有极界", t.rune(i-2)) {
			break
		}
		return w.says, i - utf8.RuneCountInString(w.word)
	}
	return "", i + 1
}

// compare finds what bounds a measure: a word that touches it, the words after
// it, or a strong word earlier in the clause, but not before place from.
func (t *factText) compare(m *measure, from int) {
	if m.before, m.beforeStart = t.touchingPrefix(m.start); m.before == "" || m.beforeStart < from {
		m.before, m.beforeStart = "", m.start
	}
	if says, end := t.suffix(m.end, m.unit); says != "" {
		m.after, m.end = says, end
		if says == LessThan && m.before == AtLeast && m.unit.dimension == dimAge { // 年满十六周岁前
			m.before = ""
		}
	}
	if end, without := t.inclusion(m.end); end > m.end { // 低于十四摄氏度（含十四摄氏度）
		m.end = end
		if m.before = including(m.before); without {
			m.before = excluding(m.before)
		}
	}
	if m.before != "" || m.after != "" || m.ranged {
		return
	}
	far := distantReach
	if m.unit.dimension == dimFrequency {
		far = farReach
	}
	if says := t.distantPrefix(m.start, from, far); says != "" {
		m.before = says
		return
	}
	if m.unit.dimension == dimPercent || m.unit.dimension == dimMultiple {
		m.before = t.weakPrefix(m.start, from, "")
		return
	}
	if m.before = t.weakPrefix(m.start, from, "的每部按处予罚加收则者、和与或期前近均"); m.before != "" {
		return
	}
	if t.endsWith(m.start, "届满前") || t.endsWith(m.start, "期满前") {
		if !isClauseEnd(t.rune(m.end)) { // 届满前三十日提出申请, but not 届满前24 h，再次提醒
			m.before = AtLeast
		}
		return
	}
	span := m.unit.dimension == dimDuration || m.unit.dimension == dimWorkingDays
	if span && m.start-1 >= from && t.rune(m.start-1) == '前' && !isOneOf("目以之当提日", t.rune(m.start-2)) {
		m.before = AtLeast // 投放运营前三十日
	}
}

const (
	distantReach = 14 // runes before a number in which a strong comparator bounds it
	farReach     = 40 // the same where 每 and 次 hold the words together: 至少每年…一次
)

// distantPrefix finds the strong comparator nearest before a place, in the same
// clause and not before place from; the longest where several end together
// (不得超出 and 超出).
func (t *factText) distantPrefix(place, from, reach int) Comparator {
	for end := place; end > from && end > place-reach && !isClauseEnd(t.rune(end-1)); end-- {
		for _, w := range distantEnds[t.rune(end-1)] {
			start := end - utf8.RuneCountInString(w.word)
			if start < from || !t.has(start, w.word) || t.rune(start) == '只' && isOneOf("犬船", t.rune(start-1)) {
				continue
			}
			if _, guarded := t.hasAny(start, notDistant); guarded == 0 {
				return w.says
			}
		}
	}
	return ""
}

// weakPrefix finds a comparator of its own verb away from the number, with none
// of the given runes between: 不足首期交纳额的百分之三十, 不满人民币4000元.
func (t *factText) weakPrefix(place, from int, none string) Comparator {
	for i := place - 1; i > from && i > place-distantReach && !isClauseEnd(t.rune(i)) && !isOneOf(none, t.rune(i)); i-- {
		for _, w := range weak[t.rune(i)] {
			if start := i - 1; start >= from && t.has(start, w.word) && !isOneOf("不未得", t.rune(start-1)) {
				return w.says
			}
		}
	}
	return ""
}

// weak comparators are verbs that bound a number only where nothing else does.
var weak = byLastRune([]comparatorWord{{"不足", LessThan}, {"不满", LessThan}, {"低于", LessThan}, {"少于", LessThan}, {"小于", LessThan},
	{"超过", MoreThan}, {"高于", MoreThan}, {"大于", MoreThan}, {"多于", MoreThan}, {"达到", AtLeast}})

// joins reports whether b is the upper end of a range that a begins:
// 五百元以上一万元以下, 三日至五日, 14 周岁以上不满 18 周岁.
func (t *factText) joins(a, b measure) bool {
	if a.unit.dimension != b.unit.dimension || a.ranged || b.ranged || a.value*a.unit.factor > b.value*b.unit.factor {
		return false
	}
	if a.after == AtLeast && (b.before == LessThan || b.before == AtMost || b.before == "" && b.after == AtMost) {
		gap := b.beforeStart - a.end
		return gap == 0 || gap == 1 && isOneOf(" ，、", t.rune(a.end))
	}
	gap := t.skipSpace(a.end)
	return a.after == "" && isOneOf("至到~-–—", t.rune(gap)) && t.skipSpace(gap+1) == b.start
}
