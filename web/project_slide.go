package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// slidePage is one row of a meeting's agenda for the projector: what the texts
// say, how they differ, the unified clause, what each region says, what is
// decided.
type slidePage struct {
	Frame
	Project registry.Project
	Meeting registry.Meeting
	Seq     uint64
	N, Of   int // place on the agenda; 0 for a row beside it
	Prev    string
	Next    string
	Row     gridRow
	Item    registry.Item // what happened on it in this meeting
	Said    []slideStand
	May     bool // the reader runs the meeting
	Form    rowForm

	MayWrite bool   // the reader may change the unified clause
	Size     string // of the texts: "", long, longer

	Outcomes []registry.Outcome
	Verdicts []registry.Verdict
}

// slideStand is what a region says, and whether the reader can say it for the
// region here.
type slideStand struct {
	Region string
	Key    int // that chooses it, from 1
	Now    registry.Position
	Action string // where its form goes; "" where the reader has none
	There  bool   // somebody of the region is at the meeting
}

func (s *Server) slide(c echo.Context) error { return s.showSlide(c, http.StatusOK, rowForm{}) }

func (s *Server) showSlide(c echo.Context, status int, form rowForm) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	m, open, err := s.reg.OpenMeetingOf(v.Project.ID)
	if err != nil {
		return err
	}
	if !open {
		return c.Redirect(http.StatusSeeOther, meetingURL(v.Project.ID))
	}
	at := slices.IndexFunc(v.Rows, func(r registry.RowView) bool { return r.ID == c.Param("row") })
	if at < 0 {
		_, err := s.reg.Row(v.Project.ID, c.Param("row"))
		return err
	}
	minutes, err := s.reg.Minutes(v.Project.ID, m.ID)
	if err != nil {
		return err
	}
	row, actor := v.Rows[at], s.actor(c)
	p := slidePage{
		Frame: s.frame(c, s.say(c, "row.title", row.Order, row.Topic)), Project: v.Project, Meeting: m, Seq: minutes.Last.Seq, Form: form,
		May: registry.May(actor, registry.DecideRow) == nil, MayWrite: registry.May(actor, registry.Unify) == nil, Outcomes: registry.Outcomes, Verdicts: registry.Verdicts,
	}
	p.Class, p.Styles, p.Scripts = "wide projector", []string{"workbench.css", "meeting.css"}, []string{"meeting.js"}
	q := gridQuery{Full: true}
	if base := baseOf(v, row.Row, ""); base >= 0 {
		q.Base = v.Columns[base].Key
	}
	t := textsOf(v)
	t.draft = draftNumbers(v)
	p.Row = gridRowOf(t, headsOf(v, q), q, row, t.draft[row.ID])
	p.Size = sizeOf(t, row.Row)
	p.place(minutes, row.ID)
	p.stands(v.Project, m, row, actor)
	return s.render(c, status, "project-slide.html", p)
}

// sizeOf says how much the longest of the texts holds, so that the screen sets it
// in smaller type.
func sizeOf(t texts, row registry.Row) string {
	longest := 0
	for i, col := range t.Columns {
		longest = max(longest, utf8.RuneCountInString(strings.Join(t.plain(i, row.Cells[col.Key]), "")))
	}
	switch {
	case longest > 260:
		return "longer"
	case longest > 110:
		return "long"
	}
	return ""
}

// place finds the row on the agenda, and those before and after it that are
// still there.
func (p *slidePage) place(m registry.Minutes, row string) {
	items := slices.DeleteFunc(slices.Clone(m.Items), func(i registry.Item) bool { return i.After.Gone })
	p.Of = len(items)
	at := slices.IndexFunc(items, func(i registry.Item) bool { return i.Before.Row == row })
	if at < 0 {
		if len(items) > 0 {
			p.Next = slideURL(p.Project.ID, items[0].Before.Row)
		}
		return
	}
	p.N, p.Item = at+1, items[at]
	if at > 0 {
		p.Prev = slideURL(p.Project.ID, items[at-1].Before.Row)
	}
	if at+1 < len(items) {
		p.Next = slideURL(p.Project.ID, items[at+1].Before.Row)
	}
}

// stands says what each region says. The secretary records for those that are
// there; a representative speaks for its own.
func (p *slidePage) stands(project registry.Project, m registry.Meeting, row registry.RowView, actor registry.Member) {
	at := slideURL(project.ID, row.ID)
	for _, col := range project.Columns() {
		if col.Floor {
			continue
		}
		st := slideStand{Region: col.Key, Key: len(p.Said) + 1, Now: row.Current[col.Key]}
		st.There = slices.ContainsFunc(m.Present, func(a registry.Attendee) bool { return a.Region == col.Key })
		switch {
		case row.Unified == nil:
		case registry.May(actor, registry.TakePosition, col.Key) == nil:
			st.Action = at + "/position"
		case st.There && registry.May(actor, registry.RecordPosition) == nil:
			st.Action = at + "/record"
		}
		p.Said = append(p.Said, st)
	}
}

// slid answers a form of a screen.
func (s *Server) slid(c echo.Context, form string, err error, done string) error {
	if err == nil {
		return s.see(c, slideURL(c.Param("project"), c.Param("row")), done)
	}
	var refusal *registry.Refusal
	if !errors.As(err, &refusal) || refusal.Kind == registry.Forbidden || refusal.Kind == registry.NotFound {
		return err
	}
	if _, open, err := s.reg.OpenMeetingOf(c.Param("project")); err != nil {
		return err
	} else if !open { // it was closed while somebody was still typing
		held := lines(c.FormValue("note") + c.FormValue("reason"))
		return s.showMeeting(c, statusOf[refusal.Kind], meetingForm{Queue: "open", Held: held}, refusal)
	}
	return s.showSlide(c, statusOf[refusal.Kind], rowForm{
		Name: form, Problem: refusal.Reason, Field: refusal.Field, Conflict: refusal.Kind == registry.Conflict, typed: c.FormValue,
	})
}

// spoken is the form of a position: region, verdict, note and the text it is on.
func (s *Server) spoken(c echo.Context, say func(region string, verdict registry.Verdict, note, hash string) error) error {
	region := c.FormValue("region")
	err := say(region, registry.Verdict(c.FormValue("verdict")), lines(c.FormValue("note")), c.FormValue("hash"))
	return s.slid(c, "position-"+region, err, "done.position")
}

func (s *Server) slidePosition(c echo.Context) error {
	return s.spoken(c, func(region string, verdict registry.Verdict, note, hash string) error {
		_, err := s.reg.TakePosition(s.actor(c), c.Param("project"), c.Param("row"), region, verdict, note, hash)
		return err
	})
}

func (s *Server) recordPosition(c echo.Context) error {
	return s.spoken(c, func(region string, verdict registry.Verdict, note, hash string) error {
		m, err := s.openOf(c)
		if err == nil {
			_, err = s.reg.RecordPosition(s.actor(c), m.Project, m.ID, c.Param("row"), region, verdict, note, hash)
		}
		return err
	})
}

func (s *Server) decideRow(c echo.Context) error {
	m, err := s.openOf(c)
	if err == nil {
		_, err = s.reg.Decide(s.actor(c), m.Project, m.ID, c.Param("row"), version(c), registry.Outcome(c.FormValue("outcome")), lines(c.FormValue("reason")))
	}
	return s.slid(c, "decide", err, "done.meeting.decide")
}
