package registry

import (
	"cmp"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare"
)

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
			if row.Standard, err = row.Standard.dressed(tx, day); err != nil {
				return err
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
		if !slices.ContainsFunc(v.Items, ChecklistItem{Ref: b.Ref}.same) {
			v.More = append(v.More, b)
		}
	}
	return v, err
}

// Declared is a standard or a regulation that an enterprise says it applies.
type Declared struct {
	Standard
	Clauses int // of it on the checklist that concern the enterprise
	Done    int // of these
}

// Declared lists the texts that the checklist applies: its standards by number,
// then its regulations. Standardization Law, art. 27: an enterprise makes public
// the numbers and names of the standards that it applies.
func (v ChecklistView) Declared() (standards, regulations []Declared) {
	at := map[string]*Declared{}
	var order []string
	for _, row := range v.Rows {
		if row.State == ItemNone || row.Gone {
			continue
		}
		d := at[row.Standard.ID]
		if d == nil {
			d = &Declared{Standard: row.Standard}
			at[row.Standard.ID] = d
			order = append(order, row.Standard.ID)
		}
		d.Clauses++
		if row.State == ItemDone {
			d.Done++
		}
	}
	slices.SortFunc(order, func(a, b string) int {
		return cmp.Or(strings.Compare(at[a].Header.Primary(), at[b].Header.Primary()), strings.Compare(a, b))
	})
	for _, id := range order {
		if d := at[id]; d.Header.Kind == "regulation" {
			regulations = append(regulations, *d)
		} else {
			standards = append(standards, *d)
		}
	}
	return standards, regulations
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
		return c, plainClause(c, doc.Citations()), nil
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
	row.hash = today.Hash()
	if today.Hash() != row.Hash {
		row.Changed, row.Words = true, compare.Words(text, words)
	}
	return nil
}

// FollowChecklist takes over what has changed: clauses that changed are listed
// with their words of today and are open again, their evidence kept; those that
// are gone are kept apart, with their evidence; those that are new come in.
// version is of the checklist that was looked at.
func (r *Registry) FollowChecklist(actor Member, id string, version int) (Checklist, error) {
	v, err := r.Checklist(actor, id)
	if err != nil {
		return v.Checklist, err
	}
	found, err := r.Applicable(actor, v.Profile)
	if err != nil {
		return v.Checklist, err
	}
	fresh := found.listed()
	return r.changeChecklist(actor, FollowChecklist, id, func(k *Checklist) (any, error) {
		if k.Version != version || k.Version != v.Version {
			return nil, errMoved()
		}
		changed, gone := 0, 0
		k.Items = nil
		for _, row := range v.Rows {
			i := row.ChecklistItem
			if row.Gone {
				gone++
				k.Past = append(k.Past, i)
				continue
			}
			if row.Changed {
				changed++
				i.State, i.Version = ItemOpen, k.Version+1
			}
			i.Ref, i.Hash = row.Now, row.hash
			if at := slices.IndexFunc(fresh, i.same); at >= 0 {
				i.Hash, i.Number, i.Title, i.Force = fresh[at].Hash, fresh[at].Number, fresh[at].Title, fresh[at].Force
			}
			k.Items = append(k.Items, i)
		}
		more := slices.DeleteFunc(slices.Clone(fresh), func(f ChecklistItem) bool { return slices.ContainsFunc(k.Items, f.same) })
		k.add(more)
		if len(k.Items) > maxItems || len(k.Past) > maxItems {
			return nil, refuse(Invalid, "", "清单最多 %d 条。 A checklist has at most %d items.", maxItems, maxItems)
		}
		if changed+gone+len(more) == 0 {
			return nil, nil
		}
		return map[string]any{"changed": changed, "gone": gone, "new": len(more)}, nil
	})
}

// same tells whether two items are of one clause, whatever its revision.
func (i ChecklistItem) same(other ChecklistItem) bool {
	return i.Ref.Standard == other.Ref.Standard && i.Ref.Clause == other.Ref.Clause
}
