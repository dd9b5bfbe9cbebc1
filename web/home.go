package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

type homePage struct{ Frame }

func (s *Server) home(c echo.Context) error {
	return s.render(c, http.StatusOK, "home.html", homePage{s.frame(c, "")})
}
