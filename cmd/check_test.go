package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"tongbiao/schemas"
)

const faulty = "---\ntitle: 快递服务规范\nconvention: standard\nregion: \"31\"\n---\n\n## 范围 {#scope}\n\n本文件规定了要求。\n\n## 要求 {#r}\n\n企业必须守约：\n\na) 约定。\nb) 规定\n"

func writeFaulty(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "faulty.md")
	if err := os.WriteFile(path, []byte(faulty), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What --json prints is what its schema says.
func TestCheckJSONKeepsItsSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemas.Findings))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("findings.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema := c.MustCompile("findings.schema.json")
	paths := append(bundled(t, "db31-t-sf001.md", "gb-sf001.md"), writeFaulty(t), "none.md")
	_, out, _ := tongbiao(t, append([]string{"check", "--json"}, paths...)...)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != len(paths) {
		t.Fatalf("%d lines for %d files", len(lines), len(paths))
	}
	for i, l := range lines {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(l))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", paths[i], err)
		}
	}
}

// A finding says line and column of its words, the clause's number, and what --fix
// would do; --fix does it.
func TestCheckFix(t *testing.T) {
	path := writeFaulty(t)
	_, out, _ := tongbiao(t, "check", path)
	for _, want := range []string{path + ":13:3: warning MOD-01 2：", "--fix：", path + ":15:6: warning NUM-09 2："} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != faulty {
		t.Fatalf("check without --fix changed the file: %v", err)
	}
	_, out, _ = tongbiao(t, "check", "--fix", path)
	now, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("必须", "应", "约定。", "约定；", "规定\n", "规定。\n").Replace(faulty)
	if string(now) != want || !strings.Contains(out, "修正 3 处") || strings.Contains(out, "NUM-09") {
		t.Errorf("corrected:\n%s\n%s", now, out)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode: %v %v", info.Mode(), err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".tongbiao-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
