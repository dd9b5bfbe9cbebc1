package editor

import (
	"slices"
	"strconv"
	"strings"
)

// Reference is a mention of another clause or document. Only what the text
// says is filled in.
type Reference struct {
	Title     string `json:"title,omitempty"`     // 邮政法, without its brackets
	Article   string `json:"article,omitempty"`   // "12"; "12-1" for 第十二条之一; "-1" for 前条
	Paragraph int    `json:"paragraph,omitempty"` // 款; -1 for 前款
	Item      int    `json:"item,omitempty"`      // 项; -1 for 前项
	Standard  string `json:"standard,omitempty"`  // "GB/T 10757", "DB31/T 310003"
	Year      string `json:"year,omitempty"`      // of a dated reference to a standard
	Clause    string `json:"clause,omitempty"`    // "5.2.1", "附录A", "表1"
	ID        string `json:"id,omitempty"`        // of [](#id)
}

// references finds 《…》, 第X条第Y款第（Z）项, 前款, numbers of standards, clauses
// of standards (见 5.2.1, 附录A) and links to clauses.
func (t *factText) references() []Fact {
	var facts []Fact
	for i := 0; i < len(t.runes); {
		ref, end := t.referenceAt(i)
		if end <= i {
			i++
			continue
		}
		facts = append(facts, Fact{Kind: ReferenceFact, Start: t.at[i], End: t.at[end], Reference: &ref})
		i = end
	}
	return facts
}

// referenceAt reads the reference at place i; its end is i when there is none.
func (t *factText) referenceAt(i int) (Reference, int) {
	var ref Reference
	switch r := t.rune(i); {
	case r == '《':
		end := t.closing(i, '》', 100)
		if end == i {
			return ref, i
		}
		ref.Title = string(t.runes[i+1 : end-1])
		return ref, t.articleAt(&ref, end)
	case r == '第', r == '前':
		return ref, t.articleAt(&ref, i)
	case r == '[':
		return t.linkAt(i)
	case r == '附' && t.has(i, "附录") && isASCIIUpper(t.rune(t.skipSpace(i+2))):
		at := t.skipSpace(i + 2)
		ref.Clause = "附录" + string(t.rune(at))
		return ref, at + 1
	case (r == '表' || r == '图') && isASCIIDigit(t.rune(t.skipSpace(i+1))):
		at := t.skipSpace(i + 1)
		end := t.digits(at)
		ref.Clause = string(r) + string(t.runes[at:end])
		return ref, end
	case isASCIIUpper(r) && !isASCIILetter(t.rune(i-1)):
		return t.standardAt(i)
	case isASCIIDigit(r) && !isASCIIDigit(t.rune(i-1)) && t.rune(i-1) != '.' && !isASCIILetter(t.rune(i-1)):
		return t.clauseNumberAt(i)
	}
	return ref, i
}

func isASCIIUpper(r rune) bool { return r >= 'A' && r <= 'Z' }

// closing gives the place after the closing rune, at most n runes on; i itself
// when there is none.
func (t *factText) closing(i int, r rune, n int) int {
	for j := i + 1; j < i+n && t.rune(j) != 0 && t.rune(j) != '\n'; j++ {
		if t.rune(j) == r {
			return j + 1
		}
	}
	return i
}

// digits gives the end of the digits at place i.
func (t *factText) digits(i int) int {
	for n := 0; isASCIIDigit(t.rune(i)) && n < longestNumeral; n++ {
		i++
	}
	return i
}

// articleAt reads 第十二条之一第二款第（三）项, 前款, 前两条 into ref. It gives i
// when there is nothing of the kind.
func (t *factText) articleAt(ref *Reference, i int) int {
	end := i
	if t.rune(end) == '前' {
		at := end + 1
		if isOneOf("一二两三四五", t.rune(at)) {
			at++
		}
		switch t.rune(at) {
		case '条':
			ref.Article = "-1"
		case '款':
			if isOneOf("项", t.rune(at+1)) { // 前款项 is money
				return i
			}
			ref.Paragraph = -1
		case '项':
			if isOneOf("目", t.rune(at+1)) {
				return i
			}
			ref.Item = -1
		default:
			return i
		}
		end = at + 1
	}
	for steps := 0; steps < 5; steps++ {
		next := t.divisionAt(ref, end)
		if next == end {
			break
		}
		end = next
	}
	return end
}

// divisionAt reads one 第X条, 第X款, 第（X）项 into ref.
func (t *factText) divisionAt(ref *Reference, i int) int {
	if t.rune(i) != '第' {
		return i
	}
	at := i + 1
	bracket := t.rune(at) == '（' || t.rune(at) == '('
	if bracket {
		at++
	}
	n, ok := t.plainNumber(at)
	if !ok {
		return i
	}
	at = n.end
	if bracket && (t.rune(at) == '）' || t.rune(at) == ')') {
		at++
	}
	at = t.skipSpace(at)
	switch t.rune(at) {
	case '条':
		ref.Article = strconv.Itoa(int(n.value))
		if t.rune(at+1) == '之' {
			if sub, ok := t.plainNumber(at + 2); ok {
				ref.Article += "-" + strconv.Itoa(int(sub.value))
				return sub.end
			}
		}
	case '款':
		ref.Paragraph = int(n.value)
	case '项':
		ref.Item = int(n.value)
	case '目', '章', '节', '编':
	default:
		return i
	}
	return at + 1
}

// linkAt reads [](#id).
func (t *factText) linkAt(i int) (Reference, int) {
	text := t.closing(i, ']', 60)
	if text == i || !t.has(text, "(#") {
		return Reference{}, i
	}
	end := t.closing(text, ')', 100)
	if end == text {
		return Reference{}, i
	}
	return Reference{ID: string(t.runes[text+2 : end-1])}, end
}

// standardAt reads the number of a standard: GB/T 10757—2011, DB31/T 310003,
// ISO 9001:2015, T/CAS 100.
func (t *factText) standardAt(i int) (Reference, int) {
	at := i
	for n := 0; n < 24 && (isASCIIUpper(t.rune(at)) || t.rune(at) == '/' || at > i && isASCIIDigit(t.rune(at))); n++ {
		at++
	}
	code := strings.TrimSuffix(string(t.runes[i:at]), "/")
	if !isStandardCode(code) {
		return Reference{}, i
	}
	number := t.skipSpace(at)
	end := t.digits(number)
	if end == number {
		return Reference{}, i
	}
	for t.rune(end) == '.' && isASCIIDigit(t.rune(end+1)) { // GB/T 1.1
		end = t.digits(end + 1)
	}
	ref := Reference{Standard: code + " " + string(t.runes[number:end])}
	if isOneOf("—–-:：", t.rune(end)) {
		if year := t.digits(end + 1); year == end+5 {
			ref.Year = string(t.runes[end+1 : year])
			end = year
		} else if t.rune(end) == '—' && t.rune(end+1) == '—' && t.digits(end+2) == end+6 {
			ref.Year = string(t.runes[end+2 : end+6])
			end += 6
		}
	}
	return ref, end
}

// isStandardCode tells the code of a standard from other capitals (A4, 5G).
func isStandardCode(code string) bool {
	base, rest, _ := strings.Cut(code, "/")
	known := []string{"GB", "GBZ", "GJB", "ISO", "IEC", "ITU", "EN", "YZ", "JT", "JR", "JB", "HJ", "GA", "GY", "SJ", "YD", "SB", "NY", "CJ", "CJJ", "JGJ", "WB", "RB", "MZ", "LB", "AQ", "XF", "BB", "QB", "HG", "YY", "WS", "TB", "MH", "DL", "SN", "FZ", "LY", "JGT", "TSG", "JJF", "JJG"}
	switch {
	case slices.Contains(known, base):
		return true
	case base == "T", base == "Q":
		return len(rest) >= 2
	}
	return strings.HasPrefix(base, "DB") && len(base) >= 4 && isASCIIDigit(rune(base[2]))
}

// clauseNumberAt reads 5.2.1, or 5.2 after 见, 按, 符合 and the like.
func (t *factText) clauseNumberAt(i int) (Reference, int) {
	end := t.digits(i)
	dots := 0
	for t.rune(end) == '.' && isASCIIDigit(t.rune(end+1)) && dots < 5 {
		end = t.digits(end + 1)
		dots++
	}
	before := i
	if t.rune(i-1) == ' ' {
		before--
	}
	cited := false
	for _, w := range []string{"见", "按", "按照", "符合", "依据", "根据", "遵守", "执行", "满足", "本文件"} {
		cited = cited || t.endsWith(before, w)
	}
	if dots >= 2 && dots < 5 || dots == 1 && cited {
		if _, _, measured := t.unitAt(end); !measured || dots >= 2 {
			return Reference{Clause: string(t.runes[i:end])}, end
		}
	}
	return Reference{}, i
}
