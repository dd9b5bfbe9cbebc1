package editor

import (
	"strings"
	"unicode/utf8"
)

// Write gives the canonical Markdown of a document: front matter, the title, and
// every clause under a heading that bears its ID. Parse reads it back as the same
// document. Lines of text that look like structure get a backslash.
func Write(d *Document) []byte {
	w := writer{doc: d, marked: len(d.Clauses) > 1 || len(d.Clauses) == 1 && d.Clauses[0].Kind != Preamble}
	w.WriteString("---\n")
	h := d.Header
	if h.Convention == "" {
		h.Convention = Standard
	}
	w.Write(h.Marshal())
	w.WriteString("---\n")
	if t := tidy(h.Title); readsAsTitle(t) {
		w.WriteString("\n# " + t + "\n")
	}
	w.numbers = newNumberer(h.Convention)
	w.clauses(d.Clauses, 0)
	return []byte(w.String())
}

// readsAsTitle tells whether a title can stand as a heading and be read back; one
// that cannot stands in the front matter alone.
func readsAsTitle(t string) bool {
	m, ok := readHeading(line{text: "# " + t})
	return ok && t != "" && m.text == t && !strings.Contains(t, "<!--")
}

type writer struct {
	strings.Builder
	doc     *Document
	marked  bool
	numbers *numberer
}

func (w *writer) clauses(cs []*Clause, depth int) {
	for _, c := range cs {
		derived := w.numbers.peek(c.Kind, min(depth, maxDepth-1))
		w.numbers.next(c.Kind, min(depth, maxDepth-1), c.Fixed)
		if c.Kind != Preamble {
			w.heading(c, depth, derived)
		}
		w.text(c.Text)
		w.clauses(c.Clauses, depth+1)
	}
}

func (w *writer) heading(c *Clause, depth int, derived string) {
	w.WriteString("\n")
	if w.doc.Header.Convention == Regulation {
		w.WriteString(statuteHeading(c, derived))
	} else {
		w.WriteString(strings.Repeat("#", depth+2))
		if t := standardTitle(c); t != "" {
			w.WriteString(" " + t)
		}
	}
	if c.ID == "" { // Parse gives it one
		w.WriteString("\n")
		return
	}
	w.WriteString(" {#" + c.ID)
	if c.Fixed != "" {
		w.WriteString(" number=" + tidy(c.Fixed))
	}
	w.WriteString("}\n")
}

func standardTitle(c *Clause) string {
	t := tidy(escapeComments(c.Title))
	switch {
	case c.Kind == Annex && c.Informative:
		return "附录（资料性）" + t
	case c.Kind == Annex:
		return "附录（规范性）" + t
	case c.English != "":
		t += " " + tidy(c.English)
	}
	if looksNumbered(strings.TrimLeft(t, `\`)) {
		return `\` + t
	}
	return t
}

// statuteHeading writes the number that is displayed, so that the text reads as
// it is cited; Parse derives it again.
func statuteHeading(c *Clause, derived string) string {
	marks, number := "## ", derived
	if c.Kind == Section || c.Kind == Article || c.Kind == Decision {
		marks = "### "
	}
	if s, ok := readStatute(c.Fixed); ok && s.kind == c.Kind && s.rest == "" {
		number = s.number
	} else if n, rest, ok := readDecision(c.Fixed); ok && c.Kind == Decision && rest == "" {
		number = statuteNumber(Decision, n)
	}
	t := tidy(escapeComments(c.Title))
	switch {
	case c.Kind == Appendix:
		return marks + appendixTitle(c.Fixed, t)
	case t == "":
		return marks + number
	case c.Kind == Article:
		return marks + number + "（" + t + "）"
	case c.Kind == Decision:
		return marks + number + t
	}
	return marks + number + "\u3000" + t
}

func appendixTitle(fixed, title string) string {
	number := "附件"
	if n, rest, ok := readAppendix(fixed); ok && rest == "" {
		number = n
	}
	if title == "" {
		return number
	}
	return number + "：" + title
}

// text writes the text of a clause, its blocks apart by one blank line.
func (w *writer) text(text string) {
	if text == "" {
		return
	}
	w.WriteString("\n")
	for l := range strings.SplitSeq(text, "\n") {
		l, _ = visible(escapeComments(l))
		w.WriteString(escapeLine(l, w.doc.Header.Convention, w.marked))
		w.WriteString("\n")
	}
}

// escapeComments sets a backslash before what would open a comment. Parse lets
// none through, but a document may come from elsewhere.
func escapeComments(s string) string {
	if !strings.Contains(s, "<!--") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "<!--")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		if !escapedAt(b.String(), b.Len()) {
			b.WriteByte('\\')
		}
		b.WriteString("<!--")
		s = s[i+4:]
	}
}

// escapeLine sets a backslash before a line that Parse would take for structure.
func escapeLine(l string, c Convention, marked bool) string {
	t := strings.TrimLeft(l, " \u3000")
	if looksStructural(strings.TrimLeft(t, `\`), c, marked) {
		return `\` + t
	}
	return l
}

// looksStructural tells whether Parse might take a line for structure. It sees
// nothing but the line, so that what Write escapes Parse takes back.
func looksStructural(t string, c Convention, marked bool) bool {
	if t == "" {
		return false
	}
	if t[0] == '#' {
		return true
	}
	if r, _ := utf8.DecodeRuneInString(t); len(t) < 40 && (r == '目' || r == '*') && isContentsTitle(squash(strings.Trim(t, "#* "))) {
		return true
	}
	if c != Regulation {
		if _, ok := numberedLine(t); ok {
			return true
		}
		return !marked && isPlainHeading(t)
	}
	if _, ok := readStatute(t); ok {
		return true
	}
	if _, _, ok := readDecision(t); ok {
		return true
	}
	_, rest, ok := readAppendix(t)
	return ok && (rest == "" || isTitle(rest))
}

// clauseText joins the lines of a clause to its text: blocks apart by one blank
// line, without indentation but that of Markdown lists.
func (p *parser) clauseText(e *entry) string {
	lines := e.lines
	if !e.written && p.doc.Header.Convention == Regulation && (e.kind == Article || e.kind == Decision) {
		lines = p.mendBreaks(lines)
	}
	var b strings.Builder
	blank := false
	for _, l := range lines {
		if l.text == "" {
			blank = true
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
			if blank {
				b.WriteByte('\n')
			}
		}
		blank = false
		if isListLine(l.text) {
			b.WriteString("        "[:min(l.indent, 8)])
		} else if p.doc.Header.Convention != Regulation && isInnerItem(l.text) {
			b.WriteString("  ")
		}
		b.WriteString(l.text)
	}
	return b.String()
}

// isInnerItem recognises items of the second level of a standard: 1) and ·.
func isInnerItem(t string) bool {
	label, level, _ := itemLabel(t)
	return level == 2 && (strings.HasPrefix(label, "·") || isDigit(rune(label[0])) && strings.HasSuffix(label, ")"))
}

func isListLine(t string) bool {
	return len(t) > 2 && (t[0] == '-' || t[0] == '*' || t[0] == '+') && t[1] == ' '
}

// mendBreaks puts paragraphs together that a conversion broke in the middle of a
// sentence, and takes those apart that it ran together.
func (p *parser) mendBreaks(lines []line) []line {
	out := make([]line, 0, len(lines))
	joined, parted := 0, 0
	first := 0
	for _, l := range lines {
		if l.text == "" {
			if len(out) > 0 && out[len(out)-1].text != "" {
				out = append(out, l)
			}
			continue
		}
		n := len(out)
		switch {
		case n > 1 && out[n-1].text == "" && isBroken(out[n-2].text, l.text):
			out = out[:n-1]
			out[n-2].text += l.text
			if joined++; first == 0 {
				first = l.no
			}
			continue
		case n > 0 && out[n-1].text != "" && strings.HasSuffix(out[n-1].text, "。") && !isListLine(l.text):
			out = append(out, line{no: l.no})
			if parted++; first == 0 {
				first = l.no
			}
		}
		out = append(out, l)
	}
	if joined+parted > 0 {
		p.report.add("PARSE-break", Info, first, "本条接合断段 %d 处，分开连段 %d 处，请核对 · %d broken paragraphs were joined and %d run together were parted, check them", joined, parted, joined, parted)
	}
	return out
}

// isBroken tells whether a paragraph stops in the middle of a sentence and the
// next goes on with it.
func isBroken(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	if !isHan(last) || len(before) > 4096 || utf8.RuneCountInString(before) < 16 {
		return false
	}
	if _, level, _ := itemLabel(after); level > 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(after)
	return isHan(first) && !strings.HasPrefix(before, "|")
}
