package editor

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
)

// seeds are small texts that touch every construction of both conventions.
var seeds = []string{
	"",
	"---\ntitle: 甲\n---\n",
	"---\ntitle: 甲\nconvention: standard\n---\n\n# 甲\n\n## 前言 {#foreword}\n\n本文件。\n\n## 范围\n\n正文。\n\n### {#a}\n\n无标题。\n",
	"# 甲\n## 1 范围\n## 2 规范性引用文件\n## 3 术语和定义\n### 箱 box\n定义\n\n注：说明\n\n［来源：GB/T 1—2020，3.1］\n## 4 投递\n### 4.1 时限\n4.1.1 快件。\n\n4.1.2 快件。\n## 附录 A（资料性）记录\n### 表\n表：题\n| a | b |\n|---|---|\n| 1 | 2 |\n## 参考文献\n## 索引\n",
	"## 甲 {#x}\n\na) 一；\n  1) 二；\n——三。\n\n![图：题](a.svg){#f}\n\n$$x$$ {#e}\n\n见[](#f)。**注意：**后文\n",
	"前言\n\n1 范围\n\n本文件。\n\n2 规范性引用文件\n\n附录 A\n",
	"# 甲条例\n\n（2012年通过）\n\n目 录\n\n第一章 总 则\n\n第二章 附则\n\n第一章 总 则\n\n第一条 为了。\n\n（一）甲；\n\n（二）乙。\n\n第二章 附则\n\n第二条（日期） 本条例。\n\n第二条之一 本。\n\n第四条 本。\n\n附件1 表\n",
	"---\ntitle: 决定\ntype: 法规性决定\nid: \"A%3D\"\npublish: \"2025-07-12 00:00:00\"\nstatus: 有效\n---\n# 决定\n为了。\n\n一、促进，应当。\n\n二、本决定\n",
	"# 条例\n## 第6章 法律责任\n**第一条** 为了\n第十五 条工商\n─ 2 ─\n经 费\n\n第十六条 经费。\n<!-- 注 -->\n<!-- 没有\n\u200b\n## 总则\n",
	"---\ntitle: 甲\nconvention: regulation\n---\n\\## 不是标题\n\n\\第一条 不是\n\n### 第二条（甲） {#a number=第二条之一}\n\n\\一、不是\n",
	"## 甲 {#bad id}\n## 乙 {#x}\n## 丙 {#x}\n##### 越级\n\\4.1 甲\n\n    缩进\n\n- 列\n  - 列\n> 引\n",
	"## 第一编 甲\n## 第一分编 乙\n## 第一章 丙\n### 第一节 丁\n第一条 一。\n## 第二编 戊\n## 第一章 己\n第二条 二。\n",
	"第一章\n总则\n\n第一条\n为了。第二条\n",
	"---\ntitle: [a]\n---\n", "---\na: &x 1\nb: *x\n---\n", "---\nregion: [31, 32]\nnumber: 甲\n1: {a: [b, 2, true, null, 1.5]}\n---\n",
}

func addSeeds(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	paths, _ := filepath.Glob("../standards/*.md")
	for _, p := range paths {
		if src, err := os.ReadFile(p); err == nil {
			f.Add(src)
		}
	}
}

// FuzzParse: what Parse accepts, Write gives back the same, in a fixed form; what
// it refuses, it refuses with a SyntaxError; nothing panics.
func FuzzParse(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		d, findings, err := Parse(src)
		if err != nil {
			var bad *SyntaxError
			if !errors.As(err, &bad) {
				t.Fatalf("refused with %T: %v", err, err)
			}
			return
		}
		lines := strings.Count(string(src), "\n") + strings.Count(string(src), "\r") + 1
		for _, x := range findings {
			if x.Line < 0 || x.Line > lines || x.Rule == "" || x.Message == "" {
				t.Errorf("a finding outside the text: %+v", x)
			}
		}
		ids := map[string]bool{}
		for c := range d.All() {
			if !isID(c.ID) || ids[c.ID] {
				t.Errorf("ID %q is not one or is used twice", c.ID)
			}
			ids[c.ID] = true
		}
		if diff := roundTrip(d); diff != "" {
			t.Errorf("%s\nwritten:\n%s", diff, Write(d))
		}
	})
}

// strict lets through what the renderer is meant to write and nothing else.
var strict = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("section", "h2", "h3", "h4", "h5", "h6", "p", "em", "strong", "code", "br", "hr", "ul", "ol", "li", "blockquote",
		"figure", "figcaption", "table", "thead", "tbody", "tr", "th", "td", "div", "span")
	for name := range mathElements {
		p.AllowNoAttrs().OnElements(name)
	}
	p.AllowAttrs("display").OnElements("math")
	p.AllowAttrs("stretchy").OnElements("mo")
	p.AllowAttrs("width").OnElements("mspace")
	p.AllowAttrs("linethickness").OnElements("mfrac")
	p.AllowAttrs("mathvariant").OnElements("mi")
	p.AllowAttrs("class", "id", "lang").Globally()
	p.AllowAttrs("start").OnElements("ol")
	p.AllowAttrs("scope").OnElements("th")
	p.AllowAttrs("href", "rel").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	return p
}()

// FuzzRender: nothing but the elements, attributes and addresses that are
// allowed gets into a page, and everything is closed.
func FuzzRender(f *testing.F) {
	addSeeds(f)
	for _, s := range []string{"<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://a/b)", "`<b>`", "[x](<a\"onclick=b>)", "a\n> b\n- c\n1. d", "| <i> |\n|-|\n| ![x](//a) |"} {
		f.Add([]byte("---\ntitle: x\n---\n" + s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		d, _, err := Parse(src)
		if err != nil {
			return
		}
		out := Render(d, RenderOptions{})
		if again := strict.Sanitize(out); normalHTML(again) != normalHTML(out) {
			t.Errorf("a sanitiser changes it\n got %s\nwant %s", again, out)
		}
		for _, tag := range []string{"section", "p", "ul", "li", "table", "figure", "span", "a", "strong", "em"} {
			if a, b := strings.Count(out, "<"+tag+">")+strings.Count(out, "<"+tag+" "), strings.Count(out, "</"+tag+">"); a != b {
				t.Errorf("%d <%s> and %d </%s>: %s", a, tag, b, tag, out)
			}
		}
	})
}

// normalHTML evens out how characters are escaped.
func normalHTML(s string) string {
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&quot;", `"`, "&amp;", "&", "&gt;", ">").Replace(s)
}

// FuzzBlocks: blocks are in order, within the text and lose nothing but white
// space; passages keep their promise; PlainText adds nothing.
func FuzzBlocks(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Add("a) 甲\n  1) 乙\n\n表：题\n| a |\n|---|\n\n$$\nx\n$$ {#e}\n\n注 1：甲\n乙\n\n（一）甲\n1. 乙\n1.5 倍")
	f.Fuzz(func(t *testing.T, text string) {
		c := &Clause{Text: text}
		at := 0
		for _, b := range c.Blocks() {
			if b.Start < at || b.End > len(text) || b.Start >= b.End {
				t.Fatalf("block %+v after %d in %d bytes", b, at, len(text))
			}
			if gap := text[at:b.Start]; trimSpace(gap) != "" {
				t.Errorf("between blocks: %q", gap)
			}
			if !strings.Contains(text[b.Start:b.End], b.Text) {
				t.Errorf("text %q is not in %q", b.Text, text[b.Start:b.End])
			}
			b.Cells()
			at = b.End
		}
		c.Hash()
		if !utf8.ValidString(text) { // Parse lets none through
			return
		}
		if trimSpace(text[at:]) != "" {
			t.Errorf("after the blocks: %q", text[at:])
		}
		passages := c.Passages()
		if got, want := squashAll(strings.Join(passages, "")), squashAll(text); got != want {
			t.Errorf("passages\n got %q\nwant %q", got, want)
		}
		if (len(passages) == 0) != (trimSpace(text) == "") {
			t.Errorf("%d passages in %q", len(passages), text)
		}
		if p := PlainText(text); len(p) > len(text) {
			t.Errorf("plain text is longer: %q", p)
		}
	})
}

func squashAll(s string) string { return strings.Join(strings.Fields(s), "") }

// FuzzNumeral: what Numeral writes ParseNumeral reads, and neither panics.
func FuzzNumeral(f *testing.F) {
	for _, n := range []int{0, 9, 10, 11, 20, 99, 100, 101, 110, 999, 1000, 1001, 1010, 9999, 10_000, 10_010, 12_345_678} {
		f.Add(n, Numeral(n))
	}
	f.Add(-1, "二〇二一")
	f.Add(0, "第十")
	f.Fuzz(func(t *testing.T, n int, s string) {
		if n >= 0 && n <= maxNumeral {
			if got, ok := ParseNumeral(Numeral(n)); !ok || got != n {
				t.Errorf("%d is written %s and read %d, %v", n, Numeral(n), got, ok)
			}
		}
		if v, ok := ParseNumeral(s); ok && (v < 0 || v > maxNumeral*10) {
			t.Errorf("%q is read as %d", s, v)
		}
	})
}
