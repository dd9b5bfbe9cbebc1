package web

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"tongbiao/registry"
	"tongbiao/schemas"
)

// TestSitemapInParts: beyond as many addresses as one map may hold there is an
// index, whose maps hold every address once and none of which is too long.
func TestSitemapInParts(t *testing.T) {
	s := serve(t, Options{})
	read := func(path string, into any) {
		t.Helper()
		res := s.ask("", get, path, nil)
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", path, res.StatusCode)
		}
		if err := xml.Unmarshal([]byte(res.body), into); err != nil {
			t.Fatalf("%s: %v\n%.500s", path, err, res.body)
		}
	}
	var whole sitemapSet
	read("/sitemap.xml", &whole)
	if len(whole.URLs) < 8 {
		t.Fatalf("%d addresses", len(whole.URLs))
	}
	for _, most := range []int{1, 3, len(whole.URLs) - 1} {
		s.web.mapMost = most
		var parts sitemapIndex
		read("/sitemap.xml", &parts)
		var all []sitemapURL
		for _, m := range parts.Maps {
			at, err := url.Parse(m.Loc)
			if err != nil || at.Host == "" {
				t.Fatalf("%q is no address: %v", m.Loc, err)
			}
			var part sitemapSet
			read(at.Path, &part)
			if len(part.URLs) == 0 || len(part.URLs) > most {
				t.Errorf("at most %d: %s has %d", most, at.Path, len(part.URLs))
			}
			all = append(all, part.URLs...)
		}
		if !slices.Equal(all, whole.URLs) {
			t.Errorf("at most %d: %d addresses in %d maps, want %d", most, len(all), len(parts.Maps), len(whole.URLs))
		}
		if res := s.ask("", get, fmt.Sprintf("/sitemaps/%d.xml", len(parts.Maps)+1), nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("a map beyond the last: %d", res.StatusCode)
		}
	}
	s.web.mapMost = len(whole.URLs)
	var one sitemapSet
	if read("/sitemap.xml", &one); len(one.URLs) != len(whole.URLs) {
		t.Errorf("as many as one map may hold: %d in the first", len(one.URLs))
	}
}

// TestAPIExamples: every example of the description is as its schema says.
func TestAPIExamples(t *testing.T) {
	var doc any
	if err := yaml.Unmarshal(schemas.OpenAPI, &doc); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("openapi.json", root); err != nil {
		t.Fatal(err)
	}
	judged := 0
	judge := func(at, schema string, example any) {
		judged++
		compiled, err := compiler.Compile("openapi.json#" + schema)
		if err == nil {
			err = compiled.Validate(example)
		}
		if err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case []any:
			for i, one := range v {
				walk(fmt.Sprintf("%s/%d", at, i), one)
			}
		case map[string]any:
			beside := at
			if _, ok := v["schema"]; ok { // a parameter, or a kind of content
				beside = at + "/schema"
			}
			switch examples := v["examples"].(type) {
			case map[string]any:
				for name, one := range examples {
					judge(at+" "+name, beside, one.(map[string]any)["value"])
				}
			case []any:
				for _, one := range examples {
					judge(at, beside, one)
				}
			}
			if one, ok := v["example"]; ok && path.Base(at) != "properties" {
				judge(at, beside, one)
			}
			for name, one := range v {
				if name != "examples" && name != "example" {
					walk(at+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), one)
				}
			}
		}
	}
	walk("", root)
	if judged < 3 {
		t.Errorf("%d examples were found", judged)
	}
}

// BenchmarkAPI asks over loopback for what programs ask most, first as somebody
// who has nothing and then as one who has it already (304).
func BenchmarkAPI(b *testing.B) {
	s := serve(b, Options{})
	var texts []registry.Incoming
	for _, name := range []string{"db31-t-sf001.md", "db32-t-sf001.md", "db33-t-sf001.md", "db34-t-sf001.md"} {
		source, err := os.ReadFile("../standards/" + name)
		if err != nil {
			b.Fatal(err)
		}
		texts = append(texts, registry.Incoming{Path: name, Source: source})
	}
	if _, err := s.reg.Import(registry.System, texts); err != nil {
		b.Fatal(err)
	}
	if err := s.index.CatchUp(b.Context()); err != nil {
		b.Fatal(err)
	}
	site := s.URL
	for _, one := range []struct{ name, path string }{
		{"search", "/api/v1/search?q=" + url.QueryEscape("投递")},
		{"clause", "/api/v1/standards/db31-t-sf001/clauses/locker-retention"},
		{"compare", "/api/v1/compare?text=db31-t-sf001&text=db32-t-sf001&text=db33-t-sf001&text=db34-t-sf001"},
		{"events", "/api/v1/events?since=0"},
	} {
		tag := ""
		for _, hit := range []bool{false, true} {
			name, want := one.name+"/ETag-miss", http.StatusOK
			if hit {
				name, want = one.name+"/ETag-hit", http.StatusNotModified
			}
			b.Run(name, func(b *testing.B) {
				size := 0
				for b.Loop() {
					r, err := http.NewRequest(get, site+one.path, nil)
					if err != nil {
						b.Fatal(err)
					}
					if hit {
						r.Header.Set("If-None-Match", tag)
					}
					res, err := http.DefaultClient.Do(r)
					if err != nil {
						b.Fatal(err)
					}
					body, err := io.ReadAll(res.Body)
					res.Body.Close()
					if err != nil || res.StatusCode != want {
						b.Fatalf("%s: %s %v\n%.500s", one.path, res.Status, err, body)
					}
					tag, size = res.Header.Get("ETag"), len(body)
				}
				b.ReportMetric(float64(size)/1000, "kB")
			})
		}
	}
}
