// Package derive makes what a text says about itself out of what it says:
// contents, lists of figures and tables, terms, an index, the list of normative
// references, the foreword. Lists are read off; what stands in the text itself is
// proposed, never written: a person applies a Proposal or leaves it.
package derive

import (
	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Hand says whose a part of a proposal is.
type Hand string

const (
	Kept    Hand = "kept"    // as people wrote it
	Machine Hand = "machine" // drafted by the machine, for a person to look at
)

// Part is a paragraph, or a line of a list, of a proposal.
type Part struct {
	Text string `json:"text"` // Markdown
	Hand Hand   `json:"hand"`
}

// Proposal is a text for a clause.
type Proposal struct {
	Clause string         `json:"clause"` // Clause.ID; where the text has none, the ID that it would get
	Title  string         `json:"title"`
	Old    string         `json:"old"` // the clause's text
	New    string         `json:"new"`
	Parts  []Part         `json:"parts"`           // of New, in order
	Edits  []compare.Edit `json:"edits,omitempty"` // from Old to New; none where nothing changes
	Notes  []Note         `json:"notes,omitempty"` // what a person should look at
}

// Note is something that a proposal cannot settle.
type Note struct {
	Key     string `json:"key"`     // what it is about: the number of a standard, the ID of a clause
	Message string `json:"message"` // Chinese · English
}

// Changes tells whether the proposal differs from what stands there.
func (p Proposal) Changes() bool { return p.Old != p.New }

func (p *Proposal) finish() {
	if p.Old != p.New {
		p.Edits = compare.Words(p.Old, p.New)
	}
}

// Apply gives the document with a text in place of a clause's own, or with a new
// chapter where it has no such clause. The document given is not changed.
func Apply(d *editor.Document, p Proposal, text string) *editor.Document {
	out := &editor.Document{Header: d.Header}
	done := false
	for _, c := range d.Clauses {
		if c.ID == p.Clause {
			with := *c
			with.Text, done = text, true
			c = &with
		}
		out.Clauses = append(out.Clauses, c)
	}
	if !done {
		out.Clauses = insert(out.Clauses, p, text)
	}
	return out
}

// insert puts a foreword in front, and the chapter of references behind the
// scope.
func insert(list []*editor.Clause, p Proposal, text string) []*editor.Clause {
	c := &editor.Clause{ID: p.Clause, Kind: editor.Chapter, Title: p.Title, Text: text}
	at := 0
	if p.Title == "前言" {
		c.Kind = editor.Foreword
	}
	for i, k := range list {
		if k.Kind == editor.Preamble || c.Kind == editor.Chapter && (k.Kind == editor.Foreword || k.Kind == editor.Introduction || k.Title == "范围") {
			at = i + 1
		}
	}
	out := append([]*editor.Clause{}, list[:at]...)
	return append(append(out, c), list[at:]...)
}

// freeID is an ID that the document does not use: id, or id with a letter behind.
func freeID(d *editor.Document, id string) string {
	for try := id; ; try += "x" {
		if d.Clause(try) == nil {
			return try
		}
	}
}
