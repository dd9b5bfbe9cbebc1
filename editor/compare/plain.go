package compare

import (
	"strings"
)

// plain writes a passage without its Markdown. The rows of a table become
// sentences: "设区的市城区 首次投递 24 h；" so that what stands in a cell can be
// compared with prose.
func plain(markdown string) string {
	if !strings.ContainsAny(markdown, "|[!$*{`\n") {
		return markdown
	}
	var b strings.Builder
	var heads []string // column heads of the table that is being read
	formula := false
	for line := range strings.Lines(markdown) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "$$") || formula {
			rest := strings.TrimPrefix(line, "$$")
			if !formula || strings.Contains(line, "$$") {
				formula = !formula && !strings.Contains(rest, "$$")
			}
			continue
		}
		if !strings.HasPrefix(line, "|") {
			heads = nil
			b.WriteString(inline(line))
			b.WriteByte('\n')
			continue
		}
		cells := tableCells(line)
		switch {
		case heads == nil:
			heads = cells
		case isDelimiter(cells):
		default:
			writeTableRow(&b, heads, cells)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func tableCells(line string) []string {
	line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
	cells := strings.Split(line, "|")
	for i, c := range cells {
		cells[i] = inline(strings.TrimSpace(c))
	}
	return cells
}

func isDelimiter(cells []string) bool {
	for _, c := range cells {
		if strings.Trim(c, "-: ") != "" {
			return false
		}
	}
	return true
}

// writeTableRow says each cell with its row's and its column's head. A bare
// number takes the unit that the column's head names: 时限（h） and 24 make 24 h.
func writeTableRow(b *strings.Builder, heads, cells []string) {
	for i, c := range cells {
		if i == 0 && len(cells) > 1 || c == "" || strings.Trim(c, "—–- ") == "" {
			continue
		}
		head, unit := "", ""
		if i < len(heads) {
			head, unit = splitUnit(heads[i])
		}
		if i > 0 {
			b.WriteString(cells[0])
			b.WriteByte(' ')
		}
		b.WriteString(head)
		b.WriteByte(' ')
		b.WriteString(c)
		if unit != "" && strings.Trim(c, "0123456789.≥≤><～~-— ") == "" {
			b.WriteByte(' ')
			b.WriteString(unit)
		}
		b.WriteString("；\n")
	}
}

// splitUnit divides a column's head into its words and its unit: 时限（h）, 时限/h.
func splitUnit(head string) (words, unit string) {
	if at := strings.LastIndex(head, "（"); at >= 0 && strings.HasSuffix(head, "）") {
		unit = strings.TrimPrefix(strings.TrimSuffix(head[at+len("（"):], "）"), "单位：")
		return head[:at], unit
	}
	if at := strings.LastIndex(head, "/"); at > 0 && len(head)-at <= 12 {
		return head[:at], head[at+1:]
	}
	return head, ""
}

// inline takes the marks out of a line: emphasis, links to clauses, attributes,
// the address of a picture.
func inline(line string) string {
	if !strings.ContainsAny(line, "[!*{`") {
		return line
	}
	var b strings.Builder
	for i := 0; i < len(line); {
		rest := line[i:]
		switch {
		case strings.HasPrefix(rest, "]("), strings.HasPrefix(rest, "{#"):
			closing := byte(')')
			if rest[0] == '{' {
				closing = '}'
			}
			if end := strings.IndexByte(rest[:min(len(rest), 300)], closing); end > 0 {
				i += end + 1
				continue
			}
		case rest[0] == '*', rest[0] == '`', strings.HasPrefix(rest, "!["), rest[0] == '[' && strings.Contains(rest[:min(len(rest), 300)], "]("):
			i++
			continue
		}
		b.WriteByte(line[i])
		i++
	}
	return b.String()
}
