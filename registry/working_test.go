package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/registry"
)

// desk is a registry with 沪's text, and the copy that its representative opened.
func desk(t *testing.T) (*registry.Registry, registry.WorkingCopy) {
	t.Helper()
	reg, _ := two(t)
	w, err := reg.StartWorking(shanghai, "sh-express", 0)
	if err != nil {
		t.Fatal(err)
	}
	return reg, w
}

// rewritten saves a copy with words replaced.
func rewritten(t *testing.T, reg *registry.Registry, m registry.Member, w registry.WorkingCopy, pairs ...string) registry.WorkingCopy {
	t.Helper()
	w, err := reg.SaveWorking(m, w.Standard, w.Version, []byte(strings.NewReplacer(pairs...).Replace(string(w.Source))))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func lastEvent(t *testing.T, reg *registry.Registry) registry.Event {
	t.Helper()
	e, err := reg.LastEvent()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestWorkingCopyIsPrivateAndKeepsWhatWasTyped(t *testing.T) {
	reg, w := desk(t)
	if e := lastEvent(t, reg); e.Verb != registry.OpenWorking || e.Object != "drafts/sh-express" || e.Actor != "sh" {
		t.Errorf("opening it is the event %+v", e)
	}
	if w.Base != 1 || w.Current != 1 || !strings.Contains(string(w.Source), "24小时") {
		t.Errorf("opened as %+v", w)
	}
	before := lastEvent(t, reg)
	for _, typed := range []string{"", "\xff\x00 任何字节", "正文 {#a}\r\n", "---\ntitle: [\n未写完"} {
		var err error
		if w, err = reg.SaveWorking(shanghai, w.Standard, w.Version, []byte(typed)); err != nil {
			t.Fatalf("%q: %v", typed, err)
		}
		kept, err := reg.WorkingCopy(shanghai, w.Standard)
		if err != nil || string(kept.Source) != typed || kept.Version != w.Version {
			t.Errorf("saved %q, kept %q, version %d and %d, %v", typed, kept.Source, w.Version, kept.Version, err)
		}
	}
	if lastEvent(t, reg).Seq != before.Seq {
		t.Error("a save is an event")
	}
	_, err := reg.WorkingCopy(secretary, w.Standard)
	refused(t, err, registry.NotFound)
	_, err = reg.SubmitWorking(shanghai, w.Standard, w.Version, "改")
	refused(t, err, registry.Invalid)
	again, err := reg.StartWorking(shanghai, w.Standard, 0)
	if err != nil || again.Version != w.Version {
		t.Errorf("opened again: version %d, not %d; %v", again.Version, w.Version, err)
	}
	if _, err = reg.SaveWorking(shanghai, w.Standard, w.Version, make([]byte, editor.MaxBytes+1)); !registry.Refused(err, registry.Invalid) {
		t.Errorf("a text over the limit: %v", err)
	}
}

func TestTwoWindowsLoseNothing(t *testing.T) {
	reg, w := desk(t)
	first := rewritten(t, reg, shanghai, w, "24小时内", "12小时内")
	kept, err := reg.SaveWorking(shanghai, w.Standard, w.Version, []byte("另一个窗口"))
	refused(t, err, registry.Conflict)
	if kept.Version != first.Version || string(kept.Source) != string(first.Source) {
		t.Error("the conflict does not show what is kept")
	}
	if same, err := reg.SaveWorking(shanghai, w.Standard, w.Version, first.Source); err != nil || same.Version != first.Version {
		t.Errorf("the save that was sent again: %v", err)
	}
	if err := reg.DropWorking(shanghai, w.Standard); err != nil {
		t.Fatal(err)
	}
	fresh, err := reg.StartWorking(shanghai, w.Standard, 0)
	if err != nil || fresh.Version <= first.Version {
		t.Fatalf("version %d after %d: an old window could write into the new copy; %v", fresh.Version, first.Version, err)
	}
}

func TestWhoMayOpenAWorkingCopy(t *testing.T) {
	reg, _ := two(t)
	for _, m := range []registry.Member{reader, jiangsu, {}} {
		_, err := reg.StartWorking(m, "sh-express", 0)
		refused(t, err, registry.Forbidden)
		_, err = reg.StartNew(m, editor.Header{Title: "新标准", Regions: []string{"31"}}, nil)
		refused(t, err, registry.Forbidden)
	}
	_, err := reg.StartWorking(secretary, "nowhere", 0)
	refused(t, err, registry.NotFound)
	for i := range registry.MaxWorkingCopies {
		if _, err := reg.StartNew(shanghai, editor.Header{Title: fmt.Sprint("新标准", i), Regions: []string{"31"}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	_, err = reg.StartWorking(shanghai, "sh-express", 0)
	refused(t, err, registry.Invalid)
	list, err := reg.WorkingCopies(shanghai)
	if err != nil || len(list) != registry.MaxWorkingCopies {
		t.Errorf("%d copies; %v", len(list), err)
	}
}

func TestNewStandardsGetIDsOfTheirOwn(t *testing.T) {
	reg, _ := two(t)
	h := editor.Header{Title: "快递柜设置规范", Numbers: []string{"DB31/T 310099—2026"}, Regions: []string{"31"}}
	one, err := reg.StartNew(shanghai, h, nil)
	if err != nil || one.Standard != "db31-t-310099" {
		t.Fatalf("named %q; %v", one.Standard, err)
	}
	other, err := reg.StartNew(secretary, h, []byte("---\ntitle: 快递柜设置规范\n---\n\n## 范围 {#scope}\n\n另一份。\n"))
	if err != nil || other.Standard == one.Standard {
		t.Fatalf("two new standards are both named %q; %v", other.Standard, err)
	}
	merged, err := reg.SubmitWorking(secretary, other.Standard, other.Version, "起草")
	if err != nil || merged.Revision.Number != 1 || merged.Revision.Standard != other.Standard {
		t.Fatalf("submitted as %+v; %v", merged.Revision.Ref(), err)
	}
	_, err = reg.WorkingCopy(secretary, other.Standard)
	refused(t, err, registry.NotFound)
	// Somebody imports a text of the ID that was kept free.
	done, err := reg.Import(registry.System, []registry.Incoming{{Path: "x.md", Source: []byte("---\nid: db31-t-310099\ntitle: 他人的文本\n---\n\n## 范围 {#scope}\n\n甲。\n")}})
	if err != nil || done[0].Err != nil {
		t.Fatal(err, done[0].Err)
	}
	merged, err = reg.SubmitWorking(shanghai, one.Standard, one.Version, "起草")
	if err != nil || merged.Revision.Standard == one.Standard || merged.Revision.Number != 1 {
		t.Errorf("submitted as %s; %v", merged.Revision.Ref(), err)
	}
}

func TestSubmittingMergesWhatCameSince(t *testing.T) {
	reg, mine := desk(t)
	rewritten(t, reg, shanghai, mine, "七日内", "五日内")
	theirs, err := reg.StartWorking(secretary, "sh-express", 0)
	if err != nil {
		t.Fatal(err)
	}
	theirs = rewritten(t, reg, secretary, theirs, "在24小时内投递", "在12小时内投递")
	if _, err = reg.SubmitWorking(secretary, "sh-express", theirs.Version, "缩短时限"); err != nil {
		t.Fatal(err)
	}
	mine, err = reg.WorkingCopy(shanghai, "sh-express")
	if err != nil || !mine.Behind() {
		t.Fatalf("behind: %v; %v", mine.Behind(), err)
	}
	if who, err := reg.Drafters("sh-express"); err != nil || len(who) != 1 || who[0] != "sh" {
		t.Errorf("drafters %v; %v", who, err)
	}
	m, err := reg.SubmitWorking(shanghai, "sh-express", mine.Version, "缩短答复期限")
	if err != nil {
		t.Fatal(err)
	}
	text, err := reg.Text(m.Revision.Ref())
	if err != nil || m.Revision.Number != 3 || m.Current.Number != 2 {
		t.Fatalf("%+v; %v", m.Revision.Ref(), err)
	}
	for _, words := range []string{"五日内", "在12小时内投递"} {
		if !strings.Contains(string(text.Source), words) {
			t.Errorf("the revision does not say %q:\n%s", words, text.Source)
		}
	}
}

func TestOnlyATrueConflictAsks(t *testing.T) {
	reg, mine := desk(t)
	mine = rewritten(t, reg, shanghai, mine, "七日内", "五日内")
	theirs, err := reg.StartWorking(secretary, "sh-express", 0)
	if err != nil {
		t.Fatal(err)
	}
	theirs = rewritten(t, reg, secretary, theirs, "七日内", "三日内")
	if _, err = reg.SubmitWorking(secretary, "sh-express", theirs.Version, "改"); err != nil {
		t.Fatal(err)
	}
	before := lastEvent(t, reg)
	m, err := reg.SubmitWorking(shanghai, "sh-express", mine.Version, "改")
	refused(t, err, registry.Conflict)
	if len(m.Conflicts) != 1 || !strings.Contains(m.Conflicts[0].Base.Text, "七日") || !strings.Contains(m.Conflicts[0].Theirs.Text, "三日") || !strings.Contains(m.Conflicts[0].Ours.Text, "五日") {
		t.Fatalf("conflicts %+v", m.Conflicts)
	}
	if kept, err := reg.WorkingCopy(shanghai, "sh-express"); err != nil || string(kept.Source) != string(mine.Source) || lastEvent(t, reg).Seq != before.Seq {
		t.Error("a conflict changed something")
	}
	seen, err := reg.MergeWorking(shanghai, "sh-express")
	if err != nil || len(seen.Conflicts) != 1 {
		t.Errorf("looked at: %d conflicts; %v", len(seen.Conflicts), err)
	}
	_, err = reg.SettleWorking(shanghai, "sh-express", mine.Version, 9, editor.Write(m.Document))
	refused(t, err, registry.NotFound)
	settled, err := reg.SettleWorking(shanghai, "sh-express", mine.Version, m.Current.Number, editor.Write(m.Document))
	if err != nil || settled.Behind() {
		t.Fatal(settled.Base, err)
	}
	m, err = reg.SubmitWorking(shanghai, "sh-express", settled.Version, "按五日")
	if err != nil || m.Revision.Number != 3 {
		t.Fatal(m.Revision.Ref(), err)
	}
}

func TestDiscardingAndSubmittingNothing(t *testing.T) {
	reg, w := desk(t)
	m, err := reg.SubmitWorking(shanghai, w.Standard, w.Version, "未改")
	if err != nil || m.Revision.Number != 1 || lastEvent(t, reg).Verb != registry.DropWorking {
		t.Errorf("nothing changed, and it made %s; %v", m.Revision.Ref(), err)
	}
	refused(t, reg.DropWorking(shanghai, w.Standard), registry.NotFound)
	if w, err = reg.StartWorking(shanghai, w.Standard, 0); err != nil {
		t.Fatal(err)
	}
	_, err = reg.SubmitWorking(shanghai, w.Standard, w.Version, " ")
	refused(t, err, registry.Invalid)
	if err := reg.DropWorking(shanghai, w.Standard); err != nil || lastEvent(t, reg).Verb != registry.DropWorking {
		t.Error(err)
	}
}
