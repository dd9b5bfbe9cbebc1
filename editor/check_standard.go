package editor

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// standardRules follow GB/T 1.1—2020; the wordings are those of public
// paraphrases of it.
var standardRules = []rule{
	{"STR-02", Error, mandatoryElements},
	{"STR-03", Error, firstChapters},
	{"STR-05", Error, orderOfElements},
	{"STR-06", Warning, namesOfElements},
	{"NUM-01", Error, chapterTitles},
	{"NUM-02", Error, fiveLevels},
	{"NUM-04", Error, singleChild},
	{"NUM-05", Warning, mixedTitles},
	{"NUM-06", Error, dividedUntitled},
	{"NUM-07", Warning, hangingText},
	{"MOD-01", Warning, mustWords},
	{"MOD-02", Warning, forbidWords},
	{"SCO-02", Error, modalScope},
	{"FOR-01", Error, contentOfForeword},
	{"TAB-02", Error, emptyCells},
	{"CIT-01", Error, unknownReferences},
	{"CIT-01", Warning, unknownNumbers},
	{"CIT-02", Warning, selfReference},
	{"TRM-01", Error, leadOfTerms},
	{"REF-01", Error, leadOfReferences},
}

func mandatoryElements(c *checker) {
	if c.find(Foreword) == nil {
		c.flag(nil, "缺少前言，请添加", "the foreword (前言) is missing: add it")
	}
	for _, t := range []string{"范围", "规范性引用文件", "术语和定义"} {
		if c.find(Chapter, t) == nil && !(t == "术语和定义" && c.terms() != nil) {
			c.flag(nil, "缺少“%s”一章，请添加", "the chapter %s is missing: add it", t)
		}
	}
	core := 0
	for _, x := range c.chapters() {
		if x.Title != "范围" && x.Title != "规范性引用文件" && !isTermsTitle(x.Title) && !isSymbolsTitle(x.Title) {
			core++
		}
	}
	if core == 0 {
		c.flag(nil, "缺少核心技术要素，请添加规定要求的章", "there is no chapter of technical content: add one")
	}
}

func (c *checker) terms() *Clause {
	for _, x := range c.chapters() {
		if isTermsTitle(x.Title) {
			return x
		}
	}
	return nil
}

func isSymbolsTitle(t string) bool {
	return strings.HasPrefix(t, "符号") || strings.HasPrefix(t, "缩略语")
}

func firstChapters(c *checker) {
	places := []string{"范围", "规范性引用文件", "术语和定义"}
	for i, x := range c.chapters() {
		title := x.Title
		if isTermsTitle(title) {
			title = "术语和定义"
		}
		if at := slices.Index(places, title); at >= 0 && at != i {
			c.flag(x, "“%s”应为第 %d 章，现为第 %d 章，请移动", "%s must be chapter %d, it is chapter %d: move it", x.Title, at+1, i+1)
		}
	}
}

// order of the elements: what may not stand before what.
var elementOrder = map[Kind]int{Preamble: 0, Foreword: 1, Introduction: 2, Chapter: 3, Annex: 4, Bibliography: 5, Index: 6}

func orderOfElements(c *checker) {
	last := 0
	for _, x := range c.doc.Clauses {
		at, ok := elementOrder[x.Kind]
		if !ok {
			continue
		}
		if at < last {
			c.flag(x, "位置有误，要素的顺序为前言、引言、各章、附录、参考文献、索引，请移动", "out of place: foreword, introduction, chapters, annexes, bibliography, index is the order: move it")
		}
		last = max(last, at)
	}
}

// elementNames are names in use for elements that have one fixed name.
var elementNames = map[string]string{
	"目录": "目次", "序": "前言", "序言": "前言", "导言": "引言", "导论": "引言", "简介": "引言",
	"适用范围": "范围", "总范围": "范围", "引用标准": "规范性引用文件", "引用文件": "规范性引用文件", "规范性引用标准": "规范性引用文件",
	"规范引用文件": "规范性引用文件", "术语": "术语和定义", "定义": "术语和定义", "术语与定义": "术语和定义", "术语、定义": "术语和定义", "名词术语": "术语和定义",
	"参考资料": "参考文献", "文献": "参考文献", "参考书目": "参考文献",
}

func namesOfElements(c *checker) {
	for _, x := range c.doc.Clauses {
		if want, ok := elementNames[x.Title]; ok && x.Kind != Annex {
			c.flag(x, "标题“%s”请改为“%s”", "the heading %s should read %s", x.Title, want)
		}
	}
}

func chapterTitles(c *checker) {
	for _, x := range c.chapters() {
		if x.Title == "" {
			c.flag(x, "章没有标题，请添加", "the chapter has no title: add one")
		}
		if x.Fixed != "" {
			c.flag(x, "章的编号不连续，请从 1 起连续编号", "chapters are not numbered consecutively from 1: number them so")
		}
	}
}

func fiveLevels(c *checker) {
	depth := map[*Clause]int{}
	for _, x := range c.all {
		up := c.parents[x]
		if up != nil {
			depth[x] = depth[up] + 1
		}
		if depth[x] == 6 {
			c.flag(x, "条的层次超过五级，请归并", "subclauses go down five levels at most: merge some")
		}
	}
}

func singleChild(c *checker) {
	for _, x := range c.all {
		if len(x.Clauses) == 1 && x.Clauses[0].Kind == Subclause {
			c.flag(x.Clauses[0], "同一层次只有这一条，请并入上一层或再分出一条", "it is the only subclause of its level: merge it with the level above or divide further")
		}
	}
}

func mixedTitles(c *checker) {
	for _, x := range c.all {
		titled, untitled := 0, 0
		for _, sub := range x.Clauses {
			switch {
			case sub.Kind != Subclause:
			case sub.Title == "":
				untitled++
			default:
				titled++
			}
		}
		if titled > 0 && untitled > 0 {
			c.flag(x, "下属的条有的有标题、有的没有，请统一", "some subclauses of this level have titles and some have none: make them alike")
		}
	}
}

func dividedUntitled(c *checker) {
	for _, x := range c.all {
		if x.Kind == Subclause && x.Title == "" && len(x.Clauses) > 0 {
			c.flag(x, "无标题条不得再分条，请加标题或改为列项", "a subclause without a title may not be divided: give it a title or use a list")
		}
	}
}

func hangingText(c *checker) {
	for _, x := range c.all {
		switch {
		case len(x.Clauses) == 0 || x.Text == "":
		case x.Kind != Chapter && x.Kind != Subclause && x.Kind != Annex:
		case isTermsTitle(x.Title) || isSymbolsTitle(x.Title) || strings.HasPrefix(x.Text, "重要提示"):
		case x.Kind == Subclause && c.terms() != nil && c.top[x] == c.terms():
		default:
			c.flag(x, "标题与第一条之间有悬置段，请编为一条（如“通则”）", "text hangs between the heading and the first subclause: make it a subclause, e.g. General")
		}
	}
}

// normative yields the texts that bind: of chapters and normative annexes,
// without notes, examples and sources.
func (c *checker) normative(yield func(*Clause, string)) {
	for _, x := range c.all {
		switch t := c.top[x]; {
		case t.Kind != Chapter && t.Kind != Annex, t.Informative, x.Kind == Term, t.Title == "范围", t.Title == "规范性引用文件":
			continue
		}
		if x.Text == "" {
			continue
		}
		for _, b := range x.Blocks() {
			switch b.Kind {
			case Note, Example, Source, Figure, Formula:
			default:
				yield(x, b.Text)
			}
		}
	}
}

// wordRule is a word that is out of place, and what makes it part of another.
type wordRule struct {
	word   string
	before []string // words that may not end before it
	after  []string // beginnings that may not follow it
}

// uses counts the places of a word that no guard explains.
func (w wordRule) uses(text string) int {
	n := 0
	for at := 0; ; {
		i := strings.Index(text[at:], w.word)
		if i < 0 {
			return n
		}
		i += at
		at = i + len(w.word)
		if !endsWithAny(text[:i], w.before) && !beginsWithAny(text[at:], w.after) && !inQuotes(text, i) {
			n++
		}
	}
}

func endsWithAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(s, w) })
}

func beginsWithAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(s, w) })
}

// inQuotes tells whether the place stands directly behind an opening quotation
// mark: a word that is spoken of, or shown on a label.
func inQuotes(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return r == '“' || r == '《' || r == '「'
}

func mustWords(c *checker) {
	w := wordRule{word: "必须"}
	c.normative(func(x *Clause, text string) {
		if w.uses(text) > 0 {
			c.flag(x, "标准中的要求用“应”，不用“必须”（复述法律法规时可保留并注明出处）", "a requirement is worded 应, not 必须 (which may stay where a law is restated with its source)")
		}
	})
}

var forbidding = []wordRule{
	{word: "不得", after: []string{"不", "已", "而知"}},
	{word: "不可", after: []string{"抗", "分", "或缺", "逆", "避", "缺", "少", "预", "能", "撤", "移", "再生", "回收", "降解", "见", "行", "追溯", "拆", "重复", "燃", "控"}},
	{word: "禁止", after: []string{"性", "令", "事项", "标志", "标识", "区域", "寄递物品", "寄递的", "类", "通行标", "限制"}, before: []string{"被", "明令", "法律", "法规", "国家"}},
	{word: "严禁"},
}

func forbidWords(c *checker) {
	c.normative(func(x *Clause, text string) {
		for _, w := range forbidding {
			if w.uses(text) > 0 {
				c.flag(x, "“%s”请改为“不应”（2020 年版不再列“不得”）", "%s should read 不应 (the 2020 edition no longer lists 不得)", w.word)
			}
		}
	})
}

func modalScope(c *checker) {
	x := c.find(Chapter, "范围")
	if x == nil {
		return
	}
	for _, f := range Modalities(x.Text) {
		if f.Modality == Encouragement {
			continue
		}
		c.flag(x, "范围只陈述，不得含“%s”，请把要求移到相应的章", "the scope states, it may not say %s: move the provision to its chapter", x.Text[f.Start:f.End])
	}
}

func contentOfForeword(c *checker) {
	x := c.find(Foreword)
	if x == nil {
		return
	}
	if len(x.Clauses) > 0 {
		c.flag(x, "前言不分条，请改为段", "the foreword has no subclauses: make them paragraphs")
	}
	for _, b := range x.Blocks() {
		switch b.Kind {
		case Table, Figure, Formula:
			c.flag(x, "前言不得有图、表和公式，请移出", "the foreword has no figures, tables or formulas: move them")
			continue
		}
		for _, f := range Modalities(b.Text) {
			if word := b.Text[f.Start:f.End]; f.Modality != Encouragement && !aboutPatents(b.Text) && !reportsChange(b.Text) {
				c.flag(x, "前言不得含要求、推荐和允许（“%s”），请移到相应的章", "the foreword holds no requirement, recommendation or permission (%s): move it to its chapter", word)
			}
		}
	}
}

// aboutPatents recognises the fixed sentence: 请注意本文件的某些内容可能涉及专利….
func aboutPatents(s string) bool { return strings.Contains(s, "专利") }

// reportsChange recognises an entry of the list of technical changes, which
// quotes what the editions say.
func reportsChange(s string) bool {
	return beginsWithAny(s, []string{"增加了", "更改了", "修改了", "删除了", "将", "调整了"})
}

func emptyCells(c *checker) {
	for _, x := range c.all {
		if !strings.Contains(x.Text, "|") {
			continue
		}
		for _, b := range x.Blocks() {
			c.cells(x, b)
		}
	}
}

func (c *checker) cells(x *Clause, b Block) {
	name := b.Number
	if name == "" {
		name = "表"
	}
	for i, row := range b.Cells() {
		for j, cell := range row {
			switch cell {
			case "":
				if i > 0 || j > 0 {
					c.flag(x, "%[1]s第 %[2]d 行第 %[3]d 列为空，请填“—”", "row %[2]d, column %[3]d of %[1]s is empty: put — there", name, i+1, j+1)
				}
			case "同上", "同左", "〃":
				c.flag(x, "%[1]s第 %[2]d 行第 %[3]d 列写“%[4]s”，请写出内容", "row %[2]d, column %[3]d of %[1]s says %[4]s: write out what it means", name, i+1, j+1, cell)
			}
		}
	}
}

func selfReference(c *checker) {
	for _, x := range c.all {
		for _, w := range []wordRule{
			{word: "本标准", after: []string{"化"}}, {word: "本规范", after: []string{"化", "性"}}, {word: "本规程"}, {word: "本指南"}, {word: "本导则"},
		} {
			if w.uses(x.Text) > 0 {
				c.flag(x, "提及自身用“本文件”，不用“%s”", "a standard calls itself 本文件, not %s", w.word)
			}
		}
	}
}

// firstParagraph is the first paragraph of a clause's text.
func firstParagraph(x *Clause) string {
	for _, b := range x.Blocks() {
		if b.Kind == Paragraph {
			return squash(b.Text)
		}
	}
	return ""
}

func leadOfTerms(c *checker) {
	x := c.terms()
	if x == nil {
		return
	}
	lead := firstParagraph(x)
	own := strings.HasSuffix(lead, "下列术语和定义适用于本文件。")
	none := lead == "本文件没有需要界定的术语和定义。"
	borrowed := strings.HasSuffix(lead, "界定的术语和定义适用于本文件。")
	switch {
	case !own && !none && !borrowed:
		c.flag(x, "引导语请用“下列术语和定义适用于本文件。”“……界定的（以及下列）术语和定义适用于本文件。”或“本文件没有需要界定的术语和定义。”", "the lead-in is none of the three fixed sentences: use one of them")
	case own && len(x.Clauses) == 0:
		c.flag(x, "引导语说有下列术语，但没有术语条目，请添加条目或改引导语", "the lead-in announces terms but there are none: add them or change it")
	case !own && len(x.Clauses) > 0:
		c.flag(x, "有术语条目，引导语应含“下列术语和定义”", "there are terms, so the lead-in must say 下列术语和定义")
	}
}

const (
	referencesLead = "下列文件中的内容通过文中的规范性引用而构成本文件必不可少的条款。其中，注日期的引用文件，仅该日期对应的版本适用于本文件；不注日期的引用文件，其最新版本（包括所有的修改单）适用于本文件。"
	referencesNone = "本文件没有规范性引用文件。"
)

func leadOfReferences(c *checker) {
	x := c.find(Chapter, "规范性引用文件")
	if x == nil {
		return
	}
	lead := firstParagraph(x)
	listed := len(x.Blocks())
	switch {
	case lead != referencesLead && lead != referencesNone:
		c.flag(x, "引导语与规定的不一致，请照录：“%s”或“%s”", "the lead-in is not the fixed one, copy it: %s or %s", referencesLead, referencesNone)
	case lead == referencesNone && listed > 1:
		c.flag(x, "引导语说没有引用文件，其后却列有文件", "the lead-in says that there are no references, yet some are listed")
	case lead == referencesLead && listed == 1:
		c.flag(x, "引导语之后没有列出文件，请列出或改用“%s”", "no document is listed after the lead-in: list them or use %s", referencesNone)
	}
}
