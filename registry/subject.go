package registry

import (
	"time"
)

// Subject is a person as a provider of OpenID Connect names them: ID is unique
// at its Issuer and never given to another (OpenID Connect Core 1.0, 2).
type Subject struct{ Issuer, ID string }

// Link lets a subject in as a member. It is kept by the subject's hash: who
// reads the store does not learn who one is elsewhere.
type Link struct {
	Member string    `json:"member"`
	Issuer string    `json:"issuer"`
	Since  time.Time `json:"since"`
}

var subjects = table[Link]{"subject", "个外部登录"} // by Subject.key

const maxSubject = 255 // bytes, OpenID Connect Core 1.0, 2

func (s Subject) key() string { return hashOf([]byte(s.Issuer + "\x00" + s.ID)) }

func (s Subject) check() error {
	if s.Issuer == "" || s.ID == "" || len(s.ID) > maxSubject {
		return refuse(Invalid, "", "提供方没有说明您是谁。 The provider did not say who you are.")
	}
	return nil
}

// OfSubject is the member whom a subject is linked to. Nothing is made of one
// that is not; who has left stays out.
func (r *Registry) OfSubject(s Subject) (m Member, err error) {
	err = r.store.View(func(tx Tx) error {
		l, held, err := subjects.find(tx, s.key())
		if err != nil {
			return err
		}
		if !held {
			return refuse(Forbidden, "", "这个外部账号没有关联到任何成员：请先用密码登录，在“账户”里关联；还不是成员，请向管理员要邀请链接。 This account is linked to no member: sign in with your password and link it on your account page; if you are no member yet, ask for an invitation.")
		}
		if m, err = members.get(tx, l.Member); err == nil && !m.Active() {
			err = refuse(Forbidden, "", "成员资格已终止。 The membership has ended.")
		}
		return err
	})
	return m.shown(), err
}

// LinkSubject lets a subject in as the actor from now on. The caller makes sure
// that the actor has just shown the password again.
func (r *Registry) LinkSubject(actor Member, s Subject) error {
	if actor.ID == "" || actor.Scope != "" {
		return refuse(Forbidden, "", "请先登录。 Sign in first.")
	}
	if err := s.check(); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		if _, err := members.get(c.Tx, actor.ID); err != nil {
			return err
		}
		return c.link(actor.ID, s)
	})
}

func (c *change) link(id string, s Subject) error {
	if l, held, err := subjects.find(c.Tx, s.key()); err != nil {
		return err
	} else if held && l.Member == id {
		return refuse(Conflict, "", "已经关联了。 It is linked already.")
	} else if held {
		return refuse(Conflict, "", "这个外部账号已关联到另一位成员。 This account is linked to another member.")
	}
	keys, err := linksOf(c.Tx, id)
	if err != nil {
		return err
	}
	for _, l := range keys {
		if l.Issuer == s.Issuer {
			return refuse(Conflict, "", "您已关联了另一个外部账号：请先取消。 Another account is linked: unlink it first.")
		}
	}
	l := Link{id, s.Issuer, c.r.now().UTC().Truncate(time.Second)}
	if err := subjects.put(c, l, s.key()); err != nil {
		return err
	}
	return c.log(LinkSubject, "members/"+id, map[string]string{"issuer": s.Issuer})
}

// UnlinkSubject ends all sign-in of a member by providers: one's own, where a
// password is left to get in with, another's by an administrator.
func (r *Registry) UnlinkSubject(actor Member, id string) error {
	if actor.ID != id || id == "" || actor.Scope != "" {
		if err := May(actor, UnlinkSubject); err != nil {
			return err
		}
	}
	return r.update(actor, func(c *change) error {
		m, err := members.get(c.Tx, id)
		if err != nil {
			return err
		}
		links, err := linksOf(c.Tx, id)
		if err != nil {
			return err
		}
		if len(links) == 0 {
			return refuse(Conflict, "", "没有关联外部账号。 No account is linked.")
		}
		demo, err := c.Get(demoKey)
		if err != nil {
			return err
		}
		if actor.ID == id && m.Password == "" && demo == nil {
			return refuse(Conflict, "", "您没有密码，取消后就进不来了：请先设密码（忘记密码，或请管理员给链接）。 You have no password and could not get in again: set one first, by e-mail or an administrator's link.")
		}
		if err := c.dropLinks(id); err != nil {
			return err
		}
		return c.log(UnlinkSubject, "members/"+id, nil)
	})
}

// dropLinks ends all sign-in of a member by providers.
func (c *change) dropLinks(id string) error {
	links, err := linksOf(c.Tx, id)
	if err != nil {
		return err
	}
	for key := range links {
		if err := subjects.delete(c, key); err != nil {
			return err
		}
	}
	return nil
}

// Links are the providers by which a member gets in.
func (r *Registry) Links(id string) (list []Link, err error) {
	err = r.store.View(func(tx Tx) error {
		links, err := linksOf(tx, id)
		for _, l := range links {
			list = append(list, l)
		}
		return err
	})
	return list, err
}

// linksOf are a member's links by their keys.
func linksOf(tx Tx, id string) (map[string]Link, error) {
	out, prefix := map[string]Link{}, subjects.key()
	err := tx.Scan(prefix, after(prefix), func(key, _ []byte) error {
		name := string(key[len(prefix):])
		l, held, err := subjects.find(tx, name)
		if held && l.Member == id {
			out[name] = l
		}
		return err
	})
	return out, err
}
