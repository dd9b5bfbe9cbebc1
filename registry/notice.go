package registry

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Notice tells one member of one event: what became of something that is the
// member's own, or that something asks for the member. It is kept in the
// transaction of its event, so that none is lost.
type Notice struct {
	Member string     `json:"member"`
	Seq    uint64     `json:"seq"` // of the event
	Kind   NoticeKind `json:"kind"`
	About  string     `json:"about,omitempty"` // the comment, suggestion or ballot that it is about, by its ID
	Event  Event      `json:"-"`               // as the log has it
}

// NoticeKind says why a member hears of an event.
type NoticeKind string

const (
	Mentioned    NoticeKind = "mentioned"    // named in a comment
	Answered     NoticeKind = "answered"     // somebody spoke in a thread in which the member did
	Disposed     NoticeKind = "disposed"     // one's comment was answered, or its answer was changed
	Applied      NoticeKind = "applied"      // what one's comment or suggestion wants stands in the text
	Reworded     NoticeKind = "reworded"     // a unified clause changed on which one's region had a position
	RegionSpoke  NoticeKind = "region-spoke" // a region objects or wants a change
	Recorded     NoticeKind = "recorded"     // the secretariat recorded one's region's position
	MeetingOpens NoticeKind = "meeting-opens"
	MeetingEnds  NoticeKind = "meeting-ends" // its minutes are there
	Joined       NoticeKind = "joined"       // one's region takes part in a new project
	Submitted    NoticeKind = "submitted"    // the region's representative took one's comment into what the region submits
	LeftOut      NoticeKind = "left-out"     // or did not, and says why
	Decided      NoticeKind = "decided"      // one's suggestion was accepted or rejected
	MovedOn      NoticeKind = "moved-on"     // a standard changed of which one has a working copy
	StageTaken   NoticeKind = "stage"        // a standard of one's region took a step
	ToVote       NoticeKind = "to-vote"      // a ballot was opened in which one votes
	BallotOver   NoticeKind = "ballot-over"
	SignedIn     NoticeKind = "signed-in" // from a browser that is not known
)

var notices = table[Notice]{"notice", "条通知"}

// hall is where an event is told: its transaction, and who is there to hear.
type hall struct {
	tx      Tx
	event   Event
	members []Member
	heard   map[string]Notice
}

// hearings says who hears of what: one line a verb. A verb that is not here is
// told to nobody. The member who acts is never told.
var hearings = map[Verb]func(*hall) error{
	AddComment:     (*hall).comment,
	ResolveComment: (*hall).outcome,
	ReopenComment:  (*hall).outcome,
	Dispose:        (*hall).outcome,
	SubmitComments: (*hall).outward,
	LeaveComment:   (*hall).outward,
	Unify:          (*hall).reworded,
	SubmitRevision: (*hall).revision,
	ImportText:     (*hall).revision,

	DecideSuggested: (*hall).suggestion,
	OpenBallot:      (*hall).ballot,
	CloseBallot:     (*hall).ballot,

	ProposeStandard:    (*hall).stage,
	AdmitProject:       (*hall).stage,
	OpenConsultation:   (*hall).stage,
	ExtendConsultation: (*hall).stage,
	BeginDraft:         (*hall).stage,
	SendToReview:       (*hall).stage,
	SendToApproval:     (*hall).stage,
	PublishEdition:     (*hall).stage,
	BeginReview:        (*hall).stage,
	ConfirmEdition:     (*hall).stage,
	ReviseStandard:     (*hall).stage,
	WithdrawEdition:    (*hall).stage,
	CancelProject:      (*hall).stage,

	TakePosition:   (*hall).position,
	RecordPosition: (*hall).position,
	OpenMeeting:    (*hall).meeting,
	CloseMeeting:   (*hall).meeting,
	CreateProject:  (*hall).project,
	NewDevice:      (*hall).device,
}

// device: who signed in hears of it, and of nobody else's.
func (h *hall) device() error {
	h.heard[h.event.Actor] = Notice{Member: h.event.Actor, Seq: h.event.Seq, Kind: SignedIn}
	return nil
}

// tell keeps the notices of an event.
func (c *change) tell(e Event) error {
	hear := hearings[e.Verb]
	if hear == nil {
		return nil
	}
	h := &hall{tx: c.Tx, event: e, heard: map[string]Notice{}}
	var err error
	if h.members, err = members.all(c.Tx); err != nil {
		return err
	}
	h.members = slices.DeleteFunc(h.members, func(m Member) bool { return !m.Active() })
	if err := hear(h); err != nil {
		return fmt.Errorf("tell of %s: %w", e.Verb, err)
	}
	for _, m := range h.members { // in their order, so that the same event writes the same
		if n, ok := h.heard[m.ID]; ok {
			if err := notices.put(c, n, m.ID, seq(e.Seq)); err != nil {
				return err
			}
		}
	}
	return nil
}

// to tells members by ID; who has heard of the event already is not told again.
func (h *hall) to(kind NoticeKind, about string, ids ...string) {
	for _, id := range ids {
		if _, told := h.heard[id]; !told && id != h.event.Actor && id != System.ID {
			h.heard[id] = Notice{Member: id, Seq: h.event.Seq, Kind: kind, About: about}
		}
	}
}

// having gives the members of one of these roles, of these regions; no region
// given is any.
func (h *hall) having(roles []Role, regions ...string) (ids []string) {
	for _, m := range h.members {
		if slices.Contains(roles, m.Role) && (len(regions) == 0 || slices.Contains(regions, m.Region)) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func (h *hall) data(into any) error { return json.Unmarshal(h.event.Data, into) }

// place is what comes after a prefix of the event's object, at its slashes:
// ("p", "rows", "r1") of "projects/p/rows/r1".
func (h *hall) place() []string { return strings.Split(h.event.Object, "/")[1:] }

// comment: those whom it names, and those who spoke in its thread; of what is
// said inside a region, only who is of it.
func (h *hall) comment() error {
	var said Comment
	if err := h.data(&said); err != nil {
		return err
	}
	h.inside(said, Mentioned, said.Mentions...)
	if said.ReplyTo == "" {
		return nil
	}
	list, err := comments.all(h.tx, said.shelf())
	if err != nil {
		return err
	}
	above := map[string]string{}
	for _, k := range list {
		above[k.ID] = k.ReplyTo
	}
	tops := map[string]string{} // found already, so that a long thread is climbed once
	root := func(id string) string {
		top := id
		for above[top] != "" && tops[top] == "" {
			top = above[top]
		}
		top = cmp.Or(tops[top], top)
		for id != top && tops[id] == "" {
			id, tops[id] = cmp.Or(above[id], top), top
		}
		return top
	}
	for _, k := range list {
		if root(k.ID) == root(said.ID) {
			h.inside(said, Answered, k.Author)
		}
	}
	return nil
}

// inside tells those members who may see a comment.
func (h *hall) inside(c Comment, kind NoticeKind, ids ...string) {
	for _, m := range h.members {
		if slices.Contains(ids, m.ID) && c.SeenBy(m) {
			h.to(kind, c.ID, m.ID)
		}
	}
}

// outcome: whose comment it is, who supports it, and who said inside the region
// what it was made from.
func (h *hall) outcome() error {
	k, data, err := h.about()
	if err != nil {
		return err
	}
	kind := Disposed
	if data.Applied > 0 {
		kind = Applied
	}
	h.inside(k, kind, append([]string{k.Author}, k.Supporters...)...)
	for _, id := range k.Sources {
		from, err := commentByID(h.tx, k.shelf(), id)
		if err != nil {
			return err
		}
		h.to(kind, k.ID, append([]string{from.Author}, from.Supporters...)...)
	}
	return nil
}

// outward: who said it inside the region.
func (h *hall) outward() error {
	k, data, err := h.about()
	if err != nil {
		return err
	}
	kind, about := LeftOut, k.ID
	if data.Submitted != "" {
		kind, about = Submitted, data.Submitted
	}
	for _, id := range append([]string{k.Author}, k.Supporters...) {
		h.to(kind, about, id)
	}
	return nil
}

// answered is what the events tell that answer a comment.
type answered struct {
	Comment   string `json:"comment"`
	Applied   int    `json:"applied"`
	Submitted string `json:"submitted"`
}

// about is the comment that an event is about.
func (h *hall) about() (k Comment, data answered, err error) {
	if err := h.data(&data); err != nil {
		return k, data, err
	}
	k, err = commentByID(h.tx, shelfOf(h.event.Object), data.Comment)
	return k, data, err
}

// shelfOf is the shelf of the comments on an event's object.
func shelfOf(object string) string {
	parts := strings.Split(object, "/")
	if parts[0] == "regions" { // said inside one
		parts = parts[2:]
	}
	if parts[0] == "projects" {
		return "project:" + parts[1]
	}
	id, _, _ := strings.Cut(parts[1], "#")
	return "standard:" + id
}

// reworded: the representatives of the regions that had taken a position.
func (h *hall) reworded() error {
	at := h.place()
	said, err := positions.all(h.tx, at[0], at[2])
	if err != nil {
		return err
	}
	for _, p := range said {
		h.to(Reworded, at[2], h.having([]Role{Representative}, p.Region)...)
	}
	return nil
}

// position: the secretariat where a region does not simply agree; the region's
// representatives where somebody else recorded it.
func (h *hall) position() error {
	var said Position
	if err := h.data(&said); err != nil {
		return err
	}
	if h.event.Verb == RecordPosition {
		h.to(Recorded, said.Row, h.having([]Role{Representative}, said.Region)...)
	}
	if said.Verdict == Object || said.Verdict == AgreeWithChange {
		h.to(RegionSpoke, said.Row, h.having([]Role{Secretary})...)
	}
	return nil
}

// meeting: the representatives of the project's regions, and who was there.
func (h *hall) meeting() error {
	at := h.place()
	m, err := meetings.get(h.tx, at[0], at[2])
	if err != nil {
		return err
	}
	p, err := projects.get(h.tx, m.Project)
	if err != nil {
		return err
	}
	kind := MeetingOpens
	if h.event.Verb == CloseMeeting {
		kind = MeetingEnds
	}
	for _, a := range m.Present {
		h.to(kind, m.ID, a.Member)
	}
	h.to(kind, m.ID, h.having([]Role{Representative}, regionsOf(p)...)...)
	return nil
}

func regionsOf(p Project) (codes []string) {
	for _, at := range p.Participants {
		codes = append(codes, at.Region)
	}
	return codes
}

// project: who works for the regions that take part.
func (h *hall) project() error {
	p, err := projects.get(h.tx, h.place()[0])
	if err != nil {
		return err
	}
	h.to(Joined, "", h.having([]Role{Representative, Author}, regionsOf(p)...)...)
	return nil
}

// standard is the ID of the standard of the event's object.
func (h *hall) standard() string {
	id, _, _ := strings.Cut(h.place()[0], "#")
	return id
}

// revision: who has a working copy of the standard.
func (h *hall) revision() error {
	id := h.standard()
	for _, m := range h.members {
		if _, held, err := desks.find(h.tx, m.ID, id); err != nil {
			return err
		} else if held {
			h.to(MovedOn, "", m.ID)
		}
	}
	return nil
}

// suggestion: who made it.
func (h *hall) suggestion() error {
	var was struct {
		Author     string `json:"author"`
		Suggestion int    `json:"suggestion"`
	}
	if err := h.data(&was); err != nil {
		return err
	}
	h.to(Decided, strconv.Itoa(was.Suggestion), was.Author)
	return nil
}

// stage: who drafts or speaks for the regions of the standard, and the
// secretariat.
func (h *hall) stage() error {
	s, err := standards.get(h.tx, h.standard())
	if err != nil {
		return err
	}
	h.to(StageTaken, "", h.having([]Role{Author, Representative}, s.Header.Regions...)...)
	h.to(StageTaken, "", h.having([]Role{Secretary})...)
	return nil
}

// ballot: who may vote; and the secretariat when it is over.
func (h *hall) ballot() error {
	at := h.place()
	n, err := strconv.ParseUint(at[2], 10, 64)
	if err != nil {
		return err
	}
	b, err := ballots.get(h.tx, at[0], seq(n))
	if err != nil {
		return err
	}
	kind := ToVote
	if h.event.Verb == CloseBallot {
		kind = BallotOver
		h.to(kind, at[2], h.having([]Role{Secretary})...)
	}
	for _, v := range b.Eligible {
		h.to(kind, at[2], v.Member)
	}
	return nil
}

// Notices are the newest limit notices of the actor before an event, newest
// first; older is where to go on, 0 at the end. before 0 is now.
func (r *Registry) Notices(actor Member, before uint64, limit int) (list []Notice, older uint64, err error) {
	err = r.store.View(func(tx Tx) error {
		var all []Notice
		to := after(append(notices.key(actor.ID), 0))
		if before > 0 {
			to = notices.key(actor.ID, seq(before))
		}
		err := notices.between(tx, append(notices.key(actor.ID), 0), to, func(n Notice) error {
			all = append(all, n)
			return nil
		})
		if err != nil {
			return err
		}
		first := max(0, len(all)-limit)
		if first > 0 {
			older = all[first].Seq
		}
		for _, n := range slices.Backward(all[first:]) {
			if n.Event, err = events.get(tx, seq(n.Seq)); err != nil {
				return err
			}
			list = append(list, n)
		}
		return nil
	})
	return list, older, err
}

// noticesRead is up to where a member has read: private bookkeeping, of which the
// log says nothing.
var noticesRead = table[uint64]{"notice-read", "个已读位置"}

// manyUnread bounds the count of unread notices.
const manyUnread = 100

// Unread counts the notices that the actor has not read, up to 100.
func (r *Registry) Unread(actor Member) (n int, err error) {
	if actor.ID == "" {
		return 0, nil
	}
	err = r.store.View(func(tx Tx) error {
		read, err := r.noticesReadBy(tx, actor)
		if err != nil {
			return err
		}
		return tx.Scan(notices.key(actor.ID, seq(read+1)), after(append(notices.key(actor.ID), 0)), func(_, _ []byte) error {
			if n++; n == manyUnread {
				return ErrStop
			}
			return nil
		})
	})
	return n, err
}

// NoticesReadUpTo is the event up to which the actor has read the notices.
func (r *Registry) NoticesReadUpTo(actor Member) (read uint64, err error) {
	err = r.store.View(func(tx Tx) error {
		read, err = r.noticesReadBy(tx, actor)
		return err
	})
	return read, err
}

func (r *Registry) noticesReadBy(tx Tx, actor Member) (uint64, error) {
	read, _, err := noticesRead.find(tx, actor.ID)
	return read, err
}

// ReadNotices marks the actor's notices up to an event as read.
func (r *Registry) ReadNotices(actor Member, upTo uint64) error {
	if actor.ID == "" || actor.Scope != "" { // a notice of a strange sign-in waits for a person
		return refuse(Forbidden, "", "请先登录。 Sign in first.")
	}
	return r.store.Update(func(tx Tx) error {
		if _, err := members.get(tx, actor.ID); err != nil {
			return err
		}
		head, _, err := heads.find(tx, "head")
		if err != nil {
			return err
		}
		read, err := r.noticesReadBy(tx, actor)
		if upTo = min(upTo, head.Seq); err != nil || upTo <= read {
			return err
		}
		return noticesRead.put(tx, upTo, actor.ID)
	})
}
