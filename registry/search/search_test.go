package search_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tongbiao/registry"
	"tongbiao/registry/search"
)

func TestSearchFinds(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	for _, c := range []struct {
		text string
		want []string // in any order
	}{
		{"智能快件箱", []string{"db31-t-310003/1#locker"}},
		{"快递员", []string{"db33-t-2001/1#service"}}, // not where 快递 and 员 stand apart
		{"24 h", []string{"db31-t-310003/1#delivery-time"}},
		{"24h", []string{"db31-t-310003/1#delivery-time"}},
		{"２４Ｈ", []string{"db31-t-310003/1#delivery-time"}},
		{"3日", []string{"db31-t-310003/1#locker"}},
		{"3 日", []string{"db31-t-310003/1#locker"}},
		{"18小时", []string{"db31-t-310003/1#locker"}},
		{"3个工作日", []string{"express-regulation/1#a-3"}},
		{"100 元", []string{"express-regulation/1#a-3"}},
		{"赔偿 保价", []string{"express-regulation/1#a-3"}},
		{"延误、丢失", []string{"express-regulation/1#a-3"}},
		{"暂行条例 赔偿", []string{"express-regulation/1#a-3"}}, // the title is context
		{"快递服务 保价", []string{"express-regulation/1#a-3"}}, // so is the chapter
		{"第三条", []string{"express-regulation/1#a-3"}},
		{"箱", []string{"db31-t-310003/1#locker"}},
		{"牌", []string{"db33-t-2001/1#service"}}, // the last character before a break
		{"DB33/T 工牌", []string{"db33-t-2001/1#service"}},
	} {
		res := find(t, x, search.Query{Text: c.text})
		got := refs(res)
		slices.Sort(got)
		if !slices.Equal(got, c.want) || res.Total != len(c.want) || res.Tried != "" {
			t.Errorf("%s finds %v (total %d, tried %q), want %v", c.text, got, res.Total, res.Tried, c.want)
		}
	}
}

func TestHit(t *testing.T) {
	x := indexed(t, shanghai)
	res := find(t, x, search.Query{Text: "免费保管期"})
	if len(res.Hits) != 1 {
		t.Fatalf("finds %v", refs(res))
	}
	h := res.Hits[0]
	got := fmt.Sprintln(h.Ref, h.Standard, h.Number, h.Title, h.Regions, h.Kind, h.Status, h.Clause, h.Heading, h.Path, h.Text, h.Modality, h.Marks)
	want := "db31-t-310003/1#locker db31-t-310003 DB31/T 310003—2021 快递末端服务规范 [31 32] local in-force 2.2 智能快件箱 [2 投递] 智能快件箱的免费保管期不应少于18小时，宜为3日。 prohibition [[18 33]]\n"
	if got != want {
		t.Errorf("got  %swant %s", got, want)
	}
	if h.Score <= 0 {
		t.Errorf("score %v", h.Score)
	}
}

// A reference reads as the number that it shows.
func TestReferencesAreRead(t *testing.T) {
	x := indexed(t, shanghai+"\n### 例外 {#other}\n不适用[](#delivery-time)和[](#tab-x)的，见[](#gone)。\n\n表：时限 {#tab-x}\n| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n")
	res := find(t, x, search.Query{Text: "不适用 2.1"})
	if len(res.Hits) != 1 || !strings.HasPrefix(res.Hits[0].Text, "不适用2.1和表1的，见#gone。") {
		t.Errorf("finds %v", res.Hits)
	}
}

// While texts arrive, every search finds each standard whole or not at all.
func TestSearchWhileFollowing(t *testing.T) {
	reg := openRegistry(t)
	importTexts(t, reg, shanghai)
	x := openIndex(t, t.TempDir(), reg)
	defer x.Close()
	catchUp(t, x)
	ctx, stop := context.WithCancel(context.Background())
	var busy sync.WaitGroup
	busy.Go(func() { x.Follow(ctx) })
	for range 2 {
		busy.Go(func() {
			for ctx.Err() == nil {
				res, err := x.Search(search.Query{Text: "快递", Limit: 100})
				if err != nil {
					t.Error(err)
					return
				}
				count := map[registry.Ref]int{}
				for _, h := range res.Hits {
					h.Ref.Clause = ""
					count[h.Ref]++
				}
				if n := len(res.Hits); n != 4 && n != 6 {
					t.Errorf("%d hits: %v", n, count)
					return
				}
			}
		})
	}
	for i := range 10 {
		importTexts(t, reg, strings.Replace(shanghai, "24 h", fmt.Sprintf("%d h", 25+i), 1))
	}
	importTexts(t, reg, zhejiang)
	catchUp(t, x)
	if got := refs(find(t, x, search.Query{Text: "34 h"})); !slices.Equal(got, []string{"db31-t-310003/11#delivery-time"}) {
		t.Errorf("34 h finds %v", got)
	}
	stop()
	busy.Wait()
}

func TestDirect(t *testing.T) {
	older := strings.Replace(strings.Replace(zhejiang, "2001-2019", "2001-2012", 1), "status: superseded", "published: 2012-01-01", 1)
	x := indexed(t, shanghai, older, strings.Replace(zhejiang, "status: superseded", "published: 2019-01-01", 1), express)
	for text, want := range map[string]string{
		"DB31/T 310003":     "db31-t-310003",
		"db31t310003":       "db31-t-310003",
		"DB31/T310003-2021": "db31-t-310003",
		"ＤＢ３１／Ｔ　３１０００３":      "db31-t-310003",
		"DB32/T 310003—2021": "db31-t-310003",
		"db31-t-310003":      "db31-t-310003",
		"DB33/T 2001":        "db33-t-2001",
		"DB33/T 2001-2012":   "db33-t-2001/1", // an earlier edition
		"快递末端服务规范":           "db31-t-310003",
		"《快递暂行条例》":           "express-regulation",
		"快递暂行条例第三条":          "express-regulation#a-3",
		"《快递暂行条例》第3条":        "express-regulation#a-3",
		"快递暂行条例 第三条":         "express-regulation#a-3",
		"快递暂行条例第二条第一款":       "express-regulation#a-2:1",
		"快递暂行条例第九条":          "",
		"DB31/T 310003 2.1":  "db31-t-310003#delivery-time",
		"快递末端服务规范 2.2":       "db31-t-310003#locker",
		"DB31/T 31000":       "",
		"快递":                 "",
		"第三条":                "",
		"条":                  "",
	} {
		got := ""
		if ref := find(t, x, search.Query{Text: text}).Direct; ref != nil {
			got = ref.String()
		}
		if got != want {
			t.Errorf("%s goes to %q, want %q", text, got, want)
		}
	}
}

// Two texts of one title: it names neither.
func TestDirectIsOne(t *testing.T) {
	x := indexed(t, express, strings.Replace(express, "id: express-regulation", "id: other-regulation", 1))
	if got := find(t, x, search.Query{Text: "快递暂行条例"}); got.Direct != nil {
		t.Errorf("goes to %v", got.Direct)
	}
}

func TestQuestionsAndFallback(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	for text, want := range map[string]string{
		"快件丢失了怎么赔偿":     "express-regulation/1#a-3",
		"快件要在多久投递？":     "db31-t-310003/1#delivery-time",
		"智能快件箱保管 冷链运输":  "db31-t-310003/1#locker", // not all words
		"能用可降解的包装材料吗":   "express-regulation/1#a-2",
		"怎么办理末端网点 工牌":   "db33-t-2001/1#service",
		"快递丢了怎么赔":       "express-regulation/1#a-3", // 赔 begins 赔偿
		"怎么":            "",
		"完全没有的词语冰箱洗衣机器": "",
	} {
		res := find(t, x, search.Query{Text: text})
		got := ""
		if len(res.Hits) > 0 {
			got = res.Hits[0].Ref.String()
		}
		if got != want {
			t.Errorf("%s finds %q first, want %q", text, got, want)
		}
		if res.Tried == "" && text != "怎么" {
			t.Errorf("%s: does not say what was tried", text)
		}
	}
}

// A filter takes some of what is found and leaves its order.
func TestFiltersKeepTheOrder(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	for _, text := range []string{"快递", "末端", "应", "怎么赔偿", "快递 应"} {
		all := find(t, x, search.Query{Text: text, Limit: 100})
		for name, c := range map[string]struct {
			q     search.Query
			takes func(search.Hit) bool
		}{
			"region 31":    {search.Query{Regions: []string{"31"}}, func(h search.Hit) bool { return slices.Contains(h.Regions, "31") }},
			"region 31 33": {search.Query{Regions: []string{"31", "33"}}, func(h search.Hit) bool { return len(h.Regions) > 0 }},
			"national":     {search.Query{Regions: []string{"national"}}, func(h search.Hit) bool { return len(h.Regions) == 0 }},
			"kind":         {search.Query{Kinds: []string{"local"}}, func(h search.Hit) bool { return h.Kind == "local" }},
			"status":       {search.Query{Statuses: []string{"superseded"}}, func(h search.Hit) bool { return h.Status == "superseded" }},
			"standard":     {search.Query{Standard: "db33-t-2001"}, func(h search.Hit) bool { return h.Standard == "db33-t-2001" }},
			"two":          {search.Query{Kinds: []string{"local"}, Regions: []string{"33"}}, func(h search.Hit) bool { return h.Standard == "db33-t-2001" }},
		} {
			c.q.Text, c.q.Limit = text, 100
			var want []string
			for _, h := range all.Hits {
				if c.takes(h) {
					want = append(want, h.Ref.String())
				}
			}
			if len(want) == 0 {
				continue // then some of the words are enough
			}
			if got := find(t, x, c.q); !slices.Equal(refs(got), want) || got.Total != len(want) {
				t.Errorf("%s, %s: got %v (total %d), want %v", text, name, refs(got), got.Total, want)
			}
		}
	}
}

func TestModalityFilter(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	for modality, want := range map[string][]string{
		"prohibition":    {"db31-t-310003/1#locker"},
		"recommendation": {"db31-t-310003/1#locker"},
		"encouragement":  {"express-regulation/1#a-2"},
	} {
		got := refs(find(t, x, search.Query{Text: "快", Modalities: []string{modality}}))
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", modality, got, want)
		}
	}
}

func TestFacets(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	// Every clause with 快递 in it or in its title.
	f := find(t, x, search.Query{Text: "快递"}).Facets
	got := fmt.Sprint(f)
	want := "{[{national 5} {31 4} {32 4} {33 2}] [{local 6} {regulation 5}] [{in-force 9} {superseded 2}] [{obligation 3} {prohibition 1} {recommendation 1} {permission 2} {encouragement 1}] [{deliver 2} {outlet 2} {locker 1} {pack 1} {rights 1}] []}"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// A dimension is counted whatever is chosen in it, the others within it.
	f = find(t, x, search.Query{Text: "快递", Regions: []string{"33"}}).Facets
	got = fmt.Sprint(f)
	want = "{[{national 5} {31 4} {32 4} {33 2}] [{local 2}] [{superseded 2}] [{obligation 1} {permission 1}] [{outlet 2}] []}"
	if got != want {
		t.Errorf("in 33: got  %s\nwant %s", got, want)
	}
}

func TestPages(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	all := refs(find(t, x, search.Query{Text: "快递", Limit: 100}))
	var paged []string
	for offset := 0; offset < len(all)+3; offset += 3 {
		paged = append(paged, refs(find(t, x, search.Query{Text: "快递", Offset: offset, Limit: 3}))...)
	}
	if !slices.Equal(paged, all) {
		t.Errorf("by pages %v, at once %v", paged, all)
	}
	for _, q := range []search.Query{{Offset: 9_999, Limit: 2}, {Offset: -1}, {Limit: -1}, {Offset: 1 << 62, Limit: 1 << 62}} {
		q.Text = "快递"
		if _, err := x.Search(q); !registry.Refused(err, registry.Invalid) {
			t.Errorf("offset %d, limit %d: %v", q.Offset, q.Limit, err)
		}
	}
	if got := find(t, x, search.Query{Text: "快递", Offset: 9_000}); len(got.Hits) != 0 || got.Total != len(all) {
		t.Errorf("beyond the end: %v, total %d", refs(got), got.Total)
	}
}

// Equal scores are in the order of reading, whatever the segments are.
func TestTiesAreInReadingOrder(t *testing.T) {
	var b strings.Builder
	b.WriteString("---\nid: many\ntitle: 许多条\nconvention: regulation\n---\n")
	var want []string
	for i := range 30 {
		fmt.Fprintf(&b, "\n### 第%d条 {#a-%d}\n经营企业应当如此。\n", i+1, i+1)
		want = append(want, fmt.Sprintf("many/1#a-%d", i+1))
	}
	// Numerals of one length, so that all lengths are equal.
	text := b.String()
	x := indexed(t, text)
	got := refs(find(t, x, search.Query{Text: "经营企业", Limit: 30}))
	score := map[string][]string{}
	for _, h := range find(t, x, search.Query{Text: "经营企业", Limit: 30}).Hits {
		key := fmt.Sprint(h.Score)
		score[key] = append(score[key], h.Ref.String())
	}
	if len(got) != len(want) {
		t.Fatalf("finds %d, want %d", len(got), len(want))
	}
	for _, tied := range score {
		if !slices.IsSortedFunc(tied, func(a, b string) int { return slices.Index(want, a) - slices.Index(want, b) }) {
			t.Errorf("not in reading order: %v", tied)
		}
	}
}

// What is a query language elsewhere is plain text here.
func TestHostileQueries(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	for _, text := range []string{
		"", " ", "*", "?", "快*", "/.*/", `"快递`, `"快递 服务"`, "+快递 -服务", "text:快递", "快递~2", "(((", "\x00", "\xff\xfe",
		"快递^9999999999999", "AND OR NOT", "[a TO z]", "{!func}1", strings.Repeat("快递", 5000), strings.Repeat("a ", 5000),
		strings.Repeat("一", 200), strings.Repeat("条 ", 100), "' OR 1=1 --", "<script>", "％", "－", "\u202e", "🚚📦", "%%%", "第条", "第第第条条条",
		strings.Repeat("第一条", 66), "第" + strings.Repeat("一", 190) + "条",
	} {
		if res := find(t, x, search.Query{Text: text}); res.Total < len(res.Hits) {
			t.Errorf("%.20q: total %d of %d hits", text, res.Total, len(res.Hits))
		}
	}
	if got := find(t, x, search.Query{Text: strings.Repeat("快递", 5000)}); !strings.Contains(got.Tried, "200") {
		t.Errorf("a query that was cut says %q", got.Tried)
	}
}
