package check

import (
	"sort"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
)

// reach bounds, in bytes, how far a rule looks around a place: much longer than any
// sentence that people write, so that no text takes more than linear time.
const reach = 1200

// around gives the text within reach of a place, and where it begins.
func around(text string, i int) (near string, from int) {
	from, to := max(0, i-reach), min(len(text), i+reach)
	for from < i && !utf8.RuneStart(text[from]) {
		from++
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	return text[from:to], from
}

// sentence gives the bounds of the sentence, or of its part up to a semicolon, in
// which a place stands.
func sentence(text string, i int) (start, end int) {
	return within(text, i, "。；！？\n|")
}

// phrase gives the bounds of the part of a sentence between commas.
func phrase(text string, i int) (start, end int) {
	return within(text, i, "。；！？\n|，：（）")
}

// within gives the bounds of the stretch around a place that holds none of the marks,
// which are some of those that sentence and phrase name.
func within(text string, i int, marks string) (start, end int) {
	near, from := around(text, i)
	at := i - from
	for k := at - 1; k >= 0; k-- {
		if size := markAt(near, k, marks); size > 0 {
			start = k + size
			break
		}
	}
	for end = at; end < len(near) && markAt(near, end, marks) == 0; end++ {
	}
	return from + start, from + end
}

// markAt is how many bytes the mark takes that stands at a byte, 0 where none does.
// It looks at bytes, because a long text asks some hundred million times.
func markAt(s string, k int, marks string) int {
	switch s[k] {
	case '\n', '|':
		if strings.IndexByte(marks, s[k]) >= 0 {
			return 1
		}
	case 0xE3, 0xEF: // how 。 begins, and the full-width forms
		if k+3 <= len(s) && strings.Contains(marks, s[k:k+3]) {
			return 3
		}
	}
	return 0
}

// inside are the facts that stand whole in a stretch of text. The facts are in the
// order of the text and do not overlap.
func inside(facts []editor.Fact, start, end int) []editor.Fact {
	from := sort.Search(len(facts), func(i int) bool { return facts[i].Start >= start })
	to := sort.Search(len(facts), func(i int) bool { return facts[i].End > end })
	if to < from {
		return nil
	}
	return facts[from:to]
}

// holdsFact tells whether a stretch of text holds one of the facts, whole.
func holdsFact(facts []editor.Fact, start, end int) bool {
	return len(inside(facts, start, end)) > 0
}

// overlapsFact tells whether a stretch of text and one of the facts overlap.
func overlapsFact(facts []editor.Fact, start, end int) bool {
	i := sort.Search(len(facts), func(i int) bool { return facts[i].End > start })
	return i < len(facts) && facts[i].Start < end
}

// blockAt is the block in which a place stands; the zero Block where none is.
func (f *Facts) blockAt(place int) editor.Block {
	blocks := f.Blocks()
	i := sort.Search(len(blocks), func(i int) bool { return blocks[i].End > place })
	if i < len(blocks) && blocks[i].Start <= place {
		return blocks[i]
	}
	return editor.Block{}
}

// quotations tells of places, asked for in the order of the text, whether they stand
// within quotation marks.
type quotations struct {
	text        string
	read        int // up to here
	open, close int // behind the last mark of each kind
}

func (q *quotations) hold(i int) bool {
	for q.read < i {
		k := strings.IndexByte(q.text[q.read:i], 0xE2) // how both marks begin
		if k < 0 {
			q.read = i
			break
		}
		q.read += k
		switch rest := q.text[q.read:]; {
		case strings.HasPrefix(rest, "“"):
			q.open = q.read + 1
		case strings.HasPrefix(rest, "”"):
			q.close = q.read + 1
		}
		q.read++
	}
	return q.open > q.close && i-q.open < reach
}

// inLink tells whether a place stands in the address of a link or in code.
func inLink(s string, i int) bool {
	near, from := around(s, i)
	line := near[:i-from]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	if open := strings.LastIndex(line, "]("); open >= 0 && !strings.Contains(line[open:], ")") {
		return true
	}
	if at := strings.LastIndex(line, "://"); at >= 0 && !strings.ContainsAny(line[at:], " ，。；）") {
		return true
	}
	return strings.Count(line, "`")%2 == 1 || strings.HasSuffix(line, "]") && i < len(s) && s[i] == '('
}
