package main

import (
	"fmt"

	"tongbiao/registry"
)

type checkStoreCommand struct{ dataFlag }

// Run checks the chain of events, every text against its hash, and every record
// against what it points at; each fault is one line.
func (cmd checkStoreCommand) Run(t *terminal) error {
	reg, err := cmd.look()
	if err != nil {
		return err
	}
	defer reg.Close()
	faults := 0
	err = reg.Verify(func(f registry.Fault) {
		faults++
		fmt.Fprintf(t.err, "%s: %s\n", f.Where, f.What)
	})
	if err != nil {
		return err
	}
	head, err := reg.LastEvent()
	if err != nil {
		return err
	}
	_, texts, err := reg.Standards(registry.Filter{}, 0, 0)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "标准 %d，事件 %d，问题 %d。 standards %d, events %d, faults %d\n", texts, head.Seq, faults, texts, head.Seq, faults)
	if faults > 0 {
		return errReported
	}
	return nil
}
