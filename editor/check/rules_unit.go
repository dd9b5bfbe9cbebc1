package check

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"tongbiao/editor"
)

// unitRules look at quantities (GB/T 1.1—2020, 9.12; GB 3100).
var unitRules = []Rule{
	{ID: "UNI-01", Clause: unitNames},
	{ID: "UNI-01", Clause: unitAtBothEnds},
	{ID: "UNI-02", Clause: bareLimits},
}

// physical are the dimensions whose quantities have a unit with a symbol.
var physical = map[string]bool{
	"length": true, "area": true, "volume": true, "mass": true, "speed": true, "temperature": true, "voltage": true,
	"current": true, "power": true, "energy": true, "charge": true, "pressure": true, "force": true, "sound": true,
	"light": true, "hertz": true, "resistance": true, "duration": true, "percent": true,
}

// unitNames flags 24小时 and 二十毫米: a quantity is written in Arabic digits with the
// symbol of its unit. Days, months and years keep their names.
func unitNames(c *Clause) {
	for b := range c.Normative() {
		start := c.At(b)
		for _, q := range inside(c.Quantities(), start, start+len(b.Text)) {
			if !physical[q.Quantity.Dimension] || b.Kind == editor.Table && strings.HasSuffix(c.Text[:q.Start], "/") {
				continue
			}
			c.unitName(q)
		}
	}
}

func (c *Clause) unitName(q editor.Fact) {
	words := c.Text[q.Start:q.End]
	if q.Quantity.Dimension == "percent" {
		if strings.Contains(words, "百分之") {
			c.Flag(Words(q.Start, q.End), "量用阿拉伯数字：“%[1]s”请写数字和“%%”", "quantities are written in digits: %[1]s, with %%", words)
		}
		return
	}
	for _, u := range Lexicon("symbols") {
		i := strings.LastIndex(words, u.Word)
		if i < 0 || beginsWithAny(words[i+len(u.Word):]+c.Text[q.End:], u.NotBefore) {
			continue
		}
		before := strings.TrimRight(words[:i], " 个")
		r, _ := utf8.DecodeLastRuneInString(before)
		span := Words(q.Start+len(before), q.Start+i+len(u.Word))
		switch {
		case unicode.IsDigit(r):
			c.Flag(span, "量的单位用符号：“%[1]s”请写“%[2]s”", "units are written by their symbols: %[1]s is %[2]s", u.Word, u.Instead).
				Mend("改为“"+u.Instead+"” · write "+u.Instead, Change{span, " " + u.Instead})
		case isNumeral(r) && !strings.ContainsRune("半", r):
			c.Flag(Words(q.Start, q.End), "量用阿拉伯数字和单位符号，“%[1]s”请写数字和“%[2]s”", "quantities are written in digits with the symbol of the unit: %[1]s, %[2]s", words, u.Instead)
		}
		return
	}
}

func isNumeral(r rune) bool {
	return strings.ContainsRune("零〇一二两三四五六七八九十百千万", r)
}

// unitPattern are the symbols that both ends of a range bear.
const unitPattern = `(?:%|‰|℃|kg|mg|g|km/h|km|cm|mm|μm|m²|m³|mL|m|L|kPa|MPa|Pa|kW|kV|W|V|A|N|Hz|dB|lx|min|h|s|t)`

var (
	rangeWithoutUnit = regexp.MustCompile(`(\d+(?:\.\d+)?)[ ]?(～|~|至|—|–|-)[ ]?(\d+(?:\.\d+)?)([ ]?)(` + unitPattern + `)(?:[^A-Za-z0-9/²³·]|$)`)
	toleranceBare    = regexp.MustCompile(`(\d+(?:\.\d+)?)[ ]?±[ ]?(\d+(?:\.\d+)?)([ ]?)(` + unitPattern + `)(?:[^A-Za-z0-9/²³·]|$)`)
	timesWithoutUnit = regexp.MustCompile(`(\d+(?:\.\d+)?)[ ]?[×xX*][ ]?(\d+(?:\.\d+)?)(?:[ ]?[×xX*][ ]?(\d+(?:\.\d+)?))?([ ]?)(cm|mm|m)(?:[^A-Za-z0-9/²³·]|$)`)
)

// unitAtBothEnds flags 0～10 ℃, 65±2 % and 80×25×50 mm.
func unitAtBothEnds(c *Clause) {
	if !strings.ContainsAny(c.Text, "～~至—–-±×xX*") || !strings.ContainsAny(c.Text, "0123456789") {
		return
	}
	for b := range c.Normative() {
		at := c.At(b)
		for _, m := range rangeWithoutUnit.FindAllStringSubmatchIndex(b.Text, -1) {
			if opensBefore(b.Text, m[0]) {
				continue
			}
			unit := b.Text[m[8]:m[11]]
			span, instead := Words(at+m[2], at+m[11]), b.Text[m[2]:m[3]]+unit+"～"+b.Text[m[6]:m[7]]+unit
			c.Flag(span, "范围的两端都写单位：“%[1]s”", "both ends of a range bear the unit: %[1]s", instead).
				Mend("改为“"+instead+"” · write "+instead, Change{span, instead})
		}
		for _, m := range toleranceBare.FindAllStringSubmatchIndex(b.Text, -1) {
			if opensBefore(b.Text, m[0]) {
				continue
			}
			span, instead := Words(at+m[2], at+m[9]), "("+b.Text[m[2]:m[3]]+"±"+b.Text[m[4]:m[5]]+") "+b.Text[m[8]:m[9]]
			c.Flag(span, "带公差的值用圆括号括起再写单位：“%[1]s”", "a value with its tolerance stands in brackets before the unit: %[1]s", instead).
				Mend("改为“"+instead+"” · write "+instead, Change{span, instead})
		}
		for _, m := range timesWithoutUnit.FindAllStringSubmatchIndex(b.Text, -1) {
			unit := b.Text[m[8]:m[11]]
			instead := b.Text[m[2]:m[3]] + unit + "×" + b.Text[m[4]:m[5]] + unit
			if m[6] >= 0 {
				instead += "×" + b.Text[m[6]:m[7]] + unit
			}
			span := Words(at+m[2], at+m[11])
			c.Flag(span, "每个尺寸都写单位：“%[1]s”", "each dimension bears its unit: %[1]s", instead).
				Mend("改为“"+instead+"” · write "+instead, Change{span, instead})
		}
	}
}

// opensBefore tells whether a number stands behind an opening bracket, a letter or
// another number: (10～20) ℃, A1-3 m.
func opensBefore(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return r == '(' || r == '（' || r == '.' || r == '/' || r == '-' || r == '—' || r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

var limit = regexp.MustCompile(`(不大于|不小于|不少于|不超过|不低于|不高于|不多于|大于等于|小于等于|≤|≥|＜|＞)[ ]?(\d+(?:[ ]\d{3})*(?:\.\d+)?)`)

// bareLimits flags a limit without a unit, unless what is limited has none.
func bareLimits(c *Clause) {
	if !strings.ContainsAny(c.Text, "0123456789") {
		return
	}
	for b := range c.Normative() {
		at := c.At(b)
		for _, m := range limit.FindAllStringSubmatchIndex(b.Text, -1) {
			next, _ := utf8.DecodeRuneInString(b.Text[m[5]:])
			if m[5] < len(b.Text) && !strings.ContainsRune("，。；、）)|\n ", next) || strings.HasPrefix(strings.TrimLeft(b.Text[m[5]:], " "), "|") && b.Kind == editor.Table && c.columnHasUnit(b) {
				continue
			}
			if rest := strings.TrimLeft(b.Text[m[5]:], " "); next == ' ' && rest != "" && rest[0] != '|' && rest[0] != '\n' {
				continue // a unit that we do not know
			}
			start, end := at+m[0], at+m[5]
			from, _ := sentence(c.Text, start)
			if overlapsFact(c.Quantities(), at+m[4], end) || saysDimensionless(c.Text[from:start]) {
				continue
			}
			c.Flag(Words(start, end), "“%[1]s”没有单位，请补上；无量纲的写明是什么量", "%[1]s has no unit: add it; say which quantity it is where it has none", c.Text[start:end])
		}
	}
}

// columnHasUnit tells whether any head of the table names a unit: the columns of such
// a table are left to the reader.
func (c *Clause) columnHasUnit(b editor.Block) bool {
	rows := c.Cells(b)
	if len(rows) == 0 {
		return false
	}
	for _, cell := range rows[0] {
		if strings.ContainsAny(cell.Text, "/（(") || saysDimensionless(cell.Text) {
			return true
		}
	}
	return strings.Contains(c.Text, "单位为")
}

// saysDimensionless tells whether a stretch ends by speaking of a quantity without
// unit: 摩擦系数应, pH.
func saysDimensionless(s string) bool {
	r := []rune(s)
	s = string(r[max(0, len(r)-14):])
	for _, w := range Lexicon("dimensionless") {
		if strings.Contains(s, w.Word) {
			return true
		}
	}
	return false
}
