package check

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
)

// frontRules look at cover, foreword and introduction (GB/T 1.1—2020, 8.1 to 8.4).
var frontRules = []Rule{
	{ID: "COV-01", Text: factsOfCover, Staged: true},
	{ID: "COV-02", Text: replacedOnCover},
	{ID: "COV-03", Text: englishTitle},
	{ID: "COV-04", Text: degreeOfAdoption},
	{ID: "COV-05", Text: callForPatents, Staged: true},
	{ID: "COV-06", Text: datesOfCover},
	{ID: "FOR-01", Clause: contentOfForeword},
	{ID: "FOR-02", Clause: orderOfForeword},
	{ID: "FOR-03", Clause: draftingBasis},
	{ID: "FOR-04", Clause: firstEdition},
	{ID: "FOR-05", Clause: listOfChanges},
	{ID: "INT-01", Clause: requirementsInIntroduction},
}

// factsOfCover asks for what the cover says as soon as the stage lets it be known.
func factsOfCover(t *Text) {
	h := t.Header
	if h.Kind == "enterprise" {
		return
	}
	for _, f := range []struct {
		key, zh, en string
		missing     bool
		since       string // the stage from which it must be there
	}{
		{"kind", "级别（kind）", "level (kind)", h.Kind == "", "consultation"},
		{"ics", "ICS 号", "ICS", len(h.ICS) == 0, "consultation"},
		{"ccs", "CCS 号", "CCS", len(h.CCS) == 0, "consultation"},
		{"number", "标准编号", "number", len(h.Numbers) == 0, "published"},
		{"published", "发布日期", "date of publication", h.Published == "", "published"},
		{"effective", "实施日期", "effective date", h.Effective == "", "published"},
		{"issuer", "发布机构", "issuer", h.Issuer == "", "published"},
	} {
		if f.missing && stageRank(t.Stage) >= stageRank(f.since) {
			found := t.Flag(nil, Key(f.key), "封面缺少%[1]s，请在文件头写 %[2]s", "the cover lacks the %[3]s: write %[2]s in the front matter", f.zh, f.key, f.en)
			if stageRank(t.Stage) < stageRank("published") {
				found.Lesser()
			}
		}
	}
}

// widestReplaced is about how many characters of replaced numbers fit on one line.
const widestReplaced = 48

func replacedOnCover(t *Text) {
	line := strings.Join(t.Header.Replaces, "，")
	if utf8.RuneCountInString(line) > widestReplaced {
		t.Flag(nil, Key("replaces"), "封面上被代替文件只占一行，其余请写在前言中", "what is replaced takes one line of the cover: name the rest in the foreword")
	}
	x := t.Find(editor.Foreword)
	if x == nil {
		return
	}
	i := strings.Index(x.Text, "代替")
	switch {
	case i >= 0 && line == "" && strings.HasPrefix(x.Text[i:], "代替") && strings.Contains(lineAt(x.Text, i), "本文件"):
		t.Flag(x, Words(i, i+len("代替")), "前言写了代替关系，封面没有，请在文件头写 replaces", "the foreword says what is replaced, the cover does not: write replaces in the front matter")
	case i < 0 && line != "":
		t.Flag(x, Heading, "封面写了代替 %[1]s，前言没有说明，请补写代替关系和主要技术变化", "the cover says that %[1]s is replaced, the foreword does not: say so, with the main technical changes", line)
	}
}

// lineAt is the line of a text in which a byte stands.
func lineAt(text string, i int) string {
	start := strings.LastIndexByte(text[:i], '\n') + 1
	if end := strings.IndexByte(text[i:], '\n'); end >= 0 {
		return text[start : i+end]
	}
	return text[start:]
}

func englishTitle(t *Text) {
	if (t.Header.Kind == "national" || t.Header.Kind == "industry") && t.Header.English == "" {
		t.Flag(nil, Key("title"), "国家标准、行业标准的封面有英文名称，请在文件头写 title_en", "the cover of a national or industry standard has an English title: write title_en in the front matter")
	}
}

var degree = regexp.MustCompile(`(?i)\b(IDT|MOD|NEQ)\b`)

func degreeOfAdoption(t *Text) {
	for _, a := range t.Header.Adopts {
		if !degree.MatchString(a) {
			t.Flag(nil, Key("adopts"), "采用的 %[1]s 没有标明一致性程度，请加 IDT、MOD 或 NEQ", "%[1]s is adopted without its degree of consistency: add IDT, MOD or NEQ", a)
		}
	}
}

// patentCall is what the cover of a draft asks of its readers.
const patentCall = "在提交反馈意见时，请将您知道的相关专利连同支持性文件一并附上。"

func callForPatents(t *Text) {
	if t.Stage != "consultation" && t.Stage != "review" || strings.Contains(t.Header.Notice, "专利") {
		return
	}
	f := t.Flag(nil, Key("notice"), "征求意见稿和送审稿的封面应征集专利信息，请在文件头 notice 写“%[1]s”", "the cover of a draft for comment or review calls for patent information: write it as notice in the front matter: %[1]s", patentCall)
	if t.Header.Notice == "" {
		f.Mend("在文件头加 notice · add the notice to the front matter", Change{BelowHeader, "\nnotice: " + patentCall})
	}
}

func datesOfCover(t *Text) {
	if p, e := t.Header.Published, t.Header.Effective; len(p) == len("2026-01-01") && len(e) == len(p) && e < p {
		t.Flag(nil, Key("effective"), "实施日期 %[1]s 早于发布日期 %[2]s，请核对", "the effective date %[1]s is before publication on %[2]s: check them", e, p)
	}
}

func contentOfForeword(c *Clause) {
	if c.Kind != editor.Foreword {
		return
	}
	if !c.Leaf {
		c.Flag(Heading, "前言不分条，请改为段", "the foreword has no subclauses: make them paragraphs")
	}
	for _, b := range c.Blocks() {
		switch b.Kind {
		case editor.Table, editor.Figure, editor.Formula:
			c.Flag(Words(b.Start, b.End), "前言不得有图、表和公式，请移出", "the foreword has no figures, tables or formulas: move them")
			continue
		}
		if aboutPatents(b.Text) || reportsChange(b.Text) {
			continue
		}
		at := c.At(b)
		for _, f := range editor.Modalities(b.Text) {
			if f.Modality != editor.Encouragement {
				c.Flag(Words(at+f.Start, at+f.End), "前言不得含要求、推荐和允许（“%[1]s”），请移到相应的章", "the foreword holds no requirement, recommendation or permission (%[1]s): move it to its chapter", b.Text[f.Start:f.End])
			}
		}
	}
}

// forewordParts recognise what a paragraph of the foreword is about, in their order
// (8.3).
var forewordParts = []*regexp.Regexp{
	regexp.MustCompile(`按照 ?GB/T 1\.1`),
	regexp.MustCompile(`^本文件是.*的第\d+部分`),
	regexp.MustCompile(`^本文件(代替|与)`),
	regexp.MustCompile(`^本文件(等同|修改|非等效)采用`),
	regexp.MustCompile(`涉及专利`),
	regexp.MustCompile(`^本文件由.*(提出|归口)`),
	regexp.MustCompile(`^本文件(主要)?起草单位`),
	regexp.MustCompile(`^本文件(主要)?起草人`),
	regexp.MustCompile(`历次版本|首次发布`),
}

func orderOfForeword(c *Clause) {
	if c.Kind != editor.Foreword {
		return
	}
	last := -1
	for _, b := range c.Blocks() {
		if b.Kind != editor.Paragraph {
			continue
		}
		at := slices.IndexFunc(forewordParts, func(r *regexp.Regexp) bool { return r.MatchString(b.Text) })
		if at < 0 {
			continue
		}
		if at < last {
			start := c.At(b)
			c.Flag(Words(start, start+len(b.Text)), "前言的次序为起草依据、与其他文件的关系、代替和主要技术变化、与国际文件的关系、专利、提出和归口、起草单位、起草人、历次版本，请把这一段前移", "this paragraph of the foreword comes too late: basis, relation to other documents, replacement and changes, international documents, patents, proposer, drafting organisations, drafters, earlier editions is the order")
		}
		last = max(last, at)
	}
}

const basis = "本文件按照GB/T 1.1—2020《标准化工作导则　第1部分：标准化文件的结构和起草规则》的规定起草。"

func draftingBasis(c *Clause) {
	if c.Kind != editor.Foreword {
		return
	}
	for _, b := range c.Blocks() {
		if b.Kind != editor.Paragraph || !strings.Contains(squash(b.Text), "GB/T1.1") {
			continue
		}
		if !strings.Contains(squash(b.Text), squash(basis)) {
			at := Words(c.At(b), c.At(b)+len(b.Text))
			f := c.Flag(at, "起草依据请照录：“%[1]s”", "the drafting basis has a fixed wording: %[1]s", basis)
			if strings.Count(b.Text, "。") <= 1 {
				f.Mend("改为固定语句 · write the fixed sentence", Change{at, basis})
			}
		}
		return
	}
	c.Flag(Heading, "前言缺少起草依据，请写“%[1]s”", "the foreword does not name its drafting basis: write %[1]s", basis).
		Mend("加上固定语句 · add the fixed sentence", Change{Below, "\n\n" + basis})
}

const first = "本文件为首次发布。"

var firstOther = regexp.MustCompile(`本(标准|文件|规范|规程|指南)(?:系|是|属于?|为)?(?:首次|第一次)(?:发布|制定|编制)(?:的)?。?`)

func firstEdition(c *Clause) {
	if c.Kind != editor.Foreword || len(c.Header.Replaces) > 0 || strings.Contains(c.Text, "代替") || strings.Contains(c.Text, first) || strings.Contains(c.Text, "历次版本") {
		return
	}
	if m := firstOther.FindStringIndex(c.Text); m != nil {
		at := Words(m[0], m[1])
		c.Flag(at, "首次发布请写“%[1]s”", "a first edition says %[1]s", first).Mend("改为“"+first+"” · write "+first, Change{at, first})
		return
	}
	f := c.Flag(Heading, "首次发布的文件请在前言最后写“%[1]s”，代替其他文件的请写代替关系", "a first edition says so at the end of the foreword: %[1]s; one that replaces another says what it replaces", first)
	if end := len(strings.TrimRight(c.Text, " \u3000\t\n")); c.Leaf && end > 0 {
		f.Mend("在前言最后加上 · add it at the end", Change{Words(end, end), "\n\n" + first})
	}
}

func listOfChanges(c *Clause) {
	if c.Kind != editor.Foreword {
		return
	}
	i := strings.Index(c.Text, "本文件代替")
	if i < 0 {
		return
	}
	changes := 0
	for _, b := range c.Blocks() {
		if b.Kind == editor.Paragraph && strings.Contains(b.Text, "历次版本") {
			break // its list is of editions, not of changes
		}
		if b.Kind != editor.Item || b.Start < i || b.Level > 1 {
			continue
		}
		changes++
		if !strings.Contains(b.Text, "见") && !strings.Contains(b.Text, "](#") && !strings.HasSuffix(strings.TrimSpace(b.Text), "：") {
			at := c.At(b)
			c.Flag(Words(at, at+len(b.Text)), "技术变化请注明所在条款：（见 x.x，××××年版的 x.x）", "a change names its clauses: （见 x.x，××××年版的 x.x）")
		}
	}
	if changes == 0 {
		c.Flag(Words(i, i+len("本文件代替")), "代替其他文件时请逐项列出主要技术变化", "where another document is replaced the main technical changes are listed one by one")
	}
}

func requirementsInIntroduction(c *Clause) {
	if c.Top.Kind != editor.Introduction {
		return
	}
	for _, f := range c.Modalities() {
		if f.Modality == editor.Obligation || f.Modality == editor.Prohibition {
			c.Flag(Words(f.Start, f.End), "引言不得含要求（“%[1]s”），请移到相应的章", "the introduction holds no requirement (%[1]s): move it to its chapter", c.Text[f.Start:f.End])
		}
	}
}
