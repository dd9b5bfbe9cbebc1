package editor

import (
	"strings"
	"unicode/utf8"
)

// readStandard reads a body in the convention of GB/T 1.1.
func (p *parser) readStandard() error {
	p.numbers = newNumberer(Standard)
	p.takeContents()
	p.mendCaptions()
	shift := p.shift()
	for i, l := range p.lines {
		o, ok := p.openStandard(i, shift)
		if !ok {
			p.text(l)
			continue
		}
		if _, err := p.add(o); err != nil {
			return err
		}
	}
	return nil
}

// mendCaptions makes the captions that were numbered by hand (表 1 题目, before a
// table) into those of the format, whose number is derived.
func (p *parser) mendCaptions() {
	for i := range p.lines {
		l := &p.lines[i]
		if l.literal || !strings.HasPrefix(l.text, "表") {
			continue
		}
		n, ok := readNumber(trimSpace(l.text[len("表"):]))
		table := p.tableBelow(i)
		if !ok || !isTitle(n.rest) || table < 0 {
			continue
		}
		p.report.add("PARSE-number", Info, l.no, "表题的编号改由位置得出 · the number of the table is now derived: %s", shorten(l.text))
		p.lines[table-1].text, l.text = "表："+n.rest, ""
	}
}

// tableBelow is the line on which a table begins, the next with text; -1 when
// none does.
func (p *parser) tableBelow(i int) int {
	for j := i + 1; j < min(len(p.lines)-1, i+4); j++ {
		if t := p.lines[j].text; t != "" {
			if strings.Contains(t, "|") && isDelimiterRow(p.lines[j+1].text) {
				return j
			}
			break
		}
	}
	return -1
}

// shift is 1 for a text that writes its chapters with one mark: every level then
// moves down by one.
func (p *parser) shift() int {
	if p.countTop() < 2 {
		return 0
	}
	p.report.add("PARSE-heading", Info, 0, "章用一个 # 书写，各级下移一级 · chapters are written with one #, every level moves down by one")
	return 1
}

// countTop counts the headings with one mark.
func (p *parser) countTop() int {
	n := 0
	for _, l := range p.lines {
		if m, ok := readHeading(l); ok && m.level == 1 {
			n++
		}
	}
	return n
}

func (p *parser) openStandard(i, shift int) (opening, bool) {
	l := p.lines[i]
	if l.literal || l.text == "" {
		return opening{}, false
	}
	if m, ok := readHeading(l); ok {
		return p.standardHeading(l, m, max(m.level-1+shift, 1)), true
	}
	return p.standardLine(l)
}

// standardHeading reads a Markdown heading: an annex, an element with a name of
// its own, or a chapter or subclause, with or without a number written by hand.
func (p *parser) standardHeading(l line, m mark, level int) opening {
	o := opening{no: l.no, kind: Subclause, level: level, id: m.id, fixed: m.fixed, title: m.text}
	p.reportMark(l, m)
	if t := strings.TrimLeft(m.text, `\`); t != m.text && looksNumbered(t) {
		o.title = m.text[1:]
	} else {
		p.cutNumber(&o)
	}
	if o.level = p.place(o) + 1; o.level == 1 {
		o.kind = Chapter
		nameElement(&o)
	}
	if t := spacedTitle(o.title); t != o.title {
		p.report.add("PARSE-heading", Info, l.no, "标题中的空格已删去 · spaces inside the heading were taken out: %s", t)
		o.title = t
	}
	return o
}

// place is the depth at which a heading of a standard stands; one that skips a
// level is moved up to it.
func (p *parser) place(o opening) int {
	depth := o.level - 1
	most := p.depth + 1
	if len(p.entries) == 0 || p.entries[len(p.entries)-1].kind == Preamble {
		most = 0
	}
	if depth > most || depth >= maxDepth {
		p.report.add("PARSE-level", Warning, o.no, "标题越级，按第 %d 级处理 · the heading skips a level, it is read at level %d", min(most, maxDepth-1)+1, min(most, maxDepth-1)+1)
	}
	return min(depth, most, maxDepth-1)
}

func (p *parser) reportMark(l line, m mark) {
	if m.bad != "" {
		p.report.add("PARSE-id", Warning, l.no, "标识或属性无效，已略去：%s。标识用英文字母、数字和 . _ - · an invalid ID or attribute was left out: %s. Use letters, digits and . _ -", shorten(m.bad), shorten(m.bad))
	}
}

// cutNumber takes a number written by hand off a heading. A heading that has an
// ID gives only the number that comes next: anything else is part of its title.
func (p *parser) cutNumber(o *opening) {
	n, ok := readNumber(o.title)
	if !ok || n.rest == "" && o.id != "" {
		return
	}
	if o.id != "" {
		if n.number == p.expect(o.level) {
			o.title = n.rest
		}
		return
	}
	o.level, o.printed, o.title = n.groups, n.number, n.rest
}

// expect is the number that a heading of a level would have here.
func (p *parser) expect(level int) string {
	depth := min(level-1, p.depth+1, maxDepth-1)
	if depth == 0 {
		return p.numbers.peek(Chapter, 0)
	}
	return p.numbers.peek(Subclause, depth)
}

// nameElement recognises the elements that have a name of their own, and annexes.
func nameElement(o *opening) {
	switch squash(o.title) {
	case "前言":
		o.kind, o.title = Foreword, "前言"
	case "引言":
		o.kind, o.title = Introduction, "引言"
	case "参考文献":
		o.kind, o.title = Bibliography, "参考文献"
	case "索引":
		o.kind, o.title = Index, "索引"
	default:
		readAnnex(o)
	}
}

// readAnnex reads 附录 A（规范性）题目.
func readAnnex(o *opening) {
	t, annex := strings.CutPrefix(o.title, "附")
	t, ok := strings.CutPrefix(trimSpace(t), "录")
	if !annex || !ok {
		return
	}
	t = trimSpace(t)
	if t != "" && t[0] >= 'A' && t[0] <= 'Z' && (len(t) == 1 || !isASCIIWord(t[1])) {
		o.printed = "附录" + t[:1]
		t = trimSpace(t[1:])
	}
	o.kind = Annex
	for _, w := range []string{"规范性附录", "资料性附录", "规范性", "资料性"} {
		for _, q := range []string{"（" + w + "）", "(" + w + ")"} {
			if rest, ok := strings.CutPrefix(t, q); ok {
				o.informative = strings.HasPrefix(w, "资料性")
				o.title = trimSpace(rest)
				return
			}
		}
	}
	o.title = t
}

func isASCIIWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

// standardLine recognises structure in a line without marks: a number that comes
// next, and in a text without any marks also the names of elements.
func (p *parser) standardLine(l line) (opening, bool) {
	o := opening{no: l.no, kind: Subclause}
	if n, ok := numberedLine(l.text); ok {
		switch {
		case n.groups <= p.depth+2 && n.number == p.expect(n.groups):
			o.level, o.printed = n.groups, n.number
			if isTitle(n.rest) {
				o.title = spacedTitle(n.rest)
			} else {
				o.rest = n.rest
			}
			return o, true
		case len(p.entries) > 0 && n.groups > 1:
			p.report.add("PARSE-number", Warning, l.no, "段首的 %s 不是接续的编号，按正文处理 · %s is not the number that comes next, the line is read as text", n.number, n.number)
		}
		if n.groups > 1 || p.marked {
			return o, false
		}
	}
	if p.marked {
		return o, false
	}
	return p.plainStandard(l)
}

// plainStandard reads chapters of a text that has no marks at all: 1 范围, 前言,
// 附录 A.
func (p *parser) plainStandard(l line) (opening, bool) {
	o := opening{no: l.no, kind: Chapter, level: 1, title: l.text}
	if !isPlainHeading(l.text) {
		return o, false
	}
	if n, ok := readNumber(l.text); ok {
		if n.number != p.expect(1) {
			return o, false
		}
		o.printed, o.title = n.number, n.rest
	}
	nameElement(&o)
	o.title = spacedTitle(o.title)
	return o, true
}

// isPlainHeading tells whether a line could be the heading of a chapter in a
// text without marks.
func isPlainHeading(t string) bool {
	switch squash(t) {
	case "前言", "引言", "参考文献", "索引":
		return true
	}
	if n, ok := readNumber(t); ok {
		return n.groups == 1 && n.spaced && isTitle(n.rest) && beginsHan(n.rest)
	}
	rest, ok := strings.CutPrefix(t, "附录")
	if !ok {
		return false
	}
	rest = trimSpace(rest)
	return rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' && (len(rest) == 1 || !isASCIIWord(rest[1])) && isTitle(rest)
}

func beginsHan(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isHan(r)
}

// isTitle tells whether a line reads like a title: short, and no sentence.
func isTitle(s string) bool {
	return s != "" && utf8.RuneCountInString(s) <= 40 && !strings.ContainsAny(s, "。；：，！？;|")
}

// handNumber is a number written by hand before a title or a text.
type handNumber struct {
	number string // with ASCII digits
	groups int
	spaced bool // white space follows
	rest   string
}

// readNumber reads 4, 4.1, A.1.2, with or without a dot at the end, and the rest
// of the line. A number that runs on into a letter or a unit (5G, 24h) is none.
func readNumber(s string) (handNumber, bool) {
	var b strings.Builder
	n := handNumber{groups: 1}
	digits, i := 0, 0
	if len(s) > 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] == '.' && isDigit(rune(s[2])) {
		b.WriteString(s[:2])
		n.groups, i = 2, 2
	}
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == '．' {
			r = '.'
		}
		if isDigit(r) {
			if r >= '０' {
				r -= '０' - '0'
			}
			if digits++; digits > 3 {
				return n, false
			}
			b.WriteRune(r)
			i += size
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[i+size:])
		if r != '.' || digits == 0 || !isDigit(next) {
			break
		}
		if n.groups++; n.groups > maxDepth {
			return n, false
		}
		b.WriteByte('.')
		digits = 0
		i += size
	}
	if digits == 0 {
		return n, false
	}
	n.number, n.rest = b.String(), s[i:]
	for _, dot := range []string{".", "、", "．"} {
		if rest, ok := strings.CutPrefix(n.rest, dot); ok {
			n.rest = rest
			break
		}
	}
	rest := trimSpace(n.rest)
	n.spaced = rest != n.rest
	n.rest = rest
	return n, n.spaced || rest == "" || beginsHan(rest)
}

// looksNumbered tells whether a title begins like a number written by hand, so
// that Write sets a backslash before it.
func looksNumbered(title string) bool {
	_, ok := readNumber(title)
	return ok
}

// numberedLine reads a line that begins with a number of at least two levels: a
// subclause without marks.
func numberedLine(s string) (handNumber, bool) {
	if s == "" || !(isDigit(rune(s[0])) || s[0] >= 'A' && s[0] <= 'Z' || strings.HasPrefix(s, "\xEF\xBC")) {
		return handNumber{}, false
	}
	n, ok := readNumber(s)
	if !ok || n.groups < 2 || !n.spaced {
		return n, ok && n.groups > 1 && n.rest == "" // the number alone
	}
	r, _ := utf8.DecodeRuneInString(n.rest)
	return n, isHan(r) || r == '（' || r == '《'
}

// isTermsTitle recognises the chapter of terms and definitions.
func isTermsTitle(t string) bool {
	return t == "术语" || strings.HasPrefix(t, "术语和定义") || strings.HasPrefix(t, "术语与定义") || strings.HasPrefix(t, "术语、定义")
}

// nameTerms makes the leaves of the chapter of terms into terms, and takes their
// English equivalents off their titles.
func (p *parser) nameTerms() {
	if p.doc.Header.Convention == Regulation {
		return
	}
	for _, c := range p.doc.Clauses {
		if c.Kind != Chapter || !isTermsTitle(c.Title) {
			continue
		}
		for t := range (&Document{Clauses: c.Clauses}).All() {
			if len(t.Clauses) > 0 {
				continue
			}
			if t.Title == "" && t.ID == "" {
				p.termBelow(t)
			}
			if t.Title != "" {
				t.Kind = Term
				t.Title, t.English = splitTerm(t.Title)
			}
		}
	}
}

// termBelow takes the term from the line below its number, where GB/T 1.1 prints it.
func (p *parser) termBelow(t *Clause) {
	first, rest, _ := strings.Cut(t.Text, "\n")
	if rest = trimSpace(rest); rest == "" || !isTitle(first) || strings.HasPrefix(first, "注") {
		return
	}
	p.report.add("PARSE-heading", Info, t.Line, "编号下一行作为术语：%s · the line below the number is taken as the term: %s", first, first)
	t.Title, t.Text = foldSpace(strings.ReplaceAll(first, "**", "")), rest
}

// splitTerm divides 智能快件箱 smart parcel locker: the English is the longest
// end of words without a Chinese character.
func splitTerm(s string) (title, english string) {
	at := len(s)
	for i := len(s); i > 0; {
		r, size := utf8.DecodeLastRuneInString(s[:i])
		if r > 0x2E7F {
			break
		}
		i -= size
		if r == ' ' {
			at = i
		}
	}
	if at == len(s) {
		return s, ""
	}
	return trimSpace(s[:at]), trimSpace(s[at:])
}
