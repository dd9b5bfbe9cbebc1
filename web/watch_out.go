package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tongbiao/editor/compare"
	"tongbiao/registry"
)

// What of a subscription leaves the house: digests by e-mail and the bodies of
// webhooks.

// digest writes the letter with the news of a member's subscriptions.
func (s *Server) digest(l registry.Letter) (subject, text string) {
	var b strings.Builder
	count := 0
	for _, d := range l.Digest {
		fmt.Fprintf(&b, "%s\n%s/watch/%s\n", d.Subscription.Name, s.opt.Site, d.Subscription.ID)
		for _, n := range d.News {
			count++
			v := newsViewOf(n)
			fmt.Fprintf(&b, "\n%s\n%s%s\n", s.newsLine("zh", n), s.newsText("zh", n, 10), s.opt.Site+cmp.Or(v.Compare, v.Link))
		}
		b.WriteString("\n")
	}
	return s.words.say("zh", "letter.digest.subject", count), s.words.say("zh", "letter.digest", l.Member.Name, b.String(), s.opt.Site+"/watch")
}

// pushed is the JSON of a webhook: schemas/news.schema.json.
type pushed struct {
	Version      int             `json:"version"`
	ID           string          `json:"id"`
	Test         bool            `json:"test"`
	Subscription pushedFrom      `json:"subscription"`
	Event        *pushedEvent    `json:"event,omitempty"`
	Standard     *pushedStandard `json:"standard,omitempty"`
	Revision     int             `json:"revision,omitempty"`
	Before       int             `json:"before,omitempty"`
	Step         string          `json:"step,omitempty"`
	Summary      string          `json:"summary"`
	Link         string          `json:"link"`
	Changes      []pushedChange  `json:"changes"`
	More         int             `json:"more"`
}

type pushedFrom struct {
	ID   string                    `json:"id"`
	Name string                    `json:"name"`
	Kind registry.SubscriptionKind `json:"kind"`
}

type pushedEvent struct {
	Seq  uint64        `json:"seq"`
	Time time.Time     `json:"time"`
	Verb registry.Verb `json:"verb"`
}

type pushedStandard struct {
	ID      string   `json:"id"`
	Number  string   `json:"number"`
	Title   string   `json:"title"`
	Regions []string `json:"regions"`
}

type pushedChange struct {
	Kind    compare.ChangeKind `json:"kind"`
	Clause  string             `json:"clause"`
	Name    string             `json:"name"`
	Fits    registry.Fit       `json:"fits,omitempty"`
	Link    string             `json:"link"`
	Title   []compare.Edit     `json:"title,omitempty"`
	Words   []compare.Edit     `json:"words,omitempty"`
	Demands []string           `json:"demands,omitempty"`
}

// Hooked writes the body of a webhook's call in its form.
func (s *Server) Hooked(p registry.Push) ([]byte, error) {
	line, text, link := s.words.say("zh", "hook.test"), "", s.opt.Site+"/watch/"+p.Subscription.ID
	if p.News != nil {
		v := newsViewOf(*p.News)
		line, text, link = s.newsLine("zh", *p.News), s.newsText("zh", *p.News, 8), s.opt.Site+cmp.Or(v.Compare, v.Link)
	}
	switch p.Subscription.Hook.Form {
	case registry.HookWeCom:
		const most = 4096 - 200 // bytes of a robot's Markdown, less what surrounds it
		body := s.robotText(p.Subscription.Name, line, text, link, most)
		return json.Marshal(map[string]any{"msgtype": "markdown", "markdown": map[string]string{"content": body}})
	case registry.HookDingTalk:
		const most = 18_000 // bytes; a robot takes 20,000
		body := s.robotText(p.Subscription.Name, line, text, link, most)
		return json.Marshal(map[string]any{"msgtype": "markdown", "markdown": map[string]string{"title": line, "text": body}})
	}
	return json.Marshal(s.pushed(p, line, link))
}

func (s *Server) pushed(p registry.Push, line, link string) pushed {
	out := pushed{Version: 1, ID: p.ID(), Test: p.News == nil, Summary: line, Link: link, Changes: []pushedChange{},
		Subscription: pushedFrom{p.Subscription.ID, p.Subscription.Name, p.Subscription.Kind}}
	if p.News == nil {
		return out
	}
	n := *p.News
	out.Event = &pushedEvent{n.Seq, n.Time, n.Verb}
	out.Standard = &pushedStandard{n.Text.Standard, n.Number, n.Title, append([]string{}, n.Regions...)}
	out.Revision, out.Before, out.Step, out.More = n.Text.Revision, n.Before, n.Step, n.More
	for _, k := range newsViewOf(n).Clauses {
		out.Changes = append(out.Changes, pushedChange{k.Kind, k.Clause, k.Name, k.Fits, s.opt.Site + k.Link, k.NewsChange.Title, k.Words, k.Demands})
	}
	return out
}

// plainMarks are signs that a robot would read as Markdown, and what stands for
// them.
var plainMarks = strings.NewReplacer("[", "［", "]", "］", "<", "＜", ">", "＞", "*", "＊", "`", "’", "#", "＃", "_", "＿", "~", "～", "@", "＠", "!", "！")

// robotText is Markdown for a group's robot, of so many bytes at most.
func (s *Server) robotText(name, line, text, link string, most int) string {
	room := most - len(link) - len(line) - len(name)
	text = plainMarks.Replace(text)
	if len(text) > room {
		text = strings.ToValidUTF8(text[:max(0, room)], "") + "…"
	}
	return "**" + plainMarks.Replace(line) + "**\n" + plainMarks.Replace(name) + "\n\n" + strings.ReplaceAll(text, "\n", "\n\n") + "\n[" + s.words.say("zh", "hook.open") + "](" + link + ")"
}
