package registry_test

import (
	"slices"
	"strings"
	"testing"

	"tongbiao/registry"
)

// said is a registry with comments of two regions: common, inside Shanghai, and
// replies.
type said struct {
	*registry.Registry
	common, inside, reply, other registry.Comment
}

var (
	shAuthor = registry.Member{ID: "sa", Region: "31", Role: registry.Author}
	jsAuthor = registry.Member{ID: "ja", Region: "32", Role: registry.Author}
)

func commented(t *testing.T) said {
	t.Helper()
	reg, _ := two(t)
	s := said{Registry: reg}
	text, err := reg.Text(registry.Ref{Standard: "sh-express"})
	if err != nil {
		t.Fatal(err)
	}
	on := registry.Ref{Standard: "sh-express", Clause: text.Document.Clauses[1].ID}
	for _, x := range []struct {
		into *registry.Comment
		by   registry.Member
		c    registry.Comment
	}{
		{&s.common, jsAuthor, registry.Comment{On: on, Type: registry.Technical, Quote: "24小时", Nth: 1, Body: "建议缩短", Proposed: "12小时"}},
		{&s.inside, shAuthor, registry.Comment{On: on, Scope: "31", Quote: "24小时", Nth: 2, Body: "内部：保管期应当延长"}},
		{&s.other, shAuthor, registry.Comment{On: on, Scope: "31", Body: "内部：不必提交"}},
	} {
		if *x.into, err = reg.AddComment(x.by, x.c); err != nil {
			t.Fatal(err)
		}
	}
	if s.reply, err = reg.AddComment(shanghai, registry.Comment{On: on, ReplyTo: s.inside.ID, Body: "同意"}); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWhoSeesWhichComment: who looks × what was said. What a member may not see
// is not there: in no list, in no count, under no ID, and in no event.
func TestWhoSeesWhichComment(t *testing.T) {
	s := commented(t)
	submitted, err := s.SubmitComments(shanghai, "sh-express", []registry.Comment{{Body: "保管期应当延长", Sources: []string{s.inside.ID}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		who  registry.Member
		all  bool // what was said inside Shanghai too
		mine bool // sees what the submitted comment was made from
	}{
		{registry.Member{}, false, false}, {reader, false, false}, {secretary, false, false},
		{registry.Member{ID: "root", Role: registry.Administrator}, false, false},
		{jsAuthor, false, false}, {jiangsu, false, false},
		{registry.Member{Region: "31"}, false, false}, // nobody who is signed in
		{shAuthor, true, true}, {shanghai, true, true},
		{registry.Member{ID: "r31", Region: "31", Role: registry.Reader}, true, true},
	} {
		list, err := s.CommentsFor(x.who, "sh-express")
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, c := range list {
			ids = append(ids, c.ID)
			if c.ID == submitted[0].ID && (len(c.Sources) > 0) != x.mine {
				t.Errorf("%+v: sources of the submitted comment %v", x.who, c.Sources)
			}
		}
		want := []string{s.common.ID, submitted[0].ID}
		if x.all {
			want = []string{s.common.ID, s.inside.ID, s.other.ID, s.reply.ID, submitted[0].ID}
		}
		if !slices.Equal(ids, want) {
			t.Errorf("%+v sees %v, want %v", x.who, ids, want)
		}
		table, err := s.CommentTable(x.who, "sh-express", registry.CommentFilter{})
		if err != nil || x.all && (table.All != 4 || table.Inside != 2) || !x.all && (table.All != 2 || table.Inside != 0 || table.ToSubmit != 0) {
			t.Errorf("%+v: table of %d, %d inside, %v", x.who, table.All, table.Inside, err)
		}
		events, err := s.Events(0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			about := strings.Contains(string(e.Data), `"`+s.inside.ID+`"`) || strings.Contains(string(e.Data), "内部：")
			if about && registry.ShownTo(x.who, e) != x.all {
				t.Errorf("%+v is shown event %d, %s: %v", x.who, e.Seq, e.Verb, !x.all)
			}
			if about && !strings.HasPrefix(e.Object, "regions/31/") {
				t.Errorf("event %d, %s, on %s tells of what was said inside a region", e.Seq, e.Verb, e.Object)
			}
		}
		// Acting on it: for whom it is not there, in the words for what never was.
		if x.who.ID == "" || x.all {
			continue
		}
		_, hidden := s.AddComment(x.who, registry.Comment{On: registry.Ref{Standard: "sh-express"}, ReplyTo: s.inside.ID, Body: "？"})
		_, never := s.AddComment(x.who, registry.Comment{On: registry.Ref{Standard: "sh-express"}, ReplyTo: "c9999", Body: "？"})
		key := func(err error, id string) string { return strings.ReplaceAll(err.Error(), id, "") }
		if !registry.Refused(hidden, registry.NotFound) || len(key(hidden, "")) != len(key(never, "")) {
			t.Errorf("%+v: reply to a hidden comment: %v; to none: %v", x.who, hidden, never)
		}
		if _, err := s.Support(x.who, "sh-express", s.inside.ID, true); err == nil {
			t.Errorf("%+v supports what it may not see", x.who)
		}
	}
	if list, err := s.CommentsOnStandard("sh-express"); err != nil || len(list) != 2 {
		t.Errorf("in public %d comments, %v; want 2", len(list), err)
	}
}

func TestARegionSubmitsItsComments(t *testing.T) {
	s := commented(t)
	for name, list := range map[string][]registry.Comment{
		"none":           {},
		"no source":      {{Body: "x"}},
		"a common one":   {{Body: "x", Sources: []string{s.common.ID}}},
		"a reply":        {{Body: "x", Sources: []string{s.reply.ID}}},
		"one that isn't": {{Body: "x", Sources: []string{"c999"}}},
		"no words":       {{Sources: []string{s.inside.ID}}},
	} {
		if _, err := s.SubmitComments(shanghai, "sh-express", list); err == nil {
			t.Errorf("%s: submitted", name)
		}
	}
	one := []registry.Comment{{Body: "合并后的意见", Sources: []string{s.inside.ID, s.other.ID}}}
	_, err := s.SubmitComments(jiangsu, "sh-express", one)
	refused(t, err, registry.NotFound) // not theirs, and not there
	_, err = s.SubmitComments(shAuthor, "sh-express", one)
	refused(t, err, registry.Forbidden)
	refused(t, s.LeaveOut(shanghai, "sh-express", []string{s.other.ID}, " "), registry.Invalid)
	if err := s.LeaveOut(shanghai, "sh-express", []string{s.other.ID}, "与本标准无关"); err != nil {
		t.Fatal(err)
	}
	done, err := s.SubmitComments(shanghai, "sh-express", one) // one that was left out may be submitted all the same
	if err != nil || done[0].Scope != "" || done[0].Region != "31" || done[0].Author != "sh" {
		t.Fatalf("%+v, %v", done, err)
	}
	_, err = s.SubmitComments(shanghai, "sh-express", one)
	refused(t, err, registry.Conflict) // once
	list, err := s.CommentsFor(shAuthor, "sh-express")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if (c.ID == s.inside.ID || c.ID == s.other.ID) && (c.Outward == nil || c.Outward.Submitted != done[0].ID) {
			t.Errorf("%s does not say what became of it: %+v", c.ID, c.Outward)
		}
	}
	// Somebody else's region, or a row, is no place to speak inside.
	_, err = s.AddComment(jsAuthor, registry.Comment{On: s.common.On, Scope: "31", Body: "x"})
	refused(t, err, registry.Forbidden)
	_, err = s.AddComment(reader, registry.Comment{On: s.common.On, Scope: "national", Body: "x"})
	refused(t, err, registry.Forbidden)
}

func TestSupport(t *testing.T) {
	s := commented(t)
	for range 2 {
		if c, err := s.Support(shanghai, "sh-express", s.inside.ID, true); err != nil || !slices.Equal(c.Supporters, []string{"sh"}) {
			t.Errorf("%v, %v", c.Supporters, err)
		}
	}
	_, err := s.Support(shAuthor, "sh-express", s.inside.ID, true)
	refused(t, err, registry.Invalid) // one's own
	if c, err := s.Support(shanghai, "sh-express", s.inside.ID, false); err != nil || len(c.Supporters) != 0 {
		t.Errorf("%v, %v", c.Supporters, err)
	}
}
