package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tongbiao/registry/storetest/power"
)

// childBacksUp names the data and the folder of a child that makes backups.
const childBacksUp = "TONGBIAO_TEST_CHILD_BACKS_UP"

func TestChildBacksUp(t *testing.T) {
	data, to, is := strings.Cut(os.Getenv(childBacksUp), "|")
	if !is {
		t.Skip("SKIPPED: it is another test's child")
	}
	reg, err := dataFlag{Data: data}.open()
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; ; n++ {
		name := fmt.Sprint("b", n)
		if _, err := writeBackup(filepath.Join(to, name), func(w io.Writer) error { _, err := reg.Backup(w); return err }); err != nil {
			t.Fatal(err)
		}
		fmt.Println("made", name)
	}
}

// TestBackupsSurvivePowerCuts: a backup that was reported is there and whole, and
// what has the name of a backup is one.
func TestBackupsSurvivePowerCuts(t *testing.T) {
	cuts := 4
	if soak {
		cuts = 40
	}
	data := filepath.Join(t.TempDir(), "data")
	if code, _, errs := tongbiao(t, append([]string{"import", "--data", data}, bundled(t, "db31-t-sf001.md")...)...); code != 0 {
		t.Fatal(errs)
	}
	random, reported := rand.New(rand.NewPCG(3, 3)), 0
	for range cuts {
		left, made := backedUpUntilCut(t, data, random)
		reported += len(made)
		folder := power.Put(t, left)
		for _, name := range slices.Sorted(maps.Keys(left)) {
			if strings.HasPrefix(name, ".") {
				continue // never had its name
			}
			if _, err := verifyBackup(filepath.Join(folder, name)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, name := range made {
			if left[name] == nil {
				t.Errorf("%s was reported and is not there", name)
			}
		}
	}
	if reported == 0 {
		t.Error("no backup was reported: the cuts come too early")
	}
	t.Logf("%d power cuts: %d of %d reported backups whole", cuts, reported, reported)
}

func backedUpUntilCut(t *testing.T, data string, random *rand.Rand) (left map[string][]byte, made []string) {
	t.Helper()
	disk := power.Mount(t, nil)
	child := exec.Command(os.Args[0], "-test.run=^TestChildBacksUp$")
	child.Env = append(os.Environ(), childBacksUp+"="+data+"|"+disk.Path)
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	lines := bufio.NewScanner(out)
	for range 1 + random.IntN(3) {
		if !lines.Scan() {
			t.Fatal("the child makes no backups")
		}
		if _, name, is := strings.Cut(lines.Text(), "made "); is {
			made = append(made, name)
		}
	}
	for target := disk.Syncs() + random.IntN(5); disk.Syncs() < target; {
	}
	left = disk.Cut(random)
	child.Process.Kill()
	for lines.Scan() {
		if _, name, is := strings.Cut(lines.Text(), "made "); is {
			made = append(made, name)
		}
	}
	return left, made
}
