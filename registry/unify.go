package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// maxUnified bounds a unified clause, in bytes.
const maxUnified = 64 << 10

// UnifyRow writes the unified clause of a row (an empty text takes it away).
// Where each sentence came from is kept with it: the row's own passages first,
// then what the clause came from before. Positions taken on another text no
// longer count.
func (r *Registry) UnifyRow(actor Member, project, id string, version int, title, text string) (Row, error) {
	title, text = strings.TrimSpace(title), strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if err := errors.Join(line("title", title), within("text", text, maxUnified)); err != nil {
		return Row{}, err
	}
	if text == "" && title != "" {
		return Row{}, refuse(Invalid, "text", "有标题而没有条文。 A title without text.")
	}
	var row Row
	err := r.correct(actor, Unify, project, func(c *correction) (err error) {
		if row, err = seen(c.Tx, project, id, version); err != nil {
			return err
		}
		rows, err := rowsOf(c.Tx, project)
		if err != nil {
			return err
		}
		before := row.Unified
		row.Unified = nil
		if text != "" {
			row.Unified = &Unified{
				Title: title, Text: text, Hash: unifiedHash(title, text), By: actor.ID,
				Time:    c.r.now().UTC().Truncate(time.Second),
				Sources: trace(actor, c.project, c.docs, rows, row, before, text),
			}
		}
		if err := c.put(&row); err != nil {
			return err
		}
		return c.log(Unify, "projects/"+project+"/rows/"+id, map[string]any{"unified": row.Unified})
	})
	return row, err
}

func unifiedHash(title, text string) string {
	sum := sha256.Sum256([]byte(title + "\x00" + text))
	return hex.EncodeToString(sum[:8])
}

// trace finds the source of each sentence of a unified clause. Sentences are
// compared as plain text in which a reference is the subject of its row.
func trace(actor Member, p Project, docs []*editor.Document, rows []Row, row Row, before *Unified, text string) []SentenceSource {
	type place struct {
		ref    Ref
		column string
	}
	topics := map[string]string{}
	for _, r := range rows {
		topics[r.ID] = "“" + r.Topic + "”"
	}
	plain := func(markdown string) string {
		return editor.PlainText(editor.Cite(markdown, func(id string) string {
			named, _ := rowNamed(id)
			return topics[named]
		}))
	}
	to := pointersOf(rows)
	var places []place
	var from []compare.Candidate
	for i, col := range p.Columns() {
		numbers := docs[i].Numbers()
		for _, at := range row.Cells[col.Key] {
			ref := col.Text
			ref.Clause, ref.Paragraph = at.Clause, at.Paragraph
			from = append(from, compare.Candidate{Key: len(places), Text: plain(to.repoint(col.Key, numbers, passageText(docs[i], at)))})
			places = append(places, place{ref, col.Key})
		}
	}
	earlier := map[string]SentenceSource{}
	if before != nil {
		for _, s := range before.Sources {
			earlier[s.Sentence] = s
		}
	}
	var out []SentenceSource
	for _, o := range compare.Origins(plain(text), from) {
		s := SentenceSource{Sentence: o.Sentence, How: Written, By: actor.ID}
		was, kept := earlier[o.Sentence]
		switch {
		case o.Key >= 0 && o.Shared == 1:
			s.How, s.By = Verbatim, ""
		case o.Key >= 0:
			s.How = Adapted
		}
		if o.Key >= 0 {
			s.From, s.Column, s.Original, s.Shared = places[o.Key].ref, places[o.Key].column, o.Original, o.Shared
		}
		if kept && s.How != Verbatim {
			s = was // the sentence stands as it was: so does what is known of it
		}
		out = append(out, s)
	}
	return out
}

// passageText is the Markdown of a passage; "" when the document has no such
// passage.
func passageText(doc *editor.Document, at editor.Passage) string {
	if c := doc.Clause(at.Clause); c != nil {
		return c.Passage(at)
	}
	return ""
}
