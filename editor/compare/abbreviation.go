package compare

import (
	"strings"
	"unicode"

	"tongbiao/editor"
)

// maxAbbreviations bounds what is read of one text.
const maxAbbreviations = 40

// abbreviations finds the short names that a text gives to long ones
// （消费者权益保护委员会（以下简称消保委）） as groups of synonyms. Only a short
// name whose characters stand in the long one, in order, is believed.
func abbreviations(d *editor.Document) [][]string {
	var out [][]string
	for c := range d.All() {
		text := c.Text
		for len(out) < maxAbbreviations {
			at := strings.Index(text, "（以下")
			if at < 0 {
				break
			}
			before := text[:at]
			text = text[at+len("（以下"):]
			end := strings.Index(text, "）")
			if end < 0 || end > 90 {
				continue
			}
			short := text[:end]
			text = text[end:]
			for _, lead := range []string{"统简称", "简称", "统称", "称"} {
				if rest, ok := strings.CutPrefix(short, lead); ok {
					short = strings.Trim(rest, "为：:“”\" ")
					break
				}
			}
			if long := longName(before, short); long != "" {
				out = append(out, []string{long, short})
			}
		}
	}
	return out
}

// longName is the shortest end of a text that holds the short name's characters
// in order and begins with its first; "" when there is none.
func longName(before, short string) string {
	s, b := []rune(short), []rune(before)
	if len(s) < 3 || len(s) > 12 {
		return ""
	}
	i, k := len(b)-1, len(s)-1
	for ; i >= 0 && k >= 0 && len(b)-i <= 30 && unicode.Is(unicode.Han, b[i]); i-- {
		if b[i] == s[k] {
			k--
		}
	}
	long := string(b[i+1:])
	if k >= 0 || long == short || strings.Contains(long, short) {
		return ""
	}
	return long
}

// sameThings finds the terms that the texts define alike under different names
// (智能快件箱, 智能快递柜, 快递柜), as groups of synonyms.
func (f *family) sameThings(pairs []pair) [][]string {
	best := map[[2]int]*pair{} // of a provision, with another text
	for i := range pairs {
		p := &pairs[i]
		if f.provisions[p.a].role != termRole || f.provisions[p.b].role != termRole {
			continue
		}
		for _, key := range [][2]int{{p.a, f.provisions[p.b].doc}, {p.b, f.provisions[p.a].doc}} {
			if best[key] == nil || p.odds > best[key].odds {
				best[key] = p
			}
		}
	}
	group := map[string]int{}
	var out [][]string
	for i := range pairs {
		p := &pairs[i]
		a, b := f.provisions[p.a], f.provisions[p.b]
		if best[[2]int{p.a, b.doc}] != p || best[[2]int{p.b, a.doc}] != p || sigmoid(p.odds) < sameThing || a.title == b.title {
			continue
		}
		x, okX := group[a.title]
		y, okY := group[b.title]
		switch {
		case okX && okY:
		case okX:
			out[x], group[b.title] = append(out[x], b.title), x
		case okY:
			out[y], group[a.title] = append(out[y], a.title), y
		default:
			group[a.title], group[b.title] = len(out), len(out)
			out = append(out, []string{a.title, b.title})
		}
	}
	return out
}

const sameThing = 0.5 // probability from which two definitions are of one thing
