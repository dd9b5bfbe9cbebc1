package registry_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongbiao/editor"
	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// bureau is a registry whose day a test sets, with members and one local standard.
type bureau struct {
	*registry.Registry
	at *clock
}

var (
	drafter    = registry.Member{ID: "author", Name: "起草人", Region: "31", Role: registry.Author}
	admin      = registry.Member{ID: "admin", Name: "管理员", Role: registry.Administrator}
	zhejiang   = registry.Member{ID: "zj", Name: "浙江代表", Region: "33", Role: registry.Representative}
	bureauFolk = []registry.Member{drafter, admin, secretary, shanghai, jiangsu, zhejiang, reader}
	unifiedID  = "u"
)

const unifiedText = `---
id: u
title: 快递末端服务规范
kind: local
convention: standard
region: ["31", "32"]
status: draft
notice: 在提交反馈意见时，请将您知道的相关专利连同支持性文件一并附上。
replaces: ["DB31/T 100—2021", "DB32/T 200—2020"]
---

## 前言 {#foreword kind=foreword}

本文件按照GB/T 1.1—2020《标准化工作导则　第1部分：标准化文件的结构和起草规则》的规定起草。

## 范围 {#scope}

本文件规定了快递末端服务的要求。

本文件适用于快递末端服务。

## 规范性引用文件 {#refs}

本文件没有规范性引用文件。

## 术语和定义 {#terms}

本文件没有需要界定的术语和定义。

## 要求 {#demands}

快件应在 24 h 内投递。
`

func newBureau(t *testing.T) bureau {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}
	reg, err := registry.Open(held(t, store), c.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	for _, m := range bureauFolk {
		if err := reg.SetMember(m); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := reg.Submit(secretary, registry.Submission{Standard: unifiedID, Source: []byte(unifiedText), Message: "起草"}); err != nil {
		t.Fatal(err)
	}
	return bureau{reg, c}
}

// goTo sets the day, YYYY-MM-DD in China.
func (d bureau) goTo(t *testing.T, day string) {
	t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	d.at.at = at.Add(time.Hour)
}

func (d bureau) process(t *testing.T) registry.Process {
	t.Helper()
	p, err := d.Process(unifiedID)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// take fills in the version and takes a step that must be allowed.
func (d bureau) take(t *testing.T, m registry.Member, req registry.StepRequest) registry.Process {
	t.Helper()
	req.Version = d.process(t).Version
	p, err := d.Advance(m, unifiedID, req)
	if err != nil {
		t.Fatalf("%s: %v", req.Verb, err)
	}
	return p
}

func (d bureau) attach(t *testing.T, kind registry.DocumentKind) registry.Attachment {
	t.Helper()
	a, err := d.AttachDocument(secretary, unifiedID, kind, string(kind)+".md", []byte("# 文件\n"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var asksForComments = registry.StepRequest{Verb: registry.OpenConsultation, Opens: "2026-03-02", Closes: "2026-03-31", Contact: "秘书处 021-1234", Public: true, Asked: []string{"甲公司", "乙协会"}}

func issuesOf(regions ...string) map[string]registry.Issue {
	out := map[string]registry.Issue{}
	for _, r := range regions {
		out[r] = registry.Issue{Number: "DB" + r + "/T 310099—2026", Published: "2026-06-01", Effective: "2026-09-01"}
	}
	return out
}

// toReview brings the text through its consultation to review.
func (d bureau) toReview(t *testing.T) {
	t.Helper()
	d.attach(t, registry.Explained)
	d.take(t, secretary, asksForComments)
	d.goTo(t, "2026-04-01")
	d.take(t, secretary, registry.StepRequest{Verb: registry.SendToReview})
}

// pass holds a ballot that passes.
func (d bureau) pass(t *testing.T) {
	t.Helper()
	b, err := d.OpenBallot(secretary, unifiedID, registry.NewBallot{Question: "是否同意作为送审稿报批？", Rule: "unanimous", Closes: "2026-12-31", Members: []string{"sh", "js"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []registry.Member{shanghai, jiangsu} {
		if _, err := d.CastVote(m, unifiedID, b.N, registry.VoteAgree, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.CloseBallot(secretary, unifiedID, b.N, "都已表决"); err != nil {
		t.Fatal(err)
	}
}

// TestWorkflow goes the whole way, from the proposal to the withdrawal.
func TestWorkflow(t *testing.T) {
	d := newBureau(t)
	if p := d.process(t); p.Stage != registry.StageDrafting || p.Version != 0 {
		t.Fatalf("a new draft stands at %s, version %d", p.Stage, p.Version)
	}
	d.attach(t, registry.Application)
	d.take(t, secretary, registry.StepRequest{Verb: registry.ProposeStandard})
	if p := d.take(t, secretary, registry.StepRequest{Verb: registry.AdmitProject, Plan: "2026-001"}); p.Stage != registry.StageDrafting || p.Plan != "2026-001" {
		t.Fatalf("admitted: %+v", p)
	}
	d.toReview(t)
	d.pass(t)
	d.take(t, secretary, registry.StepRequest{Verb: registry.SendToApproval})
	d.goTo(t, "2026-06-01")
	for i, m := range []registry.Member{shanghai, jiangsu} {
		p := d.take(t, m, registry.StepRequest{Verb: registry.PublishEdition, Issues: issuesOf(m.Region)})
		if p.Stage != registry.StagePublished {
			t.Errorf("after publication %d it stands at %s", i, p.Stage)
		}
	}
	for day, want := range map[string]string{"2026-05-31": "draft", "2026-06-01": "published", "2026-08-31": "published", "2026-09-01": "in-force"} {
		if got, err := d.StatusOn(unifiedID, day); err != nil || day >= "2026-06-01" && got != want {
			t.Errorf("on %s it is %q, want %q (%v)", day, got, want, err)
		}
	}
	d.goTo(t, "2028-12-01")
	if p := d.process(t); p.Stage != registry.StageInForce {
		t.Fatalf("on 2028-12-01 it stands at %s", p.Stage)
	}
	d.take(t, secretary, registry.StepRequest{Verb: registry.BeginReview})
	d.take(t, secretary, registry.StepRequest{Verb: registry.ConfirmEdition, Note: "仍然适用", Regions: []string{"31"}})
	issued, err := d.Issued(unifiedID, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(issued) != 2 || issued[0].Due != "2031-12-01" || issued[0].Evaluate != "2031-06-01" || issued[1].Due != "2031-06-01" || issued[1].Evaluate != "" {
		t.Errorf("reviews are due %+v", issued)
	}
	d.take(t, shanghai, registry.StepRequest{Verb: registry.WithdrawEdition, Note: "废止", Regions: []string{"31"}})
	if p := d.process(t); p.Stage != registry.StageInForce {
		t.Errorf("with one of two regions' editions withdrawn it stands at %s", p.Stage)
	}
	d.take(t, secretary, registry.StepRequest{Verb: registry.WithdrawEdition, Note: "废止", Regions: []string{"32"}, Day: "2029-01-01"})
	d.goTo(t, "2028-12-31")
	if p := d.process(t); p.Stage != registry.StageInForce {
		t.Errorf("the day before its withdrawal it stands at %s", p.Stage)
	}
	d.goTo(t, "2029-01-01")
	if p := d.process(t); p.Stage != registry.StageWithdrawn {
		t.Errorf("withdrawn, it stands at %s", p.Stage)
	}
	d.whole(t)
	steps, err := d.StepsTaken(unifiedID)
	if err != nil || len(steps) != 11 {
		t.Errorf("%d steps are on record (%v)", len(steps), err)
	}
	for i, s := range steps {
		if s.N != i+1 || s.By == "" || s.Event == 0 {
			t.Errorf("step %d: %+v", i, s)
		}
	}
}

// whole fails where the store is not as it has to be.
func (d bureau) whole(t *testing.T) {
	t.Helper()
	if err := d.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
}

// fills in a request so that nothing but stage and role can refuse it.
func filled(verb registry.Verb, region string) registry.StepRequest {
	req := registry.StepRequest{Verb: verb, Note: "理由", Plan: "2026-1", Contact: "秘书处", Opens: "2026-05-04", Closes: "2026-12-31"}
	if region != "" && (verb == registry.PublishEdition || verb == registry.ConfirmEdition || verb == registry.WithdrawEdition) {
		req.Regions = []string{region}
	}
	if verb == registry.PublishEdition {
		req.Issues = issuesOf("31")
		if region != "" {
			req.Issues = issuesOf(region)
		}
	}
	return req
}

// TestTransitions tries every step in every stage as every role: what the table
// and the policy allow passes, everything else is refused and changes nothing.
func TestTransitions(t *testing.T) {
	d := newBureau(t)
	for _, k := range []registry.DocumentKind{registry.Application, registry.Explained, registry.ReviewMinutes} {
		d.attach(t, k)
	}
	d.pass(t)
	d.goTo(t, "2026-05-04")
	text, err := d.Text(registry.Ref{Standard: unifiedID})
	if err != nil {
		t.Fatal(err)
	}
	consultation := &registry.Consultation{Revision: text.Revision.Number, Opens: "2026-03-02", Closes: "2026-03-31", Contact: "秘书处"}
	version, passed, refusedN := 0, 0, 0
	for _, stage := range registry.Stages {
		for _, tr := range registry.Workflow {
			if tr.Calendar {
				continue
			}
			for _, m := range append(slices.Clone(bureauFolk), registry.Member{}) {
				version++
				before := registry.Process{Standard: unifiedID, Stage: stage.Stage, Revision: 1, Cycle: 1, Consultation: consultation, Version: version}
				if err := d.SetProcess(before); err != nil {
					t.Fatal(err)
				}
				req := filled(tr.Verb, m.Region)
				req.Version = version
				seq := d.ReadSeq()
				after, err := d.Advance(m, unifiedID, req)
				// The text is of two regions: a representative takes for itself only
				// what is taken by region.
				everywhere, _ := tr.Who()
				byRegion := tr.Verb == registry.PublishEdition || tr.Verb == registry.ConfirmEdition || tr.Verb == registry.WithdrawEdition
				may := slices.Contains(everywhere, m.Role) || byRegion && m.Role == registry.Representative
				// There is no edition: nothing can be confirmed, withdrawn, or
				// published beyond approval.
				possible := tr.Begins(stage.Stage) && (!byRegion || tr.Verb == registry.PublishEdition && stage.Stage == registry.StageApproval && m.Region != "33") ||
					tr.Begins(stage.Stage) && byRegion && m.Region == "" && tr.Verb != registry.PublishEdition
				switch {
				case may && possible && err != nil:
					t.Errorf("%s at %s as %s: %v", tr.Verb, stage.Stage, m.ID, err)
				case may && possible:
					passed++
					if after.Version != version+1 || d.ReadSeq() != seq+1 {
						t.Errorf("%s at %s as %s: version %d after %d, %d events", tr.Verb, stage.Stage, m.ID, after.Version, version, d.ReadSeq()-seq)
					}
					version = after.Version
					d.forgetEditions(t)
				case err == nil:
					t.Errorf("%s at %s as %q passed", tr.Verb, stage.Stage, m.ID)
				default:
					refusedN++
					var refusal *registry.Refusal
					if !errors.As(err, &refusal) || refusal.Reason == "" {
						t.Errorf("%s at %s as %q: %v is no refusal", tr.Verb, stage.Stage, m.ID, err)
					}
					if now := d.process(t); now.Version != version || now.Stage != stage.Stage || d.ReadSeq() != seq {
						t.Errorf("%s at %s as %q was refused and changed the state", tr.Verb, stage.Stage, m.ID)
					}
				}
			}
		}
	}
	t.Logf("%d allowed, %d refused", passed, refusedN)
	if passed < 20 || refusedN < 500 {
		t.Errorf("only %d passed and %d were refused", passed, refusedN)
	}
}

// TestGates closes each gate alone and looks for what it says.
func TestGates(t *testing.T) {
	gate := func(t *testing.T, err error, want registry.Gate) {
		t.Helper()
		var b *registry.Blocked
		if !errors.As(err, &b) || len(b.Missing) != 1 || b.Missing[0].Gate != want || !strings.ContainsAny(b.Missing[0].Reason, "：。") {
			t.Errorf("got %v, want gate %s alone", err, want)
		}
		refused(t, err, registry.Invalid)
	}
	advance := func(d bureau, req registry.StepRequest) error {
		req.Version = d.process(t).Version
		_, err := d.Advance(secretary, unifiedID, req)
		return err
	}
	d := newBureau(t)
	gate(t, advance(d, asksForComments), registry.GateDocument)
	d.attach(t, registry.Explained)
	short := asksForComments
	short.Closes = "2026-03-30" // 29 days
	gate(t, advance(d, short), registry.GateLength)
	gate(t, advance(d, registry.StepRequest{Verb: registry.SendToReview}), registry.GateConsulted)
	if err := advance(d, asksForComments); err != nil { // exactly 30 days
		t.Fatal(err)
	}
	d.goTo(t, "2026-03-31")
	gate(t, advance(d, registry.StepRequest{Verb: registry.SendToReview}), registry.GateConsulted)
	comment, err := d.AddComment(reader, registry.Comment{On: registry.Ref{Standard: unifiedID, Clause: "demands"}, Body: "太长"})
	if err != nil {
		t.Fatal(err)
	}
	d.goTo(t, "2026-04-01")
	gate(t, advance(d, registry.StepRequest{Verb: registry.SendToReview}), registry.GateComments)
	if err := d.Dispose(secretary, unifiedID, []string{comment.ID}, registry.Disposition{Kind: registry.Rejected, Reason: "理由"}); err != nil {
		t.Fatal(err)
	}
	if err := advance(d, registry.StepRequest{Verb: registry.SendToReview}); err != nil {
		t.Fatal(err)
	}
	gate(t, advance(d, func() registry.StepRequest {
		d.attach(t, registry.ReviewMinutes)
		return registry.StepRequest{Verb: registry.SendToApproval}
	}()), registry.GateBallot)
	d.pass(t)
	if err := advance(d, registry.StepRequest{Verb: registry.SendToApproval}); err != nil {
		t.Fatal(err)
	}
}

// TestFindingsGate keeps a text with an error out of consultation.
func TestFindingsGate(t *testing.T) {
	d := newBureau(t)
	d.attach(t, registry.Explained)
	bad := strings.Replace(unifiedText, "notice: 在提交反馈意见时，请将您知道的相关专利连同支持性文件一并附上。\n", "", 1)
	if _, _, err := d.Submit(secretary, registry.Submission{Standard: unifiedID, Base: 1, Source: []byte(bad), Message: "不征集专利信息"}); err != nil {
		t.Fatal(err)
	}
	_, err := d.Advance(secretary, unifiedID, asksForComments)
	var b *registry.Blocked
	if !errors.As(err, &b) || b.Missing[0].Gate != registry.GateFindings || b.Missing[0].Count == 0 {
		t.Errorf("got %v, want the gate of findings", err)
	}
}

// TestFrozen holds the text from consultation to a new draft.
func TestFrozen(t *testing.T) {
	d := newBureau(t)
	d.attach(t, registry.Explained)
	d.take(t, secretary, asksForComments)
	changed := registry.Submission{Standard: unifiedID, Base: 1, Source: []byte(strings.Replace(unifiedText, "24 h", "12 h", 1)), Message: "收紧"}
	_, _, err := d.Submit(secretary, changed)
	refused(t, err, registry.Forbidden)
	if err == nil || !strings.Contains(err.Error(), "/standards/u/process") {
		t.Errorf("the refusal does not say where to go: %v", err)
	}
	d.take(t, secretary, registry.StepRequest{Verb: registry.BeginDraft, Note: "按意见修改"})
	if _, _, err := d.Submit(secretary, changed); err != nil {
		t.Errorf("in a new draft: %v", err)
	}
	if p := d.process(t); p.Revision != 2 || p.Consultation == nil || p.Consultation.Revision != 1 {
		t.Errorf("the new draft: %+v", p)
	}
}

// TestStaleStep refuses a form that was made before another's step.
func TestStaleStep(t *testing.T) {
	d := newBureau(t)
	d.attach(t, registry.Application)
	d.take(t, secretary, registry.StepRequest{Verb: registry.ProposeStandard})
	_, err := d.Advance(secretary, unifiedID, registry.StepRequest{Verb: registry.CancelProject, Note: "不做了"})
	refused(t, err, registry.Conflict)
}

// TestEditions publishes one text under two numbers, each replacing its own
// region's standard.
func TestEditions(t *testing.T) {
	d := newBureau(t)
	old := strings.NewReplacer("id: u", "id: old", `region: ["31", "32"]`, `region: "31"`, "status: draft", "status: in-force\nnumber: DB31/T 100—2021\npublished: \"2021-05-01\"\neffective: \"2021-08-01\"",
		`replaces: ["DB31/T 100—2021", "DB32/T 200—2020"]`+"\n", "").Replace(unifiedText)
	if _, _, err := d.Submit(secretary, registry.Submission{Standard: "old", Source: []byte(old), Message: "旧"}); err != nil {
		t.Fatal(err)
	}
	d.toReview(t)
	d.pass(t)
	d.take(t, secretary, registry.StepRequest{Verb: registry.SendToApproval})
	wrong := issuesOf("31")
	wrong["31"] = registry.Issue{Number: "DB31/T 100—2021", Published: "2026-06-01", Effective: "2026-09-01"}
	_, err := d.Advance(secretary, unifiedID, registry.StepRequest{Verb: registry.PublishEdition, Version: d.process(t).Version, Issues: wrong})
	refused(t, err, registry.Conflict)
	_, err = d.Advance(shanghai, unifiedID, registry.StepRequest{Verb: registry.PublishEdition, Version: d.process(t).Version, Issues: issuesOf("31", "32")})
	refused(t, err, registry.Forbidden)
	d.take(t, secretary, registry.StepRequest{Verb: registry.PublishEdition, Issues: issuesOf("31", "32")})
	list, err := d.Editions(unifiedID)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d editions (%v)", len(list), err)
	}
	var bodies [][]byte
	for _, e := range list {
		_, text, err := d.EditionText(unifiedID, e.ID())
		if err != nil {
			t.Fatal(err)
		}
		doc, _, err := editor.Parse(text)
		if err != nil || doc.Header.Primary() != e.Number {
			t.Errorf("%s: the text bears %q (%v)", e.ID(), doc.Header.Primary(), err)
		}
		at := bytes.Index(text, []byte("\n---\n"))
		bodies = append(bodies, text[at:])
	}
	if !bytes.Equal(bodies[0], bodies[1]) || list[0].TextHash != list[1].TextHash || len(bodies[0]) < 100 {
		t.Error("the two editions do not say the same")
	}
	if len(list[0].Replaces) != 1 || list[0].Replaces[0] != "DB31/T 100—2021" || list[1].Replaces[0] != "DB32/T 200—2020" {
		t.Errorf("they replace %v and %v", list[0].Replaces, list[1].Replaces)
	}
	for day, want := range map[string]string{"2026-08-31": "in-force", "2026-09-01": "superseded"} {
		if got, err := d.StatusOn("old", day); err != nil || got != want {
			t.Errorf("on %s the old standard is %q, want %q (%v)", day, got, want, err)
		}
	}
	status := func(want map[string]string) {
		t.Helper()
		held, _, err := d.Standards(registry.Filter{}, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range held {
			if s.Header.Status != want[s.ID] {
				t.Errorf("the list says that %s is %q, want %q", s.ID, s.Header.Status, want[s.ID])
			}
		}
	}
	status(map[string]string{"u": "published", "old": "in-force"})
	d.goTo(t, "2026-09-01") // by the calendar alone
	status(map[string]string{"u": "in-force", "old": "superseded"})
	_, _, err = d.Submit(secretary, registry.Submission{Standard: unifiedID, Base: 1, Source: []byte(strings.Replace(unifiedText, "24 h", "12 h", 1)), Message: "改"})
	refused(t, err, registry.Forbidden)
	p := d.take(t, secretary, registry.StepRequest{Verb: registry.ReviseStandard, Note: "修订"})
	if p.Cycle != 2 || p.Stage != registry.StageDrafting || p.Consultation != nil {
		t.Errorf("a revision begins as %+v", p)
	}
	d.goTo(t, "2026-10-01")
	if got, err := d.StatusOn(unifiedID, ""); err != nil || got != "in-force" {
		t.Errorf("while it is revised it is %q (%v)", got, err)
	}
	d.whole(t)
}

// TestAttachments bounds what is taken.
func TestAttachments(t *testing.T) {
	d := newBureau(t)
	cases := []struct {
		name string
		data []byte
		ok   bool
	}{
		{"说明.pdf", []byte("%PDF-1.7\n"), true},
		{"说明.PDF", []byte("%PDF-1.7\n"), true},
		{"说明.pdf", []byte("<html>"), false},
		{"说明.docx", []byte("%PDF-1.7\n"), false},
		{"页.html", []byte("<html>"), false},
		{".md", []byte("x"), false},
		{"空.md", nil, false},
		{"大.md", bytes.Repeat([]byte("a"), registry.MaxAttachment+1), false},
		{"恰好.md", bytes.Repeat([]byte("a"), registry.MaxAttachment), true},
		{"乱.md", []byte{0xff, 0xfe}, false},
		{`..\..\etc\说"明.md`, []byte("# x"), true},
	}
	for _, c := range cases {
		a, err := d.AttachDocument(secretary, unifiedID, registry.Explained, c.name, c.data)
		if (err == nil) != c.ok {
			t.Errorf("%q: %v", c.name, err)
		}
		if err != nil {
			refused(t, err, registry.Invalid)
			continue
		}
		if strings.ContainsAny(a.Name, `/\"`) {
			t.Errorf("%q is kept as %q", c.name, a.Name)
		}
		if _, data, err := d.Attachment(unifiedID, a.ID); err != nil || !bytes.Equal(data, c.data) {
			t.Errorf("%q: what comes back differs (%v)", c.name, err)
		}
	}
	_, err := d.AttachDocument(jiangsu, unifiedID, registry.Explained, "x.md", []byte("x"))
	refused(t, err, registry.Forbidden)
	a := d.attach(t, registry.Explained)
	if err := d.DropDocument(secretary, unifiedID, a.ID); err != nil {
		t.Fatal(err)
	}
	refused(t, d.DropDocument(secretary, unifiedID, a.ID), registry.Conflict)
	d.whole(t)
}

// TestReviewClock checks the ends of months and each region's rule.
func TestReviewClock(t *testing.T) {
	for _, c := range []struct{ region, published, evaluate, due string }{
		{"31", "2024-03-01", "2026-09-01", "2027-03-01"},
		{"31", "2024-08-31", "2027-02-28", "2027-08-31"},
		{"32", "2024-02-29", "", "2029-02-28"},
		{"33", "2021-12-31", "", "2026-12-31"},
		{"34", "2021-06-30", "", "2026-06-30"},
		{"", "2021-06-30", "", ""},
	} {
		if evaluate, due := registry.EachClock(registry.Edition{Region: c.region, Published: c.published}); evaluate != c.evaluate || due != c.due {
			t.Errorf("%s of %s: evaluated from %q, due %q; want %q, %q", c.region, c.published, evaluate, due, c.evaluate, c.due)
		}
	}
}

// forgetEditions takes back what a step of TestTransitions published.
func (d bureau) forgetEditions(t *testing.T) {
	t.Helper()
	if err := d.DropEditions(unifiedID); err != nil {
		t.Fatal(err)
	}
}
