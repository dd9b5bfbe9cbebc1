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

// PositionsOwed are rows of a project whose unified clause has no position of the
// member's region.
const PositionsOwed TaskKind = "positions"

// Tasks lists what waits for the actor, by kind, then by title.
func (r *Registry) Tasks(actor Member) (list []Task, err error) {
	if actor.ID == "" {
		return nil, refuse(Forbidden, "", "请先登录。 Sign in first.")
	}
	for _, look := range []func(Member) ([]Task, error){r.positionsWaiting} {
		found, err := look(actor)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

func (r *Registry) positionsWaiting(actor Member) (list []Task, err error) {
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
