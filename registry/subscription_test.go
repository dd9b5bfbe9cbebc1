package registry_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongbiao/editor/compare"
	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/search"
)

// matching answers searches as the program does.
func matching() registry.Matching {
	return (&search.Standing{}).Match
}

// revise submits the current text of a standard with words replaced.
func revise(t *testing.T, reg *registry.Registry, standard string, pairs ...string) registry.Revision {
	t.Helper()
	text, err := reg.Text(registry.Ref{Standard: standard})
	if err != nil {
		t.Fatal(err)
	}
	source := strings.NewReplacer(pairs...).Replace(string(text.Source))
	v, _, err := reg.Submit(secretary, registry.Submission{Standard: standard, Base: text.Revision.Number, Source: []byte(source), Message: "修订"})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func subscribe(t *testing.T, reg *registry.Registry, m registry.Member, s registry.Subscription) registry.Opened {
	t.Helper()
	o, err := reg.Subscribe(m, s)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// newsSaid is what a subscription's news say, oldest first: kind, clause, fit.
func newsSaid(t *testing.T, reg *registry.Registry, m registry.Member, id string) (out []string) {
	t.Helper()
	s, err := reg.Subscription(m, id, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range slices.Backward(s.News) {
		if n.Step != "" {
			out = append(out, n.Step)
		}
		for _, c := range n.Changes {
			var words strings.Builder
			for _, e := range c.Words {
				if e.Op != compare.Equal {
					words.WriteString(map[compare.Op]string{compare.Insert: "+", compare.Delete: "-"}[e.Op] + e.Text)
				}
			}
			out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", c.Kind, c.Name, c.Fits, words.String())))
		}
	}
	return out
}

func TestSubscriptionsTellWhatChanged(t *testing.T) {
	reg, _ := two(t)
	people(t, reg)
	text, err := reg.Text(registry.Ref{Standard: "sh-express"})
	if err != nil {
		t.Fatal(err)
	}
	second := text.Document.Clauses[1].ID
	whole := subscribe(t, reg, reader, registry.Subscription{Kind: registry.ToStandard, On: registry.Ref{Standard: "sh-express", Revision: 1}})
	clause := subscribe(t, reg, reader, registry.Subscription{Kind: registry.ToClause, On: registry.Ref{Standard: "sh-express", Clause: second}})
	hours := subscribe(t, reg, reader, registry.Subscription{Kind: registry.ToSearch, Query: "?page=3&q=24小时内+投递&region=31"})
	other := subscribe(t, reg, reader, registry.Subscription{Kind: registry.ToSearch, Query: "q=投递&region=33"})
	if hours.Query != "q=24%E5%B0%8F%E6%97%B6%E5%86%85+%E6%8A%95%E9%80%92&region=31" || clause.Name != "上海市快递末端服务规定 第二条" {
		t.Errorf("kept as %q, named %q", hours.Query, clause.Name)
	}
	herald := reg.Herald(matching())
	revise(t, reg, "sh-express", "应当在24小时内投递", "应当在12小时内投递", "七日内", "五日内")
	revise(t, reg, "sh-express", "五日内", "三日内")
	revise(t, reg, "sh-express", "12小时内投递", "24小时内投递")
	if err := herald.CatchUp(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{
		whole.ID:  {"reworded 第二条  -24小时内+12小时内", "reworded 第三条  -七日内+五日内", "reworded 第三条  -五日内+三日内", "reworded 第二条  -12小时内+24小时内"},
		clause.ID: {"reworded 第二条  -24小时内+12小时内", "reworded 第二条  -12小时内+24小时内"},
		hours.ID:  {"reworded 第二条 no-longer -24小时内+12小时内", "reworded 第二条 now -12小时内+24小时内"},
		other.ID:  nil,
	} {
		got := newsSaid(t, reg, reader, name)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
	// The feed's token opens this one, until it is renewed or the subscription ends.
	if s, err := reg.SubscriptionOf(clause.Token, 10); err != nil || s.ID != clause.ID {
		t.Errorf("the feed gives %+v, %v", s, err)
	}
	token, err := reg.RenewFeed(reader, clause.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.SubscriptionOf(clause.Token, 10); !registry.Refused(err, registry.NotFound) {
		t.Errorf("the old address still answers: %v", err)
	}
	if err := reg.Unsubscribe(jiangsu, clause.ID); !registry.Refused(err, registry.NotFound) {
		t.Errorf("another member ends it: %v", err)
	}
	if err := reg.Unsubscribe(reader, clause.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.SubscriptionOf(token, 10); !registry.Refused(err, registry.NotFound) {
		t.Errorf("it ended and its feed answers: %v", err)
	}
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
}

// TestNewsSurviveACrash: whatever write is the last that is kept, after a new
// start every news is there once.
func TestNewsSurviveACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "registry.db")
	c := &clock{time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	begin := func(stop int) (*registry.Registry, *failing) {
		store, err := bolt.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		f := &failing{Store: store, left: stop}
		reg, err := registry.Open(f, c.now)
		if err != nil {
			t.Fatal(err)
		}
		return reg, f
	}
	reg, _ := begin(1 << 30)
	if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}}); err != nil {
		t.Fatal(err)
	}
	people(t, reg)
	s := subscribe(t, reg, reader, registry.Subscription{Kind: registry.ToStandard, On: registry.Ref{Standard: "sh-express"}})
	at := "24小时内投递"
	for i := range 6 {
		next := fmt.Sprintf("%d小时内投递", 23-i)
		revise(t, reg, "sh-express", at, next)
		at = next
	}
	reg.Close()
	for range 6 { // each start gets one write further
		reg, f := begin(1 << 30)
		f.left = 1
		if err := reg.Herald(matching()).CatchUp(); err != nil && !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		reg.Close()
	}
	reg, _ = begin(1 << 30)
	defer reg.Close()
	if err := reg.Herald(matching()).CatchUp(); err != nil {
		t.Fatal(err)
	}
	if got := newsSaid(t, reg, reader, s.ID); len(got) != 6 {
		t.Errorf("%d news of six changes: %q", len(got), got)
	}
}

var errCut = errors.New("cut off")

// failing is a store that takes so many writes and no more.
type failing struct {
	registry.Store
	left int
}

func (f *failing) Update(fn func(registry.Tx) error) error {
	if f.left--; f.left < 0 {
		return errCut
	}
	return f.Store.Update(fn)
}

func TestSubscriptionsAreBounded(t *testing.T) {
	reg, _ := two(t)
	people(t, reg)
	for what, s := range map[string]registry.Subscription{
		"nothing":          {},
		"no words":         {Kind: registry.ToSearch, Query: "region=31"},
		"no query":         {Kind: registry.ToSearch, Query: "%zz"},
		"no clause named":  {Kind: registry.ToClause, On: registry.Ref{Standard: "sh-express"}},
		"another digest":   {Kind: registry.ToStandard, On: registry.Ref{Standard: "sh-express"}, Digest: "hourly"},
		"a file":           {Kind: registry.ToStandard, On: registry.Ref{Standard: "sh-express"}, Hook: registry.Hook{URL: "file:///etc/passwd", Form: registry.HookJSON}},
		"a password":       {Kind: registry.ToStandard, On: registry.Ref{Standard: "sh-express"}, Hook: registry.Hook{URL: "https://a:b@example.org/", Form: registry.HookJSON}},
		"no form":          {Kind: registry.ToStandard, On: registry.Ref{Standard: "sh-express"}, Hook: registry.Hook{URL: "https://example.org/"}},
		"a name of lines":  {Kind: registry.ToStandard, On: registry.Ref{Standard: "sh-express"}, Name: "a\nb"},
		"a query too long": {Kind: registry.ToSearch, Query: "q=" + strings.Repeat("a", 3000)},
		"an empty profile": {Kind: registry.ToProfile, Query: "page=2"},
	} {
		if _, err := reg.Subscribe(reader, s); !registry.Refused(err, registry.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, on := range map[string]registry.Ref{"no standard": {Standard: "nowhere"}, "no clause": {Standard: "sh-express", Clause: "nowhere"}} {
		kind := registry.ToStandard
		if on.Clause != "" {
			kind = registry.ToClause
		}
		if _, err := reg.Subscribe(reader, registry.Subscription{Kind: kind, On: on}); !registry.Refused(err, registry.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := reg.Subscribe(registry.Member{}, registry.Subscription{Kind: registry.ToSearch, Query: "q=投递"}); !registry.Refused(err, registry.Forbidden) {
		t.Errorf("nobody subscribes: %v", err)
	}
	for range registry.MaxSubscriptions {
		subscribe(t, reg, reader, registry.Subscription{Kind: registry.ToSearch, Query: "q=投递"})
	}
	if _, err := reg.Subscribe(reader, registry.Subscription{Kind: registry.ToSearch, Query: "q=投递"}); !registry.Refused(err, registry.Invalid) {
		t.Errorf("one too many: %v", err)
	}
	list, err := reg.Events(0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.Verb == registry.Subscribe && (e.Data != nil || e.Object != "members/reader") {
			t.Errorf("the log tells what somebody subscribed to: %s %s", e.Object, e.Data)
		}
	}
}

// TestPushesAreGivenUp: the oldest first, again after longer and longer pauses,
// left out after the stated time.
func TestPushesAreGivenUp(t *testing.T) {
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	reg, err := registry.Open(held(t, store), c.now)
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}}); err != nil {
		t.Fatal(err)
	}
	people(t, reg)
	s := subscribe(t, reg, reader, registry.Subscription{Kind: registry.ToStandard, On: registry.Ref{Standard: "sh-express"}, Hook: registry.Hook{URL: "https://example.org/hook", Form: registry.HookJSON}})
	if s.Secret == "" || s.Hook.Secret != "" {
		t.Fatalf("secret %q, shown %+v", s.Secret, s.Hook)
	}
	revise(t, reg, "sh-express", "七日内", "五日内")
	revise(t, reg, "sh-express", "五日内", "三日内")
	if err := reg.Herald(matching()).CatchUp(); err != nil {
		t.Fatal(err)
	}
	due := func() []registry.Push {
		t.Helper()
		list, err := reg.DuePushes()
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	first := due()
	if len(first) != 1 || first[0].Subscription.Hook.Secret != s.Secret {
		t.Fatalf("due: %+v", first)
	}
	if err := reg.PushSent(first[0], errors.New("no")); err != nil {
		t.Fatal(err)
	}
	if list := due(); len(list) != 0 {
		t.Errorf("tried again at once: %+v", list)
	}
	if err := reg.TestHook(reader, s.ID); err != nil {
		t.Fatal(err)
	}
	test := due()
	if len(test) != 1 || test[0].News != nil {
		t.Fatalf("a test waits: %+v", test)
	}
	if err := reg.PushSent(test[0], nil); err != nil {
		t.Fatal(err)
	}
	again := due() // what could be reached is tried again
	if len(again) != 1 || again[0].ID() != first[0].ID() {
		t.Fatalf("after a test that went well: %+v", again)
	}
	tries := 0
	for len(again) == 1 && again[0].ID() == first[0].ID() {
		if tries++; tries > 200 {
			t.Fatal("it is never given up")
		}
		if err := reg.PushSent(again[0], errors.New("no")); err != nil {
			t.Fatal(err)
		}
		one, err := reg.Subscription(reader, s.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		if one.Delivery.Next.After(c.at) {
			c.at = one.Delivery.Next
		}
		again = due()
	}
	one, err := reg.Subscription(reader, s.ID, 0)
	if err != nil || one.Delivery.GivenUp != 1 || len(again) != 1 || tries < 10 {
		t.Errorf("after %d tries %+v, %v; due %+v", tries, one.Delivery, err, again)
	}
}

func FuzzSubscription(f *testing.F) {
	f.Add("search", "q=%E6%8A%95%E9%80%92&region=31", "https://example.org/x?key=1", "json")
	f.Add("profile", "?activity=delivery&page=2", "http://[::1]:80/", "dingtalk")
	f.Add("search", "q=a;b&q=\x00", "https://a@b/", "wecom")
	f.Fuzz(func(t *testing.T, kind, query, url, form string) {
		s := registry.Subscription{Kind: registry.SubscriptionKind(kind), Query: query, Hook: registry.Hook{URL: url, Form: registry.HookForm(form)}}
		once, err := registry.CheckSubscription(s)
		if err != nil {
			return
		}
		twice, err := registry.CheckSubscription(once)
		if err != nil || twice != once {
			t.Errorf("%+v becomes %+v: %v", once, twice, err)
		}
		if len(once.Query) > 3*2000+10 || strings.ContainsAny(once.Query+once.Hook.URL, "\r\n\x00") {
			t.Errorf("kept: %q %q", once.Query, once.Hook.URL)
		}
	})
}
