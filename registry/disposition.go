package registry

import (
	"slices"
	"strings"
	"time"
)

// Disposition is the answer that a comment gets.
type Disposition struct {
	Kind    DispositionKind `json:"kind"`
	Reason  string          `json:"reason,omitempty"` // obliged for all but Accepted
	By      string          `json:"by"`               // Member.ID
	Time    time.Time       `json:"time"`
	Applied int             `json:"applied,omitempty"` // the revision whose text has the change that was wanted; 0: none
	Row     string          `json:"row,omitempty"`     // the row whose unified clause has it: of the draft of a project
}

// DispositionKind is a word of the column 处理意见.
type DispositionKind string

const (
	Accepted       DispositionKind = "accepted"
	PartlyAccepted DispositionKind = "partly"
	Rejected       DispositionKind = "rejected"
	Undecided      DispositionKind = "pending"
)

// DispositionKinds as they are offered.
var DispositionKinds = []DispositionKind{Accepted, PartlyAccepted, Rejected, Undecided}

// DispositionNames are the kinds as 汇总处理表 writes them.
var DispositionNames = map[DispositionKind]string{Accepted: "采纳", PartlyAccepted: "部分采纳", Rejected: "不采纳", Undecided: "待议"}

// Open tells whether the comment still waits for its answer; 待议 is none.
func (d *Disposition) Open() bool { return d == nil || d.Kind == Undecided }

// Asks tells whether a comment is one that has to be answered: a common one that
// is no reply, on a standard.
func (c Comment) Asks() bool { return c.Project == "" && c.Scope == "" && c.ReplyTo == "" }

// undisposed counts the comments on a standard that wait for their answer: the
// next stage is closed while there is one.
func undisposed(tx Tx, standard string) (n int, err error) {
	err = comments.scan(tx, func(c Comment) error {
		if c.Asks() && c.Disposition.Open() {
			n++
		}
		return nil
	}, "standard:"+standard)
	return n, err
}

// Seen is a comment as the person saw it who acts on it.
type Seen struct {
	ID      string
	Version int // Comment.Version; 0 where it is not checked
}

// Dispose answers comments on a standard, all or none; those that are gathered
// with them get the same answer. What was answered before stays in Earlier. The
// caller gives d.Kind and d.Reason.
func (r *Registry) Dispose(actor Member, standard string, ids []string, d Disposition) error {
	seen := make([]Seen, len(ids))
	for i, id := range ids {
		seen[i].ID = id
	}
	return r.DisposeSeen(actor, standard, seen, d)
}

// DisposeSeen is Dispose for comments as they were seen: where one changed since
// it is a Conflict and nothing is changed.
func (r *Registry) DisposeSeen(actor Member, standard string, seen []Seen, d Disposition) error {
	if err := May(actor, Dispose); err != nil {
		return err
	}
	d.Reason, d.By, d.Applied, d.Row = strings.TrimSpace(d.Reason), actor.ID, 0, ""
	if err := d.check(); err != nil {
		return err
	}
	if len(seen) == 0 {
		return refuse(Invalid, "comment", "请先选意见。 Choose comments first.")
	}
	return r.update(actor, func(c *change) error {
		d.Time = r.now().UTC().Truncate(time.Second)
		with, err := gatheredWith(c.Tx, standard)
		if err != nil {
			return err
		}
		chosen := map[string]bool{}
		for _, s := range seen {
			chosen[s.ID] = true
		}
		for _, s := range seen {
			k, err := askingComment(c.Tx, actor, standard, s)
			if err != nil {
				return err
			}
			if k.Gathered != "" && chosen[k.Gathered] {
				continue
			}
			if k.Gathered != "" {
				return refuse(Invalid, "comment", "意见 %s 与 %s 合并处理：请处理 %s，或先取消合并。 Comment %s is answered with %s: answer that one, or part them first.", k.ID, k.Gathered, k.Gathered, k.ID, k.Gathered)
			}
			for _, each := range append([]Comment{k}, with[k.ID]...) {
				if err := c.dispose(each, d); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// askingComment finds a comment that has to be answered, as it was seen.
func askingComment(tx Tx, actor Member, standard string, s Seen) (Comment, error) {
	k, err := commentFor(tx, actor, "standard:"+standard, s.ID)
	if err != nil {
		return k, err
	}
	if !k.Asks() {
		return k, refuse(Invalid, "comment", "%s 是回复或地区内部意见，不由秘书处处理。 %s is a reply or said inside a region: it is not for the secretariat to answer.", k.ID, k.ID)
	}
	if s.Version != 0 && s.Version != k.Version {
		return k, refuse(Conflict, "version", "意见 %s 在您打开页面之后有了变化：请看过再处理。 Comment %s changed since you opened the page: look at it first.", k.ID, k.ID)
	}
	return k, nil
}

// gatheredWith lists the comments of a standard by the one that they are
// answered with.
func gatheredWith(tx Tx, standard string) (map[string][]Comment, error) {
	out := map[string][]Comment{}
	err := comments.scan(tx, func(c Comment) error {
		if c.Gathered != "" {
			out[c.Gathered] = append(out[c.Gathered], c)
		}
		return nil
	}, "standard:"+standard)
	return out, err
}

func (d Disposition) check() error {
	if !slices.Contains(DispositionKinds, d.Kind) {
		return refuse(Invalid, "kind", "处理意见是采纳、部分采纳、不采纳或待议。 An answer is accepted, partly accepted, rejected or pending.")
	}
	if d.Kind != Accepted && d.Reason == "" {
		return refuse(Invalid, "reason", "除“采纳”外，请写明理由。 Give the reason, except for what is accepted.")
	}
	return within("reason", d.Reason, maxComment)
}

// dispose gives one comment its answer. The same answer again changes nothing.
func (c *change) dispose(k Comment, d Disposition) error {
	if was := k.Disposition; was != nil {
		if d.Applied == 0 && d.Row == "" && d.Kind != Rejected { // what is in the text stays there
			d.Applied, d.Row = was.Applied, was.Row
		}
		if was.Kind == d.Kind && was.Reason == d.Reason && was.Applied == d.Applied && was.Row == d.Row {
			return nil
		}
		k.Earlier = append(k.Earlier, *was)
	}
	k.Disposition = &d
	if err := c.putComment(&k); err != nil {
		return err
	}
	return c.log(Dispose, k.object(), map[string]any{"comment": k.ID, "outcome": DispositionNames[d.Kind], "reason": d.Reason, "kind": d.Kind, "applied": d.Applied})
}

// Gather has comments on a standard answered together with one of them, head;
// they get the answer that it has, and no other. A person says that they are
// duplicates; the machine only proposes.
func (r *Registry) Gather(actor Member, standard, head string, ids []string) error {
	seen := make([]Seen, len(ids))
	for i, id := range ids {
		seen[i].ID = id
	}
	return r.GatherSeen(actor, standard, Seen{ID: head}, seen)
}

// GatherSeen is Gather for comments as they were seen: where one changed since it
// is a Conflict and nothing is changed.
func (r *Registry) GatherSeen(actor Member, standard string, head Seen, seen []Seen) error {
	if err := May(actor, GatherComments); err != nil {
		return err
	}
	if len(seen) == 0 {
		return refuse(Invalid, "comment", "请先选意见。 Choose comments first.")
	}
	return r.update(actor, func(c *change) error {
		first, err := askingComment(c.Tx, actor, standard, head)
		if err != nil {
			return err
		}
		if first.Gathered != "" {
			return refuse(Invalid, "head", "%s 本身已与 %s 合并处理。 %s is answered with %s itself.", head.ID, first.Gathered, head.ID, first.Gathered)
		}
		with, err := gatheredWith(c.Tx, standard)
		if err != nil {
			return err
		}
		for _, s := range seen {
			k, err := askingComment(c.Tx, actor, standard, s)
			if err != nil {
				return err
			}
			if k.ID == head.ID || k.Gathered == head.ID {
				continue
			}
			for _, each := range append([]Comment{k}, with[k.ID]...) { // who was gathered with it comes along
				each.Gathered = head.ID
				if err := c.putComment(&each); err != nil {
					return err
				}
				if err := c.log(GatherComments, each.object(), map[string]any{"comment": each.ID, "with": head.ID}); err != nil {
					return err
				}
				if err := c.follow(each, first.Disposition); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// follow gives a comment the answer of the one that it is gathered with.
func (c *change) follow(k Comment, d *Disposition) error {
	switch {
	case d != nil:
		return c.dispose(k, *d)
	case k.Disposition == nil:
		return nil
	}
	k.Earlier, k.Disposition = append(k.Earlier, *k.Disposition), nil
	return c.putComment(&k)
}

// Part has a comment answered by itself again. It waits for its answer then.
func (r *Registry) Part(actor Member, standard, id string) error {
	if err := May(actor, GatherComments); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		k, err := askingComment(c.Tx, actor, standard, Seen{ID: id})
		if err != nil || k.Gathered == "" {
			return err
		}
		k.Gathered = ""
		if k.Disposition != nil {
			k.Earlier, k.Disposition = append(k.Earlier, *k.Disposition), nil
		}
		if err := c.putComment(&k); err != nil {
			return err
		}
		return c.log(GatherComments, k.object(), map[string]any{"comment": k.ID, "with": ""})
	})
}
