package editor

import (
	"regexp"
	"strings"
)

// StandardNumber is the number of a standard in its parts: GB/T 27917.1—2023.
type StandardNumber struct {
	Code   string // "GB/T", "DB31/T", "T/CAS", "ISO/IEC"
	Serial string // "27917.1"; "示范001" of a number that is none yet
	Year   string // "" of an undated number
}

// maxNumberLine bounds how much of a line is searched for a number, in bytes.
const maxNumberLine = 1000

var (
	numberDashes = regexp.MustCompile(`\s*[—–‒―−-]+\s*`)
	// numberForm is a number in half-width capitals. What is a letter of 推荐 (T), of
	// 指导 (Z) or of 试行 (J) may stand with or without its stroke; GBZ without one
	// is a code of its own (职业卫生标准).
	numberForm = regexp.MustCompile(`(DB\d{4}(?:\s?/\s?T|T|\s)|DB\d{2}(?:\s?/\s?T|\s?T)?|GB\s?/\s?[TZ]|GB\s?T|GBZ(?:\s?/\s?T)?|GJB(?:/Z)?|GB|ISO/IEC|ISO/TS|ISO/TR|ISO|IEC|T/[A-Z][A-Z0-9]{1,15}|Q/[A-Z0-9]{2,16}|[A-Z]{2,3}\s?/\s?T|[A-Z]{2}T|[A-Z]{2,3})` +
		`\s*((?:示范)?\d{1,8}[A-Z]?(?:\.\d{1,4})*)(?:\s?[-:]\s?((?:19|20)\d\d|[5-9]\d))?`)
	openYear = regexp.MustCompile(`^\s?[-:（(]\s?((?:19|20)\d\d)`)
)

// foldNumber writes a line in half width and capitals, with one kind of dash.
func foldNumber(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case isInvisible(r):
		case r >= '！' && r <= '～':
			b.WriteRune(r - '！' + '!')
		case r == '\u00a0' || r == '\u3000' || r == '\t':
			b.WriteByte(' ')
		case r == '∕' || r == '⁄':
			b.WriteByte('/')
		default:
			b.WriteRune(r)
		}
	}
	return strings.ToUpper(numberDashes.ReplaceAllString(b.String(), "-"))
}

// NumberKey is a number without what people spell differently: width, case,
// spaces and the kind of dash. It is what numbers are kept and compared by; a
// spelling without its stroke (GBT 10757) needs ReadStandardNumber first.
func NumberKey(number string) string {
	return strings.Join(strings.Fields(foldNumber(number)), "")
}

// ReadStandardNumber finds the first number of a standard in a line, however it
// is spelled: "GB/T27917.1-2023", "ＤＢ３１／Ｔ ３１０００３－２０２１",
// "DB31T310003", "YZ/T 0133 智能快件箱". ok is false where there is none. It takes
// time linear in the line's first 1,000 bytes.
func ReadStandardNumber(line string) (n StandardNumber, ok bool) {
	_, n, _, ok = CutStandardNumber(line)
	return n, ok
}

// CutStandardNumber gives also what stands before and after the number, in half
// width and capitals with one kind of dash.
func CutStandardNumber(line string) (before string, n StandardNumber, after string, ok bool) {
	if len(line) > maxNumberLine {
		line = strings.ToValidUTF8(line[:maxNumberLine], "")
	}
	s := foldNumber(line)
	for from := 0; from < len(s); {
		m := numberForm.FindStringSubmatchIndex(s[from:])
		if m == nil {
			return s, n, "", false
		}
		at, end := from+m[0], from+m[1]
		if n, ok = numberOf(s, from, m); ok && standsAlone(s, at, end) {
			if m[6] < 0 && n.Year != "" { // the year of "GB 1234(2009)"
				end += len(openYear.FindString(s[end:]))
			}
			return s[:at], n, s[end:], true
		}
		from = at + 1
	}
	return s, StandardNumber{}, "", false
}

// standsAlone tells a number from a stretch of a longer word (ABCGB 12, GB 1O757).
func standsAlone(s string, at, end int) bool {
	if at > 0 && (isASCIILetter(rune(s[at-1])) || isASCIIDigit(rune(s[at-1]))) {
		return false
	}
	return end == len(s) || !isASCIILetter(rune(s[end])) && !isASCIIDigit(rune(s[end]))
}

func numberOf(s string, from int, m []int) (n StandardNumber, ok bool) {
	n.Code = strings.ReplaceAll(strings.TrimSpace(s[from+m[2]:from+m[3]]), " ", "")
	n.Serial = s[from+m[4] : from+m[5]]
	if m[6] >= 0 {
		n.Year = s[from+m[6] : from+m[7]]
	} else if y := openYear.FindStringSubmatch(s[from+m[1]:]); y != nil {
		n.Year = y[1]
	}
	if len(n.Year) == 2 {
		n.Year = "19" + n.Year // the years of numbers had two digits until 1995
	}
	if strings.HasSuffix(n.Code, "T") && !strings.Contains(n.Code, "/") && isStandardCode(n.Code[:len(n.Code)-1]) {
		n.Code = n.Code[:len(n.Code)-1] + "/T"
	}
	return n, isStandardCode(n.Code)
}

// Undated is the number without its year: "GB/T 27917.1".
func (n StandardNumber) Undated() string { return n.Code + " " + n.Serial }

// String is the number as GB/T 1.1—2020 spells it: "GB/T 27917.1—2023".
func (n StandardNumber) String() string {
	if n.Year == "" {
		return n.Undated()
	}
	if strings.HasPrefix(n.Code, "ISO") || n.Code == "IEC" {
		return n.Undated() + ":" + n.Year
	}
	return n.Undated() + "—" + n.Year
}

// Key is what the number is compared by, with its year.
func (n StandardNumber) Key() string {
	if n.Year == "" {
		return n.Base()
	}
	return n.Base() + "-" + n.Year
}

// Base is what the number is compared by, whatever its year.
func (n StandardNumber) Base() string { return NumberKey(n.Code + n.Serial) }
