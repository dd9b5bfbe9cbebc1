// Command rivals measures the search against others on the same texts and
// questions: SQLite FTS5 with trigrams and with pairs of characters (the driver
// modernc.org/sqlite, C translated to Go), and Bleve with its CJK analyser. It is
// a module of its own, so that nothing else depends on them.
//
//	go run . -program tongbiao -shared ../../../../shared/data [-size 150000]
//
// Building and asking are processes of their own; an engine's time for a query
// is the best of three.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	program = flag.String("program", "", "the program tongbiao")
	shared  = flag.String("shared", "../../../../shared/data", "folder of the texts and questions")
	size    = flag.Int("size", 0, "clauses; 0: the national law alone, else regulations are added as far as there are")
	only    = flag.String("only", "", "engines to measure, by commas; none: all")
	engine  = flag.String("engine", "", "used by the program itself")
	phase   = flag.String("phase", "", "used by the program itself: build or ask")
	dir     = flag.String("dir", "", "used by the program itself")
)

// rival is a way to find clauses.
type rival interface {
	build(dir string, texts []clause) error
	open(dir string) error
	// find gives the IDs of the best clauses: those with all words or, where
	// there are none, those with some.
	find(text string, limit int) ([]string, error)
}

var rivals = map[string]rival{"tongbiao": &ours{}, "FTS5 pairs": &fts{pairs: true}, "FTS5 trigram": &fts{}, "Bleve cjk": &cjk{}}

var order = []string{"tongbiao", "FTS5 pairs", "FTS5 trigram", "Bleve cjk"}

func main() {
	log.SetFlags(0)
	flag.Parse()
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	switch *phase {
	case "build":
		return build()
	case "ask":
		return ask()
	}
	work, err := os.MkdirTemp("", "rivals")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	n, others, err := writeTexts(work)
	if err != nil {
		return err
	}
	fmt.Printf("%d clauses: the national law, and %d of regulations; %d queries (words, numbers, phrases, lay questions); 926 questions for the ranking\n", n, others, len(queriesOf(work)))
	fmt.Println("engine         docs/s  B/clause  build MB  cold ms  median ms  p99 ms  questions: median  p99 ms  ask MB  nDCG@10  R@10   R@100")
	for _, name := range order {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), name) {
			continue
		}
		fmt.Printf("%-13s", name)
		for _, phase := range []string{"build", "ask"} {
			self := exec.Command(os.Args[0], "-phase", phase, "-engine", name, "-dir", work, "-program", *program, "-shared", *shared)
			self.Stdout, self.Stderr = os.Stdout, os.Stderr
			if err := self.Run(); err != nil {
				return fmt.Errorf("%s %s: %w", name, phase, err)
			}
		}
		fmt.Println()
	}
	fmt.Println("The ranking of tongbiao here is of questions that it learned from: take the cross-validated one.")
	return nil
}

func folderOf(name string) string { return filepath.Join(*dir, strings.ReplaceAll(name, " ", "-")) }

func build() error {
	texts, err := readLines[clause](filepath.Join(*dir, "texts.jsonl"))
	if err != nil {
		return err
	}
	folder := folderOf(*engine)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	before := memory("VmRSS")
	begun := time.Now()
	if err := rivals[*engine].build(folder, texts); err != nil {
		return err
	}
	took := time.Since(begun)
	if o, ok := rivals[*engine].(*ours); ok {
		took = o.took
	}
	var bytes int64
	filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if info, e := d.Info(); e == nil && !d.IsDir() && !strings.HasSuffix(path, "registry.db") {
			bytes += info.Size()
		}
		return err
	})
	fmt.Printf("  %6.0f  %8d  %8d", float64(len(texts))/took.Seconds(), bytes/int64(len(texts)), memory("VmHWM")-before)
	return nil
}

func ask() error {
	r := rivals[*engine]
	begun := time.Now()
	if err := r.open(folderOf(*engine)); err != nil {
		return err
	}
	if _, err := r.find("快递", 20); err != nil {
		return err
	}
	cold := time.Since(begun)
	var words, questions []float64
	for _, q := range queriesOf(*dir) {
		best := math.Inf(1)
		for range 3 {
			begun := time.Now()
			if _, err := r.find(q.Text, 20); err != nil {
				return fmt.Errorf("%s: %w", q.Text, err)
			}
			best = min(best, float64(time.Since(begun).Microseconds())/1000)
		}
		if q.Lay {
			questions = append(questions, best)
		} else {
			words = append(words, best)
		}
	}
	slices.Sort(words)
	slices.Sort(questions)
	at := func(all []float64, share float64) float64 { return all[int(share*float64(len(all)-1))] }
	gain, r10, r100, err := ranking(r)
	if err != nil {
		return err
	}
	fmt.Printf("  %7d  %9.2f  %6.2f  %17.2f  %6.2f  %6d  %7.3f  %.3f  %.3f", cold.Milliseconds(),
		at(words, .5), at(words, .99), at(questions, .5), at(questions, .99), memory("VmRSS"), gain, r10, r100)
	return nil
}

// ranking answers the labelled questions.
func ranking(r rival) (gain, r10, r100 float64, err error) {
	questions, answers, err := labelled()
	if err != nil {
		return
	}
	for _, q := range questions {
		hits, err := r.find(q.Text, 100)
		if err != nil {
			return 0, 0, 0, err
		}
		want := answers[q.ID]
		ideal := 0.0
		for i := range min(10, len(want)) {
			ideal += 1 / math.Log2(float64(i+2))
		}
		for i, h := range hits {
			if !slices.Contains(want, h) {
				continue
			}
			r100 += 1 / float64(len(want))
			if i < 10 {
				r10 += 1 / float64(len(want))
				gain += 1 / math.Log2(float64(i+2)) / ideal
			}
		}
	}
	n := float64(len(questions))
	return gain / n, r10 / n, r100 / n, nil
}

// memory reads a figure of this process in MB.
func memory(field string) int {
	raw, _ := os.ReadFile("/proc/self/status") // 0 where there is none
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb >> 10
		}
	}
	return 0
}

func queriesOf(dir string) (out []query) {
	raw, err := os.ReadFile(filepath.Join(dir, "queries.json"))
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		log.Fatal(err)
	}
	return out
}
