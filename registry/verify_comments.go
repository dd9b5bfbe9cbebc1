package registry

import "slices"

func (v *verifier) comments() error {
	return each(v, comments, func(key string, m Comment) error {
		where := "comment/" + keyName([]byte(key))
		v.person(where, m.Author, m.Resolved)
		v.person(where, m.Mentions...)
		v.person(where, m.Supporters...)
		if key != m.shelf()+"\x00"+m.key() {
			v.fault(where, "记录里写的是 %s 的 %s：请从备份恢复", "The record says that it is on %s, number %s: restore a backup", m.shelf(), m.ID)
		}
		if m.ReplyTo != "" {
			parent, found, whole, err := look(v, comments, m.shelf(), Comment{ID: m.ReplyTo}.key())
			if err != nil {
				return err
			}
			if !found {
				v.fault(where, "它所回复的意见 %s 不存在：请从备份恢复", "The comment that it answers, %s, is not there: restore a backup", m.ReplyTo)
			} else if whole && parent.Scope != m.Scope {
				v.fault(where, "它与所回复的意见 %s 公开范围不同：请从备份恢复", "It is not said where the comment that it answers, %s, was: restore a backup", m.ReplyTo)
			}
		}
		if m.Scope != "" && m.Scope != m.Region {
			v.fault(where, "地区 %s 内部的意见由地区 %s 提出：请从备份恢复", "It was said inside region %s by region %s: restore a backup", m.Scope, m.Region)
		}
		if err := v.answers(where, m); err != nil {
			return err
		}
		if err := v.submitted(where, m); err != nil {
			return err
		}
		if m.Project != "" {
			return v.row(where, m.Project, m.Row)
		}
		return v.ref(where, m.On)
	})
}

// submitted checks what a region's comment was made from, and what became of one
// that was said inside a region.
func (v *verifier) submitted(where string, m Comment) error {
	related := slices.Clone(m.Sources)
	if m.Outward != nil {
		v.person(where, m.Outward.By)
		if m.Outward.Submitted != "" {
			related = append(related, m.Outward.Submitted)
		}
		if m.Scope == "" || (m.Outward.Submitted == "") == (m.Outward.LeftOut == "") {
			v.fault(where, "是否提交写得不清：请从备份恢复", "It does not say whether it was submitted: restore a backup")
		}
	}
	for _, id := range related {
		k, found, whole, err := look(v, comments, m.shelf(), Comment{ID: id}.key())
		if err != nil {
			return err
		}
		if !found || whole && k.Region != m.Region {
			v.fault(where, "与它有关的本地区意见 %s 不存在：请从备份恢复", "The comment of its region that belongs to it, %s, is not there: restore a backup", id)
		}
	}
	return nil
}

// answers reports what is wrong with a comment's answer, its history, and
// what it rests on.
func (v *verifier) answers(where string, m Comment) error {
	for _, d := range append(slices.Clone(m.Earlier), disposed(m)...) {
		v.person(where, d.By)
		if d.check() != nil {
			v.fault(where, "处理意见 %q 不是处理意见，或缺少理由：请重新处理这条意见", "%q is no answer, or its reason is missing: answer the comment again", d.Kind)
		}
		if d.Applied > 0 {
			if err := v.ref(where, Ref{Standard: m.On.Standard, Revision: d.Applied}); err != nil {
				return err
			}
		}
	}
	if m.Gathered == "" {
		return nil
	}
	head, found, whole, err := look(v, comments, m.shelf(), Comment{ID: m.Gathered}.key())
	switch {
	case err != nil:
		return err
	case !found || whole && (head.Gathered != "" || !head.Asks()):
		v.fault(where, "与它合并处理的意见 %s 不存在，或不是一条可以处理的意见：请取消合并", "The comment that it is answered with, %s, is not there or is none that is answered: part them", m.Gathered)
	case whole && (head.Disposition == nil) != (m.Disposition == nil), whole && m.Disposition != nil && head.Disposition.Kind != m.Disposition.Kind:
		v.fault(where, "与 %s 合并处理，处理意见却不同：请重新处理 %s", "It is answered with %s and has another answer: answer %s again", m.Gathered, m.Gathered)
	}
	return nil
}

func disposed(m Comment) []Disposition {
	if m.Disposition == nil {
		return nil
	}
	return []Disposition{*m.Disposition}
}
