package web

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// relationMark is how a cell stands to the unified clause or the base, as a
// badge shows it.
type relationMark struct {
	Column   string
	Stand    compare.Stand // "" where there is nothing to say
	Proposed bool          // by the machine
	Against  string        // label of what it is held against; "" the unified clause
	Reasons  []relationReason
	Old      *registry.Relation // what people said about a former text
}

// relationReason is one thing in which a cell differs from what it is held
// against.
type relationReason struct {
	Kind       string
	Stand      compare.Stand
	Before     string // what is compared, before and after the blank
	After      string
	Own, Other string
}

// relationMarks are the marks of a row's cells, by column; base is the column
// that stands for the unified clause where there is none.
func relationMarks(v registry.ProjectView, row registry.RowView, base int) []relationMark {
	all := v.Reckoned(row, base)
	out := make([]relationMark, len(all))
	for i, k := range all {
		out[i] = markOf(v, k)
	}
	return out
}

func markOf(v registry.ProjectView, k registry.Reckoned) relationMark {
	m := relationMark{Column: k.Column}
	if k.Against == "" {
		return m
	}
	m.Stand, m.Proposed = k.Stand()
	if i := columnAt(v.Columns, k.Against); i >= 0 {
		m.Against = v.Columns[i].Label
	}
	if k.Said != nil && !k.Current() {
		m.Old = k.Said
	}
	for _, r := range k.Machine.Reasons {
		line := relationReason{Kind: string(r.Kind), Stand: r.Stand, Own: r.Own, Other: r.Other}
		line.Before, line.After, _ = strings.Cut(r.Subject, compare.Blank)
		m.Reasons = append(m.Reasons, line)
	}
	return m
}

// Silent tells whether the badge would only repeat what the cell itself says.
func (m relationMark) Silent(passages int, same string) bool {
	return m.Stand == "" || m.Proposed && m.Old == nil && (passages == 0 || m.Stand == compare.StandsSame && same == m.Against && same != "")
}

// relatesAs tells whether a cell of a row stands as is asked for.
func relatesAs(v registry.ProjectView, row registry.RowView, base string, stand string) bool {
	return slices.ContainsFunc(v.Reckoned(row, baseOf(v, row.Row, base)), func(k registry.Reckoned) bool {
		now, _ := k.Stand()
		return k.Against != "" && string(now) == stand
	})
}

// relationTallies counts rows by how one of their cells stands.
func relationTallies(v registry.ProjectView, q gridQuery) (out []tally) {
	counts := map[compare.Stand]int{}
	for _, row := range v.Rows {
		seen := map[compare.Stand]bool{}
		for _, k := range v.Reckoned(row, baseOf(v, row.Row, q.Base)) {
			if now, _ := k.Stand(); k.Against != "" && !seen[now] {
				seen[now] = true
				counts[now]++
			}
		}
	}
	for _, stand := range compare.Stands {
		out = append(out, tally{string(stand), counts[stand], q.Relation == string(stand), q.toggle("relation", q.Relation, string(stand))})
	}
	return out
}

// relationLine is a cell on its row's page: how it stands, why, what people said,
// and the form in which the reader may say it.
type relationLine struct {
	Head    *columnHead
	Mark    relationMark
	Machine compare.Stand
	Said    *registry.Relation // about these texts
	Against string             // as the form carries it
	Hash    string
	May     bool
}

// relations fills how the cells stand.
func (p *rowPage) relations(v registry.ProjectView, row registry.RowView, base int, actor registry.Member) {
	for i, k := range v.Reckoned(row, base) {
		if k.Against == "" {
			continue
		}
		region := k.Column
		if v.Columns[i].Floor {
			region = ""
		}
		line := relationLine{Head: &p.Heads[i], Mark: markOf(v, k), Machine: k.Machine.Stand, Against: k.Against, Hash: k.Hash,
			May: registry.May(actor, registry.SayRelation, region) == nil}
		if k.Current() {
			line.Said = k.Said
		}
		p.Relations = append(p.Relations, line)
	}
}

// Choices are the relations that can be said.
func (rowPage) Choices() []compare.Stand { return compare.Stands }

func (s *Server) sayRelation(c echo.Context) error {
	project, row, column := c.Param("project"), c.Param("row"), c.FormValue("column")
	done := "done.relation"
	stand := compare.Stand(c.FormValue("stand"))
	if c.FormValue("do") == "drop" {
		stand, done = "", "done.relation.drop"
	}
	_, err := s.reg.SayRelation(s.actor(c), project, row, column, c.FormValue("against"), stand, lines(c.FormValue("note")), c.FormValue("hash"))
	return s.acted(c, "relation-"+column, err, rowURL(project, row)+"?base="+baseAgainst(c.FormValue("against"))+"#relations", done)
}

// baseAgainst is the base with which a row's page shows what was just said.
func baseAgainst(against string) string {
	if against == registry.AgainstUnified {
		return ""
	}
	return against
}
