package check

import (
	"strings"

	"tongbiao/editor"
)

// forbiddenRules look for what a standard does not speak of (GB/T 1.1—2020, 5.5;
// 地方标准管理办法).
var forbiddenRules = []Rule{
	{ID: "PRO-01", Clause: contractMatters},
	{ID: "PRO-02", Clause: tradeNames},
	{ID: "PRO-03", Clause: localProtection},
}

func contractMatters(c *Clause) {
	c.speaksOf("contract", func(at Span, word string) {
		c.Flag(at, "标准不写合同事项、行政管理措施和法律责任（“%[1]s”），请删去或移到有关文件", "a standard holds no contract matters, administrative measures or liability (%[1]s): take it out", word)
	})
}

func tradeNames(c *Clause) {
	c.speaksOf("brand", func(at Span, word string) {
		if strings.Contains(c.Text[at.end:min(len(c.Text), at.end+8)], "[^") { // a footnote says that it is an example
			return
		}
		c.Flag(at, "不用商品名、商标和平台名（“%[1]s”），请写产品的名称或特性；确需给出的，加脚注声明", "no trade names or trademarks (%[1]s): describe the product; where it must be named, a footnote says so", word)
	})
}

func localProtection(c *Clause) {
	c.speaksOf("local", func(at Span, word string) {
		c.Flag(at, "“%[1]s”可能限制公平竞争，请按能力和质量提要求", "%[1]s may restrict fair competition: require ability and quality instead", word)
	})
}

// speaksOf yields the words of a lexicon in the body and the annexes, notes and
// examples included, each place once.
func (c *Clause) speaksOf(lexicon string, yield func(at Span, word string)) {
	if c.Top.Kind != editor.Chapter && c.Top.Kind != editor.Annex || c.Top.Title == "规范性引用文件" {
		return
	}
	taken := 0
	for _, w := range Lexicon(lexicon) {
		for _, i := range w.Find(c.Text) {
			if end := i + len(w.Word); i >= taken || end <= taken-len(w.Word) {
				yield(Words(i, end), w.Word)
				taken = max(taken, end)
			}
		}
	}
}
