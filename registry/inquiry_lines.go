package registry

import (
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/convert"
)

// InquiryLines divides what was pasted: one standard a line; a line that names
// several is divided where lists are (，、；).
func InquiryLines(text string) (out []string) {
	for line := range strings.Lines(text) {
		parts := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("，,、；;\r\n", r) })
		named := 0
		for _, p := range parts {
			if _, ok := editor.ReadStandardNumber(p); ok {
				named++
			}
		}
		if named < 2 {
			parts = []string{line}
		}
		for _, p := range parts {
			if p = strings.TrimSpace(p); p != "" {
				out = append(out, p)
			}
		}
		if len(out) > MaxInquiry {
			return out
		}
	}
	return out
}

// SheetLines takes the standards out of uploaded tables: of each row the first
// cell that holds a number, or else its first cell. The head of a table is left
// out, and so are rows that only count.
func SheetLines(sheets []convert.Sheet) (out []string) {
	for _, s := range sheets {
		for at, row := range s.Rows {
			cell, numbered := "", false
			for _, c := range row {
				if _, ok := editor.ReadStandardNumber(c); ok && !numbered {
					cell, numbered = c, true
				}
				if cell == "" && strings.Trim(c, "0123456789.． 、") != "" {
					cell = c
				}
			}
			head := strings.Join(row, " ")
			if cell == "" || !numbered && at < 5 && (strings.Contains(head, "标准号") || strings.Contains(head, "编号") || strings.Contains(strings.ToLower(head), "number")) {
				continue
			}
			out = append(out, strings.Join(strings.Fields(cell), " "))
			if len(out) > MaxInquiry {
				return out
			}
		}
	}
	return out
}
