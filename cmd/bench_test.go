package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry/search"
)

var realTexts = filepath.Join("..", "..", "shared", "data")

// regulations are the folders of real regulations of the four regions and the
// nation: over 650 files.
func regulations(tb testing.TB) []string {
	tb.Helper()
	var dirs []string
	for _, d := range []string{"shanghai", "jiangsu", "zhejiang", "anhui", "national"} {
		dirs = append(dirs, filepath.Join(realTexts, "regulations", d))
	}
	if _, err := os.Stat(dirs[0]); err != nil {
		tb.Skipf("SKIPPED: the real regulations are not here (%s): nothing was measured", dirs[0])
	}
	return dirs
}

// BenchmarkImport imports the real regulations into an empty registry, index
// not counted. The alternative is what a user does today: copy the files.
func BenchmarkImport(b *testing.B) {
	dirs := regulations(b)
	var took, copied time.Duration
	n := 0
	for b.Loop() {
		data := b.TempDir()
		begun := time.Now()
		code, out, errs := inProcess(append([]string{"import", "--json", "--data", data}, dirs...)...)
		took += time.Since(begun)
		if code != 0 {
			b.Fatalf("exit %d %s", code, errs)
		}
		var read, imported int
		fmt.Sscanf(out, `{"read":%d,"imported":%d`, &read, &imported)
		n += read

		begun = time.Now()
		files := filesUnder(dirs, func(path string, err error) { b.Fatal(path, err) })
		for i, path := range files {
			raw, err := os.ReadFile(path)
			if err == nil {
				err = os.WriteFile(filepath.Join(data, fmt.Sprint(i)), raw, 0o644)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		copied += time.Since(begun)
	}
	b.ReportMetric(float64(n)/took.Seconds(), "docs/s")
	b.ReportMetric(took.Seconds()/copied.Seconds(), "x-copying-the-files")
	b.ReportMetric(0, "ns/op")
}

func inProcess(args ...string) (int, string, string) {
	var out, errs bytes.Buffer
	code := run(context.Background(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// BenchmarkColdStart starts the built program on a registry of the real
// regulations whose index is up to date, until the home page is there.
func BenchmarkColdStart(b *testing.B) {
	data, binary := imported(b), filepath.Join(b.TempDir(), "tongbiao")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	if code, _, errs := inProcess("search", "--data", data, "快递"); code != 0 { // builds the index
		b.Fatal(errs)
	}
	for b.Loop() {
		cmd := exec.Command(binary, "serve", "--data", data, "--addr", "127.0.0.1:0")
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			b.Fatal(err)
		}
		buf := make([]byte, 4096)
		n, _ := out.Read(buf)
		site := addressIn(string(buf[:n]))
		res, err := http.Get(site + "/search?q=%E5%BF%AB%E9%80%92")
		if err != nil || res.StatusCode != http.StatusOK {
			b.Fatalf("%v %v", res, err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCompareFour aligns the four real regulations on postal and express
// service, from bytes to rows with their differences.
func BenchmarkCompareFour(b *testing.B) {
	var sources [][]byte
	for _, region := range []string{"sh", "js", "zj", "ah"} {
		source, err := os.ReadFile(filepath.Join(realTexts, "families", "邮政快递", region+".md"))
		if err != nil {
			b.Skipf("SKIPPED: the real family is not here: %v", err)
		}
		sources = append(sources, source)
	}
	rows := 0
	for b.Loop() {
		var docs []*editor.Document
		for _, source := range sources {
			doc, _, err := editor.Parse(source)
			if err != nil {
				b.Fatal(err)
			}
			docs = append(docs, doc)
		}
		found, err := compare.Align(docs, compare.Options{Labels: []string{"沪", "苏", "浙", "皖"}})
		if err != nil {
			b.Fatal(err)
		}
		rows = len(found.Rows)
	}
	b.ReportMetric(float64(rows), "rows")
}

// BenchmarkFind asks the same questions of the index and of the plain files
// (reading each and looking for the words): what a user without us does.
func BenchmarkFind(b *testing.B) {
	data := imported(b)
	reg, err := dataFlag{data}.open()
	if err != nil {
		b.Fatal(err)
	}
	defer reg.Close()
	index, err := dataFlag{data}.index(reg)
	if err != nil {
		b.Fatal(err)
	}
	defer index.Close()
	if err := index.CatchUp(context.Background()); err != nil {
		b.Fatal(err)
	}
	files := filesUnder(regulations(b), func(path string, err error) { b.Fatal(path, err) })
	var ours, plain []time.Duration
	words := []string{"快递", "收寄验视", "处五千元以上", "行政处罚", "个人信息", "三十日内", "网络交易平台", "村民委员会", "应急预案", "听证"}
	for b.Loop() {
		for _, w := range words {
			begun := time.Now()
			if _, err := index.Search(search.Query{Text: w, Limit: 20}); err != nil {
				b.Fatal(err)
			}
			ours = append(ours, time.Since(begun))
			begun = time.Now()
			for _, path := range files {
				raw, err := os.ReadFile(path)
				if err != nil {
					b.Fatal(err)
				}
				_ = strings.Count(string(raw), w)
			}
			plain = append(plain, time.Since(begun))
		}
	}
	slices.Sort(ours)
	slices.Sort(plain)
	at := func(d []time.Duration, share float64) float64 {
		return float64(d[int(share*float64(len(d)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(ours, .5), "median-ms")
	b.ReportMetric(at(ours, .99), "p99-ms")
	b.ReportMetric(at(plain, .5)/at(ours, .5), "x-faster-than-reading-the-files")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkWorkbenchOverHTTP asks a running site for the workbench of the
// demonstration.
func BenchmarkWorkbenchOverHTTP(b *testing.B) {
	site, _, stop := serving(b, "--demo", "--data", b.TempDir())
	defer stop()
	size := 0
	for b.Loop() {
		res, err := http.Get(site + "/projects/last-mile")
		if err != nil || res.StatusCode != http.StatusOK {
			b.Fatalf("%v %v", res, err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			b.Fatal(err)
		}
		res.Body.Close()
		size = len(body)
	}
	b.ReportMetric(float64(size)/1000, "kB")
}

// imported is a data folder that holds the real regulations.
func imported(tb testing.TB) string {
	tb.Helper()
	data := tb.TempDir()
	if code, _, errs := inProcess(append([]string{"import", "--json", "--data", data}, regulations(tb)...)...); code != 0 {
		tb.Fatalf("import: exit %d %s", code, errs)
	}
	return data
}
