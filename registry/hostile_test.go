package registry_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
)

// hidden is a public comment that the secretariat does not show.
func hidden(t *testing.T, d bureau) registry.Comment {
	t.Helper()
	said, _, err := d.SayPublicly(registry.PublicComment{Standard: unifiedID, Clause: "demands", Quote: "24 h", Body: "王五的电话是 13900000000，太短", Proposed: "48 h"})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Moderate(secretary, unifiedID, registry.Seen{ID: said.ID, Version: said.Version}, false, "含个人信息"); err != nil {
		t.Fatal(err)
	}
	return said
}

// TestHiddenCommentStaysHidden applies and answers a comment that is not shown:
// what it said must stand neither in the log nor in the history of the text.
func TestHiddenCommentStaysHidden(t *testing.T) {
	d := consulting(t)
	said := hidden(t, d)
	_, err := d.AddComment(secretary, registry.Comment{On: registry.Ref{Standard: unifiedID}, ReplyTo: said.ID, Body: "您说王五的电话……"})
	refused(t, err, registry.Invalid)
	d.take(t, secretary, registry.StepRequest{Verb: registry.BeginDraft, Note: "按意见修改"})
	v, err := d.ApplyComment(secretary, unifiedID, registry.Amendment{ID: said.ID, Base: 1, Text: "快件应在 48 h 内投递。", Kind: registry.Accepted})
	if err != nil || v.Number != 2 {
		t.Fatalf("revision %d, %v", v.Number, err)
	}
	if len(v.Parts) != 1 || v.Parts[0].Source != "comments/"+said.ID || v.Parts[0].Reason != "" {
		t.Errorf("the history tells %+v", v.Parts)
	}
	list, err := d.Events(0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if bytes.Contains(e.Data, []byte("王五")) {
			t.Errorf("event %d (%s) tells what a hidden comment says: %s", e.Seq, e.Verb, e.Data)
		}
	}
}

// TestCommentHasOneName asks for a comment under other spellings of its ID.
func TestCommentHasOneName(t *testing.T) {
	d := newBureau(t)
	k, err := d.AddComment(reader, registry.Comment{On: registry.Ref{Standard: unifiedID}, Body: "太短"})
	if err != nil {
		t.Fatal(err)
	}
	n := strings.TrimPrefix(k.ID, "c")
	for _, id := range []string{n, "c0" + n, "0" + n} {
		refused(t, d.Gather(secretary, unifiedID, id, []string{k.ID}), registry.NotFound)
		_, err := d.Support(shanghai, unifiedID, id, true)
		refused(t, err, registry.NotFound)
	}
}

// TestProcedureIsTold holds that those hear of steps, ballots, revisions and
// suggestions whom they concern.
func TestProcedureIsTold(t *testing.T) {
	d := newBureau(t)
	hears := func(what string, m registry.Member, kind registry.NoticeKind) {
		t.Helper()
		if got := told(t, d.Registry, m); !slices.Contains(got, kind) {
			t.Errorf("%s: %s was told %v, want %s", what, m.ID, got, kind)
		}
	}
	s, err := d.Suggest(reader, registry.Suggestion{Standard: unifiedID, Message: "放宽", Changes: []registry.SuggestedChange{{Clause: "demands", Wanted: registry.Words{Title: "要求", Text: "快件应在 36 h 内投递。"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.StartWorking(secretary, unifiedID, 0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.DecideSuggestion(admin, unifiedID, s.Number, s.Version, []registry.Ruling{{Clause: "demands", Accept: true}}); err != nil {
		t.Fatal(err)
	}
	hears("a suggestion that was accepted", reader, registry.Decided)
	hears("a revision below a working copy", secretary, registry.MovedOn)
	d.toReview(t)
	hears("a step", shanghai, registry.StageTaken)
	if got := told(t, d.Registry, zhejiang); slices.Contains(got, registry.StageTaken) {
		t.Errorf("a region that has no part in the standard was told %v", got)
	}
	if _, err := d.OpenBallot(secretary, unifiedID, registry.NewBallot{Question: "同意吗？", Rule: "unanimous", Closes: "2026-12-31", Members: []string{"sh", "js"}}); err != nil {
		t.Fatal(err)
	}
	hears("a ballot", jiangsu, registry.ToVote)
	if _, err := d.CloseBallot(secretary, unifiedID, 1, "表决完毕"); err != nil {
		t.Fatal(err)
	}
	hears("its end", jiangsu, registry.BallotOver)
	if err := d.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
}

// TestImportKeepsFrozenText brings a newer text in from outside while the text is
// in consultation.
func TestImportKeepsFrozenText(t *testing.T) {
	d := consulting(t)
	done, err := d.Import(secretary, []registry.Incoming{{Path: "u.md", Source: []byte(strings.Replace(unifiedText, "24 h", "72 h", 1))}})
	if err != nil || len(done) != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	refused(t, done[0].Err, registry.Forbidden)
	s, err := d.Standard(unifiedID)
	if err != nil || s.Current != 1 || s.Revisions != 1 {
		t.Errorf("the text in consultation moved on to revision %d of %d, %v", s.Current, s.Revisions, err)
	}
}

// TestRegionReplacesItsOwn publishes an edition of a region whose front matter
// says that it takes the place of the nation's standard.
func TestRegionReplacesItsOwn(t *testing.T) {
	d := newBureau(t)
	national := strings.NewReplacer("id: u\n", "id: gb\n", "kind: local", "kind: national", `region: ["31", "32"]`, `number: ["GB/T 27917—2023"]`, "status: draft", "status: in-force\npublished: 2023-05-23\neffective: 2023-12-01",
		`replaces: ["DB31/T 100—2021", "DB32/T 200—2020"]`, "").Replace(unifiedText)
	if _, err := d.Import(secretary, []registry.Incoming{{Path: "gb.md", Source: []byte(national)}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Submit(secretary, registry.Submission{Standard: unifiedID, Base: 1, Message: "代替", Source: []byte(strings.Replace(unifiedText, `"DB31/T 100—2021"`, `"GB/T 27917—2023", "DB31/T 100—2021"`, 1))}); err != nil {
		t.Fatal(err)
	}
	d.toReview(t)
	d.pass(t)
	d.attach(t, registry.ReviewMinutes)
	d.take(t, secretary, registry.StepRequest{Verb: registry.SendToApproval})
	d.take(t, shanghai, registry.StepRequest{Verb: registry.PublishEdition, Issues: issuesOf("31")})
	if status, err := d.StatusOn("gb", "2030-01-01"); err != nil || status != "in-force" {
		t.Errorf("a region's edition made the nation's standard %q, %v", status, err)
	}
}

// TestSuggestionIsBounded bounds what one suggestion writes into the registry.
func TestSuggestionIsBounded(t *testing.T) {
	d := newBureau(t)
	var changes []registry.SuggestedChange
	for _, id := range []string{"foreword", "scope", "refs", "terms", "demands"} {
		changes = append(changes, registry.SuggestedChange{Clause: id, Wanted: registry.Words{Text: strings.Repeat("字", 21_000)}})
	}
	_, err := d.Suggest(reader, registry.Suggestion{Standard: unifiedID, Message: "全改", Changes: changes})
	refused(t, err, registry.Invalid)
	if _, err := d.Suggest(reader, registry.Suggestion{Standard: unifiedID, Message: "改一条", Changes: changes[:1]}); err != nil {
		t.Error(err)
	}
}

// TestAddressIsAskedAgain enters an address once more whose letter was never
// answered.
func TestAddressIsAskedAgain(t *testing.T) {
	d := newBureau(t)
	if _, err := d.SetAddress(reader, "reader@example.org"); err != nil {
		t.Fatal(err)
	}
	letters := func(want int) []registry.Letter {
		t.Helper()
		due, err := d.DueLetters()
		if err != nil || len(due) != want {
			t.Fatalf("%d letters, %v; want %d", len(due), err, want)
		}
		return due
	}
	old := letters(1)[0]
	letters(0)
	d.at.at = d.at.at.Add(8 * 24 * time.Hour)
	_, err := d.ConfirmAddress(reader, old.Token)
	refused(t, err, registry.Invalid)
	if _, err := d.SetAddress(reader, "reader@example.org"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ConfirmAddress(reader, letters(1)[0].Token); err != nil {
		t.Error(err)
	}
}

// TestFigureAsksFirst refuses who may not before anything of a picture is read.
func TestFigureAsksFirst(t *testing.T) {
	d := newBureau(t)
	_, err := d.PutFigure(reader, unifiedID, "x.png", []byte("\x89PNG\r\n\x1a\nno picture at all"))
	refused(t, err, registry.Forbidden)
}

// TestLongThreadIsTold answers an answer many times over; each has to be told in
// time that does not grow with the square of the thread.
func TestLongThreadIsTold(t *testing.T) {
	d := newBureau(t)
	k, err := d.AddComment(reader, registry.Comment{On: registry.Ref{Standard: unifiedID}, Body: "一"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 60 {
		who := []registry.Member{shanghai, jiangsu}[i%2]
		if k, err = d.AddComment(who, registry.Comment{On: registry.Ref{Standard: unifiedID}, ReplyTo: k.ID, Body: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := told(t, d.Registry, reader); len(got) != 60 {
		t.Errorf("who began the thread was told %d answers, want 60", len(got))
	}
}
