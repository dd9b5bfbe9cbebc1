package web

import "tongbiao/registry"

// noticeScenarios are the scenarios of a member's own notices. What needs several
// requests stands in notices_test.go.
var noticeScenarios = []scenario{
	{name: "inbox", method: get, path: "/inbox", as: "demo-31", status: 200, shows: []string{"等您处理", "通知"}},
	{name: "inbox in English", method: get, path: "/inbox?lang=en", as: "demo-31", status: 200, shows: []string{"Waiting for you"}},
	{name: "inbox as nobody", method: get, path: "/inbox", status: 303, to: "/sign-in?next=%2Finbox"},
	{name: "mark as read", method: post, path: "/inbox", as: "demo-31", form: fields("up_to", "1"), status: 303, to: "/inbox"},
	{name: "mark as read up to nothing", method: post, path: "/inbox", as: "demo-31", form: fields("up_to", "?"), status: 400},
	{name: "set an address", method: post, path: "/account/address", as: "demo-31", form: fields("address", "someone@example.org"), status: 303, to: "/account", events: []registry.Verb{registry.SetAddress}},
	{name: "set an address that is none", method: post, path: "/account/address", as: "demo-31", form: fields("address", "\"><b>@"), status: 422, shows: []string{"不是一个邮箱地址", "&#34;&gt;&lt;b&gt;@"}},
	{name: "confirm an address", method: get, path: "/account/address?token=abc", as: "demo-31", status: 200, shows: []string{`value="abc"`, "确认这是我的邮箱"}},
	{name: "confirm with a wrong token", method: post, path: "/account/address/confirm", as: "demo-31", form: fields("token", "abc"), status: 422, shows: []string{"不对或已过期"}},
	{name: "a feed's address", method: post, path: "/account/feed", as: "demo-31", form: fields(), status: 200, shows: []string{"/feeds/", "只显示这一次"}, events: []registry.Verb{registry.OpenFeed}},
	{name: "a feed that is none", method: get, path: "/feeds/abc", status: 404},
}
