package search

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"tongbiao/editor"
	"tongbiao/registry/search/rank"
)

// Fields by which questions are answered.
const (
	bodyField    = "body"    // the clause as it is judged; stored
	articleField = "article" // title and number of an article
	citesField   = "cites"   // titles that a clause names
)

// bodyParts divide what is stored of a clause.
const bodyParts = "\x1f"

var namedTitle = regexp.MustCompile(`《([^《》]{2,60})》`)

// answerFields adds to a document what questions are answered by.
func answerFields(d *document.Document, h editor.Header, c *editor.Clause, path []string, text string) {
	if text == "" {
		return
	}
	stored := strings.Join([]string{h.Title, strings.Join(path, "\n"), c.Number, c.Title, text}, bodyParts)
	d.AddField(document.NewTextFieldWithIndexingOptions(bodyField, nil, []byte(stored), index.StoreField))
	if c.Kind == editor.Article && c.Number != "" {
		d.AddField(keyword(articleField, shortName(h.Title)+c.Number, 0))
	}
	seen := map[string]bool{shortName(h.Title): true}
	for _, m := range namedTitle.FindAllStringSubmatch(text, -1) {
		if name := shortName(m[1]); !seen[name] {
			seen[name] = true
			d.AddField(keyword(citesField, name, 0))
		}
	}
}

// shortName is what a text is called without the country's name.
func shortName(title string) string {
	return strings.TrimPrefix(nameOf(title), "中华人民共和国")
}

// laws are what is known of the standards of one state of the index.
type laws struct {
	segments []uint64
	cited    []float64 // clauses that name each
	clauses  []float64 // of each, in all editions
	names    []string  // of those that questions were learned about, by number of the standard
}

// lawsHeld keeps the laws of the state that was asked last.
type lawsHeld struct {
	mu   sync.Mutex
	held *laws
}

// of reads which standards are named how often.
func (h *lawsHeld) of(s *scan, m *rank.Model) (*laws, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	segments := slices.Clone(s.view.starts)
	for _, g := range s.reader.(*scorch.IndexSnapshot).Segments() {
		segments = append(segments, g.Id())
	}
	if h.held != nil && slices.Equal(h.held.segments, segments) && len(h.held.cited) >= len(s.view.standards) {
		return h.held, nil
	}
	l := &laws{segments: segments, cited: make([]float64, len(s.view.standards)), clauses: make([]float64, len(s.view.standards)), names: make([]string, len(s.view.standards))}
	for i, g := range s.reader.(*scorch.IndexSnapshot).Segments() {
		for live := g.DocNumbersLive().Iterator(); live.HasNext(); {
			l.clauses[s.view.rows[i][live.Next()].standard]++
		}
	}
	dict, err := s.reader.FieldDict(citesField)
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	for {
		e, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if e == nil {
			break
		}
		n := 0.0
		if err := s.bearing(citesField, e.Term, func(uint64) { n++ }); err != nil {
			return nil, err
		}
		if err := s.bearing(nameField, e.Term, func(doc uint64) { l.cited[s.at(doc).standard] += n }); err != nil {
			return nil, err
		}
	}
	for _, law := range m.Laws() {
		if err := s.bearing(nameField, shortName(law), func(doc uint64) { l.names[s.at(doc).standard] = law }); err != nil {
			return nil, err
		}
	}
	h.held = l
	return l, nil
}

// at gives the row of any document.
func (s *scan) at(doc uint64) row {
	segment := 0
	return s.view.at(doc, &segment)
}

// bearing tells which documents bear a value.
func (s *scan) bearing(field, value string, tell func(doc uint64)) error {
	docs, err := s.reader.TermFieldReader(context.Background(), []byte(value), field, false, false, false)
	if err != nil {
		return err
	}
	defer docs.Close()
	var held index.TermFieldDoc
	for {
		d, err := docs.Next(held.Reset())
		if err != nil || d == nil {
			return err
		}
		tell(d.ID.Value())
	}
}

// answer ranks what was found for a question.
type answer struct {
	scan          *scan
	laws          *laws
	question      *rank.Question
	special       []float64            // by document
	topic         []float64            // by number of the standard
	features      map[uint64][]float64 // of what was judged, where reasons are wanted
	byWords       float64              // points of what was not judged, for each of its words' BM25
	near, learned []float64            // by document
	asked         map[uint64]float64
}

// answering reads a question and finds the clauses that have the field's words
// for its everyday ones. It is nil where nothing was learned.
func (x *Index) answering(s *scan, text string) (*answer, error) {
	m, err := x.model()
	if err != nil || m == nil {
		return nil, err
	}
	a := &answer{scan: s, asked: map[uint64]float64{}}
	if a.laws, err = x.laws.of(s, m); err != nil {
		return nil, err
	}
	if a.question, err = s.read(m, text); err != nil {
		return nil, err
	}
	if err := a.own(); err != nil {
		return nil, err
	}
	if a.near, err = s.sum(a.question.Near); err != nil {
		return nil, err
	}
	if a.learned, err = s.sum(a.question.Learned); err != nil {
		return nil, err
	}
	articles, like := a.question.Asked()
	for i, one := range articles {
		if err := s.bearing(articleField, shortName(one.Law)+one.Number, func(doc uint64) { a.asked[doc] = like[i] }); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// read reads a question with the rarity of its words in this index.
func (s *scan) read(m *rank.Model, text string) (*rank.Question, error) {
	var failed error
	known := map[rank.Gram]float64{}
	s.ready = map[rank.Gram]*postings{}
	q := m.Read(text, func(g rank.Gram) float64 {
		w, ok := known[g]
		if ok {
			return w
		}
		p, err := openPostings(s.reader, g.String(), false)
		if err != nil {
			failed = cmp.Or(failed, err)
			return 0
		}
		s.ready[g] = p
		if n := p.count(); n > 0 {
			w = weight(n, s.docs)
		}
		known[g] = w
		return w
	})
	return q, failed
}

// fresh gives postings of a pair that nobody has walked: those that its rarity
// was read from, once. The caller closes them.
func (s *scan) fresh(g rank.Gram) (*postings, error) {
	if p, ok := s.ready[g]; ok {
		delete(s.ready, g)
		return p, nil
	}
	return openPostings(s.reader, g.String(), false)
}

// own adds up what the question's own words score, by document, and how much of
// it each standard deals with.
func (a *answer) own() (err error) {
	s := a.scan
	a.special = make([]float64, s.view.end())
	weights := map[rank.Gram]float64{}
	for _, w := range a.question.Special {
		weights[w.Gram] = w.Weight
	}
	a.topic = a.question.Topics(a.laws.clauses, func(g rank.Gram, add func(int, float64)) {
		p, failed := s.fresh(g)
		if failed != nil {
			err = cmp.Or(err, failed)
			return
		}
		defer p.reader.Close()
		segment := 0
		for failed = p.seek(0); failed == nil && p.now != end; failed = p.seek(p.now + 1) {
			a.special[p.now] += score(weights[g], p.times(), p.length())
			add(int(s.view.at(p.now, &segment).standard), p.times())
		}
		err = cmp.Or(err, failed)
	})
	return err
}

// sum adds up by document what words with weights of their own score.
func (s *scan) sum(words []rank.Weighed) ([]float64, error) {
	out := make([]float64, s.view.end())
	for _, w := range words {
		p, err := s.fresh(w.Gram)
		if err != nil {
			return nil, err
		}
		for err = p.seek(0); err == nil && p.now != end; err = p.seek(p.now + 1) {
			out[p.now] += score(w.Weight, p.times(), p.length())
		}
		p.reader.Close()
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// extend adds the clauses that have none of the question's own words.
func (a *answer) extend(matches []match) []match {
	held := make([]bool, a.scan.view.end())
	for _, m := range matches {
		held[m.doc] = true
	}
	wanted := func(doc uint64) bool {
		_, asked := a.asked[doc]
		return !held[doc] && (asked || a.near[doc] > 0 || a.learned[doc] > 0)
	}
	more := 0
	for doc := range a.scan.view.end() {
		if wanted(doc) {
			more++
		}
	}
	matches = slices.Grow(matches, more)
	segment := 0
	for doc := range a.scan.view.end() {
		if wanted(doc) {
			matches = append(matches, match{doc: doc, row: a.scan.view.at(doc, &segment)})
		}
	}
	return matches
}

// rank puts the clauses that answer best before the others. It is done before
// any filter, so that no filter changes an order.
func (a *answer) rank(matches []match) ([]match, error) {
	found := make([]rank.Scored, 0, len(matches))
	for i, m := range matches {
		if a.scan.view.classes[m.row.class].bare {
			continue
		}
		found = append(found, rank.Scored{Place: i, Words: m.score, Special: a.special[m.doc], Near: a.near[m.doc], Learned: a.learned[m.doc], Asked: a.asked[m.doc], Text: int(m.row.standard), Doc: m.doc})
	}
	candidates, best := a.question.Choose(found, a.laws.cited, a.topic, func(text int) string { return a.laws.names[text] })
	at := make([]int, len(candidates)) // in matches
	for i := range candidates {
		at[i] = candidates[i].Place
		id, err := a.scan.reader.ExternalID(index.NewIndexInternalID(nil, candidates[i].Doc))
		if err != nil {
			return nil, err
		}
		candidates[i].Place = placeOf(id)
	}
	rank.Neighbours(candidates)
	a.question.Weigh(slices.ContainsFunc(candidates, func(c rank.Candidate) bool { return a.laws.names[c.Text] != "" }))
	weigh(matches, a.scan.view)
	top, low := 0.0, 0.0
	for _, m := range matches {
		top = max(top, m.score)
	}
	// What was not judged stands below on the same scale: its words come to less
	// than 1.
	a.byWords = 1 / (1 + top)
	for i := range matches {
		matches[i].score *= a.byWords
	}
	scores := make([]float64, len(candidates))
	features := make([]float64, 0, len(rank.Features))
	for i, c := range candidates {
		clause, err := a.scan.clause(c.Doc)
		if err != nil {
			return nil, err
		}
		features = a.question.Judge(clause, c.Found, best, features[:0])
		scores[i] = a.question.Score(features)
		if a.features != nil {
			a.features[c.Doc] = slices.Clone(features)
		}
		low = min(low, scores[i])
	}
	for i := range candidates {
		matches[at[i]].score = 1 + scores[i] - low
	}
	return slices.DeleteFunc(matches, func(m match) bool { return m.score <= 0 }), nil
}

// placeOf reads the place from the ID of a document.
func placeOf(documentID string) int {
	part := strings.SplitN(documentID, "/", 4)
	if len(part) < 4 {
		return 0
	}
	n, _ := strconv.Atoi(part[2])
	return n
}

// clause reads what is stored of a clause.
func (s *scan) clause(doc uint64) (c rank.Clause, err error) {
	segments := s.reader.(*scorch.IndexSnapshot).Segments()
	n, _ := slices.BinarySearch(s.view.starts, doc+1)
	n--
	err = segments[n].VisitDocument(doc-s.view.starts[n], func(field string, _ byte, value []byte, _ []uint64) bool {
		if field != bodyField {
			return true
		}
		if part := strings.Split(string(value), bodyParts); len(part) == 5 {
			c = rank.Clause{Law: part[0], Path: part[1], Number: part[2], Heading: part[3], Body: part[4]}
		}
		return false
	})
	return c, err
}
