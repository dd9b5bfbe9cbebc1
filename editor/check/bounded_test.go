package check

import (
	"strings"
	"testing"
	"time"
)

// A text of the same thing over and over takes no more than a few times longer for
// twice the length: no rule is slow on what somebody may paste.
func TestBoundedTime(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: long texts")
	}
	head := "---\ntitle: 甲规范\nconvention: standard\nkind: local\n---\n\n## 前言 {#foreword}\n\n## 范围 {#scope}\n\n甲。\n\n## 术语和定义 {#terms}\n\n下列术语和定义适用于本文件。\n\n### 甲 jia {#t}\n\n乙。\n\n## 要求 {#r}\n\n"
	units := []string{"应", "见5.2", "a) 甲；\n", "GB/T 1—2000，", "| 甲 | |\n", "（", "“", "《甲》", "1、", "## 甲\n", "### \n\n应。\n", "10", "O1", "GIS", "注：甲。\n\n", "$$x$$\n\n", "[](#r)", "甲，", "必须", "表：甲\n| a |\n|---|\n| 1 |\n\n", "——\n", "<!-- ", "20 mm±2 mm", "宜通常应原则上应", "### 甲甲 a {#x}\n\n甲\n\n", "本条例第一条、", "## 附录（资料性）甲\n\n见附录A。\n\n", "![图：甲](figures/a.png)\n\n", "甲 A ", "式中：\n\nx——甲；\n\n"}
	run := func(unit string, size int) time.Duration {
		source := []byte(head + strings.Repeat(unit, size/len(unit)))
		start := time.Now()
		New(Options{Stage: "review"}).Check(source)
		return time.Since(start)
	}
	for _, unit := range units {
		short, long := run(unit, 20_000), run(unit, 80_000)
		if long > 8*short+2*time.Second {
			t.Errorf("%q: %v for 20 kB, %v for 80 kB", unit, short, long)
		}
		t.Logf("%q: %v, %v", unit, short, long)
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
	from := time.Now()
	for i := 0; i < len(long); i += 3 {
		phrase(long, i)
	}
	if took := time.Since(from); took > 20*time.Second {
		t.Errorf("phrases of two megabytes took %s", took)
	}
}
