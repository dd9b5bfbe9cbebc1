package check

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"tongbiao/editor"
)

// typographyRules look at signs (GB/T 1.1—2020, 9.13; GB/T 15834).
var typographyRules = []Rule{
	{ID: "TYP-01", Clause: numbersOfStandards},
	{ID: "TYP-02", Clause: halfWidth},
	{ID: "TYP-02", Clause: tildes},
}

var chineseNumber = regexp.MustCompile(`\b(GB|GBZ|GJB|YZ|JT|JR|JB|HJ|GA|SJ|YD|SB|NY|CJ|CJJ|JGJ|WB|RB|MZ|LB|AQ|XF|BB|QB|HG|YY|WS|TB|MH|DL|SN|FZ|LY|DB\d{2,6})(/[TZ])?([ \x{3000}]*)(\d+(?:\.\d+)*)(?:([-–－:：]|——)((?:19|20)\d{2})(?:[^0-9]|$))?`)

// numbersOfStandards flags GB/T 10757-2011 and GB/T10757: a dash of one em before the
// year, a space after the code.
func numbersOfStandards(c *Clause) {
	if !strings.ContainsAny(c.Text, "0123456789") {
		return
	}
	for _, m := range chineseNumber.FindAllStringSubmatchIndex(c.Text, -1) {
		if inLink(c.Text, m[0]) {
			continue
		}
		end := m[9]
		right := c.Text[m[2]:m[3]]
		if m[4] >= 0 {
			right += c.Text[m[4]:m[5]]
		}
		right += " " + c.Text[m[8]:m[9]]
		if m[10] >= 0 {
			right += "—" + c.Text[m[12]:m[13]]
			end = m[13]
		}
		if written := c.Text[m[0]:end]; written != right {
			span := Words(m[0], end)
			c.Flag(span, "标准编号请写“%[1]s”：代号后空一格，年份号前用一字线", "write %[1]s: a space after the code, a one-em dash before the year", right).
				Mend("改为“"+right+"” · write "+right, Change{span, right})
		}
	}
}

// fullWidth are the signs that stand between Chinese words.
var fullWidth = map[byte]string{',': "，", ';': "；", ':': "：", '?': "？", '!': "！", '(': "（", ')': "）"}

// halfWidth flags signs of half width beside Chinese words. What is code, an address,
// a formula or a number between them is left alone.
func halfWidth(c *Clause) {
	for _, b := range c.Blocks() {
		if b.Kind == editor.Figure || b.Kind == editor.Formula {
			continue
		}
		c.halfWidthLabel(b)
		at := c.At(b)
		for i := 0; i < len(b.Text); i++ {
			sign := b.Text[i]
			right, known := fullWidth[sign]
			if sign == '.' && closesSentence(b.Text, i) {
				right, known = "。", true
			}
			if !known || sign == ')' || !besideHan(b.Text, i) || inLink(b.Text, i) {
				continue
			}
			if sign == '(' {
				c.halfBrackets(at+i, at+i+1+strings.IndexByte(b.Text[i+1:], ')'))
				continue
			}
			span := Words(at+i, at+i+1)
			c.Flag(span, "中文之间用全角标点：“%[1]c”请改为“%[2]s”", "between Chinese words stand full-width signs: %[1]c is %[2]s", sign, right).
				Mend("改为“"+right+"” · write "+right, Change{span, right})
		}
	}
}

// halfBrackets flags a pair of brackets.
func (c *Clause) halfBrackets(open, shut int) {
	c.Flag(Words(open, shut+1), "中文之间用全角标点：“%[1]s”的括号请改为“（）”", "between Chinese words stand full-width signs: the brackets of %[1]s", c.Text[open:shut+1]).
		Mend("改为“（）” · write （）", Change{Words(open, open+1), "（"}, Change{Words(shut, shut+1), "）"})
}

// halfWidthLabel flags 注: and 示例1:.
func (c *Clause) halfWidthLabel(b editor.Block) {
	if b.Kind != editor.Note && b.Kind != editor.Example {
		return
	}
	whole := c.Text[b.Start:b.End]
	if i := strings.IndexByte(whole, ':'); i >= 0 && i < c.At(b)-b.Start {
		span := Words(b.Start+i, b.Start+i+1)
		c.Flag(span, "中文之间用全角标点：“:”请改为“：”", "between Chinese words stand full-width signs: : is ：").Mend("改为“：” · write ：", Change{span, "："})
	}
}

// besideHan tells whether a sign stands between Chinese characters; a bracket may have
// one on either side of it.
func besideHan(s string, i int) bool {
	left, _ := utf8.DecodeLastRuneInString(s[:i])
	right, _ := utf8.DecodeRuneInString(s[i+1:])
	l, r := unicode.Is(unicode.Han, left), unicode.Is(unicode.Han, right)
	switch s[i] {
	case '(':
		return l && r && closes(s, i)
	case '.':
		return l
	case ',', ';', ':':
		return l && (r || right == '“' || right == '《' || right == '（' || i+1 == len(s))
	}
	return l && (r || i+1 == len(s))
}

// closes tells whether the bracket at i is closed behind a Chinese character: (示范) and
// not (A组, B).
func closes(s string, i int) bool {
	j := strings.IndexAny(s[i+1:min(len(s), i+reach)], "()（）\n")
	if j < 0 || s[i+1+j] != ')' {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(s[:i+1+j])
	return unicode.Is(unicode.Han, last)
}

// closesSentence tells whether a full stop stands at the end of a Chinese sentence.
func closesSentence(s string, i int) bool {
	rest := strings.TrimLeft(s[i+1:], " ")
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || rest[0] == '\n' || unicode.Is(unicode.Han, r) && len(rest) == len(s)-i-1
}

var tilde = regexp.MustCompile(`[\d%℃℉°a-zA-Z²³][ ]?(~|∼|〜)[ ]?[+\-±]?\d`)

func tildes(c *Clause) {
	if !strings.ContainsAny(c.Text, "~∼〜") {
		return
	}
	for _, b := range c.Blocks() {
		if b.Kind == editor.Figure || b.Kind == editor.Formula {
			continue
		}
		at := c.At(b)
		for _, m := range tilde.FindAllStringSubmatchIndex(b.Text, -1) {
			if inLink(b.Text, m[2]) {
				continue
			}
			span := Words(at+m[2], at+m[3])
			c.Flag(span, "范围用“～”，不用“%[1]s”", "a range has ～, not %[1]s", b.Text[m[2]:m[3]]).Mend("改为“～” · write ～", Change{span, "～"})
		}
	}
}
