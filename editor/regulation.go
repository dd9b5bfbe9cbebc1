package editor

import (
	"strings"
	"unicode/utf8"
)

// ranks order the kinds of a regulation: what is inside what, however many
// marks a heading has.
var ranks = map[Kind]int{Preamble: -1, Appendix: 0, Part: 1, Subpart: 2, Chapter: 3, Section: 4, Article: 5, Decision: 5}

// statuteMark is the number with which a clause of a regulation begins.
type statuteMark struct {
	kind   Kind
	value  int
	after  int    // 之一 is 1; 0 when there is none
	number string // as statutes write it: 第十二条之一
	rough  bool   // written otherwise: 第6章, 第十五 条
	spaced bool   // white space, or nothing, follows
	rest   string // what follows, trimmed
}

var statuteUnits = []struct {
	word string
	kind Kind
}{{"分编", Subpart}, {"编", Part}, {"章", Chapter}, {"节", Section}, {"条", Article}}

// readStatute reads 第X编, 第X分编, 第X章, 第X节, 第X条 and 第X条之一 at the
// beginning of a line, also in bold.
func readStatute(t string) (statuteMark, bool) {
	s, bold := strings.CutPrefix(t, "**")
	s, ok := strings.CutPrefix(s, "第")
	if !ok {
		return statuteMark{}, false
	}
	i := 0
	for n := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !isNumeralRune(r) && r != ' ' && r != '\u3000' {
			break
		}
		if n++; n > 16 {
			return statuteMark{}, false
		}
		i += size
	}
	digits := squash(s[:i])
	value, ok := ParseNumeral(digits)
	if !ok {
		return statuteMark{}, false
	}
	for _, u := range statuteUnits {
		rest, ok := strings.CutPrefix(s[i:], u.word)
		if !ok {
			continue
		}
		m := statuteMark{kind: u.kind, value: value, number: statuteNumber(u.kind, value)}
		if after, n, ok := cutAfter(rest); ok {
			m.after, rest = n, after
			m.number += "之" + Numeral(n)
		}
		m.rough = !strings.HasPrefix(t, m.number)
		if bold {
			rest = unbold(rest)
		}
		m.rest = trimSpace(rest)
		m.spaced = m.rest == "" || m.rest != rest
		return m, true
	}
	return statuteMark{}, false
}

// cutAfter reads 之一.
func cutAfter(s string) (string, int, bool) {
	s, ok := strings.CutPrefix(s, "之")
	if !ok {
		return "", 0, false
	}
	i := strings.IndexFunc(s, func(r rune) bool { return !isNumeralRune(r) })
	if i < 0 {
		i = len(s)
	}
	n, ok := ParseNumeral(s[:i])
	return s[i:], n, ok && n > 0
}

// unbold closes the bold that was opened before a number: it ends with the
// number, or goes on over the text.
func unbold(rest string) string {
	if after, ok := strings.CutPrefix(rest, "**"); ok {
		return after
	}
	head, tail, ok := strings.Cut(rest, "**")
	if !ok {
		return rest
	}
	if trimSpace(tail) == "" && isTitle(trimSpace(head)) {
		return head
	}
	space := rest[:len(rest)-len(strings.TrimLeft(rest, " \u3000"))]
	return space + "**" + strings.TrimLeft(head, " \u3000") + "**" + tail
}

// readDecision reads 一、 and the text after it.
func readDecision(t string) (value int, rest string, ok bool) {
	i := strings.IndexFunc(t, func(r rune) bool { return numeralDigit(r) < 0 && numeralPower(r) == 0 })
	if i <= 0 || i > 20 {
		return 0, "", false
	}
	rest, ok = strings.CutPrefix(t[i:], "、")
	if !ok {
		return 0, "", false
	}
	value, ok = ParseNumeral(t[:i])
	return value, trimSpace(rest), ok && value > 0
}

// readAppendix reads 附件, 附件1, 附表二 and the title after it.
func readAppendix(t string) (number, rest string, ok bool) {
	t = strings.Trim(t, "* ")
	for _, w := range []string{"附件", "附表", "附图", "附录"} {
		s, is := strings.CutPrefix(t, w)
		if !is {
			continue
		}
		s = strings.TrimLeft(s, " \u3000")
		i := strings.IndexFunc(s, func(r rune) bool { return !isNumeralRune(r) })
		if i < 0 {
			i = len(s)
		}
		n, hasNumber := ParseNumeral(s[:i])
		number = w
		if hasNumber {
			number = strings.Replace(statuteNumber(Appendix, n), "附件", w, 1)
			s = s[i:]
		}
		rest = strings.TrimLeft(s, "：:.．、 \u3000")
		return number, rest, rest == "" || rest != s
	}
	return "", "", false
}

// readRegulation reads a body in the convention of statutes.
func (p *parser) readRegulation() error {
	p.numbers = newNumberer(Regulation)
	p.takeContents()
	r := &regulationReader{parser: p}
	r.survey()
	for i := 0; i < len(p.lines); i++ {
		if r.extendsTitle(i) {
			continue
		}
		o, used, ok := r.open(i)
		if !ok {
			p.text(p.lines[i])
			continue
		}
		if _, err := p.add(o); err != nil {
			return err
		}
		if r.last = o.kind; o.kind != Article && o.kind != Decision {
			r.within = o.kind
		}
		i += used
	}
	return nil
}

// regulationReader knows what the lines around a line are.
type regulationReader struct {
	*parser
	articles bool    // the text has 第X条
	chapters bool    // the text has 第X章
	ahead    []ahead // what comes after each line
	last     Kind    // of the last clause
	within   Kind    // of the last clause that holds others
}

// open tells whether line i opens a clause, and how many lines after it belong
// to its title.
func (r *regulationReader) open(i int) (o opening, used int, ok bool) {
	l := r.lines[i]
	if l.literal || l.text == "" {
		return o, 0, false
	}
	if m, ok := readHeading(l); ok {
		o, used = r.heading(i, m)
		return o, used, true
	}
	if s, ok := readStatute(l.text); ok {
		o, used, ok = r.statuteLine(i, s)
		return o, used, ok
	}
	if n, rest, ok := readDecision(l.text); ok && !r.articles {
		return r.decision(l, n, rest), 0, true
	}
	if number, rest, ok := readAppendix(l.text); ok && r.last != "" && (rest == "" || isTitle(rest)) {
		return r.appendix(l, number, rest), 0, true
	}
	return r.bare(i)
}

// heading reads a line with Markdown marks.
func (r *regulationReader) heading(i int, m mark) (opening, int) {
	l := r.lines[i]
	r.reportMark(l, m)
	o := opening{no: l.no, id: m.id, fixed: m.fixed}
	if s, ok := readStatute(m.text); ok {
		o.kind, o.printed = s.kind, s.number
		r.reportRough(l, s)
		r.nameStatute(&o, s)
		return o, r.titleBelow(i, &o)
	}
	if n, rest, ok := readDecision(m.text); ok {
		d := r.decision(l, n, "")
		d.id, d.fixed = m.id, m.fixed
		if isTitle(rest) || m.id != "" {
			d.title = spacedTitle(rest)
		} else {
			d.rest = rest
		}
		return d, 0
	}
	if number, rest, ok := readAppendix(m.text); ok {
		a := r.appendix(l, number, rest)
		a.id, a.fixed = m.id, m.fixed
		return a, 0
	}
	return r.unnumbered(l, m), 0
}

// unnumbered reads a heading without a number: ## 总则. Its marks tell the kind.
func (r *regulationReader) unnumbered(l line, m mark) opening {
	o := opening{no: l.no, id: m.id, fixed: m.fixed, kind: Chapter, title: spacedTitle(m.text)}
	if m.level > 2 {
		o.kind = Section
	}
	if strings.HasPrefix(m.text, "（") || m.text == "" {
		o.kind, o.title = Article, unbracket(m.text)
	}
	r.report.add("PARSE-heading", Warning, l.no, "标题没有编号，按%s编号 · the heading has no number, it is counted as %s", r.numbers.peek(o.kind, 0), r.numbers.peek(o.kind, 0))
	return o
}

func (r *regulationReader) reportRough(l line, s statuteMark) {
	if s.rough && !strings.HasPrefix(l.text, "**") {
		r.report.add("PARSE-number", Info, l.no, "编号写法改为 %s · the number is now written %s", s.number, s.number)
	}
}

// nameStatute divides what follows a number into title and text. The title of an
// article stands in brackets, or is a short line that is no sentence.
func (r *regulationReader) nameStatute(o *opening, s statuteMark) {
	if o.kind != Article {
		o.title = spacedTitle(s.rest)
		if o.title != s.rest {
			r.report.add("PARSE-heading", Info, o.no, "标题中的空格已删去 · spaces inside the heading were taken out: %s", o.title)
		}
		return
	}
	switch {
	case s.rest == "":
	case unbracket(s.rest) != s.rest && (o.id != "" || isTitle(s.rest) && !isBracketLabel(s.rest)):
		o.title = unbracket(s.rest)
	case o.id != "" && isTitle(s.rest):
		o.title = s.rest
	default:
		o.title, o.rest = articleTitle(s)
		if o.title == "" && isTitle(o.rest) {
			o.title, o.rest = o.rest, ""
		}
	}
}

// isBracketLabel recognises （一） alone.
func isBracketLabel(s string) bool {
	_, level, rest := itemLabel(s)
	return level > 0 && rest == ""
}

func unbracket(s string) string {
	if strings.HasPrefix(s, "（") && strings.HasSuffix(s, "）") {
		return trimSpace(s[len("（") : len(s)-len("）")])
	}
	return s
}

// articleTitle reads （目的和依据） directly after 第X条. A number in brackets is
// an item, one character is part of a word: （市）区.
func articleTitle(s statuteMark) (title, rest string) {
	if s.spaced && !strings.HasSuffix(s.rest, "）") || !strings.HasPrefix(s.rest, "（") {
		return "", s.rest
	}
	end := strings.Index(s.rest, "）")
	if end < 0 {
		return "", s.rest
	}
	title = s.rest[len("（"):end]
	if _, isItem := ParseNumeral(title); isItem || utf8.RuneCountInString(title) < 2 || !isTitle(title) && !strings.Contains(title, "，") ||
		utf8.RuneCountInString(title) > 40 {
		return "", s.rest
	}
	return trimSpace(title), trimSpace(s.rest[end+len("）"):])
}

// titleBelow takes the title of a chapter from the next line where the number
// stands alone.
func (r *regulationReader) titleBelow(i int, o *opening) int {
	if o.title != "" || o.kind == Article || o.id != "" || i+1 >= len(r.lines) {
		return 0
	}
	l := r.lines[i+1]
	if _, ok := readStatute(l.text); ok || l.literal || !isTitle(l.text) || strings.HasPrefix(l.text, "#") {
		return 0
	}
	o.title = spacedTitle(l.text)
	return 1
}

// statuteLine tells whether a line without marks that begins with 第X条 or 第X章
// opens a clause, or only speaks of one.
func (r *regulationReader) statuteLine(i int, s statuteMark) (opening, int, bool) {
	l := r.lines[i]
	o := opening{no: l.no, kind: s.kind, printed: s.number}
	next := s.number == r.numbers.peek(s.kind, 0)
	if !s.spaced && (!next || refersOn(s.rest)) && !(s.kind == Article && strings.HasPrefix(s.rest, "（")) {
		if !refersOn(s.rest) {
			r.report.add("PARSE-number", Warning, l.no, "行首的 %s 不是接续的编号，按正文处理 · %s is not the number that comes next, the line is read as text", s.number, s.number)
		}
		return o, 0, false
	}
	if s.kind != Article && s.rest != "" && !isTitle(s.rest) {
		return o, 0, false
	}
	if !next && r.midParagraph(i) {
		return o, 0, false
	}
	r.reportRough(l, s)
	if s.kind != Article {
		r.nameStatute(&o, s)
		return o, r.titleBelow(i, &o), true
	}
	o.title, o.rest = articleTitle(s)
	return o, 0, true
}

// refersOn tells whether what follows 第X条 directly shows that the line speaks
// of the article: 第五条规定的….
func refersOn(rest string) bool {
	for _, w := range []string{"规定", "所", "的", "、", "和", "至", "及", "或", "以", "第", "中", "内", "，", "与", "到", "款"} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

// midParagraph tells whether the line before goes on in this one.
func (r *regulationReader) midParagraph(i int) bool {
	if i == 0 || r.lines[i-1].text == "" {
		return false
	}
	before := r.lines[i-1].text
	return !strings.HasPrefix(before, "#") && !endsSentence(before)
}

func endsSentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "*_ "))
	return strings.ContainsRune("。；：！？;:!?.”）)》", r)
}

// decision reads 一、: a short line that is no sentence is its title.
func (r *regulationReader) decision(l line, n int, rest string) opening {
	o := opening{no: l.no, kind: Decision, printed: statuteNumber(Decision, n)}
	if isTitle(rest) {
		o.title = spacedTitle(rest)
	} else {
		o.rest = rest
	}
	return o
}

func (r *regulationReader) appendix(l line, number, title string) opening {
	o := opening{no: l.no, kind: Appendix, printed: number, title: spacedTitle(title)}
	if number == "附件" {
		o.printed = ""
	}
	return o
}
