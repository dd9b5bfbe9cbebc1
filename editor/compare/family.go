package compare

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"tongbiao/editor"
)

// family is the texts that are aligned, read and taken apart. Its texts are in
// an order that depends on their content only, so that nothing that is computed
// from it depends on the order in which they were given.
type family struct {
	docs       []*editor.Document
	given      []int // index among the texts as they were given
	keys       []string
	nodes      []node
	provisions []provision
	places     map[Place]int // node of a passage; Place.Doc is an index into docs
	norm       *normaliser   // what all texts have in common
	terms      *termIndex
	cited      [][]int // of a node of a penalty: the nodes that it cites
}

// node is one passage.
type node struct {
	place     Place
	provision int
	text      string // plain
	symbols   []rune
	position  float64 // 0 at the beginning of its text, 1 at the end
	vector    vector
	meaning   meaning
	length    int // characters that bear on the comparison
}

// provision is one clause that has text of its own.
type provision struct {
	doc     int
	clause  *editor.Clause
	first   int // its nodes are [first, last)
	last    int
	title   string // its own or that of the nearest titled clause above, below the chapter
	named   string // the title with every synonym replaced
	chapter string
	role    role
	penalty bool
	vector  vector
	meaning meaning
	heading vector // of the title
	over    vector // of the chapter's title
}

// readFamily takes the texts apart. It refuses more than MaxPassages.
func readFamily(docs []*editor.Document, opts Options) (*family, error) {
	f := &family{places: map[Place]int{}, norm: newNormaliser(opts.Knowledge.Synonyms)}
	order, keys := canonicalOrder(docs)
	for _, i := range order {
		f.docs = append(f.docs, docs[i])
		f.given = append(f.given, i)
	}
	f.keys = keys
	for d, doc := range f.docs {
		f.readDocument(d, newNormaliser(slices.Concat(abbreviations(doc), opts.Knowledge.Synonyms)))
		if len(f.nodes) > MaxPassages {
			return nil, fmt.Errorf("这些文本超过 %d 段，无法一次对照，请分章对照。 more than %d passages: compare chapter by chapter", MaxPassages, MaxPassages)
		}
	}
	f.weigh(opts.Knowledge.model())
	f.understand(opts.Knowledge.model())
	return f, nil
}

// canonicalOrder sorts texts by what they say, and gives each a key by which
// rows name it: its registry ID, or a hash of its content where it has none or
// shares it.
func canonicalOrder(docs []*editor.Document) (order []int, keys []string) {
	hashes := make([]string, len(docs))
	ids := map[string]int{}
	for i, d := range docs {
		h := sha256.New()
		fmt.Fprintf(h, "%q %q\n", d.Header.ID, d.Header.Title)
		for c := range d.All() {
			fmt.Fprintf(h, "%q %q %q %q\n", c.ID, c.Kind, c.Title, c.Text)
		}
		hashes[i] = hex.EncodeToString(h.Sum(nil))
		ids[d.Header.ID]++
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(hashes[a], hashes[b]) })
	for _, i := range order {
		key := docs[i].Header.ID
		if key == "" || ids[key] > 1 {
			key += "#" + hashes[i]
		}
		if slices.Contains(keys, key) { // the same text twice
			key += fmt.Sprint("#", len(keys))
		}
		keys = append(keys, key)
	}
	return order, keys
}

// readDocument appends the clauses of a text and their passages.
func (f *family) readDocument(d int, n *normaliser) {
	first := len(f.nodes)
	var walk func(cs []*editor.Clause, title, chapter string)
	walk = func(cs []*editor.Clause, title, chapter string) {
		for _, c := range cs {
			own, below := c.Title, chapter
			if own == "" {
				own = title
			}
			f.readClause(d, c, own, chapter, n)
			if divides(c.Kind) {
				own, below = "", c.Title
			}
			walk(c.Clauses, own, below)
		}
	}
	walk(f.docs[d].Clauses, "", "")
	span := float64(max(len(f.nodes)-first, 1))
	for i := first; i < len(f.nodes); i++ {
		f.nodes[i].position = (float64(i-first) + 0.5) / span
	}
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

func (f *family) readClause(d int, c *editor.Clause, title, chapter string, n *normaliser) {
	passages := c.Passages()
	if len(passages) == 0 {
		return
	}
	p := provision{doc: d, clause: c, first: len(f.nodes), title: title, named: n.fold.Replace(title), chapter: chapter}
	for i, text := range passages {
		place := Place{d, editor.Passage{Clause: c.ID, Paragraph: i + 1}}
		text = plain(text)
		symbols := n.symbols(text)
		f.places[place] = len(f.nodes)
		f.nodes = append(f.nodes, node{place: place, provision: len(f.provisions), text: text, symbols: symbols, length: countSymbols(symbols)})
	}
	p.last = len(f.nodes)
	p.role = roleOf(c, f.nodes[p.first:p.last])
	p.penalty = isPenalty(f.nodes[p.first:p.last], chapter)
	f.provisions = append(f.provisions, p)
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

// place finds the node of a passage that is named as it was given.
func (f *family) place(at Place) (int, error) {
	for d, given := range f.given {
		if given == at.Doc {
			if i, ok := f.places[Place{d, at.Passage}]; ok {
				return i, nil
			}
		}
	}
	return 0, fmt.Errorf("第 %d 个文本没有条款 %s 的第 %d 段。 text %d has no passage %d of clause %s", at.Doc+1, at.Clause, at.Paragraph, at.Doc+1, at.Paragraph, at.Clause)
}

// hashNodes names a set of nodes, the same for the same passages of the same
// texts.
func (f *family) hashNodes(nodes []int) string {
	h := sha256.New()
	for _, i := range nodes {
		at := f.nodes[i].place
		io.WriteString(h, strings.Join([]string{f.keys[at.Doc], at.Clause, fmt.Sprint(at.Paragraph)}, "\x00")+"\n")
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
