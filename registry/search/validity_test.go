package search_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tongbiao/registry"
	"tongbiao/registry/search"
)

// locker is one standard in three editions, of which the last is not in force
// yet on the day of the tests, 2026-11-01.
func locker(year int, effective, limit string) string {
	return fmt.Sprintf(`---
id: db31-t-777
number: DB31/T 777—%d
title: 智能快件箱运营规范
kind: local
convention: standard
region: "31"
published: %d-01-15
effective: %s
status: in-force
---

## 保管 {#keeping}

### 保管期 {#time}
快件的免费保管期不应少于 %s。
`, year, year, effective, limit)
}

// A regulation has dates and no number; its first text was changed by a second.
func rule(from, days string) string {
	return fmt.Sprintf(`---
id: js-rule
title: 江苏快递条例
kind: regulation
convention: regulation
region: "32"
published: %s
effective: %s
---

### 第一条 {#a-1}
快件的保管期为%s。
`, from, from, days)
}

func editions(t testing.TB) (*registry.Registry, *search.Index) {
	reg := openRegistry(t)
	for _, text := range []string{
		locker(2019, "2019-05-01", "12 h"), locker(2023, "2023-07-01", "18 h"), locker(2026, "2027-01-01", "24 h"),
		rule("2012-03-01", "三日"), rule("2020-01-01", "五日"), shanghai, zhejiang,
	} {
		importTexts(t, reg, text)
	}
	x := openIndex(t, t.TempDir(), reg)
	t.Cleanup(func() { x.Close() })
	catchUp(t, x)
	return reg, x
}

func TestPointInTime(t *testing.T) {
	_, x := editions(t)
	for day, want := range map[string][]string{
		"":           {"db31-t-777/3#time published 2027-01-01 ", "js-rule/2#a-1 in-force 2020-01-01 "}, // and shanghai, whose text has no date
		"2012-02-29": {},
		"2019-04-30": {"js-rule/1#a-1 in-force 2012-03-01 2020-01-01"},
		"2019-05-01": {"db31-t-777/1#time in-force 2019-05-01 2023-07-01", "js-rule/1#a-1 in-force 2012-03-01 2020-01-01"},
		"2023-06-30": {"db31-t-777/1#time in-force 2019-05-01 2023-07-01", "js-rule/2#a-1 in-force 2020-01-01 "},
		"2024-06-30": {"db31-t-777/2#time in-force 2023-07-01 2027-01-01", "js-rule/2#a-1 in-force 2020-01-01 "},
		"2027-06-30": {"db31-t-777/3#time in-force 2027-01-01 ", "js-rule/2#a-1 in-force 2020-01-01 "},
	} {
		res := find(t, x, search.Query{Text: "保管期", On: day})
		got := []string{}
		for _, h := range res.Hits {
			if h.Standard != "db31-t-310003" {
				got = append(got, fmt.Sprint(h.Ref, " ", h.Status, " ", h.From, " ", h.Until))
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("on %q: got %q, want %q", day, got, want)
		}
		if undated := 1; day != "" && res.Undated != undated {
			t.Errorf("on %s: %d undated, want %d", day, res.Undated, undated)
		}
	}
	if _, err := x.Search(search.Query{Text: "保管期", On: "2024-6-30"}); !registry.Refused(err, registry.Invalid) {
		t.Errorf("a day that is none: %v", err)
	}
}

// The older wording is found on its day only, and says whose number it had.
func TestOldWordingIsFoundOnItsDay(t *testing.T) {
	_, x := editions(t)
	if res := find(t, x, search.Query{Text: "保管期不应少于 12 h"}); slices.Contains(refs(res), "db31-t-777/1#time") || res.Tried == "" {
		t.Errorf("today: %v", refs(res))
	}
	res := find(t, x, search.Query{Text: "12 h", On: "2020-01-01"})
	if len(res.Hits) != 1 || res.Hits[0].Number != "DB31/T 777—2019" || res.Hits[0].Current || !strings.Contains(res.Hits[0].Text, "12 h") {
		t.Errorf("that day: %+v", res.Hits)
	}
	// A name leads to its standard once, however many editions bear it.
	if got := find(t, x, search.Query{Text: "智能快件箱运营规范"}).Direct; got == nil || got.String() != "db31-t-777" {
		t.Errorf("goes to %v", got)
	}
}

// What the index says of a day is what the registry says.
func TestStatusIsTheRegistrys(t *testing.T) {
	reg, x := editions(t)
	for _, day := range []string{"2019-05-01", "2024-06-30", "2026-11-01", "2030-01-01"} {
		for _, h := range find(t, x, search.Query{Text: "免费保管期", On: day}).Hits {
			if got, err := reg.StatusOn(h.Standard, day); err != nil || got != h.Status {
				t.Errorf("%s on %s: index says %s, registry %s (%v)", h.Ref, day, h.Status, got, err)
			}
		}
	}
}

func TestActivitiesAndYears(t *testing.T) {
	_, x := editions(t)
	f := find(t, x, search.Query{Text: "保管期"}).Facets
	if got, want := fmt.Sprint(f.Years), "[{2027 1} {2020 1}]"; got != want {
		t.Errorf("years %s, want %s", got, want)
	}
	for _, c := range []struct {
		q    search.Query
		want string
	}{
		{search.Query{Years: []string{"2020"}}, "[js-rule/2#a-1]"},
		{search.Query{Activities: []string{"locker"}}, "[db31-t-777/3#time db31-t-310003/1#locker]"},
		{search.Query{Activities: []string{"cold"}}, "[]"},
		{search.Query{Statuses: []string{"published"}}, "[db31-t-777/3#time]"},
	} {
		c.q.Text = "保管期"
		got := refs(find(t, x, c.q))
		slices.Sort(got)
		want := strings.Fields(strings.Trim(c.want, "[]"))
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%+v: got %v, want %v", c.q, got, want)
		}
	}
}

// No filter and no day changes the order of what stays, grouped or not.
func TestNewFiltersKeepTheOrder(t *testing.T) {
	_, x := editions(t)
	for _, on := range []string{"", "2024-06-30"} {
		for _, byDate := range []bool{false, true} {
			all := refs(find(t, x, search.Query{Text: "快件", On: on, ByDate: byDate}))
			for _, q := range []search.Query{
				{Activities: []string{"locker", "deliver"}}, {Years: []string{"2020", "2023", "2027"}}, {Statuses: []string{"in-force"}}, {Regions: []string{"31", "32"}}, {Modalities: []string{"prohibition"}},
			} {
				q.Text, q.On, q.ByDate = "快件", on, byDate
				at := -1
				for _, r := range refs(find(t, x, q)) {
					i := slices.Index(all, r)
					if i <= at {
						t.Errorf("%+v: %s stands otherwise than in %v", q, r, all)
					}
					at = i
				}
			}
		}
	}
}

func TestByDate(t *testing.T) {
	_, x := editions(t)
	var days []string
	for _, h := range find(t, x, search.Query{Text: "保管期", ByDate: true}).Hits {
		days = append(days, h.From)
	}
	if want := []string{"2027-01-01", "2020-01-01", ""}; !slices.Equal(days, want) {
		t.Errorf("by date %v, want %v", days, want)
	}
}

// Groups are the standards in the order of their best, each with its best, and
// pages of them are what one long page is.
func TestGroups(t *testing.T) {
	x := indexed(t, shanghai, zhejiang, express)
	all := find(t, x, search.Query{Text: "快递", Limit: 100})
	var want []string
	count := map[string]int{}
	for _, h := range all.Hits {
		if count[h.Standard]++; count[h.Standard] == 1 {
			want = append(want, h.Standard)
		}
	}
	var got []string
	for page := range 4 {
		res := find(t, x, search.Query{Text: "快递", Each: 2, Offset: page, Limit: 1})
		if res.Standards != len(want) || res.Total != all.Total {
			t.Errorf("%d standards and %d clauses, want %d and %d", res.Standards, res.Total, len(want), all.Total)
		}
		if page >= len(want) && len(res.Hits) > 0 {
			t.Errorf("beyond the end: %v", refs(res))
		}
		for i, h := range res.Hits {
			if i == 0 {
				got = append(got, h.Standard)
			}
			if h.Standard != got[page] || h.Of != count[h.Standard] || len(res.Hits) != min(2, h.Of) {
				t.Errorf("page %d: %v of %d", page, refs(res), h.Of)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("groups %v, want %v", got, want)
	}
}

// A standard that another one's new edition replaces is superseded in the index
// too, from that day on.
func TestReplacedByAnother(t *testing.T) {
	reg := openRegistry(t)
	importTexts(t, reg, locker(2019, "2019-05-01", "12 h"))
	x := openIndex(t, t.TempDir(), reg)
	defer x.Close()
	catchUp(t, x)
	importTexts(t, reg, strings.NewReplacer("db31-t-777", "db31-t-778", "777—2024", "778—2024", "status: in-force", "status: in-force\nreplaces: [DB31/T 777—2019]").Replace(locker(2024, "2024-07-01", "20 h")))
	if err := x.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{"2024-06-30": "db31-t-777/1#time", "2024-07-01": "db31-t-778/1#time"} {
		res := find(t, x, search.Query{Text: "免费保管期", On: day})
		for _, h := range res.Hits {
			status, err := reg.StatusOn(h.Standard, day)
			if err != nil || status != h.Status {
				t.Errorf("%s on %s: %s, registry %s %v", h.Ref, day, h.Status, status, err)
			}
		}
		if got := refs(res); !slices.Contains(got, want) {
			t.Errorf("on %s: %v, want %s", day, got, want)
		}
	}
}

// What comes later under the same number takes the earlier wording's place: from
// its own date on, or from the first day where it has none of its own.
func TestPutRightUnderItsNumber(t *testing.T) {
	reg := openRegistry(t)
	importTexts(t, reg, locker(2019, "2019-05-01", "12 h"))
	importTexts(t, reg, locker(2019, "2019-05-01", "14 h")) // an error put right
	importTexts(t, reg, locker(2019, "2022-05-01", "18 h")) // 修改单
	x := openIndex(t, t.TempDir(), reg)
	defer x.Close()
	catchUp(t, x)
	for day, want := range map[string]string{
		"2019-04-30": "[]", "2019-05-01": "[db31-t-777/2#time 14 h]", "2022-04-30": "[db31-t-777/2#time 14 h]", "2022-05-01": "[db31-t-777/3#time 18 h]", "": "[db31-t-777/3#time 18 h]",
	} {
		got := []string{}
		for _, h := range find(t, x, search.Query{Text: "免费保管期", On: day}).Hits {
			_, figure, _ := strings.Cut(strings.TrimSuffix(h.Text, "。"), "少于 ")
			got = append(got, h.Ref.String()+" "+figure)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("on %q: %v, want %s", day, got, want)
		}
	}
}

// A subscription to a search finds what the search does, whatever narrows it.
func TestStandingFindsWhatTheSearchFinds(t *testing.T) {
	reg, x := editions(t)
	standing := &search.Standing{}
	for _, query := range []string{
		"q=保管期", "q=保管期&activity=locker", "q=保管期&activity=cold", "q=保管期&year=2027", "q=保管期&year=2020&year=2019", "q=保管期&status=in-force",
		"q=保管期&status=published", "q=保管期&region=32", "q=保管期&kind=local&modality=obligation", "q=保管期&standard=js-rule",
		"q=保管期&on=2024-06-30", "q=保管期&on=2012-02-29", "q=保管期&on=2020-01-01&region=31", "q=快件&modality=prohibition",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		q := search.QueryOf(values)
		res := find(t, x, q)
		want := refs(res)
		if strings.Contains(res.Tried, "全部") {
			want = nil // of some of the words only
		}
		var got []string
		for _, id := range []string{"db31-t-777", "js-rule", "db31-t-310003"} {
			k, err := reg.Record(id)
			if err != nil {
				continue
			}
			for _, v := range k.Revisions {
				if q.On == "" && v.Number != k.Standard.Current {
					continue
				}
				text, err := reg.Text(v.Ref())
				if err != nil {
					t.Fatal(err)
				}
				found, err := standing.Match(query, text, k)
				if err != nil {
					t.Fatal(err)
				}
				for clause := range found {
					r := v.Ref()
					r.Clause = clause
					got = append(got, r.String())
				}
			}
		}
		want = slices.DeleteFunc(want, func(r string) bool {
			return !strings.HasPrefix(r, "db31-t-777") && !strings.HasPrefix(r, "js-rule") && !strings.HasPrefix(r, "db31-t-310003")
		})
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, the search finds %v (%s)", query, got, want, res.Tried)
		}
	}
}

// A subscription to a question in everyday words finds the clause that answers it
// in the field's.
func TestStandingQuestion(t *testing.T) {
	reg := openRegistry(t)
	importTexts(t, reg, strings.Replace(shanghai, "\n## ", "\n## 赔偿 {#compensation}\n快件丢失的，企业应在 7 日内赔偿。\n\n## ", 1))
	k, err := reg.Record("db31-t-310003")
	if err != nil {
		t.Fatal(err)
	}
	text, err := reg.Text(k.Revisions[0].Ref())
	if err != nil {
		t.Fatal(err)
	}
	standing := &search.Standing{}
	for query, want := range map[string]bool{"快件丢了怎么赔？": true, "快件丢了怎么赔？&modality=prohibition": false, "快件淋湿了怎么赔？": false} {
		values := strings.SplitN(query, "&", 2)
		address := url.Values{"q": {values[0]}}.Encode()
		if len(values) > 1 {
			address += "&" + values[1]
		}
		found, err := standing.Match(address, text, k)
		if err != nil || found["compensation"] != want {
			t.Errorf("%s: %v %v", query, found, err)
		}
	}
}
