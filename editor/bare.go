package editor

import (
	"strings"
	"unicode/utf8"
)

// Headings that have lost their number and their marks: a short line, no
// sentence, right before an article. What stands around it tells whether it is a
// chapter, a section, or the rest of a title that was broken in two.

// ahead is what comes after a line of a regulation.
type ahead struct {
	chapter int  // number of the next 第X章; 0 when there is none
	section int  // number of the next 第X节 before the next chapter; 0 when there is none
	bares   int  // headings without number from here on, before the next chapter
	bare    bool // the line itself looks like one
}

// survey looks for the articles and chapters that the text numbers, and for
// headings that have lost their number.
func (r *regulationReader) survey() {
	r.ahead = make([]ahead, len(r.lines)+1)
	before := r.textBefore()
	next := ahead{}
	opens, gap := false, 0 // the next line with text opens an article or section, so many lines on
	for i := len(r.lines) - 1; i >= 0; i-- {
		l := r.lines[i]
		next.bare = false
		if gap++; l.text == "" {
			r.ahead[i] = next
			continue
		}
		m, marked := readHeading(l)
		s, ok := readStatute(strings.TrimLeft(l.text, "# "))
		ok = ok && !l.literal
		if ok {
			r.articles = r.articles || s.kind == Article && s.spaced
			next = r.passStatute(next, s)
		} else if opens && gap <= 5 && looksBare(l) && !midSentence(before[i]) {
			next.bare = true
			next.bares++
		}
		opens = next.bare || ok && s.spaced && (s.kind == Article || s.kind == Section) && !(marked && m.id != "")
		gap = 0
		r.ahead[i] = next
	}
}

func (r *regulationReader) passStatute(next ahead, s statuteMark) ahead {
	switch {
	case s.kind == Chapter && isTitle(s.rest):
		r.chapters = true
		return ahead{chapter: s.value}
	case s.kind == Section && isTitle(s.rest):
		next.section = s.value
	}
	return next
}

// textBefore gives for every line the text of the line with text before it.
func (r *regulationReader) textBefore() []string {
	out := make([]string, len(r.lines))
	last := ""
	for i, l := range r.lines {
		out[i] = last
		if l.text != "" {
			last = l.text
		}
	}
	return out
}

// looksBare tells whether a line alone could be a heading.
func looksBare(l line) bool {
	return !l.literal && isTitle(l.text) && utf8.RuneCountInString(l.text) <= 30 && !strings.ContainsAny(l.text, "，,（）#|!$")
}

// midSentence tells whether a paragraph breaks off, so that the next line is the
// rest of it.
func midSentence(s string) bool {
	return s != "" && !isChapterLine(s) && !strings.HasPrefix(s, "#") && !endsSentence(s) && !isTitle(s)
}

// fresh tells whether the last clause is a chapter or section without any text.
func (r *regulationReader) fresh() bool {
	if len(r.entries) == 0 || r.last != Chapter && r.last != Section && r.last != Part {
		return false
	}
	for _, l := range r.entries[len(r.entries)-1].lines {
		if l.text != "" {
			return false
		}
	}
	return true
}

// extendsTitle gives a line to the title above it that was broken in two: it
// stands right below a heading, and is not the first of several sections.
func (r *regulationReader) extendsTitle(i int) bool {
	a := r.ahead[i]
	if !a.bare || !r.fresh() || isKnownChapter(squash(r.lines[i].text)) {
		return false
	}
	e := r.entries[len(r.entries)-1]
	if e.title == "" || e.id != "" || e.kind == Chapter && (a.section == 2 || a.section == 0 && a.bares > 1 && !r.bareFollows(i)) {
		return false
	}
	e.title += spacedTitle(r.lines[i].text)
	r.report.add("PARSE-heading", Info, r.lines[i].no, "标题断为两行，已接合：%s · the heading was broken in two lines, they were joined: %s", e.title, e.title)
	return true
}

// bareFollows tells whether the next line with text is a bare heading too: then
// line i is the rest of the title above it, and that one the first section.
func (r *regulationReader) bareFollows(i int) bool {
	for j := i + 1; j < min(len(r.lines), i+6); j++ {
		if r.lines[j].text != "" {
			return r.ahead[j].bare
		}
	}
	return false
}

func isKnownChapter(title string) bool {
	return title == "总则" || title == "附则" || title == "法律责任"
}

// bare reads a heading that has lost its number.
func (r *regulationReader) bare(i int) (opening, int, bool) {
	l, a := r.lines[i], r.ahead[i]
	if !a.bare {
		return opening{}, 0, false
	}
	o := opening{no: l.no, kind: Chapter, title: spacedTitle(l.text)}
	named := r.contents[squash(l.text)]
	if !named && !isKnownChapter(o.title) && (!r.chapters || r.last == "" && a.chapter < 2) {
		return o, 0, false
	}
	here := r.numbers.kinds[Chapter]
	room := a.chapter - here - 1 // chapters that are missing before the next with a number
	switch {
	case r.fresh() && r.last == Chapter && a.section == 2:
		o.kind = Section
	case a.chapter == 0 && r.within == Section && !isKnownChapter(o.title) && !named:
		o.kind = Section
	case a.chapter == 0 || room == 1 && here > 0:
	case room < 1 && (r.within == Section || a.section > 0 || r.fresh() || a.bares > 1):
		o.kind = Section
	case room < 1:
		r.report.add("PARSE-heading", Warning, l.no, "“%s”像标题，但章号没有空缺，按正文保留 · %s looks like a heading but no chapter is missing, it is kept as text", o.title, o.title)
		return o, 0, false
	case o.title != "总则" && here == 0: // chapter 1 has lost its heading altogether
		o.printed = statuteNumber(Chapter, max(2, a.chapter-a.bares))
	}
	number := o.printed
	if number == "" {
		number = r.numbers.peek(o.kind, 0)
	}
	r.report.add("PARSE-heading", Warning, l.no, "标题“%s”缺编号，按%s处理 · the heading %s has lost its number, it is read as %s", o.title, number, o.title, number)
	return o, 0, true
}
