package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// eventRoutes beside the log itself.
var eventRoutes = []route{
	{get, "/events/export", may(registry.AddMember), (*Server).exportEvents},
}

// narrowing is what a reader of the log asks for; "" is anything.
type narrowing struct {
	Object, Member, Verb, Standard, Project, Region, From, To string

	from, to time.Time // the days From and To, in Beijing; to is the day after
}

// narrowingOf reads the filter of a request; wrong names the field of a day that
// is none.
func narrowingOf(c echo.Context) (n narrowing, wrong string) {
	get := func(name string) string { return strings.TrimSpace(c.QueryParam(name)) }
	n = narrowing{Object: get("object"), Member: get("member"), Verb: get("verb"), Standard: get("standard"), Project: get("project"),
		Region: get("region"), From: get("from"), To: get("to")}
	var err error
	if n.From != "" {
		if n.from, err = time.ParseInLocation(time.DateOnly, n.From, beijing); err != nil {
			wrong = "from"
		}
	}
	if n.To != "" {
		if n.to, err = time.ParseInLocation(time.DateOnly, n.To, beijing); err != nil {
			wrong = "to"
		}
		n.to = n.to.AddDate(0, 0, 1)
	}
	return n, wrong
}

// Link is the address of the log so narrowed, from an event back; 0 is the newest.
func (n narrowing) Link(before uint64) string {
	q := url.Values{}
	for name, value := range map[string]string{"object": n.Object, "member": n.Member, "verb": n.Verb, "standard": n.Standard, "project": n.Project, "region": n.Region, "from": n.From, "to": n.To} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if before > 0 {
		q.Set("before", strconv.FormatUint(before, 10))
	}
	return (&url.URL{Path: "/events", RawQuery: q.Encode()}).String()
}

// sieve tells whether an event is asked for. It remembers the regions of what it
// has met.
type sieve struct {
	narrowing
	s       *Server
	lang    string
	regions map[string][]string // of a standard or a project, by "standards/ID"
	people  map[string]string   // names by ID
}

func (n narrowing) sieve(s *Server, lang string) *sieve {
	return &sieve{n, s, lang, map[string][]string{}, map[string]string{}}
}

func (f *sieve) lets(e registry.Event) bool {
	inside, object := "", e.Object
	if parts := strings.SplitN(object, "/", 3); parts[0] == "regions" && len(parts) == 3 {
		inside, object = parts[1], parts[2]
	}
	thing := workOf(object)
	return (f.Verb == "" || f.Verb == string(e.Verb)) &&
		(f.From == "" || !e.Time.Before(f.from)) && (f.To == "" || e.Time.Before(f.to)) &&
		(f.Standard == "" || thing == "standards/"+f.Standard) &&
		(f.Project == "" || thing == "projects/"+f.Project) &&
		(f.Region == "" || inside == f.Region || slices.Contains(f.regionsOf(thing), f.Region)) &&
		(f.Member == "" || f.Member == e.Actor || f.Member == f.name(e.Actor))
}

// workOf is the standard or project that an object of an event belongs to.
func workOf(object string) string {
	parts := strings.SplitN(object, "/", 3)
	if len(parts) < 2 {
		return object
	}
	id, _, _ := strings.Cut(parts[1], "#")
	return parts[0] + "/" + id
}

func (f *sieve) name(id string) string {
	if _, known := f.people[id]; !known {
		f.people[id] = f.s.person(f.lang, id)
	}
	return f.people[id]
}

// regionsOf are the regions of a standard, or those that take part in a project.
func (f *sieve) regionsOf(thing string) []string {
	if codes, known := f.regions[thing]; known {
		return codes
	}
	var codes []string
	if id, ok := strings.CutPrefix(thing, "standards/"); ok {
		if std, err := f.s.reg.Standard(id); err == nil {
			codes = std.Header.Regions
		}
	} else if id, ok := strings.CutPrefix(thing, "projects/"); ok {
		if p, err := f.s.reg.Project(id); err == nil {
			for _, at := range p.Participants {
				codes = append(codes, at.Region)
			}
		}
	}
	f.regions[thing] = codes
	return codes
}

// exportEvents sends the whole log in the format of schemas/events.md. Of what
// was said inside another region only the place in the chain is sent.
func (s *Server) exportEvents(c echo.Context) error {
	actor := s.actor(c)
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "application/jsonl; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="events.jsonl"`)
	c.Response().WriteHeader(http.StatusOK)
	if _, err := s.reg.ExportEvents(c.Response(), func(e registry.Event) bool { return registry.ShownTo(actor, e) }); err != nil {
		s.log.Error("export of the log", "id", requestID(c), "err", err)
		panic(http.ErrAbortHandler) // the reader must not take what came for the whole
	}
	return nil
}
