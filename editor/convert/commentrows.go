package convert

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// CommentRow is one row of a commenting form.
type CommentRow struct {
	At          int // row of the file it was read from, from 1
	ID          string
	Number      string
	Clause      string
	Part        string
	Line        string
	Type        string
	Comment     string
	Proposed    string
	By          string
	Disposition string // one of Dispositions' first words; "" where none is said; as written where it is not understood
	Reason      string
}

// CommentSheet is what stands on a filled form.
type CommentSheet struct {
	Standard string // 标准名称 and number
	Drafter  string // 负责起草单位
	Contact  string // 承办人
	Phone    string
	Date     string // YYYY-MM-DD
	Asked    int    // 发送征求意见稿的单位数
	Answered int    // 收到回函的单位数
	Remarked int    // 回函并有意见的单位数
	Silent   int    // 没有回函的单位数
	Rows     []CommentRow
}

// Dispositions are what may be done with a comment: the Chinese word, then the
// words by which it is known.
var Dispositions = [][]string{
	{"采纳", "已采纳", "同意", "接受", "同意采纳", "accepted", "accept", "agreed", "yes"},
	{"部分采纳", "部分接受", "部分同意", "原则采纳", "partly accepted", "partially accepted", "accepted in part", "accepted in principle", "accepted with modification", "partly"},
	{"不采纳", "未采纳", "不同意", "不接受", "not accepted", "rejected", "reject", "disagreed", "no"},
	{"待议", "待讨论", "待定", "暂缓", "to be discussed", "pending", "noted", "open"},
}

// ReadDisposition takes a cell apart: the disposition (the first of its
// Dispositions) and the reason that may follow it. word is "" where the cell
// says none.
func ReadDisposition(cell string) (word, reason string) {
	cell = strings.TrimSpace(cell)
	low, longest := strings.ToLower(cell), 0
	for _, d := range Dispositions {
		for _, w := range d {
			if strings.HasPrefix(low, w) && len(w) > longest && endsWord(low[len(w):]) {
				word, longest = d[0], len(w)
			}
		}
	}
	if longest == 0 {
		return "", cell
	}
	if len(low) != len(cell) { // lower case took other bytes
		return word, ""
	}
	rest := afterWord.ReplaceAllString(cell[longest:], "")
	if in, ok := strings.CutPrefix(rest, "（"); ok && strings.HasSuffix(in, "）") {
		rest = strings.TrimSuffix(in, "）")
	}
	for _, lead := range []string{"理由：", "理由:", "Reason:"} {
		rest = strings.TrimSpace(strings.TrimPrefix(rest, lead))
	}
	return word, rest
}

// afterWord is what divides a disposition from its reason.
var afterWord = regexp.MustCompile(`^[\s　]*[:：,，。.;；—、-]?[\s　]*`)

func endsWord(rest string) bool {
	return rest == "" || strings.ContainsAny(rest[:1], " \t\n:,.;-(") || rest[0] >= 0x80 && !strings.HasPrefix(rest, "的") && !strings.HasPrefix(rest, "并")
}

// Table is the sheet as a table of a form, with what stands above and below.
func (f Form) Table(s CommentSheet) Table {
	t := Table{Name: f.Title, Head: f.Head(), Widths: f.widths(), Above: f.above(s), Notes: f.notes(s)}
	for i, r := range s.Rows {
		if r.Number == "" {
			r.Number = strconv.Itoa(i + 1)
		}
		row := make([]string, len(f.Columns))
		for c, col := range f.Columns {
			row[c] = r.Field(col.Field)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Field is what a row has for a column.
func (r CommentRow) Field(f Field) string {
	switch f {
	case FieldNumber:
		return r.Number
	case FieldClause:
		return r.Clause
	case FieldPart:
		return r.Part
	case FieldLine:
		return r.Line
	case FieldType:
		return r.Type
	case FieldComment:
		return r.Comment
	case FieldProposed:
		return r.Proposed
	case FieldBy:
		return r.By
	case FieldDisposition:
		return r.Disposition
	case FieldReason:
		return r.Reason
	case FieldSaid:
		if r.Disposition != "" && r.Reason != "" {
			return r.Disposition + "：" + r.Reason
		}
		return r.Disposition + r.Reason
	case FieldID:
		return r.ID
	}
	return ""
}

func (f Form) above(s CommentSheet) []string {
	if f.Name == ISOForm.Name {
		return []string{f.Title, "Date: " + s.Date + "　　Document: " + s.Standard + "　　Project: " + s.Drafter}
	}
	return []string{f.Title, "标准项目名称：" + s.Standard, "负责起草单位：" + s.Drafter + "　　承办人：" + s.Contact + "　　电话：" + s.Phone + "　　填写日期：" + s.Date}
}

func (f Form) notes(s CommentSheet) []string {
	if f.Name == ISOForm.Name {
		return []string{"Note 1: MB = Member body; NC = National Committee. Type of comment: ge = general, te = technical, ed = editorial. " +
			"Keep the last column as it is: rows are known again by it."}
	}
	return []string{
		fmt.Sprintf("说明：发送征求意见稿的单位数 %d 个；收到回函的单位数 %d 个；回函并有意见的单位数 %d 个；没有回函的单位数 %d 个。", s.Asked, s.Answered, s.Remarked, s.Silent),
		"注：处理意见填采纳、部分采纳、不采纳、待议；除采纳外请写理由。最后一列是识别码，请保留原样：再导入时据此认出各行。",
	}
}

// WriteXLSX writes a filled form as a workbook.
func (f Form) WriteXLSX(w io.Writer, s CommentSheet) error { return WriteXLSX(w, f.Table(s)) }

// WriteCSV writes a filled form as comma separated values: headings and rows.
func (f Form) WriteCSV(w io.Writer, s CommentSheet) error { return WriteCSV(w, f.Table(s)) }

// WriteDOCX writes a filled form as a text document on landscape paper.
func (f Form) WriteDOCX(w io.Writer, s CommentSheet) error {
	t := f.Table(s)
	p := Paper{Title: f.Title, Landscape: true}
	for _, line := range t.Above[1:] {
		p.Blocks = append(p.Blocks, Block{Kind: Lead, Text: line})
	}
	t.Name, t.Above = "", nil
	p.Blocks = append(p.Blocks, Block{Kind: Grid, Table: &t})
	return WriteDOCX(w, p)
}

// CommentRows reads the rows of a table whose columns are known. Rows without
// comment and change are left out: blank ones, and notes under the table. Of a
// cell that is merged over several rows, clause and unit hold for each of them.
func (r Recognised) CommentRows(s Sheet) (rows []CommentRow, left []int) {
	seen := map[[2]int]string{}
	wide := map[int]bool{} // rows that are one cell
	for _, m := range s.Merged {
		if m.Cols > 1 && m.Cols >= len(r.Columns)-1 {
			wide[m.Row] = true
		}
		if m.Cols != 1 || m.Col >= len(r.Columns) || r.Columns[m.Col] != FieldClause && r.Columns[m.Col] != FieldBy {
			continue
		}
		for at := m.Row + 1; at < min(m.Row+m.Rows, len(s.Rows)); at++ {
			if m.Row < len(s.Rows) && m.Col < len(s.Rows[m.Row]) {
				seen[[2]int{at, m.Col}] = strings.TrimSpace(s.Rows[m.Row][m.Col])
			}
		}
	}
	for at := r.Data; at < len(s.Rows); at++ {
		row := CommentRow{At: at + 1}
		filled := false
		for c, f := range r.Columns {
			text := ""
			if c < len(s.Rows[at]) {
				text = strings.TrimSpace(s.Rows[at][c])
			}
			filled = filled || text != ""
			if text == "" {
				text = seen[[2]int{at, c}]
			}
			row.set(f, text)
		}
		switch {
		case !filled:
		case wide[at], row.Comment == "" && row.Proposed == "":
			left = append(left, at+1)
		default:
			rows = append(rows, row)
		}
	}
	return rows, left
}

func (r *CommentRow) set(f Field, text string) {
	switch f {
	case FieldNumber:
		r.Number = text
	case FieldClause:
		r.Clause = text
	case FieldPart:
		r.Part = text
	case FieldLine:
		r.Line = text
	case FieldType:
		r.Type = strings.ToLower(text)
	case FieldComment:
		r.Comment = text
	case FieldProposed:
		r.Proposed = text
	case FieldBy:
		r.By = text
	case FieldReason:
		if text != "" {
			r.Reason = text
		}
	case FieldDisposition, FieldSaid:
		word, reason := ReadDisposition(text)
		if word == "" && f == FieldDisposition {
			r.Disposition = text
			return
		}
		r.Disposition = word
		if r.Reason == "" {
			r.Reason = reason
		}
	case FieldID:
		r.ID = text
	}
}
