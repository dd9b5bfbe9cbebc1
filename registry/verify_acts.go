package registry

import (
	"maps"
	"slices"
	"strings"
)

// peoplesWord checks what a row says of people, and what it rested on.
func (v *verifier) peoplesWord(where string, p Project, row Row) error {
	v.person(where, row.Placed, row.Reviewed)
	for _, column := range slices.Sorted(maps.Keys(row.None)) {
		v.person(where, row.None[column])
		if len(row.Cells[column]) > 0 {
			v.repairable(where, "%s 列既有条文又被确认无对应：请取消其一", "%s has passages and is said to have no counterpart: take one back", column)
		}
	}
	for _, col := range p.Columns() {
		if b, revised := row.Revised[col.Key]; revised {
			if err := v.ref(where, Ref{Standard: col.Text.Standard, Revision: b.Revision}); err != nil {
				return err
			}
		}
	}
	return nil
}

// acts checks the corrections that can be undone: each with its project, its
// event and what it needs.
func (v *verifier) acts() error {
	err := each(v, acts, func(key string, a Act) error {
		where := "act/" + keyName([]byte(key))
		if key != a.Project+"\x00"+seq(a.Event) {
			v.fault(where, "记录里写的是 %s/%d：请从备份恢复", "The record says that it is %s/%d: restore a backup", a.Project, a.Event)
		}
		v.person(where, a.By)
		if _, found, _, err := look(v, projects, a.Project); err != nil {
			return err
		} else if !found {
			v.fault(where, "没有项目 %s：请从备份恢复", "There is no project %s: restore a backup", a.Project)
		}
		if e, found, whole, err := look(v, events, seq(a.Event)); err != nil {
			return err
		} else if !found || whole && e.Verb != a.Verb {
			v.fault(where, "第 %d 号事件不是它说的更改：请从备份恢复", "Event %d is not the change that it tells of: restore a backup", a.Event)
		}
		if _, found, _, err := look(v, actImages, a.Project, seq(a.Event)); err != nil {
			return err
		} else if !found {
			v.repairable(where, "缺少撤销所需的记录：这次更改不能撤销", "What it takes to undo it is missing: it cannot be undone")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(v, actImages, func(key string, _ images) error {
		project, event, _ := strings.Cut(key, "\x00")
		if _, found, _, err := look(v, acts, project, event); err != nil {
			return err
		} else if !found {
			v.mendable(discard(actImages.key(key)), "act-image/"+keyName([]byte(key)), "没有它所属的更改", "There is no change that it belongs to")
		}
		return nil
	})
}

func (v *verifier) synonyms() error {
	return each(v, synonymTable, func(key string, s Synonyms) error {
		where := "synonym/" + keyName([]byte(key))
		if key != s.Project+"\x00"+seq(s.Event) {
			v.fault(where, "记录里写的是 %s/%d：请从备份恢复", "The record says that it is %s/%d: restore a backup", s.Project, s.Event)
		}
		v.person(where, s.By)
		if _, err := synonymous(s.Words); err != nil {
			v.fault(where, "不是一组同义词：%s", "They are no group of synonyms: %s", strings.Join(s.Words, "、"))
		}
		if _, found, _, err := look(v, projects, s.Project); err != nil {
			return err
		} else if !found {
			v.fault(where, "没有项目 %s：请从备份恢复", "There is no project %s: restore a backup", s.Project)
		}
		return nil
	})
}
