package registry

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// Meeting is a sitting of a project's working group, from the moment the
// secretary opens it until she closes it. What was decided in it stands in the
// events between the two; the record says only what the meeting now is.
type Meeting struct {
	Project string     `json:"project"`
	ID      string     `json:"id"` // "m" and the number of the event that opened it
	Title   string     `json:"title"`
	Place   string     `json:"place"` // a room, or that it is held online
	Present []Attendee `json:"present,omitempty"`
	Guests  []Guest    `json:"guests,omitempty"`
	Queue   []string   `json:"queue"` // Row.IDs in the order in which they are taken
	// Attended is the event that last said who is there: a form carries the one
	// that it was made from.
	Attended uint64 `json:"attended,omitempty"`

	Opened   time.Time `json:"opened"`
	OpenedBy string    `json:"opened_by"`
	First    uint64    `json:"first"` // the event that opened it
	Closed   time.Time `json:"closed,omitzero"`
	ClosedBy string    `json:"closed_by,omitempty"`
	Last     uint64    `json:"last,omitempty"` // the event that closed it; 0 while it is open

	Decisions map[string]Decision `json:"decisions,omitempty"` // by Row.ID: the last one
}

// Open tells whether the meeting is still going on.
func (m Meeting) Open() bool { return m.Last == 0 }

// Attendee is a member who is there. The name is the member record's: what is
// kept and logged calls nobody by name.
type Attendee struct {
	Member string `json:"member"`
	Name   string `json:"-"`
	Region string `json:"region,omitempty"`
	Role   Role   `json:"role"`
}

// Guest is somebody who is there and is no member.
type Guest struct {
	Organisation string `json:"organisation,omitempty"`
	Name         string `json:"name"`
}

// Decision is what a meeting decided on a row.
type Decision struct {
	Row     string    `json:"row"`
	Outcome Outcome   `json:"outcome"`
	Reason  string    `json:"reason,omitempty"`
	By      string    `json:"by"` // Member.ID
	Time    time.Time `json:"time"`
	Event   uint64    `json:"event"`
}

// Outcome of a row in a meeting.
type Outcome string

const (
	Adopted   Outcome = "adopted"   // 采纳: the unified clause as it stands
	Deferred  Outcome = "deferred"  // 暂缓: taken up again later
	Redrafted Outcome = "redrafted" // 重拟: to be drafted anew
)

// Outcomes as they are offered.
var Outcomes = []Outcome{Adopted, Deferred, Redrafted}

var meetings = table[Meeting]{"meeting", "次会议"}

// Bounds of one meeting.
const (
	maxPresent = 200 // members, and as many guests
	maxReason  = 8 << 10
)

// OpenMeeting opens a meeting of a project on the rows of its queue; m gives
// Title, Place, the Member of each of Present, Guests and Queue. A project has
// one open meeting at a time.
func (r *Registry) OpenMeeting(actor Member, m Meeting) (Meeting, error) {
	if err := May(actor, OpenMeeting); err != nil {
		return m, err
	}
	m.Title, m.Place = strings.TrimSpace(m.Title), strings.TrimSpace(m.Place)
	if err := errors.Join(line("title", m.Title), line("place", m.Place)); err != nil {
		return m, err
	}
	if m.Title == "" {
		return m, refuse(Invalid, "title", "请写会议名称。 Give the meeting a name.")
	}
	if len(m.Queue) == 0 {
		return m, refuse(Invalid, "queue", "议题里没有条目：请换一种选法，或逐条勾选。 There is no row on the agenda: choose otherwise, or tick rows.")
	}
	err := r.update(actor, func(c *change) error {
		view, err := workbench(c.Tx, m.Project)
		if err != nil {
			return err
		}
		if at, err := openMeeting(c.Tx, m.Project); err != nil {
			return err
		} else if at != nil {
			return refuse(Conflict, "", "会议“%s”还没有结束：请先结束它。 The meeting %q is still open: close it first.", at.Title, at.Title)
		}
		if err := c.attend(&m, view.Project); err != nil {
			return err
		}
		for _, id := range m.Queue {
			if _, err := rowTable.get(c.Tx, m.Project, id); err != nil {
				return err
			}
		}
		if m.First, err = c.next(); err != nil {
			return err
		}
		m.ID, m.Opened, m.OpenedBy = "m"+seq(m.First)[8:], c.r.now().UTC().Truncate(time.Second), actor.ID
		m.Closed, m.ClosedBy, m.Last, m.Decisions, m.Attended = time.Time{}, "", 0, nil, m.First
		if err := meetings.put(c, m, m.Project, m.ID); err != nil {
			return err
		}
		return c.log(OpenMeeting, m.object(), meetingOpened{m.Title, m.Place, m.Present, m.Guests, view.standings(m.Queue)})
	})
	return m, err
}

func (m Meeting) object() string { return "projects/" + m.Project + "/meetings/" + m.ID }

// openMeeting is the meeting of a project that is going on; nil when none is.
func openMeeting(tx Tx, project string) (*Meeting, error) {
	var open *Meeting
	err := meetings.scan(tx, func(m Meeting) error {
		if m.Open() {
			open = &m
		}
		return nil
	}, project)
	return open, err
}

// attend fills in who the members that are present are.
func (c *change) attend(m *Meeting, p Project) error {
	if len(m.Present) > maxPresent || len(m.Guests) > maxPresent {
		return refuse(Invalid, "guests", "到会人员最多 %d 人。 At most %d people.", maxPresent, maxPresent)
	}
	var present []Attendee
	for _, a := range m.Present {
		who, err := members.get(c.Tx, a.Member)
		if err != nil {
			return err
		}
		if who.Region != "" && !p.Takes(who.Region) {
			return refuse(Invalid, "present", "%s所在地区不参加本项目：可作为列席人员填写。 The region of %s takes no part in this project: enter them as a guest.", who.Name, who.Name)
		}
		present = append(present, Attendee{who.ID, who.Name, who.Region, who.Role})
	}
	m.Present = present
	m.Guests = slices.DeleteFunc(slices.Clone(m.Guests), func(g Guest) bool { return strings.TrimSpace(g.Organisation+g.Name) == "" })
	for i := range m.Guests {
		g := &m.Guests[i]
		g.Organisation, g.Name = strings.TrimSpace(g.Organisation), strings.TrimSpace(g.Name)
		if err := errors.Join(line("guests", g.Organisation), line("guests", g.Name)); err != nil {
			return err
		}
	}
	if len(m.Present)+len(m.Guests) == 0 {
		return refuse(Invalid, "present", "请勾选到会人员。 Say who is there.")
	}
	return nil
}

// Attend says anew who is at an open meeting. seen is the Meeting.Attended that
// the person saw; where somebody has said it anew since, it is a Conflict that
// says who is there.
func (r *Registry) Attend(actor Member, project, id string, seen uint64, present []Attendee, guests []Guest) (Meeting, error) {
	return r.inMeeting(actor, AttendMeeting, project, id, func(c *change, m *Meeting, v ProjectView) (err error) {
		if m.Attended != seen {
			now := m.attendance()
			return refuse(Conflict, "present", "签到刚被别人改过，现在是：%s。请一并填写后再更新。 Somebody else has just changed who is there; now it is: %s. Take that in and update again.", now, now)
		}
		m.Present, m.Guests = present, guests
		if err := c.attend(m, v.Project); err != nil {
			return err
		}
		if m.Attended, err = c.next(); err != nil {
			return err
		}
		return c.log(AttendMeeting, m.object(), map[string]any{"present": m.Present, "guests": m.Guests})
	})
}

// inMeeting runs a verb on an open meeting and keeps it.
func (r *Registry) inMeeting(actor Member, verb Verb, project, id string, fn func(*change, *Meeting, ProjectView) error) (Meeting, error) {
	var m Meeting
	if err := May(actor, verb); err != nil {
		return m, err
	}
	err := r.update(actor, func(c *change) (err error) {
		if m, err = meetings.get(c.Tx, project, id); err != nil {
			return err
		}
		if !m.Open() {
			return refuse(Conflict, "", "会议已经结束，纪要已定，不能再改。 The meeting is closed and its minutes stand.")
		}
		v, err := workbench(c.Tx, project)
		if err != nil {
			return err
		}
		if err := fn(c, &m, v); err != nil {
			return err
		}
		return meetings.put(c, m, project, id)
	})
	return m, err
}

// Decide keeps what an open meeting decided on a row: the last word counts, all
// are in the events. version is the row as it was shown. It does not settle the
// row: the positions of the regions do.
func (r *Registry) Decide(actor Member, project, id, row string, version int, outcome Outcome, reason string) (Meeting, error) {
	reason = strings.TrimSpace(reason)
	if err := within("reason", reason, maxReason); err != nil {
		return Meeting{}, err
	}
	return r.inMeeting(actor, DecideRow, project, id, func(c *change, m *Meeting, v ProjectView) error {
		at, err := seen(c.Tx, project, row, version)
		if err != nil {
			return err
		}
		switch {
		case !slices.Contains(Outcomes, outcome):
			return refuse(Invalid, "outcome", "请选：采纳、暂缓、重拟。 Choose: adopted, deferred, to be redrafted.")
		case outcome == Adopted && at.Unified == nil:
			return refuse(Invalid, "outcome", "还没有统一条款，无从采纳。 There is no unified clause to adopt yet.")
		case outcome != Adopted && reason == "":
			return refuse(Invalid, "reason", "请写明为什么暂缓或重拟。 Say why it is deferred or to be redrafted.")
		}
		d := Decision{Row: row, Outcome: outcome, Reason: reason, By: actor.ID, Time: c.r.now().UTC().Truncate(time.Second)}
		if d.Event, err = c.next(); err != nil {
			return err
		}
		if m.Decisions == nil {
			m.Decisions = map[string]Decision{}
		}
		m.Decisions[row] = d
		return c.log(DecideRow, "projects/"+project+"/rows/"+row, decided{m.ID, d, v.standings([]string{row})[0]})
	})
}

// RecordPosition keeps what a region said in an open meeting, on its behalf. The
// region must be there; its representative can still say otherwise, and what is
// said last counts.
func (r *Registry) RecordPosition(actor Member, project, id, row, region string, verdict Verdict, note, hash string) (Position, error) {
	pos := Position{Project: project, Row: row, Region: region, Verdict: verdict, Note: strings.TrimSpace(note), Hash: hash, Member: actor.ID, Meeting: id}
	if err := pos.check(); err != nil {
		return pos, err
	}
	_, err := r.inMeeting(actor, RecordPosition, project, id, func(c *change, m *Meeting, v ProjectView) error {
		if !m.represents(region) {
			return refuse(Invalid, "region", "到会人员里没有%s的成员：请先在签到中勾选，或由其代表本人表态。 Nobody of %s is at the meeting: tick them first, or let the representative speak.", RegionOf(region).Name, RegionOf(region).English)
		}
		if err := c.keepPosition(v.Project, &pos); err != nil {
			return err
		}
		said := recorded{Position: pos}
		if !slices.Contains(m.agenda(), row) { // taken up besides
			m.Queue = append(m.Queue, row)
			said.Before = &v.standings([]string{row})[0]
		}
		return c.log(RecordPosition, pos.object(), said)
	})
	return pos, err
}

// attendance says in words who is there.
func (m Meeting) attendance() string {
	out := people(m.Present)
	if len(m.Guests) > 0 {
		out = strings.Trim(out+"；列席 "+guests(m.Guests), "；")
	}
	return out
}

// represents tells whether somebody of a region is there.
func (m Meeting) represents(region string) bool {
	return slices.ContainsFunc(m.Present, func(a Attendee) bool { return a.Region == region })
}

// CloseMeeting ends a meeting and fixes its minutes: what every row on its
// agenda had come to stands in the event.
func (r *Registry) CloseMeeting(actor Member, project, id string) (Meeting, error) {
	return r.inMeeting(actor, CloseMeeting, project, id, func(c *change, m *Meeting, v ProjectView) (err error) {
		if m.Last, err = c.next(); err != nil {
			return err
		}
		m.Closed, m.ClosedBy = c.r.now().UTC().Truncate(time.Second), actor.ID
		return c.log(CloseMeeting, m.object(), meetingClosed{v.standings(m.agenda())})
	})
}

// agenda are the rows of the queue and those that were decided besides, in the
// order of their decisions.
func (m Meeting) agenda() []string {
	out := slices.Clone(m.Queue)
	var more []Decision
	for _, d := range m.Decisions {
		if !slices.Contains(out, d.Row) {
			more = append(more, d)
		}
	}
	slices.SortFunc(more, func(a, b Decision) int { return int(int64(a.Event) - int64(b.Event)) })
	for _, d := range more {
		out = append(out, d.Row)
	}
	return out
}

// Meetings are the meetings of a project, newest first.
func (r *Registry) Meetings(project string) (list []Meeting, err error) {
	err = r.store.View(func(tx Tx) error {
		if _, err := projects.get(tx, project); err != nil {
			return err
		}
		list, err = meetings.all(tx, project)
		slices.Reverse(list)
		return err
	})
	return list, err
}

// Meeting finds a meeting by its ID.
func (r *Registry) Meeting(project, id string) (m Meeting, err error) {
	err = r.store.View(func(tx Tx) error {
		m, err = meetings.get(tx, project, id)
		return err
	})
	return m, err
}

// OpenMeetingOf is the meeting of a project that is going on; ok is false when
// none is.
func (r *Registry) OpenMeetingOf(project string) (m Meeting, ok bool, err error) {
	err = r.store.View(func(tx Tx) error {
		open, err := openMeeting(tx, project)
		if open != nil {
			m, ok = *open, true
		}
		return err
	})
	return m, ok, err
}
