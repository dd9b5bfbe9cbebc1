package editor

import (
	"strconv"
	"strings"
)

// regulationRules are those that the text of a regulation alone can break.
var regulationRules = []rule{
	{"REG-01", Warning, gapsInNumbering},
	{"REG-02", Error, missingArticles},
	{"REG-03", Warning, missingParagraphs},
	{"CIT-01", Error, unknownReferences},
}

// gapsInNumbering flags numbers that do not follow on: left out, doubled, going
// back. 第十二条之一 follows 第十二条.
func gapsInNumbering(c *checker) {
	for _, x := range c.all {
		if x.Fixed == "" || x.Kind == Appendix {
			continue
		}
		s, ok := readStatute(x.Fixed)
		if ok && s.after > 0 {
			continue
		}
		c.flag(x, "编号不接续，请核对是否缺条、重号", "the number does not follow on: check whether something is missing or numbered twice")
	}
}

// articleKey is how a Reference names an article: "12", "12-1".
func articleKey(number string) string {
	s, ok := readStatute(number)
	if !ok || s.kind != Article {
		return ""
	}
	key := strconv.Itoa(s.value)
	if s.after > 0 {
		key += "-" + strconv.Itoa(s.after)
	}
	return key
}

// articles are the articles of the main text by their keys.
func (c *checker) articles() map[string]*Clause {
	m := map[string]*Clause{}
	for _, x := range c.all {
		if x.Kind == Article && c.top[x].Kind != Appendix {
			m[articleKey(x.Number)] = x
		}
	}
	return m
}

// ownReferences calls yield for every reference to an article of this text:
// 本条例第十条, and what follows it by 、, 和, 或者, 至.
func (c *checker) ownReferences(yield func(x *Clause, ref *Reference, words string)) {
	for _, x := range c.all {
		if !strings.Contains(x.Text, "本") || c.top[x].Kind == Preamble || c.top[x].Kind == Appendix {
			continue
		}
		last, own := 0, false
		for _, f := range References(x.Text) {
			between := x.Text[last:f.Start]
			switch {
			case endsWithAny(between, ownNames):
				own = true
			case !own || !isJoint(between):
				own = false
			}
			last = f.End
			if own && f.Reference.Title == "" && f.Reference.Article != "" && f.Reference.Article[0] != '-' {
				yield(x, f.Reference, x.Text[f.Start:f.End])
			}
		}
	}
}

var ownNames = []string{"本条例", "本办法", "本规定", "本决定", "本规则", "本细则", "本法"}

func isJoint(s string) bool {
	switch trimSpace(s) {
	case "、", "和", "或", "或者", "及", "以及", "与", "至", "到":
		return true
	}
	return false
}

func missingArticles(c *checker) {
	articles := c.articles()
	if len(articles) == 0 {
		return
	}
	c.ownReferences(func(x *Clause, ref *Reference, words string) {
		if articles[ref.Article] == nil {
			c.flag(x, "引用的%s不存在，请核对", "%s, which is referred to, does not exist: check it", words)
		}
	})
}

func missingParagraphs(c *checker) {
	articles := c.articles()
	c.ownReferences(func(x *Clause, ref *Reference, words string) {
		a := articles[ref.Article]
		if a == nil || ref.Paragraph < 1 {
			return
		}
		if n := len(a.Passages()); ref.Paragraph > n {
			c.flag(x, "引用的%[1]s不存在，该条只有 %[2]d 款，请核对", "%[1]s, which is referred to, does not exist, the article has %[2]d paragraphs: check it", words, n)
		}
	})
}
