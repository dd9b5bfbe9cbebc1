package registry

import (
	"os"
	"strings"
	"testing"
)

// TestAlikeThreshold measures from which likeness on two comments on one clause
// are proposed as duplicates, on pairs that say what a person would decide. A
// wrong proposal costs the secretariat a look and a wrong click an answer; one
// that is missed costs a second answer: precision goes first.
func TestAlikeThreshold(t *testing.T) {
	raw, err := os.ReadFile("testdata/comment-pairs.txt")
	if err != nil {
		t.Fatal(err)
	}
	type pair struct {
		label, a, b string
		near        float64
	}
	var pairs []pair
	count := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "|")
		if len(f) != 3 {
			t.Fatalf("%q is no pair", line)
		}
		a, b := wish(f[1], ""), wish(f[2], "")
		near := 1.0
		if a != b {
			near = sameness(a, b, pairsOf(a), pairsOf(b))
		}
		pairs = append(pairs, pair{f[0], f[1], f[2], near})
		count[f[0]]++
	}
	if count["same"] < 40 || count["near"] < 40 || count["other"] < 40 {
		t.Fatalf("pairs: %v", count)
	}
	measure := func(least float64) (precision, recall float64) {
		var right, proposed float64
		for _, p := range pairs {
			if p.near >= least {
				proposed++
				if p.label != "other" {
					right++
				}
			}
		}
		return right / max(1, proposed), right / float64(count["same"]+count["near"])
	}
	for _, least := range []float64{0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9} {
		precision, recall := measure(least)
		t.Logf("from %.2f on: precision %.3f, recall %.3f", least, precision, recall)
	}
	for _, p := range pairs {
		if (p.near >= alikeComments) != (p.label != "other") {
			t.Logf("%s, %.2f: %s | %s", p.label, p.near, p.a, p.b)
		}
	}
	if precision, recall := measure(alikeComments); precision < 0.95 || recall < 0.9 {
		t.Errorf("from %.2f on precision is %.3f and recall %.3f; want 0.95 and 0.90", alikeComments, precision, recall)
	}
}
