package web

import (
	"strings"
	"testing"

	"tongbiao/registry"
)

// What a person says of a cell outlives the machine's proposal, but not the text
// that it was said about.
func TestRelationIsSaidOnTheTextsAsTheyStand(t *testing.T) {
	s := serve(t, Options{})
	row := s.rowWith("24 h")
	here := rowURL(testProject, row.ID)
	hash := func(column int) string {
		v, err := s.reg.Workbench(testProject)
		if err != nil {
			t.Fatal(err)
		}
		return v.Reckoned(s.rowWith("24 h"), 0)[column].Hash
	}
	s.see("demo-32", here, `class="rel rel-looser by-machine"`, "各条与沪的条文相比")
	s.do("demo-32", row, "relation", 303, "column", "32", "against", "31", "stand", "crossing", "note", "节假日另计", "hash", hash(1))
	s.see("", here+"?base=31", `class="rel rel-crossing"`, "节假日另计", "机器提出的是 更宽")
	s.see("", "/projects/"+testProject+"?relation=crossing", `id="`+row.ID+`"`, `class="rel rel-crossing"`)
	if page := s.see("", "/projects/"+testProject+"?relation=looser"); strings.Contains(page, `tbody role="rowgroup" id="`+row.ID+`"`) {
		t.Error("what a person said is overridden by the machine")
	}

	// Another base, another text: what was said is not about it.
	s.see("", here+"?base=32", "各条与苏的条文相比")

	s.do("demo-31", row, "unify", 303, "version", at(row), "title", "投递时限", "text", "快件到达末端网点后，应在 12 h 内投递。")
	s.see("demo-32", here, "各条与统一条款相比", "针对旧文本", "节假日另计", `class="rel rel-looser by-machine"`)
	s.do("demo-32", row, "relation", 409, "column", "32", "against", "31", "stand", "looser", "hash", hash(1))
	s.do("demo-32", row, "relation", 303, "column", "32", "against", registry.AgainstUnified, "stand", "looser", "hash", hash(1))
	if page := s.see("", here, `class="rel rel-looser"`); strings.Contains(page, "针对旧文本") {
		t.Error("what was said anew is shown as said about a former text")
	}
	s.do("demo-32", row, "relation", 303, "column", "32", "against", registry.AgainstUnified, "do", "drop", "hash", hash(1))
	s.see("", here, `class="rel rel-looser by-machine"`)
	s.see("", "/events", "认定关系", "收回对关系的认定")
}

// The ledger follows the unified clause, and marks what falls below a floor.
func TestMatrixMarksBreaches(t *testing.T) {
	s := bundled(t)
	page := s.see("", "/projects/texts/matrix?below=1", "低于国家底线", "不少于48 h", `class="sentence floor"`)
	if n := strings.Count(page, `class="breach"`); n == 0 {
		t.Error("no line is marked")
	}
	csv := s.ask("", "GET", "/projects/texts/matrix.csv?below=1", nil).body
	if !strings.Contains(csv, "保管期") {
		t.Errorf("the file of breaches has %q", csv)
	}
}
