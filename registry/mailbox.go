package registry

import (
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Mailbox is where a member's notices go by e-mail: personal data, kept apart
// from the member, shown to nobody else and in no event.
type Mailbox struct {
	Member    string    `json:"member"`
	Address   string    `json:"address,omitempty"` // "" for none
	Confirmed time.Time `json:"confirmed,omitzero"`
	Sent      uint64    `json:"sent"`              // event up to which notices were sent
	Token     string    `json:"token,omitempty"`   // SHA-256 of what confirms the address
	Asked     time.Time `json:"asked,omitzero"`    // when the letter with the token was sent
	Tries     int       `json:"tries,omitempty"`   // that failed since the last letter
	Next      time.Time `json:"next,omitzero"`     // not before
	Trouble   string    `json:"trouble,omitempty"` // why the last try failed
	Feed      string    `json:"feed,omitempty"`    // SHA-256 of the token of the member's feed
}

var (
	mailboxes = table[Mailbox]{"mailbox", "个邮箱"}
	// feeds finds a member by the hash of the token of its feed.
	feeds = table[string]{"feed", "个订阅源"}
)

const maxAddress = 254 // bytes, RFC 5321

// tokenHolds is how long a confirmation may be answered, and after which another
// is asked for.
const tokenHolds = 7 * 24 * time.Hour

// askAgain is how long a member waits before letters go to another address, so
// that nobody is sent many.
const askAgain = time.Minute

// Mailbox is the actor's own.
func (r *Registry) Mailbox(actor Member) (m Mailbox, err error) {
	err = r.store.View(func(tx Tx) error {
		m, _, err = mailboxes.find(tx, actor.ID)
		return err
	})
	m.Member = actor.ID
	return m, err
}

// SetAddress says where the actor's notices are sent, once the address is
// confirmed; "" ends that and forgets the address.
func (r *Registry) SetAddress(actor Member, address string) (Mailbox, error) {
	address = strings.TrimSpace(address)
	if address != "" {
		parsed, err := mail.ParseAddress(address)
		if err != nil || parsed.Address != address || len(address) > maxAddress || strings.ContainsAny(address, "\r\n") {
			return Mailbox{}, refuse(Invalid, "address", "这不是一个邮箱地址，请写成 name@example.org 的样子。 This is no e-mail address: write one like name@example.org.")
		}
	}
	return r.changeMailbox(actor, SetAddress, func(c *change, m *Mailbox) error {
		if address == m.Address && (address == "" || !m.Confirmed.IsZero()) {
			return nil
		}
		if address != "" && r.now().Sub(m.Asked) < askAgain {
			return refuse(Invalid, "address", "确认邮件刚刚发出：请等一分钟再换地址。 A letter has just been sent: wait a minute before you change the address.")
		}
		head, _, err := heads.find(c.Tx, "head")
		*m = Mailbox{Member: m.Member, Address: address, Asked: m.Asked, Sent: head.Seq, Feed: m.Feed}
		return err
	})
}

// changeMailbox changes the actor's own mailbox and logs that, without what is
// in it.
func (r *Registry) changeMailbox(actor Member, verb Verb, fn func(*change, *Mailbox) error) (m Mailbox, err error) {
	if actor.ID == "" {
		return m, refuse(Forbidden, "", "请先登录。 Sign in first.")
	}
	err = r.update(actor, func(c *change) error {
		if _, err := members.get(c.Tx, actor.ID); err != nil {
			return err
		}
		if m, _, err = mailboxes.find(c.Tx, actor.ID); err != nil {
			return err
		}
		m.Member = actor.ID
		if err := fn(c, &m); err != nil {
			return err
		}
		if err := mailboxes.put(c, m, actor.ID); err != nil {
			return err
		}
		return c.log(verb, "members/"+actor.ID, nil)
	})
	return m, err
}

// ConfirmAddress takes the token that was sent to the actor's address.
func (r *Registry) ConfirmAddress(actor Member, token string) (Mailbox, error) {
	return r.changeMailbox(actor, ConfirmAddress, func(c *change, m *Mailbox) error {
		if m.Token == "" || m.Token != hashOf([]byte(token)) || r.now().Sub(m.Asked) > tokenHolds {
			return refuse(Invalid, "token", "这个确认链接不对或已过期：请在“账户”里重新填写邮箱。 This link is wrong or over: enter the address again on your account page.")
		}
		m.Token, m.Confirmed = "", r.now().UTC().Truncate(time.Second)
		return nil
	})
}

// OpenFeed gives the actor's feed a new token; the old one leads nowhere then.
func (r *Registry) OpenFeed(actor Member) (token string, err error) {
	token = newToken()
	_, err = r.changeMailbox(actor, OpenFeed, func(c *change, m *Mailbox) error {
		if m.Feed != "" {
			if err := feeds.delete(c, m.Feed); err != nil {
				return err
			}
		}
		m.Feed = hashOf([]byte(token))
		return feeds.put(c, actor.ID, m.Feed)
	})
	return token, err
}

// FeedOf is the member whose feed a token opens.
func (r *Registry) FeedOf(token string) (m Member, err error) {
	err = r.store.View(func(tx Tx) error {
		id, err := feeds.get(tx, hashOf([]byte(token)))
		if err != nil {
			return refuse(NotFound, "", "没有这个订阅源：地址换过了，请在“账户”里再取。 There is no such feed: its address was changed; get it again on your account page.")
		}
		if m, err = members.get(tx, id); err == nil && !m.Active() {
			err = refuse(NotFound, "", "没有这个订阅源：成员资格已终止。 There is no such feed: the membership has ended.")
		}
		return err
	})
	return m.shown(), err
}

// Letter is what is to be sent to one member.
type Letter struct {
	Member  Member
	Address string
	// Token confirms the address; Notices and Digest are empty then.
	Token   string
	Notices []Notice   // oldest first
	Digest  []Digested // what subscriptions brought; Notices is empty then
	upTo    uint64
}

// maxInLetter bounds the notices of one letter.
const maxInLetter = 50

// DueLetters are the letters that are to be sent now: confirmations that were
// not asked for yet, and what members with a confirmed address have neither been
// sent nor read on the site. Asking for one twice sends it twice: one caller.
func (r *Registry) DueLetters() (due []Letter, err error) {
	now := r.now().UTC()
	err = r.store.View(func(tx Tx) error {
		boxes, err := mailboxes.all(tx)
		if err != nil {
			return err
		}
		for _, box := range boxes {
			asked := box.Confirmed.IsZero() && box.Token != "" // it is for the member to answer
			if box.Address == "" || asked || now.Before(box.Next) {
				continue
			}
			m, err := members.get(tx, box.Member)
			if err != nil {
				return err
			}
			if !m.Active() {
				continue
			}
			l := Letter{Member: m.shown(), Address: box.Address}
			if !box.Confirmed.IsZero() {
				digest, err := r.digests(tx, m, now)
				if err != nil {
					return err
				}
				if len(digest) > 0 {
					due = append(due, Letter{Member: l.Member, Address: l.Address, Digest: digest})
				}
			}
			if box.Confirmed.IsZero() {
				l.Token = newToken()
			} else if l.Notices, err = r.unsent(tx, m, box); err != nil {
				return err
			} else if len(l.Notices) == 0 {
				continue
			} else {
				l.upTo = l.Notices[len(l.Notices)-1].Seq
			}
			due = append(due, l)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return due, r.ask(due, now)
}

// ask keeps the hashes of the tokens that letters are about to carry.
func (r *Registry) ask(due []Letter, now time.Time) error {
	if !slices.ContainsFunc(due, func(l Letter) bool { return l.Token != "" }) {
		return nil
	}
	return r.store.Update(func(tx Tx) error {
		for _, l := range due {
			box, _, err := mailboxes.find(tx, l.Member.ID)
			if l.Token == "" || box.Address != l.Address {
				continue
			}
			box.Token, box.Asked = hashOf([]byte(l.Token)), now.Truncate(time.Second)
			if err := errors.Join(err, mailboxes.put(tx, box, box.Member)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *Registry) unsent(tx Tx, m Member, box Mailbox) (list []Notice, err error) {
	read, err := r.noticesReadBy(tx, m)
	if err != nil {
		return nil, err
	}
	from := notices.key(m.ID, seq(max(box.Sent, read)+1))
	err = notices.between(tx, from, after(append(notices.key(m.ID), 0)), func(n Notice) error {
		if n.Event, err = events.get(tx, seq(n.Seq)); err != nil {
			return err
		}
		if list = append(list, n); len(list) == maxInLetter {
			return ErrStop
		}
		return nil
	})
	return list, err
}

// longestPause bounds the wait between two tries of a letter.
const longestPause = 6 * time.Hour

// LetterSent notes how a letter fared: failed nil is sent, otherwise it is tried
// again after a minute, two, four and so on, up to six hours.
func (r *Registry) LetterSent(l Letter, failed error) error {
	return r.store.Update(func(tx Tx) error {
		box, held, err := mailboxes.find(tx, l.Member.ID)
		if err != nil || !held || box.Address != l.Address {
			return err // changed meanwhile
		}
		if failed == nil {
			if err := digested(tx, l.Digest); err != nil {
				return err
			}
			box.Sent, box.Tries, box.Next, box.Trouble = max(box.Sent, l.upTo), 0, time.Time{}, ""
			return mailboxes.put(tx, box, box.Member)
		}
		pause := min(time.Minute<<min(box.Tries, 20), longestPause)
		box.Tries, box.Next, box.Trouble = box.Tries+1, r.now().UTC().Add(pause).Truncate(time.Second), failed.Error()
		if len(box.Trouble) > maxMessage {
			box.Trouble = strings.ToValidUTF8(box.Trouble[:maxMessage], "")
		}
		if l.Token != "" {
			box.Token = "" // ask with another one
		}
		return mailboxes.put(tx, box, box.Member)
	})
}
