package registry_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tongbiao/registry"
)

// atMeeting holds two texts, members and an open meeting on all rows.
func atMeeting(t *testing.T) (*registry.Registry, registry.Meeting) {
	t.Helper()
	reg, v := two(t)
	for _, m := range []registry.Member{
		{ID: "secretary", Name: "秘书", Role: registry.Secretary},
		{ID: "sh", Name: "沪代表", Region: "31", Role: registry.Representative},
		{ID: "js", Name: "苏代表", Region: "32", Role: registry.Representative},
		{ID: "ah", Name: "皖代表", Region: "34", Role: registry.Representative},
	} {
		if _, err := reg.AddMember(registry.System, m, "长一点的口令 2026"); err != nil {
			t.Fatal(err)
		}
	}
	var queue []string
	for _, row := range v.Rows {
		queue = append(queue, row.ID)
	}
	m, err := reg.OpenMeeting(secretary, registry.Meeting{
		Project: "p", Title: "第一次会议", Place: "线上", Queue: queue,
		Present: []registry.Attendee{{Member: "secretary"}, {Member: "sh"}},
		Guests:  []registry.Guest{{Organisation: "某协会", Name: "张三"}, {}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return reg, m
}

func unify(t *testing.T, reg *registry.Registry, words, text string) registry.Row {
	t.Helper()
	row := rowWith(t, workbench(t, reg), "31", words)
	got, err := reg.UnifyRow(shanghai, "p", row.ID, row.Version, "关于"+words, text)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestMeetingOpensOnce(t *testing.T) {
	reg, m := atMeeting(t)
	if len(m.Guests) != 1 || m.Present[1].Name != "沪代表" || m.Present[1].Region != "31" || !m.Open() {
		t.Errorf("opened %+v", m)
	}
	_, err := reg.OpenMeeting(secretary, registry.Meeting{Project: "p", Title: "又一次", Queue: m.Queue, Present: m.Present})
	refused(t, err, registry.Conflict)
	_, err = reg.OpenMeeting(shanghai, registry.Meeting{Project: "p", Title: "代表开的", Queue: m.Queue, Present: m.Present})
	refused(t, err, registry.Forbidden)
	_, err = reg.Attend(secretary, "p", m.ID, m.Attended, []registry.Attendee{{Member: "ah"}}, nil) // 皖 takes no part
	refused(t, err, registry.Invalid)
	_, err = reg.Attend(secretary, "p", m.ID, m.Attended, nil, []registry.Guest{{}})
	refused(t, err, registry.Invalid)
	if open, ok, err := reg.OpenMeetingOf("p"); err != nil || !ok || open.ID != m.ID {
		t.Errorf("open meeting %+v, %v, %v", open, ok, err)
	}
}

func TestPositionIsRecordedForWhoIsThere(t *testing.T) {
	reg, m := atMeeting(t)
	row := unify(t, reg, "投诉", "企业应当自收到投诉之日起七日内答复。")
	record := func(region string, verdict registry.Verdict, hash string) error {
		_, err := reg.RecordPosition(secretary, "p", m.ID, row.ID, region, verdict, "", hash)
		return err
	}
	refused(t, record("32", registry.Agree, row.Unified.Hash), registry.Invalid) // 苏 is not there
	refused(t, record("31", registry.Object, row.Unified.Hash), registry.Invalid)
	refused(t, record("31", registry.Agree, "old"), registry.Conflict)
	_, err := reg.RecordPosition(shanghai, "p", m.ID, row.ID, "31", registry.Agree, "", row.Unified.Hash)
	refused(t, err, registry.Forbidden) // she speaks for herself by TakePosition
	if _, err := reg.Attend(secretary, "p", m.ID, m.Attended, []registry.Attendee{{Member: "sh"}, {Member: "js"}}, nil); err != nil {
		t.Fatal(err)
	}
	if err := record("32", registry.Agree, row.Unified.Hash); err != nil {
		t.Fatal(err)
	}
	now := rowWith(t, workbench(t, reg), "31", "投诉")
	if said := now.Current["32"]; said.Meeting != m.ID || said.Member != "secretary" || said.Verdict != registry.Agree {
		t.Errorf("recorded %+v", said)
	}
	if _, err := reg.TakePosition(jiangsu, "p", row.ID, "32", registry.Object, "太短", row.Unified.Hash); err != nil {
		t.Fatal(err)
	}
	if said := rowWith(t, workbench(t, reg), "31", "投诉").Current["32"]; said.Verdict != registry.Object || said.Meeting != "" {
		t.Errorf("the representative's own word does not count: %+v", said)
	}
	if _, err := reg.CloseMeeting(secretary, "p", m.ID); err != nil {
		t.Fatal(err)
	}
	refused(t, record("31", registry.Agree, row.Unified.Hash), registry.Conflict)
	_, err = reg.Decide(secretary, "p", m.ID, row.ID, row.Version, registry.Adopted, "")
	refused(t, err, registry.Conflict)
	faultless(t, reg)
}

func TestMinutesTellWhatHappened(t *testing.T) {
	reg, m := atMeeting(t)
	settled := unify(t, reg, "投诉", "企业应当自收到投诉之日起七日内答复。")
	settled = unify(t, reg, "投诉", "企业应当自收到投诉之日起十日内答复。")
	for _, who := range []registry.Member{shanghai, jiangsu} {
		if _, err := reg.TakePosition(who, "p", settled.ID, who.Region, registry.Agree, "", settled.Unified.Hash); err != nil {
			t.Fatal(err)
		}
	}
	decide := func(row registry.Row, o registry.Outcome, why string) {
		t.Helper()
		if _, err := reg.Decide(secretary, "p", m.ID, row.ID, row.Version, o, why); err != nil {
			t.Fatal(err)
		}
	}
	decide(settled, registry.Deferred, "再议")
	decide(settled, registry.Adopted, "取中间值")
	open := rowWith(t, workbench(t, reg), "31", "保管期")
	_, err := reg.Decide(secretary, "p", m.ID, open.ID, open.Version, registry.Adopted, "")
	refused(t, err, registry.Invalid) // nothing to adopt
	_, err = reg.Decide(secretary, "p", m.ID, open.ID, open.Version, registry.Redrafted, " ")
	refused(t, err, registry.Invalid) // no reason
	_, err = reg.Decide(secretary, "p", m.ID, open.ID, open.Version+1, registry.Redrafted, "重写")
	refused(t, err, registry.Conflict)
	decide(open.Row, registry.Redrafted, "两地保管期不同")
	gone, into := rowWith(t, workbench(t, reg), "31", "为了规范"), rowWith(t, workbench(t, reg), "31", "小时内投递")
	if _, err := reg.MergeRows(secretary, "p", gone.ID, gone.Version, into.ID); err != nil {
		t.Fatal(err)
	}

	so, err := reg.Minutes("p", m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.CloseMeeting(secretary, "p", m.ID); err != nil {
		t.Fatal(err)
	}
	fixed, err := reg.Minutes("p", m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(so.Items, fixed.Items) {
		t.Errorf("closing changed what the minutes say:\n%+v\n%+v", so.Items, fixed.Items)
	}
	item := func(row string) registry.Item {
		i := slices.IndexFunc(fixed.Items, func(i registry.Item) bool { return i.Before.Row == row })
		if i < 0 {
			t.Fatalf("no item on %s", row)
		}
		return fixed.Items[i]
	}
	s := item(settled.ID)
	if !s.SettledHere() || !s.Changed() || s.Before.Text != "" || s.After.Text != "企业应当自收到投诉之日起十日内答复。" || len(s.Rewritten) != 2 || len(s.Said) != 2 ||
		s.Decision.Reason != "取中间值" || len(s.Earlier) != 1 || len(s.Decided.Positions) != 2 || s.Question() {
		t.Errorf("the settled row: %+v", s)
	}
	if o := item(open.ID); !o.Question() || o.Decision.Outcome != registry.Redrafted {
		t.Errorf("the open row: %+v", o)
	}
	if g := item(gone.ID); !g.After.Gone || g.Into != into.ID || g.Topic() == "" || g.Question() {
		t.Errorf("the merged row: %+v", g)
	}
	if fixed.Count(registry.Adopted) != 1 || fixed.SettledHere() != 1 || fixed.Last.Seq != fixed.Meeting.Last || fixed.Names["js"] != "苏代表" {
		t.Errorf("counts: %d adopted, %d settled, last %d", fixed.Count(registry.Adopted), fixed.SettledHere(), fixed.Last.Seq)
	}

	// What happens later does not change them.
	unify(t, reg, "投诉", "后来又改了。")
	later, err := reg.Minutes("p", m.ID)
	if err != nil || !reflect.DeepEqual(later, fixed) {
		t.Errorf("later events changed the minutes: %v", err)
	}
	text := string(fixed.Markdown())
	for _, want := range []string{"第一次会议", "线上", "某协会", "取中间值", "两地保管期不同", "十日内答复", "苏代表", fixed.Last.Hash[:16], "会后待办"} {
		if !strings.Contains(text, want) {
			t.Errorf("the minutes lack %q:\n%s", want, text)
		}
	}
	if again := later.Markdown(); !bytes.Equal([]byte(text), again) {
		t.Error("the minutes are written differently the second time")
	}
	faultless(t, reg)
}

// Two who say at once who is there: the second is told what the first said.
func TestAttendanceIsNotOverwritten(t *testing.T) {
	reg, m := atMeeting(t)
	now, err := reg.Attend(secretary, "p", m.ID, m.Attended, m.Present, []registry.Guest{{Organisation: "某协会", Name: "李四"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = reg.Attend(secretary, "p", m.ID, m.Attended, []registry.Attendee{{Member: "js"}}, nil)
	refused(t, err, registry.Conflict)
	if err == nil || !strings.Contains(err.Error(), "李四") {
		t.Errorf("the refusal does not say who is there: %v", err)
	}
	if _, err := reg.Attend(secretary, "p", m.ID, now.Attended, []registry.Attendee{{Member: "js"}}, now.Guests); err != nil {
		t.Fatal(err)
	}
	faultless(t, reg)
}

// faultless fails where the verifier finds anything.
func faultless(t *testing.T, reg *registry.Registry) {
	t.Helper()
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
}
