package registry_test

import (
	"testing"

	"tongbiao/registry"
)

// A merge gave a row the unified clause of another. What a region has said on
// that clause since is about a text that the undo would take from the row.
func TestUndoOfMergeKeepsWhatWasSaidSince(t *testing.T) {
	reg, v := two(t)
	from, into := rowWith(t, v, "31", "投诉"), rowWith(t, v, "31", "保管期")
	u, err := reg.UnifyRow(shanghai, "p", from.ID, from.Version, "", "企业应当在七日内答复投诉。")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.TakePosition(jiangsu, "p", from.ID, "32", registry.Agree, "", u.Unified.Hash); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.MergeRows(shanghai, "p", from.ID, u.Version, into.ID); err != nil {
		t.Fatal(err)
	}
	merge := lastAct(t, reg)
	if _, err := reg.TakePosition(shanghai, "p", into.ID, "31", registry.Agree, "", u.Unified.Hash); err != nil {
		t.Fatal(err)
	}
	_, err = reg.Undo(shanghai, "p", merge.Event)
	refused(t, err, registry.Conflict)
	row := rowWith(t, workbench(t, reg), "31", "投诉")
	if row.ID != into.ID || row.State != registry.Settled || len(row.Current) != 2 {
		t.Errorf("after a refused undo the row is %s, %s, with %d positions", row.ID, row.State, len(row.Current))
	}
	sound(t, reg)
}
