package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
)

// A region writes the text that it wants, the secretariat adopts it with one
// button, and the page of progress says who is waited for.
func TestAWantedChangeByForms(t *testing.T) {
	s := serve(t, Options{})
	row := s.rowWith("24 h")
	here, progress := rowURL(testProject, row.ID), "/projects/express/progress"
	s.do("demo-secretary", row, "unify", 303, "version", at(row), "title", "投递时限", "text", clauseText)
	now := s.rowWith("24 h")
	s.see("", progress, "待表态 1 条", here+"#positions", "投递时限")

	said := func(as string, status int, pairs ...string) answer {
		return s.do(as, now, "position", status, append([]string{"region", strings.TrimPrefix(as, "demo-"), "hash", now.Unified.Hash, "was", strings.ReplaceAll(clauseText, "\n", "\r\n")}, pairs...)...)
	}
	want := strings.Replace(clauseText, "24 h 内投递", "48 h 内首次投递", 1)
	// A text that was left as it is wants nothing, however the browser ends its lines.
	said("demo-31", 303, "verdict", "agree", "change", strings.ReplaceAll(clauseText, "\n", "\r\n"))
	res := said("demo-32", 422, "verdict", "agree", "change", want)
	if !strings.Contains(res.body, "您改了条文") || !strings.Contains(res.body, "48 h 内首次投递") {
		t.Errorf("a changed text with a yes:\n%s", bodyText(res.body))
	}
	said("demo-32", 422, "verdict", "agree-with-change", "change", clauseText)
	said("demo-32", 303, "verdict", "agree-with-change", "change", want, "note", "农村网点<多>")
	body := s.see("demo-secretary", here, "修改后同意", "<del>", "<ins>", "农村网点&lt;多&gt;", "采用这处修改")
	if body := s.see("demo-reader", here, "要改成"); strings.Contains(body, "采用这处修改") {
		t.Error("a reader is offered to adopt a change")
	}
	s.see("", progress, "有分歧", "待处理 1 条")
	_, event, _ := strings.Cut(body, `name="event" value="`)
	event, _, _ = strings.Cut(event, `"`)
	s.do("demo-secretary", now, "apply", 409, "version", "0", "event", event)
	s.do("demo-secretary", now, "apply", 303, "version", at(now), "event", event)
	after := s.rowWith("24 h")
	if after.Unified.Text != want || after.State != registry.Waiting {
		t.Errorf("the row is %s and says %q", after.State, after.Unified.Text)
	}
	s.see("", progress, "待表态 1 条", "对上一稿：同意", "对上一稿：修改后同意")
	s.do("demo-secretary", after, "apply", 409, "version", at(after), "event", event) // it was wanted of another text
	s.see("demo-31", progress+"?since="+time.Now().In(beijing).Format(time.DateOnly), "状态变了的条目（1）", "写了统一条款", "表态")
}

// A change of the rule says what it settled, in the settings and in the log.
func TestANewRuleByForms(t *testing.T) {
	s := serve(t, Options{})
	row := s.rowWith("24 h")
	s.do("demo-secretary", row, "unify", 303, "version", at(row), "title", "投递时限", "text", clauseText)
	now := s.rowWith("24 h")
	s.do("demo-31", now, "position", 303, "region", "31", "verdict", "agree", "hash", now.Unified.Hash)
	s.do("demo-32", now, "position", 303, "region", "32", "verdict", "abstain", "hash", now.Unified.Hash)
	s.see("demo-secretary", "/projects/express/settings", "按此规则已定 1 条", "新定 1 条", "看是哪几条")
	res := s.ask("demo-secretary", post, "/projects/express/settings", fields("version", "1", "title", "统一快递服务规范", "mode", "joint", "rule", "consensus"))
	if res.StatusCode != 303 {
		t.Fatal(res.StatusCode, bodyText(res.body))
	}
	s.see("", "/projects/express/settings", "修改了项目设置", "表决规则：全体同意 → 协商一致；新定 1 条，重新打开 0 条")
	s.see("", "/events", "表决规则：全体同意 → 协商一致")
	if got := s.rowWith("24 h").State; got != registry.Settled {
		t.Errorf("the row is %s", got)
	}
}

// The chart says what the days say, whatever they are.
func TestChart(t *testing.T) {
	day := func(n int, counts ...int) registry.Day {
		return registry.Day{Date: time.Date(2026, 11, n, 0, 0, 0, 0, beijing), Counts: registry.Tallies(counts)}
	}
	c := chartOf([]registry.Day{day(2, 0, 0, 0, 10), day(3, 0, 4, 1, 5), day(4, 5, 0, 0, 5)})
	if len(c.Areas) != 4 || c.Areas[0].Count != 5 || c.Areas[3].Count != 5 || c.Weekly {
		t.Errorf("areas %+v", c.Areas)
	}
	if want := "M34 200L224 200L224 200L414 200L414 105L604 105L604 200L414 200L414 200L224 200L224 200L34 200Z"; c.Areas[0].Path != want {
		t.Errorf("settled is drawn as %s, want %s", c.Areas[0].Path, want)
	}
	if !slices.Equal(c.Days[0].Counts, []int{5, 0, 0, 5}) || c.Days[0].Date.Day() != 4 {
		t.Errorf("the table begins with %+v", c.Days[0])
	}
	c = chartOf([]registry.Day{day(2, 0, 0, 0, 100), day(3, 1, 2, 1, 96)})
	if len(c.Areas) != 3 || c.Hidden != 96 || c.Rules[len(c.Rules)-1].Value != 4 || len(c.Days[0].Counts) != 4 {
		t.Errorf("of 100 rows with 4 begun %+v are drawn", c)
	}
	var long []registry.Day
	for i := range 400 {
		long = append(long, day(1+i, i, 0, 0, 400-i))
	}
	c = chartOf(long)
	if !c.Weekly || len(c.Days) != 58 || !c.Days[0].Date.Equal(long[399].Date) || len(c.Dates) > 8 {
		t.Errorf("of 400 days %d are shown, %d dates, the last %s", len(c.Days), len(c.Dates), c.Days[0].Date)
	}
	for _, none := range [][]registry.Day{nil, {day(1, 0, 0, 0, 0)}} {
		chartOf(none) // nothing to show is no fault
	}
	for _, most := range []int{0, 1, 3, 4, 5, 9, 10, 99, 600, 12345} {
		if at := levels(most); len(at) == 0 || len(at) > 5 || at[len(at)-1] > most {
			t.Errorf("levels up to %d: %v", most, at)
		}
	}
}
