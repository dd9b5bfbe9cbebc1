package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

type backupCommand struct {
	dataFlag
	To string `required:"" type:"path" placeholder:"PATH" help:"备份写到哪里：a new file, or a folder in which one is made."`
}

// Run writes a backup, checks that everything can be restored from it, and only
// then gives it its name. While a site is served, the site writes it.
func (cmd backupCommand) Run(t *terminal) error {
	path := cmd.To
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, backupName(clock()))
	}
	note, err := writeBackup(path, cmd.backup)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "已备份并核对：%s，%d 字节，事件 %d，链头 %s\nbacked up and verified: %d events, head %s\n", path, info.Size(), note.Events, note.Head, note.Events, note.Head)
	return nil
}

// backup takes a backup from the file, or from the site that holds the file.
func (d dataFlag) backup(w io.Writer) error {
	reg, err := d.open()
	if err == nil {
		defer reg.Close()
		_, err = reg.Backup(w)
		return err
	}
	if registry.Refused(err, registry.Conflict) {
		if served := d.askSite("/backup", w); served != nil {
			return fmt.Errorf("%w %w", err, served)
		}
		return nil
	}
	return err
}

const backupSuffix = ".tongbiao-backup"

// backupName names a backup by its moment, so that names sort as time does.
func backupName(at time.Time) string { return at.UTC().Format("20060102T150405Z") + backupSuffix }

// writeBackup makes a new file of what source writes. The file has its name only
// once it is on the disk and was found whole.
func writeBackup(path string, source func(io.Writer) error) (note registry.BackupNote, err error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return note, fmt.Errorf("%s 已存在，备份不覆盖任何文件：请换一个名称。 a backup overwrites nothing: choose another name", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".backup-*")
	if err != nil {
		return note, fmt.Errorf("备份写不进去，请检查 --to 的文件夹：back up: %w", err)
	}
	defer os.Remove(f.Name())
	err = errors.Join(source(f), f.Sync())
	if err = errors.Join(err, f.Close()); err != nil {
		return note, fmt.Errorf("没有备份成。 back up: %w", err)
	}
	if note, err = verifyBackup(f.Name()); err != nil {
		return note, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return note, fmt.Errorf("back up: %w", err)
	}
	return note, syncFolder(filepath.Dir(path))
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

// verifyBackup restores a backup beside itself and checks all that was restored.
func verifyBackup(path string) (registry.BackupNote, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".verify-*")
	if err != nil {
		return registry.BackupNote{}, fmt.Errorf("verify the backup: %w", err)
	}
	defer os.Remove(f.Name())
	if err := f.Close(); err != nil {
		return registry.BackupNote{}, fmt.Errorf("verify the backup: %w", err)
	}
	return restoreTo(path, f.Name())
}

// restoreTo makes a new store of a backup: every record against the backup's
// sum, then all that the records say about each other, then the chain's end
// against the backup's note.
func restoreTo(path, file string) (note registry.BackupNote, err error) {
	f, err := os.Open(path)
	if err != nil {
		return note, fmt.Errorf("restore: %w", err)
	}
	defer f.Close()
	store, err := bolt.Open(file)
	if err != nil {
		return note, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if note, err = registry.Restore(store, f); err != nil {
		return note, err
	}
	reg, err := registry.Open(store, clock)
	if err != nil {
		return note, err
	}
	var first *registry.Fault
	err = reg.Verify(func(f registry.Fault) {
		if first == nil && !f.Repairable {
			first = &f
		}
	})
	if err != nil {
		return note, err
	}
	if first != nil {
		return note, fmt.Errorf("备份的内容有问题，请换一份备份。 what the backup holds is not sound, take another one. %s: %s", first.Where, first.What)
	}
	head, err := reg.LastEvent()
	if err == nil && head.Hash != note.Head {
		err = fmt.Errorf("备份的链头不是 %s：请换一份备份。 the backup does not end with the event it names: take another one", note.Head)
	}
	return note, err
}

type restoreCommand struct {
	dataFlag
	From string `arg:"" type:"existingfile" help:"备份文件：the backup."`
}

// Run puts a backup into a folder that holds no registry, and checks it before
// it has its name. The search index is built by the next serve.
func (cmd restoreCommand) Run(t *terminal) error {
	if held, err := os.ReadDir(cmd.Data); err == nil && len(held) > 0 {
		return fmt.Errorf("%s 不是空文件夹：请用 --data 另选一个。 not an empty folder: choose another with --data", cmd.Data)
	}
	if err := os.MkdirAll(cmd.Data, 0o700); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	fresh := filepath.Join(cmd.Data, ".restoring.db")
	note, err := restoreTo(cmd.From, fresh)
	if err != nil {
		os.Remove(fresh)
		return err
	}
	if err := errors.Join(os.Rename(fresh, cmd.file()), syncFolder(cmd.Data)); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	fmt.Fprintf(t.out, "已恢复到 %s：%s 的备份，事件 %d，链头 %s\nrestored: a backup of %s, %d events\n", cmd.Data, note.Made.Format(time.RFC3339), note.Events, note.Head, note.Made.Format(time.RFC3339), note.Events)
	return nil
}
