package search_test

import (
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"tongbiao/registry/search"
	"tongbiao/standards"
)

// What people ask about the bundled standards is answered among the first ten.
func TestQuestionsAboutStandards(t *testing.T) {
	var texts []string
	for _, name := range []string{"db31-t-sf001.md", "db32-t-sf001.md", "db33-t-sf001.md", "db34-t-sf001.md", "gb-sf001.md"} {
		raw, err := fs.ReadFile(standards.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(raw))
	}
	x := indexed(t, texts...)
	raw, err := os.ReadFile("testdata/standards-questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	n, gain := 0.0, 0.0
	for line := range strings.Lines(string(raw)) {
		text, answers, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || text[0] == '#' {
			continue
		}
		want := strings.Fields(answers)
		found, ideal := 0.0, 0.0
		for i, h := range find(t, x, search.Query{Text: text, Limit: 10}).Hits {
			if slices.Contains(want, h.Ref.Clause) {
				found += 1 / math.Log2(float64(i+2))
			}
		}
		for i := range min(10, len(want)) {
			ideal += 1 / math.Log2(float64(i+2))
		}
		t.Logf("%.2f %s", found/ideal, text)
		n, gain = n+1, gain+found/ideal
	}
	t.Logf("%.0f questions: nDCG@10 %.4f", n, gain/n)
	if n < 40 || gain/n < level {
		t.Errorf("nDCG@10 %.4f of %.0f questions, want %.2f", gain/n, n, level)
	}
}

// level is held by TestQuestionsAboutStandards: 0.68 was measured; without the
// re-ranking and the everyday words it is 0.55.
const level = 0.65
