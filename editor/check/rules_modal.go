package check

import (
	"strings"
	"sync"
	"unicode/utf8"

	"tongbiao/editor"
)

// modalRules look at the words that say how binding a provision is (GB/T 1.1—2020,
// annex C).
var modalRules = []Rule{
	{ID: "MOD-01", Clause: mustWords},
	{ID: "MOD-02", Clause: forbiddingWords},
	{ID: "MOD-03", Clause: weakenedWords},
	{ID: "MOD-04", Clause: hedgedWords},
	{ID: "MOD-05", Clause: obeyOrConform},
	{ID: "MOD-06", Clause: kindOfProvision},
	{ID: "MOD-07", Clause: informativeProvision},
	{ID: "MOD-08", Clause: vagueRequirement},
	{ID: "MOD-10", Clause: manyProvisions},
}

// guards are the words of the lexicon of MOD-09 by the modal runes they begin or
// hold: what stands inside one of them is no modal word.
var guards = sync.OnceValue(func() map[rune][]string {
	m := map[rune][]string{}
	for _, w := range Lexicon("guards") {
		for _, r := range "应宜可不须必禁" {
			if strings.ContainsRune(w.Word, r) {
				m[r] = append(m[r], w.Word)
			}
		}
	}
	return m
})

// guarded tells whether the modal word that begins at i is only part of another
// word: 供应链, 不可抗力, 适宜.
func guarded(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	for _, w := range guards()[r] {
		for at := 0; at < len(w); {
			k := strings.IndexRune(w[at:], r)
			if k < 0 {
				break
			}
			k += at
			if i >= k && strings.HasPrefix(text[i-k:], w) {
				return true
			}
			at = k + utf8.RuneLen(r)
		}
	}
	return false
}

// modals are the modal words of a block: not those inside another word, not those
// in quotation marks, not encouragement, which standards do not know.
func (f *Facts) modals(b editor.Block) []editor.Fact {
	if !f.have[4] {
		f.have[4] = true
		quotes := quotations{text: f.text}
		for _, m := range f.Modalities() {
			if m.Modality != editor.Encouragement && !guarded(f.text, m.Start) && !quotes.hold(m.Start) {
				f.provisions = append(f.provisions, m)
			}
		}
	}
	start := f.At(b)
	return inside(f.provisions, start, start+len(b.Text))
}

func mustWords(c *Clause) {
	for b := range c.Normative() {
		at := c.At(b)
		for _, w := range Lexicon("must") {
			for _, i := range w.Find(b.Text) {
				if i += at; guarded(c.Text, i) || restatesLaw(c.Text, i) {
					continue
				}
				span := Words(i, i+len(w.Word))
				f := c.Flag(span, "标准中的要求用“应”，不用“%[1]s”；复述法律法规的，写明出处并单独成条", "a requirement is worded 应, not %[1]s; where a law is restated, name it and give it a clause of its own", w.Word)
				switch {
				case strings.HasSuffix(c.Text[:i], "应"):
					f.Mend("删去“"+w.Word+"” · take out "+w.Word, Change{span, ""})
				case w.Instead != "":
					f.Mend("改为“"+w.Instead+"” · write "+w.Instead, Change{span, w.Instead})
				}
			}
		}
	}
}

// restatesLaw tells whether a sentence names the law that it restates.
func restatesLaw(text string, i int) bool {
	start, end := sentence(text, i)
	for _, w := range []string{"条例", "》第", "法》", "办法》", "规定》", "法律规定", "法规规定", "法律、行政法规"} {
		if strings.Contains(text[start:end], w) {
			return true
		}
	}
	return false
}

func forbiddingWords(c *Clause) {
	for b := range c.Normative() {
		at := c.At(b)
		for _, w := range Lexicon("forbid") {
			for _, i := range w.Find(b.Text) {
				if i += at; guarded(c.Text, i) || strings.HasSuffix(c.Text[:i], "应") || !holdsFact(c.Modalities(), i, i+len(w.Word)) {
					continue // a part of another word, or of a noun: 禁止停车的路段
				}
				span := Words(i, i+len(w.Word))
				f := c.Flag(span, "“%[1]s”请改为“不应”（2020 年版不再列“不得”）", "%[1]s should read 不应 (the 2020 edition no longer lists 不得)", w.Word)
				if w.Instead != "" {
					f.Mend("改为“"+w.Instead+"” · write "+w.Instead, Change{span, w.Instead})
				}
			}
		}
	}
}

// requires tells the modal words of a requirement and of its contrary.
func requires(text string, m editor.Fact) bool {
	switch text[m.Start:m.End] {
	case "应", "应当", "应该", "不应", "不应当", "不应该":
		return true
	}
	return false
}

func weakenedWords(c *Clause) {
	for b := range c.Normative() {
		for _, m := range c.modals(b) {
			if !requires(c.Text, m) {
				continue
			}
			for _, w := range Lexicon("weak") {
				rest := c.Text[m.End:]
				if !strings.HasPrefix(rest, w.Word) || beginsWithAny(rest[len(w.Word):], w.NotBefore) {
					continue
				}
				f := c.Flag(Words(m.Start, m.End+len(w.Word)), "“应”与“%[1]s”连用则无法证实，推荐请用“宜”，要求请写明条件", "a requirement with %[1]s cannot be verified: write 宜 for a recommendation, or say when it holds", w.Word)
				if m.Modality == editor.Obligation {
					f.Mend("改为“宜” · write 宜", Change{Words(m.Start, m.End), "宜"})
				}
				break
			}
		}
	}
}

func hedgedWords(c *Clause) {
	for b := range c.Normative() {
		at := c.At(b)
		for _, m := range c.modals(b) {
			if !requires(c.Text, m) {
				continue
			}
			before := strings.TrimSuffix(c.Text[at:m.Start], "，")
			for _, w := range Lexicon("hedge") {
				if !strings.HasSuffix(before, w.Word) {
					continue
				}
				instead := "宜"
				if m.Modality == editor.Prohibition {
					instead = "不宜"
				}
				span := Words(at+len(before)-len(w.Word), m.End)
				c.Flag(span, "“%[1]s”不与“%[2]s”连用，推荐请用“%[3]s”", "%[1]s does not go with %[2]s: a recommendation is worded %[3]s", w.Word, c.Text[m.Start:m.End], instead).
					Mend("改为“"+instead+"” · write "+instead, Change{span, instead})
				break
			}
		}
	}
}

// obeyOrConform looks at who is said to 遵守 and what is said to 符合. It only speaks
// where the subject stands right before the modal word.
func obeyOrConform(c *Clause) {
	for b := range c.Normative() {
		for _, m := range c.modals(b) {
			if !requires(c.Text, m) {
				continue
			}
			if rest := c.Text[m.End:]; !strings.HasPrefix(rest, "遵守") && !strings.HasPrefix(rest, "符合") {
				continue
			}
			start, end := phrase(c.Text, m.Start)
			subject, rest := c.Text[start:m.Start], c.Text[m.End:end]
			span := Words(m.End, m.End+len("遵守"))
			switch {
			case strings.HasPrefix(rest, "遵守") && endsWithLexicon(subject, "thing"):
				c.Flag(span, "物用“符合”，“遵守”用于人和组织", "things conform (符合), people and organisations comply (遵守)").
					Mend("改为“符合” · write 符合", Change{span, "符合"})
			case strings.HasPrefix(rest, "符合") && endsWithLexicon(subject, "person") && namesRules(rest):
				c.Flag(span, "人和组织用“遵守”，“符合”用于物", "people and organisations comply (遵守), things conform (符合)").
					Mend("改为“遵守” · write 遵守", Change{span, "遵守"})
			}
		}
	}
}

func beginsWithLexicon(s, name string) bool {
	for _, w := range Lexicon(name) {
		if strings.HasPrefix(s, w.Word) {
			return true
		}
	}
	return false
}

func endsWithLexicon(s, name string) bool {
	for _, w := range Lexicon(name) {
		if strings.HasSuffix(s, w.Word) {
			return true
		}
	}
	return false
}

// namesRules tells whether what a sentence says speaks of a document or of rules of
// conduct.
func namesRules(s string) bool {
	for _, w := range []string{"规程", "守则", "纪律", "法律", "法规", "制度"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	refs := editor.References(s)
	return len(refs) > 0 && refs[0].Reference.Standard != ""
}

// kindOfProvision holds clauses of a general kind to the provisions that their
// titles announce (GB/T 1.1—2020, 8.9).
func kindOfProvision(c *Clause) {
	if !c.Binding() {
		return
	}
	title := c.governs()
	has := false
	for b := range c.Normative() {
		for _, m := range c.modals(b) {
			word, span := c.Text[m.Start:m.End], Words(m.Start, m.End)
			duty := m.Modality == editor.Obligation || m.Modality == editor.Prohibition
			has = has || duty
			switch title {
			case "总体原则", "总则", "原则", "基本原则":
				if duty {
					c.Flag(span, "“%[1]s”不含要求（“%[2]s”），请改为推荐或陈述，或移到“总体要求”", "%[1]s holds no requirement (%[2]s): recommend or state, or move it to 总体要求", title, word)
				}
			case "总体要求", "通用要求":
				if !duty {
					c.Flag(span, "“%[1]s”只含要求，“%[2]s”请改为“应”或移到其他章条", "%[1]s holds requirements only: turn %[2]s into 应 or move it", title, word)
				}
			case "概述":
				c.Flag(span, "“概述”只作陈述，不含“%[1]s”，请移到其他章条", "an overview only states: move what says %[1]s", word)
			}
		}
	}
	if c.Title == "通则" && c.Leaf && !has && c.Text != "" {
		c.Flag(Heading, "“通则”至少有一项要求，请用“应”写明或改标题", "通则 holds at least one requirement: word it with 应 or change the title")
	}
}

// governs is the title that says what kind of provisions a clause holds: its own, or
// of what surrounds it.
func (c *Clause) governs() string {
	for _, t := range []string{c.Title, c.Parent.Title, c.Top.Title} {
		switch t {
		case "总体原则", "总则", "原则", "基本原则", "总体要求", "通用要求", "概述":
			return t
		}
	}
	return ""
}

// informativeProvision looks for provisions where there may be none: definitions,
// notes, examples, informative annexes. Foreword, introduction and scope have rules
// of their own.
func informativeProvision(c *Clause) {
	switch c.Top.Kind {
	case editor.Chapter, editor.Annex:
	default:
		return
	}
	if c.Top.Title == "范围" {
		return
	}
	for _, b := range c.Blocks() {
		place, en := "", ""
		switch {
		case b.Kind == editor.Note:
			place, en = "注", "a note"
		case b.Kind == editor.Example:
			place, en = "示例", "an example"
		case b.Kind == editor.Paragraph && c.Kind == editor.Term:
			place, en = "定义", "a definition"
		case c.Informative && b.Kind != editor.Figure && b.Kind != editor.Formula:
			place, en = "资料性附录", "an informative annex"
		default:
			continue
		}
		for _, m := range c.modals(b) {
			c.provides(m, place, en)
		}
	}
}

func (c *Clause) provides(m editor.Fact, place, en string) {
	word, span := c.Text[m.Start:m.End], Words(m.Start, m.End)
	switch {
	case word == "有权" || word == "享有" || word == "方可":
	case m.Modality == editor.Permission && !m.Negative:
		c.Flag(span, "%[1]s不含允许（“%[3]s”），表示能力请用“能”，否则移到条文中", "%[2]s grants no permission (%[3]s): write 能 for what is possible, or move it to a clause", place, en, word)
	default:
		c.Flag(span, "%[1]s不含要求和推荐（“%[3]s”），请改为陈述或移到条文中", "%[2]s holds no requirement or recommendation (%[3]s): state a fact, or move it to a clause", place, en, word)
	}
}

// vagueRequirement flags 应及时, 应足够 where the sentence gives no figure and names no
// clause or document by which it could be verified.
func vagueRequirement(c *Clause) {
	for b := range c.Normative() {
		for _, m := range c.modals(b) {
			if m.Modality != editor.Obligation || !requires(c.Text, m) {
				continue
			}
			word := ""
			for _, w := range Lexicon("vague") {
				if rest := c.Text[m.End:]; strings.HasPrefix(rest, w.Word) && !beginsWithAny(rest[len(w.Word):], w.NotBefore) && len(w.Word) > len(word) {
					word = w.Word
				}
			}
			if word == "" || beginsWithLexicon(c.Text[m.End:], "weak") {
				continue
			}
			if start, end := sentence(c.Text, m.Start); holdsFact(c.Quantities(), start, end) || holdsFact(c.References(), start, end) {
				continue
			}
			c.Flag(Words(m.Start, m.End+len(word)), "“应%[1]s”不可证实，请给出数值、条件或检验方法", "应%[1]s cannot be verified: give a figure, a condition or a method", word)
		}
	}
}

// provisionsAtMost is how many sentences of a clause may provide something before
// dividing it is suggested.
const provisionsAtMost = 4

func manyProvisions(c *Clause) {
	if !c.Leaf || c.Kind == editor.Term {
		return
	}
	n, last, first := 0, 0, Heading // last is where the last of them ends
	for b := range c.Normative() {
		if b.Kind != editor.Paragraph {
			continue
		}
		for _, m := range c.modals(b) {
			if m.Start < last {
				continue
			}
			start, end := within(c.Text, m.Start, "。！？\n")
			last = end
			if n++; n == provisionsAtMost+1 {
				first = Words(start, end)
			}
		}
	}
	if n > provisionsAtMost {
		c.Flag(first, "本条有 %[1]d 项规定，宜分为几条，便于引用、比对和证实", "the clause holds %[1]d provisions: divide it, so that each can be cited, compared and verified", n)
	}
}
