package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// memberView is one member to an administrator.
type memberView struct {
	Frame
	Person    registry.Member
	Seats     []registry.Chair
	Projects  []registry.Project
	Roles     []registry.Role
	SeatRoles []registry.Role
	Role      registry.Role // as it stands in the form, and so the next two
	Region    string
	Seat      registry.Chair
	Link      string // a reset link, on the one page that shows it
	Problem   string
}

// TitleOf is a project's title, or its ID where it is gone.
func (p memberView) TitleOf(project string) string {
	for _, k := range p.Projects {
		if k.ID == project {
			return k.Title
		}
	}
	return project
}

func (s *Server) memberPage(c echo.Context) error {
	return s.showMember(c, http.StatusOK, "", "")
}

func (s *Server) showMember(c echo.Context, status int, link, problem string) error {
	m, err := s.reg.Member(c.Param("id"))
	if err != nil {
		return err
	}
	p := memberView{Frame: s.frame(c, m.Name), Person: m, Roles: registry.Roles, SeatRoles: registry.SeatRoles, Link: link, Problem: problem, Role: m.Role, Region: m.Region}
	switch c.FormValue("do") { // refused: the form is as it was
	case "change":
		p.Role, p.Region = registry.Role(c.FormValue("role")), c.FormValue("region")
	case "seat":
		p.Seat = registry.Chair{Project: c.FormValue("project"), Role: registry.Role(c.FormValue("role"))}
	}
	if p.Seats, err = s.reg.Seats(m.ID); err != nil {
		return err
	}
	if p.Projects, err = s.reg.Projects(); err != nil {
		return err
	}
	return s.render(c, status, "member.html", p)
}

// changeMember does one thing to a member; what, the button says.
func (s *Server) changeMember(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	actor, id := s.actor(c), c.Param("id")
	link := ""
	switch form.Get("do") {
	case "change":
		err = s.reg.ChangeMember(actor, id, registry.Role(form.Get("role")), form.Get("region"))
	case "end":
		err = s.reg.EndMembership(actor, id)
	case "reopen":
		err = s.reg.ReopenMember(actor, id)
	case "seat":
		err = s.reg.GiveSeat(actor, id, registry.Chair{Project: form.Get("project"), Role: registry.Role(form.Get("role"))})
	case "unseat":
		err = s.reg.TakeSeat(actor, id, form.Get("project"))
	case "factor":
		err = s.reg.DropFactor(actor, id, "")
	case "erase":
		if form.Get("again") != id {
			return s.showMember(c, http.StatusUnprocessableEntity, "", s.say(c, "member.erase.again"))
		}
		err = s.reg.EraseMember(actor, id, form.Get("password"))
	case "link":
		var token string
		if token, err = s.reg.OfferReset(actor, id); err == nil {
			link = s.home0(c) + "/reset?" + url.Values{"token": {token}}.Encode()
		}
	default:
		return echo.ErrBadRequest
	}
	if reason, ok := refused(err, registry.Invalid, registry.Conflict, registry.Forbidden); ok {
		return s.showMember(c, http.StatusUnprocessableEntity, "", reason)
	}
	if err != nil {
		return err
	}
	if link != "" {
		return s.showMember(c, http.StatusOK, link, "")
	}
	return s.see(c, "/members/"+url.PathEscape(id), "done.changed")
}

// invite makes an invitation link and shows it this once.
func (s *Server) invite(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	_, token, err := s.reg.Invite(s.actor(c), registry.Role(form.Get("role")), form.Get("region"), form.Get("for"))
	p := membersPage{Form: registry.Member{Role: registry.Reader}}
	if reason, ok := refused(err, registry.Invalid, registry.Conflict); ok {
		p.InviteProblem, p.Invite = reason, registry.Invitation{Role: registry.Role(form.Get("role")), Region: form.Get("region"), For: form.Get("for")}
		return s.showMembers(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	p.Link = s.home0(c) + "/join?" + url.Values{"token": {token}}.Encode()
	return s.showMembers(c, http.StatusOK, p)
}

func (s *Server) uninvite(c echo.Context) error {
	if err := s.reg.Uninvite(s.actor(c), c.Param("id")); err != nil {
		return err
	}
	return s.see(c, "/members", "done.uninvited")
}

// requireFactor says which roles need a second factor.
func (s *Server) requireFactor(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	var roles []registry.Role
	for _, r := range form["role"] {
		roles = append(roles, registry.Role(r))
	}
	err = s.reg.RequireFactor(s.actor(c), roles)
	if reason, ok := refused(err, registry.Invalid); ok {
		return s.showMembers(c, http.StatusUnprocessableEntity, membersPage{Form: registry.Member{Role: registry.Reader}, FactorProblem: reason})
	}
	if err != nil {
		return err
	}
	return s.see(c, "/members", "done.changed")
}

// joinPage makes a member of who holds an invitation.
type joinPage struct {
	Frame
	Token, ID, Name string
	Role            registry.Role
	Region          string
	Problem         fault
}

func (s *Server) joinForm(c echo.Context) error {
	return s.showJoin(c, http.StatusOK, joinPage{Token: c.QueryParam("token")})
}

func (s *Server) showJoin(c echo.Context, status int, p joinPage) error {
	p.Frame = s.frame(c, s.say(c, "join.title"))
	inv, err := s.reg.Invited(p.Token)
	if f, ok := faulted(err); ok && p.Problem.Reason == "" {
		p.Problem, p.Token = f, ""
	} else if err != nil && !ok {
		return err
	}
	p.Role, p.Region = inv.Role, inv.Region
	return s.render(c, status, "join.html", p)
}

func (s *Server) join(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	p := joinPage{Token: form.Get("token"), ID: form.Get("id"), Name: form.Get("name")}
	_, err = s.reg.Join(p.Token, p.ID, p.Name, form.Get("password"))
	if f, ok := faulted(err, registry.Invalid, registry.Conflict, registry.Forbidden); ok {
		p.Problem = f
		return s.showJoin(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/sign-in", "done.joined")
}

// resetPage sets a new password for who holds the link.
type resetPage struct {
	Frame
	Token   string
	Problem fault
}

func (s *Server) resetForm(c echo.Context) error {
	return s.render(c, http.StatusOK, "reset.html", resetPage{Frame: s.frame(c, s.say(c, "reset.title")), Token: c.QueryParam("token")})
}

func (s *Server) reset(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	p := resetPage{Token: form.Get("token")}
	if form.Get("password") != form.Get("again_password") {
		p.Problem = fault{"again_password", s.say(c, "account.differ")}
	} else if err := s.reg.Reset(p.Token, form.Get("password")); err != nil {
		f, ok := faulted(err)
		if !ok {
			return err
		}
		p.Problem = f
	}
	if p.Problem.Reason != "" {
		p.Frame = s.frame(c, s.say(c, "reset.title"))
		return s.render(c, http.StatusUnprocessableEntity, "reset.html", p)
	}
	return s.see(c, "/sign-in", "done.password")
}

// privacyPage says what is kept about people, where and how long.
type privacyPage struct {
	Frame
	Kept []registry.Kept
}

func (s *Server) privacy(c echo.Context) error {
	kept := slices.DeleteFunc(slices.Clone(registry.PersonalData), func(k registry.Kept) bool { return k.What == "" })
	return s.render(c, http.StatusOK, "privacy.html", privacyPage{s.frame(c, s.say(c, "privacy.title")), kept})
}
