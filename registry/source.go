package registry

import (
	"strings"
	"unicode/utf8"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Taken is a sentence of a cell that somebody took into the unified clause: the
// nth (from 0) of a passage.
type Taken struct {
	Column   string // Column.Key
	Passage  editor.Passage
	Sentence int
}

// tracer finds where the sentences of a row's unified clause came from.
// Sentences are compared as plain text in which a reference is the subject of
// its row.
type tracer struct {
	plain   func(markdown string) string
	places  []sourcePlace
	earlier map[string]SentenceSource // of the clause as it was, by sentence
	before  []SentenceSource
	taken   map[int][]string // sentences that were taken, by place
}

// sourcePlace is a passage that a sentence may have come from.
type sourcePlace struct {
	ref    Ref
	column string
	text   string // plain
}

func newTracer(p Project, docs []*editor.Document, rows []Row, row Row, before *Unified, taken []Taken) *tracer {
	topics := map[string]string{}
	for _, r := range rows {
		topics[r.ID] = "“" + r.Topic + "”"
	}
	t := &tracer{earlier: map[string]SentenceSource{}, taken: map[int][]string{}}
	t.plain = func(markdown string) string {
		return editor.PlainText(editor.Cite(markdown, func(id string) string {
			named, _ := rowNamed(id)
			return topics[named]
		}))
	}
	to := pointersOf(rows)
	for i, col := range p.Columns() {
		citations := docs[i].Citations()
		for _, at := range row.Cells[col.Key] {
			ref := col.Text
			ref.Clause, ref.Paragraph = at.Clause, at.Paragraph
			text := t.plain(to.repoint(col.Key, citations, passageText(docs[i], at)))
			t.take(taken, col.Key, at, len(t.places), text)
			t.places = append(t.places, sourcePlace{ref, col.Key, text})
		}
	}
	if before != nil {
		t.before = before.Sources
		for _, s := range before.Sources {
			t.earlier[s.Sentence] = s
		}
	}
	return t
}

// take notes the sentences of a passage that were taken on purpose.
func (t *tracer) take(taken []Taken, column string, at editor.Passage, place int, text string) {
	for _, k := range taken {
		if k.Column != column || k.Passage != at {
			continue
		}
		if list := compare.Sentences(text); k.Sentence >= 0 && k.Sentence < len(list) {
			t.taken[place] = append(t.taken[place], list[k.Sentence])
		}
	}
}

// trace finds the source of each sentence of a text. What was taken on purpose
// comes from where it was taken, though another text says the same; what was
// changed so much that its source can no longer be told comes from where the
// sentence came that it was made of.
func (t *tracer) trace(author Member, text string) []SentenceSource {
	var all, taken, earlier []compare.Candidate
	for n, at := range t.places {
		all = append(all, compare.Candidate{Key: n, Text: at.text})
		for _, s := range t.taken[n] {
			taken = append(taken, compare.Candidate{Key: n, Text: s})
		}
	}
	for n, s := range t.before {
		if s.How != Written {
			earlier = append(earlier, compare.Candidate{Key: n, Text: s.Sentence})
		}
	}
	plain := t.plain(text)
	byTaken, byEarlier := compare.Origins(plain, taken), compare.Origins(plain, earlier)
	var out []SentenceSource
	for i, o := range compare.Origins(plain, all) {
		was, kept := t.earlier[o.Sentence]
		onPurpose := byTaken[i].Key >= 0 && (o.Shared < 1 || byTaken[i].Shared == 1)
		if onPurpose {
			o = byTaken[i]
		}
		switch {
		case kept && !onPurpose && (o.Shared < 1 || was.Taken):
			out = append(out, was) // the sentence stands as it was: so does what is known of it
		case o.Key < 0 && byEarlier[i].Key >= 0:
			out = append(out, inherited(o.Sentence, t.before[byEarlier[i].Key], author))
		default:
			s := t.source(o, author)
			s.Taken = onPurpose
			out = append(out, s)
		}
	}
	return out
}

// source says where a sentence came from.
func (t *tracer) source(o compare.Origin, author Member) SentenceSource {
	s := SentenceSource{Sentence: o.Sentence, How: Written, By: author.ID}
	if o.Key < 0 {
		return s
	}
	at := t.places[o.Key]
	s.How, s.From, s.Column, s.Original, s.Shared = Adapted, at.ref, at.column, o.Original, o.Shared
	if o.Shared == 1 {
		s.How, s.By = Verbatim, ""
	}
	if i := strings.Index(at.text, o.Original); i >= 0 {
		s.Start = utf8.RuneCountInString(at.text[:i])
		s.End = s.Start + utf8.RuneCountInString(o.Original)
	}
	return s
}

// inherited is a sentence that was made of one with a source, and no longer
// shows it.
func inherited(sentence string, was SentenceSource, author Member) SentenceSource {
	was.Sentence, was.How, was.By = sentence, Adapted, author.ID
	was.Shared = 0
	if o := compare.Origins(sentence, []compare.Candidate{{Text: was.Original}}); len(o) == 1 {
		was.Shared = o[0].Shared
	}
	return was
}

// passageText is the Markdown of a passage; "" when the document has no such
// passage.
func passageText(doc *editor.Document, at editor.Passage) string {
	if c := doc.Clause(at.Clause); c != nil {
		return c.Passage(at)
	}
	return ""
}
