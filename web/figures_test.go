package web

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"tongbiao/registry"
)

func init() {
	draftScenarios = append(draftScenarios,
		scenario{name: "no such figure", method: get, path: "/figures/0123456789abcdef.png", status: 404},
		scenario{name: "a figure of another kind", method: get, path: "/figures/index.html", status: 404},
		scenario{name: "figures of a text that is not being drafted", method: get, path: "/drafts/sh-express/figures", as: "demo-31", status: 404},
		scenario{name: "figures as nobody", method: get, path: "/drafts/sh-express/figures", status: 303, to: "/sign-in?next="},
		scenario{name: "a figure as a reader", method: post, path: "/drafts/sh-express/figures", as: "demo-reader", form: fields("file", "@a.svg:<svg/>"), status: 403},
	)
}

// figureSite is a site on which 沪 drafts.
func figureSite(t *testing.T) *site {
	t.Helper()
	s := serve(t, Options{})
	m, err := s.reg.Member("demo-31")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.reg.StartWorking(m, "sh-express", 0); err != nil {
		t.Fatal(err)
	}
	return s
}

func asScript(r *http.Request) { r.Header.Set("Accept", "application/json") }

func TestFigureSentByScript(t *testing.T) {
	s := figureSite(t)
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	before := s.lastEvent()
	res := s.ask("demo-31", post, "/drafts/sh-express/figures", fields("file", "@流程.png:"+file.String()), asScript)
	var said struct{ Path, Markdown, Reason string }
	if err := json.Unmarshal([]byte(res.body), &said); err != nil || res.StatusCode != 200 {
		t.Fatalf("%d %s: %v", res.StatusCode, res.body, err)
	}
	if !strings.HasPrefix(said.Path, "figures/") || !strings.Contains(said.Markdown, "![图：流程]("+said.Path+")") {
		t.Errorf("%+v", said)
	}
	if got := s.eventsSince(before); len(got) != 1 || got[0] != registry.PutFigure {
		t.Errorf("events %v", got)
	}
	res = s.ask("", get, "/"+said.Path, nil)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/png" || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") ||
		res.Header.Get("Content-Security-Policy") != figurePolicy || res.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	if _, err := png.Decode(strings.NewReader(res.body)); err != nil {
		t.Error(err)
	}
	etag := res.Header.Get("ETag")
	if res := s.ask("", get, "/"+said.Path, nil, func(r *http.Request) { r.Header.Set("If-None-Match", etag) }); res.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %d", res.StatusCode)
	}
	res = s.ask("demo-31", post, "/drafts/sh-express/figures", fields("file", "@a.png:not a picture"), asScript)
	if err := json.Unmarshal([]byte(res.body), &said); err != nil || res.StatusCode != 422 || !strings.Contains(said.Reason, "图读不出来") {
		t.Errorf("%d %s", res.StatusCode, res.body)
	}
}

func TestFigureSentByForm(t *testing.T) {
	s := figureSite(t)
	res := s.ask("demo-31", post, "/drafts/sh-express/figures", fields("file", `@箱.svg:<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><path d="M0 0"/></svg>`))
	if res.StatusCode != 303 || !strings.HasPrefix(res.Header.Get("Location"), "/drafts/sh-express/figures#f-") {
		t.Fatalf("%d to %s\n%s", res.StatusCode, res.Header.Get("Location"), bodyText(res.body))
	}
	page := s.ask("demo-31", get, "/drafts/sh-express/figures", nil)
	checkHeaders(t, page)
	checkPage(t, page)
	for _, want := range []string{"箱.svg", "已去掉：script", "![图：箱](figures/", `<img src="/figures/`} {
		if !strings.Contains(page.body, want) {
			t.Errorf("does not show %q\n%s", want, bodyText(page.body))
		}
	}
	_, rest, _ := strings.Cut(page.body, `<img src="`)
	src, _, _ := strings.Cut(rest, `"`)
	if res := s.ask("", get, src, nil); res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/svg+xml" || strings.Contains(res.body, "script") {
		t.Errorf("%d %s", res.StatusCode, res.body)
	}
	res = s.ask("demo-31", post, "/drafts/sh-express/figures", fields("file", "@a.txt:甲"))
	if res.StatusCode != 422 || !strings.Contains(res.body, "图读不出来") {
		t.Errorf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
}
