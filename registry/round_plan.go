package registry

import (
	"fmt"
	"regexp"
	"strings"

	"tongbiao/editor/convert"
)

// RoundKind says what comes of a row.
type RoundKind string

const (
	RoundNew      RoundKind = "new"      // a comment that is not here yet
	RoundAnswer   RoundKind = "answer"   // the answer of one that is
	RoundSame     RoundKind = "same"     // nothing
	RoundConflict RoundKind = "conflict" // it was answered here otherwise meanwhile
	RoundReworded RoundKind = "reworded" // its mark is that of a comment that says something else
	RoundUnclear  RoundKind = "unclear"  // it is not understood: Problem
)

// RoundChoice is what a person decides on a row that is a conflict or reworded.
type RoundChoice string

const (
	RoundKeep  RoundChoice = ""      // leave what is here
	RoundTake  RoundChoice = "take"  // take the row's answer
	RoundAdd   RoundChoice = "add"   // keep the row as a comment of its own
	RoundLeave RoundChoice = "leave" // leave out a new one
)

// RoundRow is a row with what comes of it.
type RoundRow struct {
	convert.CommentRow
	Kind    RoundKind
	Comment Comment      // here; without ID for a new one
	Clauses []string     // Clause.IDs of the pinned revision that the row is on; none: the whole text
	Unknown []string     // places that are not in it
	Answer  *Disposition // the row's; nil where it says none
	Problem string       // why it is not understood, or what of it is not taken
	nth     int          // of the rows that say the same, from 1
	region  string       // that an organisation is of
}

// RoundPlan is what an import would do. It changes nothing.
type RoundPlan struct {
	Revision int // that places are looked up in
	Rows     []RoundRow
}

// Of are the rows of a kind.
func (p RoundPlan) Of(kind RoundKind) (rows []RoundRow) {
	for _, r := range p.Rows {
		if r.Kind == kind {
			rows = append(rows, r)
		}
	}
	return rows
}

// Unplaced are the rows whose clause is not in the text.
func (p RoundPlan) Unplaced() (rows []RoundRow) {
	for _, r := range p.Rows {
		if len(r.Unknown) > 0 {
			rows = append(rows, r)
		}
	}
	return rows
}

// PlanRound says what ImportRound would do with rows.
func (r *Registry) PlanRound(actor Member, standard string, rows []convert.CommentRow) (p RoundPlan, err error) {
	err = r.store.View(func(tx Tx) error {
		p, err = planRound(tx, actor, standard, rows)
		return err
	})
	return p, err
}

// ImportRound brings rows in: comments that are not here yet, and answers where
// the actor may give them, all in one transaction. choices decide on conflicts
// and on rows that were reworded, by CommentRow.At; without one, what is here
// stays. The same rows again change nothing. name is the file's.
func (r *Registry) ImportRound(actor Member, standard, name string, rows []convert.CommentRow, choices map[int]RoundChoice) (done RoundPlan, err error) {
	if err := May(actor, ImportComments, actor.Region); err != nil {
		return done, err
	}
	if err := line("file", name); err != nil {
		return done, err
	}
	err = r.update(actor, func(c *change) error {
		if done, err = planRound(c.Tx, actor, standard, rows); err != nil {
			return err
		}
		with, err := gatheredWith(c.Tx, standard)
		if err != nil {
			return err
		}
		for i := range done.Rows {
			row := &done.Rows[i]
			if err := c.importRow(standard, name, row, choices[row.At], done.Revision, with); err != nil {
				return fmt.Errorf("row %d: %w", row.At, err)
			}
		}
		return nil
	})
	return done, err
}

// importRow carries out what is planned for a row; a row with which nothing is
// done says RoundSame.
func (c *change) importRow(standard, name string, row *RoundRow, choice RoundChoice, revision int, with map[string][]Comment) error {
	switch {
	case row.Kind == RoundNew && choice != RoundLeave, row.Kind == RoundReworded && choice == RoundAdd:
		said, err := row.said(standard, revision)
		if err != nil {
			return err
		}
		if row.Comment, err = c.addComment(said, "《"+name+"》"); err != nil {
			return err
		}
		row.Kind = RoundNew
	case row.Kind == RoundAnswer, (row.Kind == RoundConflict || row.Kind == RoundReworded) && choice == RoundTake && row.Answer != nil:
		row.Kind = RoundAnswer
	case row.Kind == RoundUnclear:
		return nil
	default:
		row.Kind = RoundSame
		return nil
	}
	if row.Answer == nil {
		return nil
	}
	d := *row.Answer
	d.By, d.Time = c.actor.ID, c.r.now().UTC()
	k, err := commentByID(c.Tx, "standard:"+standard, row.Comment.ID)
	if err != nil {
		return err
	}
	for _, k := range append([]Comment{k}, with[row.Comment.ID]...) {
		if err := c.dispose(k, d); err != nil {
			return err
		}
	}
	return nil
}

var quoted = regexp.MustCompile(`(?s)^原文[:：]“(.*?)”\n?(.*)$`)

// said is the comment that a row makes.
func (row RoundRow) said(standard string, revision int) (Comment, error) {
	c := Comment{On: Ref{Standard: standard, Revision: revision}, Number: row.Clause, Type: CommentType(row.Type), Body: row.CommentRow.Comment, Proposed: row.Proposed}
	if m := quoted.FindStringSubmatch(c.Body); m != nil {
		c.Quote, c.Body = m[1], m[2]
	}
	if row.Part != "" {
		c.Number = strings.TrimSpace(c.Number + " " + row.Part)
	}
	if len(row.Clauses) > 0 {
		c.On.Clause = row.Clauses[0]
	}
	c.Number = strings.Join(strings.Fields(c.Number), " ")
	if c.Body == "" && c.Quote != "" && c.Proposed == "" {
		c.Body, c.Quote = c.Quote, ""
	}
	if c.Region, c.Commenter = whose(row.By); c.Commenter.Kind == "organisation" {
		c.Region = row.region
	}
	c.Origin = fmt.Sprintf("sheet:%s#%d", saying(row.CommentRow), row.nth)
	return c, c.check()
}

// whose reads the column 提出单位: one of the regions or the secretariat, or an
// organisation.
func whose(by string) (region string, who Commenter) {
	by = strings.Join(strings.Fields(by), " ")
	for _, r := range Regions {
		if by == r.Name || by == r.Short || by == strings.TrimRight(r.Name, "省市") || strings.EqualFold(by, r.English) {
			return r.Code, Commenter{}
		}
	}
	if by == "公众" {
		return "", Commenter{Kind: "public"}
	}
	return "", Commenter{Kind: "organisation", Name: by}
}
