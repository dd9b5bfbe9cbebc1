package registry

import (
	"slices"
	"strings"
	"time"
)

// Outward is what a region's representative did with a comment that was said
// inside the region: submitted it, alone or with others, or left it out.
type Outward struct {
	Submitted string    `json:"submitted,omitempty"` // ID of the region's comment that was made from it
	LeftOut   string    `json:"left_out,omitempty"`  // why it was not submitted
	By        string    `json:"by"`                  // Member.ID
	Time      time.Time `json:"time"`
}

// shownTo tells whether a member may know of an event. What is done inside a
// region is that region's: not even an administrator of another hears of it.
func (e Event) shownTo(m Member) bool {
	rest, inside := strings.CutPrefix(e.Object, "regions/")
	if !inside {
		return true
	}
	region, _, _ := strings.Cut(rest, "/")
	return m.ID != "" && m.Region == region
}

// ShownTo tells whether a member may know of an event; every reader of the log
// that shows events to people asks it.
func ShownTo(m Member, e Event) bool { return e.shownTo(m) }

// SubmitComments submits comments of the actor's region: each is made from
// comments that were said inside it, its Sources; Type, Quote, Body and Proposed
// are the caller's. Inside the region the sources say what became of them; to
// others the comment comes from the region, and who said what stays there.
func (r *Registry) SubmitComments(actor Member, standard string, list []Comment) ([]Comment, error) {
	if err := May(actor, SubmitComments, actor.Region); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, refuse(Invalid, "comment", "请先选意见。 Choose comments first.")
	}
	out := make([]Comment, len(list))
	err := r.update(actor, func(c *change) error {
		for i, k := range list {
			sources, err := c.sources(standard, k.Sources)
			if err != nil {
				return err
			}
			first := sources[0]
			said := Comment{On: first.On, Number: first.Number, Type: k.Type, Quote: k.Quote, Nth: first.Nth, Body: k.Body,
				Proposed: k.Proposed, Region: actor.Region, Sources: k.Sources}
			if said.Quote != first.Quote {
				said.Nth = 0
			}
			if out[i], err = c.addComment(said, ""); err != nil {
				return err
			}
			for _, s := range sources {
				if err := c.outward(s, SubmitComments, Outward{Submitted: out[i].ID}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return out, err
}

// sources are comments inside the actor's region that were not submitted yet.
func (c *change) sources(standard string, ids []string) (out []Comment, err error) {
	for i, id := range ids {
		k, err := c.inside(standard, id)
		if err != nil {
			return nil, err
		}
		if slices.Contains(ids[:i], id) {
			return nil, refuse(Invalid, "comment", "%s 选了两次。 %s was chosen twice.", id, id)
		}
		if k.Outward != nil && k.Outward.Submitted != "" {
			return nil, refuse(Conflict, "comment", "%s 已提交为 %s。 %s was submitted as %s.", id, k.Outward.Submitted, id, k.Outward.Submitted)
		}
		out = append(out, k)
	}
	if len(out) == 0 {
		return nil, refuse(Invalid, "comment", "请先选意见。 Choose comments first.")
	}
	return out, nil
}

// inside finds a comment that was said inside the actor's region.
func (c *change) inside(standard, id string) (Comment, error) {
	k, err := commentFor(c.Tx, c.actor, "standard:"+standard, id)
	if err != nil {
		return k, err
	}
	if k.Scope == "" || k.ReplyTo != "" {
		return k, refuse(Invalid, "comment", "%s 不是本地区内部的意见。 %s was not said inside your region.", id, id)
	}
	return k, nil
}

func (c *change) outward(k Comment, verb Verb, o Outward) error {
	o.By, o.Time = c.actor.ID, c.r.now().UTC().Truncate(time.Second)
	k.Outward = &o
	if err := c.putComment(&k); err != nil {
		return err
	}
	return c.log(verb, k.object(), map[string]any{"comment": k.ID, "submitted": o.Submitted, "reason": o.LeftOut})
}

// LeaveOut says that comments made inside the actor's region are not submitted,
// and why. They may be submitted later all the same.
func (r *Registry) LeaveOut(actor Member, standard string, ids []string, reason string) error {
	if err := May(actor, LeaveComment, actor.Region); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return refuse(Invalid, "reason", "请写明为何不提交。 Say why it is not submitted.")
	}
	if err := within("reason", reason, maxComment); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		list, err := c.sources(standard, ids)
		if err != nil {
			return err
		}
		for _, k := range list {
			if err := c.outward(k, LeaveComment, Outward{LeftOut: reason}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Support adds the actor to those who support a comment on a standard, or takes
// that back.
func (r *Registry) Support(actor Member, standard, id string, yes bool) (Comment, error) {
	var k Comment
	if err := May(actor, SupportComment); err != nil {
		return k, err
	}
	err := r.update(actor, func(c *change) (err error) {
		if k, err = commentFor(c.Tx, actor, "standard:"+standard, id); err != nil {
			return err
		}
		if k.ReplyTo != "" || k.Author == actor.ID && k.Commenter == (Commenter{}) {
			return refuse(Invalid, "comment", "自己的意见和回复不用表示支持。 One does not support a reply or one's own comment.")
		}
		at := slices.Index(k.Supporters, actor.ID)
		switch {
		case yes == (at >= 0):
			return nil
		case yes:
			k.Supporters = append(slices.Clone(k.Supporters), actor.ID)
		default:
			k.Supporters = slices.Delete(slices.Clone(k.Supporters), at, at+1)
		}
		if err := c.putComment(&k); err != nil {
			return err
		}
		return c.log(SupportComment, k.object(), map[string]any{"comment": k.ID, "support": yes})
	})
	return k.forEyes(actor), err
}
