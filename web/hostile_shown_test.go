package web

import (
	"archive/zip"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"tongbiao/editor/check"
	"tongbiao/registry"
)

// payloads are the ways in which markup tries to come alive, one a line of
// testdata/payloads.txt; our own list, after what is publicly known.
func payloads(t testing.TB) []string {
	t.Helper()
	raw, err := os.ReadFile("testdata/payloads.txt")
	if err != nil {
		t.Fatal(err)
	}
	list := strings.Split(strings.TrimSpace(string(raw)), "\n")
	if len(list) < 80 {
		t.Fatalf("%d payloads", len(list))
	}
	return list
}

// infested is a site whose every field holds payloads: the long ones all of
// them, lines as many as they take, in turn.
type infested struct {
	*site
	list []string
	at   int
	row  string
	fill *strings.Replacer
	seen []string // GET paths of the map, filled in
}

// line gives the next payloads that fit on a line of so many bytes.
func (s *infested) line(most int) (out string) {
	for range s.list {
		next := s.list[s.at%len(s.list)]
		if len(out)+len(next)+1 > most {
			if out != "" {
				break
			}
			s.at++
			continue
		}
		out = strings.TrimSpace(out + " " + next)
		s.at++
	}
	return out
}

func (s *infested) all() string { return strings.Join(s.list, "\n\n") }

func (s *infested) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// text is a standard whose header, headings, paragraphs, lists and tables hold
// payloads.
func (s *infested) text(id, region string) string {
	q := func(v string) string { return "'" + strings.ReplaceAll(v, "'", "''") + "'" }
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: %s\ntitle: %s\nnumber: %s\nregion: %q\nkind: local\nconvention: standard\nstatus: in-force\npublished: 2024-01-01\neffective: 2024-03-01\nissuer: %s\nnotice: %s\nreplaces: [%s]\n---\n\n# 规范\n",
		id, q(s.line(150)), q(s.line(100)), region, q(s.line(150)), q(s.line(150)), q(s.line(100)))
	for i, p := range s.list {
		if strings.LastIndex(p, "<!--") > strings.LastIndex(p, "-->") {
			p += " -->" // a comment that does not end takes the clauses after it along
		}
		fmt.Fprintf(&b, "\n## 要求 %s {#c-%d}\n\n快件应在 %d h 内投递 %s。\n\n%s\n\n%s\n", strings.NewReplacer("{#", "", "\\", "").Replace(p), i, 20+i, p, p, strings.TrimLeft(p, "="))
	}
	b.WriteString("\n## 列项 {#list}\n\n")
	for _, p := range s.list[:20] {
		b.WriteString("——" + p + "；\n")
	}
	b.WriteString("\n## 表格 {#tables}\n\n| " + s.line(80) + " | 乙 |\n|---|---|\n")
	for _, p := range s.list[20:60] {
		b.WriteString("| " + strings.ReplaceAll(p, "|", "") + " | " + strings.ReplaceAll(p, "|", "") + " |\n")
	}
	return b.String()
}

func (s *infested) member(id string) registry.Member {
	m, err := s.reg.Member(id)
	s.must(err)
	return m
}

// infest fills a site.
func infest(t *testing.T) *infested {
	t.Helper()
	s := &infested{site: serve(t, Options{Demo: true, Mails: true}), list: payloads(t)}
	secretary, shanghai, jiangsu, author := s.member("demo-secretary"), s.member("demo-31"), s.member("demo-32"), s.member("demo-author")
	for id, region := range map[string]string{"evil-sh": "31", "evil-js": "32"} {
		done, err := s.reg.Import(registry.System, []registry.Incoming{{Path: id + ".md", Source: []byte(s.text(id, region))}})
		s.must(err)
		s.must(done[0].Err)
	}
	_, _, err := s.reg.Submit(secretary, registry.Submission{Standard: "evil-sh", Base: 1, Source: []byte(strings.ReplaceAll(s.text("evil-sh", "31"), "快件应在", "快件不应在")), Message: s.line(1900)})
	s.must(err)
	_, err = s.reg.CreateProject(secretary, registry.Project{ID: "evil", Title: s.line(150), Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "evil-sh"}}, {Region: "32", Text: registry.Ref{Standard: "evil-js"}}}})
	s.must(err)
	fillers := []string{":id", "evil-sh", ":rev", "2", ":clause", "c-3", ":pair", "1...2", ":project", "evil", ":edition", "1", ":token", planted.receipt, ":doc", "1", ":file", "site.css"}
	s.infestComments(secretary, shanghai, &fillers)
	s.infestProject(secretary, shanghai, jiangsu, &fillers)
	s.infestRest(secretary, shanghai, author, &fillers)
	s.must(s.index.CatchUp(t.Context()))
	s.fill = strings.NewReplacer(fillers...)
	return s
}

func (s *infested) infestComments(secretary, shanghai registry.Member, fillers *[]string) {
	var last registry.Comment
	text, err := s.reg.Text(registry.Ref{Standard: "evil-sh"})
	s.must(err)
	var clauses []string
	for k := range text.Document.All() {
		clauses = append(clauses, k.ID)
	}
	for i, p := range s.list {
		if !slices.Contains(clauses, fmt.Sprint("c-", i)) {
			s.t.Errorf("%q made the text lose its clause", p)
		}
	}
	for i, p := range s.list {
		k, err := s.reg.AddComment(shanghai, registry.Comment{On: registry.Ref{Standard: "evil-sh", Clause: clauses[i%len(clauses)]}, Type: registry.Technical, Quote: p, Body: p + "\n" + p, Proposed: p})
		s.must(err)
		last = k
	}
	s.must(s.reg.Dispose(secretary, "evil-sh", []string{last.ID}, registry.Disposition{Kind: registry.Rejected, Reason: s.line(15000)}))
	*fillers = append(*fillers, ":comment", last.ID)
	for range 12 {
		_, token, err := s.reg.SayPublicly(registry.PublicComment{Standard: "zj-locker", Clause: "lk-keep", Type: registry.Technical, Quote: s.line(1000), Body: s.line(3000), Proposed: s.line(3000),
			Name: s.line(90), Organisation: s.line(90), Contact: s.line(90), Consent: true})
		s.must(err)
		s.seen = append(s.seen, "/consultations/receipts/"+token)
	}
	s.must(s.reg.SetIntake(secretary, "zj-locker", true, 0))
	s.seen = append(s.seen, "/consultations/zj-locker", "/consultations/zj-locker/intake", "/consultations/zj-locker/clauses/lk-keep", "/standards/zj-locker/comments")
}

func (s *infested) infestProject(secretary, shanghai, jiangsu registry.Member, fillers *[]string) {
	rows, err := s.reg.Rows("evil")
	s.must(err)
	s.row = rows[0].ID
	for i, row := range rows[:min(len(rows), 8)] {
		text := s.line(4000)
		if i == 0 {
			text = s.all()
		}
		row, err := s.reg.UnifyRow(secretary, "evil", row.ID, row.Version, s.line(150), text)
		s.must(err)
		_, err = s.reg.TakePosition(shanghai, "evil", row.ID, "31", registry.Object, s.line(8000), row.Unified.Hash)
		s.must(err)
	}
	_, err = s.reg.AddComment(jiangsu, registry.Comment{On: registry.Ref{Standard: "evil-sh", Clause: "c-1"}, Project: "evil", Row: s.row, Type: registry.General, Body: s.line(8000)})
	if err != nil {
		s.t.Logf("a comment on the row: %v", err)
	}
	for _, section := range []string{"work", "principles"} {
		if _, err := s.reg.EditExplanation(secretary, "evil", section, 0, s.all()); err != nil && section == "work" {
			s.t.Fatal(err)
		}
	}
	m, err := s.reg.OpenMeeting(secretary, registry.Meeting{Project: "evil", Title: s.line(150), Place: s.line(150), Guests: []registry.Guest{{Organisation: s.line(100), Name: s.line(100)}}, Queue: []string{s.row}, Present: []registry.Attendee{{Member: "demo-31"}}})
	s.must(err)
	v, err := s.reg.Workbench("evil")
	s.must(err)
	_, err = s.reg.Decide(secretary, "evil", m.ID, s.row, v.Rows[0].Version, registry.Deferred, s.line(7000))
	if err != nil {
		s.t.Logf("a decision: %v", err)
	}
	*fillers = append(*fillers, ":meeting", m.ID, ":row", s.row)
}

func (s *infested) infestRest(secretary, shanghai, author registry.Member, fillers *[]string) {
	admin := s.member("demo-admin")
	for i := range 6 {
		if _, err := s.reg.AddMember(admin, registry.Member{ID: fmt.Sprint("evil-", i), Name: s.line(95), Role: registry.Reader}, "correct horse"); err != nil {
			s.t.Logf("a member: %v", err)
		}
	}
	g, err := s.reg.Suggest(shanghai, registry.Suggestion{Standard: "evil-sh", Base: 2, Message: s.line(1900), Changes: []registry.SuggestedChange{{Clause: "c-1", Wanted: registry.Words{Title: s.line(100), Text: s.all()}}}})
	s.must(err)
	*fillers = append(*fillers, ":n", fmt.Sprint(g.Number))
	if _, err := s.reg.OpenBallot(secretary, "zj-locker", registry.NewBallot{Question: s.line(150), Rule: "unanimous", Closes: time.Now().AddDate(0, 1, 0).Format(time.DateOnly), Members: []string{"demo-31", "demo-32"}}); err != nil {
		s.t.Logf("a ballot: %v", err)
	}
	o, err := s.reg.Subscribe(author, registry.Subscription{Kind: registry.ToSearch, Query: "q=" + url.QueryEscape(s.line(300)), Name: s.line(90)})
	s.must(err)
	s.seen = append(s.seen, "/watch/"+o.ID, "/feeds/watch/"+o.Token)
	k, err := s.reg.MakeChecklist(author, s.line(150), registry.Profile{Regions: []string{"31"}})
	s.must(err)
	s.seen = append(s.seen, "/checklists/"+k.ID, "/checklists/"+k.ID+"/print", "/checklists/"+k.ID+"/declaration", "/checklists/"+k.ID+"/checklist.xlsx", "/checklists/"+k.ID+"/declaration.xlsx")
	for _, name := range []string{"\"><img src=x onerror=alert(1)>.md", "a\r\nSet-Cookie: x=1.md", "../../../etc/passwd", `C:\con.md`, strings.Repeat("长", 60) + ".md"} {
		if d, err := s.reg.AttachDocument(secretary, "zj-locker", registry.Explained, name, []byte("# "+s.list[0]+"\n")); err == nil {
			s.seen = append(s.seen, "/standards/zj-locker/documents/"+d.ID)
		}
	}
	if _, err := s.reg.WaiveFinding(secretary, "evil-sh", check.Waiver{Rule: "STR-02", Reason: s.line(480)}); err != nil {
		s.t.Logf("a waiver: %v", err)
	}
	s.startDraftOf("demo-author", "sh-express")
	s.startDraftOf("demo-secretary", "evil-sh")
}

// pages are the addresses that show something: the map, filled in, those that
// show what only these fields hold, and each with payloads in its query.
func (s *infested) pages() (out []string) {
	for _, r := range routes {
		if r.method != get || strings.HasSuffix(r.path, "/live") || r.path == "/favicon.ico" || strings.HasPrefix(r.path, "/assets/") {
			continue
		}
		path := s.fill.Replace(r.path)
		out = append(out, path)
		if !strings.Contains(path, ".") {
			q := url.QueryEscape(s.line(100))
			out = append(out, path+"?q="+q+"&a="+q+"&b="+q+"&clause="+q+"&quote="+q+"&next="+q+"&object="+q+"&region="+q+"&sort="+q+"&on="+q+"&state="+q+"&kind="+q+"&token="+q+"&page="+q+"&lang="+q)
		}
	}
	return append(out, s.seen...)
}

// TestPayloads: what people write is text on every page that shows it, whoever
// looks.
func TestPayloads(t *testing.T) {
	s := infest(t)
	pages := s.pages()
	shown, mentions := map[int]int{}, 0
	for _, as := range []string{"", "demo-secretary", "demo-author"} {
		for _, path := range pages {
			if as == "demo-author" && !strings.HasPrefix(path, "/watch") && !strings.HasPrefix(path, "/check") && !strings.HasPrefix(path, "/drafts") && path != "/inbox" {
				continue // its own pages; the others are the secretary's too
			}
			if as == "" && strings.Contains(path, "?") && strings.HasPrefix(path, "/projects/") {
				continue // long to make, and the secretary sees more
			}
			res := s.ask(as, get, path, nil)
			shown[res.StatusCode]++
			if res.StatusCode >= 500 {
				t.Errorf("%s as %q: %d", path, as, res.StatusCode)
			}
			kind := res.Header.Get("Content-Type")
			if len(res.Header.Values("Set-Cookie")) > 0 && strings.Contains(strings.Join(res.Header.Values("Set-Cookie"), ""), "x=1") {
				t.Errorf("%s: a name of a file became a header", path)
			}
			if strings.Contains(res.body, "alert(1)") {
				mentions++
			}
			if strings.HasPrefix(kind, "text/html") {
				inert(t, path+" as "+as, res.body)
			} else if strings.HasPrefix(path, "/sitemap") {
				addressesOnly(t, path, res.body)
			} else if strings.Contains(kind, "svg") || strings.Contains(kind, "xml") && !strings.Contains(kind, "openxml") && !strings.Contains(kind, "atom") {
				t.Errorf("%s is served as %s", path, kind)
			}
			if res.StatusCode == 200 {
				calm(t, path, res)
			}
			if res.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: may be taken for something else", path)
			}
		}
	}
	if shown[200] < 200 || mentions < 150 {
		t.Errorf("only %d pages were shown, %d with payloads on them (%v)", shown[200], mentions, shown)
	}
	t.Logf("%d payloads, answers by status %v, payloads stand on %d", len(s.list), shown, mentions)
}

// calm: a file that is taken home has a name that is a name, and no cell of a
// table is a formula to a spreadsheet program.
func calm(t *testing.T, where string, res answer) {
	t.Helper()
	if said := res.Header.Get("Content-Disposition"); said != "" {
		_, at, err := mime.ParseMediaType(said)
		if err != nil || at["filename"] == "" || strings.ContainsAny(at["filename"], "/\\\"<>\r\n\x00") || strings.HasPrefix(at["filename"], ".") {
			t.Errorf("%s: Content-Disposition %q (%v)", where, said, err)
		}
	}
	switch kind := res.Header.Get("Content-Type"); {
	case strings.HasPrefix(kind, "text/csv"):
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(res.body, "\ufeff")))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		if err != nil || len(rows) < 2 {
			t.Fatalf("%s: %d rows, %v", where, len(rows), err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if _, err := strconv.ParseFloat(cell, 64); err != nil && cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
					t.Errorf("%s: the cell %.60q is a formula", where, cell)
				}
			}
		}
	case strings.Contains(kind, "spreadsheetml"):
		z, err := zip.NewReader(strings.NewReader(res.body), int64(len(res.body)))
		if err != nil {
			t.Fatalf("%s: %v", where, err)
		}
		for _, f := range z.File {
			part, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(part)
			part.Close()
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(f.Name, "xl/worksheets/") && (strings.Contains(string(raw), "<f>") || strings.Contains(string(raw), "<f ")) || strings.Contains(f.Name, "externalLink") || strings.Contains(string(raw), "ddeLink") {
				t.Errorf("%s: %s holds a formula or a link to a program", where, f.Name)
			}
		}
	}
}

// inert: nothing in a page runs, loads from elsewhere, or leads elsewhere than
// an address that a text gives on its own.
func inert(t *testing.T, where, page string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	loads := map[string]bool{"src": true, "data": true, "poster": true, "background": true, "action": true, "formaction": true, "srcset": true, "code": true, "archive": true, "codebase": true, "manifest": true, "ping": true}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
			value := strings.ToLower(strings.Map(func(r rune) rune {
				if r <= ' ' {
					return -1
				}
				return r
			}, a.Val))
			scheme := strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "vbscript:") || strings.HasPrefix(value, "data:")
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "http-equiv", a.Key == "shadowrootmode":
				t.Errorf("%s: <%s %s=%q>", where, n.Data, a.Key, a.Val)
			case (loads[a.Key] || a.Key == "href") && scheme:
				t.Errorf("%s: <%s %s=%q>", where, n.Data, a.Key, a.Val)
			case loads[a.Key] && (strings.HasPrefix(value, "//") || strings.HasPrefix(value, "http")):
				t.Errorf("%s: <%s %s=%q> loads from elsewhere", where, n.Data, a.Key, a.Val)
			case n.Data == "a" && a.Key == "href" && strings.HasPrefix(value, "//"):
				t.Errorf("%s: <a href=%q> leads elsewhere under this site's scheme", where, a.Val)
			}
		}
		switch n.Data {
		case "script":
			if !strings.HasPrefix(at["src"], "/assets/") && at["type"] != "application/json" && at["type"] != "application/ld+json" {
				t.Errorf("%s: a script stands in the page: %q", where, at)
			}
		case "link":
			if !strings.HasPrefix(at["href"], "/") || strings.HasPrefix(at["href"], "//") {
				t.Errorf("%s: <link href=%q>", where, at["href"])
			}
		case "iframe", "object", "embed", "applet", "base", "frame", "frameset", "style", "portal", "marquee", "animate", "set", "foreignobject", "maction", "xss", "x", "isindex", "keygen":
			t.Errorf("%s: <%s> came alive", where, n.Data)
		}
	}
}

// TestPayloadsInABrowser opens the pages in a real browser: no dialog opens, no
// script fails, nothing is asked of another site, and the content policy has
// nothing to forbid. At the end it makes sure that each of these would be seen.
func TestPayloadsInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: no browser in -short")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Fatal("chromium is missing: run `make needs` (what pages do is not tested without a browser)")
	}
	s := infest(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1440, 1000))
	alloc, stopAlloc := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, stop := chromedp.NewContext(alloc)
	t.Cleanup(func() { stop(); stopAlloc() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	b := &tab{t, ctx, s.URL}
	b.do("open", chromedp.Navigate(s.URL+"/sign-in?next=/standards"))
	var mu sync.Mutex
	var complaints []string
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			// A page that answers 4xx is one that the test asked for.
			if (m.IsException() || m.Type == "error") && !strings.Contains(m.Text, "the server responded with a status of 4") {
				mu.Lock()
				complaints = append(complaints, m.Text+" "+m.URL)
				mu.Unlock()
			}
		}
	}()
	told := func() []string {
		mu.Lock()
		defer mu.Unlock()
		out := complaints
		complaints = nil
		return out
	}
	b.do("sign in", chromedp.Click(chromedp.CSS(`button[name="id"][value="demo-secretary"]`)), chromedp.WaitVisible(chromedp.CSS("table.standards")))
	cookie := &http.Cookie{Name: sessionCookie, Value: s.token("demo-secretary")}
	visited := 0
	for _, path := range s.pages() {
		if strings.Contains(path, "?") && strings.Count(path, "/") > 1 {
			continue // TestPayloads has these
		}
		res := s.ask("", get, path, nil, func(r *http.Request) { r.AddCookie(cookie) })
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") || strings.Contains(res.Header.Get("Content-Disposition"), "attachment") {
			continue
		}
		visited++
		b.open(path)
		if alien := ask[string](b, `performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin) && !n.startsWith('data:')).join(' ')`); alien != "" {
			t.Errorf("%s asks elsewhere: %s", path, alien)
		}
		if odd := ask[string](b, `[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].filter(a => a.name.startsWith('on') || a.name === 'srcdoc').map(a => e.tagName + ' ' + a.name)).join(' ')`); odd != "" {
			t.Errorf("%s: attributes that run: %s", path, odd)
		}
		for _, c := range told() {
			t.Errorf("%s: the browser complains: %s", path, c)
		}
	}
	if visited < 60 {
		t.Errorf("only %d pages were opened", visited)
	}
	// The instrument: markup that did come alive would have been heard.
	b.open("/standards")
	ask[bool](b, `(document.body.insertAdjacentHTML('beforeend', '<img src="//evil.example/x.png" onerror="alert(1)"><a href="javascript:alert(1)" id="bite">x</a>'), true)`)
	b.until("the policy is broken", `(document.getElementById('bite').click(), true)`)
	heard := ""
	for range 100 {
		if heard += strings.Join(told(), "\n"); strings.Contains(heard, "Content Security Policy") {
			break
		}
		ask[bool](b, `new Promise(done => setTimeout(() => done(true), 50))`)
	}
	if !strings.Contains(heard, "Content Security Policy") {
		t.Errorf("what broke the policy was not heard: %q", heard)
	}
	t.Logf("%d pages opened", visited)
}

// addressesOnly: a list of addresses for search engines has no other element.
func addressesOnly(t *testing.T, path, body string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(body)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		if e, ok := token.(xml.StartElement); ok && !slices.Contains([]string{"urlset", "url", "loc", "lastmod", "sitemapindex", "sitemap"}, e.Name.Local) {
			t.Errorf("%s: an element %s", path, e.Name.Local)
		}
	}
}
