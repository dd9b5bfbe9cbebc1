package registry_test

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/registry"
)

// bundledProject is the demonstration's project over the bundled texts.
func bundledProject(t *testing.T) *registry.Registry {
	t.Helper()
	reg := bundled(t)
	p := registry.Project{ID: "last-mile", Title: "快递末端服务规范", Floors: []registry.Ref{{Standard: "gb-sf001"}}, Mode: registry.Jointly, Rule: registry.ByAll, Issues: map[string]registry.Issue{}}
	for _, r := range registry.Regions {
		p.Participants = append(p.Participants, registry.Participant{Region: r.Code, Text: registry.Ref{Standard: "db" + r.Code + "-t-sf001"}})
		p.Issues[r.Code] = registry.Issue{Number: "DB" + r.Code + "/T 示范310001—2026", Published: "2026-12-31", Effective: "2027-04-01"}
	}
	if _, err := reg.CreateProject(secretary, p); err != nil {
		t.Fatal(err)
	}
	return reg
}

// TestStrictestOfTheChosenRegions: each figure stands by its region, the strictest
// of those that were chosen is marked and none else, what is below the nation's
// says so, and the unified text's figure stands beside them from its day on.
func TestStrictestOfTheChosenRegions(t *testing.T) {
	reg := bundledProject(t)
	keeping := func(regions ...string) (registry.Measure, registry.Applicability) {
		t.Helper()
		got, err := reg.Applicable(reader, registry.Profile{Regions: regions, Activities: []editor.Activity{"locker"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range got.Groups[0].Measures {
			if strings.Contains(m.Subject, "智能快件箱内的保管期") || slices.ContainsFunc(m.Values, func(v registry.MeasureValue) bool { return strings.Contains(v.Sentence, "的保管期应不少于") }) {
				return m, got
			}
		}
		t.Fatalf("%v: no measure of the keeping time in %+v", regions, got.Groups[0].Measures)
		return registry.Measure{}, got
	}
	strictest := func(m registry.Measure) (out string) {
		for _, v := range m.Values {
			if v.Strictest {
				out += v.Region + " " + v.Said + ";"
			}
		}
		return out
	}
	m, got := keeping("31", "32", "33", "34")
	if s := strictest(m); s != "31 不少于5日;" {
		t.Errorf("of four the strictest is %q", s)
	}
	if v := m.In("34"); v == nil || !v.Below || v.Said != "不少于48 h" {
		t.Errorf("Anhui's figure is below the nation's and is said to be: %+v", v)
	}
	if m.Unified != nil {
		t.Errorf("nothing is unified yet: %+v", m.Unified)
	}
	if m, _ := keeping("32", "34"); m.In("31") != nil || strings.Contains(strictest(m), "34 ") {
		t.Errorf("of 苏 and 皖: %+v", m)
	}

	// Why each is in the list.
	for _, b := range got.Clauses {
		if b.Scope == "" || b.Field == "" || len(b.Activities) == 0 || !slices.ContainsFunc(b.Activities, func(m editor.Match) bool { return m.ID == "locker" && m.Word != "" }) {
			t.Errorf("%s says not why it is listed: %+v", b.Ref, b)
		}
	}

	v, err := reg.Workbench("last-mile")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(v.Rows, func(r registry.RowView) bool { return r.ID == m.Row })
	if _, err := reg.UnifyRow(secretary, "last-mile", m.Row, v.Rows[at].Version, "保管期", "快件在智能快件箱内的保管期应不少于7日。"); err != nil {
		t.Fatal(err)
	}
	m, got = keeping("31", "32", "33", "34")
	if m.Unified == nil || m.Unified.Said != "不少于7日" || strictest(m) != "31 不少于5日;" {
		t.Errorf("the unified figure stands beside the regions': %+v, strictest %s", m.Unified, strictest(m))
	}
	told := 0
	for _, b := range got.Clauses {
		for _, in := range b.Projects {
			if in.Row == m.Row && in.Unified != nil {
				told++
				if in.From != "2027-04-01" && in.Region != "" && !strings.HasPrefix(b.Ref.Standard, "gb") || !strings.Contains(in.Shown, "7日") {
					t.Errorf("%s: %+v", b.Ref, in)
				}
			}
		}
	}
	if told == 0 {
		t.Error("no clause says what the unified text will make of it")
	}
}

// TestProfileSubscription: whoever subscribed to a profile hears of clauses that
// fit it, word for word, and of no other; what a member ruled out is not told.
func TestProfileSubscription(t *testing.T) {
	reg := bundled(t)
	people(t, reg)
	for _, who := range []registry.Member{shanghai, jiangsu} {
		if _, err := reg.Subscribe(who, registry.Subscription{Kind: registry.ToProfile, Query: "region=31&do=locker"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := reg.RuleOut(jiangsu, registry.Ref{Standard: "db31-t-sf001", Clause: "locker-retention"}, false, "没有快件箱"); err != nil {
		t.Fatal(err)
	}
	revise(t, reg, "db31-t-sf001", "保管期应不少于5日", "保管期应不少于6日")
	revise(t, reg, "db32-t-sf001", "保管期应不少于3日", "保管期应不少于4日")
	if err := reg.Herald(matching()).CatchUp(); err != nil {
		t.Fatal(err)
	}
	news := func(who registry.Member) []registry.News {
		list, err := reg.Subscriptions(who, 10)
		if err != nil || len(list) != 1 {
			t.Fatal(len(list), err)
		}
		return list[0].News
	}
	told := news(shanghai)
	if len(told) != 1 || told[0].Text.Standard != "db31-t-sf001" || len(told[0].Changes) != 1 || told[0].Changes[0].Clause != "locker-retention" || told[0].Changes[0].Fits != registry.FitsNow || len(told[0].Changes[0].Words) == 0 {
		t.Errorf("%+v", told)
	}
	if told := news(jiangsu); len(told) != 0 {
		t.Errorf("what was ruled out is told: %+v", told)
	}
}

// FuzzProfile: whatever an address says is answered or refused, and a profile is
// written as it is read.
func FuzzProfile(f *testing.F) {
	reg := bundled(f)
	for _, q := range []string{"region=31&do=locker&role=hq&scale=large&on=2024-06-30", "region=99", "do=&region=%00", "on=2024-13-01", "scale=x&scale=small"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		p := registry.ReadProfile(q)
		got, err := reg.Applicable(reader, p)
		if err != nil {
			if !registry.Refused(err, registry.Invalid) {
				t.Fatal(err)
			}
			return
		}
		if again := registry.ReadProfile(got.Profile.Values()); !reflect.DeepEqual(again.Values(), got.Profile.Values()) {
			t.Fatalf("%v is read back as %v", got.Profile, again)
		}
	})
}
