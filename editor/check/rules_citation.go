package check

import (
	"regexp"
	"strings"

	"tongbiao/editor"
)

// citationRules look at references within the text (GB/T 1.1—2020, 9.5.2 and 9.5.3).
var citationRules = []Rule{
	{ID: "CIT-01", Text: unknownReferences},
	{ID: "CIT-01", Text: unknownNumbers},
	{ID: "CIT-01", Clause: vaguePlaces},
	{ID: "CIT-02", Clause: selfReference},
	{ID: "CIT-03", Clause: plainSee},
}

// unknownReferences flags [](#id) that points at nothing.
func unknownReferences(t *Text) {
	for _, x := range t.All {
		if !strings.Contains(x.Text, "](#") {
			continue
		}
		for _, f := range t.Facts(x).References() {
			if id := f.Reference.ID; id != "" {
				if _, known := t.Numbers()[id]; !known {
					t.Flag(x, Words(f.Start, f.End), "引用的 #%[1]s 不存在，请改正标识或删去引用", "the reference to #%[1]s points at nothing: correct the ID or take it out", id)
				}
			}
		}
	}
}

// unknownNumbers flags 5.2.1, 附录B and 表3 written by hand that do not exist.
func unknownNumbers(t *Text) {
	numbers := map[string]bool{}
	for _, n := range t.Numbers() {
		numbers[n] = true
	}
	for _, x := range t.All {
		if t.Top(x).Kind == editor.Bibliography {
			continue
		}
		last := editor.Fact{Reference: &editor.Reference{}}
		for _, f := range t.Facts(x).References() {
			between := x.Text[last.End:f.Start]
			foreign := last.Reference.Standard != "" && len(between) <= len("，和的") || endsWithAny(between, []string{"版的", "》的", "年版"}) || inSource(t.Facts(x), f) || opensLine(x.Text, f.Start)
			if n := f.Reference.Clause; n != "" && !foreign && !numbers[n] {
				t.Flag(x, Words(f.Start, f.End), "引用的 %[1]s 不存在，请改用 [](#标识) 引用", "%[1]s, which is referred to, does not exist: refer to it by [](#id)", n).Lesser()
			}
			last = f
		}
	}
}

// opensLine tells whether nothing stands before a place in its line: a number there is
// written by hand and refers to nothing (NUM-10).
func opensLine(text string, i int) bool {
	near, from := around(text, i)
	line := near[:i-from]
	return strings.TrimLeft(line[strings.LastIndexByte(line, '\n')+1:], " \u3000") == ""
}

// inSource tells whether a reference stands in the source of a term: 3.1 there is a
// clause of another document.
func inSource(facts *Facts, f editor.Fact) bool {
	return facts.blockAt(f.Start).Kind == editor.Source
}

var pageNumber = regexp.MustCompile(`见第[ ]?\d+[ ]?页|第[ ]?\d+[ ]?页的(?:表|图|公式|规定)`)

// vaguePlaces flags 见下表 and 见第12页: what is referred to is named by its number.
func vaguePlaces(c *Clause) {
	if c.Top.Kind == editor.Foreword || c.Top.Kind == editor.Bibliography {
		return
	}
	taken := -1
	for _, w := range Lexicon("vagueplace") {
		for _, i := range w.Find(c.Text) {
			if i < taken {
				continue
			}
			taken = i + len(w.Word)
			c.Flag(Words(i, i+len(w.Word)), "“%[1]s”请写出编号，用 [](#标识) 引用", "name what is meant by its number, by [](#id), not by %[1]s", w.Word)
		}
	}
	if !strings.Contains(c.Text, "页") {
		return
	}
	for _, m := range pageNumber.FindAllStringIndex(c.Text, -1) {
		c.Flag(Words(m[0], m[1]), "不按页码引用，请写章条、表、图的编号", "page numbers are not referred to: name the clause, table or figure")
	}
}

func selfReference(c *Clause) {
	for _, w := range Lexicon("self") {
		for _, i := range w.Find(c.Text) {
			at := Words(i, i+len(w.Word))
			c.Flag(at, "提及自身用“本文件”，不用“%[1]s”", "a standard calls itself 本文件, not %[1]s", w.Word).
				Mend("改为“本文件” · write 本文件", Change{at, w.Instead})
		}
	}
}

// plainSee flags 详见, and 参见 before something of this text. 参见 before another
// document stays: it says that the citation is informative.
func plainSee(c *Clause) {
	for _, word := range []string{"详见", "参见"} {
		for _, i := range (Word{Word: word}).Find(c.Text) {
			rest := c.Text[i+len(word):]
			if word == "参见" && !beginsWithAny(strings.TrimLeft(rest, " "), []string{"[](#", "附录", "表", "图", "第"}) {
				continue
			}
			at := Words(i, i+len(word))
			c.Flag(at, "提示用“见”，不用“%[1]s”", "a hint is worded 见, not %[1]s", word).Mend("改为“见” · write 见", Change{at, "见"})
		}
	}
}
