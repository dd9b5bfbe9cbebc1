package web

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// healthz says that the process is alive and that the store can be read: 200
// with the number of the last event. Who watches restarts what does not answer.
func (s *Server) healthz(c echo.Context) error {
	head, err := s.reg.LastEvent()
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"status": "ok", "event": head.Seq})
}

// Check is one part of being ready: nil where it is as it should be; otherwise
// an error that names neither people nor texts, for it is shown.
type Check func(context.Context) error

// checks are the parts of being ready, each asked not too often, so that whoever asks often costs no disk.
type checks struct {
	mu    sync.Mutex
	parts []part
}

type part struct {
	name  string
	check Check
	at    time.Time
	err   error
}

// checkAgain is how long a good answer is believed; failedAgain a bad one.
const (
	checkAgain  = 5 * time.Second
	failedAgain = 200 * time.Millisecond
)

// Ready adds a part to what /readyz asks: "backup", say. It is called before the
// server serves.
func (s *Server) Ready(name string, check Check) {
	s.checks.mu.Lock()
	defer s.checks.mu.Unlock()
	s.checks.parts = append(s.checks.parts, part{name: name, check: check})
}

// own are the parts that every server has.
func (k *checks) own(s *Server) {
	k.parts = []part{
		{name: "store", check: func(context.Context) error { return s.reg.Ready() }},
		{name: "index", check: func(context.Context) error {
			p := s.index.Progress()
			if p.Err != nil {
				return fmt.Errorf("the search index does not follow: %w", p.Err)
			}
			if p.Behind {
				return fmt.Errorf("the search index is being built: %d of %d", p.Done, p.Total)
			}
			return nil
		}},
	}
}

// ask gives each part's answer.
func (k *checks) ask(ctx context.Context) (ready bool, said map[string]string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	ready, said = true, map[string]string{}
	for i := range k.parts {
		p := &k.parts[i]
		again := checkAgain
		if p.err != nil {
			again = failedAgain
		}
		if p.at.IsZero() || time.Since(p.at) > again {
			p.err, p.at = p.check(ctx), time.Now()
		}
		said[p.name] = "ok"
		if p.err != nil {
			ready, said[p.name] = false, "failed"
		}
	}
	return ready, said
}

// why is the first error of each part that fails, for the log.
func (k *checks) why() (out []any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, p := range k.parts {
		if p.err != nil {
			out = append(out, p.name, p.err)
		}
	}
	return out
}

// readyz says whether requests should be sent here: 200, or 503 with the parts
// that fail. Why a part fails stands in the log.
func (s *Server) readyz(c echo.Context) error {
	ready, said := s.checks.ask(c.Request().Context())
	status, word := http.StatusOK, "ok"
	if !ready {
		s.log.Warn("not ready", s.checks.why()...)
		status, word = http.StatusServiceUnavailable, "failed"
	}
	if s.leaving.Load() {
		status, word = http.StatusServiceUnavailable, "stopping"
	}
	return c.JSON(status, map[string]any{"status": word, "parts": said})
}
