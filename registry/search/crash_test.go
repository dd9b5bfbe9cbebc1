package search_test

import (
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
)

// childEnv names the folder for a process that is there to be killed.
const childEnv = "SEARCH_TEST_CHILD"

// TestChild is that process: it brings an index up to date.
func TestChild(t *testing.T) {
	dir := os.Getenv(childEnv)
	if dir == "" {
		t.Skip("SKIPPED: it is the child of TestKilledWhileFollowing")
	}
	x := openIndex(t, filepath.Join(dir, "index"), registryIn(t, dir))
	catchUp(t, x)
	check(t, x.Close())
}

func registryIn(t *testing.T, dir string) *registry.Registry {
	t.Helper()
	store, err := bolt.Open(filepath.Join(dir, "registry.db"))
	check(t, err)
	reg, err := registry.Open(store, now)
	check(t, err)
	t.Cleanup(func() { reg.Close() })
	return reg
}

// A process that is killed while it follows leaves an index that the next one
// takes up, and that finds in the end what one made at once finds.
func TestKilledWhileFollowing(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: kills processes for some seconds")
	}
	dir := t.TempDir()
	reg := registryIn(t, dir)
	chance := rand.New(rand.NewPCG(3, 4))
	for round := range 20 {
		for i := range 5 {
			importTexts(t, reg, madeUp(round*5+i, chance))
		}
		check(t, reg.Close())
		child := exec.Command(os.Args[0], "-test.run=^TestChild$")
		child.Env = append(os.Environ(), childEnv+"="+dir)
		check(t, child.Start())
		time.AfterFunc(time.Duration(chance.IntN(200))*time.Millisecond, func() { child.Process.Kill() })
		child.Wait() // killed, or done before
		reg = registryIn(t, dir)
	}
	x := openIndex(t, filepath.Join(dir, "index"), reg)
	defer x.Close()
	catchUp(t, x)
	fresh := openIndex(t, filepath.Join(dir, "fresh"), reg)
	defer fresh.Close()
	catchUp(t, fresh)
	if got, want := everything(t, x), everything(t, fresh); got != want || !strings.Contains(want, "made-99/") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// madeUp writes a text of a hundred clauses; every third is a new text of one
// that there is.
func madeUp(n int, chance *rand.Rand) string {
	if n%3 == 2 {
		n -= 2
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: made-%d\ntitle: 第%d号快递规定\nconvention: regulation\n---\n", n, n)
	words := []string{"快递", "末端", "网点", "投递", "应当", "24 h", "赔偿", "可以", "智能快件箱", "用户"}
	for i := range 100 {
		fmt.Fprintf(&b, "\n### 第%d条 {#a-%d}\n", i+1, i+1)
		for range 20 {
			b.WriteString(words[chance.IntN(len(words))])
		}
		b.WriteString("。\n")
	}
	return b.String()
}
