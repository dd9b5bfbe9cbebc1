package registry

import (
	"fmt"
	"io"
	"sort"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/editor/convert"
)

// Concord is one line of the table of concordance (对照表): a subject, its
// unified clause, and what became of each text on it.
type Concord struct {
	Row    string   // Row.ID
	Number string   // of the unified clause; "" where there is none yet
	Topic  string   //
	Cells  [][]Fate // by column; an empty cell where no counterpart was found
	None   []bool   // by column: people said that there is none
	From   string   // where the unified clause came from, in words
	New    bool     // a sentence of it stands in none of the texts
	State  State
}

// Fate is what became of one passage of a text.
type Fate struct {
	Column      int // of ProjectView.Columns
	At          editor.Passage
	Name, Title string // number as it is cited; title of the clause
	Text        string // plain
	// How is Verbatim where its sentences stand in the unified text word for
	// word, Adapted where some do or were changed, Unused where none was taken,
	// and "" while its subject has no unified clause.
	How      How
	Used, Of int    // sentences that were taken, and all
	Row      string // Row.ID
	Topic    string
	Number   string // of the unified clause
}

// Unused is the fate of a passage that the unified clause took nothing from.
const Unused How = "unused" // 未采用

// HowNames are the words of the table of concordance; "" is a subject without a
// unified clause.
var HowNames = map[How]string{Verbatim: "原文", Adapted: "改写", Written: "新增", Unused: "未采用", "": "尚无统一条款"}

// Called is the passage as the tables call it: number and title.
func (f Fate) Called() string {
	if f.Title == "" || f.Title == f.Name {
		return f.Name
	}
	return f.Name + " " + f.Title
}

// Word says in the table what became of it; how much of it, where only some
// sentences were taken.
func (f Fate) Word() string {
	word := HowNames[f.How]
	if f.Used > 0 && f.Used < f.Of {
		word += fmt.Sprintf("，%d 句中 %d 句", f.Of, f.Used)
	}
	return word
}

// taken is what the unified clause of a row took from each passage.
type taken struct {
	said map[string]bool             // its sentences
	from map[string][]SentenceSource // by passage
}

func passageKey(column, clause string, paragraph int) string {
	return fmt.Sprintf("%s\x00%s\x00%d", column, clause, paragraph)
}

func takenBy(u *Unified) taken {
	t := taken{map[string]bool{}, map[string][]SentenceSource{}}
	if u == nil {
		return t
	}
	for _, s := range u.Sources {
		t.said[s.Sentence] = true
		if s.Column != "" {
			key := passageKey(s.Column, s.From.Clause, s.From.Paragraph)
			t.from[key] = append(t.from[key], s)
		}
	}
	return t
}

// judge says what became of a passage. A sentence that stands in the unified
// clause word for word was taken, whichever text the clause names as its source.
func (f *Fate) judge(key string, t taken) {
	same, adapted := 0, false
	var originals []string
	for _, s := range t.from[key] {
		if f.At.Entry == 0 || strings.Contains(f.Text, s.Original) { // not from another entry of the passage
			originals = append(originals, s.Original)
			adapted = adapted || s.How == Adapted
		}
	}
	sentences := compare.Sentences(f.Text)
	f.Of = len(sentences)
	for _, s := range sentences {
		switch {
		case t.said[s]:
			same++
			f.Used++
		case contains(originals, s):
			f.Used++
		}
	}
	switch {
	case same == 0 && len(originals) == 0:
		f.How = Unused
	case adapted || same == 0:
		f.How, f.Used = Adapted, max(f.Used, 1)
	default:
		f.How = Verbatim
	}
}

// fates tells what became of every passage of a row's cells, by column.
func (v ProjectView) fates(row RowView, number string, to pointers, plain func(string) string) [][]Fate {
	t := takenBy(row.Unified)
	out := make([][]Fate, len(v.Columns))
	for i, col := range v.Columns {
		if len(row.Cells[col.Key]) == 0 {
			continue
		}
		citations := v.Texts[i].Document.Citations()
		for _, at := range row.Cells[col.Key] {
			clause, text := v.PassageText(i, at)
			f := Fate{Column: i, At: at, Name: v.PassageName(i, at), Text: plain(to.repoint(col.Key, citations, text)), Row: row.ID, Topic: row.Topic, Number: number}
			if clause != nil {
				f.Title = clause.Title
			}
			if row.Unified != nil {
				f.judge(passageKey(col.Key, at.Clause, at.Paragraph), t)
			}
			out[i] = append(out[i], f)
		}
	}
	return out
}

// Concordance tells for every row what it unites. Rows with a unified clause
// come first, in the order of the draft. Every passage of every text stands in
// exactly one cell.
func (v ProjectView) Concordance() []Concord {
	draft := v.Draft()
	numbers := map[string]string{} // by Row.ID
	place := map[string]int{}
	n := 0
	for c := range draft.Document.All() {
		n++
		for _, row := range draft.Rows[c.ID] {
			numbers[row.ID], place[row.ID] = c.Number, n
		}
	}
	rows := append([]RowView(nil), v.Rows...)
	sort.SliceStable(rows, func(i, j int) bool {
		a, b := place[rows[i].ID], place[rows[j].ID]
		if (a == 0) != (b == 0) {
			return b == 0
		}
		return a < b
	})
	to, plain := v.plainly()
	var out []Concord
	for _, row := range rows {
		line := Concord{Row: row.ID, Number: numbers[row.ID], Topic: row.Topic, State: row.State}
		if row.Unified != nil {
			if line.Topic = heading(row); line.Number == "" {
				line.Number = "—"
			}
			line.From = v.cameFrom(row)
			for _, s := range row.Unified.Sources {
				line.New = line.New || s.How == Written
			}
		}
		line.Cells = v.fates(row, line.Number, to, plain)
		for _, col := range v.Columns {
			line.None = append(line.None, row.None[col.Key] != "")
		}
		out = append(out, line)
	}
	return out
}

// plainly reads texts as trace does: a reference is the subject of its row.
func (v ProjectView) plainly() (pointers, func(string) string) {
	rows, topics := make([]Row, len(v.Rows)), map[string]string{}
	for i, row := range v.Rows {
		rows[i] = row.Row
		topics[row.ID] = "“" + row.Topic + "”"
	}
	return pointersOf(rows), func(markdown string) string {
		return editor.PlainText(editor.Cite(markdown, func(id string) string {
			named, _ := rowNamed(id)
			return topics[named]
		}))
	}
}

// FatesOf are the passages of one column in reading order, so that a region can
// see what became of its own text.
func (v ProjectView) FatesOf(column int, lines []Concord) []Fate {
	var out []Fate
	for _, l := range lines {
		out = append(out, l.Cells[column]...)
	}
	place := map[string]int{}
	for c := range v.Texts[column].Document.All() {
		place[c.ID] = len(place)
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].At, out[j].At
		if place[a.Clause] != place[b.Clause] {
			return place[a.Clause] < place[b.Clause]
		}
		return a.Paragraph < b.Paragraph
	})
	return out
}

// CellNumbers names the passages of a cell by their clause numbers, each once:
// "第五条、第八条第二款".
func (v ProjectView) CellNumbers(column int, cell []editor.Passage) string {
	var names []string
	for _, at := range cell {
		if name := v.PassageName(column, at); !contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, "、")
}

// PassageName is the number of a passage as it is cited: with its paragraph
// where the clause has several.
func (v ProjectView) PassageName(column int, at editor.Passage) string {
	c := v.Texts[column].Document.Clause(at.Clause)
	if c == nil {
		return at.Clause
	}
	name := c.Number
	if name == "" {
		name = c.Title
	}
	if len(c.Passages()) > 1 {
		unit := "段"
		if c.Kind == editor.Article {
			unit = "款"
		}
		name += "第" + editor.Numeral(at.Paragraph) + unit
	}
	return name + entryName(c, at)
}

// cameFrom says in words where a unified clause came from.
func (v ProjectView) cameFrom(row RowView) string {
	labels := map[string]string{}
	for _, c := range v.Columns {
		labels[c.Key] = c.Label
	}
	var out []string
	for _, s := range row.Unified.Sources {
		said := "新增"
		switch s.How {
		case Verbatim:
			said = labels[s.Column] + "原文"
		case Adapted:
			said = "据" + labels[s.Column] + "改写"
		}
		if !contains(out, said) {
			out = append(out, said)
		}
	}
	return strings.Join(out, "、")
}

// ConcordanceHead are the headings of the table of concordance.
func (v ProjectView) ConcordanceHead() []string {
	head := []string{"统一稿条款", "主题"}
	for i, c := range v.Columns {
		name := v.Texts[i].Revision.Header.Primary()
		if name == "" {
			name = v.Texts[i].Revision.Header.Title
		}
		head = append(head, c.Label+" "+name)
	}
	return append(head, "来源", "状态")
}

// StateNames are the words of the screen and of the exports.
var StateNames = map[State]string{Settled: "已定", Waiting: "待表态", Disputed: "有分歧", Untouched: "未处理"}

// NoCounterpart stands in an empty cell: the machine and the people have found
// no clause; that is not to say that there is no such rule.
const NoCounterpart = "未找到对应条款"

// ConfirmedNone stands in a cell of which people said that it stays empty.
const ConfirmedNone = "经确认无对应条款"

func (l Concord) fields() []string {
	out := []string{l.Number, l.Topic}
	for i, cell := range l.Cells {
		words := cellWords(cell)
		if len(cell) == 0 && l.None[i] {
			words = ConfirmedNone
		}
		out = append(out, words)
	}
	return append(out, l.From, StateNames[l.State])
}

// cellWords names the passages of a cell and what became of each.
func cellWords(cell []Fate) string {
	if len(cell) == 0 {
		return NoCounterpart
	}
	var names []string
	for _, f := range cell {
		name := f.Called()
		if f.How != "" {
			name += "（" + f.Word() + "）"
		}
		if !contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, "\n")
}

// ConcordanceTables are the table of concordance, and for every text what
// became of each of its passages.
func (v ProjectView) ConcordanceTables() []convert.Table {
	lines := v.Concordance()
	main := convert.Table{Name: "对照表", Head: v.ConcordanceHead(), Widths: []int{6, 10}}
	for range v.Columns {
		main.Widths = append(main.Widths, 14)
	}
	main.Widths = append(main.Widths, 8, 6)
	for _, l := range lines {
		main.Rows = append(main.Rows, l.fields())
	}
	main.Notes = []string{"原文：各句与统一稿逐字相同；改写：经修改后采用；新增：各方文本均无；未采用：统一条款未取其文。“" + NoCounterpart + "”仅指未找到，不表示该地没有相应规定。"}
	out := []convert.Table{main}
	for i, col := range v.Columns {
		t := convert.Table{Name: col.Label + "文本各条去向", Head: []string{"条款", "条文", "去向", "统一稿条款", "主题"}, Widths: []int{12, 36, 9, 7, 14}}
		counts := map[How]int{}
		fates := v.FatesOf(i, lines)
		for _, f := range fates {
			counts[f.How]++
			t.Rows = append(t.Rows, []string{f.Called(), solid(f.Text), f.Word(), f.Number, f.Topic})
		}
		t.Notes = []string{fmt.Sprintf("《%s》共 %d 段：原文 %d，改写 %d，未采用 %d，尚无统一条款 %d。",
			v.Texts[i].Revision.Header.Title, len(fates), counts[Verbatim], counts[Adapted], counts[Unused], counts[""])}
		out = append(out, t)
	}
	return out
}

// ConcordancePaper is the table of concordance as a paper.
func (v ProjectView) ConcordancePaper() convert.Paper {
	p := convert.Paper{Title: "《" + v.Project.Title + "》对照表", Subtitle: "统一稿与" + v.regionNames() + "各文本逐条对照", Landscape: true}
	for i, t := range v.ConcordanceTables() {
		if i > 0 {
			p.Blocks = append(p.Blocks, convert.Block{Kind: convert.Heading, Level: 1, Text: t.Name})
			t.Name = ""
		} else {
			t.Name = ""
		}
		p.Blocks = append(p.Blocks, convert.Block{Kind: convert.Grid, Table: &t})
	}
	return p
}

// ConcordanceMarkdown writes the table of concordance as Markdown.
func (v ProjectView) ConcordanceMarkdown() []byte { return convert.Markdown(v.ConcordancePaper()) }

// ConcordanceCSV writes the table of concordance as CSV, as convert.WriteCSV does.
func (v ProjectView) ConcordanceCSV(w io.Writer) error {
	t := convert.Table{Head: v.ConcordanceHead()}
	for _, l := range v.Concordance() {
		t.Rows = append(t.Rows, l.fields())
	}
	return convert.WriteCSV(w, t)
}
