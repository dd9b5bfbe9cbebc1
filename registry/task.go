package registry

import "slices"

// Task is something that waits for a member: the machine reads it off what is
// kept, so it is never out of date and nobody has to tick it off.
type Task struct {
	Kind   TaskKind
	Object string // ID of the project or standard
	Title  string // of it
	Region string // for which the member acts; "" for none
	Count  int    // how many of them
	Until  string // YYYY-MM-DD, the last day; "" without a date
}

// TaskKind says what waits.
type TaskKind string

const (
	PositionsOwed    TaskKind = "positions"   // rows of a project on whose unified clause the member's region has not spoken
	VoteOwed         TaskKind = "vote"        // a ballot that runs
	CommentsToSubmit TaskKind = "submit"      // said inside the region, neither submitted nor left out
	CommentsToAnswer TaskKind = "answer"      // without disposition, on a text that is on its way
	SuggestionsOpen  TaskKind = "suggestions" // that the member may decide on
	CopyBehind       TaskKind = "behind"      // a working copy whose standard moved on
)

// Tasks lists what waits for the actor, by kind, then by title.
func (r *Registry) Tasks(actor Member) (list []Task, err error) {
	if actor.ID == "" {
		return nil, refuse(Forbidden, "", "请先登录。 Sign in first.")
	}
	if list, err = r.positionsOwed(actor); err != nil {
		return nil, err
	}
	err = r.store.View(func(tx Tx) error {
		for _, look := range []func(Tx, Member) ([]Task, error){r.votesOwed, r.commentsToSubmit, r.commentsToAnswer, r.suggestionsOpen, r.copiesBehind} {
			found, err := look(tx, actor)
			if err != nil {
				return err
			}
			list = append(list, found...)
		}
		return nil
	})
	return list, err
}

func (r *Registry) positionsOwed(actor Member) (list []Task, err error) {
	if May(actor, TakePosition, actor.Region) != nil {
		return nil, nil
	}
	held, err := r.Projects()
	if err != nil {
		return nil, err
	}
	for _, p := range held {
		if !slices.Contains(regionsOf(p), actor.Region) {
			continue
		}
		now, err := r.Progress(p.ID)
		if err != nil {
			return nil, err
		}
		for _, at := range now.Regions {
			if n := len(at.Owes); at.Region == actor.Region && n > 0 {
				list = append(list, Task{Kind: PositionsOwed, Object: p.ID, Title: p.Title, Region: actor.Region, Count: n})
			}
		}
	}
	return list, nil
}

// task is one on a standard.
func task(tx Tx, kind TaskKind, standard string, n int) (Task, error) {
	s, err := standards.get(tx, standard)
	return Task{Kind: kind, Object: standard, Title: s.Header.Title, Count: n}, err
}

func (r *Registry) votesOwed(tx Tx, actor Member) (list []Task, err error) {
	today := r.today()
	err = ballots.scan(tx, func(b Ballot) error {
		if b.State(today) != BallotRunning || !b.May(actor.ID) {
			return nil
		}
		said, err := votes.all(tx, b.Standard, seq(uint64(b.N)))
		if err != nil || slices.ContainsFunc(said, func(v Vote) bool { return v.Member == actor.ID }) {
			return err
		}
		t, err := task(tx, VoteOwed, b.Standard, b.N)
		t.Until = b.Closes
		list = append(list, t)
		return err
	})
	return list, err
}

// underWayAt calls fn for the standards whose procedure is under way.
func underWayAt(tx Tx, fn func(Process) error) error {
	return processes.scan(tx, func(p Process) error {
		if !slices.Contains(underWay, p.Stage) {
			return nil
		}
		return fn(p)
	})
}

func (r *Registry) commentsToSubmit(tx Tx, actor Member) (list []Task, err error) {
	if actor.Region == "" || May(actor, SubmitComments, actor.Region) != nil {
		return nil, nil
	}
	today := r.today()
	err = underWayAt(tx, func(p Process) error {
		if p.Consultation == nil || p.Stage != StageConsultation || !p.Consultation.Open(today) {
			return nil
		}
		n := 0
		err := comments.scan(tx, func(k Comment) error {
			if k.Scope == actor.Region && k.ReplyTo == "" && k.Outward == nil {
				n++
			}
			return nil
		}, "standard:"+p.Standard)
		if err != nil || n == 0 {
			return err
		}
		t, err := task(tx, CommentsToSubmit, p.Standard, n)
		t.Region, t.Until = actor.Region, p.Consultation.Closes
		list = append(list, t)
		return err
	})
	return list, err
}

func (r *Registry) commentsToAnswer(tx Tx, actor Member) (list []Task, err error) {
	if May(actor, Dispose) != nil {
		return nil, nil
	}
	err = underWayAt(tx, func(p Process) error {
		n, err := undisposed(tx, p.Standard)
		if err != nil || n == 0 {
			return err
		}
		t, err := task(tx, CommentsToAnswer, p.Standard, n)
		list = append(list, t)
		return err
	})
	return list, err
}

func (r *Registry) suggestionsOpen(tx Tx, actor Member) (list []Task, err error) {
	open := map[string]int{}
	var order []string
	err = suggestions.scan(tx, func(s Suggestion) error {
		if s.Open() > 0 {
			if open[s.Standard]++; open[s.Standard] == 1 {
				order = append(order, s.Standard)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, id := range order {
		s, err := standards.get(tx, id)
		if err != nil {
			return nil, err
		}
		if May(actor, DecideSuggested, s.Header.Regions...) == nil {
			list = append(list, Task{Kind: SuggestionsOpen, Object: id, Title: s.Header.Title, Count: open[id]})
		}
	}
	return list, nil
}

func (r *Registry) copiesBehind(tx Tx, actor Member) (list []Task, err error) {
	err = desks.scan(tx, func(d desk) error {
		s, held, err := standards.find(tx, d.Standard)
		if err != nil || !held || d.Base == 0 || d.Base == s.Current {
			return err
		}
		list = append(list, Task{Kind: CopyBehind, Object: d.Standard, Title: s.Header.Title, Count: s.Current})
		return nil
	}, actor.ID)
	return list, err
}
