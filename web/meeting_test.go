package web

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"tongbiao/registry"
)

// TestMeeting goes through a meeting by its forms alone: opened, a row taken,
// positions recorded and said, decided, closed, and told in its minutes.
func TestMeeting(t *testing.T) {
	s := serve(t, Options{Demo: true})
	row := s.rowWith("24 h")
	at := "/projects/express/meeting/rows/" + row.ID
	s.posts("demo-31", "/projects/express/rows/"+row.ID+"/unify", 303, "version", strconv.Itoa(row.Version), "title", "投递时限", "text", "应在 36 h 内投递。")
	s.posts("demo-secretary", "/projects/express/meeting", 303, "title", "第一次会议", "place", "线上", "present", "demo-31", "guests", "某协会 张三", "queue", "open")
	s.posts("demo-secretary", "/projects/express/meeting", 409, "title", "又一次", "present", "demo-31", "queue", "open")

	page := s.shows("demo-secretary", at, "36 h 内", "24 h 内", "未到会", `name="outcome"`, "/record", "上海")
	row = s.rowWith("24 h")
	hash := row.Unified.Hash
	if strings.Contains(page.body, `id="said-32"><p class="said-now"><kbd>`) {
		t.Error("the secretary can speak for a region that is not there")
	}
	s.posts("demo-secretary", at+"/record", 422, "region", "32", "verdict", "agree", "hash", hash)
	s.posts("demo-secretary", at+"/record", 422, "region", "31", "verdict", "", "hash", hash) // Enter in the note alone
	refusal := s.posts("demo-secretary", at+"/record", 422, "region", "31", "verdict", "object", "note", "", "hash", hash)
	if !strings.Contains(refusal.body, "请写明为什么不同意") {
		t.Error("the screen does not say why the position was refused")
	}
	m, open, err := s.reg.OpenMeetingOf(testProject)
	if err != nil || !open {
		t.Fatalf("no open meeting: %v", err)
	}
	lost := s.posts("demo-secretary", "/projects/express/meeting/attend", 409, "attended", "1", "present", "demo-31", "guests", "某学会 李四")
	if !strings.Contains(lost.body, "某学会 李四</textarea>") || !strings.Contains(lost.body, "某协会 张三") {
		t.Error("who overwrites a list of those present is not shown both")
	}
	s.posts("demo-secretary", "/projects/express/meeting/attend", 303, "attended", strconv.FormatUint(m.Attended, 10), "present", "demo-31", "present", "demo-32", "guests", "某协会 张三")
	s.posts("demo-secretary", at+"/record", 303, "region", "31", "verdict", "agree", "hash", hash)
	s.shows("demo-reader", at, "会上记录")
	s.posts("demo-32", at+"/position", 409, "region", "32", "verdict", "object", "note", "我们的理由", "hash", "old")
	s.posts("demo-32", at+"/position", 303, "region", "32", "verdict", "agree", "hash", hash)
	s.shows("demo-secretary", at, "会上已定")
	kept := s.posts("demo-secretary", at+"/decision", 422, "version", strconv.Itoa(row.Version), "outcome", "deferred", "reason", "")
	if !strings.Contains(kept.body, "请写明为什么") {
		t.Error("the screen does not say why the decision was refused")
	}
	kept = s.posts("demo-secretary", at+"/decision", 409, "version", "1", "outcome", "redrafted", "reason", "写了很久的理由")
	if !strings.Contains(kept.body, "写了很久的理由</textarea>") {
		t.Error("what was typed is lost")
	}
	s.posts("demo-secretary", at+"/decision", 303, "version", strconv.Itoa(row.Version), "outcome", "adopted", "reason", "取中间值")
	s.shows("demo-secretary", "/projects/express/meeting", "会上已定 1 条", "取中间值", "结束会议")

	minutes := "/projects/express/meetings/" + m.ID
	s.shows("", minutes, "会议尚未结束", "取中间值")
	s.posts("demo-secretary", "/projects/express/meeting/close", 303, "meeting", m.ID)
	s.shows("", minutes, "第一次会议", "上海代表（示范）", "某协会 张三", "取中间值", "36 h", "会上记录", "SHA-256")
	s.shows("", minutes+"/minutes.md", "# 第一次会议", "取中间值")
	s.shows("", minutes+"/minutes.docx", "word/document.xml")
	s.shows("demo-secretary", "/projects/express/meeting", "历次会议", "第 2 次工作组会议")
	s.shows("", "/projects/express/explanation", "第一次会议", "取中间值")
	s.shows("", "/events", "会议“第一次会议”", "采纳 取中间值", "结束会议，纪要定稿", minutes)
	if err := s.reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
}

// A form of a meeting that was closed does nothing in the one that was opened
// since.
func TestFormOfAnEarlierMeeting(t *testing.T) {
	s := serve(t, Options{Demo: true})
	at := "/projects/express/meeting"
	row := s.rowWith("24 h")
	s.posts("demo-secretary", at, 303, "title", "第一次会议", "present", "demo-31", "queue", "open")
	first, _, err := s.reg.OpenMeetingOf(testProject)
	if err != nil {
		t.Fatal(err)
	}
	s.shows("demo-secretary", at+"/rows/"+row.ID, `name="meeting" value="`+first.ID+`"`)
	s.posts("demo-secretary", at+"/close", 303, "meeting", first.ID)
	s.posts("demo-secretary", at, 303, "title", "第二次会议", "present", "demo-31", "queue", "open")
	s.shows("demo-secretary", at, `name="meeting"`)
	s.posts("demo-secretary", at+"/close", 409, "meeting", first.ID)
	s.posts("demo-secretary", at+"/attend", 409, "meeting", first.ID, "present", "demo-31")
	s.posts("demo-secretary", at+"/rows/"+row.ID+"/decision", 409, "meeting", first.ID, "version", strconv.Itoa(row.Version), "outcome", "deferred", "reason", "再议")
	second, open, err := s.reg.OpenMeetingOf(testProject)
	if err != nil || !open || second.ID == first.ID || len(second.Decisions) > 0 {
		t.Errorf("the second meeting is %+v, open %v, %v", second, open, err)
	}
}

// posts sends a form and fails unless the answer has this status.
func (s *site) posts(as, path string, status int, pairs ...string) answer {
	s.t.Helper()
	got := s.ask(as, http.MethodPost, path, fields(pairs...))
	if got.StatusCode != status {
		s.t.Fatalf("%s %s: %s, want %d\n%.1500s", as, path, got.Status, status, got.body)
	}
	return got
}

// shows asks for a page and fails unless it holds these words.
func (s *site) shows(as, path string, words ...string) answer {
	s.t.Helper()
	got := s.ask(as, http.MethodGet, path, nil)
	if got.StatusCode != http.StatusOK {
		s.t.Fatalf("%s %s: %s", as, path, got.Status)
	}
	for _, w := range words {
		if !strings.Contains(got.body, w) {
			s.t.Errorf("%s %s does not show %q", as, path, w)
		}
	}
	return got
}
