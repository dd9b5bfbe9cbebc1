package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tongbiao/registry"
)

// scenario is one request to a site of its own, and what must come of it.
type scenario struct {
	name   string
	as     string // demo-31, demo-author, demo-reader, demo-secretary, demo-admin; "" nobody
	method string
	path   string
	form   url.Values

	status int
	to     string // where a redirect leads
	shows  []string
	hides  []string
	events []registry.Verb // what the log gained
}

// fields makes a form: name, value, name, value …
func fields(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// changedText is the Shanghai text, as its second revision holds it, with
// another time limit.
func changedText(limit string) string {
	return strings.NewReplacer("24 h", limit, "7 日内", "5 日内").Replace(shanghaiText)
}

var siteScenarios = []scenario{
	// Front page and search.
	{name: "home", method: get, path: "/", status: 200,
		shows: []string{"正在协调", "统一快递服务规范", "提交了修订", "投诉答复改为 5 日", "最近变化", `name="q"`, "autofocus", "/standards?region=31"},
		hides: []string{"从这里开始", "演示", "添加了成员"}},
	{name: "home in English", method: get, path: "/?lang=en", status: 200, shows: []string{"Being harmonised", `lang="en"`, "submitted a revision of"}},
	{name: "search", method: get, path: "/search?q=投递", status: 200,
		shows: []string{"上海快递服务规范", "江苏快递管理规定", "<mark>投递</mark>", `class="chip m-obligation"`, "/standards/sh-express/2#delivery-time", "24 h"}},
	{name: "search narrowed", method: get, path: "/search?q=投递&region=32", status: 200,
		shows: []string{"江苏快递管理规定", `aria-current="true"`}, hides: []string{"上海快递服务规范"}},
	{name: "search for a number goes to it", method: get, path: "/search?q=DB31/T+900001", status: 302, to: "/standards/sh-express"},
	{name: "search finds nothing", method: get, path: "/search?q=水稻种植", status: 200, shows: []string{"没有找到“水稻种植”", "没有条文含有这个词"}},
	{name: "search mistyped", method: get, path: "/search?q=代牧", status: 200, shows: []string{"是否要找", "/search?q=%e4%bb%a3%e6%94%b6"}},
	{name: "search that a filter empties", method: get, path: "/search?q=代收&region=32", status: 200, shows: []string{"没有找到“代收”", "去掉后 1 条"}},
	{name: "search says why", method: get, path: "/search?q=投递", status: 200, shows: []string{"为什么列出", "条标题："}},
	{name: "search without words", method: get, path: "/search", status: 200, shows: []string{"autofocus"}},
	{name: "search as of a day", method: get, path: "/search?q=投递&on=2024-06-30", status: 200, shows: []string{"2024-06-30 当日有效", "2024-03-01 起施行", `value="2024-06-30"`}, hides: []string{"江苏快递管理规定</a>"}},
	{name: "search as of no day", method: get, path: "/search?q=投递&on=yesterday", status: 422, shows: []string{"2024-06-30"}},
	{name: "search by date", method: get, path: "/search?q=投递&sort=date", status: 200, shows: []string{"按相关度</a>", "上海快递服务规范"}},
	{name: "search by activity", method: get, path: "/search?q=投递&activity=deliver", status: 200, shows: []string{"环节", `aria-current="true"`, "上海快递服务规范"}},
	{name: "search in one standard", method: get, path: "/search?q=快递&standard=sh-express", status: 200, shows: []string{"上海快递服务规范"}, hides: []string{"还有"}},
	{name: "search beyond its reach", method: get, path: "/search?q=投递&page=999999", status: 422, shows: []string{"筛选"}},

	// Lists and texts.
	{name: "standards", method: get, path: "/standards", status: 200, shows: []string{"上海快递服务规范", "江苏快递管理规定", "DB31/T 900001—2024"}, hides: []string{"新建标准"}},
	{name: "standards of a region", method: get, path: "/standards?region=31", as: "demo-31", status: 200, shows: []string{"上海快递服务规范", "新建标准"}, hides: []string{"江苏快递管理规定"}},
	{name: "no standards", method: get, path: "/standards?q=水稻", status: 200, shows: []string{"没有符合的标准"}},
	{name: "standard", method: get, path: "/standards/sh-express", status: 200,
		shows: []string{`id="delivery-time"`, "投递时限", "5 日内", "目次", `href="#delivery"`, "DB31/T 900001—2024", "2024-03-01", "现行", "1 条意见", "/standards/sh-express/comments?clause=delivery-time", "统一快递服务规范"},
		hides: []string{"起草修订", "不是最新的"}},
	{name: "standard to its author", method: get, path: "/standards/sh-express", as: "demo-author", status: 200, shows: []string{"起草修订"}},
	{name: "standard to another region", method: get, path: "/standards/sh-express", as: "demo-32", status: 200, hides: []string{"起草修订"}},
	{name: "an older revision", method: get, path: "/standards/sh-express/1", status: 200, shows: []string{"7 日内", "不是最新的", "/compare?a=1&amp;b=2"}},
	{name: "regulation", method: get, path: "/standards/js-express", status: 200, shows: []string{"第二条", "48小时"}},
	{name: "no such standard", method: get, path: "/standards/nowhere", status: 404, shows: []string{"没有这一页", "nowhere"}},
	{name: "no such revision", method: get, path: "/standards/sh-express/9", status: 404, shows: []string{"没有这"}},
	{name: "a revision that is no number", method: get, path: "/standards/sh-express/01", status: 404},
	{name: "source", method: get, path: "/standards/sh-express/2/source", status: 200, shows: []string{"title: 上海快递服务规范", "{#delivery-time}"}},
	{name: "history", method: get, path: "/standards/sh-express/history", status: 200, shows: []string{"第 2 版", "第 1 版", "投诉答复改为 5 日", "当前"}},
	{name: "compare revisions", method: get, path: "/standards/sh-express/compare?a=1&b=2", status: 200, shows: []string{"<del>7 日内</del>", "<ins>5 日内</ins>", "修改", "未改"}},
	{name: "compare with another standard", method: get, path: "/standards/sh-express/compare?a=js-express/1&b=2", status: 200, shows: []string{"江苏快递管理规定", "上海快递服务规范"}},
	{name: "compare any two", method: get, path: "/compare?a=js-express&b=sh-express", status: 200, shows: []string{"48小时"}},
	{name: "compare: choose", method: get, path: "/compare", status: 200, shows: []string{`value="sh-express"`}},
	{name: "compare: no such text", method: get, path: "/compare?a=nowhere&b=sh-express", status: 404, shows: []string{"没有这", `value="nowhere"`}},
	{name: "compare: not a place", method: get, path: "/compare?a=!&b=sh-express", status: 422, shows: []string{"不是有效的位置"}},

	// Comments.
	{name: "comments", method: get, path: "/standards/sh-express/comments", status: 200,
		shows: []string{"时限从何时起算？", "2.1 投递时限", "技术 te", "未处理", "<ins>完成首次</ins>", "登录后可以提意见"}, hides: []string{"提交意见"}},
	{name: "comments on a clause", method: get, path: "/standards/sh-express/comments?clause=proxy", as: "demo-reader", status: 200,
		shows: []string{`<option value="proxy" selected>`, "提交意见"}, hides: []string{"时限从何时起算？"}},
	{name: "comments resolved", method: get, path: "/standards/sh-express/comments?state=resolved", status: 200, hides: []string{"时限从何时起算？"}},
	{name: "comment", method: post, path: "/standards/sh-express/comments", as: "demo-reader",
		form: fields("on", "proxy", "type", "ed", "body", "代收点是什么？"), status: 303, to: "/standards/sh-express/comments#c", events: []registry.Verb{registry.AddComment}},
	{name: "comment without words", method: post, path: "/standards/sh-express/comments", as: "demo-reader",
		form: fields("on", "proxy", "type", "ed", "quote", "代收点"), status: 422, shows: []string{"请写意见内容", "代收点</textarea>", `value="ed" checked`}},
	{name: "comment by nobody", method: post, path: "/standards/sh-express/comments",
		form: fields("on", "proxy", "body", "我写了很久"), status: 403, shows: []string{"登录已经失效", "我写了很久"}},
	{name: "comment on no clause", method: post, path: "/standards/sh-express/comments", as: "demo-reader",
		form: fields("on", "nowhere", "body", "？"), status: 404},
	{name: "reply", method: post, path: "/standards/sh-express/comments", as: "demo-32",
		form: fields("reply_to", "{comment}", "body", "从扫描时起算"), status: 303, to: "/standards/sh-express/comments#{comment}", events: []registry.Verb{registry.AddComment}},
	{name: "resolve", method: post, path: "/standards/sh-express/comments/{comment}", as: "demo-31",
		form: fields("do", "resolve", "outcome", "采纳"), status: 303, to: "/standards/sh-express/comments#{comment}", events: []registry.Verb{registry.ResolveComment}},
	{name: "resolve without saying how", method: post, path: "/standards/sh-express/comments/{comment}", as: "demo-31",
		form: fields("do", "resolve", "outcome", " "), status: 422, shows: []string{"请写明怎样处理的"}},
	{name: "resolve as another region", method: post, path: "/standards/sh-express/comments/{comment}", as: "demo-32",
		form: fields("do", "resolve", "outcome", "采纳"), status: 403, shows: []string{"只能对本地区"}},
	{name: "resolve as a reader", method: post, path: "/standards/sh-express/comments/{comment}", as: "demo-reader",
		form: fields("do", "resolve", "outcome", "采纳"), status: 403},
	{name: "reopen", method: post, path: "/standards/sh-express/comments/{comment}", as: "demo-secretary",
		form: fields("do", "reopen"), status: 303, to: "/standards/sh-express/comments#{comment}", events: []registry.Verb{registry.ReopenComment}},

	// Import.
	{name: "import", method: get, path: "/import", as: "demo-secretary", status: 200, shows: []string{`type="file"`}},
	{name: "import as an author", method: get, path: "/import", as: "demo-author", status: 403},
	{name: "import: preview", method: post, path: "/import", as: "demo-secretary",
		form: fields("files", "@zj.md:# 浙江规定\n\n### 第一条\n\n本规定。\n", "files", "@bad.md:---\ntitle: [\n---\n", "region", "33", "kind", "regulation", "do", "preview"), status: 200,
		shows: []string{"预览：尚未导入", "zj.md", "可以读", "bad.md", "不能读", "1 个文件没有导入", "本规定。", `name="region" value="33"`}},
	{name: "import", method: post, path: "/import", as: "demo-secretary",
		form: fields("files", "@zj.md:# 浙江规定\n\n### 第一条\n\n本规定。\n", "region", "33", "kind", "regulation", "do", "import"), status: 200,
		shows: []string{"已导入 1 个版本", "/standards/r33-"}, events: []registry.Verb{registry.ImportText}},
	{name: "import what a preview carried", method: post, path: "/import", as: "demo-admin",
		form: fields("path", "zj.md", "source", "# 浙江规定\r\n\r\n### 第一条\r\n\r\n本规定。\r\n", "files", "@:", "region", "33", "do", "import"), status: 200,
		shows: []string{"已导入 1 个版本"}, events: []registry.Verb{registry.ImportText}},
	{name: "import nothing", method: post, path: "/import", as: "demo-secretary", form: fields("files", "@:", "do", "preview"), status: 422, shows: []string{"请选择要导入的"}},
	{name: "import without files", method: post, path: "/import", as: "demo-secretary", form: fields("do", "preview"), status: 422, shows: []string{"请选择要导入的"}},

	// Who is who.
	{name: "sign-in page", method: get, path: "/sign-in?next=/events", status: 200, shows: []string{`name="next" value="/events"`}, hides: []string{"一键登录"}},
	{name: "sign-in page leads nowhere else", method: get, path: "/sign-in?next=//evil.example/", status: 200, shows: []string{`name="next" value="/"`}, hides: []string{"evil.example/\""}},
	{name: "sign in wrongly", method: post, path: "/sign-in", form: fields("name", "demo-31", "password", "guess guess", "next", "/events"), status: 422,
		shows: []string{"登录名或密码不对", `value="demo-31"`, `value="/events"`}, hides: []string{"guess guess"}},
	{name: "sign out", method: post, path: "/sign-out", as: "demo-31", status: 303, to: "/", events: []registry.Verb{registry.SignOut}},
	{name: "demonstration's sign-in where there is none", method: post, path: "/demo/sign-in", form: fields("id", "demo-31"), status: 404},
	{name: "setup page", method: get, path: "/setup?token=abc", status: 200, shows: []string{`name="token" value="abc"`}},
	{name: "setup where there is an administrator", method: post, path: "/setup", form: fields("token", "abc", "id", "me", "name", "我", "password", "correct horse"), status: 422,
		shows: []string{"已经有管理员了", `value="me"`}, hides: []string{"correct horse"}},
	{name: "account", method: get, path: "/account", as: "demo-31", status: 200, shows: []string{"上海代表（示范）", "修改密码"}},
	{name: "account of nobody", method: get, path: "/account", status: 303, to: "/sign-in?next=%2Faccount"},
	{name: "two new passwords", method: post, path: "/account", as: "demo-31", form: fields("old_password", "x", "new_password", "one", "again_password", "two"), status: 422, shows: []string{"不一样"}},
	{name: "password of a demonstration's member", method: post, path: "/account", as: "demo-31", form: fields("old_password", "x", "new_password", "long enough", "again_password", "long enough"), status: 422, shows: []string{"没有密码"}},
	{name: "members", method: get, path: "/members", as: "demo-admin", status: 200, shows: []string{"demo-author", "联合秘书处（示范）", "添加成员"}},
	{name: "members to the secretariat", method: get, path: "/members", as: "demo-secretary", status: 403},
	{name: "members to nobody", method: get, path: "/members", status: 303, to: "/sign-in?next=%2Fmembers"},
	{name: "add a member", method: post, path: "/members", as: "demo-admin", form: fields("id", "author-a", "name", "起草人甲", "region", "31", "role", "author", "password", "correct horse"),
		status: 303, to: "/members", events: []registry.Verb{registry.AddMember}},
	{name: "add a member wrongly", method: post, path: "/members", as: "demo-admin", form: fields("id", "AUTHOR A", "name", "起草人甲", "role", "author", "password", "correct horse"),
		status: 422, shows: []string{"登录名用", `value="起草人甲"`, `value="author" selected`}, hides: []string{"correct horse"}},
	{name: "add a member as secretary", method: post, path: "/members", as: "demo-secretary", form: fields("id", "author-a", "name", "起草人甲", "role", "author", "password", "correct horse"), status: 403},

	// The log, and what machines ask for.
	{name: "log", method: get, path: "/events", as: "demo-reader", status: 200, shows: []string{"提交了修订", "standards/sh-express/2"}, hides: []string{"添加了成员"}},
	{name: "log to the administrator", method: get, path: "/events", as: "demo-admin", status: 200, shows: []string{"添加了成员"}},
	{name: "log of one standard", method: get, path: "/events?object=standards/js-express", as: "demo-reader", status: 200, shows: []string{"江苏快递管理规定"}, hides: []string{"上海快递服务规范"}},
	{name: "log from a place on", method: get, path: "/events?before=2", as: "demo-admin", status: 200, shows: []string{`id="e1"`}, hides: []string{`id="e2"`}},
	{name: "log of a member", method: get, path: "/events?member=demo-31", status: 200, hides: []string{"张三", `<td class="num">1</td>`}},
	{name: "log of a verb", method: get, path: "/events?verb=comment.add", status: 200, shows: []string{"comment.add\" selected", `<td><code>standards/sh-express`}, hides: []string{`<td><code>standards/js-express/1`}},
	{name: "log of a standard", method: get, path: "/events?standard=js-express", status: 200, shows: []string{`<td><code>standards/js-express`}, hides: []string{`<td><code>standards/sh-express`}},
	{name: "log of a project", method: get, path: "/events?project=unified", status: 200, hides: []string{`<td><code>standards/`}},
	{name: "log of a region", method: get, path: "/events?region=32", status: 200, shows: []string{`<td><code>standards/js-express`}, hides: []string{`<td><code>standards/sh-express`}},
	{name: "log of days long ago", method: get, path: "/events?from=1999-01-01&to=1999-12-31", status: 200, shows: []string{"没有符合的记录", `value="1999-12-31"`}, hides: []string{"<td><code>"}},
	{name: "log of no day", method: get, path: "/events?from=yesterday", status: 422, shows: []string{"2026-11-01", `value="yesterday"`}},
	{name: "log: what to note", method: get, path: "/events", status: 200, shows: []string{"这里最新一条的哈希", "tongbiao audit"}, hides: []string{"/events/export"}},
	{name: "log: export", method: get, path: "/events/export", as: "demo-admin", status: 200, shows: []string{`{"seq":1,`, `"prev":""`}},
	{name: "log: export to a secretary", method: get, path: "/events/export", as: "demo-secretary", status: 403},
	{name: "log to nobody", method: get, path: "/events", status: 200, shows: []string{"提交了修订"}, hides: []string{"添加了成员"}},
	{name: "ready", method: get, path: "/readyz", status: 200, shows: []string{`"store":"ok"`}},
	{name: "health", method: get, path: "/healthz", status: 200, shows: []string{`"status":"ok"`}},
	{name: "asset that is not there", method: get, path: "/assets/tongbiao.css", status: 404},
	{name: "favicon", method: get, path: "/favicon.ico", status: 302, to: "/assets/favicon."},
	{name: "no such page", method: get, path: "/nowhere", status: 404, shows: []string{"没有这一页", "首页"}},
	{name: "a page that takes no form", method: post, path: "/standards", status: 405},
}

// scenarios are those of the whole site.
func scenarios() []scenario {
	return slices.Concat(siteScenarios, memberScenarios, draftScenarios, historyScenarios, stageScenarios, commentScenarios, consultationScenarios, noticeScenarios, watchScenarios, enterpriseScenarios, projectScenarios, apiScenarios)
}

func TestScenarios(t *testing.T) {
	for _, sc := range scenarios() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, Options{Mails: true})
			fill := strings.NewReplacer(slices.Concat(s.rowFields(), s.draftFields(sc), []string{"{comment}", s.comment(), "{receipt}", planted.receipt, "{public}", planted.comment})...)
			form := url.Values{}
			for k, vs := range sc.form {
				for _, v := range vs {
					form.Add(k, fill.Replace(v))
				}
			}
			before := s.lastEvent()
			path, query, _ := strings.Cut(fill.Replace(sc.path), "?")
			if query != "" {
				query = "?" + strings.NewReplacer("投递", url.QueryEscape("投递"), "时限", url.QueryEscape("时限"), "水稻种植", url.QueryEscape("水稻种植"), "水稻", url.QueryEscape("水稻")).Replace(query)
			}
			res := s.ask(sc.as, sc.method, path+query, form)
			if res.StatusCode != sc.status {
				t.Fatalf("%s %s: %d, want %d\n%s", sc.method, sc.path, res.StatusCode, sc.status, bodyText(res.body))
			}
			if to := res.Header.Get("Location"); !strings.HasPrefix(to, fill.Replace(sc.to)) || sc.to == "" && to != "" {
				t.Errorf("leads to %q, want %q", to, sc.to)
			}
			for _, want := range sc.shows {
				if !strings.Contains(res.body, fill.Replace(want)) {
					t.Errorf("does not show %q\n%s", want, bodyText(res.body))
				}
			}
			for _, no := range sc.hides {
				if strings.Contains(res.body, no) {
					t.Errorf("shows %q", no)
				}
			}
			if got := s.eventsSince(before); !slices.Equal(got, sc.events) {
				t.Errorf("events %v, want %v", got, sc.events)
			}
			checkHeaders(t, res)
			checkPage(t, res)
		})
	}
}

// comment is the ID of the comment that the seed holds.
func (s *site) comment() string {
	list, err := s.reg.CommentsOnStandard("sh-express")
	if err != nil || len(list) == 0 {
		s.t.Fatalf("comments: %v, %v", list, err)
	}
	return list[0].ID
}

// TestEveryRouteHasAScenario: a route that nobody tries is a route that nobody
// knows to work.
func TestEveryRouteHasAScenario(t *testing.T) {
	s := serve(t, Options{})
	tried := map[string]bool{}
	for _, sc := range scenarios() {
		path, _, _ := strings.Cut(sc.path, "?")
		r, err := http.NewRequest(sc.method, "http://site"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		c := s.web.echo.NewContext(r, nil)
		s.web.echo.Router().Find(sc.method, r.URL.Path, c)
		tried[sc.method+" "+c.Path()] = true
	}
	stated := map[string]bool{}
	for _, r := range routes {
		key := r.method + " " + r.path
		stated[key] = true
		if !tried[key] {
			t.Errorf("%s has no scenario", key)
		}
		if r.who == "" {
			t.Errorf("%s does not say who may use it", key)
		}
		if r.method != get && r.method != post {
			t.Errorf("%s: pages know GET and POST", key)
		}
	}
	for _, r := range s.web.echo.Routes() {
		if !stated[r.Method+" "+r.Path] {
			t.Errorf("%s %s is not in the table of routes", r.Method, r.Path)
		}
	}
}

// TestPostsAreNotForAnyone: what changes something needs a member, except for
// what makes one.
func TestPostsAreNotForAnyone(t *testing.T) {
	open := []string{"/check", "/api/v1/check", // reads a list and keeps nothing
		"/sign-in", "/sign-in/code", "/sign-out", "/demo/sign-in", "/setup", "/join", "/reset", // what makes a member or a session
		"/consultations/:id"} // a public consultation is for who has no account: bounded by size, rate and number
	for _, r := range routes {
		if r.method == post && r.who == anyone && !slices.Contains(open, r.path) {
			t.Errorf("POST %s is open to anyone", r.path)
		}
	}
}

var tags = regexp.MustCompile(`(?s)<head>.*?</head>|<[^>]*>`)

// bodyText is what a page says, for messages of failing tests.
func bodyText(page string) string {
	text := strings.Join(strings.Fields(tags.ReplaceAllString(page, " ")), " ")
	if len(text) > 3000 {
		text = text[:3000]
	}
	return text
}

// checkHeaders: what every response must say to the browser.
// nonceInPolicy is what the drafting page's style sheets bear, new each time.
var nonceInPolicy = regexp.MustCompile(` 'nonce-[A-Za-z0-9+/]{22}=='`)

func checkHeaders(t *testing.T, res answer) {
	t.Helper()
	res.Header.Set("Content-Security-Policy", nonceInPolicy.ReplaceAllString(res.Header.Get("Content-Security-Policy"), ""))
	for name, want := range map[string]string{
		"Content-Security-Policy": contentPolicy,
		"X-Content-Type-Options":  "nosniff",
		"X-Frame-Options":         "DENY",
		"Referrer-Policy":         "same-origin",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if res.Header.Get("X-Request-Id") == "" {
		t.Error("no request id")
	}
	if policy := res.Header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
}

// unsaid is what a page shows where a text is missing or does not fit.
var unsaid = regexp.MustCompile(`%!|\b(done|error|event|fact|kind|state|status|role|change|modality|comment|severity)\.[a-z-]+\b`)

// checkPage: what every page must have, and what none may.
func checkPage(t *testing.T, res answer) {
	t.Helper()
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") || res.StatusCode >= 300 && res.StatusCode < 400 {
		return
	}
	doc, err := html.Parse(strings.NewReader(res.body))
	if err != nil {
		t.Fatal(err)
	}
	ids, labels, headings := map[string]bool{}, []string{}, 0
	skip, title, language := false, false, false
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
				t.Errorf("<%s %s=%q> stands in the page", n.Data, a.Key, a.Val)
			}
			if (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.Contains(a.Val, ":") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "data:image/png;base64,") {
				t.Errorf("<%s %s=%q> leads out of this site", n.Data, a.Key, a.Val)
			}
		}
		if id, ok := at["id"]; ok && ids[id] {
			t.Errorf("id %q stands twice", id)
		}
		ids[at["id"]] = true
		switch n.Data {
		case "script":
			if at["type"] == "application/ld+json" {
				break // data, which no browser executes
			}
			if !strings.HasPrefix(at["src"], "/assets/") || n.FirstChild != nil {
				t.Errorf("a script in the page, from %q", at["src"])
			}
		case "style", "iframe", "object", "embed", "base":
			t.Errorf("<%s> in the page", n.Data)
		case "h1":
			headings++
		case "label":
			if to, ok := at["for"]; ok {
				labels = append(labels, to)
			}
		case "a":
			skip = skip || at["class"] == "skip" && at["href"] == "#main"
		case "title":
			title = title || n.FirstChild != nil
		case "html":
			language = at["lang"] != ""
		}
	}
	for _, to := range labels {
		if !ids[to] {
			t.Errorf("a label for %q, which is not there", to)
		}
	}
	if headings != 1 || !skip || !title || !language || !ids["main"] {
		t.Errorf("%d main headings, skip link %v, title %v, language %v, main %v", headings, skip, title, language, ids["main"])
	}
	if m := unsaid.FindString(bodyText(res.body)); m != "" {
		t.Errorf("a text is missing or does not fit: %q", m)
	}
}

func ExampleServer_routes() {
	for _, r := range routes[:3] {
		fmt.Println(r.method, r.path, r.who)
	}
	// Output:
	// GET / anyone
	// GET /search anyone
	// GET /standards anyone
}
