package search

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"tongbiao/editor"
	"tongbiao/schemas"
)

// calling is one reading of a query as the name of a standard or a clause.
type calling struct {
	names     []string               // of the standard; the first that is borne counts
	number    *editor.StandardNumber // where it is called by number
	title     string                 // that must be its title too
	clauses   []string               // numbers of the clause; the first that is there counts
	paragraph string                 // 款
}

const numeral = `[0-9零〇一二两三四五六七八九十百千]+`

var (
	// What people put before and after the name of a text.
	before = regexp.MustCompile(`^(?:请问|查一下|查询|查找|搜索|打开|根据|依据|按照|依照|见|标准号|标准编号|编号|标准|文件)[:：\s]*`)
	after  = regexp.MustCompile(`[\s，,]*(?:的?(?:规定|内容|原文|全文|条文|正文|标准)(?:了?(?:什么|啥))?|(?:规定|说|讲|写)了?(?:什么|啥)|怎么(?:规定|说|写)的?|是什么|是啥)?[?？。！!]*$`)
	// 国标27917.1, 上海地标310003, 邮政行标 0133.
	saidKind   = regexp.MustCompile(`^(国标|国家标准|邮政行标|邮政行业标准|(上海|江苏|浙江|安徽|沪|苏|浙|皖)[省市]?(?:地标|地方标准))[\s:：]*(?:第|推荐性)?\s*((?:示范)?[0-9][0-9.]*(?:\s*-\s*[0-9]{4})?)号?(.*)$`)
	inBrackets = regexp.MustCompile(`[（(][^（）()]*[）)]`)
	// 第十二条之一第二款第（三）项
	articleForm  = `第?(` + numeral + `)条(?:之(` + numeral + `))?(?:第?(` + numeral + `)款)?(?:第?[（(]?` + numeral + `[）)]?项)?`
	articleAtEnd = regexp.MustCompile(`^(.+?)[，,的]?` + articleForm + `$`)
	articleFirst = regexp.MustCompile(`^` + articleForm + `[，,]?(.*[^0-9].*)$`)
	articleOnly  = regexp.MustCompile(`^[，,的中里]*` + articleForm + `$`)
	chapterAtEnd = regexp.MustCompile(`^(.+?)[，,的]?第(` + numeral + `)([编章节])$`)
	// A clause of a standard: 5.2.1, A.1, 附录 A; and 民法典 1165.
	clauseForm  = `(?:第\s*)?((?:附录\s*)?[A-Za-z]|[A-Za-z]?\.?[0-9]+(?:\.[0-9]+)*)\s*(?:条|章|节|款)?`
	clauseAtEnd = regexp.MustCompile(`^(.+?)(?:\s+|[》的中，,]\s*)` + clauseForm + `$`)
	clauseOnly  = regexp.MustCompile(`^[\s，,的中里:：]*` + clauseForm + `$`)
	lawAndCount = regexp.MustCompile(`^(.*[法典例定则])》?([0-9]{1,4})$`)
)

// callings reads a query in every way in which it may name something, the
// plainest first.
func callings(text string) []calling {
	text = strings.TrimSpace(simplified(text))
	out := []calling{{names: []string{text}}}
	bare := strings.TrimSpace(before.ReplaceAllString(text, ""))
	for range 3 { // 的内容是什么
		if b := after.ReplaceAllString(bare, ""); b != "" {
			bare = b
		}
	}
	if bare != text {
		out = append(out, calling{names: []string{bare}})
	}
	if c, ok := byNumber(bare); ok {
		return append(out, c)
	}
	plain := strings.Join(strings.Fields(folded(bare)), "")
	if m := articleAtEnd.FindStringSubmatch(plain); m != nil {
		out = append(out, calling{names: lawNames(m[1]), clauses: []string{articleNumber(m[2], m[3])}, paragraph: m[4]})
	}
	if m := articleFirst.FindStringSubmatch(plain); m != nil {
		out = append(out, calling{names: lawNames(m[4]), clauses: []string{articleNumber(m[1], m[2])}, paragraph: m[3]})
	}
	if m := chapterAtEnd.FindStringSubmatch(plain); m != nil {
		if n, ok := editor.ParseNumeral(m[2]); ok {
			out = append(out, calling{names: lawNames(m[1]), clauses: []string{"第" + editor.Numeral(n) + m[3], m[2]}})
		}
	}
	if m := clauseAtEnd.FindStringSubmatch(bare); m != nil {
		out = append(out, calling{names: lawNames(m[1]), clauses: clauseNumbers(m[2])})
	}
	if m := lawAndCount.FindStringSubmatch(plain); m != nil {
		out = append(out, calling{names: lawNames(m[1]), clauses: clauseNumbers(m[2])})
	}
	if names := lawNames(bare); len(names) > 1 {
		out = append(out, calling{names: names[1:]})
	}
	return out
}

// byNumber reads a query as a number with what is said beside it.
func byNumber(text string) (c calling, ok bool) {
	text = spelledOut(text)
	lead, n, rest, ok := editor.CutStandardNumber(text)
	if !ok {
		return c, false
	}
	for { // of a text that several publish, all numbers may be given
		between, _, more, again := editor.CutStandardNumber(rest)
		if !again || strings.Trim(between, " ,，、;；/()（）") != "" {
			break
		}
		rest = more
	}
	c.number = &n
	c.names = []string{n.String(), otherForce(n).String()}
	lead = strings.Trim(lead, " 《》:：()（）")
	for _, word := range []string{"国标", "国家标准", "行标", "行业标准", "地标", "地方标准", "团标", "团体标准", "推荐性", "强制性", "标准"} {
		lead = strings.TrimSpace(strings.TrimSuffix(lead, word))
	}
	rest = strings.Trim(rest, " 《》:：()（）")
	plain := strings.Join(strings.Fields(rest), "")
	switch m := articleOnly.FindStringSubmatch(plain); {
	case lead != "" && rest != "":
		return c, false
	case lead != "":
		c.title = lead
	case plain == "" || plain == "标准" || plain == "国家标准":
	case clauseOnly.MatchString(rest):
		c.clauses = clauseNumbers(clauseOnly.FindStringSubmatch(rest)[1])
	case m != nil:
		c.clauses, c.paragraph = []string{articleNumber(m[1], m[2])}, m[3]
	default:
		c.title = rest
	}
	return c, true
}

// spelledOut writes the code of a standard that is called by the words for it.
func spelledOut(text string) string {
	m := saidKind.FindStringSubmatch(folded(text))
	if m == nil {
		return text
	}
	code := map[string]string{"国标": "GB/T", "国家标准": "GB/T", "邮政行标": "YZ/T", "邮政行业标准": "YZ/T"}[m[1]]
	if code == "" {
		code = "DB" + map[string]string{"上海": "31", "沪": "31", "江苏": "32", "苏": "32", "浙江": "33", "浙": "33", "安徽": "34", "皖": "34"}[m[2]] + "/T"
	}
	return code + " " + m[3] + m[4]
}

// otherForce is the number as a mandatory standard's where it is a recommended
// one's, and the other way round: people leave the T out, and mandatory
// standards have become recommended ones (notice 2017 no. 7 of SAC).
func otherForce(n editor.StandardNumber) editor.StandardNumber {
	if code, ok := strings.CutSuffix(n.Code, "/T"); ok {
		n.Code = code
	} else {
		n.Code += "/T"
	}
	return n
}

// lawNames are the names by which a law may be borne that is called so.
func lawNames(name string) []string {
	name = strings.Trim(before.ReplaceAllString(name, ""), " 《》，,的")
	out := []string{name}
	if bare := strings.Trim(inBrackets.ReplaceAllString(name, ""), " 《》"); bare != name && bare != "" {
		out = append(out, bare)
	}
	for _, n := range slices.Clone(out) {
		if full := shortNames()[strings.TrimSuffix(n, "》")]; full != "" {
			out = append(out, full)
		}
	}
	return out
}

// shortNames are what laws are called for short: schemas/lexicons/lawnames.tsv.
var shortNames = sync.OnceValue(func() map[string]string { return table("lawnames") })

// table reads a lexicon of two columns.
func table(name string) map[string]string {
	raw, err := schemas.Lexicons.ReadFile("lexicons/" + name + ".tsv")
	if err != nil {
		return nil
	}
	out := map[string]string{}
	for l := range strings.Lines(string(raw)) {
		if a, b, ok := strings.Cut(strings.TrimRight(l, "\r\n"), "\t"); ok && a[0] != '#' {
			out[a] = b
		}
	}
	return out
}

// clauseNumbers are the numbers by which a clause may be borne that is called so.
func clauseNumbers(said string) []string {
	said = strings.Join(strings.Fields(said), "")
	out := []string{said}
	if len(said) == 1 && said[0] > '9' {
		out = append(out, "附录"+said)
	}
	if a := articleNumber(said, ""); a != "" {
		out = append(out, a)
	}
	return out
}

// articleNumber writes the number of an article as texts do.
func articleNumber(number, inserted string) string {
	n, ok := editor.ParseNumeral(number)
	if !ok {
		return ""
	}
	out := "第" + editor.Numeral(n) + "条"
	if n, ok := editor.ParseNumeral(inserted); ok {
		out += "之" + editor.Numeral(n)
	}
	return out
}
