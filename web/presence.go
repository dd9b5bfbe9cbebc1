package web

import (
	"cmp"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// presentFor is how long somebody counts as present after the last sign of
// life, which the page gives every 20 seconds.
const presentFor = 50 * time.Second

// presence is who is on which row of which project. It is kept in memory only:
// it is true of open browsers, not of the registry.
type presence struct {
	mu      sync.Mutex
	now     func() time.Time
	open    map[string]openPage      // the streams: whose, of which project
	at      map[string]openPage      // by stream: who gave a sign of life
	version map[string]uint64        // by project: counts the changes
	wake    map[string]chan struct{} // by project: closed at the next change
}

// openPage is where one open page is.
type openPage struct {
	project, row string // row "" on the grid as a whole
	member       registry.Member
	seen         time.Time
}

// person is somebody who is present, as a page shows it.
type person struct {
	ID, Name, Region string
	Row              string
}

func newPresence(now func() time.Time) presence {
	return presence{now: now, open: map[string]openPage{}, at: map[string]openPage{}, version: map[string]uint64{}, wake: map[string]chan struct{}{}}
}

// moved is closed when somebody comes, goes or moves in a project.
func (p *presence) moved(project string) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.wake[project] == nil {
		p.wake[project] = make(chan struct{})
	}
	return p.wake[project]
}

// announce tells who watches a project; the lock is held.
func (p *presence) announce(project string) {
	p.version[project]++
	if p.wake[project] != nil {
		close(p.wake[project])
		delete(p.wake, project)
	}
}

// listen says that a member has opened a stream of a project.
func (p *presence) listen(stream, project string, m registry.Member) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[stream] = openPage{project: project, member: m}
}

// here says that the page of a stream is on a row; false when it is not the
// member's stream of that project.
func (p *presence) here(stream string, m registry.Member, project, row string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if whose, ok := p.open[stream]; !ok || whose.project != project || whose.member.ID != m.ID {
		return false
	}
	was, known := p.at[stream]
	p.at[stream] = openPage{project, row, m, p.now()}
	if !known || was.row != row {
		p.announce(project)
	}
	return true
}

// forget takes a page away that was closed.
func (p *presence) forget(stream string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, stream)
	if at, known := p.at[stream]; known {
		delete(p.at, stream)
		p.announce(at.project)
	}
}

// sweep takes the pages of a project away that gave no sign of life.
func (p *presence) sweep(project string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for stream, at := range p.at {
		if at.project == project && p.now().Sub(at.seen) > presentFor {
			delete(p.at, stream)
			p.announce(project)
		}
	}
}

// people are those present in a project, each once a row, in the order of the
// regions and of their names; version changes when they do.
func (p *presence) people(project string) (out []person, version uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, at := range p.at {
		if at.project == project && p.now().Sub(at.seen) <= presentFor {
			out = append(out, person{at.member.ID, at.member.Name, at.member.Region, at.row})
		}
	}
	slices.SortFunc(out, func(a, b person) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return slices.Compact(out), p.version[project]
}

// rowPeople are those on one row.
type rowPeople struct {
	Row    string
	People []person
}

// livePeople is who is present in a project: on it, and row by row.
type livePeople struct {
	All  []person // each once
	Rows []rowPeople
}

func peopleByRow(list []person) (out livePeople) {
	seen := map[string]bool{}
	for _, one := range list {
		if !seen[one.ID] {
			seen[one.ID] = true
			out.All = append(out.All, one)
		}
		if one.Row == "" {
			continue
		}
		if n := len(out.Rows); n > 0 && out.Rows[n-1].Row == one.Row {
			out.Rows[n-1].People = append(out.Rows[n-1].People, one)
		} else {
			out.Rows = append(out.Rows, rowPeople{one.Row, []person{one}})
		}
	}
	return out
}

// On are those on a row.
func (l livePeople) On(row string) []person {
	for _, r := range l.Rows {
		if r.Row == row {
			return r.People
		}
	}
	return nil
}

// herePage takes a sign of life of an open page: the stream that it listens to
// and the row that it is on. Nothing of it is kept in the registry.
func (s *Server) herePage(c echo.Context) error {
	project, row := c.Param("project"), c.FormValue("row")
	v, err := s.view(project)
	if err != nil {
		return err
	}
	if v.rowAt(row) < 0 {
		row = ""
	}
	if !s.live.here(c.FormValue("stream"), s.actor(c), project, row) {
		return echo.NewHTTPError(http.StatusGone, "这个页面已断开：请刷新。 This page is no longer connected: reload it.")
	}
	return c.NoContent(http.StatusNoContent)
}
