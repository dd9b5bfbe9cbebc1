package registry_test

import (
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/editor/check"
	"tongbiao/registry"
)

const ruledText = `---
id: sh-lockers
title: 智能快件箱服务规范
number: DB31/T 900021—2026
kind: local
convention: standard
region: "31"
---

## 范围 {#scope}

本文件规定了智能快件箱服务的要求。

## 服务 {#service}

企业必须告知用户保管期限。
`

// ruled holds the text above.
func ruled(t *testing.T) *registry.Registry {
	t.Helper()
	reg := open(t)
	done, err := reg.Import(registry.System, []registry.Incoming{{Path: "lockers.md", Source: []byte(ruledText)}})
	if err != nil || done[0].Err != nil {
		t.Fatal(err, done)
	}
	return reg
}

// report checks the current text, or another.
func report(t *testing.T, reg *registry.Registry, source string) check.Report {
	t.Helper()
	if source == "" {
		text, err := reg.Text(registry.Ref{Standard: "sh-lockers"})
		if err != nil {
			t.Fatal(err)
		}
		source = string(text.Source)
	}
	doc, _, err := editor.Parse([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	r, err := reg.Findings("sh-lockers", []byte(source), doc)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ofRule(r check.Report, rule string) []editor.Finding {
	var out []editor.Finding
	for _, f := range r.Findings {
		if f.Rule == rule {
			out = append(out, f)
		}
	}
	return out
}

func TestWaiverHoldsWhileItsWordsStand(t *testing.T) {
	reg := ruled(t)
	text, err := reg.Text(registry.Ref{Standard: "sh-lockers"})
	if err != nil {
		t.Fatal(err)
	}
	found := ofRule(report(t, reg, ""), "MOD-01")
	if len(found) != 1 {
		t.Fatalf("got %v, want one finding on 必须", found)
	}
	w := check.Waiver{Rule: "MOD-01", Clause: found[0].Clause, Words: check.Quote(text.Source, found[0]), Reason: "复述《邮政法》"}
	id, err := reg.WaiveFinding(shanghai, "sh-lockers", w)
	if err != nil {
		t.Fatal(err)
	}
	now := report(t, reg, "")
	if len(ofRule(now, "MOD-01")) != 0 || len(now.Waived) != 1 || len(now.Lapsed) != 0 || now.Waived[0].Waiver.Author != "sh" || now.Waived[0].Waiver.Reason != "复述《邮政法》" {
		t.Errorf("waived: %+v, lapsed %v", now.Waived, now.Lapsed)
	}
	changed := report(t, reg, strings.Replace(string(text.Source), "必须", "应", 1))
	if len(changed.Waived) != 0 || len(changed.Lapsed) != 1 || changed.Lapsed[0].ID != id {
		t.Errorf("its words are gone: waived %v, lapsed %v", changed.Waived, changed.Lapsed)
	}
	_, err = reg.WaiveFinding(secretary, "sh-lockers", w)
	refused(t, err, registry.Conflict)
	if err := reg.DropWaiver(shanghai, "sh-lockers", id); err != nil {
		t.Fatal(err)
	}
	if r := report(t, reg, ""); len(ofRule(r, "MOD-01")) != 1 || len(r.Waived) != 0 {
		t.Errorf("taken back: %v", r.Waived)
	}
	refused(t, reg.DropWaiver(shanghai, "sh-lockers", id), registry.NotFound)
}

func TestRuleIsSwitched(t *testing.T) {
	reg := ruled(t)
	for _, c := range []struct {
		to   string
		want editor.Severity // "" is no finding
	}{{"error", editor.Error}, {"off", ""}, {"info", editor.Info}, {"", editor.Warning}} {
		if err := reg.SwitchRule(shanghai, "sh-lockers", "MOD-01", c.to, "试行"); err != nil {
			t.Fatal(err)
		}
		found := ofRule(report(t, reg, ""), "MOD-01")
		if c.want == "" && len(found) == 0 || len(found) == 1 && found[0].Severity == c.want {
			continue
		}
		t.Errorf("switched to %q: %v", c.to, found)
	}
	if list, err := reg.RuleSwitches("sh-lockers"); err != nil || len(list) != 0 {
		t.Errorf("as in the catalogue: %v %v", list, err)
	}
}

func TestWhoSetsRulesAside(t *testing.T) {
	reg := ruled(t)
	author := registry.Member{ID: "a", Region: "31", Role: registry.Author}
	for _, c := range []struct {
		who registry.Member
		may bool
	}{{shanghai, true}, {author, true}, {secretary, true}, {jiangsu, false}, {reader, false}} {
		_, err := reg.WaiveFinding(c.who, "sh-lockers", check.Waiver{Rule: "MOD-01", Words: c.who.ID, Reason: "试行"})
		if registry.Refused(err, registry.Forbidden) == c.may || c.may && err != nil {
			t.Errorf("%s waives: %v", c.who.ID, err)
		}
		err = reg.SwitchRule(c.who, "sh-lockers", "MOD-02", "off", "试行 "+c.who.ID)
		if registry.Refused(err, registry.Forbidden) == c.may || c.may && err != nil {
			t.Errorf("%s switches: %v", c.who.ID, err)
		}
	}
	for _, w := range []check.Waiver{{Rule: "MOD-01"}, {Rule: "NONE-1", Reason: "x"}, {Rule: "MOD-01", Reason: strings.Repeat("长", 501)}} {
		_, err := reg.WaiveFinding(shanghai, "sh-lockers", w)
		refused(t, err, registry.Invalid)
	}
	refused(t, reg.SwitchRule(shanghai, "sh-lockers", "MOD-01", "fatal", "x"), registry.Invalid)
	refused(t, reg.SwitchRule(shanghai, "sh-lockers", "MOD-01", "off", " "), registry.Invalid)
	refused(t, reg.SwitchRule(shanghai, "nothing", "MOD-01", "off", "x"), registry.NotFound)
}

// What is kept answers the rules across documents.
func TestFindingsAskWhatIsKept(t *testing.T) {
	reg := ruled(t)
	const old = "---\nid: gb-box\ntitle: 智能快件箱服务规范\nnumber: GB/T 99901—2019\nkind: national\nconvention: standard\nstatus: in-force\npublished: 2019-01-01\n---\n\n## 范围 {#scope}\n\n本文件规定了要求。\n"
	if done, err := reg.Import(registry.System, []registry.Incoming{{Path: "gb.md", Source: []byte(old)}}); err != nil || done[0].Err != nil {
		t.Fatal(err, done)
	}
	if f := ofRule(report(t, reg, ""), "LOC-05"); len(f) != 1 || !strings.Contains(f[0].Message, "GB/T 99901—2019") {
		t.Errorf("a national standard of the same title is held: %v", f)
	}
}

// A finding of a text that is on its drafter's desk alone can be let stand; the
// waiver is the drafter's until the text is submitted, then the standard's.
func TestWaiverBeforeTheFirstSubmission(t *testing.T) {
	reg := ruled(t)
	source := strings.NewReplacer("sh-lockers", "sh-new", "900021", "900022", "智能快件箱服务规范", "寄递末端用语规则").Replace(ruledText)
	header := editor.Header{ID: "sh-new", Title: "寄递末端用语规则", Kind: "local", Convention: editor.Standard, Regions: []string{"31"}}
	start := func() registry.WorkingCopy {
		t.Helper()
		w, err := reg.StartNew(shanghai, header, []byte(source))
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	look := func() check.Report {
		t.Helper()
		doc, _, err := editor.Parse([]byte(source))
		if err != nil {
			t.Fatal(err)
		}
		r, err := reg.Findings("sh-new", []byte(source), doc)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	waive := func() string {
		t.Helper()
		found := ofRule(look(), "MOD-01")
		if len(found) != 1 {
			t.Fatalf("got %v, want one finding on 必须", found)
		}
		w := check.Waiver{Rule: "MOD-01", Clause: found[0].Clause, Words: check.Quote([]byte(source), found[0]), Reason: "复述法律"}
		_, err := reg.WaiveFinding(secretary, "sh-new", w)
		refused(t, err, registry.NotFound) // another's copy is nobody's business
		id, err := reg.WaiveFinding(shanghai, "sh-new", w)
		if err != nil {
			t.Fatal(err)
		}
		if e := lastEvent(t, reg); e.Verb != registry.WaiveFinding || e.Object != "drafts/sh-new" || strings.Contains(string(e.Data), "必须") {
			t.Errorf("event %s %s %s", e.Verb, e.Object, e.Data)
		}
		if r := look(); len(ofRule(r, "MOD-01")) != 0 || len(r.Waived) != 1 {
			t.Errorf("waived: %+v", r.Waived)
		}
		return id
	}

	whole := func() {
		t.Helper()
		err := reg.Verify(func(f registry.Fault) {
			if !strings.Contains(f.What, "没有成员") { // this registry has none
				t.Errorf("%s: %s", f.Where, f.What)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}

	start()
	id := waive()
	if err := reg.DropWaiver(shanghai, "sh-new", id); err != nil {
		t.Fatal(err)
	}
	if r := look(); len(r.Waived) != 0 || len(ofRule(r, "MOD-01")) != 1 {
		t.Errorf("taken back: %+v", r.Waived)
	}
	waive()
	if err := reg.DropWorking(shanghai, "sh-new"); err != nil {
		t.Fatal(err)
	}
	w := start()
	if r := look(); len(r.Waived)+len(r.Lapsed) != 0 {
		t.Errorf("the discarded copy left its waivers: %+v %+v", r.Waived, r.Lapsed)
	}
	id = waive()
	whole()
	if _, err := reg.SubmitWorking(shanghai, "sh-new", w.Version, "首版"); err != nil {
		t.Fatal(err)
	}
	list, err := reg.Waivers("sh-new")
	if err != nil || len(list) != 1 || list[0].ID != id || list[0].Author != shanghai.ID {
		t.Errorf("of the standard: %+v %v", list, err)
	}
	if r := look(); len(r.Waived) != 1 {
		t.Errorf("waived: %+v", r.Waived)
	}
	whole()
	if err := reg.DropWaiver(shanghai, "sh-new", id); err != nil {
		t.Fatal(err)
	}
}
