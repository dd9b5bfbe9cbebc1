package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// healthz says whether the store can be read: 200 with the number of the last
// event, for whoever watches over the machine.
func (s *Server) healthz(c echo.Context) error {
	head, err := s.reg.LastEvent()
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"status": "ok", "event": head.Seq})
}
