package web

import "tongbiao/registry"

// historyScenarios are the scenarios of what became of a text.
var historyScenarios = []scenario{
	{name: "history says what changed", method: get, path: "/standards/sh-express/history", status: 200,
		shows: []string{"修改 <b>1</b>", "7 日", "5 日", "/compare?a=1&amp;b=2"}, hides: []string{"恢复这一版"}},
	{name: "history to a drafter", method: get, path: "/standards/sh-express/history", as: "demo-author", status: 200, shows: []string{"/standards/sh-express/1/restore"}},
	{name: "history of nothing", method: get, path: "/standards/nowhere/history", status: 404},
	{name: "compare a pair", method: get, path: "/standards/sh-express/compare/1...2", status: 302, to: "/standards/sh-express/compare?a=1&b=2"},
	{name: "compare what is no pair", method: get, path: "/standards/sh-express/compare/12", status: 404},
	{name: "compare the front matter", method: get, path: "/compare?a=js-express&b=sh-express", status: 200,
		shows: []string{"前页信息的变化", "<ins>DB31/T 900001—2024</ins>", "新旧对调"}, hides: []string{"/clauses/"}},
	{name: "compare leads to the clause", method: get, path: "/standards/sh-express/compare?a=1&b=2", status: 200, shows: []string{"/standards/sh-express/clauses/complaints"}},
	{name: "clause through time", method: get, path: "/standards/sh-express/clauses/complaints", status: 200,
		shows: []string{"3 投诉 · 历次变化", "<del>7 日内</del>", "<ins>5 日内</ins>", "投诉答复改为 5 日", "第 1 版"}, hides: []string{"起草修订"}},
	{name: "clause through time with a comment", method: get, path: "/standards/sh-express/clauses/delivery-time", as: "demo-author", status: 200,
		shows: []string{"时限从何时起算？", "起草修订", "新增"}, hides: []string{"第 2 版"}},
	{name: "no such clause", method: get, path: "/standards/sh-express/clauses/nowhere", status: 404},
	{name: "blame", method: get, path: "/standards/sh-express/blame", status: 200,
		shows: []string{"企业应在 5 日内答复用户投诉。", "改写", "投诉答复改为 5 日", "<del lang=\"zh-CN\">企业应在 7 日内答复用户投诉。</del>", "写入"}},
	{name: "blame of an older text", method: get, path: "/standards/sh-express/1/blame", status: 200, shows: []string{"7 日内"}, hides: []string{"改写"}},
	{name: "blame of a revision that is not there", method: get, path: "/standards/sh-express/9/blame", status: 404},
	{name: "restore: what it would change", method: get, path: "/standards/sh-express/1/restore", as: "demo-author", status: 200,
		shows: []string{"恢复第 1 版", `name="base" value="2"`, "<del>5", "<ins>7"}},
	{name: "restore: as a reader", method: get, path: "/standards/sh-express/1/restore", as: "demo-reader", status: 403},
	{name: "restore", method: post, path: "/standards/sh-express/1/restore", as: "demo-author",
		form: fields("base", "2", "message", "5 日做不到"), status: 303, to: "/standards/sh-express/3", events: []registry.Verb{registry.SubmitRevision}},
	{name: "restore without a reason", method: post, path: "/standards/sh-express/1/restore", as: "demo-author",
		form: fields("base", "2", "message", " "), status: 422, shows: []string{"请写明为什么恢复"}},
	{name: "restore what has moved on", method: post, path: "/standards/sh-express/1/restore", as: "demo-author",
		form: fields("base", "1", "message", "5 日做不到"), status: 409, shows: []string{"5 日做不到", `name="base" value="2"`}},
	{name: "restore as another region", method: post, path: "/standards/sh-express/1/restore", as: "demo-32",
		form: fields("base", "2", "message", "越界"), status: 422, shows: []string{"只能对本地区", "越界"}},
	{name: "restore what is there", method: post, path: "/standards/sh-express/2/restore", as: "demo-author",
		form: fields("base", "2", "message", "同样"), status: 422, shows: []string{"无须恢复"}},
}
