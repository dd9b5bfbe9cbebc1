package search

import (
	"fmt"
	"strings"
	"time"

	"tongbiao/registry"
)

// Query asks for clauses. Its text is words, a number, or a question; signs of
// query languages mean nothing in it.
type Query struct {
	Text string // the first MaxQuery characters are read
	// A filter takes clauses that bear any of its values; an empty one takes
	// all. None changes the order of what stays.
	Regions    []string // codes, or "national"
	Kinds      []string // Header.Kind
	Statuses   []string // Header.Status
	Modalities []string // editor.Modality
	Standard   string   // ID: of one standard only
	Offset     int
	Limit      int // Offset + Limit is at most MaxReach
}

// Result is what was found.
type Result struct {
	Hits   []Hit
	Total  int // clauses found
	Took   time.Duration
	Facets Facets
	// Direct is the standard or clause that the text names: by its number or ID
	// in any spelling, by its title, or as 第十二条 of a named law. It is nil
	// when the text names nothing or more than one thing.
	Direct *registry.Ref
	// Rebuilding says that the index has not caught up since it was opened:
	// something that is kept may not be found yet.
	Rebuilding bool
	// Tried says, for people, how the search departed from "all words": "" when
	// it did not.
	Tried string
}

// Hit is a clause that was found, as it stands in the revision that Ref names.
type Hit struct {
	Ref      registry.Ref
	Standard string // ID
	Number   string // of the standard; "" when it has none
	Title    string // of the standard
	Regions  []string
	Kind     string // of the standard
	Status   string // of the standard
	Clause   string // displayed number, "5.2.1", "第十二条"; "" when it has none
	Heading  string // title of the clause; "" when it has none
	Path     []string
	Text     string // plain
	Marks    [][2]int
	Modality string // the strongest editor.Modality in it; "" for a mere statement
	Score    float64
}

// Search finds clauses in which all words stand; where there are none, those in
// which some do.
func (x *Index) Search(q Query) (Result, error) {
	begun := time.Now()
	if q.Offset < 0 || q.Limit < 0 || q.Offset > MaxReach || q.Offset+q.Limit > MaxReach {
		return Result{}, &registry.Refusal{Kind: registry.Invalid, Field: "offset", Reason: fmt.Sprintf("最多能看前 %d 条结果：请用更具体的词或筛选。 Only the first %d results can be seen: use more words or a filter.", MaxReach, MaxReach)}
	}
	x.use.RLock()
	defer x.use.RUnlock()
	if x.closed {
		return Result{}, ErrClosed
	}
	res, err := x.search(q)
	if err != nil {
		return Result{}, fmt.Errorf("search %q: %w", q.Text, err)
	}
	res.Rebuilding = x.Progress().Behind
	res.Took = time.Since(begun)
	return res, nil
}

func (x *Index) search(q Query) (res Result, err error) {
	asked := readQuestion(q.Text)
	if len(asked.words) == 0 {
		return res, nil
	}
	if res.Direct, err = x.direct(q.Text); err != nil {
		return res, err
	}
	s, err := x.scan()
	if err != nil {
		return res, err
	}
	defer s.close()
	matches, err := s.whole(asked.words)
	if err != nil {
		return res, err
	}
	best, err := s.choose(matches, q, &res)
	if err != nil {
		return res, err
	}
	marked := asked.words
	if res.Total == 0 && (asked.asked || len(asked.parts) > 1) {
		if matches, err = s.some(asked.parts); err != nil {
			return res, err
		}
		if best, err = s.choose(matches, q, &res); err != nil {
			return res, err
		}
		marked = asked.marked()
		res.Tried = asked.tried(res.Total)
	}
	if asked.cut {
		res.Tried = strings.TrimSpace(fmt.Sprintf("检索词太长，只用了前面的部分（最多 %d 字、%d 个词、%d 个单字）。 The query is too long: only its first part was used. ", MaxQuery, maxWords, maxSingles) + res.Tried)
	}
	for _, m := range best[min(q.Offset, len(best)):] {
		hit, err := x.hit(m, s.view, marked)
		if err != nil {
			return res, err
		}
		res.Hits = append(res.Hits, hit)
	}
	return res, nil
}

// choose orders matches and takes those that pass the filters: the best as far
// as the query reaches. It counts them and their facets.
func (s *scan) choose(matches []match, q Query, res *Result) ([]ranked, error) {
	weigh(matches, s.view)
	counts := tally{wanted: [dimensions][]string{byRegion: q.Regions, byKind: q.Kinds, byStatus: q.Statuses, byModality: q.Modalities}, counts: map[uint32]int{}}
	passes := make([]bool, len(s.view.classes))
	for i, c := range s.view.classes {
		passes[i] = counts.takes(c, -1)
	}
	r := &ranking{scan: s, size: q.Offset + q.Limit}
	for _, m := range matches {
		if q.Standard != "" && s.view.standards[m.row.standard] != q.Standard {
			continue
		}
		counts.counts[m.row.class]++
		if passes[m.row.class] {
			res.Total++
			r.take(m)
		}
	}
	res.Facets = counts.facets(s.view.classes)
	return r.best()
}

// tried tells people that some of the words were enough, and which.
func (q question) tried(total int) string {
	var sought []string
	for _, w := range q.rest {
		sought = append(sought, w.text())
	}
	list := strings.Join(sought, "、")
	switch {
	case total == 0:
		return fmt.Sprintf("没有条文含有这些词中的任何一个：%s。请换个说法或放宽筛选。 No clause has any of these words: try others, or fewer filters.", list)
	case q.asked:
		return fmt.Sprintf("按问题查找，含有以下词语越多的越靠前：%s。 Read as a question: the more of these words a clause has, the higher it stands.", list)
	}
	return fmt.Sprintf("没有条文含有全部词语，以下条文含有其中一部分：%s。 No clause has all the words; these have some of them.", list)
}

// hit reads a clause that was found.
func (x *Index) hit(m ranked, v *view, marked []word) (Hit, error) {
	ref := refOf(m.id)
	text, err := x.texts.read(ref)
	if err != nil {
		return Hit{}, err
	}
	at, ok := text.clauses[ref.Clause]
	if !ok {
		return Hit{}, fmt.Errorf("index names a clause that %s has not: %s", text.ref, ref.Clause)
	}
	h := Hit{
		Ref: ref, Standard: ref.Standard, Number: text.header.Primary(), Title: text.header.Title,
		Regions: text.header.Regions, Kind: text.header.Kind, Status: text.header.Status,
		Clause: at.clause.Number, Heading: at.clause.Title, Path: at.path,
		Text: text.plain.text(at.clause), Score: m.score,
	}
	h.Marks = marksIn(h.Text, marked)
	if c := v.classes[m.row.class]; len(c.modalities) > 0 {
		h.Modality = c.modalities[0]
	}
	return h, nil
}
