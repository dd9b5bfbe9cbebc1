package compare

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed weights.tsv
var weightsTable string

// weights of the evidence, the bias last.
var weights = func() [evidences + 1]float64 {
	w, err := parseWeights(weightsTable)
	if err != nil {
		panic(err) // the table is part of the program
	}
	return w
}()

func parseWeights(table string) (w [evidences + 1]float64, err error) {
	known := map[string]int{"bias": evidences}
	for i, name := range evidenceNames {
		known[name] = i
	}
	for line := range strings.Lines(table) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, _ := strings.Cut(line, "\t")
		i, ok := known[name]
		if !ok {
			return w, fmt.Errorf("weights.tsv: unknown evidence %q", name)
		}
		if w[i], err = strconv.ParseFloat(value, 64); err != nil {
			return w, fmt.Errorf("weights.tsv: %s: %w", name, err)
		}
	}
	return w, nil
}

// odds are the log-odds that two clauses make the same provision.
func odds(e [evidences]float64) float64 {
	sum := weights[evidences]
	for i, v := range e {
		sum += weights[i] * v
	}
	return sum
}
