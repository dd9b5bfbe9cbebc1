package registry_test

import (
	"slices"
	"strings"
	"testing"

	"tongbiao/registry"
)

func explain(t *testing.T, reg *registry.Registry) registry.Explanation {
	t.Helper()
	e, err := reg.Explanation("p")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestExplanationIsFilledFromTheRecords(t *testing.T) {
	reg, m := atMeeting(t)
	row := unify(t, reg, "投诉", "企业应当自收到投诉之日起十日内答复。")
	if _, err := reg.TakePosition(jiangsu, "p", row.ID, "32", registry.Object, "十日太短", row.Unified.Hash); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.Decide(secretary, "p", m.ID, row.ID, row.Version, registry.Deferred, "待苏方测算"); err != nil {
		t.Fatal(err)
	}
	said, err := reg.AddComment(reader, registry.Comment{Project: "p", Row: row.ID, Body: "应说明起算时间"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.AddComment(reader, registry.Comment{Project: "p", Row: row.ID, Body: "另一条意见"}); err != nil {
		t.Fatal(err)
	}
	if _, err := reg.ResolveComment(secretary, said, true, "采纳：自收到之日起"); err != nil {
		t.Fatal(err)
	}
	e := explain(t, reg)
	text := string(e.Markdown())
	for _, want := range []string{
		"一、工作简况", "七、重大分歧意见的处理经过和依据", "十一、其他应予说明的事项",
		"上海市快递末端服务规定", "第一次会议", // who takes part, and when
		"七日", "十五日", "十日", // quantities of both and of the unified text
		"十日太短", "待苏方测算", // the dispute and what was decided
		"应说明起算时间", "采纳：自收到之日起", "【待补：处理意见及理由】", // comments and their dispositions
		"没有试验、验证", "【待补：任务来源", e.Last.Hash,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the explanation lacks %q:\n%s", want, text)
		}
	}
	if again := string(explain(t, reg).Markdown()); again != text {
		t.Error("it is written differently the second time")
	}
}

func TestExplanationKeepsWhatPeopleWrote(t *testing.T) {
	reg, _ := atMeeting(t)
	open := explain(t, reg).Open
	w, err := reg.EditExplanation(secretary, "p", "work", 0, "任务来源：某计划。\r\n\r\n协作单位：甲、乙。")
	if err != nil || w.Version != 1 {
		t.Fatalf("%+v, %v", w, err)
	}
	_, err = reg.EditExplanation(secretary, "p", "work", 0, "另一稿")
	refused(t, err, registry.Conflict)
	_, err = reg.EditExplanation(shanghai, "p", "work", 1, "代表写的")
	refused(t, err, registry.Forbidden)
	_, err = reg.EditExplanation(secretary, "p", "nowhere", 0, "x")
	refused(t, err, registry.NotFound)
	e := explain(t, reg)
	if e.Open != open-1 || e.Sections[0].Written.By != "secretary" || len(e.Sections[0].People()) != 2 {
		t.Errorf("%d blanks after %d; %+v", e.Open, open, e.Sections[0].Written)
	}
	if text := string(e.Markdown()); !strings.Contains(text, "协作单位：甲、乙。") || strings.Contains(text, "【待补：任务来源") {
		t.Errorf("what people wrote does not stand in its place:\n%s", text)
	}
	faultless(t, reg)
}

// TestConcordanceHoldsEveryPassage: each region finds every passage of its text
// once, with what became of it.
func TestConcordanceHoldsEveryPassage(t *testing.T) {
	reg, _ := two(t)
	unify(t, reg, "投诉", "用户投诉的，企业应当自收到投诉之日起七日内答复。") // 沪's words
	unify(t, reg, "保管期", "智能快件箱的免费保管期不少于36小时。")     // nobody's
	v := workbench(t, reg)
	lines := v.Concordance()
	for i, col := range v.Columns {
		fates := v.FatesOf(i, lines)
		for _, k := range v.Conserved() {
			if k.Column.Key == col.Key && k.Held != len(fates) {
				t.Errorf("%s: %d passages in the table, %d in the text", col.Label, len(fates), k.Held)
			}
		}
		got := map[string]registry.How{}
		for _, f := range fates {
			for _, words := range []string{"投诉", "保管期", "小时内投递"} {
				if strings.Contains(f.Text, words) {
					got[words] = f.How
				}
			}
		}
		want := map[string]map[string]registry.How{
			"31": {"投诉": registry.Verbatim, "保管期": registry.Adapted, "小时内投递": ""},
			"32": {"投诉": registry.Unused, "保管期": registry.Unused, "小时内投递": ""},
		}[col.Key]
		for words, how := range want {
			if got[words] != how {
				t.Errorf("%s, %s: %q, want %q", col.Label, words, got[words], how)
			}
		}
	}
	tables := v.ConcordanceTables()
	if len(tables) != 1+len(v.Columns) || !slices.ContainsFunc(tables[2].Rows, func(r []string) bool { return r[2] == "未采用" }) {
		t.Errorf("tables: %+v", tables)
	}
}
