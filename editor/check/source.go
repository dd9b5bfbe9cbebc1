package check

import (
	"bytes"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
)

// source finds places of a document in the Markdown from which it was parsed. What
// Parse mended it cannot always find; then the place is the clause's heading line.
// It never gives a place where something else stands.
type source struct {
	raw     []byte
	starts  []int // of lines, in bytes
	from    []int // first visible byte of each line; its end inside a comment. nil: no comments
	order   []*editor.Clause
	next    map[*editor.Clause]int // line on which the next clause begins
	laid    map[*editor.Clause][]piece
	columns map[int][]int // of long lines: characters before each stride
}

// piece says that so many bytes of a clause's text stand at a place of the source,
// byte by byte.
type piece struct{ text, raw, size int }

func newSource(raw []byte, d *editor.Document) *source {
	s := &source{raw: raw, next: map[*editor.Clause]int{}, laid: map[*editor.Clause][]piece{}, columns: map[int][]int{}}
	s.starts = append(make([]int, 0, 1+bytes.Count(raw, []byte{'\n'})), 0)
	for i, b := range raw {
		if b == '\n' || b == '\r' && !(i+1 < len(raw) && raw[i+1] == '\n') {
			s.starts = append(s.starts, i+1)
		}
	}
	s.hide()
	for x := range d.All() {
		if n := len(s.order); n > 0 {
			s.next[s.order[n-1]] = x.Line
		}
		s.order = append(s.order, x)
	}
	if n := len(s.order); n > 0 {
		s.next[s.order[n-1]] = len(s.starts) + 1
	}
	return s
}

// hide finds the lines that stand inside comments.
func (s *source) hide() {
	if !bytes.Contains(s.raw, []byte("<!--")) {
		return
	}
	open := false
	for no := range s.starts {
		start, end := s.starts[no], s.end(no)
		line := s.raw[start:end]
		at := 0
		if open {
			i := bytes.Index(line, []byte("-->"))
			if i < 0 {
				s.from = append(s.from, end)
				continue
			}
			at, open = i+3, false
		}
		s.from = append(s.from, start+at)
		for {
			i := bytes.Index(line[at:], []byte("<!--"))
			if i < 0 {
				break
			}
			at += i
			j := bytes.Index(line[at:], []byte("-->"))
			if j < 0 {
				open = (at == 0 || line[at-1] != '\\') && bytes.Contains(s.raw[end:], []byte("-->"))
				break
			}
			at += j + 3
		}
	}
}

// end is the end of a line (counted from 0) without its line break.
func (s *source) end(no int) int {
	end := len(s.raw)
	if no+1 < len(s.starts) {
		end = s.starts[no+1]
	}
	for end > s.starts[no] && (s.raw[end-1] == '\n' || s.raw[end-1] == '\r') {
		end--
	}
	return end
}

// line gives the bounds of a line (counted from 1) without white space at its ends.
func (s *source) line(no int) (start, end int) {
	if no < 1 || no > len(s.starts) {
		return 0, 0
	}
	start, end = s.starts[no-1], s.end(no-1)
	l := string(s.raw[start:end])
	t := strings.TrimLeft(strings.TrimPrefix(l, "\uFEFF"), " \t\u3000")
	start += len(l) - len(t)
	return start, start + len(strings.TrimRight(t, " \t\u3000"))
}

// lineOf gives the line and the column, in characters, of a byte, both from 1.
func (s *source) lineOf(at int) (line, column int) {
	no := sort.SearchInts(s.starts, at+1)
	from := s.starts[no-1]
	if at-from <= stride {
		return no, 1 + utf8.RuneCount(s.raw[from:at])
	}
	marks := s.columns[no]
	if marks == nil {
		marks = []int{0}
		for b := from; b+stride < s.end(no-1); b += stride {
			marks = append(marks, marks[len(marks)-1]+begun(s.raw[b:b+stride]))
		}
		s.columns[no] = marks
	}
	i := min((at-from)/stride, len(marks)-1)
	return no, 1 + marks[i] + begun(s.raw[from+i*stride:at])
}

// stride is after how many bytes of a long line its characters are counted up, so
// that no line is counted again for each of its findings.
const stride = 4096

// begun counts the characters that begin in a piece of UTF-8.
func begun(b []byte) int {
	n := 0
	for _, c := range b {
		if utf8.RuneStart(c) {
			n++
		}
	}
	return n
}

// find gives the place of a span; exact tells whether it was found and is not the
// heading line instead.
func (s *source) find(x *editor.Clause, at Span) (start, end int, exact bool) {
	if at.in == belowHeader {
		end := s.headerEnd()
		return end, end, end > 0
	}
	if x == nil {
		return 0, 0, false
	}
	head, tail := s.line(x.Line)
	switch at.in {
	case belowHeading:
		return tail, tail, x.Kind != editor.Preamble
	case inHeading:
		return head, tail, true
	case inTitle:
		start, end, exact = s.inLine(head, tail, x.Title, at)
	case inEnglish:
		start, end, exact = s.inLine(head, tail, x.English, at)
	case inText:
		start, end, exact = s.inText(x, at.start, at.end)
	}
	if !exact {
		return head, tail, false
	}
	return start, end, true
}

// headerEnd is the end of the last line of the front matter; 0 when there is none.
func (s *source) headerEnd() int {
	no := s.headerLines()
	if no < 1 {
		return 0
	}
	return s.end(no)
}

// headerLines counts the lines between the marks of the front matter; 0 when there
// is none.
func (s *source) headerLines() int {
	for no := range s.starts {
		l := strings.TrimRight(string(s.raw[s.starts[no]:s.end(no)]), " \t")
		switch {
		case no == 0 && strings.TrimPrefix(l, "\uFEFF") != "---":
			return 0
		case no > 0 && (l == "---" || l == "..."):
			return no - 1
		}
	}
	return 0
}

// key gives the bounds of the line of a key in the front matter; 0, 0 when there is
// none.
func (s *source) key(name string) (start, end int) {
	for no := 1; no <= s.headerLines(); no++ {
		if strings.HasPrefix(string(s.raw[s.starts[no]:s.end(no)]), name+":") {
			return s.line(no + 1)
		}
	}
	return 0, 0
}

// inLine finds words of a title in its heading: the title must stand in it whole,
// before the ID, and once.
func (s *source) inLine(head, tail int, title string, at Span) (int, int, bool) {
	line := string(s.raw[head:tail])
	if i := strings.LastIndex(line, "{#"); i >= 0 {
		line = line[:i]
	}
	i := strings.Index(line, title)
	if title == "" || i < 0 || at.end > len(title) || at.in == inTitle && strings.Contains(line[i+1:], title) && !strings.HasPrefix(line, "#") {
		return 0, 0, false
	}
	if j := strings.LastIndex(line, title); j != i {
		if strings.TrimRight(line[j:], " \u3000") != title {
			return 0, 0, false
		}
		i = j
	}
	return head + i + at.start, head + i + at.end, true
}

// inText finds bytes of a clause's text: the first and the last must have been found.
func (s *source) inText(x *editor.Clause, start, end int) (int, int, bool) {
	pieces, ok := s.laid[x]
	if !ok {
		pieces = s.pieces(x)
		s.laid[x] = pieces
	}
	a, okA := locate(pieces, start, false)
	b, okB := locate(pieces, end, true)
	if start == end {
		if okB {
			return b, b, true
		}
		return a, a, okA
	}
	return a, b, okA && okB && a < b
}

// locate finds a byte of the text in the source; back takes the byte before it as
// the one that must have been found.
func locate(pieces []piece, at int, back bool) (int, bool) {
	want := at
	if back {
		want--
	}
	i, ok := slices.BinarySearchFunc(pieces, want, func(p piece, at int) int {
		switch {
		case p.text+p.size <= at:
			return -1
		case p.text > at:
			return 1
		}
		return 0
	})
	if !ok {
		return 0, false
	}
	return pieces[i].raw + at - pieces[i].text, true
}

// pieces lays a clause's text beside its lines of the source, line by line.
func (s *source) pieces(x *editor.Clause) []piece {
	var out []piece
	no, last := x.Line, min(s.next[x]-1, len(s.starts))
	inHeadingLine := x.Kind != editor.Preamble
	at := 0
	for t := range strings.SplitAfterSeq(x.Text, "\n") {
		here := at
		at += len(t)
		body := strings.TrimRight(t, "\n")
		t = strings.Trim(body, " \t\u3000")
		if t == "" {
			continue
		}
		here += strings.Index(body, t)
		if inHeadingLine {
			inHeadingLine = false
			start, end := s.line(no)
			no++
			if raw := string(s.raw[start:end]); strings.HasSuffix(raw, t) && !strings.HasPrefix(raw, "#") {
				out = append(out, piece{here, end - len(t), len(t)})
				continue
			}
		}
		for ; no <= last && s.passes(no); no++ {
		}
		if no > last {
			break
		}
		start, end := s.visible(no)
		no++
		out = lay(out, t, here, string(s.raw[start:end]), start)
	}
	return out
}

// visible gives the bounds of a line less what a comment hides before it.
func (s *source) visible(no int) (start, end int) {
	start, end = s.line(no)
	if s.from != nil && s.from[no-1] > start {
		start = s.from[no-1]
		rest := string(s.raw[start:max(start, end)])
		start += len(rest) - len(strings.TrimLeft(rest, " \t\u3000"))
	}
	return start, max(start, end)
}

// passes tells whether Parse takes nothing from a line: empty, in a comment, a page
// number.
func (s *source) passes(no int) bool {
	start, end := s.visible(no)
	if end-start > 40 {
		return false
	}
	l := string(s.raw[start:end])
	body := strings.Trim(l, "─—－-– ")
	return l == "" || body != l && body != "" && strings.Trim(body, "0123456789") == ""
}

// lay adds the pieces in which a line of the text and one of the source agree from
// end to end, but for what Parse takes out or puts in: comments, invisible
// characters, a backslash before what looks like structure, an ID at the end.
func lay(out []piece, t string, at int, raw string, start int) []piece {
	kept := len(out)
	if strings.HasPrefix(raw, `\`) && !strings.HasPrefix(t, `\`) {
		raw, start = raw[1:], start+1
	}
	i, j := 0, 0
	for i < len(t) && j < len(raw) {
		if t[i] == raw[j] {
			n := 1
			for i+n < len(t) && j+n < len(raw) && t[i+n] == raw[j+n] {
				n++
			}
			for i+n < len(t) && !utf8.RuneStart(t[i+n]) {
				n-- // the last character differs
			}
			if n > 0 {
				out = append(out, piece{at + i, start + j, n})
				i, j = i+n, j+n
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(raw[j:])
		switch {
		case strings.HasPrefix(raw[j:], "<!--"):
			n := strings.Index(raw[j:], "-->")
			if n < 0 {
				return out[:kept]
			}
			j += n + 3
		case isInvisible(r):
			j += size
		case t[i] == ' ' && isBlank(r):
			i, j = i+1, j+size
		case t[i] == ' ': // stands where a comment was
			i++
		default:
			return out[:kept]
		}
	}
	if rest := strings.TrimSpace(t[i:]); rest != "" && !(strings.HasPrefix(rest, "{#") && strings.HasSuffix(rest, "}")) {
		return out[:kept]
	}
	if rest := strings.TrimSpace(raw[j:]); rest != "" && !(strings.HasPrefix(rest, "<!--") && strings.Index(rest, "-->") == len(rest)-3) && strings.Trim(rest, "\u200b\ufeff") != "" {
		return out[:kept]
	}
	return out
}

func isBlank(r rune) bool {
	return r == '\t' || r == '\v' || r == '\f' || r == 0x85 || r == 0xA0 || r == 0x1680 ||
		r >= 0x2000 && r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F
}

func isInvisible(r rune) bool {
	return r < 0x20 && !isBlank(r) || r >= 0x7F && r <= 0x9F && r != 0x85 || r == 0xAD || r == 0x180E || r == 0xFEFF ||
		r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x206F || r >= 0xFFF9 && r <= 0xFFFB
}

// fix gives the edits of the source for a departure; nil where one of its places was
// not found exactly.
func (s *source) fix(x *editor.Clause, f *Found) *editor.Fix {
	fix := &editor.Fix{Label: f.label}
	for _, c := range f.changes {
		start, end, exact := s.find(x, c.At)
		if !exact || c.At.in == inText && string(s.raw[start:end]) != x.Text[c.At.start:c.At.end] {
			return nil
		}
		fix.Edits = append(fix.Edits, editor.Edit{Start: start, End: end, Text: c.Text})
	}
	slices.SortStableFunc(fix.Edits, func(a, b editor.Edit) int { return a.Start - b.Start })
	for i := 1; i < len(fix.Edits); i++ {
		if fix.Edits[i].Start < fix.Edits[i-1].End {
			return nil
		}
	}
	return fix
}

// place gives what Parse reported its clause and its bytes: those of its line.
func (s *source) place(parsed []editor.Finding) []editor.Finding {
	at := 0
	for i := range parsed {
		f := &parsed[i]
		if f.Line == 0 {
			continue
		}
		for at > 0 && s.order[at-1].Line > f.Line {
			at--
		}
		for at < len(s.order) && s.order[at].Line <= f.Line {
			at++
		}
		if at > 0 {
			f.Clause = s.order[at-1].ID
		}
		f.Start, f.End = s.line(f.Line)
	}
	return parsed
}
