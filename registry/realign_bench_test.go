package registry_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// BenchmarkRealign is the preview of a re-run: of the demonstration's four
// standards, and of four real regulations where they are at hand.
func BenchmarkRealign(b *testing.B) {
	for _, family := range []struct {
		name, dir string
		files     []string
	}{
		{"demonstration", "../standards", []string{"db31-t-sf001.md", "db32-t-sf001.md", "db33-t-sf001.md", "db34-t-sf001.md"}},
		{"邮政快递", "../../shared/data/families/邮政快递", []string{"sh.md", "js.md", "zj.md", "ah.md"}},
	} {
		b.Run(family.name, func(b *testing.B) {
			if _, err := os.Stat(family.dir); err != nil {
				b.Skipf("NOT MEASURED: the folder %s is missing", family.dir)
			}
			store, err := bolt.Open(filepath.Join(b.TempDir(), "registry.db"))
			if err != nil {
				b.Fatal(err)
			}
			reg, err := registry.Open(store, time.Now)
			if err != nil {
				b.Fatal(err)
			}
			defer reg.Close()
			p := registry.Project{ID: "p", Title: "统一规范"}
			for i, region := range []string{"31", "32", "33", "34"} {
				source, err := os.ReadFile(filepath.Join(family.dir, family.files[i]))
				if err != nil {
					b.Fatal(err)
				}
				done, err := reg.Import(registry.System, []registry.Incoming{{Path: family.files[i], Source: source, Region: region}})
				if err != nil || done[0].Err != nil {
					b.Fatal(err, done[0].Err)
				}
				p.Participants = append(p.Participants, registry.Participant{Region: region, Text: registry.Ref{Standard: done[0].Standard}})
			}
			if _, err := reg.CreateProject(registry.System, p); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				plan, err := reg.Realignment("p")
				if err != nil {
					b.Fatal(err)
				}
				if len(plan.Moves)+plan.Refreshed > 0 {
					b.Fatalf("a re-run of what was just aligned moves %d and refreshes %d", len(plan.Moves), plan.Refreshed)
				}
			}
		})
	}
}
