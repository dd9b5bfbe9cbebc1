package bolt_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tongbiao/editor"
	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// typeHere names the file into which a child process types until it is killed.
const typeHere = "TONGBIAO_TEST_TYPE_HERE"

var drafter = registry.Member{ID: "sh", Region: "31", Role: registry.Author}

// typing saves a working copy without end, a line longer each time, as a drafter
// types, and says each save that it was told is kept: version and lines.
func typing(path string) error {
	store, err := bolt.Open(path)
	if err != nil {
		return err
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		return err
	}
	var w registry.WorkingCopy
	list, err := reg.WorkingCopies(drafter)
	if err == nil && len(list) > 0 {
		w, err = reg.WorkingCopy(drafter, list[0].Standard)
	} else if err == nil {
		w, err = reg.StartNew(drafter, editor.Header{Title: "快递末端服务规范", Regions: []string{"31"}}, nil)
	}
	for err == nil {
		lines := bytes.Count(w.Source, []byte("\n"))
		w, err = reg.SaveWorking(drafter, w.Standard, w.Version, fmt.Appendf(w.Source, "第%d行应保存。\n", lines))
		if err == nil {
			fmt.Printf("%d %d\n", w.Version, lines+1)
		}
	}
	return err
}

// TestKillTyping kills a process that saves a working copy, again and again: a
// save that was acknowledged is there, and nothing of it is torn.
func TestKillTyping(t *testing.T) {
	kills := 20
	if testing.Short() {
		kills = 5
	}
	path := filepath.Join(t.TempDir(), "registry.db")
	var version uint64
	lines := 0
	for n := range kills {
		version, lines = killedTyping(t, path, 1+n%7, version, lines)
		store, err := bolt.Open(path)
		if err != nil {
			t.Fatalf("open what a killed process left: %v", err)
		}
		reg, err := registry.Open(store, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		list, err := reg.WorkingCopies(drafter)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d working copies; %v", len(list), err)
		}
		w, err := reg.WorkingCopy(drafter, list[0].Standard)
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Count(w.Source, []byte("\n")); w.Version < version || got < lines || !bytes.HasSuffix(w.Source, fmt.Appendf(nil, "第%d行应保存。\n", got-1)) {
			t.Fatalf("acknowledged version %d of %d lines; kept version %d of %d lines:\n%s", version, lines, w.Version, got, w.Source)
		}
		if err := reg.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills: the last acknowledged save found each time; %d lines", kills, lines)
}

// killedTyping starts a process that types, kills it after some saves, and
// returns the last that it acknowledged.
func killedTyping(t *testing.T, path string, after int, version uint64, lines int) (uint64, int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), typeHere+"="+path)
	var complaint bytes.Buffer
	child.Stderr = &complaint
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(out)
	for n := 0; ; n++ {
		if n == after {
			if err := child.Process.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		line, err := said.ReadString('\n')
		if err != nil {
			break // and what it did not end was not said
		}
		if _, err := fmt.Sscan(strings.TrimSpace(line), &version, &lines); err != nil {
			t.Fatalf("the drafter says %q", line)
		}
	}
	child.Wait()
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the drafter ended by itself: %v\n%s", child.ProcessState, complaint.String())
	}
	return version, lines
}
