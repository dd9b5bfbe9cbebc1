package search_test

import (
	"slices"
	"strings"
	"testing"

	"tongbiao/registry/search"
)

const (
	quality = `---
id: gb-t-27917-1
number: GB/T 27917.1—2023
title: 快递服务　第1部分：基本术语
kind: national
convention: standard
status: in-force
---

## 范围 {#scope}
本文件界定了快递服务的基本术语。

## 术语 {#terms}

### 快件 {#item}
快递服务组织依法递送的信件、包裹、印刷品等的统称。

## 附录（资料性）分类 {#annex-a}

### 按时限 {#a-time}
快件按时限分类。
`
	civil = `---
id: civil-code
title: 中华人民共和国民法典
kind: law
convention: regulation
status: in-force
---

## 第一章　总则 {#ch-1}

### 第一条 {#a-1}
为了保护民事主体的合法权益，制定本法。

### 第一千一百六十五条 {#a-1165 number=第一千一百六十五条}
行为人因过错侵害他人民事权益造成损害的，应当承担侵权责任。

依照法律规定推定行为人有过错，其不能证明自己没有过错的，应当承担侵权责任。

### 第一千一百六十五条之一 {#a-1165-1 number=第一千一百六十五条之一}
本条是试验用的。
`
	consumers = `---
id: consumers
title: 消费者权益保护法
kind: law
convention: regulation
status: in-force
---

### 第一条 {#c-1}
为保护消费者的合法权益，制定本法。
`
)

// Every common spelling goes to its place.
func TestSpellings(t *testing.T) {
	part2 := strings.NewReplacer("gb-t-27917-1", "gb-t-27917-2", "27917.1", "27917.2", "第1部分：基本术语", "第2部分：组织要求").Replace(quality)
	earlier := strings.NewReplacer("2001-2019", "2001-2012", "status: superseded", "published: 2012-01-01").Replace(zhejiang)
	x := indexed(t, shanghai, earlier, strings.Replace(zhejiang, "status: superseded", "published: 2019-01-01", 1), express, quality, part2, civil, consumers)
	for want, spellings := range map[string][]string{
		"db31-t-310003": {
			"DB31/T 310003", "DB31/T310003", "db31t310003", "db31/t 310003", "DB31T 310003", "DB 31/T 310003-2021", "DB31／T310003—2021",
			"ＤＢ３１／Ｔ　３１０００３－２０２１", "DB31/T 310003–2021", "DB31/T 310003 — 2021", "DB31/T 310003－2021", "DB31/T 310003:2021", "DB31/T 310003（2021）",
			"DB31∕T 310003", "《DB31/T 310003》", "DB31/T 310003 快递末端服务规范", "快递末端服务规范 DB31/T 310003—2021", "《快递末端服务规范》（DB31/T 310003—2021）",
			"DB31 310003", "DB31310003", "上海地标310003", "上海市地方标准 310003", "地方标准DB31/T 310003", "沪地标310003",
			"DB32/T 310003", "江苏地标 310003", "DB31/T 310003—2021 DB32/T 310003—2021", "标准号：DB31/T 310003", "db31-t-310003",
			"快递末端服务规范", "《快递末端服务规范》", "快遞末端服務規範", "查询快递末端服务规范", "快递末端服务规范的内容是什么",
		},
		"db31-t-310003#delivery-time": {"DB31/T 310003 2.1", "DB31/T 310003—2021 2.1", "DB31/T 310003 第2.1条", "DB31/T 310003的2.1", "DB31/T 310003 中 2.1 条", "快递末端服务规范 2.1", "《快递末端服务规范》2.1", "db31t310003 2.1"},
		"gb-t-27917-1": {
			"GB/T 27917.1", "GB/T27917.1-2023", "GBT 27917.1", "GBT27917.1", "gbt27917.1-2023", "gb/t27917.1—2023", "ＧＢ／Ｔ２７９１７．１", "GB 27917.1", "GB27917.1-2023",
			"国标27917.1", "国标 GB/T 27917.1", "国标：GB/T 27917.1", "国家标准27917.1-2023", "推荐性国家标准 GB/T 27917.1", "GB-T 27917.1", "根据GB/T 27917.1",
		},
		"gb-t-27917-1#item":    {"GB/T 27917.1 2.1", "GB/T 27917.1-2023 第2.1条", "国标27917.1 2.1"},
		"gb-t-27917-1#annex-a": {"GB/T 27917.1 附录A", "GB/T 27917.1 附录 A", "GB/T 27917.1-2023 A"},
		"gb-t-27917-1#a-time":  {"GB/T 27917.1 A.1"},
		"db33-t-2001":          {"DB33/T 2001", "DB33/T 2001-2019", "浙江省地方标准2001"},
		"db33-t-2001/1":        {"DB33/T 2001-2012", "db33t2001—2012", "浙江地标2001-2012"},
		"express-regulation":   {"快递暂行条例", "《快递暂行条例》", "快递条例", "快遞暫行條例", "快递暂行条例（2019年修正）"},
		"express-regulation#a-3": {
			"快递暂行条例第三条", "快递暂行条例第3条", "《快递暂行条例》第三条", "《快递暂行条例》 第 3 条", "快递暂行条例 第３条", "《快递暂行条例》（2019修订）第三条",
			"第三条 快递暂行条例", "第三条《快递暂行条例》", "快递暂行条例3条", "根据《快递暂行条例》第三条的规定", "快递暂行条例第三条规定了什么", "快递条例第三条", "快遞暫行條例第三條",
		},
		"express-regulation#a-2:1": {"快递暂行条例第二条第一款", "《快递暂行条例》第2条第1款", "《快递暂行条例》第二条第一款第（一）项"},
		"express-regulation#ch-2":  {"快递暂行条例第二章", "《快递暂行条例》第2章"},
		"civil-code":               {"民法典", "中华人民共和国民法典", "中華人民共和國民法典"},
		"civil-code#a-1165": {
			"民法典第一千一百六十五条", "民法典第1165条", "民法典1165条", "民法典 1165", "民法典1165", "《中华人民共和国民法典》第一千一百六十五条", "中华人民共和国民法典第１１６５条", "第1165条民法典", "合同编第1165条",
		},
		"civil-code#a-1165:2": {"民法典第一千一百六十五条第二款", "民法典第1165条第2款", "民法典1165条2款"},
		"civil-code#a-1165-1": {"民法典第一千一百六十五条之一", "民法典第1165条之一"},
		"consumers#c-1":       {"消法第一条", "消费者保护法第1条"},
		"": {
			"DB31/T 31000", "DB31/T 310003-1999", "DB31/T 310003 9.9", "GB/T 27917", "GB/T 27917-2023", "快递暂行条例第九十条", "民法第一条", "第三条", "条", "快递", "什么是DB31/T 310003的投递时限", "DB31/T 310003 电动自行车", "310003",
		},
	} {
		for _, text := range spellings {
			got := ""
			if ref := find(t, x, search.Query{Text: text}).Direct; ref != nil {
				got = ref.String()
			}
			if got != want {
				t.Errorf("%s goes to %q, want %q", text, got, want)
			}
		}
	}
}

// A number that may mean several is answered by them.
func TestChoices(t *testing.T) {
	part := func(n string) string {
		return strings.NewReplacer("gb-t-27917-1", "gb-t-27917-"+n, "27917.1", "27917."+n, "第1部分：基本术语", "第"+n+"部分").Replace(quality)
	}
	x := indexed(t, quality, part("2"), part("3"), express, strings.Replace(express, "id: express-regulation", "id: other-regulation", 1))
	for text, want := range map[string]string{
		"GB/T 27917":      "gb-t-27917-1 gb-t-27917-2 gb-t-27917-3",
		"gbt27917":        "gb-t-27917-1 gb-t-27917-2 gb-t-27917-3",
		"国标27917":         "gb-t-27917-1 gb-t-27917-2 gb-t-27917-3",
		"GB 27917":        "gb-t-27917-1 gb-t-27917-2 gb-t-27917-3",
		"GB/T 27917.1-11": "gb-t-27917-1", // of another year
		"快递暂行条例":          "express-regulation other-regulation",
		"《快递暂行条例》第一条":     "express-regulation other-regulation",
		"GB/T 27917.1":    "",
		"快递":              "",
	} {
		var got []string
		for _, c := range find(t, x, search.Query{Text: text}).Choices {
			got = append(got, c.Standard)
		}
		slices.Sort(got)
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%s may mean %q, want %q", text, g, want)
		}
	}
}

// Pinyin, initials, traditional characters and one wrong character find what
// was meant.
func TestSpeltOtherwise(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	for text, want := range map[string]string{
		"kuaidi":          "express-regulation/1#a-1",
		"kuai di mo duan": "db31-t-310003/1#scope",
		"kdmdfw":          "db31-t-310003/1#scope",
		"kuaidizxtl":      "express-regulation/1#a-1",
		"智能快遞箱":           "db31-t-310003/1#locker",
		"智能快建箱":           "db31-t-310003/1#locker",
		"投弟时限":            "db31-t-310003/1#delivery-time",
		"快件延误、丟失、損毀":      "express-regulation/1#a-3",
		"zzz":             "",
		"locker":          "",
	} {
		res := find(t, x, search.Query{Text: text})
		got := ""
		if len(res.Hits) > 0 {
			got = res.Hits[0].Ref.String()
		}
		if got != want {
			t.Errorf("%s finds %q first, want %q; %s", text, got, want, res.Tried)
		}
	}
	if got := find(t, x, search.Query{Text: "kdmd"}).Choices; len(got) != 1 || got[0].Standard != "db31-t-310003" {
		t.Errorf("kdmd may mean %v", got)
	}
	if got := find(t, x, search.Query{Text: "著作权"}).Tried; strings.Contains(got, "着") {
		t.Errorf("著 is written another way: %s", got)
	}
}
