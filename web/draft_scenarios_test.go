package web

import (
	"strconv"
	"strings"

	"tongbiao/editor/check"
	"tongbiao/registry"
)

// draftFields fill the places of the scenarios of drafting: {draft} is a standard
// of which whoever asks has a working copy, {version} the save that it stands at.
func (s *site) draftFields(sc scenario) []string {
	if strings.Contains(sc.path, "{waiver}") {
		m, err := s.reg.Member("demo-31")
		if err != nil {
			s.t.Fatal(err)
		}
		id, err := s.reg.WaiveFinding(m, "sh-express", check.Waiver{Rule: "STR-02", Reason: "样例"})
		if err != nil {
			s.t.Fatal(err)
		}
		return []string{"{waiver}", id}
	}
	if !strings.Contains(sc.path, "{draft}") || sc.as == "" {
		return []string{"{draft}", "sh-express"}
	}
	m, err := s.reg.Member(sc.as)
	if err != nil {
		s.t.Fatal(err)
	}
	w, err := s.reg.StartWorking(m, "sh-express", 0)
	if registry.Refused(err, registry.Forbidden) {
		return []string{"{draft}", "sh-express"}
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return []string{"{draft}", w.Standard, "{draftversion}", strconv.FormatUint(w.Version, 10)}
}

// draftScenarios are the scenarios of drafting. What a script asks stands in
// drafts_test.go.
var draftScenarios = []scenario{
	{name: "drafts", method: get, path: "/drafts", as: "demo-author", status: 200, shows: []string{"您还没有工作稿", "上海快递服务规范", `name="standard" value="sh-express"`, "/drafts/new"}, hides: []string{"江苏快递管理规定"}},
	{name: "drafts: find", method: get, path: "/drafts?q=投递", as: "demo-author", status: 200, shows: []string{"没有符合的标准"}},
	{name: "drafts with a copy", method: get, path: "/drafts?of={draft}", as: "demo-author", status: 200, shows: []string{`href="/drafts/sh-express"`, "第 2 版", "放弃这份工作稿"}, hides: []string{"您还没有工作稿"}},
	{name: "drafts as a reader", method: get, path: "/drafts", as: "demo-reader", status: 403},
	{name: "drafts as nobody", method: get, path: "/drafts", status: 303, to: "/sign-in?next=%2Fdrafts"},
	{name: "start a draft", method: post, path: "/drafts", as: "demo-author", form: fields("standard", "sh-express"), status: 303, to: "/drafts/sh-express", events: []registry.Verb{registry.OpenWorking}},
	{name: "start a draft of another region", method: post, path: "/drafts", as: "demo-32", form: fields("standard", "sh-express"), status: 403},
	{name: "start a draft of nothing", method: post, path: "/drafts", as: "demo-author", form: fields("standard", "nowhere"), status: 404},

	{name: "a draft that is not begun", method: get, path: "/drafts/sh-express", as: "demo-author", status: 200, shows: []string{"开始起草", `name="standard" value="sh-express"`}, hides: []string{"textarea"}},
	{name: "a draft from an older text", method: get, path: "/drafts/sh-express?from=1", as: "demo-author", status: 200, shows: []string{`name="from" value="1"`, "第 1 版"}},
	{name: "a draft of another region", method: get, path: "/drafts/sh-express", as: "demo-32", status: 403},
	{name: "a draft of nothing", method: get, path: "/drafts/nowhere", as: "demo-author", status: 404},
	{name: "draft", method: get, path: "/drafts/{draft}", as: "demo-author", status: 200,
		shows: []string{`name="base" value="2"`, `name="version" value="{draftversion}"`, "{#delivery-time}", "提交修订", "以第 2 版为底", "editor.", `data-nonce="`}},
	{name: "working copy as DOCX", method: get, path: "/drafts/{draft}/text.docx", as: "demo-author", status: 200, shows: []string{"word/document.xml"}},
	{name: "working copy of somebody else as DOCX", method: get, path: "/drafts/sh-express/text.docx", as: "demo-author", status: 404},
	{name: "text as DOCX", method: get, path: "/standards/sh-express/1/text.docx", status: 200, shows: []string{"word/document.xml"}},
	{name: "no such text as DOCX", method: get, path: "/standards/sh-express/99/text.docx", status: 404},
	{name: "draft as a reader", method: get, path: "/drafts/{draft}", as: "demo-reader", status: 403, shows: []string{"您的角色不能这样做"}},
	{name: "draft as nobody", method: get, path: "/drafts/{draft}", status: 303, to: "/sign-in?next=%2Fdrafts%2Fsh-express"},
	{name: "save", method: post, path: "/drafts/{draft}", as: "demo-author", form: fields("do", "save", "version", "{draftversion}", "source", changedText("36 h")), status: 303, to: "/drafts/sh-express"},
	{name: "save what cannot be read", method: post, path: "/drafts/{draft}", as: "demo-author", form: fields("do", "save", "version", "{draftversion}", "source", "---\ntitle: [\n---\n我的正文"), status: 303, to: "/drafts/sh-express"},
	{name: "save on another window's save", method: post, path: "/drafts/{draft}", as: "demo-author", form: fields("do", "save", "version", "1", "source", changedText("36 h")), status: 409,
		shows: []string{"在另一个窗口", "36 h", "应在 24 h 内投递", `name="version" value="{draftversion}"`}},
	{name: "look", method: post, path: "/drafts/{draft}", as: "demo-author", form: fields("do", "look", "version", "{draftversion}", "source", changedText("36 h"), "message", "放宽"), status: 200,
		shows: []string{"应在 36 h 内投递。</p>", `value="放宽"`, "处需要看一看"}},
	{name: "look at what cannot be read", method: post, path: "/drafts/{draft}", as: "demo-author", form: fields("do", "look", "version", "{draftversion}", "source", "---\ntitle: [\n---\n我的正文"), status: 422, shows: []string{"正文第", "我的正文"}},
	{name: "submit", method: post, path: "/drafts/{draft}", as: "demo-author", form: fields("do", "submit", "version", "{draftversion}", "source", changedText("12 h"), "message", "收紧"), status: 303, to: "/standards/sh-express/3", events: []registry.Verb{registry.SubmitRevision}},
	{name: "submit with the line ends of a browser", method: post, path: "/drafts/{draft}", as: "demo-author",
		form:   fields("do", "submit", "version", "{draftversion}", "source", strings.ReplaceAll(strings.Replace(shanghaiText, "7 日内", "5 日内", 1), "\n", "\r\n"), "message", "没有改"),
		status: 303, to: "/standards/sh-express/2", events: []registry.Verb{registry.DropWorking}},
	{name: "submit without a message", method: post, path: "/drafts/{draft}", as: "demo-author", form: fields("do", "submit", "version", "{draftversion}", "source", changedText("12 h")), status: 422, shows: []string{"请写明改了什么", "12 h"}},
	{name: "submit with the marks of a merge", method: post, path: "/drafts/{draft}", as: "demo-author",
		form:   fields("do", "submit", "version", "{draftversion}", "source", shanghaiText+"\n<<<<<<< 您的\n\n甲\n\n=======\n\n乙\n\n>>>>>>> 第 2 版\n", "message", "合并"),
		status: 422, shows: []string{"还有合并的标记", `data-line="39"`}},
	{name: "discard", method: post, path: "/drafts/{draft}", as: "demo-author", form: fields("do", "drop"), status: 303, to: "/drafts", events: []registry.Verb{registry.DropWorking}},
	{name: "session over while drafting", method: post, path: "/drafts/{draft}", form: fields("do", "submit", "version", "9", "source", "我写了一天", "message", "收紧"), status: 403,
		shows: []string{"登录已经失效", `action="/drafts/sh-express"`, `name="source" value="我写了一天"`}},

	{name: "a script's copy", method: get, path: "/drafts/{draft}/copy", as: "demo-author", status: 200, shows: []string{`"version":{draftversion}`, `"base":2`, "delivery-time"}},
	{name: "a script's copy of nothing", method: get, path: "/drafts/nowhere/copy", as: "demo-author", status: 404},
	{name: "a script's save that is a form", method: post, path: "/drafts/{draft}/save", as: "demo-author", form: fields("source", "x"), status: 422, shows: []string{"请求读不懂"}},
	{name: "a script's look that is a form", method: post, path: "/drafts/{draft}/look", as: "demo-author", form: fields("source", "x"), status: 422, shows: []string{"请求读不懂"}},
	{name: "a script's submit that is a form", method: post, path: "/drafts/{draft}/submit", as: "demo-author", form: fields("message", "x"), status: 422, shows: []string{"请求读不懂"}},
	{name: "a script's settle that is a form", method: post, path: "/drafts/{draft}/settle", as: "demo-author", form: fields("message", "x"), status: 422, shows: []string{"请求读不懂"}},
	{name: "a script's waiver that is a form", method: post, path: "/drafts/{draft}/waive", as: "demo-31", form: fields("reason", "x"), status: 422, shows: []string{"请求读不懂"}},
	{name: "numbers that the registry holds", method: get, path: "/drafts/{draft}/numbers?q=db31/t9000", as: "demo-author", status: 200, shows: []string{"DB31/T 900001—2024", "上海快递服务规范", "现行"}},
	{name: "drafters", method: get, path: "/drafts/{draft}/live", as: "demo-author", status: 200, shows: []string{"event: hello", `"stream":"s`}},
	{name: "drafters of nothing", method: get, path: "/drafts/nowhere/live", as: "demo-author", status: 404},
	{name: "here on a page that is gone", method: post, path: "/drafts/{draft}/live", as: "demo-author", form: fields("stream", "s1", "clause", "delivery"), status: 410},

	{name: "new standard", method: get, path: "/drafts/new", as: "demo-31", status: 200, shows: []string{"新建标准", `value="31" selected`, `value="specification" checked`}, hides: []string{`<option value="32">`}},
	{name: "new standard as nobody", method: get, path: "/drafts/new", status: 303, to: "/sign-in?next=%2Fdrafts%2Fnew"},
	{name: "new standard as a reader", method: get, path: "/drafts/new", as: "demo-reader", status: 403},
	{name: "begin a new standard", method: post, path: "/drafts/new", as: "demo-31",
		form:   fields("field", "快递服务", "subject", "末端投递", "aspect", "规范", "english", "Express", "kind", "local", "number", "DB31/T 900009—2026", "region", "31", "type", "practice"),
		status: 303, to: "/drafts/db31-t-900009", events: []registry.Verb{registry.OpenWorking}},
	{name: "begin a new standard without a subject", method: post, path: "/drafts/new", as: "demo-31", form: fields("field", "快递服务", "kind", "local", "type", "none"), status: 422,
		shows: []string{"请写主体元素", `value="快递服务"`, "要选定地区", "请选一项"}},
	{name: "begin a new standard of another region", method: post, path: "/drafts/new", as: "demo-31", form: fields("subject", "末端投递", "kind", "local", "region", "32", "type", "guide"), status: 422, shows: []string{"只能对本地区", `value="末端投递"`}},

	{name: "rules", method: get, path: "/standards/sh-express/rules", status: 200, shows: []string{"缺少前言", "STR-02", "全部规则", "由格式保证"}, hides: []string{"忽略这一处"}},
	{name: "rules: findings of one severity", method: get, path: "/standards/sh-express/rules?severity=error", status: 200, shows: []string{"缺少前言", `aria-current="page"`, "要素与顺序"}},
	{name: "rules: findings of one rule", method: get, path: "/standards/sh-express/rules?of=MOD-01", status: 200, shows: []string{"只列规则 MOD-01"}, hides: []string{"缺少前言"}},
	{name: "rules of a regulation", method: get, path: "/standards/js-express/rules", as: "demo-author", status: 200, shows: []string{"REG-01"}, hides: []string{"STR-02"}},
	{name: "rules as an author", method: get, path: "/standards/sh-express/rules?rule=STR-02", as: "demo-author", status: 200, shows: []string{"忽略这一处", "设置规则 STR-02", `name="to"`}},
	{name: "set a rule", method: post, path: "/standards/sh-express/rules", as: "demo-author", form: fields("rule", "STR-02", "to", "warning", "reason", "旧文本"), status: 303, to: "/standards/sh-express/rules#r-STR-02", events: []registry.Verb{registry.SwitchRule}},
	{name: "set a rule without a reason", method: post, path: "/standards/sh-express/rules", as: "demo-author", form: fields("rule", "STR-02", "to", "off"), status: 422, shows: []string{"请写明理由", "设置规则 STR-02"}},
	{name: "set a rule of another region", method: post, path: "/standards/sh-express/rules", as: "demo-32", form: fields("rule", "STR-02", "to", "off", "reason", "旧文本"), status: 403},
	{name: "ignore a finding", method: post, path: "/standards/sh-express/waivers", as: "demo-author", form: fields("rule", "STR-02", "clause", "", "words", "", "reason", "旧文本"), status: 303, to: "/standards/sh-express/rules#waived", events: []registry.Verb{registry.WaiveFinding}},
	{name: "ignore a finding while drafting", method: post, path: "/standards/sh-express/waivers", as: "demo-author", form: fields("rule", "STR-02", "reason", "旧文本", "back", "/drafts/sh-express"), status: 303, to: "/drafts/sh-express", events: []registry.Verb{registry.WaiveFinding}},
	{name: "ignore a finding without a reason", method: post, path: "/standards/sh-express/waivers", as: "demo-author", form: fields("rule", "STR-02", "reason", " "), status: 422, shows: []string{"请写明理由"}},
	{name: "ignore a finding of another region", method: post, path: "/standards/sh-express/waivers", as: "demo-32", form: fields("rule", "STR-02", "reason", "旧文本"), status: 403},
	{name: "take back what was ignored", method: post, path: "/standards/sh-express/waivers/{waiver}/drop", as: "demo-author", status: 303, to: "/standards/sh-express/rules#findings", events: []registry.Verb{registry.DropWaiver}},
	{name: "take back what was not ignored", method: post, path: "/standards/sh-express/waivers/9/drop", as: "demo-author", status: 404},

	{name: "where a new standard was", method: get, path: "/standards/new", status: 301, to: "/drafts/new"},
	{name: "where drafting was", method: get, path: "/standards/sh-express/edit?from=1", status: 301, to: "/drafts/sh-express?from=1"},
}
