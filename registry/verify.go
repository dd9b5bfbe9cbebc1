package registry

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Fault is something in the store that is not as it has to be.
type Fault struct {
	Where string // the record: "standards/db31-t-sf001/2"
	What  string // Chinese first, then English, and what to do
	// Repairable tells that nothing is lost: what is wrong follows from other
	// records, or nobody needs it.
	Repairable bool
	mend       func(Tx) error // what Repair does about it; nil where that is for people
}

// VerifyEvents walks the chain of events: numbered from 1 without gaps, each
// with the hash that it must bear and the hash of the one before, the head the
// last of them. A *ChainError names the first link that is broken. Who can
// write to the file can write a new chain: compare the last hash with one that
// was noted elsewhere to notice that too.
func (r *Registry) VerifyEvents() error { return r.store.View(verifyEvents) }

func verifyEvents(tx Tx) error {
	var last Event
	broken := func(seq uint64, chinese, english string, args ...any) error {
		return &ChainError{Seq: seq, Reason: fmt.Sprintf(chinese+"。 "+english+".", append(args, args...)...)}
	}
	err := tx.Scan(events.key(), after(events.key()), func(key, raw []byte) error {
		want := last.Seq + 1
		var e Event
		if err := json.Unmarshal(raw, &e); err != nil {
			return broken(want, "记录读不出来（%v）", "The record cannot be read (%v)", err)
		}
		if e.Seq != want || string(key) != string(events.key(seq(want))) {
			return broken(want, "此处是第 %d 条", "Event %d stands in its place", e.Seq)
		}
		if e.Prev != last.Hash {
			return broken(want, "前一条的散列对不上", "It does not bear the hash of the one before")
		}
		if e.Hash != e.Sum() {
			return broken(want, "内容与散列不符", "Its contents are not what its hash says")
		}
		last = e
		return nil
	})
	var damaged *Damaged
	if errors.As(err, &damaged) {
		return broken(last.Seq+1, "记录已损坏", "The record is damaged")
	}
	if err != nil {
		return err
	}
	head, _, err := heads.find(tx, "head")
	if err != nil && !errors.As(err, &damaged) {
		return err
	}
	if err != nil || !reflect.DeepEqual(head, last) {
		return broken(last.Seq+1, "链头与最后一条（%d）不符", "The head is not the last event (%d)", last.Seq)
	}
	return nil
}

// Verify checks everything that is kept and reports each fault: the chain of
// events; every record as it was written; every text against its hash, and
// what a revision says of it; everything that a record points at. It returns
// an error only where the store cannot be read at all.
func (r *Registry) Verify(report func(Fault)) error {
	return r.store.View(func(tx Tx) error {
		v := &verifier{tx: tx, report: report}
		for _, check := range []func() error{
			v.records, v.chain, v.members, v.sessions, v.access, v.revisions, v.standards, v.texts,
			v.projects, v.positions, v.relations, v.comments, v.consultations, v.acts, v.synonyms, v.meetings, v.explanations, v.stages, v.working, v.suggestions, v.figures, v.notices, v.enterprises, v.subscriptions, v.rules,
		} {
			if err := check(); err != nil {
				return fmt.Errorf("verify: %w", err)
			}
		}
		return nil
	})
}

type verifier struct {
	tx      Tx
	report  func(Fault)
	damaged bool            // some record is: what points at it may be right
	people  map[string]bool // members by ID
	named   map[string]bool // texts by hash that a revision names
}

// fault reports; both sentences take the same arguments.
func (v *verifier) fault(where, chinese, english string, args ...any) {
	v.report(Fault{Where: where, What: fmt.Sprintf(chinese+"。 "+english+".", append(args, args...)...)})
}

func (v *verifier) repairable(where, chinese, english string, args ...any) {
	v.report(Fault{Where: where, What: fmt.Sprintf(chinese+"。 "+english+".", append(args, args...)...), Repairable: true})
}

// mendable is repairable for what Repair mends.
func (v *verifier) mendable(mend func(Tx) error, where, chinese, english string, args ...any) {
	v.report(Fault{Where: where, What: fmt.Sprintf(chinese+"。 "+english+".", append(args, args...)...), Repairable: true, mend: mend})
}

// discard mends by taking away a record that nobody needs.
func discard(key []byte) func(Tx) error {
	key = slices.Clone(key)
	return func(tx Tx) error { return tx.Delete(key) }
}

// scan goes on behind a damaged record.
func (v *verifier) scan(from, to []byte, fn func(key, raw []byte) error) error {
	for {
		err := v.tx.Scan(from, to, fn)
		var d *Damaged
		if !errors.As(err, &d) {
			return err
		}
		from = append(slices.Clone(d.Key), 0)
	}
}

// each calls fn for every record below a key prefix that can be read, with its
// key. Those that cannot were reported by records.
func each[T any](v *verifier, t table[T], fn func(key string, record T) error, prefix ...string) error {
	from := t.key(prefix...)
	if len(prefix) > 0 {
		from = append(from, 0)
	}
	return v.scan(from, after(from), func(key, raw []byte) error {
		var record T
		if err := json.Unmarshal(raw, &record); err != nil {
			v.damaged = true
			v.fault(keyName(key), "记录读不出来（%v）：请从备份恢复", "The record cannot be read (%v): restore a backup", err)
			return nil
		}
		return fn(strings.TrimPrefix(string(key), t.name+"\x00"), record)
	})
}

// look finds what another record points at. found is false where it is not
// there; whole is false where it is damaged, too.
func look[T any](v *verifier, t table[T], segments ...string) (record T, found, whole bool, err error) {
	record, found, err = t.find(v.tx, segments...)
	var d *Damaged
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if errors.As(err, &d) || errors.As(err, &syntax) || errors.As(err, &kind) {
		return record, true, false, nil
	}
	return record, found, found, err
}

// keyName is a key for people: table and segments.
func keyName(key []byte) string { return strings.ReplaceAll(string(key), "\x00", "/") }

// records finds the damaged ones.
func (v *verifier) records() error {
	var from []byte
	for {
		err := v.tx.Scan(from, nil, func(_, _ []byte) error { return nil })
		var d *Damaged
		if !errors.As(err, &d) {
			return err
		}
		v.damaged = true
		v.fault(keyName(d.Key), "记录已损坏：请从备份恢复", "The record is damaged: restore a backup")
		from = append(slices.Clone(d.Key), 0)
	}
}

func (v *verifier) chain() error {
	err := verifyEvents(v.tx)
	var broken *ChainError
	if errors.As(err, &broken) {
		v.report(Fault{Where: fmt.Sprintf("event/%d", broken.Seq), What: broken.Error()})
		return nil
	}
	return err
}

func (v *verifier) members() error {
	v.people = map[string]bool{System.ID: true}
	return each(v, members, func(key string, m Member) error {
		v.people[key] = true
		if m.ID != key {
			v.fault("member/"+key, "记录里写的是 %s：请从备份恢复", "The record says that it is %s: restore a backup", m.ID)
		}
		return nil
	})
}

// person reports a record that names a member who is not there; "" is nobody.
func (v *verifier) person(where string, ids ...string) {
	for _, id := range ids {
		if id != "" && !v.people[id] && !v.damaged {
			v.fault(where, "没有成员 %s：请从备份恢复", "There is no member %s: restore a backup", id)
		}
	}
}

func (v *verifier) sessions() error {
	err := each(v, sessions, func(key string, s session) error {
		v.person("session/"+key, s.Member)
		if _, found, _, err := look(v, sessionEnds, s.end(), key); err != nil {
			return err
		} else if !found {
			v.mendable(func(tx Tx) error { return sessionEnds.put(tx, key, s.end(), key) }, "session/"+key, "到期表里没有这次登录", "The session is not in the list of ends")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(v, sessionEnds, func(key, id string) error {
		if _, found, _, err := look(v, sessions, id); err != nil {
			return err
		} else if !found {
			v.mendable(discard(sessionEnds.key(key)), "session-end/"+id, "没有这次登录", "There is no such session")
		}
		return nil
	})
}
