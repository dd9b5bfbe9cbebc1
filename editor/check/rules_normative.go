package check

import (
	"regexp"
	"strings"
	"sync"

	"tongbiao/editor"
)

// normativeRules hold the citations of a text and its lists of documents against
// each other (GB/T 1.1—2020, 8.6, 8.12 and 9.5).
var normativeRules = []Rule{
	{ID: "REF-03", Text: listedAndCited},
	{ID: "REF-04", Clause: datedForClause},
	{ID: "REF-05", Clause: wayOfDating},
	{ID: "REF-07", Text: inForce},
	{ID: "REF-09", Clause: allParts},
	{ID: "REF-10", Text: informativeListed},
}

// listedAndCited: what is listed is cited normatively, what is cited normatively is
// listed, both dated or both undated.
func listedAndCited(t *Text) {
	x := t.Find(editor.Chapter, "规范性引用文件")
	if x == nil {
		return
	}
	list, cited := listedIn(x, t.Facts(x), true), citations(t)
	byNumber := map[string]force{}
	for _, c := range cited {
		if now, ok := byNumber[c.Reference.Standard]; !ok || now == informative {
			byNumber[c.Reference.Standard] = c.force
		}
	}
	body := sync.OnceValue(t.body)
	for _, e := range list {
		if e.number != "" {
			t.isCited(x, e, byNumber, body)
		}
	}
	for _, c := range cited {
		if c.force != normative || !c.direct || t.isSelf(c.Reference.Standard) {
			continue
		}
		known, agrees := false, false
		for _, e := range list {
			if e.covers(c.Reference.Standard) || partOf(e.Standard, c.Reference.Standard) {
				known, agrees = true, agrees || e.Year == c.Reference.Year
			}
		}
		switch {
		case !known:
			t.Flag(c.clause, Words(c.Start, c.End), "规范性引用的 %[1]s 没有列入第 2 章，请列入；资料性引用请用“见”并列入参考文献", "%[1]s, which is cited normatively, is not listed in chapter 2: list it; an informative citation is worded 见 and goes into the bibliography", c.number())
		case !agrees:
			t.Flag(c.clause, Words(c.Start, c.End), "%[1]s 在第 2 章中注日期与否或年份与此处不同，请统一", "%[1]s is listed in chapter 2 with another year, or with one where here is none: make them alike", c.number())
		}
	}
}

// isSelf tells whether a number is one of the text's own.
func (t *Text) isSelf(standard string) bool {
	for _, n := range t.Header.Numbers {
		if strings.HasPrefix(squash(n), squash(standard)+"—") || squash(n) == squash(standard) {
			return true
		}
	}
	return false
}

// isCited holds a listed document against the numbers that are cited, each with the
// strongest way in which it is.
func (t *Text) isCited(x *editor.Clause, e listed, cited map[string]force, body func() string) {
	informatively := false
	for number, force := range cited { // the result does not depend on the order
		if !e.covers(number) {
			continue
		}
		if force != informative {
			return
		}
		informatively = true
	}
	span := Words(e.start, e.end)
	switch {
	case informatively:
		t.Flag(x, span, "%[1]s 在文中只作资料性引用，请移到参考文献", "%[1]s is only cited informatively: move it to the bibliography", e.number)
	case !t.spells(e, body):
		t.Flag(x, span, "%[1]s 在文中没有规范性引用，请引用或从清单中删去", "%[1]s is not cited normatively anywhere: cite it or take it off the list", e.number)
	}
}

// spells tells whether the body names a listed document in a way that cannot be read
// as a reference: by its title, or by a number that is written otherwise.
func (t *Text) spells(e listed, body func() string) bool {
	if _, title, ok := strings.Cut(e.words, "\u3000"); ok && strings.Contains(body(), "《"+squash(title)+"》") {
		return true
	}
	text, number := body(), squash(e.number)
	for { // GB2894 as well: how it is written is TYP-01's
		i := strings.Index(text, number)
		if i < 0 {
			return false
		}
		text = text[i+len(number):]
		if text == "" || text[0] != '.' && (text[0] < '0' || text[0] > '9') {
			return true
		}
	}
}

// body is the text of the chapters and annexes without white space, the list of
// references left out.
func (t *Text) body() string {
	var b strings.Builder
	for _, x := range t.All {
		top := t.Top(x)
		if (top.Kind == editor.Chapter || top.Kind == editor.Annex) && top.Title != "规范性引用文件" {
			b.WriteString(squash(x.Text))
			b.WriteByte('\n')
		}
	}
	return b.String()
}

var specific = regexp.MustCompile(`^(?:（所有部分）)?[ ]?(?:的|中的|中|规定的)?[ ]?(第?[ ]?\d+(?:\.\d+)+|第[ ]?\d+[ ]?[章条]|表[ ]?[A-Z]?\.?\d+|图[ ]?[A-Z]?\.?\d+|附录[ ]?[A-Z]\b)`)

// datedForClause flags GB/T 10757的5.2: a clause is cited of one edition.
func datedForClause(c *Clause) {
	if c.inReferences() || c.Kind == editor.Bibliography || c.Kind == editor.Foreword {
		return
	}
	for _, f := range c.References() {
		if f.Reference.Standard == "" || f.Reference.Year != "" {
			continue
		}
		if m := specific.FindStringSubmatchIndex(c.Text[f.End:]); m != nil {
			c.Flag(Words(f.Start, f.End+m[1]), "引用具体的章条、表、图时注日期：请写出 %[1]s 的年份", "a citation of a clause, table or figure is dated: add the year of %[1]s", f.Reference.Standard)
		}
	}
}

var (
	wordyYear   = regexp.MustCompile(`^[ ]?(?:[（(](?:19|20)\d{2}[ ]?年?版?[)）]|(?:19|20)\d{2}[ ]?年?版)`)
	shortYear   = regexp.MustCompile(`^[-–—－](\d{2})(?:[^0-9.]|$)`)
	brokenCode  = regexp.MustCompile(`\b(GB|YZ|JT|SB|NY|DB\d{2})(?:[ ]?\\[ ]?|[ ]?／[ ]?|[ ]+/[ ]*|/[ ]+)?(T)[ ]?(\d+)`)
	yearPattern = regexp.MustCompile(`(?:19|20)\d{2}`)
)

// wayOfDating flags GB/T 10757（2011年版）, GB/T 1.1—88 and GBT 10757.
func wayOfDating(c *Clause) {
	for _, f := range c.References() {
		if f.Reference.Standard == "" || f.Reference.Year != "" {
			continue
		}
		rest := c.Text[f.End:]
		if m := wordyYear.FindString(rest); m != "" {
			instead := c.Text[f.Start:f.End] + "—" + yearPattern.FindString(m)
			span := Words(f.Start, f.End+len(m))
			c.Flag(span, "注日期的引用写“%[1]s”", "a dated citation reads %[1]s", instead).Mend("改为“"+instead+"” · write "+instead, Change{span, instead})
		} else if m := shortYear.FindStringSubmatchIndex(rest); m != nil {
			c.Flag(Words(f.Start, f.End+m[3]), "年份写四位数字：%[1]s—YYYY", "a year has four digits: %[1]s—YYYY", f.Reference.Standard)
		}
	}
	if !strings.ContainsAny(c.Text, "0123456789") {
		return
	}
	for _, m := range brokenCode.FindAllStringSubmatchIndex(c.Text, -1) {
		if inLink(c.Text, m[0]) {
			continue
		}
		instead := c.Text[m[2]:m[3]] + "/T " + c.Text[m[6]:m[7]]
		span := Words(m[0], m[1])
		if strings.HasPrefix(c.Text[m[0]:m[1]], c.Text[m[2]:m[3]]+"/T") {
			continue
		}
		c.Flag(span, "代号请写“%[1]s/T”", "the code is written %[1]s/T", c.Text[m[2]:m[3]]).Mend("改为“"+instead+"” · write "+instead, Change{span, instead})
	}
}

// inForce asks the library about what is listed and cited.
func inForce(t *Text) {
	library := t.Options.Library
	if library == nil {
		return
	}
	x := t.Find(editor.Chapter, "规范性引用文件")
	if x == nil {
		return
	}
	for _, e := range listedIn(x, t.Facts(x), true) {
		if e.Standard == "" {
			continue
		}
		known, ok := library.Standard(dated(&e.Reference))
		if !ok {
			continue
		}
		span := Words(e.start+e.at, e.end)
		switch {
		case known.Status == "withdrawn":
			t.Flag(x, span, "%[1]s 已废止，请改引现行标准或删去", "%[1]s is withdrawn: cite one in force or take it out", known.Number)
		case known.Status == "superseded" && known.Superseded != "":
			t.Flag(x, span, "%[1]s 已被 %[2]s 代替，请改引", "%[1]s is superseded by %[2]s: cite that", known.Number, known.Superseded)
		case known.Status == "superseded":
			t.Flag(x, span, "%[1]s 已被代替，请改引现行版本", "%[1]s is superseded: cite the edition in force", known.Number)
		case known.Status == "published" || known.Effective != "" && t.Options.Today != "" && known.Effective > t.Options.Today:
			t.Flag(x, span, "%[1]s 尚未实施（%[2]s 起实施），请核对", "%[1]s is not in force yet (from %[2]s): check it", known.Number, orUnknown(known.Effective)).Lesser()
		}
	}
}

func orUnknown(date string) string {
	if date == "" {
		return "日期未定"
	}
	return date
}

var wordyParts = regexp.MustCompile(`^[ ]?(?:系列标准|系列国家标准|系列|的?各部分|的所有部分|全部部分|\(所有部分\))`)

// allParts flags GB/T 27917系列标准: all parts of a standard are cited as GB/T 27917（所有部分）.
func allParts(c *Clause) {
	for _, f := range c.References() {
		if f.Reference.Standard == "" {
			continue
		}
		m := wordyParts.FindString(c.Text[f.End:])
		if m == "" {
			continue
		}
		instead := c.Text[f.Start:f.End] + "（所有部分）"
		span := Words(f.Start, f.End+len(m))
		c.Flag(span, "引用所有部分写“%[1]s”", "a citation of all parts reads %[1]s", instead).Mend("改为“"+instead+"” · write "+instead, Change{span, instead})
	}
}

// informativeListed: what is cited informatively stands in the bibliography. Where
// there is no bibliography at all, STR-07 says so.
func informativeListed(t *Text) {
	bibliography := t.Find(editor.Bibliography)
	if bibliography == nil {
		return
	}
	list := listedIn(bibliography, t.Facts(bibliography), false)
	if x := t.Find(editor.Chapter, "规范性引用文件"); x != nil {
		list = append(list, listedIn(x, t.Facts(x), true)...)
	}
	said := map[string]bool{}
cited:
	for _, c := range citations(t) {
		if c.force != informative || said[c.Reference.Standard] || t.isSelf(c.Reference.Standard) {
			continue
		}
		for _, e := range list {
			if e.covers(c.Reference.Standard) || partOf(e.Standard, c.Reference.Standard) || partOf(c.Reference.Standard, e.Standard) {
				continue cited
			}
		}
		said[c.Reference.Standard] = true
		t.Flag(c.clause, Words(c.Start, c.End), "资料性引用的 %[1]s 没有列入参考文献，请列入", "%[1]s, which is cited informatively, is not in the bibliography: list it", c.number())
	}
}
