package web

import (
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// besideRows are the passages of the regions' texts from which a clause of a
// unified draft was made, 沪 苏 浙 皖.
func (s *Server) besideRows(project, clause string) (out []beside) {
	v, err := s.reg.Workbench(project)
	if err != nil {
		s.log.Error("compare a consultation with its project", "project", project, "err", err)
		return nil
	}
	for _, row := range v.Draft().Rows[clause] {
		for i, col := range v.Columns {
			var words []string
			b := beside{Label: col.Region.Name, Class: "r" + col.Region.Code}
			for _, at := range row.Cells[col.Key] {
				k, passage := v.PassageText(i, at)
				if k == nil {
					continue
				}
				if b.Link == "" {
					ref := col.Text
					ref.Clause = k.ID
					b.Name, b.Link = nameOf(k), revisionURL(ref)
				}
				words = append(words, passage)
			}
			if len(words) > 0 {
				var citations map[string]string
				if t, err := s.reg.Text(col.Text); err == nil {
					citations = t.Document.Citations()
				}
				b.Words = []edit{{Text: readable("", strings.Join(words, "\n"), "", citations)}}
				out = append(out, b)
			}
		}
	}
	return out
}

// besideEdition is the clause as the text in force words it: an edition of the
// same standard, or the standard that the draft says it replaces.
func (s *Server) besideEdition(text registry.Text, k *editor.Clause) (string, []beside, error) {
	old, found, err := s.replaced(text)
	if err != nil || !found {
		return "", nil, err
	}
	title := strings.TrimSpace(old.Revision.Header.Primary() + " " + old.Revision.Header.Title)
	v := changeViewer{before: old, after: text}
	for _, ch := range compare.Revisions(old.Document, text.Document).Clauses {
		if !slices.ContainsFunc(ch.New, func(n *editor.Clause) bool { return n.ID == k.ID }) {
			continue
		}
		view := v.view("beside", ch)
		if view.Old.None {
			return title, nil, nil
		}
		return title, []beside{{Label: title, Name: view.Old.Name, Link: view.Old.Link, Words: view.Old.Words}}, nil
	}
	return title, nil, nil
}

// replaced is the text in force that a draft takes the place of.
func (s *Server) replaced(text registry.Text) (old registry.Text, found bool, err error) {
	issued, err := s.reg.Issued(text.Revision.Standard, "")
	if err != nil {
		return old, false, err
	}
	for _, e := range slices.Backward(issued) {
		if e.Revision != text.Revision.Number && e.Revision < text.Revision.Number {
			old, err = s.reg.Text(registry.Ref{Standard: text.Revision.Standard, Revision: e.Revision})
			return old, err == nil, err
		}
	}
	for _, number := range text.Revision.Header.Replaces {
		list, _, err := s.reg.Standards(registry.Filter{Text: number}, 0, 20)
		if err != nil {
			return old, false, err
		}
		for _, std := range list {
			if std.ID != text.Revision.Standard && slices.Contains(std.Header.Numbers, number) {
				old, err = s.reg.Text(registry.Ref{Standard: std.ID})
				return old, err == nil, err
			}
		}
	}
	return old, false, nil
}
