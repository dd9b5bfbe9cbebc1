package derive

import (
	"fmt"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/check"
)

// References proposes the list of normative references of a text: its fixed
// lead-in, then every standard that the body cites normatively, dated or undated
// as cited there, in the order of GB/T 1.1—2020, 8.6.3; or the sentence that
// there are none. What people listed keeps its words; what nobody cites stays and
// is noted. library says what is held; nil knows nothing.
func References(d *editor.Document, library check.Library) Proposal {
	chapter := chapterNamed(d, "规范性引用文件")
	p := Proposal{Clause: freeID(d, "references"), Title: "规范性引用文件"}
	var held []check.Listed
	var before []string
	if chapter != nil {
		p.Clause, p.Old = chapter.ID, chapter.Text
		held = check.ListedIn(chapter)
		before = remarks(chapter)
	}
	r := referenceList{library: library}
	for _, l := range held {
		r.lines = append(r.lines, line{Listed: l, hand: Kept})
	}
	for _, c := range check.CitedIn(d) {
		if c.Normative && !own(d.Header, c.Standard) {
			r.cite(c)
		}
	}
	r.citedByWords(d)
	slices.SortStableFunc(r.lines, func(a, b line) int { return check.CompareListed(a.Listed, b.Listed) })
	for _, l := range r.lines {
		r.judge(l)
	}
	p.Notes = r.notes
	lead := Part{check.ReferencesLead, Machine}
	if len(r.lines) == 0 {
		lead.Text = check.ReferencesNone
	}
	if strings.Contains(p.Old, lead.Text) {
		lead.Hand = Kept
	}
	p.Parts = append(p.Parts, lead)
	for _, l := range r.lines {
		p.Parts = append(p.Parts, Part{l.Words, l.hand})
	}
	for _, b := range before { // what people wrote besides the list is theirs
		p.Parts = append(p.Parts, Part{b, Kept})
	}
	var all []string
	for _, part := range p.Parts {
		all = append(all, part.Text)
	}
	if p.New = strings.Join(all, "\n\n"); sameWords(p.Old, p.New) {
		p.New = p.Old
	}
	p.finish()
	return p
}

func chapterNamed(d *editor.Document, title string) *editor.Clause {
	for _, c := range d.Clauses {
		if c.Kind == editor.Chapter && c.Title == title {
			return c
		}
	}
	return nil
}

// own tells whether a number is the text's own.
func own(h editor.Header, standard string) bool {
	return slices.ContainsFunc(h.Numbers, func(n string) bool { return n == standard || strings.HasPrefix(n, standard+"—") })
}

// remarks are the notes and tables of the chapter, which are no lines of its list.
func remarks(chapter *editor.Clause) (out []string) {
	for _, b := range chapter.Blocks() {
		if b.Kind == editor.Note || b.Kind == editor.Table {
			out = append(out, strings.TrimSpace(chapter.Text[b.Start:b.End]))
		}
	}
	return out
}

func sameWords(a, b string) bool {
	return strings.Join(strings.Fields(a), "") == strings.Join(strings.Fields(b), "")
}

// line is a document of the list.
type line struct {
	check.Listed
	hand  Hand
	cited []*editor.Clause
}

type referenceList struct {
	library check.Library
	lines   []line
	notes   []Note
}

// cite makes sure that a cited standard is listed, in the form in which it is
// cited.
func (r *referenceList) cite(c check.Cited) {
	other := -1
	for i := range r.lines {
		l := &r.lines[i]
		switch {
		case l.Covers(c.Standard) && l.Year == c.Year:
			l.cited = append(l.cited, c.Clauses...)
			return
		case l.Covers(c.Standard):
			other = i
		}
	}
	if other >= 0 && r.lines[other].hand == Kept {
		r.note(c.Number(), "正文（%s）引用%s，清单中列的是%s：年份请统一 · the text (%s) cites %s but the list has %s: use one form", places(c.Clauses), c.Number(), listedNumber(r.lines[other].Listed))
	}
	words := c.Number()
	if k, ok := r.find(c.Number()); ok && k.Title != "" {
		words += "　" + k.Title
	} else {
		r.note(c.Number(), "%s未收入本系统，请补上名称 · %s is not held here: add its title", c.Number())
	}
	if !c.Certain {
		r.note(c.Number(), "%s（%s）未见“应符合”“按照”一类的词，若只是资料性提及请移到参考文献 · %s (%s) is cited without a word that binds: if it only informs, move it to the bibliography", c.Number(), places(c.Clauses))
	}
	r.lines = append(r.lines, line{check.Listed{Words: words, Standard: c.Standard, Year: c.Year}, Machine, c.Clauses})
}

// citedByWords looks for listed documents that are cited in a form that is no
// number of a standard: literature, numbers of a house's own.
func (r *referenceList) citedByWords(d *editor.Document) {
	for i := range r.lines {
		l := &r.lines[i]
		number := listedNumber(l.Listed)
		if l.Standard == "" || len(l.cited) > 0 {
			continue
		}
		for _, top := range d.Clauses {
			if top.Kind != editor.Chapter && top.Kind != editor.Annex || top.Title == "规范性引用文件" {
				continue
			}
			for c := range (&editor.Document{Clauses: []*editor.Clause{top}}).All() {
				if strings.Contains(c.Text, number) {
					l.cited = append(l.cited, c)
				}
			}
		}
	}
}

func listedNumber(l check.Listed) string {
	return check.Cited{Standard: l.Standard, Year: l.Year}.Number()
}

// note formats a message whose Chinese and English halves take the same arguments.
func (r *referenceList) note(key, format string, args ...any) {
	zh, en, _ := strings.Cut(format, " · ")
	n := Note{key, fmt.Sprintf(zh, args...) + " · " + fmt.Sprintf(en, args...)}
	if !slices.Contains(r.notes, n) {
		r.notes = append(r.notes, n)
	}
}

func (r *referenceList) find(number string) (check.Known, bool) {
	if r.library == nil {
		return check.Known{}, false
	}
	return r.library.Standard(number)
}

// judge says what is wrong with a line that the list shows.
func (r *referenceList) judge(l line) {
	if l.Standard == "" {
		return
	}
	number := listedNumber(l.Listed)
	if len(l.cited) == 0 {
		r.note(number, "正文没有规范性引用%s：请引用，或从清单中移出 · nothing in the text cites %s normatively: cite it, or take it off the list", number)
	}
	k, ok := r.find(number)
	switch {
	case !ok && l.Year != "" && r.library != nil:
		if now, held := r.find(l.Standard); held && now.Year != "" && now.Year > l.Year {
			r.note(number, "%s有更新的版本%s · %s has a newer edition, %s", number, now.Number)
			return
		}
		r.note(number, "%s未收入本系统，状态无从核对 · %s is not held here, its status cannot be checked", number)
	case !ok:
		if l.hand == Kept {
			r.note(number, "%s未收入本系统，状态无从核对 · %s is not held here, its status cannot be checked", number)
		}
	case k.Status == "withdrawn":
		r.note(number, "%s已废止 · %s has been withdrawn", number)
	case k.Status == "superseded" && k.Superseded != "":
		r.note(number, "%s已被%s代替 · %s has been superseded by %s", number, k.Superseded)
	case k.Status == "superseded":
		r.note(number, "%s已被代替 · %s has been superseded", number)
	case l.Year != "":
		if now, held := r.find(l.Standard); held && now.Year > l.Year {
			r.note(number, "%s有更新的版本%s · %s has a newer edition, %s", number, now.Number)
		}
	}
}

// places names clauses: 4.2、5.1.
func places(list []*editor.Clause) string {
	var out []string
	for _, c := range list {
		if name := c.Number; name != "" {
			out = append(out, name)
		} else {
			out = append(out, c.Title)
		}
	}
	return strings.Join(out, "、")
}
