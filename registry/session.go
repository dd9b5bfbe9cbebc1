package registry

import (
	"crypto/rand"
	"encoding/base64"
	"time"
)

const (
	sessionLife = 14 * 24 * time.Hour
	tokenLen    = 32 // bytes, from the system's source of randomness
)

// session is kept under the SHA-256 of its token: who reads the store cannot
// act as anybody.
type session struct {
	Member  string    `json:"member"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

var (
	sessions = table[session]{"session", "次登录"}
	// sessionEnds finds the sessions that are over: expiry in seconds, then the
	// session's key.
	sessionEnds = table[string]{"session-end", "次登录"}
)

func newToken() string {
	b := make([]byte, tokenLen)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// SignIn opens a session for who knows the password, and returns its token,
// which is kept nowhere. A wrong name and a wrong password get the same answer
// in the same time. The caller slows down who guesses: see Throttle.
func (r *Registry) SignIn(name, password string) (token string, m Member, err error) {
	err = r.store.View(func(tx Tx) error {
		m, _, err = members.find(tx, name)
		return err
	})
	if err != nil {
		return "", Member{}, err
	}
	if len(password) > maxPassword || !checkPassword(m.Password, password) {
		return "", Member{}, refuse(Forbidden, "password", "用户名或密码不对。 Wrong name or password.")
	}
	token, err = r.openSession(m)
	if err != nil {
		return "", Member{}, err
	}
	return token, m.shown(), nil
}

// OpenSession signs in a member of a demonstration, without password. It
// refuses in any other registry, and for a member who has a password.
func (r *Registry) OpenSession(id string) (token string, err error) {
	var m Member
	err = r.store.View(func(tx Tx) error {
		demo, err := tx.Get(demoKey)
		if err != nil {
			return err
		}
		if m, err = members.get(tx, id); err != nil {
			return err
		}
		if demo == nil || m.Password != "" {
			return refuse(Forbidden, "", "这里要用密码登录。 Sign in with a password here.")
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return r.openSession(m)
}

func (r *Registry) openSession(m Member) (token string, err error) {
	token = newToken()
	err = r.update(m, func(c *change) error {
		held, err := members.get(c.Tx, m.ID)
		if err != nil {
			return err
		}
		if held.Password != m.Password {
			return refuse(Conflict, "password", "密码刚被改过：请用新密码登录。 The password has just been changed: use the new one.")
		}
		now := r.now().UTC().Truncate(time.Second)
		if err := c.sweepSessions(now); err != nil {
			return err
		}
		s := session{Member: m.ID, Created: now, Expires: now.Add(sessionLife)}
		key := hashOf([]byte(token))
		if err := sessions.put(c, s, key); err != nil {
			return err
		}
		if err := sessionEnds.put(c, key, s.end(), key); err != nil {
			return err
		}
		return c.log(SignIn, "members/"+m.ID, nil)
	})
	return token, err
}

func (s session) end() string { return seq(uint64(s.Expires.Unix())) }

// sweepSessions forgets some of the sessions that are over: more of them than
// one sign-in brings, and few enough to wait for.
func (c *change) sweepSessions(now time.Time) error {
	const some = 20
	var over []string
	from, to := sessionEnds.key(), sessionEnds.key(seq(uint64(now.Unix()))+"\xff")
	err := sessionEnds.between(c.Tx, from, to, func(key string) error {
		if over = append(over, key); len(over) == some {
			return ErrStop
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, key := range over {
		if err := c.dropSession(key); err != nil {
			return err
		}
	}
	return nil
}

// dropSession forgets a session; one that is not there is no error.
func (c *change) dropSession(key string) error {
	s, held, err := sessions.find(c.Tx, key)
	if err != nil || !held {
		return err
	}
	if err := sessionEnds.delete(c, s.end(), key); err != nil {
		return err
	}
	return sessions.delete(c, key)
}

// endSessions forgets all sessions of a member.
func (c *change) endSessions(id string) error {
	var keys []string
	err := sessionEnds.scan(c.Tx, func(key string) error {
		s, held, err := sessions.find(c.Tx, key)
		if held && s.Member == id {
			keys = append(keys, key)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := c.dropSession(key); err != nil {
			return err
		}
	}
	return nil
}

// Session is the member who holds the token, as the record stands now. A token
// that is unknown or over is a Refusal.
func (r *Registry) Session(token string) (m Member, err error) {
	err = r.store.View(func(tx Tx) error {
		s, held, err := sessions.find(tx, hashOf([]byte(token)))
		if err != nil {
			return err
		}
		if !held || !r.now().Before(s.Expires) {
			return refuse(Forbidden, "", "请登录：您还没有登录，或登录已过期。 Sign in: you have not, or your session is over.")
		}
		m, err = members.get(tx, s.Member)
		return err
	})
	return m.shown(), err
}

// SignOut ends a session. To end one that is over already is no error.
func (r *Registry) SignOut(token string) error {
	key := hashOf([]byte(token))
	var s session
	var held bool
	err := r.store.View(func(tx Tx) (err error) {
		s, held, err = sessions.find(tx, key)
		return err
	})
	if err != nil || !held {
		return err
	}
	return r.update(Member{ID: s.Member}, func(c *change) error {
		if err := c.dropSession(key); err != nil {
			return err
		}
		return c.log(SignOut, "members/"+s.Member, nil)
	})
}
