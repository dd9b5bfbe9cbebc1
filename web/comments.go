package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/registry"
)

// commentsPage is what was said on a standard: threads, and a form for more.
type commentsPage struct {
	Frame
	Standard registry.Standard
	Threads  []thread
	State    string // filter: "open", "resolved", "" for all
	Clause   string // filter: a clause's ID
	Open     int
	Resolved int
	Clauses  []clauseChoice
	Types    []registry.CommentType
	May      bool // comment
	Form     commentForm
	Problem  string // why a form was refused
	At       string // the comment whose form was refused; "" for the form at the foot
}

// thread is a comment with what was answered.
type thread struct {
	registry.Comment
	Place   string // the clause as it is cited: "4.1 投递时限"
	Replies []registry.Comment
	Settle  bool // the reader may resolve and reopen it
}

// clauseChoice is a clause that a comment can be on.
type clauseChoice struct{ ID, Name string }

// commentForm is a comment as it was filled in.
type commentForm struct {
	On, Type, Quote, Body, Proposed, ReplyTo, Outcome string
}

// comments lists what was said. ?clause= narrows to a clause and prepares the
// form for it; ?quote= puts in the words that it is about.
func (s *Server) comments(c echo.Context) error {
	form := commentForm{On: c.QueryParam("clause"), Type: string(registry.Technical), Quote: c.QueryParam("quote")}
	return s.showComments(c, http.StatusOK, form, "", "")
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
	p := commentsPage{
		Frame: s.frame(c, s.say(c, "comments.title", std.Header.Title)), Standard: std, Types: registry.CommentTypes,
		State: c.QueryParam("state"), Clause: c.QueryParam("clause"),
		Form: form, Problem: problem, At: at, Clauses: clauseChoices(text.Document),
		May: registry.May(s.actor(c), registry.AddComment) == nil,
	}
	p.Scripts = []string{"draft.js"}
	list, err := s.reg.CommentsOnStandard(std.ID)
	if err != nil {
		return err
	}
	for _, t := range s.threads(c, list, p.Clauses) {
		if p.Clause != "" && t.On.Clause != p.Clause {
			continue
		}
		if t.Resolved == "" {
			p.Open++
		} else {
			p.Resolved++
		}
		if p.State == "open" && t.Resolved != "" || p.State == "resolved" && t.Resolved == "" {
			continue
		}
		p.Threads = append(p.Threads, t)
	}
	return s.render(c, status, "comments.html", p)
}

// threads puts replies under what they answer, in order of arrival.
func (s *Server) threads(c echo.Context, list []registry.Comment, clauses []clauseChoice) []thread {
	name := map[string]string{}
	for _, k := range clauses {
		name[k.ID] = k.Name
	}
	var out []thread
	at := map[string]int{}
	for _, m := range list {
		if i, ok := at[m.ReplyTo]; ok && m.ReplyTo != "" {
			out[i].Replies = append(out[i].Replies, m)
			at[m.ID] = i // an answer to an answer stands in the same thread
			continue
		}
		at[m.ID] = len(out)
		place := name[m.On.Clause]
		if place == "" {
			place = m.On.Clause
		}
		out = append(out, thread{
			Comment: m, Place: place,
			Settle: registry.May(s.actor(c), registry.ResolveComment, m.Region) == nil,
		})
	}
	return out
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
		On: form.Get("on"), Type: form.Get("type"), Quote: lines(form.Get("quote")), Body: lines(form.Get("body")),
		Proposed: lines(form.Get("proposed")), ReplyTo: form.Get("reply_to"),
	}
	kept, err := s.reg.AddComment(s.actor(c), registry.Comment{
		On: registry.Ref{Standard: c.Param("id"), Clause: f.On}, Type: registry.CommentType(f.Type),
		Quote: f.Quote, Body: f.Body, Proposed: f.Proposed, ReplyTo: f.ReplyTo,
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
	return s.see(c, "/standards/"+url.PathEscape(c.Param("id"))+"/comments#"+at, "done.comment")
}

// settleComment resolves a comment with what was decided, or opens it again.
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
	return s.see(c, "/standards/"+url.PathEscape(c.Param("id"))+"/comments#"+id, "done.settle")
}
