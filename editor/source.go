package editor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// line is one line of the body as the parser sees it: cleaned, without white
// space at its ends.
type line struct {
	no      int // 1-based, in the text as given
	indent  int // leading ASCII spaces, where they matter (Markdown lists)
	text    string
	literal bool // was escaped with a backslash: never structure
}

// source divides a text into front matter and clean lines, and keeps what there
// is to report.
type source struct {
	header     string // YAML between the marks
	headerLine int    // line of its first line
	lines      []line
	report     report
}

// report collects findings up to a bound; nothing a text contains may make the
// report larger than the text.
type report struct {
	findings []Finding
	left     int
}

const maxFindings = 2000

func (r *report) add(rule string, sev Severity, line int, format string, args ...any) {
	if len(r.findings) >= maxFindings {
		r.left++
		return
	}
	r.findings = append(r.findings, Finding{Rule: rule, Severity: sev, Line: line, Message: fmt.Sprintf(format, args...)})
}

// byLine gives the findings in the order of the text, with one more that says how
// many were left out.
func (r *report) byLine() []Finding {
	slices.SortStableFunc(r.findings, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	if r.left == 0 {
		return r.findings
	}
	return append(r.findings, Finding{Rule: "PARSE-more", Severity: Info,
		Message: fmt.Sprintf("另有 %d 条提示未列出 · %d more findings are not listed", r.left, r.left)})
}

// readSource checks the bounds of a text and cleans its lines.
func readSource(src []byte) (*source, error) {
	if len(src) > MaxBytes {
		return nil, &SyntaxError{Line: 0, Message: fmt.Sprintf("文本 %d 字节，超过 2 MB 上限，请拆分 · the text has %d bytes, more than 2 MB: divide it", len(src), len(src))}
	}
	if !utf8.Valid(src) {
		return nil, &SyntaxError{Line: badLine(src), Message: "不是 UTF-8 编码，请另存为 UTF-8 · not UTF-8: save the text as UTF-8"}
	}
	text := strings.TrimPrefix(string(src), "\uFEFF")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	s := &source{}
	body, first, err := s.cutHeader(text)
	if err != nil {
		return nil, err
	}
	s.readLines(body, first)
	return s, nil
}

func badLine(src []byte) int {
	n := 1
	for len(src) > 0 {
		r, size := utf8.DecodeRune(src)
		if r == utf8.RuneError && size == 1 {
			return n
		}
		if r == '\n' {
			n++
		}
		src = src[size:]
	}
	return n
}

// maxHeader bounds the front matter in bytes.
const maxHeader = 64 << 10

// cutHeader takes the front matter off; first is the line on which the body begins.
func (s *source) cutHeader(text string) (body string, first int, err error) {
	top, rest, _ := strings.Cut(text, "\n")
	if strings.TrimRight(top, " \t") != "---" {
		return text, 1, nil
	}
	s.headerLine = 2
	for at, no := 0, 2; at <= len(rest); no++ {
		l, _, more := strings.Cut(rest[at:], "\n")
		if m := strings.TrimRight(l, " \t"); m == "---" || m == "..." {
			if at > maxHeader {
				return "", 0, &SyntaxError{Line: 1, Message: "文件头超过 64 KB · the front matter is larger than 64 KB"}
			}
			s.header = rest[:at]
			return rest[min(at+len(l)+1, len(rest)):], no + 1, nil
		}
		if !more {
			break
		}
		at += len(l) + 1
	}
	return "", 0, &SyntaxError{Line: 1, Message: "文件头没有结束标记 --- · the front matter has no closing ---"}
}

// readLines cleans the body line by line: comments go, invisible characters go,
// every kind of white space but the full-width space becomes a space.
func (s *source) readLines(body string, first int) {
	comment := 0                                       // line on which an open comment began
	tail := len(body) - strings.LastIndex(body, "-->") // bytes from the last closing mark on
	if tail > len(body) {
		tail = len(body) + 1
	}
	s.lines = make([]line, 0, strings.Count(body, "\n")+1)
	for no := first; body != ""; no++ {
		raw, rest, _ := strings.Cut(body, "\n")
		t := raw
		if comment > 0 {
			_, after, closed := strings.Cut(t, "-->")
			if !closed {
				body = rest
				continue
			}
			t, comment = after, 0
		}
		t, invisible := visible(t)
		if invisible > 0 {
			s.report.add("PARSE-invisible", Info, no, "删去 %d 个不可见字符 · %d invisible characters were taken out", invisible, invisible)
		}
		t, comment = s.uncomment(t, no, len(rest) >= tail)
		indent := len(t) - len(strings.TrimLeft(t, " "))
		s.lines = append(s.lines, line{no: no, indent: indent, text: strings.Trim(t, " \u3000")})
		body = rest
	}
}

// uncomment takes comments out of a line. It returns the line on which a
// comment was opened that is closed further down, or 0. A comment that is never
// closed is text; open says whether one may be closed below this line.
func (s *source) uncomment(t string, no int, open bool) (string, int) {
	if !strings.Contains(t, "<!--") {
		return t, 0
	}
	var b strings.Builder
	inLine := true // a "-->" may still come on this line
	for {
		i := strings.Index(t, "<!--")
		if i < 0 {
			b.WriteString(t)
			return b.String(), 0
		}
		b.WriteString(t[:i])
		if escapedAt(b.String(), b.Len()) {
			b.WriteString("<!--")
			t = t[i+4:]
			continue
		}
		body, after, closed := t[i+4:], "", false
		if inLine {
			body, after, closed = strings.Cut(body, "-->")
			inLine = closed
		}
		switch {
		case closed:
			s.report.add("PARSE-comment", Info, no, "删去注释 · a comment was taken out: %s", shorten(body))
			if n := b.Len(); n > 0 && b.String()[n-1] < utf8.RuneSelf {
				b.WriteString(" ") // so that what is left does not open a comment
			}
			t = after
		case open:
			s.report.add("PARSE-comment", Info, no, "删去跨行注释 · a comment of several lines was taken out: %s", shorten(t[i+4:]))
			return b.String(), no
		default:
			s.report.add("PARSE-comment", Warning, no, "注释没有结束，按正文保留 · a comment is not closed, it is kept as text")
			b.WriteString(`\<!--`)
			t = t[i+4:]
		}
	}
}

// escapedAt tells whether the byte at i stands behind an odd number of backslashes.
func escapedAt(t string, i int) bool {
	n := 0
	for i-n > 0 && t[i-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}

// visible drops characters that cannot be seen and evens out white space.
func visible(t string) (string, int) {
	clean := true
	for i := 0; i < len(t) && clean; i++ {
		// Only these first bytes can begin what is mended below.
		switch b := t[i]; {
		case b < 0x20 || b == 0x7F:
			clean = false
		case b == 0xC2 || b == 0xE1 || b == 0xE2 || b == 0xEF:
			r, _ := utf8.DecodeRuneInString(t[i:])
			clean = kindOfSpace(r) == 0
		}
	}
	if clean {
		return t, 0
	}
	dropped := 0
	return strings.Map(func(r rune) rune {
		switch kindOfSpace(r) {
		case 1:
			return ' '
		case 2:
			dropped++
			return -1
		}
		return r
	}, t), dropped
}

// kindOfSpace is 1 for white space that becomes a space, 2 for what is dropped.
func kindOfSpace(r rune) int {
	switch {
	case r == '\t' || r == '\v' || r == '\f' || r == 0x85 || r == 0xA0 || r == 0x1680,
		r >= 0x2000 && r <= 0x200A, r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F:
		return 1
	case r < 0x20 || r >= 0x7F && r <= 0x9F || r == 0xAD || r == 0x180E || r == 0xFEFF,
		r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F,
		r >= 0xFFF9 && r <= 0xFFFB:
		return 2
	}
	return 0
}

// tidy makes one clean line of a title or a value.
func tidy(s string) string {
	s, _ = visible(strings.ReplaceAll(s, "\n", " "))
	return foldSpace(s)
}

// foldSpace trims and makes one space of several; a run that holds a full-width
// space, which separates the elements of a title, stays full-width.
func foldSpace(s string) string {
	s = strings.Trim(s, " \u3000")
	if !strings.Contains(s, "  ") && !strings.Contains(s, "\u3000") {
		return s
	}
	var b strings.Builder
	space := rune(0)
	for _, r := range s {
		if r == ' ' || r == '\u3000' {
			space = max(space, r)
			continue
		}
		if space != 0 {
			b.WriteRune(space)
			space = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

// squash drops all white space.
func squash(s string) string {
	if strings.IndexByte(s, ' ') < 0 && strings.IndexByte(s, '\t') < 0 && strings.IndexByte(s, '\n') < 0 && !strings.Contains(s, "\u3000") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\n' || r == '\u3000' {
			return -1
		}
		return r
	}, s)
}

// shorten quotes the beginning of a text in a message.
func shorten(s string) string {
	const most = 40
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r == '〇'
}
