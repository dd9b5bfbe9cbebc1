package registry

import (
	"slices"
	"time"
)

// Chair is the role that a member has inside one project, beside its own.
type Chair struct {
	Project string `json:"project"`
	Role    Role   `json:"role"`
}

// seating is a chair as it is kept: by member, then project.
type seating struct {
	Chair
	Member string    `json:"member"`
	By     string    `json:"by"`
	Since  time.Time `json:"since"`
}

var seatings = table[seating]{"seat", "个席位"}

// SeatRoles are the roles that can be given in one project.
var SeatRoles = []Role{Author, Representative, Secretary}

// GiveSeat lets a member work in one project in a role that it has nowhere else.
// A representative speaks for its region, which must take part.
func (r *Registry) GiveSeat(actor Member, id string, chair Chair) error {
	if err := May(actor, Seat); err != nil {
		return err
	}
	if !slices.Contains(SeatRoles, chair.Role) {
		return refuse(Invalid, "role", "项目里的角色只有起草人、代表和秘书处。 In a project one is author, representative or secretary.")
	}
	return r.update(actor, func(c *change) error {
		m, err := members.get(c.Tx, id)
		if err != nil {
			return err
		}
		p, err := projects.get(c.Tx, chair.Project)
		if err != nil {
			return err
		}
		if !m.Active() {
			return refuse(Conflict, "", "成员资格已终止：请先恢复。 The membership has ended: open it again first.")
		}
		if chair.Role == Representative && !p.Takes(m.Region) {
			return refuse(Invalid, "role", "该成员的地区不参加这个项目。 The member's region takes no part in this project.")
		}
		s := seating{chair, id, actor.ID, c.r.now().UTC().Truncate(time.Second)}
		if err := seatings.put(c, s, id, chair.Project); err != nil {
			return err
		}
		return c.log(Seat, "members/"+id, chair)
	})
}

// TakeSeat ends a member's seat in a project.
func (r *Registry) TakeSeat(actor Member, id, project string) error {
	if err := May(actor, Unseat); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		if _, err := seatings.get(c.Tx, id, project); err != nil {
			return err
		}
		if err := seatings.delete(c, id, project); err != nil {
			return err
		}
		return c.log(Unseat, "members/"+id, map[string]string{"project": project})
	})
}

// Seats are a member's seats, by project.
func (r *Registry) Seats(id string) (list []Chair, err error) {
	err = r.store.View(func(tx Tx) error {
		return seatings.scan(tx, func(s seating) error { list = append(list, s.Chair); return nil }, id)
	})
	return list, err
}

// Seated is the member as it works in a project: with its seat there, if any.
func (r *Registry) Seated(m Member, project string) (Member, error) {
	m.Seat = Chair{}
	err := r.store.View(func(tx Tx) error {
		s, held, err := seatings.find(tx, m.ID, project)
		if held {
			m.Seat = s.Chair
		}
		return err
	})
	return m, err
}

// ChangeMember gives a member another role and region; both count from the next
// request on. Whoever is the last administrator stays one.
func (r *Registry) ChangeMember(actor Member, id string, role Role, region string) error {
	return r.changeMember(actor, ChangeMember, id, func(c *change, m *Member) error {
		if !m.Active() {
			return refuse(Conflict, "", "成员资格已终止：请先恢复。 The membership has ended: open it again first.")
		}
		m.Role, m.Region = role, region
		return m.checkRole()
	})
}

// EndMembership signs a member out everywhere and lets it in no more. What it
// did stays as it is; sessions, tokens, feeds and links end at once.
func (r *Registry) EndMembership(actor Member, id string) error {
	return r.changeMember(actor, EndMembership, id, func(c *change, m *Member) error {
		if !m.Active() {
			return refuse(Conflict, "", "成员资格已经终止。 The membership has ended already.")
		}
		m.Ended = c.r.now().UTC().Truncate(time.Second)
		return c.shutOut(id)
	})
}

// ReopenMember takes back who had left; with a password where it still has one.
func (r *Registry) ReopenMember(actor Member, id string) error {
	return r.changeMember(actor, ReopenMember, id, func(_ *change, m *Member) error {
		if !m.Erased.IsZero() {
			return refuse(Conflict, "", "个人资料已抹去，不能恢复：请另行邀请。 The member's data was erased and cannot come back: invite them anew.")
		}
		if m.Active() {
			return refuse(Conflict, "", "成员资格没有终止。 The membership has not ended.")
		}
		m.Ended = time.Time{}
		return nil
	})
}

func (r *Registry) changeMember(actor Member, verb Verb, id string, fn func(*change, *Member) error) error {
	if err := May(actor, verb); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		m, err := members.get(c.Tx, id)
		if err != nil {
			return err
		}
		was := m
		if err := fn(c, &m); err != nil {
			return err
		}
		if m == was {
			return nil
		}
		if err := c.keepAdministrator(was, m); err != nil {
			return err
		}
		if was.Role == Administrator && m.Role != Administrator {
			if err := c.dropHandedOut(id); err != nil {
				return err
			}
		}
		if err := members.put(c, m, id); err != nil {
			return err
		}
		return c.log(verb, "members/"+id, membershipOf(m))
	})
}

// keepAdministrator refuses a change after which nobody could take it back.
func (c *change) keepAdministrator(was, now Member) error {
	governs := func(m Member) bool { return m.Role == Administrator && m.Active() }
	if !governs(was) || governs(now) {
		return nil
	}
	others := 0
	err := members.scan(c.Tx, func(m Member) error {
		if m.ID != was.ID && governs(m) {
			others++
		}
		return nil
	})
	if err == nil && others == 0 {
		err = refuse(Conflict, "", "这是最后一位管理员：请先任命另一位。 This is the last administrator: appoint another first.")
	}
	return err
}

// shutOut ends all by which a member gets in, and what it handed out with which
// others would.
func (c *change) shutOut(id string) error {
	for _, end := range []func(string) error{c.endSessions, c.dropTokens, c.dropResets, c.dropHandedOut, c.dropLinks} {
		if err := end(id); err != nil {
			return err
		}
	}
	return nil
}

// Appoint makes an administrator on the machine itself: a member that is there
// gets the role (and its membership back), any other is taken in. It gives a
// one-time link token with which the password is set.
func (r *Registry) Appoint(id, name string) (token string, err error) {
	_, err = r.Member(id)
	switch {
	case Refused(err, NotFound):
		m := Member{ID: id, Name: name, Role: Administrator}
		if err := m.checkName(); err != nil {
			return "", err
		}
		err = r.update(System, func(c *change) error { return c.addMember(&m, AddMember) })
	case err == nil:
		err = r.changeMember(System, ChangeMember, id, func(_ *change, m *Member) error {
			if !m.Erased.IsZero() {
				return refuse(Conflict, "", "个人资料已抹去，不能恢复：请换一个登录名。 The member's data was erased: choose another name.")
			}
			m.Role, m.Ended = Administrator, time.Time{}
			return nil
		})
	}
	if err != nil {
		return "", err
	}
	return r.OfferReset(System, id)
}

// peopleOf are the members who work here, each as it works in a project.
func peopleOf(tx Tx, project string) (list []Member, err error) {
	err = members.scan(tx, func(m Member) error {
		if !m.Active() {
			return nil
		}
		s, held, err := seatings.find(tx, m.ID, project)
		if held {
			m.Seat = s.Chair
		}
		list = append(list, m)
		return err
	})
	return list, err
}
