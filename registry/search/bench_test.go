package search_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tongbiao/editor"
	"tongbiao/registry"
	"tongbiao/registry/search"
)

// BenchmarkFigures prints what is measured over real regulations:
//
//	go test -run '^$' -bench Figures -benchtime 1x ./registry/search
func BenchmarkFigures(b *testing.B) {
	c := all.regulations(b, 1)
	queries := realQueries(b)
	for b.Loop() {
		b.Logf("%d clauses in %v: %.0f clauses/s; %v of processor time: %.0f clauses/s of it; %d bytes a clause",
			c.clauses, c.build.Round(time.Millisecond), float64(c.clauses)/c.build.Seconds(),
			c.work.Round(time.Millisecond), float64(c.clauses)/c.work.Seconds(), folderSize(b, c.dir)/int64(c.clauses))
		b.Logf("first time:      %v", ask(b, c.index, queries, 1, search.Query{Limit: 20}))
		b.Logf("again:           %v", ask(b, c.index, queries, 1, search.Query{Limit: 20}))
		b.Logf("best of 9:       %v", ask(b, c.index, queries, 9, search.Query{Limit: 20}))
		b.Logf("with filters:    %v", ask(b, c.index, queries, 9, search.Query{Limit: 20, Regions: []string{"31"}, Modalities: []string{"obligation"}}))
		b.Logf("50th page:       %v", ask(b, c.index, queries, 9, search.Query{Offset: 980, Limit: 20}))
		check(b, c.index.Close())
		begun := time.Now()
		c.index = openIndex(b, c.dir, c.reg)
		opened := time.Since(begun)
		if find(b, c.index, search.Query{Text: "快递"}).Rebuilding {
			b.Error("an index that is up to date says that it is being rebuilt")
		}
		b.Logf("opened in %v, first hits after %v", opened.Round(time.Millisecond), time.Since(begun).Round(time.Millisecond))
	}
}

// ask asks every query some times and describes how long each takes at best: on
// a machine that does other work, that is what the search itself takes.
func ask(t testing.TB, x *search.Index, queries []string, times int, q search.Query) string {
	t.Helper()
	type taken struct {
		text string
		time time.Duration
	}
	var all []taken
	for _, q.Text = range queries {
		best := time.Hour
		for range times {
			begun := time.Now()
			if _, err := x.Search(q); err != nil {
				t.Fatal(err)
			}
			best = min(best, time.Since(begun))
		}
		all = append(all, taken{q.Text, best})
	}
	slices.SortFunc(all, func(a, b taken) int { return int(a.time - b.time) })
	n := len(all)
	at := func(share float64) time.Duration {
		return all[int(share*float64(n-1))].time.Round(10 * time.Microsecond)
	}
	return fmt.Sprintf("%d queries: median %v, p90 %v, p99 %v; slowest %s %v", n, at(.5), at(.9), at(.99), all[n-1].text, at(1))
}

// work is the processor time that this process has taken.
func work() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func folderSize(t testing.TB, dir string) (size int64) {
	check(t, filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	}))
	return size
}

// BenchmarkSearch asks realistic queries in turn.
func BenchmarkSearch(b *testing.B) {
	c := all.regulations(b, 1)
	queries := realQueries(b)
	for i := 0; b.Loop(); i++ {
		find(b, c.index, search.Query{Text: queries[i%len(queries)]})
	}
}

// BenchmarkBuild builds the index of real regulations.
func BenchmarkBuild(b *testing.B) {
	c := all.regulations(b, 1)
	for b.Loop() {
		x := openIndex(b, b.TempDir(), c.reg)
		catchUp(b, x)
		check(b, x.Close())
	}
	b.ReportMetric(float64(c.clauses)*float64(b.N)/b.Elapsed().Seconds(), "clauses/s")
}

// BenchmarkRepublish measures how long it takes until a new text of a standard
// of some 50 clauses is found.
func BenchmarkRepublish(b *testing.B) {
	c := all.regulations(b, 1)
	var text strings.Builder
	for i := range 50 {
		fmt.Fprintf(&text, "\n### 第%s条\n经营快递业务的企业应当自收到投诉之日起七日内答复用户，并保存记录。\n", editor.Numeral(i+1))
	}
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		importTexts(b, c.reg, fmt.Sprintf("---\nid: republished\ntitle: 再次发布的规定\nconvention: regulation\n---\n%s\n### 第五十一条\n第%d次。\n", text.String(), n))
		b.StartTimer()
		catchUp(b, c.index)
	}
}

// BenchmarkQuestions prints how well lay questions are answered over the
// national law of ../shared/data/retrieval (STARD), and how fast:
//
//	go test -run '^$' -bench Questions -benchtime 1x ./registry/search
func BenchmarkQuestions(b *testing.B) {
	folder := filepath.Join(shared, "retrieval")
	if _, err := os.Stat(folder); err != nil {
		b.Skip("SKIPPED: no labelled questions: " + folder + " is missing")
	}
	var c corpus
	check(b, c.read(lawsOf(b, filepath.Join(folder, "corpus.jsonl"))))
	defer c.index.Close()
	type question struct{ ID, Text string }
	questions := readLines[question](b, filepath.Join(folder, "queries.dev.jsonl"))
	answers := map[string][]string{}
	raw, err := os.ReadFile(filepath.Join(folder, "qrels.dev.tsv"))
	check(b, err)
	for line := range strings.Lines(string(raw)) {
		f := strings.Fields(line)
		answers[f[0]] = append(answers[f[0]], f[2])
	}
	for b.Loop() {
		var texts []string
		var gain, at10, at100, total float64
		for _, q := range questions {
			texts = append(texts, q.Text)
			res := find(b, c.index, search.Query{Text: q.Text, Limit: 100})
			total += float64(res.Total)
			want := answers[q.ID]
			found, ideal := 0.0, 0.0
			for i, h := range res.Hits {
				if !slices.Contains(want, h.Ref.Clause) {
					continue
				}
				at100 += 1 / float64(len(want))
				if i < 10 {
					at10 += 1 / float64(len(want))
					found += 1 / math.Log2(float64(i+2))
				}
			}
			for i := range min(10, len(want)) {
				ideal += 1 / math.Log2(float64(i+2))
			}
			gain += found / ideal
		}
		n := float64(len(questions))
		b.Logf("%d clauses, %d bytes a clause; %.0f questions: nDCG@10 %.4f, R@10 %.4f, R@100 %.4f; %.0f clauses found a question",
			c.clauses, folderSize(b, c.dir)/int64(c.clauses), n, gain/n, at10/n, at100/n, total/n)
		b.Logf("questions: %v", ask(b, c.index, texts, 1, search.Query{Limit: 20}))
		b.Logf("keywords:  %v", ask(b, c.index, realQueries(b), 9, search.Query{Limit: 20}))
	}
}

// lawsOf groups articles by law.
func lawsOf(b *testing.B, path string) (in []registry.Incoming) {
	type article struct{ ID, Title, Article, Chapter, Text string }
	docs := map[string]*editor.Document{}
	var order []*editor.Document
	for _, a := range readLines[article](b, path) {
		d := docs[a.Title]
		if d == nil {
			d = &editor.Document{Header: editor.Header{Title: a.Title, Kind: "law", Convention: editor.Regulation}}
			docs[a.Title] = d
			order = append(order, d)
		}
		if n := len(d.Clauses); n == 0 || d.Clauses[n-1].Title != a.Chapter {
			d.Clauses = append(d.Clauses, &editor.Clause{ID: fmt.Sprintf("ch-%d", n), Kind: editor.Chapter, Title: a.Chapter})
		}
		chapter := d.Clauses[len(d.Clauses)-1]
		chapter.Clauses = append(chapter.Clauses, &editor.Clause{ID: a.ID, Kind: editor.Article, Fixed: a.Article, Text: strings.ReplaceAll(a.Text, "\n", "\n\n")})
	}
	for _, d := range order {
		in = append(in, registry.Incoming{Path: d.Header.Title, Source: editor.Write(d)})
	}
	return in
}

func readLines[T any](b *testing.B, path string) (out []T) {
	f, err := os.Open(path)
	check(b, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var v T
		check(b, json.Unmarshal(lines.Bytes(), &v))
		out = append(out, v)
	}
	check(b, lines.Err())
	return out
}
