package registry

// subscriptions checks what members subscribed to, with the feeds, the news and
// the deliveries that hang on it.
func (v *verifier) subscriptions() error {
	err := each(v, subscriptions, func(key string, s Subscription) error {
		where := "subscription/" + keyName([]byte(key))
		v.person(where, s.Member)
		if key != s.Member+"\x00"+s.ID {
			v.fault(where, "记录里写的是 %s/%s：请从备份恢复", "The record says that it is %s/%s: restore a backup", s.Member, s.ID)
		}
		if s.On.Standard != "" {
			if _, found, _, err := look(v, standards, s.On.Standard); err != nil {
				return err
			} else if !found {
				v.fault(where, "没有它所订阅的标准 %s：请从备份恢复", "There is no standard %s, which it is of: restore a backup", s.On.Standard)
			}
		}
		if _, found, _, err := look(v, subscriptionFeeds, s.Feed); err != nil {
			return err
		} else if !found {
			v.repairable(where, "订阅源没有登记：请在“订阅”里换一个地址", "Its feed is not on record: take a new address on the page of subscriptions")
		}
		_, found, _, err := look(v, deliveries, s.Member, s.ID)
		if err == nil && !found {
			v.repairable(where, "没有投递记录", "Nothing says how far it was delivered")
		}
		return err
	})
	if err != nil {
		return err
	}
	hangs := func(where string, of []byte, member, id string) error {
		_, found, _, err := look(v, subscriptions, member, id)
		if err == nil && !found && !v.damaged {
			v.mendable(discard(of), where, "没有这个订阅：%s", "There is no such subscription: %s", id)
		}
		return err
	}
	err = each(v, subscriptionFeeds, func(key string, o feedOwner) error {
		return hangs("subscription-feed/"+key, subscriptionFeeds.key(key), o.Member, o.ID)
	})
	if err != nil {
		return err
	}
	err = each(v, deliveries, func(key string, d Delivery) error {
		return hangs("delivery/"+keyName([]byte(key)), deliveries.key(key), d.Member, d.Subscription)
	})
	if err != nil {
		return err
	}
	return each(v, news, func(key string, n News) error {
		where := "news/" + keyName([]byte(key))
		if key != n.Member+"\x00"+n.Subscription+"\x00"+seq(n.Seq) {
			v.fault(where, "记录里写的是 %s/%s/%d：请从备份恢复", "The record says that it is %s/%s/%d: restore a backup", n.Member, n.Subscription, n.Seq)
		}
		_, found, _, err := look(v, events, seq(n.Seq))
		if err == nil && !found {
			v.fault(where, "没有第 %d 条事件：请从备份恢复", "There is no event %d: restore a backup", n.Seq)
		}
		if err != nil {
			return err
		}
		return hangs(where, news.key(key), n.Member, n.Subscription)
	})
}
