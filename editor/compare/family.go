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
	cited      [][]int          // of a node of a penalty: the nodes that it cites
	articles   []map[string]int // provisions by number, of each text
	titles     *termIndex       // the words of titles
	synonyms   [][]string       // that it was read with
	wordWeight []float64
	common     meaning // what all clauses mean; nil when they are too few to know
}

// node is one passage.
type node struct {
	passage
	place     Place
	provision int
	whole     int     // the node of the paragraph that it is an entry of, or itself
	without   []int   // its entries that stand in another row
	position  float64 // 0 at the beginning of its text, 1 at the end
	vector    vector
	meaning   meaning
}

// provision is one clause that has text of its own; or an entry of one, which
// is weighed as if it were a clause.
type provision struct {
	doc     int
	clause  *editor.Clause
	of      int // the provision of the clause: itself, but of an entry
	first   int // its nodes are [first, last)
	last    int
	title   string // its own or that of the nearest titled clause above, below the chapter
	named   string // the title with every synonym replaced
	chapter string
	article string // its number: 12
	terms   []count
	role    role
	penalty bool
	vector  vector
	meaning meaning
	heading vector // of the title
	over    vector // of the chapter's title
}

// readFamily puts the texts together. It refuses more than MaxPassages.
func readFamily(texts []*Prepared, opts Options) (*family, error) {
	k := opts.Knowledge
	f := &family{places: map[Place]int{}, norm: newNormaliser(k.Synonyms), synonyms: k.Synonyms}
	named := opts.entries()
	order, keys := canonicalOrder(texts)
	f.keys = keys
	passages := 0
	for d, i := range order {
		f.docs = append(f.docs, texts[i].doc)
		f.given = append(f.given, i)
		if passages += texts[i].passages; passages > MaxPassages {
			return nil, fmt.Errorf("这些文本超过 %d 段，无法一次对照，请分章对照。 more than %d passages: compare chapter by chapter", MaxPassages, MaxPassages)
		}
		f.readText(d, texts[i].renamed(k.Synonyms, k.model()), named[i])
	}
	f.weigh(k.model())
	f.understand(k.model())
	return f, nil
}

// canonicalOrder sorts texts by what they say, and gives each a key by which
// rows name it: its registry ID, or a hash of its content where it has none or
// shares it.
func canonicalOrder(texts []*Prepared) (order []int, keys []string) {
	ids := map[string]int{}
	for i, t := range texts {
		ids[t.doc.Header.ID]++
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(texts[a].hash, texts[b].hash) })
	for _, i := range order {
		key := texts[i].doc.Header.ID
		if key == "" || ids[key] > 1 {
			key += "#" + texts[i].hash
		}
		if slices.Contains(keys, key) { // the same text twice
			key += fmt.Sprint("#", len(keys))
		}
		keys = append(keys, key)
	}
	return order, keys
}

// readText appends the clauses of a text and their passages.
func (f *family) readText(d int, text *Prepared, named map[editor.Passage]bool) {
	first := len(f.nodes)
	for _, k := range text.clauses {
		p := provision{doc: d, clause: k.clause, of: len(f.provisions), first: len(f.nodes), title: k.title, named: k.named, chapter: k.chapter, article: k.article, terms: k.terms}
		for i, at := range k.passages {
			f.addNode(Place{d, editor.Passage{Clause: k.clause.ID, Paragraph: i + 1}}, at, len(f.nodes))
		}
		p.last = len(f.nodes)
		p.role = roleOf(k.clause, f.nodes[p.first:p.last])
		p.penalty = isPenalty(f.nodes[p.first:p.last], k.chapter)
		f.provisions = append(f.provisions, p)
		f.readEntries(d, k, p, named)
	}
	span := float64(max(len(f.nodes)-first, 1))
	for i := first; i < len(f.nodes); i++ {
		f.nodes[i].position = (float64(i-first) + 0.5) / span
	}
}

// addNode appends a node of the provision that is read.
func (f *family) addNode(at Place, text passage, whole int) {
	f.places[at] = len(f.nodes)
	f.nodes = append(f.nodes, node{place: at, provision: len(f.provisions), whole: whole, passage: text})
}

// readEntries appends the entries of a clause as provisions without title: those
// that may have a subject of their own, and those that people named.
func (f *family) readEntries(d int, k prepared, clause provision, named map[editor.Passage]bool) {
	whole := clause.role != noRole && clause.role != proofRole // one subject, however many entries it has
	for i, at := range k.passages {
		for _, e := range at.entries {
			own := !whole && e.hasSubject() && len(f.nodes) < MaxPassages
			if !own && !named[editor.Passage{Clause: k.clause.ID, Paragraph: i + 1, Entry: e.entry}] {
				continue
			}
			p := provision{doc: d, clause: k.clause, of: clause.of, first: len(f.nodes), last: len(f.nodes) + 1, chapter: k.chapter, terms: e.terms, penalty: clause.penalty}
			f.addNode(Place{d, editor.Passage{Clause: k.clause.ID, Paragraph: i + 1, Entry: e.entry}}, e, clause.first+i)
			f.provisions = append(f.provisions, p)
		}
	}
}

// said is what a node says: an entry with the sentence that it hangs on.
func (n *node) said() string {
	if n.lead == "" {
		return n.text
	}
	return n.lead + "\n" + n.text
}

// isEntry reports whether a provision is an entry of a clause.
func (f *family) isEntry(p int) bool { return f.provisions[p].of != p }

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
		io.WriteString(h, strings.Join([]string{f.keys[at.Doc], at.Clause, fmt.Sprint(at.Paragraph)}, "\x00"))
		if at.Entry > 0 {
			fmt.Fprintf(h, "\x00%d", at.Entry)
		}
		io.WriteString(h, "\n")
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
