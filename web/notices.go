package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// inboxPage is what waits for a member, and what the member was told.
type inboxPage struct {
	Frame
	Waiting []taskView
	Notices []noticeView
	Newest  uint64 // event of the newest notice on the page: up to where reading goes
	Older   uint64 // ?before= of the next page; 0 at the end
	Before  uint64
}

// taskView is something that waits for a member, with its address.
type taskView struct {
	registry.Task
	Link string
}

// noticeView is a notice in words.
type noticeView struct {
	change
	Kind   registry.NoticeKind
	Unread bool
}

const noticesPerPage = 50

func (s *Server) inbox(c echo.Context) error {
	actor := s.actor(c)
	p := inboxPage{Frame: s.frame(c, s.say(c, "inbox.title"))}
	if n, err := strconv.ParseUint(c.QueryParam("before"), 10, 64); err == nil {
		p.Before = n
	}
	list, older, err := s.reg.Notices(actor, p.Before, noticesPerPage)
	if err != nil {
		return err
	}
	read, err := s.reg.NoticesReadUpTo(actor)
	if err != nil {
		return err
	}
	p.Older = older
	names := s.naming(lang(c))
	for _, n := range list {
		p.Newest = max(p.Newest, n.Seq)
		p.Notices = append(p.Notices, names.notice(n, read))
	}
	waiting, err := s.reg.Tasks(actor)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		p.Waiting = append(p.Waiting, taskView{w, taskLink(w)})
	}
	return s.render(c, http.StatusOK, "inbox.html", p)
}

func (n naming) notice(said registry.Notice, read uint64) noticeView {
	v := noticeView{n.change(said.Event), said.Kind, said.Seq > read}
	if to := aboutLink(said, v.Link); to != "" {
		v.Link = to
	}
	return v
}

// aboutLink leads to the very thing that a notice is about; "" where the event's
// own link is the best.
func aboutLink(n registry.Notice, link string) string {
	if n.Kind == registry.SignedIn {
		return "/account/security"
	}
	path, _, _ := strings.Cut(link, "#")
	if path == "" || n.About == "" {
		return ""
	}
	switch n.Kind {
	case registry.Mentioned, registry.Answered, registry.Disposed, registry.Applied, registry.Submitted, registry.LeftOut:
		if rest, ok := strings.CutPrefix(path, "/standards/"); ok {
			id, _, _ := strings.Cut(rest, "/")
			return "/standards/" + id + "/comments?comment=" + n.About + "#" + n.About
		}
		return path + "#" + n.About
	case registry.Decided:
		id, _, _ := strings.Cut(strings.TrimPrefix(path, "/standards/"), "/")
		return "/standards/" + id + "/suggestions/" + n.About
	case registry.ToVote, registry.BallotOver:
		id, _, _ := strings.Cut(strings.TrimPrefix(path, "/standards/"), "/")
		return "/standards/" + id + "/ballots/" + n.About
	}
	return ""
}

// taskLink is where what waits can be done.
func taskLink(w registry.Task) string {
	id := url.PathEscape(w.Object)
	switch w.Kind {
	case registry.PositionsOwed:
		return "/projects/" + id + "?owes=" + url.QueryEscape(w.Region)
	case registry.VoteOwed:
		return "/standards/" + id + "/ballots/" + strconv.Itoa(w.Count)
	case registry.CommentsToSubmit, registry.CommentsToAnswer:
		return "/standards/" + id + "/comments"
	case registry.SuggestionsOpen:
		return "/standards/" + id + "/suggestions"
	case registry.CopyBehind:
		return "/drafts/" + id
	}
	return "/standards/" + id
}

func (s *Server) readNotices(c echo.Context) error {
	upTo, err := strconv.ParseUint(c.FormValue("up_to"), 10, 64)
	if err != nil {
		return echo.ErrBadRequest
	}
	if err := s.reg.ReadNotices(s.actor(c), upTo); err != nil {
		return err
	}
	return s.see(c, "/inbox", "")
}

// setAddress says where one's notices are sent by e-mail.
func (s *Server) setAddress(c echo.Context) error {
	_, err := s.reg.SetAddress(s.actor(c), c.FormValue("address"))
	if reason, ok := refused(err); ok {
		p := accountPage{Address: c.FormValue("address"), AddressProblem: reason}
		return s.showAccount(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/account", "done.address")
}

// confirmPage asks whether the address of a letter is one's own.
type confirmPage struct {
	Frame
	Token, Problem string
}

func (s *Server) confirmForm(c echo.Context) error {
	return s.render(c, http.StatusOK, "confirm.html", confirmPage{Frame: s.frame(c, s.say(c, "confirm.title")), Token: c.QueryParam("token")})
}

func (s *Server) confirmAddress(c echo.Context) error {
	_, err := s.reg.ConfirmAddress(s.actor(c), c.FormValue("token"))
	if reason, ok := refused(err); ok {
		p := confirmPage{Frame: s.frame(c, s.say(c, "confirm.title")), Token: c.FormValue("token"), Problem: reason}
		return s.render(c, http.StatusUnprocessableEntity, "confirm.html", p)
	}
	if err != nil {
		return err
	}
	return s.see(c, "/account", "done.mailbox")
}

// openFeed gives one's feed an address, and shows it this once.
func (s *Server) openFeed(c echo.Context) error {
	token, err := s.reg.OpenFeed(s.actor(c))
	if err != nil {
		return err
	}
	return s.showAccount(c, http.StatusOK, accountPage{Feed: s.home0(c) + "/feeds/" + token})
}

// home0 is the address of the site as the reader sees it, or as the operator
// says that it is.
func (s *Server) home0(c echo.Context) string {
	if s.opt.Site != "" {
		return s.opt.Site
	}
	return c.Scheme() + "://" + c.Request().Host
}

// feed is a member's notices as an Atom feed. Its address is its key: feed
// readers do not sign in.
func (s *Server) feed(c echo.Context) error {
	m, err := s.reg.FeedOf(c.Param("token"))
	if err != nil {
		return err
	}
	list, _, err := s.reg.Notices(m, 0, noticesPerPage)
	if err != nil {
		return err
	}
	site := s.home0(c)
	out := atomFeed{Lang: "zh-CN", ID: "urn:tongbiao:inbox:" + m.ID, Title: s.words.say("zh", "feed.title", m.Name), Updated: m.Created.Format(time.RFC3339),
		Links: []atomLink{{"self", site + c.Request().URL.Path}, {"alternate", site + "/inbox"}}, Author: atomPerson{s.words.say("zh", "site.name")}}
	names := s.naming("zh")
	for i, n := range list {
		v := names.notice(n, 0)
		if i == 0 {
			out.Updated = v.Time.Format(time.RFC3339)
		}
		out.Entries = append(out.Entries, atomEntry{
			ID: fmt.Sprintf("urn:tongbiao:event:%s:%d", n.Event.Hash, n.Seq), Title: s.noticeLine("zh", v), Updated: v.Time.Format(time.RFC3339),
			Link: atomLink{Href: site + v.Link}, Author: atomPerson{s.person("zh", n.Event.Actor)}, Summary: v.Detail,
		})
	}
	return writeAtom(c, out)
}

// noticeLine is a notice on one line.
func (s *Server) noticeLine(lang string, v noticeView) string {
	return s.words.say(lang, "notice."+string(v.Kind), s.person(lang, v.Actor), v.Thing)
}

// Letter writes the words of an e-mail: Chinese first, with the addresses of what
// it tells of. Nothing of what people wrote to each other goes out by e-mail.
func (s *Server) Letter(l registry.Letter) (subject, text string) {
	site := s.opt.Site
	if l.Token != "" {
		link := site + "/account/address?token=" + url.QueryEscape(l.Token)
		return s.words.say("zh", "letter.confirm.subject"), s.words.say("zh", "letter.confirm", l.Member.Name, link)
	}
	if len(l.Digest) > 0 {
		return s.digest(l)
	}
	names := s.naming("zh")
	var b strings.Builder
	for _, n := range l.Notices {
		v := names.notice(n, 0)
		fmt.Fprintf(&b, "· %s\n  %s\n", s.noticeLine("zh", v), site+v.Link)
	}
	return s.words.say("zh", "letter.subject", len(l.Notices)), s.words.say("zh", "letter", l.Member.Name, b.String(), site+"/inbox", site+"/account")
}
