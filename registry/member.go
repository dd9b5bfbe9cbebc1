package registry

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Member is a person who works here, of one region and one role.
type Member struct {
	ID       string    `json:"id"` // the sign-in name
	Name     string    `json:"name"`
	Region   string    `json:"region"` // code; "" for the joint secretariat
	Role     Role      `json:"role"`
	Created  time.Time `json:"created"`
	Password string    `json:"password,omitempty"` // argon2id, PHC string; "" for a member of a demonstration; never leaves the registry
	Ended    time.Time `json:"ended,omitzero"`     // when the membership ended; it may be opened again
	Erased   time.Time `json:"erased,omitzero"`    // when the name was replaced; that is for good

	Seat  Chair `json:"-"` // in the project at hand: see Registry.Seated
	Scope Scope `json:"-"` // of the token that speaks; "" for a person
}

// Active tells whether the member works here now.
func (m Member) Active() bool { return m.Ended.IsZero() && m.Erased.IsZero() }

// Is tells whether the member has a role, everywhere or in the project at hand.
func (m Member) Is(role Role) bool {
	return m.Role == role || m.Seat.Project != "" && m.Seat.Role == role
}

// System is who acts when the machine itself or its operator at the command
// line does: seeding, import, setup.
var System = Member{ID: "system", Name: "系统", Role: Administrator}

var members = table[Member]{"member", "位成员"}

// shown is the member as others may see it: without the hash of the password.
func (m Member) shown() Member {
	m.Password = ""
	return m
}

// Members lists all members by ID.
func (r *Registry) Members() (list []Member, err error) {
	err = r.store.View(func(tx Tx) error {
		return members.scan(tx, func(m Member) error {
			list = append(list, m.shown())
			return nil
		})
	})
	return list, err
}

// Member finds a member by its ID.
func (r *Registry) Member(id string) (m Member, err error) {
	err = r.store.View(func(tx Tx) error {
		m, err = members.get(tx, id)
		return err
	})
	return m.shown(), err
}

// AddMember takes in a member with a password for the first sign-in.
func (r *Registry) AddMember(actor, m Member, password string) (Member, error) {
	if err := May(actor, AddMember); err != nil {
		return Member{}, err
	}
	if err := m.check(password); err != nil {
		return Member{}, err
	}
	m.Password = hashPassword(password) // outside the transaction: it takes its time
	err := r.update(actor, func(c *change) error {
		return c.addMember(&m, AddMember)
	})
	if err != nil {
		return Member{}, err
	}
	return m.shown(), nil
}

// membershipOf is what an event says of a member: no name. The log stays as it
// is; whose name may be erased is called by the record alone.
func membershipOf(m Member) map[string]any { return map[string]any{"role": m.Role, "region": m.Region} }

func (c *change) addMember(m *Member, verb Verb) error {
	if _, held, err := members.find(c.Tx, m.ID); err != nil {
		return err
	} else if held {
		return refuse(Conflict, "id", "登录名 %s 已经有人用了，请换一个。 The name %s is taken: choose another.", m.ID, m.ID)
	}
	m.Created = c.r.now().UTC().Truncate(time.Second)
	if err := members.put(c, *m, m.ID); err != nil {
		return err
	}
	return c.log(verb, "members/"+m.ID, membershipOf(*m))
}

var memberForm = regexp.MustCompile(`^[a-z0-9-]{2,32}$`)

const maxName = 100 // bytes

// check completes a new member's record and refuses what may not be kept.
func (m *Member) check(password string) error {
	if err := m.checkName(); err != nil {
		return err
	}
	if err := m.checkRole(); err != nil {
		return err
	}
	return acceptable(m.ID, password)
}

func (m *Member) checkName() error {
	m.Name = strings.TrimSpace(m.Name)
	switch {
	case !memberForm.MatchString(m.ID):
		return refuse(Invalid, "id", "登录名用 2 到 32 个小写字母、数字和连字符。 A sign-in name has 2 to 32 lower-case letters, digits and hyphens.")
	case m.ID == System.ID:
		return refuse(Invalid, "id", "登录名 %s 保留给系统，请换一个。 The name %s is the system's own: choose another.", m.ID, m.ID)
	case m.Name == "" || len(m.Name) > maxName || strings.ContainsFunc(m.Name, unicode.IsControl):
		return refuse(Invalid, "name", "请写姓名，最多 %d 字节，不含换行。 Give a name, of at most %d bytes and on one line.", maxName, maxName)
	}
	return nil
}

func (m *Member) checkRole() error {
	switch {
	case !slices.Contains(Roles, m.Role):
		return refuse(Invalid, "role", "没有这种角色：%q。 There is no such role: %q.", m.Role, m.Role)
	case m.Region != "" && !slices.ContainsFunc(Regions, func(r Region) bool { return r.Code == m.Region }):
		return refuse(Invalid, "region", "地区是 31、32、33、34，或空（联合秘书处）：%q 不是。 The region is 31, 32, 33, 34, or empty for the joint secretariat; %q is not.", m.Region, m.Region)
	case m.Role == Representative && m.Region == "":
		return refuse(Invalid, "region", "地区代表要选地区。 A representative needs a region.")
	}
	return nil
}

// SetPassword changes a member's password and ends all of the member's
// sessions. One's own takes the old one; an administrator sets another
// member's without it, which ends its tokens too.
func (r *Registry) SetPassword(actor Member, id, old, new string) error {
	own := actor.ID == id && id != ""
	if !own {
		if err := May(actor, SetPassword); err != nil {
			return err
		}
	}
	var before Member
	err := r.store.View(func(tx Tx) (err error) {
		before, err = members.get(tx, id)
		return err
	})
	if err != nil {
		return err
	}
	if before.Password == "" {
		return refuse(Forbidden, "", "示范成员没有密码。 A member of a demonstration has no password.")
	}
	if own && !checkPassword(before.Password, old) {
		return refuse(Invalid, "old_password", "原密码不对。 The old password is wrong.")
	}
	if err := acceptable(id, new); err != nil {
		return err
	}
	hash := hashPassword(new)
	return r.update(actor, func(c *change) error {
		m, err := members.get(c.Tx, id)
		if err != nil {
			return err
		}
		if m.Password != before.Password {
			return refuse(Conflict, "old_password", "密码刚被改过：请重新登录再试。 The password has just been changed: sign in again first.")
		}
		m.Password = hash
		if err := members.put(c, m, id); err != nil {
			return err
		}
		end := c.shutOut // an account that was taken is got back
		if own {
			end = c.endSessions
		}
		if err := errors.Join(end(id), c.dropResets(id)); err != nil {
			return fmt.Errorf("end sessions of %s: %w", id, err)
		}
		return c.log(SetPassword, "members/"+id, nil)
	})
}
