package registry

import "strings"

// notices checks what members were told: each with its member and its event.
func (v *verifier) notices() error {
	err := each(v, notices, func(key string, n Notice) error {
		where := "notice/" + keyName([]byte(key))
		if key != n.Member+"\x00"+seq(n.Seq) {
			v.fault(where, "记录里写的是 %s/%d：请从备份恢复", "The record says that it is %s/%d: restore a backup", n.Member, n.Seq)
		}
		v.person(where, n.Member)
		_, found, _, err := look(v, events, seq(n.Seq))
		if err == nil && !found {
			v.fault(where, "没有第 %d 条事件：请从备份恢复", "There is no event %d: restore a backup", n.Seq)
		}
		return err
	})
	if err != nil {
		return err
	}
	return each(v, noticesRead, func(key string, _ uint64) error {
		id, _, _ := strings.Cut(key, "\x00")
		v.person("notice-read/"+key, id)
		return nil
	})
}
