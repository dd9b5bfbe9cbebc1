package registry

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
	err = each(v, noticesRead, func(key string, _ uint64) error {
		v.person("notice-read/"+key, key)
		return nil
	})
	if err != nil {
		return err
	}
	return v.mailboxes()
}

// mailboxes checks where notices are sent, and the feeds.
func (v *verifier) mailboxes() error {
	err := each(v, mailboxes, func(key string, m Mailbox) error {
		where := "mailbox/" + key
		v.person(where, key)
		if m.Member != key {
			v.fault(where, "记录里写的是 %s：请从备份恢复", "The record says that it is %s: restore a backup", m.Member)
		}
		if m.Feed == "" {
			return nil
		}
		_, found, _, err := look(v, feeds, m.Feed)
		if err == nil && !found {
			v.repairable(where, "订阅源没有登记：请在“账户”里再取一次", "Its feed is not on record: get it again on the account page")
		}
		return err
	})
	if err != nil {
		return err
	}
	return each(v, feeds, func(key, id string) error {
		box, _, whole, err := look(v, mailboxes, id)
		if err == nil && whole && box.Feed != key {
			v.mendable(discard(feeds.key(key)), "feed/"+key, "没有邮箱用到这个订阅源", "No mailbox names this feed")
		}
		return err
	})
}
