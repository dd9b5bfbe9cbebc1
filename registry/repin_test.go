package registry_test

import (
	"slices"
	"strings"
	"testing"

	"tongbiao/registry"
)

// Shanghai's text with a limit changed, a clause moved to the front, one taken
// out and one put in.
const shNewer = `---
id: sh-express
title: 上海市快递末端服务规定
kind: regulation
convention: regulation
region: "31"
---

### 第一条
用户投诉的，企业应当自收到投诉之日起七日内答复。

### 第二条
为了规范快递末端服务，保护用户合法权益，制定本规定。

### 第三条
快件到达末端网点后，经营快递业务的企业应当在12小时内投递。

### 第四条
从事快递业务的人员应当佩戴统一标识，接受公众监督。
`

func repinned(t *testing.T, reg *registry.Registry) registry.Repin {
	t.Helper()
	if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(shNewer)}}); err != nil {
		t.Fatal(err)
	}
	plan, err := reg.Repin("p", "31")
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestRepinShowsWhatItTouches(t *testing.T) {
	reg, v := two(t)
	limit, keep, complaint := rowWith(t, v, "31", "小时内投递"), rowWith(t, v, "31", "保管期"), rowWith(t, v, "31", "投诉")
	settle(t, reg, limit, "企业应当在24小时内投递。")
	plan := repinned(t, reg)
	touched := map[string]registry.RowRepin{}
	for _, r := range plan.Rows {
		touched[r.Row.ID] = r
	}
	if r := touched[limit.ID]; len(r.Passages) != 1 || r.Passages[0].Old.Clause != r.Passages[0].New.Clause || r.State != registry.Settled || len(r.Sentences) != 1 {
		t.Errorf("the row of the time limit: %+v; want one passage reworded, settled, one sentence that rests on it", r)
	}
	if r := touched[keep.ID]; len(r.Passages) != 1 || r.Passages[0].New.Clause != "" {
		t.Errorf("the row of what was taken out: %+v; want one passage that goes", r)
	}
	if _, there := touched[complaint.ID]; there {
		t.Error("a clause that only moved is said to have changed")
	}
	if n := len(plan.Rows); n != 3 || !plan.Rows[slices.IndexFunc(plan.Rows, func(r registry.RowRepin) bool { return r.New })].New {
		t.Errorf("%d rows, want 3, one of them new", n)
	}
	if got := workbench(t, reg); got.Columns[0].Text.Revision != 1 {
		t.Error("looking pinned it")
	}
}

// settle writes a unified clause to which both regions agree.
func settle(t *testing.T, reg *registry.Registry, row registry.RowView, text string) registry.Row {
	t.Helper()
	u, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "", text)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []registry.Member{shanghai, jiangsu} {
		if _, err := reg.TakePosition(m, "p", row.ID, m.Region, registry.Agree, "", u.Unified.Hash); err != nil {
			t.Fatal(err)
		}
	}
	return u
}

func TestRepinCarriesEverything(t *testing.T) {
	reg, v := two(t)
	limit, keep, complaint := rowWith(t, v, "31", "小时内投递"), rowWith(t, v, "31", "保管期"), rowWith(t, v, "31", "投诉")
	settle(t, reg, limit, "企业应当在24小时内投递。")
	if _, err := reg.AddComment(reader, registry.Comment{Project: "p", Row: keep.ID, Body: "保管期太短"}); err != nil {
		t.Fatal(err)
	}
	plan := repinned(t, reg)
	_, err := reg.RepinText(jiangsu, "p", "31", 2, plan.Fingerprint)
	refused(t, err, registry.Forbidden) // another region's text
	_, err = reg.RepinText(shanghai, "p", "31", 2, "x")
	refused(t, err, registry.Conflict)
	if _, err = reg.RepinText(shanghai, "p", "31", 2, plan.Fingerprint); err != nil {
		t.Fatal(err)
	}
	conserved(t, reg)
	sound(t, reg)
	v = workbench(t, reg)
	if v.Columns[0].Text.Revision != 2 {
		t.Errorf("pinned %d", v.Columns[0].Text.Revision)
	}
	at := rowWith(t, v, "31", "12小时内投递")
	if at.ID != limit.ID || at.State != registry.Waiting || len(at.Positions) != 2 || !at.Earlier(at.Positions[0]) || at.Revised["31"].Revision != 1 {
		t.Errorf("the settled row: %s, %s, %d positions, revised %v; want the same row, waiting for review with both positions of before", at.ID, at.State, len(at.Positions), at.Revised)
	}
	if s := at.Unified.Sources[0]; s.From.Revision != 1 || s.Since != 2 {
		t.Errorf("the sentence says it is from %v, changed since %d; want revision 1, since 2", s.From, s.Since)
	}
	left := rowWith(t, v, "32", "保管期")
	if left.ID != keep.ID || len(left.Cells["31"]) != 0 || len(left.Revised) != 1 {
		t.Errorf("the row that lost its clause: %+v", left)
	}
	if got := rowWith(t, v, "31", "投诉"); got.ID != complaint.ID || len(got.Revised) != 0 || got.Cells["31"][0].Clause != complaint.Cells["31"][0].Clause {
		t.Errorf("the clause that only moved: %+v", got)
	}
	if fresh := rowWith(t, v, "31", "佩戴"); len(fresh.Cells["31"]) != 1 || len(fresh.Revised) != 0 {
		t.Errorf("the new clause: %+v", fresh)
	}

	// Somebody looks at it: what was said holds again, and the log says who.
	if _, err := reg.ReviewRow(shanghai, "p", at.ID, at.Version); err != nil {
		t.Fatal(err)
	}
	if got := rowWith(t, workbench(t, reg), "31", "12小时"); got.State != registry.Settled || got.Reviewed != "sh" {
		t.Errorf("after the review: %s by %q", got.State, got.Reviewed)
	}
	_, err = reg.Repin("p", "31")
	refused(t, err, registry.Conflict) // nothing newer
	_, err = reg.Repin("p", "99")
	refused(t, err, registry.NotFound)
}

// Whatever is corrected before and after, a newer text loses no passage and no
// word of anybody.
func TestRepinConserves(t *testing.T) {
	for seed := range uint32(8) {
		reg, _ := two(t)
		state := seed*104729 + 3
		next := func(n int) int {
			state = state*1664525 + 1013904223
			return int(state>>8) % n
		}
		for step := range 24 {
			if step == 12 {
				plan := repinned(t, reg)
				if _, err := reg.RepinText(secretary, "p", "31", 2, plan.Fingerprint); err != nil {
					t.Fatal(err)
				}
			}
			v := workbench(t, reg)
			row, into := v.Rows[next(len(v.Rows))], v.Rows[next(len(v.Rows))]
			if err := stumble(t, reg, v, row, into, next); err != nil && !registry.Refused(err, registry.Invalid) && !registry.Refused(err, registry.Conflict) {
				t.Fatalf("seed %d step %d: %v", seed, step, err)
			}
			conserved(t, reg)
		}
		sound(t, reg)
	}
}

// A paragraph divided in two stays in its row, both parts; one that moved into
// another clause word for word is known again.
func TestRepinWithinClauses(t *testing.T) {
	reg := open(t)
	sh := strings.Replace(shText, "智能快件箱的免费保管期不少于24小时。", "智能快件箱的免费保管期不少于24小时。超过免费保管期的，可以向收件人收取费用，并在收费前告知收费标准。", 1)
	v := project(t, reg, sh, jsText)
	row := rowWith(t, v, "31", "保管期")
	newer := strings.Replace(sh, "24小时。超过", "24小时。\n\n超过", 1)
	if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(newer)}}); err != nil {
		t.Fatal(err)
	}
	plan, err := reg.Repin("p", "31")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.RepinText(secretary, "p", "31", 2, plan.Fingerprint); err != nil {
		t.Fatal(err)
	}
	v = workbench(t, reg)
	if got := rowWith(t, v, "31", "告知收费标准"); got.ID != row.ID || len(got.Cells["31"]) != 2 {
		t.Errorf("the divided paragraph: %v in %s, want two in %s", got.Cells["31"], got.ID, row.ID)
	}
	conserved(t, reg)
}

// A paragraph that is added to a clause is proposed to the row in which the
// clause stands, unless people have had a word in that.
func TestRepinAddsToTheClause(t *testing.T) {
	for _, confirmed := range []bool{false, true} {
		reg, v := two(t)
		row := rowWith(t, v, "31", "投诉")
		if confirmed {
			if _, err := reg.ConfirmRow(shanghai, "p", row.ID, row.Version, true); err != nil {
				t.Fatal(err)
			}
		}
		newer := strings.Replace(shText, "七日内答复。\n", "七日内答复。\n\n从事快递业务的人员应当佩戴统一标识，接受公众监督。\n", 1)
		if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(newer)}}); err != nil {
			t.Fatal(err)
		}
		plan, err := reg.Repin("p", "31")
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Rows) != 1 || plan.Rows[0].New != confirmed || plan.Rows[0].Passages[0].Proposed == confirmed {
			t.Errorf("confirmed %v: %+v", confirmed, plan.Rows)
		}
		if _, err := reg.RepinText(secretary, "p", "31", 2, plan.Fingerprint); err != nil {
			t.Fatal(err)
		}
		if got := rowWith(t, workbench(t, reg), "31", "佩戴"); (got.ID == row.ID) == confirmed {
			t.Errorf("confirmed %v: the new paragraph is in %s", confirmed, got.ID)
		}
		conserved(t, reg)
		sound(t, reg)
	}
}
