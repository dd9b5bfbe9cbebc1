package editor

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Parse reads a text: front matter, then Markdown in either convention. What is
// irregular is mended and reported, or kept and reported, with its line; only a
// text beyond the bounds, not UTF-8, or with unreadable front matter is refused,
// with a *SyntaxError. It takes linear time.
func Parse(src []byte) (*Document, []Finding, error) {
	s, err := readSource(src)
	if err != nil {
		return nil, nil, err
	}
	p := &parser{source: s, doc: &Document{}}
	if p.doc.Header, err = p.readFrontMatter(); err != nil {
		return nil, nil, err
	}
	p.takeTitle()
	p.tellConvention()
	p.unescape()
	p.takePages()
	if p.doc.Header.Convention == Regulation {
		err = p.readRegulation()
	} else {
		err = p.readStandard()
	}
	if err != nil {
		return nil, nil, err
	}
	p.build()
	p.doc.Header.check(&p.report, p.told)
	p.doc.Renumber()
	p.report.unshown(p.doc)
	return p.doc, p.report.byLine(), nil
}

// parser holds one text while it is read.
type parser struct {
	*source
	doc     *Document
	told    map[string]int // line of each key of the front matter
	entries []*entry
	numbers *numberer
	depth   int // of the last entry
	marked  bool
	// contents holds the titles that a contents list named.
	contents map[string]bool
}

// entry is a clause as it was met.
type entry struct {
	opening
	depth   int
	written bool // has an ID of its own
	lines   []line
}

// opening is what the line that opens a clause says.
type opening struct {
	no          int // line
	kind        Kind
	level       int    // of a standard's heading: 1 for a chapter
	printed     string // number as the text prints it; "" when it prints none
	fixed       string
	id          string
	title       string
	informative bool
	rest        string // text on the same line
}

func (p *parser) readFrontMatter() (Header, error) {
	r := &headerReader{report: &p.report, line: p.headerLine, told: map[string]int{}}
	p.told = r.told
	if err := r.read(p.header); err != nil {
		return Header{}, err
	}
	r.h.adapt(&p.report, r.told)
	return r.h, nil
}

// add begins a clause and gives it the number that stands at its place; a number
// that the text prints and that departs from it is kept and reported.
func (p *parser) add(o opening) (*entry, error) {
	if len(p.entries) >= MaxClauses {
		return nil, &SyntaxError{Line: o.no, Message: fmt.Sprintf("条款超过 %d 个上限，请拆分 · more than %d clauses: divide the text", MaxClauses, MaxClauses)}
	}
	e := &entry{opening: o, written: o.id != ""}
	if p.doc.Header.Convention != Regulation {
		e.depth = o.level - 1
	}
	e.settle(p.numbers.peek(o.kind, e.depth), &p.report)
	p.numbers.next(o.kind, e.depth, e.fixed)
	p.depth = e.depth
	if o.rest != "" {
		e.lines = append(e.lines, line{no: o.no, text: o.rest})
	}
	p.entries = append(p.entries, e)
	return e, nil
}

// settle compares the number that the text prints with the derived one.
func (e *entry) settle(derived string, r *report) {
	if e.fixed != "" {
		if sameNumber(e.fixed, derived) {
			e.fixed = ""
		}
		return
	}
	if e.printed == "" || e.written || sameNumber(e.printed, derived) {
		return
	}
	e.fixed = e.printed
	if s, ok := readStatute(e.printed); ok && s.after > 0 || e.kind == Appendix {
		r.add("PARSE-number", Info, e.no, "%s 按原文编号 · %s keeps its number", e.printed, e.printed)
		return
	}
	r.add("PARSE-number", Warning, e.no, "编号 %s 与按顺序应有的 %s 不一致，按原文保留 · the printed number %s is kept where %s comes next", e.printed, derived, e.printed, derived)
}

func sameNumber(a, b string) bool {
	return strings.TrimPrefix(a, "附录") == strings.TrimPrefix(b, "附录")
}

// text adds a line to the clause that is open, or to the preamble.
func (p *parser) text(l line) {
	if len(p.entries) == 0 {
		if l.text == "" {
			return
		}
		p.entries = append(p.entries, &entry{opening: opening{no: l.no, kind: Preamble}})
	}
	e := p.entries[len(p.entries)-1]
	e.lines = append(e.lines, l)
}

// unescape takes the backslash off lines that only look like structure.
func (p *parser) unescape() {
	p.marked = p.hasMarks()
	for i := range p.lines {
		l := &p.lines[i]
		if strings.HasPrefix(l.text, `\`) && looksStructural(strings.TrimLeft(l.text, `\`), p.doc.Header.Convention, p.marked) {
			l.text, l.literal = l.text[1:], true
		}
	}
}

func (p *parser) hasMarks() bool {
	for _, l := range p.lines {
		if strings.HasPrefix(l.text, "##") {
			return true
		}
	}
	return false
}

// takePages takes out the page numbers that a conversion left: ─ 2 ─.
func (p *parser) takePages() {
	kept := p.lines[:0]
	for _, l := range p.lines {
		if !l.literal && isPageNumber(l.text) {
			p.report.add("PARSE-page", Info, l.no, "删去页码 · a page number was taken out: %s", l.text)
			continue
		}
		kept = append(kept, l)
	}
	p.lines = kept
}

func isPageNumber(s string) bool {
	if len(s) > 40 || s == "" {
		return false
	}
	body := strings.Trim(s, "─—－-– ")
	if body == "" || body == s || len(body) > 8 {
		return false
	}
	_, ok := arabicNumeral(body)
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return ok && strings.ContainsRune("─—－-–", first) && strings.ContainsRune("─—－-–", last)
}

// takeTitle takes the first heading of the first level as the title, and in a text
// without one and without a title in the front matter the first line, where that
// reads like a title.
func (p *parser) takeTitle() {
	h := &p.doc.Header
	if i := slices.IndexFunc(p.lines, func(l line) bool { return l.text != "" }); i >= 0 {
		l := &p.lines[i]
		m, marked := readHeading(*l)
		switch {
		case marked && m.level == 1 && (h.Title == "" || squash(h.Title) == squash(m.text)):
			h.Title, l.text = cmp.Or(h.Title, spacedTitle(m.text)), ""
		case marked && m.level == 1 && m.id == "" && p.countTop() == 1 && !looksNumbered(m.text) && standardSigns(m.text) == 0:
			p.report.add("PARSE-title", Warning, l.no, "与文件头的标题不同，按正文保留，请改正其一 · it differs from the title in the front matter, it is kept as text, correct one of them: %s", shorten(m.text))
			l.text, l.literal = m.text, true
		case !marked && h.Title == "" && h.Convention == "" && isTitle(l.text) && !looksStructural(strings.TrimLeft(l.text, `\`), Standard, false) && !looksStructural(strings.TrimLeft(l.text, `\`), Regulation, false):
			h.Title = spacedTitle(strings.Trim(l.text, "*"))
			p.report.add("PARSE-title", Info, l.no, "首行作为标题：%s · the first line is taken as the title: %s", h.Title, h.Title)
			l.text = ""
		}
	}
	if h.Title == "" {
		p.report.add("PARSE-title", Warning, 0, "没有标题，请在文件头写 title · no title: write one in the front matter")
	}
	if h.Regions == nil {
		if code := regionOf(h.Title); code != "" {
			h.Regions = []string{code}
			p.report.add("HEAD-region", Info, 0, "地区由标题得出：%s · the region was told from the title: %s", code, code)
		}
	}
}

// takeDoubles takes lines out of the preamble that only repeat the title, on one
// line or broken over several.
func (p *parser) takeDoubles() {
	if len(p.entries) == 0 || p.entries[0].kind != Preamble {
		return
	}
	e, title := p.entries[0], squash(p.doc.Header.Title)
	for i := 0; i < len(e.lines); i++ {
		n := repeats(e.lines[i:], title)
		if n == 0 {
			continue
		}
		p.report.add("PARSE-title", Info, e.lines[i].no, "删去重复的标题 · a repeated title was taken out: %s", shorten(title))
		for j := range n {
			e.lines[i+j] = line{no: e.lines[i+j].no}
		}
		i += n - 1
	}
}

// repeats counts the lines that together are the title; 0 when they are not.
func repeats(lines []line, title string) int {
	const most = 8 // lines of a title
	rest := title
	for i, l := range lines[:min(len(lines), most)] {
		t := squash(strings.Trim(l.text, "*# "))
		after, ok := strings.CutPrefix(rest, t)
		if t == "" || !ok {
			return 0
		}
		if rest = after; rest == "" {
			return i + 1
		}
	}
	return 0
}

// build makes the tree of clauses out of the entries.
func (p *parser) build() {
	p.takeDoubles()
	type open struct {
		rank   int
		clause *Clause
	}
	var stack []open
	for _, e := range p.entries {
		c := &Clause{ID: e.id, Kind: e.kind, Title: foldSpace(e.title), Informative: e.informative, Fixed: e.fixed, Line: e.no}
		c.Text = p.clauseText(e)
		if c.Kind == Preamble && c.Text == "" {
			continue
		}
		rank := e.depth
		if p.doc.Header.Convention == Regulation {
			rank = ranks[e.kind]
		}
		for len(stack) > 0 && stack[len(stack)-1].rank >= rank {
			stack = stack[:len(stack)-1]
		}
		if len(stack) == 0 {
			p.doc.Clauses = append(p.doc.Clauses, c)
		} else {
			up := stack[len(stack)-1].clause
			up.Clauses = append(up.Clauses, c)
		}
		if c.Kind != Preamble {
			stack = append(stack, open{rank, c})
		}
	}
	p.nameTerms()
	p.giveIDs()
}

// giveIDs gives an ID to every clause that has none, and to every captioned table
// and figure; a doubled one is reported and the second gets a new one. An ID is
// told from the content, so that it never looks like a number that may later lie.
func (p *parser) giveIDs() {
	taken := map[string]bool{"preamble": true}
	for c := range p.doc.All() {
		if c.ID == "" {
			continue
		}
		if taken[c.ID] {
			p.report.add("PARSE-id", Warning, c.Line, "标识 %s 重复，第二处另给标识 · the ID %s is used twice, the second gets another", c.ID, c.ID)
			c.ID = ""
			continue
		}
		taken[c.ID] = true
	}
	seen := map[string]int{}
	for c := range p.doc.All() {
		if c.ID != "" {
			continue
		}
		if w := idWord(c); w != "" && (w == "preamble" || !taken[w]) {
			c.ID = w
		} else {
			c.ID = hashID("c-", string(c.Kind)+"\x00"+c.Title+"\x00"+c.Text, taken, seen)
		}
		taken[c.ID] = true
	}
	for c := range p.doc.All() {
		if mayHoldNumbered(c.Text) {
			p.giveBlockIDs(c, taken, seen)
		}
	}
}

// hashID names a content; seen counts how often the same content was named.
func hashID(prefix, content string, taken map[string]bool, seen map[string]int) string {
	for {
		seen[content]++
		sum := sha256.Sum256([]byte(content + "\x00" + strconv.Itoa(seen[content])))
		id := prefix + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
		if !taken[id] {
			return id
		}
	}
}

// idWord is the ID of a chapter that every standard knows.
func idWord(c *Clause) string {
	switch c.Kind {
	case Preamble, Foreword, Introduction, Bibliography, Index:
		return string(c.Kind)
	case Chapter:
		switch {
		case c.Title == "范围":
			return "scope"
		case c.Title == "规范性引用文件":
			return "references"
		case isTermsTitle(c.Title):
			return "terms"
		}
	}
	return ""
}

// giveBlockIDs writes IDs into the captions of a text that lack them.
func (p *parser) giveBlockIDs(c *Clause, taken map[string]bool, seen map[string]int) {
	var b strings.Builder
	at := 0
	for _, k := range c.Blocks() {
		if k.ID == "" && k.Number == "" {
			continue
		}
		if k.ID != "" && !taken[k.ID] {
			taken[k.ID] = true
			continue
		}
		if k.ID != "" {
			p.report.add("PARSE-id", Warning, c.Line, "标识 %s 重复，第二处另给标识 · the ID %s is used twice, the second gets another", k.ID, k.ID)
		}
		id := hashID(string(k.Kind[0])+"-", string(k.Kind)+"\x00"+k.Title+"\x00"+k.Text, taken, seen)
		taken[id] = true
		end := k.End // of the line that bears the ID
		if k.Kind == Table {
			end = lineEnd(c.Text, k.Start)
		}
		l, _ := cutID(strings.TrimRight(c.Text[k.Start:end], " \u3000"))
		b.WriteString(c.Text[at:k.Start])
		b.WriteString(l)
		if k.Kind == Table {
			b.WriteByte(' ')
		}
		b.WriteString("{#" + id + "}")
		at = end
	}
	if at > 0 {
		b.WriteString(c.Text[at:])
		c.Text = b.String()
	}
}

// mark is a Markdown heading.
type mark struct {
	level int
	text  string
	id    string
	fixed string
	bad   string // what could not be understood between the braces
}

// readHeading reads # to as many marks as there are, with {#id number=…}.
func readHeading(l line) (mark, bool) {
	if l.literal || !strings.HasPrefix(l.text, "#") {
		return mark{}, false
	}
	t := strings.TrimLeft(l.text, "#")
	m := mark{level: len(l.text) - len(t)}
	if t != "" && m.level == 1 && !strings.HasPrefix(t, " ") && !strings.HasPrefix(t, "\u3000") && !strings.HasPrefix(t, "{") {
		return mark{}, false
	}
	m.text = foldSpace(t)
	if !m.cutAttributes() && strings.HasSuffix(m.text, "#") {
		if s := strings.TrimRight(m.text, "#"); s == "" || strings.HasSuffix(s, " ") {
			m.text = foldSpace(s)
		}
	}
	if n := len(m.text); n > 4 && strings.HasPrefix(m.text, "**") && strings.HasSuffix(m.text, "**") && !strings.Contains(m.text[2:n-2], "*") {
		m.text = foldSpace(m.text[2 : n-2])
	}
	return m, true
}

// cutAttributes takes {#id number=…} off a heading.
func (m *mark) cutAttributes() bool {
	i := strings.LastIndex(m.text, "{#")
	if i < 0 || !strings.HasSuffix(m.text, "}") {
		return false
	}
	id, rest, _ := strings.Cut(m.text[i+2:len(m.text)-1], " ")
	m.text = foldSpace(m.text[:i])
	rest = foldSpace(rest)
	if number, ok := strings.CutPrefix(rest, "number="); ok {
		m.fixed = strings.Trim(number, `"`)
		rest = ""
	}
	m.id, m.bad = id, rest
	if !isID(id) {
		m.id, m.bad = "", "#"+id
	}
	return true
}

// spacedTitle closes up a title whose characters were spaced out: 总　则.
func spacedTitle(s string) string {
	s = foldSpace(s)
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == '\u3000' }) {
		if r, size := utf8.DecodeRuneInString(part); size != len(part) || !isHan(r) {
			return s
		}
	}
	return squash(s)
}
