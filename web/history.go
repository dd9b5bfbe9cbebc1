package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// historyPage is a standard's revisions, newest first, one line each.
type historyPage struct {
	Frame
	Standard  registry.Standard
	Revisions []registry.Revision
}

func (s *Server) history(c echo.Context) error {
	std, err := s.reg.Standard(c.Param("id"))
	if err != nil {
		return err
	}
	list, err := s.reg.Revisions(std.ID)
	if err != nil {
		return err
	}
	slices.Reverse(list)
	return s.render(c, http.StatusOK, "history.html", historyPage{s.frame(c, s.say(c, "history.title", std.Header.Title)), std, list})
}
