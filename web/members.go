package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// membersPage lists who works here, with a form for one more.
type membersPage struct {
	Frame
	Members       []registry.Member
	Roles         []registry.Role
	Form          registry.Member
	Problem       fault
	Invitations   []registry.Invitation
	Invite        registry.Invitation // as it stands in the form
	Link          string              // an invitation, on the one page that shows it
	InviteProblem string
	Factor        map[registry.Role]bool // roles that need a second factor
	FactorProblem string
}

func (s *Server) members(c echo.Context) error {
	return s.showMembers(c, http.StatusOK, membersPage{Form: registry.Member{Role: registry.Reader}})
}

func (s *Server) showMembers(c echo.Context, status int, p membersPage) (err error) {
	p.Frame, p.Roles, p.Factor = s.frame(c, s.say(c, "nav.members")), registry.Roles, map[registry.Role]bool{}
	if p.Members, err = s.reg.Members(); err != nil {
		return err
	}
	if p.Invitations, err = s.reg.Invitations(s.actor(c)); err != nil {
		return err
	}
	roles, err := s.reg.FactorRoles()
	if err != nil {
		return err
	}
	for _, r := range roles {
		p.Factor[r] = true
	}
	return s.render(c, status, "members.html", p)
}

func (s *Server) addMember(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	m := registry.Member{ID: form.Get("id"), Name: form.Get("name"), Region: form.Get("region"), Role: registry.Role(form.Get("role"))}
	_, err = s.reg.AddMember(s.actor(c), m, form.Get("password"))
	if f, ok := faulted(err, registry.Invalid, registry.Conflict); ok {
		return s.showMembers(c, http.StatusUnprocessableEntity, membersPage{Form: m, Problem: f})
	}
	if err != nil {
		return err
	}
	return s.see(c, "/members", "done.member")
}

// accountPage is a member's own record.
type accountPage struct {
	Frame
	Problem        fault
	Mailbox        registry.Mailbox
	Address        string // as it stands in the form
	AddressProblem string
	Mails          bool // the operator named a mail server
	EraseProblem   string
	Feed           string // the address of the feed, on the one page that shows it
}

func (s *Server) account(c echo.Context) error {
	return s.showAccount(c, http.StatusOK, accountPage{})
}

func (s *Server) showAccount(c echo.Context, status int, p accountPage) (err error) {
	p.Frame, p.Mails = s.frame(c, s.say(c, "nav.account")), s.opt.Mails
	if p.Mailbox, err = s.reg.Mailbox(s.actor(c)); err != nil {
		return err
	}
	if p.AddressProblem == "" {
		p.Address = p.Mailbox.Address
	}
	return s.render(c, status, "account.html", p)
}

func (s *Server) setPassword(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	p := accountPage{}
	if form.Get("new_password") != form.Get("again_password") {
		p.Problem = fault{"again_password", s.say(c, "account.differ")}
	} else {
		actor := s.actor(c)
		err := s.proved(c, actor.ID, "old_password", func() error {
			return s.reg.SetPassword(actor, actor.ID, form.Get("old_password"), form.Get("new_password"))
		})
		if f, ok := faulted(err); ok {
			p.Problem = f
		} else if err != nil {
			return err
		}
	}
	if p.Problem.Reason != "" {
		return s.showAccount(c, http.StatusUnprocessableEntity, p)
	}
	// All sessions of the member have ended, this one too.
	s.setCookie(c, sessionCookie, "", -1)
	return s.see(c, "/sign-in", "done.password")
}
