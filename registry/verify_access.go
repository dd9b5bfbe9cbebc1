package registry

// access checks what lets members in beside their sessions: each record with
// its member, each hash with what it leads to.
func (v *verifier) access() error {
	for _, check := range []func() error{
		func() error {
			return each(v, seatings, func(key string, s seating) error {
				where := "seat/" + keyName([]byte(key))
				v.person(where, s.Member, s.By)
				if key != s.Member+"\x00"+s.Project {
					v.fault(where, "记录里写的是 %s/%s：请从备份恢复", "The record says that it is %s/%s: restore a backup", s.Member, s.Project)
				}
				return v.there(where, projects.key(s.Project))
			})
		},
		func() error {
			return each(v, devices, func(key string, d device) error { v.person("device/"+keyName([]byte(key)), d.Member); return nil })
		},
		func() error {
			return each(v, subjects, func(key string, l Link) error { v.person("subject/"+key, l.Member); return nil })
		},
		func() error {
			return each(v, factors, func(key string, f factor) error { v.person("factor/"+key, f.Member); return nil })
		},
		func() error {
			return each(v, resets, func(key string, r reset) error { v.person("reset/"+key, r.Member); return nil })
		},
		func() error {
			return each(v, tokens, func(key string, t Token) error {
				where := "token/" + keyName([]byte(key))
				v.person(where, t.Member)
				return v.there(where, tokenHashes.key(t.Hash))
			})
		},
		func() error {
			return each(v, tokenHashes, func(key string, o tokenOwner) error {
				return v.there("token-hash/"+key, tokens.key(o.Member, o.ID))
			})
		},
		func() error {
			return each(v, invitations, func(key string, i Invitation) error {
				v.person("invitation/"+key, i.By)
				return v.there("invitation/"+key, invitationHashes.key(i.Hash))
			})
		},
		func() error {
			return each(v, invitationHashes, func(key string, id string) error {
				return v.there("invitation-hash/"+key, invitations.key(id))
			})
		},
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// there reports a record that leads to one that is not there; nothing is lost
// but a way in, which can be made anew.
func (v *verifier) there(where string, key []byte) error {
	raw, err := v.tx.Get(key)
	if err == nil && raw == nil && !v.damaged {
		v.repairable(where, "它指向的 %s 不在了", "What it leads to, %s, is not there", keyName(key))
	}
	return err
}
