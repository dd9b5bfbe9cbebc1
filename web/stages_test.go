package web

import (
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
)

// TestProcedureOverHTTP takes a text from a draft to a ballot that passes, as its
// people do on the pages: what is missing is said with where to mend it, what is
// frozen stays so, votes change until the end, minutes come as a file.
func TestProcedureOverHTTP(t *testing.T) {
	s := serve(t, Options{})
	text := strings.NewReplacer("id: sh-express\n", "id: sh-new\n", "number: DB31/T 900001—2024\n", "", "status: in-force\npublished: 2024-01-10\neffective: 2024-03-01\n", "status: draft\n").Replace(shanghaiText)
	if _, _, err := s.reg.Submit(registry.System, registry.Submission{Standard: "sh-new", Source: []byte(text), Message: "起草"}); err != nil {
		t.Fatal(err)
	}
	const at = "/standards/sh-new/process"
	page := s.shows("demo-31", at, "起草", "缺编制说明", `href="#documents"`, "错误级的检查问题", `href="/drafts/sh-new"`)
	if strings.Contains(page.body, `value="stage.consult"`) {
		t.Error("the consultation can be opened though something is missing")
	}
	s.posts("demo-31", "/standards/sh-new/documents", 303, "kind", "explanation", "file", "@说明.md:# 编制说明\n")
	page = s.shows("demo-31", at, "说明.md")
	if strings.Contains(page.body, "缺编制说明") {
		t.Error("the explanation is attached and said to be missing")
	}
	list, err := s.reg.ProcessView(registry.System, "sh-new")
	if err != nil {
		t.Fatal(err)
	}
	res := s.ask("demo-reader", get, "/standards/sh-new/documents/"+list.Attachments[0].ID, nil)
	if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment;") || res.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the document comes as %d %v", res.StatusCode, res.Header)
	}
	today := time.Now().In(registry.China).Format(time.DateOnly)
	s.posts("demo-secretary", "/standards/sh-new/ballots", 303, "question", "通过吗？", "rule", "unanimous", "closes", today, "members", "demo-31", "members", "demo-32", "revision", "1")
	const ballot = "/standards/sh-new/ballots/1"
	s.shows("demo-31", ballot, "通过吗？", "请表决", "全体一致")
	s.posts("demo-31", ballot+"/vote", 422, "choice", "object", "why", " ")
	s.posts("demo-31", ballot+"/vote", 303, "choice", "object", "why", "时限过严")
	s.shows("demo-31", ballot, "您已表决，可以更改", "时限过严")
	s.posts("demo-33", ballot+"/vote", 403, "choice", "agree")
	s.posts("demo-31", ballot+"/vote", 303, "choice", "agree")
	s.posts("demo-32", ballot+"/vote", 303, "choice", "agree")
	s.posts("demo-31", ballot+"/close", 403, "reason", "完")
	if res := s.ask("demo-31", get, ballot+"/minutes.docx", nil); res.StatusCode != 409 {
		t.Errorf("minutes of a ballot that is open: %d", res.StatusCode)
	}
	s.posts("demo-secretary", ballot+"/close", 422, "reason", "")
	s.posts("demo-secretary", ballot+"/close", 303, "reason", "都已表决")
	s.shows("demo-reader", ballot, "审查表决纪要", "通过。", "应表决 2 人")
	s.shows("demo-reader", "/standards/sh-new/ballots", "通过吗？", "2 / 2")
	if res := s.ask("demo-31", get, ballot+"/minutes.md", nil); res.StatusCode != 200 || !strings.Contains(res.body, "上海代表（示范）") {
		t.Errorf("the minutes: %d %s", res.StatusCode, res.body)
	}
	if res := s.ask("demo-31", get, ballot+"/minutes.docx", nil); res.StatusCode != 200 || !strings.HasPrefix(res.body, "PK") {
		t.Errorf("the minutes as a document: %d", res.StatusCode)
	}
	s.posts("demo-31", ballot+"/vote", 409, "choice", "object", "why", "太晚了")
}

// TestSecretBallot looks for who voted how on every page that tells of it.
func TestSecretBallot(t *testing.T) {
	s := serve(t, Options{})
	today := time.Now().In(registry.China).Format(time.DateOnly)
	const ballot = "/standards/sh-express/ballots/1"
	s.posts("demo-secretary", "/standards/sh-express/ballots", 303, "question", "通过吗？", "rule", "committee", "closes", today, "members", "demo-31", "members", "demo-32", "secret", "1")
	s.posts("demo-31", ballot+"/vote", 303, "choice", "object", "why", "只有上海会说的理由")
	hidden := func(as, path, words string) {
		t.Helper()
		if res := s.ask(as, get, path, nil); res.StatusCode != 200 || strings.Contains(res.body, words) {
			t.Errorf("%s to %s: %d, or shows %q", path, as, res.StatusCode, words)
		}
	}
	hidden("demo-32", ballot, "只有上海会说的理由")
	hidden("demo-secretary", ballot, "只有上海会说的理由")
	hidden("demo-secretary", "/events", "只有上海会说的理由")
	s.shows("demo-31", ballot, "只有上海会说的理由") // one's own
	s.posts("demo-secretary", ballot+"/close", 303, "reason", "完")
	hidden("demo-32", ballot, "上海代表（示范）（沪），不同意")
	hidden("demo-32", ballot+"/minutes.md", "上海代表（示范）（沪），不同意")
	s.shows("demo-32", ballot+"/minutes.md", "只有上海会说的理由") // the reason itself is told, without a name
}
