package registry_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/editor/convert"
	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

const floorText = `---
id: gb-express
title: 快递末端服务安全要求
kind: national
convention: standard
---

## 范围
本文件规定了快递末端服务的安全要求。

## 保管
智能快件箱的免费保管期应不少于36小时。

## 投诉
用户投诉的，企业应自收到投诉之日起10个工作日内答复。
`

// floored is the project of two with a national floor.
func floored(t *testing.T) (*registry.Registry, registry.ProjectView) {
	t.Helper()
	reg, _ := two(t)
	done, err := reg.Import(registry.System, []registry.Incoming{{Path: "gb.md", Source: []byte(floorText)}})
	if err != nil || done[0].Err != nil {
		t.Fatal(err, done)
	}
	_, err = reg.CreateProject(secretary, registry.Project{ID: "f", Title: "快递末端服务规范", Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}},
	}, Floors: []registry.Ref{{Standard: "gb-express"}}})
	if err != nil {
		t.Fatal(err)
	}
	v, err := reg.Workbench("f")
	if err != nil {
		t.Fatal(err)
	}
	return reg, v
}

// lineOn finds the line that measures something.
func lineOn(t *testing.T, m registry.Matrix, kind compare.Kind, words string) registry.MatrixLine {
	t.Helper()
	for _, l := range m.Lines {
		if l.Kind == kind && strings.Contains(l.Subject, words) {
			return l
		}
	}
	t.Fatalf("no line on %q", words)
	return registry.MatrixLine{}
}

func TestMatrix(t *testing.T) {
	reg, v := floored(t)
	m := v.Matrix()
	if got := len(m.Columns); got != 4 || m.Columns[3].Key != registry.DraftColumn {
		t.Fatalf("columns %+v, want 沪 苏 国 and the draft", m.Columns)
	}
	kept := lineOn(t, m, compare.Quantity, "保管期")
	if !slices.Equal(kept.Strictest, []int{1}) || !slices.Equal(kept.Loosest, []int{0}) || !kept.Differs {
		t.Errorf("strictest %v, loosest %v; want 苏, 沪", kept.Strictest, kept.Loosest)
	}
	below := kept.Breaches(0)
	if len(below) != 1 || !strings.Contains(below[0].Own.Sentence, "24小时") || !strings.Contains(below[0].Demanded.Sentence, "36小时") {
		t.Errorf("below the floor: %+v; want 沪 with both sentences", below)
	}
	if kept.Clauses[0].Name != "第二条第二款" || kept.Clauses[2].Name != "2" || kept.Clauses[0].Ref.Clause == "" {
		t.Errorf("clauses %+v", kept.Clauses)
	}
	answer := lineOn(t, m, compare.Quantity, "答复")
	if answer.Apart != compare.ApartWorkingDays || answer.Strictest != nil || len(answer.Below) > 0 {
		t.Errorf("working days against days: %q, strictest %v, below %v; want no order", answer.Apart, answer.Strictest, answer.Below)
	}
	row := kept.Row
	if _, err := reg.UnifyRow(secretary, "f", row.ID, row.Version, "保管", "智能快件箱的免费保管期应不少于30小时。"); err != nil {
		t.Fatal(err)
	}
	v, _ = reg.Workbench("f")
	kept = lineOn(t, v.Matrix(), compare.Quantity, "保管期")
	if e := kept.Entries[3]; e == nil || e.Said != "不少于30小时" || len(kept.Breaches(3)) != 1 {
		t.Errorf("the unified clause is not on the line, or not below the floor: %+v, %+v", e, kept.Below)
	}
}

func TestMatrixPick(t *testing.T) {
	_, v := floored(t)
	m := v.Matrix()
	for _, c := range []struct {
		name string
		ask  registry.MatrixQuery
		want func(registry.MatrixLine) bool
	}{
		{"quantities", registry.MatrixQuery{Kind: compare.Quantity}, func(l registry.MatrixLine) bool { return l.Kind == compare.Quantity }},
		{"what differs", registry.MatrixQuery{Differs: true}, func(l registry.MatrixLine) bool { return l.Differs }},
		{"breaches", registry.MatrixQuery{Below: true}, func(l registry.MatrixLine) bool { return len(l.Below) > 0 }},
		{"a region", registry.MatrixQuery{Region: "32"}, func(l registry.MatrixLine) bool { return l.Entries[1] != nil }},
		{"words", registry.MatrixQuery{Text: "投诉"}, func(l registry.MatrixLine) bool { return strings.Contains(sentences(l), "投诉") }},
		{"a chapter", registry.MatrixQuery{Chapter: "保管"}, func(l registry.MatrixLine) bool { return l.Row.Chapter == "保管" }},
	} {
		got := m.Pick(c.ask).Lines
		want := 0
		for _, l := range m.Lines {
			if c.want(l) {
				want++
			}
		}
		if len(got) != want || want == 0 || want == len(m.Lines) {
			t.Errorf("%s: %d lines of %d, want %d", c.name, len(got), len(m.Lines), want)
		}
		for _, l := range got {
			if !c.want(l) {
				t.Errorf("%s: %s was not asked for", c.name, l.Subject)
			}
		}
	}
	if first := m.Pick(registry.MatrixQuery{Sort: "weight"}).Lines[0]; len(first.Below) == 0 {
		t.Errorf("by weight %q comes first; want a breach", first.Subject)
	}
}

func sentences(l registry.MatrixLine) string {
	var b strings.Builder
	b.WriteString(l.Subject + l.Condition + l.Row.Topic)
	for _, e := range l.Entries {
		if e != nil {
			b.WriteString(e.Sentence)
		}
	}
	return b.String()
}

// TestMatrixHoldsEveryQuantity counts, on the four texts of the 邮政快递 family:
// every quantity that stands in a text stands in the matrix, and in the exported
// sheets, once.
func TestMatrixHoldsEveryQuantity(t *testing.T) {
	reg, v := family(t)
	m := v.Matrix()
	n := m.Counts()
	list := m.List()
	for i, text := range v.Texts {
		quantities, modals, listed := 0, 0, 0
		for c := range text.Document.All() {
			for k := range c.Passages() {
				for _, f := range editor.Facts(editor.PlainText(c.Passage(editor.Passage{Clause: c.ID, Paragraph: k + 1})), editor.QuantityFact, editor.ModalityFact) {
					if f.Kind == editor.QuantityFact {
						quantities++
					} else {
						modals++
					}
				}
			}
		}
		for _, row := range list.Rows {
			if row[6] == m.Columns[i].Label {
				listed++
			}
		}
		if n.Quantities[i] != quantities || n.Modals[i] != modals || listed != quantities+modals || quantities == 0 {
			t.Errorf("%s: %d quantities and %d modal words in the text, %d and %d in the matrix, %d on the list",
				m.Columns[i].Label, quantities, modals, n.Quantities[i], n.Modals[i], listed)
		}
	}
	if again, _ := reg.Workbench("family"); fmt.Sprint(again.Matrix().List()) != fmt.Sprint(list) {
		t.Error("the same project gave another matrix")
	}
	t.Logf("邮政快递: %d lines, %d differ; quantities %v, modal words %v", n.Lines, n.Differing, n.Quantities, n.Modals)
}

func openMatrix(t testing.TB) *registry.Registry {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	reg, err := registry.Open(store, c.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	return reg
}

// family is a project on the shared family 邮政快递.
func family(t testing.TB) (*registry.Registry, registry.ProjectView) {
	t.Helper()
	const folder = "../../shared/data/families/邮政快递"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("SKIPPED: ../shared/data/families/邮政快递 is missing: nothing was measured on real texts")
	}
	reg := openMatrix(t)
	p := registry.Project{ID: "family", Title: "长三角快递服务规范"}
	for _, f := range []struct{ file, region string }{{"sh", "31"}, {"js", "32"}, {"zj", "33"}, {"ah", "34"}} {
		raw, err := os.ReadFile(filepath.Join(folder, f.file+".md"))
		if err != nil {
			t.Fatal(err)
		}
		done, err := reg.Import(registry.System, []registry.Incoming{{Path: f.file + ".md", Source: raw}})
		if err != nil || done[0].Err != nil {
			t.Fatal(err, done[0].Err)
		}
		p.Participants = append(p.Participants, registry.Participant{Region: f.region, Text: registry.Ref{Standard: done[0].Standard}})
	}
	if _, err := reg.CreateProject(secretary, p); err != nil {
		t.Fatal(err)
	}
	v, err := reg.Workbench("family")
	if err != nil {
		t.Fatal(err)
	}
	return reg, v
}

func TestMatrixTables(t *testing.T) {
	_, v := floored(t)
	tables := v.MatrixTables(v.Matrix(), "")
	var b bytes.Buffer
	if err := convert.WriteXLSX(&b, tables...); err != nil {
		t.Fatal(err)
	}
	names := ""
	for _, x := range tables {
		names += x.Name + " "
		for _, row := range x.Rows {
			if len(row) != len(x.Head) {
				t.Errorf("%s: a row of %d cells under %d heads", x.Name, len(row), len(x.Head))
			}
		}
	}
	if names != "指标 约束力 说明 " {
		t.Errorf("sheets %s", names)
	}
	for _, row := range tables[0].Rows {
		if strings.Contains(row[3], "保管期") {
			if got := strings.Join(row[5:11], "|"); got != "第二条第二款|不少于24小时|不小于|24||小时" {
				t.Errorf("沪 has %s", got)
			}
			if !strings.Contains(row[len(row)-1], "36小时") || !strings.Contains(row[len(row)-1], "24小时") {
				t.Errorf("the breach does not show both sentences: %q", row[len(row)-1])
			}
			return
		}
	}
	t.Error("the sheet has no line on what the project's texts measure")
}

// TestMatrixOpensInLibreOffice converts the workbook of the four texts of
// 邮政快递 and compares every cell of every sheet.
func TestMatrixOpensInLibreOffice(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil || testing.Short() {
		t.Skip("SKIPPED: LibreOffice (soffice, package libreoffice-calc) is not installed, or -short: nobody has opened the workbook of a matrix")
	}
	_, v := family(t)
	tables := v.MatrixTables(v.Matrix(), "")
	var book bytes.Buffer
	if err := convert.WriteXLSX(&book, tables...); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "m.xlsx"), book.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1", "--outdir", dir, filepath.Join(dir, "m.xlsx")).CombinedOutput()
	if err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	cells := 0
	for _, table := range tables {
		raw, err := os.ReadFile(filepath.Join(dir, "m-"+table.Name+".csv"))
		if err != nil {
			t.Fatalf("%v; soffice said %s", err, out)
		}
		rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := append([][]string{table.Head}, table.Rows...)
		if len(rows) != len(want) {
			t.Errorf("%s: %d rows, want %d", table.Name, len(rows), len(want))
			continue
		}
		for r := range want {
			for c := range want[r] {
				if cells++; rows[r][c] != want[r][c] {
					t.Errorf("%s, row %d, %s: %q, want %q", table.Name, r+1, table.Head[c], rows[r][c], want[r][c])
				}
			}
		}
	}
	t.Logf("%d cells are in LibreOffice as they were written", cells)
}

// BenchmarkMatrix makes the matrix of the four texts of 邮政快递: first read anew,
// then with what the registry remembers.
func BenchmarkMatrix(b *testing.B) {
	_, v := family(b)
	b.Run("anew", func(b *testing.B) {
		for b.Loop() {
			v.Forgetting().Matrix()
		}
	})
	b.Run("remembered", func(b *testing.B) {
		for b.Loop() {
			v.Matrix()
		}
	})
	b.Run("xlsx", func(b *testing.B) {
		m := v.Matrix()
		for b.Loop() {
			var out bytes.Buffer
			if err := convert.WriteXLSX(&out, v.MatrixTables(m, "")...); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(out.Len()))
		}
	})
}

// TestFloorsAgree: what the workbench says is below a floor, the ledger marks,
// and nothing else of the texts.
func TestFloorsAgree(t *testing.T) {
	_, v := floored(t)
	marked := map[string]int{}
	for _, l := range v.Matrix().Lines {
		for _, b := range l.Below {
			if b.Column < len(v.Columns) {
				marked[l.Row.ID]++
			}
		}
	}
	said := 0
	for _, row := range v.Rows {
		said += len(row.Below)
		if len(row.Below) != marked[row.ID] {
			t.Errorf("%s: the workbench says %q, the ledger marks %d", row.Topic, row.Below, marked[row.ID])
		}
	}
	if said == 0 {
		t.Error("nothing is below the floor")
	}
}
