package editor

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// pieces are what parsers stumble over when there is a lot of it.
var pieces = []string{
	"[", "]", "](", "![", "[](#a", "[a](b", "*", "**a", "_a_ ", "`", "``` \n", "<", "<a ", "<!--", "<!-- x -->", "-->", "|", "| a ", "|-|\n", "> ", "- ", "* a\n", "  - a\n", "1. ", "$", "$$\n", "$x$ ",
	"{#", "{#a}\n", "\\", "\\*", "&", "&amp;", "&#x", "\t", "\r\n", "\r", "\n\n", "（一）", "第一条 ", "第一条之一\n", "第一章 总则\n", "——", "——a；\n", "a) ", "a) a；\n", "注：", "注1：a\n", "表1 a\n", "附录 A\n", "## x\n", "### \n", "# ",
	"“", "《", "GB/T 1—2020 ", "见 5.1.1 ", "见5.1和5.2、", "应", "应当", "不得", "24 h 内", "1 000 000 ", "1.1.1.1.", "一百二十三", "从", "至", "~", "±1 mm", "投递", "收寄、", "<svg>", "![a](b)\n", "\u200b", "\u0301", "\U0001F600", "\xff",
}

// TestTextsTakeLinearTime: reading, writing and showing four times as much of
// anything takes about four times as long, not sixteen.
func TestTextsTakeLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in -short: times of parsers")
	}
	const size = 24 << 10
	for _, piece := range pieces {
		text := func(n int) []byte {
			return []byte("---\ntitle: 甲\nconvention: standard\n---\n\n# 甲\n\n## 要求 {#a}\n\n" + strings.Repeat(piece, n/len(piece)))
		}
		linear(t, fmt.Sprintf("%q", piece), size, func(n int) {
			d, _, err := Parse(text(n))
			if err != nil {
				return
			}
			Write(d)
			Render(d, RenderOptions{})
		})
		linear(t, fmt.Sprintf("facts of %q", piece), size, func(n int) { Facts(string(text(n))) })
		linear(t, fmt.Sprintf("picture of %q", piece), size, func(n int) {
			CleanSVG([]byte("<svg xmlns=\"http://www.w3.org/2000/svg\">" + strings.Repeat(piece, n/len(piece)) + "</svg>"))
		})
	}
}

// linear fails where four times the size takes more than ten times as long, the
// best of three each, and long enough to be measured.
func linear(t *testing.T, what string, size int, run func(n int)) {
	t.Helper()
	best := func(n int) time.Duration {
		least := time.Hour
		for range 3 {
			start := time.Now()
			run(n)
			least = min(least, time.Since(start))
		}
		return least
	}
	long := func() time.Duration { start := time.Now(); run(4 * size); return time.Since(start) }()
	if long < 60*time.Millisecond {
		return
	}
	if short, long := best(size), min(long, best(4*size)); long > 10*short && long > 60*time.Millisecond {
		t.Errorf("%s: %v for %d bytes, %v for %d", what, short, size, long, 4*size)
	}
}

// TestSmallTextsThatGrow: small texts that would become large ones are refused, or read, with
// little memory and in little time.
func TestSmallTextsThatGrow(t *testing.T) {
	laughs := "a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n"
	for i := 1; i < 12; i++ {
		laughs += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), ","))
	}
	for name, text := range map[string]string{
		"aliases":       "---\n" + laughs + "title: *a11\n---\n",
		"merge keys":    "---\na: &a {b: c}\n" + strings.Repeat("<<: *a\n", 10_000) + "---\n",
		"deep lists":    "---\ntitle: " + strings.Repeat("[", 100_000) + "\n---\n",
		"deep maps":     "---\ntitle: " + strings.Repeat("{a: ", 50_000) + "\n---\n",
		"deep blocks":   "---\n" + strings.Repeat("- ", 100_000) + "\n---\n",
		"one long key":  "---\n" + strings.Repeat("a", 1<<20) + ": b\n---\n",
		"many keys":     "---\n" + manyKeys(100_000) + "---\n",
		"many anchors":  "---\ntitle: " + strings.Repeat("&a ", 100_000) + "x\n---\n",
		"numbers":       "---\ntitle: " + strings.Repeat("9", 1<<20) + "\n---\n",
		"tags":          "---\ntitle: !!binary " + strings.Repeat("QQ==", 1<<18) + "\n---\n",
		"deep headings": "# 甲\n" + strings.Repeat("######## x\n", 100_000),
		"deep quotes":   "# 甲\n\n## 要求\n\n" + strings.Repeat(">", 500_000),
		"deep lists in": "# 甲\n\n## 要求\n\n" + strings.Repeat("- ", 300_000) + "x",
		"wide table":    "# 甲\n\n## 要求\n\n" + strings.Repeat("|a", 100_000) + "|\n" + strings.Repeat("|-", 100_000) + "|\n" + strings.Repeat("|a|\n", 10_000),
		"deep formula":  "# 甲\n\n## 要求\n\n$" + strings.Repeat("\\frac{", 100_000) + "$\n",
		"open brackets": "# 甲\n\n## 要求\n\n" + strings.Repeat("![[(", 200_000),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		if d, _, err := Parse([]byte(text)); err == nil {
			Render(d, RenderOptions{})
		}
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if made := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 15*time.Second || made > 2048 {
			t.Errorf("%s (%d kB): %v and %d MB", name, len(text)>>10, took, made)
		} else if testing.Verbose() {
			t.Logf("%s (%d kB): %v and %d MB", name, len(text)>>10, took.Round(time.Millisecond), made)
		}
	}
	for name, picture := range map[string]string{
		"entities": `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><svg xmlns="http://www.w3.org/2000/svg"><text>&c;</text></svg>`,
		"external": `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>`,
		"use":      `<svg xmlns="http://www.w3.org/2000/svg"><g id="a"/>` + strings.Repeat(`<g id="b"><use href="#a"/><use href="#a"/></g>`, 5000) + `</svg>`,
		"deep":     `<svg xmlns="http://www.w3.org/2000/svg">` + strings.Repeat("<g>", 100_000),
		"wide":     `<svg xmlns="http://www.w3.org/2000/svg"><path d="` + strings.Repeat("M0 0", 400_000) + `"/></svg>`,
	} {
		start := time.Now()
		clean, _, err := CleanSVG([]byte(picture))
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("a picture with %s: %v", name, took)
		}
		if err == nil && (strings.Contains(string(clean), "root:") || strings.Contains(string(clean), "<!") || strings.Contains(string(clean), strings.Repeat("a", 500))) {
			t.Errorf("a picture with %s: %.200s", name, clean)
		}
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: v\n", i)
	}
	return b.String()
}
