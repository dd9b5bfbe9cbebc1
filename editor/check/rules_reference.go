package check

import (
	"slices"
	"strings"

	"tongbiao/editor"
)

// referenceRules look at what a text refers to, and at the chapters that list it
// (GB/T 1.1—2020, 8.6, 8.7 and 9.5).
var referenceRules = slices.Concat(listRules, normativeRules, citationRules, termRules)

// listRules look at the list of normative references itself.
var listRules = []Rule{
	{ID: "REF-01", Text: leadOfReferences},
	{ID: "REF-02", Clause: plainList},
	{ID: "REF-06", Clause: sortedList},
	{ID: "REF-08", Clause: lawsInList},
	{ID: "REF-11", Clause: noDraftingRules},
}

const (
	referencesLead = "下列文件中的内容通过文中的规范性引用而构成本文件必不可少的条款。其中，注日期的引用文件，仅该日期对应的版本适用于本文件；不注日期的引用文件，其最新版本（包括所有的修改单）适用于本文件。"
	referencesNone = "本文件没有规范性引用文件。"
)

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

func leadOfReferences(t *Text) {
	x := t.Find(editor.Chapter, "规范性引用文件")
	if x == nil {
		return
	}
	lead, at := firstParagraph(t.Facts(x))
	listed := len(t.Facts(x).Blocks())
	switch {
	case lead != referencesLead && lead != referencesNone:
		f := t.Flag(x, at, "引导语与规定的不一致，请照录：“%[1]s”或“%[2]s”", "the lead-in is not the fixed one, copy it: %[1]s or %[2]s", referencesLead, referencesNone)
		if beginsWithAny(lead, []string{"下列文件", "以下文件", "本文件引用"}) && listed > 1 {
			f.Mend("改为规定的引导语 · write the fixed lead-in", Change{at, referencesLead})
		}
	case lead == referencesNone && listed > 1:
		t.Flag(x, at, "引导语说没有引用文件，其后却列有文件", "the lead-in says that there are no references, yet some are listed").
			Mend("改为规定的引导语 · write the fixed lead-in", Change{at, referencesLead})
	case lead == referencesLead && listed == 1:
		t.Flag(x, at, "引导语之后没有列出文件，请列出或改用“%[1]s”", "no document is listed after the lead-in: list them or use %[1]s", referencesNone).
			Mend("改为“"+referencesNone+"” · write "+referencesNone, Change{at, referencesNone})
	}
}

// inReferences tells whether a clause is chapter 规范性引用文件.
func (c *Clause) inReferences() bool {
	return c.Top == Heads{editor.Chapter, "规范性引用文件"} && c.Level == 1
}

// list is what a clause lists, where it is a list of documents.
func (c *Clause) list() []listed {
	switch {
	case c.inReferences():
		return listedIn(&editor.Clause{Text: c.Text}, c.Facts, true)
	case c.Kind == editor.Bibliography:
		return listedIn(&editor.Clause{Text: c.Text}, c.Facts, false)
	}
	return nil
}

func plainList(c *Clause) {
	if !c.inReferences() {
		return
	}
	for _, b := range c.Blocks() {
		if b.Kind == editor.Table {
			c.Flag(Words(b.Start, b.End), "引用文件不列成表，请每个文件一行", "the references are no table: one document a line")
		}
	}
	for _, e := range c.list() {
		if e.at > 0 {
			span := Words(e.start, e.start+e.at)
			c.Flag(span, "引用文件不编号，不加列项符号，请删去“%[1]s”", "references have no numbers and no bullets: take out %[1]s", strings.Trim(e.words[:e.at], " \u3000")).
				Mend("删去 · take it out", Change{span, ""})
		}
		c.plainTitle(e)
		body := strings.TrimRight(e.words, "。；，、.;, ")
		if len(body) < len(e.words) {
			span := Words(e.start+len(body), e.end)
			c.Flag(span, "引用文件的末尾没有标点，请删去“%[1]s”", "no mark ends a reference: take out %[1]s", e.words[len(body):]).
				Mend("删去 · take it out", Change{span, ""})
		}
	}
}

// plainTitle flags the brackets around the title of a standard: GB/T 10757《邮政业术语》.
func (c *Clause) plainTitle(e listed) {
	open := strings.Index(e.words, "《")
	shut := strings.LastIndex(e.words, "》")
	if open < 0 || shut < open {
		return
	}
	if e.number == "" {
		c.Flag(Words(e.start+open, e.start+shut+len("》")), "清单中的文件名称不加书名号", "titles in the list have no brackets").
			Mend("删去书名号 · take the brackets out", Change{Words(e.start+open, e.start+open+len("《")), ""}, Change{Words(e.start+shut, e.start+shut+len("》")), ""})
		return
	}
	span := Words(e.start+open, e.start+shut+len("》"))
	before := strings.TrimRight(e.words[:open], " \u3000")
	c.Flag(span, "清单中的文件名称不加书名号，编号与名称之间空一个汉字", "titles in the list have no brackets; a full-width space parts number and title").
		Mend("改为“　"+e.words[open+len("《"):shut]+"” · take the brackets out",
			Change{Words(e.start+len(before), e.start+shut+len("》")), "\u3000" + e.words[open+len("《"):shut]})
}

// sortedList holds the list to its order: national, industry, local, group, ISO,
// ISO/IEC, IEC, other organisations, other literature (GB/T 1.1—2020, 8.6.3).
func sortedList(c *Clause) {
	if !c.inReferences() {
		return
	}
	list := c.list()
	byBase, byCode := slices.IsSortedFunc(list, order(false)), slices.IsSortedFunc(list, order(true))
	if len(list) < 2 || byBase || byCode {
		return
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, order(false))
	var changes []Change
	for i, e := range list {
		if e.words != sorted[i].words {
			changes = append(changes, Change{Words(e.start, e.end), sorted[i].words})
		}
	}
	i := 1
	for order(false)(list[i-1], list[i]) <= 0 {
		i++
	}
	c.Flag(Words(list[i].start, list[i].end), "“%[1]s”的次序不对：先国家标准，后行业标准、地方标准、团体标准、ISO、ISO/IEC、IEC 和其他文件；国家标准和 ISO、IEC 标准按顺序号，其余先按代号", "%[1]s is out of order: national, industry, local, group standards, ISO, ISO/IEC, IEC, then others; national and ISO, IEC by number, others by code first", list[i].number).
		Mend("重新排序 · sort the list", changes...)
}

// isLaw tells the titles of laws and policies from those of methods.
func isLaw(title string) bool {
	for _, w := range Lexicon("law") {
		if strings.HasSuffix(title, w.Word) {
			return !endsWithAny(title, []string{"方法", "试验法", "测定法", "检验法", "分析法"})
		}
	}
	return false
}

func lawsInList(c *Clause) {
	if c.inReferences() {
		for _, e := range c.list() {
			title := strings.Trim(e.words[e.at:], "《》。； ")
			if i := strings.IndexAny(title, "（("); i > 0 {
				title = title[:i]
			}
			if e.number == "" && isLaw(strings.TrimSuffix(title, "》")) {
				c.Flag(Words(e.start, e.end), "法律法规、规章和政策性文件不作规范性引用，请移到参考文献，需遵守的内容写成条款", "laws, regulations and policies are not cited normatively: move it to the bibliography and write what is needed as clauses")
			}
		}
		return
	}
	for b := range c.Normative() {
		c.lawsRequired(b)
	}
}

// lawsRequired flags 应符合国家有关法律法规 and 应按照《快递暂行条例》….
func (c *Clause) lawsRequired(b editor.Block) {
	at := c.At(b)
	for _, l := range []string{"vaguelaw", "vaguerule"} {
		for _, w := range Lexicon(l) {
			for _, i := range w.Find(b.Text) {
				if !c.required(at + i) {
					continue
				}
				f := c.Flag(Words(at+i, at+i+len(w.Word)), "“%[1]s”没有说明是哪一项，法律法规和政策也不由标准要求遵守：请写出具体的技术要求或标准编号", "%[1]s does not say which, and conformity with laws and policies is not a standard's to require: write the technical requirement, or the number of the standard", w.Word)
				if l == "vaguerule" {
					f.Lesser()
				}
				return
			}
		}
	}
	for _, f := range inside(c.References(), at, at+len(b.Text)) {
		if !isLaw(f.Reference.Title) {
			continue
		}
		if !c.required(f.Start) {
			continue
		}
		c.Flag(Words(f.Start, f.End), "不规范性引用法律法规和政策性文件，请写出具体的技术要求，需提示的用“注”并列入参考文献", "laws and policies are not cited normatively: write the technical requirement; a hint goes into a note and the bibliography")
	}
}

// required tells whether the phrase in which a place stands requires conformity with
// what is named there: 应符合…, 应按照….
func (c *Clause) required(i int) bool {
	start, _ := phrase(c.Text, i)
	before := c.Text[start:i]
	return strings.Contains(before, "应") && !strings.Contains(before, "不符合") && citesNormatively.MatchString(before)
}

func noDraftingRules(c *Clause) {
	if c.Kind != editor.Bibliography {
		return
	}
	for _, e := range c.list() {
		if e.Standard == "GB/T 1.1" {
			c.Flag(Words(e.start, e.end), "GB/T 1.1 是起草的依据，已写在前言中，不列入参考文献", "GB/T 1.1 is what the text was drafted by, as the foreword says: it is not in the bibliography").
				Mend("删去 · take it out", Change{Words(e.start, e.end), ""})
		}
	}
}
