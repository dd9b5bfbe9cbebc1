package bolt_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/storetest/power"
)

// TestPowerCut lets a process write on a disk that forgets what was not synced,
// and cuts its power at moments that nobody chose, again and again, each time on
// what the cut before had left. All that was acknowledged is there, and nothing
// that is there is damaged.
func TestPowerCut(t *testing.T) {
	cuts := 25
	switch {
	case testing.Short():
		cuts = 5
	case os.Getenv("TONGBIAO_SOAK") != "":
		cuts = 300
	}
	random := rand.New(rand.NewPCG(11, 24))
	acknowledged := map[uint64]string{}
	files := map[string][]byte{}
	for range cuts {
		files = cutOff(t, files, random, acknowledged)
		if t.Failed() {
			return
		}
	}
	if len(acknowledged) < cuts {
		t.Errorf("only %d events were acknowledged: the writer hardly wrote", len(acknowledged))
	}
	t.Logf("%d power cuts: %d of %d acknowledged events found", cuts, len(acknowledged), len(acknowledged))
}

// cutOff is one life of the disk: what it held, a writer, the cut, a look at what
// is left.
func cutOff(t *testing.T, files map[string][]byte, random *rand.Rand, acknowledged map[uint64]string) map[string][]byte {
	t.Helper()
	disk := power.Mount(t, files)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), writeHere+"="+filepath.Join(disk.Path, "registry.db"))
	var complaint bytes.Buffer
	child.Stderr = &complaint
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	defer child.Process.Kill()
	lines := make(chan string)
	go func() {
		defer close(lines)
		for in := bufio.NewScanner(out); in.Scan(); {
			lines <- in.Text()
		}
	}()
	note := func(line string) {
		var seq uint64
		var hash string
		if _, err := fmt.Sscan(strings.TrimSpace(line), &seq, &hash); err == nil {
			acknowledged[seq] = hash
		}
	}
	for range random.IntN(12) {
		line, ok := <-lines
		if !ok {
			t.Fatalf("the writer ended by itself: %s", complaint.String())
		}
		note(line)
	}
	target := disk.Syncs() + random.IntN(4) // somewhere within the next writes
	for disk.Syncs() < target {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatalf("the writer ended by itself: %s", complaint.String())
			}
			note(line)
		default:
		}
	}
	left := disk.Cut(random)
	child.Process.Kill()
	for line := range lines { // said before the cut
		note(line)
	}
	if !look(t, left, acknowledged) {
		return nil
	}
	return left
}

// look opens what a power cut left, and checks it whole; false is that the file
// was never made.
func look(t *testing.T, left map[string][]byte, acknowledged map[uint64]string) bool {
	t.Helper()
	if left["registry.db"] == nil {
		if len(acknowledged) > 0 {
			t.Errorf("the file is gone, with %d acknowledged events", len(acknowledged))
		}
		return false
	}
	store, err := bolt.Open(filepath.Join(power.Put(t, left), "registry.db"))
	if err != nil && len(acknowledged) == 0 {
		return false
	}
	if err != nil {
		t.Fatalf("open what a power cut left: %v", err)
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
	events, err := reg.Events(0, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	for seq, hash := range acknowledged {
		if seq > uint64(len(events)) || events[seq-1].Hash != hash {
			t.Errorf("event %d was acknowledged and is not there", seq)
		}
	}
	return true
}
