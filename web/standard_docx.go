package web

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"tongbiao/editor/convert"
)

// standardDOCX gives a text, any revision of it, as a Word document with its
// figures and formulas.
func (s *Server) standardDOCX(c echo.Context) error {
	ref, err := refOf(c)
	if err != nil {
		return err
	}
	text, err := s.reg.Text(ref)
	if err != nil {
		return err
	}
	h := text.Revision.Header
	name := h.Primary() + " " + h.Title
	return sendDOCX(c, ref.Standard+"-"+strconv.Itoa(text.Revision.Number), name, convert.StandardPaper(text.Document, s.reg.FigureData))
}

// workingDOCX gives a drafter's own copy as a Word document, as it stands.
func (s *Server) workingDOCX(c echo.Context) error {
	d, err := s.reg.WorkingDocument(s.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return sendDOCX(c, c.Param("id")+"-working", d.Header.Title+" 工作稿", convert.StandardPaper(d, s.reg.FigureData))
}
