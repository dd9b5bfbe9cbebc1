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
	"syscall"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/storetest/power"
)

// insistHere names the file that a child process writes to, going on when it is
// refused.
const insistHere = "TONGBIAO_TEST_INSIST_HERE"

// insist writes without end and says what came of each write: the event's number
// and hash, or why it was refused, and whether reading goes on.
func insist(path string) error {
	store, err := bolt.Open(path)
	if err != nil {
		return err
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(uint64(os.Getpid()), 5))
	for {
		refused := verb(reg, random)
		last, err := reg.LastEvent()
		switch {
		case err != nil:
			fmt.Printf("unreadable: %v\n", err)
		case refused == nil:
			fmt.Printf("%d %s\n", last.Seq, last.Hash)
		case registry.Refused(refused, registry.Unavailable) && reg.Ready() != nil:
			fmt.Printf("refused: %s\n", strings.ReplaceAll(refused.Error(), "\n", " "))
		default:
			fmt.Printf("failed: %v; ready %v\n", refused, reg.Ready())
		}
	}
}

// insistence is what such a child says.
type insistence struct {
	t            *testing.T
	lines        chan string
	complaint    *bytes.Buffer
	acknowledged map[uint64]string
}

func insistOn(t *testing.T, disk *power.Disk) *insistence {
	t.Helper()
	i := &insistence{t: t, lines: make(chan string), complaint: &bytes.Buffer{}, acknowledged: map[uint64]string{}}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), insistHere+"="+filepath.Join(disk.Path, "registry.db"))
	child.Stderr = i.complaint
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		child.Process.Kill()
		for range i.lines {
		}
		child.Wait()
	})
	go func() {
		defer close(i.lines)
		for in := bufio.NewScanner(out); in.Scan(); {
			i.lines <- in.Text()
		}
	}()
	return i
}

// until reads until n lines were refusals, or writes, in a row, and returns the last.
func (i *insistence) until(refusals bool, n int) (said string) {
	i.t.Helper()
	for row := 0; row < n; {
		line, ok := <-i.lines
		var seq uint64
		var hash string
		_, err := fmt.Sscan(line, &seq, &hash)
		switch refused := strings.HasPrefix(line, "refused: "); {
		case !ok:
			i.t.Fatalf("the writer ended by itself: %s", i.complaint)
		case !refused && err != nil:
			i.t.Fatalf("the writer says %q", line)
		case refused == refusals:
			row, said = row+1, line
		default:
			row = 0
		}
		if err == nil {
			i.acknowledged[seq] = hash
		}
	}
	return said
}

// TestDiskThatTakesNoMore: writes are refused with the reason, what is there can
// be read, writing goes on when the disk takes it again, and what was
// acknowledged on either side is there after a power cut.
func TestDiskThatTakesNoMore(t *testing.T) {
	for errno, reason := range map[syscall.Errno]string{syscall.ENOSPC: "磁盘已满", syscall.EROFS: "磁盘被设为只读"} {
		t.Run(reason, func(t *testing.T) {
			disk := power.Mount(t, nil)
			i := insistOn(t, disk)
			for range 3 {
				i.until(false, 5)
				disk.Refuse(errno)
				if said := i.until(true, 5); !strings.Contains(said, reason) {
					t.Errorf("the disk answers %v, and the registry says %q", errno, said)
				}
				disk.Refuse(0)
			}
			i.until(false, 5)
			look(t, disk.Cut(rand.New(rand.NewPCG(1, 2))), i.acknowledged)
		})
	}
}

// TestDiskThatDoesNotConfirm: after a sync that failed nobody knows what is kept,
// so nothing is written any more; reading goes on, and what was acknowledged is
// there.
func TestDiskThatDoesNotConfirm(t *testing.T) {
	disk := power.Mount(t, nil)
	i := insistOn(t, disk)
	i.until(false, 5)
	disk.Deafen()
	if said := i.until(true, 20); !strings.Contains(said, "磁盘没有确认写入") {
		t.Errorf("the registry says %q", said)
	}
	look(t, disk.Cut(rand.New(rand.NewPCG(1, 2))), i.acknowledged)
}
