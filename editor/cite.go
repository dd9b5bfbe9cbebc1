package editor

import (
	"regexp"
	"strings"
)

var crossReference = regexp.MustCompile(`\[\]\(#([A-Za-z0-9][A-Za-z0-9._-]{0,63})\)`)

// Cite replaces each reference [](#id) of a text by what show gives for its ID;
// where show gives "" the reference stays as it is. A word that the text itself
// says around the reference (公式[](#eq), 第[](#a)章) is not said twice.
func Cite(markdown string, show func(id string) string) string {
	return CiteBetween("", markdown, "", show)
}

// CiteBetween is Cite for a stretch of a text that stands between two others.
func CiteBetween(before, markdown, after string, show func(id string) string) string {
	if !strings.Contains(markdown, "[](#") {
		return markdown
	}
	var b strings.Builder
	from := 0
	for _, m := range crossReference.FindAllStringSubmatchIndex(markdown, -1) {
		b.WriteString(markdown[from:m[0]])
		if from = m[1]; show == nil {
			b.WriteString(markdown[m[0]:m[1]])
			continue
		}
		shown := show(markdown[m[2]:m[3]])
		if shown == "" {
			b.WriteString(markdown[m[0]:m[1]])
			continue
		}
		left, right := markdown[:m[0]], markdown[m[1]:]
		if left == "" {
			left = before
		}
		if right == "" {
			right = after
		}
		b.WriteString(besides(left, shown, right))
	}
	b.WriteString(markdown[from:])
	return b.String()
}

// besides takes off a citation what the words around it say already.
func besides(before, shown, after string) string {
	if strings.HasPrefix(shown, "第") && strings.HasSuffix(shown, "章") {
		if strings.HasSuffix(before, "第") {
			shown = strings.TrimPrefix(shown, "第")
		}
		if strings.HasPrefix(after, "章") {
			shown = strings.TrimSuffix(shown, "章")
		}
		return shown
	}
	if strings.HasSuffix(before, "式") { // 公式[](#eq), 按式[](#eq)
		return strings.TrimPrefix(shown, "公式")
	}
	return shown
}

// Citations says how a text refers to each of its clauses, tables, figures and
// numbered formulas, by ID: 第4章, 5.2, 附录A, A.1, 表2, 图A.1, 公式（3）; an
// item is 5.2 b), its mark written behind (GB/T 1.1—2020, rule CIT-01). What has no number (前言) is called by its name.
func (d *Document) Citations() map[string]string {
	m := d.Numbers()
	for c := range d.All() {
		switch {
		case c.Kind == Chapter && d.Header.Convention != Regulation && c.Number != "":
			m[c.ID] = "第" + c.Number + "章"
		case m[c.ID] == "":
			m[c.ID] = unnamedKinds[c.Kind]
		}
		if !strings.Contains(c.Text, "$$") {
			continue
		}
		for _, b := range c.Blocks() {
			if b.Kind == Formula && b.Number != "" {
				m[b.ID] = "公式" + b.Number
			}
		}
	}
	return m
}

// unnamedKinds are the names of divisions that have no number and may have no
// title.
var unnamedKinds = map[Kind]string{Foreword: "前言", Introduction: "引言", Bibliography: "参考文献", Index: "索引"}
