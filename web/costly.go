package web

import (
	"bytes"
	"context"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// costly are the pages whose making takes long where somebody wants it to:
// alignments and differences of whole texts, papers and tables of a project, and
// what is computed from a text that a form holds.
var costly = []string{
	"/compare", "/standards/:id/compare", "/standards/:id/compare/:pair", "/standards/:id/clauses/:clause", "/standards/:id/blame", "/standards/:id/:rev/blame",
	"/projects/:project", "/projects/:project/rows/:row", "/projects/:project/meeting/rows/:row", "/projects/:project/draft", "/projects/:project/draft.md", "/projects/:project/draft.docx",
	"/projects/:project/concordance", "/projects/:project/concordance.md", "/projects/:project/concordance.csv", "/projects/:project/concordance.docx", "/projects/:project/concordance.xlsx",
	"/projects/:project/explanation", "/projects/:project/explanation.md", "/projects/:project/explanation.docx",
	"/projects/:project/matrix", "/projects/:project/matrix.xlsx", "/projects/:project/matrix.csv",
	"/projects/:project/realign", "/projects/:project/repin", "/standards/:id/comments/export.xlsx", "/standards/:id/comments/export.docx",
	"/consultations/:id/clauses/:clause", "/check", "/applicable",
}

// Bounds of costly pages.
const (
	costlyEach = 16               // of one reader, being made or waiting: an office behind one router
	costlyWait = 10 * time.Second // for one's turn
	memberWait = 60 * time.Second // for a member's: who works here is not sent away
	costlyLine = 128              // readers who wait
	costlyKnow = 10_000           // readers whose last turn is remembered
	keptBytes  = 64 << 20         // of pages that are kept for others
	keptFor    = time.Minute      // and for how long: "today" is on some of them
	keptLength = 2 << 20          // bytes of the longest that is kept
)

// kitchen makes costly pages: as many at once as there are processors, one place
// of which no stranger takes, and one page once for all who want the same. Who
// had a turn last is served after those who had none, so that one address that
// asks for everything does not keep the others waiting.
type kitchen struct {
	places int
	now    func() time.Time

	mu      sync.Mutex
	busy    int            // places that are taken
	alien   int            // by who is not signed in
	readers map[string]int // who is being served or waits, and how often
	turns   map[string]int // by reader: the number of their last turn
	turn    int
	line    []*ticket

	making map[string]chan struct{}
	kept   map[string]*dish
	bytes  int
}

// ticket is one who waits.
type ticket struct {
	reader   string
	stranger bool
	called   chan struct{}
}

// dish is a page as it was answered to somebody who is nobody in particular.
type dish struct {
	status int
	header http.Header
	body   []byte
	event  uint64 // of the log when it was made
	until  time.Time
}

func newKitchen(places int) *kitchen {
	if places <= 0 {
		places = max(2, runtime.GOMAXPROCS(0))
	}
	return &kitchen{places: places, now: time.Now, readers: map[string]int{}, turns: map[string]int{}, making: map[string]chan struct{}{}, kept: map[string]*dish{}}
}

// admit waits for a place; done gives it back. ok is false where there are too
// many, or the wait was too long.
func (k *kitchen) admit(ctx context.Context, reader string, stranger bool) (done func(), ok bool) {
	t := &ticket{reader, stranger, make(chan struct{})}
	k.mu.Lock()
	if k.readers[reader] >= costlyEach || stranger && len(k.line) >= costlyLine {
		k.mu.Unlock()
		return nil, false
	}
	k.readers[reader]++
	k.line = append(k.line, t)
	k.call()
	k.mu.Unlock()
	patient := memberWait
	if stranger {
		patient = costlyWait
	}
	wait := time.NewTimer(patient)
	defer wait.Stop()
	select {
	case <-t.called:
		return func() { k.leave(t) }, true
	case <-ctx.Done():
	case <-wait.C:
	}
	k.mu.Lock()
	at := slices.Index(k.line, t)
	if at >= 0 {
		k.line = slices.Delete(k.line, at, at+1)
		k.forget(reader)
	}
	k.mu.Unlock()
	if at < 0 { // called in this moment
		k.leave(t)
	}
	return nil, false
}

// call gives the free places to those whose last turn is longest ago. The
// kitchen is locked.
func (k *kitchen) call() {
	for k.busy < k.places {
		best := -1
		for i, t := range k.line {
			if t.stranger && k.alien >= max(1, k.places-1) {
				continue
			}
			if best < 0 || k.turns[t.reader] < k.turns[k.line[best].reader] {
				best = i
			}
		}
		if best < 0 {
			return
		}
		t := k.line[best]
		k.line = slices.Delete(k.line, best, best+1)
		if len(k.turns) >= costlyKnow {
			clear(k.turns)
		}
		k.turn++
		k.turns[t.reader] = k.turn
		k.busy++
		if t.stranger {
			k.alien++
		}
		close(t.called)
	}
}

func (k *kitchen) leave(t *ticket) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.busy--
	if t.stranger {
		k.alien--
	}
	k.forget(t.reader)
	k.call()
}

func (k *kitchen) forget(reader string) {
	if k.readers[reader]--; k.readers[reader] <= 0 {
		delete(k.readers, reader)
	}
}

// find gives a page that was made since the last event; where somebody is making
// it, it waits for that. made is to be called when the page is there, or is not.
func (k *kitchen) find(ctx context.Context, key string, event uint64) (d *dish, made func(*dish)) {
	deadline := k.now().Add(costlyWait)
	for {
		k.mu.Lock()
		now := k.now()
		if d := k.kept[key]; d != nil && d.event == event && now.Before(d.until) {
			k.mu.Unlock()
			return d, nil
		}
		other := k.making[key]
		if other == nil || !now.Before(deadline) {
			mine := make(chan struct{})
			if other == nil {
				k.making[key] = mine
			}
			k.mu.Unlock()
			return nil, func(d *dish) { k.keep(key, mine, d) }
		}
		k.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, func(*dish) {}
		case <-time.After(deadline.Sub(now)):
		}
	}
}

func (k *kitchen) keep(key string, mine chan struct{}, d *dish) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.making[key] == mine {
		delete(k.making, key)
	}
	close(mine)
	if d == nil || len(d.body) > keptLength {
		return
	}
	if old := k.kept[key]; old != nil {
		k.bytes -= len(old.body) + len(key)
	}
	if k.bytes+len(d.body)+len(key) > keptBytes { // rare, and each can be made again
		clear(k.kept)
		k.bytes = 0
	}
	k.kept[key] = d
	k.bytes += len(d.body) + len(key)
}

// costly makes pages of the costly kind in turn, and those for nobody in
// particular once until something changes. Who waits too long is told when to
// come back. A page is made whole before it is sent: a reader who reads slowly
// takes nobody's place.
func (s *Server) costly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !slices.Contains(costly, c.Path()) {
			return next(c)
		}
		if s.actor(c).ID != "" {
			d, err := s.cook(c, next, s.reader(c), false)
			if err != nil {
				return err
			}
			return d.send(c)
		}
		head, err := s.reg.LastEvent()
		if err != nil {
			return err
		}
		key, same := shared(c)
		made := func(*dish) {}
		if same {
			var d *dish
			if d, made = s.kitchen.find(c.Request().Context(), key, head.Seq); d != nil {
				return d.send(c)
			}
		}
		var kept *dish
		defer func() { made(kept) }() // also when the page panics
		d, err := s.cook(c, next, s.reader(c), true)
		if err != nil {
			return err
		}
		if same && d.status == http.StatusOK && d.header.Get("Set-Cookie") == "" && !strings.Contains(d.header.Get("Content-Security-Policy"), "nonce-") {
			d.event, d.until = head.Seq, s.kitchen.now().Add(keptFor)
			kept = d
		}
		return d.send(c)
	}
}

// reader names who takes a place: the session of who signed in, the member of a
// program's token, which may bear any cookie, the network of anybody else.
func (s *Server) reader(c echo.Context) string {
	actor := s.actor(c)
	if actor.ID == "" {
		return "address " + registry.NetworkOf(c.RealIP())
	}
	if _, ok := bearer(c.Request()); ok {
		return "member " + actor.ID
	}
	return "session " + cookieOf(c, sessionCookie)
}

// cook makes a page when it is its turn.
func (s *Server) cook(c echo.Context, next echo.HandlerFunc, reader string, stranger bool) (*dish, error) {
	done, ok := s.kitchen.admit(c.Request().Context(), reader, stranger)
	if !ok {
		return nil, tooMany(c, 5)
	}
	defer done()
	out := c.Response().Writer
	plate := &plate{header: out.Header().Clone()}
	c.Response().Writer = plate
	err := next(c)
	c.Response().Writer = out
	committed, status := c.Response().Committed, c.Response().Status
	c.Response().Committed, c.Response().Size = false, 0
	if err != nil {
		for name, values := range plate.header { // what the handler said, for the page that tells the error
			out.Header()[name] = values
		}
		return nil, err
	}
	if !committed {
		status = http.StatusOK
	}
	return &dish{status: status, header: plate.header, body: plate.body.Bytes()}, nil
}

// plate holds an answer until it is whole.
type plate struct {
	header http.Header
	body   bytes.Buffer
}

func (p *plate) Header() http.Header         { return p.header }
func (p *plate) Write(b []byte) (int, error) { return p.body.Write(b) }
func (p *plate) WriteHeader(int)             {}

// send answers with a page; the request's own number stays.
func (d *dish) send(c echo.Context) error {
	h := c.Response().Header()
	for name, values := range d.header {
		if name != echo.HeaderXRequestID {
			h[name] = values
		}
	}
	c.Response().WriteHeader(d.status)
	_, err := c.Response().Write(d.body)
	return err
}

// shared names a page that looks the same to everybody who is not signed in:
// what is asked and the language. ok is false where a cookie or the script says
// more.
func shared(c echo.Context) (key string, ok bool) {
	r := c.Request()
	if r.Method != http.MethodGet || r.Header.Get("X-Live") != "" || r.Header.Get("Range") != "" {
		return "", false
	}
	for _, k := range r.Cookies() {
		if k.Name != langCookie {
			return "", false
		}
	}
	return strings.Join([]string{lang(c), c.Scheme(), r.Host, r.Header.Get(echo.HeaderAccept), r.RequestURI}, "\x00"), true
}
