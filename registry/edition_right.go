package registry

import (
	"cmp"
	"slices"
)

// Holding are the texts of a standard as they hold on a day ("" is today): its
// editions, and what came later from outside under the number of one. Such a text
// holds from its own date on; where that is the edition's, it puts the edition's
// words right from the first day.
func (r *Registry) Holding(standard, day string) (out []Issued, err error) {
	err = r.store.View(func(tx Tx) error {
		out, err = holdingAt(tx, standard, cmp.Or(day, r.today()))
		return err
	})
	return out, err
}

// Record is what is known of when the texts of a standard hold.
type Record struct {
	Standard  Standard
	Revisions []Revision // the oldest first
	Holding   []Issued   // as Registry.Holding has it
	Process   Process    // of Version 0 where none was recorded
	Today     string     // YYYY-MM-DD
}

// Record reads the record of a standard.
func (r *Registry) Record(standard string) (k Record, err error) {
	err = r.store.View(func(tx Tx) error {
		k, err = recordAt(tx, standard, r.today())
		return err
	})
	return k, err
}

func recordAt(tx Tx, standard, today string) (k Record, err error) {
	k.Today = today
	if k.Standard, err = standards.get(tx, standard); err != nil {
		return k, err
	}
	if k.Revisions, err = revisions.all(tx, standard); err != nil {
		return k, err
	}
	if k.Holding, err = holdingAt(tx, standard, today); err != nil {
		return k, err
	}
	p, err := processAt(tx, standard)
	if err != nil {
		return k, err
	}
	k.Process, err = p.on(tx, today)
	return k, err
}

func holdingAt(tx Tx, standard, day string) ([]Issued, error) {
	out, err := issuedAt(tx, standard, day)
	if err != nil || len(out) == 0 {
		return out, err
	}
	if _, recorded, err := processes.find(tx, standard); err != nil || recorded {
		return out, err // its texts are issued by the procedure, and only so
	}
	texts, err := revisions.all(tx, standard)
	if err != nil {
		return nil, err
	}
	for _, v := range texts {
		for _, e := range declared(v) {
			out = putRight(out, e, day)
		}
	}
	return out, nil
}

// putRight lets a text take the place of an earlier one of its number and region.
func putRight(list []Issued, e Edition, day string) []Issued {
	at := -1
	for i, k := range list {
		if k.Region == e.Region && numberKey(k.Number) == numberKey(e.Number) && k.Revision < e.Revision {
			at = i // the last that was put right is the one that holds
		}
	}
	if at < 0 {
		return list
	}
	was := &list[at]
	if e.Effective <= was.Effective {
		was.Revision = e.Revision
		return list
	}
	later := *was
	later.Revision, later.Published, later.Effective = e.Revision, e.Published, e.Effective
	if e.Effective > day && later.Status == "in-force" {
		later.Status = "published"
	}
	was.Superseded = Supersession{was.Number, was.Standard, e.Number, e.Effective}
	if e.Effective <= day && was.Status != "withdrawn" {
		was.Status = "superseded"
	}
	return slices.Insert(list, at+1, later)
}
