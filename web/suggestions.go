package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// suggestionsPage lists what was suggested for a standard, newest first.
type suggestionsPage struct {
	Frame
	Standard registry.Standard
	List     []suggestionLine
	Open     int
	All      bool // decided ones too
	May      bool // suggest
}

// suggestionLine is a suggestion in the list.
type suggestionLine struct {
	registry.Suggestion
	Clauses []suggestedClause
}

// suggestedClause is a clause of a suggestion by its name as it is today.
type suggestedClause struct {
	Name  string
	State registry.SuggestionState
}

func (s *Server) suggestions(c echo.Context) error {
	text, std, err := s.current(c.Param("id"))
	if err != nil {
		return err
	}
	list, err := s.reg.Suggestions(std.ID)
	if err != nil {
		return err
	}
	p := suggestionsPage{Frame: s.frame(c, s.say(c, "suggestions.title", std.Header.Title)), Standard: std, All: c.QueryParam("all") == "1"}
	p.May = registry.May(s.actor(c), registry.Suggest) == nil
	for _, k := range slices.Backward(list) {
		if k.Open() > 0 {
			p.Open++
		} else if !p.All {
			continue
		}
		l := suggestionLine{Suggestion: k}
		for _, ch := range k.Changes {
			l.Clauses = append(l.Clauses, suggestedClause{clauseName(text.Document, ch), ch.State})
		}
		p.List = append(p.List, l)
	}
	return s.render(c, http.StatusOK, "suggestions.html", p)
}

// current is a standard with its current text.
func (s *Server) current(id string) (registry.Text, registry.Standard, error) {
	std, err := s.reg.Standard(id)
	if err != nil {
		return registry.Text{}, std, err
	}
	text, err := s.reg.Text(registry.Ref{Standard: id})
	return text, std, err
}

// clauseName is how a clause that a suggestion changes is cited today; as it was
// where it is gone.
func clauseName(now *editor.Document, ch registry.SuggestedChange) string {
	if k := now.Clause(ch.Clause); k != nil {
		return nameOf(k)
	}
	return nameOf(&editor.Clause{ID: ch.Clause, Number: ch.Number, Title: ch.Was.Title, Text: ch.Was.Text})
}

// suggestForm is a suggestion as it is being written.
type suggestForm struct {
	Frame
	Standard registry.Standard
	Base     int
	Message  string
	Changes  []suggestField
	Clauses  []clauseChoice // that can be added
	Problem  string
}

// suggestField is one clause in the form: what it says, and as the writer has it.
type suggestField struct {
	ID, Name    string
	Title, Text string
	Words       []edit // what would change; nil while nothing does
}

// suggestNew prepares a suggestion; ?clause= names the clauses that it is about.
func (s *Server) suggestNew(c echo.Context) error {
	text, std, err := s.current(c.Param("id"))
	if err != nil {
		return err
	}
	var changes []suggestField
	for _, id := range c.QueryParams()["clause"] {
		if k := text.Document.Clause(id); k != nil && len(changes) < 40 {
			changes = append(changes, suggestField{ID: id, Title: k.Title, Text: k.Text})
		}
	}
	return s.showSuggest(c, http.StatusOK, text, std, suggestForm{Base: text.Revision.Number, Changes: changes})
}

func (s *Server) showSuggest(c echo.Context, status int, base registry.Text, std registry.Standard, p suggestForm) error {
	p.Frame, p.Standard = s.frame(c, s.say(c, "suggest.title", std.Header.Title)), std
	p.Scripts = []string{"draft.js"}
	taken := map[string]bool{}
	for i := range p.Changes {
		f := &p.Changes[i]
		taken[f.ID] = true
		f.Name = f.ID
		if k := base.Document.Clause(f.ID); k != nil {
			f.Name = nameOf(k)
			f.Words = difference(registry.Words{Title: k.Title, Text: k.Text}, registry.Words{Title: f.Title, Text: f.Text})
		}
	}
	p.Clauses = slices.DeleteFunc(clauseChoices(base.Document), func(k clauseChoice) bool { return taken[k.ID] })
	return s.render(c, status, "suggestion-new.html", p)
}

// difference marks what a clause loses and what it gains; its title is shown
// where that changes. It is nil when the clause is the same.
func difference(was, is registry.Words) []edit {
	if was == is {
		return nil
	}
	marks := map[compare.Op]string{compare.Insert: "ins", compare.Delete: "del"}
	var out []edit
	add := func(a, b string) {
		for _, e := range compare.Words(a, b) {
			out = append(out, edit{marks[e.Op], e.Text, e.Long})
		}
	}
	if was.Title != is.Title {
		add(was.Title, is.Title)
		out = append(out, edit{Text: "\n"})
	}
	add(was.Text, is.Text)
	return out
}

// suggest adds a clause to the form and shows what would change, or keeps the
// suggestion.
func (s *Server) suggest(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	p := suggestForm{Message: lines(form.Get("message"))}
	p.Base, _ = strconv.Atoi(form.Get("base"))
	base, err := s.reg.Text(registry.Ref{Standard: c.Param("id"), Revision: p.Base})
	if err != nil {
		return err
	}
	std, err := s.reg.Standard(c.Param("id"))
	if err != nil {
		return err
	}
	sent := registry.Suggestion{Standard: std.ID, Base: p.Base, Message: p.Message}
	for i, id := range form["clause"] {
		if i >= len(form["title"]) || i >= len(form["text"]) {
			return echo.ErrBadRequest
		}
		f := suggestField{ID: id, Title: form["title"][i], Text: lines(form["text"][i])}
		p.Changes = append(p.Changes, f)
		sent.Changes = append(sent.Changes, registry.SuggestedChange{Clause: id, Wanted: registry.Words{Title: f.Title, Text: f.Text}})
	}
	if form.Get("do") != "send" {
		if k := base.Document.Clause(form.Get("more")); k != nil {
			p.Changes = append(p.Changes, suggestField{ID: k.ID, Title: k.Title, Text: k.Text})
		}
		return s.showSuggest(c, http.StatusOK, base, std, p)
	}
	kept, err := s.reg.Suggest(s.actor(c), sent)
	if reason, ok := refused(err, registry.Invalid, registry.Forbidden); ok {
		p.Problem = reason
		return s.showSuggest(c, http.StatusUnprocessableEntity, base, std, p)
	}
	if err != nil {
		return err
	}
	return s.see(c, suggestionURL(kept), "done.suggest")
}

func suggestionURL(k registry.Suggestion) string {
	return "/standards/" + url.PathEscape(k.Standard) + "/suggestions/" + strconv.Itoa(k.Number)
}

// suggestionPage is one suggestion, clause by clause.
type suggestionPage struct {
	Frame
	Standard   registry.Standard
	Suggestion registry.Suggestion
	Current    int // revision
	Changes    []suggestedView
	MayDecide  bool
	MayDrop    bool
	Problem    string
}

// suggestedView is a suggested change as the page shows it.
type suggestedView struct {
	registry.SuggestedChange
	Name    string
	Link    string
	Meets   registry.Meets
	Words   []edit         // what it would change of the text as it is, or changed when it was decided
	Since   []edit         // what others changed since, where they meet
	Becomes registry.Words // prepared for the editor
	Rule    string         // as it was filled in
	Say     string
}

func (s *Server) suggestion(c echo.Context) error {
	return s.showSuggestion(c, http.StatusOK, nil, "")
}

// showSuggestion shows a suggestion; form holds what an editor filled in.
func (s *Server) showSuggestion(c echo.Context, status int, form url.Values, problem string) error {
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil {
		return echo.ErrNotFound
	}
	text, std, err := s.current(c.Param("id"))
	if err != nil {
		return err
	}
	k, err := s.reg.Suggestion(std.ID, n)
	if err != nil {
		return err
	}
	actor := s.actor(c)
	p := suggestionPage{
		Frame: s.frame(c, s.say(c, "suggestion.title", n, std.Header.Title)), Standard: std, Suggestion: k, Current: std.Current, Problem: problem,
		MayDecide: k.Open() > 0 && registry.May(actor, registry.DecideSuggested, std.Header.Regions...) == nil,
		MayDrop:   k.Open() > 0 && actor.ID != "" && actor.ID == k.Author,
	}
	for i, ch := range k.Changes {
		v := suggestedView{SuggestedChange: ch, Name: clauseName(text.Document, ch), Words: difference(ch.Was, ch.Wanted)}
		v.Link = placeOf(registry.Ref{Standard: std.ID, Revision: k.Base, Clause: ch.Clause})
		if ch.State == registry.SuggestionOpen {
			v.hold(ch.Meet(text.Document))
		}
		at := strconv.Itoa(i)
		v.Rule, v.Say = form.Get("rule-"+at), form.Get("reason-"+at)
		if form.Has("text-" + at) {
			v.Becomes = registry.Words{Title: form.Get("title-" + at), Text: lines(form.Get("text-" + at))}
		}
		p.Changes = append(p.Changes, v)
	}
	return s.render(c, status, "suggestion.html", p)
}

// hold shows an open change against the text as it is now.
func (v *suggestedView) hold(m registry.Met) {
	v.Meets, v.Becomes = m.Meets, m.Becomes
	if m.Clause == nil {
		return
	}
	is := registry.Words{Title: m.Clause.Title, Text: m.Clause.Text}
	v.Since = difference(v.Was, is)
	v.Words = difference(is, m.Becomes)
}

// decideSuggestion accepts and rejects clauses of a suggestion, or withdraws it.
func (s *Server) decideSuggestion(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil {
		return echo.ErrNotFound
	}
	version, _ := strconv.Atoi(form.Get("version"))
	actor, id := s.actor(c), c.Param("id")
	var k registry.Suggestion
	done := "done.suggestion.withdrawn"
	if form.Get("do") == "withdraw" {
		k, err = s.reg.WithdrawSuggestion(actor, id, n, version)
	} else {
		var rulings []registry.Ruling
		if rulings, err = s.rulings(id, n, form); err != nil {
			return err
		}
		var v registry.Revision
		k, v, err = s.reg.DecideSuggestion(actor, id, n, version, rulings)
		if done = "done.suggestion.rejected"; v.Number > 0 {
			done = "done.suggestion.accepted"
		}
	}
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.showSuggestion(c, http.StatusUnprocessableEntity, form, reason)
	}
	if reason, ok := refused(err, registry.Conflict); ok {
		return s.showSuggestion(c, http.StatusConflict, form, reason)
	}
	if err != nil {
		return err
	}
	return s.see(c, suggestionURL(k), done)
}

// rulings reads what was decided. The text in the form counts where the editor
// changed it, or where there is no other.
func (s *Server) rulings(id string, n int, form url.Values) (out []registry.Ruling, err error) {
	k, err := s.reg.Suggestion(id, n)
	if err != nil {
		return nil, err
	}
	text, err := s.reg.Text(registry.Ref{Standard: id})
	if err != nil {
		return nil, err
	}
	for i, ch := range k.Changes {
		at := strconv.Itoa(i)
		rule := form.Get("rule-" + at)
		if rule != "accept" && rule != "reject" {
			continue
		}
		r := registry.Ruling{Clause: ch.Clause, Accept: rule == "accept", Reason: lines(form.Get("reason-" + at))}
		if form.Has("text-" + at) {
			words := registry.Words{Title: strings.TrimSpace(form.Get("title-" + at)), Text: strings.TrimSpace(lines(form.Get("text-" + at)))}
			if m := ch.Meet(text.Document); m.Meets == registry.MeetsClash || words != m.Becomes {
				r.Words = &words
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// openSuggestions counts the suggestions that wait for somebody to decide.
func (s *Server) openSuggestions(standard string) (n int, err error) {
	list, err := s.reg.Suggestions(standard)
	for _, k := range list {
		if k.Open() > 0 {
			n++
		}
	}
	return n, err
}
