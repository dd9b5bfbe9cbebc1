package check

import (
	"regexp"
	"strings"

	"tongbiao/editor"
)

// annexRules look at annexes (GB/T 1.1—2020, 8.11 and 9.4).
var annexRules = []Rule{
	{ID: "ANX-01", Text: annexesInOrder},
	{ID: "ANX-02", Text: mentionedAnnexes},
	{ID: "ANX-04", Clause: elementsInAnnex},
}

// annexMention is a place that mentions an annex or something in it.
type annexMention struct {
	clause     *editor.Clause
	index      int // of the clause in reading order
	start, end int
}

// annexMentions are the places outside an annex that mention it, by annex, in the
// order of the text.
func annexMentions(t *Text) map[*editor.Clause][]annexMention {
	annexes := map[string]*editor.Clause{}
	for _, x := range t.All {
		top := t.Top(x)
		if top.Kind != editor.Annex {
			continue
		}
		annexes[x.ID] = top
		if x == top {
			annexes[x.Number] = x
		}
		if holdsNumbered(x.Text) {
			for _, b := range t.Facts(x).Blocks() {
				if b.ID != "" {
					annexes[b.ID] = top
					annexes[b.Number] = top
				}
			}
		}
	}
	out := map[*editor.Clause][]annexMention{}
	if len(annexes) == 0 {
		return out
	}
	for i, x := range t.All {
		top := t.Top(x)
		if top.Kind == editor.Foreword || top.Kind == editor.Bibliography || top.Kind == editor.Index {
			continue
		}
		put := func(key string, start, end int) {
			if a := annexes[key]; a != nil && a != top {
				out[a] = append(out[a], annexMention{x, i, start, end})
			}
		}
		for _, f := range t.Facts(x).References() {
			if r := f.Reference; r.ID != "" {
				put(r.ID, f.Start, f.End)
			} else if r.Clause != "" {
				put(r.Clause, f.Start, f.End)
			}
		}
		for _, m := range annexObject.FindAllStringIndex(x.Text, -1) {
			put(squash(x.Text[m[0]:m[1]]), m[0], m[1])
		}
	}
	return out
}

var annexObject = regexp.MustCompile(`[表图][ ]?[A-Z]\.\d+`)

// annexesInOrder: the letters of annexes follow the order in which the text first
// mentions them; each has a title.
func annexesInOrder(t *Text) {
	mentions := annexMentions(t)
	var last *editor.Clause
	for _, x := range t.Clauses {
		if x.Kind != editor.Annex {
			continue
		}
		if x.Title == "" {
			t.Flag(x, Heading, "附录没有标题，请添加", "the annex has no title: add one")
		}
		if x.Fixed != "" {
			t.Flag(x, Heading, "附录的字母不连续，请从 A 起连续编号", "letters of annexes follow on from A: number them so")
		}
		if len(mentions[x]) == 0 {
			continue
		}
		if last != nil && firstPlace(mentions[x]).before(firstPlace(mentions[last])) {
			t.Flag(x, Heading, "%[1]s在文中比%[2]s先提及，请按首次提及的次序排列附录", "%[1]s is mentioned before %[2]s: annexes stand in the order in which they are first mentioned", x.Number, last.Number)
		}
		last = x
	}
}

func firstPlace(ms []annexMention) position {
	first := position{ms[0].index, ms[0].start}
	for _, m := range ms[1:] {
		if p := (position{m.index, m.start}); p.before(first) {
			first = p
		}
	}
	return first
}

// mentionedAnnexes: each annex is mentioned; a normative one by a requirement or an
// instruction, an informative one otherwise.
func mentionedAnnexes(t *Text) {
	mentions := annexMentions(t)
	for _, x := range t.Clauses {
		if x.Kind != editor.Annex {
			continue
		}
		ms := mentions[x]
		if len(ms) == 0 {
			t.Flag(x, Heading, "文中没有提及%[1]s，请引用，如“见[](#%[2]s)”", "%[1]s is not mentioned: refer to it, e.g. 见[](#%[2]s)", x.Number, x.ID)
			continue
		}
		bound := false
		for _, m := range ms {
			binding := t.bindsBy(m)
			bound = bound || binding
			if x.Informative && binding {
				t.Flag(m.clause, Words(m.start, m.end), "%[1]s是资料性附录，不能要求符合它：请改为“见%[1]s”或“参照%[1]s”，或改为规范性附录", "%[1]s is informative, conformity with it cannot be required: refer to it by 见, or make it normative", x.Number).Lesser()
			}
		}
		if !x.Informative && !bound {
			t.Flag(x, Heading, "%[1]s是规范性附录，请在要求或指示中提及（如“应符合%[1]s的规定”），或改为资料性附录", "%[1]s is normative: mention it in a requirement or an instruction (应符合…), or make it informative", x.Number).Lesser()
		}
	}
}

// bindsBy tells whether a mention makes an annex part of a requirement: 应符合附录A, 按
// 附录A进行, 按照附录A计算.
func (t *Text) bindsBy(m annexMention) bool {
	if !t.Binding(m.clause) {
		return false
	}
	facts := t.Facts(m.clause)
	if k := facts.blockAt(m.start).Kind; k == editor.Note || k == editor.Example {
		return false
	}
	start, end := phrase(m.clause.Text, m.start)
	before := m.clause.Text[start:m.start]
	if citesInformatively.MatchString(before) || strings.HasSuffix(before, "见") {
		return false
	}
	if citesNormatively.MatchString(before) {
		for _, w := range []string{"宜", "可"} {
			if strings.Contains(before, w) && !strings.Contains(before, "应") {
				return false
			}
		}
		return true
	}
	return strings.Contains(m.clause.Text[start:end], "应")
}

func elementsInAnnex(c *Clause) {
	if c.Top.Kind != editor.Annex || c.Level < 2 {
		return
	}
	switch c.Title {
	case "范围", "规范性引用文件", "术语和定义":
		c.Flag(Heading, "附录内不设“%[1]s”，请并入正文的相应章", "an annex has no %[1]s of its own: move it to that chapter", c.Title)
	}
}
