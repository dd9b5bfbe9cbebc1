package registry

// Load is how much the registry holds and what waits in it, in numbers, for
// whoever watches over the machine. It names nobody.
type Load struct {
	Event          uint64 // number of the last event
	Members        int
	Standards      int
	Revisions      int
	Projects       int
	Sessions       int // that are not over
	HooksDue       int // subscriptions whose webhook is to be called now
	HooksFailing   int // and whose last call failed
	LettersFailing int // members to whom the last letter could not be sent
}

// Load counts. It reads every record of these kinds: about 1 ms a thousand.
func (r *Registry) Load() (s Load, err error) {
	due, err := r.DuePushes()
	if err != nil {
		return s, err
	}
	s.HooksDue = len(due)
	now := r.now()
	err = r.store.View(func(tx Tx) error {
		head, _, err := heads.find(tx, "head")
		if err != nil {
			return err
		}
		s.Event = head.Seq
		steps := []func() error{
			func() error { return members.scan(tx, func(Member) error { s.Members++; return nil }) },
			func() error {
				return standards.scan(tx, func(std Standard) error { s.Standards++; s.Revisions += std.Revisions; return nil })
			},
			func() error { return projects.scan(tx, func(Project) error { s.Projects++; return nil }) },
			func() error {
				return sessions.scan(tx, func(in session) error { s.Sessions += one(now.Before(in.Expires)); return nil })
			},
			func() error {
				return deliveries.scan(tx, func(d Delivery) error { s.HooksFailing += one(d.Tries > 0); return nil })
			},
			func() error {
				return mailboxes.scan(tx, func(m Mailbox) error { s.LettersFailing += one(m.Tries > 0); return nil })
			},
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	return s, err
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
