package compare

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestStandsOfBundledStandards measures 更严, 更宽 and 交叉 on the bundled
// standards against what a reader made of every pair of cells with a figure or a
// modal word that differs (testdata/stands.tsv).
func TestStandsOfBundledStandards(t *testing.T) {
	raw, err := os.ReadFile("testdata/stands.tsv")
	if err != nil {
		t.Fatal(err)
	}
	regions := []string{"sh", "js", "zj", "ah"}
	type pair struct{ own, ownClause, other, otherClause string }
	labelled := map[pair]Stand{}
	for line := range strings.Lines(string(raw)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) == 5 && f[0] != "own" {
			labelled[pair{f[0], f[1], f[2], f[3]}] = Stand(f[4])
		}
	}
	fam := bundledFamily(t)
	a, err := Align(fam.docs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	claimed, right, found := 0, 0, 0
	for _, row := range a.Rows {
		cells := make([]Cell, len(fam.docs))
		for i, cell := range row.Cells {
			for _, at := range cell {
				cells[i].Passages = append(cells[i].Passages, fam.docs[i].Clause(at.Clause).Passage(at))
			}
		}
		for i := range regions {
			for j := range i {
				if len(row.Cells[i]) == 0 || len(row.Cells[j]) == 0 {
					continue
				}
				got := reader.Reckon(cells[i], cells[j], row.Score >= Sure)
				want, known := Stand(""), false
				for _, x := range row.Cells[i] {
					for _, y := range row.Cells[j] {
						if s, ok := labelled[pair{regions[i], x.Clause, regions[j], y.Clause}]; ok {
							want, known = s, true
						}
					}
				}
				directed := func(s Stand) bool {
					return slices.Contains([]Stand{StandsStricter, StandsLooser, StandsCrossing, StandsConflict}, s)
				}
				if known && directed(want) {
					found++
				}
				if !directed(got.Stand) {
					if known && got.Stand != want {
						t.Logf("not claimed: %s %s, %s against %s is %s", row.Topic, want, regions[i], regions[j], got.Stand)
					}
					continue
				}
				claimed++
				if known && got.Stand == want {
					right++
				} else {
					t.Logf("wrong: %s, %s against %s is %s and was read as %q: %v", row.Topic, regions[i], regions[j], got.Stand, want, got.Reasons)
				}
			}
		}
	}
	t.Logf("更严, 更宽, 交叉, 冲突: %d claimed, %d right (%.2f); %d of %d that a reader sees (%.2f)", claimed, right, ratio(right, claimed), right, found, ratio(right, found))
	if ratio(right, claimed) < 0.9 || ratio(right, found) < 0.7 {
		t.Errorf("precision %.2f, recall %.2f", ratio(right, claimed), ratio(right, found))
	}
}
