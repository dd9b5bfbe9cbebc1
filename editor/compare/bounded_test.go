package compare

import (
	"strings"
	"testing"
	"time"

	"tongbiao/editor"
)

// A paragraph four times as long is merged, and its words are told apart, in about
// four times the time, whatever it is made of.
func TestMergeTakesLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: long texts")
	}
	const head = "---\ntitle: 甲规范\nconvention: standard\n---\n\n## 要求 {#r}\n\n"
	text := func(body string) *editor.Document {
		d, _, err := editor.Parse([]byte(head + body))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, unit := range []string{"应", "快递企业应在24 h内收寄验视，", "企业应甲。", "abc ", "1", "- 甲\n", "甲乙丙丁戊"} {
		run := func(size int) (merge, words time.Duration) {
			n := size / len(unit) / 2
			half := strings.Repeat(unit, n)
			base, ours, theirs := text(half+half), text("甲"+half+"乙"+half), text(half+"丙"+half+"丁")
			start := processorTime(t)
			Merge(base, ours, theirs)
			merged := processorTime(t)
			Words(half+half, half+"丙"+half)
			Words(half+half, strings.Repeat("乙丁庚"+unit, n))
			return merged - start, processorTime(t) - merged
		}
		const size, times = 100_000, 4
		merge, words := run(size)
		longMerge, longWords := run(times * size)
		if longMerge > 2*times*merge+200*time.Millisecond || longWords > 2*times*words+200*time.Millisecond {
			t.Errorf("%q: %v and %v for %d bytes, %v and %v for %d", unit, merge, words, size, longMerge, longWords, times*size)
		}
	}
}
