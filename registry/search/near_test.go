package search_test

import (
	"slices"
	"strings"
	"testing"

	"tongbiao/registry/search"
)

func named(list []search.Candidate) []string {
	out := []string{}
	for _, c := range list {
		out = append(out, c.Standard)
	}
	return out
}

func TestCandidatesAndNear(t *testing.T) {
	part := func(id, n, title string) string {
		return strings.NewReplacer("id: db33-t-2001", "id: "+id, "DB33/T 2001-2019", n, "快递业末端网点要求", title).Replace(zhejiang)
	}
	x := indexed(t, shanghai, zhejiang, express,
		part("gb-t-27917-1", "GB/T 27917.1-2023", "快递服务 第1部分：基本术语"), part("gb-t-27917-2", "GB/T 27917.2-2023", "快递服务 第2部分：组织要求"),
		strings.Replace(express, "id: express-regulation", "id: other-regulation", 1))
	for text, want := range map[string][]string{
		"GB/T 27917":   {"gb-t-27917-1", "gb-t-27917-2"},
		"gbt27917.2":   {"gb-t-27917-2"},
		"快递暂行条例":       {"express-regulation", "other-regulation"},
		"快递":           {},
		"27917":        {},
		"":             {},
		"DB33/T 20":    {"db33-t-2001"},
		"(((DB33/T))*": {"db33-t-2001"},
	} {
		got, err := x.Candidates(text, 10)
		if err != nil || !slices.Equal(named(got), want) {
			t.Errorf("%s may mean %v, want %v (%v)", text, named(got), want, err)
		}
	}
	for text, want := range map[string]string{
		"DB31/T 310004":           "db31-t-310003",
		"DB33/T 2011":             "db33-t-2001",
		"快件末端服务规范":                "db31-t-310003",
		"快递末端网点服务要求":              "db33-t-2001",
		"GB/T 27971.1":            "gb-t-27917-1",
		"水稻种植技术规程":                "",
		"\x00":                    "",
		strings.Repeat("快", 5000): "",
	} {
		list, err := x.Near(text, 3)
		got := ""
		if len(list) > 0 {
			got = list[0].Standard
		}
		if err != nil || got != want {
			t.Errorf("%.40s is near %q, want %q (%v)", text, got, want, err)
		}
	}
}
