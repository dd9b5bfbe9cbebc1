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
	"sync"
	"syscall"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// writeHere names the file that a child process writes to until it is killed.
const writeHere = "TONGBIAO_TEST_WRITE_HERE"

func TestMain(m *testing.M) {
	if path := os.Getenv(writeHere); path != "" {
		if err := write(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1) // it is meant to be killed
	}
	if path := os.Getenv(insistHere); path != "" {
		if err := insist(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	if path := os.Getenv(typeHere); path != "" {
		if err := typing(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// write carries out verbs of the registry from several sides, without end, and
// says which events it was told are kept: number and hash, a line each.
func write(path string) error {
	store, err := bolt.Open(path)
	if err != nil {
		return err
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	failed := make(chan error)
	for side := range 3 {
		go func() {
			random := rand.New(rand.NewPCG(uint64(os.Getpid()), uint64(side)))
			for {
				err := verb(reg, random)
				if err == nil {
					var last registry.Event
					if last, err = reg.LastEvent(); err == nil {
						mu.Lock()
						fmt.Printf("%d %s\n", last.Seq, last.Hash)
						mu.Unlock()
					}
				}
				if err != nil {
					failed <- err
				}
			}
		}()
	}
	return <-failed
}

func verb(reg *registry.Registry, random *rand.Rand) error {
	name := fmt.Sprintf("m-%x", random.Uint64())
	if random.IntN(10) == 0 {
		_, err := reg.AddMember(registry.System, registry.Member{ID: name, Name: name, Role: registry.Reader}, "correct horse battery")
		return err
	}
	text := fmt.Sprintf("---\nid: %s\ntitle: 快递末端服务规定\nkind: regulation\n---\n", name)
	for i := range 1 + random.IntN(40) {
		text += fmt.Sprintf("\n### 第%d条\n\n快件到达末端网点后，应当在%d小时内投递。\n", i+1, random.IntN(1000))
	}
	done, err := reg.Import(registry.System, []registry.Incoming{{Path: name + ".md", Source: []byte(text)}})
	if err == nil && done[0].Err != nil {
		err = done[0].Err
	}
	return err
}

// TestKill kills a writing process again and again at moments that nobody
// chose, each time on the file that the one before left behind. All that was
// acknowledged is there, and the chain of events is whole.
func TestKill(t *testing.T) {
	kills := 60
	if testing.Short() {
		kills = 10
	}
	path := filepath.Join(t.TempDir(), "registry.db")
	random := rand.New(rand.NewPCG(9, 9))
	acknowledged := map[uint64]string{}
	for range kills {
		for seq, hash := range killed(t, path, random.IntN(20)) {
			acknowledged[seq] = hash
		}
		store, err := bolt.Open(path)
		if err != nil {
			t.Fatalf("open what a killed process left: %v", err)
		}
		reg, err := registry.Open(store, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if err := reg.VerifyEvents(); err != nil {
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
		if err := reg.Close(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			return
		}
	}
	reg, err := registry.Open(open(t, path), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
	last, err := reg.LastEvent()
	if err != nil {
		t.Fatal(err)
	}
	if len(acknowledged) < kills {
		t.Errorf("only %d events were acknowledged: the writer hardly wrote", len(acknowledged))
	}
	t.Logf("%d kills: %d of %d acknowledged events found; %d events in all", kills, len(acknowledged), len(acknowledged), last.Seq)
}

// killed starts a writer, kills it with SIGKILL when it has acknowledged some
// events, and returns all that it acknowledged: number and hash.
func killed(t *testing.T, path string, after int) map[uint64]string {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), writeHere+"="+path)
	var complaint bytes.Buffer
	child.Stderr = &complaint
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[uint64]string{}
	lines := bufio.NewReader(out)
	for n := 0; ; n++ {
		if n == after {
			if err := child.Process.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		line, err := lines.ReadString('\n')
		if err != nil {
			break // and what it did not end was not said
		}
		var seq uint64
		var hash string
		if _, err := fmt.Sscan(strings.TrimSpace(line), &seq, &hash); err != nil {
			t.Fatalf("the writer says %q", line)
		}
		acknowledged[seq] = hash
	}
	child.Wait()
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the writer ended by itself: %v\n%s", child.ProcessState, complaint.String())
	}
	return acknowledged
}
