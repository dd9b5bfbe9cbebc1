package registry

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"
)

// A session ends this long after it began, and this long after it was used last.
const (
	sessionLife = 14 * 24 * time.Hour
	sessionIdle = 7 * 24 * time.Hour
	touchEvery  = time.Hour // how exactly the last use is kept
	tokenLen    = 32        // bytes, from the system's source of randomness
)

// From is where a request comes from, as much of it as is kept: the browser in
// two words and the network, not the address.
type From struct {
	Device  string // "Firefox · Linux"
	Network string // see Coarse
	Known   string // the token by which the browser is known, if it bears one
}

// session is kept under the SHA-256 of its token: who reads the store cannot
// act as anybody.
type session struct {
	ID      string    `json:"id,omitempty"` // by which its member may end it
	Member  string    `json:"member"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Used    time.Time `json:"used,omitzero"`
	Device  string    `json:"device,omitempty"`
	Network string    `json:"network,omitempty"`
}

func (s session) over(now time.Time) bool {
	return !now.Before(s.Expires) || !s.Used.IsZero() && now.Sub(s.Used) >= sessionIdle
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
	m, err = r.Recognise(name, password)
	if err != nil {
		return "", Member{}, err
	}
	in, err := r.Enter(m.ID, From{})
	return in.Session, m, err
}

// Recognise tells who knows the password of a name, and opens nothing yet: see
// Enter. A wrong name and a wrong password get the same answer after the same
// work, so do a name that has left and one without password.
func (r *Registry) Recognise(name, password string) (m Member, err error) {
	err = r.store.View(func(tx Tx) error {
		m, _, err = members.find(tx, name)
		return err
	})
	if err != nil {
		return Member{}, err
	}
	// Hashed first and looked at then: every answer has cost one hash.
	if len(password) > maxPassword {
		password = password[:maxPassword+1]
	}
	if known := checkPassword(m.Password, password); !known || !m.Active() || len(password) > maxPassword {
		return Member{}, refuse(Forbidden, "password", "登录名或密码不对。 Wrong name or password.")
	}
	return m.shown(), nil
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
		if demo == nil || m.Password != "" || !m.Active() {
			return refuse(Forbidden, "", "这里要用密码登录。 Sign in with a password here.")
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	in, err := r.Enter(m.ID, From{})
	return in.Session, err
}

// Entry is what a browser gets that signed in.
type Entry struct {
	Session string // token
	Device  string // token by which the browser is known from now on; "" where it is already
}

// Enter opens a session for a member whom the caller has recognised, and keeps
// the browser in mind. The member is told of a browser that is new, except for
// its first.
func (r *Registry) Enter(id string, from From) (in Entry, err error) {
	in.Session = newToken()
	token := in.Session
	err = r.update(Member{ID: id}, func(c *change) error {
		m, err := members.get(c.Tx, id)
		if err != nil {
			return err
		}
		now := r.now().UTC().Truncate(time.Second)
		if err := c.sweepSessions(now); err != nil {
			return err
		}
		if in.Device, err = c.meet(m, from, now); err != nil {
			return err
		}
		next, err := c.next()
		if err != nil {
			return err
		}
		s := session{ID: fmt.Sprintf("s%d", next), Member: m.ID, Created: now, Expires: now.Add(sessionLife), Used: now, Device: from.Device, Network: from.Network}
		key := hashOf([]byte(token))
		if err := sessions.put(c, s, key); err != nil {
			return err
		}
		if err := sessionEnds.put(c, key, s.end(), key); err != nil {
			return err
		}
		return c.log(SignIn, "members/"+m.ID, nil)
	})
	if err != nil {
		return Entry{}, err
	}
	return in, nil
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
	var s session
	err = r.store.View(func(tx Tx) error {
		var held bool
		s, held, err = sessions.find(tx, hashOf([]byte(token)))
		if err != nil {
			return err
		}
		if !held || s.over(r.now()) {
			return refuse(Forbidden, "", "请登录：您还没有登录，或登录已过期。 Sign in: you have not, or your session is over.")
		}
		if m, err = members.get(tx, s.Member); err != nil {
			return err
		}
		if !m.Active() {
			return refuse(Forbidden, "", "成员资格已终止。 The membership has ended.")
		}
		m.Scope, err = enrolment(tx, m)
		return err
	})
	if err == nil && r.now().Sub(s.Used) >= touchEvery {
		err = r.touch(token)
	}
	if err != nil {
		return Member{}, err
	}
	return m.shown(), nil
}

// touch notes that a session is used. It is no event: nobody did anything.
func (r *Registry) touch(token string) error {
	key := hashOf([]byte(token))
	return r.store.Update(func(tx Tx) error {
		s, held, err := sessions.find(tx, key)
		if err != nil || !held {
			return err
		}
		s.Used = r.now().UTC().Truncate(time.Second)
		return sessions.put(tx, s, key)
	})
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
