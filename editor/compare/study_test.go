package compare

import (
	"path/filepath"
	"strings"
	"testing"

	"tongbiao/editor"
)

// TestStudyPlacesAsAlign: a clause that is placed by itself, as it stands,
// belongs where the whole alignment puts it.
func TestStudyPlacesAsAlign(t *testing.T) {
	families := map[string][]*editor.Document{"bundled standards": bundledFamily(t).docs}
	if docs := postal(t); docs != nil {
		families["real regulations"] = docs
	} else {
		t.Log("SKIPPED in part: ../shared/data/families is missing")
	}
	for name, docs := range families {
		s, err := NewStudy(prepareAll(docs), Options{})
		if err != nil {
			t.Fatal(err)
		}
		a, err := Align(docs, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Rows) != len(s.Alignment.Rows) {
			t.Fatalf("%s: the study has %d rows, the alignment %d", name, len(s.Alignment.Rows), len(a.Rows))
		}
		row := map[Place]Row{}
		for _, r := range a.Rows {
			for i, cell := range r.Cells {
				for _, at := range cell {
					row[Place{i, at}] = r
				}
			}
		}
		same, all := 0, 0
		for i, d := range docs {
			for c := range d.All() {
				placed, err := s.Place(i, c)
				if err != nil {
					t.Fatal(err)
				}
				if len(placed) != len(c.Passages()) {
					t.Fatalf("%s: %d placements for %d passages", name, len(placed), len(c.Passages()))
				}
				for _, p := range placed {
					want := row[Place{i, p.Passage}]
					if all++; p.Row == want.ID || p.Row == "" && want.Relation == Single {
						same++
					}
				}
			}
		}
		t.Logf("%s: %d of %d passages are placed in the row where the alignment has them", name, same, all)
		if float64(same) < 0.85*float64(all) {
			t.Errorf("%s: only %d of %d", name, same, all)
		}
	}
}

func TestStudyFollowsAChange(t *testing.T) {
	docs := []*editor.Document{parse(t, listedRules), parse(t, plainRules)}
	s, err := NewStudy(prepareAll(docs), Options{})
	if err != nil {
		t.Fatal(err)
	}
	changed := *docs[0].Clauses[len(docs[0].Clauses)-1] // 第三条, on complaints
	if !strings.Contains(changed.Text, "投诉") {
		t.Fatal(changed.Text)
	}
	changed.Text = "对投诉人的投诉，快递企业应当在十五日内作出答复，并说明处理结果。"
	placed, err := s.Place(0, &changed)
	if err != nil {
		t.Fatal(err)
	}
	want := rowWith(t, docs, s.Alignment, 1, "第一条", 0)
	if len(placed) != 1 || placed[0].Row != want.ID || len(placed[0].Near) == 0 || len(placed[0].Near[0].Reasons) == 0 {
		t.Errorf("placed at %+v, want row %s", placed, want.ID)
	}
	changed.Text = "养犬人应当为犬只接种狂犬病疫苗。"
	if placed, _ = s.Place(0, &changed); placed[0].Row != "" {
		t.Errorf("what has no counterpart was placed at %+v", placed)
	}
	changed.Text = " "
	if placed, err = s.Place(0, &changed); err != nil || placed != nil {
		t.Errorf("a clause without text: %v, %v", placed, err)
	}
	if _, err = s.Place(7, &changed); err == nil {
		t.Error("a text that is not there was accepted")
	}
}

func postal(t testing.TB) []*editor.Document {
	var docs []*editor.Document
	for _, col := range []string{"sh", "js", "zj", "ah"} {
		paths, _ := filepath.Glob("../../../shared/data/families/邮政快递/" + col + ".md")
		if len(paths) == 0 {
			return nil
		}
		docs = append(docs, readDocument(t, paths[0]))
	}
	return docs
}

func BenchmarkPlace(b *testing.B) {
	docs := postal(b)
	if docs == nil {
		docs = bundledFamily(b).docs
	}
	s, err := NewStudy(prepareAll(docs), Options{})
	if err != nil {
		b.Fatal(err)
	}
	var clauses []*editor.Clause
	for c := range docs[0].All() {
		if c.Text != "" {
			clauses = append(clauses, c)
		}
	}
	before := processorTime(b)
	for i := 0; b.Loop(); i++ {
		if _, err := s.Place(0, clauses[i%len(clauses)]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}
