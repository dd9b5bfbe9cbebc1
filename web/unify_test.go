package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tongbiao/registry"
)

// Two people open the form; one saves; the other's text is brought together with
// it, or both are shown and nothing is lost.
func TestTwoEditorsOfOneClause(t *testing.T) {
	s := serve(t, Options{Demo: true})
	row := s.rowWith("24 h")
	at := rowURL(testProject, row.ID) + "/unify"
	const text = "应在 24 h 内投递。\n\n投递前应联系收件人。逾期应说明。"
	s.write("demo-secretary", row, text)
	form := func(body string) (string, string) {
		hidden := func(name string) string {
			m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
			if m == nil {
				t.Fatalf("the form has no %s", name)
			}
			return m[1]
		}
		body = body[strings.Index(body, `id="unified"`):]
		return hidden("version"), hidden("base")
	}
	version, base := form(s.ask("demo-31", get, rowURL(testProject, row.ID), nil).body)
	save := func(as, text string) answer {
		return s.ask(as, post, at, fields("version", version, "base", base, "title", "", "text", text))
	}
	if res := save("demo-31", strings.Replace(text, "24 h", "12 h", 1)); res.StatusCode != 303 {
		t.Fatalf("the first: %d\n%s", res.StatusCode, bodyText(res.body))
	}
	if res := save("demo-32", strings.Replace(text, "逾期应说明", "逾期应书面说明", 1)); res.StatusCode != 303 {
		t.Fatalf("the second, another sentence: %d\n%s", res.StatusCode, bodyText(res.body))
	}
	page := s.ask("demo-33", get, rowURL(testProject, row.ID), nil).body
	for _, want := range []string{"应在 12 h 内投递。", "逾期应书面说明。", "您保存的同时 上海代表（示范） 也改了这一条", "为什么在这里", "最初写下"} {
		if !strings.Contains(page, want) {
			t.Errorf("the row does not show %q", want)
		}
	}
	before := s.lastEvent()
	res := save("demo-secretary", strings.Replace(text, "24 h", "36 h", 1))
	if res.StatusCode != http.StatusConflict || len(s.eventsSince(before)) > 0 {
		t.Fatalf("the third, the same words: %d", res.StatusCode)
	}
	for _, want := range []string{"改了同样的字句", "应在 24 h 内投递。", `value="应在 36 h 内投递。"`, `value="应在 12 h 内投递。"`, `name="text.1" value="`, "逾期应书面说明。", "江苏代表（示范）", "上海代表（示范）"} {
		if !strings.Contains(res.body, want) {
			t.Errorf("the page on which one chooses does not show %q", want)
		}
	}
	version, base = form(res.body)
	choose := fields("version", version, "base", base, "title", "", "pieces", "2", "gap.0", "", "mine.0", "应在 36 h 内投递。", "theirs.0", "应在 12 h 内投递。",
		"gap.1", "\r\n\r\n", "text.1", "投递前应联系收件人。逾期应书面说明。")
	for pick, want := range map[string]string{"mine": "应在 36 h 内投递。\n\n投递前", "theirs": "应在 12 h 内投递。\n\n投递前", "both": "应在 12 h 内投递。应在 36 h 内投递。\n\n投递前", "edit": "应在 24 h 至 36 h 内投递。\n\n投递前"} {
		choose.Set("pick.0", pick)
		choose.Set("text.0", "应在 24 h 至 36 h 内投递。")
		if got := chosen(choose); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q…", pick, got, want)
		}
	}
	choose.Set("pick.0", "mine")
	if res := s.ask("demo-secretary", post, at, choose); res.StatusCode != 303 {
		t.Fatalf("choosing: %d\n%s", res.StatusCode, bodyText(res.body))
	}
	now, err := s.reg.Row(testProject, row.ID)
	if err != nil || now.Unified.Text != "应在 36 h 内投递。\n\n投递前应联系收件人。逾期应书面说明。" || now.Unified.By != "demo-secretary" {
		t.Errorf("kept: %+v, %v", now.Unified, err)
	}
}

// A sentence is taken by a plain button: nothing is kept until the text is saved,
// and then its source is.
func TestTakeASentence(t *testing.T) {
	s := serve(t, Options{Demo: true})
	row := s.rowWith("24 h")
	at := rowURL(testProject, row.ID) + "/unify"
	v, err := s.reg.Workbench(testProject)
	if err != nil {
		t.Fatal(err)
	}
	takes := takesOf(v, row.Row)
	i := len(takes) - 1
	if takes[i].Column != "32" {
		t.Fatalf("the last sentence is of %s", takes[i].Column)
	}
	before := s.lastEvent()
	form := fields("version", "1", "base", registry.NoClause, "title", "时限", "text", "甲。", "take", takes[i].Value)
	res := s.ask("demo-31", post, at, form)
	if res.StatusCode != 200 || len(s.eventsSince(before)) > 0 || !strings.Contains(res.body, "甲。"+takes[i].Text+"</textarea>") || !strings.Contains(res.body, `name="taken" value="`+takes[i].Value) || !strings.Contains(res.body, `value="时限"`) {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	form.Del("take")
	form.Set("text", "甲。"+takes[i].Text)
	form.Set("taken", takes[i].Value)
	if res := s.ask("demo-31", post, at, form); res.StatusCode != 303 {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	now, err := s.reg.Row(testProject, row.ID)
	if err != nil || len(now.Unified.Sources) != 2 || !now.Unified.Sources[1].Taken || now.Unified.Sources[1].Column != "32" {
		t.Errorf("%+v, %v", now.Unified, err)
	}
	form.Set("take", "32 nowhere:9 0")
	if res := s.ask("demo-31", post, at, form); res.StatusCode != http.StatusConflict || !strings.Contains(res.body, "甲。") {
		t.Errorf("a sentence that is none: %d", res.StatusCode)
	}
}
