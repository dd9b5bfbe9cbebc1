package search

import (
	"math"
	"slices"

	index "github.com/blevesearch/bleve_index_api"

	"tongbiao/registry/search/rank"
)

// BM25 with true lengths.
const (
	saturation    = 1.2 // k1
	lengthShare   = 0.75
	typicalLength = 130.0 // terms of a clause with its headings: the mean over 55,389 articles
)

// weight of a word that stands in so many of all documents.
func weight(count, all uint64) float64 {
	n := float64(count)
	return math.Log(1 + (float64(all)-n+0.5)/(n+0.5))
}

// score is what a word adds to a document.
func score(weight, times, length float64) float64 {
	return weight * times * (saturation + 1) / (times + saturation*(1-lengthShare+lengthShare*length/typicalLength))
}

// match is a document that a question finds.
type match struct {
	doc   uint64
	row   row
	score float64
	words float64 // of score, what the words came to
}

// wordCursor walks the documents in which all terms of a word stand.
type wordCursor struct {
	texts  []string    // the terms that cover the word, each once
	terms  []cursor    // of each
	strict []*postings // of each, with places; opened when they are needed
	held   [][]uint64  // places of each in the current document
	cover  []piece     // what stands where in the word
	weight float64
}

// piece is a term and its place in a word.
type piece struct{ term, at int }

// openWord opens what a word is found by: pairs that cover it, or the term that
// it is, or for a single Han character all that begins with it, unless only
// where it is last is meant.
func (s *scan) openWord(w word, last bool) (*wordCursor, error) {
	c := &wordCursor{}
	if w.single() && !last {
		l, err := openPrefix(s.reader, w[0].text)
		if err != nil {
			return nil, err
		}
		c.terms, c.cover = []cursor{l}, make([]piece, 1)
	} else {
		texts, at := w.cover()
		for i, text := range texts {
			n := slices.Index(c.texts, text)
			if n < 0 {
				n = len(c.texts)
				p, err := s.postings(text, false)
				if err != nil {
					return nil, err
				}
				c.texts, c.terms = append(c.texts, text), append(c.terms, p)
			}
			c.cover = append(c.cover, piece{n, at[i]})
		}
	}
	rarest := uint64(math.MaxUint64)
	for _, t := range c.terms {
		rarest = min(rarest, t.count())
	}
	c.weight = weight(rarest, s.docs)
	return c, nil
}

// times counts how often the word stands whole in the document at which all of
// its terms are.
func (c *wordCursor) times(s *scan) (float64, error) {
	if len(c.cover) == 1 {
		return c.terms[0].times(), nil
	}
	if c.strict == nil {
		for _, text := range c.texts {
			p, err := s.postings(text, true)
			if err != nil {
				return 0, err
			}
			c.strict = append(c.strict, p)
		}
		c.held = make([][]uint64, len(c.strict))
	}
	doc := c.terms[0].doc()
	for i, p := range c.strict {
		if err := p.seek(doc); err != nil {
			return 0, err
		}
		c.held[i] = p.places(c.held[i])
	}
	n := 0.0
	for _, first := range c.held[c.cover[0].term] {
		whole := true
		for i := 1; whole && i < len(c.cover); i++ {
			_, whole = slices.BinarySearch(c.held[c.cover[i].term], first+uint64(c.cover[i].at))
		}
		if whole {
			n++
		}
	}
	return n, nil
}

// scan is one reading of the index.
type scan struct {
	reader index.IndexReader
	view   *view
	docs   uint64
	open   []*postings
	ready  map[rank.Gram]*postings // not walked yet
}

func (x *Index) scan() (*scan, error) {
	low, err := x.kept.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := low.Reader()
	if err != nil {
		return nil, err
	}
	s := &scan{reader: reader}
	if s.docs, err = reader.DocCount(); err == nil {
		s.view, err = x.columns.of(reader)
	}
	if err != nil {
		reader.Close()
		return nil, err
	}
	return s, nil
}

// postings opens the postings of a term; they are closed with the scan.
func (s *scan) postings(term string, places bool) (*postings, error) {
	p, err := openPostings(s.reader, term, places)
	if err == nil {
		s.open = append(s.open, p)
	}
	return p, err
}

func (s *scan) close() {
	for _, p := range s.open {
		p.reader.Close()
	}
	for _, p := range s.ready {
		p.reader.Close()
	}
	s.reader.Close()
}

// whole finds the documents in which every word stands whole.
func (s *scan) whole(words []word) ([]match, error) {
	var cursors []*wordCursor
	var all []cursor
	for _, w := range words {
		c, err := s.openWord(w, false)
		if err != nil {
			return nil, err
		}
		cursors = append(cursors, c)
		all = append(all, c.terms...)
	}
	// The rarest leads, so that few documents are looked at.
	slices.SortStableFunc(all, func(a, b cursor) int {
		switch x, y := a.count(), b.count(); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	var out []match
	segment := 0
	for doc := uint64(0); ; doc++ {
		var err error
		if doc, err = meet(all, doc); err != nil || doc == end {
			return out, err
		}
		sum := 0.0
		for _, c := range cursors {
			n, err := c.times(s)
			if err != nil {
				return nil, err
			}
			if n == 0 {
				sum = 0
				break
			}
			sum += score(c.weight, n, c.terms[0].length())
		}
		if sum > 0 {
			out = append(out, match{doc: doc, row: s.view.at(doc, &segment), score: sum})
		}
	}
}

// meet moves all cursors to the first document from doc on that they share.
func meet(all []cursor, doc uint64) (uint64, error) {
	for agreed := 0; agreed < len(all); {
		agreed = 0
		for _, c := range all {
			if err := c.seek(doc); err != nil {
				return end, err
			}
			if c.doc() != doc {
				doc = c.doc()
				break
			}
			agreed++
		}
		if doc == end {
			break
		}
	}
	return doc, nil
}

const (
	// enough of the words' weight must stand in a document that is found by
	// some of them: below it are those that share a stray pair of characters.
	enough = 0.05
	// window is how many documents are added up at a time.
	window = 1 << 14
)

// some finds the documents in which some of the terms stand; rare ones count
// for more.
func (s *scan) some(parts []part) ([]match, error) {
	var cursors []cursor
	var weights []float64
	all := 0.0
	for _, p := range parts {
		c, err := s.openWord(p.word, p.last)
		if err != nil {
			return nil, err
		}
		if c.terms[0].count() == 0 {
			continue
		}
		cursors = append(cursors, c.terms[0])
		weights = append(weights, c.weight)
		all += c.weight
	}
	most := uint64(0)
	for _, c := range cursors {
		most += c.count()
	}
	out := make([]match, 0, min(most, s.view.end()))
	scores, shares := make([]float64, window), make([]float64, window)
	segment := 0
	for start := uint64(0); start < s.view.end(); start += window {
		clear(scores)
		clear(shares)
		for i, c := range cursors {
			if err := c.seek(start); err != nil {
				return nil, err
			}
			for c.doc() < start+window {
				at := c.doc() - start
				scores[at] += score(weights[i], c.times(), c.length())
				shares[at] += weights[i]
				if err := c.seek(c.doc() + 1); err != nil {
					return nil, err
				}
			}
		}
		for at, share := range shares {
			if share > 0 && share >= enough*all {
				doc := start + uint64(at)
				out = append(out, match{doc: doc, row: s.view.at(doc, &segment), score: scores[at]})
			}
		}
	}
	return out, nil
}
