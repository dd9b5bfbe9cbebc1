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
	return r.unify(actor, project, id, version, title, text, nil)
}

// unify is UnifyRow; wanted is the position whose wanted change the text is, nil
// for a text of the actor's own. What is not in the texts is its member's words.
func (r *Registry) unify(actor Member, project, id string, version int, title, text string, wanted *Position) (Row, error) {
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
		before, author, said := row.Unified, actor, map[string]any{}
		if wanted != nil {
			author = Member{ID: wanted.Member}
			said["wanted"] = map[string]any{"event": wanted.Event, "region": wanted.Region, "note": wanted.Note}
		}
		row.Unified = nil
		if text != "" {
			row.Unified = &Unified{
				Title: title, Text: text, Hash: unifiedHash(title, text), By: actor.ID,
				Time:    c.r.now().UTC().Truncate(time.Second),
				Sources: trace(author, c.project, c.docs, rows, row, before, text),
			}
		}
		if err := c.put(&row); err != nil {
			return err
		}
		said["unified"] = row.Unified
		return c.log(Unify, "projects/"+project+"/rows/"+id, said)
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
