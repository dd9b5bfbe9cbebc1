package web

import "tongbiao/registry"

// watchScenarios are the scenarios of a member's subscriptions. What needs
// several requests stands in watch_test.go.
var watchScenarios = []scenario{
	{name: "subscriptions", method: get, path: "/watch", as: "demo-31", status: 200, shows: []string{"还没有订阅", "新的订阅"}},
	{name: "subscriptions in English", method: get, path: "/watch?lang=en", as: "demo-31", status: 200, shows: []string{"New subscription"}},
	{name: "subscriptions as nobody", method: get, path: "/watch", status: 303, to: "/sign-in?next=%2Fwatch"},
	{name: "subscribe from a clause", method: get, path: "/watch?kind=clause&on=sh-express%23delivery-time", as: "demo-31", status: 200,
		shows: []string{`name="on" value="sh-express#delivery-time"`, `name="kind" value="clause"`, "上海快递服务规范 delivery-time"}},
	{name: "subscribe from a search", method: get, path: "/watch?kind=search&query=%2Fsearch%3Fq%3D%E6%8A%95%E9%80%92%26region%3D31%26activity%3Ddeliver", as: "demo-31", status: 200, shows: []string{"投递 · 上海市 · 投递", `name="kind" value="search"`}},
	{name: "subscribe from a profile", method: get, path: "/watch?kind=profile&query=region%3D31%26do%3Ddeliver", as: "demo-31", status: 200, shows: []string{`href="/applicable?region=31&amp;do=deliver"`, `name="query" value="region=31&amp;do=deliver"`}},
	{name: "subscribe", method: post, path: "/watch", as: "demo-reader", form: fields("kind", "clause", "on", "sh-express#delivery-time", "digest", "daily", "url", "https://example.org/key", "form", "json"),
		status: 200, shows: []string{"/feeds/watch/", "签名密钥", "只显示这一次", "投递时限", "example.org"}, hides: []string{"example.org/key"}, events: []registry.Verb{registry.Subscribe}},
	{name: "subscribe to a search", method: post, path: "/watch", as: "demo-reader", form: fields("kind", "search", "query", "q=投递&region=31"),
		status: 200, shows: []string{"/feeds/watch/", "/search?q="}, events: []registry.Verb{registry.Subscribe}},
	{name: "subscribe to nothing", method: post, path: "/watch", as: "demo-reader", form: fields("kind", "standard", "on", "\"><b>"), status: 422, shows: []string{"不是有效的位置", "&#34;&gt;&lt;b&gt;"}},
	{name: "subscribe with an address that is none", method: post, path: "/watch", as: "demo-reader", form: fields("kind", "standard", "on", "sh-express", "url", "ftp://x", "form", "json"), status: 422, shows: []string{"不是可以调用的网址", `value="ftp://x"`}},
	{name: "a subscription that is none", method: get, path: "/watch/w0", as: "demo-reader", status: 404},
	{name: "end a subscription that is none", method: post, path: "/watch/w0/end", as: "demo-reader", form: fields(), status: 404},
	{name: "test a subscription that is none", method: post, path: "/watch/w0/test", as: "demo-reader", form: fields(), status: 404},
	{name: "another feed of one that is none", method: post, path: "/watch/w0/feed", as: "demo-reader", form: fields(), status: 404},
	{name: "a subscription's feed that is none", method: get, path: "/feeds/watch/abc", status: 404},
}
