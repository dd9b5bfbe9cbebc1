package registry_test

import (
	"strings"
	"testing"

	"tongbiao/registry"
)

// A region writes the text that it wants; the secretariat makes it the row's,
// and everybody speaks again.
func TestAWantedChangeIsApplied(t *testing.T) {
	reg, _ := dated(t)
	row := write(t, reg, 1, "快件到达末端网点后，应在24 h内投递。")
	want := "快件到达末端网点后，应在24 h内首次投递。"
	declare := func(verdict registry.Verdict, change, note string) (registry.Position, error) {
		return reg.Declare(jiangsu, registry.Position{Project: "p", Row: row.ID, Region: "32", Verdict: verdict, Change: change, Note: note, Hash: row.Unified.Hash, Member: "somebody else"})
	}
	for what, err := range map[string]error{
		"no change":            second(declare(registry.AgreeWithChange, "", "")),
		"an unchanged text":    second(declare(registry.AgreeWithChange, row.Unified.Text, "因为")),
		"a change and a yes":   second(declare(registry.Agree, want, "")),
		"no reason":            second(declare(registry.Object, "", "")),
		"a text without bound": second(declare(registry.AgreeWithChange, strings.Repeat("长", 30_000), "")),
	} {
		if !registry.Refused(err, registry.Invalid) {
			t.Errorf("%s: got %v, want a refusal", what, err)
		}
	}
	pos, err := declare(registry.AgreeWithChange, want+"\r\n", "首次投递才算")
	if err != nil {
		t.Fatal(err)
	}
	if pos.Change != want || pos.Member != "js" {
		t.Errorf("kept %+v", pos)
	}
	_, err = reg.ApplyChange(reader, "p", row.ID, row.Version, pos.Event)
	refused(t, err, registry.Forbidden)
	_, err = reg.ApplyChange(secretary, "p", row.ID, row.Version-1, pos.Event)
	refused(t, err, registry.Conflict)
	_, err = reg.ApplyChange(secretary, "p", row.ID, row.Version, pos.Event+7)
	refused(t, err, registry.NotFound)
	now, err := reg.ApplyChange(secretary, "p", row.ID, row.Version, pos.Event)
	if err != nil {
		t.Fatal(err)
	}
	if now.Unified.Text != want || now.Unified.By != "secretary" {
		t.Errorf("the clause is %q by %s", now.Unified.Text, now.Unified.By)
	}
	if s := now.Unified.Sources[0]; s.How != registry.Verbatim && s.By != "js" {
		t.Errorf("the sentence is by %q, want by who wanted it", s.By)
	}
	last, err := reg.LastEvent()
	if err != nil || last.Verb != registry.Unify || !strings.Contains(string(last.Data), "首次投递才算") {
		t.Errorf("the event is %s %s, %v; want the reason in it", last.Verb, last.Data, err)
	}
	_, err = reg.ApplyChange(secretary, "p", row.ID, now.Version, pos.Event)
	refused(t, err, registry.Conflict) // it was wanted of the former text
	for _, r := range workbench(t, reg).Rows {
		if r.ID == row.ID && (r.State != registry.Waiting || len(r.Owing) != 2 || len(r.Positions) != 1) {
			t.Errorf("the row is %s, owing %v, %d positions", r.State, r.Owing, len(r.Positions))
		}
	}
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
}

func second(_ registry.Position, err error) error { return err }
