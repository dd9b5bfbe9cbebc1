package web

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"tongbiao/registry"
	"tongbiao/registry/search"
)

// TestSubscriptionTellsTheDifference: what changed in a clause stands, word for
// word, on the page, in the feed, in a letter and in what robots are sent.
func TestSubscriptionTellsTheDifference(t *testing.T) {
	s := serve(t, Options{Site: "https://tongbiao.example.org"})
	res := s.ask("demo-reader", post, "/watch", fields("kind", "clause", "on", "sh-express#delivery-time"))
	token := regexp.MustCompile(`/feeds/watch/[\w-]+`).FindString(res.body)
	if res.StatusCode != 200 || token == "" {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	_, _, err := s.reg.Submit(registry.System, registry.Submission{Standard: "sh-express", Base: 2, Source: []byte(changedText("12 h")), Message: "收紧"})
	if err != nil {
		t.Fatal(err)
	}
	herald := s.reg.Herald((&search.Standing{}).Match)
	if err := herald.CatchUp(); err != nil {
		t.Fatal(err)
	}
	m, err := s.reg.Member("demo-reader")
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.reg.Subscriptions(m, 10)
	if err != nil || len(list) != 1 || len(list[0].News) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	if body := s.ask("demo-reader", get, "/watch/"+list[0].ID, nil).body; !strings.Contains(body, "<del>24 h 内</del><ins>12 h 内</ins>") {
		t.Errorf("the page says\n%s", bodyText(body))
	}
	if body := s.ask("", get, token, nil).body; !strings.Contains(body, "&lt;del&gt;24 h 内&lt;/del&gt;&lt;ins&gt;12 h 内&lt;/ins&gt;") {
		t.Errorf("the feed says\n%s", body)
	}
	_, text := s.web.Letter(registry.Letter{Member: m, Digest: []registry.Digested{{Subscription: list[0].Subscription, News: list[0].News}}})
	if !strings.Contains(text, "【-24 h 内】【+12 h 内】") || !strings.Contains(text, "https://tongbiao.example.org/standards/sh-express/compare?a=2&b=3") {
		t.Errorf("the letter says\n%s", text)
	}
	for _, form := range registry.HookForms {
		sub := list[0].Subscription
		sub.Hook.Form = form
		for _, n := range []*registry.News{nil, &list[0].News[0]} {
			raw, err := s.web.Hooked(registry.Push{Subscription: sub, News: n})
			if err != nil || !json.Valid(raw) || n != nil && (!strings.Contains(string(raw), "24 h") || !strings.Contains(string(raw), "12 h")) {
				t.Errorf("%s: %v\n%s", form, err, raw)
			}
		}
	}
	if got := s.ask("demo-31", get, "/watch/"+list[0].ID, nil).StatusCode; got != 404 {
		t.Errorf("another member reads it: %d", got)
	}
}
