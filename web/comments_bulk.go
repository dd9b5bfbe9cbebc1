package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// bulkForm is what is done to several comments, as it was filled in.
type bulkForm struct {
	Chosen                            []string // Comment.IDs
	Kind, Reason, Body, Type, LeftOut string
}

func bulkOf(c echo.Context) bulkForm {
	form, err := c.FormParams()
	if err != nil || c.Request().Method != http.MethodPost {
		return bulkForm{}
	}
	b := bulkForm{Kind: form.Get("kind"), Reason: lines(form.Get("reason")), Body: lines(form.Get("merged")), Type: form.Get("merged_type"), LeftOut: lines(form.Get("left_out"))}
	for _, s := range seenOf(form) {
		b.Chosen = append(b.Chosen, s.ID)
	}
	return b
}

// seenOf reads the comments that were ticked, each as its ID and version: c12.3
func seenOf(form url.Values) (out []registry.Seen) {
	for _, v := range form["comment"] {
		out = append(out, seenAs(v))
	}
	return out
}

func seenAs(value string) registry.Seen {
	id, version, _ := strings.Cut(value, ".")
	n, _ := strconv.Atoi(version) // 0, not checked, where there is none
	return registry.Seen{ID: id, Version: n}
}

// bulk answers a form about several comments: back to the table, or the form as
// it was with the reason.
func (s *Server) bulk(c echo.Context, err error, at, done string) error {
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.showComments(c, http.StatusUnprocessableEntity, commentForm{Type: string(registry.Technical)}, reason, at)
	}
	if reason, ok := refused(err, registry.Conflict); ok {
		return s.showComments(c, http.StatusConflict, commentForm{Type: string(registry.Technical)}, reason, at)
	}
	if err != nil {
		return err
	}
	return s.see(c, commentsURL(c.Param("id"), commentFilter(c)), done)
}

// disposeComments answers the comments that were ticked.
func (s *Server) disposeComments(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	d := registry.Disposition{Kind: registry.DispositionKind(form.Get("kind")), Reason: lines(form.Get("reason"))}
	err = s.reg.DisposeSeen(s.actor(c), c.Param("id"), seenOf(form), d)
	return s.bulk(c, err, "bulk", "done.dispose")
}

// gatherComments has the comments that were ticked answered with the first.
func (s *Server) gatherComments(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	seen := seenOf(form)
	var head registry.Seen
	if at := form.Get("head"); at != "" {
		head = seenAs(at)
	} else if len(seen) > 0 {
		head = seen[0]
	}
	return s.bulk(c, s.reg.GatherSeen(s.actor(c), c.Param("id"), head, seen), "bulk", "done.gather")
}

// partComment has a comment answered by itself again.
func (s *Server) partComment(c echo.Context) error {
	if err := s.reg.Part(s.actor(c), c.Param("id"), c.Param("comment")); err != nil {
		return err
	}
	return s.toComment(c, c.Param("comment"), "done.gather")
}

// submitComments submits what was ticked inside the region: each as it is, or
// all as one.
func (s *Server) submitComments(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	var list []registry.Comment
	if form.Get("do") == "merge" {
		one := registry.Comment{Body: lines(form.Get("merged")), Type: registry.CommentType(form.Get("merged_type"))}
		for _, k := range seenOf(form) {
			one.Sources = append(one.Sources, k.ID)
		}
		list = append(list, one)
	} else {
		held, err := s.reg.CommentsFor(s.actor(c), c.Param("id"))
		if err != nil {
			return err
		}
		by := map[string]registry.Comment{}
		for _, k := range held {
			by[k.ID] = k
		}
		for _, k := range seenOf(form) {
			was := by[k.ID]
			list = append(list, registry.Comment{Type: was.Type, Quote: was.Quote, Body: was.Body, Proposed: was.Proposed, Sources: []string{k.ID}})
		}
	}
	_, err = s.reg.SubmitComments(s.actor(c), c.Param("id"), list)
	return s.bulk(c, err, "bulk", "done.submit.region")
}

// leaveComments leaves out what was ticked, with the reason.
func (s *Server) leaveComments(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	var ids []string
	for _, k := range seenOf(form) {
		ids = append(ids, k.ID)
	}
	err = s.reg.LeaveOut(s.actor(c), c.Param("id"), ids, lines(form.Get("left_out")))
	return s.bulk(c, err, "bulk", "done.leave")
}

// supportComment adds the reader to who supports a comment, or takes that back.
func (s *Server) supportComment(c echo.Context) error {
	if _, err := s.reg.Support(s.actor(c), c.Param("id"), c.Param("comment"), c.FormValue("do") != "withdraw"); err != nil {
		return err
	}
	return s.toComment(c, c.Param("comment"), "")
}

// applyPage shows what applying a comment makes of the text.
type applyPage struct {
	Frame
	Standard registry.Standard
	Wish     registry.Wish
	Then     []edit // what the comment wants, on the text that it was made on
	Since    []edit // how the clause changed since; none where it did not
	Change   []edit // what comes of both
	Text     string
	Kind     string
	Reason   string
	Problem  string
}

// applyForm shows the change that a comment wants, on the current text.
func (s *Server) applyForm(c echo.Context) error {
	return s.showApply(c, http.StatusOK, nil, "")
}

func (s *Server) showApply(c echo.Context, status int, typed *registry.Amendment, problem string) error {
	std, err := s.reg.Standard(c.Param("id"))
	if err != nil {
		return err
	}
	w, err := s.reg.Wish(s.actor(c), std.ID, c.Param("comment"))
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.showComments(c, http.StatusUnprocessableEntity, commentForm{Type: string(registry.Technical)}, reason, c.Param("comment"))
	}
	if err != nil {
		return err
	}
	p := applyPage{
		Frame: s.frame(c, s.say(c, "apply.title", w.Comment.ID)), Standard: std, Wish: w, Problem: problem,
		Then: changeOf(w.Then, w.Wanted), Change: changeOf(w.Clause.Text, w.Result), Text: w.Result, Kind: string(registry.Accepted),
	}
	p.Scripts, p.Styles = []string{"draft.js"}, []string{"comments.css"}
	if w.Then != w.Clause.Text {
		p.Since = changeOf(w.Then, w.Clause.Text)
	}
	if typed != nil {
		p.Text, p.Kind, p.Reason = typed.Text, string(typed.Kind), typed.Reason
	}
	return s.render(c, status, "comment-apply.html", p)
}

// applyComment writes the change into the text and answers the comment.
func (s *Server) applyComment(c echo.Context) error {
	number := func(name string) int {
		n, _ := strconv.Atoi(c.FormValue(name))
		return n
	}
	a := registry.Amendment{
		ID: c.Param("comment"), Version: number("version"), Base: number("base"), Text: lines(c.FormValue("text")),
		Kind: registry.DispositionKind(c.FormValue("kind")), Reason: lines(c.FormValue("reason")),
	}
	_, err := s.reg.ApplyComment(s.actor(c), c.Param("id"), a)
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.showApply(c, http.StatusUnprocessableEntity, &a, reason)
	}
	if reason, ok := refused(err, registry.Conflict); ok {
		return s.showApply(c, http.StatusConflict, &a, reason)
	}
	if err != nil {
		return err
	}
	return s.toComment(c, a.ID, "done.comment.apply")
}
