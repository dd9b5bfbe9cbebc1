package search_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/search"
)

func TestRepublishedStandardReplacesItsOwnClauses(t *testing.T) {
	reg := openRegistry(t)
	importTexts(t, reg, shanghai, zhejiang)
	x := openIndex(t, t.TempDir(), reg)
	defer x.Close()
	catchUp(t, x)
	if got := refs(find(t, x, search.Query{Text: "投递"})); !slices.Contains(got, "db31-t-310003/1#delivery-time") {
		t.Fatalf("投递 finds %v", got)
	}
	newer := strings.Replace(strings.Replace(shanghai, "### 智能快件箱 {#locker}\n智能快件箱的免费", "### 快递柜 {#cabinet}\n快递柜的免费", 1), "24 h", "12 h", 1)
	importTexts(t, reg, newer)
	catchUp(t, x)
	if got := refs(find(t, x, search.Query{Text: "智能"})); len(got) != 0 {
		t.Errorf("what was taken out is still found: %v", got)
	}
	if got, want := refs(find(t, x, search.Query{Text: "快递柜"})), []string{"db31-t-310003/2#locker"}; !slices.Equal(got, want) {
		t.Errorf("快递柜 finds %v, want %v", got, want)
	}
	if got, want := refs(find(t, x, search.Query{Text: "12 h"})), []string{"db31-t-310003/2#delivery-time"}; !slices.Equal(got, want) {
		t.Errorf("12 h finds %v, want %v", got, want)
	}
	if got, want := refs(find(t, x, search.Query{Text: "佩戴工牌"})), []string{"db33-t-2001/1#service"}; !slices.Equal(got, want) {
		t.Errorf("another standard: got %v, want %v", got, want)
	}
}

func TestFollowFindsWhatIsSubmitted(t *testing.T) {
	reg := openRegistry(t)
	importTexts(t, reg, shanghai)
	x := openIndex(t, t.TempDir(), reg)
	defer x.Close()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	done := make(chan error)
	go func() { done <- x.Follow(ctx) }()
	importTexts(t, reg, zhejiang)
	for deadline := time.Now().Add(time.Minute); len(find(t, x, search.Query{Text: "佩戴工牌"}).Hits) == 0; {
		if time.Now().After(deadline) {
			t.Fatal("never found")
		}
	}
	stop()
	if err := <-done; err != context.Canceled {
		t.Errorf("Follow returns %v", err)
	}
	if p := x.Progress(); p.Behind {
		t.Errorf("caught up, but says %+v", p)
	}
}

// What happens while the index is closed, and whatever happens to it, the next
// start mends.
func TestIndexRecovers(t *testing.T) {
	reg := openRegistry(t)
	importTexts(t, reg, shanghai, zhejiang)
	for _, harm := range []struct {
		name string
		do   func(t *testing.T, dir string)
		// anew says that the index cannot be used until it has caught up.
		anew bool
	}{
		{"nothing", func(*testing.T, string) {}, false},
		{"deleted", func(t *testing.T, dir string) { check(t, os.RemoveAll(dir)) }, true},
		{"no segments", func(t *testing.T, dir string) { check(t, os.Remove(segment(t, dir))) }, true},
		{"no root", func(t *testing.T, dir string) { check(t, os.Remove(filepath.Join(dir, "store", "root.bolt"))) }, true},
		{"no description", func(t *testing.T, dir string) { check(t, os.Remove(filepath.Join(dir, "index_meta.json"))) }, true},
		{"segment cut off", func(t *testing.T, dir string) { check(t, os.Truncate(segment(t, dir), 700)) }, true},
		{"segment emptied", func(t *testing.T, dir string) { check(t, os.Truncate(segment(t, dir), 0)) }, true},
		{"root cut off", func(t *testing.T, dir string) {
			check(t, os.Truncate(filepath.Join(dir, "store", "root.bolt"), 5000))
		}, true},
		{"description is rubbish", func(t *testing.T, dir string) {
			check(t, os.WriteFile(filepath.Join(dir, "index_meta.json"), []byte("{"), 0o600))
		}, true},
		{"segment of a crash", func(t *testing.T, dir string) {
			check(t, os.WriteFile(filepath.Join(dir, "store", "0000000000ff.zap"), []byte("half"), 0o600))
		}, false},
	} {
		t.Run(harm.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "index")
			x := openIndex(t, dir, reg)
			if !find(t, x, search.Query{Text: "投递"}).Rebuilding {
				t.Error("an empty index does not say that it is being built")
			}
			catchUp(t, x)
			want := everything(t, x)
			check(t, x.Close())
			harm.do(t, dir)
			x = openIndex(t, dir, reg)
			defer func() { check(t, x.Close()) }()
			if got := find(t, x, search.Query{Text: "投递"}); got.Rebuilding != harm.anew {
				t.Errorf("rebuilding: %v, want %v", got.Rebuilding, harm.anew)
			}
			catchUp(t, x)
			if got := everything(t, x); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if find(t, x, search.Query{Text: "投递"}).Rebuilding {
				t.Error("still says that it is being built")
			}
		})
	}
}

// Whatever bytes of an index change, it opens and finds what it should.
func TestIndexSurvivesDamage(t *testing.T) {
	reg := openRegistry(t)
	importTexts(t, reg, shanghai, zhejiang, express)
	whole := filepath.Join(t.TempDir(), "index")
	x := openIndex(t, whole, reg)
	catchUp(t, x)
	want := everything(t, x)
	check(t, x.Close())
	rounds := 200
	if testing.Short() {
		rounds = 20
	}
	chance := rand.New(rand.NewPCG(1, 2))
	for round := range rounds {
		dir := filepath.Join(t.TempDir(), fmt.Sprint(round))
		check(t, os.CopyFS(dir, os.DirFS(whole)))
		files, err := filepath.Glob(filepath.Join(dir, "store", "*"))
		check(t, err)
		path := append(files, filepath.Join(dir, "index_meta.json"))[chance.IntN(len(files)+1)]
		raw, err := os.ReadFile(path)
		check(t, err)
		at := chance.IntN(len(raw))
		for i := at; i < min(at+1+chance.IntN(64), len(raw)); i++ {
			raw[i] = byte(chance.Uint32())
		}
		check(t, os.WriteFile(path, raw, 0o600))
		x := openIndex(t, dir, reg)
		catchUp(t, x)
		if got := everything(t, x); got != want {
			t.Errorf("%s damaged at %d: got\n%s\nwant\n%s", filepath.Base(path), at, got, want)
		}
		check(t, x.Close())
	}
}

func TestEventsWhileClosed(t *testing.T) {
	reg := openRegistry(t)
	importTexts(t, reg, shanghai)
	dir := t.TempDir()
	x := openIndex(t, dir, reg)
	catchUp(t, x)
	check(t, x.Close())
	importTexts(t, reg, zhejiang)
	x = openIndex(t, dir, reg)
	defer x.Close()
	got := find(t, x, search.Query{Text: "末端网点"})
	if !got.Rebuilding || !slices.Equal(refs(got), []string{"db31-t-310003/1#delivery-time"}) {
		t.Errorf("before catching up: rebuilding %v, %v", got.Rebuilding, refs(got))
	}
	catchUp(t, x)
	if got := find(t, x, search.Query{Text: "佩戴工牌"}); got.Rebuilding || len(got.Hits) != 1 {
		t.Errorf("after catching up: rebuilding %v, %v", got.Rebuilding, refs(got))
	}
}

func TestIndexOfAnotherRegistryIsBuiltAnew(t *testing.T) {
	one, other := openRegistry(t), openRegistry(t)
	importTexts(t, one, shanghai, express)
	importTexts(t, other, zhejiang)
	dir := t.TempDir()
	x := openIndex(t, dir, one)
	catchUp(t, x)
	check(t, x.Close())
	x = openIndex(t, dir, other)
	defer x.Close()
	catchUp(t, x)
	if got := refs(find(t, x, search.Query{Text: "投递 OR 赔偿"})); len(got) != 0 {
		t.Errorf("finds what is not of this registry: %v", got)
	}
	if got := refs(find(t, x, search.Query{Text: "工牌"})); len(got) != 1 {
		t.Errorf("工牌 finds %v", got)
	}
}

func TestIndexIsHeldByOneProcess(t *testing.T) {
	reg := openRegistry(t)
	importTexts(t, reg, shanghai)
	dir := t.TempDir()
	x := openIndex(t, dir, reg)
	defer x.Close()
	catchUp(t, x)
	if _, err := search.Open(dir, reg); !registry.Refused(err, registry.Conflict) {
		t.Errorf("a second Open: %v", err)
	}
	if got := find(t, x, search.Query{Text: "投递"}); got.Total == 0 {
		t.Error("the second Open harmed the index")
	}
}

func TestClosedIndex(t *testing.T) {
	x := openIndex(t, t.TempDir(), openRegistry(t))
	check(t, x.Close())
	if _, err := x.Search(search.Query{Text: "快递", Limit: 1}); err != search.ErrClosed {
		t.Errorf("Search: %v", err)
	}
	if err := x.CatchUp(context.Background()); !errors.Is(err, search.ErrClosed) {
		t.Errorf("CatchUp: %v", err)
	}
	if err := x.Close(); err != search.ErrClosed {
		t.Errorf("Close: %v", err)
	}
}

func TestOpenTouchesOnlyItsOwnFiles(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine.txt")
	check(t, os.WriteFile(mine, []byte("mine"), 0o600))
	x := openIndex(t, dir, openRegistry(t))
	check(t, x.Close())
	if got, err := os.ReadFile(mine); err != nil || !bytes.Equal(got, []byte("mine")) {
		t.Errorf("a file beside the index: %q, %v", got, err)
	}
}

// everything lists what some questions find, with scores and facets.
func everything(t *testing.T, x *search.Index) string {
	t.Helper()
	var b strings.Builder
	for _, text := range []string{"快递", "投递时限", "24 h", "末端 网点", "怎么赔偿", "DB33/T 2001", "应"} {
		res := find(t, x, search.Query{Text: text, Limit: 100})
		fmt.Fprintf(&b, "%s: %d %v %v\n", text, res.Total, res.Direct, res.Facets)
		for _, h := range res.Hits {
			fmt.Fprintf(&b, "  %s %.9f %v\n", h.Ref, h.Score, h.Marks)
		}
	}
	return b.String()
}

func segment(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "store", "*.zap"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no segments: %v", err)
	}
	return files[0]
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
