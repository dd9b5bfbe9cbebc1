package editor

import "strings"

// tellConvention settles in which convention the body is read: the one that the
// header names, or the one whose marks the text bears.
func (p *parser) tellConvention() {
	h := &p.doc.Header
	if h.Convention == Standard || h.Convention == Regulation {
		return
	}
	if h.Convention != "" {
		p.report.add("HEAD-convention", Warning, p.told["convention"], "convention 应为 standard 或 regulation，现由正文判断 · convention must be standard or regulation, it is told from the text: %s", shorten(string(h.Convention)))
	}
	h.Convention = p.conventionOf()
	p.report.add("PARSE-convention", Info, 0, "体例由正文判断：%s · the convention was told from the text: %s", h.Convention, h.Convention)
}

func (p *parser) conventionOf() Convention {
	statute, standard, decisions := 0, 0, 0
	for _, l := range p.lines {
		t := strings.TrimLeft(l.text, "# ")
		if s, ok := readStatute(t); ok && s.spaced {
			statute++
			continue
		}
		if _, _, ok := readDecision(t); ok {
			decisions++
		}
		if m, ok := readHeading(l); ok {
			standard += standardSigns(m.text)
		}
	}
	switch {
	case statute > 0 || standard > 0:
		if statute >= standard {
			return Regulation
		}
		return Standard
	}
	switch p.doc.Header.Kind {
	case "national", "industry", "local", "group", "enterprise":
		return Standard
	case "law", "regulation", "rule", "decision":
		return Regulation
	}
	if decisions > 0 {
		return Regulation
	}
	for _, w := range []string{"条例", "办法", "规定", "决定", "决议", "细则", "规则", "法"} {
		if strings.HasSuffix(squash(p.doc.Header.Title), w) {
			return Regulation
		}
	}
	return Standard
}

// standardSigns counts 3 for a heading that only standards have, 1 for a number.
func standardSigns(title string) int {
	t := squash(title)
	n, numbered := readNumber(title)
	if numbered {
		t = squash(n.rest)
	}
	switch {
	case t == "范围" || t == "规范性引用文件" || isTermsTitle(t) || t == "前言" || t == "引言" || t == "参考文献":
		return 3
	case strings.HasPrefix(t, "附录"):
		return 2
	case numbered:
		return 1
	}
	return 0
}
