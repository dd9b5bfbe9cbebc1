package registry

import (
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/check"
)

// rules checks what committees set aside: switches and waivers, each with its
// standard, its event and its author.
func (v *verifier) rules() error {
	err := each(v, switchTable, func(key string, s RuleSwitch) error {
		where := "rule-switch/" + keyName([]byte(key))
		if key != s.Standard+"\x00"+s.Rule {
			v.fault(where, "记录里写的是 %s/%s：请从备份恢复", "The record says that it is %s/%s: restore a backup", s.Standard, s.Rule)
		}
		v.person(where, s.By)
		switch s.Severity {
		case "", editor.Error, editor.Warning, editor.Info:
		default:
			v.fault(where, "级别 %s 不存在：请从备份恢复", "There is no severity %s: restore a backup", s.Severity)
		}
		return v.setAside(where, s.Standard, seq(s.Event), SwitchRule)
	})
	if err != nil {
		return err
	}
	return each(v, waiverTable, func(key string, w check.Waiver) error {
		where := "waiver/" + keyName([]byte(key))
		standard := key[:max(0, len(key)-len(w.ID)-1)]
		if key != standard+"\x00"+w.ID {
			v.fault(where, "记录里写的是 %s：请从备份恢复", "The record says that it is %s: restore a backup", w.ID)
			return nil
		}
		v.person(where, w.Author)
		if w.Reason == "" {
			v.fault(where, "没有理由：请从备份恢复", "It has no reason: restore a backup")
		}
		return v.setAside(where, standard, w.ID, WaiveFinding)
	})
}

func (v *verifier) setAside(where, standard, event string, verb Verb) error {
	if on, unborn := strings.CutPrefix(standard, unborn("")); unborn {
		found := false
		if err := eachDesk(v.tx, func(_, of string) error { found = found || of == on; return nil }); err != nil {
			return err
		} else if !found {
			v.fault(where, "没有 %s 的工作稿：请从备份恢复", "There is no working copy of %s: restore a backup", on)
		}
	} else if _, found, _, err := look(v, standards, standard); err != nil {
		return err
	} else if !found {
		v.fault(where, "没有标准 %s：请从备份恢复", "There is no standard %s: restore a backup", standard)
	}
	e, found, whole, err := look(v, events, event)
	if err == nil && (!found || whole && e.Verb != verb) {
		v.fault(where, "事件与它不符：请从备份恢复", "Its event does not fit: restore a backup")
	}
	return err
}
