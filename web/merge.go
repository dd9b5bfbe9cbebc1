package web

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// mergePage shows what became of a standard while a text was being changed: the
// others' changes, one's own, and where they meet. The form holds both.
type mergePage struct {
	Frame
	Standard  registry.Standard
	Copy      registry.WorkingCopy
	Source    string // the merged text, to be kept on top of the current revision
	Message   string
	Base      registry.Revision
	Current   registry.Revision
	Theirs    []changeView
	Mine      []changeView
	Conflicts []conflictView
	Reason    string
}

// conflictView is one clause, or one field of the front matter, that both
// sides changed.
type conflictView struct {
	Name         string
	Base         string
	Theirs, Mine []edit // against the base
	Gone         string // "theirs" or "mine": the side that removed the clause
}

// Marks of a clause that both sides changed, each on a line of its own. A text
// that still holds them is not submitted.
const (
	markMine   = "<<<<<<< "
	markMiddle = "======="
	markTheirs = ">>>>>>> "
)

// merge shows a working copy brought together with what the standard has become.
// Nothing is kept by it.
func (s *Server) merge(c echo.Context, d draftingPage, m registry.Merged) error {
	base, err := s.reg.Text(registry.Ref{Standard: d.Copy.Standard, Revision: d.Copy.Base})
	if err != nil {
		return err
	}
	theirs, err := s.reg.Text(m.Current.Ref())
	if err != nil {
		return err
	}
	doc, _, err := editor.Parse([]byte(d.Source))
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	mine := registry.Text{Revision: base.Revision, Document: doc, Source: []byte(d.Source)}
	p := mergePage{Base: base.Revision, Current: m.Current, Copy: d.Copy, Message: d.Message}
	if p.Standard, err = s.reg.Standard(d.Copy.Standard); err != nil {
		return err
	}
	p.Theirs, p.Mine = changedClauses("t", base, theirs), changedClauses("m", base, mine)
	for _, k := range m.Conflicts {
		p.Conflicts = append(p.Conflicts, s.conflict(c, k, base, theirs, mine))
		s.keepBoth(c, m.Document, k, m.Current)
	}
	p.Source = string(editor.Write(m.Document))
	p.Frame = s.frame(c, s.say(c, "merge.title", p.Standard.Header.Title))
	p.Scripts = []string{"draft.js"}
	return s.render(c, http.StatusConflict, "merge.html", p)
}

// changedClauses lists the clauses that changed from one text to another.
func changedClauses(prefix string, before, after registry.Text) []changeView {
	v := changeViewer{before, after}
	var out []changeView
	for i, ch := range compare.Revisions(before.Document, after.Document).Clauses {
		if ch.Kind != compare.Unchanged {
			out = append(out, v.view(prefix+strconv.Itoa(i+1), ch))
		}
	}
	return out
}

func (s *Server) conflict(c echo.Context, k compare.Conflict, base, theirs, mine registry.Text) conflictView {
	if k.Field != "" {
		field := func(t registry.Text) string {
			return fmt.Sprint(reflect.ValueOf(t.Document.Header).FieldByName(k.Field))
		}
		return conflictView{Name: s.say(c, "merge.header", fieldName(k.Field)), Base: field(base),
			Theirs: against(field(base), field(theirs)), Mine: against(field(base), field(mine))}
	}
	v := conflictView{Base: said(k.Base), Theirs: against(said(k.Base), said(k.Theirs)), Mine: against(said(k.Base), said(k.Ours))}
	for _, clause := range []*editor.Clause{theirs.Document.Clause(k.ID), mine.Document.Clause(k.ID), base.Document.Clause(k.ID)} {
		if clause != nil {
			v.Name = nameOf(clause)
			break
		}
	}
	switch {
	case k.Theirs == nil:
		v.Gone = "theirs"
	case k.Ours == nil:
		v.Gone = "mine"
	}
	return v
}

func said(k *editor.Clause) string {
	if k == nil {
		return ""
	}
	return strings.TrimSpace(k.Title + "\n" + paragraphBreak.ReplaceAllString(k.Text, "\n"))
}

// against marks what a text has that its base has not.
func against(base, text string) []edit { return column(compare.Words(base, text), compare.Insert, nil) }

// keepBoth leaves no conflict without a mark in the merged text: the others'
// words stand under one's own, a side that removed the clause says so, and a
// field of the front matter keeps the others' value beside it.
func (s *Server) keepBoth(c echo.Context, merged *editor.Document, k compare.Conflict, current registry.Revision) {
	if k.Field != "" {
		if merged.Header.Extra == nil {
			merged.Header.Extra = map[string]any{}
		}
		theirs := ""
		if k.Theirs != nil {
			theirs = k.Theirs.Text
		}
		merged.Header.Extra[mergeField+fieldName(k.Field)] = theirs
		return
	}
	if k.Ours != nil && k.Theirs != nil && said(k.Ours) == said(k.Theirs) {
		return
	}
	side := func(clause *editor.Clause) (text, title string) {
		if clause == nil {
			return s.say(c, "merge.gone"), ""
		}
		return clause.Text, clause.Title
	}
	if at := merged.Clause(k.ID); at != nil {
		mine, _ := side(k.Ours)
		theirs, title := side(k.Theirs)
		at.Text = markMine + s.say(c, "merge.mine") + "\n\n" + mine + "\n\n" + markMiddle + "\n\n" +
			theirs + "\n\n" + markTheirs + strings.TrimSpace(s.say(c, "revision.n", current.Number)+" "+title)
	}
}

// mergeField begins the name of a field of the front matter that holds the
// others' value of the field that follows.
const mergeField = "merge-"

// fieldName is how the front matter calls a field of editor.Header.
func fieldName(field string) string {
	f, ok := reflect.TypeFor[editor.Header]().FieldByName(field)
	if !ok {
		return field
	}
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return cmp.Or(name, field)
}

// unmerged lists the lines at which a text still holds both sides of a clause.
func unmerged(source string) []editor.Finding {
	var out []editor.Finding
	for i, l := range strings.Split(source, "\n") {
		if strings.HasPrefix(l, markMine) || strings.HasPrefix(l, markTheirs) || strings.HasPrefix(l, mergeField) {
			out = append(out, editor.Finding{Rule: "MERGE", Severity: editor.Error, Line: i + 1,
				Message: "这里还留着合并的两种文字：选定一种，删去标记。 Both texts of a merge still stand here: choose one and delete the marks."})
		}
	}
	return out
}

// settle puts into a merged text what was choice for one conflict; without a
// choice the drafter's own words stay.
func settle(merged *editor.Document, theirs editor.Header, k compare.Conflict, list []choice) {
	at := slices.IndexFunc(list, func(one choice) bool { return one.ID == k.ID && one.Field == k.Field })
	if at < 0 {
		return
	}
	one := list[at]
	if k.Field != "" {
		into, from := reflect.ValueOf(&merged.Header).Elem().FieldByName(k.Field), reflect.ValueOf(theirs).FieldByName(k.Field)
		switch {
		case k.Theirs != nil && one.Text == strings.TrimSpace(k.Theirs.Text):
			into.Set(from)
		case into.Kind() == reflect.String:
			into.SetString(strings.TrimSpace(one.Text))
		}
		return
	}
	if one.Gone {
		merged.Clauses = without(merged.Clauses, k.ID)
		return
	}
	clause := merged.Clause(k.ID)
	if clause == nil {
		return
	}
	text := strings.TrimSpace(lines(one.Text))
	if head, rest, ok := strings.Cut(text+"\n", "\n"); ok && titled(k) && strings.HasPrefix(head, "## ") {
		clause.Title, text = strings.TrimSpace(strings.TrimPrefix(head, "## ")), strings.TrimSpace(rest)
	}
	clause.Text = text
}

// without leaves out the clause of an ID; what stands below it moves up.
func without(list []*editor.Clause, id string) (out []*editor.Clause) {
	for _, k := range list {
		if k.ID == id {
			out = append(out, k.Clauses...)
			continue
		}
		k.Clauses = without(k.Clauses, id)
		out = append(out, k)
	}
	return out
}
