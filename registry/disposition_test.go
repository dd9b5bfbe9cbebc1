package registry_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

func find(t *testing.T, reg *registry.Registry, id string) registry.CommentRow {
	t.Helper()
	table, err := reg.CommentTable(secretary, "sh-express", registry.CommentFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range table.Rows {
		if row.ID == id {
			return row
		}
	}
	t.Fatalf("no comment %s", id)
	return registry.CommentRow{}
}

func TestDisposition(t *testing.T) {
	s := commented(t)
	second, err := s.AddComment(jiangsu, registry.Comment{On: s.common.On, Type: registry.Technical, Body: "建议，缩短。", Proposed: "12小时"})
	if err != nil {
		t.Fatal(err)
	}
	dispose := func(kind registry.DispositionKind, reason string, ids ...string) error {
		return s.Dispose(secretary, "sh-express", ids, registry.Disposition{Kind: kind, Reason: reason})
	}
	refused(t, s.Dispose(shanghai, "sh-express", []string{s.common.ID}, registry.Disposition{Kind: registry.Accepted}), registry.Forbidden)
	for _, k := range []registry.DispositionKind{registry.PartlyAccepted, registry.Rejected, registry.Undecided, "perhaps"} {
		refused(t, dispose(k, " ", s.common.ID), registry.Invalid)
	}
	refused(t, dispose(registry.Accepted, ""), registry.Invalid)
	refused(t, dispose(registry.Accepted, "", s.inside.ID), registry.NotFound)
	refused(t, dispose(registry.Accepted, "", s.common.ID, "c999"), registry.NotFound)
	if d := find(t, s.Registry, s.common.ID).Disposition; d != nil {
		t.Errorf("all or none: %+v", d)
	}
	if err := dispose(registry.Undecided, "再议", s.common.ID, second.ID); err != nil {
		t.Fatal(err)
	}
	if table, _ := s.CommentTable(secretary, "sh-express", registry.CommentFilter{}); table.Unanswered != 2 {
		t.Errorf("%d unanswered; 待议 is no answer", table.Unanswered)
	}

	// Duplicates: proposed by the machine, gathered by a person, answered once.
	alike, err := s.AlikeComments(secretary, "sh-express")
	if err != nil || len(alike) != 1 || alike[0].Head != s.common.ID || alike[0].Others[0] != second.ID || alike[0].Reason == "" {
		t.Fatalf("%+v, %v", alike, err)
	}
	if err := s.Gather(secretary, "sh-express", s.common.ID, alike[0].Others); err != nil {
		t.Fatal(err)
	}
	refused(t, dispose(registry.Accepted, "", second.ID), registry.Invalid)
	if err := dispose(registry.Rejected, "时限已协调", s.common.ID); err != nil {
		t.Fatal(err)
	}
	got := find(t, s.Registry, second.ID)
	if got.Disposition == nil || got.Disposition.Kind != registry.Rejected || len(got.Earlier) != 1 || got.Gathered != s.common.ID {
		t.Errorf("answered with the other one: %+v", got.Comment)
	}
	if err := s.Part(secretary, "sh-express", second.ID); err != nil {
		t.Fatal(err)
	}
	if got = find(t, s.Registry, second.ID); got.Disposition != nil || len(got.Earlier) != 2 {
		t.Errorf("parted, it waits again, and its history is kept: %+v", got.Comment)
	}
	refused(t, s.DisposeSeen(secretary, "sh-express", []registry.Seen{{ID: second.ID, Version: 1}}, registry.Disposition{Kind: registry.Accepted}), registry.Conflict)
	if err := s.DisposeSeen(secretary, "sh-express", []registry.Seen{{ID: second.ID, Version: got.Version}}, registry.Disposition{Kind: registry.Accepted}); err != nil {
		t.Error(err)
	}
	soundComments(t, s.Registry)
}

// soundComments fails where verify finds something other than members that the
// fixture does not keep.
func soundComments(t *testing.T, reg *registry.Registry) {
	t.Helper()
	err := reg.Verify(func(f registry.Fault) {
		if !strings.Contains(f.What, "没有成员") {
			t.Errorf("verify: %s %s", f.Where, f.What)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestApplyComment(t *testing.T) {
	s := commented(t)
	w, err := s.Wish(secretary, "sh-express", s.common.ID)
	if err != nil || w.Clashes != 0 || !strings.Contains(w.Result, "应当在12小时内投递") || !strings.Contains(w.Result, "不少于24小时") {
		t.Fatalf("%+v, %v", w, err)
	}
	a := registry.Amendment{ID: s.common.ID, Base: w.Current.Number, Text: w.Result, Kind: registry.Accepted}
	_, err = s.ApplyComment(shanghai, "sh-express", a)
	refused(t, err, registry.Forbidden)
	bad := a
	bad.Base = 7
	_, err = s.ApplyComment(secretary, "sh-express", bad)
	refused(t, err, registry.Conflict)
	bad = a
	bad.Kind = registry.Rejected
	_, err = s.ApplyComment(secretary, "sh-express", bad)
	refused(t, err, registry.Invalid)
	v, err := s.ApplyComment(secretary, "sh-express", a)
	if err != nil || v.Number != 2 || len(v.Parts) != 1 || v.Parts[0].Author != "ja" || v.Parts[0].Source != "comments/"+s.common.ID {
		t.Fatalf("%+v, %v", v, err)
	}
	got := find(t, s.Registry, s.common.ID)
	if got.Disposition == nil || got.Disposition.Applied != 2 || got.Anchor.State == "unchanged" {
		t.Errorf("%+v %+v", got.Disposition, got.Anchor)
	}
	// The clause changed since, in the very words: a person has to say.
	other, err := s.AddComment(shanghai, registry.Comment{On: s.common.On, Quote: "24小时", Nth: 1, Body: "更短", Proposed: "6小时"})
	if err != nil || other.On.Revision != 1 {
		t.Fatal(other, err)
	}
	if w, err = s.Wish(secretary, "sh-express", other.ID); err != nil || w.Clashes == 0 || w.Result != w.Clause.Text {
		t.Errorf("%+v, %v", w, err)
	}
	// In words: what is not certain is left to a person.
	for proposed, want := range map[string]string{
		"建议将“24小时内投递”改为“12小时内投递”。": "应当在12小时内投递",
		"删除“经营快递业务的”":              "后，企业应当",
		"请再斟酌":                     "",
	} {
		text, free := registry.Wanted(w.Then, "", 0, proposed)
		if free != (want == "") || !strings.Contains(text, want) || free && text != w.Then {
			t.Errorf("%s: %q, %v", proposed, text, free)
		}
	}
	soundComments(t, s.Registry)
}

func TestApplyToTheDraftOfAProject(t *testing.T) {
	reg, view := two(t)
	row := rowWith(t, view, "31", "七日")
	if _, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "投诉答复", "用户投诉的，企业应当自收到投诉之日起七日内答复。"); err != nil {
		t.Fatal(err)
	}
	v, err := reg.KeepDraft(secretary, "p", "统一稿")
	if err != nil {
		t.Fatal(err)
	}
	text, err := reg.Text(v.Ref())
	if err != nil {
		t.Fatal(err)
	}
	clause := ""
	for c := range text.Document.All() {
		if strings.Contains(c.Text, "七日") {
			clause = c.ID
		}
	}
	c, err := reg.AddComment(jiangsu, registry.Comment{On: registry.Ref{Standard: v.Standard, Clause: clause}, Quote: "七日", Body: "改长", Proposed: "十五日"})
	if err != nil {
		t.Fatal(err)
	}
	w, err := reg.Wish(secretary, v.Standard, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.ApplyComment(secretary, v.Standard, registry.Amendment{ID: c.ID, Base: w.Current.Number, Text: w.Result, Kind: registry.Accepted}); err != nil {
		t.Fatal(err)
	}
	now, err := reg.Row("p", row.ID)
	if err != nil || !strings.Contains(now.Unified.Text, "十五日") {
		t.Errorf("%+v, %v", now.Unified, err)
	}
	table, err := reg.CommentTable(secretary, v.Standard, registry.CommentFilter{})
	if err != nil || table.Rows[0].Disposition.Row != row.ID {
		t.Errorf("%+v, %v", table.Rows, err)
	}
}

func TestAddComments(t *testing.T) {
	s := commented(t)
	var list []registry.Comment
	for i := range 30 {
		list = append(list, registry.Comment{On: s.common.On, Region: "33", Body: fmt.Sprintf("第%d条意见", i), Origin: fmt.Sprintf("xlsx:%d", i), Commenter: registry.Commenter{Kind: "organisation", Name: "某公司"}})
	}
	_, err := s.AddComments(shanghai, list, "表格")
	refused(t, err, registry.Forbidden) // another region's
	first, err := s.AddComments(secretary, list, "表格")
	if err != nil || len(first) != 30 || first[29].Region != "33" || first[29].Commenter.Name != "某公司" {
		t.Fatalf("%d, %v", len(first), err)
	}
	before, _ := s.LastEvent()
	again, err := s.AddComments(secretary, list, "表格")
	after, _ := s.LastEvent()
	if err != nil || again[3].ID != first[3].ID || before.Seq != after.Seq {
		t.Errorf("the same again: %v, events %d to %d", err, before.Seq, after.Seq)
	}
	bad := append(list[:0:0], registry.Comment{On: s.common.On, Body: "好"}, registry.Comment{On: s.common.On})
	if _, err := s.AddComments(secretary, bad, ""); err == nil {
		t.Error("one without words was taken")
	}
	if now, _ := s.LastEvent(); now.Seq != after.Seq {
		t.Error("all or none: one was kept")
	}
	soundComments(t, s.Registry)
}

// manyComments is a standard with many comments on its first revision, and a
// second revision.
func manyComments(t testing.TB, n int) *registry.Registry {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(held(t, store), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	if done, err := reg.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(shText)}}); err != nil || done[0].Err != nil {
		t.Fatal(err, done)
	}
	v, err := reg.Revision("sh-express", 1)
	if err != nil {
		t.Fatal(err)
	}
	var list []registry.Comment
	for i := range n {
		list = append(list, registry.Comment{On: registry.Ref{Standard: "sh-express", Clause: v.Clauses[1].ID}, Region: "32", Quote: "24小时", Nth: 1 + i%2, Body: fmt.Sprintf("第%d条意见：时限太长", i)})
	}
	if _, err := reg.AddComments(secretary, list, "表格"); err != nil {
		t.Fatal(err)
	}
	text, err := reg.Text(v.Ref())
	if err != nil {
		t.Fatal(err)
	}
	source := strings.Replace(string(text.Source), "应当在24小时内", "应当在36小时内", 1)
	if _, _, err := reg.Submit(secretary, registry.Submission{Standard: "sh-express", Base: 1, Source: []byte(source), Message: "放宽"}); err != nil {
		t.Fatal(err)
	}
	return reg
}

// BenchmarkCommentTable shows the table of 5,000 comments on one standard whose
// text has moved on: cold with nothing remembered, warm, and one page of it.
func BenchmarkCommentTable(b *testing.B) {
	reg := manyComments(b, 5000)
	for _, x := range []struct {
		name string
		f    registry.CommentFilter
	}{{"all", registry.CommentFilter{}}, {"page", registry.CommentFilter{From: 1000, Limit: 50}}, {"unanswered", registry.CommentFilter{State: registry.StateUnanswered, Limit: 50}}} {
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				if t, err := reg.CommentTable(secretary, "sh-express", x.f); err != nil || t.All != 5000 {
					b.Fatal(t.All, err)
				}
			}
		})
	}
}
