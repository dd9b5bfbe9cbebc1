package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tongbiao/registry"
)

// backupFlags let a site back itself up.
type backupFlags struct {
	BackupTo    string        `name:"backup-to" type:"path" placeholder:"FOLDER" help:"定时备份到这个文件夹：folder of scheduled backups, best on another disk; none, no backups."`
	BackupEvery time.Duration `name:"backup-every" default:"24h" help:"多久备份一次：how often."`
	BackupKeep  retention     `name:"backup-keep" default:"7d,4w,12m" help:"保留多少：the newest of so many days, weeks and months."`
}

func (f backupFlags) check() error {
	if f.BackupTo == "" {
		return nil
	}
	if f.BackupEvery < time.Minute {
		return errors.New("--backup-every 至少一分钟。 at least a minute")
	}
	if info, err := os.Stat(f.BackupTo); err != nil || !info.IsDir() {
		return fmt.Errorf("--backup-to %s 不是文件夹：请先建好。 not a folder: make it first", f.BackupTo)
	}
	return nil
}

// retention says which backups stay: the newest of each of the last so many
// days, weeks (from Monday) and months, by UTC, that have one.
type retention struct{ days, weeks, months int }

var retentionPart = regexp.MustCompile(`^([0-9]{1,4})([dwm])$`)

// UnmarshalText reads "7d,4w,12m".
func (r *retention) UnmarshalText(text []byte) error {
	*r = retention{}
	for part := range strings.SplitSeq(string(text), ",") {
		m := retentionPart.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return fmt.Errorf("%q 不是保留规则，请写成 7d,4w,12m。 not a rule of retention: write 7d,4w,12m", text)
		}
		n, _ := strconv.Atoi(m[1])
		*map[string]*int{"d": &r.days, "w": &r.weeks, "m": &r.months}[m[2]] = n
	}
	if r.days+r.weeks+r.months == 0 {
		return errors.New("至少保留一份备份。 keep one backup at least")
	}
	return nil
}

// MarshalText writes it as it is read.
func (r retention) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%dd,%dw,%dm", r.days, r.weeks, r.months), nil
}

// superfluous are the moments whose backups need not be kept; the newest of all
// always is.
func (r retention) superfluous(made []time.Time) (out []time.Time) {
	made = slices.SortedFunc(slices.Values(made), func(a, b time.Time) int { return b.Compare(a) })
	keep := map[time.Time]bool{}
	for _, rule := range []struct {
		most int
		of   func(time.Time) string
	}{
		{r.days, func(t time.Time) string { return t.UTC().Format(time.DateOnly) }},
		{r.weeks, func(t time.Time) string { y, w := t.UTC().ISOWeek(); return fmt.Sprint(y, "-", w) }},
		{r.months, func(t time.Time) string { return t.UTC().Format("2006-01") }},
	} {
		seen := map[string]bool{}
		for _, t := range made {
			if of := rule.of(t); !seen[of] && len(seen) < rule.most {
				seen[of], keep[t] = true, true
			}
		}
	}
	for i, t := range made {
		if i > 0 && !keep[t] {
			out = append(out, t)
		}
	}
	return out
}

// schedule makes backups, and knows whether the last one is where it should be.
type schedule struct {
	backupFlags
	reg *registry.Registry
	log *slog.Logger

	mu     sync.Mutex
	newest time.Time
	failed error // of the last try
}

// made are the moments of the backups in the folder.
func (s *schedule) made() (out []time.Time, err error) {
	held, err := os.ReadDir(s.BackupTo)
	for _, f := range held {
		stamp, is := strings.CutSuffix(f.Name(), backupSuffix)
		if at, err := time.Parse("20060102T150405Z", stamp); is && err == nil {
			out = append(out, at)
		}
	}
	return out, err
}

// Follow makes a backup whenever the newest is old enough, until ctx ends.
func (s *schedule) Follow(ctx context.Context) error {
	for {
		made, err := s.made()
		if err != nil {
			s.say(time.Time{}, err)
		}
		var newest time.Time
		for _, t := range made {
			if t.After(newest) {
				newest = t
			}
		}
		s.mu.Lock()
		s.newest = newest
		s.mu.Unlock()
		wait := max(newest.Add(s.BackupEvery).Sub(clock()), 0)
		if s.failure() != nil {
			wait = max(wait, min(s.BackupEvery, 10*time.Minute))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		s.once()
	}
}

// once makes a backup and removes those that are not kept any more; nothing is
// removed where no new one was made.
func (s *schedule) once() {
	s.sweep()
	at := clock().UTC().Truncate(time.Second)
	note, err := writeBackup(filepath.Join(s.BackupTo, backupName(at)), func(w io.Writer) error {
		_, err := s.reg.Backup(w)
		return err
	})
	if err != nil {
		s.say(time.Time{}, err)
		return
	}
	s.say(at, nil)
	s.log.Info("backed up and verified", "events", note.Events, "head", note.Head)
	made, err := s.made()
	if err != nil {
		s.log.Error("old backups stay", "error", err)
		return
	}
	for _, t := range s.BackupKeep.superfluous(made) {
		if err := os.Remove(filepath.Join(s.BackupTo, backupName(t))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.log.Error("an old backup stays", "error", err)
		}
	}
}

// sweep removes what a killed process left unfinished in the folder: it holds all
// that a backup does and would stay for ever.
func (s *schedule) sweep() {
	held, err := os.ReadDir(s.BackupTo)
	for _, f := range held {
		if !strings.HasPrefix(f.Name(), ".backup-") && !strings.HasPrefix(f.Name(), ".verify-") {
			continue
		}
		if info, gone := f.Info(); gone == nil && info.Mode().IsRegular() && clock().Sub(info.ModTime()) > 24*time.Hour {
			err = errors.Join(err, os.Remove(filepath.Join(s.BackupTo, f.Name())))
		}
	}
	if err != nil {
		s.log.Error("unfinished backups stay", "error", err)
	}
}

func (s *schedule) say(at time.Time, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = err
	if err != nil {
		s.log.Error("no backup was made", "error", err)
		return
	}
	s.newest = at
}

func (s *schedule) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

// Ready is nil while the newest backup is at most half again as old as it
// should ever be, and the last try came through.
func (s *schedule) Ready(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		return fmt.Errorf("no backup was made: %w", s.failed)
	}
	if age := clock().Sub(s.newest); age > s.BackupEvery+s.BackupEvery/2 && !s.newest.IsZero() {
		return fmt.Errorf("the newest backup is %s old", age.Round(time.Minute))
	}
	return nil
}
