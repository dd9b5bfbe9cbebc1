package registry

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// PublicRow is a comment of the public as the secretariat sees it.
type PublicRow struct {
	Comment
	Person *Personal // nil: nothing was left, or it was erased
}

// PublicIntake is what the secretariat sees of a public consultation: how comments
// are received, and each with who made it, the newest first.
func (r *Registry) PublicIntake(actor Member, standard string) (d Intake, rows []PublicRow, err error) {
	if err := May(actor, ModerateComment); err != nil {
		return d, nil, err
	}
	err = r.store.View(func(tx Tx) error {
		if d, _, err = intakes.find(tx, standard); err != nil {
			return err
		}
		return comments.scan(tx, func(c Comment) error {
			if c.Commenter.Kind != "public" || c.ReplyTo != "" {
				return nil
			}
			row := PublicRow{Comment: c}
			who, found, err := personals.find(tx, standard, c.ID)
			if found {
				row.Person = &who
			}
			rows = append(rows, row)
			return err
		}, "standard:"+standard)
	})
	slices.Reverse(rows)
	return d, rows, err
}

// SetIntake says whether the public's comments are shown at once. version is the
// Intake.Version that the form was made from.
func (r *Registry) SetIntake(actor Member, standard string, atOnce bool, version int) error {
	if err := May(actor, SetIntake); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		if _, err := standards.get(c.Tx, standard); err != nil {
			return err
		}
		d, _, err := intakes.find(c.Tx, standard)
		if err != nil || d.AtOnce == atOnce {
			return err
		}
		if d.Version != version {
			return refuse(Conflict, "version", "设置刚被改过：请看过再改。 The setting has just been changed: look at it again.")
		}
		d.Standard, d.AtOnce, d.Version = standard, atOnce, d.Version+1
		if err := intakes.put(c, d, standard); err != nil {
			return err
		}
		return c.log(SetIntake, "standards/"+standard, map[string]any{"at_once": atOnce})
	})
}

// Moderate shows a comment of the public, or hides it with a reason. It stays in
// the table and gets its answer either way.
func (r *Registry) Moderate(actor Member, standard string, seen Seen, show bool, reason string) error {
	if err := May(actor, ModerateComment); err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); !show && reason == "" {
		return refuse(Invalid, "reason", "请写明为何不公开：意见人会看到。 Say why it is not shown: who made it will read that.")
	}
	if err := within("reason", reason, maxMessage); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		k, err := askingComment(c.Tx, actor, standard, seen)
		if err != nil {
			return err
		}
		if k.Commenter.Kind != "public" {
			return refuse(Invalid, "comment", "只有公众的意见可以这样处理。 Only comments of the public are moderated.")
		}
		if show == (k.Moderation == nil) && (show || k.Moderation.State == "hidden" && k.Moderation.Reason == reason) {
			return nil
		}
		k.Moderation = nil
		if !show {
			k.Moderation = &Moderation{State: "hidden", Reason: reason, By: actor.ID, Time: c.r.now().UTC().Truncate(time.Second)}
		}
		if err := c.putComment(&k); err != nil {
			return err
		}
		return c.log(ModerateComment, k.object(), map[string]any{"comment": k.ID, "show": show, "reason": reason})
	})
}

// ErasePersonal forgets who made a comment; the comment stays. The event says
// that it was done, and nothing of what there was.
func (r *Registry) ErasePersonal(actor Member, standard, comment string) error {
	if err := May(actor, ErasePersonal); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		k, err := commentFor(c.Tx, actor, "standard:"+standard, comment)
		if err != nil {
			return err
		}
		_, found, err := personals.find(c.Tx, standard, comment)
		if err != nil || !found {
			return err
		}
		if err := personals.delete(c, standard, comment); err != nil {
			return err
		}
		return c.log(ErasePersonal, k.object(), map[string]any{"comment": comment})
	})
}

// consultations checks what is kept of public consultations.
func (v *verifier) consultations() error {
	said := func(where, standard, comment string) error {
		_, found, _, err := look(v, comments, "standard:"+standard, Comment{ID: comment}.key())
		if err == nil && !found {
			v.fault(where, "没有它所属的意见 %s：请从备份恢复", "The comment that it belongs to, %s, is not there: restore a backup", comment)
		}
		return err
	}
	err := each(v, personals, func(key string, p Personal) error {
		if key != p.Standard+"\x00"+p.Comment {
			v.fault("comment-person/"+keyName([]byte(key)), "记录里写的是 %s：请从备份恢复", "The record says that it is %s: restore a backup", fmt.Sprint(p.Standard, "/", p.Comment))
		}
		return said("comment-person/"+keyName([]byte(key)), p.Standard, p.Comment)
	})
	if err != nil {
		return err
	}
	err = each(v, receipts, func(key string, k receipt) error { return said("receipt/"+key, k.Standard, k.Comment) })
	if err != nil {
		return err
	}
	return each(v, intakes, func(key string, d Intake) error {
		if _, found, _, err := look(v, standards, key); err != nil {
			return err
		} else if !found || d.Standard != key {
			v.fault("intake/"+key, "没有这项标准：请从备份恢复", "There is no such standard: restore a backup")
		}
		return nil
	})
}
