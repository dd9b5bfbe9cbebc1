package web

import (
	"net/url"
	"strings"
	"testing"

	"tongbiao/registry"
)

// suggestionScenarios are the scenarios of suggestions on a site without any.
var suggestionScenarios = []scenario{
	{name: "suggestions", method: get, path: "/standards/sh-express/suggestions", status: 200, shows: []string{"没有未处理的修改建议", "登录后可以提出"}},
	{name: "suggestions of no standard", method: get, path: "/standards/nowhere/suggestions", status: 404},
	{name: "suggest as nobody", method: get, path: "/standards/sh-express/suggestions/new", status: 303, to: "/sign-in?next="},
	{name: "suggest: choose a clause", method: get, path: "/standards/sh-express/suggestions/new", as: "demo-reader", status: 200, shows: []string{"改哪一条", `value="delivery-time"`}, hides: []string{`name="message"`}},
	{name: "suggest: a clause", method: get, path: "/standards/sh-express/suggestions/new?clause=delivery-time", as: "demo-32", status: 200,
		shows: []string{"24 h", `name="base" value="2"`, `name="message"`, "2.1 投递时限"}},
	{name: "suggest: look", method: post, path: "/standards/sh-express/suggestions/new", as: "demo-reader", form: fields("do", "look", "base", "2", "message", "更快", "more", "proxy",
		"clause", "delivery-time", "title", "投递时限", "text", "快件到达末端网点后，应在 12 h 内投递。"),
		status: 200, shows: []string{"<del>24 h", "<ins>12 h", "更快</textarea>", "可由代收点代收"}},
	{name: "suggest", method: post, path: "/standards/sh-express/suggestions/new", as: "demo-reader", form: fields("do", "send", "base", "2", "message", "更快",
		"clause", "delivery-time", "title", "投递时限", "text", "快件到达末端网点后，应在 12 h 内投递。"),
		status: 303, to: "/standards/sh-express/suggestions/1", events: []registry.Verb{registry.Suggest}},
	{name: "suggest nothing", method: post, path: "/standards/sh-express/suggestions/new", as: "demo-reader", form: fields("do", "send", "base", "2", "message", "更快",
		"clause", "delivery-time", "title", "投递时限", "text", "快件到达末端网点后，应在 24 h 内投递。"),
		status: 422, shows: []string{"没有改动", "更快</textarea>"}},
	{name: "suggest without a reason", method: post, path: "/standards/sh-express/suggestions/new", as: "demo-reader", form: fields("do", "send", "base", "2", "message", " ",
		"clause", "delivery-time", "title", "投递时限", "text", "应在 12 h 内投递。"), status: 422, shows: []string{"请写明为什么", "12 h"}},
	{name: "no such suggestion", method: get, path: "/standards/sh-express/suggestions/1", status: 404},
	{name: "decide on no suggestion", method: post, path: "/standards/sh-express/suggestions/1", as: "demo-31", form: fields("do", "decide", "rule-0", "accept"), status: 404},
}

func init() { draftScenarios = append(draftScenarios, suggestionScenarios...) }

// suggested is a site on which a reader suggested changes of two clauses.
func suggested(t *testing.T) *site {
	t.Helper()
	s := serve(t, Options{})
	res := s.ask("demo-reader", post, "/standards/sh-express/suggestions/new", fields("do", "send", "base", "2", "message", "更快更省",
		"clause", "delivery-time", "title", "投递时限", "text", "快件到达末端网点后，应在 12 h 内投递。",
		"clause", "proxy", "title", "代收", "text", "经用户书面同意，可由代收点代收。"))
	if res.StatusCode != 303 {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	return s
}

// visit asks for a suggestion's page and fails unless it shows and hides words.
func visit(t *testing.T, s *site, as, method string, form url.Values, status int, shows, hides []string) {
	t.Helper()
	res := s.ask(as, method, "/standards/sh-express/suggestions/1", form)
	if res.StatusCode != status {
		t.Fatalf("%d, want %d\n%s", res.StatusCode, status, bodyText(res.body))
	}
	for _, w := range shows {
		if !strings.Contains(res.body, w) {
			t.Errorf("does not show %q\n%s", w, bodyText(res.body))
		}
	}
	for _, w := range hides {
		if strings.Contains(res.body, w) {
			t.Errorf("shows %q", w)
		}
	}
	checkHeaders(t, res)
	checkPage(t, res)
}

func TestSuggestionPage(t *testing.T) {
	s := suggested(t)
	visit(t, s, "", get, nil, 200, []string{"更快更省", "<del>24 h", "<ins>12 h", "<ins>书面</ins>"}, []string{"处理这一条", "撤回我的建议"})
	visit(t, s, "demo-reader", get, nil, 200, []string{"撤回我的建议"}, []string{"处理这一条"})
	visit(t, s, "demo-32", get, nil, 200, nil, []string{"处理这一条", "撤回我的建议"})
	visit(t, s, "demo-31", get, nil, 200, []string{"处理这一条", `name="rule-1" value="reject"`}, []string{"撤回我的建议"})
	if res := s.ask("demo-32", post, "/standards/sh-express/suggestions/1", fields("version", "1", "rule-0", "accept")); res.StatusCode != 403 {
		t.Errorf("another region decides: %d", res.StatusCode)
	}
	visit(t, s, "demo-31", post, fields("version", "1", "rule-0", "accept", "rule-1", "reject", "reason-0", "好建议"), 422, []string{"不采纳请写明理由", "好建议"}, nil)
	visit(t, s, "demo-31", post, fields("version", "9", "rule-0", "accept"), 409, []string{"刚刚有人处理过"}, nil)
	before := s.lastEvent()
	res := s.ask("demo-31", post, "/standards/sh-express/suggestions/1", fields("version", "1", "do", "decide",
		"rule-0", "accept", "title-0", "投递时限", "text-0", "快件到达末端网点后，应在 12 h 内投递。", "rule-1", "reject", "reason-1", "手续过繁"))
	if res.StatusCode != 303 {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	if got := s.eventsSince(before); len(got) != 2 || got[0] != registry.SubmitRevision || got[1] != registry.DecideSuggested {
		t.Errorf("events %v", got)
	}
	visit(t, s, "", get, nil, 200, []string{"已采纳", "未采纳", "手续过繁", "/standards/sh-express/3#delivery-time"}, nil)
	v, err := s.reg.Revision("sh-express", 3)
	if err != nil || len(v.Parts) != 1 || v.Parts[0].Author != "demo-reader" {
		t.Errorf("revision %+v; %v", v, err)
	}
	if page := s.ask("", get, "/standards/sh-express/suggestions?all=1", nil); !strings.Contains(page.body, "建议 1") || !strings.Contains(page.body, "已采纳") {
		t.Errorf("the list does not show it\n%s", bodyText(page.body))
	}
}

func TestSuggestionMeetsAChange(t *testing.T) {
	s := suggested(t)
	_, _, err := s.reg.Submit(registry.System, registry.Submission{Standard: "sh-express", Base: 2, Source: []byte(changedText("36 h")), Message: "放宽"})
	if err != nil {
		t.Fatal(err)
	}
	visit(t, s, "demo-31", get, nil, 200, []string{"后来改过同样的字句", "<ins>36 h", "details open"}, nil)
	res := s.ask("demo-31", post, "/standards/sh-express/suggestions/1", fields("version", "1",
		"rule-0", "accept", "title-0", "投递时限", "text-0", "快件到达末端网点后，应在 18 h 内投递。"))
	if res.StatusCode != 303 {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	if res := s.ask("", get, "/standards/sh-express", nil); !strings.Contains(res.body, "18 h") {
		t.Errorf("the text does not say it\n%s", bodyText(res.body))
	}
	res = s.ask("demo-reader", post, "/standards/sh-express/suggestions/1", fields("version", "2", "do", "withdraw"))
	if res.StatusCode != 303 {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	visit(t, s, "", get, nil, 200, []string{"已撤回", "已采纳"}, nil)
}
