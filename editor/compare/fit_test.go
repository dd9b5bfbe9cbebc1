package compare

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"tongbiao/editor/compare/model"
)

var fit = flag.Bool("fit", false, "learn weights.tsv anew from the labelled families")

// example is the evidence of one pair of clauses and whether a reader held
// them to be the same provision.
type example struct {
	evidence [evidences]float64
	same     bool
}

// examples of a family; pairs that are only related teach nothing.
func (fam goldFamily) examples(t testing.TB) []example {
	f, _, pairs, err := weighPairs(prepareAll(fam.docs), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out []example
	for _, p := range pairs {
		grade, known := fam.gradeOf(f, p)
		if f.isEntry(p.a) || f.isEntry(p.b) {
			continue
		}
		if !known && p.evidence[eParagraph] == 0 || grade == 1 {
			continue
		}
		out = append(out, example{p.evidence, grade == 2})
	}
	return out
}

func (fam goldFamily) gradeOf(f *family, p pair) (int, bool) {
	g, known := fam.gold[f.goldLink(p)]
	return g, known
}

const ridge = 0.5 // keeps weights of rare evidence small

// learn is logistic regression by Newton's method.
func learn(examples []example) (w [evidences + 1]float64) {
	const n = evidences + 1
	for range 40 {
		var gradient [n]float64
		var hessian [n][n]float64
		for _, ex := range examples {
			var x [n]float64
			copy(x[:], ex.evidence[:])
			x[evidences] = 1
			z := 0.0
			for i := range x {
				z += w[i] * x[i]
			}
			p, y := sigmoid(z), 0.0
			if ex.same {
				y = 1
			}
			for i := range x {
				if x[i] == 0 {
					continue
				}
				gradient[i] += (y - p) * x[i]
				for j := range x {
					hessian[i][j] += p * (1 - p) * x[i] * x[j]
				}
			}
		}
		for i := range n {
			gradient[i] -= ridge * w[i]
			hessian[i][i] += ridge + 1e-9
		}
		step := solve(hessian, gradient)
		largest := 0.0
		for i := range w {
			w[i] += step[i]
			largest = math.Max(largest, math.Abs(step[i]))
		}
		if largest < 1e-8 {
			break
		}
	}
	return w
}

// solve is Gaussian elimination with pivots.
func solve(a [evidences + 1][evidences + 1]float64, b [evidences + 1]float64) [evidences + 1]float64 {
	const n = evidences + 1
	for c := range n {
		pivot := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[pivot][c]) {
				pivot = r
			}
		}
		a[c], a[pivot] = a[pivot], a[c]
		b[c], b[pivot] = b[pivot], b[c]
		for r := c + 1; r < n; r++ {
			m := a[r][c] / a[c][c]
			for k := c; k < n; k++ {
				a[r][k] -= m * a[c][k]
			}
			b[r] -= m * b[c]
		}
	}
	for r := n - 1; r >= 0; r-- {
		for k := r + 1; k < n; k++ {
			b[r] -= a[r][k] * b[k]
		}
		b[r] /= a[r][r]
	}
	return b
}

// kin are families that share a text: none of them may teach when another is
// judged.
func kin(a, b string) bool {
	consumers := map[string]bool{"xf4": true, "xiaofei": true}
	return a == b || consumers[a] && consumers[b]
}

// teaches reports whether a family is used for learning: the synthetic one is
// too easy.
func teaches(name string) bool { return !strings.HasPrefix(name, "synth") }

// withWeights runs fn with other weights.
func withWeights(w [evidences + 1]float64, fn func()) {
	before := weights
	weights = w
	defer func() { weights = before }()
	fn()
}

// TestFit learns the weights from all families and writes them down; without
// -fit it only checks that the table can be read.
func TestFit(t *testing.T) {
	if !*fit {
		if _, err := parseWeights(weightsTable); err != nil {
			t.Fatal(err)
		}
		if hash := model.Default().Hash(); !strings.Contains(weightsTable, "model "+hash+"\n") {
			t.Errorf("weights.tsv was learned with another language model than %s: make model CORPUS=... learns both", hash)
		}
		return
	}
	var all []example
	for _, fam := range goldFamilies(t) {
		if teaches(fam.name) {
			all = append(all, fam.examples(t)...)
		}
	}
	w := learn(all)
	var b strings.Builder
	b.WriteString("# Weights of the evidence that two clauses make the same provision (logistic regression).\n# Made by: go test ./editor/compare -run TestFit -fit\n")
	fmt.Fprintf(&b, "# With the language model %s\n", model.Default().Hash())
	fmt.Fprintf(&b, "bias\t%.3f\n", w[evidences])
	for i, name := range evidenceNames {
		fmt.Fprintf(&b, "%s\t%.3f\n", name, w[i])
	}
	if err := os.WriteFile("weights.tsv", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("learned from %d pairs:\n%s", len(all), b.String())
}
