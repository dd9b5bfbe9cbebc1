package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
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
	title, text, err := clauseText(title, text)
	if err != nil {
		return Row{}, err
	}
	var row Row
	err = r.correct(actor, Unify, project, func(c *correction) (err error) {
		if row, err = seen(c.Tx, project, id, version); err != nil {
			return err
		}
		author, said := actor, map[string]any{}
		if wanted != nil {
			author = Member{ID: wanted.Member}
			said["wanted"] = map[string]any{"event": wanted.Event, "region": wanted.Region, "note": wanted.Note}
		}
		return c.setUnified(&row, author, title, text, nil, said, "")
	})
	return row, err
}

// clauseText is a title and a text as they are kept.
func clauseText(title, text string) (string, string, error) {
	title, text = strings.TrimSpace(title), strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if err := errors.Join(line("title", title), within("text", text, maxUnified)); err != nil {
		return "", "", err
	}
	if text == "" && title != "" {
		return "", "", refuse(Invalid, "text", "有标题而没有条文。 A title without text.")
	}
	return title, text, nil
}

// setUnified writes the unified clause of a row and its event. author is whose
// words those are that no text says; said is what else the event says.
func (c *correction) setUnified(row *Row, author Member, title, text string, taken []Taken, said map[string]any, with string) error {
	rows, err := rowsOf(c.Tx, row.Project)
	if err != nil {
		return err
	}
	before := row.Unified
	row.Unified = nil
	if text != "" {
		row.Unified = &Unified{
			Title: title, Text: text, Hash: unifiedHash(title, text), By: c.actor.ID, With: with,
			Time: c.r.now().UTC().Truncate(time.Second),
		}
		row.Unified.Sources = newTracer(c.project, c.docs, rows, *row, before, taken).trace(author, text)
	}
	if err := c.put(row); err != nil {
		return err
	}
	said["unified"] = row.Unified
	return c.log(Unify, "projects/"+row.Project+"/rows/"+row.ID, said)
}

func unifiedHash(title, text string) string {
	sum := sha256.Sum256([]byte(title + "\x00" + text))
	return hex.EncodeToString(sum[:8])
}
