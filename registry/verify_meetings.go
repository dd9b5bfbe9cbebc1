package registry

import (
	"maps"
	"slices"
)

// meetings checks each meeting: its project, its people, the events between
// which it stands, and that its minutes can be told from them.
func (v *verifier) meetings() error {
	return each(v, meetings, func(key string, m Meeting) error {
		where := "meeting/" + keyName([]byte(key))
		if key != m.Project+"\x00"+m.ID {
			v.fault(where, "记录里写的是 %s/%s：请从备份恢复", "The record says that it is %s/%s: restore a backup", m.Project, m.ID)
			return nil
		}
		v.person(where, m.OpenedBy, m.ClosedBy)
		for _, a := range m.Present {
			v.person(where, a.Member)
		}
		if _, found, _, err := look(v, projects, m.Project); err != nil {
			return err
		} else if !found {
			v.fault(where, "没有项目 %s：请从备份恢复", "There is no project %s: restore a backup", m.Project)
			return nil
		}
		if err := v.stands(where, m.object(), m.First, OpenMeeting); err != nil {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(m.Decisions)) {
			d := m.Decisions[id]
			v.person(where, d.By)
			if err := v.stands(where, "projects/"+m.Project+"/rows/"+id, d.Event, DecideRow); err != nil {
				return err
			}
		}
		if m.Open() {
			return nil
		}
		return v.stands(where, m.object(), m.Last, CloseMeeting)
	})
}

// stands checks that the event that a meeting names is about it, or about the row
// that it decided on.
func (v *verifier) stands(where, object string, at uint64, verb Verb) error {
	e, found, whole, err := look(v, events, seq(at))
	if err != nil {
		return err
	}
	if !found || whole && (e.Verb != verb || e.Object != object) {
		v.fault(where, "第 %d 条事件不是这次会议的 %s：请从备份恢复", "Event %d is not this meeting's %s: restore a backup", at, verb)
	}
	return nil
}

// explanations checks what people wrote into drafting explanations.
func (v *verifier) explanations() error {
	return each(v, explanations, func(key string, w SectionText) error {
		where := "explanation/" + keyName([]byte(key))
		v.person(where, w.By)
		if key != w.Project+"\x00"+w.Section {
			v.fault(where, "记录里写的是 %s/%s：请从备份恢复", "The record says that it is %s/%s: restore a backup", w.Project, w.Section)
		}
		_, found, _, err := look(v, projects, w.Project)
		if err == nil && !found {
			v.fault(where, "没有项目 %s：请从备份恢复", "There is no project %s: restore a backup", w.Project)
		}
		return err
	})
}
