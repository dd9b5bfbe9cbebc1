package registry_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tongbiao/editor/convert"
	"tongbiao/registry"
)

const roundText = `---
id: round
title: 快递末端服务规范
number: DB31/T 900009—2026
kind: local
region: "31"
---

## 范围 {#c-scope}

本文件规定了要求。

## 要求 {#c-req}

### 时限 {#c-time}

应在 24 h 内投递。

表：时限 {#tab-time}

| 项 | 值 |
|---|---|
| 投递 | 24 h |

### 保管 {#c-keep}

应保管 24 h。

## 附录（规范性）附加 {#c-annex}

说明。
`

func roundRegistry(t *testing.T) *registry.Registry {
	t.Helper()
	reg := open(t)
	done, err := reg.Import(registry.System, []registry.Incoming{{Path: "round.md", Source: []byte(roundText)}})
	if err != nil || done[0].Err != nil {
		t.Fatalf("%v %v", err, done)
	}
	return reg
}

func remark(t *testing.T, reg *registry.Registry, clause, quote, body, proposed string) registry.Comment {
	t.Helper()
	c, err := reg.AddComment(shanghai, registry.Comment{On: registry.Ref{Standard: "round", Clause: clause}, Type: registry.Technical, Quote: quote, Body: body, Proposed: proposed})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sheet is what goes out.
func sheet(t *testing.T, reg *registry.Registry, as registry.Member) convert.CommentSheet {
	t.Helper()
	s, err := reg.CommentSheet(as, "round")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func bring(t *testing.T, reg *registry.Registry, rows []convert.CommentRow, choices map[int]registry.RoundChoice) registry.RoundPlan {
	t.Helper()
	p, err := reg.ImportRound(secretary, "round", "汇总.xlsx", rows, choices)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// kinds counts the rows of a plan.
func kinds(p registry.RoundPlan) string {
	var out []string
	for _, k := range []registry.RoundKind{registry.RoundNew, registry.RoundAnswer, registry.RoundSame, registry.RoundConflict, registry.RoundReworded, registry.RoundUnclear} {
		if n := len(p.Of(k)); n > 0 {
			out = append(out, fmt.Sprintf("%s %d", k, n))
		}
	}
	return strings.Join(out, ", ")
}

func TestRoundTrip(t *testing.T) {
	reg := roundRegistry(t)
	remark(t, reg, "c-time", "24 h", "太短", "应在 48 h 内投递。")
	remark(t, reg, "c-keep", "", "保管期不清", "")
	s := sheet(t, reg, secretary)
	if len(s.Rows) != 2 || s.Rows[0].Clause != "2.1" || s.Rows[0].Comment != "原文：“24 h”\n太短" || s.Rows[0].By != "上海市" {
		t.Fatalf("%+v", s)
	}
	rows := slices.Clone(s.Rows)
	if got := kinds(bring(t, reg, rows, nil)); got != "same 2" {
		t.Errorf("as it went out: %s", got)
	}
	rows[0].Disposition = "采纳"
	rows[1].Disposition, rows[1].Reason = "不采纳", "已有规定"
	slices.Reverse(rows)
	rows = append(rows, convert.CommentRow{Clause: "第2.2条、附录A", Comment: "=1+1 不是公式", By: "某公司", Disposition: "部分采纳", Reason: "改写"},
		convert.CommentRow{Clause: "9.9", Comment: "没有这一条", By: "苏", Type: "ed"})
	for i := range rows {
		rows[i].At = i + 2
	}
	plan, err := reg.PlanRound(secretary, "round", rows)
	if err != nil {
		t.Fatal(err)
	}
	if got := kinds(plan); got != "new 2, answer 2" {
		t.Errorf("planned: %s", got)
	}
	if u := plan.Unplaced(); len(u) != 1 || u[0].Unknown[0] != "9.9" {
		t.Errorf("unplaced: %+v", u)
	}
	if got := plan.Rows[2].Clauses; !slices.Equal(got, []string{"c-keep", "c-annex"}) {
		t.Errorf("places: %q", got)
	}
	before := last(t, reg)
	if got := kinds(bring(t, reg, rows, nil)); got != "new 2, answer 2" {
		t.Errorf("done: %s", got)
	}
	if n := last(t, reg) - before; n != 5 { // two comments, three answers
		t.Errorf("%d events, want 5", n)
	}
	before = last(t, reg)
	if got := kinds(bring(t, reg, rows, nil)); got != "same 4" || last(t, reg) != before {
		t.Errorf("the same file again: %s, %d events", got, last(t, reg)-before)
	}
	list, err := reg.CommentsOnStandard("round")
	if err != nil || len(list) != 4 {
		t.Fatalf("%d comments, %v", len(list), err)
	}
	if list[2].Commenter.Name != "某公司" || list[2].On.Clause != "c-keep" || list[2].Disposition == nil || list[3].Region != "32" || list[3].On.Clause != "" {
		t.Errorf("%+v", list[2:])
	}
}

func last(t *testing.T, reg *registry.Registry) uint64 {
	t.Helper()
	e, err := reg.LastEvent()
	if err != nil {
		t.Fatal(err)
	}
	return e.Seq
}

func TestRoundTripAsksBeforeItOverwrites(t *testing.T) {
	reg := roundRegistry(t)
	c := remark(t, reg, "c-time", "", "太短", "")
	rows := sheet(t, reg, secretary).Rows
	rows[0].At, rows[0].Disposition = 5, "采纳"
	if err := reg.Dispose(secretary, "round", []string{c.ID}, registry.Disposition{Kind: registry.Rejected, Reason: "调研"}); err != nil {
		t.Fatal(err)
	}
	if got := kinds(bring(t, reg, rows, nil)); got != "same 1" {
		t.Errorf("without a decision: %s", got)
	}
	answer := func() registry.DispositionKind {
		list, err := reg.CommentsOnStandard("round")
		if err != nil {
			t.Fatal(err)
		}
		return list[0].Disposition.Kind
	}
	if got := answer(); got != registry.Rejected {
		t.Errorf("the answer was overwritten: %s", got)
	}
	plan, err := reg.PlanRound(secretary, "round", rows)
	if err != nil || kinds(plan) != "conflict 1" {
		t.Errorf("%s, %v", kinds(plan), err)
	}
	bring(t, reg, rows, map[int]registry.RoundChoice{5: registry.RoundTake})
	if got := answer(); got != registry.Accepted {
		t.Errorf("the decision was not carried out: %s", got)
	}
}

func TestRoundTripOfCopiedAndRewordedRows(t *testing.T) {
	reg := roundRegistry(t)
	remark(t, reg, "c-time", "", "太短", "")
	rows := sheet(t, reg, secretary).Rows
	copied := rows[0]
	copied.Comment = "抄了一行再改成别的意见"
	both := []convert.CommentRow{rows[0], copied, rows[0]}
	for i := range both {
		both[i].At = i + 1
	}
	plan, err := reg.PlanRound(secretary, "round", both)
	if err != nil {
		t.Fatal(err)
	}
	if got := kinds(plan); got != "new 2, same 1" {
		t.Errorf("copied: %s", got)
	}
	plan, err = reg.PlanRound(secretary, "round", both[1:2])
	if err != nil || kinds(plan) != "reworded 1" {
		t.Errorf("reworded: %s, %v", kinds(plan), err)
	}
	for i := range both {
		both[i].ID = "" // somebody took the column out
	}
	bring(t, reg, both, nil)
	before := last(t, reg)
	if got := kinds(bring(t, reg, both, nil)); got != "same 3" || last(t, reg) != before {
		t.Errorf("without marks, again: %s", got)
	}
}

func TestRoundTripByRole(t *testing.T) {
	reg := roundRegistry(t)
	rows := []convert.CommentRow{{At: 1, Comment: "甲", By: "上海"}, {At: 2, Comment: "乙", By: "江苏"}, {At: 3, Comment: "丙", By: "某公司", Disposition: "采纳"}, {At: 4, Comment: "丁", Disposition: "也许"}}
	plan, err := reg.PlanRound(shanghai, "round", rows)
	if err != nil {
		t.Fatal(err)
	}
	if got := kinds(plan); got != "new 3, unclear 1" || plan.Rows[2].Answer != nil {
		t.Errorf("a representative: %s, %+v", got, plan.Rows[2].Answer)
	}
	if plan, err = reg.PlanRound(secretary, "round", rows); err != nil || plan.Rows[3].Problem == "" {
		t.Errorf("an answer that is none: %+v, %v", plan, err)
	}
	_, err = reg.PlanRound(reader, "round", rows)
	refused(t, err, registry.Forbidden)
	_, err = reg.ImportRound(reader, "round", "x", rows, nil)
	refused(t, err, registry.Forbidden)
	_, err = reg.PlanRound(secretary, "round", make([]convert.CommentRow, registry.MaxCommentsAtOnce+1))
	refused(t, err, registry.Invalid)
}

// TestRoundTripThroughLibreOffice: another program opens the form, keeps it in
// its own format and writes it back; every row is known again, in both forms.
func TestRoundTripThroughLibreOffice(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil || testing.Short() {
		t.Skip("SKIPPED: LibreOffice (soffice) is not installed, or -short: no other program has had the form")
	}
	reg := roundRegistry(t)
	for i := range 30 {
		remark(t, reg, []string{"c-time", "c-keep", ""}[i%3], []string{"24 h", ""}[i%2], fmt.Sprintf("意见 %d：=SUM(A1)\n第二行 <b>&", i), strings.Repeat("@改", i%4))
	}
	dir := t.TempDir()
	for _, form := range convert.Forms {
		for ext, own := range map[string]string{"xlsx": "ods", "docx": "odt"} {
			s := sheet(t, reg, secretary)
			var b bytes.Buffer
			write := form.WriteXLSX
			if ext == "docx" {
				write = form.WriteDOCX
			}
			if err := write(&b, s); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, form.Name+"."+ext)
			if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, step := range [][2]string{{own, path}, {ext, filepath.Join(dir, form.Name+"."+own)}} {
				run := exec.Command(office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", step[0], "--outdir", dir, step[1])
				if said, err := run.CombinedOutput(); err != nil {
					t.Fatalf("soffice: %v\n%s", err, said)
				}
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			rows := readRows(t, data)
			plan, err := reg.PlanRound(secretary, "round", rows)
			if err != nil || len(plan.Of(registry.RoundSame)) != 30 {
				t.Errorf("%s: %s, %v", path, kinds(plan), err)
			}
		}
	}
}

func readRows(t testing.TB, data []byte) []convert.CommentRow {
	t.Helper()
	sheets, err := convert.ReadTables(data)
	if err != nil {
		t.Fatal(err)
	}
	at, found, ok := convert.Recognise(sheets)
	if !ok {
		t.Fatal("the form is not recognised")
	}
	rows, _ := found.CommentRows(sheets[at])
	return rows
}
