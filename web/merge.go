package web

import "github.com/labstack/echo/v4"

// merge is being written: see edit.go for when it is shown.
func (s *Server) merge(c echo.Context, d draft) error { return echo.ErrNotFound }
