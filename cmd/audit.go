package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"tongbiao/registry"
)

type auditCommand struct {
	dataFlag
	Since  []string `placeholder:"HASH" help:"别处记下的散列，须仍在链中：a hash noted elsewhere; it must still be in the chain."`
	Anchor string   `type:"existingfile" placeholder:"FILE" help:"别处记下的“序号 散列”，每行一条，或先前的导出：notes of number and hash, a line each, or an earlier export."`
	Of     string   `type:"existingfile" placeholder:"FILE" help:"核验导出的记录而不是数据文件夹：verify an export instead of the data folder."`
	Export string   `placeholder:"FILE" help:"导出为 JSON Lines（见 schemas/events.md），- 为标准输出：export as JSON Lines; - is standard output."`
}

// Run verifies the chain of events and says which is the newest: number and hash,
// a line to note elsewhere.
func (cmd auditCommand) Run(t *terminal) error {
	notes, err := cmd.notes()
	if err != nil {
		return err
	}
	if cmd.Of != "" {
		if cmd.Export != "" {
			return usageError("--of 与 --export 不能同时用。 --of and --export exclude each other")
		}
		return cmd.auditFile(t, notes)
	}
	reg, err := cmd.look()
	if registry.Refused(err, registry.Conflict) {
		return cmd.auditSite(t, notes, err)
	}
	if err != nil {
		return err
	}
	defer reg.Close()
	last, err := reg.Audit(notes)
	if err != nil {
		return advise(err)
	}
	said, err := cmd.export(t, func(w io.Writer) error { _, err := reg.ExportEvents(w, nil); return err })
	if err != nil {
		return err
	}
	return whole(said, registry.Note{Seq: last.Seq, Hash: last.Hash}, len(notes))
}

// auditSite asks the site that holds the data file for its log, and verifies what
// it sends.
func (cmd auditCommand) auditSite(t *terminal, notes []registry.Note, held error) error {
	f, err := os.CreateTemp("", "tongbiao-audit-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := cmd.askSite("/events", f); err != nil {
		return fmt.Errorf("%w %w", held, err)
	}
	from := func() io.Reader { return io.NewSectionReader(f, 0, math.MaxInt64) }
	last, err := registry.AuditExport(from(), notes)
	if err != nil {
		return advise(err)
	}
	said, err := cmd.export(t, func(w io.Writer) error { _, err := io.Copy(w, from()); return err })
	if err != nil {
		return err
	}
	return whole(said, last, len(notes))
}

// export writes the log where it was asked for, and tells where else to speak.
func (cmd auditCommand) export(t *terminal, write func(io.Writer) error) (said io.Writer, err error) {
	switch cmd.Export {
	case "":
		return t.out, nil
	case "-":
		return t.err, write(t.out)
	}
	return t.out, writeWhole(cmd.Export, write)
}

func (cmd auditCommand) notes() (notes []registry.Note, err error) {
	for _, hash := range cmd.Since {
		n, err := registry.ReadNotes(strings.NewReader(hash))
		if err != nil || len(n) != 1 {
			return nil, usageError(fmt.Sprintf("--since 要 64 位十六进制散列。 --since takes a hash of 64 hex digits: %q", hash))
		}
		notes = append(notes, n...)
	}
	if cmd.Anchor == "" {
		return notes, nil
	}
	f, err := os.Open(cmd.Anchor)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	more, err := registry.ReadNotes(f)
	if err == nil && len(more) == 0 {
		err = errors.New("没有一条记下的散列。 no hash is noted in it")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", cmd.Anchor, err)
	}
	return append(notes, more...), nil
}

func (cmd auditCommand) auditFile(t *terminal, notes []registry.Note) error {
	f, err := os.Open(cmd.Of)
	if err != nil {
		return err
	}
	defer f.Close()
	last, err := registry.AuditExport(f, notes)
	if err != nil {
		return advise(err)
	}
	return whole(t.out, last, len(notes))
}

// whole says that nothing is wrong. The last line is the one to note.
func whole(w io.Writer, last registry.Note, notes int) error {
	_, err := fmt.Fprintf(w, "事件链完好：%d 条，与记下的 %d 个散列相符。请把下一行记在别处（--anchor）。 The chain is whole: %d events; %d noted hashes agree. Note the next line elsewhere (--anchor).\n%d %s\n",
		last.Seq, notes, last.Seq, notes, last.Seq, last.Hash)
	return err
}

// advise says what to do about a broken chain.
func advise(err error) error {
	var broken *registry.ChainError
	if !errors.As(err, &broken) || broken.Noted {
		return err
	}
	return fmt.Errorf("%w 第 %d 条及以前可信；另存数据文件，运行 tongbiao check-store，从备份恢复。 Up to event %d it can be trusted; keep a copy of the data, run tongbiao check-store, restore a backup", err, broken.Seq-1, broken.Seq-1)
}

// writeWhole writes a file that has its name only when it is whole and on disk.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".tongbiao-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}
