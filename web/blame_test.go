package web

import (
	"fmt"
	"strings"
	"testing"

	"tongbiao/registry"
)

// The sentences of a text of 100 pages are shown part by part: each clause stands
// in one part, and a link to a clause opens the part that it stands in.
func TestBlameOfALongText(t *testing.T) {
	s := serve(t, Options{})
	if _, _, err := s.reg.Submit(registry.System, registry.Submission{Standard: "long", Source: longText(0), Message: "首版"}); err != nil {
		t.Fatal(err)
	}
	shown := map[string]int{}
	path, pages := "/standards/long/blame", 0
	for path != "" {
		page := s.ask("", get, path, nil)
		checkHeaders(t, page)
		checkPage(t, page)
		if page.StatusCode != 200 || len(page.body) > 300_000 {
			t.Fatalf("%s: %d, %d bytes", path, page.StatusCode, len(page.body))
		}
		for k := range 450 {
			shown[fmt.Sprint("k", k)] += strings.Count(page.body, fmt.Sprintf(`<section id="k%d"`, k))
		}
		path = ""
		if before, _, ok := strings.Cut(page.body, `" rel="next"`); ok {
			path = before[strings.LastIndex(before, `"`)+1:]
		} else if _, after, ok := strings.Cut(page.body, `<a rel="next" href="`); ok {
			path, _, _ = strings.Cut(after, `"`)
		}
		pages++
	}
	for k, n := range shown {
		if n != 1 {
			t.Errorf("clause %s is shown %d times", k, n)
		}
	}
	if pages < 5 {
		t.Errorf("only %d pages", pages)
	}
	if page := s.ask("", get, "/standards/long/blame?clause=k333", nil); !strings.Contains(page.body, `<section id="k333"`) || !strings.Contains(page.body, `aria-current="page"`) {
		t.Error("the link to a clause leads to another part")
	}
	if page := s.ask("", get, "/standards/long/blame?clause=nowhere", nil); page.StatusCode != 404 {
		t.Errorf("a clause that is not there: %d", page.StatusCode)
	}
}
