package registry

import (
	"regexp"
	"strings"

	"golang.org/x/text/width"

	"tongbiao/editor"
)

// clausePlaces finds clauses by what people write into the column 标准章条编号.
type clausePlaces map[string]string // words → Clause.ID

func placesOf(d *editor.Document) clausePlaces {
	p := clausePlaces{}
	add := func(words, id string) {
		if words = placeWords(words); words != "" && p[words] == "" {
			p[words] = id
		}
	}
	for c := range d.All() {
		add(c.Number, c.ID)
		if c.Kind == editor.Annex {
			letter := strings.TrimPrefix(c.Number, "附录")
			add("annex"+letter, c.ID)
		}
		for _, b := range c.Blocks() {
			number := placeWords(b.Number)
			add(number, c.ID)
			for zh, en := range map[string]string{"表": "table", "图": "figure"} {
				if rest, ok := strings.CutPrefix(number, zh); ok {
					add(en+rest, c.ID)
				}
			}
			if b.Kind == editor.Formula {
				add("式"+number, c.ID)
				add("公式"+number, c.ID)
			}
		}
		switch c.Kind {
		case editor.Foreword:
			add("前言", c.ID)
			add("foreword", c.ID)
		case editor.Introduction:
			add("引言", c.ID)
			add("introduction", c.ID)
		}
	}
	for c := range d.All() { // numbers go before titles
		add(c.Title, c.ID)
		add(c.English, c.ID)
	}
	return p
}

// placeWords is a place without what varies: width, case, spaces.
func placeWords(s string) string {
	s = strings.ToLower(width.Narrow.String(s))
	return strings.Join(strings.Fields(s), "")
}

var (
	placeMarks  = regexp.MustCompile(`[、，,；;\n和及与&]+|[～~至—–]+`)
	wholeText   = regexp.MustCompile(`^(全文|通篇|整体|全部|总体|标准名称|标准整体|标题|封面|总则意见|general|all|whole(document|text)?|-|/|—)?$`)
	numbered    = regexp.MustCompile(`^(?:第|clause|subclause|section)?(\d+(?:\.\d+)*)(章|条|款|节)?`)
	annexed     = regexp.MustCompile(`^(?:附录|annex)?([a-z](?:\.\d+)*)(?:章|条|$|[^a-z])`)
	articled    = regexp.MustCompile(`^第[零一二三四五六七八九十百千万〇\d]+(?:编|章|节|条)(?:之[一二三四五六七八九十]+)?`)
	illustrated = regexp.MustCompile(`^(表|图|式|公式|table|figure)([a-z]?\.?\(?\d+\)?(?:\.\d+)?)`)
)

// find resolves what a row says of its place: "5.2.1", "第5章", "附录A", "表2",
// "全文", "5.2、5.3". What is not a place of the text is given back in unknown.
func (p clausePlaces) find(words string) (ids, unknown []string) {
	if wholeText.MatchString(placeWords(words)) {
		return nil, nil
	}
	if id := p.one(words); id != "" && p[placeWords(words)] != "" { // a title may hold 和 or a comma
		return []string{id}, nil
	}
	seen := map[string]bool{}
	for _, piece := range placeMarks.Split(words, 64) {
		if placeWords(piece) == "" {
			continue
		}
		switch id := p.one(piece); {
		case id == "":
			unknown = append(unknown, strings.TrimSpace(piece))
		case !seen[id]:
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, unknown
}

// one finds one place; "" where there is none.
func (p clausePlaces) one(words string) string {
	w := placeWords(words)
	if len(w) > 400 {
		return ""
	}
	if id := p[w]; id != "" {
		return id
	}
	if m := illustrated.FindString(w); m != "" {
		return p[m]
	}
	if m := articled.FindString(w); m != "" && p[m] != "" {
		return p[m]
	}
	if m := numbered.FindStringSubmatch(w); m != nil {
		if m[2] == "条" || m[2] == "章" || m[2] == "节" {
			if n, ok := editor.ParseNumeral(m[1]); ok && p["第"+editor.Numeral(n)+m[2]] != "" {
				return p["第"+editor.Numeral(n)+m[2]]
			}
		}
		return p[m[1]]
	}
	if m := annexed.FindStringSubmatch(w); m != nil {
		if id := p[m[1]]; id != "" {
			return id
		}
		return p["annex"+m[1]]
	}
	return ""
}
