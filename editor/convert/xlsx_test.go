package convert

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// awkward is a workbook of what breaks workbooks.
var awkward = []Table{
	{
		Name: "指标: 时限/费用", Head: []string{"指标", "数值", "原文"}, Widths: []int{20, 6, 40}, Numbers: []int{1},
		Rows: [][]string{
			{"投递时限", "24", "应在24 h内投递，\n不含节假日"},
			{"=1+1", "-0.5", "+86 21"},
			{"@SUM(A1)", "007", "-3 ℃"},
			{"'引号\"与,逗号", "1e3", "_x0041_ 不是A"},
			{"", "15个工作日", " 前后有空格 "},
			{"生僻字𠮷", "1234567890123456", "<b>&amp;</b>"},
			{"短行"},
		},
		Notes: []string{"注：工作日不与日相比。", "=不是公式"},
	},
	{Name: "指标：时限/费用", Head: []string{"空"}},
	{Name: "指标: 时限/费用", Rows: [][]string{{"没有表头"}}},
	{Name: strings.Repeat("长", 40), Head: []string{"a"}, Rows: [][]string{{"b"}}},
	{Name: "", Head: []string{"a"}, Rows: [][]string{{"b"}}},
}

func write(t testing.TB, tables ...Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteXLSX(&b, tables...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// want is what stands on a sheet, row by row.
func (t Table) want() (rows [][]string) {
	if len(t.Head) > 0 {
		rows = append(rows, t.Head)
	}
	rows = append(rows, t.Rows...)
	for _, n := range t.Notes {
		rows = append(rows, []string{n})
	}
	return rows
}

// same compares rows cell by cell; absent cells are empty ones.
func same(t *testing.T, name string, got, want [][]string) {
	t.Helper()
	for r := range max(len(got), len(want)) {
		var g, w []string
		if r < len(got) {
			g = got[r]
		}
		if r < len(want) {
			w = want[r]
		}
		for c := range max(len(g), len(w)) {
			x, y := "", ""
			if c < len(g) {
				x = g[c]
			}
			if c < len(w) {
				y = w[c]
			}
			if x != y {
				t.Errorf("%s row %d column %d: %q, want %q", name, r+1, c+1, x, y)
			}
		}
	}
}

func TestXLSXHoldsEveryCell(t *testing.T) {
	data := write(t, awkward...)
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	names := book.GetSheetList()
	if want := []string{"指标· 时限·费用", "指标：时限·费用", "指标· 时限·费用 (2)", strings.Repeat("长", 31), "表5"}; strings.Join(names, "|") != strings.Join(want, "|") {
		t.Errorf("sheets %q, want %q", names, want)
	}
	for i, name := range names {
		got, err := book.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		same(t, name, got, awkward[i].want())
	}
	kinds := map[string]excelize.CellType{"B2": excelize.CellTypeUnset, "B3": excelize.CellTypeUnset, "A3": excelize.CellTypeSharedString, "B4": excelize.CellTypeSharedString, "B5": excelize.CellTypeSharedString, "B7": excelize.CellTypeSharedString}
	for at, want := range kinds {
		if got, _ := book.GetCellType(names[0], at); got != want {
			t.Errorf("%s is of type %d, want %d (unset is a number)", at, got, want)
		}
		if f, _ := book.GetCellFormula(names[0], at); f != "" {
			t.Errorf("%s became the formula %s", at, f)
		}
	}
	panes, err := book.GetPanes(names[0])
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the head is not frozen: %+v, %v", panes, err)
	}
}

func TestXLSXIsDeterministic(t *testing.T) {
	want := write(t, awkward...)
	for range 8 {
		if !bytes.Equal(write(t, awkward...), want) {
			t.Fatal("the same tables gave other bytes")
		}
	}
}

func TestXLSXContinuesALongText(t *testing.T) {
	long := strings.Repeat("𠮷林", 20_000) // 60,000 units
	book, err := excelize.OpenReader(bytes.NewReader(write(t, Table{Name: "长", Head: []string{"甲", "乙"}, Rows: [][]string{{long, "短"}, {"后", "5"}}})))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("长")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 4 || rows[1][0]+rows[2][0] != long || rows[1][1] != "短" || rows[3][0] != "后" {
		t.Errorf("%d rows; a text of 60,000 units was not kept whole", len(rows))
	}
}

func TestXLSXRefuses(t *testing.T) {
	for name, tables := range map[string][]Table{
		"no sheet":     nil,
		"many sheets":  make([]Table, maxWorkbook+1),
		"many columns": {{Head: make([]string, maxSheetCols+1)}},
	} {
		if err := WriteXLSX(&bytes.Buffer{}, tables...); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestXLSXOpensInLibreOffice converts every sheet to CSV and compares each cell.
func TestXLSXOpensInLibreOffice(t *testing.T) {
	for i, rows := range inLibreOffice(t, write(t, awkward...), len(awkward)) {
		same(t, "sheet "+strconv.Itoa(i+1), rows, awkward[i].want())
	}
}

// inLibreOffice gives the rows of every sheet as LibreOffice reads them.
func inLibreOffice(t *testing.T, data []byte, sheets int) [][][]string {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil || testing.Short() {
		t.Skip("SKIPPED: LibreOffice (soffice, package libreoffice-calc) is not installed, or -short: nobody has opened this workbook")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "book.xlsx"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1", "--outdir", dir, filepath.Join(dir, "book.xlsx"))
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var all [][][]string
	for _, name := range book.GetSheetList() {
		f, err := os.Open(filepath.Join(dir, "book-"+name+".csv"))
		if err != nil {
			t.Fatalf("%v; soffice said %s", err, out)
		}
		defer f.Close()
		r := csv.NewReader(f)
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rows)
	}
	if len(all) != sheets {
		t.Fatalf("%d sheets, want %d", len(all), sheets)
	}
	return all
}

func FuzzWriteXLSX(f *testing.F) {
	f.Add("表", "=1", "2")
	f.Add("a/b", "_x000D_\r\n", "\x00￾")
	f.Add("'", "\xff", " ")
	f.Fuzz(func(t *testing.T, name, a, b string) {
		data := write(t, Table{Name: name, Head: []string{a, b}, Rows: [][]string{{b, a}}, Notes: []string{a}, Numbers: []int{0, 1}}, Table{Name: name})
		book, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		defer book.Close()
		if n := len(book.GetSheetList()); n != 2 {
			t.Fatalf("%d sheets", n)
		}
		if printable(a) && utf8.RuneCountInString(a) < maxSheetCell/2 {
			if got, _ := book.GetCellValue(book.GetSheetName(0), "A1"); got != a {
				t.Fatalf("wrote %q, read %q", a, got)
			}
		}
	})
}

// printable tells whether XML can say a text as it is.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff || r == 0xfffd
	})
}

func BenchmarkWriteXLSX(b *testing.B) {
	t := Table{Name: "台账", Head: make([]string, 20)}
	for r := range 3000 {
		row := make([]string, 20)
		for c := range row {
			row[c] = fmt.Sprintf("第%d行第%d列的文字", r, c)
		}
		t.Rows = append(t.Rows, row)
	}
	for b.Loop() {
		write(b, t)
	}
}
