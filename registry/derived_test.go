package registry_test

import (
	"strings"
	"testing"

	"tongbiao/registry"
)

const derivedText = `---
id: derived
title: 快件投递规范
number: DB31/T 900001—2021
region: "31"
convention: standard
published: 2021-01-01
---

## 范围 {#scope}

本文件规定了快件投递的要求。

## 投递 {#time}

快件到达末端网点后，应在48 h内投递。
`

// What is derived goes into the member's own copy, when the member says so, and
// nowhere else.
func TestDerivedGoesIntoTheWorkingCopy(t *testing.T) {
	reg := open(t)
	if _, _, err := reg.Submit(shanghai, registry.Submission{Standard: "derived", Source: []byte(derivedText), Message: "一"}); err != nil {
		t.Fatal(err)
	}
	next := strings.NewReplacer("—2021", "—2026", "published: 2021-01-01\n", "replaces: [DB31/T 900001—2021]\n", "48 h", "24 h").Replace(derivedText)
	if _, _, err := reg.Submit(shanghai, registry.Submission{Standard: "derived", Base: 1, Source: []byte(next), Message: "二"}); err != nil {
		t.Fatal(err)
	}
	d, err := reg.Derived(shanghai, "derived")
	if err != nil {
		t.Fatal(err)
	}
	if d.Working != nil || d.Replaces != "DB31/T 900001—2021" || !strings.Contains(d.Foreword.New, "由“48 h内”改为“24 h内”（见[](#time)，2021年版的第2章）") {
		t.Fatalf("%+v", d.Foreword)
	}
	_, err = reg.ApplyDerived(jiangsu, "derived", d.Foreword.Clause, nil, d.Foreword.New)
	refused(t, err, registry.Forbidden)
	_, err = reg.ApplyDerived(shanghai, "derived", "time", nil, "甲")
	refused(t, err, registry.NotFound)

	w, err := reg.ApplyDerived(shanghai, "derived", d.Foreword.Clause, nil, d.Foreword.New)
	if err != nil || !strings.Contains(string(w.Source), "本文件代替DB31/T 900001—2021") {
		t.Fatalf("%s, %v", w.Source, err)
	}
	text, err := reg.Text(registry.Ref{Standard: "derived"})
	if err != nil || strings.Contains(string(text.Source), "本文件代替") || text.Revision.Number != 2 {
		t.Errorf("the standard itself was changed: %v", err)
	}
	_, err = reg.ApplyDerived(shanghai, "derived", d.References.Clause, nil, d.References.New)
	refused(t, err, registry.Conflict) // the page was made before there was a copy
	stale := w.Version - 1
	_, err = reg.ApplyDerived(shanghai, "derived", d.References.Clause, &stale, d.References.New)
	refused(t, err, registry.Conflict)
	d, err = reg.Derived(shanghai, "derived")
	if err != nil || d.Working == nil || d.Foreword.Changes() || !d.References.Changes() {
		t.Fatalf("%+v, %v", d.Foreword.Edits, err)
	}
	if w, err = reg.ApplyDerived(shanghai, "derived", d.References.Clause, &w.Version, d.References.New); err != nil || !strings.Contains(string(w.Source), "本文件没有规范性引用文件。") {
		t.Errorf("%s, %v", w.Source, err)
	}
	if _, err := reg.SaveWorking(shanghai, "derived", w.Version, []byte("---\ntitle: [\n---\n")); err != nil {
		t.Fatal(err)
	}
	_, err = reg.Derived(shanghai, "derived")
	refused(t, err, registry.Invalid)
}
