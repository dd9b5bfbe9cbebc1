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
	if short, ok := strings.CutPrefix(title, country); ok {
		out = append(out, short)
	}
	return slices.DeleteFunc(out, func(n string) bool { return n == "" })
}

const country = "中华人民共和国"

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

// direct finds what a query names: a standard by its number, ID or title, or
// one of its clauses. It gives nil when the query names nothing, or more than
// one thing: then choices are what it may mean.
func (x *Index) direct(text string) (ref *registry.Ref, choices []Candidate, err error) {
	text, long := firstCharacters(strings.TrimSpace(text), MaxQuery)
	if long {
		return nil, nil, nil
	}
	for _, c := range callings(text) {
		several := false
		for _, name := range c.names {
			faces, err := x.documentsBy(nameField, nameOf(name))
			if err != nil {
				return nil, nil, err
			}
			if len(faces) > 1 {
				several = true
				break
			}
			if len(faces) == 0 {
				continue
			}
			at, err := x.bearer(faces[0], nameOf(name))
			if err != nil {
				return nil, nil, err
			}
			if ref, err = x.placeIn(at, c); ref != nil || err != nil {
				return ref, nil, err
			}
		}
		// Two of one title, parts of one number, other years of it.
		if c.number != nil || several {
			if choices, err = x.choices(c); len(choices) > 0 || err != nil {
				return nil, choices, err
			}
		}
	}
	return nil, nil, nil
}

// maxChoices bounds what a query may be shown to mean.
const maxChoices = 12

// choices lists the standards that a calling may mean.
func (x *Index) choices(c calling) ([]Candidate, error) {
	name := c.names[0]
	if c.number != nil {
		name = c.number.Undated()
	}
	out, err := x.completed(nameOf(name), maxChoices)
	if len(out) > 0 || err != nil || c.number == nil {
		return out, err
	}
	return x.completed(nameOf(otherForce(*c.number).Undated()), maxChoices)
}

// bearer gives the standard of a face; where only an earlier edition bears the
// name, that one.
func (x *Index) bearer(face, key string) (registry.Ref, error) {
	ref := registry.Ref{Standard: refOf(face).Standard}
	s, err := x.reg.Standard(ref.Standard)
	if err != nil {
		return ref, err
	}
	if key == nameOf(s.ID) || slices.Contains(namesOf(s.Header), key) {
		return ref, nil
	}
	editions, err := x.reg.Revisions(ref.Standard)
	if err != nil {
		return ref, err
	}
	for _, v := range slices.Backward(editions) {
		if slices.Contains(namesOf(v.Header), key) {
			ref.Revision = v.Number
			break
		}
	}
	return ref, nil
}

// placeIn finds the clause that is called for. It gives nil where the text has
// none such.
func (x *Index) placeIn(ref registry.Ref, c calling) (*registry.Ref, error) {
	if len(c.clauses) == 0 && c.title == "" {
		return &ref, nil
	}
	at := ref
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
	if c.title != "" {
		if !slices.Contains(namesOf(text.header), nameOf(c.title)) {
			return nil, nil
		}
		return &ref, nil
	}
	for _, number := range c.clauses {
		for one := range clausesOf(text.doc) {
			if one.Number == "" || nameOf(one.Number) != nameOf(number) {
				continue
			}
			ref.Clause = one.ID
			if n, ok := editor.ParseNumeral(c.paragraph); ok && n <= len(one.Passages()) {
				ref.Paragraph = n
			}
			return &ref, nil
		}
	}
	return nil, nil
}
