package editor

import (
	"cmp"
	"slices"
	"strings"
)

// takeContents takes the contents list out: it says nothing that the headings do
// not say, and would lie after the next change. A list whose entries are not
// found again as headings stays where it is.
func (p *parser) takeContents() {
	at, end, entries, named := p.findContents()
	if len(entries) < 2 {
		return
	}
	found := map[string]bool{}
	for _, l := range p.lines[end:] {
		if len(l.text) < 300 {
			found[entryTitle(l.text)] = true
		}
	}
	var lost []string
	for _, e := range entries {
		if !found[e] {
			lost = append(lost, e)
		}
	}
	no := p.lines[at].no
	if !found[entries[0]] || len(lost)*4 > len(entries) {
		if !named { // only headings that follow each other
			return
		}
		p.report.add("PARSE-contents", Warning, no, "目次与标题不符，按正文保留 · the contents list does not match the headings, it is kept as text")
		p.keepContents(at, end)
		return
	}
	p.report.add("PARSE-contents", Info, no, "删去目次 %d 行，标题已列出 · a contents list of %d lines was taken out, the headings say the same", end-at, end-at)
	if len(lost) > 0 {
		p.report.add("PARSE-contents", Warning, no, "目次中的条目未见于正文：%s · entries of the contents list are not in the text: %s", strings.Join(lost, "、"), strings.Join(lost, ", "))
	}
	p.contents = map[string]bool{}
	for _, e := range entries {
		p.contents[e] = true
	}
	p.lines = slices.Delete(p.lines, at, end)
}

// keepContents makes the entries of a contents list text, where their numbers
// come again below: else they are the headings themselves.
func (p *parser) keepContents(at, end int) {
	first := ""
	for _, l := range p.lines[at+1:] {
		n := entryNumber(l.text)
		switch {
		case n == "":
			continue
		case first == "":
			first = n
			continue
		case n != first:
			continue
		}
		for i := range p.lines[at:end] {
			p.lines[at+i].literal = true
		}
		return
	}
}

// entryNumber is the number of a line of a contents list or a heading.
func entryNumber(t string) string {
	t = strings.Trim(t, "#* ")
	if s, ok := readStatute(t); ok && s.kind != Article && isTitle(s.rest) {
		return s.number
	}
	if n, ok := readNumber(t); ok && isTitle(n.rest) {
		return n.number
	}
	return ""
}

// findContents finds a contents list: named 目次, as a run of chapter headings, or
// as several of them on one line.
func (p *parser) findContents() (at, end int, entries []string, named bool) {
	if at, from := p.contentsHeading(); at >= 0 {
		end, entries = p.contentsEntries(from)
		return at, end, entries, true
	}
	if at := p.headingRun(); at >= 0 {
		end, entries = p.contentsEntries(at)
		return at, end, entries, false
	}
	for i, l := range p.lines[:min(len(p.lines), 100)] {
		if m, ok := readHeading(l); l.literal || ok && m.id != "" || !isChapterLine(l.text) {
			continue
		}
		if entries = splitChapters(l.text); len(entries) > 2 {
			return i, i + 1, entries, false
		}
	}
	return 0, 0, nil, false
}

// splitChapters gives the titles of a line that names several chapters.
func splitChapters(t string) []string {
	var out []string
	title := ""
	for w := range strings.FieldsSeq(strings.ReplaceAll(strings.TrimLeft(t, "# "), "\u3000", " ")) {
		s, ok := readStatute(w)
		if !ok || s.kind == Article {
			title += w
			continue
		}
		if title != "" {
			out = append(out, title)
		}
		title = s.rest
	}
	return append(out, title)
}

// contentsHeading finds the line 目次 or 目录 near the beginning.
func (p *parser) contentsHeading() (at, from int) {
	for i, l := range p.lines[:min(len(p.lines), 400)] {
		if !l.literal && len(l.text) < 60 && isContentsTitle(squash(strings.Trim(l.text, "#* "))) {
			return i, i + 1
		}
	}
	return -1, -1
}

func isContentsTitle(s string) bool { return s == "目录" || s == "目次" }

// headingRun finds three or more chapter headings in a row without text or IDs,
// which are a contents list when they come again.
func (p *parser) headingRun() int {
	first, n := -1, 0
	for i, l := range p.lines[:min(len(p.lines), 400)] {
		if l.text == "" {
			continue
		}
		if m, ok := readHeading(l); l.literal || ok && m.id != "" || !isChapterLine(l.text) {
			if n >= 3 {
				return first
			}
			first, n = -1, 0
			continue
		}
		if first < 0 {
			first = i
		}
		n++
	}
	return -1
}

// isChapterLine tells whether a line is the heading of a 章 or 节, marked or not.
func isChapterLine(t string) bool {
	s, ok := readStatute(strings.Trim(t, "#* "))
	return ok && s.kind != Article && isTitle(s.rest)
}

// contentsEntries collects the titles that a contents list names, up to the line
// on which the first, or its number, comes again or the text begins.
func (p *parser) contentsEntries(from int) (end int, entries []string) {
	seen := map[string]bool{}
	end = from
	first := ""
	for i, l := range p.lines[from:] {
		if l.text == "" {
			continue
		}
		title, number := entryTitle(l.text), entryNumber(l.text)
		if len(entries) > 0 && number != "" && number == first {
			break
		}
		m, marked := readHeading(l)
		if l.literal || len(l.text) > 200 || strings.ContainsAny(l.text, "。；") || title == "" ||
			marked && m.id != "" || len(entries) > 0 && title == entries[0] || seen[title] && marked || len(entries) > 500 {
			break
		}
		if s, ok := readStatute(l.text); ok && s.kind == Article {
			break
		}
		seen[title] = true
		first = cmp.Or(first, number)
		entries = append(entries, title)
		end = from + i + 1
	}
	return end, entries
}

// entryTitle is the title in a line of a contents list or a heading: without
// marks, number, dots and page.
func entryTitle(t string) string {
	if m, ok := readHeading(line{text: t}); ok {
		t = m.text
	}
	t = strings.Trim(t, "* ")
	if s, ok := readStatute(t); ok {
		t = s.rest
	} else if n, ok := readNumber(t); ok {
		t = n.rest
	}
	if i := strings.IndexAny(t, "…·"); i > 0 {
		t = t[:i]
	}
	t = strings.TrimRight(t, "0123456789 .\u3000")
	return squash(t)
}
