package convert

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Field is what a column of a commenting form holds.
type Field string

const (
	FieldNumber      Field = "number"      // 序号
	FieldClause      Field = "clause"      // 标准章条编号; Clause/Subclause
	FieldPart        Field = "part"        // Paragraph/Figure/Table
	FieldLine        Field = "line"        // Line number
	FieldType        Field = "type"        // ge, te, ed
	FieldComment     Field = "comment"     // 意见内容
	FieldProposed    Field = "proposed"    // 修改建议
	FieldBy          Field = "by"          // 提出单位; MB/NC
	FieldDisposition Field = "disposition" // 处理意见
	FieldReason      Field = "reason"      // 备注（理由）
	FieldSaid        Field = "said"        // observations of the secretariat: disposition and reason in one
	FieldID          Field = "id"          // 识别码: by which a row is known again
)

// FormColumn is a column of a form: its heading, its width in full-width
// characters, and other headings by which it is known.
type FormColumn struct {
	Field    Field
	Head     string
	Width    int
	Synonyms []string
	Style    string // name of the paragraph style of the ISO template
}

// Form is a commenting form as data.
type Form struct {
	Name    string // "gb" or "iso"
	Title   string
	Columns []FormColumn
}

// idColumn stands last in every form: it survives whatever program opens the
// table and goes along when rows are copied, sorted or left out.
var idColumn = FormColumn{Field: FieldID, Head: "识别码", Width: 4, Synonyms: []string{"识别码（请勿改动）", "id", "编码"}}

// GBForm is the 意见汇总处理表 of a consultation (GB/T 16733—1997, annex), with
// a column for the change that is wanted.
var GBForm = Form{Name: "gb", Title: "征求意见汇总处理表", Columns: []FormColumn{
	{FieldNumber, "序号", 3, []string{"编号", "no", "序"}, ""},
	{FieldClause, "标准章条编号", 6, []string{"章条编号", "标准章条号", "章条号", "章条", "条款", "条款号", "标准条款", "条文号", "章节", "章节号", "条款编号", "对应条款", "章、条、款编号"}, ""},
	{FieldComment, "意见内容", 20, []string{"意见", "意见和建议", "意见与建议", "意见建议", "意见或建议", "问题", "修改意见", "反馈意见", "意见内容及理由", "具体意见"}, ""},
	{FieldProposed, "修改建议", 18, []string{"建议", "建议修改为", "修改为", "建议修改内容", "修改内容", "拟修改为", "建议内容"}, ""},
	{FieldBy, "提出单位", 9, []string{"单位", "提出意见单位", "意见提出单位", "单位名称", "提出人", "来源", "意见来源", "提出单位/个人", "提出单位或个人", "反馈单位", "意见提出方"}, ""},
	{FieldDisposition, "处理意见", 6, []string{"处理结果", "采纳情况", "是否采纳", "处理", "处理情况", "处理意见及理由", "意见处理"}, ""},
	{FieldReason, "备注（理由）", 12, []string{"备注", "理由", "备注/理由", "说明", "处理理由", "未采纳理由", "不采纳理由", "备注及理由", "原因"}, ""},
	idColumn,
}}

// ISOForm is the ISO/IEC/CEN/CENELEC commenting template, version 2012-03.
var ISOForm = Form{Name: "iso", Title: "Template for comments and secretariat observations", Columns: []FormColumn{
	{FieldBy, "MB/NC", 6, []string{"mb", "nc", "member body", "national committee", "mbnc"}, "ISO_MB"},
	{FieldLine, "Line number", 4, []string{"line", "line no", "行号"}, ""},
	{FieldClause, "Clause/ Subclause", 6, []string{"clause", "subclause", "clause no", "clause/subclause/annex/figure/table", "clause number"}, "ISO_Clause"},
	{FieldPart, "Paragraph/ Figure/ Table", 7, []string{"paragraph", "paragraph/figure/table/note", "paragraph/list item/note", "figure/table", "段/图/表"}, "ISO_Paragraph"},
	{FieldType, "Type of comment", 5, []string{"type", "comment type", "意见类型", "类型", "意见类别"}, "ISO_Comm_Type"},
	{FieldComment, "Comments", 22, []string{"comment", "comment justification for change", "rationale"}, "ISO_Comments"},
	{FieldProposed, "Proposed change", 22, []string{"proposed changes", "proposed change by the mb", "suggested change"}, "ISO_Change"},
	{FieldSaid, "Observations of the secretariat", 14, []string{"secretariat observations", "secretariat observations on each comment submitted", "observations", "disposition", "resolution"}, "ISO_Secret_Observations"},
	idColumn,
}}

// Forms that are known.
var Forms = []Form{GBForm, ISOForm}

// FormNamed is the form of a name; the Chinese one where there is none.
func FormNamed(name string) Form {
	if name == ISOForm.Name {
		return ISOForm
	}
	return GBForm
}

// Head is the headings of a form.
func (f Form) Head() (heads []string) {
	for _, c := range f.Columns {
		heads = append(heads, c.Head)
	}
	return heads
}

func (f Form) widths() (out []int) {
	for _, c := range f.Columns {
		out = append(out, c.Width)
	}
	return out
}

// Recognised says where the heading of a table stands and what its columns
// hold, as far as the headings tell. A person confirms it.
type Recognised struct {
	Form    string   // of most columns
	Head    int      // row of the heading, from 0; -1: above the table, in the page's head or its styles
	Data    int      // first row of data
	Heads   []string // the headings as they stand
	Columns []Field  // by column; "" for one that is not known
}

// Knows tells whether a field has a column.
func (r Recognised) Knows(f Field) bool { return slices.Contains(r.Columns, f) }

// maxHeadRow is how far down a heading is looked for.
const maxHeadRow = 40

// Recognise finds the commenting form among tables: the one with the most
// columns that are known. at is its place; ok is false where none holds
// comments.
func Recognise(sheets []Sheet) (at int, found Recognised, ok bool) {
	best := 0
	for i, s := range sheets {
		if s.Head {
			continue
		}
		r := RecogniseSheet(s, sheets)
		if n := r.score(); n > best && (r.Knows(FieldComment) || r.Knows(FieldProposed)) {
			best, at, found = n, i, r
		}
	}
	return at, found, best >= 2
}

// score is how many columns are known.
func (r Recognised) score() int {
	n := 0
	for _, f := range r.Columns {
		if f != "" {
			n++
		}
	}
	return n
}

// RecogniseSheet finds the heading of one table. Where the table has none it is
// taken from a table in the head of the pages (among all) with as many columns,
// or from the styles of the ISO template.
func RecogniseSheet(s Sheet, all []Sheet) Recognised {
	var best Recognised
	top := s
	top.Merged = slices.DeleteFunc(slices.Clone(s.Merged), func(m Merge) bool { return m.Row > maxHeadRow })
	top.Merged = top.Merged[:min(len(top.Merged), maxHeadRow*maxReadCols)] // more than that overlap
	for row := range min(len(s.Rows), maxHeadRow) {
		heads, depth := headsAt(top, row)
		r := recogniseHeads(heads)
		r.Head, r.Data = row, row+depth
		if r.score() > best.score() {
			best = r
		}
	}
	if best.score() >= 2 {
		return best
	}
	cols := 0
	for _, row := range s.Rows {
		cols = max(cols, len(row))
	}
	cols = max(cols, len(s.Styles))
	for _, h := range all {
		for row := range min(len(h.Rows), maxHeadRow) {
			if r := recogniseHeads(h.Rows[row]); h.Head && len(h.Rows[row]) == cols && r.score() > best.score() {
				best, best.Head = r, -1
			}
		}
	}
	if r := recogniseStyles(s.Styles); r.score() > best.score() {
		best = r
	}
	return best
}

// headsAt are the headings of a row: what is merged downwards or across counts
// in each of its columns, and a heading over others stands before them.
func headsAt(s Sheet, row int) (heads []string, depth int) {
	depth = 1
	for _, m := range s.Merged {
		if m.Row == row && m.Rows > 1 && m.Rows <= 4 {
			depth = max(depth, m.Rows)
		}
	}
	cols := 0
	for r := row; r < min(row+depth, len(s.Rows)); r++ {
		cols = max(cols, len(s.Rows[r]))
	}
	heads = make([]string, cols)
	for r := row; r < min(row+depth, len(s.Rows)); r++ {
		for c := range cols {
			text := s.cell(r, c)
			if text != "" && !strings.HasSuffix(heads[c], text) {
				heads[c] = strings.TrimPrefix(heads[c]+"\x00"+text, "\x00")
			}
		}
	}
	return heads, depth
}

// cell is the text that is seen in a place: of a merged cell, in all of it.
func (s Sheet) cell(row, col int) string {
	for _, m := range s.Merged {
		if row >= m.Row && row < m.Row+m.Rows && col >= m.Col && col < m.Col+m.Cols {
			row, col = m.Row, m.Col
			break
		}
	}
	if row >= len(s.Rows) || col >= len(s.Rows[row]) {
		return ""
	}
	return s.Rows[row][col]
}

func recogniseHeads(heads []string) Recognised {
	r := Recognised{Columns: make([]Field, len(heads)), Heads: make([]string, len(heads))}
	votes := map[string]int{}
	taken := map[Field]bool{}
	for c, head := range heads {
		r.Heads[c] = strings.ReplaceAll(head, "\x00", " / ")
		levels := strings.Split(head, "\x00")
		slices.Reverse(levels) // the heading nearest to the cells says most
		for _, text := range levels {
			if f, form := fieldOf(text); f != "" && !taken[f] {
				r.Columns[c], taken[f] = f, true
				votes[form]++
				break
			}
		}
	}
	r.Form = GBForm.Name
	if votes[ISOForm.Name] > votes[GBForm.Name] {
		r.Form = ISOForm.Name
	}
	return r
}

func recogniseStyles(styles []string) Recognised {
	r := Recognised{Form: ISOForm.Name, Head: -1, Columns: make([]Field, len(styles)), Heads: slices.Clone(styles)}
	taken := map[Field]bool{}
	for c := len(styles) - 1; c >= 0; c-- { // the line's column bears the clause's style too, before it
		for _, col := range ISOForm.Columns {
			if col.Style != "" && strings.EqualFold(strings.ReplaceAll(styles[c], " ", "_"), col.Style) && !taken[col.Field] {
				r.Columns[c], taken[col.Field] = col.Field, true
			}
		}
	}
	return r
}

// fieldOf knows a heading by its words; form is the form that it is from.
func fieldOf(head string) (f Field, form string) {
	words := headWords(head)
	if words == "" || len(words) > 120 {
		return "", ""
	}
	for _, form := range Forms {
		for _, c := range form.Columns {
			if words == headWords(c.Head) || slices.ContainsFunc(c.Synonyms, func(s string) bool { return words == headWords(s) }) {
				return c.Field, form.Name
			}
		}
	}
	return "", ""
}

var inBrackets = regexp.MustCompile(`[(（\[［][^)）\]］]*[)）\]］]`)

// headWords is a heading without what varies: case, spaces, marks, the number
// of a footnote, an example in brackets.
func headWords(head string) string {
	bare := inBrackets.ReplaceAllString(head, "")
	if strings.TrimSpace(bare) == "" {
		bare = head
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, bare)
}
