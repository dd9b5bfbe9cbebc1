package convert

import (
	"strings"
	"testing"
)

func TestWriteCSV(t *testing.T) {
	var b strings.Builder
	err := WriteCSV(&b, Table{Head: []string{"值", "原文"}, Numbers: []int{0}, Rows: [][]string{{"-0.5", "-3 ℃"}, {"=1", "=1+1"}, {"24", "a,\"b\"\nc"}}, Notes: []string{"不在其中"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "\ufeff值,原文\n-0.5,'-3 ℃\n'=1,'=1+1\n24,\"a,\"\"b\"\"\nc\"\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

// Spreadsheets in East Asian locales take the full-width signs for formulas too.
func TestCSVHoldsNoFormula(t *testing.T) {
	for _, lead := range []string{"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"} {
		var b strings.Builder
		if err := WriteCSV(&b, Table{Head: []string{"甲"}, Rows: [][]string{{lead + "HYPERLINK(A1)"}}}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "'"+lead) {
			t.Errorf("%q may be taken for a formula: %q", lead, b.String())
		}
	}
}
