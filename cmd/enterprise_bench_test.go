package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// heldRegulations serves the real regulations; titles are theirs.
func heldRegulations(b *testing.B) (url string, titles []string) {
	dirs := regulations(b)
	data := b.TempDir()
	if code, _, errs := inProcess(append([]string{"import", "--data", data}, dirs...)...); code != 0 {
		b.Fatalf("exit %d %s", code, errs)
	}
	for _, path := range filesUnder(dirs, func(path string, err error) { b.Fatal(path, err) }) {
		titles = append(titles, "《"+strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))+"》")
	}
	url, _, stop := serving(b, "--data", data)
	b.Cleanup(stop)
	return url, titles
}

// timed asks so often and reports the first, the median and the longest.
func timed(b *testing.B, size string, ask func() (*http.Response, error)) {
	b.Helper()
	var took []time.Duration
	bytes := 0
	for b.Loop() {
		begun := time.Now()
		res, err := ask()
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != 200 {
			b.Fatal(res.Status, err)
		}
		took, bytes = append(took, time.Since(begun)), len(body)
		if !strings.Contains(string(body), size) {
			b.Fatalf("the page does not say %q", size)
		}
	}
	first := took[0]
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(first), "first-ms")
	b.ReportMetric(ms(took[len(took)/2]), "median-ms")
	b.ReportMetric(ms(took[len(took)-1]), "longest-ms")
	b.ReportMetric(float64(bytes)/1000, "kB")
}

// BenchmarkCheckOverHTTP pastes 500 numbers and titles into 查新, a third of
// which are held.
func BenchmarkCheckOverHTTP(b *testing.B) {
	site, titles := heldRegulations(b)
	var lines []string
	for i := range 500 {
		if i%3 == 0 {
			lines = append(lines, titles[i%len(titles)])
		} else {
			lines = append(lines, fmt.Sprintf("GB/T%d.%d-%d 某某规范", 10000+i, i%7, 1995+i%30))
		}
	}
	form := url.Values{"numbers": {strings.Join(lines, "\n")}}.Encode()
	timed(b, "500 条结果", func() (*http.Response, error) {
		req, err := http.NewRequest(http.MethodPost, site+"/check", strings.NewReader(form))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return http.DefaultClient.Do(req)
	})
}

// BenchmarkApplicableOverHTTP lists what binds an express enterprise of all four
// regions, of all activities, over the real regulations. The first question reads
// them all.
func BenchmarkApplicableOverHTTP(b *testing.B) {
	site, _ := heldRegulations(b)
	timed(b, "条款，出自", func() (*http.Response, error) {
		return http.Get(site + "/applicable?region=31&region=32&region=33&region=34")
	})
}
