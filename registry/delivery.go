package registry

import (
	"fmt"
	"strings"
	"time"
)

// Delivery is how far the news of a subscription were carried out of the house,
// and with what trouble. Like the state of a mailbox it changes without an event.
type Delivery struct {
	Member       string    `json:"member"`
	Subscription string    `json:"subscription"`
	Pushed       uint64    `json:"pushed"`            // event up to which the webhook was called
	Digested     uint64    `json:"digested"`          // event up to which digests were sent
	Test         bool      `json:"test,omitempty"`    // a call without news was asked for
	Tries        int       `json:"tries,omitempty"`   // that failed since the last success
	Failing      time.Time `json:"failing,omitzero"`  // since when what waits has failed
	Next         time.Time `json:"next,omitzero"`     // not before
	Trouble      string    `json:"trouble,omitempty"` // why the last call failed
	Last         time.Time `json:"last,omitzero"`     // when a call last succeeded
	GivenUp      int       `json:"given_up,omitempty"`
}

var deliveries = table[Delivery]{"delivery", "个投递"}

// GiveUpAfter is how long a webhook is tried with one news; then it is left out,
// which the page of the subscription says.
const GiveUpAfter = 72 * time.Hour

// Push is a call of a webhook that is due.
type Push struct {
	Subscription Subscription // with the secret
	News         *News        // nil for a test
	test         bool
}

// ID names what is delivered: the same for every try of it.
func (p Push) ID() string {
	if p.News == nil {
		return p.Subscription.ID + "-test"
	}
	return fmt.Sprintf("%s-%d", p.Subscription.ID, p.News.Seq)
}

// DuePushes are the calls that are to be made now, one a subscription: its oldest
// news, or a test that was asked for. None is for who has left.
func (r *Registry) DuePushes() (due []Push, err error) {
	now := r.now().UTC()
	err = r.store.View(func(tx Tx) error {
		all, err := subscriptions.all(tx)
		if err != nil {
			return err
		}
		for _, s := range all {
			if s.Hook.URL == "" {
				continue
			}
			if m, err := members.get(tx, s.Member); err != nil {
				return err
			} else if !m.Active() {
				continue
			}
			d, _, err := deliveries.find(tx, s.Member, s.ID)
			if err != nil {
				return err
			}
			if d.Test {
				due = append(due, Push{Subscription: s, test: true})
				continue
			}
			if now.Before(d.Next) {
				continue
			}
			list, err := newsAfter(tx, s, d.Pushed, 1)
			if err != nil {
				return err
			}
			if len(list) > 0 {
				due = append(due, Push{Subscription: s, News: &list[0]})
			}
		}
		return nil
	})
	return due, err
}

// newsAfter are the oldest news of a subscription after an event.
func newsAfter(tx Tx, s Subscription, after0 uint64, limit int) (list []News, err error) {
	from := news.key(s.Member, s.ID, seq(after0+1))
	err = news.between(tx, from, after(append(news.key(s.Member, s.ID), 0)), func(n News) error {
		if list = append(list, n); len(list) == limit {
			return ErrStop
		}
		return nil
	})
	return list, err
}

// PushSent notes how a call fared: failed nil is done, otherwise it is tried again
// after a minute, two, four and so on, up to six hours, and given up after
// GiveUpAfter. A test is made once.
func (r *Registry) PushSent(p Push, failed error) error {
	now := r.now().UTC().Truncate(time.Second)
	return r.store.Update(func(tx Tx) error {
		d, held, err := deliveries.find(tx, p.Subscription.Member, p.Subscription.ID)
		if err != nil || !held {
			return err // ended meanwhile
		}
		if failed == nil {
			d.Tries, d.Failing, d.Next, d.Trouble, d.Last = 0, time.Time{}, time.Time{}, "", now
		} else {
			d.Trouble = failed.Error()
			if len(d.Trouble) > maxMessage {
				d.Trouble = strings.ToValidUTF8(d.Trouble[:maxMessage], "")
			}
		}
		switch {
		case p.test:
			d.Test = false
		case failed == nil:
			d.Pushed = max(d.Pushed, p.News.Seq)
		default:
			if d.Failing.IsZero() {
				d.Failing = now
			}
			d.Next = now.Add(min(time.Minute<<min(d.Tries, 20), longestPause))
			d.Tries++
			if now.Sub(d.Failing) >= GiveUpAfter {
				d.Pushed, d.Failing, d.GivenUp = max(d.Pushed, p.News.Seq), time.Time{}, d.GivenUp+1
			}
		}
		return deliveries.put(tx, d, d.Member, d.Subscription)
	})
}

// TestHook asks for one call of a subscription's webhook, now.
func (r *Registry) TestHook(actor Member, id string) error {
	err := r.changeSubscription(actor, TestHook, id, func(c *change, s *Subscription) error {
		if s.Hook.URL == "" {
			return refuse(Invalid, "url", "这个订阅没有回调地址。 This subscription has no webhook.")
		}
		d, err := deliveries.get(c.Tx, s.Member, s.ID)
		if err != nil {
			return err
		}
		d.Test = true
		return deliveries.put(c, d, s.Member, s.ID)
	})
	return err
}

// Digested is the news of one subscription in a letter.
type Digested struct {
	Subscription Subscription
	News         []News // oldest first
}

// digestAt is when a digest with something that came at a time is due: eight in
// the morning in China, the next day's or the next Monday's.
func digestAt(every DigestEvery, came time.Time) time.Time {
	t := came.In(China)
	due := time.Date(t.Year(), t.Month(), t.Day(), 8, 0, 0, 0, China)
	if !due.After(t) {
		due = due.AddDate(0, 0, 1)
	}
	for every == Weekly && due.Weekday() != time.Monday {
		due = due.AddDate(0, 0, 1)
	}
	return due
}

// digests are the news of a member's subscriptions that are due by e-mail.
func (r *Registry) digests(tx Tx, m Member, now time.Time) (out []Digested, err error) {
	own, err := subscriptions.all(tx, m.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range own {
		if s.Digest == "" {
			continue
		}
		d, _, err := deliveries.find(tx, s.Member, s.ID)
		if err != nil {
			return nil, err
		}
		list, err := newsAfter(tx, s, d.Digested, maxInLetter)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 && !now.Before(digestAt(s.Digest, list[0].Time)) {
			out = append(out, Digested{s.shown(), list})
		}
	}
	return out, nil
}

// digested notes that news were sent.
func digested(tx Tx, list []Digested) error {
	for _, sent := range list {
		d, held, err := deliveries.find(tx, sent.Subscription.Member, sent.Subscription.ID)
		if err != nil {
			return err
		}
		if !held {
			continue
		}
		d.Digested = max(d.Digested, sent.News[len(sent.News)-1].Seq)
		if err := deliveries.put(tx, d, d.Member, d.Subscription); err != nil {
			return err
		}
	}
	return nil
}
