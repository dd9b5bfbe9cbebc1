package compare

import (
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
)

// Bounds of the words of a ledger, in characters.
const (
	maxSubject  = 40
	maxSentence = 300
	maxBefore   = 24 // of a quantity
	leastAround = 4  // less around a quantity does not say what it measures
)

// Blank stands in a subject where the quantity or the modal word stands in the
// text.
const Blank = "＿"

// measured says what a quantity measures, or a modal word demands: its clause
// with a blank in its place, with the clause before it where that alone says too
// little.
func (col *column) measured(c clause, f editor.Fact) string {
	before := col.text[c.start:max(c.start, f.Start)]
	after := col.text[min(f.End, c.end):c.end]
	if i := col.index(c); i > 0 && utf8.RuneCountInString(strings.TrimSpace(before)+strings.TrimSpace(after)) < leastAround {
		before = strings.TrimSpace(col.text[col.clauses[i-1].start:col.clauses[i-1].end]) + "，" + strings.TrimSpace(before)
	}
	return withBlank(before, after)
}

// withBlank puts a blank between what stands before and after a place.
func withBlank(before, after string) string {
	before = strings.Join(strings.Fields(before), " ")
	if r := []rune(before); len(r) > maxBefore {
		before = "…" + string(r[len(r)-maxBefore:])
	}
	return before + Blank + clip(strings.TrimSpace(after), maxSubject-maxBefore)
}

// condition is what a clause's sentence says before it of the case in which it
// holds: 逾期不改正的, 因不可抗力不能投递时.
func (col *column) condition(c clause) string {
	i := col.index(c)
	var parts []string
	for k := i - 1; k >= 0 && col.clauses[k].sentence == c.sentence && len(parts) < 2; k-- {
		text := strings.TrimSpace(col.text[col.clauses[k].start:col.clauses[k].end])
		if strings.HasSuffix(text, "的") || strings.HasSuffix(text, "时") || strings.HasSuffix(text, "后") || beginsAny(text, "因", "遇", "如", "若", "经", "除") {
			parts = append([]string{text}, parts...)
		} else if len(parts) > 0 {
			break
		}
	}
	return clip(strings.Join(parts, "，"), maxSubject)
}

func beginsAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.HasPrefix(text, w) {
			return true
		}
	}
	return false
}

func (col *column) index(c clause) int {
	for i := range col.clauses {
		if col.clauses[i].start == c.start {
			return i
		}
	}
	return -1
}

// sentenceOf is the sentence that a clause stands in; of a long one, what leads
// it in and the clause.
func (col *column) sentenceOf(c clause) string {
	from, to := c.start, c.end
	for i := range col.clauses {
		if col.clauses[i].sentence == c.sentence {
			from, to = min(from, col.clauses[i].start), max(to, col.clauses[i].end)
		}
	}
	if strings.HasPrefix(col.text[to:], "。") {
		to += len("。")
	}
	if s := strings.TrimSpace(col.text[from:to]); utf8.RuneCountInString(s) <= maxSentence {
		return s
	}
	lead := clip(strings.TrimSpace(col.text[from:c.start]), maxSentence/3)
	return strings.TrimSpace(lead + "　" + clip(strings.TrimSpace(col.text[c.start:to]), 2*maxSentence/3))
}

// plainPassage is a passage of a cell without its marks, and its lines.
type plainPassage struct {
	plain string
	lines []plainLine
}

// plainLine is a line of a passage, and where it begins in its column's text; a
// note or an example stands in none.
type plainLine struct {
	from, to, in int
	note         bool
}

// plainPassages reads a cell as readColumn does, but keeps where each line comes
// from.
func plainPassages(c Cell) []plainPassage {
	out := make([]plainPassage, len(c.Passages))
	at := 0
	for k, markdown := range c.Passages {
		text := plain(markdown)
		p := plainPassage{plain: text}
		kept := demanding(text)
		if kept == strings.TrimSpace(text) {
			p.lines = append(p.lines, plainLine{from: 0, to: len(text), in: at - strings.Index(text, kept)})
		} else {
			p.lines = keptLines(text, at)
		}
		if kept != "" {
			at += len(kept) + len("\n")
		}
		out[k] = p
	}
	return out
}

// keptLines are the lines of a text, and where demanding puts them from at on.
func keptLines(text string, at int) (lines []plainLine) {
	from := 0
	for line := range strings.Lines(text) {
		l := plainLine{from: from, to: from + len(line), note: true}
		if said := strings.TrimSpace(line); said != "" && demanding("a\n"+said) != "a" {
			l.note, l.in = false, at-strings.Index(line, said)
			at += len(said) + len("\n")
		}
		lines = append(lines, l)
		from = l.to
	}
	return lines
}

// locate finds the line of a byte of a passage, and where the byte stands in the
// column's text; -1 where it does not stand there.
func (p plainPassage) locate(at int) (plainLine, int) {
	for _, l := range p.lines {
		if at < l.to {
			if l.note {
				return l, -1
			}
			return p.lineAt(l, at), l.in + at - l.from
		}
	}
	return plainLine{to: len(p.plain), note: true}, -1
}

// lineAt narrows a stretch to the line of it that a byte stands in.
func (p plainPassage) lineAt(l plainLine, at int) plainLine {
	l.from += strings.LastIndexByte(p.plain[l.from:at], '\n') + 1
	if end := strings.IndexByte(p.plain[at:l.to], '\n'); end >= 0 {
		l.to = at + end
	}
	return l
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
