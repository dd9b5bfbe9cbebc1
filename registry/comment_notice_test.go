package registry_test

import (
	"slices"
	"testing"

	"tongbiao/registry"
)

// TestLateComments: what comes after the last day is kept and marked; a reply
// and what is said inside a region have no last day.
func TestLateComments(t *testing.T) {
	reg := consulting(t)
	on := registry.Ref{Standard: unifiedID, Clause: "demands"}
	say := func(c registry.Comment) registry.Comment {
		t.Helper()
		c.On = on
		kept, err := reg.AddComment(jiangsu, c)
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	reg.goTo(t, "2026-03-31")
	first := say(registry.Comment{Body: "最后一天"})
	if first.Late {
		t.Error("the last day is included")
	}
	reg.goTo(t, "2026-04-01")
	late := say(registry.Comment{Body: "次日"})
	if !late.Late {
		t.Error("what comes a day later is not marked")
	}
	if c := say(registry.Comment{ReplyTo: first.ID, Body: "回复"}); c.Late {
		t.Error("a reply is late")
	}
	if c := say(registry.Comment{Scope: "32", Body: "内部"}); c.Late {
		t.Error("what is said inside a region is late")
	}
	table, err := reg.CommentTable(secretary, unifiedID, registry.CommentFilter{Late: true})
	if err != nil || table.Late != 1 || len(table.Rows) != 1 || table.Rows[0].ID != late.ID || table.All != 2 {
		t.Errorf("%+v, %v", table, err)
	}
	faultless(t, reg.Registry)
}

// TestNoticesStayInsideTheRegion: of what is said inside a region only its people
// hear, whoever is named in it; and each hears what became of the comment.
func TestNoticesStayInsideTheRegion(t *testing.T) {
	s := commented(t)
	people(t, s.Registry)
	for _, m := range []registry.Member{shAuthor, jsAuthor} {
		m.Name = "起草人" + m.ID
		if _, err := s.AddMember(registry.System, m, "ein langes Passwort"); err != nil {
			t.Fatal(err)
		}
	}
	outside := []registry.Member{jiangsu, jsAuthor, secretary, reader}
	hear := func(what string, sh, author []registry.NoticeKind) {
		t.Helper()
		if got := told(t, s.Registry, shanghai); !slices.Equal(got, sh) {
			t.Errorf("%s: the representative was told %v, want %v", what, got, sh)
		}
		if got := told(t, s.Registry, shAuthor); !slices.Equal(got, author) {
			t.Errorf("%s: the author was told %v, want %v", what, got, author)
		}
		for _, m := range outside {
			if got := told(t, s.Registry, m); len(got) > 0 {
				t.Errorf("%s: %s was told %v", what, m.ID, got)
			}
		}
	}
	type kinds = []registry.NoticeKind
	said, err := s.AddComment(shAuthor, registry.Comment{On: s.common.On, Scope: "31", Body: "@sh 请看。@js @ja @secretary @reader 也看"})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(said.Mentions, []string{"sh"}) {
		t.Errorf("it names %v of those who may see it", said.Mentions)
	}
	hear("named", kinds{registry.Mentioned}, nil)
	if _, err := s.AddComment(shanghai, registry.Comment{On: s.common.On, ReplyTo: said.ID, Body: "@js @reader 同意"}); err != nil {
		t.Fatal(err)
	}
	hear("answered", kinds{registry.Mentioned}, kinds{registry.Answered})
	if _, err := s.ResolveComment(shanghai, said, true, "并入本市意见"); err != nil {
		t.Fatal(err)
	}
	hear("closed", kinds{registry.Mentioned}, kinds{registry.Disposed, registry.Answered})
	done, err := s.SubmitComments(shanghai, "sh-express", []registry.Comment{{Body: "本市意见", Sources: []string{said.ID}}})
	if err != nil {
		t.Fatal(err)
	}
	hear("submitted", kinds{registry.Mentioned}, kinds{registry.Submitted, registry.Disposed, registry.Answered})
	if err := s.LeaveOut(shanghai, "sh-express", []string{s.other.ID}, "无关"); err != nil {
		t.Fatal(err)
	}
	hear("left out", kinds{registry.Mentioned}, kinds{registry.LeftOut, registry.Submitted, registry.Disposed, registry.Answered})
	if err := s.Dispose(secretary, "sh-express", []string{done[0].ID}, registry.Disposition{Kind: registry.Rejected, Reason: "已有规定"}); err != nil {
		t.Fatal(err)
	}
	hear("answered by the secretariat", kinds{registry.Disposed, registry.Mentioned},
		kinds{registry.Disposed, registry.LeftOut, registry.Submitted, registry.Disposed, registry.Answered})
}

// TestCommentAt: the place of a comment in the table, narrowed or not, with its
// replies.
func TestCommentAt(t *testing.T) {
	s := commented(t)
	table, err := s.CommentTable(shanghai, "sh-express", registry.CommentFilter{})
	if err != nil || len(table.Rows) != 3 {
		t.Fatal(len(table.Rows), err)
	}
	for i, row := range table.Rows {
		for _, c := range append([]registry.Comment{row.Comment}, row.Replies...) {
			if at, err := s.CommentAt(shanghai, "sh-express", c.ID, registry.CommentFilter{From: 50, Limit: 1}); at != i || err != nil {
				t.Errorf("%s is at %d, %v; want %d", c.ID, at, err, i)
			}
		}
	}
	for _, x := range []struct {
		who registry.Member
		id  string
		f   registry.CommentFilter
		at  int
	}{
		{shanghai, s.common.ID, registry.CommentFilter{Inside: "region"}, -1},
		{jiangsu, s.inside.ID, registry.CommentFilter{}, -1},
		{jiangsu, s.reply.ID, registry.CommentFilter{}, -1},
		{jiangsu, s.common.ID, registry.CommentFilter{}, 0},
	} {
		if at, err := s.CommentAt(x.who, "sh-express", x.id, x.f); at != x.at || err != nil {
			t.Errorf("%s, %s, %+v: at %d, %v; want %d", x.who.ID, x.id, x.f, at, err, x.at)
		}
	}
}
