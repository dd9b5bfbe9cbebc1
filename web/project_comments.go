package web

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// projectCommentsPage is what was said on the rows of a project, row by row.
type projectCommentsPage struct {
	Frame
	Project registry.Project
	Threads []rowThread
	All     int
	Open    int
	State   string // ?state=: "open" for those whose discussion is open
}

// rowThread is a comment with its discussion, and the row that it is on; Found
// is false where the row is not there any more.
type rowThread struct {
	registry.Row
	Found  bool
	Thread thread
}

func (s *Server) projectComments(c echo.Context) error {
	project, err := s.reg.Project(c.Param("project"))
	if err != nil {
		return err
	}
	rows, err := s.reg.Rows(project.ID)
	if err != nil {
		return err
	}
	said, err := s.reg.CommentsOnProject(project.ID)
	if err != nil {
		return err
	}
	p := projectCommentsPage{Frame: s.frame(c, s.say(c, "project-comments.title")), Project: project, State: c.QueryParam("state")}
	p.Styles = []string{"workbench.css", "project.css", "comments.css"}
	byID := map[string]registry.Row{}
	for _, row := range rows {
		byID[row.ID] = row
	}
	for _, t := range s.threadsOf(c, said) {
		p.All++
		if t.Resolved == "" {
			p.Open++
		} else if p.State == "open" {
			continue
		}
		row, found := byID[t.Row]
		p.Threads = append(p.Threads, rowThread{row, found, t})
	}
	slices.SortStableFunc(p.Threads, func(a, b rowThread) int {
		if a.Found != b.Found { // what has no row any more stands last
			if a.Found {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Order, b.Order)
	})
	return s.render(c, http.StatusOK, "project-comments.html", p)
}
