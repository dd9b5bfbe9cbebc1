package web

import (
	"cmp"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// watchPage is what a member subscribed to, and the form for another.
type watchPage struct {
	Frame
	List    []watchView
	Form    registry.Subscription
	Chosen  *chosenSubject // what is subscribed to, where another page said it
	On      string         // of the form, as it was typed
	Forms   []registry.HookForm
	Problem string
	Mails   bool
	Address bool   // a confirmed one is there
	Feed    string // shown this once
	Secret  string // shown this once
	Made    string // name of the subscription that they are of
	Most    int
	Days    int // after which a call is given up
}

// chosenSubject is what a page that led here offers for subscription.
type chosenSubject struct {
	Link, Text string
	Profile    *profileWords
}

// chosen reads what a page that led here offers; nil where there is nothing.
func (s *Server) chosen(c echo.Context, form registry.Subscription, on string) *chosenSubject {
	raw := form.Query
	if _, query, whole := strings.Cut(raw, "?"); whole {
		raw = query
	}
	q, err := url.ParseQuery(raw)
	switch {
	case err != nil:
		return nil
	case form.Kind == registry.ToSearch && q.Get("q") != "":
		return &chosenSubject{Link: "/search?" + raw, Text: s.searchWords(c, q)}
	case form.Kind == registry.ToProfile && raw != "":
		words := s.profileWords(c, registry.ReadProfile(q))
		return &chosenSubject{Link: "/applicable?" + raw, Profile: &words}
	case (form.Kind == registry.ToStandard || form.Kind == registry.ToClause) && on != "":
		ref, err := registry.ParseRef(on)
		if err != nil {
			return nil
		}
		if at := s.place(ref); at != nil {
			return &chosenSubject{Link: at.Link, Text: strings.TrimSpace(at.Name + " " + ref.Clause)}
		}
	}
	return nil
}

// searchWords is a search as people read it: its words and what narrows it.
func (s *Server) searchWords(c echo.Context, q url.Values) string {
	parts := []string{q.Get("q")}
	for _, name := range []string{"region", "kind", "status", "activity", "modality", "year", "standard", "on"} {
		for _, v := range q[name] {
			switch key := name + "." + v; {
			case name == "region":
				parts = append(parts, regionOf(lang(c), strings.TrimPrefix(v, "national")).Name)
			case s.words.has(key):
				parts = append(parts, s.say(c, key))
			case v != "":
				parts = append(parts, v)
			}
		}
	}
	return strings.Join(parts, " · ")
}

// watchView is a subscription in words.
type watchView struct {
	registry.Subscribed
	Link  string // what it is of
	Host  string // of its webhook; the whole address may hold a key
	Lines []newsView
}

// newsView is news in words.
type newsView struct {
	registry.News
	Link, Compare string
	Clauses       []newsClause
}

type newsClause struct {
	registry.NewsChange
	Link         string
	Heads, Texts []edit
}

const (
	newsOnList = 3
	newsOnPage = 50
)

func (s *Server) watch(c echo.Context) error {
	q := c.QueryParams()
	p := watchPage{On: q.Get("on"), Form: registry.Subscription{Kind: registry.SubscriptionKind(q.Get("kind")), Query: q.Get("query"), Name: q.Get("name")}}
	return s.showWatch(c, http.StatusOK, p)
}

func (s *Server) showWatch(c echo.Context, status int, p watchPage) error {
	actor := s.actor(c)
	list, err := s.reg.Subscriptions(actor, newsOnList)
	if err != nil {
		return err
	}
	for _, one := range list {
		p.List = append(p.List, watchViewOf(one))
	}
	box, err := s.reg.Mailbox(actor)
	if err != nil {
		return err
	}
	p.Frame = s.frame(c, s.say(c, "watch.title"))
	p.Styles = []string{"watch.css", "enterprise.css"}
	p.Mails, p.Address = s.opt.Mails, !box.Confirmed.IsZero()
	p.Forms, p.Most, p.Days = registry.HookForms, registry.MaxSubscriptions, int(registry.GiveUpAfter/(24*time.Hour))
	p.Chosen = s.chosen(c, p.Form, p.On)
	p.Form.Kind = cmp.Or(p.Form.Kind, registry.ToStandard)
	return s.render(c, status, "watch.html", p)
}

func (s *Server) subscribe(c echo.Context) error {
	on := strings.TrimSpace(c.FormValue("on"))
	sub := registry.Subscription{
		Kind: registry.SubscriptionKind(c.FormValue("kind")), Query: c.FormValue("query"), Name: c.FormValue("name"),
		Digest: registry.DigestEvery(c.FormValue("digest")),
		Hook:   registry.Hook{URL: c.FormValue("url"), Form: registry.HookForm(c.FormValue("form")), Secret: c.FormValue("secret")},
	}
	var err error
	if sub.Kind == registry.ToStandard || sub.Kind == registry.ToClause {
		sub.On, err = registry.ParseRef(on)
	}
	var made registry.Opened
	if err == nil {
		made, err = s.reg.Subscribe(s.actor(c), sub)
	}
	if reason, ok := refused(err, registry.Invalid, registry.NotFound); ok {
		return s.showWatch(c, http.StatusUnprocessableEntity, watchPage{Form: sub, On: on, Problem: reason})
	}
	if err != nil {
		return err
	}
	return s.showWatch(c, http.StatusOK, watchPage{Made: made.Name, Feed: s.home0(c) + "/feeds/watch/" + made.Token, Secret: made.Secret})
}

// watchedPage is one subscription with its news.
type watchedPage struct {
	Frame
	watchView
	Days int
}

func (s *Server) watched(c echo.Context) error {
	one, err := s.reg.Subscription(s.actor(c), c.Param("id"), newsOnPage)
	if err != nil {
		return err
	}
	p := watchedPage{Frame: s.frame(c, one.Name), watchView: watchViewOf(one), Days: int(registry.GiveUpAfter / (24 * time.Hour))}
	p.Class, p.Styles = "comparing", []string{"history.css", "watch.css"}
	return s.render(c, http.StatusOK, "watched.html", p)
}

func (s *Server) unsubscribe(c echo.Context) error {
	if err := s.reg.Unsubscribe(s.actor(c), c.Param("id")); err != nil {
		return err
	}
	return s.see(c, "/watch", "done.watch.end")
}

func (s *Server) testHook(c echo.Context) error {
	if err := s.reg.TestHook(s.actor(c), c.Param("id")); err != nil {
		return err
	}
	return s.see(c, "/watch/"+url.PathEscape(c.Param("id")), "done.watch.test")
}

func (s *Server) renewFeed(c echo.Context) error {
	token, err := s.reg.RenewFeed(s.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	one, err := s.reg.Subscription(s.actor(c), c.Param("id"), 0)
	if err != nil {
		return err
	}
	return s.showWatch(c, http.StatusOK, watchPage{Made: one.Name, Feed: s.home0(c) + "/feeds/watch/" + token})
}

func watchViewOf(one registry.Subscribed) watchView {
	v := watchView{Subscribed: one}
	switch one.Kind {
	case registry.ToSearch:
		v.Link = "/search?" + one.Query
	case registry.ToProfile:
		v.Link = "/applicable?" + one.Query
	case registry.ToClause:
		v.Link = "/standards/" + one.On.Standard + "/clauses/" + one.On.Clause
	default:
		v.Link = "/standards/" + one.On.Standard
	}
	if u, err := url.Parse(one.Hook.URL); err == nil {
		v.Host = u.Host
	}
	for _, n := range one.News {
		v.Lines = append(v.Lines, newsViewOf(n))
	}
	return v
}

func newsViewOf(n registry.News) newsView {
	v := newsView{News: n, Link: placeOf(n.Text)}
	if n.Before > 0 {
		v.Compare = fmt.Sprintf("/standards/%s/compare?a=%d&b=%d", n.Text.Standard, n.Before, n.Text.Revision)
	}
	for _, ch := range n.Changes {
		k := newsClause{NewsChange: ch, Heads: editsOf(ch.Title), Texts: editsOf(ch.Words)}
		k.Link = "/standards/" + n.Text.Standard + "/clauses/" + ch.Clause
		v.Clauses = append(v.Clauses, k)
	}
	return v
}

func editsOf(list []compare.Edit) (out []edit) {
	marks := map[compare.Op]string{compare.Insert: "ins", compare.Delete: "del"}
	for _, e := range list {
		out = append(out, edit{marks[e.Op], e.Text, false})
	}
	return out
}

// newsLine says on one line what came.
func (s *Server) newsLine(lang string, n registry.News) string {
	thing := strings.TrimSpace(n.Number + " " + n.Title)
	switch {
	case n.Step != "":
		return s.words.say(lang, "news.step", thing, n.Step)
	case n.Before == 0 && len(n.Changes) == 0:
		return s.words.say(lang, "news.first", thing)
	case len(n.Changes) == 0:
		return s.words.say(lang, "news.face", thing, n.Text.Revision)
	}
	return s.words.say(lang, "news.changed", thing, len(n.Changes)+n.More, n.Text.Revision)
}

// newsText says in plain text what became of each clause, the first so many.
func (s *Server) newsText(lang string, n registry.News, most int) string {
	var b strings.Builder
	for i, ch := range n.Changes {
		if i == most {
			break
		}
		b.WriteString("· " + ch.Name + "（" + s.words.say(lang, "change."+string(ch.Kind)) + "）")
		if ch.Fits != "" {
			b.WriteString(" " + s.words.say(lang, "fits."+string(ch.Fits)))
		}
		for _, e := range ch.Words {
			switch e.Op {
			case compare.Insert:
				b.WriteString("【+" + e.Text + "】")
			case compare.Delete:
				b.WriteString("【-" + e.Text + "】")
			default:
				b.WriteString(e.Text)
			}
		}
		b.WriteString("\n")
	}
	if over := max(0, len(n.Changes)-most) + n.More; over > 0 {
		b.WriteString(s.words.say(lang, "news.more", over) + "\n")
	}
	return b.String()
}

// watchFeed is a subscription as an Atom feed. Its address is its key.
func (s *Server) watchFeed(c echo.Context) error {
	one, err := s.reg.SubscriptionOf(c.Param("token"), newsOnPage)
	if err != nil {
		return err
	}
	site := s.home0(c)
	out := atomFeed{Lang: "zh-CN", ID: "urn:tongbiao:watch:" + one.Member + ":" + one.ID, Title: one.Name + " · " + s.words.say("zh", "site.name"), Updated: one.Created.Format(time.RFC3339),
		Links: []atomLink{{"self", site + c.Request().URL.Path}, {"alternate", site + "/watch/" + one.ID}}, Author: atomPerson{s.words.say("zh", "site.name")}}
	for i, n := range one.News {
		v := newsViewOf(n)
		if i == 0 {
			out.Updated = n.Time.Format(time.RFC3339)
		}
		out.Entries = append(out.Entries, atomEntry{
			ID: "urn:tongbiao:news:" + one.ID + ":" + strconv.FormatUint(n.Seq, 10), Title: s.newsLine("zh", n), Updated: n.Time.Format(time.RFC3339),
			Link: atomLink{Href: site + cmp.Or(v.Compare, v.Link)}, Author: out.Author, Content: &atomText{"html", s.newsHTML(site, v)},
		})
	}
	return writeAtom(c, out)
}

// newsHTML is what changed for a feed reader: escaped here, marks only.
func (s *Server) newsHTML(site string, v newsView) string {
	var b strings.Builder
	for _, k := range v.Clauses {
		fmt.Fprintf(&b, `<p><a href="%s">%s</a>（%s）`, html.EscapeString(site+k.Link), html.EscapeString(k.Name), s.words.say("zh", "change."+string(k.Kind)))
		if k.Fits != "" {
			b.WriteString(" " + s.words.say("zh", "fits."+string(k.Fits)))
		}
		b.WriteString("<br>")
		for _, e := range append(k.Heads, k.Texts...) {
			text := html.EscapeString(e.Text)
			if e.Mark != "" {
				text = "<" + e.Mark + ">" + text + "</" + e.Mark + ">"
			}
			b.WriteString(text)
		}
		b.WriteString("</p>")
	}
	if v.More > 0 {
		b.WriteString("<p>" + s.words.say("zh", "news.more", v.More) + "</p>")
	}
	return b.String()
}
