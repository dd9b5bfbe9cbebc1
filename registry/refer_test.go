package registry_test

import (
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/editor/check"
	"tongbiao/registry"
)

const referring = `---
id: %id%
title: %title%
kind: local
convention: standard
region: "%region%"
---

## 范围 {#%p%-scope}

本文件规定了要求。

## 投递 {#%p%-delivery}

### 时限 {#%p%-time}

快件应在24 h内投递，保管应符合[](#%p%-keep)的要求，并见[](#%p%-delivery)。

### 保管 {#%p%-keep}

智能快件箱内的快件，免费保管期应不少于3日。
`

// referringProject holds two texts with references and a project of them.
func referringProject(t *testing.T) (*registry.Registry, registry.ProjectView) {
	t.Helper()
	reg := open(t)
	var texts []registry.Incoming
	for _, r := range [][2]string{{"31", "上海市投递规范"}, {"32", "江苏省投递规范"}} {
		source := strings.NewReplacer("%id%", "t"+r[0], "%title%", r[1], "%region%", r[0], "%p%", "c"+r[0]).Replace(referring)
		texts = append(texts, registry.Incoming{Path: r[0] + ".md", Source: []byte(source)})
	}
	if _, err := reg.Import(registry.System, texts); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.CreateProject(secretary, registry.Project{ID: "p", Title: "投递规范", Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "t31"}}, {Region: "32", Text: registry.Ref{Standard: "t32"}},
	}}); err != nil {
		t.Fatal(err)
	}
	return reg, workbench(t, reg)
}

// A reference in a regional text leads, in the unified text, to the clause of
// the row in which its target stands.
func TestReferencesLeadToRows(t *testing.T) {
	reg, v := referringProject(t)
	keep, when := rowWith(t, v, "31", "免费保管期"), rowWith(t, v, "31", "24 h")
	text := v.StartFrom(0, when.Cells["31"])
	if !strings.Contains(text, "应符合[](#u-"+keep.ID+")的要求，并见第2章。") {
		t.Fatalf("the text to start from is %s", text)
	}
	u, err := reg.UnifyRow(secretary, "p", when.ID, when.Version, "时限", text)
	if err != nil {
		t.Fatal(err)
	}
	if s := u.Unified.Sources[0]; s.How != registry.Verbatim || !strings.Contains(s.Sentence, "应符合“") {
		t.Errorf("source %+v; want verbatim, the reference said as a subject", s)
	}
	v = workbench(t, reg)
	if faults := draftFaults(t, reg, v); !found(faults, "CIT-01") {
		t.Errorf("a reference to a clause that is not unified yet is no finding: %+v", faults)
	}
	if _, err := reg.UnifyRow(secretary, "p", keep.ID, keep.Version, "保管", v.StartFrom(0, keep.Cells["31"])); err != nil {
		t.Fatal(err)
	}
	v = workbench(t, reg)
	draft := v.Draft()
	if faults := draftFaults(t, reg, v); found(faults, "CIT-01") {
		t.Errorf("the reference leads nowhere: %+v", faults)
	}
	numbers := map[string]string{}
	for c := range draft.Document.All() {
		for _, row := range draft.Rows[c.ID] {
			numbers[row.ID] = c.Number
		}
	}
	if got := v.UnifiedText(u.Unified, numbers); numbers[keep.ID] == "" || !strings.Contains(got, "应符合"+numbers[keep.ID]+"的要求") {
		t.Errorf("read as %s with %v", got, numbers)
	}
}

func found(findings []editor.Finding, rule string) bool {
	for _, f := range findings {
		if f.Rule == rule {
			return true
		}
	}
	return false
}

func draftFaults(t *testing.T, reg *registry.Registry, v registry.ProjectView) []editor.Finding {
	t.Helper()
	report, err := reg.CheckDraft(v.Draft())
	if err != nil {
		t.Fatal(err)
	}
	return report.Findings
}

// The unified draft is checked as its committee set the rules of the standard that
// it is kept as.
func TestUnifiedDraftIsCheckedAsItsCommitteeWants(t *testing.T) {
	reg, v := referringProject(t)
	row := rowWith(t, v, "31", "24 h")
	if _, err := reg.UnifyRow(secretary, "p", row.ID, row.Version, "时限", "企业必须在 24 h 内投递。\n\n企业不得拒收。"); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.KeepDraft(secretary, "p", ""); err != nil {
		t.Fatal(err)
	}
	v = workbench(t, reg)
	draft := v.Draft()
	faults := draftFaults(t, reg, v)
	if !found(faults, "MOD-01") || !found(faults, "MOD-02") {
		t.Fatalf("必须 and 不得 are no findings: %+v", faults)
	}
	standard := v.Project.DraftStandard()
	source := editor.Write(draft.Document)
	for _, f := range faults {
		if f.Rule == "MOD-01" {
			if _, err := reg.WaiveFinding(secretary, standard, check.Waiver{Rule: f.Rule, Clause: f.Clause, Words: check.Quote(source, f), Reason: "法律原文"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := reg.SwitchRule(secretary, standard, "MOD-02", "off", "沿用旧版"); err != nil {
		t.Fatal(err)
	}
	report, err := reg.CheckDraft(draft)
	if err != nil {
		t.Fatal(err)
	}
	if found(report.Findings, "MOD-01") || found(report.Findings, "MOD-02") || len(report.Waived) != 1 {
		t.Errorf("waived %+v, left %+v", report.Waived, report.Findings)
	}
}
