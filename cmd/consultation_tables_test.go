package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"tongbiao/editor/convert"
)

// The workbooks of this file are written by hand, part by part, as no program of
// ours would write them.

// workbook zips one sheet's rows with its merged cells and number formats: style
// 1 is a date.
func workbook(t *testing.T, rows, merged string) []byte {
	t.Helper()
	const main, rel = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`, `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	if merged != "" {
		merged = "<mergeCells>" + merged + "</mergeCells>"
	}
	return zipOf(t,
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="`+rel+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook `+main+` xmlns:r="`+rel+`"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="`+rel+`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="`+rel+`/styles" Target="styles.xml"/></Relationships>`,
		"xl/styles.xml", `<styleSheet `+main+`><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml", `<worksheet `+main+`><sheetData>`+rows+`</sheetData>`+merged+`</worksheet>`)
}

func zipOf(t *testing.T, parts ...string) []byte {
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

// row is a row of texts; an empty one has no cell.
func row(n int, cells ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, n)
	for i, c := range cells {
		switch {
		case c == "":
		case strings.HasPrefix(c, "<c "):
			b.WriteString(c)
		default:
			fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, 'A'+i, n, c)
		}
	}
	return b.String() + `</row>`
}

// foreignRows are a title, a head of two rows with merged cells, columns in
// another order, a date, and blank rows behind.
func foreignRows(second string) string {
	rows := row(1, "关于征求意见的汇总") +
		row(3, "提出单位", "意见和建议", "处理", "", "条款号", "收到日期") + row(4, "", "", "处理意见", "理由") +
		row(5, "某快递公司", "时限过短", "不采纳", "已有调研", "5.10", `<c r="F5" s="1"><v>46085</v></c>`) + row(6, "", second, "", "", "5.2")
	for n := 7; n < 60; n++ {
		rows += row(n, "", " ")
	}
	return rows
}

const foreignMerged = `<mergeCell ref="A1:F1"/><mergeCell ref="A3:A4"/><mergeCell ref="B3:B4"/><mergeCell ref="C3:D3"/><mergeCell ref="E3:E4"/><mergeCell ref="F3:F4"/><mergeCell ref="A5:A6"/>`

func otherColumns(t *testing.T) []byte {
	return workbook(t, foreignRows("=不是公式"), foreignMerged)
}

func formulaCell(t *testing.T) []byte {
	return workbook(t, foreignRows(`<c r="B6"><f>CONCATENATE(A5,D5)</f></c>`), foreignMerged)
}

func manyRows(t *testing.T, n int) []byte {
	t.Helper()
	table := convert.Table{Name: "意见", Head: convert.GBForm.Head()}
	for i := range n {
		table.Rows = append(table.Rows, []string{fmt.Sprint(i + 1), "第一条", fmt.Sprintf("意见%d", i+1), "", "某公司", "", "", ""})
	}
	var b bytes.Buffer
	if err := convert.WriteXLSX(&b, table); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// zipBomb is a sheet of 60 MB in some kilobytes.
func zipBomb(t *testing.T) []byte {
	t.Helper()
	return workbook(t, strings.Repeat(`<row/>`, 10_000_000), "")
}
