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

// unshown reports the figures and formulas that a page cannot show: those that
// come from elsewhere, and those whose TeX cannot be read.
func (r *report) unshown(d *Document) {
	for c := range d.All() {
		if !strings.Contains(c.Text, "$$") && !strings.Contains(c.Text, "![") {
			continue
		}
		for _, k := range c.Blocks() {
			switch k.Kind {
			case Figure:
				if _, ok := FigureFile(k.Text); !ok {
					r.add("PARSE-figure", Warning, c.Line, "图“%s”不在本站，页面上不显示：请把图片上传到这份文本 · the figure is not kept here and is not shown: upload it to this text", shorten(k.Title))
				}
			case Formula:
				if _, err := MathML(k.Text); err != nil {
					r.add("PARSE-formula", Warning, c.Line, "公式“%s”读不懂，页面上照原样显示：请改用常见的 TeX 写法 · %v; it is shown as typed: write it in the usual TeX", shorten(k.Text), err)
				}
			}
		}
	}
}
