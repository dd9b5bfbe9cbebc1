package check

import (
	"bytes"
	"reflect"
	"testing"
	"time"
	"unicode/utf8"

	"tongbiao/editor"
)

// slowest is how long a check of 64 KB may take, with room for a busy machine.
const slowest = 5 * time.Second

// Whatever the text: no panic, bounded time, spans inside the source, corrections that
// can be made and can be read, the same findings whether looked at whole or again.
func FuzzRules(f *testing.F) {
	for _, c := range allCases(f) {
		f.Add(c.source)
	}
	for _, s := range []string{"", "|a|\n|-|\n", "$$", "![图：](", "注1：", "[^1]: [^1]", "GB/T 1—", "（（（", "表：{#a}\n|\\|\n|-|\n|", "应应应应", "a)\nb)"} {
		f.Add([]byte("---\nconvention: standard\n---\n\n## 范围\n\n本文件规定了、、、\n\n## 术语和定义\n\n### 甲 A\n\n" + s + "\n\n## 附录（规范性）乙\n\n" + s))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		if len(source) > 64<<10 {
			return
		}
		d, _, err := editor.Parse(source)
		if err != nil {
			return
		}
		began := time.Now()
		found := Check(source, d, Options{Stage: "review", Library: shelf{}})
		if took := time.Since(began); took > slowest {
			t.Errorf("%d bytes took %v", len(source), took)
		}
		for _, x := range found {
			if x.Start < 0 || x.End < x.Start || x.End > len(source) || !runeStart(source, x.Start) || !runeStart(source, x.End) {
				t.Fatalf("%s: %d to %d of %d", x.Rule, x.Start, x.End, len(source))
			}
			if x.Fix == nil {
				continue
			}
			if after := x.Fix.Apply(source); bytes.Equal(after, source) || !utf8.Valid(after) {
				t.Fatalf("%s: its correction gives %q", x.Rule, after)
			}
		}
		c := New(Options{Stage: "review", Library: shelf{}})
		first := c.Check(source)
		if again := c.Check(source); !reflect.DeepEqual(first.Findings, again.Findings) || again.Fresh > 0 {
			t.Fatalf("looked at again it has other findings, %d clauses anew", again.Fresh)
		}
	})
}

func runeStart(source []byte, i int) bool { return i == len(source) || utf8.RuneStart(source[i]) }
