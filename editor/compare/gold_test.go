package compare

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tongbiao/editor"
)

// The labelled alignments are third-party texts that do not belong into the
// repository; the bundled standards and their labels do.
const (
	sharedAlignments = "../../../shared/data/alignment"
	bundled          = "../../standards"
)

// goldFamily is texts with the links that a reader found between their clauses.
type goldFamily struct {
	name string
	docs []*editor.Document
	gold map[goldLink]int  // grade: 2 same provision, 1 related
	all  []map[string]bool // the clauses that the labels name, by text
	rows [][][]string      // cells of the labels without their grades
}

// goldLink joins clause a of text i and clause b of text j, i < j.
type goldLink struct {
	i int
	a string
	j int
	b string
}

// goldFamilies reads all labelled families. It skips the test, saying so, when
// the shared data are missing.
func goldFamilies(t testing.TB) []goldFamily {
	t.Helper()
	dirs, err := filepath.Glob(sharedAlignments + "/*/gold.tsv")
	if err != nil || len(dirs) == 0 {
		t.Skip("SKIPPED: ../shared/data/alignment is missing: the alignment was not measured on real regulations")
	}
	var out []goldFamily
	for _, path := range dirs {
		out = append(out, readGold(t, filepath.Base(filepath.Dir(path)), path, func(col string) string {
			return filepath.Join(filepath.Dir(path), col+".md")
		}))
	}
	return append(out, bundledFamily(t))
}

func bundledFamily(t testing.TB) goldFamily {
	t.Helper()
	return readGold(t, "standards", bundled+"/alignment.tsv", func(col string) string {
		return filepath.Join(bundled, map[string]string{"sh": "db31", "js": "db32", "zj": "db33", "ah": "db34"}[col]+"-t-sf001.md")
	})
}

func readDocument(t testing.TB, path string) *editor.Document {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc, _, err := editor.Parse(src)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return doc
}

func readGold(t testing.TB, name, path string, text func(col string) string) goldFamily {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	fam := goldFamily{name: name, gold: map[goldLink]int{}}
	var cols []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if cols == nil {
			cols = cells[2:]
			fam.all = make([]map[string]bool, len(cols))
			for i, c := range cols {
				fam.all[i] = map[string]bool{}
				fam.docs = append(fam.docs, readDocument(t, text(c)))
			}
			continue
		}
		fam.addRow(cells[2:], len(cols))
	}
	return fam
}

func (fam *goldFamily) addRow(cells []string, n int) {
	for len(cells) < n {
		cells = append(cells, "")
	}
	type graded struct {
		clause string
		grade  int
	}
	row := make([][]graded, n)
	var plainRow [][]string
	for i, cell := range cells[:n] {
		var names []string
		for _, c := range strings.Split(strings.ReplaceAll(cell, "；", ";"), ";") {
			if c = strings.TrimSpace(c); c == "" {
				continue
			}
			g := graded{strings.TrimSuffix(c, "*"), 2}
			if strings.HasSuffix(c, "*") {
				g.grade = 1
			}
			row[i] = append(row[i], g)
			fam.all[i][g.clause] = true
			names = append(names, g.clause)
		}
		plainRow = append(plainRow, names)
	}
	fam.rows = append(fam.rows, plainRow)
	for i := range row {
		for j := i + 1; j < n; j++ {
			for _, a := range row[i] {
				for _, b := range row[j] {
					l := goldLink{i, a.clause, j, b.clause}
					fam.gold[l] = max(fam.gold[l], min(a.grade, b.grade))
				}
			}
		}
	}
}

// label is how the labels name a clause.
func label(c *editor.Clause) string {
	if c.Number == "" {
		switch c.Kind {
		case editor.Foreword:
			return "前言"
		case editor.Introduction:
			return "引言"
		case editor.Bibliography:
			return "参考文献"
		}
		return c.ID
	}
	return articleNumber(c.Number)
}

// linksOf are the links that rows make.
func linksOf(docs []*editor.Document, rows []Row) map[goldLink]bool {
	names := make([]map[string]string, len(docs))
	for i, d := range docs {
		names[i] = map[string]string{}
		for c := range d.All() {
			names[i][c.ID] = label(c)
		}
	}
	out := map[goldLink]bool{}
	for _, row := range rows {
		for i := range row.Cells {
			for j := i + 1; j < len(row.Cells); j++ {
				for _, a := range row.Cells[i] {
					for _, b := range row.Cells[j] {
						out[goldLink{i, names[i][a.Clause], j, names[j][b.Clause]}] = true
					}
				}
			}
		}
	}
	return out
}

// score is what tools/score_alignment.py prints.
type score struct {
	tp, fp, fn    int
	mtp, mfp, mfn int
	lost          int
}

func (s score) precision() float64 { return ratio(s.tp, s.tp+s.fp) }
func (s score) recall() float64    { return ratio(s.tp, s.tp+s.fn) }
func (s score) f1() float64        { return ratio(2*s.tp, 2*s.tp+s.fp+s.fn) }
func (s score) missing() float64   { return ratio(2*s.mtp, 2*s.mtp+s.mfp+s.mfn) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (fam goldFamily) score(found map[goldLink]bool) score {
	var s score
	for l, g := range fam.gold {
		switch {
		case g == 2 && found[l]:
			s.tp++
		case g == 2:
			s.fn++
		}
	}
	for l := range found {
		if _, labelled := fam.gold[l]; !labelled {
			s.fp++
		}
	}
	for i := range fam.all {
		for j := range fam.all {
			if i == j {
				continue
			}
			for a := range fam.all[i] {
				grade, hit := 0, false
				for b := range fam.all[j] {
					l := goldLink{i, a, j, b}
					if i > j {
						l = goldLink{j, b, i, a}
					}
					grade = max(grade, fam.gold[l])
					hit = hit || found[l]
				}
				switch {
				case grade == 1:
				case grade == 0 && !hit:
					s.mtp++
				case grade == 2 && !hit:
					s.mfp++
				case grade == 0:
					s.mfn++
				}
			}
		}
	}
	return s
}

func (s *score) add(t score) {
	s.tp += t.tp
	s.fp += t.fp
	s.fn += t.fn
	s.mtp += t.mtp
	s.mfp += t.mfp
	s.mfn += t.mfn
	s.lost += t.lost
}

// articleNumber is the number of a clause without its words: 第十二条 is "12",
// 5.2.1 stays.
func articleNumber(displayed string) string {
	for _, r := range editor.References(displayed) {
		if r.Reference.Article != "" {
			return r.Reference.Article
		}
	}
	if n, err := strconv.Atoi(displayed); err == nil {
		return strconv.Itoa(n)
	}
	return displayed
}
