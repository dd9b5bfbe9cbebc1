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

// A row is placed beside another one, not at the number that it had when
// somebody looked.
func TestPlaceBeside(t *testing.T) {
	reg, v := two(t)
	moved, other, last := v.Rows[0], v.Rows[1], v.Rows[len(v.Rows)-1]
	if _, err := reg.PlaceRow(jiangsu, "p", other.ID, other.Version, other.Chapter, "", len(v.Rows)); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.PlaceBeside(shanghai, "p", moved.ID, moved.Version, moved.Chapter, other.ID, true); err != nil {
		t.Fatal(err)
	}
	rows := workbench(t, reg).Rows
	if n := len(rows); rows[n-3].ID != last.ID || rows[n-2].ID != other.ID || rows[n-1].ID != moved.ID {
		t.Errorf("the last rows are %s, %s, %s", rows[n-3].ID, rows[n-2].ID, rows[n-1].ID)
	}
	_, err := reg.PlaceBeside(shanghai, "p", last.ID, last.Version, "", "nowhere", false)
	refused(t, err, registry.Invalid)
	conserved(t, reg)
	sound(t, reg)
}
