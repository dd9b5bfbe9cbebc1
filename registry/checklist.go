package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

// Checklist is what an enterprise keeps of the clauses that bind it: private to
// the member who made it.
type Checklist struct {
	ID      string          `json:"id"`
	Owner   string          `json:"owner"` // Member.ID
	Title   string          `json:"title"`
	Profile Profile         `json:"profile"`
	Items   []ChecklistItem `json:"items"`
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

// change lets fn change one of the actor's checklists that is still as the form
// saw it.
func (r *Registry) changeChecklist(actor Member, verb Verb, id string, version int, fn func(*change, *Checklist) (any, error)) (k Checklist, err error) {
	if err := May(actor, verb); err != nil {
		return k, err
	}
	err = r.update(actor, func(c *change) error {
		if k, err = checklists.get(c.Tx, actor.ID, id); err != nil {
			return err
		}
		if k.Version != version {
			return refuse(Conflict, "", "清单在别处改过了：您写的还在，请对照后再保存。 The checklist was changed elsewhere: what you wrote is kept; compare and save again.")
		}
		said, err := fn(c, &k)
		if err != nil {
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

// KeepItem keeps the evidence of one item, who is responsible and how far it is.
func (r *Registry) KeepItem(actor Member, id string, version int, item ChecklistItem) (Checklist, error) {
	for _, f := range []struct{ name, text string }{{"evidence", item.Evidence}, {"responsible", item.Responsible}} {
		if err := within(f.name, f.text, maxEvidence); err != nil {
			return Checklist{}, err
		}
	}
	if !slices.Contains(ItemStates, item.State) {
		return Checklist{}, refuse(Invalid, "state", "请选择进度。 Choose how far it is.")
	}
	return r.changeChecklist(actor, KeepChecklist, id, version, func(_ *change, k *Checklist) (any, error) {
		at := slices.IndexFunc(k.Items, func(i ChecklistItem) bool { return i.ID == item.ID })
		if at < 0 {
			return nil, refuse(NotFound, "", "清单里没有这一条：%s。 The checklist has no item %s.", item.ID, item.ID)
		}
		i := &k.Items[at]
		i.Evidence, i.Responsible, i.State = strings.TrimSpace(item.Evidence), strings.TrimSpace(item.Responsible), item.State
		return map[string]any{"item": item.ID, "state": item.State}, nil
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

// ChecklistView is a checklist with its texts, and what has changed since.
type ChecklistView struct {
	Checklist
	Rows  []ChecklistRow
	More  []*BindingClause // that bind today and are not on it
	Since int              // items whose clause has changed, is gone or is not in force any more
}

// ChecklistRow is an item with the clause as it was put there, and as it is.
type ChecklistRow struct {
	ChecklistItem
	Standard Standard
	Text     string
	Now      Ref            // where the clause stands today; empty where it is gone
	Changed  bool           // its words are others today
	Gone     bool           // the clause or its standard is not in force any more
	Title2   string         // of the clause today
	Words    []compare.Edit // from the words then to those of today

	hash string // of the clause today
}

// Checklist reads one of the actor's own against the texts that are in force
// today.
func (r *Registry) Checklist(actor Member, id string) (v ChecklistView, err error) {
	if actor.ID == "" {
		return v, May(actor, KeepChecklist)
	}
	err = r.store.View(func(tx Tx) error {
		if v.Checklist, err = checklists.get(tx, actor.ID, id); err != nil {
			return err
		}
		day := r.today()
		if v.Profile.On != "" {
			day = v.Profile.On
		}
		docs := map[Ref]*editor.Document{}
		current := map[string]int{}
		for _, i := range v.Items {
			row := ChecklistRow{ChecklistItem: i}
			if row.Standard, err = standards.get(tx, i.Ref.Standard); err != nil {
				return err
			}
			now, asked := current[i.Ref.Standard]
			if !asked {
				revision, _, ok, err := inForceAt(tx, row.Standard, day)
				if err != nil {
					return err
				}
				if !ok {
					revision = 0
				}
				now, current[i.Ref.Standard] = revision, revision
			}
			if err := row.read(tx, docs, now); err != nil {
				return err
			}
			if row.Changed || row.Gone {
				v.Since++
			}
			v.Rows = append(v.Rows, row)
		}
		return nil
	})
	if err != nil {
		return v, err
	}
	found, err := r.Applicable(actor, v.Profile)
	for _, b := range found.Clauses {
		if !slices.ContainsFunc(v.Items, func(i ChecklistItem) bool { return i.Ref.Standard == b.Ref.Standard && i.Ref.Clause == b.Ref.Clause }) {
			v.More = append(v.More, b)
		}
	}
	return v, err
}

// read finds the clause as it was and as it is in the revision in force (0: none).
func (row *ChecklistRow) read(tx Tx, docs map[Ref]*editor.Document, now int) error {
	find := func(revision int) (*editor.Clause, string, error) {
		at := Ref{Standard: row.Ref.Standard, Revision: revision}
		doc := docs[at]
		if doc == nil {
			t, err := textAt(tx, at)
			if err != nil {
				return nil, "", err
			}
			doc = t.Document
			docs[at] = doc
		}
		c := doc.Clause(row.Ref.Clause)
		if c == nil {
			return nil, "", nil
		}
		citations := doc.Citations()
		return c, editor.Cite(c.Text, func(id string) string { return citations[id] }), nil
	}
	_, text, err := find(row.Ref.Revision)
	if err != nil {
		return err
	}
	row.Text = text
	if now == 0 {
		row.Gone = true
		return nil
	}
	today, words, err := find(now)
	if err != nil || today == nil {
		row.Gone = err == nil
		return err
	}
	row.Now = Ref{Standard: row.Ref.Standard, Revision: now, Clause: row.Ref.Clause}
	row.Title2, row.hash = today.Title, today.Hash()
	if today.Hash() != row.Hash {
		row.Changed, row.Words = true, compare.Words(text, words)
	}
	return nil
}

// FollowChecklist takes over what has changed: clauses that changed are listed
// with their words of today and are open again, their evidence kept; those that
// are gone leave; those that are new come in.
func (r *Registry) FollowChecklist(actor Member, id string, version int) (Checklist, error) {
	v, err := r.Checklist(actor, id)
	if err != nil {
		return v.Checklist, err
	}
	found, err := r.Applicable(actor, v.Profile)
	if err != nil {
		return v.Checklist, err
	}
	return r.changeChecklist(actor, FollowChecklist, id, version, func(_ *change, k *Checklist) (any, error) {
		fresh := found.listed()
		changed, gone := 0, 0
		var kept []ChecklistItem
		for _, row := range v.Rows {
			i := row.ChecklistItem
			same := func(f ChecklistItem) bool { return f.Ref.Standard == i.Ref.Standard && f.Ref.Clause == i.Ref.Clause }
			at := slices.IndexFunc(fresh, same)
			switch {
			case row.Gone:
				gone++
				continue
			case row.Changed:
				changed++
				i.State = ItemOpen
			}
			i.Ref, i.Hash = row.Now, row.hash
			if at >= 0 {
				i.Hash, i.Number, i.Title, i.Force = fresh[at].Hash, fresh[at].Number, fresh[at].Title, fresh[at].Force
			}
			kept = append(kept, i)
		}
		var more []ChecklistItem
		for _, f := range fresh {
			if !slices.ContainsFunc(kept, func(i ChecklistItem) bool { return i.Ref.Standard == f.Ref.Standard && i.Ref.Clause == f.Ref.Clause }) {
				more = append(more, f)
			}
		}
		k.Items = kept
		k.add(more)
		if len(k.Items) > maxItems {
			return nil, refuse(Invalid, "", "清单最多 %d 条。 A checklist has at most %d items.", maxItems, maxItems)
		}
		return map[string]any{"changed": changed, "gone": gone, "new": len(more)}, nil
	})
}
