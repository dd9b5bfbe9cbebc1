package editor

import (
	"strings"
	"testing"
	"time"
)

// document reads a text that must be readable.
func document(t testing.TB, src string) *Document {
	t.Helper()
	d, _, err := Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRender(t *testing.T) {
	const head = "---\ntitle: 试\nconvention: standard\n---\n"
	for _, c := range []struct{ name, text, shows, hides string }{
		{"anchor", "## 范围 {#scope}\n\n正文。", `<section class="clause chapter" id="scope"><h2><span class="number">1</span>` + "\u3000" + `<span class="title">范围</span></h2>`, ""},
		{"untitled", "## 甲 {#a}\n\n### {#b}\n\n正文。", `<p><span class="number">1.1</span>` + "\u3000" + `正文。</p>`, "<h3>"},
		{"bold beside Chinese marks", "**注意：**后文", `<strong>注意：</strong>后文`, "**"},
		{"lines of one paragraph", "甲\n乙 a\nb", "甲乙 a\nb", "甲\n"},
		{"bold inside", "中文**“重点”**中文", `<strong>“重点”</strong>`, "**"},
		{"reference", "## 甲 {#a}\n\n见[](#a)。", `见<a class="ref" href="#a">第1章</a>。`, "缺失"},
		{"missing reference", "见[](#b)。", `缺失引用：b`, "<a"},
		{"html", "<script>alert(1)</script><b>x</b>", `&lt;script&gt;`, "<script"},
		{"html in a title", "## <img src=x onerror=alert(1)> {#a}", `&lt;img`, "<img"},
		{"script link", "[x](javascript:alert(1))", "x", "href"},
		{"data image", "前![a](data:image/png;base64,AA)", "未显示的图片", "<img"},
		{"foreign image", "![图：题](//evil.example/x.png)", "未显示的图片", "<img"},
		{"figure", "![图：题](figures/0123456789abcdef.svg){#f}", `<figure class="figure" id="f"><img src="/figures/0123456789abcdef.svg" alt="题"><figcaption><span class="number">图1</span>`, ""},
		{"table", "表：题 {#t}\n| 甲 | 乙 |\n|---|---|\n| **1** | a\\|b |", `<figcaption><span class="number">表1</span>` + "\u3000" + `题</figcaption><table><thead><tr><th scope="col">甲</th><th scope="col">乙</th></tr></thead><tbody><tr><td><strong>1</strong></td><td>a|b</td></tr></tbody></table>`, ""},
		{"formula", "$$a<b$$ {#e}", `<mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow></math> <span class="number">（1）</span>`, "<code"},
		{"formula that cannot be read", "$$\\input{a<b}$$", `<code class="formula">\input{a&lt;b}</code>`, "<math"},
		{"figure in words", "见 ![题](figures/0123456789abcdef.png)。", `<img src="/figures/0123456789abcdef.png" alt="题">`, ""},
		{"figure beside the folder", "![图：题](figures/../0123456789abcdef.png)", "未显示的图片", "<img"},
		{"list", "如下：\n\na) 甲；\n  1) 子；\nb) 乙。", `<ul class="items"><li><span class="label">a)</span> 甲；<ul class="items"><li><span class="label">1)</span> 子；</li></ul></li><li><span class="label">b)</span> 乙。</li></ul>`, ""},
		{"note", "注1：说明。", `<p class="note"><span class="label">注1：</span>说明。</p>`, ""},
		{"source", "［来源：GB/T 1—2020，3.1］", `<p class="source">［来源：GB/T 1—2020，3.1］</p>`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Render(document(t, head+c.text), RenderOptions{})
			if !strings.Contains(got, c.shows) {
				t.Errorf("got %s\nwant in it %s", got, c.shows)
			}
			if c.hides != "" && strings.Contains(got, c.hides) {
				t.Errorf("got %s\nwant not in it %s", got, c.hides)
			}
		})
	}
}

// bombs are texts on which Markdown readers are known to be slow.
var bombs = map[string]string{
	"links":          "[a](",
	"brackets":       "[",
	"open links":     "[a](<",
	"emphasis":       "*a ",
	"underscores":    "_a",
	"mixed":          "*a_b ",
	"strong":         "**a*",
	"backticks":      "`a``b```",
	"images":         "![a](b",
	"quotes":         ">",
	"quote lines":    "> > > a\n",
	"lists":          "- ",
	"list lines":     "- a\n  ",
	"nested lists":   "* - + ",
	"autolinks":      "<a:",
	"comments":       "<!--",
	"comment lines":  "<!--\n",
	"entities":       "&#x",
	"escapes":        `\`,
	"tables":         "|a|b|\n|-|-|\n",
	"wide table":     "|a",
	"formulas":       "$$a\n",
	"formula lines":  "$$\n",
	"captions":       "表：\n",
	"captions apart": "表：\n\n",
	"figures":        "![图：a](b)\n",
	"headings":       "## 甲\n",
	"articles":       "第一条 甲\n\n",
	"chapters":       "总则\n\n第一条 甲\n\n",
	"lines":          "a\n",
	"paragraphs":     "a\n\n",
	"notes":          "注：a\n",
	"items":          "a) b\n1) c\n",
	"braces":         "{#a}",
	"numbers":        "1.1.1.1 甲\n",
	"zero width":     "\u200b",
	"carriage":       "\r",
	"contents":       "目录\n",
	"page numbers":   "─ 1 ─\n",
	"broken":         "甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己\n\n",
	"references":     "[](#a)",
	"appendices":     "附件\n\n甲\n\n",
}

// Two megabytes of every bomb, in one piece, in pieces that stay just within the
// bounds of the Markdown library, and in pieces that stay within the bound on
// clauses, are read, shown and written in bounded time.
func TestBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: two megabytes of each bomb")
	}
	var slowest time.Duration
	for name, unit := range bombs {
		whole := strings.Repeat(unit, MaxBytes/len(unit))
		pieces := strings.Repeat(withinLimit(unit)+"\n\n", 40_000)
		clauses := strings.Repeat(unit, min(MaxClauses*9/10, MaxBytes/len(unit)))
		for _, c := range []struct{ convention, text string }{
			{"standard", whole}, {"regulation", whole}, {"standard", pieces}, {"regulation", clauses},
		} {
			took := defuse(t, c.convention, c.text)
			slowest = max(slowest, took)
			if took > 10*time.Second {
				t.Errorf("%s as a %s: %v for 2 MB", name, c.convention, took)
			}
		}
	}
	t.Logf("slowest: %v", slowest)
}

// withinLimit repeats a bomb as often as the Markdown library may still see it.
func withinLimit(unit string) string {
	n := 1
	for n < 300 && withinBounds(strings.Repeat(unit, n+1)) {
		n++
	}
	return strings.Repeat(unit, n)
}

// defuse reads, shows and writes a text, cut to the bound on bytes.
func defuse(t *testing.T, convention, body string) time.Duration {
	text := "---\ntitle: 试\nconvention: " + convention + "\n---\n" + body
	text = strings.ToValidUTF8(text[:min(len(text), MaxBytes)], "")
	start := time.Now()
	d, _, err := Parse([]byte(text))
	if err != nil {
		return time.Since(start)
	}
	if Render(d, RenderOptions{}) == "" && len(d.Clauses) > 0 {
		t.Error("nothing is shown")
	}
	Write(d)
	for c := range d.All() {
		c.Passages()
		PlainText(c.Text)
	}
	return time.Since(start)
}
