package web

import (
	"cmp"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// change is an event in words: who did what to what.
type change struct {
	registry.Event
	Region  string           // of a standard; "" otherwise
	Thing   string           // what it was done to, by its name
	Link    string           // where it can be seen; "" when there is no page
	Verdict registry.Verdict // of a position
	Detail  string           // a message, a few words of a comment
	More    int              // further texts of the same import, on the front page
}

// eventsPage is the log, newest first.
type eventsPage struct {
	Frame
	Filter  narrowing
	Changes []change
	Verbs   []registry.Verb // to choose from
	Head    registry.Event  // the newest that the reader is shown: its hash is to be noted elsewhere
	All     bool            // the reader sees everything and may export it
	Problem string
	Before  uint64 // the page holds events before this one
	Older   uint64 // ?before= of the next page; 0 at the end
}

const (
	lastEvent     = math.MaxUint64
	eventsPerPage = 50
	eventsPerScan = 500
	maxEventScan  = 20_000 // events looked through for one page
)

// eventFilter narrows what is shown of the log.
type eventFilter struct {
	before uint64
	limit  int
	object string
	hide   func(registry.Event) bool
	gather bool // one line for texts that were imported together
}

// notForReaders hides what concerns the people and not the texts.
func notForReaders(e registry.Event) bool {
	return !strings.HasPrefix(e.Object, "standards/") && !strings.HasPrefix(e.Object, "projects/")
}

// aboutPeople tells the verbs of events that notForReaders hides.
func aboutPeople(v registry.Verb) bool {
	noun, _, _ := strings.Cut(string(v), ".")
	return slices.Contains([]string{"member", "session", "registry", "mailbox", "watch", "checklist", "token", "data"}, noun)
}

// events shows the log. Who may add members sees all of it; others what was
// done to texts and projects.
func (s *Server) events(c echo.Context) error {
	p := eventsPage{Frame: s.frame(c, s.say(c, "events.title")), Verbs: registry.Allowed()}
	var wrong string
	var err error
	if p.Filter, wrong = narrowingOf(c); wrong != "" {
		p.Problem = s.say(c, "events.day")
		return s.render(c, http.StatusUnprocessableEntity, "events.html", p)
	}
	actor := s.actor(c)
	p.All = registry.May(actor, registry.AddMember) == nil
	if !p.All {
		p.Verbs = slices.DeleteFunc(p.Verbs, aboutPeople)
	}
	sieve := p.Filter.sieve(s, lang(c))
	f := eventFilter{before: lastEvent, limit: eventsPerPage, object: p.Filter.Object, hide: func(e registry.Event) bool {
		if strings.HasPrefix(e.Object, "regions/") {
			return !registry.ShownTo(actor, e) || !sieve.lets(e)
		}
		return !p.All && notForReaders(e) || !sieve.lets(e)
	}}
	if n, err := strconv.ParseUint(c.QueryParam("before"), 10, 64); err == nil && n > 0 {
		f.before, p.Before = n, n
	}
	if p.Changes, p.Older, err = s.changes(c, f); err != nil {
		return err
	}
	if len(p.Changes) > 0 { // that something was said inside a region is not for everybody
		p.Head = p.Changes[0].Event
	}
	return s.render(c, http.StatusOK, "events.html", p)
}

// changes reads the log backwards and says it in words. older is where to go
// on; 0 at the beginning of the log.
func (s *Server) changes(c echo.Context, f eventFilter) (out []change, older uint64, err error) {
	head, err := s.reg.LastEvent()
	if err != nil {
		return nil, 0, err
	}
	names := s.naming(lang(c))
	end := min(f.before, head.Seq+1) // events before this one are still to be read
	for scanned := 0; end > 1; {
		from := uint64(0)
		if end > eventsPerScan+1 {
			from = end - 1 - eventsPerScan
		}
		batch, err := s.reg.Events(from, int(end-1-from))
		if err != nil {
			return nil, 0, err
		}
		for i := len(batch) - 1; i >= 0; i-- {
			e := batch[i]
			if f.hide(e) || !strings.HasPrefix(e.Object, f.object) {
				continue
			}
			if f.gather && len(out) > 0 && together(out[len(out)-1].Event, e) {
				out[len(out)-1].More++
				continue
			}
			if len(out) == f.limit {
				return out, e.Seq + 1, nil
			}
			out = append(out, names.change(e))
		}
		end = from + 1
		if scanned += len(batch); scanned >= maxEventScan && end > 1 {
			return out, end, nil
		}
	}
	return out, 0, nil
}

// together tells whether two texts came in by one hand.
func together(a, b registry.Event) bool {
	return a.Verb == registry.ImportText && b.Verb == a.Verb && a.Actor == b.Actor
}

// naming finds the names of what events were done to, each once a page.
type naming struct {
	s    *Server
	lang string
	seen map[string]change
}

func (s *Server) naming(lang string) naming { return naming{s, lang, map[string]change{}} }

func (n naming) change(e registry.Event) change {
	known, ok := n.seen[e.Object]
	if !ok {
		known = n.thing(e.Object)
		n.seen[e.Object] = known
	}
	known.Event = e
	known.Verdict, known.Detail = detail(e)
	if e.Verb == registry.ChangeProject {
		known.Detail = n.setting(e)
	}
	return known
}

// thing names an object of an event. What cannot be found any more is called
// by its place.
func (n naming) thing(object string) change {
	out := change{Thing: object}
	parts := strings.SplitN(object, "/", 4)
	if parts[0] == "regions" && len(parts) > 2 { // said inside a region, which is who is shown it
		out := n.thing(strings.Join(parts[2:], "/"))
		out.Thing += "（" + n.s.words.say(n.lang, "event.inside", registry.RegionOf(parts[1]).Name) + "）"
		return out
	}
	switch {
	case parts[0] == "standards":
		if len(parts) == 4 && parts[2] == "ballots" {
			if std, err := n.s.reg.Standard(parts[1]); err == nil {
				out.Region, out.Thing, out.Link = std.Region(), n.s.words.say(n.lang, "event.ballot", std.Header.Title, parts[3]), "/"+object
			}
			return out
		}
		ref, err := registry.ParseRef(strings.TrimPrefix(object, "standards/"))
		if err != nil {
			return out
		}
		if std, err := n.s.reg.Standard(ref.Standard); err == nil {
			out.Region, out.Thing = std.Region(), n.s.words.say(n.lang, "event.standard", std.Header.Title)
			if ref.Revision > 0 {
				out.Thing += " " + n.s.words.say(n.lang, "revision.n", ref.Revision)
			}
			out.Link = placeOf(ref)
		}
	case parts[0] == "projects" && len(parts) >= 2:
		p, err := n.s.reg.Project(parts[1])
		if err != nil {
			return out
		}
		out.Thing, out.Link = n.s.words.say(n.lang, "event.project", p.Title), "/projects/"+p.ID
		if len(parts) == 4 && parts[2] == "meetings" {
			if m, err := n.s.reg.Meeting(parts[1], parts[3]); err == nil {
				out.Thing, out.Link = n.s.words.say(n.lang, "event.meeting", m.Title, p.Title), minutesURL(p.ID, m.ID)
			}
		}
		if len(parts) == 4 && parts[2] == "rows" {
			if row, err := n.s.reg.Row(parts[1], parts[3]); err == nil {
				out.Thing = n.s.words.say(n.lang, "event.row", row.Topic, p.Title)
				out.Link += "/rows/" + row.ID
			}
		}
	case parts[0] == "members" && len(parts) == 2:
		out.Thing = n.s.person(n.lang, parts[1])
	}
	return out
}

// detail is what an event itself tells beyond who, what and to what.
func detail(e registry.Event) (verdict registry.Verdict, words string) {
	var d struct {
		Message string           `json:"message"`
		Body    string           `json:"body"`
		Outcome string           `json:"outcome"`
		Verdict registry.Verdict `json:"verdict"`
		Note    string           `json:"note"`
		Reason  string           `json:"reason"`
	}
	if e.Verb == registry.ImportText { // its message is the same for all
		return "", ""
	}
	if e.Data == nil || json.Unmarshal(e.Data, &d) != nil {
		return "", ""
	}
	if e.Verb == registry.DecideRow {
		d.Outcome = registry.OutcomeNames[registry.Outcome(d.Outcome)]
		d.Reason = strings.TrimSpace(d.Outcome + " " + d.Reason)
	}
	return d.Verdict, shorten(cmp.Or(d.Message, d.Body, d.Reason, d.Outcome, d.Note), 60)
}

// shorten keeps the first n characters.
func shorten(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > n {
		return string(r[:n]) + "…"
	}
	return text
}

// placeOf is the address of a place in a text.
func placeOf(ref registry.Ref) string {
	to := "/standards/" + ref.Standard
	if ref.Revision > 0 {
		to += "/" + strconv.Itoa(ref.Revision)
	}
	if ref.Clause != "" {
		to += "#" + ref.Clause
	}
	return to
}
