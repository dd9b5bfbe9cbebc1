package check

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"tongbiao/editor"
)

// localRules look at what local standards must keep (地方标准管理办法) and what
// holds for a unified standard of several regions.
var localRules = []Rule{
	{ID: "LOC-01", Text: prefixAndRegion},
	{ID: "LOC-02", Text: oneTextInAllRegions},
	{ID: "LOC-03", Text: unifiedNumberTaken},
	{ID: "LOC-05", Text: overlap, Staged: true},
}

// participants of the harmonisation by GB/T 2260 code, in their order.
var participants = []struct{ code, name, province string }{
	{"31", "上海", "上海市"}, {"32", "江苏", "江苏省"}, {"33", "浙江", "浙江省"}, {"34", "安徽", "安徽省"},
}

// localNumber reads DB31/T 310003—2021: code, city, /T, sequence, year.
var localNumber = regexp.MustCompile(`^DB[ ]?(\d{2})(\d{2})?(/T)?[ \x{3000}]*([^ \x{3000}—-]+?)(?:[—-]+(\d{4}))?$`)

// unifiedSequence is the sequence of numbers that the regions keep for unified
// standards.
var unifiedSequence = regexp.MustCompile(`^310\d{3}$`)

// ownLocal are the header's numbers of local standards, read.
func ownLocal(h editor.Header) [][]string {
	var out [][]string
	for _, n := range h.Numbers {
		if m := localNumber.FindStringSubmatch(n); m != nil {
			out = append(out, m)
		}
	}
	return out
}

func prefixAndRegion(t *Text) {
	if t.Header.Kind != "local" && len(ownLocal(t.Header)) == 0 {
		return
	}
	for _, n := range t.Header.Numbers {
		m := localNumber.FindStringSubmatch(n)
		if m == nil {
			t.Flag(nil, Key("number"), "地方标准编号应为 DB 加地区代码，如 DB31/T 1234—2026：%[1]s", "the number of a local standard is DB and the code of its region, e.g. DB31/T 1234—2026: %[1]s", n)
			continue
		}
		i := slices.IndexFunc(participants, func(p struct{ code, name, province string }) bool { return p.code == m[1] })
		switch {
		case i < 0:
			t.Flag(nil, Key("number"), "编号 %[1]s 的地区代码不是 31、32、33、34", "the code of the region in %[1]s is none of 31, 32, 33, 34", n)
			continue
		case len(t.Header.Regions) > 0 && !slices.Contains(t.Header.Regions, m[1]):
			t.Flag(nil, Key("number"), "编号 %[1]s 的代码与地区 %[2]s 不符，请改正其一", "the prefix of %[1]s does not fit the region %[2]s: correct one of them", n, strings.Join(t.Header.Regions, "、"))
		case m[3] == "":
			t.Flag(nil, Key("number"), "编号 %[1]s 没有 /T：强制性地方标准须有法律依据，推荐性的请加 /T", "%[1]s has no /T: a mandatory local standard needs a law, a voluntary one is written /T", n).Lesser()
		}
		for _, p := range participants {
			if p.code != m[1] && len(t.Header.Numbers) == 1 && strings.HasPrefix(t.Header.Issuer, p.name) {
				t.Flag(nil, Key("issuer"), "发布机构“%[1]s”与编号 %[2]s 的地区不符", "the issuer %[1]s does not fit the region of %[2]s", t.Header.Issuer, n)
			}
		}
	}
}

// Body names a text less what differs between the regions of a unified standard: the
// numbers of local standards, the names of the regions and its front matter.
func Body(d *editor.Document) string {
	h := sha256.New()
	for x := range d.All() {
		for _, s := range []string{string(x.Kind), x.Title, x.English, editor.PlainText(x.Text)} {
			h.Write([]byte(withoutRegion(squash(s))))
			h.Write([]byte{0})
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

var regional = regexp.MustCompile(`DB3[1-4](\d{2})?`)

func withoutRegion(s string) string {
	s = regional.ReplaceAllString(s, "DB")
	for _, p := range participants {
		s = strings.ReplaceAll(s, p.province, "")
	}
	return s
}

// oneTextInAllRegions: under a unified number the regions have one sequence, one
// year, one text.
func oneTextInAllRegions(t *Text) {
	var first []string
	for _, m := range ownLocal(t.Header) {
		if !unifiedSequence.MatchString(m[4]) {
			continue
		}
		if first == nil {
			first = m
		} else if m[4] != first[4] || m[5] != first[5] {
			t.Flag(nil, Key("number"), "统一编号的顺序号和年份各地区应一致：%[1]s 与 %[2]s", "a unified standard has one sequence and one year in all regions: %[1]s and %[2]s", first[0], m[0])
		}
	}
	if first == nil || t.Options.Library == nil {
		return
	}
	body := ""
	for _, k := range t.elsewhere(first) {
		if squash(k.Title) != squash(t.Header.Title) || k.Body == "" {
			continue
		}
		if body == "" {
			body = Body(t.Document)
		}
		if k.Body != body {
			t.Flag(nil, Key("number"), "正文与 %[1]s 不一致，统一标准各地区文本应相同，请比较后统一", "the text differs from %[1]s: a unified standard has one text in all regions, compare and make them one", k.Number)
		}
	}
}

// elsewhere are the texts that bear the same unified number in other regions.
func (t *Text) elsewhere(m []string) []Known {
	var out []Known
	for _, p := range participants {
		if p.code == m[1] {
			continue
		}
		n := "DB" + p.code + m[3] + " " + m[4]
		if k, ok := t.Options.Library.Standard(n); ok && k.ID != t.Header.ID {
			out = append(out, k)
		}
	}
	return out
}

func unifiedNumberTaken(t *Text) {
	if t.Options.Library == nil {
		return
	}
	for _, m := range ownLocal(t.Header) {
		if !unifiedSequence.MatchString(m[4]) {
			continue
		}
		for _, k := range t.elsewhere(m) {
			if squash(k.Title) != squash(t.Header.Title) {
				t.Flag(nil, Key("number"), "统一编号 %[1]s 已被 %[2]s《%[3]s》占用，请另取", "the unified number %[1]s is in use by %[2]s, %[3]s: take another", m[4], k.Number, k.Title)
			}
		}
	}
}

// overlap hints at national and industry standards in force with a similar title,
// while the text is being drafted.
func overlap(t *Text) {
	if t.Options.Library == nil || t.Header.Kind != "local" || stageRank(t.Stage) > stageRank("drafting") {
		return
	}
	for _, k := range t.Options.Library.Similar(t.Header.Title) {
		if (k.Kind == "national" || k.Kind == "industry") && (k.Status == "in-force" || k.Status == "published") && k.ID != t.Header.ID {
			t.Flag(nil, Key("title"), "与 %[1]s《%[2]s》相近，请说明不重复的理由或引用它", "the subject is close to that of %[1]s, %[2]s: say why both are needed, or refer to it", k.Number, k.Title)
		}
	}
}
