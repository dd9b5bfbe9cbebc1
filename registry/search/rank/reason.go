package rank

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
)

// Reason is a feature of a clause and how much it counts.
type Reason struct {
	Feature       string
	Value, Weight float64
}

// Points is what the reason adds to the score.
func (r Reason) Points() float64 { return r.Value * r.Weight }

// Chinese and English say for people what the feature is.
func (r Reason) Chinese() string { return said()[r.Feature].chinese }
func (r Reason) English() string { return said()[r.Feature].english }

type saying struct{ chinese, english string }

// said reads data/features.tsv: feature, Chinese, English.
var said = sync.OnceValue(func() map[string]saying {
	out := map[string]saying{}
	raw, _ := data.ReadFile("data/features.tsv") // embedded
	for l := range strings.Lines(string(raw)) {
		if f := strings.Split(strings.TrimRight(l, "\n"), "\t"); len(f) == 3 && f[0][0] != '#' {
			out[f[0]] = saying{f[1], f[2]}
		}
	}
	return out
})

// Why gives the reasons of a score, the weightiest first; those that add nothing
// are left out.
func (q *Question) Why(features []float64) []Reason {
	out := make([]Reason, 0, len(features))
	for i, v := range features {
		out = append(out, Reason{Features[i], v, q.weights[i]})
	}
	return Weightiest(out)
}

// Weightiest orders reasons by what they add or take away and leaves out those
// that do neither.
func Weightiest(reasons []Reason) []Reason {
	reasons = slices.DeleteFunc(reasons, func(r Reason) bool { return r.Points() == 0 })
	slices.SortStableFunc(reasons, func(a, b Reason) int { return cmp.Compare(math.Abs(b.Points()), math.Abs(a.Points())) })
	return reasons
}
