package web

import "tongbiao/registry"

// enterpriseScenarios are the scenarios of what enterprises ask.
var enterpriseScenarios = []scenario{
	{name: "inquiry", method: get, path: "/check", status: 200, shows: []string{"查新", `name="numbers"`, `type="file"`}},
	{name: "inquiry by address", method: get, path: "/check?numbers=db31t900001-2024", status: 200, shows: []string{"DB31/T 900001—2024", "上海快递服务规范", "/standards/sh-express", "现行"}},
	{name: "inquiry of another year", method: post, path: "/check", form: fields("numbers", "DB31/T 900001-2019"), status: 200, shows: []string{"DB31/T 900001—2019", "DB31/T 900001—2024"}},
	{name: "inquiry of what is not held", method: post, path: "/check", form: fields("numbers", "GB/T 999999-2020"), status: 200, shows: []string{"本库没有收录"}, hides: []string{"/standards/sh-express\""}},
	{name: "inquiry of no number", method: post, path: "/check", form: fields("numbers", "<b>快递</b>"), status: 200, shows: []string{"没有认出标准号", "&lt;b&gt;快递"}},
	{name: "inquiry of a title", method: post, path: "/check", form: fields("numbers", "《江苏快递管理规定》"), status: 200, shows: []string{"/standards/js-express"}},
	{name: "inquiry by upload", method: post, path: "/check", form: fields("file", "@list.csv:序号,标准号,名称\n1,ＤＢ３１／Ｔ９００００１－２０２４,规范\n"), status: 200, shows: []string{"DB31/T 900001—2024", "现行"}},
	{name: "inquiry by a file that is none", method: post, path: "/check", form: fields("file", "@list.pdf:%PDF-1.7"), status: 422, shows: []string{"PDF 里的表格读不出来"}},
	{name: "inquiry of nothing", method: post, path: "/check", form: fields("numbers", " "), status: 422, shows: []string{"请贴入或上传标准号"}},
	{name: "inquiry on no day", method: get, path: "/check?numbers=GB1&on=nie", status: 422, shows: []string{"不是日期"}},
	{name: "inquiry as a workbook", method: post, path: "/check", form: fields("numbers", "DB31/T 900001", "as", "xlsx"), status: 200},
	{name: "applicable", method: get, path: "/applicable", status: 200, shows: []string{"适用条款", `name="region"`, `name="do"`}, hides: []string{"为什么列入</summary>"}},
	{name: "applicable to deliveries in Shanghai", method: get, path: "/applicable?region=31&do=deliver", status: 200,
		shows: []string{"/standards/sh-express/2#delivery-time", "为什么列入"}, hides: []string{"江苏快递管理规定", "与我无关"}},
	{name: "applicable before it was in force", method: get, path: "/applicable?region=31&on=2020-01-01", status: 200, shows: []string{"没有符合的条款"}},
	{name: "applicable to what is not offered", method: get, path: "/applicable?do=nothing", status: 422, shows: []string{"不认识的选项"}},
	{name: "a clause is not ours", method: post, path: "/applicable/rule", as: "demo-reader", form: fields("clause", "sh-express#delivery-time", "say", "own", "reason", "没有末端网点", "profile", "region=31"), status: 303, to: "/applicable?region=31", events: []registry.Verb{registry.RuleOut}},
	{name: "a clause does not apply", method: post, path: "/applicable/rule", as: "demo-author", form: fields("clause", "sh-express#delivery-time", "say", "not", "activity", "deliver", "reason", "不是投递"), status: 303, to: "/applicable?", events: []registry.Verb{registry.RuleActivity}},
	{name: "a clause of another region", method: post, path: "/applicable/rule", as: "demo-32", form: fields("clause", "sh-express#delivery-time", "say", "not", "activity", "deliver", "reason", "不是"), status: 403},
	{name: "a ruling without a reason", method: post, path: "/applicable/rule", as: "demo-reader", form: fields("clause", "sh-express#delivery-time", "say", "own"), status: 422, shows: []string{"请写明理由"}},
	{name: "a ruling by nobody", method: post, path: "/applicable/rule", form: fields("clause", "sh-express#delivery-time", "say", "own", "reason", "x"), status: 403, shows: []string{"登录已经失效"}},

	{name: "applicable to a member", method: get, path: "/applicable?region=31&do=deliver", as: "demo-reader", status: 200, shows: []string{`action="/checklists"`, `value="do=deliver&amp;region=31"`, "/watch?kind=profile&amp;query=do%3ddeliver%26region%3d31"}},
	{name: "subscribe to a profile", method: post, path: "/watch", as: "demo-reader", form: fields("kind", "profile", "query", "region=31&do=deliver&on=2024-01-01"), status: 200, shows: []string{"/feeds/watch/", "/applicable?do=deliver&amp;region=31"}, events: []registry.Verb{registry.Subscribe}},
	{name: "subscribe to a profile that is not offered", method: post, path: "/watch", as: "demo-reader", form: fields("kind", "profile", "query", "region=31&do=fly"), status: 422, shows: []string{"不认识的选项"}},

	// Checklists. What needs one that is there stands in checklist_test.go.
	{name: "checklists", method: get, path: "/checklists", as: "demo-reader", status: 200, shows: []string{"还没有清单", "/applicable"}},
	{name: "checklists as nobody", method: get, path: "/checklists", status: 303, to: "/sign-in?next=%2Fchecklists"},
	{name: "make a checklist", method: post, path: "/checklists", as: "demo-reader", form: fields("title", "上海投递", "profile", "region=31&do=deliver"), status: 303, to: "/checklists/k", events: []registry.Verb{registry.MakeChecklist}},
	{name: "make a checklist without a name", method: post, path: "/checklists", as: "demo-reader", form: fields("title", " ", "profile", "region=31"), status: 422, shows: []string{"请给清单起个名字", `value="region=31"`}},
	{name: "make a checklist of nothing", method: post, path: "/checklists", as: "demo-reader", form: fields("title", "<b>空", "profile", "region=34&do=border"), status: 422, shows: []string{"符合的条款有 0 条", "&lt;b&gt;空"}},
	{name: "make a checklist as nobody", method: post, path: "/checklists", form: fields("title", "x"), status: 403, shows: []string{"登录已经失效"}},
	{name: "a checklist that is none", method: get, path: "/checklists/k0", as: "demo-reader", status: 404},
	{name: "keep a checklist that is none", method: post, path: "/checklists/k0", as: "demo-reader", form: fields("version", "1"), status: 404},
	{name: "follow a checklist that is none", method: post, path: "/checklists/k0/follow", as: "demo-reader", form: fields("version", "1"), status: 404},
	{name: "drop a checklist that is none", method: post, path: "/checklists/k0/drop", as: "demo-reader", form: fields(), status: 404},
	{name: "print a checklist that is none", method: get, path: "/checklists/k0/print", as: "demo-reader", status: 404},
	{name: "a workbook of a checklist that is none", method: get, path: "/checklists/k0/checklist.xlsx", as: "demo-reader", status: 404},
	{name: "a declaration of a checklist that is none", method: get, path: "/checklists/k0/declaration", as: "demo-reader", status: 404},
	{name: "a declaration's workbook of a checklist that is none", method: get, path: "/checklists/k0/declaration.xlsx", as: "demo-reader", status: 404},
}
