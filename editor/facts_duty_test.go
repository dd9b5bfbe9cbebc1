package editor

import (
	_ "embed"
	"fmt"
	"os"
	"strings"
	"testing"
)

// dutyLabels hold the modal words of sentences that were drawn by a fixed rule
// (the smallest SHA-256 of sample, text and place) and read before the extractor
// saw them, with the subject where one stands there: sample, text, byte of the
// sentence, its length, and for each modal word its byte, modality and the bytes
// of its subject. The sentences are third-party and not part of the repository.
//
//go:embed testdata/facts/duties.tsv
var dutyLabels string

// firstDuties is what was scored on a sample before anything was learned from it
// (see firstContact).
var firstDuties = map[string]string{
	"1": "modality 0.966 1.000; subject 0.800 0.235",
	"2": "modality 1.000 1.000; subject 0.889 0.348",
	"3": "modality 0.944 1.000; subject 1.000 0.500",
	"4": "modality 0.944 1.000; subject 1.000 0.615",
}

// TestDutiesOfUnseenSentences measures modal words and the subjects they bind.
func TestDutiesOfUnseenSentences(t *testing.T) {
	type sums struct{ modality, subject score }
	samples := map[string]*sums{}
	var order []string
	var all sums
	files := map[string]string{}
	for line := range strings.Lines(dutyLabels) {
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(c[0], "#") {
			continue
		}
		if len(c) != 5 {
			t.Fatalf("label with %d columns: %q", len(c), c)
		}
		if files[c[1]] == "" {
			src, err := os.ReadFile("../../shared/data/regulations/" + c[1])
			if err != nil {
				t.Skipf("SKIPPED: ../shared/data/regulations is missing (%v): modal words and subjects were not measured on real sentences", err)
			}
			files[c[1]] = string(src)
		}
		var at, long int
		if _, err := fmt.Sscan(c[2]+" "+c[3], &at, &long); err != nil || at+long > len(files[c[1]]) {
			t.Fatalf("label %q: no such place in the text (%v)", c, err)
		}
		if samples[c[0]] == nil {
			samples[c[0]] = &sums{}
			order = append(order, c[0])
		}
		m, s := measureDuties(t, files[c[1]][at:at+long], strings.Fields(c[4]))
		samples[c[0]].modality.add(m)
		samples[c[0]].subject.add(s)
		all.modality.add(m)
		all.subject.add(s)
	}
	said := func(s sums) string {
		return fmt.Sprintf("modality %.3f %.3f; subject %.3f %.3f", s.modality.precision(), s.modality.recall(), s.subject.precision(), s.subject.recall())
	}
	var table strings.Builder
	for _, o := range order {
		s := samples[o]
		fmt.Fprintf(&table, "sample %s, 60 sentences, %d modal words, %d subjects: first contact P R (as recorded) %s; today %s\n", o, s.modality.labelled, s.subject.labelled, firstDuties[o], said(*s))
	}
	t.Logf("\n%sall: %d modal words, %d subjects: %s", table.String(), all.modality.labelled, all.subject.labelled, said(all))
	if all.modality.precision() < 0.97 || all.modality.recall() < 0.97 || all.subject.precision() < 0.95 || all.subject.recall() < 0.6 {
		t.Errorf("want modality 0.97 0.97, subject 0.95 0.6")
	}
}

func measureDuties(t *testing.T, sentence string, labels []string) (modality, subject score) {
	found := Modalities(sentence)
	modality.labelled, modality.reported = len(labels), len(found)
	claimed := map[int]bool{}
	for _, l := range labels {
		var at, from, to int
		var m string
		fields := strings.Split(l, ":")
		fmt.Sscan(fields[0], &at)
		m = fields[1]
		if len(fields) == 3 {
			fmt.Sscanf(fields[2], "%d-%d", &from, &to)
			subject.labelled++
		}
		hit := false
		for i, f := range found {
			if f.Start != at || string(f.Modality) != m {
				continue
			}
			hit, claimed[i] = true, true
			modality.right++
			if f.Actor == nil {
				continue
			}
			subject.reported++
			if f.Actor.End == to && f.Actor.Start < to {
				subject.right++
			} else {
				t.Logf("%s: subject is read as %s", sentence, sentence[f.Actor.Start:f.Actor.End])
			}
		}
		if !hit {
			t.Logf("%s: missed %s", sentence, l)
		}
	}
	for i, f := range found {
		if !claimed[i] {
			t.Logf("%s: %s is read as %s", sentence, sentence[f.Start:f.End], f.Modality)
		}
	}
	return modality, subject
}
