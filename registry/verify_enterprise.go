package registry

import "slices"

// enterprises checks what was said of clauses' activities, and checklists.
func (v *verifier) enterprises() error {
	err := each(v, activityRulings, func(key string, k ActivityRuling) error {
		where := "activity-ruling/" + keyName([]byte(key))
		if want := string(activityRulings.key(k.key()...)); want != string(activityRulings.key(key)) {
			v.fault(where, "记录里写的是 %s：请从备份恢复", "The record says that it is %s: restore a backup", keyName([]byte(want)))
		}
		v.person(where, k.By, k.Own)
		verb := RuleActivity
		if k.Own != "" {
			verb = RuleOut
		}
		return v.setAside(where, k.Standard, seq(k.Event), verb)
	})
	if err != nil {
		return err
	}
	return each(v, checklists, func(key string, k Checklist) error {
		where := "checklist/" + keyName([]byte(key))
		if key != k.Owner+"\x00"+k.ID {
			v.fault(where, "记录里写的是 %s/%s：请从备份恢复", "The record says that it is %s/%s: restore a backup", k.Owner, k.ID)
		}
		v.person(where, k.Owner)
		seen := map[string]bool{}
		for _, i := range slices.Concat(k.Items, k.Past) {
			if seen[i.ID] || !slices.Contains(ItemStates, i.State) {
				v.fault(where, "条目 %s 不对：请从备份恢复", "Item %s is wrong: restore a backup", i.ID)
			}
			seen[i.ID] = true
			if _, found, _, err := look(v, revisions, i.Ref.Standard, seq(uint64(i.Ref.Revision))); err != nil {
				return err
			} else if !found {
				v.fault(where, "没有版本 %s：请从备份恢复", "There is no revision %s: restore a backup", i.Ref)
			}
		}
		return nil
	})
}
