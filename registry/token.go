package registry

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Token is a member's key for a program, limited to a scope and a time. It is
// kept by its hash, under its member and ID.
type Token struct {
	ID      string    `json:"id"`
	Member  string    `json:"member"`
	Name    string    `json:"name"`
	Scope   Scope     `json:"scope"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Used    time.Time `json:"used,omitzero"` // to the hour
	Hash    string    `json:"hash,omitempty"`
}

type tokenOwner struct {
	Member string `json:"member"`
	ID     string `json:"id"`
}

var (
	tokens      = table[Token]{"token", "个令牌"}
	tokenHashes = table[tokenOwner]{"token-hash", "个令牌"}
)

const (
	tokenPrefix = "tb_"                // so that people and scanners know one when they see it
	mostTokens  = 20                   // of a member
	longestKey  = 366 * 24 * time.Hour // how far off a token's end may be
)

// MakeToken makes a token and gives it this once.
func (r *Registry) MakeToken(actor Member, name string, scope []string, life time.Duration) (t Token, token string, err error) {
	if actor.ID == "" || actor.Scope != "" {
		return t, "", refuse(Forbidden, "", "请先登录。 Sign in first.")
	}
	if name = strings.TrimSpace(name); name == "" {
		return t, "", refuse(Invalid, "name", "请写这个令牌给什么程序用。 Say which program the token is for.")
	}
	if err := line("name", name); err != nil {
		return t, "", err
	}
	if life < time.Hour || life > longestKey {
		return t, "", refuse(Invalid, "expires", "有效期从一小时到一年。 A token lasts from an hour to a year.")
	}
	s, err := tokenScope(scope)
	if err != nil {
		return t, "", err
	}
	token = tokenPrefix + newToken()
	err = r.update(actor, func(c *change) error {
		if _, err := members.get(c.Tx, actor.ID); err != nil {
			return err
		}
		own, err := tokens.all(c.Tx, actor.ID)
		if err != nil {
			return err
		}
		if len(own) >= mostTokens {
			return refuse(Invalid, "", "最多 %d 个令牌：请先作废不用的。 At most %d tokens: revoke one first.", mostTokens, mostTokens)
		}
		next, err := c.next()
		if err != nil {
			return err
		}
		now := r.now().UTC().Truncate(time.Second)
		t = Token{ID: fmt.Sprintf("k%d", next), Member: actor.ID, Name: name, Scope: s, Created: now, Expires: now.Add(life), Hash: hashOf([]byte(token))}
		if err := tokenHashes.put(c, tokenOwner{actor.ID, t.ID}, t.Hash); err != nil {
			return err
		}
		if err := tokens.put(c, t, actor.ID, t.ID); err != nil {
			return err
		}
		return c.log(MakeToken, "members/"+actor.ID, map[string]any{"token": t.ID, "scope": t.Scope, "expires": t.Expires})
	})
	t.Hash = ""
	if err != nil {
		return Token{}, "", err
	}
	return t, token, nil
}

// Tokens are the actor's own, newest first, those that are over too.
func (r *Registry) Tokens(actor Member) (list []Token, err error) {
	err = r.store.View(func(tx Tx) error {
		list, err = tokens.all(tx, actor.ID)
		return err
	})
	for i := range list {
		list[i].Hash = ""
	}
	slices.SortFunc(list, func(a, b Token) int { return b.Created.Compare(a.Created) })
	return list, err
}

// DropToken revokes one of the actor's tokens.
func (r *Registry) DropToken(actor Member, id string) error {
	if actor.ID == "" {
		return refuse(Forbidden, "", "请先登录。 Sign in first.")
	}
	return r.update(actor, func(c *change) error {
		t, err := tokens.get(c.Tx, actor.ID, id)
		if err != nil {
			return err
		}
		if err := c.dropToken(t); err != nil {
			return err
		}
		return c.log(DropToken, "members/"+actor.ID, map[string]string{"token": id})
	})
}

func (c *change) dropToken(t Token) error {
	if err := tokenHashes.delete(c, t.Hash); err != nil {
		return err
	}
	return tokens.delete(c, t.Member, t.ID)
}

func (c *change) dropTokens(id string) error {
	list, err := tokens.all(c.Tx, id)
	for _, t := range list {
		if err == nil {
			err = c.dropToken(t)
		}
	}
	return err
}

// Bearer is the member for whom a token speaks, limited to its scope. One that
// is unknown, over or revoked is a Refusal.
func (r *Registry) Bearer(token string) (m Member, err error) {
	var t Token
	refused := refuse(Forbidden, "", "令牌不对、已作废或已过期。 The token is wrong, revoked or over.")
	err = r.store.View(func(tx Tx) error {
		owner, held, err := tokenHashes.find(tx, hashOf([]byte(token)))
		if err != nil || !held {
			return cmpRefused(err, refused)
		}
		if t, held, err = tokens.find(tx, owner.Member, owner.ID); err != nil || !held || !r.now().Before(t.Expires) {
			return cmpRefused(err, refused)
		}
		if m, err = members.get(tx, t.Member); err != nil {
			return err
		}
		lacking, err := enrolment(tx, m)
		if err == nil && (!m.Active() || lacking != "") {
			err = refused
		}
		return err
	})
	if err == nil && r.now().Sub(t.Used) >= touchEvery {
		err = r.store.Update(func(tx Tx) error { // no event: nobody did anything yet
			held, ok, err := tokens.find(tx, t.Member, t.ID)
			if err != nil || !ok {
				return err
			}
			held.Used = r.now().UTC().Truncate(touchEvery)
			return tokens.put(tx, held, t.Member, t.ID)
		})
	}
	if err != nil {
		return Member{}, err
	}
	m.Scope = t.Scope
	return m.shown(), nil
}

// cmpRefused is the fault where there is one, the refusal otherwise.
func cmpRefused(fault, refusal error) error {
	if fault != nil {
		return fault
	}
	return refusal
}
