package registry_test

import (
	"testing"

	"tongbiao/editor"
	"tongbiao/registry"
)

// TestApplicable: who fits, from when, what people say wins, and a checklist keeps it.
func TestApplicable(t *testing.T) {
	reg := bundled(t)
	ask := func(who registry.Member, p registry.Profile) map[string]bool {
		got, err := reg.Applicable(who, p)
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, b := range got.Clauses {
			ids[b.Ref.String()] = true
		}
		return ids
	}
	p := registry.Profile{Regions: []string{"31"}, Activities: []editor.Activity{"locker"}}
	got := ask(reader, p)
	if !got["db31-t-sf001/2#locker-retention"] || !got["gb-sf001/1#base-retention"] || got["db31-t-sf001/2#complaint"] || got["db32-t-sf001/1#bx-keep"] {
		t.Errorf("lockers in Shanghai: %v", got)
	}
	p.On = "2023-06-01"
	if then := ask(reader, p); then["db31-t-sf001/2#locker-retention"] || len(then) == 0 {
		t.Errorf("in 2023: %v", then)
	}
	p.On = ""
	at := registry.Ref{Standard: "db31-t-sf001", Clause: "locker-retention"}
	refused(t, reg.RuleActivity(jiangsu, at, "locker", false, "不是"), registry.Forbidden)
	if err := reg.RuleOut(reader, at, false, "没有快件箱"); err != nil {
		t.Fatal(err)
	}
	if ask(reader, p)["db31-t-sf001/2#locker-retention"] || !ask(jiangsu, p)["db31-t-sf001/2#locker-retention"] {
		t.Error("what one member rules out is out for it alone")
	}
	k, err := reg.MakeChecklist(reader, "清单", p)
	if err != nil || len(k.Items) == 0 {
		t.Fatal(len(k.Items), err)
	}
	item := k.Items[0]
	item.Evidence, item.State = "照片", registry.ItemDone
	if _, err := reg.KeepItems(reader, k.ID, k.Version, []registry.ChecklistItem{item}); err != nil {
		t.Fatal(err)
	}
	item.Evidence = "另一张照片"
	_, err = reg.KeepItems(reader, k.ID, k.Version, []registry.ChecklistItem{item})
	refused(t, err, registry.Conflict)
	_, err = reg.Checklist(jiangsu, k.ID)
	refused(t, err, registry.NotFound)
	v, err := reg.Checklist(reader, k.ID)
	if err != nil || v.Rows[0].Evidence != "照片" || v.Since != 0 {
		t.Fatal(v.Since, err)
	}
	if _, err := reg.FollowChecklist(reader, k.ID, v.Version); err != nil {
		t.Fatal(err)
	}
}
