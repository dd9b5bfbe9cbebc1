package editor

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// texts and titles hold everything that could be taken for structure.
var (
	someTitles = []string{"投递", "时限 A", "4 型", "4.1 时限", "第一条", "第一章　甲", "一、甲", "a#b", "x {#y}", "1", "（甲）", `\4 甲`, `\`, "A.1 甲", "附件", "B {#c} d", "<b>", "甲：乙", "5G"}
	someLines  = []string{"正文。", "应在 24 h 内投递", "## 标题", "# 标题", "第一条 甲", "第二条之一", "第三章 甲", "4.1.1 快件", "4.1.2 快件箱。", "1.1 甲", "注：甲", "a) 甲；", "——甲", "  1) 二",
		"| a | b |\n|---|---|\n| 1 | 2 |", "$$x$$", "前言", "一、甲", "附件", `\## x`, `\\## y`, `\第一条`, "目录", "<b>", "**粗：**后", "1 范围", "附录A 甲", "> 引", "- 列", "  - 列", "总则", "（一）甲；", "1. 乙",
		"［来源：甲］", "见[](#x)", "---", "```", `\<!-- 甲 -->`, "附表1", "{#x}", "[a](b)"}
)

func (m *maker) text() string {
	t := m.T
	n := rapid.IntRange(0, 4).Draw(t, "lines")
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(rapid.SampledFrom([]string{"\n", "\n\n"}).Draw(t, "gap"))
		}
		l := rapid.SampledFrom(someLines).Draw(t, "line")
		b.WriteString(strings.Replace(l, "  1)", m.inner+"1)", 1))
	}
	return b.String()
}

func someTitle(t *rapid.T) string { return rapid.SampledFrom(someTitles).Draw(t, "title") }

// maker gives every clause an ID of its own.
type maker struct {
	*rapid.T
	made  int
	inner string // indentation of items of the second level
}

func (m *maker) clause(k Kind) *Clause {
	m.made++
	c := &Clause{ID: fmt.Sprintf("x%d", m.made), Kind: k, Text: m.text()}
	if rapid.IntRange(0, 9).Draw(m.T, "fixed") == 0 && k != Preamble {
		c.Fixed = rapid.SampledFrom([]string{"第七条之一", "7.7", "附录Q", "甲", "第九章"}).Draw(m.T, "number")
	}
	return c
}

func (m *maker) subclauses(depth int) []*Clause {
	var out []*Clause
	for range rapid.IntRange(0, 2).Draw(m.T, "subclauses") {
		c := m.clause(Subclause)
		if rapid.Bool().Draw(m.T, "titled") {
			c.Title = someTitle(m.T)
		}
		if depth < 5 {
			c.Clauses = m.subclauses(depth + 1)
		}
		out = append(out, c)
	}
	return out
}

func (m *maker) preamble() []*Clause {
	c := m.clause(Preamble)
	c.ID = "preamble"
	if c.Text == "" {
		return nil
	}
	return []*Clause{c}
}

// standard makes a document in the convention of GB/T 1.1 as Parse would give it.
func (m *maker) standard() *Document {
	d := &Document{Header: Header{Title: "快递末端服务规范", Convention: Standard}, Clauses: m.preamble()}
	add := func(k Kind, title string) *Clause {
		c := m.clause(k)
		c.Title = title
		d.Clauses = append(d.Clauses, c)
		return c
	}
	if rapid.Bool().Draw(m.T, "foreword") {
		add(Foreword, "前言")
	}
	for range rapid.IntRange(0, 3).Draw(m.T, "chapters") {
		add(Chapter, strings.Replace(someTitle(m.T), "附", "付", 1)).Clauses = m.subclauses(1)
	}
	if rapid.Bool().Draw(m.T, "terms") {
		terms := add(Chapter, "术语和定义")
		for range rapid.IntRange(0, 2).Draw(m.T, "n") {
			c := m.clause(Term)
			c.Title, c.English = "智能快件箱", rapid.SampledFrom([]string{"", "smart parcel locker", "box (2)"}).Draw(m.T, "english")
			terms.Clauses = append(terms.Clauses, c)
		}
	}
	for range rapid.IntRange(0, 2).Draw(m.T, "annexes") {
		c := add(Annex, someTitle(m.T))
		c.Informative = rapid.Bool().Draw(m.T, "informative")
		c.Clauses = m.subclauses(1)
	}
	if rapid.Bool().Draw(m.T, "bibliography") {
		add(Bibliography, "参考文献")
	}
	return d
}

// inside makes the clauses of a regulation that stand in one of a kind.
func (m *maker) inside(kinds []Kind) []*Clause {
	var out []*Clause
	if len(kinds) == 0 {
		return nil
	}
	for range rapid.IntRange(0, 2).Draw(m.T, "n") {
		c := m.clause(kinds[0])
		c.Title = rapid.SampledFrom(append(someTitles, "")).Draw(m.T, "title")
		c.Clauses = m.inside(kinds[1:])
		out = append(out, c)
	}
	return out
}

// regulation makes a document in the convention of statutes as Parse would give it.
func (m *maker) regulation() *Document {
	shapes := [][]Kind{{Article}, {Decision}, {Chapter, Article}, {Chapter, Section, Article}, {Part, Subpart, Chapter, Article}, {Section, Decision}}
	d := &Document{Header: Header{Title: "甲条例", Convention: Regulation}, Clauses: m.preamble()}
	d.Clauses = append(d.Clauses, m.inside(rapid.SampledFrom(shapes).Draw(m.T, "shape"))...)
	for range rapid.IntRange(0, 2).Draw(m.T, "appendices") {
		c := m.clause(Appendix)
		c.Title = someTitle(m.T)
		c.Clauses = m.inside(rapid.SampledFrom(shapes).Draw(m.T, "shape"))
		d.Clauses = append(d.Clauses, c)
	}
	return d
}

// What Write gives Parse reads as the same document, whatever stands in it.
func TestGeneratedRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &maker{T: t, inner: "  "}
		d := m.standard()
		if rapid.Bool().Draw(t, "regulation") {
			m.inner = ""
			d = m.regulation()
		}
		dropFixed(d)
		if diff := roundTrip(d); diff != "" {
			t.Fatalf("%s\nwritten:\n%s", diff, Write(d))
		}
	})
}

// dropFixed takes out fixed numbers that are the derived ones.
func dropFixed(d *Document) {
	for c := range d.All() {
		if c.Fixed == "" {
			continue
		}
		fixed := c.Fixed
		c.Fixed = ""
		d.Renumber()
		if c.Number != fixed {
			c.Fixed = fixed
		}
	}
}
