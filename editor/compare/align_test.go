package compare

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tongbiao/editor"
)

// checkConserved verifies that every passage of every text stands in exactly
// one row, and that every cell is in reading order.
func checkConserved(t *testing.T, docs []*editor.Document, a *Alignment) {
	t.Helper()
	for i, d := range docs {
		place := map[editor.Passage]int{}
		for c := range d.All() {
			passages := c.Passages()
			for k := range passages {
				place[editor.Passage{Clause: c.ID, Paragraph: k + 1}] = len(place)
			}
			for k, text := range passages {
				for e := range editor.Entries(text) {
					place[editor.Passage{Clause: c.ID, Paragraph: k + 1, Entry: e + 1}] = len(place)
				}
			}
		}
		seen := map[editor.Passage]int{}
		for _, row := range a.Rows {
			if len(row.Cells) != len(docs) {
				t.Fatalf("row %s has %d cells for %d texts", row.ID, len(row.Cells), len(docs))
			}
			last := -1
			for _, p := range row.Cells[i] {
				seen[p]++
				at, known := place[p]
				if !known {
					t.Fatalf("row %s holds %v, which text %d has not", row.ID, p, i)
				}
				if at < last {
					t.Fatalf("row %s: text %d is not in reading order", row.ID, i)
				}
				last = at
			}
		}
		for p := range place { // an entry that is not named stands with its paragraph
			if seen[p] != 1 && (p.Entry == 0 || seen[p] > 1) {
				t.Fatalf("%v of text %d stands in %d rows", p, i, seen[p])
			}
		}
	}
	ids := map[string]bool{}
	for _, row := range a.Rows {
		if ids[row.ID] {
			t.Fatalf("two rows are named %s", row.ID)
		}
		ids[row.ID] = true
	}
}

// permuted is an alignment as it would be with its texts in another order:
// text i of the result is text order[i] of the alignment.
func permuted(a *Alignment, order []int) []Row {
	back := make([]int, len(order))
	for i, o := range order {
		back[o] = i
	}
	rows := slices.Clone(a.Rows)
	for k := range rows {
		cells := make([][]editor.Passage, len(order))
		for i, o := range order {
			cells[i] = rows[k].Cells[o]
		}
		rows[k].Cells = cells
		links := slices.Clone(rows[k].Links)
		for i, l := range links {
			l.A.Doc, l.B.Doc = back[l.A.Doc], back[l.B.Doc]
			if l.A.Doc > l.B.Doc {
				l.A, l.B = l.B, l.A
			}
			l.Reasons = nil
			links[i] = l
		}
		slices.SortFunc(links, func(a, b Link) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		candidates := slices.Clone(rows[k].Candidates)
		for i := range candidates {
			candidates[i].A.Doc, candidates[i].B.Doc = back[candidates[i].A.Doc], back[candidates[i].B.Doc]
		}
		slices.SortFunc(candidates, func(a, b Link) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		rows[k].Links, rows[k].Candidates, rows[k].Differences = links, candidates, nil
	}
	return rows
}

func checkOrderIndependent(t *testing.T, docs []*editor.Document, r *rand.Rand) {
	t.Helper()
	a, err := Align(docs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkConserved(t, docs, a)
	order := r.Perm(len(docs))
	var shuffled []*editor.Document
	for _, i := range order {
		shuffled = append(shuffled, docs[i])
	}
	b, err := Align(shuffled, Options{})
	if err != nil {
		t.Fatal(err)
	}
	identity := make([]int, len(docs))
	for i := range identity {
		identity[i] = i
	}
	if x, y := permuted(a, order), permuted(b, identity); !reflect.DeepEqual(x, y) {
		for k := range x {
			if k < len(y) && !reflect.DeepEqual(x[k], y[k]) {
				t.Fatalf("in order %v row %d is\n%+v, not\n%+v", order, k, y[k], x[k])
			}
		}
		t.Fatalf("in order %v there are %d rows, not %d", order, len(y), len(x))
	}
	again, err := Align(docs, Options{})
	if err != nil || !reflect.DeepEqual(a, again) {
		t.Fatal("a second run gives another result")
	}
}

func TestAlignOrderAndConservation(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	checkOrderIndependent(t, bundledFamily(t).docs, r)
	for range 20 {
		checkOrderIndependent(t, randomFamily(r, 2+r.IntN(4), 4+r.IntN(12)), r)
	}
}

func TestAlignRealFamilies(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, fam := range goldFamilies(t) {
		checkOrderIndependent(t, fam.docs, r)
	}
}

// randomFamily makes texts whose clauses are edited copies of each other, with
// duplicates, empty clauses and lone marks.
func randomFamily(r *rand.Rand, texts, clauses int) []*editor.Document {
	base := make([]string, clauses)
	for i := range base {
		base[i] = longText(r, 40+r.IntN(200))
	}
	var docs []*editor.Document
	for range texts {
		d := &editor.Document{Header: editor.Header{Title: "示范"}}
		for i := range clauses {
			text := garble(r, base[r.IntN(i+1)], 0.3)
			if r.IntN(8) == 0 {
				text = []string{"", "。", "　", "应当"}[r.IntN(4)]
			}
			if r.IntN(4) == 0 {
				text += "\n\n" + base[r.IntN(clauses)]
			}
			d.Clauses = append(d.Clauses, &editor.Clause{ID: fmt.Sprintf("a%d", i), Kind: editor.Article, Text: text})
		}
		d.Renumber()
		docs = append(docs, d)
	}
	return docs
}

func TestAlignConstraints(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 30 {
		docs := randomFamily(r, 3, 10)
		free, err := Align(docs, Options{})
		if err != nil {
			t.Fatal(err)
		}
		places := everyPlace(docs)
		pick := func() Place { return places[r.IntN(len(places))] }
		opts := Options{MustLink: [][2]Place{{pick(), pick()}, {pick(), pick()}}, CannotLink: [][2]Place{{pick(), pick()}, {pick(), pick()}}}
		fixed := free.Rows[r.IntN(len(free.Rows))]
		opts.Fixed = [][][]editor.Passage{fixed.Cells}
		a, err := Align(docs, opts)
		if err != nil {
			if !contradictory(opts) {
				t.Fatalf("refused %+v: %v", opts, err)
			}
			continue
		}
		checkConserved(t, docs, a)
		row := rowOf(a)
		isFixed := rowOf(&Alignment{[]Row{fixed}})
		for _, l := range opts.MustLink {
			_, x := isFixed[l[0]]
			_, y := isFixed[l[1]]
			if !x && !y && row[l[0]] != row[l[1]] {
				t.Fatalf("must-link %v was not kept", l)
			}
		}
		for _, l := range opts.CannotLink {
			_, x := isFixed[l[0]]
			if !x && row[l[0]] == row[l[1]] {
				t.Fatalf("cannot-link %v was not kept", l)
			}
		}
		if !slices.ContainsFunc(a.Rows, func(row Row) bool { return reflect.DeepEqual(row.Cells, fixed.Cells) }) {
			t.Fatal("the fixed row was touched")
		}
	}
}

func everyPlace(docs []*editor.Document) []Place {
	var out []Place
	for i, d := range docs {
		for c := range d.All() {
			for k := range c.Passages() {
				out = append(out, Place{i, editor.Passage{Clause: c.ID, Paragraph: k + 1}})
			}
		}
	}
	return out
}

func rowOf(a *Alignment) map[Place]int {
	out := map[Place]int{}
	for k, row := range a.Rows {
		for i, cell := range row.Cells {
			for _, p := range cell {
				out[Place{i, p}] = k
			}
		}
	}
	return out
}

// contradictory reports whether must-links join what a cannot-link parts.
func contradictory(opts Options) bool {
	group := map[Place]Place{}
	find := func(p Place) Place {
		for {
			q, ok := group[p]
			if !ok || q == p {
				return p
			}
			p = q
		}
	}
	for _, l := range opts.MustLink {
		group[find(l[0])] = find(l[1])
	}
	for _, l := range opts.CannotLink {
		if find(l[0]) == find(l[1]) {
			return true
		}
	}
	return false
}

func TestAlignRefuses(t *testing.T) {
	d := parse(t, oldRules)
	for name, run := range map[string]func() error{
		"one text":   func() error { _, err := Align([]*editor.Document{d}, Options{}); return err },
		"nine texts": func() error { _, err := Align(slices.Repeat([]*editor.Document{d}, 9), Options{}); return err },
		"nil text":   func() error { _, err := Align([]*editor.Document{d, nil}, Options{}); return err },
		"no such passage": func() error {
			_, err := Align([]*editor.Document{d, d}, Options{MustLink: [][2]Place{{{0, editor.Passage{Clause: "x", Paragraph: 1}}, {1, editor.Passage{Clause: "y", Paragraph: 1}}}}})
			return err
		},
		"too large": func() error {
			huge := &editor.Document{}
			for i := range MaxPassages {
				huge.Clauses = append(huge.Clauses, &editor.Clause{ID: fmt.Sprint(i), Kind: editor.Article, Text: "甲。"})
			}
			_, err := Align([]*editor.Document{d, huge}, Options{})
			return err
		},
	} {
		if run() == nil {
			t.Errorf("%s was not refused", name)
		}
	}
}

// TestAlignBounded aligns what nobody should have to: it may take seconds, not
// minutes.
func TestAlignBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: takes seconds")
	}
	r := rand.New(rand.NewPCG(11, 12))
	large := func(clauses int, text func(i int) string) *editor.Document {
		d := &editor.Document{}
		for i := range clauses {
			d.Clauses = append(d.Clauses, &editor.Clause{ID: fmt.Sprintf("a%d", i), Kind: editor.Article, Text: text(i)})
		}
		return d
	}
	clause := longText(r, 200<<10)
	one := large(1, func(int) string { return clause })
	many := large(10_000, func(int) string { return longText(r, 120) })
	edited := large(10_000, func(i int) string { return garble(r, many.Clauses[i].Text, 0.2) })
	same := large(10_000, func(int) string { return "快递企业应当在五日内答复用户，不得拖延。" })
	for name, docs := range map[string][]*editor.Document{
		"a clause of 200 KB twice":     {one, large(1, func(int) string { return garble(r, clause, 0.1) })},
		"a clause of 200 KB and small": {one, parse(t, oldRules), parse(t, newRules)},
		"10,000 clauses twice":         {many, edited},
		"10,000 equal clauses twice":   {same, large(10_000, func(int) string { return same.Clauses[0].Text })},
	} {
		begin := time.Now()
		a, err := Align(docs, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkConserved(t, docs, a)
		t.Logf("%s: %v, %d rows", name, time.Since(begin).Round(time.Millisecond), len(a.Rows))
		if d := time.Since(begin); d > 30*time.Second {
			t.Errorf("%s took %v", name, d)
		}
	}
}

func FuzzAlign(f *testing.F) {
	f.Add(oldRules, newRules)
	f.Add("第１条　应当在５日内答复。\n\n第２条　\u200b\n", "# 甲\n\n## 范围\n\n本文件规定了甲。\n\n| 甲 | 乙（h） |\n| - | - |\n| 丙 | 24 |\n")
	f.Add("", "第一条 甲\n\n第一条 甲\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		var docs []*editor.Document
		for _, s := range []string{a, b} {
			d, _, err := editor.Parse([]byte(s))
			if err != nil {
				return
			}
			docs = append(docs, d)
		}
		checkOrderIndependent(t, docs, rand.New(rand.NewPCG(1, 1)))
	})
}

func BenchmarkAlignFour(b *testing.B) {
	var docs []*editor.Document
	for _, col := range []string{"sh", "js", "zj", "ah"} {
		paths, _ := filepath.Glob("../../../shared/data/families/邮政快递/" + col + ".md")
		if len(paths) == 0 {
			docs = bundledFamily(b).docs
			break
		}
		docs = append(docs, readDocument(b, paths[0]))
	}
	texts := prepareAll(docs)
	passages := 0
	for _, p := range texts {
		passages += p.passages
	}
	measure := func(name string, fn func() error) {
		b.Run(name, func(b *testing.B) {
			before := processorTime(b)
			for b.Loop() {
				if err := fn(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((processorTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			b.ReportMetric(float64(passages), "passages")
		})
	}
	measure("prepare", func() error { prepareAll(docs); return nil })
	measure("rows of prepared texts", func() error {
		f, near, pairs, err := weighPairs(texts, Options{})
		if err != nil {
			return err
		}
		_, err = f.group(pairs, near, Options{})
		return err
	})
	measure("all of prepared texts", func() error { _, err := AlignPrepared(texts, Options{}); return err })
	measure("all", func() error { _, err := Align(docs, Options{}); return err })
}

// processorTime is what this process has used of the processor: on a machine
// that does other work too it says more than the clock.
func processorTime(t testing.TB) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
