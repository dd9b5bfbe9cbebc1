package compare

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hubFamily is the bundled standards with the national text as a fifth, by the
// labels of the one and of the other.
func hubFamily(t testing.TB) goldFamily {
	t.Helper()
	fam := bundledFamily(t)
	five := goldFamily{name: "standards", docs: append(fam.docs, readDocument(t, filepath.Join(bundled, "gb-sf001.md"))), gold: map[goldLink]int{}}
	for range five.docs {
		five.all = append(five.all, map[string]bool{})
	}
	of := map[string][]string{}
	file, err := os.Open(filepath.Join(bundled, "alignment-gb.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		clause, gid, ok := strings.Cut(lines.Text(), "\t")
		if !ok || strings.HasPrefix(clause, "#") || clause == "clause" {
			continue
		}
		if strings.HasSuffix(gid, "*") {
			clause, gid = clause+"*", strings.TrimSuffix(gid, "*")
		}
		of[gid] = append(of[gid], clause)
	}
	labels, err := os.ReadFile(filepath.Join(bundled, "alignment.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(labels)) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if !strings.HasPrefix(cells[0], "T") {
			continue
		}
		for len(cells) < 6 {
			cells = append(cells, "")
		}
		five.addRow(append(cells[2:6:6], strings.Join(of[cells[0]], ";")), 5)
		delete(of, cells[0])
	}
	if len(of) > 0 {
		t.Fatalf("alignment.tsv has no subjects %v", of)
	}
	return five
}

// TestHub measures what a national text beside the regional ones does: whether
// its own clauses are found, and whether it helps or harms the others.
func TestHub(t *testing.T) {
	five := hubFamily(t)
	a, err := Align(five.docs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkConserved(t, five.docs, a)
	found := linksOf(five.docs, a.Rows)
	with := func(hub bool) score {
		one := goldFamily{gold: map[goldLink]int{}, all: five.all}
		links := map[goldLink]bool{}
		for l, g := range five.gold {
			if (l.j == 4) == hub {
				one.gold[l] = g
			}
		}
		for l := range found {
			if (l.j == 4) == hub {
				links[l] = true
			}
		}
		return one.score(links)
	}
	four := bundledFamily(t)
	alone, err := Align(four.docs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := four.score(linksOf(four.docs, alone.Rows))
	hub, rest := with(true), with(false)
	t.Logf("the national text's links: P %.3f R %.3f F1 %.3f (tp %d fp %d fn %d)", hub.precision(), hub.recall(), hub.f1(), hub.tp, hub.fp, hub.fn)
	t.Logf("the four regions' links: F1 %.3f with it, %.3f without", rest.f1(), before.f1())
	if hub.f1() < 0.8 || rest.f1() < before.f1()-0.03 {
		t.Error("the national text is not found, or harms")
	}
}
