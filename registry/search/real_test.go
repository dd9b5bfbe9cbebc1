package search_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"tongbiao/editor"
	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/search"
)

// shared holds third-party texts, which are not part of the repository.
const shared = "../../../shared/data"

// corpus is a registry with its index, made once for all that want it.
type corpus struct {
	once    sync.Once
	reg     *registry.Registry
	index   *search.Index
	dir     string // of the index
	clauses int
	build   time.Duration
	work    time.Duration // of all processors, for the build
	err     error
}

var some, all corpus // of real regulations: some for tests, all for benchmarks

// regulations reads every nth of the real regulations.
func (c *corpus) regulations(t testing.TB, every int) *corpus {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shared, "regulations", "*", "*.md"))
	check(t, err)
	files = slices.DeleteFunc(files, func(f string) bool { return strings.Contains(f, "/other/") })
	if len(files) == 0 {
		t.Skip("SKIPPED: no real regulations: " + filepath.Join(shared, "regulations") + " is missing")
	}
	codes := map[string]string{"shanghai": "31", "jiangsu": "32", "zhejiang": "33", "anhui": "34"}
	c.once.Do(func() {
		var in []registry.Incoming
		for i := 0; i < len(files); i += every {
			src, err := os.ReadFile(files[i])
			check(t, err)
			in = append(in, registry.Incoming{Path: files[i], Source: src, Region: codes[filepath.Base(filepath.Dir(files[i]))], Kind: "regulation"})
		}
		c.err = c.read(in)
	})
	check(t, c.err)
	return c
}

func (c *corpus) read(in []registry.Incoming) error {
	dir, err := os.MkdirTemp(scratch, "real")
	if err != nil {
		return err
	}
	store, err := bolt.Open(filepath.Join(dir, "registry.db"))
	if err != nil {
		return err
	}
	if c.reg, err = registry.Open(store, now); err != nil {
		return err
	}
	done, err := c.reg.Import(registry.System, in)
	if err != nil {
		return err
	}
	for _, d := range done {
		if d.Err != nil {
			return fmt.Errorf("%s: %w", d.Path, d.Err)
		}
	}
	c.dir = filepath.Join(dir, "index")
	begun, before := time.Now(), work()
	if c.index, err = search.Open(c.dir, c.reg); err != nil {
		return err
	}
	if err := c.index.CatchUp(context.Background()); err != nil {
		return err
	}
	c.build, c.work = time.Since(begun), work()-before
	held, _, err := c.reg.Standards(registry.Filter{}, 0, 1e6)
	for _, s := range held {
		c.clauses += s.Clauses
	}
	return err
}

func realQueries(t testing.TB) []string {
	t.Helper()
	f, err := os.Open("testdata/queries.txt")
	check(t, err)
	defer f.Close()
	var out []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		out = append(out, lines.Text())
	}
	return out
}

// What stands in a text is found, and nothing in which it does not stand: runs
// of one to eight Han characters, taken from anywhere in real regulations,
// against a reading of all the texts.
func TestExactSubstringsOfRealTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: reads a hundred regulations")
	}
	c := some.regulations(t, 6)
	reg, x := c.reg, c.index
	type clause struct{ ref, text string }
	var clauses []clause
	held, _, err := reg.Standards(registry.Filter{}, 0, 1e6)
	check(t, err)
	for _, s := range held {
		text, err := reg.Text(registry.Ref{Standard: s.ID})
		check(t, err)
		walk(text.Document.Clauses, nil, func(c *editor.Clause, path []string) {
			if c.Title == "" && strings.TrimSpace(c.Text) == "" {
				return
			}
			ref := text.Revision.Ref()
			ref.Clause = c.ID
			heading := c.Number + " " + c.Title
			whole := strings.Join(append(path, s.Header.Title, heading, editor.PlainText(c.Text)), "\n")
			clauses = append(clauses, clause{ref.String(), beside.Replace(whole)})
		})
	}
	chance := rand.New(rand.NewPCG(7, 11))
	for range 300 {
		sought := substring(chance, []rune(clauses[chance.IntN(len(clauses))].text))
		if sought == "" {
			continue
		}
		var want []string
		for _, c := range clauses {
			if strings.Contains(c.text, sought) {
				want = append(want, c.ref)
			}
		}
		var got []string
		res := find(t, x, search.Query{Text: sought, Limit: search.MaxReach})
		for _, h := range res.Hits {
			got = append(got, h.Ref.String())
		}
		if res.Total != len(want) || res.Tried != "" {
			t.Errorf("%s: found %d, stands in %d; tried %q", sought, res.Total, len(want), res.Tried)
		}
		slices.Sort(want)
		for _, ref := range got {
			if _, ok := slices.BinarySearch(want, ref); !ok {
				t.Errorf("%s: found in %s, where it does not stand", sought, ref)
				break
			}
		}
	}
}

// beside takes away what leaves two characters side by side.
var beside = strings.NewReplacer(" ", "", "\t", "", "　", "", "\u200b", "", "《", "", "》", "", "“", "", "”", "", "〈", "", "〉", "", "〔", "", "〕", "", "·", "", "—", "", "-", "", "*", "", "#", "", "[", "", "]", "", "/", "", "\"", "", ":", "", ".", "", "_", "", "<", "@", ">", "@", "=", "@")

func walk(cs []*editor.Clause, path []string, fn func(*editor.Clause, []string)) {
	for _, c := range cs {
		fn(c, slices.Clone(path))
		walk(c.Clauses, append(slices.Clip(path), c.Number+" "+c.Title), fn)
	}
}

// substring takes up to eight Han characters from somewhere in a text.
func substring(chance *rand.Rand, text []rune) string {
	from := chance.IntN(len(text))
	to := from
	for to < len(text) && to < from+1+chance.IntN(8) && unicode.Is(unicode.Han, text[to]) {
		to++
	}
	return string(text[from:to])
}
