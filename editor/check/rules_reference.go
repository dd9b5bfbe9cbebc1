package check

import (
	"strings"

	"tongbiao/editor"
)

// referenceRules look at what a text refers to, and at the chapters that list it
// (GB/T 1.1—2020, 8.6, 8.7 and 9.5).
var referenceRules = []Rule{
	{ID: "CIT-01", Text: unknownReferences},
	{ID: "CIT-01", Text: unknownNumbers},
	{ID: "CIT-02", Clause: selfReference},
	{ID: "TRM-01", Text: leadOfTerms},
	{ID: "REF-01", Text: leadOfReferences},
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
			foreign := last.Reference.Standard != "" && len(between) <= len("，和的") || strings.HasSuffix(between, "版的") || strings.HasSuffix(between, "》的")
			if n := f.Reference.Clause; n != "" && !foreign && !numbers[n] {
				t.Flag(x, Words(f.Start, f.End), "引用的 %[1]s 不存在，请改用 [](#标识) 引用", "%[1]s, which is referred to, does not exist: refer to it by [](#id)", n).Lesser()
			}
			last = f
		}
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

// firstParagraph is the first paragraph of a clause's text, without white space,
// and where it stands.
func firstParagraph(f *Facts) (string, Span) {
	for _, b := range f.Blocks() {
		if b.Kind == editor.Paragraph {
			at := f.At(b)
			return squash(b.Text), Words(at, at+len(b.Text))
		}
	}
	return "", Heading
}

func leadOfTerms(t *Text) {
	x := t.Terms()
	if x == nil {
		return
	}
	lead, at := firstParagraph(t.Facts(x))
	own := strings.HasSuffix(lead, "下列术语和定义适用于本文件。")
	none := lead == "本文件没有需要界定的术语和定义。"
	borrowed := strings.HasSuffix(lead, "界定的术语和定义适用于本文件。")
	switch {
	case !own && !none && !borrowed:
		t.Flag(x, at, "引导语请用“下列术语和定义适用于本文件。”“……界定的（以及下列）术语和定义适用于本文件。”或“本文件没有需要界定的术语和定义。”", "the lead-in is none of the three fixed sentences: use one of them")
	case own && len(x.Clauses) == 0:
		t.Flag(x, at, "引导语说有下列术语，但没有术语条目，请添加条目或改引导语", "the lead-in announces terms but there are none: add them or change it")
	case !own && len(x.Clauses) > 0:
		t.Flag(x, at, "有术语条目，引导语应含“下列术语和定义”", "there are terms, so the lead-in must say 下列术语和定义")
	}
}

const (
	referencesLead = "下列文件中的内容通过文中的规范性引用而构成本文件必不可少的条款。其中，注日期的引用文件，仅该日期对应的版本适用于本文件；不注日期的引用文件，其最新版本（包括所有的修改单）适用于本文件。"
	referencesNone = "本文件没有规范性引用文件。"
)

func leadOfReferences(t *Text) {
	x := t.Find(editor.Chapter, "规范性引用文件")
	if x == nil {
		return
	}
	lead, at := firstParagraph(t.Facts(x))
	listed := len(t.Facts(x).Blocks())
	switch {
	case lead != referencesLead && lead != referencesNone:
		t.Flag(x, at, "引导语与规定的不一致，请照录：“%[1]s”或“%[2]s”", "the lead-in is not the fixed one, copy it: %[1]s or %[2]s", referencesLead, referencesNone)
	case lead == referencesNone && listed > 1:
		t.Flag(x, at, "引导语说没有引用文件，其后却列有文件", "the lead-in says that there are no references, yet some are listed")
	case lead == referencesLead && listed == 1:
		t.Flag(x, at, "引导语之后没有列出文件，请列出或改用“%[1]s”", "no document is listed after the lead-in: list them or use %[1]s", referencesNone)
	}
}
