package registry

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A second factor is a time-based one-time password (RFC 6238): six digits,
// thirty seconds, HMAC-SHA-1, which every authenticator knows. The secret has to
// be kept as it is; recovery codes are kept by their hashes.
type factor struct {
	Member    string    `json:"member"`
	Secret    []byte    `json:"secret"`
	Confirmed time.Time `json:"confirmed,omitzero"` // zero while its first code is awaited
	Last      uint64    `json:"last"`               // step of the last code that was taken: none counts twice
	Recovery  []string  `json:"recovery"`           // SHA-256 of the codes that are left
}

// factorRule says which roles need a second factor.
type factorRule struct {
	Roles []Role `json:"roles"`
}

var (
	factors     = table[factor]{"factor", "个第二因素"}
	factorRules = table[factorRule]{"factor-rule", "个第二因素规定"}
)

const (
	totpStep     = 30 // seconds
	totpDrift    = 1  // steps that a clock may be off
	recoveryLeft = 10 // codes that are made
)

var codeAlphabet = base32.StdEncoding.WithPadding(base32.NoPadding)

// hotp is the one-time password of a counter (RFC 4226).
func hotp(secret []byte, counter uint64, digits int) string {
	m := hmac.New(sha1.New, secret)
	m.Write(binary.BigEndian.AppendUint64(nil, counter))
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	n := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	mod := uint32(1)
	for range digits {
		mod *= 10
	}
	return fmt.Sprintf("%0*d", digits, n%mod)
}

// Enrolment is what a member needs to set up an authenticator.
type Enrolment struct {
	Secret string // base32, to be typed
	URI    string // otpauth://…, to be scanned
}

// BeginFactor gives the actor a new secret. It counts once a code of it was
// given to ConfirmFactor; one that is confirmed has to be dropped first.
func (r *Registry) BeginFactor(actor Member) (e Enrolment, err error) {
	secret := make([]byte, 20)
	rand.Read(secret) // never fails
	err = r.changeFactor(actor, SetFactor, func(c *change, f *factor) error {
		if !f.Confirmed.IsZero() {
			return refuse(Conflict, "", "两步验证已经开启：先关闭再重设。 Two-step sign-in is on already: switch it off first.")
		}
		*f = factor{Member: actor.ID, Secret: secret}
		return nil
	})
	if err != nil {
		return e, err
	}
	e.Secret = codeAlphabet.EncodeToString(secret)
	e.URI = "otpauth://totp/" + url.PathEscape("Tongbiao:"+actor.ID) + "?" + url.Values{"secret": {e.Secret}, "issuer": {"Tongbiao"}}.Encode()
	return e, nil
}

// ConfirmFactor takes the first code and gives the recovery codes, this once.
func (r *Registry) ConfirmFactor(actor Member, code string) (recovery []string, err error) {
	err = r.changeFactor(actor, SetFactor, func(c *change, f *factor) error {
		if len(f.Secret) == 0 || !f.Confirmed.IsZero() {
			return refuse(Conflict, "", "请先开始设置。 Begin the set-up first.")
		}
		if !f.take(code, r.now()) {
			return refuse(Invalid, "code", "验证码不对：请看手机时间是否准确，输入最新的六位数字。 The code is wrong: check the clock of the telephone and enter the newest six digits.")
		}
		f.Confirmed = r.now().UTC().Truncate(time.Second)
		for range recoveryLeft {
			b := make([]byte, 10)
			rand.Read(b) // never fails
			word := strings.ToLower(codeAlphabet.EncodeToString(b))
			recovery = append(recovery, word[:4]+"-"+word[4:8]+"-"+word[8:12]+"-"+word[12:])
			f.Recovery = append(f.Recovery, hashOf([]byte(word)))
		}
		return nil
	})
	return recovery, err
}

// take counts a code that is right and was not used yet.
func (f *factor) take(code string, now time.Time) bool {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	at := uint64(now.Unix()) / totpStep
	for step := at - totpDrift; step <= at+totpDrift; step++ {
		if step > f.Last && subtle.ConstantTimeCompare([]byte(hotp(f.Secret, step, 6)), []byte(code)) == 1 {
			f.Last = step
			return true
		}
	}
	return false
}

// recover counts a recovery code, once.
func (f *factor) recover(code string) bool {
	word := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(strings.TrimSpace(code)))
	at := slices.Index(f.Recovery, hashOf([]byte(word)))
	if at < 0 {
		return false
	}
	f.Recovery = slices.Delete(f.Recovery, at, at+1)
	return true
}

// NeedsCode tells whether a member who was recognised has to give a code, too.
func (r *Registry) NeedsCode(id string) (yes bool, err error) {
	err = r.store.View(func(tx Tx) error {
		f, _, err := factors.find(tx, id)
		yes = !f.Confirmed.IsZero()
		return err
	})
	return yes, err
}

// CheckCode takes a code of a member's second factor, or a recovery code; each
// counts once. The caller slows down who guesses.
func (r *Registry) CheckCode(id, code string) error {
	return r.store.Update(func(tx Tx) error { // the session that follows is the event
		f, _, err := factors.find(tx, id)
		if err != nil {
			return err
		}
		if f.Confirmed.IsZero() || !f.take(code, r.now()) && !f.recover(code) {
			return refuse(Forbidden, "code", "验证码不对或已用过：请等下一个，或用恢复码。 The code is wrong or was used: wait for the next, or use a recovery code.")
		}
		return factors.put(tx, f, id)
	})
}

// DropFactor switches the second factor off: one's own with a code, another
// member's by an administrator.
func (r *Registry) DropFactor(actor Member, id, code string) error {
	if actor.ID != id {
		if err := May(actor, DropFactor); err != nil {
			return err
		}
	}
	return r.update(actor, func(c *change) error {
		f, held, err := factors.find(c.Tx, id)
		if err != nil {
			return err
		}
		if !held {
			return refuse(Conflict, "", "没有开启两步验证。 Two-step sign-in is not on.")
		}
		if actor.ID == id && !f.Confirmed.IsZero() && !f.take(code, r.now()) && !f.recover(code) {
			return refuse(Invalid, "code", "验证码不对或已用过。 The code is wrong or was used.")
		}
		if err := factors.delete(c, id); err != nil {
			return err
		}
		return c.log(DropFactor, "members/"+id, nil)
	})
}

// FactorState is what the actor's page says of its second factor.
type FactorState struct {
	On, Begun, Required bool
	Recovery            int // codes that are left
}

// Factor is the state of the actor's second factor.
func (r *Registry) Factor(actor Member) (s FactorState, err error) {
	err = r.store.View(func(tx Tx) error {
		f, held, err := factors.find(tx, actor.ID)
		if err != nil {
			return err
		}
		needs, err := needsFactor(tx, actor)
		s = FactorState{!f.Confirmed.IsZero(), held && f.Confirmed.IsZero(), needs, len(f.Recovery)}
		return err
	})
	return s, err
}

// RequireFactor says which roles need a second factor. Who has none can do
// nothing from then on but set one up.
func (r *Registry) RequireFactor(actor Member, roles []Role) error {
	if err := May(actor, ChangeMember); err != nil {
		return err
	}
	for _, role := range roles {
		if !slices.Contains(Roles, role) {
			return refuse(Invalid, "role", "没有这种角色：%q。 There is no such role: %q.", role, role)
		}
	}
	return r.update(actor, func(c *change) error {
		if err := factorRules.put(c, factorRule{roles}, "rule"); err != nil {
			return err
		}
		return c.log(SetFactor, "registry", map[string]any{"roles": roles})
	})
}

// FactorRoles are the roles that need a second factor.
func (r *Registry) FactorRoles() (roles []Role, err error) {
	err = r.store.View(func(tx Tx) error {
		rule, _, err := factorRules.find(tx, "rule")
		roles = rule.Roles
		return err
	})
	return roles, err
}

// needsFactor tells whether a role that a member has, anywhere, needs a second
// factor.
func needsFactor(tx Tx, m Member) (needs bool, err error) {
	rule, _, err := factorRules.find(tx, "rule")
	if err != nil || len(rule.Roles) == 0 || slices.Contains(rule.Roles, m.Role) {
		return len(rule.Roles) > 0, err
	}
	err = seatings.scan(tx, func(s seating) error {
		needs = needs || slices.Contains(rule.Roles, s.Role)
		return nil
	}, m.ID)
	return needs, err
}

// enrolment is the scope of a member whose role needs a second factor and who
// has none; "" otherwise.
func enrolment(tx Tx, m Member) (Scope, error) {
	if needs, err := needsFactor(tx, m); err != nil || !needs {
		return "", err
	}
	f, _, err := factors.find(tx, m.ID)
	if err != nil || !f.Confirmed.IsZero() {
		return "", err
	}
	return enrolling, nil
}

func (r *Registry) changeFactor(actor Member, verb Verb, fn func(*change, *factor) error) error {
	if actor.ID == "" || actor.Scope != "" && !actor.Scope.Enrolling() {
		return refuse(Forbidden, "", "请先登录。 Sign in first.")
	}
	return r.update(actor, func(c *change) error {
		if _, err := members.get(c.Tx, actor.ID); err != nil {
			return err
		}
		f, _, err := factors.find(c.Tx, actor.ID)
		if err != nil {
			return err
		}
		if err := fn(c, &f); err != nil {
			return err
		}
		if err := factors.put(c, f, actor.ID); err != nil {
			return err
		}
		return c.log(verb, "members/"+actor.ID, nil)
	})
}
