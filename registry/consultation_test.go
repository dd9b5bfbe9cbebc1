package registry_test

import (
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
)

// consulting is a registry whose text is in public consultation.
func consulting(t *testing.T) bureau {
	t.Helper()
	d := newBureau(t)
	d.goTo(t, "2026-03-02")
	if _, err := d.AttachDocument(secretary, unifiedID, registry.Explained, "说明.md", []byte("# 编制说明\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Advance(secretary, unifiedID, asksForComments); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPublicConsultation(t *testing.T) {
	reg := consulting(t)
	list, err := reg.Consultations()
	if err != nil || len(list) != 1 || !list[0].Open || !list[0].Takes() {
		t.Fatalf("%+v, %v", list, err)
	}
	in := registry.PublicComment{Standard: unifiedID, Clause: "demands", Quote: "24 h", Body: "太短了", Proposed: "48 h", Name: "张三", Contact: "13800000000"}
	_, _, err = reg.SayPublicly(in)
	refused(t, err, registry.Invalid) // no consent
	in.Consent = true
	said, token, err := reg.SayPublicly(in)
	if err != nil {
		t.Fatal(err)
	}
	if seen, err := reg.CommentsOnStandard(unifiedID); err != nil || len(seen) != 0 {
		t.Errorf("a comment that waits is shown: %+v, %v", seen, err)
	}
	row, err := reg.Receipt(token)
	if err != nil || row.ID != said.ID || row.Moderation == nil || row.Place != "4 要求" {
		t.Errorf("%+v, %v", row, err)
	}
	_, err = reg.Receipt(token + "x")
	refused(t, err, registry.NotFound)
	events, err := reg.Events(0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		for _, word := range []string{"张三", "138000", "太短了", token} {
			if strings.Contains(string(e.Data), word) {
				t.Errorf("the log tells %q", word)
			}
		}
	}
	if err := reg.Moderate(secretary, unifiedID, registry.Seen{ID: said.ID, Version: said.Version}, true, ""); err != nil {
		t.Fatal(err)
	}
	if seen, err := reg.CommentsOnStandard(unifiedID); err != nil || len(seen) != 1 || seen[0].Author != "" {
		t.Errorf("%+v, %v", seen, err)
	}
	reg.goTo(t, "2026-04-01")
	if err := reg.SetIntake(secretary, unifiedID, true, 0); err != nil {
		t.Fatal(err)
	}
	late, _, err := reg.SayPublicly(registry.PublicComment{Standard: unifiedID, Body: "迟到的意见"})
	if err != nil || !late.Late || late.Moderation != nil {
		t.Errorf("%+v, %v", late, err)
	}
	faultless(t, reg.Registry)
}

func TestPersonalDataIsErased(t *testing.T) {
	reg := consulting(t)
	said, token, err := reg.SayPublicly(registry.PublicComment{Standard: unifiedID, Body: "甲", Name: "张三", Consent: true})
	if err != nil {
		t.Fatal(err)
	}
	person := func() *registry.Personal {
		_, rows, err := reg.PublicIntake(secretary, unifiedID)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%+v, %v", rows, err)
		}
		return rows[0].Person
	}
	if p := person(); p == nil || p.Name != "张三" {
		t.Errorf("%+v", p)
	}
	_, _, err = reg.PublicIntake(shanghai, unifiedID)
	refused(t, err, registry.Forbidden)
	refused(t, reg.ErasePersonal(shanghai, unifiedID, said.ID), registry.Forbidden)
	if err := reg.ErasePersonal(secretary, unifiedID, said.ID); err != nil {
		t.Fatal(err)
	}
	if p := person(); p != nil {
		t.Errorf("%+v", p)
	}
	if row, err := reg.Receipt(token); err != nil || row.Body != "甲" {
		t.Errorf("the comment is gone: %+v, %v", row, err)
	}
	faultless(t, reg.Registry)
}

func TestHiddenComments(t *testing.T) {
	reg := consulting(t)
	said, token, err := reg.SayPublicly(registry.PublicComment{Standard: unifiedID, Body: "广告"})
	if err != nil {
		t.Fatal(err)
	}
	seen := registry.Seen{ID: said.ID}
	refused(t, reg.Moderate(secretary, unifiedID, seen, false, " "), registry.Invalid)
	refused(t, reg.Moderate(jiangsu, unifiedID, seen, false, "广告"), registry.Forbidden)
	if err := reg.Moderate(secretary, unifiedID, seen, false, "与标准无关"); err != nil {
		t.Fatal(err)
	}
	if row, err := reg.Receipt(token); err != nil || row.Moderation == nil || row.Moderation.Reason != "与标准无关" {
		t.Errorf("%+v, %v", row, err)
	}
	own, err := reg.AddComment(shanghai, registry.Comment{On: registry.Ref{Standard: unifiedID}, Body: "成员的意见"})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, reg.Moderate(secretary, unifiedID, registry.Seen{ID: own.ID}, false, "不"), registry.Invalid)
}

func TestNoConsultation(t *testing.T) {
	reg := roundRegistry(t)
	_, _, err := reg.SayPublicly(registry.PublicComment{Standard: "round", Body: "甲"})
	refused(t, err, registry.NotFound)
}

func TestRate(t *testing.T) {
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	r := registry.NewRate(func() time.Time { return now }, 3, time.Minute)
	for range 3 {
		if err := r.Take("203.0.113.1"); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, r.Take("203.0.113.1"), registry.Forbidden)
	if err := r.Take("203.0.113.2"); err != nil {
		t.Errorf("another address is held up: %v", err)
	}
	now = now.Add(time.Minute)
	if err := r.Take("203.0.113.1"); err != nil {
		t.Errorf("after a minute: %v", err)
	}
	refused(t, r.Take("203.0.113.1"), registry.Forbidden)
	for range 3 {
		if err := r.Take("2001:db8::1"); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, r.Take("2001:db8::2"), registry.Forbidden) // of the same network
}
