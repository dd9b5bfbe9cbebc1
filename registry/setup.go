package registry

import (
	"crypto/subtle"
	"time"
)

// setupLife is how long the link for the first administrator holds.
const setupLife = 24 * time.Hour

// setupLink is the one-time token for the first administrator, kept by its
// hash.
type setupLink struct {
	Token   string    `json:"token"` // SHA-256, hex
	Expires time.Time `json:"expires"`
}

var setupLinks = table[setupLink]{"setup", "个设置链接"}

// SetupToken gives the token with which Setup makes the first administrator.
// It works once, for 24 hours, and until another is asked for. Where there is
// an administrator it is a Conflict.
func (r *Registry) SetupToken() (token string, err error) {
	token = newToken()
	err = r.update(System, func(c *change) error {
		if err := unmanaged(c.Tx); err != nil {
			return err
		}
		until := r.now().UTC().Truncate(time.Second).Add(setupLife)
		if err := setupLinks.put(c, setupLink{hashOf([]byte(token)), until}, "token"); err != nil {
			return err
		}
		return c.log(Setup, "registry", map[string]any{"link_until": until})
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// unmanaged refuses where there is an administrator.
func unmanaged(tx Tx) error {
	return members.scan(tx, func(m Member) error {
		if m.Role == Administrator && m.Active() {
			return refuse(Conflict, "", "已经有管理员了：请找管理员添加成员。 There is an administrator already: ask them to add members.")
		}
		return nil
	})
}

// Setup makes the first administrator, for who holds the token.
func (r *Registry) Setup(token, id, name, password string) error {
	// Looked at twice: a stranger may not make us hash, and of two who hold the
	// token one comes first.
	if err := r.store.View(func(tx Tx) error { return r.invited(tx, token) }); err != nil {
		return err
	}
	m := Member{ID: id, Name: name, Role: Administrator}
	if err := m.check(password); err != nil {
		return err
	}
	m.Password = hashPassword(password)
	return r.update(System, func(c *change) error {
		if err := r.invited(c.Tx, token); err != nil {
			return err
		}
		if err := setupLinks.delete(c, "token"); err != nil {
			return err
		}
		return c.addMember(&m, Setup)
	})
}

func (r *Registry) invited(tx Tx, token string) error {
	if err := unmanaged(tx); err != nil {
		return err
	}
	inv, held, err := setupLinks.find(tx, "token")
	if err != nil {
		return err
	}
	same := subtle.ConstantTimeCompare([]byte(inv.Token), []byte(hashOf([]byte(token)))) == 1
	if !held || !same || !r.now().Before(inv.Expires) {
		return refuse(Forbidden, "token", "设置链接不对、已用过或已过期：请重新启动程序，用新打印的链接。 The setup link is wrong, used or over: restart the program and use the link that it prints.")
	}
	return nil
}
