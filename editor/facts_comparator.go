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
		{"至多", AtMost}, {"最多", AtMost}, {"最高", AtMost}, {"最高为", AtMost}, {"最长", AtMost}, {"最长为", AtMost}, {"最大", AtMost}, {"最迟", AtMost},
		{"最多为", AtMost}, {"仅限", AtMost}, {"限于", AtMost}, {"放宽至", AtMost}, {"放宽到", AtMost}, {"延长至", AtMost}, {"延长到", AtMost}, {"过", MoreThan},
		{"不足", LessThan}, {"不满", LessThan}, {"未满", LessThan}, {"不到", LessThan}, {"未达到", LessThan}, {"达不到", LessThan},
		{"逾", MoreThan}, {"约", About}, {"大约", About}, {"约为", About}, {"≈", About},
		{"≥", AtLeast}, {"≧", AtLeast}, {"⩾", AtLeast}, {">=", AtLeast}, {"≤", AtMost}, {"≦", AtMost}, {"⩽", AtMost}, {"<=", AtMost},
		{">", MoreThan}, {"<", LessThan},
	}
	for _, v := range []string{"少于", "低于", "小于", "短于"} {
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
	{"以上", AtLeast, false, ""}, {"以下", AtMost, false, ""}, {"以内", AtMost, false, ""}, {"之内", AtMost, false, ""},
	{"以后", AtLeast, true, ""}, {"之后", AtLeast, true, ""}, {"以前", AtLeast, true, ""}, {"之前", AtLeast, true, ""}, {"以外", AtLeast, false, ""},
	{"左右", About, false, ""}, {"上下", About, false, ""},
	{"的期限内", AtMost, true, ""}, {"的期间内", AtMost, true, ""}, {"期限内", AtMost, true, ""}, {"的合理期限内", AtMost, true, ""}, {"的时间内", AtMost, true, ""}, {"时间内", AtMost, true, ""},
	{"的范围内", AtMost, false, ""}, {"范围内", AtMost, false, ""},
	{"内", AtMost, false, "设容部资外涵"}, {"前", AtLeast, true, "款述项置往提"}, {"后", AtLeast, true, "续果"},
}

// suffix reads the comparator after a unit that ends at place i, past a
// parenthesis such as （含三日）. It gives where the comparator ends.
func (t *factText) suffix(i int, u unit) (Comparator, int) {
	at := t.skipSpace(i)
	if t.rune(at) == '（' || t.rune(at) == '(' {
		if t.rune(at+1) != '含' {
			return "", i
		}
		for end := at + 2; end < at+14; end++ {
			if r := t.rune(end); r == '）' || r == ')' {
				at = end + 1
				break
			}
		}
	}
	span := u.dimension == dimDuration || u.dimension == dimWorkingDays
	for _, s := range suffixes {
		if (!s.spanOnly || span) && t.has(at, s.word) {
			end := at + utf8.RuneCountInString(s.word)
			if isOneOf(s.notBefore, t.rune(end)) {
				continue
			}
			return s.says, end
		}
	}
	return "", i
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
	}
	if m.before != "" || m.after != "" || m.ranged {
		return
	}
	if says := t.distantPrefix(m.start, from); says != "" {
		m.before = says
		return
	}
	if m.unit.dimension == dimPercent || m.unit.dimension == dimMultiple {
		m.before = t.shareComparator(m.start, from)
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

// distantPrefix finds the strong comparator nearest before a place, in the same
// clause and not before place from; the longest where several end together
// (不得超出 and 超出).
func (t *factText) distantPrefix(place, from int) Comparator {
	for end := place; end > from && end > place-14 && !isClauseEnd(t.rune(end-1)); end-- {
		for _, w := range distantEnds[t.rune(end-1)] {
			start := end - utf8.RuneCountInString(w.word)
			if start < from || !t.has(start, w.word) {
				continue
			}
			if _, guarded := t.hasAny(start, notDistant); guarded == 0 {
				return w.says
			}
		}
	}
	return ""
}

// shareComparator finds the comparator of a share away from it: 不足首期交纳额的
// 百分之三十.
func (t *factText) shareComparator(place, from int) Comparator {
	for _, w := range []comparatorWord{{"不足", LessThan}, {"低于", LessThan}, {"少于", LessThan}, {"超过", MoreThan}, {"高于", MoreThan}, {"达到", AtLeast}} {
		if t.window(place, from, 14, w.word) >= 0 {
			return w.says
		}
	}
	return ""
}

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
