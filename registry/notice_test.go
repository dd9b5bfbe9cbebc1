package registry_test

import (
	"slices"
	"testing"

	"tongbiao/registry"
)

// people adds members with the given IDs to a registry: "secretary", "sh" and
// "js" as representatives, "reader".
func people(t *testing.T, reg *registry.Registry) {
	t.Helper()
	for _, m := range []registry.Member{secretary, shanghai, jiangsu, reader} {
		m.Name = "成员" + m.ID
		if _, err := reg.AddMember(registry.System, m, "ein langes Passwort"); err != nil {
			t.Fatal(err)
		}
	}
}

// told lists the kinds of a member's notices, newest first.
func told(t *testing.T, reg *registry.Registry, m registry.Member) (kinds []registry.NoticeKind) {
	t.Helper()
	list, _, err := reg.Notices(m, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

func TestWhoHearsOfWhat(t *testing.T) {
	reg, v := two(t)
	people(t, reg)
	hears := func(what string, m registry.Member, want ...registry.NoticeKind) {
		t.Helper()
		if got := told(t, reg, m); !slices.Equal(got, want) {
			t.Errorf("%s: %s was told %v, want %v", what, m.ID, got, want)
		}
	}
	row := rowWith(t, v, "31", "24小时")
	kept, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "时限", "快件应在 24 h 内投递。")
	if err != nil {
		t.Fatal(err)
	}
	hears("a first text", shanghai)
	if _, err := reg.TakePosition(jiangsu, "p", row.ID, "32", registry.Object, "苏北做不到", kept.Unified.Hash); err != nil {
		t.Fatal(err)
	}
	hears("an objection", secretary, registry.RegionSpoke)
	hears("one's own objection", jiangsu)
	if kept, err = reg.UnifyRow(secretary, "p", row.ID, kept.Version, "时限", "快件应在 36 h 内投递。"); err != nil {
		t.Fatal(err)
	}
	hears("a new text after a position", jiangsu, registry.Reworded)
	hears("a new text without a position", shanghai)

	first, err := reg.AddComment(reader, registry.Comment{Project: "p", Row: row.ID, Body: "36 小时从何时起算？"})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := reg.AddComment(shanghai, registry.Comment{Project: "p", ReplyTo: first.ID, Body: "从到达网点起。"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.AddComment(jiangsu, registry.Comment{Project: "p", ReplyTo: answer.ID, Body: "同意。"}); err != nil {
		t.Fatal(err)
	}
	hears("answers", reader, registry.Answered, registry.Answered)
	hears("an answer to an answer", shanghai, registry.Answered)
	if _, err := reg.ResolveComment(secretary, first, true, "已写明起算点"); err != nil {
		t.Fatal(err)
	}
	hears("a decision", reader, registry.Disposed, registry.Answered, registry.Answered)
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
}

func TestNoticesAreReadOnce(t *testing.T) {
	reg, v := two(t)
	people(t, reg)
	row := v.Rows[0]
	first, err := reg.AddComment(reader, registry.Comment{Project: "p", Row: row.ID, Body: "一"})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := reg.AddComment(shanghai, registry.Comment{Project: "p", ReplyTo: first.ID, Body: "二"}); err != nil {
			t.Fatal(err)
		}
	}
	unread := func(want int) {
		t.Helper()
		if n, err := reg.Unread(reader); n != want || err != nil {
			t.Fatalf("%d unread (%v), want %d", n, err, want)
		}
	}
	unread(5)
	page, older, err := reg.Notices(reader, 0, 2)
	if err != nil || len(page) != 2 || older == 0 {
		t.Fatalf("%d notices, older %d: %v", len(page), older, err)
	}
	rest, end, err := reg.Notices(reader, older, 10)
	if err != nil || len(rest) != 3 || end != 0 {
		t.Fatalf("%d older notices, then %d: %v", len(rest), end, err)
	}
	if err := reg.ReadNotices(reader, rest[0].Seq); err != nil {
		t.Fatal(err)
	}
	unread(2)
	if err := reg.ReadNotices(reader, rest[2].Seq); err != nil { // reading goes forward only
		t.Fatal(err)
	}
	unread(2)
	if err := reg.ReadNotices(registry.Member{}, 1<<40); !registry.Refused(err, registry.Forbidden) {
		t.Errorf("nobody reads notices: %v", err)
	}
	if err := reg.ReadNotices(reader, 1<<40); err != nil {
		t.Fatal(err)
	}
	unread(0)
}
