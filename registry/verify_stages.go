package registry

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// stages checks processes, their steps, editions, attachments and ballots.
func (v *verifier) stages() error {
	for _, check := range []func() error{v.processes, v.steps, v.editions, v.attachments, v.ballots, v.votes} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// belongs reports a record whose standard is not there, and one that says that
// it is another than its key.
func (v *verifier) belongs(where, key, standard, want string) error {
	if key != want {
		v.fault(where, "记录里写的是 %s：请从备份恢复", "The record says that it is %s: restore a backup", keyName([]byte(want)))
	}
	_, found, _, err := look(v, standards, standard)
	if err == nil && !found {
		v.fault(where, "没有标准 %s：请从备份恢复", "There is no standard %s: restore a backup", standard)
	}
	return err
}

func (v *verifier) processes() error {
	return each(v, processes, func(key string, p Process) error {
		where := "process/" + key
		if err := v.belongs(where, key, p.Standard, p.Standard); err != nil {
			return err
		}
		if !slices.ContainsFunc(Stages, func(i StageInfo) bool { return i.Stage == p.Stage }) {
			v.fault(where, "没有阶段 %q：请从备份恢复", "There is no stage %q: restore a backup", p.Stage)
		}
		last, found, whole, err := look(v, takenSteps, p.Standard, seq(uint64(p.Version)))
		if err != nil {
			return err
		}
		if !found || whole && last.To != p.Stage {
			v.fault(where, "最后一步（第 %d 步）不通向“%s”：请从备份恢复", "Its last step, %d, does not lead to %q: restore a backup", p.Version, p.Stage)
		}
		return v.ref(where, Ref{Standard: p.Standard, Revision: p.Revision})
	})
}

func (v *verifier) steps() error {
	return each(v, takenSteps, func(key string, s StepTaken) error {
		where := "step/" + keyName([]byte(key))
		standard, _, _ := strings.Cut(key, "\x00")
		if err := v.belongs(where, key, standard, standard+"\x00"+seq(uint64(s.N))); err != nil {
			return err
		}
		v.person(where, s.By)
		e, found, whole, err := look(v, events, seq(s.Event))
		if err == nil && (!found || whole && (e.Verb != s.Verb || e.Object != "standards/"+standard)) {
			v.fault(where, "第 %d 条事件不是这一步：请从备份恢复", "Event %d is not this step: restore a backup", s.Event)
		}
		return err
	})
}

func (v *verifier) editions() error {
	err := each(v, editions, func(key string, e Edition) error {
		where := "edition/" + keyName([]byte(key))
		want := strings.Join([]string{e.Standard, seq(uint64(e.Cycle)), cmp.Or(e.Region, "00"), seq(uint64(e.Revision))}, "\x00")
		if err := v.belongs(where, key, e.Standard, want); err != nil {
			return err
		}
		v.person(where, e.By)
		ref := Ref{Standard: e.Standard, Revision: e.Revision}
		if err := v.ref(where, ref); err != nil {
			return err
		}
		if doc := v.document(ref); doc != nil && bodyHash(doc) != e.TextHash {
			v.fault(where, "正文与发布时的散列不符：请从备份恢复", "The text is not the one that was published: restore a backup")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(v, supersessions, func(key string, s Supersession) error {
		return v.belongs("supersession/"+key, key, s.Standard, numberKey(s.Number))
	})
}

func (v *verifier) attachments() error {
	named := map[string]bool{}
	err := each(v, attachments, func(key string, a Attachment) error {
		where := "attachment/" + keyName([]byte(key))
		if err := v.belongs(where, key, a.Standard, a.Standard+"\x00"+a.key()); err != nil {
			return err
		}
		v.person(where, a.By, a.Dropped)
		named[a.Hash] = true
		raw, err := v.tx.Get(files.key(a.Hash))
		if v.damaged && err != nil {
			return nil
		}
		if err == nil && hashOf(raw) != a.Hash {
			v.fault(where, "文件与散列不符：请从备份恢复", "The file is not what its hash says: restore a backup")
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.scan(files.key(), after(files.key()), func(key, _ []byte) error {
		if hash := strings.TrimPrefix(string(key), files.name+"\x00"); !named[hash] && !v.damaged {
			v.mendable(discard(key), "file/"+hash, "没有附件用到它", "No attachment names it")
		}
		return nil
	})
}

// ballots checks that each ballot is what its event says.
func (v *verifier) ballots() error {
	opened := map[string]Event{}
	err := each(v, events, func(_ string, e Event) error {
		if e.Verb == OpenBallot {
			opened[e.Object] = e
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(v, ballots, func(key string, b Ballot) error {
		where := "ballot/" + keyName([]byte(key))
		if err := v.belongs(where, key, b.Standard, b.Standard+"\x00"+seq(uint64(b.N))); err != nil {
			return err
		}
		v.person(where, b.By)
		for _, e := range b.Eligible {
			v.person(where, e.Member)
		}
		asked, _, _, err := BallotFromEvents([]Event{opened[b.object()]}, b.Standard, b.N)
		kept := b
		kept.Closed = nil
		if err != nil || !reflect.DeepEqual(asked, kept) {
			v.fault(where, "与开始表决的事件不符：请从备份恢复", "It is not what the event that opened it says: restore a backup")
		}
		return v.ref(where, Ref{Standard: b.Standard, Revision: b.Revision})
	})
}

// votes checks that each vote is what its event says, by who was on the list.
func (v *verifier) votes() error {
	return each(v, votes, func(key string, said Vote) error {
		where := "vote/" + keyName([]byte(key))
		parts := strings.Split(key, "\x00")
		if len(parts) != 3 || parts[2] != said.Member {
			v.fault(where, "记录里写的是 %s：请从备份恢复", "The record says that it is %s: restore a backup", said.Member)
			return nil
		}
		v.person(where, said.Member)
		b, found, whole, err := look(v, ballots, parts[0], parts[1])
		if err != nil {
			return err
		}
		if !found || whole && !b.May(said.Member) {
			v.fault(where, "没有这次表决，或者他不在名单上：请从备份恢复", "There is no such ballot, or the voter is not on its list: restore a backup")
			return nil
		}
		e, found, whole, err := look(v, events, seq(said.Event))
		if err != nil || found && !whole {
			return err
		}
		told, err := voteOf(e)
		if err != nil || !found || e.Verb != CastVote || e.Object != b.object() || told != said {
			v.fault(where, "与投票的事件不符：请从备份恢复", "It is not what its event says: restore a backup")
		}
		return nil
	})
}
