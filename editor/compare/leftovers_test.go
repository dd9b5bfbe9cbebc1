package compare

import (
	"testing"

	"tongbiao/editor"
)

// TestLeftoversJoinTheirClause: a paragraph that shares few words with its
// counterpart stands with it, because their clauses make the same provision.
func TestLeftoversJoinTheirClause(t *testing.T) {
	a := parse(t, `# 甲市快递办法

第一条 快递企业应当与用户订立书面合同，约定服务种类、服务时限、资费标准、赔偿办法和争议解决方式。

停业或者迁址的，应当提前一个月通知用户。

第二条 快递企业应当为收派人员配备统一的工装和工号牌。
`)
	b := parse(t, `# 乙市快递办法

第一条 快递企业应当为收派人员配备统一的工装和工号牌。

第二条 快递企业应当与用户订立书面合同，约定服务种类、服务时限、资费标准、赔偿办法和争议解决方式。

终止经营活动的，应当提前三十日发布告示。
`)
	docs := []*editor.Document{a, b}
	found, err := Align(docs, Options{Labels: []string{"甲", "乙"}})
	if err != nil {
		t.Fatal(err)
	}
	checkConserved(t, docs, found)
	second := Place{0, editor.Passage{Clause: a.Clauses[0].ID, Paragraph: 2}}
	other := Place{1, editor.Passage{Clause: b.Clauses[1].ID, Paragraph: 2}}
	together := func(rows []Row) bool {
		for _, r := range rows {
			if len(r.Cells[0]) == 1 && len(r.Cells[1]) == 1 && r.Cells[0][0] == second.Passage && r.Cells[1][0] == other.Passage {
				return true
			}
		}
		return false
	}
	if !together(found.Rows) {
		for _, r := range found.Rows {
			t.Log(cellNames(docs, r))
		}
		t.Error("the two paragraphs on closing down are not in one row")
	}
	apart, err := Align(docs, Options{CannotLink: [][2]Place{{second, other}}})
	if err != nil {
		t.Fatal(err)
	}
	if together(apart.Rows) {
		t.Error("people kept them apart")
	}
}
