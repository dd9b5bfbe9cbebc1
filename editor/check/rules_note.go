package check

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
)

// noteRules look at notes, examples and footnotes (GB/T 1.1—2020, 9.9 to 9.11).
var noteRules = []Rule{
	{ID: "NOT-01", Clause: numberedNotes},
	{ID: "NOT-02", Clause: numberedExamples},
	{ID: "NOT-02", Clause: exampleIsNoClause},
	{ID: "NOT-03", Clause: footnotes},
}

func numberedNotes(c *Clause) { c.numbered(editor.Note, "注", "note") }

func numberedExamples(c *Clause) { c.numbered(editor.Example, "示例", "example") }

// numbered holds the labels of notes or examples to their numbers: a single one has
// none, several have 1, 2, 3. Those of a table or figure are numbered by themselves.
func (c *Clause) numbered(kind editor.BlockKind, word, en string) {
	var own, object []editor.Block
	inObject := false
	for _, b := range c.Blocks() {
		switch {
		case b.Kind == editor.Table || b.Kind == editor.Figure:
			c.labels(object, word, en)
			object, inObject = nil, true
		case b.Kind == kind && inObject:
			object = append(object, b)
		case b.Kind == kind:
			own = append(own, b)
		case b.Kind != editor.Note && b.Kind != editor.Example:
			inObject = false
		}
	}
	c.labels(object, word, en)
	c.labels(own, word, en)
}

func (c *Clause) labels(blocks []editor.Block, word, en string) {
	for i, b := range blocks {
		want := word
		if len(blocks) > 1 {
			want += strconv.Itoa(i + 1)
		}
		if b.Label == want {
			continue
		}
		span := c.labelSpan(b)
		f := c.Flag(span, "标为“%[1]s”，请改为“%[2]s”：只有一个不编号，几个从 1 起连续编号", "labelled %[1]s, it should be %[2]s: a single %[3]s has no number, several are numbered from 1", b.Label, want, en)
		f.Mend("改为“"+want+"” · write "+want, Change{span, want})
	}
}

// labelSpan is the place of a note's label before its colon.
func (c *Clause) labelSpan(b editor.Block) Span {
	whole := c.Text[b.Start:b.End]
	start := len(whole) - len(strings.TrimLeft(whole, " \u3000\t"))
	end := start
	for i, r := range whole[start:] {
		if r == '：' || r == ':' {
			end = start + i
			break
		}
	}
	return Words(b.Start+start, b.Start+end)
}

func exampleIsNoClause(c *Clause) {
	if c.Kind == editor.Subclause && (c.Title == "示例" || c.Title == "举例") {
		c.Flag(Heading, "示例不单独成条，请并入它所说明的条；较多的列入资料性附录", "an example is no clause of its own: put it into the clause that it explains; many go into an informative annex")
	}
}

var (
	footnoteMark = regexp.MustCompile(`\[\^([A-Za-z0-9]{1,4})\]`)
	footnoteText = regexp.MustCompile(`(?m)^[ \x{3000}]*\[\^([A-Za-z0-9]{1,4})\][:：]`)
)

// superscripts mark the footnotes of a table.
const superscripts = "ᵃᵇᶜᵈᵉᶠᵍʰ"

// footnotes: each mark has its text and each text its mark.
func footnotes(c *Clause) {
	c.tableFootnotes()
	if !strings.Contains(c.Text, "[^") {
		return
	}
	texts, marks := map[string][2]int{}, map[string][2]int{}
	for _, m := range footnoteText.FindAllStringSubmatchIndex(c.Text, -1) {
		texts[c.Text[m[2]:m[3]]] = [2]int{m[2] - 2, m[3] + 1}
	}
	for _, m := range footnoteMark.FindAllStringSubmatchIndex(c.Text, -1) {
		name := c.Text[m[2]:m[3]]
		if at, ok := texts[name]; ok && at[0] == m[0] {
			continue
		}
		marks[name] = [2]int{m[0], m[1]}
		if _, ok := texts[name]; !ok {
			c.Flag(Words(m[0], m[1]), "脚注标记 %[1]s 没有脚注，请在本条写“[^%[1]s]：……”", "the footnote mark %[1]s has no footnote: write [^%[1]s]：… in this clause", name)
		}
	}
	for _, m := range footnoteText.FindAllStringSubmatchIndex(c.Text, -1) {
		if name := c.Text[m[2]:m[3]]; marks[name] == [2]int{} {
			c.Flag(Words(texts[name][0], texts[name][1]), "脚注 %[1]s 在文中没有标记，请标明或删去", "the footnote %[1]s has no mark in the text: set one or take it out", name)
		}
	}
}

// tableFootnotes holds the marks ᵃ, ᵇ in a table and the lines below it against each other.
func (c *Clause) tableFootnotes() {
	if !strings.ContainsAny(c.Text, superscripts) {
		return
	}
	blocks := c.Blocks()
	for i, b := range blocks {
		if b.Kind != editor.Table {
			continue
		}
		below, above := map[rune]bool{}, map[rune]bool{}
		for _, r := range b.Text {
			above[r] = above[r] || strings.ContainsRune(superscripts, r)
		}
		for _, after := range blocks[i+1:] {
			if after.Kind == editor.Table || after.Kind == editor.Figure {
				break
			}
			at := c.At(after)
			for l := range strings.SplitAfterSeq(after.Text, "\n") {
				if r, size := utf8.DecodeRuneInString(l); strings.ContainsRune(superscripts, r) {
					below[r] = true
					if !above[r] {
						c.Flag(Words(at, at+size), "表脚注 %[1]c 在表中没有标记，请标明或删去", "the footnote %[1]c has no mark in the table: set one or take it out", r)
					}
				}
				at += len(l)
			}
		}
		for k, r := range b.Text {
			if at := c.At(b) + k; strings.ContainsRune(superscripts, r) && !below[r] {
				below[r] = true
				c.Flag(Words(at, at+utf8.RuneLen(r)), "表脚注标记 %[1]c 在表下没有脚注，请写出", "the footnote mark %[1]c has no footnote below the table: write it", r)
			}
		}
	}
}
