package editor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sound is a standard that breaks no rule; the cases below change it.
const sound = `---
title: 快递末端服务规范
number: DB31/T 310003—2021
convention: standard
---

# 快递末端服务规范

## 前言 {#foreword}

本文件按照GB/T 1.1—2020《标准化工作导则　第1部分：标准化文件的结构和起草规则》的规定起草。

请注意本文件的某些内容可能涉及专利。本文件的发布机构不承担识别专利的责任。

## 范围 {#scope}

本文件规定了快递末端服务的要求。

本文件适用于快递末端服务。

## 规范性引用文件 {#references}

下列文件中的内容通过文中的规范性引用而构成本文件必不可少的条款。其中，注日期的引用文件，仅该日期对应的版本适用于本文件；不注日期的引用文件，其最新版本（包括所有的修改单）适用于本文件。

GB/T 10757　邮政业术语

## 术语和定义 {#terms}

下列术语和定义适用于本文件。

### 智能快件箱 smart parcel locker {#t-locker}

供投递的设备。

## 投递 {#delivery}

### 时限 {#time}

快件应在 24 h 内投递，见[](#place)、附录A和表1。

注：24 h 从到达末端网点时起计算，不可抗力除外。

### 地点 {#place}

#### {#place-1}

投递地点应符合约定。

#### {#place-2}

用户可选择智能快件箱。

表：期限 {#tab}
| 区域 | 期限 |
|---|---|
| 城区 | 24 h |
| 乡村 | — |

## 附录（规范性）记录 {#annex}

### 甲 {#annex-1}

记录应完整。

### 乙 {#annex-2}

记录应保存。

## 参考文献 {#bibliography}

GB/T 1.1
`

func rulesOf(t *testing.T, text string) map[string][]Finding {
	t.Helper()
	m := map[string][]Finding{}
	for _, f := range Check(document(t, text)) {
		m[f.Rule] = append(m[f.Rule], f)
	}
	return m
}

func TestCheckSound(t *testing.T) {
	for rule, f := range rulesOf(t, sound) {
		t.Errorf("%s: %v", rule, f)
	}
}

// Each rule flags a text that breaks it, at the line of the clause, and lets pass
// one that comes close.
func TestCheckStandard(t *testing.T) {
	for _, c := range []struct {
		rule     string
		from, to string // what is replaced in the sound text
		line     string // beginning of the line that must be flagged; "" is the whole text
	}{
		{"STR-02", "## 前言 {#foreword}", "## 说明 {#foreword}", ""},
		{"STR-02", "## 规范性引用文件 {#references}", "## 引用 {#references}", ""},
		{"STR-03", "## 术语和定义 {#terms}", "## 总则 {#general}\n\n## 术语和定义 {#terms}", "## 术语和定义"},
		{"STR-05", "## 参考文献 {#bibliography}", "## 参考文献 {#bibliography}\n\n## 附录（规范性）后 {#late}", "## 附录（规范性）后"},
		{"STR-06", "## 范围 {#scope}", "## 适用范围 {#scope}", "## 适用范围"},
		{"NUM-01", "## 投递 {#delivery}", "## {#delivery}", "## {#delivery}"},
		{"NUM-01", "## 投递 {#delivery}", "## 投递 {#delivery number=7}", "## 投递"},
		{"NUM-02", "#### {#place-2}", "#### 二 {#place-2}\n##### 三 {#p3}\n###### 四 {#p4}\n####### 五 {#p5}\n######## 六 {#p6}\n", "######## 六"},
		{"NUM-04", "### 乙 {#annex-2}", "正文。", "### 甲"},
		{"NUM-05", "#### {#place-1}", "#### 约定 {#place-1}", "### 地点"},
		{"NUM-06", "#### {#place-2}", "#### {#place-2}\n\n##### {#p3}\n\n甲。\n\n##### {#p4}", "#### {#place-2}"},
		{"NUM-07", "### 地点 {#place}", "### 地点 {#place}\n\n投递地点如下。", "### 地点"},
		{"MOD-01", "投递地点应符合约定", "投递地点必须符合约定", "#### {#place-1}"},
		{"MOD-02", "投递地点应符合约定", "投递地点不得更改", "#### {#place-1}"},
		{"MOD-02", "| 乡村 | — |", "| 乡村 | 严禁拒投 |", "#### {#place-2}"},
		{"SCO-02", "本文件适用于快递末端服务。", "快件应在 24 h 内投递。", "## 范围"},
		{"FOR-01", "请注意本文件", "企业应当遵守本文件。\n\n请注意本文件", "## 前言"},
		{"FOR-01", "请注意本文件", "| a | b |\n|---|---|\n| 1 | 2 |\n\n请注意本文件", "## 前言"},
		{"FOR-01", "请注意本文件", "### 甲 {#f1}\n\n请注意本文件", "## 前言"},
		{"TAB-02", "| 乡村 | — |", "| 乡村 | |", "#### {#place-2}"},
		{"TAB-02", "| 乡村 | — |", "| 乡村 | 同上 |", "#### {#place-2}"},
		{"CIT-01", "见[](#place)", "见[](#nowhere)", "### 时限"},
		{"CIT-01", "附录A和表1", "附录B和表1", "### 时限"},
		{"CIT-01", "附录A和表1", "见9.9.9", "### 时限"},
		{"CIT-02", "投递地点应符合约定", "投递地点应符合本标准", "#### {#place-1}"},
		{"TRM-01", "下列术语和定义适用于本文件。", "本文件采用下列术语。", "## 术语和定义"},
		{"TRM-01", "下列术语和定义适用于本文件。", "本文件没有需要界定的术语和定义。", "## 术语和定义"},
		{"REF-01", "必不可少的条款。其中", "必不可少的条文。其中", "## 规范性引用文件"},
		{"REF-01", "GB/T 10757　邮政业术语", "", "## 规范性引用文件"},
	} {
		text := strings.Replace(sound, c.from, c.to, 1)
		if text == sound {
			t.Fatalf("%s: %q is not in the sound text", c.rule, c.from)
		}
		line := 0
		for i, l := range strings.Split(text, "\n") {
			if c.line != "" && line == 0 && strings.HasPrefix(l, c.line) {
				line = i + 1
			}
		}
		found := false
		got := rulesOf(t, text)
		for _, f := range got[c.rule] {
			found = found || f.Line == line
			if !strings.Contains(f.Message, " · ") {
				t.Errorf("%s: not in two languages: %s", c.rule, f.Message)
			}
		}
		if !found {
			t.Errorf("%s: %q → %q is not flagged at line %d: %v", c.rule, c.from, c.to, line, got)
		}
	}
}

// What comes close to breaking a rule and does not.
func TestCheckLetsPass(t *testing.T) {
	for _, c := range []struct{ rule, from, to string }{
		{"STR-02", "## 术语和定义 {#terms}", "## 术语和定义、缩略语 {#terms}"},
		{"STR-03", "## 投递 {#delivery}", "## 范围的确定 {#delivery}"},
		{"STR-05", "## 参考文献 {#bibliography}", "## 附录（资料性）丙 {#annex-c}\n\n## 参考文献 {#bibliography}"},
		{"STR-06", "## 投递 {#delivery}", "## 定义的投递 {#delivery}"},
		{"NUM-02", "#### {#place-2}", "#### 二 {#place-2}\n##### 三 {#p3}\n###### 四 {#p4}\n####### 五 {#p5}\n"},
		{"NUM-04", "### 智能快件箱", "### 智能信报箱"}, // one term is allowed
		{"NUM-05", "### 智能快件箱", "### 智能信报箱"},
		{"NUM-07", "下列术语和定义适用于本文件。", "GB/T 10757界定的以及下列术语和定义适用于本文件。"},
		{"MOD-01", "注：24 h 从到达", "注：必须从到达"},
		{"MOD-02", "投递地点应符合约定", "投递地点应便于不可降解包装的回收，因不可抗力不能投递的应通知，不应收寄禁止寄递物品"},
		{"SCO-02", "本文件规定了快递末端服务的要求。", "本文件规定了供应、认可、适宜性和可靠性的要求。"},
		{"FOR-01", "请注意本文件", "本文件代替DB31/T 1—2020，主要技术变化如下：\n\na) 更改了投递时限，由宜改为应；\n\n请注意本文件"},
		{"TAB-02", "| 区域 | 期限 |", "| | 期限 |"}, // the corner may be empty
		{"CIT-01", "附录A和表1", "GB/T 10757—2011的9.9.9和2021年版的6.3"},
		{"CIT-02", "投递地点应符合约定", "投递地点应符合本标准化对象的约定"},
		{"TRM-01", "下列术语和定义适用于本文件。", "GB/T 10757界定的以及下列术语和定义适用于本文件。"},
		{"REF-01", "必不可少的条款。其中", "必不可少的条款。\n其中"},
	} {
		text := strings.Replace(sound, c.from, c.to, 1)
		if text == sound {
			t.Fatalf("%s: %q is not in the sound text", c.rule, c.from)
		}
		if f := rulesOf(t, text)[c.rule]; len(f) > 0 {
			t.Errorf("%s: %q flags %v", c.rule, c.to, f)
		}
	}
}

func TestCheckRegulation(t *testing.T) {
	const head = "---\ntitle: 甲条例\nconvention: regulation\n---\n"
	for _, c := range []struct {
		rule, text string
		line       int // 0 when nothing may be flagged
	}{
		{"REG-01", "第一条 甲。\n\n第三条 乙。\n", 7},
		{"REG-01", "第一条 甲。\n\n第一条之一 乙。\n\n第二条 丙。\n", 0},
		{"REG-02", "第一条 甲。\n\n第二条 违反本条例第九条规定的，处罚。\n", 7},
		{"REG-02", "第一条 甲。\n\n第二条 违反本条例第一条、第二条和第三条规定的，处罚。\n", 7},
		{"REG-02", "第一条 甲。\n\n第二条 违反本条例第一条、《邮政法》第九条规定的，依照行政处罚法第十条处罚。\n", 0},
		{"REG-03", "第一条 甲。\n\n第二条 违反本条例第一条第二款规定的，处罚。\n", 7},
		{"REG-03", "第一条 甲。\n\n乙。\n\n第二条 违反本条例第一条第二款规定的，处罚。\n", 0},
		{"CIT-01", "第一条 见[](#x)。\n", 5},
	} {
		got := rulesOf(t, head+c.text)[c.rule]
		switch {
		case c.line == 0 && len(got) > 0:
			t.Errorf("%s: %q flags %v", c.rule, c.text, got)
		case c.line > 0 && (len(got) != 1 || got[0].Line != c.line):
			t.Errorf("%s: %q flags %v, want line %d", c.rule, c.text, got, c.line)
		}
	}
}

// A document that was not parsed has the lines of what Write gives.
func TestCheckLinesOfWrittenText(t *testing.T) {
	d := document(t, strings.Replace(sound, "应符合约定", "必须符合约定", 1))
	want := Check(d)
	for c := range d.All() {
		c.Line = 0
	}
	got := Check(d)
	if len(got) != 1 || len(want) != 1 || got[0] != want[0] {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The bundled standards keep the rules.
func TestCheckBundled(t *testing.T) {
	paths, _ := filepath.Glob("../standards/*sf001*.md")
	if len(paths) == 0 {
		t.Fatal("no bundled standards")
	}
	for _, p := range paths {
		src, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Check(document(t, string(src))) {
			t.Errorf("%s:%d: %s %s", p, f.Line, f.Rule, f.Message)
		}
	}
}
