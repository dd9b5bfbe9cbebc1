package editor

import (
	"regexp"
	"strings"
)

// figureAddress is how a text names a figure that the registry keeps: by the
// first 16 hexadecimal digits of the SHA-256 of its file.
var figureAddress = regexp.MustCompile(`^figures/([0-9a-f]{16}\.(?:png|jpg|svg))$`)

// FigureFile is the file of a figure that is kept, from the address in a text
// ("figures/0123456789abcdef.png"); ok is false for any other address, which is
// never loaded.
func FigureFile(address string) (file string, ok bool) {
	m := figureAddress.FindStringSubmatch(strings.TrimPrefix(address, "./"))
	if m == nil {
		return "", false
	}
	return m[1], true
}

var figuresIn = regexp.MustCompile(`\]\((?:\./)?figures/([0-9a-f]{16}\.(?:png|jpg|svg))\)`)

// FiguresIn lists the files of the figures that a text in Markdown shows, whether
// it can be parsed or not; one that is shown twice is there twice.
func FiguresIn(source []byte) (files []string) {
	for _, m := range figuresIn.FindAllSubmatch(source, -1) {
		files = append(files, string(m[1]))
	}
	return files
}

// Unshown are the figures and formulas of a clause that a page cannot show: those
// that come from elsewhere, and those whose TeX cannot be read. Start and End are
// bytes of c.Text.
func (c *Clause) Unshown() (out []Finding) {
	for _, k := range c.Blocks() {
		f := Finding{Severity: Warning, Clause: c.ID, Start: k.Start, End: k.End}
		switch k.Kind {
		case Figure:
			if _, ok := FigureFile(k.Text); ok {
				continue
			}
			f.Rule = "FIGURE"
			f.Message = "图“" + k.Title + "”不在本站，页面上不会显示：请把图片上传到这份文本。 The figure is not kept here and is not shown: upload it to this text."
		case Formula:
			_, err := MathML(k.Text)
			if err == nil {
				continue
			}
			f.Rule = "FORMULA"
			f.Message = "公式读不懂，页面上按原样显示：请改用常见的 TeX 写法。 The formula cannot be read and is shown as typed (" + strings.TrimPrefix(err.Error(), "formula, ") + ")."
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}
