package registry

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Subscription is what a member wants to hear of: a search, a standard, a clause
// or an applicability profile, from Since on. It is private: no event and no
// other member tells what is in it.
type Subscription struct {
	Member  string           `json:"member"`
	ID      string           `json:"id"` // "w" and the number of the event that made it
	Kind    SubscriptionKind `json:"kind"`
	Query   string           `json:"query,omitempty"` // of a search or a profile: its URL query
	On      Ref              `json:"on,omitzero"`     // the standard or the clause
	Name    string           `json:"name"`            // as the member calls it
	Digest  DigestEvery      `json:"digest,omitempty"`
	Hook    Hook             `json:"hook,omitzero"`
	Feed    string           `json:"feed"`  // SHA-256 of the token of its feed
	Since   uint64           `json:"since"` // event; what came before is not told
	Created time.Time        `json:"created"`
}

// SubscriptionKind says what is subscribed to.
type SubscriptionKind string

const (
	ToSearch   SubscriptionKind = "search"
	ToStandard SubscriptionKind = "standard"
	ToClause   SubscriptionKind = "clause"
	ToProfile  SubscriptionKind = "profile" // of /applicable
)

// DigestEvery says how often news are gathered into an e-mail; "" is never.
type DigestEvery string

const (
	Daily  DigestEvery = "daily"  // at eight in the morning, in China
	Weekly DigestEvery = "weekly" // on Mondays at eight
)

// Hook is an address that is called with each news; an empty URL is none.
type Hook struct {
	URL  string   `json:"url"`
	Form HookForm `json:"form"`
	// Secret signs the calls: ours for HookJSON, the robot's own for
	// HookDingTalk. It has to be kept as it is; it leaves the registry only in
	// the answer to the member who made it.
	Secret string `json:"secret,omitempty"`
}

// HookForm is how a webhook's body is written.
type HookForm string

const (
	HookJSON     HookForm = "json"     // schemas/news.schema.json
	HookWeCom    HookForm = "wecom"    // a group robot of 企业微信
	HookDingTalk HookForm = "dingtalk" // a group robot of 钉钉, signed
)

// HookForms as they are offered.
var HookForms = []HookForm{HookJSON, HookWeCom, HookDingTalk}

// Bounds of subscriptions.
const (
	MaxSubscriptions = 50   // of one member
	maxWatchedQuery  = 2000 // bytes
	maxHookURL       = 500  // bytes
	maxHookSecret    = 200  // bytes
)

var (
	subscriptions = table[Subscription]{"subscription", "个订阅"}
	// subscriptionFeeds finds a subscription by the hash of its feed's token.
	subscriptionFeeds = table[feedOwner]{"subscription-feed", "个订阅源"}
)

// feedOwner names the subscription of a feed.
type feedOwner struct {
	Member string `json:"member"`
	ID     string `json:"id"`
}

// Opened is a subscription with the secrets that are shown this once.
type Opened struct {
	Subscription
	Token  string // of its feed
	Secret string // that signs its calls; "" where the member gave it
}

// shown is the subscription without its secret.
func (s Subscription) shown() Subscription {
	s.Hook.Secret = ""
	return s
}

// Subscribe keeps a subscription of the actor's.
func (r *Registry) Subscribe(actor Member, s Subscription) (o Opened, err error) {
	if err := May(actor, Subscribe); err != nil {
		return o, err
	}
	if err := s.check(); err != nil {
		return o, err
	}
	o.Token = newToken()
	if s.Hook.Form == HookJSON {
		o.Secret = newToken()
		s.Hook.Secret = o.Secret
	}
	err = r.update(actor, func(c *change) error {
		if _, err := members.get(c.Tx, actor.ID); err != nil {
			return err
		}
		own, err := subscriptions.all(c.Tx, actor.ID)
		if err != nil {
			return err
		}
		if len(own) >= MaxSubscriptions {
			return refuse(Invalid, "", "最多 %d 个订阅：请先结束不用的。 At most %d subscriptions: end one that you no longer need.", MaxSubscriptions, MaxSubscriptions)
		}
		if err := s.place(c.Tx); err != nil {
			return err
		}
		head, _, err := heads.find(c.Tx, "head")
		if err != nil {
			return err
		}
		s.Member, s.ID, s.Since = actor.ID, fmt.Sprintf("w%d", head.Seq+1), head.Seq
		s.Created, s.Feed = r.now().UTC().Truncate(time.Second), hashOf([]byte(o.Token))
		d := Delivery{Member: s.Member, Subscription: s.ID, Pushed: head.Seq, Digested: head.Seq}
		if err := subscriptionFeeds.put(c, feedOwner{s.Member, s.ID}, s.Feed); err != nil {
			return err
		}
		if err := deliveries.put(c, d, s.Member, s.ID); err != nil {
			return err
		}
		if err := subscriptions.put(c, s, s.Member, s.ID); err != nil {
			return err
		}
		return c.log(Subscribe, "members/"+actor.ID, nil)
	})
	o.Subscription = s.shown()
	return o, err
}

// check refuses what cannot be a subscription, and brings it into its form.
func (s *Subscription) check() (err error) {
	switch s.Kind {
	case ToSearch, ToProfile:
		s.On = Ref{}
		if s.Query, err = watchedQuery(s.Kind, s.Query); err != nil {
			return err
		}
	case ToStandard, ToClause:
		s.Query, s.On.Revision, s.On.Paragraph = "", 0, 0
		if s.Kind == ToStandard {
			s.On.Clause = ""
		} else if s.On.Clause == "" {
			return refuse(Invalid, "on", "请写明是哪一条，如 db31-t-sf001#scope。 Say which clause, e.g. db31-t-sf001#scope.")
		}
	default:
		return refuse(Invalid, "kind", "请选订阅什么：检索、标准、条款或适用情形。 Choose what to subscribe to: a search, a standard, a clause or a profile.")
	}
	if s.Digest != "" && s.Digest != Daily && s.Digest != Weekly {
		return refuse(Invalid, "digest", "邮件摘要只有每天和每周。 A digest is daily or weekly.")
	}
	if s.Name = strings.TrimSpace(s.Name); s.Name != "" {
		if err := line("name", s.Name); err != nil {
			return err
		}
	}
	return s.Hook.check()
}

// watchedKeys are the parts of an address that say what is sought; the others
// only show it.
var watchedKeys = map[SubscriptionKind][]string{
	ToSearch:  {"q", "region", "kind", "status", "modality", "activity", "year", "standard", "on"},
	ToProfile: {"region", "do", "role", "scale"},
}

// watchedQuery is a URL query in one form, without what only shows it.
func watchedQuery(kind SubscriptionKind, raw string) (string, error) {
	wrong := refuse(Invalid, "query", "看不懂这个查询：请从检索页或适用页上点“订阅”。 This query cannot be read: press “subscribe” on the page itself.")
	raw = strings.TrimSpace(raw)
	if _, query, whole := strings.Cut(raw, "?"); whole && (raw[0] == '?' || raw[0] == '/') { // as it stands in an address
		raw = query
	}
	values, err := url.ParseQuery(raw)
	if err != nil || len(raw) > maxWatchedQuery || strings.ContainsRune(raw, 0) {
		return "", wrong
	}
	for key, list := range values {
		if !slices.Contains(watchedKeys[kind], key) || !slices.ContainsFunc(list, func(v string) bool { return v != "" }) {
			values.Del(key)
		}
	}
	if kind == ToSearch && strings.TrimSpace(values.Get("q")) == "" || len(values) == 0 {
		return "", wrong
	}
	if _, ok := day(values.Get("on")); !ok {
		return "", wrong
	}
	if kind == ToProfile {
		if _, err := ReadProfile(values).check("2000-01-01"); err != nil {
			return "", err
		}
	}
	return values.Encode(), nil
}

func (h *Hook) check() error {
	if h.URL = strings.TrimSpace(h.URL); h.URL == "" {
		*h = Hook{}
		return nil
	}
	u, err := url.Parse(h.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(h.URL) > maxHookURL {
		return refuse(Invalid, "url", "这不是可以调用的网址：请写成 https://… 的样子，不带用户名。 This address cannot be called: write https://… without a user name.")
	}
	if !slices.Contains(HookForms, h.Form) {
		return refuse(Invalid, "form", "请选回调的格式：JSON、企业微信或钉钉。 Choose the form of the calls: JSON, WeCom or DingTalk.")
	}
	if h.Form != HookDingTalk {
		h.Secret = ""
	}
	return within("secret", h.Secret, maxHookSecret)
}

// place finds what is subscribed to, and a name for it.
func (s *Subscription) place(tx Tx) error {
	switch s.Kind {
	case ToSearch:
		q, _ := url.ParseQuery(s.Query)
		s.Name = cmp.Or(s.Name, clipped(q.Get("q"), maxLine))
		return nil
	case ToProfile:
		s.Name = cmp.Or(s.Name, "适用情形")
		return nil
	}
	std, err := standards.get(tx, s.On.Standard)
	if err != nil || s.Kind == ToStandard {
		s.Name = cmp.Or(s.Name, std.Header.Title)
		return err
	}
	text, err := textAt(tx, Ref{Standard: s.On.Standard})
	if err != nil {
		return err
	}
	k := text.Document.Clause(s.On.Clause)
	if k == nil {
		return refuse(NotFound, "on", "现行文本没有这一条：%s。 The current text has no such clause.", s.On)
	}
	s.Name = cmp.Or(s.Name, clipped(std.Header.Title+" "+strings.TrimSpace(k.Number+" "+k.Title), maxLine))
	return nil
}

// clipped is a text of one line, of n characters at most.
func clipped(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}

// changeSubscription changes one of the actor's own and logs that.
func (r *Registry) changeSubscription(actor Member, verb Verb, id string, fn func(*change, *Subscription) error) error {
	if err := May(actor, verb); err != nil {
		return err
	}
	return r.update(actor, func(c *change) error {
		s, err := subscriptions.get(c.Tx, actor.ID, id)
		if err != nil {
			return err
		}
		if err := fn(c, &s); err != nil {
			return err
		}
		return c.log(verb, "members/"+actor.ID, nil)
	})
}

// Unsubscribe ends one of the actor's subscriptions and forgets its news.
func (r *Registry) Unsubscribe(actor Member, id string) error {
	return r.changeSubscription(actor, Unsubscribe, id, func(c *change, s *Subscription) error {
		list, err := news.all(c.Tx, s.Member, s.ID)
		for _, n := range list {
			if err == nil {
				err = news.delete(c, s.Member, s.ID, seq(n.Seq))
			}
		}
		if err != nil {
			return err
		}
		if err := subscriptionFeeds.delete(c, s.Feed); err != nil {
			return err
		}
		if err := deliveries.delete(c, s.Member, s.ID); err != nil {
			return err
		}
		return subscriptions.delete(c, s.Member, s.ID)
	})
}

// RenewFeed gives the feed of one of the actor's subscriptions a new token; the
// old one leads nowhere then.
func (r *Registry) RenewFeed(actor Member, id string) (token string, err error) {
	token = newToken()
	err = r.changeSubscription(actor, RenewFeed, id, func(c *change, s *Subscription) error {
		if err := subscriptionFeeds.delete(c, s.Feed); err != nil {
			return err
		}
		s.Feed = hashOf([]byte(token))
		if err := subscriptionFeeds.put(c, feedOwner{s.Member, s.ID}, s.Feed); err != nil {
			return err
		}
		return subscriptions.put(c, *s, s.Member, s.ID)
	})
	return token, err
}

// Subscribed is a subscription with how it fares.
type Subscribed struct {
	Subscription
	Delivery Delivery
	News     []News // the newest first, as many as were asked for
	Count    int    // of all that are kept
}

// Subscriptions are the actor's own, the oldest first, each with its newest news.
func (r *Registry) Subscriptions(actor Member, each int) (list []Subscribed, err error) {
	err = r.store.View(func(tx Tx) error {
		own, err := subscriptions.all(tx, actor.ID)
		if err != nil {
			return err
		}
		slices.SortStableFunc(own, func(a, b Subscription) int { return cmp.Compare(a.Since, b.Since) })
		for _, s := range own {
			d, err := s.fares(tx, each)
			if err != nil {
				return err
			}
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

// Subscription is one of the actor's own with its newest news.
func (r *Registry) Subscription(actor Member, id string, limit int) (s Subscribed, err error) {
	err = r.store.View(func(tx Tx) error {
		one, err := subscriptions.get(tx, actor.ID, id)
		if err != nil {
			return err
		}
		s, err = one.fares(tx, limit)
		return err
	})
	return s, err
}

// SubscriptionOf is the subscription whose feed a token opens.
func (r *Registry) SubscriptionOf(token string, limit int) (s Subscribed, err error) {
	err = r.store.View(func(tx Tx) error {
		owner, err := subscriptionFeeds.get(tx, hashOf([]byte(token)))
		if err != nil {
			return refuse(NotFound, "", "没有这个订阅源：地址换过了，或订阅已结束。 There is no such feed: its address was changed, or the subscription ended.")
		}
		if m, err := members.get(tx, owner.Member); err != nil {
			return err
		} else if !m.Active() {
			return refuse(NotFound, "", "没有这个订阅源：成员资格已终止。 There is no such feed: the membership has ended.")
		}
		one, err := subscriptions.get(tx, owner.Member, owner.ID)
		if err != nil {
			return err
		}
		s, err = one.fares(tx, limit)
		return err
	})
	return s, err
}

func (s Subscription) fares(tx Tx, limit int) (out Subscribed, err error) {
	out.Subscription = s.shown()
	if out.Delivery, _, err = deliveries.find(tx, s.Member, s.ID); err != nil {
		return out, err
	}
	list, err := news.all(tx, s.Member, s.ID)
	out.Count = len(list)
	slices.Reverse(list)
	out.News = list[:min(limit, len(list))]
	return out, err
}
