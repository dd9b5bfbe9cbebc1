package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
)

// longText is a standard of about 100 pages: 30 chapters of 15 clauses with some
// 200 characters each.
func longText(revision int) []byte {
	var b strings.Builder
	b.WriteString("---\nid: long\ntitle: 长文本\nregion: \"31\"\nconvention: standard\n---\n\n")
	for c := range 30 {
		fmt.Fprintf(&b, "## 第 %d 类服务 {#c%d}\n\n", c, c)
		for k := range 15 {
			n := c*15 + k
			hours := 24 + n%48
			if revision > n%50 { // each revision changes one clause in fifty
				hours = 12 + n%7
			}
			fmt.Fprintf(&b, "### 第 %d 项要求 {#k%d}\n\n", n, n)
			for s := range 5 {
				fmt.Fprintf(&b, "第%d类第%d项服务中，经营快递业务的企业应在 %d h 内完成第%d道工序，并应记录结果和经办人。", c, k, hours+s, s)
			}
			b.WriteString("\n\n")
		}
	}
	return []byte(b.String())
}

// longHistory is a site with a text of 100 pages in 50 revisions.
func longHistory(b *testing.B) *site {
	b.Helper()
	s := serve(b, Options{})
	base := 0
	for n := range 50 {
		v, _, err := s.reg.Submit(registry.System, registry.Submission{Standard: "long", Base: base, Source: longText(n), Message: fmt.Sprintf("第 %d 次", n+1)})
		if err != nil {
			b.Fatal(err)
		}
		base = v.Number
	}
	if base != 50 {
		b.Fatalf("%d revisions", base)
	}
	return s
}

// BenchmarkHistory asks for the pages about the past of a text of 100 pages in
// 50 revisions, over HTTP. The first time of each is what is made for the first
// reader; the figures are those of the next.
func BenchmarkHistory(b *testing.B) {
	s := longHistory(b)
	for _, page := range []struct{ name, path string }{
		{"compare-neighbours", "/standards/long/compare?a=49&b=50"},
		{"compare-ends", "/standards/long/compare?a=1&b=50"},
		{"blame", "/standards/long/blame"},
		{"history", "/standards/long/history"},
		{"clause", "/standards/long/clauses/k7"},
	} {
		start := time.Now()
		if res := s.ask("", get, page.path, nil); res.StatusCode != 200 {
			b.Fatalf("%s: %d", page.path, res.StatusCode)
		}
		first := time.Since(start)
		b.Run(page.name, func(b *testing.B) {
			size := 0
			for b.Loop() {
				size = len(s.ask("", get, page.path, nil).body)
			}
			b.ReportMetric(float64(first.Microseconds())/1000, "first-ms")
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
}
