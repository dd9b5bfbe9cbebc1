package registry_test

import (
	"strings"
	"testing"

	"tongbiao/registry"
)

// In a passage that changed, the sentences that still stand are not said to have
// changed; and a change is noticed though an earlier revision, that left the
// sentence alone, was pinned in between.
func TestSourcesChangeBySentence(t *testing.T) {
	reg, v := two(t)
	row := rowWith(t, v, "31", "小时内投递")
	settle(t, reg, row, "快件到达末端网点后，经营快递业务的企业应当在24小时内投递。")
	repin := func(was, is string) []registry.SentenceSource {
		t.Helper()
		text := shText
		if !strings.Contains(text, was) {
			t.Fatalf("no %q to change", was)
		}
		text = strings.Replace(text, was, is, 1)
		if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "sh.md", Source: []byte(text)}}); err != nil {
			t.Fatal(err)
		}
		plan, err := reg.Repin("p", "31")
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Rows) != 1 || plan.Rows[0].Row.ID != row.ID {
			t.Fatalf("%q touches %+v, want the row of the time limit", is, plan.Rows)
		}
		if _, err := reg.RepinText(shanghai, "p", "31", plan.To.Revision.Number, plan.Fingerprint); err != nil {
			t.Fatal(err)
		}
		return plan.Rows[0].Sentences
	}
	if got := repin("应当在24小时内投递。", "应当在24小时内投递。无人签收的，应当在次日再次投递。"); len(got) != 0 {
		t.Errorf("a sentence beside it makes %+v rest on a change", got)
	}
	if got := repin("应当在24小时内投递。", "应当在12小时内投递。无人签收的，应当在次日再次投递。"); len(got) != 1 || got[0].From.Revision != 1 || got[0].Since != 3 {
		t.Errorf("the third revision changes the sentence, and it says %+v", got)
	}
	conserved(t, reg)
	sound(t, reg)
}
