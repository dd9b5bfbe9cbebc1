package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// meetingPage is where a meeting is opened, and while one is open its agenda.
type meetingPage struct {
	Frame
	Project registry.Project
	Meeting *registry.Meeting // that is open; nil when none is
	May     bool              // the reader runs the meeting
	Past    []registry.Meeting
	Agenda  []agendaLine
	Settled int // rows that became settled in it
	Left    int // rows without a decision
	Seq     uint64
	People  []registry.Member // who may be there
	Queues  []tally           // ways to choose the agenda
	Rows    []registry.RowView
	Form    meetingForm
	Problem string
	Field   string
}

// meetingForm is what was filled in.
type meetingForm struct {
	Title, Place, Guests, Queue string
	Present, Rows               map[string]bool
	Held                        string // what was typed on a screen when the meeting was closed
}

// agendaLine is one row on the agenda.
type agendaLine struct {
	registry.Item
	N     int
	URL   string // its screen
	State registry.State
}

// queues are the ways to choose the agenda.
var queues = []string{"drafted", "open", "disputed", "waiting", "missing", "selected"}

// queueOf are the rows that one way chooses, in their order.
func queueOf(v registry.ProjectView, way string, ticked map[string]bool) (out []string) {
	for _, row := range v.Rows {
		takes := false
		switch way {
		case "drafted":
			takes = row.Unified != nil && row.State != registry.Settled
		case "open":
			takes = row.State != registry.Settled
		case "disputed":
			takes = row.State == registry.Disputed
		case "waiting":
			takes = row.State == registry.Waiting
		case "missing":
			takes = slices.Contains(kindsOf(row.Row), "missing")
		case "selected":
			takes = ticked[row.ID]
		}
		if takes {
			out = append(out, row.ID)
		}
	}
	return out
}

func (s *Server) meeting(c echo.Context) error {
	form := meetingForm{Present: map[string]bool{s.actor(c).ID: true}, Rows: map[string]bool{}}
	return s.showMeeting(c, http.StatusOK, form, nil)
}

func (s *Server) showMeeting(c echo.Context, status int, form meetingForm, refusal *registry.Refusal) error {
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	p := meetingPage{
		Frame: s.frame(c, s.say(c, "meeting.title", v.Project.Title)), Project: v.Project, Rows: v.Rows, Form: form,
		May: registry.May(s.actor(c), registry.OpenMeeting) == nil,
	}
	p.Class, p.Styles, p.Scripts = "meeting-page", []string{"workbench.css", "meeting.css"}, []string{"meeting.js"}
	if refusal != nil {
		p.Problem, p.Field = refusal.Reason, refusal.Field
	}
	list, err := s.reg.Meetings(v.Project.ID)
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.Open() {
			p.Meeting = &m
		} else {
			p.Past = append(p.Past, m)
		}
	}
	if p.May {
		if p.People, err = s.delegates(v.Project); err != nil {
			return err
		}
	}
	if p.Meeting == nil {
		if p.Form.Title == "" && refusal == nil {
			p.Form.Title = s.say(c, "meeting.nth", len(list)+1)
		}
		if p.Form.Queue == "" {
			p.Form.Queue = "drafted"
			if len(queueOf(v, "drafted", nil)) == 0 {
				p.Form.Queue = "open"
			}
		}
		for _, way := range queues[:len(queues)-1] {
			p.Queues = append(p.Queues, tally{Name: way, Count: len(queueOf(v, way, nil)), On: p.Form.Queue == way})
		}
		return s.render(c, status, "project-meeting.html", p)
	}
	if err := p.agenda(s, refusal == nil); err != nil {
		return err
	}
	return s.render(c, status, "project-meeting.html", p)
}

// delegates are the members who may be at a project's meeting.
func (s *Server) delegates(p registry.Project) ([]registry.Member, error) {
	all, err := s.reg.Members()
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(m registry.Member) bool {
		return m.Region != "" && !p.Takes(m.Region) || m.Region == "" && m.Role != registry.Secretary
	})
	slices.SortStableFunc(all, func(a, b registry.Member) int { return strings.Compare(a.Region, b.Region) })
	return all, nil
}

// agenda fills in how the rows of the open meeting stand. asKept shows who is
// there as it is kept, and not as a refused form had it.
func (p *meetingPage) agenda(s *Server, asKept bool) error {
	minutes, err := s.reg.Minutes(p.Project.ID, p.Meeting.ID)
	if err != nil {
		return err
	}
	p.Seq = minutes.Last.Seq
	p.Settled, p.Left = minutes.SettledHere(), minutes.Count("")
	for n, i := range minutes.Items {
		p.Agenda = append(p.Agenda, agendaLine{Item: i, N: n + 1, URL: slideURL(p.Project.ID, i.Before.Row), State: i.After.State})
	}
	if asKept {
		p.Form.Present = map[string]bool{}
		for _, a := range p.Meeting.Present {
			p.Form.Present[a.Member] = true
		}
		p.Form.Guests = guestLines(p.Meeting.Guests)
	}
	return nil
}

func meetingURL(project string) string    { return "/projects/" + project + "/meeting" }
func slideURL(project, row string) string { return meetingURL(project) + "/rows/" + row }
func minutesURL(project, meeting string) string {
	return "/projects/" + project + "/meetings/" + meeting
}

// readMeetingForm reads who is there and what is on the agenda.
func readMeetingForm(c echo.Context) (meetingForm, error) {
	f := meetingForm{
		Title: strings.TrimSpace(c.FormValue("title")), Place: strings.TrimSpace(c.FormValue("place")), Guests: lines(c.FormValue("guests")), Queue: c.FormValue("queue"),
		Present: map[string]bool{}, Rows: map[string]bool{},
	}
	form, err := c.FormParams()
	if err != nil {
		return f, err
	}
	for _, id := range form["present"] {
		f.Present[id] = true
	}
	for _, id := range form["row"] {
		f.Rows[id] = true
	}
	return f, nil
}

// present are the members that were ticked, in the order of the form.
func (f meetingForm) present(c echo.Context) (out []registry.Attendee) {
	form, _ := c.FormParams()
	for _, id := range form["present"] {
		out = append(out, registry.Attendee{Member: id})
	}
	return out
}

// guests reads one guest a line: organisation, then name.
func (f meetingForm) guests() (out []registry.Guest) {
	for line := range strings.Lines(f.Guests) {
		words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\r\n　，,、", r) })
		switch n := len(words); n {
		case 0:
		case 1:
			out = append(out, registry.Guest{Organisation: words[0]})
		default:
			out = append(out, registry.Guest{Organisation: strings.Join(words[:n-1], " "), Name: words[n-1]})
		}
	}
	return out
}

func guestLines(list []registry.Guest) string {
	var out []string
	for _, g := range list {
		out = append(out, strings.TrimSpace(g.Organisation+" "+g.Name))
	}
	return strings.Join(out, "\n")
}

func (s *Server) openMeeting(c echo.Context) error {
	form, err := readMeetingForm(c)
	if err != nil {
		return err
	}
	v, err := s.reg.Workbench(c.Param("project"))
	if err != nil {
		return err
	}
	_, err = s.reg.OpenMeeting(s.actor(c), registry.Meeting{
		Project: v.Project.ID, Title: form.Title, Place: form.Place, Present: form.present(c), Guests: form.guests(), Queue: queueOf(v, form.Queue, form.Rows),
	})
	return s.met(c, form, err, meetingURL(v.Project.ID), "done.meeting.open")
}

// met answers a form of the meeting's page.
func (s *Server) met(c echo.Context, form meetingForm, err error, to, done string) error {
	if err == nil {
		return s.see(c, to, done)
	}
	var refusal *registry.Refusal
	if !errors.As(err, &refusal) || refusal.Kind == registry.Forbidden || refusal.Kind == registry.NotFound {
		return err
	}
	return s.showMeeting(c, statusOf[refusal.Kind], form, refusal)
}

// openOf is the meeting that a form of a project is about: the one that is open.
// A form that was made in an earlier one is not taken for it.
func (s *Server) openOf(c echo.Context) (registry.Meeting, error) {
	m, open, err := s.reg.OpenMeetingOf(c.Param("project"))
	switch seen := c.FormValue("meeting"); {
	case err != nil:
	case !open:
		err = &registry.Refusal{Kind: registry.Conflict, Reason: "现在没有正在进行的会议：会议可能刚刚结束。 No meeting is going on: it may just have been closed."}
	case seen != "" && seen != m.ID:
		err = &registry.Refusal{Kind: registry.Conflict, Reason: "您打开页面时的会议已经结束，现在开的是“" + m.Title + "”：请看过再做。 The meeting of your page is closed and another one is open now: look at it first."}
	}
	return m, err
}

func (s *Server) attendMeeting(c echo.Context) error {
	form, err := readMeetingForm(c)
	if err != nil {
		return err
	}
	m, err := s.openOf(c)
	if err == nil {
		seen, _ := strconv.ParseUint(c.FormValue("attended"), 10, 64)
		_, err = s.reg.Attend(s.actor(c), m.Project, m.ID, seen, form.present(c), form.guests())
	}
	return s.met(c, form, err, meetingURL(c.Param("project")), "done.meeting.attend")
}

func (s *Server) closeMeeting(c echo.Context) error {
	m, err := s.openOf(c)
	if err == nil {
		_, err = s.reg.CloseMeeting(s.actor(c), m.Project, m.ID)
	}
	return s.met(c, meetingForm{Queue: "open"}, err, minutesURL(c.Param("project"), m.ID), "done.meeting.close")
}
