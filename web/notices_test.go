package web

import (
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
)

// TestNoticesReachWhoSpoke: an answer is on the inbox, in the count beside every
// page, in the feed and in a letter, as text; reading ends it.
func TestNoticesReachWhoSpoke(t *testing.T) {
	s := serve(t, Options{Site: "https://tongbiao.example.org"})
	res := s.ask("demo-reader", post, "/standards/sh-express/comments", fields("reply_to", s.comment(), "body", `见 <b>4.1</b> & "附录"`))
	if res.StatusCode != 303 {
		t.Fatalf("%d\n%s", res.StatusCode, bodyText(res.body))
	}
	res = s.ask("demo-31", get, "/inbox", nil)
	for _, want := range []string{"企业读者（示范） 回复了您参加的讨论", "上海快递服务规范", `class="unread"`, "&lt;b&gt;4.1&lt;/b&gt;", "1 条未读"} {
		if !strings.Contains(res.body, want) {
			t.Errorf("the inbox does not show %q:\n%s", want, bodyText(res.body))
		}
	}
	if strings.Contains(s.ask("demo-reader", get, "/inbox", nil).body, `class="unread"`) {
		t.Error("who spoke is told of it")
	}

	token := regexp.MustCompile(`/feeds/([\w-]+)`).FindStringSubmatch(s.ask("demo-31", post, "/account/feed", fields()).body)
	if token == nil {
		t.Fatal("no address of a feed")
	}
	res = s.ask("", get, token[0], nil)
	var feed struct {
		Title string `xml:"title"`
		Entry []struct {
			Title string `xml:"title"`
			Link  struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Summary string `xml:"summary"`
			Updated string `xml:"updated"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(res.body), &feed); err != nil {
		t.Fatal(err)
	}
	if len(feed.Entry) != 1 || feed.Entry[0].Summary != `见 <b>4.1</b> & "附录"` || !strings.HasPrefix(feed.Entry[0].Link.Href, "https://tongbiao.example.org/standards/sh-express/comments") {
		t.Errorf("the feed says %+v", feed)
	}
	if _, err := time.Parse(time.RFC3339, feed.Entry[0].Updated); err != nil {
		t.Error(err)
	}
	again := s.ask("demo-31", post, "/account/feed", fields())
	if old := s.ask("", get, token[0], nil); again.StatusCode != 200 || old.StatusCode != 404 {
		t.Errorf("another address: %d; the old one still answers %d", again.StatusCode, old.StatusCode)
	}

	m, err := s.reg.Member("demo-31")
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := s.reg.Notices(m, 0, 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d notices: %v", len(list), err)
	}
	subject, text := s.web.Letter(registry.Letter{Member: m, Notices: list})
	if subject != "[同标] 1 条新通知" || !strings.Contains(text, "https://tongbiao.example.org/standards/sh-express/comments") || strings.Contains(text, "附录") {
		t.Errorf("%s\n%s", subject, text)
	}
	if subject, text = s.web.Letter(registry.Letter{Member: m, Token: "a&b"}); !strings.Contains(text, "https://tongbiao.example.org/account/address?token=a%26b") {
		t.Errorf("%s\n%s", subject, text)
	}

	s.ask("demo-31", post, "/inbox", fields("up_to", "999999"))
	if body := s.ask("demo-31", get, "/inbox", nil).body; strings.Contains(body, `class="unread"`) || strings.Contains(body, "条未读") {
		t.Error("what was read is still new")
	}
}
