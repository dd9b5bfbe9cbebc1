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
}
