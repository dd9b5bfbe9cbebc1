package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAudit: what the command says of a whole chain, of one that was rewritten
// by who knows how, and of one whose newest events are gone.
func TestAudit(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	text := bundled(t, "db31-t-sf001.md", "db32-t-sf001.md")
	if code, _, errs := tongbiao(t, "import", "--data", data, text[0]); code != 0 {
		t.Fatal(errs)
	}
	code, out, errs := tongbiao(t, "audit", "--data", data)
	if code != 0 {
		t.Fatal(errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	anchor := filepath.Join(dir, "anchors")
	note := lines[len(lines)-1]
	if err := os.WriteFile(anchor, []byte("# noted\n"+note+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	older, err := os.ReadFile(filepath.Join(data, "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	if code, _, errs := tongbiao(t, "import", "--data", data, text[1]); code != 0 {
		t.Fatal(errs)
	}
	export := filepath.Join(dir, "events.jsonl")
	hash := strings.Fields(note)[1]
	for _, args := range [][]string{
		{"--data", data, "--anchor", anchor, "--since", hash, "--export", export},
		{"--of", export, "--anchor", anchor},
		{"--data", data, "--anchor", export},
	} {
		if code, out, errs := tongbiao(t, append([]string{"audit"}, args...)...); code != 0 || !strings.Contains(out, "事件链完好") {
			t.Errorf("audit %v: exit %d, %s%s", args, code, out, errs)
		}
	}
	// The data of before: whole by itself, but the newest event was noted.
	if err := os.WriteFile(filepath.Join(data, "registry.db"), older, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := tongbiao(t, "audit", "--data", data); code != 0 {
		t.Error(errs)
	}
	if code, _, errs := tongbiao(t, "audit", "--data", data, "--anchor", export); code != exitRefused || !strings.Contains(errs, "最新的记录丢失了") || !strings.Contains(errs, "备份") {
		t.Errorf("the lost event: exit %d, %s", code, errs)
	}
	// Another registry of the same shape.
	other := filepath.Join(dir, "other")
	if code, _, errs := tongbiao(t, "import", "--data", other, text[1]); code != 0 {
		t.Fatal(errs)
	}
	if code, _, errs := tongbiao(t, "audit", "--data", other, "--anchor", anchor); code != exitRefused || !strings.Contains(errs, "被改写过") {
		t.Errorf("another chain: exit %d, %s", code, errs)
	}
	// An export in which a word was changed.
	log, err := os.ReadFile(export)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(export, bytes.Replace(log, []byte(`"actor":"system"`), []byte(`"actor":"nobody"`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := tongbiao(t, "audit", "--of", export); code != exitRefused || !strings.Contains(errs, "第 1 条断开") || !strings.Contains(errs, "check-store") {
		t.Errorf("a changed export: exit %d, %s", code, errs)
	}
	for _, args := range [][]string{{"--since", "abc"}, {"--of", export, "--export", "-"}} {
		if code, _, _ := tongbiao(t, append([]string{"audit"}, args...)...); code != exitUsage {
			t.Errorf("audit %v: exit %d", args, code)
		}
	}
}

// TestAuditWhileServing: the site that holds the data answers.
func TestAuditWhileServing(t *testing.T) {
	data := t.TempDir()
	served(t, "--demo", "--data", data)
	export := filepath.Join(t.TempDir(), "events.jsonl")
	code, out, errs := -1, "", ""
	for try := 0; code != 0 && try < 20; try++ { // a command waits a second for the file, so this is patient
		code, out, errs = tongbiao(t, "audit", "--data", data, "--export", export)
	}
	if code != 0 || !strings.Contains(out, "事件链完好") {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	if code, again, errs := tongbiao(t, "audit", "--of", export, "--anchor", export); code != 0 || strings.Split(again, "\n")[1] != strings.Split(out, "\n")[1] {
		t.Errorf("the export: exit %d, %s%s", code, again, errs)
	}
	if code, _, errs := tongbiao(t, "audit", "--data", data, "--since", strings.Repeat("0", 64)); code != exitRefused || !strings.Contains(errs, "没有散列") {
		t.Errorf("a foreign hash: exit %d, %s", code, errs)
	}
}
