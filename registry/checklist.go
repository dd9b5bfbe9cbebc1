package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tongbiao/editor"
)

// Checklist is what an enterprise keeps of the clauses that bind it: private to
// the member who made it.
type Checklist struct {
	ID      string          `json:"id"`
	Owner   string          `json:"owner"` // Member.ID
	Title   string          `json:"title"`
	Profile Profile         `json:"profile"`
	Items   []ChecklistItem `json:"items"`
	Past    []ChecklistItem `json:"past,omitempty"` // whose clauses are gone; kept for their evidence
	Made    time.Time       `json:"made"`
	Changed time.Time       `json:"changed"`
	Version int             `json:"version"` // counts the changes; a form carries the one it was made from
}

// ChecklistItem is one clause on a checklist, as it was when it was put there.
type ChecklistItem struct {
	ID          string          `json:"id"`  // within the checklist, never given again
	Ref         Ref             `json:"ref"` // with the revision
	Hash        string          `json:"hash"`
	Number      string          `json:"number,omitempty"`
	Title       string          `json:"title,omitempty"`
	Activity    editor.Activity `json:"activity"` // under which it is listed
	Force       editor.Modality `json:"force"`
	Evidence    string          `json:"evidence,omitempty"`
	Responsible string          `json:"responsible,omitempty"`
	State       ItemState       `json:"state"`
	Version     int             `json:"version,omitempty"` // of the checklist, at which people last changed it
}

// ItemState is how far an enterprise is with a clause.
type ItemState string

const (
	ItemOpen  ItemState = "open"
	ItemDoing ItemState = "doing"
	ItemDone  ItemState = "done"
	ItemNone  ItemState = "none" // does not concern the enterprise; why stands in the evidence
)

// ItemStates in the order of the work.
var ItemStates = []ItemState{ItemOpen, ItemDoing, ItemDone, ItemNone}

// Bounds of checklists.
const (
	maxChecklists = 50   // of one member
	maxItems      = 2000 // of one checklist
	maxEvidence   = 4000 // bytes
)

var checklists = table[Checklist]{"checklist", "份清单"}

// Checklists lists the actor's own, the newest first.
func (r *Registry) Checklists(actor Member) (list []Checklist, err error) {
	if actor.ID == "" {
		return nil, May(actor, KeepChecklist)
	}
	err = r.store.View(func(tx Tx) error {
		list, err = checklists.all(tx, actor.ID)
		return err
	})
	slices.SortFunc(list, func(a, b Checklist) int { return cmp.Or(b.Made.Compare(a.Made), strings.Compare(b.ID, a.ID)) })
	return list, err
}

// MakeChecklist keeps the clauses that bind whoever fits a profile as a
// checklist of the actor's own.
func (r *Registry) MakeChecklist(actor Member, title string, p Profile) (k Checklist, err error) {
	if err := May(actor, MakeChecklist); err != nil {
		return k, err
	}
	title = strings.TrimSpace(title)
	if err := line("title", title); err != nil {
		return k, err
	}
	if title == "" {
		return k, refuse(Invalid, "title", "请给清单起个名字。 Give the checklist a name.")
	}
	found, err := r.Applicable(actor, p)
	if err != nil {
		return k, err
	}
	k = Checklist{Owner: actor.ID, Title: title, Profile: found.Profile, Version: 1}
	k.Profile.On = p.On // a list without a day follows the days
	k.add(found.listed())
	if len(k.Items) == 0 || len(k.Items) > maxItems {
		return k, refuse(Invalid, "title", "符合的条款有 %d 条：清单至少 1 条、最多 %d 条，请调整选项。 %d clauses: a checklist has between 1 and %d, choose otherwise.", len(k.Items), maxItems, len(k.Items), maxItems)
	}
	err = r.update(actor, func(c *change) error {
		held, err := checklists.all(c.Tx, actor.ID)
		if err != nil {
			return err
		}
		if len(held) >= maxChecklists {
			return refuse(Invalid, "title", "清单最多 %d 份：请先删去不用的。 You may keep %d checklists: drop some first.", maxChecklists, maxChecklists)
		}
		n, err := c.next()
		if err != nil {
			return err
		}
		k.ID, k.Made = fmt.Sprintf("k%d", n), r.now().UTC().Truncate(time.Second)
		k.Changed = k.Made
		if err := checklists.put(c, k, actor.ID, k.ID); err != nil {
			return err
		}
		return c.log(MakeChecklist, "checklists/"+k.ID, map[string]any{"items": len(k.Items)})
	})
	return k, err
}

// listed is each clause once, under its first activity, as items.
func (a Applicability) listed() (out []ChecklistItem) {
	seen := map[Ref]bool{}
	for _, g := range a.Groups {
		for _, b := range g.Clauses {
			if !seen[b.Ref] {
				seen[b.Ref] = true
				out = append(out, ChecklistItem{Ref: b.Ref, Hash: b.Hash, Number: b.Number, Title: b.Heading(), Activity: g.Activity, Force: b.Force, State: ItemOpen})
			}
		}
	}
	return out
}

func (k *Checklist) add(items []ChecklistItem) {
	last := 0
	for _, i := range k.Items {
		var n int
		fmt.Sscanf(i.ID, "i%d", &n)
		last = max(last, n)
	}
	for _, i := range items {
		last++
		i.ID = fmt.Sprintf("i%d", last)
		k.Items = append(k.Items, i)
	}
}

// Done counts the items that are done, and those that concern the enterprise.
func (k Checklist) Done() (done, of int) {
	for _, i := range k.Items {
		switch i.State {
		case ItemDone:
			done++
		case ItemNone:
			continue
		}
		of++
	}
	return done, of
}

// changeChecklist lets fn change one of the actor's own; what fn says is logged.
// A fn that changes nothing says nil.
func (r *Registry) changeChecklist(actor Member, verb Verb, id string, fn func(*Checklist) (any, error)) (k Checklist, err error) {
	if err := May(actor, verb); err != nil {
		return k, err
	}
	err = r.update(actor, func(c *change) error {
		if k, err = checklists.get(c.Tx, actor.ID, id); err != nil {
			return err
		}
		said, err := fn(&k)
		if err != nil || said == nil {
			return err
		}
		k.Version++
		k.Changed = r.now().UTC().Truncate(time.Second)
		if err := checklists.put(c, k, actor.ID, id); err != nil {
			return err
		}
		return c.log(verb, "checklists/"+id, said)
	})
	return k, err
}

// errMoved refuses a form that was made from an older checklist.
func errMoved() error {
	return refuse(Conflict, "", "清单在别处改过了：您写的还在，请对照后再保存。 The checklist was changed elsewhere: what you wrote is kept; compare and save again.")
}

// KeepItems keeps the evidence of items, who is responsible and how far each is.
// version is of the checklist that the form showed; only items that somebody
// changed since, and otherwise, are a conflict.
func (r *Registry) KeepItems(actor Member, id string, version int, items []ChecklistItem) (Checklist, error) {
	for n := range items {
		i := &items[n]
		i.Evidence, i.Responsible = strings.TrimSpace(i.Evidence), strings.TrimSpace(i.Responsible)
		for _, f := range []struct{ name, text string }{{"evidence-" + i.ID, i.Evidence}, {"responsible-" + i.ID, i.Responsible}} {
			if err := within(f.name, f.text, maxEvidence); err != nil {
				return Checklist{}, err
			}
		}
		if !slices.Contains(ItemStates, i.State) {
			return Checklist{}, refuse(Invalid, "state-"+i.ID, "请选择进度。 Choose how far it is.")
		}
		if i.State == ItemNone && i.Evidence == "" {
			return Checklist{}, refuse(Invalid, "evidence-"+i.ID, "“不涉及”要写明理由：写在证据一栏。 Say in the evidence why it does not concern you.")
		}
	}
	return r.changeChecklist(actor, KeepChecklist, id, func(k *Checklist) (any, error) {
		changed := 0
		for _, n := range items {
			at := slices.IndexFunc(k.Items, func(i ChecklistItem) bool { return i.ID == n.ID })
			if at < 0 {
				return nil, refuse(Conflict, "", "清单里已经没有这一条：%s，可能刚随修订更新过；您写的还在，请对照后再保存。 The checklist has no item %s any more; what you wrote is kept.", clip(n.ID), clip(n.ID))
			}
			i := &k.Items[at]
			if i.Evidence == n.Evidence && i.Responsible == n.Responsible && i.State == n.State {
				continue
			}
			if i.Version > version {
				return nil, errMoved()
			}
			i.Evidence, i.Responsible, i.State, i.Version = n.Evidence, n.Responsible, n.State, k.Version+1
			changed++
		}
		if changed == 0 {
			return nil, nil
		}
		return map[string]any{"items": changed}, nil
	})
}

// DropChecklist takes one of the actor's checklists away.
func (r *Registry) DropChecklist(actor Member, id string) error {
	if err := May(actor, DropChecklist); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		if _, err := checklists.get(c.Tx, actor.ID, id); err != nil {
			return err
		}
		if err := checklists.delete(c, actor.ID, id); err != nil {
			return err
		}
		return c.log(DropChecklist, "checklists/"+id, nil)
	})
}
