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

// commentsPage is the table of what was said on a standard, with what may be
// done about it, and a form for more.
type commentsPage struct {
	Frame
	Standard  registry.Standard
	Table     registry.CommentTable
	Threads   []thread
	Filter    registry.CommentFilter
	States    []string // what the table can be narrowed to
	Kinds     []registry.DispositionKind
	Clauses   []clauseChoice
	Types     []registry.CommentType
	Tabs      []commentTab
	Previous  string // address of the page before; "" at the beginning
	Next      string
	First     int // number of the first comment shown
	Last      int
	Alike     []registry.Alike // groups that may say the same
	Region    string           // the reader's, where there is one inside which to speak
	May       bool             // comment
	Support   bool
	Dispose   bool
	Submit    bool
	Import    bool
	Form      commentForm
	Bulk      bulkForm
	Problem   string // why a form was refused
	At        string // the comment whose form was refused; "" for the form at the foot, "bulk" for the one of many
	Unmatched bool   // a filter is set
	Query     string // of the address, so that a form comes back to the table as it was narrowed: "" or "?state=…"
}

// commentTab is one way to look at the table.
type commentTab struct {
	Word string
	N    int
	URL  string
	Here bool
}

// thread is a comment with what was answered.
type thread struct {
	registry.CommentRow
	Change  []edit // the change that it wants, in the words of the clause
	Settle  bool   // the reader may resolve and reopen it
	Mine    bool   // of the reader's own
	Backed  bool   // the reader supports it
	Checked bool
}

// Link is where the comment's clause can be read: the current text while it is
// there, else the revision that it was made on.
func (t thread) Link() string {
	if t.Anchor.Clause != "" {
		return placeOf(registry.Ref{Standard: t.On.Standard, Clause: t.Anchor.Clause})
	}
	return placeOf(t.On)
}

// clauseChoice is a clause that a comment can be on.
type clauseChoice struct{ ID, Name string }

// commentForm is a comment as it was filled in.
type commentForm struct {
	On, Type, Quote, Nth, Scope, Body, Proposed, ReplyTo, Outcome string
}

// commentsPerPage bounds the comments of one page.
const commentsPerPage = 50

// comments lists what was said. ?clause= narrows to a clause and prepares the
// form for it; ?quote= puts in the words that it is about.
func (s *Server) comments(c echo.Context) error {
	clause := c.QueryParam("clause")
	if clause == "whole" {
		clause = ""
	}
	form := commentForm{On: clause, Type: string(registry.Technical), Quote: c.QueryParam("quote"), Nth: c.QueryParam("nth")}
	return s.showComments(c, http.StatusOK, form, "", "")
}

// commentFilter reads what the table is narrowed to.
func commentFilter(c echo.Context) registry.CommentFilter {
	f := registry.CommentFilter{
		Region: c.QueryParam("region"), Clause: c.QueryParam("clause"), Type: registry.CommentType(c.QueryParam("type")),
		State: registry.CommentState(c.QueryParam("state")), Late: c.QueryParam("late") != "", Inside: c.QueryParam("inside"),
		Words: strings.TrimSpace(c.QueryParam("q")), Arrival: c.QueryParam("sort") == "arrival", Limit: commentsPerPage,
	}
	if f.State == "open" { // as older links call it
		f.State = registry.StateTalking
	}
	if n, err := strconv.Atoi(c.QueryParam("from")); err == nil && n > 0 {
		f.From = n
	}
	return f
}

// commentsURL is the table narrowed by f.
func commentsURL(standard string, f registry.CommentFilter) string {
	q := url.Values{}
	for _, x := range []struct{ name, value string }{
		{"region", f.Region}, {"clause", f.Clause}, {"type", string(f.Type)}, {"state", string(f.State)}, {"inside", f.Inside}, {"q", f.Words},
	} {
		if x.value != "" {
			q.Set(x.name, x.value)
		}
	}
	if f.Late {
		q.Set("late", "1")
	}
	if f.Arrival {
		q.Set("sort", "arrival")
	}
	if f.From > 0 {
		q.Set("from", strconv.Itoa(f.From))
	}
	to := "/standards/" + url.PathEscape(standard) + "/comments"
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return to
}

func (s *Server) showComments(c echo.Context, status int, form commentForm, problem, at string) error {
	text, err := s.reg.Text(registry.Ref{Standard: c.Param("id")})
	if err != nil {
		return err
	}
	std, err := s.reg.Standard(c.Param("id"))
	if err != nil {
		return err
	}
	actor := s.actor(c)
	may := func(v registry.Verb, regions ...string) bool { return registry.May(actor, v, regions...) == nil }
	p := commentsPage{
		Frame: s.frame(c, s.say(c, "comments.title", std.Header.Title)), Standard: std, Types: registry.CommentTypes,
		Filter: commentFilter(c), Kinds: registry.DispositionKinds, Form: form, Problem: problem, At: at, Clauses: clauseChoices(text.Document),
		May: may(registry.AddComment), Support: may(registry.SupportComment), Dispose: may(registry.Dispose),
		Import: may(registry.ImportComments, actor.Region), Bulk: bulkOf(c),
	}
	p.Scripts, p.Styles = []string{"draft.js", "comments.js"}, []string{"comments.css"}
	if actor.ID != "" && actor.Region != "" {
		p.Region, p.Submit = actor.Region, may(registry.SubmitComments, actor.Region)
	}
	if p.Table, err = s.reg.CommentTable(actor, std.ID, p.Filter); err != nil {
		return err
	}
	for _, row := range p.Table.Rows {
		p.Threads = append(p.Threads, s.thread(c, row, slices.Contains(p.Bulk.Chosen, row.ID)))
	}
	p.page()
	if p.Dispose && p.Filter == (registry.CommentFilter{Limit: commentsPerPage}) {
		if p.Alike, err = s.reg.AlikeComments(actor, std.ID); err != nil {
			return err
		}
	}
	return s.render(c, status, "comments.html", p)
}

// page reckons the tabs, the states that can be chosen, and the pages.
func (p *commentsPage) page() {
	f := p.Filter
	p.First, p.Last = min(f.From+1, p.Table.Matches), min(f.From+len(p.Threads), p.Table.Matches)
	turn := func(from int) string {
		g := f
		g.From = from
		return commentsURL(p.Standard.ID, g)
	}
	if f.From > 0 {
		p.Previous = turn(max(0, f.From-commentsPerPage))
	}
	if p.Last < p.Table.Matches {
		p.Next = turn(f.From + commentsPerPage)
	}
	tab := func(word string, n int, g registry.CommentFilter) {
		g.Clause, g.Limit, g.Arrival = f.Clause, f.Limit, f.Arrival
		here := f
		here.From = 0
		p.Tabs = append(p.Tabs, commentTab{word, n, commentsURL(p.Standard.ID, g), g == here})
	}
	tab("all", p.Table.All, registry.CommentFilter{})
	tab("unanswered", p.Table.Unanswered, registry.CommentFilter{State: registry.StateUnanswered})
	if p.Region != "" {
		tab("inside", p.Table.Inside, registry.CommentFilter{Inside: "region"})
		tab("to-submit", p.Table.ToSubmit, registry.CommentFilter{State: registry.StateToSubmit})
	}
	if p.Table.Late > 0 {
		tab("late", p.Table.Late, registry.CommentFilter{Late: true})
	}
	for _, k := range registry.DispositionKinds {
		p.States = append(p.States, string(k))
	}
	for _, k := range registry.CommentStates {
		if k != registry.StateToSubmit || p.Region != "" {
			p.States = append(p.States, string(k))
		}
	}
	p.Unmatched = f != (registry.CommentFilter{Limit: commentsPerPage})
	_, query, narrowed := strings.Cut(commentsURL(p.Standard.ID, f), "?")
	if narrowed {
		p.Query = "?" + query
	}
}

func (s *Server) thread(c echo.Context, row registry.CommentRow, checked bool) thread {
	actor := s.actor(c)
	t := thread{
		CommentRow: row, Checked: checked, Mine: row.Author == actor.ID && row.Commenter == (registry.Commenter{}),
		Settle: registry.May(actor, registry.ResolveComment, row.Region) == nil,
		Backed: slices.Contains(row.Supporters, actor.ID),
	}
	if row.Wanted != row.Then {
		t.Change = changeOf(row.Then, row.Wanted)
	}
	return t
}

// changeOf shows a change with some words around it.
func changeOf(then, wanted string) []edit {
	list := compare.Words(then, wanted)
	out := make([]edit, 0, len(list))
	for i, e := range list {
		x := edit{Text: e.Text, Long: e.Long}
		switch e.Op {
		case compare.Insert:
			x.Mark = "ins"
		case compare.Delete:
			x.Mark = "del"
		default:
			x.Text = around(e.Text, i > 0, i < len(list)-1)
		}
		out = append(out, x)
	}
	return out
}

// around keeps the ends of a stretch that stand beside a change, of the
// paragraph that the change is in.
func around(text string, before, after bool) string {
	const most = 40
	switch first, last := strings.Index(text, "\n"), strings.LastIndex(text, "\n"); {
	case first < 0 || before && after:
	case before:
		return around(text[:first], true, false) + " …"
	case after:
		return "… " + around(text[last+1:], false, true)
	}
	r := []rune(text)
	switch {
	case before && after && len(r) > 2*most:
		return string(r[:most]) + " … " + string(r[len(r)-most:])
	case !before && after && len(r) > most:
		return "… " + string(r[len(r)-most:])
	case before && !after && len(r) > most:
		return string(r[:most]) + " …"
	}
	return text
}

func clauseChoices(d *editor.Document) []clauseChoice {
	var out []clauseChoice
	for k := range d.All() {
		out = append(out, clauseChoice{k.ID, nameOf(k)})
	}
	return out
}

// addComment keeps a comment or a reply.
func (s *Server) addComment(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	f := commentForm{
		On: form.Get("on"), Type: form.Get("type"), Quote: lines(form.Get("quote")), Nth: form.Get("nth"), Scope: form.Get("scope"),
		Body: lines(form.Get("body")), Proposed: lines(form.Get("proposed")), ReplyTo: form.Get("reply_to"),
	}
	nth, _ := strconv.Atoi(f.Nth) // what is no number is not said
	kept, err := s.reg.AddComment(s.actor(c), registry.Comment{
		On: registry.Ref{Standard: c.Param("id"), Clause: f.On}, Type: registry.CommentType(f.Type), Scope: f.Scope,
		Quote: f.Quote, Nth: nth, Body: f.Body, Proposed: f.Proposed, ReplyTo: f.ReplyTo,
	})
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.showComments(c, http.StatusUnprocessableEntity, f, reason, f.ReplyTo)
	}
	if err != nil {
		return err
	}
	at := kept.ID
	if kept.ReplyTo != "" {
		at = kept.ReplyTo
	}
	return s.toComment(c, at, "done.comment")
}

// toComment leads to the page of the table that holds a comment, narrowed as it
// was. What the filter does not let through any more, once it was acted on,
// leaves its reader at the place in the list; what was new is shown all the same.
func (s *Server) toComment(c echo.Context, id, done string) error {
	f := commentFilter(c)
	at, err := s.reg.CommentAt(s.actor(c), c.Param("id"), id, f)
	if err != nil {
		return err
	}
	if at < 0 && done != "done.comment" {
		return s.see(c, commentsURL(c.Param("id"), f), done)
	}
	if at < 0 {
		f = registry.CommentFilter{}
		if at, err = s.reg.CommentAt(s.actor(c), c.Param("id"), id, f); err != nil {
			return err
		}
	}
	f.From = max(0, at) / commentsPerPage * commentsPerPage
	return s.see(c, commentsURL(c.Param("id"), f)+"#"+id, done)
}

// settleComment closes a discussion with what it came to, or opens it again.
func (s *Server) settleComment(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	id, outcome := c.Param("comment"), lines(form.Get("outcome"))
	on := registry.Comment{ID: id, On: registry.Ref{Standard: c.Param("id")}}
	_, err = s.reg.ResolveComment(s.actor(c), on, form.Get("do") != "reopen", outcome)
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.showComments(c, http.StatusUnprocessableEntity, commentForm{Outcome: outcome}, reason, id)
	}
	if err != nil {
		return err
	}
	return s.toComment(c, id, "done.settle")
}
