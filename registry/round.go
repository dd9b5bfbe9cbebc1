package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/convert"
)

// A round trip: the comments on a standard go out as a commenting form (征求意见
// 汇总处理表 or the ISO/CEN template), are filled in elsewhere, and come in again.
// A row is known by its mark, "c12-5f0a": the comment's ID and four digits of the
// hash of the answer that it had when it went out. A row without mark is known by
// what it says.

// CommentSheet is what a member may see of the comments on a standard as a
// commenting form: those that have to be answered, in order of their clauses.
func (r *Registry) CommentSheet(actor Member, standard string) (s convert.CommentSheet, err error) {
	err = r.store.View(func(tx Tx) error {
		process, err := processAt(tx, standard)
		if err != nil {
			return err
		}
		text, err := textAt(tx, Ref{Standard: standard, Revision: pinned(process)})
		if err != nil {
			return err
		}
		list, err := asking(tx, actor, standard, text.Document)
		if err != nil {
			return err
		}
		h := text.Document.Header
		s = convert.CommentSheet{
			Standard: strings.TrimSpace(h.Primary() + " " + h.Title), Drafter: h.Issuer, Date: r.today(),
		}
		order := map[string]int{}
		for c := range text.Document.All() {
			order[c.ID] = len(order) + 1
		}
		slices.SortStableFunc(list, func(a, b Comment) int { return order[a.On.Clause] - order[b.On.Clause] })
		for i, c := range list {
			s.Rows = append(s.Rows, rowOf(c, i+1))
		}
		countRound(&s, process)
		return nil
	})
	return s, err
}

// pinned is the revision that comments are on: that of the consultation, or the
// current one (0).
func pinned(p Process) int {
	if p.Consultation != nil {
		return p.Consultation.Revision
	}
	return 0
}

// asking are the comments on a standard that have to be answered, as a member
// may see them, oldest first.
func asking(tx Tx, actor Member, standard string, d *editor.Document) (list []Comment, err error) {
	numbers := d.Numbers()
	err = comments.scan(tx, func(c Comment) error {
		if c.Asks() && c.SeenBy(actor) {
			if c.Number == "" { // said before numbers were noted
				c.Number = numbers[c.On.Clause]
			}
			list = append(list, c)
		}
		return nil
	}, "standard:"+standard)
	return list, err
}

// countRound fills in the counts that the form asks for, as far as the registry
// knows them: a unit that answered without a comment is not known here.
func countRound(s *convert.CommentSheet, p Process) {
	units := map[string]bool{}
	for _, row := range s.Rows {
		if row.By != "" {
			units[row.By] = true
		}
	}
	s.Remarked, s.Answered, s.Asked = len(units), len(units), len(units)
	if p.Consultation == nil {
		return
	}
	s.Contact = p.Consultation.Contact
	for _, unit := range p.Consultation.Asked {
		if !units[unit] {
			s.Silent++
		}
	}
	s.Asked = s.Answered + s.Silent
}

// rowOf is a comment as a row.
func rowOf(c Comment, number int) convert.CommentRow {
	row := convert.CommentRow{
		ID: c.ID + "-" + answerMark(c.Disposition), Number: fmt.Sprint(number), Clause: c.Number,
		Type: string(c.Type), Comment: c.Body, Proposed: c.Proposed, By: unitOf(c),
	}
	if row.Clause == "" && c.On.Clause == "" {
		row.Clause = "全文"
	}
	if c.Quote != "" {
		row.Comment = strings.TrimSpace("原文：“" + c.Quote + "”\n" + c.Body)
	}
	if c.Disposition != nil {
		row.Disposition, row.Reason = DispositionNames[c.Disposition.Kind], c.Disposition.Reason
	}
	return row
}

// unitOf is the unit that a comment comes from, as the column 提出单位 says it.
// The name of a person is not told.
func unitOf(c Comment) string {
	switch c.Commenter.Kind {
	case "organisation":
		return c.Commenter.Name
	case "public":
		return "公众"
	}
	if c.Region == "" {
		return "秘书处"
	}
	return RegionOf(c.Region).Name
}

// answerMark names an answer by four hexadecimal digits; "0000" is none.
func answerMark(d *Disposition) string {
	if d == nil {
		return "0000"
	}
	sum := sha256.Sum256([]byte(string(d.Kind) + "\x00" + sameWords(d.Reason)))
	return hex.EncodeToString(sum[:2])
}

// sameWords is a text without white space: programs change that.
func sameWords(s string) string { return strings.Join(strings.Fields(s), "") }

// saying names what a row says, whatever its mark and answer.
func saying(row convert.CommentRow) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{sameWords(row.Clause), sameWords(row.Comment), sameWords(row.Proposed), sameWords(row.By)}, "\x00")))
	return hex.EncodeToString(sum[:8])
}
