package main

import (
	"fmt"
	"net/url"
	"strings"

	"tongbiao/registry"
)

// memberCommand is what the operator of the machine does about members, where
// nobody can sign in. The site must not be running: one process holds the file.
type memberCommand struct {
	List  memberListCommand  `cmd:"" help:"列出成员：list members."`
	Admin memberAdminCommand `cmd:"" help:"任命或救回管理员，给出一次性链接：make somebody an administrator, or get one back in; prints a one-time link."`
	Reset memberResetCommand `cmd:"" help:"给出设新密码的一次性链接：print a one-time link for a new password."`
	End   memberEndCommand   `cmd:"" help:"终止成员资格：end a membership."`
}

type memberListCommand struct{ dataFlag }

// Run prints a line a member: name, role, region, state.
func (cmd memberListCommand) Run(t *terminal) error {
	reg, err := cmd.open()
	if err != nil {
		return err
	}
	defer reg.Close()
	list, err := reg.Members()
	for _, m := range list {
		state := "active"
		if !m.Active() {
			state = "ended"
		}
		fmt.Fprintf(t.out, "%s\t%s\t%s\t%s\t%s\n", m.ID, m.Role, m.Region, state, m.Name)
	}
	return err
}

type memberAdminCommand struct {
	dataFlag
	ID   string `arg:"" help:"登录名：sign-in name; a new one is made."`
	Name string `help:"姓名：name, for a new one."`
	Site string `placeholder:"URL" default:"http://127.0.0.1:8080" help:"对外地址：address of the site, for the link."`
}

// Run appoints an administrator and prints the link with which the password is set.
func (cmd memberAdminCommand) Run(t *terminal) error {
	return cmd.link(t, cmd.Site, func(reg *registry.Registry) (string, error) {
		if cmd.Name == "" {
			cmd.Name = cmd.ID
		}
		return reg.Appoint(cmd.ID, cmd.Name)
	})
}

type memberResetCommand struct {
	dataFlag
	ID   string `arg:"" help:"登录名：sign-in name."`
	Site string `placeholder:"URL" default:"http://127.0.0.1:8080" help:"对外地址：address of the site, for the link."`
}

// Run prints a link with which a member sets a new password.
func (cmd memberResetCommand) Run(t *terminal) error {
	return cmd.link(t, cmd.Site, func(reg *registry.Registry) (string, error) { return reg.OfferReset(registry.System, cmd.ID) })
}

type memberEndCommand struct {
	dataFlag
	ID string `arg:"" help:"登录名：sign-in name."`
}

// Run ends a membership.
func (cmd memberEndCommand) Run(t *terminal) error {
	reg, err := cmd.open()
	if err != nil {
		return err
	}
	defer reg.Close()
	return reg.EndMembership(registry.System, cmd.ID)
}

func (d dataFlag) link(t *terminal, site string, fn func(*registry.Registry) (string, error)) error {
	reg, err := d.open()
	if err != nil {
		return err
	}
	defer reg.Close()
	token, err := fn(reg)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "请在 24 小时内打开，只能用一次。 Open it within 24 hours; it works once:\n  %s/reset?%s\n", strings.TrimSuffix(site, "/"), url.Values{"token": {token}}.Encode())
	return err
}
