package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestBackupAndRestore goes the way of an operator: a backup of what nobody
// uses, a restore, and what is refused.
func TestBackupAndRestore(t *testing.T) {
	data, kept := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if code, _, errs := tongbiao(t, append([]string{"import", "--data", data}, bundled(t, "db31-t-sf001.md", "db32-t-sf001.md")...)...); code != 0 {
		t.Fatal(errs)
	}
	path := filepath.Join(kept, "one")
	code, out, errs := tongbiao(t, "backup", "--data", data, "--to", path)
	if code != 0 || !strings.Contains(out, "已备份并核对") {
		t.Fatalf("backup: exit %d\n%s%s", code, out, errs)
	}
	if code, _, errs := tongbiao(t, "backup", "--data", data, "--to", path); code != 1 || !strings.Contains(errs, "不覆盖") {
		t.Errorf("a backup over a backup: exit %d, %s", code, errs)
	}
	fresh := filepath.Join(t.TempDir(), "fresh")
	if code, out, errs = tongbiao(t, "restore", path, "--data", fresh); code != 0 || !strings.Contains(out, "已恢复到") {
		t.Fatalf("restore: exit %d\n%s%s", code, out, errs)
	}
	if code, _, errs := tongbiao(t, "restore", path, "--data", fresh); code != 1 || !strings.Contains(errs, "不是空文件夹") {
		t.Errorf("a restore over a registry: exit %d, %s", code, errs)
	}
	_, was, _ := tongbiao(t, "check-store", "--data", data)
	if code, is, errs := tongbiao(t, "check-store", "--data", fresh); code != 0 || is != was {
		t.Errorf("restored: exit %d, %q where %q was\n%s", code, is, was, errs)
	}
	if code, out, errs := tongbiao(t, "search", "--data", fresh, "智能快件箱"); code != 0 || out == "" {
		t.Errorf("search in what was restored: exit %d, %s%s", code, out, errs)
	}

	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged, empty := filepath.Join(kept, "damaged"), filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(damaged, whole[:len(whole)-9], 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := tongbiao(t, "restore", damaged, "--data", empty); code != 1 || !strings.Contains(errs, "不是完整的备份") {
		t.Errorf("restore of half a backup: exit %d, %s", code, errs)
	}
	if held, _ := os.ReadDir(empty); len(held) != 0 {
		t.Errorf("a restore that failed leaves %v", held)
	}
	if held, _ := filepath.Glob(filepath.Join(kept, ".*")); len(held) != 0 {
		t.Errorf("backups leave %v behind", held)
	}
}

// TestBackupWhileServing: the site that holds the file gives the backup, while
// others write.
func TestBackupWhileServing(t *testing.T) {
	data := t.TempDir()
	site, _ := startServer(t, data, "127.0.0.1:0")
	v := &visitor{t: t, site: site}
	v.signIn("demo-secretary")
	stop, written := make(chan bool), make(chan int)
	go func() {
		n := 0
		for ; ; n++ {
			select {
			case <-stop:
				written <- n
				return
			default:
				r, err := http.Get(site + "/search?q=快递")
				if err == nil {
					io.Copy(io.Discard, r.Body)
					r.Body.Close()
				}
			}
		}
	}()
	path := filepath.Join(t.TempDir(), "backup")
	code, out, errs := tongbiao(t, "backup", "--data", data, "--to", path)
	stop <- true
	if n := <-written; code != 0 || n == 0 {
		t.Fatalf("backup while serving: exit %d after %d requests\n%s%s", code, n, out, errs)
	}
	fresh := filepath.Join(t.TempDir(), "fresh")
	if code, _, errs := tongbiao(t, "restore", path, "--data", fresh); code != 0 {
		t.Fatal(errs)
	}
	if code, out, errs := tongbiao(t, "check-store", "--data", fresh); code != 0 {
		t.Errorf("what was restored: %s%s", out, errs)
	}
	info, err := os.Stat(filepath.Join(data, "control"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the way to the site is %v, %v: only its owner may read it", info, err)
	}
	own := dataFlag{Data: data}
	raw, _ := os.ReadFile(own.controlFile())
	url, _, _ := strings.Cut(strings.TrimPrefix(string(raw), `{"url":"`), `"`)
	r, err := http.Get(url + "/backup")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusForbidden {
		t.Errorf("a backup without the secret: %s", r.Status)
	}
}

func TestRetention(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse("2006-01-02T15", s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	made := []time.Time{}
	for _, s := range []string{"2026-01-31T01", "2026-02-01T01", "2026-02-28T01", "2026-03-01T01", "2026-03-02T01", "2026-03-08T01", "2026-03-09T01", "2026-03-10T01", "2026-03-10T09", "2026-03-11T01"} {
		made = append(made, day(s))
	}
	for _, c := range []struct {
		rule string
		keep string
	}{
		{"1d", "2026-03-11T01"},
		{"2d", "2026-03-10T09 2026-03-11T01"},
		{"0d,2w,0m", "2026-03-08T01 2026-03-11T01"},
		{"2d,2w,3m", "2026-01-31T01 2026-02-28T01 2026-03-08T01 2026-03-10T09 2026-03-11T01"},
	} {
		var rule retention
		if err := rule.UnmarshalText([]byte(c.rule)); err != nil {
			t.Fatal(err)
		}
		gone := rule.superfluous(made)
		var kept []string
		for _, at := range made {
			if !slices.Contains(gone, at) {
				kept = append(kept, at.Format("2006-01-02T15"))
			}
		}
		if got := strings.Join(kept, " "); got != c.keep {
			t.Errorf("%s keeps %s, not %s", c.rule, got, c.keep)
		}
	}
	for _, wrong := range []string{"", "7", "7x", "0d", "7d;4w", "-1d"} {
		if new(retention).UnmarshalText([]byte(wrong)) == nil {
			t.Errorf("%q is taken for a rule", wrong)
		}
	}
}

// TestScheduledBackups: old ones go only when a new one is there, and a folder
// that takes none is said.
func TestScheduledBackups(t *testing.T) {
	data, kept := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if code, _, errs := tongbiao(t, append([]string{"import", "--data", data}, bundled(t, "db31-t-sf001.md", "db32-t-sf001.md")...)...); code != 0 {
		t.Fatal(errs)
	}
	reg, err := dataFlag{Data: data}.open()
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	now := time.Date(2026, 3, 10, 1, 0, 0, 0, time.UTC)
	defer func(was func() time.Time) { clock = was }(clock)
	clock = func() time.Time { return now }
	var said bytes.Buffer
	s := &schedule{backupFlags: backupFlags{BackupTo: kept, BackupEvery: time.Hour, BackupKeep: retention{days: 2}}, reg: reg, log: slog.New(slog.NewTextHandler(&said, nil))}
	for range 5 {
		s.once()
		if err := s.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = now.Add(24 * time.Hour)
	}
	held, err := s.made()
	if err != nil || len(held) != 2 {
		t.Fatalf("%v, %v", held, err)
	}
	if err := s.Ready(t.Context()); err == nil {
		t.Error("a backup of a day ago is taken for fresh, at one an hour")
	}
	s.BackupTo = filepath.Join(kept, "gone")
	s.once()
	if err := s.Ready(t.Context()); err == nil || !strings.Contains(said.String(), "no backup was made") {
		t.Errorf("a folder that is not there: %v, log %s", err, said.String())
	}
	s.BackupTo = kept
	if held, _ := s.made(); len(held) != 2 {
		t.Errorf("a try that failed removed backups: %v", held)
	}
	s.once()
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("after it came through again: %v", err)
	}
}

// TestFailedBackupLeavesNothing: neither a name nor a part of a file.
func TestFailedBackupLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	for i, source := range []func(io.Writer) error{
		func(io.Writer) error { return errors.New("the source fails") },
		func(w io.Writer) error { _, err := fmt.Fprint(w, "no backup"); return err },
	} {
		if _, err := writeBackup(filepath.Join(dir, "b"), source); err == nil {
			t.Errorf("source %d makes a backup", i)
		}
	}
	if held, _ := os.ReadDir(dir); len(held) != 0 {
		t.Errorf("left: %v", held)
	}
}

// TestUnfinishedBackupsAreSwept: what a killed process left holds names and
// secrets; what is being written and what is somebody else's stays.
func TestUnfinishedBackupsAreSwept(t *testing.T) {
	dir := t.TempDir()
	for name, age := range map[string]time.Duration{".backup-1": 25 * time.Hour, ".verify-2": 25 * time.Hour, ".backup-3": time.Hour, "notes": 99 * time.Hour, backupName(clock()): 99 * time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, clock().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	s := &schedule{backupFlags: backupFlags{BackupTo: dir}, log: slog.New(slog.DiscardHandler)}
	s.sweep()
	for name, stays := range map[string]bool{".backup-1": false, ".verify-2": false, ".backup-3": true, "notes": true} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != stays {
			t.Errorf("%s: %v, want it to stay: %v", name, err, stays)
		}
	}
}
