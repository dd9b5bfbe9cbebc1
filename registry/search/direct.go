package search

import (
	"context"
	"regexp"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"

	"tongbiao/editor"
	"tongbiao/registry"
)

// nameOf gives the common form of what a standard is called, however it is
// spelled: "DB31/T 310003—2021", "db31t310003-2021" and "ＤＢ３１／Ｔ 310003-2021"
// are one, and so are 《快递暂行条例》 and 快递暂行条例.
func nameOf(s string) string {
	var b strings.Builder
	digits := false
	for _, u := range unitsOf(s) {
		now := classOfChar(firstRune(u.text)) == digit
		if now && digits {
			b.WriteByte('-')
		}
		digits = now
		b.WriteString(u.text)
	}
	return b.String()
}

var yearAtEnd = regexp.MustCompile(`(.*[0-9])-(?:19|20)[0-9]{2}$`)

// namesOf lists what a text is called: its numbers with and without year, and
// its title, also without the country's name.
func namesOf(h editor.Header) []string {
	var out []string
	for _, n := range h.Numbers {
		name := nameOf(n)
		out = append(out, name)
		if m := yearAtEnd.FindStringSubmatch(name); m != nil {
			out = append(out, m[1])
		}
	}
	title := nameOf(h.Title)
	out = append(out, title)
	if short, ok := strings.CutPrefix(title, "中华人民共和国"); ok {
		out = append(out, short)
	}
	return slices.DeleteFunc(out, func(n string) bool { return n == "" })
}

// documentsBy lists the IDs of the documents that bear a value, in order.
func (x *Index) documentsBy(field, value string) ([]string, error) {
	low, err := x.kept.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := low.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	docs, err := reader.TermFieldReader(context.Background(), []byte(value), field, false, false, false)
	if err != nil {
		return nil, err
	}
	defer docs.Close()
	var out []string
	var held index.TermFieldDoc
	for {
		d, err := docs.Next(held.Reset())
		if err != nil {
			return nil, err
		}
		if d == nil {
			slices.Sort(out)
			return out, nil
		}
		id, err := reader.ExternalID(d.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
}

var (
	articleAtEnd = regexp.MustCompile(`^(.+?)第?([0-9零〇一二两三四五六七八九十百千]+)条(?:之([0-9一二三四五六七八九十]+))?(?:第?([0-9一二三四五六七八九十]+)款)?$`)
	clauseAtEnd  = regexp.MustCompile(`^(.+?)\s+(?:第\s*)?((?:附录\s*)?[A-Za-z]|[A-Za-z]?\.?[0-9]+(?:\.[0-9]+)*)(?:\s*条)?$`)
)

// direct finds what a query names: a standard by its number, ID or title, or
// one of its clauses. It gives nil when the query names nothing, or more than
// one thing.
func (x *Index) direct(text string) (*registry.Ref, error) {
	text, long := firstCharacters(strings.TrimSpace(text), MaxQuery)
	if long {
		return nil, nil
	}
	ref, err := x.named(text)
	if ref != nil || err != nil {
		return ref, err
	}
	plain := strings.Join(strings.Fields(folded(text)), "")
	if m := articleAtEnd.FindStringSubmatch(plain); m != nil {
		return x.clauseNamed(m[1], articleNumber(m[2], m[3]), m[4])
	}
	if m := clauseAtEnd.FindStringSubmatch(text); m != nil {
		return x.clauseNamed(m[1], m[2], "")
	}
	return nil, nil
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

// named finds the one standard that bears a name; where only an earlier edition
// bears it, that one.
func (x *Index) named(name string) (*registry.Ref, error) {
	key := nameOf(name)
	if key == "" {
		return nil, nil
	}
	faces, err := x.documentsBy(nameField, key)
	if err != nil || len(faces) != 1 {
		return nil, err
	}
	ref := registry.Ref{Standard: refOf(faces[0]).Standard}
	s, err := x.reg.Standard(ref.Standard)
	if err != nil {
		return nil, err
	}
	if key == nameOf(s.ID) || slices.Contains(namesOf(s.Header), key) {
		return &ref, nil
	}
	editions, err := x.reg.Revisions(ref.Standard)
	if err != nil {
		return nil, err
	}
	for _, v := range slices.Backward(editions) {
		if slices.Contains(namesOf(v.Header), key) {
			ref.Revision = v.Number
			break
		}
	}
	return &ref, nil
}

// clauseNamed finds a clause of a named standard by its number.
func (x *Index) clauseNamed(standard, number, paragraph string) (*registry.Ref, error) {
	ref, err := x.named(standard)
	if err != nil || ref == nil {
		return nil, err
	}
	at := *ref
	if at.Revision == 0 {
		s, err := x.reg.Standard(at.Standard)
		if err != nil {
			return nil, err
		}
		at.Revision = s.Current
	}
	text, err := x.texts.read(at)
	if err != nil {
		return nil, err
	}
	number = nameOf(number)
	for c := range clausesOf(text.doc) {
		if c.Number == "" || nameOf(c.Number) != number {
			continue
		}
		ref.Clause = c.ID
		if n, ok := editor.ParseNumeral(paragraph); ok && n <= len(c.Passages()) {
			ref.Paragraph = n
		}
		return ref, nil
	}
	return nil, nil
}
