package check

import (
	"regexp"
	"strconv"
	"strings"

	"tongbiao/editor"
)

// regulationRules are those that the text of a regulation alone can break.
var regulationRules = []Rule{
	{ID: "REG-01", Convention: editor.Regulation, Clause: gapsInNumbering},
	{ID: "REG-02", Convention: editor.Regulation, Text: missingArticles},
	{ID: "REG-03", Convention: editor.Regulation, Text: missingParagraphs},
	{ID: "CIT-01", Convention: editor.Regulation, Text: unknownReferences},
}

var statuteNumber = regexp.MustCompile(`^第(\pL+|[0-9０-９]+)(编|章|节|条)(?:之(\pL+))?$`)

// gapsInNumbering flags numbers that do not follow on: left out, doubled, going
// back. 第十二条之一 follows 第十二条.
func gapsInNumbering(c *Clause) {
	if c.Fixed == "" || c.Kind == editor.Appendix {
		return
	}
	if m := statuteNumber.FindStringSubmatch(squash(c.Fixed)); m != nil && m[3] != "" {
		return
	}
	c.Flag(Heading, "编号不接续，请核对是否缺条、重号", "the number does not follow on: check whether something is missing or numbered twice")
}

// articleKey is how a Reference names an article: "12", "12-1".
func articleKey(number string) string {
	m := statuteNumber.FindStringSubmatch(squash(number))
	if m == nil || m[2] != "条" {
		return ""
	}
	n, ok := editor.ParseNumeral(m[1])
	if !ok {
		return ""
	}
	key := strconv.Itoa(n)
	if after, ok := editor.ParseNumeral(m[3]); ok {
		key += "-" + strconv.Itoa(after)
	}
	return key
}

// articles are the articles of the main text by their keys.
func articles(t *Text) map[string]*editor.Clause {
	m := map[string]*editor.Clause{}
	for _, x := range t.All {
		if x.Kind == editor.Article && t.Top(x).Kind != editor.Appendix {
			m[articleKey(x.Number)] = x
		}
	}
	return m
}

// ownReferences calls yield for every reference to an article of this text:
// 本条例第十条, and what follows it by 、, 和, 或者, 至.
func ownReferences(t *Text, yield func(x *editor.Clause, f editor.Fact)) {
	for _, x := range t.All {
		if top := t.Top(x).Kind; !strings.Contains(x.Text, "本") || top == editor.Preamble || top == editor.Appendix {
			continue
		}
		last, own := 0, false
		for _, f := range t.Facts(x).References() {
			between := x.Text[last:f.Start]
			switch {
			case endsWithAny(between, ownNames):
				own = true
			case !own || !isJoint(between):
				own = false
			}
			last = f.End
			if own && f.Reference.Title == "" && f.Reference.Article != "" && f.Reference.Article[0] != '-' {
				yield(x, f)
			}
		}
	}
}

var ownNames = []string{"本条例", "本办法", "本规定", "本决定", "本规则", "本细则", "本法"}

func isJoint(s string) bool {
	switch squash(s) {
	case "、", "和", "或", "或者", "及", "以及", "与", "至", "到":
		return true
	}
	return false
}

func missingArticles(t *Text) {
	known := articles(t)
	if len(known) == 0 {
		return
	}
	ownReferences(t, func(x *editor.Clause, f editor.Fact) {
		if known[f.Reference.Article] == nil {
			t.Flag(x, Words(f.Start, f.End), "引用的%[1]s不存在，请核对", "%[1]s, which is referred to, does not exist: check it", x.Text[f.Start:f.End])
		}
	})
}

func missingParagraphs(t *Text) {
	known := articles(t)
	ownReferences(t, func(x *editor.Clause, f editor.Fact) {
		a := known[f.Reference.Article]
		if a == nil || f.Reference.Paragraph < 1 {
			return
		}
		if n := len(a.Passages()); f.Reference.Paragraph > n {
			t.Flag(x, Words(f.Start, f.End), "引用的%[1]s不存在，该条只有 %[2]d 款，请核对", "%[1]s, which is referred to, does not exist, the article has %[2]d paragraphs: check it", x.Text[f.Start:f.End], n)
		}
	})
}
