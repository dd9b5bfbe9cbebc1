package registry

// SetProcess puts a standard into a stage without the steps that lead there.
func (r *Registry) SetProcess(p Process) error {
	return r.update(System, func(c *change) error {
		if err := processes.put(c, p, p.Standard); err != nil {
			return err
		}
		return c.log("test.process", "standards/"+p.Standard, nil)
	})
}

// SetMember keeps a member without hashing a password.
func (r *Registry) SetMember(m Member) error {
	return r.update(System, func(c *change) error {
		if err := members.put(c, m, m.ID); err != nil {
			return err
		}
		return c.log(AddMember, "members/"+m.ID, nil)
	})
}

// EachClock is the clock of an edition's review.
func EachClock(e Edition) (evaluate, due string) {
	_, evaluate, due = e.clock()
	return evaluate, due
}

// ReadSeq is the event that came last.
func (r *Registry) ReadSeq() uint64 {
	e, err := r.LastEvent()
	if err != nil {
		panic(err)
	}
	return e.Seq
}

// DropEditions forgets what a standard published.
func (r *Registry) DropEditions(standard string) error {
	return r.update(System, func(c *change) error {
		list, err := editions.all(c.Tx, standard)
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := editions.delete(c, e.Standard, seq(uint64(e.Cycle)), e.Region, seq(uint64(e.Revision))); err != nil {
				return err
			}
		}
		return c.log("test.editions", "standards/"+standard, nil)
	})
}
