package registry

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Comment is a remark on a clause of a pinned revision, with a quotation, or on
// a row of a project; or a reply to another one. One whose Scope is a region is
// said among that region's members: nobody else sees it or hears of it.
type Comment struct {
	ID       string      `json:"id"`
	On       Ref         `json:"on,omitzero"`       // a clause; empty for a row
	Project  string      `json:"project,omitempty"` // with Row
	Row      string      `json:"row,omitempty"`
	Number   string      `json:"number,omitempty"`   // of the clause, as its author saw it
	ReplyTo  string      `json:"reply_to,omitempty"` // ID of the comment that it answers
	Scope    string      `json:"scope,omitempty"`    // "": common; a region's code: inside that region
	Type     CommentType `json:"type"`
	Quote    string      `json:"quote,omitempty"`    // words of the clause that it is about
	Nth      int         `json:"nth,omitempty"`      // which of the places in the clause where Quote stands, from 1; 0: not said
	Body     string      `json:"body"`               //
	Proposed string      `json:"proposed,omitempty"` // the change wanted, as text of the clause
	Author   string      `json:"author"`             // Member.ID
	Region   string      `json:"region"`             // of the author, when it was said
	Time     time.Time   `json:"time"`
	Late     bool        `json:"late,omitempty"`   // it came after the consultation had closed
	Origin   string      `json:"origin,omitempty"` // where it was brought in from; the same origin is brought in once

	Commenter  Commenter `json:"commenter,omitzero"`   // whose comment it is, where that is no member
	Mentions   []string  `json:"mentions,omitempty"`   // Member.IDs that Body names: @id
	Supporters []string  `json:"supporters,omitempty"` // Member.IDs, in order of their saying so

	Sources []string `json:"sources,omitempty"` // comments inside the region that this one was made from; shown to the region only
	Outward *Outward `json:"outward,omitempty"` // of a comment inside a region: what its representative did with it

	Gathered    string        `json:"gathered,omitempty"`    // ID of the comment with which this one is answered
	Disposition *Disposition  `json:"disposition,omitempty"` // nil: unanswered
	Earlier     []Disposition `json:"earlier,omitempty"`     // dispositions before that, oldest first

	Moderation *Moderation `json:"moderation,omitempty"` // of a public comment that is not shown

	Resolved string `json:"resolved,omitempty"` // Member.ID of who closed the discussion; "" while open
	Outcome  string `json:"outcome,omitempty"`  // what it came to
	Version  int    `json:"version,omitempty"`  // counts changes of the record
}

// Commenter is who a comment comes from where that is not the member who brought
// it in. Data about a person is not kept here.
type Commenter struct {
	Kind string `json:"kind,omitempty"` // "organisation" or "public"
	Name string `json:"name,omitempty"` // of the organisation
}

// CommentType is the type column of the ISO/CEN commenting template.
type CommentType string

const (
	General   CommentType = "ge"
	Technical CommentType = "te"
	Editorial CommentType = "ed"
)

// CommentTypes as they are offered.
var CommentTypes = []CommentType{General, Technical, Editorial}

const (
	maxComment  = 16 << 10 // bytes of one field
	maxMentions = 20       // members named in one comment
	// MaxCommentsAtOnce bounds one AddComments.
	MaxCommentsAtOnce = 10_000
)

var comments = table[Comment]{"comment", "条意见"}

// shelf is where the comments on a thing are kept together.
func (c Comment) shelf() string {
	if c.Project != "" {
		return "project:" + c.Project
	}
	return "standard:" + c.On.Standard
}

// object is what events name. Events of what is said inside a region stand
// under that region, so that whoever reads the log by standard does not meet
// them: Event.shownTo.
func (c Comment) object() string {
	if c.Project != "" {
		return "projects/" + c.Project + "/rows/" + c.Row
	}
	if c.Scope != "" {
		return "regions/" + c.Scope + "/standards/" + c.On.String()
	}
	return "standards/" + c.On.String()
}

// key sorts comments by arrival: the ID is "c" and the number of the event
// that brought it.
func (c Comment) key() string {
	n, _ := strconv.ParseUint(strings.TrimPrefix(c.ID, "c"), 10, 64)
	return seq(n)
}

// SeenBy tells whether a member may know of the comment.
func (c Comment) SeenBy(m Member) bool {
	if c.Moderation != nil && May(m, ModerateComment) != nil {
		return false
	}
	return c.Scope == "" || m.ID != "" && c.Scope == m.Region
}

// forEyes is the comment as a member may see it: what it was made from is the
// region's own affair.
func (c Comment) forEyes(m Member) Comment {
	if c.Scope == "" && (m.ID == "" || m.Region != c.Region) {
		c.Sources = nil
	}
	return c
}

// AddComment keeps a comment; the caller gives On or Project and Row, Type,
// Quote, Nth, Body, Proposed, Scope ("" or the actor's region) and ReplyTo. A
// Ref without revision is pinned to the current one. A reply is said where its
// comment was.
func (r *Registry) AddComment(actor Member, c Comment) (Comment, error) {
	if err := May(actor, AddComment); err != nil {
		return c, err
	}
	said := Comment{On: c.On, Project: c.Project, Row: c.Row, Number: c.Number, ReplyTo: c.ReplyTo, Scope: c.Scope,
		Type: c.Type, Quote: c.Quote, Nth: c.Nth, Body: c.Body, Proposed: c.Proposed, Region: actor.Region}
	err := r.update(actor, func(ch *change) (err error) {
		said, err = ch.addComment(said, "")
		return err
	})
	return said, err
}

// AddComments brings in comments of others, all or none: the caller gives what
// AddComment takes and also Region, Commenter, Origin and Number. One whose
// Origin is on the standard or project already is not brought in again: the one
// that is there is returned in its place. reason says where they come from.
func (r *Registry) AddComments(actor Member, list []Comment, reason string) ([]Comment, error) {
	if len(list) > MaxCommentsAtOnce {
		return nil, refuse(Invalid, "", "一次最多 %d 条意见。 At most %d comments at once.", MaxCommentsAtOnce, MaxCommentsAtOnce)
	}
	if err := within("reason", reason, maxMessage); err != nil {
		return nil, err
	}
	out := make([]Comment, len(list))
	err := r.update(actor, func(ch *change) error {
		known := map[string]Comment{} // by shelf and origin
		read := map[string]bool{}
		for i, c := range list {
			if c.Region == "" && c.Commenter == (Commenter{}) {
				c.Region = actor.Region
			}
			if err := May(actor, ImportComments, c.Region); err != nil {
				return err
			}
			if shelf := c.shelf(); !read[shelf] {
				read[shelf] = true
				if err := comments.scan(ch.Tx, func(k Comment) error { known[shelf+"\x00"+k.Origin] = k; return nil }, shelf); err != nil {
					return err
				}
			}
			if k, held := known[c.shelf()+"\x00"+c.Origin]; held && c.Origin != "" {
				out[i] = k.forEyes(actor)
				continue
			}
			kept, err := ch.addComment(Comment{On: c.On, Project: c.Project, Row: c.Row, Number: c.Number, ReplyTo: c.ReplyTo,
				Scope: c.Scope, Type: c.Type, Quote: c.Quote, Nth: c.Nth, Body: c.Body, Proposed: c.Proposed,
				Region: c.Region, Commenter: c.Commenter, Origin: c.Origin}, reason)
			if err != nil {
				return fmt.Errorf("comment %d: %w", i+1, err)
			}
			out[i], known[kept.shelf()+"\x00"+kept.Origin] = kept, kept
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// addComment keeps a comment as the actor's. Whether the actor may, and whose
// Region it has, is for the verb to say.
func (c *change) addComment(said Comment, reason string) (Comment, error) {
	if err := said.check(); err != nil {
		return said, err
	}
	if err := said.place(c.Tx, c.actor); err != nil {
		return said, err
	}
	head, _, err := heads.find(c.Tx, "head")
	if err != nil {
		return said, err
	}
	said.ID = fmt.Sprintf("c%d", head.Seq+1)
	said.Author, said.Time, said.Version = c.actor.ID, c.r.now().UTC().Truncate(time.Second), 1
	if said.Mentions, err = mentioned(c.Tx, said); err != nil {
		return said, err
	}
	if said.Project == "" && said.Scope == "" && said.ReplyTo == "" {
		if said.Late, err = late(c.Tx, said.On, said.Time); err != nil {
			return said, err
		}
	}
	if err := comments.put(c, said, said.shelf(), said.key()); err != nil {
		return said, err
	}
	told := said
	told.Sources = nil // the log is read by others than the region
	return said, c.log(AddComment, said.object(), struct {
		Comment
		Reason string `json:"reason,omitempty"`
	}{told, reason})
}

func (c *Comment) check() error {
	c.Body, c.Quote, c.Proposed = strings.TrimSpace(c.Body), strings.TrimSpace(c.Quote), strings.TrimSpace(c.Proposed)
	if c.Body == "" && c.Proposed == "" {
		return refuse(Invalid, "body", "请写意见内容或建议改成的条文。 Write the comment or the text that you propose.")
	}
	for _, f := range []struct{ name, text string }{{"body", c.Body}, {"quote", c.Quote}, {"proposed", c.Proposed}} {
		if err := within(f.name, f.text, maxComment); err != nil {
			return err
		}
	}
	for _, f := range []struct{ name, text string }{{"number", c.Number}, {"commenter", c.Commenter.Name}, {"origin", c.Origin}} {
		if err := line(f.name, f.text); err != nil {
			return err
		}
	}
	if c.Type == "" {
		c.Type = General
	}
	if !slices.Contains(CommentTypes, c.Type) {
		return refuse(Invalid, "type", "意见类型是 ge、te 或 ed。 The type is ge, te or ed.")
	}
	switch c.Commenter.Kind {
	case "", "organisation", "public":
	default:
		return refuse(Invalid, "commenter", "意见人是单位或公众。 A commenter is an organisation or the public.")
	}
	c.Nth = max(0, c.Nth)
	return nil
}

// place makes sure that what the comment is on exists and that the actor may
// speak there, and pins it.
func (c *Comment) place(tx Tx, actor Member) error {
	if c.ReplyTo != "" {
		parent, err := commentFor(tx, actor, c.shelf(), c.ReplyTo)
		if err != nil {
			return err
		}
		if parent.Moderation != nil {
			return refuse(Invalid, "reply_to", "这条意见没有公开，回复会被所有人看到：请先公开，或写处理意见。 The comment is not shown, and everybody would see the reply: show it first, or give it its answer.")
		}
		c.On, c.Project, c.Row, c.Scope = parent.On, parent.Project, parent.Row, parent.Scope
	}
	if c.Scope != "" && (c.Scope != actor.Region || c.Project != "") {
		return refuse(Forbidden, "scope", "只能在本地区内部讨论标准的条文。 You may speak inside your own region only, and on a standard.")
	}
	if c.Project != "" {
		_, err := rowTable.get(tx, c.Project, c.Row)
		return err
	}
	v, err := revisionAt(tx, c.On.Standard, c.On.Revision)
	if err != nil {
		return err
	}
	c.On.Revision = v.Number
	if c.On.Clause == "" {
		return nil
	}
	for _, m := range v.Clauses {
		if m.ID == c.On.Clause {
			if c.Number == "" {
				c.Number = m.Number
			}
			return nil
		}
	}
	return refuse(NotFound, "on", "第 %d 版没有这一条：%s。 Revision %d has no such clause: %s.", v.Number, c.On.Clause, v.Number, c.On.Clause)
}

// late tells whether the consultation on a text is over. Comments that come
// then are kept all the same.
func late(tx Tx, on Ref, now time.Time) (bool, error) {
	p, err := processAt(tx, on.Standard)
	if err != nil || p.Consultation == nil || on.Revision > p.Consultation.Revision {
		return false, err
	}
	return p.Consultation.Closed(now.In(China).Format(time.DateOnly)), nil
}

var mention = regexp.MustCompile(`@([a-z0-9-]{2,32})`)

// mentioned are the members that a comment names, of those who may see it.
func mentioned(tx Tx, c Comment) (out []string, err error) {
	for _, m := range mention.FindAllStringSubmatch(c.Body, maxMentions) {
		who, known, err := members.find(tx, m[1])
		if err != nil {
			return nil, err
		}
		if known && c.SeenBy(who) && !slices.Contains(out, who.ID) {
			out = append(out, who.ID)
		}
	}
	return out, nil
}

func commentByID(tx Tx, shelf, id string) (Comment, error) {
	c, err := comments.get(tx, shelf, Comment{ID: id}.key())
	if err == nil && c.ID != id { // "012" is no name of c12
		return Comment{}, noComment(shelf, id)
	}
	return c, err
}

// noComment says that there is none, in the same words as for one that never was.
func noComment(shelf, id string) error {
	return refuse(NotFound, "", "没有这%s：%s。 There is no such %s.", comments.noun, shelf+"/"+Comment{ID: id}.key(), comments.name)
}

// commentFor is commentByID for what a member may know of; the rest is not
// there.
func commentFor(tx Tx, m Member, shelf, id string) (Comment, error) {
	c, err := commentByID(tx, shelf, id)
	if err == nil && !c.SeenBy(m) {
		return Comment{}, noComment(shelf, id)
	}
	return c, err
}

// CommentsOnStandard are the common comments on any revision of a standard,
// oldest first, replies among them: what everybody may see. CommentsFor gives a
// member those inside the member's region too.
func (r *Registry) CommentsOnStandard(id string) ([]Comment, error) {
	return r.commentsOn(Member{}, "standard:"+id)
}

// CommentsFor are the comments on a standard that a member may see.
func (r *Registry) CommentsFor(actor Member, standard string) ([]Comment, error) {
	return r.commentsOn(actor, "standard:"+standard)
}

// CommentsOnProject are all comments on the rows of a project, oldest first.
func (r *Registry) CommentsOnProject(id string) ([]Comment, error) {
	return r.commentsOn(Member{}, "project:"+id)
}

func (r *Registry) commentsOn(actor Member, shelf string) (list []Comment, err error) {
	err = r.store.View(func(tx Tx) error {
		return comments.scan(tx, func(c Comment) error {
			if c.SeenBy(actor) {
				list = append(list, c.forEyes(actor))
			}
			return nil
		}, shelf)
	})
	return list, err
}

// putComment keeps a changed comment.
func (c *change) putComment(k *Comment) error {
	k.Version++
	return comments.put(c, *k, k.shelf(), k.key())
}

// ResolveComment closes the discussion of a comment with what it came to, or,
// with resolved false, opens it again. That is no disposition: Dispose. on is a
// comment with the same On or Project.
func (r *Registry) ResolveComment(actor Member, on Comment, resolved bool, outcome string) (Comment, error) {
	outcome = strings.TrimSpace(outcome)
	verb := ResolveComment
	if !resolved {
		verb = ReopenComment
	}
	var kept Comment
	err := r.update(actor, func(c *change) (err error) {
		if kept, err = commentFor(c.Tx, actor, on.shelf(), on.ID); err != nil {
			return err
		}
		if kept.ReplyTo != "" {
			return refuse(Invalid, "", "回复不单独处理：请处理它所回复的意见。 A reply is not resolved by itself: resolve the comment that it answers.")
		}
		if err := May(actor, verb, kept.Region); err != nil {
			return err
		}
		if resolved && outcome == "" {
			return refuse(Invalid, "outcome", "请写明怎样处理的。 Say what was decided.")
		}
		if err := within("outcome", outcome, maxComment); err != nil {
			return err
		}
		kept.Resolved, kept.Outcome = "", ""
		if resolved {
			kept.Resolved, kept.Outcome = actor.ID, outcome
		}
		if err := c.putComment(&kept); err != nil {
			return err
		}
		return c.log(verb, kept.object(), map[string]any{"comment": kept.ID, "outcome": outcome})
	})
	return kept.forEyes(actor), err
}
