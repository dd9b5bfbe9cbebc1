package convert

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// zipped makes a package of parts: name, content, name, content …
func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const bodyOpen = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`

func wordOf(body string) string { return bodyOpen + body + `</w:body></w:document>` }

// foreign is a table as somebody else keeps it: a title, a heading over two
// rows, other words in another order, dates, merged units, blank rows.
func foreign(t testing.TB, edit func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	set := func(at string, v any) {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	set("A1", "《快递服务规范》反馈意见")
	set("A3", "提出单位")
	set("B3", "意见")
	set("C3", "处理意见")
	set("C4", "采纳情况")
	set("D4", "理由")
	set("E3", "条款号")
	set("F3", "收到日期")
	for _, m := range [][2]string{{"A1", "F1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"E3", "E4"}, {"F3", "F4"}, {"A5", "A6"}} {
		if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	set("A5", "某快递公司")
	set("B5", "时限过短")
	set("C5", "不采纳")
	set("D5", "已有调研")
	set("E5", "5.10")
	set("F5", time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC))
	set("B6", "=不是公式")
	set("E6", 5.2)
	for r := 7; r < 60; r++ {
		set(fmt.Sprintf("B%d", r), " ")
	}
	if edit != nil {
		edit(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadForeignWorkbook(t *testing.T) {
	sheets, err := ReadTables(foreign(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	at, r, ok := Recognise(sheets)
	if !ok || r.Head != 2 || r.Data != 4 {
		t.Fatalf("recognised %v, %+v", ok, r)
	}
	if want := []Field{FieldBy, FieldComment, FieldDisposition, FieldReason, FieldClause, ""}; !reflect.DeepEqual(r.Columns, want) {
		t.Fatalf("columns %q, want %q", r.Columns, want)
	}
	if got := sheets[at].Rows[4][5]; got != "2026-03-04" {
		t.Errorf("the date is read as %q", got)
	}
	rows, left := r.CommentRows(sheets[at])
	want := []CommentRow{
		{At: 5, Clause: "5.10", Comment: "时限过短", By: "某快递公司", Disposition: "不采纳", Reason: "已有调研"},
		{At: 6, Clause: "5.2", Comment: "=不是公式", By: "某快递公司"},
	}
	if !reflect.DeepEqual(rows, want) || len(left) != 0 {
		t.Errorf("rows %+v, left %v", rows, left)
	}
}

func TestReadFormulas(t *testing.T) {
	formula := func(f *excelize.File) {
		if err := f.SetCellFormula("Sheet1", "B6", "CONCATENATE(A5,D5)"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ReadTables(foreign(t, func(f *excelize.File) { f.SetCellValue("Sheet1", "B6", nil); formula(f) })); err == nil || !strings.Contains(err.Error(), "B6") {
		t.Errorf("a formula without value: %v", err)
	}
}

func TestRefusedFiles(t *testing.T) {
	entity := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>`
	lie := lyingZip(t)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"too long":          {make([]byte, MaxFile+1), "超过 8 MB"},
		"encrypted, or old": {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "密码"},
		"pdf":               {[]byte("%PDF-1.7"), "PDF"},
		"damaged":           {[]byte("PK\x03\x04 nothing"), "已损坏"},
		"another zip":       {zipped(t, "a.txt", "x"), "不是 Excel 或 Word"},
		"zip bomb":          {zipped(t, "word/document.xml", strings.Repeat("0", 40<<20)), "太大"},
		"zip bomb in parts": {zipped(t, bombParts()...), "太大"},
		"zip that lies":     {lie, "读不出来"},
		"many parts":        {zipped(t, manyParts()...), "太大"},
		"macro":             {zipped(t, "word/document.xml", wordOf(""), "word/vbaProject.bin", "x"), "宏"},
		"entities in Word":  {zipped(t, "word/document.xml", entity+wordOf(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`)), "实体"},
		"entities in Excel": {zipped(t, "xl/workbook.xml", entity+`<workbook/>`), "实体"},
		"unknown entity":    {zipped(t, "word/document.xml", wordOf(`<w:p>&b;</w:p>`)), "读不出来"},
		"deep":              {zipped(t, "word/document.xml", wordOf(strings.Repeat("<w:p>", 300))), "嵌套"},
		"no text":           {[]byte("a,b\n\x00,c"), "不是表格"},
		"image":             {[]byte("\x89PNG\r\n\x1a\n\x00\x00\xff\xff"), ""},
		"wide":              {[]byte(strings.Repeat(",", 80)), "列"},
		"long table":        {[]byte(strings.Repeat("a,b\n", MaxRows+1)), "行"},
		"long cell":         {zipped(t, "word/document.xml", wordOf(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>`+strings.Repeat("长", maxReadCell/3+1)+`</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`)), "缩短"},
	} {
		_, err := ReadTables(c.data)
		var u *Unreadable
		if !errors.As(err, &u) || !strings.Contains(u.Reason, c.want) {
			t.Errorf("%s: %v, want a reason with %q", name, err, c.want)
		}
	}
}

func bombParts() (parts []string) {
	for i := range 60 {
		parts = append(parts, fmt.Sprintf("xl/%d.xml", i), strings.Repeat("0", 1<<20-1))
	}
	return parts
}

func manyParts() (parts []string) {
	for i := range maxParts + 1 {
		parts = append(parts, fmt.Sprintf("xl/%d.xml", i), "")
	}
	return parts
}

// lyingZip says of a part that it is small.
func lyingZip(t testing.TB) []byte {
	t.Helper()
	text := []byte(wordOf(strings.Repeat(" ", 4<<20)))
	var packed, b bytes.Buffer
	z := zip.NewWriter(&packed)
	w, err := z.Create("x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		t.Fatal(err)
	}
	at, err := r.File[0].DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	raw := packed.Bytes()[at : at+int64(r.File[0].CompressedSize64)]
	z = zip.NewWriter(&b)
	w, err = z.CreateRaw(&zip.FileHeader{Name: "word/document.xml", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(text), CompressedSize64: uint64(len(raw)), UncompressedSize64: 200})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadLongWorkbook(t *testing.T) {
	table := Table{Head: GBForm.Head()}
	for i := range 10_000 {
		table.Rows = append(table.Rows, []string{fmt.Sprint(i + 1), "5.1", "意见", "", "单位", "", "", ""})
	}
	sheets, err := ReadTables(write(t, table))
	if err != nil {
		t.Fatal(err)
	}
	at, r, ok := Recognise(sheets)
	if rows, _ := r.CommentRows(sheets[at]); !ok || len(rows) != 10_000 {
		t.Errorf("%d rows", len(rows))
	}
}

func TestReadCSVOfExcelInChina(t *testing.T) {
	sheets, err := ReadTables([]byte("\xd0\xf2\xba\xc5,\xd2\xe2\xbc\xfb\n1,'=1+1\n")) // 序号,意见 in GBK
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]string{{"序号", "意见"}, {"1", "=1+1"}}; !reflect.DeepEqual(sheets[0].Rows, want) {
		t.Errorf("%q", sheets[0].Rows)
	}
}

func TestReadWordTable(t *testing.T) {
	cell := func(props, text string) string {
		return `<w:tc><w:tcPr>` + props + `</w:tcPr><w:p><w:r><w:t>` + text + `</w:t></w:r></w:p></w:tc>`
	}
	doc := wordOf(`<w:p><w:r><w:t>不在表里</w:t></w:r></w:p><w:tbl>` +
		`<w:tr>` + cell(`<w:vMerge w:val="restart"/>`, "章条编号") + cell(`<w:gridSpan w:val="2"/>`, "意见") + `</w:tr>` +
		`<w:tr>` + cell(`<w:vMerge/>`, "") + cell("", "意见内容") + cell("", "修改建议") + `</w:tr>` +
		`<w:tr>` + cell("", "5.1") + `<w:tc><w:p><w:r><w:t>留</w:t></w:r><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:ins><w:r><w:t>增</w:t><w:br/><w:t>行</w:t></w:r></w:ins></w:p></w:tc>` + cell("", "改") + `</w:tr>` +
		`<w:tr><w:trPr><w:del/></w:trPr>` + cell("", "5.2") + cell("", "删去的行") + cell("", "") + `</w:tr>` +
		`</w:tbl>`)
	sheets, err := ReadTables(zipped(t, "word/document.xml", doc))
	if err != nil {
		t.Fatal(err)
	}
	at, r, ok := Recognise(sheets)
	rows, _ := r.CommentRows(sheets[at])
	if want := []CommentRow{{At: 3, Clause: "5.1", Comment: "留增\n行", Proposed: "改"}}; !ok || !reflect.DeepEqual(rows, want) {
		t.Errorf("%v %+v, %+v", ok, rows, r)
	}
}

// TestReadISOTemplate fills the genuine template, whose headings stand in the
// head of its pages.
func TestReadISOTemplate(t *testing.T) {
	const from = "../../../shared/data/judges/comment-sheets/iso_comment_template_2012-03.docx"
	data, err := os.ReadFile(from)
	if err != nil {
		t.Skipf("SKIPPED: %s is missing: the genuine ISO template was not read", from)
	}
	sheets, err := ReadTables(data)
	if err != nil {
		t.Fatal(err)
	}
	want := []Field{FieldBy, FieldLine, FieldClause, FieldPart, FieldType, FieldComment, FieldProposed, FieldSaid}
	at := -1
	for i, s := range sheets {
		if !s.Head {
			at = i
		}
	}
	if at < 0 {
		t.Fatal("no table in the body")
	}
	if r := RecogniseSheet(sheets[at], sheets); !reflect.DeepEqual(r.Columns, want) || r.Form != "iso" || r.Head != -1 {
		t.Errorf("%+v", r)
	}
	sheets[at].Head = true // without the heads of the pages, the styles tell
	want[1] = ""
	if r := RecogniseSheet(sheets[at], nil); !reflect.DeepEqual(r.Columns, want) {
		t.Errorf("by styles: %+v", r)
	}
}

func TestReadDisposition(t *testing.T) {
	for cell, want := range map[string][2]string{
		"采纳": {"采纳", ""}, "不采纳。理由：已有规定": {"不采纳", "已有规定"}, "部分采纳：改为48 h": {"部分采纳", "改为48 h"},
		"Not accepted - out of scope": {"不采纳", "out of scope"}, "Accepted in principle. See 5.1": {"部分采纳", "See 5.1"},
		"待讨论": {"待议", ""}, "noise": {"", "noise"}, "未采纳（见3.1）": {"不采纳", "见3.1"}, "": {"", ""}, "Noted": {"待议", ""},
	} {
		if word, reason := ReadDisposition(cell); word != want[0] || reason != want[1] {
			t.Errorf("%q: %q, %q", cell, word, reason)
		}
	}
}

// filled is a form with awkward texts.
func filled() CommentSheet {
	return CommentSheet{Standard: "DB31/T 900001—2024 快递", Drafter: "起草单位", Contact: "张三", Phone: "021", Date: "2026-11-23", Asked: 4, Answered: 3, Remarked: 2, Silent: 1,
		Rows: []CommentRow{
			{Number: "1", ID: "c12", Clause: "5.10", Part: "表2", Line: "17", Type: "te", Comment: "=1+1\n第二行", Proposed: "@改", By: "某公司", Disposition: "不采纳", Reason: "-理由 & <b>"},
			{Number: "2", ID: "c13", Clause: "附录A", Type: "ed", Comment: "+号 “引号”", By: "=单位", Disposition: "采纳"},
			{Number: "3", ID: "c14", Clause: "2024-03-01", Type: "ge", Comment: "1/2", Proposed: "007", By: "SH"},
			{Number: "4", ID: "c15", Clause: "5.2、5.3", Type: "ge", Comment: "TRUE 𠮷", Proposed: "1e5", By: "苏"},
		}}
}

// back reads a written form.
func back(t testing.TB, name string, data []byte) []CommentRow {
	t.Helper()
	sheets, err := ReadTables(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	at, r, ok := Recognise(sheets)
	if !ok {
		t.Fatalf("%s is not recognised", name)
	}
	rows, _ := r.CommentRows(sheets[at])
	for i := range rows {
		rows[i].At = 0
	}
	return rows
}

// of is what a form can hold of a row.
func (f Form) of(r CommentRow) CommentRow {
	var out CommentRow
	for _, c := range f.Columns {
		out.set(c.Field, strings.TrimSpace(r.Field(c.Field)))
	}
	return out
}

func TestFormsComeBack(t *testing.T) {
	for _, f := range Forms {
		var want []CommentRow
		for _, r := range filled().Rows {
			want = append(want, f.of(r))
		}
		for name, data := range written(t, f, filled()) {
			if got := back(t, f.Name+name, data); !reflect.DeepEqual(got, want) {
				t.Errorf("%s%s: got\n%+v\nwant\n%+v", f.Name, name, got, want)
			}
		}
	}
}

func written(t testing.TB, f Form, s CommentSheet) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	var x, d, c bytes.Buffer
	for _, err := range []error{f.WriteXLSX(&x, s), f.WriteDOCX(&d, s), f.WriteCSV(&c, s)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	out[".xlsx"], out[".docx"], out[".csv"] = x.Bytes(), d.Bytes(), c.Bytes()
	return out
}

// TestFormsSurviveLibreOffice has another program open and save the forms, in
// its own format and back, and compares every cell. What that program changes
// itself is not tried: Calc drops tabs, Writer spells _x0041_ as _x005F_x0041_.
func TestFormsSurviveLibreOffice(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil || testing.Short() {
		t.Skip("SKIPPED: LibreOffice (soffice) is not installed, or -short: no other program has saved these forms")
	}
	dir := t.TempDir()
	convert := func(to string, names ...string) {
		args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", to, "--outdir", dir}
		if said, err := exec.Command(office, append(args, names...)...).CombinedOutput(); err != nil {
			t.Fatalf("soffice: %v\n%s", err, said)
		}
	}
	for _, f := range Forms {
		var want []CommentRow
		for _, r := range filled().Rows {
			want = append(want, f.of(r))
		}
		for ext, own := range map[string]string{".xlsx": ".ods", ".docx": ".odt"} {
			path := filepath.Join(dir, f.Name+ext)
			if err := os.WriteFile(path, written(t, f, filled())[ext], 0o600); err != nil {
				t.Fatal(err)
			}
			convert(own[1:], path)
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			convert(ext[1:], filepath.Join(dir, f.Name+own))
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := back(t, path, data); !reflect.DeepEqual(got, want) {
				t.Errorf("%s%s by %s: got\n%+v\nwant\n%+v", f.Name, ext, own, got, want)
			}
		}
	}
}

func FuzzReadTables(f *testing.F) {
	f.Add([]byte("序号,意见\n1,a\n"))
	f.Add(foreign(f, nil))
	f.Add(zipped(f, "word/document.xml", wordOf(`<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="9"/><w:vMerge/></w:tcPr></w:tc></w:tr></w:tbl>`)))
	f.Fuzz(func(t *testing.T, data []byte) { look(t, data) })
}

// FuzzReadWord reads whatever may stand in the body of a document.
func FuzzReadWord(f *testing.F) {
	f.Add(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>意见</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`)
	f.Add(`<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc/></w:tr></w:tbl></w:tc></w:tr></w:tbl></w:tbl></w:tr>`)
	f.Add(`<w:tc/><w:tr><w:gridBefore w:val="-9"/></w:tr>`)
	f.Fuzz(func(t *testing.T, body string) { look(t, zipped(t, "word/document.xml", wordOf(body))) })
}

// FuzzReadSheet reads whatever may stand on a sheet of a workbook.
func FuzzReadSheet(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="inlineStr"><is><t>意见</t></is></c></row>`)
	f.Add(`<row r="1048576"><c r="XFD1048576" s="99" t="s"><v>99999</v><f>1</f></c></row>`)
	f.Add(`</sheetData><mergeCells><mergeCell ref="B2:A1"/></mergeCells><sheetData>`)
	f.Fuzz(func(t *testing.T, rows string) { look(t, bookOf(t, rows)) })
}

const nsSheet = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`

// bookOf is the smallest workbook around the rows of its sheet.
func bookOf(t testing.TB, rows string) []byte {
	return zipped(t,
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="`+relType+`officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook `+nsSheet+` `+nsR+`><sheets><sheet name="一" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="`+relType+`worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", `<worksheet `+nsSheet+`><sheetData>`+rows+`</sheetData></worksheet>`)
}

// look reads a file: a table within its bounds, or a reason.
func look(t *testing.T, data []byte) {
	sheets, err := ReadTables(data)
	var u *Unreadable
	if err != nil && (!errors.As(err, &u) || u.Reason == "") {
		t.Fatalf("no reason: %v", err)
	}
	for _, s := range sheets {
		if len(s.Rows) > MaxRows {
			t.Fatalf("%d rows", len(s.Rows))
		}
		r := RecogniseSheet(s, sheets)
		rows, left := r.CommentRows(s)
		if len(rows)+len(left) > len(s.Rows) {
			t.Fatal("more rows than there are")
		}
	}
}

func FuzzFormsComeBack(f *testing.F) {
	f.Add("意见", "改", "单位", "理由")
	f.Add("=1", "'@", "采纳", "_x000D_")
	f.Fuzz(func(t *testing.T, comment, proposed, by, reason string) {
		for _, s := range []string{comment, proposed, by, reason} {
			if strings.HasPrefix(s, "'") || !printable(s) || len(s) > 5000 || strings.ContainsAny(s, "\t\r") || s != strings.TrimSpace(s) {
				t.Skip("SKIPPED: an input out of bounds")
			}
		}
		row := CommentRow{Number: "1", ID: "c1", Clause: "1", Comment: "甲" + comment, Proposed: proposed, By: by, Disposition: "不采纳", Reason: reason}
		for name, data := range written(t, GBForm, CommentSheet{Rows: []CommentRow{row}}) {
			if got := back(t, name, data); len(got) != 1 || got[0] != row {
				t.Fatalf("%s: got %+v, want %+v", name, got, row)
			}
		}
	})
}

func BenchmarkReadForm(b *testing.B) {
	s := CommentSheet{}
	for i := range 5000 {
		s.Rows = append(s.Rows, CommentRow{ID: fmt.Sprint("c", i), Clause: "5.1", Comment: strings.Repeat("意见", 30), Proposed: "改", By: "单位"})
	}
	for name, data := range written(b, GBForm, s) {
		b.Run(strings.TrimPrefix(name, "."), func(b *testing.B) {
			for b.Loop() {
				if n := len(back(b, name, data)); n != 5000 {
					b.Fatal(n)
				}
			}
		})
	}
}
