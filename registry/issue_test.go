package registry_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tongbiao/registry"
)

// opened opens a project of 沪 and 苏 in a registry with both texts, with these
// issues, and returns what is kept.
func opened(t testing.TB, change func(*registry.Project)) (registry.Project, error) {
	t.Helper()
	reg, _ := dated(t)
	p := ofTwo("q")
	change(&p)
	return reg.CreateProject(secretary, p)
}

// fieldsOf are the fields that an error's refusals name.
func fieldsOf(err error) (fields []string) {
	switch e := err.(type) {
	case *registry.Refusal:
		return []string{e.Field}
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			fields = append(fields, fieldsOf(one)...)
		}
	}
	return fields
}

func TestNumbersOfLocalStandards(t *testing.T) {
	reg, _ := dated(t)
	for i, c := range []struct{ region, typed, want string }{
		{"31", "DB31/T 310003—2025", "DB31/T 310003—2025"},
		{"31", "db31/t310003-2025", "DB31/T 310003—2025"},
		{"31", "ＤＢ３１／Ｔ　３１０００３－２０２５", "DB31/T 310003—2025"},
		{"31", "DB31 / T 310003 – 2025", "DB31/T 310003—2025"},
		{"31", "DB31 1234—2019", "DB31 1234—2019"},
		{"31", "DB31/T 1234.2-2019", "DB31/T 1234.2—2019"},
		{"31", "DB31/T 示范310001—2026", "DB31/T 示范310001—2026"},
		{"31", "DB31/T 310xxx—2026", "DB31/T 310xxx—2026"},
		{"31", "沪市监标〔2025〕12号", "沪市监标〔2025〕12号"},
		{"31", "2025-0123-计划", "2025-0123-计划"},
		{"31", "", ""},
		{"31", "DB32/T 310003—2025", "!江苏省"},
		{"31", "DB31/T 310003", "!年代号"},
		{"31", "DB31/T 310003—25", "!不像"},
		{"31", "DB31/T —2025", "!不像"},
		{"31", "DB31/Q 310003—2025", "!不像"},
		{"31", "DB310003—2025", "!DB31/T"},
		{"31", "GB/T 1.1—2020", "!地方标准"},
		{"31", "YZ/T 0145—2015", "!地方标准"},
		{"31", "T/ABC 1—2020", "!地方标准"},
		{"32", "DB32/T 310003—2025", "DB32/T 310003—2025"},
		{"31", strings.Repeat("长", 201), "!一行"},
		{"31", "DB31/T\n310003—2025", "!一行"},
	} {
		p := ofTwo(fmt.Sprint("n", i))
		p.Issues = map[string]registry.Issue{c.region: {Number: c.typed}}
		kept, err := reg.CreateProject(secretary, p)
		wrong, bad := strings.CutPrefix(c.want, "!")
		switch {
		case bad && (err == nil || !strings.Contains(err.Error(), wrong) || !slices.Equal(fieldsOf(err), []string{"number-" + c.region})):
			t.Errorf("%q: got %v on %v, want %s", c.typed, err, fieldsOf(err), wrong)
		case !bad && err != nil:
			t.Errorf("%q: %v", c.typed, err)
		case !bad && kept.Issues[c.region].Number != c.want:
			t.Errorf("%q became %q, want %q", c.typed, kept.Issues[c.region].Number, c.want)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"DB31/T 310003—2025", "DB31", "ＤＢ31/T１—２０２５", "——", "DB99/T 1—2000", "示范", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, err := registry.LocalNumber("31", s)
		if err != nil {
			return
		}
		if twice, err := registry.LocalNumber("31", once); err != nil || twice != once {
			t.Errorf("%q became %q and then %q, %v", s, once, twice, err)
		}
		if (registry.Issue{Number: once}).Final() && !strings.HasPrefix(once, "DB31") {
			t.Errorf("%q is final for 沪", once)
		}
	})
}

func TestDatesStandInOrder(t *testing.T) {
	full := registry.Issue{Started: "2025-01-08", Approved: "2026年3月1日", Published: "2026/3/15", Effective: "20260701", Issuer: "上海市市场监督管理局"}
	p, err := opened(t, func(p *registry.Project) { p.Issues = map[string]registry.Issue{"31": full} })
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Issues["31"]; got.Approved != "2026-03-01" || got.Published != "2026-03-15" || got.Effective != "2026-07-01" {
		t.Errorf("kept %+v", got)
	}
	if _, kept := p.Issues["32"]; kept {
		t.Error("an issue of which nothing is known is kept")
	}
	_, err = opened(t, func(p *registry.Project) {
		p.Title = " "
		p.Issues = map[string]registry.Issue{
			"31": {Started: "2026-02-30", Published: "2026-03-01", Effective: "2026-02-28"},
			"32": {Started: "2026-05-01", Effective: "2026-04-30"},
		}
	})
	if got, want := fieldsOf(err), []string{"title", "started-31", "effective-31", "effective-32"}; !slices.Equal(got, want) {
		t.Errorf("faults in %v (%v), want all of %v at once", got, err, want)
	}
	refused(t, err, registry.Invalid)
}

func TestTerritory(t *testing.T) {
	p, err := opened(t, func(p *registry.Project) {
		p.Territory = []string{" 上海市青浦区、", "", "江苏省苏州市吴江区", "上海市青浦区"}
	})
	if err != nil || !slices.Equal(p.Territory, []string{"上海市青浦区", "江苏省苏州市吴江区"}) {
		t.Errorf("kept %v, %v", p.Territory, err)
	}
	for _, place := range []string{"浙江省嘉善县", "上海市", "吴江区"} {
		_, err := opened(t, func(p *registry.Project) { p.Territory = []string{place} })
		if !registry.Refused(err, registry.Invalid) || !slices.Equal(fieldsOf(err), []string{"territory"}) {
			t.Errorf("%s, which is not a part of a participant: %v", place, err)
		}
	}
}

func TestRemarks(t *testing.T) {
	for _, c := range []struct {
		mode registry.Mode
		a, b registry.Issue
		want []registry.Remark
	}{
		{registry.Jointly, registry.Issue{}, registry.Issue{}, nil},
		{registry.Jointly, registry.Issue{Number: "DB31/T 310003—2025"}, registry.Issue{Number: "DB32/T 310003—2025"}, nil},
		{registry.Jointly, registry.Issue{Number: "DB31/T 310003—2025"}, registry.Issue{Number: "DB32/T 310004—2026"}, []registry.Remark{registry.SerialsDiffer, registry.YearsDiffer}},
		{registry.Separately, registry.Issue{Number: "DB31/T 310003—2025"}, registry.Issue{Number: "DB32/T 310003—2026"}, nil},
		{registry.Jointly, registry.Issue{Number: "DB31/T 310003—2025"}, registry.Issue{}, []registry.Remark{registry.NumbersFinal}},
		{registry.Jointly, registry.Issue{Published: "2026-03-01"}, registry.Issue{Published: "2026-03-02"}, []registry.Remark{registry.PublishedApart}},
		{registry.Separately, registry.Issue{Published: "2026-03-01"}, registry.Issue{Published: "2026-03-02", Effective: "2026-03-02"}, []registry.Remark{registry.NoDaysOfEffect}},
		{registry.Separately, registry.Issue{Effective: "2026-03-01"}, registry.Issue{Effective: "2026-03-02"}, []registry.Remark{registry.EffectiveApart}},
	} {
		p := ofTwo("q")
		p.Mode, p.Issues = c.mode, map[string]registry.Issue{"31": c.a, "32": c.b}
		if got := p.Remarks(); !slices.Equal(got, c.want) {
			t.Errorf("%s %+v %+v: %v, want %v", c.mode, c.a, c.b, got, c.want)
		}
	}
}
