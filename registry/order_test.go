package registry_test

import (
	"slices"
	"testing"

	"tongbiao/registry"
)

func TestChaptersMoveWhole(t *testing.T) {
	reg, v := two(t)
	names := []string{"甲", "乙", "丙"}
	for i, row := range v.Rows {
		if _, err := reg.PlaceRow(secretary, "p", row.ID, row.Version, names[i%3], "", row.Order); err != nil {
			t.Fatal(err)
		}
	}
	v = workbench(t, reg)
	if got := registry.Chapters(v.Rows); !slices.Equal(got, names) {
		t.Fatalf("chapters %v, want %v", got, names)
	}
	if err := reg.PlaceChapter(secretary, "p", "丙", "甲", false, names); err != nil {
		t.Fatal(err)
	}
	want := []string{"丙", "甲", "乙"}
	after := workbench(t, reg)
	if got := registry.Chapters(after.Rows); !slices.Equal(got, want) || after.Rows[0].ID != v.Rows[2].ID {
		t.Errorf("chapters %v, want %v", got, want)
	}
	refused(t, reg.PlaceChapter(secretary, "p", "甲", "乙", true, names), registry.Conflict)
	refused(t, reg.PlaceChapter(secretary, "p", "丁", "乙", true, want), registry.Invalid)
	refused(t, reg.PlaceChapter(reader, "p", "丙", "乙", true, want), registry.Forbidden)
	if err := reg.PlaceChapter(secretary, "p", "丙", "乙", true, want); err != nil {
		t.Fatal(err)
	}
	if got := registry.Chapters(workbench(t, reg).Rows); got[len(got)-1] != "丙" {
		t.Errorf("chapters %v, want 丙 last", got)
	}
	conserved(t, reg)
}
