package registry_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"tongbiao/registry"
)

func TestSettingsChangeByEvents(t *testing.T) {
	reg, _ := dated(t)
	row := write(t, reg, 1, "快件到达末端网点后，应在24 h内投递。")
	say(t, reg, shanghai, row, registry.Agree)
	say(t, reg, jiangsu, row, registry.Abstain)
	effects, err := reg.RuleEffects("p")
	if err != nil || len(effects) != len(registry.Rules) {
		t.Fatal(effects, err)
	}
	for _, e := range effects {
		want := e.Rule == registry.ByConsensus // the only one that does not count who abstains
		if got := len(e.Settles) == 1; got != want || e.Settled != len(e.Settles) || len(e.Opens) != 0 {
			t.Errorf("%s would settle %d, open %d, of all %d", e.Rule, len(e.Settles), len(e.Opens), e.Settled)
		}
	}
	p, err := reg.Project("p")
	if err != nil {
		t.Fatal(err)
	}
	before, err := reg.LastEvent()
	if err != nil {
		t.Fatal(err)
	}
	p.Rule, p.Mode, p.Territory = registry.ByConsensus, registry.Separately, []string{"上海市青浦区"}
	p.Issues = map[string]registry.Issue{"32": {Number: "DB32/T 310003-2026"}}
	_, err = reg.ChangeProject(shanghai, p)
	refused(t, err, registry.Forbidden)
	now, err := reg.ChangeProject(secretary, p)
	if err != nil || now.Version != p.Version+1 {
		t.Fatal(now, err)
	}
	log, err := reg.Events(before.Seq, 10)
	if err != nil {
		t.Fatal(err)
	}
	var said []registry.Setting
	for _, e := range log {
		if e.Verb != registry.ChangeProject || e.Actor != "secretary" {
			t.Errorf("event %d is %s of %s", e.Seq, e.Verb, e.Actor)
		}
		var s registry.Setting
		if err := json.Unmarshal(e.Data, &s); err != nil {
			t.Fatal(err)
		}
		said = append(said, s)
	}
	want := []registry.Setting{
		{Field: "mode", Old: "joint", New: "separate"},
		{Field: "rule", Old: "all", New: "consensus", Settles: []string{row.ID}},
		{Field: "territory", New: []any{"上海市青浦区"}},
		{Field: "number", Region: "32", Old: "", New: "DB32/T 310003—2026"},
	}
	if !reflect.DeepEqual(said, want) {
		t.Errorf("the log says %+v\nwant %+v", said, want)
	}
	if got := progress(t, reg).Counts.Of(registry.Settled); got != 1 {
		t.Errorf("%d rows are settled under the new rule, want 1", got)
	}
	agrees(t, reg, "after a new rule")

	_, err = reg.ChangeProject(secretary, p)
	refused(t, err, registry.Conflict) // the settings that it saw are not there any more
	if again, err := reg.ChangeProject(secretary, now); err != nil || again.Version != now.Version {
		t.Errorf("a change of nothing: version %d, %v", again.Version, err)
	}
	last, err := reg.LastEvent()
	if err != nil || last.Seq != log[len(log)-1].Seq {
		t.Errorf("a change of nothing left event %d", last.Seq)
	}
	now.Rule = "loudest"
	_, err = reg.ChangeProject(secretary, now)
	refused(t, err, registry.Invalid)
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
}
