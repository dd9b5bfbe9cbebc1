package registry

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Wish is the change that a comment wants, brought to the current text: what the
// clause said when the comment was made, what it says now, and what it would say.
type Wish struct {
	Comment Comment
	Current Revision
	Clause  *editor.Clause // in the current text
	Then    string         // text of the clause that the comment was made on
	Wanted  string         // the same with the change that the comment wants
	Result  string         // the current text with it; where both changed the same words, the current words stand
	Clashes int            // places where the clause changed since in the very words
	Free    bool           // Proposed is no text of the clause but tells in words what to do: a person writes the text
}

// Wish says what applying a comment would make of the current text. Nothing is
// kept.
func (r *Registry) Wish(actor Member, standard, id string) (w Wish, err error) {
	err = r.store.View(func(tx Tx) error {
		k, err := commentFor(tx, actor, "standard:"+standard, id)
		if err != nil {
			return err
		}
		w, err = r.wish(tx, k)
		return err
	})
	return w, err
}

func (r *Registry) wish(tx Tx, k Comment) (Wish, error) {
	w := Wish{Comment: k}
	x, err := r.placing(tx, k.On.Standard)
	if err != nil {
		return w, err
	}
	w.Current = x.revision
	row := CommentRow{Comment: k}
	if err := x.place(tx, &row); err != nil {
		return w, err
	}
	w.Clause = x.clauses[row.Anchor.Clause]
	if w.Clause == nil {
		return w, refuse(Invalid, "clause", "意见所指的条文已不在现行文本中：请直接修改正文，再写处理意见。 The clause that the comment is on is not in the current text: change the text itself, then answer the comment.")
	}
	then, err := revisionAt(tx, k.On.Standard, k.On.Revision)
	if err != nil {
		return w, err
	}
	doc, err := r.anchors.document(tx, then)
	if err != nil {
		return w, err
	}
	if was := doc.Clause(k.On.Clause); was != nil {
		w.Then = was.Text
	}
	w.Wanted, w.Free = Wanted(w.Then, k.Quote, k.Nth, k.Proposed)
	pieces := compare.Weave(w.Then, w.Wanted, w.Clause.Text)
	w.Clashes = compare.Clashes(pieces)
	w.Result = compare.WovenText(pieces, func(i int) string { return pieces[i].Theirs })
	return w, nil
}

// instruction is a change told in words: 将“甲”改为“乙”, 删除“甲”.
var instruction = regexp.MustCompile(`^(?:建议)?(?:将|把)?[“"「]([^”"」]+)[”"」](?:修改为|改为|改成|调整为|替换为)[：:]?[“"「]([^”"」]*)[”"」][。.]?$`)
var deletion = regexp.MustCompile(`^(?:建议)?(?:删除|删去|删掉)[“"「]([^”"」]+)[”"」][。.]?$`)
var rewording = regexp.MustCompile(`^(?:建议)?(?:修改为|改为|改成|调整为)[：:]\s*`)

// Wanted is the text of a clause with the change that a comment proposes: the
// words quoted are replaced, or the whole text where the proposal is like the
// whole, or what an instruction in words (将“甲”改为“乙”) names. free is true where
// none of these is certain; the text is unchanged then.
func Wanted(text, quote string, nth int, proposed string) (wanted string, free bool) {
	proposed = strings.TrimSpace(proposed)
	if m := instruction.FindStringSubmatch(proposed); m != nil && strings.Count(text, m[1]) == 1 {
		return strings.Replace(text, m[1], m[2], 1), false
	}
	if m := deletion.FindStringSubmatch(proposed); m != nil && strings.Count(text, m[1]) == 1 {
		return strings.Replace(text, m[1], "", 1), false
	}
	proposed = strings.Trim(rewording.ReplaceAllString(proposed, ""), "“”")
	if proposed == "" {
		return text, true
	}
	whole, _ := likeness(pairsOf(bare(text)), pairsOf(bare(proposed)))
	d := &editor.Document{Clauses: []*editor.Clause{{ID: "c", Text: text}}}
	at := compare.NewAnchors(d, d).Find("c", quote, nth)
	quoted := quote != "" && at.End > at.Start
	switch {
	case quoted && len([]rune(proposed)) <= 4*len([]rune(quote))+20 && (whole < 0.5 || at.End-at.Start == len(text)):
		return text[:at.Start] + proposed + text[at.End:], false
	case whole >= 0.5 || text == "":
		return proposed, false
	}
	return text, true
}

// Amendment is a wanted change as a person settled it.
type Amendment struct {
	ID      string // of the comment
	Version int    // Comment.Version that was seen; 0: not checked
	Base    int    // the current revision that was seen
	Text    string // what the clause is to say
	Kind    DispositionKind
	Reason  string
}

// ApplyComment writes the change that a comment wants into the text and answers
// the comment, in one transaction. It makes a revision at once and no working
// copy: the answer names the revision that has the words, so that the two can
// never part. The revision's Part names whose wish it was, for blame. In the
// unified draft of a project the change is made to the row that the clause comes
// from. Where the text moved on since Base it is a Conflict: look again.
func (r *Registry) ApplyComment(actor Member, standard string, a Amendment) (Revision, error) {
	if err := May(actor, ApplyComment); err != nil {
		return Revision{}, err
	}
	a.Text = strings.TrimSpace(strings.ReplaceAll(a.Text, "\r\n", "\n"))
	d := Disposition{Kind: a.Kind, Reason: strings.TrimSpace(a.Reason), By: actor.ID}
	if d.Kind != Accepted && d.Kind != PartlyAccepted {
		return Revision{}, refuse(Invalid, "kind", "写入正文的意见，处理意见是采纳或部分采纳。 What is written into the text is accepted or partly accepted.")
	}
	if err := errors.Join(within("text", a.Text, maxUnified), d.check()); err != nil {
		return Revision{}, err
	}
	var v Revision
	err := r.update(actor, func(c *change) error {
		k, err := askingComment(c.Tx, actor, standard, Seen{a.ID, a.Version})
		if err != nil {
			return err
		}
		if k.Gathered != "" {
			return refuse(Invalid, "comment", "意见 %s 与 %s 合并处理。 Comment %s is answered with %s.", k.ID, k.Gathered, k.ID, k.Gathered)
		}
		w, err := r.wish(c.Tx, k)
		if err != nil {
			return err
		}
		if w.Current.Number != a.Base {
			return refuse(Conflict, "base", "您看的是第 %d 版，现在已有第 %d 版：请再看一次修改结果。 You saw revision %d; revision %d has come since: look at the result again.", a.Base, w.Current.Number, a.Base, w.Current.Number)
		}
		if v, d.Row, err = c.applyWish(w, a.Text); err != nil {
			return err
		}
		with, err := gatheredWith(c.Tx, standard)
		if err != nil {
			return err
		}
		d.Applied, d.Time = v.Number, r.now().UTC().Truncate(time.Second)
		for _, each := range append([]Comment{k}, with[k.ID]...) {
			if err := c.dispose(each, d); err != nil {
				return err
			}
		}
		return nil
	})
	return v, err
}

// applyWish changes the text: v is the revision that has the change, row the row
// of a project whose unified clause has it.
func (c *change) applyWish(w Wish, text string) (v Revision, row string, err error) {
	if text == w.Clause.Text {
		return w.Current, "", nil // somebody made the change before
	}
	k := w.Comment
	held, err := projects.all(c.Tx)
	if err != nil {
		return v, "", err
	}
	for _, p := range held {
		if p.Standard == k.On.Standard {
			row, err = c.applyToRow(p.ID, w, text)
			return v, row, err
		}
	}
	t, err := textAt(c.Tx, w.Current.Ref())
	if err != nil {
		return v, "", err
	}
	t.Document.Clause(w.Clause.ID).Text = text
	if t.Document, _, err = editor.Parse(editor.Write(t.Document)); err != nil {
		return v, "", refuse(Invalid, "text", "改后的条文读不出来：%v。 The clause cannot be read: %v.", err, err)
	}
	if after := t.Document.Clause(w.Clause.ID); after == nil || after.Text != text {
		return v, "", refuse(Invalid, "text", "改后的条文里有标题行：请在“起草”页拆分条文。 The text holds a heading: divide the clause on the drafting page.")
	}
	if _, _, err := c.admit(k.On.Standard, t.Document.Header); err != nil {
		return v, "", err
	}
	reason := k.Body
	if reason == "" {
		reason = k.Proposed
	}
	if k.Moderation != nil { // what is not shown to the public does not stand in the history either
		reason = ""
	}
	author := k.Author
	if k.Commenter != (Commenter{}) {
		author = ""
	}
	part := Part{Clause: w.Clause.ID, Author: author, Source: "comments/" + k.ID, Reason: string([]rune(reason)[:min(len([]rune(reason)), maxLine)])}
	v, _, err = c.keep(t.Document, fmt.Sprintf("按意见 %s 修改 %s。 Changed as comment %s wants.", k.ID, ClauseName(w.Clause), k.ID), SubmitRevision, part)
	return v, "", err
}

// applyToRow writes a wanted change to the unified clause that a clause of a
// project's draft was made from.
func (c *change) applyToRow(project string, w Wish, text string) (string, error) {
	view, err := workbench(c.Tx, project)
	if err != nil {
		return "", err
	}
	rows := view.Draft().Rows[w.Clause.ID]
	if len(rows) != 1 || rows[0].Unified == nil {
		return "", refuse(Invalid, "clause", "这一条由项目 %s 的 %d 个条目汇成：请在工作台改相应条目，再写处理意见。 The clause is made of %d rows of project %s: change them on the workbench, then answer the comment.", project, len(rows), len(rows), project)
	}
	row := rows[0].Row
	pieces := compare.Weave(w.Clause.Text, text, row.Unified.Text)
	if compare.Clashes(pieces) > 0 {
		return "", refuse(Conflict, "text", "工作台上这一条的统一条款已经改了：请先保存新的统一稿，再处理意见。 The unified clause was changed on the workbench since: keep a new draft first.")
	}
	correction, err := c.correcting(project)
	if err != nil {
		return "", err
	}
	err = correction.setUnified(&row, c.actor, row.Unified.Title, compare.WovenText(pieces, nil), nil, map[string]any{"comment": w.Comment.ID}, "")
	if err != nil {
		return "", err
	}
	return row.ID, correction.keepAct(Unify)
}
