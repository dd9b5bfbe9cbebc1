package check

import (
	"regexp"
	"strings"

	"tongbiao/editor"
)

// scopeRules look at chapter 1 (GB/T 1.1—2020, 8.5).
var scopeRules = []Rule{
	{ID: "SCO-01", Clause: wordingOfScope},
	{ID: "SCO-02", Clause: modalScope},
	{ID: "SCO-03", Text: promisesOfScope},
}

var (
	scopeBegins  = regexp.MustCompile(`^本(?:文件|标准|规范|规程|指南|导则|部分)(?:规定|确立|描述|提供|给出|界定|说明|规范)了`)
	scopeApplies = regexp.MustCompile(`本(?:文件|标准|规范|规程|指南|导则|部分)(?:主要|仅|也)?适用于`)
)

var scopeHeads = Heads{editor.Chapter, "范围"}

func wordingOfScope(c *Clause) {
	if c.Top != scopeHeads || c.Level != 1 || !c.Leaf {
		return
	}
	lead, at := firstParagraph(c.Facts)
	switch {
	case lead == "":
		c.Flag(Heading, "范围没有内容，请写“本文件规定了……”和“本文件适用于……”", "the scope is empty: write 本文件规定了… and 本文件适用于…")
	case !scopeBegins.MatchString(lead):
		c.Flag(at, "第一句请写“本文件规定了（确立了、描述了、提供了、给出了、界定了）……”", "the first sentence reads 本文件规定了 (确立了, 描述了, 提供了, 给出了, 界定了)…")
	}
	if lead != "" && !scopeApplies.MatchString(squash(c.Text)) {
		c.Flag(Heading, "请写明适用界限：“本文件适用于……”", "say what it applies to: 本文件适用于…")
	}
}

func modalScope(c *Clause) {
	if c.Top != scopeHeads {
		return
	}
	for _, b := range c.Blocks() {
		for _, m := range c.modals(b) {
			c.Flag(Words(m.Start, m.End), "范围只陈述，不得含“%[1]s”，请把要求移到相应的章", "the scope states, it may not say %[1]s: move the provision to its chapter", c.Text[m.Start:m.End])
		}
	}
}

// promisesOfScope looks for the subjects that the first sentence of the scope
// enumerates: each shares a word with some heading.
func promisesOfScope(t *Text) {
	x := t.Find(editor.Chapter, "范围")
	if x == nil {
		return
	}
	headings := &strings.Builder{}
	for _, y := range t.All {
		if y != x {
			headings.WriteString(y.Title + "\n")
		}
	}
	for _, s := range subjects(x.Text) {
		if words := x.Text[s[0]:s[1]]; !sharesWord(words, headings.String()) {
			t.Flag(x, Words(s[0], s[1]), "范围说到“%[1]s”，没有章条的标题与之相应，请核对", "the scope promises %[1]s, to which no heading answers: check it", words)
		}
	}
}

var (
	subjectDivider = regexp.MustCompile(`[、，]|以及|和|及|与`)
	firstSentence  = regexp.MustCompile(`^本文件(?:规定|确立|描述|提供|给出|界定)了([^。]*)`)
)

// subjects are the places of what the first sentence of a scope enumerates; nothing
// where it does not enumerate at least three.
func subjects(text string) [][2]int {
	m := firstSentence.FindStringSubmatchIndex(text)
	if m == nil {
		return nil
	}
	var out [][2]int
	from := m[2]
	add := func(to int) {
		if to-from >= len("投递") && len(out) < 50 {
			out = append(out, [2]int{from, to})
		}
	}
	for _, d := range subjectDivider.FindAllStringIndex(text[m[2]:m[3]], -1) {
		add(m[2] + d[0])
		from = m[2] + d[1]
	}
	add(m[3])
	if len(out) < 3 {
		return nil
	}
	return out
}

// sharesWord tells whether two characters that stand together in words do so in the
// headings too. Words that say nothing definite are left out.
func sharesWord(words, headings string) bool {
	for _, w := range []string{"本文件", "描述了", "规定了", "给出了", "相应的", "等方面的", "方面的", "的要求", "要求", "等"} {
		words = strings.ReplaceAll(words, w, "")
	}
	r := []rune(words)
	if len(r) < 2 {
		return true
	}
	for i := range r[:len(r)-1] {
		if strings.Contains(headings, string(r[i:i+2])) {
			return true
		}
	}
	return false
}
