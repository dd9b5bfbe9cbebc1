package registry

import "fmt"

// Repair puts right what follows from other records, and takes away what nobody
// needs, in one transaction with its event; report hears of each fault and
// whether it was mended. What cannot be derived stays as it is: that takes a
// backup, or people. It returns a *ChainError, and mends nothing, where the
// chain of events is broken: nothing can be logged behind a broken link.
func (r *Registry) Repair(report func(f Fault, mended bool)) error {
	if err := r.VerifyEvents(); err != nil {
		return err
	}
	var faults []Fault
	if err := r.Verify(func(f Fault) { faults = append(faults, f) }); err != nil {
		return err
	}
	var mended []string
	err := r.update(System, func(c *change) error {
		mended = mended[:0]
		for _, f := range faults {
			if f.mend == nil {
				continue
			}
			if err := f.mend(c); err != nil {
				return fmt.Errorf("mend %s: %w", f.Where, err)
			}
			mended = append(mended, f.Where)
		}
		if len(mended) == 0 {
			return nil
		}
		return c.log(RepairStore, "registry", map[string]any{"mended": mended})
	})
	if err != nil {
		return err
	}
	for _, f := range faults {
		report(f, f.mend != nil)
	}
	return nil
}
