package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"tongbiao/editor"
	"tongbiao/registry"
)

// Fields of a document. Nothing is stored: a hit's text is read from the
// registry.
const (
	textField     = "text"     // all that a clause is found by
	nameField     = "name"     // what a standard is called, of its face
	standardField = "standard" // its ID
	classField    = "class"    // what a clause is filtered and counted by
	editionField  = "edition"  // which text of the standard it stands in, and when that holds
)

// A document's ID says which clause of which revision it is, and sorts clauses
// as they are read.
func documentID(v registry.Ref, place int) string {
	return fmt.Sprintf("%s/%d/%05d/%s", v.Standard, v.Revision, place, v.Clause)
}

func refOf(documentID string) registry.Ref {
	part := strings.SplitN(documentID, "/", 4)
	if len(part) < 4 {
		return registry.Ref{}
	}
	n, _ := strconv.Atoi(part[1])
	return registry.Ref{Standard: part[0], Revision: n, Clause: part[3]}
}

// faceOf gives the face of a standard, which bears its names and is found by
// them only.
func faceOf(e edition, names []string) *document.Document {
	face := newDocument(registry.Ref{Standard: e.standard, Revision: e.revision}, 0, e)
	for _, n := range names {
		face.AddField(keyword(nameField, n, 0))
	}
	return face
}

// documentsOf gives the documents of a text, one a clause.
func documentsOf(t registry.Text, e edition) []*document.Document {
	ref := t.Revision.Ref()
	var out []*document.Document
	h := t.Revision.Header
	plain := plainOf(t.Document)
	for c, path := range clausesOf(t.Document) {
		text := plain.text(c)
		if text == "" && c.Title == "" {
			continue
		}
		ref.Clause = c.ID
		d := newDocument(ref, len(out)+1, e)
		d.AddField(document.NewTextFieldCustom(textField, nil, []byte(wordsIn(h, c, path, text)), index.IndexField|index.IncludeTermVectors, analyzer{}))
		d.AddField(keyword(classField, classIn(h, c, path, text).key(), index.DocValues))
		answerFields(d, h, c, path, text)
		out = append(out, d)
	}
	return out
}

// wordsIn is all that a clause is found by: title, chapters and text say together
// what it is about. Its own title counts twice. No word goes over a line end.
func wordsIn(h editor.Header, c *editor.Clause, path []string, text string) string {
	title := strings.TrimSpace(strings.Join(h.Numbers, " ") + " " + h.Title)
	heading := c.Title + " " + c.English
	return strings.Join([]string{title, strings.Join(path, "\n"), c.Number + " " + heading, heading, text}, "\n")
}

// classIn is what a clause is filtered by where it stands.
func classIn(h editor.Header, c *editor.Clause, path []string, text string) class {
	return classOf(h, append(slices.Clip(path), c.Title), text)
}

func newDocument(ref registry.Ref, place int, e edition) *document.Document {
	d := document.NewDocument(documentID(ref, place))
	d.AddField(keyword(standardField, ref.Standard, index.DocValues))
	d.AddField(keyword(editionField, e.key(), index.DocValues))
	return d
}

func keyword(field, value string, more index.FieldIndexingOptions) document.Field {
	return document.NewTextFieldCustom(field, nil, []byte(value), index.IndexField|index.SkipFreqNorm|more, nil)
}

// clausesOf yields every clause with the titles that stand above it.
func clausesOf(d *editor.Document) func(func(*editor.Clause, []string) bool) {
	var walk func(cs []*editor.Clause, path []string, yield func(*editor.Clause, []string) bool) bool
	walk = func(cs []*editor.Clause, path []string, yield func(*editor.Clause, []string) bool) bool {
		for _, c := range cs {
			below := append(slices.Clip(path), strings.TrimSpace(c.Number+" "+c.Title))
			if !yield(c, path) || !walk(c.Clauses, below, yield) {
				return false
			}
		}
		return true
	}
	return func(yield func(*editor.Clause, []string) bool) { walk(d.Clauses, nil, yield) }
}

// plain reads clauses without marks, references as the text cites what they
// lead to.
type plain struct{ citations map[string]string }

func plainOf(d *editor.Document) plain {
	for c := range d.All() {
		if strings.Contains(c.Text, "](#") {
			return plain{d.Citations()}
		}
	}
	return plain{}
}

func (p plain) text(c *editor.Clause) string {
	text := editor.Cite(c.Text, func(id string) string { return p.citations[id] })
	return strings.TrimSpace(editor.PlainText(text))
}

// analyzer brings termsOf to Bleve. Where a term stands in bytes is not kept:
// marks are found in the text itself.
type analyzer struct{}

func (analyzer) Analyze(text []byte) analysis.TokenStream {
	terms := termsOf(string(text))
	tokens := make([]analysis.Token, len(terms))
	out := make(analysis.TokenStream, len(terms))
	for i, t := range terms {
		tokens[i] = analysis.Token{Term: []byte(t.text), Position: t.place}
		out[i] = &tokens[i]
	}
	return out
}
