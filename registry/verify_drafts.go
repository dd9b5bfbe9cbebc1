package registry

// working checks the working copies: each can be read as it was saved, and what
// it was made from is there.
func (v *verifier) working() error {
	return each(v, desks, func(key string, d desk) error {
		where := "working/" + keyName([]byte(key))
		if key != d.Member+"\x00"+d.Standard {
			v.fault(where, "记录里写的是 %s/%s：请从备份恢复", "The record says that it is %s/%s: restore a backup", d.Member, d.Standard)
		}
		v.person(where, d.Member)
		if _, err := d.source(); err != nil {
			v.fault(where, "工作稿的正文不对（%v）：请从备份恢复", "The text of the working copy is not right (%v): restore a backup", err)
		}
		if d.Base == 0 {
			return nil
		}
		return v.ref(where, Ref{Standard: d.Standard, Revision: d.Base})
	})
}
