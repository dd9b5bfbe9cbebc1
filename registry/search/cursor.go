package search

import (
	"cmp"
	"context"
	"math"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// end is where a cursor stands that has no more documents.
const end = math.MaxUint64

// cursor walks the documents that something is found in, in their order.
type cursor interface {
	// seek moves to the first document that is not before doc.
	seek(doc uint64) error
	doc() uint64     // end: there are no more
	times() float64  // how often it is found in this document
	length() float64 // of this document, in terms
	count() uint64   // documents altogether
}

// postings are the documents of one term.
type postings struct {
	reader index.TermFieldReader
	held   index.TermFieldDoc
	id     index.IndexInternalID
	now    uint64
	begun  bool
}

func openPostings(reader index.IndexReader, term string, places bool) (*postings, error) {
	r, err := reader.TermFieldReader(context.Background(), []byte(term), textField, true, true, places)
	if err != nil {
		return nil, err
	}
	return &postings{reader: r}, nil
}

func (p *postings) seek(doc uint64) error {
	if p.begun && p.now >= doc {
		return nil
	}
	var found *index.TermFieldDoc
	var err error
	if doc == 0 || p.begun && doc == p.now+1 {
		found, err = p.reader.Next(p.held.Reset())
	} else {
		p.id = index.NewIndexInternalID(p.id, doc)
		found, err = p.reader.Advance(p.id, p.held.Reset())
	}
	p.begun = true
	if err != nil || found == nil {
		p.now = end
		return err
	}
	p.now = found.ID.Value()
	return nil
}

func (p *postings) doc() uint64     { return p.now }
func (p *postings) times() float64  { return float64(p.held.Freq) }
func (p *postings) length() float64 { return 1 / (p.held.Norm * p.held.Norm) }
func (p *postings) count() uint64   { return p.reader.Count() }

// places gives where the term stands in this document, in order.
func (p *postings) places(into []uint64) []uint64 {
	into = into[:0]
	for _, v := range p.held.Vectors {
		into = append(into, v.Pos)
	}
	if !slices.IsSorted(into) {
		slices.Sort(into)
	}
	return into
}

// found is one of the documents of a cursor.
type found struct {
	doc           uint64
	times, length float64
}

// gathered is a cursor over documents that were gathered before.
type gathered struct {
	docs []found
	at   int
}

func (l *gathered) seek(doc uint64) error {
	if l.at < len(l.docs) && l.docs[l.at].doc < doc {
		n, _ := slices.BinarySearchFunc(l.docs[l.at:], doc, func(f found, doc uint64) int { return cmp.Compare(f.doc, doc) })
		l.at += n
	}
	return nil
}

func (l *gathered) doc() uint64 {
	if l.at >= len(l.docs) {
		return end
	}
	return l.docs[l.at].doc
}
func (l *gathered) times() float64  { return l.docs[l.at].times }
func (l *gathered) length() float64 { return l.docs[l.at].length }
func (l *gathered) count() uint64   { return uint64(len(l.docs)) }

// maxPrefixed bounds the terms by which a single character is found.
const maxPrefixed = 2000

// openPrefix gathers the documents of all terms that begin with a character: a
// single Han character is not a term, but every pair that it begins is, and the
// last one before a break. Of very many the most frequent are taken.
func openPrefix(reader index.IndexReader, prefix string) (*gathered, error) {
	dict, err := reader.FieldDictPrefix(textField, []byte(prefix))
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	var terms []index.DictEntry
	for {
		e, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if e == nil {
			break
		}
		terms = append(terms, *e)
	}
	slices.SortFunc(terms, func(a, b index.DictEntry) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Term, b.Term))
	})
	var all []found
	for _, e := range terms[:min(len(terms), maxPrefixed)] {
		p, err := openPostings(reader, e.Term, false)
		if err != nil {
			return nil, err
		}
		for err = p.seek(0); err == nil && p.now != end; err = p.seek(p.now + 1) {
			all = append(all, found{p.now, p.times(), p.length()})
		}
		p.reader.Close()
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Compare(a.doc, b.doc) })
	out := all[:0]
	for _, f := range all {
		if n := len(out); n > 0 && out[n-1].doc == f.doc {
			out[n-1].times += f.times
		} else {
			out = append(out, f)
		}
	}
	return &gathered{docs: out}, nil
}
