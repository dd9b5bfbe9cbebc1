package check

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"tongbiao/editor"
)

// termRules look at chapter 3, symbols and abbreviations (GB/T 1.1—2020, 8.7, 8.8).
var termRules = []Rule{
	{ID: "TRM-01", Text: leadOfTerms},
	{ID: "TRM-02", Clause: layoutOfTerm},
	{ID: "TRM-03", Clause: lowerCaseEnglish},
	{ID: "TRM-04", Text: usedTerms},
	{ID: "TRM-05", Clause: wordingOfDefinition},
	{ID: "TRM-06", Clause: sourceOfTerm},
	{ID: "TRM-07", Text: definedTwice},
	{ID: "SYM-01", Clause: sortedSymbols},
	{ID: "SYM-01", Text: unexplainedAbbreviations},
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
	const ownLead, noLead = "下列术语和定义适用于本文件。", "本文件没有需要界定的术语和定义。"
	switch {
	case !own && !none && !borrowed:
		f := t.Flag(x, at, "引导语请用“下列术语和定义适用于本文件。”“……界定的（以及下列）术语和定义适用于本文件。”或“本文件没有需要界定的术语和定义。”", "the lead-in is none of the three fixed sentences: use one of them")
		if len(x.Clauses) > 0 && len(editor.References(lead)) == 0 && beginsWithAny(lead, []string{"下列", "以下"}) {
			f.Mend("改为“"+ownLead+"” · write "+ownLead, Change{at, ownLead})
		}
	case own && len(x.Clauses) == 0:
		f := t.Flag(x, at, "引导语说有下列术语，但没有术语条目，请添加条目或改引导语", "the lead-in announces terms but there are none: add them or change it")
		if lead == ownLead {
			f.Mend("改为“"+noLead+"” · write "+noLead, Change{at, noLead})
		}
	case !own && len(x.Clauses) > 0:
		f := t.Flag(x, at, "有术语条目，引导语应含“下列术语和定义”", "there are terms, so the lead-in must say 下列术语和定义")
		if none {
			f.Mend("改为“"+ownLead+"” · write "+ownLead, Change{at, ownLead})
		}
	}
}

// layout is the order of what an entry holds behind its term.
var layout = map[editor.BlockKind]int{editor.Paragraph: 1, editor.Item: 1, editor.Figure: 1, editor.Formula: 1, editor.Example: 2, editor.Note: 3, editor.Source: 4}

var layoutNames = map[editor.BlockKind][2]string{
	editor.Paragraph: {"定义", "the definition"}, editor.Item: {"定义", "the definition"}, editor.Figure: {"图", "a figure"}, editor.Formula: {"公式", "a formula"},
	editor.Example: {"示例", "examples"}, editor.Note: {"注", "notes"}, editor.Source: {"来源", "the source"},
}

func layoutOfTerm(c *Clause) {
	if c.InTerms() && c.Kind != editor.Term && c.Level == 1 {
		for _, b := range c.Blocks() {
			if b.Kind == editor.Table {
				c.Flag(Words(b.Start, b.End), "术语不列成表，请每个术语一条", "terms are no table: an entry for each")
			}
		}
	}
	if c.Kind != editor.Term {
		return
	}
	if c.English == "" && !strings.ContainsFunc(c.Title, func(r rune) bool { return r < unicode.MaxASCII && unicode.IsLetter(r) }) {
		c.Flag(Heading, "术语缺英文对应词，请写在术语之后", "the term has no English equivalent: write it behind the term")
	}
	last, lastKind, defined := 0, editor.BlockKind(""), false
	for _, b := range c.Blocks() {
		at := layout[b.Kind]
		defined = defined || at == 1
		switch {
		case b.Kind == editor.Table:
			c.Flag(Words(b.Start, b.End), "术语条目不含表，请移到条文中", "an entry holds no table: move it to a clause")
		case at < last:
			c.Flag(Words(b.Start, b.End), "条目的次序为定义、示例、注、来源，%[1]s请移到%[3]s之前", "an entry has definition, examples, notes, source in this order: move %[2]s before %[4]s",
				layoutNames[b.Kind][0], layoutNames[b.Kind][1], layoutNames[lastKind][0], layoutNames[lastKind][1])
		default:
			last, lastKind = at, b.Kind
		}
	}
	if !defined {
		c.Flag(Heading, "术语没有定义，请写一段", "the term has no definition: write one")
	}
}

var capitalised = regexp.MustCompile(`\b[A-Z][a-z]+\b`)

func lowerCaseEnglish(c *Clause) {
	if c.Kind != editor.Term || c.English == "" {
		return
	}
	proper := func(w string) bool {
		return slices.ContainsFunc(Lexicon("proper"), func(p Word) bool { return p.Word == w })
	}
	var changes []Change
	var first Span
	for _, m := range capitalised.FindAllStringIndex(c.English, -1) {
		if w := c.English[m[0]:m[1]]; !proper(w) {
			span := EnglishWords(m[0], m[1])
			if changes == nil {
				first = span
			}
			changes = append(changes, Change{span, strings.ToLower(w)})
		}
	}
	if changes != nil {
		c.Flag(first, "英文对应词用小写：“%[1]s”（专有名词除外）", "English equivalents are in lower case, but for proper names: %[1]s", c.English).
			Mend("改为小写 · write it in lower case", changes...)
	}
	if i := strings.IndexAny(c.English, "*_"); i >= 0 {
		c.Flag(EnglishWords(i, i+1), "英文对应词不用斜体（拉丁学名除外）", "English equivalents are upright, but for Latin names")
	}
}

// mostTerms bounds the terms whose uses are counted.
const mostTerms = 500

// usedTerms: a term is defined because the text uses it, twice or more besides its
// own entry. A terminology standard is there for others to use its terms.
func usedTerms(t *Text) {
	chapter := t.Terms()
	if chapter == nil || len(chapter.Clauses) == 0 || function(t.Header.Title) == "术语" {
		return
	}
	uses := map[string]int{}
	var terms []*editor.Clause
	for _, x := range t.All {
		if x.Kind == editor.Term && x.Title != "" && len(terms) < mostTerms {
			terms = append(terms, x)
		}
	}
	for _, x := range t.All {
		for _, term := range terms {
			if x != term && uses[term.Title] < 2 {
				uses[term.Title] += strings.Count(x.Title, term.Title) + strings.Count(x.Text, term.Title)
			}
		}
	}
	for _, x := range terms {
		if n := uses[x.Title]; n < 2 {
			t.Flag(x, TitleWords(0, len(x.Title)), "术语“%[1]s”在条目之外只用了 %[2]d 次，不必界定，或请在文中使用", "the term %[1]s is used %[2]d times besides its entry: it need not be defined, or use it", x.Title, n)
		}
	}
}

func wordingOfDefinition(c *Clause) {
	if c.Kind != editor.Term {
		return
	}
	for _, b := range c.Blocks() {
		if b.Kind != editor.Paragraph {
			continue
		}
		at := c.At(b)
		for _, w := range Lexicon("definition") {
			if !strings.HasPrefix(b.Text, w.Word) || beginsWithAny(b.Text[len(w.Word):], w.NotBefore) {
				continue
			}
			f := c.Flag(Words(at, at+len(w.Word)), "定义不以“%[1]s”开头，应能在句中替代术语", "a definition does not begin with %[1]s: it can stand for its term in a sentence", w.Word)
			if slices.Contains([]string{"是指", "系指", "指的是", "是", "指"}, w.Word) {
				f.Mend("删去“"+w.Word+"” · take out "+w.Word, Change{Words(at, at+len(w.Word)), ""})
			}
			return
		}
		if rest, ok := strings.CutPrefix(b.Text, c.Title); ok && c.Title != "" && beginsWithAny(rest, []string{"是", "指", "，是", "，指", "为"}) {
			c.Flag(Words(at, at+len(c.Title)), "定义不重复术语“%[1]s”，应能在句中替代它", "a definition does not repeat the term %[1]s: it can stand for it in a sentence", c.Title)
		}
		if strings.HasSuffix(b.Text, "的术语。") || strings.HasSuffix(b.Text, "的总称。") && strings.Count(b.Text, "") < 8 {
			c.Flag(Words(at, at+len(b.Text)), "定义说明概念，不说“……的术语”", "a definition says what the concept is, not what the word stands for")
		}
		return
	}
}

var sourceForm = regexp.MustCompile(`^[A-Z][A-Z0-9/]*[ ]?[\d.]+(?:—|:)\d{4}，(?:\d+(?:\.\d+)*|[A-Z]\.\d+(?:\.\d+)*|定义[ ]?\d[\d.]*)(?:，(?:有修改|定义有修改|修改))?$`)

func sourceOfTerm(c *Clause) {
	for _, b := range c.Blocks() {
		if b.Kind != editor.Source {
			continue
		}
		whole := Words(b.Start, b.Start+len(strings.TrimRight(c.Text[b.Start:b.End], " \u3000\n")))
		if refs := editor.References(b.Text); len(refs) == 0 || refs[0].Reference.Standard == "" || refs[0].Start > 0 {
			continue
		}
		written := strings.Trim(c.Text[b.Start:b.End], " \u3000\n")
		switch right := "［来源：" + b.Text + "］"; {
		case !sourceForm.MatchString(b.Text):
			c.Flag(whole, "来源写“［来源：GB/T ×××××—××××，3.1］”，有改动的加“，有修改”", "a source reads ［来源：GB/T ×××××—××××，3.1］, with ，有修改 where the wording was changed")
		case written != right:
			c.Flag(whole, "来源用全角方括号：“%[1]s”", "a source stands in full-width brackets: %[1]s", right).
				Mend("改为全角方括号 · write full-width brackets", Change{whole, right})
		}
	}
}

// definedTwice compares the definitions with those of the listed standards that the
// library holds.
func definedTwice(t *Text) {
	library, chapter, list := t.Options.Library, t.Terms(), t.Find(editor.Chapter, "规范性引用文件")
	if library == nil || chapter == nil || list == nil {
		return
	}
	for _, e := range listedIn(list, t.Facts(list), true) {
		if e.Standard == "" {
			continue
		}
		known, ok := library.Standard(dated(&e.Reference))
		if !ok {
			continue
		}
		for _, x := range t.All {
			theirs, defined := known.Terms[x.Title]
			if x.Kind != editor.Term || !defined || strings.Contains(x.Text, "来源：") {
				continue
			}
			if ours, at := firstParagraph(t.Facts(x)); ours != "" && bareDefinition(ours) != bareDefinition(theirs) {
				t.Flag(x, at, "%[1]s 对“%[2]s”另有定义：“%[3]s”，请一致或改用别的术语", "%[1]s defines %[2]s otherwise: %[3]s; agree with it or take another term", known.Number, x.Title, shorten(theirs))
			}
		}
	}
}

func bareDefinition(s string) string { return strings.Trim(squash(s), "。.") }

func shorten(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// symbol is what a line of a list of symbols explains: GIS：地理信息系统, T——及时率.
var symbol = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9/-]*)[ ]?(?:：|:|——|—)`)

// sortedSymbols holds a list of symbols or abbreviations to the order of the alphabet,
// without numbers.
func sortedSymbols(c *Clause) {
	if !isSymbols(c.Top.Title) && !isSymbols(c.Title) || c.Top.Kind != editor.Chapter {
		return
	}
	last, lead := "", true
	for _, b := range c.Blocks() {
		if b.Kind == editor.Table || b.Kind == editor.Note {
			continue
		}
		if lead && b.Kind == editor.Paragraph && strings.HasSuffix(b.Text, "适用于本文件。") {
			lead = false
			continue
		}
		if b.Label != "" && b.Kind == editor.Item && b.Label != "——" {
			span := Words(b.Start, c.At(b))
			c.Flag(span, "符号和缩略语不编号，请删去“%[1]s”", "symbols and abbreviations have no numbers: take out %[1]s", b.Label).Mend("删去 · take it out", Change{span, ""})
		}
		at := c.At(b)
		for l := range strings.SplitAfterSeq(b.Text, "\n") {
			if m := symbol.FindStringSubmatchIndex(l); m != nil {
				now := l[m[2]:m[3]]
				if last != "" && strings.ToLower(now) < strings.ToLower(last) {
					c.Flag(Words(at+m[2], at+m[3]), "“%[1]s”应在“%[2]s”之前：按字母顺序排列", "%[1]s stands before %[2]s: in the order of the alphabet", now, last)
				}
				last = now
			}
			at += len(l)
		}
	}
}

var abbreviation = regexp.MustCompile(`\b[A-Z]{2,8}\b`)

// unexplainedAbbreviations flags the first use of an abbreviation that no chapter lists
// and no bracket explains.
func unexplainedAbbreviations(t *Text) {
	explained := map[string]bool{}
	for _, w := range Lexicon("known") {
		explained[w.Word] = true
	}
	for _, x := range t.All {
		if top := t.Top(x); isSymbols(x.Title) || isSymbols(top.Title) || x.Kind == editor.Term {
			for _, w := range abbreviation.FindAllString(x.Title+" "+x.English+" "+x.Text, -1) {
				explained[w] = true
			}
		}
	}
	for _, x := range t.All {
		if !t.Binding(x) || isSymbols(t.Top(x).Title) || isTerms(t.Top(x).Title) {
			continue
		}
		for _, m := range t.Facts(x).Matches(abbreviation) {
			word := x.Text[m[0]:m[1]]
			if explained[word] || !standsAlone(t.Facts(x), x.Text, m[0], m[1]) {
				continue
			}
			explained[word] = true
			if beginsWithAny(x.Text[m[1]:], []string{"（", "("}) || endsWithAny(x.Text[:m[0]], []string{"（", "(", "简称", "简称“", "简称为", "，"}) && strings.HasPrefix(x.Text[m[1]:], "）") {
				continue
			}
			t.Flag(x, Words(m[0], m[1]), "缩略语“%[1]s”未说明，请列入“缩略语”或在首次出现时写出全称", "the abbreviation %[1]s is not explained: list it, or write it out where it first stands", word)
		}
	}
}

// standsAlone tells an abbreviation of the text from the code of a standard, a part of
// a formula, of an address or of a longer word.
func standsAlone(facts *Facts, text string, start, end int) bool {
	if overlapsFact(facts.References(), start, end) || overlapsFact(facts.Quantities(), start, end) || inLink(text, start) {
		return false
	}
	if start > 0 && strings.IndexByte("/-_.#\\$", text[start-1]) >= 0 || end < len(text) && strings.IndexByte("/-_.\\0123456789", text[end]) >= 0 {
		return false
	}
	b := facts.blockAt(start)
	return b.Kind != editor.Formula && b.Kind != editor.Figure && !strings.HasPrefix(b.Text, "式中")
}
