package web

import (
	"regexp"
	"strings"
	"testing"

	"tongbiao/editor/convert"
	"tongbiao/registry"
)

// made makes a checklist and gives its address.
func (s *site) made(as, title, profile string) string {
	s.t.Helper()
	res := s.ask(as, post, "/checklists", fields("title", title, "profile", profile))
	to := res.Header.Get("Location")
	if res.StatusCode != 303 || !strings.HasPrefix(to, "/checklists/k") {
		s.t.Fatalf("%d to %s\n%s", res.StatusCode, to, bodyText(res.body))
	}
	return to
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// TestChecklist: one is filled in, printed, taken away as a workbook and as a
// declaration; nobody else sees it; two windows do not overwrite each other; a
// revision is shown word for word, and following it keeps the evidence.
func TestChecklist(t *testing.T) {
	s := serve(t, Options{})
	at := s.made("demo-reader", "上海 <投递>", "region=31&do=deliver")
	page := s.ask("demo-reader", get, at, nil).body
	for _, want := range []string{"上海 &lt;投递&gt;", "快件到达末端网点后，应在 24 h 内投递。", `name="evidence-i1"`, "0</b>/1", `<span class="chip q">24 h 内</span>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %s\n%s", want, bodyText(page))
		}
	}
	version := versionField.FindStringSubmatch(page)[1]
	res := s.ask("demo-reader", post, at, fields("version", version, "state-i1", "done", "evidence-i1", "=签收记录 <抽查>", "responsible-i1", "王某"))
	if res.StatusCode != 303 || res.Header.Get("Location") != at {
		t.Fatalf("%d to %s\n%s", res.StatusCode, res.Header.Get("Location"), bodyText(res.body))
	}
	for path, want := range map[string]string{at: "=签收记录 &lt;抽查&gt;</textarea>", at + "/print": "=签收记录 &lt;抽查&gt;", "/checklists": "1</b>/1", at + "/declaration?name=%3Cb%3E%E6%9F%90%E4%BC%81%E4%B8%9A": "&lt;b&gt;某企业"} {
		if body := s.ask("demo-reader", get, path, nil).body; !strings.Contains(body, want) {
			t.Errorf("%s does not show %s\n%s", path, want, bodyText(body))
		}
		if path == "/checklists" {
			if body := s.ask("demo-31", get, path, nil).body; strings.Contains(body, "投递") {
				t.Error("another member sees the checklist")
			}
			continue
		}
		if res := s.ask("demo-admin", get, path, nil); res.StatusCode != 404 {
			t.Errorf("%s as another member: %d", path, res.StatusCode)
		}
	}
	for file, want := range map[string]string{"/checklist.xlsx": "=签收记录 <抽查>", "/declaration.xlsx?name=x": "DB31/T 900001—2024"} {
		if book := cellsOf(t, s.ask("demo-reader", get, at+file, nil).body); !strings.Contains(book, want) {
			t.Errorf("%s: %s", file, book)
		}
	}

	// A window that is older: what it wrote stands, beside what is kept.
	res = s.ask("demo-reader", post, at, fields("version", version, "state-i1", "doing", "evidence-i1", "另一处写的", "responsible-i1", ""))
	if res.StatusCode != 409 || !strings.Contains(res.body, "另一处写的</textarea>") || !strings.Contains(res.body, "别处已保存") {
		t.Errorf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	res = s.ask("demo-reader", post, at, fields("version", "2", "state-i1", "none", "evidence-i1", "", "responsible-i1", ""))
	if res.StatusCode != 422 || !strings.Contains(res.body, "要写明理由") {
		t.Errorf("%d\n%s", res.StatusCode, bodyText(res.body))
	}

	// A revision comes.
	_, _, err := s.reg.Submit(registry.System, registry.Submission{Standard: "sh-express", Base: 2, Source: []byte(changedText("12 h")), Message: "收紧"})
	if err != nil {
		t.Fatal(err)
	}
	page = s.ask("demo-reader", get, at, nil).body
	if !strings.Contains(page, "<del>24 h</del><ins>12 h</ins>") && !strings.Contains(page, "<del>24 h 内</del><ins>12 h 内</ins>") || !strings.Contains(page, "/standards/sh-express/compare?a=2&amp;b=3") {
		t.Errorf("the difference is not shown\n%s", bodyText(page))
	}
	version = versionField.FindStringSubmatch(page)[1]
	if res := s.ask("demo-reader", post, at+"/follow", fields("version", "1")); res.StatusCode != 409 {
		t.Errorf("following an older list: %d", res.StatusCode)
	}
	if res := s.ask("demo-reader", post, at+"/follow", fields("version", version)); res.StatusCode != 303 {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	page = s.ask("demo-reader", get, at, nil).body
	if !strings.Contains(page, "12 h 内投递") || !strings.Contains(page, "=签收记录") || strings.Contains(page, "<del>") || !strings.Contains(page, `<option value="open" selected>`) {
		t.Errorf("after following\n%s", bodyText(page))
	}
	if res := s.ask("demo-reader", post, at+"/drop", fields()); res.StatusCode != 303 {
		t.Fatalf("%d", res.StatusCode)
	}
	if err := s.reg.Verify(func(f registry.Fault) { t.Errorf("%+v", f) }); err != nil {
		t.Error(err)
	}
}

// cellsOf are the cells of a workbook, one a line.
func cellsOf(t *testing.T, file string) string {
	t.Helper()
	sheets, err := convert.ReadTables([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range sheets {
		for _, r := range s.Rows {
			b.WriteString(strings.Join(r, "\n") + "\n")
		}
	}
	return b.String()
}
