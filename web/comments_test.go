package web

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"tongbiao/registry"
)

// passing is what a page says that changes by itself: how long a search took, and
// the number of the log's last event.
var passing = regexp.MustCompile(`[0-9.]+ (?:ms|毫秒|秒)|data-seq="[0-9]+"|第 [0-9]+ 号|since=[0-9TZ:%a-f-]+#since|上次登录（[^）]*）`)

// TestWhatIsSaidInsideARegionStaysThere: who looks × page. To whom is not of the
// region every page is what it was before something was said inside it: no words,
// no count, no event, no ID. Those of the region see it.
func TestWhatIsSaidInsideARegionStaysThere(t *testing.T) {
	s := serve(t, Options{})
	const standard = "/standards/sh-express"
	pages := []string{
		"/", "/search?q=%E6%9C%BA%E5%AF%86", "/search?q=%E6%97%B6%E9%99%90", "/standards", standard, standard + "/1", standard + "/history", standard + "/clauses/delivery-time", standard + "/2/blame",
		standard + "/comments", standard + "/comments?clause=delivery-time", standard + "/comments?sort=arrival&from=1", standard + "/comments?state=unanswered",
		standard + "/comments?inside=region", standard + "/comments?state=to-submit", standard + "/comments?region=31", standard + "/comments?q=%E6%9C%BA%E5%AF%86", standard + "/comments/export.csv",
		standard + "/process", standard + "/suggestions", "/consultations", "/events", "/events?object=regions/31", "/events?object=standards/sh-express", "/inbox", "/account",
		"/projects", "/projects/express", "/projects/express/comments", "/projects/express/progress?since=2026-01-01T00:00:00Z", "/projects/express/meeting",
	}
	feed := map[string]string{}
	outside := []string{"", "demo-reader", "demo-32", "demo-secretary", "demo-admin"}
	for _, as := range outside[1:] {
		_, rest, _ := strings.Cut(s.ask(as, post, "/account/feed", fields()).body, "/feeds/")
		feed[as] = "/feeds/" + rest[:strings.IndexFunc(rest, func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", r)
		})]
	}
	see := func() map[string]string {
		out := map[string]string{}
		for _, as := range outside {
			for _, page := range pages {
				if as == "demo-admin" && page == "/events" { // it tells of sign-ins, of which the test makes some
					continue
				}
				res := s.ask(as, get, page, nil)
				if res.StatusCode != 200 && as != "" {
					t.Fatalf("%s as %q: %d", page, as, res.StatusCode)
				}
				out[as+" "+page] = passing.ReplaceAllString(res.body, "")
			}
			if as != "" {
				res := s.ask("", get, feed[as], nil)
				if res.StatusCode != 200 {
					t.Fatalf("%s of %s: %d", feed[as], as, res.StatusCode)
				}
				out[as+" feed"] = res.body
			}
		}
		return out
	}
	live := s.listen(t, "demo-32", liveURL)
	live.await("hello")
	before := see()
	shanghai, author := s.member("demo-31"), s.member("demo-author")
	on := registry.Ref{Standard: "sh-express", Clause: "delivery-time"}
	var ids []string
	for i := range 3 {
		c, err := s.reg.AddComment(author, registry.Comment{On: on, Scope: "31", Quote: "24 h", Body: fmt.Sprintf("机密 %d @demo-31 @demo-32 @demo-secretary", i), Proposed: "机密条文"})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}
	for _, act := range []func() error{
		func() error {
			_, err := s.reg.AddComment(shanghai, registry.Comment{On: on, ReplyTo: ids[0], Body: "机密回复 @demo-32"})
			return err
		},
		func() error { _, err := s.reg.Support(shanghai, "sh-express", ids[0], true); return err },
		func() error { return s.reg.LeaveOut(shanghai, "sh-express", ids[1:2], "机密理由") },
		func() error {
			_, err := s.reg.ResolveComment(shanghai, registry.Comment{ID: ids[2], On: on}, true, "机密结果")
			return err
		},
	} {
		if err := act(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.index.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for page, now := range see() {
		if now != before[page] {
			t.Errorf("%s changed by what was said inside a region:\n%s", page, parting(before[page], now))
		}
		if strings.Contains(now, "机密回复") || strings.Contains(now, "机密理由") {
			t.Errorf("%s shows it", page)
		}
	}
	s.write("demo-31", s.rowWith("24 h"), "应在 12 h 内投递。")
	for m, ok := live.next(); m.name != "change"; m, ok = live.next() {
		if !ok || m.name != "seen" || m.data != "{}" {
			t.Fatalf("the stream tells %+v", m)
		}
	}
	for as, want := range map[string]map[string]string{
		"demo-31":     {standard + "/comments": "机密回复", "/events": "机密", standard + "/comments?state=to-submit": "待提交 2", "/inbox": "机密"},
		"demo-author": {standard + "/comments?inside=region": "机密理由", standard + "/comments": "本地区内部 3", "/inbox": "机密"},
	} {
		for page, words := range want {
			if body := s.ask(as, get, page, nil).body; !strings.Contains(body, words) {
				t.Errorf("%s, of the region, does not see %q on %s:\n%s", as, words, page, bodyText(body))
			}
		}
	}
}

// TestACommentIsFoundWhereItStands: after it was added its reader is led to the
// page of the table that holds it, and one who narrowed the table stays there.
func TestACommentIsFoundWhereItStands(t *testing.T) {
	s := serve(t, Options{})
	var list []registry.Comment
	for i := range 2 * commentsPerPage {
		list = append(list, registry.Comment{On: registry.Ref{Standard: "sh-express", Clause: "scope"}, Region: "31", Body: fmt.Sprintf("意见 %d", i)})
	}
	if _, err := s.reg.AddComments(s.member("demo-31"), list, "表格"); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"", "?clause=proxy", "?region=33", "?sort=arrival"} {
		res := s.ask("demo-31", post, "/standards/sh-express/comments"+query, fields("on", "proxy", "type", "te", "body", "代收点？"))
		to := res.Header.Get("Location")
		page, id, _ := strings.Cut(to, "#")
		if body := s.ask("demo-31", get, page, nil).body; res.StatusCode != 303 || id == "" || !strings.Contains(body, `id="`+id+`"`) {
			t.Errorf("from %q: %d, to %s, which does not hold it", query, res.StatusCode, to)
		}
		res = s.ask("demo-32", post, "/standards/sh-express/comments"+query, fields("reply_to", id, "body", "同问"))
		page, _, _ = strings.Cut(res.Header.Get("Location"), "#")
		if body := s.ask("demo-32", get, page, nil).body; !strings.Contains(body, `id="`+id+`"`) {
			t.Errorf("a reply from %q leads to %s", query, res.Header.Get("Location"))
		}
	}
}

// TestDuplicatesAreConfirmedAsSeen: a group that changed since it was proposed is
// not gathered.
func TestDuplicatesAreConfirmedAsSeen(t *testing.T) {
	s := serve(t, Options{})
	on := registry.Ref{Standard: "sh-express", Clause: "proxy"}
	for _, body := range []string{"代收点的责任不明确，建议写明。", "建议写明代收点的责任，现在不明确。"} {
		if _, err := s.reg.AddComment(s.member("demo-32"), registry.Comment{On: on, Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	alike, err := s.reg.AlikeComments(s.member("demo-secretary"), "sh-express")
	if err != nil || len(alike) != 1 {
		t.Fatalf("%+v, %v", alike, err)
	}
	head, other := alike[0].Head, alike[0].Others[0]
	body := s.ask("demo-secretary", get, "/standards/sh-express/comments", nil).body
	for _, want := range []string{`name="head" value="` + head + `.1"`, `name="comment" value="` + other + `.1"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the proposal does not post %s", want)
		}
	}
	if _, err := s.reg.Support(s.member("demo-33"), "sh-express", other, true); err != nil {
		t.Fatal(err)
	}
	form := fields("head", head+".1", "comment", other+".1")
	if res := s.ask("demo-secretary", post, "/standards/sh-express/comments/gather", form); res.StatusCode != 409 {
		t.Errorf("%d for a group that changed", res.StatusCode)
	}
	form = fields("head", head+".1", "comment", other+".2")
	if res := s.ask("demo-secretary", post, "/standards/sh-express/comments/gather", form); res.StatusCode != 303 {
		t.Errorf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
}

// TestCommentsOfAProject: those on its rows with their state and a link to the row.
func TestCommentsOfAProject(t *testing.T) {
	s := serve(t, Options{})
	row := s.rowWith("24 h")
	open, err := s.reg.AddComment(s.member("demo-32"), registry.Comment{Project: testProject, Row: row.ID, Body: "何时起算？"})
	if err != nil {
		t.Fatal(err)
	}
	done, err := s.reg.AddComment(s.member("demo-31"), registry.Comment{Project: testProject, Row: row.ID, Body: "已议定的"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.reg.AddComment(s.member("demo-31"), registry.Comment{Project: testProject, ReplyTo: open.ID, Body: "到达网点起"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.reg.ResolveComment(s.member("demo-secretary"), done, true, "不改"); err != nil {
		t.Fatal(err)
	}
	body := s.see("", "/projects/"+testProject+"/comments", "何时起算？", "到达网点起", "已议定的", "不改", "共 2 条，讨论未结束 1 条",
		`href="/projects/`+testProject+"/rows/"+row.ID+"#"+open.ID+`"`)
	if n := strings.Count(body, "<article"); n != 2 {
		t.Errorf("%d threads", n)
	}
	if body := s.see("", "/projects/"+testProject+"/comments?state=open", "何时起算？"); strings.Contains(body, "已议定的") {
		t.Error("the filter lets through what is closed")
	}
}

// BenchmarkCommentPage asks for pages of the table of 5,000 comments on one
// standard, over HTTP, as the secretary.
func BenchmarkCommentPage(b *testing.B) {
	s := serve(b, Options{})
	var list []registry.Comment
	for i := range 5000 {
		on := registry.Ref{Standard: "sh-express", Clause: []string{"scope", "delivery-time", "proxy"}[i%3]}
		list = append(list, registry.Comment{On: on, Region: []string{"31", "32", "33", "34"}[i%4], Body: fmt.Sprintf("第 %d 条意见：建议写明时限的起算点和责任。", i)})
	}
	if _, err := s.reg.AddComments(s.member("demo-secretary"), list, "表格"); err != nil {
		b.Fatal(err)
	}
	for _, page := range []struct{ name, query string }{{"first", ""}, {"middle", "?from=2500"}, {"unanswered", "?state=unanswered"}, {"words", "?q=4999"}} {
		b.Run(page.name, func(b *testing.B) {
			for b.Loop() {
				if res := s.ask("demo-secretary", get, "/standards/sh-express/comments"+page.query, nil); res.StatusCode != 200 {
					b.Fatal(res.StatusCode)
				}
			}
		})
	}
}

func (s *site) member(id string) registry.Member {
	s.t.Helper()
	m, err := s.reg.Member(id)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// parting is where two pages part.
func parting(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	from := max(0, n-80)
	return strings.ToValidUTF8(a[from:min(len(a), n+80)]+"\n→ "+b[from:min(len(b), n+80)], "")
}
