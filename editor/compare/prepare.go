package compare

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare/model"
)

// Prepared is a text read for comparison: what costs most and depends on the
// text alone. It is immutable, may be kept under its Hash and be used by many
// alignments at once. The document must not be changed as long as it is used.
type Prepared struct {
	doc      *editor.Document
	hash     string
	short    [][]string // its abbreviations
	clauses  []prepared // those that have text, in reading order
	passages int
}

// prepared is one clause.
type prepared struct {
	clause         *editor.Clause
	title, chapter string // as in provision
	named          string
	article        string  // of its number
	terms          []count // of all its passages
	passages       []passage
}

// passage is one paragraph, or an entry of one, read.
type passage struct {
	text       string // plain
	entry      int    // 0 of a paragraph
	entries    []passage
	lead       string // plain: the sentence that an entry hangs on
	symbols    []rune
	terms      []count
	words      []int32 // of the language model
	length     int     // characters that bear on the comparison
	references []editor.Fact
	column     *keptColumn // nil where it must be read with synonyms
}

// Prepare reads a text for comparison.
func Prepare(doc *editor.Document) *Prepared {
	p := &Prepared{doc: doc, hash: contentHash(doc), short: abbreviations(doc)}
	n := newNormaliser(p.short)
	m := model.Default()
	var walk func(cs []*editor.Clause, title, chapter string)
	walk = func(cs []*editor.Clause, title, chapter string) {
		for _, c := range cs {
			own, below := c.Title, chapter
			if own == "" {
				own = title
			}
			if k := (prepared{clause: c, title: own, chapter: chapter}); k.read(n, m) {
				p.clauses = append(p.clauses, k)
				p.passages += len(k.passages)
			}
			if divides(c.Kind) {
				own, below = "", c.Title
			}
			walk(c.Clauses, own, below)
		}
	}
	walk(doc.Clauses, "", "")
	return p
}

// Hash names the content: two texts of one hash are prepared alike.
func (p *Prepared) Hash() string { return p.hash }

// read takes the clause apart; false when it has no text of its own.
func (k *prepared) read(n *normaliser, m *model.Model) bool {
	texts := k.clause.Passages()
	if len(texts) == 0 {
		return false
	}
	k.named = n.fold.Replace(k.title)
	for _, r := range editor.References(k.clause.Number) {
		k.article = r.Reference.Article
	}
	k.passages = make([]passage, len(texts))
	for i, text := range texts {
		at := &k.passages[i]
		at.read(text, n, m)
		for j, e := range editor.Entries(text) {
			one := passage{entry: j + 1, lead: plain(e.Lead)}
			one.read(strings.TrimPrefix(e.Text, e.Label), n, m)
			at.entries = append(at.entries, one)
		}
	}
	k.count()
	return true
}

// leastEntry is how many characters an entry has at least that may have a
// subject of its own.
const leastEntry = 16

// hasSubject reports whether an entry may have a subject of its own.
func (p *passage) hasSubject() bool {
	return p.length >= leastEntry && !strings.Contains(p.text, "规定的其他")
}

func (p *passage) read(markdown string, n *normaliser, m *model.Model) {
	p.text = plain(markdown)
	p.references = editor.References(p.text)
	p.column = &keptColumn{}
	p.write(n, m)
}

// count adds up the terms of the passages.
func (k *prepared) count() {
	if len(k.passages) == 1 {
		k.terms = k.passages[0].terms
		return
	}
	var all []count
	for _, p := range k.passages {
		all = append(all, p.terms...)
	}
	k.terms = sum(all)
}

// write turns the text into what is compared.
func (p *passage) write(n *normaliser, m *model.Model) {
	p.symbols = n.symbols(p.text)
	p.terms = countTerms(p.symbols)
	p.words = m.Segment(p.symbols, nil)
	p.length = countSymbols(p.symbols)
}

// renamed is the text with other synonyms: what has none of their words is
// shared with p.
func (p *Prepared) renamed(synonyms [][]string, m *model.Model) *Prepared {
	if len(synonyms) == 0 && m == model.Default() {
		return p
	}
	var words []string
	for _, group := range synonyms {
		for _, w := range group {
			if w != "" {
				words = append(words, w)
			}
		}
	}
	n := newNormaliser(slices.Concat(p.short, synonyms))
	out := *p
	out.clauses = slices.Clone(p.clauses)
	for i := range out.clauses {
		k := &out.clauses[i]
		if containsAny(k.title, words...) {
			k.named = n.fold.Replace(k.title)
		}
		shared := true
		for j := range k.passages {
			if m == model.Default() && !containsAny(k.passages[j].text, words...) {
				continue
			}
			if shared {
				k.passages, shared = slices.Clone(k.passages), false
			}
			k.passages[j].write(n, m)
			k.passages[j].column = nil
			k.passages[j].entries = slices.Clone(k.passages[j].entries)
			for e := range k.passages[j].entries {
				k.passages[j].entries[e].write(n, m)
				k.passages[j].entries[e].column = nil
			}
		}
		if !shared {
			k.count()
		}
	}
	return &out
}

// contentHash names what a text says.
func contentHash(d *editor.Document) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q\n", d.Header.ID, d.Header.Title)
	for c := range d.All() {
		fmt.Fprintf(h, "%q %q %q %q %q\n", c.ID, c.Kind, c.Number, c.Title, c.Text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// prepareAll prepares texts that may be nil; nil stays.
func prepareAll(docs []*editor.Document) []*Prepared {
	out := make([]*Prepared, len(docs))
	for i, d := range docs {
		if d != nil {
			out[i] = Prepare(d)
		}
	}
	return out
}

// divides reports whether a clause of this kind gathers others under a title
// that says little of each.
func divides(k editor.Kind) bool {
	switch k {
	case editor.Chapter, editor.Part, editor.Subpart, editor.Section, editor.Annex, editor.Appendix:
		return true
	}
	return false
}

func countSymbols(symbols []rune) int {
	n := 0
	for _, r := range symbols {
		if r != gap {
			n++
		}
	}
	return n
}

func containsAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
