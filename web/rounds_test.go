package web

import (
	"strings"
	"testing"

	"tongbiao/registry"
)

const roundCSV = "意见汇总\n章条号,意见,单位,处理意见,理由\n2.1,太短,某公司,不采纳,已有调研\n9.9,没有这条,江苏,,\n,,,,\n"

// roundScenarios are the scenarios of the round trip of commenting forms.
var roundScenarios = []scenario{
	{name: "export: workbook", method: get, path: "/standards/sh-express/comments/export.xlsx?form=gb", status: 200},
	{name: "export: document", method: get, path: "/standards/sh-express/comments/export.docx?form=iso", status: 200},
	{name: "export: values", method: get, path: "/standards/sh-express/comments/export.csv", status: 200, shows: []string{"标准章条编号", "时限从何时起算？", "上海市", "{comment}-0000"}},
	{name: "export of nothing", method: get, path: "/standards/nowhere/comments/export.csv", status: 404},
	{name: "import comments: form", method: get, path: "/standards/sh-express/comments/import", as: "demo-secretary", status: 200, shows: []string{`type="file"`, "export.xlsx?form=gb"}},
	{name: "import comments: form to a reader", method: get, path: "/standards/sh-express/comments/import", as: "demo-reader", status: 403},
	{name: "import comments: done", method: get, path: "/standards/sh-express/comments/import?new=3&answers=2&same=1", as: "demo-secretary", status: 200, shows: []string{"新意见 3 条"}},
	{name: "import comments: preview", method: post, path: "/standards/sh-express/comments/import", as: "demo-secretary", form: fields("file", "@r.csv:"+roundCSV, "do", "read"), status: 200,
		shows: []string{"预览：r.csv", "尚未写入", "新意见", "太短", "没有“9.9”", `name="row-3"`, `<option value="clause" selected>`, "不采纳", "已有调研"}},
	{name: "import comments: at once", method: post, path: "/standards/sh-express/comments/import", as: "demo-secretary", form: fields("file", "@r.csv:"+roundCSV, "do", "apply"), status: 303,
		to: "/standards/sh-express/comments/import?new=2&answers=0&same=0", events: []registry.Verb{registry.AddComment, registry.Dispose, registry.AddComment}},
	{name: "import comments: other columns", method: post, path: "/standards/sh-express/comments/import", as: "demo-secretary",
		form: fields("file", "@r.csv:"+roundCSV, "do", "look", "column-0", "clause", "column-1", "proposed", "column-2", "", "column-3", "", "column-4", ""), status: 200, shows: []string{`<option value="proposed" selected>`}, hides: []string{"已有调研</span>"}},
	{name: "import comments: of one's region", method: post, path: "/standards/sh-express/comments/import", as: "demo-32", form: fields("file", "@r.csv:"+roundCSV, "do", "read"), status: 200, shows: []string{"处理意见由秘书处填写"}},
	{name: "import comments: no table", method: post, path: "/standards/sh-express/comments/import", as: "demo-secretary", form: fields("file", "@r.csv:甲,乙\n1,2\n", "do", "read"), status: 422, shows: []string{"没有认出意见表"}},
	{name: "import comments: not a table", method: post, path: "/standards/sh-express/comments/import", as: "demo-secretary", form: fields("file", "@r.pdf:%PDF-1.7", "do", "read"), status: 422, shows: []string{"PDF"}},
	{name: "import comments: nothing", method: post, path: "/standards/sh-express/comments/import", as: "demo-secretary", form: fields("file", "@:", "do", "read"), status: 422, shows: []string{"请选择一个"}},
	{name: "import comments: no file", method: post, path: "/standards/sh-express/comments/import", as: "demo-secretary", form: fields("do", "read"), status: 422, shows: []string{"请选择一个"}},
	{name: "import comments: a page that was cut", method: post, path: "/standards/sh-express/comments/import", as: "demo-secretary", form: fields("carried", "H4s", "file", "@:", "do", "apply"), status: 422, shows: []string{"不完整"}},
}

// TestRoundCarriesItsTable: what the preview's page carries is what is done, and
// the same again changes nothing.
func TestRoundCarriesItsTable(t *testing.T) {
	s := serve(t, Options{})
	res := s.ask("demo-secretary", post, "/standards/sh-express/comments/import", fields("file", "@r.csv:"+roundCSV, "do", "read"))
	_, rest, ok := strings.Cut(res.body, `name="carried" value="`)
	carried, _, _ := strings.Cut(rest, `"`)
	if !ok || carried == "" {
		t.Fatalf("%d: the page carries nothing", res.StatusCode)
	}
	carried = strings.ReplaceAll(carried, "&#43;", "+")
	form := fields("carried", carried, "name", "r.csv", "file", "@:", "do", "apply", "row-4", "leave")
	for _, want := range []string{"?new=1&answers=0&same=1", "?new=1&answers=0&same=1", "?new=0&answers=0&same=2"} {
		res = s.ask("demo-secretary", post, "/standards/sh-express/comments/import", form)
		if to := res.Header.Get("Location"); !strings.HasSuffix(to, want) {
			t.Fatalf("%d %s, want %s\n%s", res.StatusCode, to, want, bodyText(res.body))
		}
		form.Del("row-4")
	}
	before := s.lastEvent()
	res = s.ask("demo-secretary", post, "/standards/sh-express/comments/import", form)
	if to := res.Header.Get("Location"); !strings.HasSuffix(to, "?new=0&answers=0&same=2") || len(s.eventsSince(before)) != 0 {
		t.Errorf("again: %s, events %v", to, s.eventsSince(before))
	}
}
