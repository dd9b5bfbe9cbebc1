package registry_test

import (
	"strings"
	"testing"

	"tongbiao/editor/compare"
	"tongbiao/registry"
)

var jiangsuAuthor = registry.Member{ID: "ja", Region: "32", Role: registry.Author}

// stands gives how a row's cell of a column stands, with 沪 as the base.
func stands(t *testing.T, reg *registry.Registry, words string, column int) (registry.RowView, registry.Reckoned) {
	t.Helper()
	v := workbench(t, reg)
	row := rowWith(t, v, "32", words)
	return row, v.Reckoned(row, 0)[column]
}

func TestRelationIsProposed(t *testing.T) {
	reg, v := two(t)
	row, base := stands(t, reg, "小时内投递", 0)
	if base.Against != "" {
		t.Errorf("the base is held against %q", base.Against)
	}
	_, js := stands(t, reg, "小时内投递", 1)
	if stand, proposed := js.Stand(); stand != compare.StandsLooser || !proposed || js.Against != "31" {
		t.Errorf("苏 is %s against %s, want looser against 31", stand, js.Against)
	}
	if len(js.Machine.Reasons) == 0 || js.Machine.Reasons[0].Own != "48小时内" || js.Machine.Reasons[0].Other != "24小时内" {
		t.Errorf("the reason is %v", js.Machine.Reasons)
	}
	if _, err := reg.UnifyRow(shanghai, "p", row.ID, row.Version, "", "快件到达末端网点后，经营快递业务的企业应当在72小时内投递。"); err != nil {
		t.Fatal(err)
	}
	for i := range v.Columns {
		_, cell := stands(t, reg, "小时内投递", i)
		if stand, _ := cell.Stand(); stand != compare.StandsStricter || cell.Against != registry.AgainstUnified {
			t.Errorf("%s is %s against %s, want stricter against the unified clause", v.Columns[i].Label, stand, cell.Against)
		}
	}
}

func TestRelationIsSaid(t *testing.T) {
	reg, _ := two(t)
	row, cell := stands(t, reg, "小时内投递", 1)
	say := func(m registry.Member, stand compare.Stand, hash string) error {
		_, err := reg.SayRelation(m, "p", row.ID, "32", "31", stand, "节假日另计", hash)
		return err
	}
	refused(t, say(shanghai, compare.StandsCrossing, cell.Hash), registry.Forbidden)
	refused(t, say(reader, compare.StandsCrossing, cell.Hash), registry.Forbidden)
	refused(t, say(jiangsu, compare.StandsCrossing, "other"), registry.Conflict)
	refused(t, say(jiangsu, "better", cell.Hash), registry.Invalid)
	refused(t, say(jiangsu, "", cell.Hash), registry.Invalid) // nothing to take back
	for _, m := range []registry.Member{jiangsu, jiangsuAuthor, secretary} {
		if err := say(m, compare.StandsCrossing, cell.Hash); err != nil {
			t.Fatal(err)
		}
	}
	_, cell = stands(t, reg, "小时内投递", 1)
	if stand, proposed := cell.Stand(); stand != compare.StandsCrossing || proposed || cell.Said.Member != "secretary" || cell.Said.Note != "节假日另计" {
		t.Errorf("%s, proposed %v, said %+v", stand, proposed, cell.Said)
	}
	if cell.Machine.Stand != compare.StandsLooser {
		t.Errorf("the machine's proposal is gone: %s", cell.Machine.Stand)
	}
	verifiedWhole(t, reg)

	// The text changes: what was said is shown as said about another text.
	if _, err := reg.UnifyRow(shanghai, "p", row.ID, row.Version, "", "快件到达末端网点后，经营快递业务的企业应当在72小时内投递。"); err != nil {
		t.Fatal(err)
	}
	_, cell = stands(t, reg, "小时内投递", 1)
	if stand, proposed := cell.Stand(); stand != compare.StandsStricter || !proposed || cell.Said == nil || cell.Current() {
		t.Errorf("after the text changed: %s, proposed %v, said %+v", stand, proposed, cell.Said)
	}
	refused(t, say(jiangsu, compare.StandsLooser, cell.Hash), registry.Conflict) // against what it is no longer held against
	if _, err := reg.SayRelation(jiangsu, "p", row.ID, "32", registry.AgainstUnified, "", "", cell.Hash); err != nil {
		t.Fatal(err)
	}
	if _, cell = stands(t, reg, "小时内投递", 1); cell.Said != nil {
		t.Errorf("what was taken back is still there: %+v", cell.Said)
	}
	verifiedWhole(t, reg)
	events, err := reg.Events(0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	n := map[registry.Verb]int{}
	for _, e := range events {
		n[e.Verb]++
	}
	if n[registry.SayRelation] != 3 || n[registry.DropRelation] != 1 {
		t.Errorf("%d relations said and %d taken back in the log, want 3 and 1", n[registry.SayRelation], n[registry.DropRelation])
	}
}

// TestRelationOfAFloor: only the secretariat speaks for a national text.
func TestRelationOfAFloor(t *testing.T) {
	reg, v := floored(t)
	row := rowWith(t, v, "31", "保管期")
	cell := v.Reckoned(row, 0)[2]
	_, err := reg.SayRelation(shanghai, "f", row.ID, "floor1", "31", compare.StandsStricter, "", cell.Hash)
	refused(t, err, registry.Forbidden)
	if _, err := reg.SayRelation(secretary, "f", row.ID, "floor1", "31", compare.StandsStricter, "", cell.Hash); err != nil {
		t.Error(err)
	}
}

// TestRelationSurvivesAMerge: a relation outlives the merging of its row,
// and nothing is found wrong with that.
func TestRelationSurvivesAMerge(t *testing.T) {
	reg, v := two(t)
	row, cell := stands(t, reg, "小时内投递", 1)
	if _, err := reg.SayRelation(jiangsu, "p", row.ID, "32", "31", compare.StandsCrossing, "", cell.Hash); err != nil {
		t.Fatal(err)
	}
	into := rowWith(t, v, "32", "投诉")
	if _, err := reg.MergeRows(shanghai, "p", row.ID, row.Version, into.ID); err != nil {
		t.Fatal(err)
	}
	verifiedWhole(t, reg)
}

// verifiedWhole fails where verify finds a fault; the fixture's members have no
// records.
func verifiedWhole(t *testing.T, reg *registry.Registry) {
	t.Helper()
	err := reg.Verify(func(f registry.Fault) {
		if !strings.HasPrefix(f.What, "没有成员") {
			t.Errorf("%s: %s", f.Where, f.What)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
