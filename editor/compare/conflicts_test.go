package compare

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// conflict is a labelled difference: for each text the clause and its words.
type conflict struct {
	gid, subject, kind string
	clauses, words     []string
}

func readConflicts(t testing.TB, path string) []conflict {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var out []conflict
	header := false
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		if !header {
			header = true
			continue
		}
		cells := strings.Split(line, "\t")
		c := conflict{gid: cells[0], subject: cells[1], kind: cells[2]}
		for _, cell := range cells[3:] {
			clause, words, _ := strings.Cut(cell, "：")
			if clause == "-" {
				clause = ""
			}
			c.clauses = append(c.clauses, articleNumber(clause))
			c.words = append(c.words, words)
		}
		out = append(out, c)
	}
	return out
}

var figure = regexp.MustCompile(`[零〇一二三四五六七八九十百千万亿两0-9.]+\s*(?:个)?(?:工作日|小时|日|天|月|年|元|倍|%|％|公里|米|公斤|千克|次|人|学时|min|h|m²|km|m|分|班)|百分之[零一二三四五六七八九十百]+`)

// tally is recall by kind, and how many differences were reported in all.
type tally struct{ total, found, reported map[string]int }

// scoreConflicts counts as tools/score_differences.py does: a row holds two of
// the clauses and reports a difference of the kind that names their figures.
func (fam goldFamily) scoreConflicts(t testing.TB, conflicts []conflict) tally {
	t.Helper()
	a, err := Align(fam.docs, Options{Labels: []string{"沪", "苏", "浙", "皖"}})
	if err != nil {
		t.Fatal(err)
	}
	names := make([]map[string]string, len(fam.docs))
	for i, d := range fam.docs {
		names[i] = map[string]string{}
		for c := range d.All() {
			names[i][c.ID] = label(c)
		}
	}
	s := tally{map[string]int{}, map[string]int{}, map[string]int{}}
	for _, row := range a.Rows {
		for _, d := range row.Differences {
			s.reported[string(d.Kind)]++
		}
	}
	for _, c := range conflicts {
		if c.kind == "same" {
			continue
		}
		s.total[c.kind]++
		if c.reported(a.Rows, names) {
			s.found[c.kind]++
		} else {
			t.Logf("  missed %s %s %s %q", c.gid, c.kind, c.subject, c.words)
		}
	}
	return s
}

func (c conflict) reported(rows []Row, names []map[string]string) bool {
	for _, row := range rows {
		var here []int
		for i, clause := range c.clauses {
			for _, p := range row.Cells[i] {
				if clause != "" && names[i][p.Clause] == clause {
					here = append(here, i)
					break
				}
			}
		}
		if len(here) < 2 && (c.kind != "missing" || len(here) == 0) {
			continue
		}
		for _, d := range row.Differences {
			if string(d.Kind) == c.kind && (c.kind != "quantity" || c.named(d, here)) {
				return true
			}
		}
	}
	return false
}

// named reports whether a difference names the figures of at least two texts.
func (c conflict) named(d Difference, here []int) bool {
	said, _ := json.Marshal(d)
	numeric, named := 0, 0
	for _, i := range here {
		figures := figure.FindAllString(c.words[i], -1)
		if len(figures) == 0 {
			continue
		}
		numeric++
		for _, f := range figures {
			if strings.Contains(string(said), f) {
				named++
				break
			}
		}
	}
	return numeric > 0 && named >= min(2, numeric)
}

// TestConflicts measures the typed differences on the labelled conflicts.
func TestConflicts(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: measuring takes seconds")
	}
	measure := func(name string, fam goldFamily, path string) tally {
		s := fam.scoreConflicts(t, readConflicts(t, path))
		for _, kind := range []string{"quantity", "modality", "missing", "scope", "wording"} {
			if s.total[kind] > 0 {
				t.Logf("%s %s: recall %d/%d = %.2f, reported in all %d", name, kind, s.found[kind], s.total[kind], ratio(s.found[kind], s.total[kind]), s.reported[kind])
			}
		}
		return s
	}
	s := measure("standards", bundledFamily(t), bundled+"/differences.tsv")
	if r := ratio(s.found["quantity"], s.total["quantity"]); r < 0.7 {
		t.Errorf("recall of quantities in the bundled standards is %.2f", r)
	}
	for _, fam := range goldFamilies(t) {
		if fam.name == "xf4" {
			s := measure("xf4", fam, sharedAlignments+"/xf4/conflicts.tsv")
			if r := ratio(s.found["quantity"], s.total["quantity"]); r < 0.55 {
				t.Errorf("recall of quantities in xf4 is %.2f", r)
			}
			if r := ratio(s.found["modality"], s.total["modality"]); r < 0.55 {
				t.Errorf("recall of modality in xf4 is %.2f", r)
			}
			for _, kind := range []string{"quantity", "modality"} {
				if s.reported[kind] > 3*s.found[kind] {
					t.Errorf("xf4: %d differences in %s for %d that are labelled", s.reported[kind], kind, s.found[kind])
				}
			}
		}
	}
}
