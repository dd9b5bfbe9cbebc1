package registry_test

import (
	"slices"
	"testing"

	"tongbiao/registry"
)

// The minutes tell of a position that was recorded on a row beside the agenda,
// and no longer of a merge that was taken back.
func TestMinutesTellWhatWasTakenUpBesides(t *testing.T) {
	reg, first := atMeeting(t)
	if _, err := reg.CloseMeeting(secretary, "p", first.ID); err != nil {
		t.Fatal(err)
	}
	row := unify(t, reg, "投诉", "企业应当自收到投诉之日起七日内答复。")
	if _, err := reg.TakePosition(jiangsu, "p", row.ID, "32", registry.Agree, "", row.Unified.Hash); err != nil {
		t.Fatal(err)
	}
	listed := rowWith(t, workbench(t, reg), "31", "保管期")
	m, err := reg.OpenMeeting(secretary, registry.Meeting{Project: "p", Title: "第二次会议", Queue: []string{listed.ID}, Present: []registry.Attendee{{Member: "sh"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.RecordPosition(secretary, "p", m.ID, row.ID, "31", registry.Agree, "同意文本", row.Unified.Hash); err != nil {
		t.Fatal(err)
	}
	other := rowWith(t, workbench(t, reg), "31", "小时内投递")
	if _, err := reg.MergeRows(secretary, "p", listed.ID, listed.Version, other.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.Undo(secretary, "p", lastAct(t, reg).Event); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.CloseMeeting(secretary, "p", m.ID); err != nil {
		t.Fatal(err)
	}
	told, err := reg.Minutes("p", m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(told.Items, func(i registry.Item) bool { return i.Before.Row == row.ID }); i < 0 {
		t.Errorf("the minutes do not tell of the row beside the agenda: %+v", told.Items)
	} else if i := told.Items[i]; len(i.Said) != 1 || i.Before.State != registry.Waiting || !i.SettledHere() {
		t.Errorf("beside the agenda: %+v", i)
	}
	if i := told.Items[0]; i.Into != "" || i.After.Gone {
		t.Errorf("the minutes tell of a merge that was taken back: %+v", i)
	}
	faultless(t, reg)
}
