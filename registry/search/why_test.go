package search_test

import (
	"math"
	"testing"

	"tongbiao/registry/search"
)

// Reasons add up to the score: of all that was judged but for one constant. None
// hides the others, and bare headings, which are not judged, stand below.
func TestReasonsAreOnOneScale(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	for _, text := range []string{"快递丢了怎么赔", "快件要在多久投递？", "投递 智能快件箱 工牌 赔偿", "快件 赔偿"} {
		hits := find(t, x, search.Query{Text: text, Explain: true}).Hits
		if len(hits) == 0 {
			t.Fatalf("%s finds nothing", text)
		}
		constant, judged := 0.0, false
		for i, h := range hits {
			if len(h.Why) == 0 {
				t.Fatalf("%s: no reason for %s", text, h.Ref)
			}
			sum := 0.0
			for _, r := range h.Why {
				if math.Abs(r.Points()) > 12 {
					t.Errorf("%s: %s has %.1f points for %s", text, h.Ref, r.Points(), r.Feature)
				}
				sum += r.Points()
			}
			switch rest := h.Score - sum; {
			case h.Why[0].Feature == "words-alone" || h.Why[0].Feature == "company-alone":
				if math.Abs(rest) > 1e-9 || judged && h.Score >= 1 {
					t.Errorf("%s: %s scores %.3f, its reasons %.3f", text, h.Ref, h.Score, sum)
				}
			case i == 0:
				constant, judged = rest, true
			case math.Abs(rest-constant) > 1e-9 || h.Score < 1:
				t.Errorf("%s: %s scores %.3f, its reasons %.3f: constant %.3f, was %.3f", text, h.Ref, h.Score, sum, rest, constant)
			}
		}
	}
}
