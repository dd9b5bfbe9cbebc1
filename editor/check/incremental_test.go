package check

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tongbiao/editor"
)

// differs says how two reports of one text differ; "" when they say the same.
func differs(a, b Report) string {
	if (a.Err == nil) != (b.Err == nil) {
		return fmt.Sprintf("errors %v and %v", a.Err, b.Err)
	}
	for i := range max(len(a.Findings), len(b.Findings)) {
		switch {
		case i >= len(a.Findings):
			return fmt.Sprintf("the first lacks %+v", b.Findings[i])
		case i >= len(b.Findings):
			return fmt.Sprintf("the second lacks %+v", a.Findings[i])
		case !reflect.DeepEqual(a.Findings[i], b.Findings[i]):
			return fmt.Sprintf("%+v\n%+v", a.Findings[i], b.Findings[i])
		}
	}
	return ""
}

// scribbles are what the edits of a test put into a text.
var scribbles = []string{
	"必须", "不得", "待定", "## 附录（资料性）乙", "### 新条 {#new}", "#### ", "注：应保存。", "a) 甲；\nb) 乙。", "表：期限\n| 甲 | |\n|---|---|\n| 1 | 2 |",
	"见[](#time)", "见[](#gone)", "GB/T 10757—2011", "## 前言", "$$x=1$$ {#eq}", "20mm", "status: draft", "\n\n", "<!-- 注 -->", "本标准", "。",
}

// scribble makes one random edit of a text: a line goes, comes twice, moves, or gets
// something more.
func scribble(r *rand.Rand, source []byte) []byte {
	lines := strings.Split(string(source), "\n")
	i := r.IntN(len(lines))
	switch r.IntN(5) {
	case 0:
		lines = slices.Delete(lines, i, i+1)
	case 1:
		lines = slices.Insert(lines, i, lines[r.IntN(len(lines))])
	case 2:
		lines = slices.Insert(lines, i, scribbles[r.IntN(len(scribbles))])
	case 3:
		lines[i] += scribbles[r.IntN(len(scribbles))]
	case 4:
		runes := []rune(lines[i])
		if len(runes) > 0 {
			lines[i] = string(slices.Delete(runes, r.IntN(len(runes)), len(runes)))
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// After any edit the incremental report says what the whole one says.
func TestIncremental(t *testing.T) {
	o := Options{Library: shelf{}, Stage: "drafting", Today: "2026-01-01"}
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 5))
		source := []byte(soundText(t))
		kept := New(o)
		for step := range 60 {
			if d := differs(kept.Check(source), New(o).Check(source)); d != "" {
				t.Fatalf("seed %d, step %d: %s\n%s", seed, step, d, source)
			}
			if source = scribble(r, source); len(source) < 300 {
				source = []byte(soundText(t))
			}
		}
	}
}

// A keystroke in one clause looks at that clause alone.
func TestIncrementalIsFresh(t *testing.T) {
	source := largeStandard(200)
	c := New(Options{})
	if n := c.Check(source).Fresh; n < 200 {
		t.Fatalf("%d clauses were looked at at first", n)
	}
	changed := bytes.Replace(source, []byte("第 77 项"), []byte("第 77 项新的"), 1)
	if bytes.Equal(changed, source) {
		t.Fatal("nothing changed")
	}
	if n := c.Check(changed).Fresh; n != 1 {
		t.Errorf("%d clauses were looked at after a change of one", n)
	}
}

// Mend corrects what can be corrected, brings no error, and is done when it is done.
func TestMend(t *testing.T) {
	for _, c := range allCases(t) {
		before := New(c.options).Check(c.source)
		after, made, err := Mend(c.source, c.options)
		if err != nil {
			t.Errorf("%s/%s: %v", c.rule, c.name, err)
			continue
		}
		if (made == 0) != bytes.Equal(after, c.source) {
			t.Errorf("%s/%s: %d corrections, changed %v", c.rule, c.name, made, !bytes.Equal(after, c.source))
		}
		if report := New(c.options).Check(after); report.Errors() > before.Errors() {
			t.Errorf("%s/%s: %d errors, %d after it was corrected", c.rule, c.name, before.Errors(), report.Errors())
		}
		if again, more, _ := Mend(after, c.options); more != 0 {
			t.Errorf("%s/%s: corrected again:\n%s", c.rule, c.name, again)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, c := range allCases(f) {
		f.Add(c.source, uint64(1))
	}
	f.Add([]byte("\uFEFF---\r\ntitle: 甲\r\n---\r\n## 范围\r\n<!-- 一\r\n二 -->应\r\n"), uint64(2))
	f.Add([]byte("第一条 甲\u00a0乙。\n<!-- -->第二条 违反本条例第九条\u200b规定的。"), uint64(3))
	o := Options{Stage: "review"}
	f.Fuzz(func(t *testing.T, source []byte, seed uint64) {
		if len(source) > 20_000 {
			return
		}
		kept := New(o)
		report := kept.Check(source)
		if report.Err != nil {
			return
		}
		for _, x := range report.Findings {
			if x.Line > 0 && x.Clause != "" && !strings.HasPrefix(x.Rule, "PARSE") && !strings.HasPrefix(x.Rule, "HEAD") {
				if e := misplacedFinding(source, report.Document, x); e != "" {
					t.Errorf("%s: %+v", e, x)
				}
			}
		}
		s := newSource(source, report.Document)
		for x := range report.Document.All() {
			for _, p := range s.pieces(x) {
				if string(source[p.raw:p.raw+p.size]) != x.Text[p.text:p.text+p.size] {
					t.Fatalf("%q is said to be %q", source[p.raw:p.raw+p.size], x.Text[p.text:p.text+p.size])
				}
			}
		}
		changed := scribble(rand.New(rand.NewPCG(seed, 7)), source)
		if d := differs(kept.Check(changed), New(o).Check(changed)); d != "" {
			t.Errorf("incremental and whole differ: %s\n%s", d, changed)
		}
	})
}

// largeStandard is a standard of about n clauses: at 1,000 it has about 150 kB, a
// hundred pages.
func largeStandard(n int) []byte {
	var b strings.Builder
	b.WriteString("---\ntitle: 快递末端服务规范\nnumber: DB31/T 310003—2021\nkind: local\nregion: \"31\"\nconvention: standard\n---\n\n## 前言 {#foreword}\n\n" + basis + "\n\n" + first +
		"\n\n## 范围 {#scope}\n\n本文件规定了快递末端服务的要求。\n\n本文件适用于快递末端服务。\n\n## 规范性引用文件 {#references}\n\n" + referencesLead + "\n\nGB/T 10757　邮政业术语\n\n## 术语和定义 {#terms}\n\n下列术语和定义适用于本文件。\n")
	for i := range n / 40 {
		fmt.Fprintf(&b, "\n### 术语%d term %d {#t-%d}\n\n供投递第 %d 类快件的设备。\n", i, i, i, i)
	}
	for i := 0; i < n; i++ {
		if i%25 == 0 {
			fmt.Fprintf(&b, "\n## 要求之%s {#ch-%d}\n", editor.Numeral(i/25+1), i)
		}
		fmt.Fprintf(&b, "\n### 投递之%s {#c-%d}\n\n第 %d 项快件应在 24 h 内投递，见[](#t-%d)。\n\na) 时间误差不大于 5 min。\n", editor.Numeral(i+1), i, i, i%max(1, n/40))
		if i%40 == 0 {
			fmt.Fprintf(&b, "\n表：期限之%d {#tab-%d}\n| 区域 | 期限 |\n|---|---|\n| 城区 | 24 h |\n", i, i)
		}
	}
	return []byte(b.String())
}

func BenchmarkCheckWhole(b *testing.B) {
	source := largeStandard(1000)
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		New(Options{}).Check(source)
	}
}

// Each turn is one keystroke in another clause.
func BenchmarkCheckIncremental(b *testing.B) {
	source := largeStandard(1000)
	c := New(Options{})
	c.Check(source)
	var texts [][]byte
	for i := range 50 {
		texts = append(texts, bytes.Replace(source, fmt.Appendf(nil, "第 %d 项", i*20), fmt.Appendf(nil, "第 %d 项新", i*20), 1))
	}
	b.SetBytes(int64(len(source)))
	i := 0
	for b.Loop() {
		c.Check(texts[i%len(texts)])
		i++
	}
}

// What Parse alone takes of it.
func BenchmarkParseOfCheck(b *testing.B) {
	source := largeStandard(1000)
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if _, _, err := editor.Parse(source); err != nil {
			b.Fatal(err)
		}
	}
}
