package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// Live together: whoever has a project open hears of each change as it is
// committed (server-sent events, WHATWG HTML, 9.2). The log itself is the queue:
// a stream holds only the number of the last event that it sent, so that a slow
// browser costs no memory and one that comes back with Last-Event-ID misses
// nothing. What a change looks like is not in the stream: the page asks for the
// row, written by the template that wrote it before.

// Bounds of live streams.
const (
	streamsEach    = 12               // open at once in one session, or from one address without one
	streamsAddress = 400              // from one address: a committee behind one router
	streamsAll     = 4000             //
	liveBehind     = 1000             // events; who is further behind loads the page anew
	liveBeat       = 10 * time.Second // a sign of life, and a look at who has gone
	liveWrite      = 15 * time.Second // for one write, then the stream is given up
)

// live is what the server knows of the browsers that are open.
type live struct {
	presence
	beat   time.Duration
	each   int    // streams of one session
	behind uint64 // events after which a page is to be loaded anew

	mu    sync.Mutex
	open  map[string]int // streams by session or address
	total int
	next  uint64 // names the streams
	done  chan struct{}
	views views
}

func newLive() *live {
	return &live{presence: newPresence(time.Now), beat: liveBeat, each: streamsEach, behind: liveBehind, open: map[string]int{}, done: make(chan struct{}), views: views{held: map[string]*projectNow{}}}
}

// Quiesce ends the streams that are open and lets no new ones begin, so that a
// shutdown need not wait for them. It may be called once.
func (s *Server) Quiesce() {
	s.leaving.Store(true)
	close(s.live.done)
}

// admit counts a stream in; false when there are too many.
func (l *live) admit(session, address string) (id string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.total >= streamsAll || l.open[address] >= streamsAddress || l.open[session] >= l.each {
		return "", false
	}
	l.total++
	l.next++
	l.open[address]++
	l.open[session]++
	return "s" + strconv.FormatUint(l.next, 36), true
}

func (l *live) leave(session, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total--
	for _, key := range []string{session, address} {
		if l.open[key]--; l.open[key] <= 0 {
			delete(l.open, key)
		}
	}
}

// stream is one open answer.
type stream struct {
	c       echo.Context
	rc      *http.ResponseController
	project string
	lang    string
	id      string
	me      string // Member.ID; "" for a reader without account
	said    uint64 // presence that was sent
	// object are the objects of the events that a drafting page hears of; nil
	// on a project's page.
	object *regexp.Regexp
}

// liveChange is an event as a page hears of it.
type liveChange struct {
	Seq   uint64        `json:"seq"`
	Verb  registry.Verb `json:"verb"`
	Rows  []string      `json:"rows,omitempty"`  // Row.IDs that look different now
	Whole bool          `json:"whole,omitempty"` // more than these rows may look different
	Mine  bool          `json:"mine,omitempty"`  // done by the member who listens
	Says  string        `json:"says"`            // one sentence, in the reader's language
}

// liveEvents streams what happens in a project. ?since= or Last-Event-ID say
// what the page has seen. Who does not ask for a stream of events gets what is
// there, and the end.
func (s *Server) liveEvents(c echo.Context) error {
	project := c.Param("project")
	if _, err := s.reg.Project(project); err != nil {
		return err
	}
	head, err := s.reg.LastEvent()
	if err != nil {
		return err
	}
	since, lost := sinceOf(c, head.Seq, s.live.behind)
	address, session := "network "+registry.NetworkOf(c.RealIP()), s.reader(c)
	id, ok := s.live.admit(session, address)
	if !ok {
		c.Response().Header().Set("Retry-After", "30")
		return echo.NewHTTPError(http.StatusTooManyRequests, "同时打开的页面太多：请关掉几个。 Too many pages are open at once: close some.")
	}
	defer s.live.leave(session, address)
	st := s.newStream(c, project, id)
	s.live.listen(id, project, s.actor(c))
	defer s.live.forget(id)
	if err := st.begin(head.Seq, lost); err != nil {
		return nil // the browser is gone: nobody to tell
	}
	return s.follow(st, s.reg.Watch(since))
}

func (s *Server) newStream(c echo.Context, project, id string) *stream {
	return &stream{c: c, rc: http.NewResponseController(c.Response().Writer), project: project, lang: lang(c), id: id, me: s.actor(c).ID}
}

// sinceOf is the event after which the stream begins. A reader who is too far
// behind is lost and begins at the end.
func sinceOf(c echo.Context, head, behind uint64) (since uint64, lost bool) {
	asked := c.Request().Header.Get("Last-Event-ID")
	if asked == "" {
		asked = c.QueryParam("since")
	}
	since, err := strconv.ParseUint(asked, 10, 64)
	switch {
	case asked == "" || err != nil || since > head:
		return head, asked != "" && (err == nil)
	case head-since > behind:
		return head, true
	}
	return since, false
}

// begin sends the head and the first message: the stream's name, which presence
// is told under.
func (st *stream) begin(head uint64, lost bool) error {
	h := st.c.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream; charset=utf-8")
	h.Set(echo.HeaderCacheControl, "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold the stream back
	_ = st.rc.SetReadDeadline(time.Time{})
	st.c.Response().WriteHeader(http.StatusOK)
	hello := map[string]any{"stream": st.id, "lost": lost}
	if lost {
		return st.send("hello", head, hello)
	}
	return st.send("hello", 0, hello)
}

// send writes one message; seq 0 leaves the reader's last event as it is.
func (st *stream) send(name string, seq uint64, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("live: %w", err)
	}
	var b bytes.Buffer
	if seq > 0 {
		fmt.Fprintf(&b, "id: %d\n", seq)
	}
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", name, raw)
	return st.write(b.Bytes())
}

func (st *stream) write(raw []byte) error {
	// The server's write timeout is for answers that end.
	_ = st.rc.SetWriteDeadline(time.Now().Add(liveWrite))
	if _, err := st.c.Response().Write(raw); err != nil {
		return err
	}
	return st.rc.Flush()
}

// follow sends what is committed until the browser leaves or the server stops.
func (s *Server) follow(st *stream, watch *registry.Watch) error {
	beat := time.NewTicker(s.live.beat)
	defer beat.Stop()
	poll := !strings.Contains(st.c.Request().Header.Get("Accept"), "text/event-stream")
	for {
		changed, moved := watch.Changed(), s.live.moved(st.project)
		if err := s.sendNew(st, watch); err != nil {
			return nil // the browser is gone
		}
		if poll {
			return nil
		}
		select {
		case <-changed:
		case <-moved:
		case <-beat.C:
			s.live.sweep(st.project)
			if !s.stays(st) || st.write([]byte(": \n\n")) != nil {
				return nil
			}
		case <-s.live.done:
			return nil
		case <-st.c.Request().Context().Done():
			return nil
		}
	}
}

// stays tells whether who opened a stream may go on listening: not once the
// session or the token has ended.
func (s *Server) stays(st *stream) bool {
	if st.me == "" {
		return true
	}
	var err error
	if key, ok := bearer(st.c.Request()); ok {
		_, err = s.reg.Bearer(key)
	} else {
		_, err = s.reg.Session(cookieOf(st.c, sessionCookie))
	}
	return err == nil
}

// sendNew sends the changes and the presence that this stream has not told yet.
func (s *Server) sendNew(st *stream, watch *registry.Watch) error {
	for {
		list, err := watch.Read()
		if err != nil {
			s.log.Error("live", "err", err)
			return err
		}
		if len(list) == 0 {
			break
		}
		told := false
		for _, e := range list {
			if st.object != nil {
				if err := s.sendNewer(st, e); err != nil {
					return err
				}
				continue
			}
			if change, ok := s.liveChange(st, e); ok {
				if err := st.send("change", e.Seq, change); err != nil {
					return err
				}
				told = true
			}
		}
		if last := list[len(list)-1].Seq; !told && last%64 == 0 { // so that a resume need not begin far back
			if err := st.send("seen", last, struct{}{}); err != nil {
				return err
			}
		}
	}
	people, version := s.live.people(st.project)
	if version == st.said {
		return nil
	}
	st.said = version
	if st.object != nil {
		return s.sendDrafters(st, people)
	}
	html, err := s.part(st.lang, "project.html", "live-people", peopleByRow(people))
	if err != nil {
		s.log.Error("live", "err", err)
		return err
	}
	return st.send("people", 0, map[string]string{"html": html})
}

// rowAlone are the verbs after which no other row looks different.
var rowAlone = map[registry.Verb]bool{
	registry.Unify: true, registry.TakePosition: true, registry.ConfirmRow: true, registry.ReopenRow: true,
	registry.AddComment: true, registry.ResolveComment: true, registry.ReopenComment: true,
	registry.RecordPosition: true, registry.DecideRow: true,
}

// changeWords say what was done.
var changeWords = map[registry.Verb]string{
	registry.Unify: "live.unify", registry.TakePosition: "live.position", registry.ConfirmRow: "live.confirm", registry.ReopenRow: "live.unconfirm",
	registry.MovePassage: "live.move", registry.SplitRow: "live.split", registry.MergeRows: "live.merge", registry.OrderRow: "live.order",
	registry.AddComment: "live.comment", registry.ResolveComment: "live.comment.resolve",
}

// liveChange is an event of the stream's project; ok is false for others.
func (s *Server) liveChange(st *stream, e registry.Event) (out liveChange, ok bool) {
	rest, ok := strings.CutPrefix(e.Object, "projects/"+st.project)
	if !ok || rest != "" && rest[0] != '/' {
		return out, false
	}
	out = liveChange{Seq: e.Seq, Verb: e.Verb, Mine: e.Actor == st.me, Whole: !rowAlone[e.Verb]}
	row, ofRow := strings.CutPrefix(rest, "/rows/")
	if ofRow {
		out.Rows = append(out.Rows, row)
	}
	var data struct {
		Into string `json:"into"`
	}
	if json.Unmarshal(e.Data, &data) == nil && data.Into != "" {
		out.Rows = append(out.Rows, data.Into)
	}
	out.Says = s.sayChange(st, e, row)
	return out, true
}

// sayChange says an event in one sentence: who, what, on which row.
func (s *Server) sayChange(st *stream, e registry.Event, row string) string {
	topic := s.words.say(st.lang, "live.project")
	if row != "" {
		if v, err := s.view(st.project); err == nil {
			if at := v.rowAt(row); at >= 0 && v.Rows[at].Topic != "" {
				topic = v.Rows[at].Topic
			}
		}
	}
	key, ok := changeWords[e.Verb]
	if !ok {
		key = "live.other"
	}
	return s.words.say(st.lang, key, s.person(st.lang, e.Actor), topic)
}
