package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tongbiao/registry"
)

type checkStoreCommand struct {
	dataFlag
	Repair bool `help:"修复能由其他记录推出的，先做备份：mend what follows from other records, after a backup."`
}

// Run checks the chain of events, every text against its hash, and every record
// against what it points at; each fault is one line.
func (cmd checkStoreCommand) Run(t *terminal) error {
	open := cmd.look
	if cmd.Repair {
		open = cmd.open
	}
	reg, err := open()
	if err != nil {
		return err
	}
	defer reg.Close()
	if cmd.Repair {
		if err := cmd.repair(t, reg); err != nil {
			return err
		}
	}
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

// repair keeps a backup beside the data, mends what can be derived, and says
// what it did.
func (cmd checkStoreCommand) repair(t *terminal, reg *registry.Registry) error {
	path := filepath.Join(cmd.Data, "before-repair-"+backupName(clock()))
	if err := keepWhole(path, reg); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "修复前的数据存于 %s。 the data as it was is kept there\n", path)
	return reg.Repair(func(f registry.Fault, mended bool) {
		if mended {
			fmt.Fprintf(t.out, "已修复 mended: %s: %s\n", f.Where, f.What)
		}
	})
}

// keepWhole writes a backup that may hold faults, as long as it can be read again.
func keepWhole(path string, reg *registry.Registry) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("修复前的备份写不进去。 keep a backup first: %w", err)
	}
	defer f.Close()
	if _, err := reg.Backup(f); err != nil {
		os.Remove(path)
		return fmt.Errorf("有记录读不出来，不能修复：请从备份恢复。 a record cannot be read, so nothing is repaired: restore a backup. %w", err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := registry.ReadBackup(f, func(_, _ []byte) error { return nil }); err != nil {
		return err
	}
	return f.Sync()
}
