package convert

import (
	"strings"
)

// Markdown writes a paper as Markdown: headings from ## on, tables as pipe
// tables, what was put in in bold and what was taken out struck through.
func Markdown(p Paper) []byte {
	var b strings.Builder
	para := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			b.WriteString(text + "\n\n")
		}
	}
	for _, l := range p.Cover {
		para(markdownText(l))
	}
	para("# " + markdownLine(p.Title))
	para(markdownText(p.Subtitle))
	for _, l := range p.CoverFoot {
		para(markdownText(l))
	}
	for i, k := range p.Blocks {
		switch k.Kind {
		case Heading:
			para(strings.Repeat("#", min(max(k.Level, 1)+1, 6)) + " " + strings.ReplaceAll(k.inline(), "\n", " "))
		case Item:
			b.WriteString(strings.Repeat("  ", max(k.Level, 1)-1) + "- " + strings.ReplaceAll(k.inline(), "\n", " ") + "\n")
			if i+1 == len(p.Blocks) || p.Blocks[i+1].Kind != Item {
				b.WriteString("\n")
			}
		case Remark:
			para("> " + strings.ReplaceAll(k.inline(), "\n", "\n> "))
		case Image:
			if k.Picture != nil {
				para("![" + strings.NewReplacer("[", "", "]", "").Replace(markdownLine(k.Picture.Name)) + "](" + k.Picture.Address + ")")
			}
		case Equation:
			para("$$" + strings.TrimSpace(k.Text) + "$$")
			para(markdownText(k.Label))
		case Grid:
			if k.Table != nil {
				k.Table.markdown(&b)
			}
		default:
			para(strings.ReplaceAll(k.inline(), "\n", "  \n"))
		}
	}
	return []byte(b.String())
}

// inline is the text of a block with its marks.
func (k Block) inline() string {
	if k.Runs == nil {
		return markdownText(k.Text)
	}
	var b strings.Builder
	for _, r := range k.Runs {
		text := markdownText(r.Text)
		if around := map[Mark]string{Strong: "**", Inserted: "**", Deleted: "~~"}[r.Mark]; around != "" && strings.TrimSpace(text) != "" {
			text = around + text + around
		}
		b.WriteString(text)
	}
	return b.String()
}

func (t Table) markdown(b *strings.Builder) {
	cols := len(t.Head)
	for _, r := range t.Rows {
		cols = max(cols, len(r))
	}
	if cols == 0 {
		return
	}
	if t.Name != "" {
		b.WriteString("**" + markdownLine(t.Name) + "**\n\n")
	}
	line := func(cells []string) {
		for i := range cols {
			text := ""
			if i < len(cells) {
				text = strings.ReplaceAll(strings.Join(textLines(markdownText(cells[i])), "<br>"), "|", "\\|")
			}
			b.WriteString("| " + text + " ")
		}
		b.WriteString("|\n")
	}
	line(t.Head)
	b.WriteString(strings.Repeat("| --- ", cols) + "|\n")
	for _, r := range t.Rows {
		line(r)
	}
	b.WriteString("\n")
	for _, n := range t.Notes {
		b.WriteString("> " + strings.ReplaceAll(markdownText(n), "\n", "\n> ") + "\n\n")
	}
}

var markdownMarks = strings.NewReplacer(`\`, `\\`, "<", `\<`, "*", `\*`, "`", "\\`", "~~", `\~~`, "[", `\[`)

// markdownText escapes what Markdown would read as marks.
func markdownText(s string) string {
	lines := textLines(markdownMarks.Replace(s))
	for i, l := range lines {
		if l != "" && strings.ContainsRune("#>-+", rune(l[0])) {
			lines[i] = `\` + l
		}
	}
	return strings.Join(lines, "\n")
}

func markdownLine(s string) string { return markdownText(oneLine(s)) }
