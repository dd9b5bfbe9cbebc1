package web

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"tongbiao/registry"
	"tongbiao/schemas"
)

// apiScenarios ask every address of the API and every permanent one.
var apiScenarios = []scenario{
	{name: "api", method: get, path: "/api/v1", status: 200, shows: []string{"/api/v1/openapi.yaml"}},
	{name: "api: description", method: get, path: "/api/v1/openapi.yaml", status: 200, shows: []string{"openapi: \"3.1.0\""}},
	{name: "api for people", method: get, path: "/api", status: 200, shows: []string{"/api/v1/openapi.yaml", "只读", `id="not-found"`}},
	{name: "api for people in English", method: get, path: "/api?lang=en", status: 200, shows: []string{"Read only"}},
	{name: "api: search", method: get, path: "/api/v1/search?q=投递&limit=1", status: 200, shows: []string{"#lk-time", `"next":"/api/v1/search?cursor=`, `{"value":"31",`}},
	{name: "api: search for nothing", method: get, path: "/api/v1/search", status: 422, shows: []string{`"field":"q"`, "Say what to look for"}},
	{name: "api: a misspelt parameter", method: get, path: "/api/v1/search?q=x&regio=31", status: 422, shows: []string{`"field":"regio"`}},
	{name: "api: standards", method: get, path: "/api/v1/standards?region=31", status: 200, shows: []string{`"id":"sh-express"`}, hides: []string{"js-express"}},
	{name: "api: a limit beyond", method: get, path: "/api/v1/standards?limit=9999", status: 422, shows: []string{`"field":"limit"`}},
	{name: "api: a cursor of another question", method: get, path: "/api/v1/standards?cursor=eHg6eQ", status: 422, shows: []string{`"field":"cursor"`}},
	{name: "api: standard", method: get, path: "/api/v1/standards/sh-express", status: 200, shows: []string{`"status":"in-force"`, `"revision":2`}},
	{name: "api: standard on a day", method: get, path: "/api/v1/standards/sh-express?on=2020-01-01", status: 404, shows: []string{"2020-01-01"}},
	{name: "api: standard on no day", method: get, path: "/api/v1/standards/sh-express?on=x", status: 422, shows: []string{`"field":"on"`}},
	{name: "api: no such standard", method: get, path: "/api/v1/standards/nowhere", status: 404, shows: []string{`"type":"/api#not-found"`, `"status":404`}},
	{name: "api: editions", method: get, path: "/api/v1/standards/sh-express/editions", status: 200, shows: []string{"DB31/T 900001—2024"}},
	{name: "api: revisions", method: get, path: "/api/v1/standards/sh-express/revisions?limit=1", status: 200, shows: []string{`"number":2`, `"next"`}, hides: []string{`"by"`}},
	{name: "api: revisions to a member", method: get, path: "/api/v1/standards/sh-express/revisions", as: "demo-31", status: 200, shows: []string{`"by"`}},
	{name: "api: revision", method: get, path: "/api/v1/standards/sh-express/revisions/1", status: 200, shows: []string{`"delivery-time"`}},
	{name: "api: source", method: get, path: "/api/v1/standards/sh-express/revisions/2/source", status: 200, shows: []string{"5 日内"}},
	{name: "api: changes", method: get, path: "/api/v1/standards/sh-express/changes?from=1&to=2", status: 200, shows: []string{`"kind":"reworded"`, "7 日"}},
	{name: "api: clauses", method: get, path: "/api/v1/standards/sh-express/clauses", status: 200, shows: []string{`"id":"proxy"`}},
	{name: "api: clause", method: get, path: "/api/v1/standards/sh-express/clauses/delivery-time", status: 200, shows: []string{`"kind":"quantity"`, `"unit":"h"`}},
	{name: "api: clause of a revision", method: get, path: "/api/v1/standards/sh-express/clauses/complaints?revision=1", status: 200, shows: []string{"7 日内"}},
	{name: "api: no such clause", method: get, path: "/api/v1/standards/sh-express/clauses/nothing", status: 404},
	{name: "api: clause through time", method: get, path: "/api/v1/standards/sh-express/clauses/complaints/history", status: 200, shows: []string{`"before":1`}},
	{name: "api: compare", method: get, path: "/api/v1/compare?text=sh-express&text=js-express", status: 200, shows: []string{`"differences":[{`, "24"}},
	{name: "api: compare one", method: get, path: "/api/v1/compare?text=sh-express", status: 422},
	{name: "api: projects", method: get, path: "/api/v1/projects", status: 200, shows: []string{`"id":"express"`}},
	{name: "api: project", method: get, path: "/api/v1/projects/express", status: 200, shows: []string{`"untouched":`}},
	{name: "api: no such project", method: get, path: "/api/v1/projects/none", status: 404},
	{name: "api: rows", method: get, path: "/api/v1/projects/express/rows", status: 200, shows: []string{`"cells":{`}},
	{name: "api: rows in no state", method: get, path: "/api/v1/projects/express/rows?state=x", status: 422},
	{name: "api: row", method: get, path: "/api/v1/projects/express/rows/{row}", status: 200, shows: []string{`"id":"{row}"`}},
	{name: "api: draft", method: get, path: "/api/v1/projects/express/draft", status: 200, shows: []string{`"clauses":[{`}},
	{name: "api: draft as Markdown", method: get, path: "/api/v1/projects/express/draft/source", status: 200, shows: []string{"title:"}},
	{name: "api: consultations", method: get, path: "/api/v1/consultations", status: 200, shows: []string{`"zj-locker"`}},
	{name: "api: consultation", method: get, path: "/api/v1/consultations/zj-locker", status: 200, shows: []string{`"open":true`}},
	{name: "api: comments", method: get, path: "/api/v1/consultations/zj-locker/comments", status: 200, hides: []string{"取不到件", "张三"}},
	{name: "api: comments to the secretariat", method: get, path: "/api/v1/consultations/zj-locker/comments", as: "demo-secretary", status: 200, hides: []string{"取不到件", "张三"}},
	{name: "api: events", method: get, path: "/api/v1/events?since=0", status: 200, shows: []string{`"verb":"revision.submit"`}, hides: []string{"member.", "session.", `"by"`, "consultation.comment"}},
	{name: "api: applicable", method: get, path: "/api/v1/applicable?region=31&do=deliver", status: 200, shows: []string{`"sh-express/2#delivery-time"`}},
	{name: "api: check", method: get, path: "/api/v1/check?number=DB31/T+900001", status: 200, shows: []string{`"id":"sh-express"`}},
	{name: "api: check a list that is a form", method: post, path: "/api/v1/check", form: fields("numbers", "x"), status: 415},
	{name: "api: no such address", method: get, path: "/api/v1/nowhere", status: 404, shows: []string{`"type":"/api#not-found"`}},

	{name: "permanent: standard", method: get, path: "/id/standards/sh-express", status: 303, to: "/standards/sh-express"},
	{name: "permanent: standard on a day", method: get, path: "/id/standards/sh-express?on=2024-06-30", status: 303, to: "/standards/sh-express/"},
	{name: "permanent: before it was in force", method: get, path: "/id/standards/sh-express?on=2020-01-01", status: 404},
	{name: "permanent: by number", method: get, path: "/id/standards/DB31%2FT900001-2024?on=2024-06-30", status: 308, to: "/id/standards/sh-express?on=2024-06-30"},
	{name: "permanent: nothing", method: get, path: "/id/standards/nowhere", status: 404},
	{name: "permanent: clause", method: get, path: "/id/standards/sh-express/clauses/delivery-time", status: 303, to: "/standards/sh-express#delivery-time"},
	{name: "permanent: clause that never was", method: get, path: "/id/standards/sh-express/clauses/never", status: 404},
	{name: "sitemap", method: get, path: "/sitemap.xml", status: 200, shows: []string{"/standards/sh-express</loc>", "/projects/express</loc>"}},
	{name: "part of the sitemap", method: get, path: "/sitemaps/1.xml", status: 200, shows: []string{"/standards/sh-express</loc>"}},
	{name: "no part of the sitemap", method: get, path: "/sitemaps/2.xml", status: 404},
	{name: "robots", method: get, path: "/robots.txt", status: 200, shows: []string{"Disallow: /api/v1/", "Sitemap: http"}},
}

var pathParam = regexp.MustCompile(`:(\w+)`)

// TestAPIIsAsDescribed: every route of the API is described and every address
// described is a route, with the same parameters; every answer is as its schema
// says and bears nothing that it does not say; an error is one of RFC 9457.
func TestAPIIsAsDescribed(t *testing.T) {
	var doc map[string]any
	if err := yaml.Unmarshal(schemas.OpenAPI, &doc); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if doc["openapi"] != "3.1.0" {
		t.Fatalf("OpenAPI %v", doc["openapi"])
	}
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	all := descend[map[string]any](t, root, "components", "schemas")
	for _, one := range all { // here nothing that is not described is let through
		o := one.(map[string]any)
		if _, open := o["additionalProperties"]; o["properties"] != nil && !open {
			o["additionalProperties"] = false
		}
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("openapi.json", root); err != nil {
		t.Fatal(err)
	}
	paths := descend[map[string]any](t, root, "paths")
	described, routed := map[string]bool{}, map[string]bool{}
	for path, of := range paths {
		for method := range of.(map[string]any) {
			described[strings.ToUpper(method)+" "+path] = true
		}
	}
	for _, r := range routes {
		if r.path == apiBase || strings.HasPrefix(r.path, apiBase+"/") {
			routed[r.method+" "+pathParam.ReplaceAllString(r.path, "{$1}")] = true
		}
	}
	if a, b := slices.Sorted(maps.Keys(described)), slices.Sorted(maps.Keys(routed)); !slices.Equal(a, b) {
		t.Errorf("described %v\nrouted %v", a, b)
	}
	for _, r := range apiTable {
		op := descend[map[string]any](t, paths, pathParam.ReplaceAllString(r.path, "{$1}"), strings.ToLower(r.method))
		var said []string
		list, _ := op["parameters"].([]any)
		for _, p := range list {
			if p := p.(map[string]any); p["in"] == "query" {
				said = append(said, p["name"].(string))
			}
		}
		if slices.Sort(said); !slices.Equal(said, slices.Sorted(slices.Values(r.params))) {
			t.Errorf("%s %s: parameters %v, described %v", r.method, r.path, r.params, said)
		}
	}

	s := serve(t, Options{})
	s.unified()
	ask := apiScenarios
	ask = append(ask, scenario{name: "list", method: post, path: "/api/v1/check", status: 200})
	fill := strings.NewReplacer(s.rowFields()...)
	for _, sc := range ask {
		path, query, _ := strings.Cut(fill.Replace(sc.path), "?")
		if path != apiBase && !strings.HasPrefix(path, apiBase+"/") || strings.HasSuffix(path, "/source") || strings.HasSuffix(path, ".yaml") {
			continue
		}
		if query != "" {
			query = "?" + strings.NewReplacer("投递", url.QueryEscape("投递")).Replace(query)
		}
		var res answer
		if sc.method == post {
			kind := "application/json"
			if sc.status == 415 {
				kind = "text/plain"
			}
			res = s.askJSON(path, kind, `{"numbers":["DB31/T 900001","GB 1","上海快递服务规范"],"on":"2025-01-01"}`)
		} else {
			res = s.ask(sc.as, sc.method, path+query, nil)
		}
		if res.StatusCode != sc.status {
			t.Errorf("%s: %d, want %d\n%s", sc.name, res.StatusCode, sc.status, res.body)
			continue
		}
		place, kind := "#/components/schemas/Problem", "application/problem+json"
		if res.StatusCode == http.StatusOK {
			r, _ := http.NewRequest(sc.method, "http://site"+path, nil)
			c := s.web.echo.NewContext(r, nil)
			s.web.echo.Router().Find(sc.method, path, c)
			key := strings.ReplaceAll(strings.ReplaceAll(pathParam.ReplaceAllString(c.Path(), "{$1}"), "~", "~0"), "/", "~1")
			place, kind = "#/paths/"+key+"/"+strings.ToLower(sc.method)+"/responses/200/content/application~1json/schema", "application/json"
			if res.Header.Get("ETag") == "" || !strings.Contains(res.Header.Get("Cache-Control"), "no-cache") {
				t.Errorf("%s: ETag %q, %q", sc.name, res.Header.Get("ETag"), res.Header.Get("Cache-Control"))
			}
		}
		if got := res.Header.Get("Content-Type"); got != kind {
			t.Errorf("%s: Content-Type %q, want %q", sc.name, got, kind)
		}
		schema, err := compiler.Compile("openapi.json" + place)
		if err != nil {
			t.Fatalf("%s: %v", sc.name, err)
		}
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(res.body))
		if err == nil {
			err = schema.Validate(v)
		}
		if err != nil {
			t.Errorf("%s: %v\n%.600s", sc.name, err, res.body)
		}
	}
}

// descend goes down into a document.
func descend[T any](t *testing.T, v any, keys ...string) T {
	t.Helper()
	for _, k := range keys {
		m, ok := v.(map[string]any)
		if !ok || m[k] == nil {
			t.Fatalf("there is no %s of %v", k, keys)
		}
		v = m[k]
	}
	return v.(T)
}

func (s *site) askJSON(path, kind, body string) answer {
	s.t.Helper()
	return s.ask("", post, path, nil, func(r *http.Request) {
		r.Header.Set("Content-Type", kind)
		r.Body, r.ContentLength = http.NoBody, 0
		q, err := http.NewRequest(post, r.URL.String(), strings.NewReader(body))
		if err != nil {
			s.t.Fatal(err)
		}
		r.Body, r.ContentLength = q.Body, q.ContentLength
	})
}

// unified writes the unified clause of the first row and takes a position on it.
func (s *site) unified() {
	s.t.Helper()
	rows, err := s.reg.Rows(testProject)
	if err != nil || len(rows) == 0 {
		s.t.Fatal(err)
	}
	secretary, _ := s.reg.Member("demo-secretary")
	row, err := s.reg.UnifyRow(secretary, testProject, rows[0].ID, rows[0].Version, "统一", "快件到达末端网点后，应在 24 h 内投递。")
	if err != nil {
		s.t.Fatal(err)
	}
	someone, _ := s.reg.Member("demo-31")
	if _, err := s.reg.TakePosition(someone, testProject, row.ID, "31", registry.Agree, "", row.Unified.Hash); err != nil {
		s.t.Fatal(err)
	}
}

// TestAPIPartsAreWhole: the parts of a list are the list, whatever their size; a
// conditional question is a 304, also when the answer is made once for all.
func TestAPIPartsAreWhole(t *testing.T) {
	s := serve(t, Options{Origins: []string{"https://reads.example"}})
	for _, path := range []string{"/api/v1/standards", "/api/v1/standards/sh-express/clauses", "/api/v1/search?q=%E5%BF%AB%E9%80%92", "/api/v1/projects/express/rows", "/api/v1/compare?text=sh-express&text=js-express"} {
		var got []any
		join := "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		total := 0
		for next := path + join + "limit=2"; next != ""; {
			var part struct {
				Items []any
				Total int
				Next  string
			}
			res := s.ask("", get, next, nil)
			if err := json.Unmarshal([]byte(res.body), &part); err != nil {
				t.Fatalf("%s: %v\n%s", next, err, res.body)
			}
			if link := res.Header.Get("Link"); (part.Next != "") != strings.Contains(link, `rel="next"`) {
				t.Errorf("%s: Link %q, next %q", next, link, part.Next)
			}
			got, total, next = append(got, part.Items...), part.Total, part.Next
		}
		if len(got) != total || total < 2 {
			t.Errorf("%s: %d of %d", path, len(got), total)
		}
		first := s.ask("", get, path, nil)
		again := s.ask("", get, path, nil, func(r *http.Request) { r.Header.Set("If-None-Match", `W/"other", `+first.Header.Get("ETag")) })
		if again.StatusCode != 304 || again.body != "" || again.Header.Get("ETag") != first.Header.Get("ETag") {
			t.Errorf("%s again: %d", path, again.StatusCode)
		}
		plain := s.ask("", get, path, nil, func(r *http.Request) { r.Header.Set("Accept-Encoding", "identity") })
		if plain.Header.Get("ETag") == first.Header.Get("ETag") {
			t.Errorf("%s: compressed and not, one tag", path)
		}
		for origin, want := range map[string]string{"https://reads.example": "https://reads.example", "https://evil.example": ""} {
			if got := s.ask("", get, path, nil, func(r *http.Request) { r.Header.Set("Origin", origin) }).Header.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("%s from %s: allowed %q", path, origin, got)
			}
		}
	}
}

// TestAPIEventsTellNothingPrivate: whoever asks, the log of the API holds only
// what is listed; what is said inside a region and what concerns people is not in
// it, and a member learns no more than names.
func TestAPIEventsTellNothingPrivate(t *testing.T) {
	s := serve(t, Options{})
	who, _ := s.reg.Member("demo-31")
	if _, err := s.reg.AddComment(who, registry.Comment{On: registry.Ref{Standard: "sh-express", Clause: "proxy"}, Scope: "31", Type: registry.Technical, Body: "只在上海说的话"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.reg.Subscribe(who, registry.Subscription{Name: "我的订阅名", Kind: "standard", On: registry.Ref{Standard: "sh-express"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.reg.SetAddress(who, "mine@example.org"); err != nil {
		t.Fatal(err)
	}
	s.startDraftOf("demo-author", "sh-express")
	log, err := s.reg.Events(0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, as := range []string{"", "demo-reader", "demo-31", "demo-32", "demo-secretary", "demo-admin"} {
		for _, r := range apiTable {
			path := strings.NewReplacer(":id", "sh-express", ":rev", "2", ":clause", "proxy", ":project", testProject, ":row", "none").Replace(r.path)
			res := s.ask(as, get, path, nil)
			for _, secret := range []string{"只在上海说的话", "我的订阅名", "mine@example.org", "zhang@example.org", "张三", "取不到件", "demo-31", "$argon2"} {
				if strings.Contains(res.body, secret) {
					t.Errorf("%s to %q tells %q", path, as, secret)
				}
			}
			if res.StatusCode >= 500 {
				t.Errorf("%s to %q: %d", path, as, res.StatusCode)
			}
		}
		var told apiLog
		if err := json.Unmarshal([]byte(s.ask(as, get, "/api/v1/events?limit=500", nil).body), &told); err != nil {
			t.Fatal(err)
		}
		seen := map[uint64]bool{}
		for _, e := range told.Items {
			seen[e.Seq] = true
		}
		for _, e := range log {
			if private := !openVerbs[e.Verb] || !strings.HasPrefix(e.Object, "standards/") && !strings.HasPrefix(e.Object, "projects/"); seen[e.Seq] == private {
				t.Errorf("event %d %s %s: told to %q %v", e.Seq, e.Verb, e.Object, as, seen[e.Seq])
			}
		}
	}
}

// TestPermanentIdentifiers: one address gives a page, JSON or Markdown, also of a
// day; what was taken away is gone and says where its words went.
func TestPermanentIdentifiers(t *testing.T) {
	s := serve(t, Options{})
	as := func(kind string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Accept", kind) }
	}
	at := "/id/standards/sh-express/clauses/complaints"
	if res := s.ask("", get, at, nil, as("application/json")); res.StatusCode != 200 || !strings.Contains(res.body, "5 日内") || res.Header.Get("Content-Location") != "/api/v1/standards/sh-express/clauses/complaints" {
		t.Errorf("JSON: %d %s", res.StatusCode, res.body)
	}
	if res := s.ask("", get, at+"?revision=1", nil, as("text/markdown")); res.StatusCode != 200 || !strings.Contains(res.body, "7 日内") || !strings.Contains(res.Header.Get("Vary"), "Accept") {
		t.Errorf("Markdown: %d %s", res.StatusCode, res.body)
	}
	w := s.startDraftOf("demo-author", "sh-express")
	without := strings.Replace(string(w.Source), "## 投诉 {#complaints}\n\n企业应在 5 日内答复用户投诉。\n", "", 1)
	without = strings.Replace(without, "可由代收点代收。", "可由代收点代收。企业应在 5 日内答复用户投诉。", 1)
	if res := s.submitAs("demo-author", w, without, "并入代收"); res.StatusCode != 303 {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	for kind, want := range map[string]string{"application/json": `"status":410`, "text/html": `href="/standards/sh-express/clauses/complaints"`} {
		res := s.ask("", get, at, nil, as(kind))
		if res.StatusCode != http.StatusGone || !strings.Contains(res.body, want) || !strings.Contains(res.body, "proxy") {
			t.Errorf("%s of what is gone: %d %s", kind, res.StatusCode, bodyText(res.body))
		}
	}
	if res := s.ask("", get, at+"?revision=2", nil, as("application/json")); res.StatusCode != 200 || !strings.Contains(res.body, "5 日内") {
		t.Errorf("its words then: %d", res.StatusCode)
	}
}

// TestLinkedData: what a standard's page says to machines is JSON and ends where
// it should, whatever the title holds.
func TestLinkedData(t *testing.T) {
	s := serve(t, Options{Site: "https://registry.example"})
	admin, _ := s.reg.Member("demo-admin")
	evil := "---\nid: evil\ntitle: '</script><script>alert(1)</script>'\nregion: \"31\"\nconvention: regulation\nkind: regulation\nstatus: in-force\n---\n\n### 第一条 {#a-1}\n\n应。\n"
	if _, err := s.reg.Import(admin, []registry.Incoming{{Path: "evil.md", Source: []byte(evil)}}); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"sh-express": `"dcterms:identifier":["DB31/T 900001—2024"]`, "evil": "schema:Legislation"} {
		page := s.ask("", get, "/standards/"+id, nil).body
		_, data, found := strings.Cut(page, `<script type="application/ld+json">`)
		data, _, _ = strings.Cut(data, "</script>")
		var v map[string]any
		if err := json.Unmarshal([]byte(data), &v); !found || err != nil || v["@id"] != "https://registry.example/id/standards/"+id || !strings.Contains(data, want) {
			t.Errorf("%s: %v %s", id, err, data)
		}
	}
}
