package web

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"sync"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// projectNow is a project as it stands after some event, read once for all who
// ask. Nobody changes it.
type projectNow struct {
	registry.ProjectView
	draft map[string]string // numbers of the unified clauses, by Row.ID
	seq   uint64            // it is at least as new as this event
	rows  map[string]int    // place in Rows by Row.ID
}

func (v *projectNow) rowAt(id string) int {
	if at, ok := v.rows[id]; ok {
		return at
	}
	return -1
}

// views holds the projects that were looked at last.
type views struct {
	mu   sync.Mutex
	held map[string]*projectNow
	busy [32]sync.Mutex // for one reading at a time, by a hash of the project
}

// viewsHeld bounds the projects that are held.
const viewsHeld = 16

func (v *views) lock(project string) *sync.Mutex {
	sum := fnv.New32a()
	sum.Write([]byte(project))
	return &v.busy[sum.Sum32()%uint32(len(v.busy))]
}

func (v *views) get(project string) *projectNow {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.held[project]
}

func (v *views) put(project string, now *projectNow) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.held) >= viewsHeld && v.held[project] == nil {
		clear(v.held)
	}
	v.held[project] = now
}

// view is a project as it stands when it is asked for, or later: of forty who ask
// after one event, one reads.
func (s *Server) view(project string) (*projectNow, error) {
	asked, err := s.reg.LastEvent()
	if err != nil {
		return nil, err
	}
	one := s.live.views.lock(project)
	one.Lock()
	defer one.Unlock()
	if now := s.live.views.get(project); now != nil && now.seq >= asked.Seq {
		return now, nil // read while this request waited
	}
	head, err := s.reg.LastEvent()
	if err != nil {
		return nil, err
	}
	v, err := s.reg.Workbench(project) // at least as new as head
	if err != nil {
		return nil, err
	}
	now := &projectNow{ProjectView: v, draft: draftNumbers(v), seq: head.Seq, rows: map[string]int{}}
	for i, row := range v.Rows {
		now.rows[row.ID] = i
	}
	s.live.views.put(project, now)
	return now, nil
}

// part writes one template of a page's file alone.
func (s *Server) part(lang, page, name string, data any) (string, error) {
	t, err := s.page(lang, page)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return "", fmt.Errorf("render %s of %s: %w", name, page, err)
	}
	return b.String(), nil
}

// liveRowsAsked bounds the rows of one answer.
const liveRowsAsked = 60

// liveRows is the part of the grid that has changed: the rows that are named,
// and the head that counts them, as the grid with the same query has them.
func (s *Server) liveRows(c echo.Context) error {
	asked := c.QueryParams()["row"]
	if len(asked) > liveRowsAsked {
		return echo.NewHTTPError(http.StatusBadRequest, "一次最多取 60 个条目。 At most 60 rows at once.")
	}
	p, err := s.grid(c, func(row registry.RowView) bool { return slices.Contains(asked, row.ID) })
	if err != nil {
		return err
	}
	html, err := s.part(lang(c), "project.html", "grid-live", p)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "text/x-part; charset=utf-8", []byte(html)) // no page: no browser shows it
}

// liveView is what a page has to know to hear of changes.
type liveView struct {
	Project string
	Seq     uint64 // the page is at least as new as this event
	Row     string // that the page is about; "" for the grid
	Page    string // address to read the page again from; "" for its own
	Member  string
	Here    livePeople
}

func (s *Server) liveView(c echo.Context, now *projectNow, row string) liveView {
	people, _ := s.live.people(now.Project.ID)
	v := liveView{Project: now.Project.ID, Seq: now.seq, Row: row, Member: s.actor(c).ID, Here: peopleByRow(people)}
	if row != "" {
		v.Page = rowURL(v.Project, row)
	}
	return v
}
