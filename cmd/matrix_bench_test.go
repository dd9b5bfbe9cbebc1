package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// BenchmarkMatrixOverHTTP asks a running site for the ledger of the four real
// regulations on postal and express service: as a page, whole with the modal
// words, and as files.
func BenchmarkMatrixOverHTTP(b *testing.B) {
	family := filepath.Join(realTexts, "families", "邮政快递")
	if _, err := os.Stat(family); err != nil {
		b.Skipf("SKIPPED: the real texts are not here (%s): nothing was measured", family)
	}
	data := b.TempDir()
	if code, _, errs := inProcess("import", "--data", data, "--json", family); code != 0 {
		b.Fatalf("import: exit %d %s", code, errs)
	}
	site, _, stop := serving(b, "--demo", "--data", data)
	defer stop()
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	send := func(path string, form url.Values) {
		res, err := client.PostForm(site+path, form)
		if err != nil || res.StatusCode != http.StatusOK {
			b.Fatalf("%s: %v %v", path, res, err)
		}
		res.Body.Close()
	}
	send("/demo/sign-in", url.Values{"id": {"demo-secretary"}})
	form := url.Values{"title": {"快递服务规范"}, "id": {"express"}, "rule": {"all"}}
	for region, title := range map[string]string{"31": "上海市实施", "32": "江苏省邮政条例", "33": "浙江省快递业促进条例", "34": "安徽省邮政条例"} {
		res, err := client.Get(site + "/projects/new?find=" + url.QueryEscape(title))
		if err != nil {
			b.Fatal(err)
		}
		page, err := io.ReadAll(res.Body)
		res.Body.Close()
		at := regexp.MustCompile(`<option value="([^"]+)"[^>]*>[^<]*` + title).FindSubmatch(page)
		if err != nil || at == nil {
			b.Fatalf("%s is not offered for a project: %v", title, err)
		}
		form.Set("text-"+region, string(at[1]))
	}
	send("/projects", form)
	for _, page := range []string{"matrix", "matrix?kind=all", "matrix.xlsx", "matrix.csv"} {
		b.Run(page, func(b *testing.B) {
			size := 0
			for b.Loop() {
				res, err := http.Get(site + "/projects/express/" + page)
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
		})
	}
}
