package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// openVerbs are the events that the API tells everybody of: what is done to texts,
// to projects, and the steps of the procedure. Who works on what in private, who
// votes how, what is moderated and everything about members stays out, whoever
// asks.
var openVerbs = map[registry.Verb]bool{
	registry.ImportText: true, registry.SubmitRevision: true, registry.SubmitDraftText: true, registry.ApplyComment: true,
	registry.CreateProject: true, registry.ChangeProject: true, registry.MovePassage: true, registry.SplitRow: true, registry.MergeRows: true,
	registry.ConfirmRow: true, registry.ReopenRow: true, registry.ConfirmNone: true, registry.ReopenNone: true, registry.ReviewRow: true, registry.UndoRow: true,
	registry.Realign: true, registry.RepinText: true, registry.AddSynonyms: true, registry.DropSynonyms: true, registry.OrderRow: true, registry.Unify: true,
	registry.TakePosition: true, registry.RecordPosition: true, registry.SayRelation: true, registry.DropRelation: true,
	registry.OpenMeeting: true, registry.DecideRow: true, registry.CloseMeeting: true, registry.EditExplanation: true,
	registry.AddComment: true, registry.Dispose: true,
	registry.ProposeStandard: true, registry.AdmitProject: true, registry.OpenConsultation: true, registry.ExtendConsultation: true, registry.BeginDraft: true,
	registry.SendToReview: true, registry.SendToApproval: true, registry.PublishEdition: true, registry.BeginReview: true, registry.ConfirmEdition: true,
	registry.ReviseStandard: true, registry.WithdrawEdition: true, registry.CancelProject: true,
}

// openEvent tells whether the API tells of an event.
func openEvent(e registry.Event) bool { return openVerbs[e.Verb] && !notForReaders(e) }

// apiEvent is what was done, to what, when.
type apiEvent struct {
	Seq      uint64    `json:"seq"`
	Time     time.Time `json:"time"`
	Verb     string    `json:"verb"`
	Object   string    `json:"object"`
	Standard string    `json:"standard,omitempty"`
	Revision int       `json:"revision,omitempty"`
	Project  string    `json:"project,omitempty"`
	Row      string    `json:"row,omitempty"`
	Region   string    `json:"region,omitempty"` // of who did it
	By       string    `json:"by,omitempty"`
	Message  string    `json:"message,omitempty"`
}

// apiEvents are the events after a number. Last is where to go on, also past
// events that are not told.
type apiLog struct {
	Items []apiEvent `json:"items"`
	Last  uint64     `json:"last"`
	More  bool       `json:"more"`
	Next  string     `json:"next"`
}

func (l apiLog) links() string { return "<" + l.Next + `>; rel="next"` }

func (s *Server) apiEvents(c echo.Context) (any, error) {
	w, err := windowOf(c, 100, 500)
	if err != nil {
		return nil, err
	}
	since := uint64(0)
	if v := c.QueryParam("since"); v != "" {
		if since, err = strconv.ParseUint(v, 10, 63); err != nil {
			return nil, invalid("since", "since 是事件的编号，从 0 起。 since is the number of an event, from 0.")
		}
	}
	head, err := s.reg.LastEvent()
	if err != nil {
		return nil, err
	}
	out := apiLog{Items: []apiEvent{}, Last: since}
	for scanned := 0; out.Last < head.Seq && scanned < maxEventScan && len(out.Items) < w.limit; {
		batch, err := s.reg.Events(out.Last, eventsPerScan)
		if err != nil {
			return nil, err
		}
		for _, e := range batch {
			if len(out.Items) == w.limit {
				break
			}
			out.Last = e.Seq
			scanned++
			if openEvent(e) {
				out.Items = append(out.Items, s.apiEventOf(c, e))
			}
		}
		if len(batch) == 0 {
			break
		}
	}
	out.More = out.Last < head.Seq
	out.Next = apiBase + "/events?since=" + strconv.FormatUint(out.Last, 10) + "&limit=" + strconv.Itoa(w.limit)
	return out, nil
}

func (s *Server) apiEventOf(c echo.Context, e registry.Event) apiEvent {
	out := apiEvent{Seq: e.Seq, Time: e.Time, Verb: string(e.Verb), Object: e.Object, By: s.by(c, e.Actor)}
	if m, err := s.reg.Member(e.Actor); err == nil {
		out.Region = m.Region
	}
	parts := strings.Split(e.Object, "/")
	switch parts[0] {
	case "standards":
		if ref, err := registry.ParseRef(strings.TrimPrefix(e.Object, "standards/")); err == nil {
			out.Standard, out.Revision = ref.Standard, ref.Revision
		} else {
			out.Standard = parts[1]
		}
	case "projects":
		out.Project = parts[1]
		if len(parts) == 4 && parts[2] == "rows" {
			out.Row = parts[3]
		}
	}
	_, out.Message = detail(e)
	return out
}

// apiConsultation is a public consultation.
type apiConsultationOf struct {
	Standard apiStandard `json:"standard"`
	Page     string      `json:"page"`
	Revision int         `json:"revision"`
	Opens    string      `json:"opens"`
	Closes   string      `json:"closes"`
	Contact  string      `json:"contact,omitempty"`
	Open     bool        `json:"open"`
	Begun    bool        `json:"begun"`
}

func (s *Server) consultationOf(c echo.Context) func(registry.Asked) apiConsultationOf {
	return func(a registry.Asked) apiConsultationOf {
		k := a.Consultation
		return apiConsultationOf{s.apiStandardOf(c, a.Standard, a.Standard.Header, a.Standard.Current), "/consultations/" + a.Standard.ID, k.Revision, k.Opens, k.Closes, k.Contact, a.Open, a.Begun}
	}
}

func (s *Server) apiConsultations(c echo.Context) (any, error) {
	all, err := s.reg.Consultations()
	return whole(all, s.consultationOf(c)), err
}

func (s *Server) apiConsultation(c echo.Context) (any, error) {
	a, err := s.reg.Asked(c.Param("id"))
	if err != nil {
		return nil, err
	}
	return s.consultationOf(c)(a), nil
}

// apiComment is a comment as everybody may read it. Who made it is told by
// region, or by the organisation's name.
type apiComment struct {
	ID           string       `json:"id"`
	On           registry.Ref `json:"on"`
	Number       string       `json:"number,omitempty"`
	Type         string       `json:"type"`
	Quote        string       `json:"quote,omitempty"`
	Body         string       `json:"body,omitempty"`
	Proposed     string       `json:"proposed,omitempty"`
	Region       string       `json:"region,omitempty"`
	Organisation string       `json:"organisation,omitempty"`
	Public       bool         `json:"public"` // by somebody without an account
	Time         time.Time    `json:"time"`
	Late         bool         `json:"late"`
	Disposition  string       `json:"disposition,omitempty"`
	Reason       string       `json:"reason,omitempty"`
}

// apiComments are the comments of a consultation that anybody may read, whoever
// asks: what is said inside a region and what waits to be looked at stays out.
func (s *Server) apiComments(c echo.Context) (any, error) {
	w, err := windowOf(c, 100, 500)
	if err != nil {
		return nil, err
	}
	a, err := s.reg.Asked(c.Param("id"))
	if err != nil {
		return nil, err
	}
	all, err := s.reg.CommentsOnStandard(a.Standard.ID)
	if err != nil {
		return nil, err
	}
	var asking []registry.Comment
	for _, k := range all {
		if k.Asks() {
			asking = append(asking, k)
		}
	}
	return partOf(w, asking, func(k registry.Comment) string { return k.ID }, func(k registry.Comment) apiComment {
		out := apiComment{ID: k.ID, On: k.On, Number: k.Number, Type: string(k.Type), Quote: k.Quote, Body: k.Body, Proposed: k.Proposed, Region: k.Region,
			Public: k.Commenter.Kind == "public", Time: k.Time, Late: k.Late}
		if k.Commenter.Kind == "organisation" {
			out.Organisation = k.Commenter.Name
		}
		if k.Disposition != nil {
			out.Disposition, out.Reason = string(k.Disposition.Kind), k.Disposition.Reason
		}
		return out
	})
}
