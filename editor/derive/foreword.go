package derive

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/check"
)

// Patents is the call of every foreword (GB/T 1.1—2020, 8.3).
const patents = "请注意本文件的某些内容可能涉及专利。本文件的发布机构不承担识别专利的责任。"

// Parts of a foreword in their order, as check.ForewordPart numbers them.
const (
	partBasis = iota
	partRelation
	partReplaces
	partAdoption
	partPatents
	partProposer
	partUnits
	partDrafters
	partEditions
	parts
)

// Foreword proposes the foreword of a text: its fixed sentences in the order of
// GB/T 1.1—2020, 8.3, with the main technical changes against the edition that it
// replaces (old; nil where it replaces none), each with its place in both. What
// people wrote stays, in its place; what is missing is added and marked as the
// machine's.
func Foreword(d, old *editor.Document) Proposal {
	p := Proposal{Clause: freeID(d, "foreword"), Title: "前言"}
	w := forewordWriter{d: d, old: old}
	for _, c := range d.Clauses {
		if c.Kind == editor.Foreword {
			p.Clause, p.Old = c.ID, c.Text
			w.read(c)
			break
		}
	}
	w.draft()
	for _, part := range w.parts {
		p.Parts = append(p.Parts, part...)
	}
	p.Parts = append(w.first, p.Parts...)
	p.Notes = w.notes
	if p.New = join(p.Parts); sameWords(p.Old, p.New) {
		p.New = p.Old
	}
	p.finish()
	return p
}

// join sets paragraphs apart and the lines of a list below each other.
func join(list []Part) string {
	var b strings.Builder
	for i, part := range list {
		switch {
		case i == 0:
		case isItem(part.Text) && isItem(list[i-1].Text):
			b.WriteString("\n")
		default:
			b.WriteString("\n\n")
		}
		b.WriteString(part.Text)
	}
	return b.String()
}

var itemMark = regexp.MustCompile(`^(?:[a-z]{1,2}\)|——|\s+(?:\d+\)|·))`)

func isItem(s string) bool { return itemMark.MatchString(s) }

type forewordWriter struct {
	d, old *editor.Document
	first  []Part // what stands before the drafting basis and is none of the parts
	parts  [parts][]Part
	notes  []Note
}

// read sorts what people wrote by its part; what is none of them stays with what
// stands before it.
func (w *forewordWriter) read(c *editor.Clause) {
	at := -1
	for _, b := range c.Blocks() {
		text := strings.TrimRight(c.Text[b.Start:b.End], " \n\t")
		if b.Kind == editor.Paragraph {
			if k := check.ForewordPart(b.Text); k >= 0 {
				at = k
			}
		}
		if at < 0 {
			w.first = append(w.first, Part{text, Kept})
			continue
		}
		w.parts[at] = append(w.parts[at], Part{text, Kept})
	}
}

func (w *forewordWriter) say(part int, text string) {
	if len(w.parts[part]) == 0 && text != "" {
		w.parts[part] = []Part{{text, Machine}}
	}
}

func (w *forewordWriter) draft() {
	h := w.d.Header
	w.say(partBasis, check.DraftingBasis)
	w.say(partRelation, relation(h))
	w.changes()
	w.say(partAdoption, adoption(h.Adopts))
	w.say(partPatents, patents)
	w.say(partProposer, proposer(h))
	w.say(partUnits, listOf("本文件起草单位：", extra(h, "drafting_units")))
	w.say(partDrafters, listOf("本文件主要起草人：", extra(h, "drafters")))
	w.editions()
}

var partOfSeries = regexp.MustCompile(`第(\d+)部分`)

func relation(h editor.Header) string {
	m := partOfSeries.FindStringSubmatch(h.Title)
	series, _, ok := strings.Cut(h.Primary(), ".")
	if m == nil || !ok {
		return ""
	}
	return "本文件是" + series + "的第" + m[1] + "部分。"
}

var degrees = map[string]string{"IDT": "等同采用", "MOD": "修改采用", "NEQ": "与其一致性程度为非等效："}

func adoption(adopts []string) string {
	var out []string
	for _, a := range adopts {
		at := strings.LastIndexByte(a, ' ')
		if at < 0 || degrees[a[at+1:]] == "" {
			continue
		}
		out = append(out, "本文件"+degrees[a[at+1:]]+a[:at]+"。")
	}
	return strings.Join(out, "")
}

// extra is a value of the front matter that only some texts have.
func extra(h editor.Header, key string) []string {
	switch v := h.Extra[key].(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, one := range v {
			if s, ok := one.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

func listOf(lead string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return lead + strings.Join(names, "、") + "。"
}

func proposer(h editor.Header) string {
	by, committee := strings.Join(extra(h, "proposed_by"), "、"), strings.Join(extra(h, "committee"), "、")
	switch {
	case by == "" && committee == "":
		return ""
	case by == committee || committee == "":
		return "本文件由" + by + "提出并归口。"
	case by == "":
		return "本文件由" + committee + "归口。"
	}
	return "本文件由" + by + "提出。本文件由" + committee + "归口。"
}

// changes writes what is replaced and what changed. Where people listed changes
// already, those that no line of theirs refers to are added at the end.
func (w *forewordWriter) changes() {
	if w.old == nil {
		return
	}
	number := w.old.Header.Primary()
	items := changesOf(w.old, w.d)
	if len(w.parts[partReplaces]) == 0 {
		name := number
		if name == "" {
			name = "上一版"
		}
		lead := "本文件代替" + name + "《" + w.old.Header.Title + "》，与" + name + "相比，"
		if len(items) == 0 {
			lead += "只有结构调整和编辑性改动。"
		} else {
			lead += "除结构调整和编辑性改动外，主要技术变化如下："
		}
		w.parts[partReplaces] = []Part{{lead, Machine}}
	}
	w.parts[partReplaces] = mark(addItems(w.parts[partReplaces], items))
}

// addItems puts the changes behind those that are listed, less those that they
// speak of: by a reference to the clause, or to the old one where it is gone.
func addItems(list []Part, items []item) []Part {
	said := ""
	for _, part := range list {
		said += part.Text + "\n"
	}
	for _, it := range items {
		if it.saidIn(said) {
			continue
		}
		list = append(list, Part{"——" + it.text + "；", Machine})
	}
	return list
}

var ownMark = regexp.MustCompile(`^(?:[a-z]{1,2}\)|——)\s*`)

// mark gives the lines of a list their letters, ； between them and 。 at the end.
// What stands below a line stays there.
func mark(list []Part) []Part {
	n, last := 0, -1
	for i, part := range list {
		if ownMark.MatchString(part.Text) {
			n++
			last = i
		}
	}
	k := 0
	for i := range list {
		m := ownMark.FindString(list[i].Text)
		if m == "" {
			continue
		}
		text := strings.TrimRight(list[i].Text[len(m):], "；。; ")
		if strings.HasSuffix(text, "：") || strings.Contains(text, "\n") {
			text = list[i].Text[len(m):]
		} else if i == last {
			text += "。"
		} else {
			text += "；"
		}
		label := "——"
		if n <= 26 {
			label = string(rune('a'+k)) + ") "
		}
		list[i].Text = label + text
		k++
	}
	return list
}

var ordinal = regexp.MustCompile(`第([一二三四五六七八九十]+)次修订`)

// editions writes the history of publication, from that of the edition before.
func (w *forewordWriter) editions() {
	if len(w.parts[partEditions]) > 0 {
		return
	}
	if w.old == nil {
		if len(w.d.Header.Replaces) == 0 && len(w.parts[partReplaces]) == 0 {
			w.say(partEditions, check.FirstEdition)
		}
		return
	}
	number, year := w.old.Header.Primary(), yearOf(w.old.Header)
	if number == "" || year == "" {
		return
	}
	lines, times := editionsBefore(w.old)
	if len(lines) == 0 {
		lines = append(lines, "——"+year+"年首次发布为"+number+"；")
	} else {
		times++
		lines = append(lines, fmt.Sprintf("——%s年第%s次修订为%s；", year, editor.Numeral(times), number))
	}
	lines = append(lines, fmt.Sprintf("——本次为第%s次修订。", editor.Numeral(times+1)))
	w.parts[partEditions] = []Part{{"本文件及其所代替文件的历次版本发布情况为：", Machine}}
	for _, l := range lines {
		w.parts[partEditions] = append(w.parts[partEditions], Part{l, Machine})
	}
}

// editionsBefore are the lines of the older foreword's history less its own, and
// how many revisions they tell of.
func editionsBefore(old *editor.Document) (lines []string, times int) {
	i := slices.IndexFunc(old.Clauses, func(c *editor.Clause) bool { return c.Kind == editor.Foreword })
	if i < 0 {
		return nil, 0
	}
	history := false
	for _, b := range old.Clauses[i].Blocks() {
		switch {
		case b.Kind == editor.Paragraph:
			history = strings.Contains(b.Text, "历次版本")
		case history && b.Kind == editor.Item && !strings.HasPrefix(b.Text, "本次"):
			lines = append(lines, "——"+strings.TrimRight(b.Text, "；。")+"；")
			if ordinal.MatchString(b.Text) {
				times++
			}
		}
	}
	return lines, times
}

var yearAtEnd = regexp.MustCompile(`[—-](\d{4})$`)

// yearOf is the year by which an edition is called.
func yearOf(h editor.Header) string {
	if m := yearAtEnd.FindStringSubmatch(h.Primary()); m != nil {
		return m[1]
	}
	if len(h.Published) >= 4 {
		return h.Published[:4]
	}
	return ""
}
