package registry_test

import (
	"os"
	"testing"

	"tongbiao/registry"
)

// The bundled standards have lists, tables and a newer edition: whatever people
// and the machine do with them, nothing is lost.
func TestBundledStandardsConserve(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: aligns whole standards many times")
	}
	reg := open(t)
	var texts []registry.Incoming
	for _, name := range []string{"db31-t-sf001-2021.md", "db31-t-sf001.md", "db32-t-sf001.md", "db33-t-sf001.md", "db34-t-sf001.md"} {
		source, err := os.ReadFile("../standards/" + name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, registry.Incoming{Path: name, Source: source})
	}
	if _, err := reg.Import(registry.System, texts); err != nil {
		t.Fatal(err)
	}
	_, err := reg.CreateProject(secretary, registry.Project{ID: "p", Title: "快递末端服务规范", Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "db31-t-sf001", Revision: 1}}, {Region: "32", Text: registry.Ref{Standard: "db32-t-sf001"}},
		{Region: "33", Text: registry.Ref{Standard: "db33-t-sf001"}}, {Region: "34", Text: registry.Ref{Standard: "db34-t-sf001"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	conserved(t, reg)
	if plan := realignment(t, reg); len(plan.Moves) > 0 {
		t.Errorf("a re-run of what was just aligned would move %v", plan.Moves)
	}
	state := uint32(5)
	next := func(n int) int {
		state = state*1664525 + 1013904223
		return int(state>>8) % n
	}
	for step := range 40 {
		if step == 20 {
			plan, err := reg.Repin("p", "31")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := reg.RepinText(secretary, "p", "31", 2, plan.Fingerprint); err != nil {
				t.Fatal(err)
			}
			conserved(t, reg)
		}
		v := workbench(t, reg)
		row, into := v.Rows[next(len(v.Rows))], v.Rows[next(len(v.Rows))]
		if err := stumble(t, reg, v, row, into, next); err != nil && !registry.Refused(err, registry.Invalid) && !registry.Refused(err, registry.Conflict) {
			t.Fatalf("step %d: %v", step, err)
		}
		conserved(t, reg)
	}
	sound(t, reg)
}
