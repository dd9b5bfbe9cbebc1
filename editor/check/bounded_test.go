package check

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"tongbiao/editor"
)

// processorTime is what this thread took of a processor to do something: others
// on the machine do not count.
func processorTime(do func()) time.Duration {
	const thread = 1 // RUSAGE_THREAD
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, after syscall.Rusage
	syscall.Getrusage(thread, &before)
	do()
	syscall.Getrusage(thread, &after)
	return time.Duration(after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano())
}

// monotonous are texts of the same thing over and over, of about so many bytes.
var monotonous = func() map[string]func(size int) string {
	out := map[string]func(int) string{}
	for _, unit := range []string{"应", "不得", "见5.2", "a) 甲；\n", "GB/T 1—2000，", "| 甲 | |\n", "|", "（", "“", "《甲》", "1、", "## 甲\n", "### \n\n应。\n", "10", "O1", "GIS", "注：甲。\n\n", "$$x$$\n\n", "[](#r)",
		"见[](#r)。\n", "甲，", "必须", "表：甲\n| a |\n|---|\n| 1 |\n\n", "——\n", "<!-- ", "20 mm±2 mm", "宜通常应原则上应", "### 甲甲 a {#x}\n\n甲\n\n", "本条例第一条、", "## 附录（资料性）甲\n\n见附录A。\n\n",
		"![图：甲](figures/a.png)\n\n", "甲 A ", "式中：\n\nx——甲；\n\n", "24 h ", "`", "\\", "见表1和GB/T 10757—2011，"} {
		out[unit] = func(size int) string { return strings.Repeat(unit, size/len(unit)) }
	}
	each := func(name, format string, length int) {
		out[name] = func(size int) string {
			var b strings.Builder
			for i := range size / length {
				fmt.Fprintf(&b, format, i)
			}
			return b.String()
		}
	}
	each("chapters", "## 甲 {#h%[1]d}\n\n应符合[](#h%[1]d)。\n\n", 50)
	each("clauses", "### 甲 {#h%[1]d}\n\n应符合[](#h%[1]d)。\n\n", 50)
	each("figures", "![图：甲](figures/a.png){#f%[1]d}\n\n见[](#f%[1]d)。\n\n", 60)
	each("references", "GB/T %[1]d　快递\n\n", 20)
	out["within each other"] = func(size int) string {
		var b strings.Builder
		for i := 0; i < 500 && b.Len() < size; i++ {
			b.WriteString(strings.Repeat("  ", i) + "- 甲\n")
		}
		return b.String()
	}
	return out
}()

// Twice the text takes about twice the time: nothing that somebody may paste keeps
// a processor busy. What is compared is processor time of one text and of one four
// times as long.
func TestBoundedTime(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: long texts")
	}
	head := "---\ntitle: 甲规范\nconvention: standard\nkind: local\n---\n\n## 前言 {#foreword}\n\n## 范围 {#scope}\n\n甲。\n\n## 术语和定义 {#terms}\n\n下列术语和定义适用于本文件。\n\n### 甲 jia {#t}\n\n乙。\n\n## 要求 {#r}\n\n"
	const size, times = 40_000, 4
	for name, text := range monotonous {
		run := func(size int) (took [5]time.Duration) {
			source := []byte(head + text(size))
			var d *editor.Document
			var err error
			took[0] = processorTime(func() { d, _, err = editor.Parse(source) })
			if err != nil {
				return took // over the bounds of a document: it is refused, and soon
			}
			took[1] = processorTime(func() { editor.Render(d, editor.RenderOptions{}) })
			took[2] = processorTime(func() { editor.Write(d) })
			took[3] = processorTime(func() {
				for c := range d.All() {
					editor.Facts(c.Text)
				}
			})
			took[4] = processorTime(func() { New(Options{Stage: "review"}).CheckParsed(source, d) })
			return took
		}
		short, long := run(size), run(times*size)
		for i, what := range []string{"parse", "render", "write", "facts", "check"} {
			if long[i] > 2*times*short[i]+200*time.Millisecond {
				t.Errorf("%.20q: to %s takes %v for %d bytes, %v for %d", name, what, short[i], size, long[i], times*size)
			}
		}
	}
}

// The longest text there may be, all in one line, is checked within seconds.
func TestLongestLine(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: long texts")
	}
	const head = "---\ntitle: 甲规范\nconvention: standard\n---\n\n## 要求 {#r}\n\n"
	for _, unit := range []string{"应", "必须", "见5.2"} {
		source := []byte(head + strings.Repeat(unit, (editor.MaxBytes-len(head))/len(unit)))
		if took := processorTime(func() { New(Options{}).Check(source) }); took > 20*time.Second {
			t.Errorf("%d bytes of %q took %v", len(source), unit, took)
		}
	}
}

// TestWithin finds the stretch between marks of every width.
func TestWithin(t *testing.T) {
	const text = "甲。乙，丙；丁\n戊|己（庚）辛、壬"
	for word, want := range map[string]string{"乙": "乙", "丙": "丙", "丁": "丁", "戊": "戊", "己": "己", "庚": "庚", "壬": "辛、壬", "甲": "甲"} {
		if start, end := phrase(text, strings.Index(text, word)); text[start:end] != want {
			t.Errorf("the phrase of %s is %q, want %q", word, text[start:end], want)
		}
	}
	if start, end := sentence(text, strings.Index(text, "乙")); text[start:end] != "乙，丙" {
		t.Errorf("the sentence of 乙 is %q", text[start:end])
	}
	long := strings.Repeat("应", 700_000)
	took := processorTime(func() {
		for i := 0; i < len(long) && !testing.Short(); i += 3 {
			phrase(long, i)
		}
	})
	if took > 20*time.Second {
		t.Errorf("phrases of two megabytes took %s", took)
	}
}
