package registry

import (
	"cmp"
	"time"
)

// InForceOn finds the text of a standard that is or was in force on a day
// (YYYY-MM-DD; "" is today). undated says that the text names no day: it is taken
// to be in force unless its header says otherwise. A NotFound says that none was.
func (r *Registry) InForceOn(standard, day string) (v Revision, undated bool, err error) {
	day = cmp.Or(day, r.today())
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return v, false, refuse(Invalid, "on", "不是日期：%q（例：2024-06-30）。 Not a day: %q (e.g. 2024-06-30).", day, day)
	}
	err = r.store.View(func(tx Tx) error {
		s, err := standards.get(tx, standard)
		if err != nil {
			return err
		}
		n, none, ok, err := inForceAt(tx, s, day)
		if err != nil {
			return err
		}
		if !ok {
			return refuse(NotFound, "on", "%s 在 %s 没有现行有效的文本。 No text of %s was in force on %s.", standard, day, standard, day)
		}
		undated = none
		v, err = revisionAt(tx, standard, n)
		return err
	})
	return v, undated, err
}
