package registry

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Invitation is a one-time link by which one person becomes a member with the
// role and region that the inviter fixed. It is kept by the hash of its token.
type Invitation struct {
	ID      string    `json:"id"`
	Role    Role      `json:"role"`
	Region  string    `json:"region"`
	For     string    `json:"for,omitempty"` // a note for the inviter's own list; forgotten when it is used
	By      string    `json:"by"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Hash    string    `json:"hash"` // SHA-256 of the token
}

// reset is a one-time link by which a member sets a new password.
type reset struct {
	Member  string    `json:"member"`
	By      string    `json:"by"`
	Expires time.Time `json:"expires"`
}

var (
	invitations      = table[Invitation]{"invitation", "个邀请"}
	invitationHashes = table[string]{"invitation-hash", "个邀请"}
	resets           = table[reset]{"reset", "个重设链接"} // by the hash of its token
)

const (
	inviteLife = 7 * 24 * time.Hour
	resetLife  = 24 * time.Hour
	mostOpen   = 200 // invitations at a time
)

// Invite makes an invitation and gives its token, which is kept nowhere.
func (r *Registry) Invite(actor Member, role Role, region, note string) (inv Invitation, token string, err error) {
	if err := May(actor, Invite); err != nil {
		return inv, "", err
	}
	m := Member{Role: role, Region: region}
	if err := m.checkRole(); err != nil {
		return inv, "", err
	}
	note = strings.TrimSpace(note)
	if err := line("for", note); err != nil {
		return inv, "", err
	}
	token = newToken()
	err = r.update(actor, func(c *change) error {
		if err := c.sweepInvitations(); err != nil {
			return err
		}
		open, err := invitations.all(c.Tx)
		if err != nil {
			return err
		}
		if len(open) >= mostOpen {
			return refuse(Invalid, "", "同时有效的邀请最多 %d 个：请先撤回不用的。 At most %d invitations at a time: take back what is not needed.", mostOpen, mostOpen)
		}
		next, err := c.next()
		if err != nil {
			return err
		}
		now := c.r.now().UTC().Truncate(time.Second)
		inv = Invitation{ID: fmt.Sprintf("i%d", next), Role: role, Region: region, For: note, By: actor.ID, Created: now, Expires: now.Add(inviteLife), Hash: hashOf([]byte(token))}
		if err := invitationHashes.put(c, inv.ID, inv.Hash); err != nil {
			return err
		}
		if err := invitations.put(c, inv, inv.ID); err != nil {
			return err
		}
		return c.log(Invite, "invitations/"+inv.ID, membershipOf(m))
	})
	inv.Hash = ""
	return inv, token, err
}

// Invitations are those that can still be used, by ID.
func (r *Registry) Invitations(actor Member) (list []Invitation, err error) {
	if err := May(actor, Invite); err != nil {
		return nil, err
	}
	err = r.store.View(func(tx Tx) error {
		return invitations.scan(tx, func(i Invitation) error {
			if i.Hash = ""; r.now().Before(i.Expires) {
				list = append(list, i)
			}
			return nil
		})
	})
	slices.SortFunc(list, func(a, b Invitation) int { return b.Created.Compare(a.Created) })
	return list, err
}

// Uninvite takes an invitation back.
func (r *Registry) Uninvite(actor Member, id string) error {
	if err := May(actor, Uninvite); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		inv, err := invitations.get(c.Tx, id)
		if err != nil {
			return err
		}
		if err := c.dropInvitation(inv); err != nil {
			return err
		}
		return c.log(Uninvite, "invitations/"+id, nil)
	})
}

func (c *change) dropInvitation(inv Invitation) error {
	if err := invitationHashes.delete(c, inv.Hash); err != nil {
		return err
	}
	return invitations.delete(c, inv.ID)
}

// sweepInvitations forgets those that are over.
func (c *change) sweepInvitations() error {
	list, err := invitations.all(c.Tx)
	for _, inv := range list {
		if err == nil && !c.r.now().Before(inv.Expires) {
			err = c.dropInvitation(inv)
		}
	}
	return err
}

// Invited is the invitation of a token.
func (r *Registry) Invited(token string) (inv Invitation, err error) {
	err = r.store.View(func(tx Tx) (err error) {
		inv, err = r.invitation(tx, token)
		return err
	})
	inv.Hash = ""
	return inv, err
}

func (r *Registry) invitation(tx Tx, token string) (inv Invitation, err error) {
	id, held, err := invitationHashes.find(tx, hashOf([]byte(token)))
	if held && err == nil {
		inv, held, err = invitations.find(tx, id)
	}
	if err == nil && (!held || !r.now().Before(inv.Expires)) {
		err = refuse(Forbidden, "token", "邀请链接不对、已用过、已撤回或已过期：请向邀请人再要一个。 This invitation is wrong, used, taken back or over: ask for another.")
	}
	return inv, err
}

// Join makes a member of who holds an invitation: role and region are the
// invitation's, whatever else is asked for.
func (r *Registry) Join(token, id, name, password string) (Member, error) {
	inv, err := r.Invited(token) // looked at twice: a stranger may not make us hash
	if err != nil {
		return Member{}, err
	}
	m := Member{ID: id, Name: name, Role: inv.Role, Region: inv.Region}
	if err := m.check(password); err != nil {
		return Member{}, err
	}
	m.Password = hashPassword(password)
	err = r.update(Member{ID: id}, func(c *change) error {
		held, err := r.invitation(c.Tx, token)
		if err != nil {
			return err
		}
		if err := c.dropInvitation(held); err != nil {
			return err
		}
		return c.addMember(&m, Join)
	})
	return m.shown(), err
}

// OfferReset makes a link with which a member sets a new password, for an
// administrator to hand over. Another one takes the place of the first.
func (r *Registry) OfferReset(actor Member, id string) (token string, err error) {
	if err := May(actor, OfferReset); err != nil {
		return "", err
	}
	token = newToken()
	err = r.update(actor, func(c *change) error {
		m, err := members.get(c.Tx, id)
		if err != nil {
			return err
		}
		if demo, err := c.Get(demoKey); err != nil {
			return err
		} else if demo != nil && m.Password == "" {
			return refuse(Forbidden, "", "示范成员没有密码。 A member of a demonstration has no password.")
		}
		if !m.Active() {
			return refuse(Conflict, "", "成员资格已终止：请先恢复。 The membership has ended: open it again first.")
		}
		if err := c.offerReset(actor.ID, id, token); err != nil {
			return err
		}
		return c.log(OfferReset, "members/"+id, nil)
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

func (c *change) offerReset(by, id, token string) error {
	if err := c.dropResets(id); err != nil {
		return err
	}
	return resets.put(c, reset{id, by, c.r.now().UTC().Truncate(time.Second).Add(resetLife)}, hashOf([]byte(token)))
}

// dropHandedOut takes back what a member handed out and nobody has used yet: who
// may invite no more has left no way in behind.
func (c *change) dropHandedOut(by string) error {
	list, err := invitations.all(c.Tx)
	for _, inv := range list {
		if err == nil && inv.By == by {
			err = c.dropInvitation(inv)
		}
	}
	if err != nil {
		return err
	}
	return c.dropResetsWhere(func(held reset) bool { return held.By == by })
}

// dropResets forgets a member's links, and those of others that are over.
func (c *change) dropResets(id string) error {
	now := c.r.now()
	return c.dropResetsWhere(func(held reset) bool { return held.Member == id || !now.Before(held.Expires) })
}

func (c *change) dropResetsWhere(over func(reset) bool) error {
	var all []string
	prefix := resets.key()
	err := c.Scan(prefix, after(prefix), func(key, _ []byte) error {
		all = append(all, string(key[len(prefix):]))
		return nil
	})
	for _, key := range all {
		if err != nil {
			return err
		}
		var held reset
		if held, _, err = resets.find(c.Tx, key); err == nil && over(held) {
			err = resets.delete(c, key)
		}
	}
	return err
}

// Reset sets a new password for who holds the link, and ends all sessions.
func (r *Registry) Reset(token, password string) error {
	find := func(tx Tx) (held reset, err error) {
		held, ok, err := resets.find(tx, hashOf([]byte(token)))
		if err == nil && (!ok || !r.now().Before(held.Expires)) {
			err = refuse(Forbidden, "token", "重设链接不对、已用过或已过期：请再要一个。 This link is wrong, used or over: ask for another.")
		}
		return held, err
	}
	var held reset
	err := r.store.View(func(tx Tx) (err error) {
		held, err = find(tx)
		return err
	})
	if err != nil {
		return err
	}
	if err := acceptable(held.Member, password); err != nil {
		return err
	}
	hash := hashPassword(password)
	return r.update(Member{ID: held.Member}, func(c *change) error {
		held, err := find(c.Tx)
		if err != nil {
			return err
		}
		m, err := members.get(c.Tx, held.Member)
		if err != nil {
			return err
		}
		m.Password = hash
		if err := members.put(c, m, m.ID); err != nil {
			return err
		}
		if err := c.shutOut(m.ID); err != nil {
			return err
		}
		return c.log(SetPassword, "members/"+m.ID, nil)
	})
}
