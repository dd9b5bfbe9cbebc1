package search

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/search/rank"
)

// Query asks for clauses. Its text is words, a number, or a question; signs of
// query languages mean nothing in it.
type Query struct {
	Text string // the first MaxQuery characters are read
	// A filter takes clauses that bear any of its values; an empty one takes
	// all. None changes the order of what stays.
	Regions    []string // codes, or "national"
	Kinds      []string // Header.Kind
	Statuses   []string // of the text on the day: as Header.Status
	Modalities []string // editor.Modality
	Activities []string // editor.Activity
	Years      []string // in which the text came into force, "2024"
	Standard   string   // ID: of one standard only
	// On is a day, YYYY-MM-DD: what was in force then is found, in the wording of
	// then. "" finds the current texts, whatever became of them.
	On string
	// ByDate puts what came into force last first, then what ranks best.
	ByDate bool
	// Each bounds the clauses of one standard and lets Offset and Limit count
	// standards, in the order of each one's first; 0 bounds nothing.
	Each   int
	Offset int
	Limit  int // Offset + Limit is at most MaxReach
	// Explain asks for the reasons of each hit's place.
	Explain bool
}

// Result is what was found.
type Result struct {
	Hits  []Hit
	Total int // clauses found
	// Standards is how many standards these stand in.
	Standards int
	// Undated counts clauses that were left out because nothing says when their
	// texts hold.
	Undated int
	Took    time.Duration
	Facets  Facets
	// Direct is the standard or clause that the text names: by its number or ID
	// in any spelling, by its title, or as 第十二条 of a named law. It is nil
	// when the text names nothing or more than one thing.
	Direct *registry.Ref
	// Choices are what it may name where that is more than one thing: parts or
	// editions of a number, texts of one title; with pinyin, what it may spell.
	Choices []Candidate
	// Rebuilding says that the index has not caught up since it was opened:
	// something that is kept may not be found yet.
	Rebuilding bool
	// Filters are the values that the query is narrowed by, each with what would
	// be found without it.
	Filters []Filter
	// Everyday are the everyday words of a question with the field's, which were
	// sought too.
	Everyday []Translated
	// Tried says, for people, how the search departed from "all words": "" when
	// it did not.
	Tried string
}

// Hit is a clause that was found, as it stands in the revision that Ref names.
type Hit struct {
	Ref      registry.Ref
	Standard string // ID
	Number   string // of the standard, as that edition has it; "" when it has none
	Title    string // of the standard
	Regions  []string
	Kind     string // of the standard
	Status   string // of the text on the day asked for
	From     string // YYYY-MM-DD, when the text came or comes into force; "" where that is not known
	Until    string // YYYY-MM-DD, from which it is in force no more; "" where there is none
	Current  bool   // it is the standard's current text
	Of       int    // clauses found in the standard
	Clause   string // displayed number, "5.2.1", "第十二条"; "" when it has none
	Heading  string // title of the clause; "" when it has none
	Path     []string
	Text     string // plain
	Marks    [][2]int
	Modality string // the strongest editor.Modality in it; "" for a mere statement
	Score    float64
	Reasons  []Reason // where words of the search stand
	// Why are the reasons of the score, the weightiest first, where the query asks
	// for them. They add up to Score; of a question, but for a constant that all
	// clauses have which were judged by their features, so that none of these is
	// below 1 and all others are.
	Why []rank.Reason
}

// Search finds clauses in which all words stand; where there are none, those in
// which some do.
func (x *Index) Search(q Query) (Result, error) {
	begun := time.Now()
	if _, err := time.Parse(time.DateOnly, q.On); q.On != "" && err != nil {
		return Result{}, &registry.Refusal{Kind: registry.Invalid, Field: "on", Reason: "日期请写成 2024-06-30 这样。 Write the day like 2024-06-30."}
	}
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
	if res.Direct, res.Choices, err = x.direct(q.Text); err != nil {
		return res, err
	}
	s, err := x.scan()
	if err != nil {
		return res, err
	}
	defer s.close()
	spelt := ""
	matches, err := s.whole(asked.words)
	if err != nil {
		return res, err
	}
	if letters := spelling(q.Text); letters != "" && len(matches) == 0 && res.Direct == nil {
		// No text has such a word: it may be pinyin.
		words, titles, err := x.spelled(letters)
		if err != nil {
			return res, err
		}
		if words != "" {
			if res.Choices, err = x.bearing(titles); err != nil {
				return res, err
			}
			asked = readQuestion(words)
			spelt = fmt.Sprintf("按拼音读作“%s”。 Read as pinyin: %s. ", words, words)
			if matches, err = s.whole(asked.words); err != nil {
				return res, err
			}
		}
	}
	chosen := s.selection(q, x.reg.Today())
	if err = chosen.choose(matches, &res); err != nil {
		return res, err
	}
	marked := asked.words
	narrowed := res.Filters
	if res.Total == 0 && (asked.asked || len(asked.parts) > 1) {
		if matches, err = s.some(asked.parts); err != nil {
			return res, err
		}
		if res.Direct == nil { // what names its place is no question
			if chosen.answer, err = x.answering(s, asked.text); err != nil {
				return res, err
			}
		}
		if chosen.answer != nil {
			if q.Explain {
				chosen.answer.features = map[uint64][]float64{}
			}
			matches = chosen.answer.extend(matches)
		}
		if err = chosen.choose(matches, &res); err != nil {
			return res, err
		}
		res.Everyday = rank.EverydayIn(asked.text)
		marked = append(asked.marked(), translated(res.Everyday)...)
		if anyWithout(narrowed) {
			res.Filters = narrowed // all words stand in what the filters leave out
		}
		res.Tried = asked.tried(res.Total)
	}
	res.Tried = strings.TrimSpace(spelt + res.Tried)
	if asked.cut {
		res.Tried = strings.TrimSpace(fmt.Sprintf("检索词太长，只用了前面的部分（最多 %d 字、%d 个词、%d 个单字）。 The query is too long: only its first part was used. ", MaxQuery, maxWords, maxSingles) + res.Tried)
	}
	for _, m := range chosen.best {
		hit, err := x.hit(m, chosen, marked)
		if err != nil {
			return res, err
		}
		res.Hits = append(res.Hits, hit)
	}
	return res, nil
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
func (x *Index) hit(m ranked, l *selection, marked []word) (Hit, error) {
	ref := refOf(m.id)
	text, err := x.texts.read(ref)
	if err != nil {
		return Hit{}, err
	}
	at, ok := text.clauses[ref.Clause]
	if !ok {
		return Hit{}, fmt.Errorf("index names a clause that %s has not: %s", text.ref, ref.Clause)
	}
	e := l.scan.view.editions[m.row.edition]
	span := e.span(l.day)
	h := Hit{
		Ref: ref, Standard: ref.Standard, Number: cmp.Or(text.header.Primary(), span.number), Title: text.header.Title,
		Regions: text.header.Regions, Kind: text.header.Kind, Status: e.status(l.day), From: span.effective, Until: span.ends(),
		Current: e.current, Of: l.counts[m.row.standard],
		Clause: at.clause.Number, Heading: at.clause.Title, Path: at.path,
		Text: text.plain.text(at.clause), Score: m.score,
	}
	h.Marks = marksIn(h.Text, marked)
	h.Reasons = h.reasons(marked)
	if l.query.Explain {
		h.Why = l.why(m.match)
	}
	if c := l.scan.view.classes[m.row.class]; len(c.modalities) > 0 {
		h.Modality = c.modalities[0]
	}
	return h, nil
}
