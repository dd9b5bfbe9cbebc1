package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// In a public consultation anybody comments, without an account. What is said
// is a Comment like all others. Who said it is kept apart, for the secretariat's
// eyes, and can be erased. A comment can be hidden, with a reason, and is never
// deleted; who made it follows it by a link that nobody can guess.

// PublicComment is a comment by somebody without an account.
type PublicComment struct {
	Standard, Clause      string // Clause.ID in the consultation's revision; "" for the whole text
	Type                  CommentType
	Quote, Body, Proposed string
	Name, Organisation    string // of who comments; may be left out
	Contact               string // a line; may be left out
	Consent               bool   // to the keeping of Name, Organisation and Contact
}

// Personal is who a public comment comes from. It is kept beside the comment,
// not in it and not in the log, so that it can be erased.
type Personal struct {
	Comment      string    `json:"comment"` // Comment.ID
	Standard     string    `json:"standard"`
	Name         string    `json:"name,omitempty"`
	Organisation string    `json:"organisation,omitempty"`
	Contact      string    `json:"contact,omitempty"`
	Time         time.Time `json:"time"`
}

// Moderation says why a public comment is not shown.
type Moderation struct {
	State  string    `json:"state"` // "waiting" to be looked at, or "hidden"
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by,omitempty"`
	Time   time.Time `json:"time,omitzero"`
}

// Intake is how the secretariat receives the public's comments on a standard.
type Intake struct {
	Standard string `json:"standard"`
	AtOnce   bool   `json:"at_once"` // comments are shown at once; otherwise when somebody has looked at them
	Said     int    `json:"said"`    // comments that the public made
	Version  int    `json:"version"`
}

// receipt leads from the hash of a token to the comment whose author has it.
type receipt struct {
	Standard string `json:"standard"`
	Comment  string `json:"comment"`
}

var (
	personals = table[Personal]{"comment-person", "条意见人资料"}
	receipts  = table[receipt]{"receipt", "个回执"}
	intakes   = table[Intake]{"intake", "个征求意见设置"}
)

// maxPublic bounds the comments that the public makes on one standard.
const maxPublic = 5000

// Asked is a standard on which everybody is asked for comments.
type Asked struct {
	Standard     Standard
	Process      Process
	Consultation Consultation
	Open         bool // its last day is not over
	Begun        bool
}

// Takes tells whether comments are taken, be they late: from the first day on,
// until the text goes to approval.
func (a Asked) Takes() bool {
	return a.Begun && (a.Process.Stage == StageConsultation || a.Process.Stage == StageDrafting || a.Process.Stage == StageReview)
}

// Consultations lists the public consultations: those that are open first, by
// their last day; then the others, the last to close first.
func (r *Registry) Consultations() (list []Asked, err error) {
	err = r.store.View(func(tx Tx) error {
		return processes.scan(tx, func(p Process) error {
			if p.Consultation == nil || !p.Consultation.Public {
				return nil
			}
			a, err := askedAt(tx, p.Standard, r.today())
			if err != nil {
				return err
			}
			list = append(list, a)
			return nil
		})
	})
	slices.SortFunc(list, func(a, b Asked) int {
		switch x, y := a.Consultation.Closes, b.Consultation.Closes; {
		case a.Open != b.Open && a.Open:
			return -1
		case a.Open != b.Open:
			return 1
		case a.Open:
			return cmp.Or(strings.Compare(x, y), strings.Compare(a.Standard.ID, b.Standard.ID))
		default:
			return cmp.Or(strings.Compare(y, x), strings.Compare(a.Standard.ID, b.Standard.ID))
		}
	})
	return list, err
}

// Asked finds the public consultation on a standard.
func (r *Registry) Asked(standard string) (a Asked, err error) {
	err = r.store.View(func(tx Tx) error {
		a, err = askedAt(tx, standard, r.today())
		return err
	})
	return a, err
}

func askedAt(tx Tx, standard, today string) (a Asked, err error) {
	if a.Standard, err = standards.get(tx, standard); err != nil {
		return a, err
	}
	if a.Process, err = processAt(tx, standard); err != nil {
		return a, err
	}
	if a.Process.Consultation == nil || !a.Process.Consultation.Public {
		return a, refuse(NotFound, "", "这项标准没有公开征求意见。 There is no public consultation on this standard.")
	}
	a.Consultation = *a.Process.Consultation
	a.Begun = a.Consultation.Opens <= today
	a.Open = a.Begun && !a.Consultation.Closed(today)
	return a, nil
}

// SayPublicly keeps a comment of somebody without an account. token opens its
// receipt and is kept nowhere.
func (r *Registry) SayPublicly(in PublicComment) (said Comment, token string, err error) {
	who := Personal{Standard: in.Standard, Name: oneLine(in.Name), Organisation: oneLine(in.Organisation), Contact: oneLine(in.Contact)}
	for _, f := range []struct{ name, text string }{{"name", who.Name}, {"organisation", who.Organisation}, {"contact", who.Contact}} {
		if err := line(f.name, f.text); err != nil {
			return said, "", err
		}
	}
	if !in.Consent && (who.Name != "" || who.Organisation != "" || who.Contact != "") {
		return said, "", refuse(Invalid, "consent", "要留下姓名、单位或联系方式，请勾选同意；也可以都不填。 To leave a name, an organisation or a contact, tick your consent; or leave them out.")
	}
	token = newToken()
	err = r.update(System, func(c *change) error {
		a, err := askedAt(c.Tx, in.Standard, r.today())
		if err != nil {
			return err
		}
		if !a.Takes() {
			return refuse(Invalid, "", "征求意见尚未开始或已经结束，不再收意见：请与%s联系。 Comments are not taken now: contact %s.", a.Consultation.Contact, a.Consultation.Contact)
		}
		said = Comment{On: Ref{Standard: in.Standard, Revision: a.Consultation.Revision, Clause: in.Clause}, Type: in.Type,
			Quote: in.Quote, Body: in.Body, Proposed: in.Proposed, Commenter: Commenter{Kind: "public"}}
		return c.sayPublicly(&said, who, token)
	})
	if err != nil {
		return said, "", err
	}
	return said, token, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// sayPublicly keeps the comment, who made it, and the receipt. The log says that
// somebody commented, and nothing of what or who.
func (c *change) sayPublicly(said *Comment, who Personal, token string) error {
	if err := said.check(); err != nil {
		return err
	}
	if err := said.place(c.Tx, Member{}); err != nil {
		return err
	}
	intake, _, err := intakes.find(c.Tx, said.On.Standard)
	if err != nil {
		return err
	}
	if intake.Said >= maxPublic {
		return refuse(Invalid, "", "网上收到的意见已达 %d 条的上限：请按公布的联系方式提交。 The limit of %d comments is reached: use the contact given.", maxPublic, maxPublic)
	}
	head, _, err := heads.find(c.Tx, "head")
	if err != nil {
		return err
	}
	said.ID, said.Time, said.Version = fmt.Sprintf("c%d", head.Seq+1), c.r.now().UTC().Truncate(time.Second), 1
	if said.Late, err = late(c.Tx, said.On, said.Time); err != nil {
		return err
	}
	if !intake.AtOnce {
		said.Moderation = &Moderation{State: "waiting"}
	}
	intake.Standard, intake.Said = said.On.Standard, intake.Said+1
	if err := intakes.put(c, intake, intake.Standard); err != nil {
		return err
	}
	if err := comments.put(c, *said, said.shelf(), said.key()); err != nil {
		return err
	}
	if who.Comment, who.Time = said.ID, said.Time; who.Name+who.Organisation+who.Contact != "" {
		if err := personals.put(c, who, who.Standard, who.Comment); err != nil {
			return err
		}
	}
	if err := receipts.put(c, receipt{said.On.Standard, said.ID}, hashOf([]byte(token))); err != nil {
		return err
	}
	return c.log(SayPublicly, said.object(), map[string]any{"comment": said.ID, "late": said.Late})
}

// Receipt finds the comment to which a token belongs, with where its words are
// now. Its author sees it though it be hidden.
func (r *Registry) Receipt(token string) (row CommentRow, err error) {
	err = r.store.View(func(tx Tx) error {
		held, found, err := receipts.find(tx, hashOf([]byte(token)))
		if err != nil {
			return err
		}
		if !found {
			return refuse(NotFound, "", "没有这张回执：请核对链接。 There is no such receipt: check the link.")
		}
		if row.Comment, err = commentByID(tx, "standard:"+held.Standard, held.Comment); err != nil {
			return err
		}
		x, err := r.placing(tx, held.Standard)
		if err != nil {
			return err
		}
		return x.place(tx, &row)
	})
	return row, err
}
