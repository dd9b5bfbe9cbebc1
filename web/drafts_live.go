package web

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// Who else drafts a standard, on which clause, and that a new revision of it has
// come: a stream as that of a project, with its own presence.

// draftRoom is where the drafters of a standard meet; no project can have such
// an ID.
func draftRoom(standard string) string { return "drafts/" + standard }

// drafterJSON is somebody who has the drafting page of the standard open.
type drafterJSON struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Region string `json:"region,omitempty"`
	Short  string `json:"short,omitempty"`
	Clause string `json:"clause,omitempty"`
}

func (s *Server) draftLive(c echo.Context) error {
	id := c.Param("id")
	w, err := s.reg.WorkingCopy(s.actor(c), id)
	if err != nil {
		return err
	}
	head, err := s.reg.LastEvent()
	if err != nil {
		return err
	}
	since, _ := sinceOf(c, head.Seq, s.live.behind)
	address, session := "network "+registry.NetworkOf(c.RealIP()), "drafter "+s.actor(c).ID
	stream, ok := s.live.admit(session, address)
	if !ok {
		c.Response().Header().Set("Retry-After", "30")
		return echo.NewHTTPError(http.StatusTooManyRequests, "同时打开的页面太多：请关掉几个。 Too many pages are open at once: close some.")
	}
	defer s.live.leave(session, address)
	st := s.newStream(c, draftRoom(id), stream)
	s.live.listen(stream, draftRoom(id), s.actor(c))
	defer s.live.forget(stream)
	if err := st.begin(head.Seq, false); err != nil {
		return nil // the browser is gone: nobody to tell
	}
	st.object = regexp.MustCompile(`^standards/` + regexp.QuoteMeta(w.Standard) + `/([0-9]+)$`)
	return s.follow(st, s.reg.Watch(since))
}

// sendNewer tells of a revision that somebody submitted.
func (s *Server) sendNewer(st *stream, e registry.Event) error {
	m := st.object.FindStringSubmatch(e.Object)
	if m == nil {
		return nil
	}
	n, _ := strconv.Atoi(m[1])
	return st.send("newer", e.Seq, map[string]any{
		"number": n, "mine": e.Actor == st.me, "says": s.words.say(st.lang, "editor.newer", s.person(st.lang, e.Actor), n),
	})
}

func (s *Server) sendDrafters(st *stream, people []person) error {
	list := make([]drafterJSON, 0, len(people))
	for _, p := range people {
		list = append(list, drafterJSON{p.ID, p.Name, p.Region, registry.RegionOf(p.Region).Short, p.Row})
	}
	return st.send("people", 0, map[string]any{"people": list})
}

var clauseID = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$`)

// hereDraft takes a sign of life of a drafting page: the clause that its cursor
// is in. Nothing of it is kept in the registry.
func (s *Server) hereDraft(c echo.Context) error {
	clause := strings.TrimSpace(c.FormValue("clause"))
	if !clauseID.MatchString(clause) {
		clause = ""
	}
	if !s.live.here(c.FormValue("stream"), s.actor(c), draftRoom(c.Param("id")), clause) {
		return echo.NewHTTPError(http.StatusGone, "这个页面已断开：请刷新。 This page is no longer connected: reload it.")
	}
	return c.NoContent(http.StatusNoContent)
}
