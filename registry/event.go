package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Event is who did what, to what, when. Events are numbered without gaps from
// 1 and chained: Hash covers the event and the Hash before it, so that nothing
// can be changed, left out or put in without breaking the chain.
type Event struct {
	Seq    uint64          `json:"seq"`
	Time   time.Time       `json:"time"`           // UTC, seconds
	Actor  string          `json:"actor"`          // Member.ID; "system" for the machine itself
	Verb   Verb            `json:"verb"`           // e.g. "revision.submit"
	Object string          `json:"object"`         // what it was done to, e.g. "standards/db31-t-sf001/2"
	Data   json.RawMessage `json:"data,omitempty"` // what a reader of the log needs to understand it
	Prev   string          `json:"prev"`           // Hash of event Seq-1; "" for the first
	Hash   string          `json:"hash"`
}

// Sum is the hash that the event must bear: SHA-256, in hex, over the JSON of
// the event with an empty Hash.
func (e Event) Sum() string {
	e.Hash = ""
	raw, err := json.Marshal(e)
	if err != nil {
		panic(fmt.Sprintf("event %d is not JSON: %v", e.Seq, err)) // Data is always JSON: it was marshalled here
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// ChainError names the first event that breaks the chain.
type ChainError struct {
	Seq    uint64
	Reason string // Chinese first, then English
	Noted  bool   // the chain is whole by itself, but is not the one that was noted elsewhere
}

func (e *ChainError) Error() string {
	if e.Noted {
		return fmt.Sprintf("事件链与别处记下的不符（第 %d 条）。 The chain is not the one that was noted (event %d). %s", e.Seq, e.Seq, e.Reason)
	}
	return fmt.Sprintf("事件链在第 %d 条断开。 The chain breaks at event %d. %s", e.Seq, e.Seq, e.Reason)
}

var events = table[Event]{"event", "个事件"}
var heads = table[Event]{"event-head", "个事件"}

// change is one Update under way: the transaction, and the events that it owes.
type change struct {
	Tx
	r      *Registry
	actor  Member
	writes int
	logged int
}

func (c *change) Put(key, value []byte) error {
	c.writes++
	return c.Tx.Put(key, value)
}

func (c *change) Delete(key []byte) error {
	c.writes++
	return c.Tx.Delete(key)
}

// mayLog is the last look at an event: a token writes no more than its scope
// says whatever a handler forgot, and a seat nothing outside of its project.
func (c *change) mayLog(verb Verb, object string) error {
	if !c.actor.Scope.Has(verb) {
		return May(c.actor, verb)
	}
	at := "projects/" + c.actor.Seat.Project
	if c.actor.Seat.Project != "" && c.actor.reach(verb) > policy[verb][c.actor.Role] && object != at && !strings.HasPrefix(object, at+"/") {
		return refuse(Forbidden, "", "这个席位只在项目 %s 里有效。 This seat counts in project %s only.", c.actor.Seat.Project, c.actor.Seat.Project)
	}
	return nil
}

// log appends an event.
func (c *change) log(verb Verb, object string, data any) error {
	if err := c.mayLog(verb, object); err != nil {
		return err
	}
	var raw json.RawMessage
	if data != nil {
		var err error
		if raw, err = json.Marshal(data); err != nil {
			return fmt.Errorf("log %s: %w", verb, err)
		}
	}
	head, _, err := heads.find(c.Tx, "head")
	if err != nil {
		return err
	}
	e := Event{
		Seq: head.Seq + 1, Time: c.r.now().UTC().Truncate(time.Second), Actor: c.actor.ID,
		Verb: verb, Object: object, Data: raw, Prev: head.Hash,
	}
	e.Hash = e.Sum()
	if err := events.put(c.Tx, e, seq(e.Seq)); err != nil {
		return err
	}
	c.logged++
	if err := heads.put(c.Tx, e, "head"); err != nil {
		return err
	}
	return c.tell(e)
}

// update runs a verb: fn's writes and its events are kept together or not at
// all. A verb that writes without an event is a fault of ours and is refused.
// What is one member's alone and changes by the second, a working copy's text and
// how far notices were read, is written past it.
func (r *Registry) update(actor Member, fn func(*change) error) error {
	err := r.store.Update(func(tx Tx) error {
		c := &change{Tx: tx, r: r, actor: actor}
		if held, known, err := members.find(tx, actor.ID); err != nil {
			return err
		} else if known && !held.Active() { // while the request was under way
			return refuse(Forbidden, "", "成员资格已终止。 The membership has ended.")
		}
		if err := fn(c); err != nil {
			return err
		}
		if c.writes > 0 && c.logged == 0 {
			return fmt.Errorf("a change without an event")
		}
		return nil
	})
	if err == nil {
		r.announce()
	}
	return err
}

// Events returns up to limit events after the one numbered since, in order.
func (r *Registry) Events(since uint64, limit int) ([]Event, error) {
	var out []Event
	err := r.store.View(func(tx Tx) error {
		from, to := events.key(seq(since+1)), after(events.key())
		return events.between(tx, from, to, func(e Event) error {
			if len(out) == limit {
				return ErrStop
			}
			out = append(out, e)
			return nil
		})
	})
	return out, err
}

// LastEvent is the newest event; its Seq is 0 while there is none.
func (r *Registry) LastEvent() (Event, error) {
	var head Event
	err := r.store.View(func(tx Tx) (err error) {
		head, _, err = heads.find(tx, "head")
		return err
	})
	return head, err
}
