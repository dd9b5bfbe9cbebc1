package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
)

// planted is a comment of the public in the seed.
var planted struct{ receipt, comment string }

const lockerText = `---
id: zj-locker
title: 智能快件箱服务规范
kind: local
convention: standard
region: "33"
status: draft
replaces: ["DB31/T 900001—2024"]
notice: 在提交反馈意见时，请将您知道的相关专利连同支持性文件一并附上。
---

## 前言 {#lk-foreword kind=foreword}

本文件按照GB/T 1.1—2020《标准化工作导则　第1部分：标准化文件的结构和起草规则》的规定起草。

## 范围 {#lk-scope}

本文件规定了智能快件箱服务的要求。

本文件适用于智能快件箱服务。

## 规范性引用文件 {#lk-refs}

本文件没有规范性引用文件。

## 术语和定义 {#lk-terms}

本文件没有需要界定的术语和定义。

## 投递要求 {#lk-req}

### 投递时限 {#lk-time}

快件到达末端网点后，应在 18 h 内投递。

### 免费保管 {#lk-keep}

免费保管期应不少于 18 h。
`

// plantConsultation opens a public consultation with one comment that waits.
func plantConsultation(reg *registry.Registry) error {
	if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "locker.md", Source: []byte(lockerText)}}); err != nil {
		return err
	}
	if _, err := reg.AttachDocument(registry.System, "zj-locker", registry.Explained, "说明.md", []byte("# 编制说明\n")); err != nil {
		return err
	}
	today := time.Now().In(registry.China)
	_, err := reg.Advance(registry.System, "zj-locker", registry.StepRequest{Verb: registry.OpenConsultation, Contact: "示范秘书处 0571-12345", Public: true,
		Opens: today.Format(time.DateOnly), Closes: today.AddDate(0, 0, 45).Format(time.DateOnly)})
	if err != nil {
		return fmt.Errorf("open the consultation: %w", err)
	}
	said, token, err := reg.SayPublicly(registry.PublicComment{Standard: "zj-locker", Clause: "lk-keep", Body: "下班晚，取不到件", Proposed: "应不少于 24 h。", Name: "张三", Contact: "zhang@example.org", Consent: true})
	planted.receipt, planted.comment = token, said.ID
	return err
}

// consultationScenarios are the scenarios of the public consultation.
var consultationScenarios = []scenario{
	{name: "consultations", method: get, path: "/consultations", status: 200, shows: []string{"正在征求意见", "智能快件箱服务规范", "/consultations/zj-locker", "截止"}},
	{name: "consultation", method: get, path: "/consultations/zj-locker", status: 200,
		shows: []string{"免费保管期应不少于 18 h", "示范秘书处 0571-12345", "/consultations/zj-locker/clauses/lk-keep", "对全文提意见"}, hides: []string{"取不到件", "公众意见管理"}},
	{name: "consultation in English", method: get, path: "/consultations/zj-locker?lang=en", status: 200, shows: []string{"Comment on the whole text"}},
	{name: "consultation: a clause", method: get, path: "/consultations/zj-locker/clauses/lk-keep", status: 200, shows: []string{"对 4.2 免费保管 提意见", `name="clause" value="lk-keep"`, "7 / 7", "/clauses/lk-time"}, hides: []string{"取不到件"}},
	{name: "consultation: a clause beside the one in force", method: get, path: "/consultations/zj-locker/clauses/lk-time", status: 200,
		shows: []string{"现行规定", "DB31/T 900001—2024", "/standards/sh-express/2#delivery-time", "<del>24 h"}},
	{name: "consultation: a clause that is new", method: get, path: "/consultations/zj-locker/clauses/lk-keep", status: 200, shows: []string{"这一条是新的"}, hides: []string{"现行规定"}},
	{name: "consultation: no such clause", method: get, path: "/consultations/zj-locker/clauses/nothing", status: 404},
	{name: "consultation: there is none", method: get, path: "/consultations/sh-express", status: 404, shows: []string{"没有公开征求意见"}},
	{name: "comment without account", method: post, path: "/consultations/zj-locker", form: fields("clause", "lk-keep", "type", "te", "body", "太短"), status: 303, to: "/consultations/receipts/", events: []registry.Verb{registry.SayPublicly}},
	{name: "comment without account: no words", method: post, path: "/consultations/zj-locker", form: fields("clause", "lk-keep", "type", "te", "name", "张三", "consent", "1"), status: 422, shows: []string{"请写意见内容", `value="张三"`, "checked"}},
	{name: "comment without account: a name without consent", method: post, path: "/consultations/zj-locker", form: fields("clause", "", "body", "太短", "name", "张三"), status: 422, shows: []string{"请勾选同意", ">太短</textarea>"}},
	{name: "comment by a machine", method: post, path: "/consultations/zj-locker", form: fields("clause", "lk-keep", "body", "buy", "website", "http://spam.example"), status: 303, to: "/consultations/zj-locker"},
	{name: "receipt", method: get, path: "/consultations/receipts/{receipt}", status: 200, shows: []string{"意见回执", "取不到件", "等待审看", "尚未处理", "没有改动", "4.2 免费保管"}, hides: []string{"张三", "zhang@"}},
	{name: "receipt of nobody", method: get, path: "/consultations/receipts/guess", status: 404, shows: []string{"没有这张回执"}},
	{name: "the public's comments", method: get, path: "/consultations/zj-locker/intake", as: "demo-secretary", status: 200, shows: []string{"取不到件", "张三", "zhang@example.org", "1 条等待", "等待审看"}},
	{name: "the public's comments to a representative", method: get, path: "/consultations/zj-locker/intake", as: "demo-32", status: 403, hides: []string{"张三"}},
	{name: "the public's comments to a reader of the table", method: get, path: "/standards/zj-locker/comments", as: "demo-32", status: 200, hides: []string{"取不到件", "张三"}},
	{name: "show comments at once", method: post, path: "/consultations/zj-locker/intake", as: "demo-secretary", form: fields("at_once", "1", "version", "0"), status: 303, to: "/consultations/zj-locker/intake", events: []registry.Verb{registry.SetIntake}},
	{name: "show comments at once, decided on an old page", method: post, path: "/consultations/zj-locker/intake", as: "demo-secretary", form: fields("at_once", "1", "version", "7"), status: 409, shows: []string{"刚被改过"}},
	{name: "show a comment", method: post, path: "/consultations/zj-locker/intake/{public}", as: "demo-secretary", form: fields("do", "show"), status: 303, to: "/consultations/zj-locker/intake#c", events: []registry.Verb{registry.ModerateComment}},
	{name: "hide a comment", method: post, path: "/consultations/zj-locker/intake/{public}", as: "demo-secretary", form: fields("do", "hide", "reason", "与标准无关"), status: 303, to: "/consultations/zj-locker/intake#c", events: []registry.Verb{registry.ModerateComment}},
	{name: "hide a comment without a reason", method: post, path: "/consultations/zj-locker/intake/{public}", as: "demo-secretary", form: fields("do", "hide"), status: 422, shows: []string{"请写明为何不公开"}},
	{name: "erase who made it", method: post, path: "/consultations/zj-locker/intake/{public}", as: "demo-secretary", form: fields("do", "erase"), status: 303, to: "/consultations/zj-locker/intake#c", events: []registry.Verb{registry.ErasePersonal}},
	{name: "erase as a representative", method: post, path: "/consultations/zj-locker/intake/{public}", as: "demo-32", form: fields("do", "erase"), status: 403},
}

// TestPublicCommentsAreBounded: one address may say so much and no more; what was
// written is not lost; a body that is too long is turned away.
func TestPublicCommentsAreBounded(t *testing.T) {
	s := serve(t, Options{})
	form := fields("clause", "lk-keep", "type", "te", "body", "太短")
	status := 0
	for range 30 {
		res := s.ask("", post, "/consultations/zj-locker", form)
		if status = res.StatusCode; status != http.StatusSeeOther {
			if !strings.Contains(res.body, ">太短</textarea>") || !strings.Contains(res.body, "提得太快了") {
				t.Errorf("%d: what was written is lost\n%s", status, bodyText(res.body))
			}
			break
		}
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("thirty comments at once: %d", status)
	}
	if res := s.ask("", post, "/consultations/zj-locker", fields("body", strings.Repeat("长", maxPublic))); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body that is too long: %d", res.StatusCode)
	}
}

// TestReceiptFollowsTheAnswer: who commented reads the answer by the link.
func TestReceiptFollowsTheAnswer(t *testing.T) {
	s := serve(t, Options{})
	secretary := registry.Member{ID: "demo-secretary", Role: registry.Secretary}
	if err := s.reg.Dispose(secretary, "zj-locker", []string{planted.comment}, registry.Disposition{Kind: registry.Rejected, Reason: "调研表明 18 h 足够"}); err != nil {
		t.Fatal(err)
	}
	res := s.ask("", get, "/consultations/receipts/"+planted.receipt, nil)
	for _, want := range []string{"不采纳", "调研表明 18 h 足够"} {
		if !strings.Contains(res.body, want) {
			t.Errorf("the receipt does not show %q\n%s", want, bodyText(res.body))
		}
	}
}

// TestBesideTheRegionsClauses: a clause of a unified draft stands beside what
// each region has in force.
func TestBesideTheRegionsClauses(t *testing.T) {
	s := serve(t, Options{})
	v, err := s.reg.Workbench(testProject)
	if err != nil {
		t.Fatal(err)
	}
	secretary := registry.Member{ID: "demo-secretary", Role: registry.Secretary}
	for _, row := range v.Rows {
		if len(row.Cells["31"]) == 0 || len(row.Cells["32"]) == 0 {
			continue
		}
		_, err := s.reg.UnifyRow(secretary, testProject, row.ID, row.Version, "统一条", "统一后的要求。")
		if err != nil {
			t.Fatal(err)
		}
		if v, err = s.reg.Workbench(testProject); err != nil {
			t.Fatal(err)
		}
		for id, rows := range v.Draft().Rows {
			if rows[0].ID != row.ID {
				continue
			}
			got := s.web.besideRows(testProject, id)
			if len(got) != 2 || got[0].Label != "上海市" || got[1].Label != "江苏省" || len(got[0].Words) == 0 || got[0].Link == "" {
				t.Errorf("%+v", got)
			}
			return
		}
	}
	t.Fatal("no clause of the draft has rows of both regions")
}
