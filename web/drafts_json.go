package web

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// What the drafting page's script asks for. Questions and answers are JSON; a
// refusal is {"reason": …} with the status that a page would have.

// question reads what a script asks. member is whose page it is: a page that was
// left open does not write into the desk of whoever signed in since.
func (s *Server) question(c echo.Context, into any, member *string) error {
	if err := json.NewDecoder(c.Request().Body).Decode(into); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return err
		}
		return echo.NewHTTPError(http.StatusUnprocessableEntity, "请求读不懂：请刷新页面。 The request cannot be read: reload the page.")
	}
	if *member != s.actor(c).ID {
		return echo.NewHTTPError(http.StatusUnauthorized, "现在登录的是另一位成员：请以原来的身份登录，文字还在。 Somebody else is signed in now: sign in as before, the text is still here.")
	}
	return nil
}

// wantsJSON tells a script's question from a person's.
func wantsJSON(c echo.Context) bool {
	return strings.HasPrefix(c.Request().Header.Get(echo.HeaderAccept), echo.MIMEApplicationJSON)
}

// styleNonce lets the style sheets bear a nonce that the editor makes at run
// time: one for each answer, good for nothing else.
func (s *Server) styleNonce(c echo.Context) string {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails
	nonce := base64.StdEncoding.EncodeToString(raw[:])
	c.Response().Header().Set("Content-Security-Policy", strings.Replace(contentPolicy, "style-src 'self'", "style-src 'self' 'nonce-"+nonce+"'", 1))
	return nonce
}

// copyJSON is a working copy as a script has it.
type copyJSON struct {
	Version uint64    `json:"version"`
	Base    int       `json:"base"`
	Saved   time.Time `json:"saved"`
	Source  *string   `json:"source,omitempty"`
	Reason  string    `json:"reason,omitempty"`
}

func copyOf(w registry.WorkingCopy, whole bool) copyJSON {
	v := copyJSON{Version: w.Version, Base: w.Base, Saved: w.Saved}
	if whole {
		text := string(w.Source)
		v.Source = &text
	}
	return v
}

func (s *Server) copyDraft(c echo.Context) error {
	w, err := s.reg.WorkingCopy(s.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, copyOf(w, true))
}

// saveDraft keeps what was typed. Where another window saved meanwhile the
// answer is 409 with what is kept.
func (s *Server) saveDraft(c echo.Context) error {
	var q struct {
		Member, Source string
		Version        uint64
	}
	if err := s.question(c, &q, &q.Member); err != nil {
		return err
	}
	w, err := s.reg.SaveWorking(s.actor(c), c.Param("id"), q.Version, []byte(q.Source))
	if reason, ok := refused(err, registry.Conflict); ok {
		v := copyOf(w, true)
		v.Reason = reason
		return c.JSON(http.StatusConflict, v)
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, copyOf(w, false))
}

// submitDraft makes a revision of the working copy, or says where it meets what
// others have submitted since.
func (s *Server) submitDraft(c echo.Context) error {
	var q struct {
		Member, Message string
		Version         uint64
	}
	if err := s.question(c, &q, &q.Member); err != nil {
		return err
	}
	actor, id := s.actor(c), c.Param("id")
	w, err := s.reg.WorkingCopy(actor, id)
	if err != nil {
		return err
	}
	if unmerged(string(w.Source)) != nil {
		return echo.NewHTTPError(http.StatusUnprocessableEntity, s.say(c, "merge.left"))
	}
	m, err := s.reg.SubmitWorking(actor, id, q.Version, q.Message)
	others, told := s.othersChanged(w, m)
	if told != nil {
		return told
	}
	if len(m.Conflicts) > 0 && registry.Refused(err, registry.Conflict) {
		return s.meet(c, w, m, others)
	}
	if err != nil {
		return err
	}
	done := "done.submit"
	if m.Current.Number > 0 {
		done = "done.merged"
	}
	s.setCookie(c, noticeCookie, done, 60)
	return c.JSON(http.StatusOK, map[string]any{
		"to": revisionURL(m.Revision.Ref()), "others": others, "by": s.person(lang(c), m.Current.Author), "current": m.Current.Number,
	})
}

// othersChanged says, clause by clause, what a standard has become since a copy
// was made of it, but for the clauses in conflict; nothing where it has not moved
// on.
func (s *Server) othersChanged(w registry.WorkingCopy, m registry.Merged) ([]string, error) {
	if m.Current.Number == 0 || w.Base == 0 {
		return nil, nil
	}
	base, err := s.reg.Text(registry.Ref{Standard: w.Standard, Revision: w.Base})
	if err != nil {
		return nil, err
	}
	theirs, err := s.reg.Text(m.Current.Ref())
	if err != nil {
		return nil, err
	}
	var out []string
	for _, ch := range compare.Revisions(base.Document, theirs.Document).Clauses {
		if ch.Kind == compare.Unchanged {
			continue
		}
		for _, k := range append(slices.Clone(ch.New), ch.Old...) {
			if slices.ContainsFunc(m.Conflicts, func(x compare.Conflict) bool { return x.ID == k.ID }) {
				break
			}
			out = append(out, nameOf(k))
			break
		}
	}
	return out, nil
}

// conflictJSON is a clause, or a field of the front matter, that two people
// changed. Text is nil on the side that removed the clause.
type conflictJSON struct {
	ID     string  `json:"id"`
	Field  string  `json:"field,omitempty"`
	Name   string  `json:"name"`
	Base   *string `json:"base"`
	Theirs *string `json:"theirs"`
	Mine   *string `json:"mine"`
}

func (s *Server) meet(c echo.Context, w registry.WorkingCopy, m registry.Merged, others []string) error {
	var list []conflictJSON
	for _, k := range m.Conflicts {
		one := conflictJSON{ID: k.ID, Field: k.Field, Base: wordsOf(k, k.Base), Theirs: wordsOf(k, k.Theirs), Mine: wordsOf(k, k.Ours)}
		if k.Field != "" {
			one.Name = s.say(c, "merge.header", fieldName(k.Field))
		}
		for _, side := range []*editor.Clause{m.Document.Clause(k.ID), k.Theirs, k.Ours, k.Base} {
			if one.Name == "" && side != nil {
				one.Name = nameOf(side)
			}
		}
		list = append(list, one)
	}
	actor := s.actor(c)
	return c.JSON(http.StatusConflict, map[string]any{
		"conflicts": list, "base": w.Base, "current": m.Current.Number, "by": s.person(lang(c), m.Current.Author), "me": actor.Name, "others": others,
		"reason": s.say(c, "merge.conflicts", len(list)),
	})
}

// titled tells whether the sides of a conflict differ in the title too: then it
// stands before the text, as a heading.
func titled(k compare.Conflict) bool {
	title := ""
	for _, side := range []*editor.Clause{k.Base, k.Ours, k.Theirs} {
		switch {
		case side == nil:
		case title == "":
			title = side.Title
		case side.Title != title:
			return true
		}
	}
	return false
}

// wordsOf is one side of a conflict as a person edits it.
func wordsOf(k compare.Conflict, side *editor.Clause) *string {
	if side == nil {
		return nil
	}
	text := strings.TrimSpace(side.Text)
	if k.Field == "" && titled(k) {
		text = strings.TrimSpace("## " + side.Title + "\n\n" + text)
	}
	return &text
}

// choice is what a clause shall say where two people changed it.
type choice struct {
	ID, Field, Text string
	Gone            bool
}

// settleDraft puts what was choice into the merged text and makes that the
// working copy, on top of the revision that it was merged with.
func (s *Server) settleDraft(c echo.Context) error {
	var q struct {
		Member  string
		Version uint64
		Current int
		Chosen  []choice
	}
	if err := s.question(c, &q, &q.Member); err != nil {
		return err
	}
	actor, id := s.actor(c), c.Param("id")
	m, err := s.reg.MergeWorking(actor, id)
	if err != nil {
		return err
	}
	if m.Current.Number != q.Current {
		return echo.NewHTTPError(http.StatusConflict, "选定期间又有了新版：请再提交一次，重新选定。 A newer revision came while you were choosing: submit once more and choose again.")
	}
	theirs, err := s.reg.Revision(id, q.Current)
	if err != nil {
		return err
	}
	for _, k := range m.Conflicts {
		settle(m.Document, theirs.Header, k, q.Chosen)
	}
	m.Document.Renumber()
	w, err := s.reg.SettleWorking(actor, id, q.Version, q.Current, editor.Write(m.Document))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, copyOf(w, true))
}
