package convert

import "testing"

func TestMarkdown(t *testing.T) {
	got := string(Markdown(Paper{
		Title: "对照表", Subtitle: "一 | 二", Blocks: []Block{
			{Kind: Heading, Level: 1, Text: "一、概况"},
			{Kind: Paragraph, Text: "# 不是标题\n<b>第二行*"},
			{Kind: Item, Level: 1, Text: "甲"},
			{Kind: Item, Level: 2, Text: "乙"},
			{Kind: Remark, Text: "注\n续"},
			{Kind: Paragraph, Runs: []Run{{"原", Plain}, {"删", Deleted}, {"添", Inserted}}},
			{Kind: Grid, Table: &Table{Name: "表1", Head: []string{"a", "b"}, Rows: [][]string{{"x|y", "一\n二"}, {"缺"}}, Notes: []string{"表注"}}},
		},
	}))
	want := `# 对照表

一 | 二

## 一、概况

\# 不是标题  
\<b>第二行\*

- 甲
  - 乙

> 注
> 续

原~~删~~**添**

**表1**

| a | b |
| --- | --- |
| x\|y | 一<br>二 |
| 缺 |  |

> 表注

`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
