package search_test

import (
	"fmt"
	"testing"

	"tongbiao/registry/search"
)

func TestWords(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	for text, want := range map[string]string{
		"快件 水稻": "[{快件 ",
		"智能快件厢": "[{智能快件厢 0 [智能快件箱",
		"能智快件箱": "[{能智快件箱 0 [智能快件箱",
		"":      "[]",
		"((":    "[]",
	} {
		got, err := x.Words(text)
		if err != nil || len(fmt.Sprint(got)) < len(want) || fmt.Sprint(got)[:len(want)] != want {
			t.Errorf("%s: %v, want %s (%v)", text, got, want, err)
		}
	}
}

func FuzzWords(f *testing.F) {
	x := indexed(f, shanghai)
	for _, s := range []string{"智能快件厢", "快 递 丢 了", "一二三四五六七八", "a1 ２４ｈ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := x.Words(text); err != nil {
			t.Fatal(err)
		}
	})
}

// Each filter says what is found without it: what the search says when it is
// taken away.
func TestFiltersSayWhatTheyLeaveOut(t *testing.T) {
	_, x := editions(t)
	for _, q := range []search.Query{
		{Text: "保管期", Regions: []string{"32"}},
		{Text: "保管期", Regions: []string{"31", "34"}, Statuses: []string{"published"}},
		{Text: "保管期", Regions: []string{"34"}, Activities: []string{"locker"}},
		{Text: "保管期", Standard: "js-rule", Years: []string{"2020"}},
		{Text: "保管期", Standard: "js-rule", Years: []string{"2027"}, On: "2028-01-01"},
	} {
		filters := find(t, x, q).Filters
		if len(filters) == 0 {
			t.Errorf("%+v has no filters", q)
		}
		for _, f := range filters {
			less := q
			drop := func(list []string) (out []string) {
				for _, v := range list {
					if v != f.Value {
						out = append(out, v)
					}
				}
				return out
			}
			switch f.Name {
			case "region":
				less.Regions = drop(q.Regions)
			case "status":
				less.Statuses = drop(q.Statuses)
			case "activity":
				less.Activities = drop(q.Activities)
			case "year":
				less.Years = drop(q.Years)
			case "standard":
				less.Standard = ""
			}
			if got := find(t, x, less); got.Total != f.Without {
				t.Errorf("%+v without %s %s: %d, said %d", q, f.Name, f.Value, got.Total, f.Without)
			}
		}
	}
}

// A hit says where the words stand, and a question which of the field's words
// were sought for its own.
func TestReasons(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	for _, h := range find(t, x, search.Query{Text: "快件箱"}).Hits {
		if len(h.Reasons) == 0 {
			t.Errorf("%s says no reason", h.Ref)
		}
	}
	res := find(t, x, search.Query{Text: "快递丢了怎么赔"})
	if len(res.Everyday) == 0 || res.Everyday[0].Said != "丢了" {
		t.Errorf("%+v", res.Everyday)
	}
}

// BenchmarkWords explains a mistyped word over real regulations.
func BenchmarkWords(b *testing.B) {
	x := all.regulations(b, 1).index
	for b.Loop() {
		if _, err := x.Words("水稻种值"); err != nil {
			b.Fatal(err)
		}
	}
}
