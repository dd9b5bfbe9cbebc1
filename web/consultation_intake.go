package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// intakePage is where the secretariat looks at what the public said, and at who
// did.
type intakePage struct {
	Frame
	Standard registry.Standard
	Intake   registry.Intake
	Rows     []registry.PublicRow
	Waiting  int
	Problem  string
	At       string // the comment whose form was refused
	Reason   string
}

func (s *Server) intake(c echo.Context) error { return s.showIntake(c, http.StatusOK, intakePage{}) }

func (s *Server) showIntake(c echo.Context, status int, p intakePage) (err error) {
	if p.Standard, err = s.reg.Standard(c.Param("id")); err != nil {
		return err
	}
	if p.Intake, p.Rows, err = s.reg.PublicIntake(s.actor(c), p.Standard.ID); err != nil {
		return err
	}
	for _, row := range p.Rows {
		if row.Moderation != nil && row.Moderation.State == "waiting" {
			p.Waiting++
		}
	}
	p.Frame = s.frame(c, s.say(c, "consult.intake", p.Standard.Header.Title))
	p.Styles = []string{"consultation.css"}
	return s.render(c, status, "intake.html", p)
}

// setIntake says whether comments are shown at once.
func (s *Server) setIntake(c echo.Context) error {
	version, _ := strconv.Atoi(c.FormValue("version"))
	err := s.reg.SetIntake(s.actor(c), c.Param("id"), c.FormValue("at_once") == "1", version)
	if reason, ok := refused(err, registry.Conflict); ok {
		return s.showIntake(c, http.StatusConflict, intakePage{Problem: reason})
	}
	if err != nil {
		return err
	}
	return s.see(c, intakeURL(c), "done.settings")
}

// moderate shows a comment of the public, hides it, or erases who made it.
func (s *Server) moderate(c echo.Context) (err error) {
	id, comment, reason := c.Param("id"), c.Param("comment"), lines(c.FormValue("reason"))
	version, _ := strconv.Atoi(c.FormValue("version"))
	done := "done.moderate"
	switch c.FormValue("do") {
	case "erase":
		done = "done.erase"
		err = s.reg.ErasePersonal(s.actor(c), id, comment)
	default:
		err = s.reg.Moderate(s.actor(c), id, registry.Seen{ID: comment, Version: version}, c.FormValue("do") == "show", reason)
	}
	if reasons, ok := refused(err, registry.Invalid, registry.Conflict); ok {
		status := http.StatusUnprocessableEntity
		if registry.Refused(err, registry.Conflict) {
			status = http.StatusConflict
		}
		return s.showIntake(c, status, intakePage{Problem: reasons, At: comment, Reason: reason})
	}
	if err != nil {
		return err
	}
	return s.see(c, intakeURL(c)+"#"+url.PathEscape(comment), done)
}

func intakeURL(c echo.Context) string {
	return "/consultations/" + url.PathEscape(c.Param("id")) + "/intake"
}
