package registry

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Comment is a remark on a clause of a pinned revision, with a quotation, or on
// a row of a project; or a reply to another one.
type Comment struct {
	ID       string      `json:"id"`
	On       Ref         `json:"on,omitzero"`       // a clause; empty for a row
	Project  string      `json:"project,omitempty"` // with Row
	Row      string      `json:"row,omitempty"`
	ReplyTo  string      `json:"reply_to,omitempty"` // ID of the comment that it answers
	Type     CommentType `json:"type"`
	Quote    string      `json:"quote,omitempty"`    // words of the clause that it is about
	Body     string      `json:"body"`               //
	Proposed string      `json:"proposed,omitempty"` // the change wanted, as text of the clause
	Author   string      `json:"author"`             // Member.ID
	Region   string      `json:"region"`             // of the author, when it was said
	Time     time.Time   `json:"time"`
	Resolved string      `json:"resolved,omitempty"` // Member.ID of who resolved it; "" while open
	Outcome  string      `json:"outcome,omitempty"`  // what was decided
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

const maxComment = 16 << 10 // bytes of one field

var comments = table[Comment]{"comment", "条意见"}

// shelf is where the comments on a thing are kept together.
func (c Comment) shelf() string {
	if c.Project != "" {
		return "project:" + c.Project
	}
	return "standard:" + c.On.Standard
}

func (c Comment) object() string {
	if c.Project != "" {
		return "projects/" + c.Project + "/rows/" + c.Row
	}
	return "standards/" + c.On.String()
}

// key sorts comments by arrival: the ID is "c" and the number of the event
// that brought it.
func (c Comment) key() string {
	n, _ := strconv.ParseUint(strings.TrimPrefix(c.ID, "c"), 10, 64)
	return seq(n)
}

// AddComment keeps a comment; the caller gives On or Project and Row, Type,
// Quote, Body, Proposed and ReplyTo. A Ref without revision is pinned to the
// current one.
func (r *Registry) AddComment(actor Member, c Comment) (Comment, error) {
	if err := May(actor, AddComment); err != nil {
		return c, err
	}
	if err := c.check(); err != nil {
		return c, err
	}
	err := r.update(actor, func(ch *change) error {
		if err := c.place(ch.Tx); err != nil {
			return err
		}
		head, _, err := heads.find(ch.Tx, "head")
		if err != nil {
			return err
		}
		c.ID = fmt.Sprintf("c%d", head.Seq+1)
		c.Author, c.Region, c.Time = actor.ID, actor.Region, r.now().UTC().Truncate(time.Second)
		c.Resolved, c.Outcome = "", ""
		if err := comments.put(ch, c, c.shelf(), c.key()); err != nil {
			return err
		}
		return ch.log(AddComment, c.object(), c)
	})
	return c, err
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
	if c.Type == "" {
		c.Type = General
	}
	if c.Type != General && c.Type != Technical && c.Type != Editorial {
		return refuse(Invalid, "type", "意见类型是 ge、te 或 ed。 The type is ge, te or ed.")
	}
	return nil
}

// place makes sure that what the comment is on exists, and pins it.
func (c *Comment) place(tx Tx) error {
	if c.ReplyTo != "" {
		parent, err := commentByID(tx, c.shelf(), c.ReplyTo)
		if err != nil {
			return err
		}
		c.On, c.Project, c.Row = parent.On, parent.Project, parent.Row
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
			return nil
		}
	}
	return refuse(NotFound, "on", "第 %d 版没有这一条：%s。 Revision %d has no such clause: %s.", v.Number, c.On.Clause, v.Number, c.On.Clause)
}

func commentByID(tx Tx, shelf, id string) (Comment, error) {
	return comments.get(tx, shelf, Comment{ID: id}.key())
}

// CommentsOnStandard are all comments on any revision of a standard, oldest
// first, replies among them.
func (r *Registry) CommentsOnStandard(id string) ([]Comment, error) {
	return r.commentsOn("standard:" + id)
}

// CommentsOnProject are all comments on the rows of a project, oldest first.
func (r *Registry) CommentsOnProject(id string) ([]Comment, error) {
	return r.commentsOn("project:" + id)
}

func (r *Registry) commentsOn(shelf string) (list []Comment, err error) {
	err = r.store.View(func(tx Tx) error {
		list, err = comments.all(tx, shelf)
		return err
	})
	return list, err
}

// ResolveComment closes a comment with what was decided, or, with resolved
// false, opens it again. on is a comment with the same On or Project.
func (r *Registry) ResolveComment(actor Member, on Comment, resolved bool, outcome string) (Comment, error) {
	outcome = strings.TrimSpace(outcome)
	verb := ResolveComment
	if !resolved {
		verb = ReopenComment
	}
	var kept Comment
	err := r.update(actor, func(c *change) (err error) {
		if kept, err = commentByID(c.Tx, on.shelf(), on.ID); err != nil {
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
		kept.Resolved, kept.Outcome = "", ""
		if resolved {
			kept.Resolved, kept.Outcome = actor.ID, outcome
		}
		if err := comments.put(c, kept, kept.shelf(), kept.key()); err != nil {
			return err
		}
		return c.log(verb, kept.object(), map[string]any{"comment": kept.ID, "outcome": outcome})
	})
	return kept, err
}
