package web

import (
	"strconv"
	"strings"

	"tongbiao/registry"
)

// rowFields fill the places of the project's scenarios: {row} is the row of the
// time limit for delivery, which both texts have, {other} one that only Shanghai
// has, {version} and {passage} what the forms of {row} carry.
func (s *site) rowFields() []string {
	row, other := s.rowWith("24 h"), s.rowWith("代收")
	v, err := s.reg.Workbench(testProject)
	if err != nil {
		s.t.Fatal(err)
	}
	return []string{
		"{row}", row.ID, "{version}", strconv.Itoa(row.Version),
		"{passage}", passageValue(row.Cells["31"][0]), "{other}", other.ID, "{otherversion}", strconv.Itoa(other.Version),
		"{relationhash}", v.Reckoned(row, 0)[1].Hash,
	}
}

// rowWith finds the row of the test project that says something.
func (s *site) rowWith(words string) registry.RowView {
	s.t.Helper()
	v, err := s.reg.Workbench(testProject)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, row := range v.Rows {
		for i, col := range v.Columns {
			for _, at := range row.Cells[col.Key] {
				if _, text := v.PassageText(i, at); strings.Contains(text, words) {
					return row
				}
			}
		}
	}
	s.t.Fatalf("no row says %q", words)
	return registry.RowView{}
}

// projectScenarios are the scenarios of the projects' pages. What needs several
// requests stands in workbench_test.go.
var projectScenarios = []scenario{
	{name: "projects", method: get, path: "/projects", status: 200, shows: []string{"统一快递服务规范", "/projects/express/draft", "全体同意"}, hides: []string{"新建项目"}},
	{name: "projects to the secretariat", method: get, path: "/projects", as: "demo-secretary", status: 200, shows: []string{"/projects/new"}},
	{name: "new project", method: get, path: "/projects/new", as: "demo-secretary", status: 200,
		shows: []string{`value="sh-express/2"`, `value="sh-express/1"`, "（旧）", `value="js-express/1"`, "DB31/T 900001—2024《上海快递服务规范》 · 第 2 版", "没有符合条件的国家文本"}},
	{name: "new project: find", method: get, path: "/projects/new?find=sh-&title=A%26B&text-31=sh-express/1&text-32=js-express/1", as: "demo-secretary", status: 200,
		shows: []string{`value="A&amp;B"`, `value="sh-express/1" selected`, `value="js-express/1" selected`}},
	{name: "new project as a representative", method: get, path: "/projects/new", as: "demo-31", status: 403},
	{name: "new project as nobody", method: get, path: "/projects/new", status: 303, to: "/sign-in?next=%2Fprojects%2Fnew"},
	{name: "open a project", method: post, path: "/projects", as: "demo-secretary",
		form:   fields("id", "second", "title", "第二个", "rule", "majority", "text-31", "sh-express/1", "text-32", "js-express/1", "number-31", "DB31/T 310001—2026"),
		status: 303, to: "/projects/second", events: []registry.Verb{registry.CreateProject}},
	{name: "open a project with a name that is taken", method: post, path: "/projects", as: "demo-secretary",
		form:   fields("id", "express", "title", "又一个", "text-31", "sh-express/1", "text-32", "js-express/1"),
		status: 409, shows: []string{"已经用了", `value="又一个"`, `value="sh-express/1" selected`}},
	{name: "open a project of one region", method: post, path: "/projects", as: "demo-secretary",
		form:   fields("id", "second", "title", "第二个", "rule", "majority", "text-31", "sh-express/1"),
		status: 422, shows: []string{"2 个以上参与地区", `value="第二个"`, `value="majority" checked`}},
	{name: "open a project on a text that is none", method: post, path: "/projects", as: "demo-secretary",
		form: fields("id", "second", "title", "第二个", "text-31", "../etc", "floor", "!"), status: 422, shows: []string{"不是有效的位置"}},
	{name: "open a project without title", method: post, path: "/projects", as: "demo-secretary",
		form: fields("id", "second", "text-31", "sh-express/1", "text-32", "js-express/1"), status: 422, shows: []string{"请写统一标准的名称", `class="field bad"`}},
	{name: "open a project as a representative", method: post, path: "/projects", as: "demo-31", form: fields("id", "second", "title", "x"), status: 403},

	{name: "open a project with several faults", method: post, path: "/projects", as: "demo-secretary",
		form:   fields("id", "second", "title", "第二个", "text-31", "sh-express/1", "text-32", "js-express/1", "number-31", "DB31/T 310001", "published-32", "明年", "territory", "嘉善县", "mode", "separate"),
		status: 422, shows: []string{"有 3 处要改", "缺年代号", `value="DB31/T 310001"`, "不是日期", `value="明年"`, "要从参加的省", "嘉善县</textarea>", `value="separate" checked`, `id="number-31-fault"`}},
	{name: "open a project of a territory", method: post, path: "/projects", as: "demo-secretary",
		form:   fields("id", "second", "title", "第二个", "text-31", "sh-express/1", "text-32", "js-express/1", "number-31", "沪市监标〔2026〕1号", "territory", "上海市青浦区、江苏省苏州市吴江区", "issuer-33", "浙江省市场监督管理局"),
		status: 303, to: "/projects/second", events: []registry.Verb{registry.CreateProject}},
	{name: "settings", method: get, path: "/projects/express/settings", status: 200,
		shows: []string{"联合制定", "只征求一次意见", "全体同意", "弃权不算同意", "各参与地区全域", "批准机构", "设置还没有改过"}, hides: []string{"<form method=\"post\" action=\"/projects/express/settings\"", "保存设置"}},
	{name: "settings in English", method: get, path: "/projects/express/settings?lang=en", status: 200, shows: []string{"Jointly", "one consultation"}},
	{name: "settings to the secretariat", method: get, path: "/projects/express/settings", as: "demo-secretary", status: 200,
		shows: []string{"保存设置", `name="version" value="1"`, "按此规则已定 0 条", `value="committee"`, `name="effective-32"`}},
	{name: "settings to an administrator", method: get, path: "/projects/express/settings", as: "demo-admin", status: 200, shows: []string{"保存设置"}},
	{name: "settings of no project", method: get, path: "/projects/nowhere/settings", status: 404},
	{name: "change the settings", method: post, path: "/projects/express/settings", as: "demo-secretary",
		form:   fields("version", "1", "title", "统一快递服务规范", "mode", "separate", "rule", "committee", "number-31", "db31/t 310003-2026"),
		status: 303, to: "/projects/express/settings", events: []registry.Verb{registry.ChangeProject, registry.ChangeProject, registry.ChangeProject}},
	{name: "change nothing", method: post, path: "/projects/express/settings", as: "demo-secretary",
		form: fields("version", "1", "title", "统一快递服务规范", "mode", "joint", "rule", "all"), status: 303, to: "/projects/express/settings"},
	{name: "change the settings wrongly", method: post, path: "/projects/express/settings", as: "demo-secretary",
		form:   fields("version", "1", "title", "", "mode", "joint", "rule", "majority", "number-31", "DB32/T 310003—2026", "approved-32", "2026-05-02", "published-32", "2026-05-01"),
		status: 422, shows: []string{"有 3 处要改", "请写统一标准的名称", "是江苏省的编号", "早于批准日期", `value="DB32/T 310003—2026"`, `value="majority" checked`}},
	{name: "change settings that somebody else changed", method: post, path: "/projects/express/settings", as: "demo-secretary",
		form: fields("version", "0", "title", "我的名称", "mode", "joint", "rule", "all"), status: 409, shows: []string{"刚被别人改过", `value="我的名称"`, `name="version" value="1"`}},
	{name: "change the settings as a representative", method: post, path: "/projects/express/settings", as: "demo-31", form: fields("version", "1", "title", "x"), status: 403},
	{name: "progress", method: get, path: "/projects/express/progress", status: 200,
		shows: []string{"项目进度", "未处理", "在等谁", "没有待办", "各章进度", `role="img"`, "图中的数字", "每周定了多少", "投递", "开启了协调项目"}, hides: []string{"上次登录"}},
	{name: "progress in English", method: get, path: "/projects/express/progress?lang=en", status: 200, shows: []string{"Waiting for whom", "No forecast"}},
	{name: "progress since a day", method: get, path: "/projects/express/progress?since=2026-01-01", status: 200, shows: []string{`value="2026-01-01"`, "自 2026-01-01 00:00 起有", "项目在这之后才开始"}},
	{name: "progress since the future", method: get, path: "/projects/express/progress?since=2999-01-01", status: 200, shows: []string{"没有新的记录"}},
	{name: "progress since no day", method: get, path: "/projects/express/progress?since=%3Cb%3E", status: 422, shows: []string{"不是日期"}},
	{name: "progress of no project", method: get, path: "/projects/nowhere/progress", status: 404},
	{name: "apply a change that nobody wants", method: post, path: "/projects/express/rows/{row}/apply", as: "demo-secretary", form: fields("version", "{version}", "event", "1"), status: 404},
	{name: "apply a change as a reader", method: post, path: "/projects/express/rows/{row}/apply", as: "demo-reader", form: fields("version", "{version}", "event", "1"), status: 403},

	{name: "workbench", method: get, path: "/projects/express", status: 200,
		shows: []string{"DB31/T 900001—2024", "第 2 版", "江苏快递管理规定", "24 h 内", "未找到对应条款", "没有遗漏", "4 / 4 段", "3 / 3 段", "起草统一条款", `id="{row}"`, "数值不同"},
		hides: []string{"待我方表态"}},
	{name: "workbench in English", method: get, path: "/projects/express?lang=en", status: 200, shows: []string{"no counterpart found", "Nothing is left out", "figures differ"}},
	{name: "workbench to a representative", method: get, path: "/projects/express", as: "demo-32", status: 200, shows: []string{"待我方表态"}},
	{name: "workbench: rows whose figures differ", method: get, path: "/projects/express?diff=quantity", status: 200, shows: []string{`id="{row}"`, `aria-current="true"`}, hides: []string{"可由代收点代收"}},
	{name: "workbench: missing clauses", method: get, path: "/projects/express?diff=missing", status: 200, shows: []string{"可由代收点代收"}, hides: []string{`id="{row}"`}},
	{name: "workbench: words", method: get, path: "/projects/express?text=48%E5%B0%8F%E6%97%B6", status: 200, shows: []string{`id="{row}"`, "1 / "}, hides: []string{"可由代收点代收"}},
	{name: "workbench: what a region owes", method: get, path: "/projects/express?owes=32", status: 200, shows: []string{"没有符合条件的条目"}},
	{name: "workbench: nothing like that", method: get, path: "/projects/express?text=zzz&state=settled", status: 200, shows: []string{"没有符合条件的条目", "显示全部"}},
	{name: "workbench: another base", method: get, path: "/projects/express?base=32&sort=base&full=1", status: 200, shows: []string{`value="32" selected`, `class="grid n2 full"`}},
	{name: "workbench: a base that is none", method: get, path: "/projects/express?base=99&sort=zzz&page=-3", status: 200, shows: []string{`value="31" selected`}},
	{name: "workbench: beyond the last page", method: get, path: "/projects/express?page=9", status: 200, shows: []string{"没有符合条件的条目"}},
	{name: "no such project", method: get, path: "/projects/nowhere", status: 404},

	{name: "order: nowhere", method: post, path: "/projects/express/draft/order", as: "demo-31", form: fields("row", "{row}", "version", "{version}", "chapter", "投递", "before", "nowhere"), status: 422, shows: []string{"没有这个位置"}},
	{name: "order: behind another row", method: post, path: "/projects/express/draft/order", as: "demo-31", form: fields("row", "{row}", "version", "{version}", "chapter", "投递", "after", "{other}"), status: 303, to: "/projects/express/draft#u-{row}", events: []registry.Verb{registry.OrderRow}},
	{name: "order: an older version", method: post, path: "/projects/express/draft/order", as: "demo-31", form: fields("row", "{row}", "version", "77", "chapter", "投递", "after", "{other}"), status: 409, shows: []string{"刚被别人改过"}},
	{name: "order: a chapter, as it stood once", method: post, path: "/projects/express/draft/order", as: "demo-31", form: fields("chapter", "投递", "after", "投诉", "seen", "x"), status: 409, shows: []string{"章的次序刚被别人改过"}},
	{name: "order as a reader", method: post, path: "/projects/express/draft/order", as: "demo-reader", form: fields("chapter", "投递"), status: 403},
	{name: "live: what is new", method: get, path: "/projects/express/live", status: 200, shows: []string{"event: hello"}},
	{name: "live of no project", method: get, path: "/projects/nowhere/live", status: 404},
	{name: "live: a row alone", method: get, path: "/projects/express/live/rows?row={row}&row=nowhere", status: 200, shows: []string{`<tbody role="rowgroup" id="{row}"`, `id="tick-{other}"`}, hides: []string{"<html", `<tbody role="rowgroup" id="{other}"`}},
	{name: "live: rows of no project", method: get, path: "/projects/nowhere/live/rows", status: 404},
	{name: "here without a stream", method: post, path: "/projects/express/live", as: "demo-31", form: fields("stream", "s0", "row", "{row}"), status: 410},
	{name: "here as nobody", method: post, path: "/projects/express/live", form: fields("stream", "s0"), status: 403},

	{name: "live: what is new", method: get, path: "/projects/express/live?poll=1", status: 200, shows: []string{"event: hello"}},
	{name: "live of no project", method: get, path: "/projects/nowhere/live", status: 404},
	{name: "live: a row alone", method: get, path: "/projects/express/live/rows?row={row}&row=nowhere", status: 200, shows: []string{`<tbody role="rowgroup" id="{row}"`, `id="tick-{other}"`}, hides: []string{"<html", `<tbody role="rowgroup" id="{other}"`}},
	{name: "live: rows of no project", method: get, path: "/projects/nowhere/live/rows", status: 404},
	{name: "here without a stream", method: post, path: "/projects/express/live", as: "demo-31", form: fields("stream", "s0", "row", "{row}"), status: 410},
	{name: "here as nobody", method: post, path: "/projects/express/live", form: fields("stream", "s0"), status: 403},

	{name: "row", method: get, path: "/projects/express/rows/{row}", status: 200,
		shows: []string{"应在 24 h 内投递", "48小时内投递", "对齐依据", "共有词语", "逐句对照", "还没有统一条款", "登录后可以提意见"},
		hides: []string{"保存统一条款", "<h2>校正</h2>", "提交立场"}},
	{name: "row to its representative", method: get, path: "/projects/express/rows/{row}", as: "demo-31", status: 200, shows: []string{"保存统一条款", "<h2>校正</h2>", "从原文开始", `name="version" value="{version}"`, `value="{passage}"`}},
	{name: "row: start from a text", method: get, path: "/projects/express/rows/{row}?from=32", as: "demo-31", status: 200, shows: []string{"已填入苏的条文，尚未保存", "企业应当在48小时内投递。</textarea>"}},
	{name: "row: start from the most central", method: get, path: "/projects/express/rows/{row}?from=central", as: "demo-31", status: 200, shows: []string{"尚未保存", "最居中"}},
	{name: "row: start from a text that is none", method: get, path: "/projects/express/rows/{row}?from=99", as: "demo-31", status: 200, hides: []string{"尚未保存"}},
	{name: "no such row", method: get, path: "/projects/express/rows/nowhere", status: 404},

	{name: "unify", method: post, path: "/projects/express/rows/{row}/unify", as: "demo-31", form: fields("version", "{version}", "title", "投递时限", "text", "快件到达末端网点后，应在 24 h 内投递。"),
		status: 303, to: "/projects/express/rows/{row}#unified", events: []registry.Verb{registry.Unify}},
	{name: "unify: a title without text", method: post, path: "/projects/express/rows/{row}/unify", as: "demo-31", form: fields("version", "{version}", "title", "只有标题", "text", " "),
		status: 422, shows: []string{"有标题而没有条文", `value="只有标题"`}},
	{name: "unify an older version", method: post, path: "/projects/express/rows/{row}/unify", as: "demo-31", form: fields("version", "77", "title", "我的标题", "text", "我写的条文。"),
		status: 409, shows: []string{"刚被别人改过", `value="我的标题"`, "我写的条文。</textarea>", "用我写的代替现在的", `name="version" value="{version}"`}},
	{name: "unify as a reader", method: post, path: "/projects/express/rows/{row}/unify", as: "demo-reader", form: fields("version", "{version}", "text", "x"), status: 403},
	{name: "unify as nobody", method: post, path: "/projects/express/rows/{row}/unify", form: fields("version", "{version}", "text", "我写了很久"), status: 403, shows: []string{"登录已经失效", "我写了很久"}},

	{name: "position on nothing", method: post, path: "/projects/express/rows/{row}/position", as: "demo-32", form: fields("region", "32", "verdict", "agree", "hash", ""), status: 422, shows: []string{"还没有统一条款"}},
	{name: "position for another region", method: post, path: "/projects/express/rows/{row}/position", as: "demo-32", form: fields("region", "31", "verdict", "agree", "hash", "x"), status: 403, shows: []string{"只能对本地区"}},
	{name: "position of the secretariat", method: post, path: "/projects/express/rows/{row}/position", as: "demo-secretary", form: fields("region", "31", "verdict", "agree"), status: 403},

	{name: "row: how its texts relate", method: get, path: "/projects/express/rows/{row}", as: "demo-32", status: 200, shows: []string{`id="relations"`, "更宽", "机器提出", "<b>48小时内</b> ／ 24 h 内", `action="/projects/express/rows/{row}/relation#relations"`}},
	{name: "workbench: what is looser", method: get, path: "/projects/express?relation=looser", status: 200, shows: []string{`id="{row}"`, `name="relation" value="looser"`, `class="rel rel-looser by-machine"`}, hides: []string{"可由代收点代收"}},
	{name: "workbench: a relation that is none", method: get, path: "/projects/express?relation=zzz", status: 200, shows: []string{"没有符合条件的条目"}},
	{name: "say a relation", method: post, path: "/projects/express/rows/{row}/relation", as: "demo-32", form: fields("column", "32", "against", "31", "stand", "crossing", "note", "节假日另计", "hash", "{relationhash}"),
		status: 303, to: "/projects/express/rows/{row}?base=31#relations", events: []registry.Verb{registry.SayRelation}},
	{name: "say a relation of another region's text", method: post, path: "/projects/express/rows/{row}/relation", as: "demo-31", form: fields("column", "32", "against", "31", "stand", "crossing", "hash", "{relationhash}"), status: 403, shows: []string{"只能对本地区"}},
	{name: "say a relation about a former text", method: post, path: "/projects/express/rows/{row}/relation", as: "demo-32", form: fields("column", "32", "against", "31", "stand", "crossing", "note", "节假日另计", "hash", "x"),
		status: 409, shows: []string{"刚改过", `value="节假日另计"`, `value="crossing" selected`}},
	{name: "say no relation", method: post, path: "/projects/express/rows/{row}/relation", as: "demo-32", form: fields("column", "32", "against", "31", "stand", "better", "note", "节假日另计", "hash", "{relationhash}"), status: 422, shows: []string{"请选一种关系", `value="节假日另计"`}},
	{name: "take back what nobody said", method: post, path: "/projects/express/rows/{row}/relation", as: "demo-32", form: fields("column", "32", "against", "31", "do", "drop", "hash", "{relationhash}"), status: 422, shows: []string{"无可收回"}},
	{name: "say a relation as a reader", method: post, path: "/projects/express/rows/{row}/relation", as: "demo-reader", form: fields("column", "32", "against", "31", "stand", "same", "hash", "{relationhash}"), status: 403},
	{name: "confirm", method: post, path: "/projects/express/rows/{row}/confirm", as: "demo-31", form: fields("version", "{version}", "confirmed", "yes"), status: 303, to: "/projects/express/rows/{row}", events: []registry.Verb{registry.ConfirmRow}},
	{name: "take a confirmation back", method: post, path: "/projects/express/rows/{row}/confirm", as: "demo-31", form: fields("version", "{version}", "confirmed", "no"), status: 303, to: "/projects/express/rows/{row}", events: []registry.Verb{registry.ReopenRow}},
	{name: "confirm an older version", method: post, path: "/projects/express/rows/{row}/confirm", as: "demo-31", form: fields("version", "0", "confirmed", "yes"), status: 409, shows: []string{"刚被别人改过"}},
	{name: "confirm as an author", method: post, path: "/projects/express/rows/{row}/confirm", as: "demo-author", form: fields("version", "{version}", "confirmed", "yes"), status: 403},

	{name: "place", method: post, path: "/projects/express/rows/{row}/place", as: "demo-author", form: fields("version", "{version}", "topic", "首次投递", "chapter", "投递", "order", "1"), status: 303, to: "/projects/express/rows/{row}#correct", events: []registry.Verb{registry.OrderRow}},
	{name: "place nowhere", method: post, path: "/projects/express/rows/{row}/place", as: "demo-author", form: fields("version", "{version}", "topic", "新的主题", "chapter", "新的章", "order", "一"),
		status: 422, shows: []string{"次序要写成数字", `value="新的主题"`, `value="新的章"`, `value="一"`}},

	{name: "move", method: post, path: "/projects/express/rows/{row}/move", as: "demo-author", form: fields("version", "{version}", "column", "31", "passage", "{passage}", "into", "{other}"),
		status: 303, to: "/projects/express/rows/{other}", events: []registry.Verb{registry.MovePassage}},
	{name: "move into a row of its own", method: post, path: "/projects/express/rows/{row}/move", as: "demo-author", form: fields("version", "{version}", "column", "31", "passage", "{passage}", "into", ""),
		status: 303, to: "/projects/express/rows/r", events: []registry.Verb{registry.MovePassage}},
	{name: "move nothing", method: post, path: "/projects/express/rows/{row}/move", as: "demo-author", form: fields("version", "{version}", "column", "31", "into", "{other}"), status: 422, shows: []string{"请选要移动的条文"}},
	{name: "move what is no passage", method: post, path: "/projects/express/rows/{row}/move", as: "demo-author", form: fields("version", "{version}", "column", "31", "passage", "x"), status: 400},
	{name: "move as a reader", method: post, path: "/projects/express/rows/{row}/move", as: "demo-reader", form: fields("version", "{version}", "column", "31", "passage", "{passage}"), status: 403},

	{name: "row: an empty cell", method: get, path: "/projects/express/rows/{other}", as: "demo-31", status: 200, shows: []string{"未找到对应条款", `data-key="n"`}, hides: []string{"原文已修订"}},
	{name: "row: an empty cell, to nobody", method: get, path: "/projects/express/rows/{other}", status: 200, shows: []string{"未找到对应条款"}, hides: []string{`data-key="n"`, "/none"}},
	{name: "take what comes near", method: post, path: "/projects/express/rows/{other}/take", as: "demo-author", form: fields("from", "{row}", "version", "{version}", "column", "31", "passage", "{passage}"),
		status: 303, to: "/projects/express/rows/{other}#texts", events: []registry.Verb{registry.MovePassage}},
	{name: "take from an older version", method: post, path: "/projects/express/rows/{other}/take", as: "demo-author", form: fields("from", "{row}", "version", "77", "column", "31", "passage", "{passage}"), status: 409, shows: []string{"刚被别人改过"}},
	{name: "take what is no passage", method: post, path: "/projects/express/rows/{other}/take", as: "demo-author", form: fields("from", "{row}", "version", "1", "column", "31", "passage", "x"), status: 400},
	{name: "no counterpart", method: post, path: "/projects/express/rows/{other}/none", as: "demo-31", form: fields("version", "{otherversion}", "column", "32", "none", "yes"),
		status: 303, to: "/projects/express/rows/{other}#texts", events: []registry.Verb{registry.ConfirmNone}},
	{name: "no counterpart where there is one", method: post, path: "/projects/express/rows/{row}/none", as: "demo-31", form: fields("version", "{version}", "column", "32", "none", "yes"), status: 422, shows: []string{"这一列有对应条款"}},
	{name: "no counterpart as an author", method: post, path: "/projects/express/rows/{other}/none", as: "demo-author", form: fields("version", "{otherversion}", "column", "32"), status: 403},
	{name: "review what has not changed", method: post, path: "/projects/express/rows/{row}/review", as: "demo-31", form: fields("version", "{version}"), status: 422, shows: []string{"没有待复核的修订"}},

	{name: "re-run", method: get, path: "/projects/express/realign", status: 200, shows: []string{"重新对齐", "结果与现在一样"}, hides: []string{"条条文移动", "应用以上变化"}},
	{name: "re-run: nothing to apply", method: post, path: "/projects/express/realign", as: "demo-31", form: fields("fingerprint", "e3b0c44298fc1c14"), status: 422, shows: []string{"没有可应用的变化"}},
	{name: "re-run: another preview", method: post, path: "/projects/express/realign", as: "demo-31", form: fields("fingerprint", "x"), status: 409, shows: []string{"请看过新的预览"}},
	{name: "re-run as an author", method: post, path: "/projects/express/realign", as: "demo-author", form: fields("fingerprint", "x"), status: 403},
	{name: "newer text: none", method: get, path: "/projects/express/repin?column=31", status: 409, shows: []string{"没有可换用的"}},
	{name: "newer text of no column", method: get, path: "/projects/express/repin?column=99", status: 404},
	{name: "pin a newer text: none", method: post, path: "/projects/express/repin", as: "demo-31", form: fields("column", "31", "revision", "2", "fingerprint", "x"), status: 409},
	{name: "pin a newer text of another region", method: post, path: "/projects/express/repin", as: "demo-31", form: fields("column", "32", "revision", "x", "fingerprint", "x"), status: 400},

	{name: "synonyms", method: get, path: "/projects/express/synonyms", status: 200, shows: []string{"还没有同义词"}, hides: []string{`name="words"`}},
	{name: "add synonyms", method: post, path: "/projects/express/synonyms", as: "demo-author", form: fields("words", "代收点 = 驿站"), status: 303, to: "/projects/express/synonyms#s", events: []registry.Verb{registry.AddSynonyms}},
	{name: "add one synonym", method: post, path: "/projects/express/synonyms", as: "demo-author", form: fields("words", "驿站"), status: 422, shows: []string{"一组写 2 至 8 个", `value="驿站"`}},
	{name: "add synonyms as a reader", method: post, path: "/projects/express/synonyms", as: "demo-reader", form: fields("words", "代收点 = 驿站"), status: 403},
	{name: "take synonyms away that are not there", method: post, path: "/projects/express/synonyms/7", as: "demo-31", status: 404},
	{name: "changes", method: get, path: "/projects/express/undo", status: 200, shows: []string{"还没有更改"}},
	{name: "undo what is not there", method: post, path: "/projects/express/undo", as: "demo-31", form: fields("event", "7"), status: 404, shows: []string{"不能撤销了"}},
	{name: "undo nothing", method: post, path: "/projects/express/undo", as: "demo-31", form: fields("event", "x"), status: 400},
	{name: "undo as a reader", method: post, path: "/projects/express/undo", as: "demo-reader", form: fields("event", "7"), status: 403},

	{name: "split", method: post, path: "/projects/express/rows/{row}/split", as: "demo-32", form: fields("version", "{version}", "column", "32"), status: 303, to: "/projects/express/rows/r", events: []registry.Verb{registry.SplitRow}},
	{name: "split off everything", method: post, path: "/projects/express/rows/{row}/split", as: "demo-32", form: fields("version", "{version}", "column", "31", "column", "32"), status: 422, shows: []string{"请选一部分列"}},

	{name: "merge", method: post, path: "/projects/express/rows/{other}/merge", as: "demo-31", form: fields("version", "{otherversion}", "into", "{row}"), status: 303, to: "/projects/express/rows/{row}", events: []registry.Verb{registry.MergeRows}},
	{name: "merge with itself", method: post, path: "/projects/express/rows/{row}/merge", as: "demo-31", form: fields("version", "{version}", "into", "{row}"), status: 422, shows: []string{"不能与自己合并"}},

	{name: "comment on a row", method: post, path: "/projects/express/rows/{row}/comments", as: "demo-reader", form: fields("type", "te", "body", "从何时起算？", "quote", "24 h"), status: 303, to: "/projects/express/rows/{row}#c", events: []registry.Verb{registry.AddComment}},
	{name: "comment on a row without words", method: post, path: "/projects/express/rows/{row}/comments", as: "demo-reader", form: fields("type", "ed", "body", "", "quote", "二十四小时"),
		status: 422, shows: []string{"请写意见内容", `value="二十四小时"`, `value="ed" selected`}},
	{name: "comment on a row as nobody", method: post, path: "/projects/express/rows/{row}/comments", form: fields("body", "？"), status: 403},
	{name: "resolve what is not there", method: post, path: "/projects/express/rows/{row}/comments/c999", as: "demo-secretary", form: fields("do", "resolve", "outcome", "采纳"), status: 404},

	{name: "draft of nothing", method: get, path: "/projects/express/draft", status: 200, shows: []string{"已有统一条款 0 条", "本文件由上海市、江苏省联合起草", "尚无统一条款的条目"}, hides: []string{"保存为版本"}},
	{name: "draft to the secretariat", method: get, path: "/projects/express/draft", as: "demo-secretary", status: 200, shows: []string{"保存为版本"}},
	{name: "keep a draft of nothing", method: post, path: "/projects/express/draft", as: "demo-secretary", form: fields("message", "第一次会议"), status: 422, shows: []string{"还没有统一条款", `value="第一次会议"`}},
	{name: "keep a draft as a representative", method: post, path: "/projects/express/draft", as: "demo-31", form: fields("message", "x"), status: 403},
	{name: "draft as a file", method: get, path: "/projects/express/draft.md", status: 200, shows: []string{"title: 统一快递服务规范", "## 范围"}},
	{name: "concordance", method: get, path: "/projects/express/concordance", status: 200, shows: []string{"2.1", "第二条", "未找到对应条款", "未处理"}},
	{name: "concordance as Markdown", method: get, path: "/projects/express/concordance.md", status: 200, shows: []string{"# 《统一快递服务规范》对照表", "| 第二条 |"}},
	{name: "concordance as CSV", method: get, path: "/projects/express/concordance.csv", status: 200, shows: []string{"统一稿条款,主题", "第二条"}},
	{name: "concordance: what became of each text", method: get, path: "/projects/express/concordance", status: 200, shows: []string{"各文本每一条的去向", "可由代收点代收", `id="text-32"`, "concordance.docx"}},
	{name: "concordance as a Word document", method: get, path: "/projects/express/concordance.docx", status: 200, shows: []string{"word/document.xml"}},
	{name: "concordance as a workbook", method: get, path: "/projects/express/concordance.xlsx", status: 200, shows: []string{"xl/workbook.xml"}},
	{name: "draft as a Word document", method: get, path: "/projects/express/draft.docx", status: 200, shows: []string{"word/document.xml"}},
	{name: "explanation", method: get, path: "/projects/express/explanation", status: 200, shows: []string{"一、工作简况", "【待补：任务来源", "七、重大分歧意见", "24 h"}, hides: []string{"填写这一节"}},
	{name: "explanation to the secretariat", method: get, path: "/projects/express/explanation", as: "demo-secretary", status: 200, shows: []string{"填写这一节", `name="version" value="0"`}},
	{name: "explanation as Markdown", method: get, path: "/projects/express/explanation.md", status: 200, shows: []string{"# 《统一快递服务规范》编制说明", "## 四、主要试验"}},
	{name: "explanation as a Word document", method: get, path: "/projects/express/explanation.docx", status: 200, shows: []string{"word/document.xml"}},
	{name: "write a section", method: post, path: "/projects/express/explanation", as: "demo-secretary", form: fields("section", "work", "version", "0", "text", "任务来源：联合工作计划。"), status: 303, to: "/projects/express/explanation#work", events: []registry.Verb{registry.EditExplanation}},
	{name: "write a section that has changed", method: post, path: "/projects/express/explanation", as: "demo-secretary", form: fields("section", "work", "version", "3", "text", "我写了很久"), status: 409, shows: []string{"刚被别人改过", "我写了很久</textarea>"}},
	{name: "write a section as a representative", method: post, path: "/projects/express/explanation", as: "demo-31", form: fields("section", "work", "version", "0", "text", "x"), status: 403},
	{name: "write no section", method: post, path: "/projects/express/explanation", as: "demo-secretary", form: fields("section", "nowhere", "version", "0", "text", "x"), status: 404},

	{name: "meeting: none", method: get, path: "/projects/express/meeting", status: 200, shows: []string{"现在没有正在进行的会议"}, hides: []string{"开始会议"}},
	{name: "meeting to the secretariat", method: get, path: "/projects/express/meeting", as: "demo-secretary", status: 200, shows: []string{"开始会议", "第 1 次工作组会议", `value="demo-31"`, `value="demo-32"`, "全部未定"}, hides: []string{`value="demo-34"`}},
	{name: "open a meeting", method: post, path: "/projects/express/meeting", as: "demo-secretary", form: fields("title", "第一次会议", "place", "线上", "present", "demo-31", "guests", "某协会 张三", "queue", "open"),
		status: 303, to: "/projects/express/meeting", events: []registry.Verb{registry.OpenMeeting}},
	{name: "open a meeting on nothing", method: post, path: "/projects/express/meeting", as: "demo-secretary", form: fields("title", "空会议", "present", "demo-31", "guests", "某协会 张三", "queue", "disputed"),
		status: 422, shows: []string{"议题里没有条目", `value="空会议"`, "某协会 张三</textarea>", `value="demo-31" checked`, `value="disputed" checked`}},
	{name: "open a meeting of nobody", method: post, path: "/projects/express/meeting", as: "demo-secretary", form: fields("title", "空会议", "queue", "open"), status: 422, shows: []string{"请勾选到会人员"}},
	{name: "open a meeting as a representative", method: post, path: "/projects/express/meeting", as: "demo-31", form: fields("title", "x", "queue", "open"), status: 403},
	{name: "attend no meeting", method: post, path: "/projects/express/meeting/attend", as: "demo-secretary", form: fields("present", "demo-31"), status: 409, shows: []string{"没有正在进行的会议"}},
	{name: "close no meeting", method: post, path: "/projects/express/meeting/close", as: "demo-secretary", form: fields(), status: 409, shows: []string{"没有正在进行的会议"}},
	{name: "a screen without a meeting", method: get, path: "/projects/express/meeting/rows/{row}", status: 303, to: "/projects/express/meeting"},
	{name: "record in no meeting", method: post, path: "/projects/express/meeting/rows/{row}/record", as: "demo-secretary", form: fields("region", "31", "verdict", "object", "note", "我写了理由", "hash", "x"), status: 409, shows: []string{"没有正在进行的会议", "我写了理由"}},
	{name: "record as a representative", method: post, path: "/projects/express/meeting/rows/{row}/record", as: "demo-31", form: fields("region", "32", "verdict", "agree"), status: 403},
	{name: "speak for oneself on a screen", method: post, path: "/projects/express/meeting/rows/{row}/position", as: "demo-31", form: fields("region", "32", "verdict", "agree"), status: 403},
	{name: "decide in no meeting", method: post, path: "/projects/express/meeting/rows/{row}/decision", as: "demo-secretary", form: fields("version", "{version}", "outcome", "deferred", "reason", "我写了理由"), status: 409, shows: []string{"没有正在进行的会议", "我写了理由"}},
	{name: "decide as a representative", method: post, path: "/projects/express/meeting/rows/{row}/decision", as: "demo-31", form: fields("outcome", "adopted"), status: 403},
	{name: "minutes of no meeting", method: get, path: "/projects/express/meetings/m1", status: 404},
	{name: "minutes of no meeting as Markdown", method: get, path: "/projects/express/meetings/m1/minutes.md", status: 404},
	{name: "minutes of no meeting as a Word document", method: get, path: "/projects/express/meetings/m1/minutes.docx", status: 404},
	{name: "matrix", method: get, path: "/projects/express/matrix", status: 200, shows: []string{"<b>24 h 内</b>", "<b>48小时内</b>", "最严", "应在 24 h 内投递", "/standards/js-express/1#", `class="ext strict"`}, hides: []string{"〔　〕"}},
	{name: "matrix: modal words", method: get, path: "/projects/express/matrix?kind=modality", status: 200, shows: []string{"〔　〕", "义务", `name="kind" value="modality"`}, hides: []string{"<b>24 h 内</b>"}},
	{name: "matrix: what differs, of one text", method: get, path: "/projects/express/matrix?kind=all&differs=1&region=32&sort=weight", status: 200, shows: []string{"48小时内", `value="32" selected`, `name="differs" value="1" checked`, "matrix.xlsx?"}},
	{name: "matrix: below the floor, of which there is none", method: get, path: "/projects/express/matrix?below=1", status: 200, shows: []string{"没有符合条件的指标", "显示全部"}},
	{name: "matrix: what is no choice", method: get, path: "/projects/express/matrix?kind=zzz&region=99&sort=zzz&page=-1&chapter=zzz", status: 200, shows: []string{"没有符合条件的指标"}},
	{name: "matrix in English", method: get, path: "/projects/express/matrix?lang=en", status: 200, shows: []string{"Ledger of figures", "strictest"}},
	{name: "matrix as XLSX", method: get, path: "/projects/express/matrix.xlsx?differs=1", status: 200, shows: []string{"xl/workbook.xml", "xl/worksheets/sheet3.xml"}},
	{name: "matrix as CSV", method: get, path: "/projects/express/matrix.csv", status: 200, shows: []string{"类别,条目号,条目", "48小时内", "最宽"}},
	{name: "matrix of no project", method: get, path: "/projects/nowhere/matrix", status: 404},
	{name: "matrix of no project as XLSX", method: get, path: "/projects/nowhere/matrix.xlsx", status: 404},
	{name: "matrix of no project as CSV", method: get, path: "/projects/nowhere/matrix.csv", status: 404},
	{name: "draft of no project", method: get, path: "/projects/nowhere/draft", status: 404},
	{name: "concordance of no project", method: get, path: "/projects/nowhere/concordance", status: 404},
}
