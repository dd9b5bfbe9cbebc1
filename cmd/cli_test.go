package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongbiao/standards"
)

// tongbiao runs the command line in process.
func tongbiao(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), args, &o, &e)
	return code, o.String(), e.String()
}

// bundled writes the bundled texts into a folder and returns their paths.
func bundled(t *testing.T, names ...string) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for _, name := range names {
		source, err := fs.ReadFile(standards.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, source, 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

func decode[T any](t *testing.T, line string) T {
	t.Helper()
	var v T
	dec := json.NewDecoder(strings.NewReader(line))
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("not JSON: %v\n%.300s", err, line)
	}
	return v
}

func TestCompareJSON(t *testing.T) {
	paths := bundled(t, "db31-t-sf001.md", "db32-t-sf001.md", "db33-t-sf001.md", "db34-t-sf001.md")
	code, out, errs := tongbiao(t, append([]string{"compare", "--json"}, paths...)...)
	if code != 0 || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	got := decode[comparison](t, out)
	if len(got.Texts) != 4 || got.Texts[2].Name != paths[2] || got.Texts[0].Clauses < 35 {
		t.Errorf("texts %+v", got.Texts)
	}
	var full, differing int
	cited := make([]map[string]bool, 4)
	for _, row := range got.Rows {
		if len(row.Cells) != 4 || row.ID == "" || row.Topic == "" || row.Relation == "" {
			t.Fatalf("row %+v", row)
		}
		n := 0
		for i, cell := range row.Cells {
			for _, number := range cell {
				if cited[i] == nil {
					cited[i] = map[string]bool{}
				}
				cited[i][number] = true
			}
			if len(cell) > 0 {
				n++
			}
		}
		if n == 4 {
			full++
		}
		differing += len(row.Differences)
		for _, d := range row.Differences {
			if d.Summary == "" || len(d.Texts) != 4 || !strings.Contains("quantity modality scope missing wording", d.Kind) {
				t.Errorf("difference %+v", d)
			}
		}
	}
	if full < 8 || differing < 20 {
		t.Errorf("%d rows with all four, %d differences; the texts have more", full, differing)
	}
	for i := range cited {
		if len(cited[i]) != got.Texts[i].Clauses {
			t.Errorf("%s: %d clauses, %d of them in rows", got.Texts[i].Name, got.Texts[i].Clauses, len(cited[i]))
		}
	}
}

func TestImportSearchExport(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	paths := bundled(t, "db31-t-sf001-2021.md", "db31-t-sf001.md", "db32-t-sf001.md")
	bad := filepath.Join(filepath.Dir(paths[0]), "bad.md")
	if err := os.WriteFile(bad, []byte("---\ntitle: x\nnumber: [\n---\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(paths[0])

	code, _, _ := tongbiao(t, "import", "--data", data, "--dry-run", "--json", dir)
	if code != 1 {
		t.Errorf("dry run with a bad file: exit %d", code)
	}
	code, out, errs := tongbiao(t, "import", "--data", data, "--json", dir)
	sum := decode[importSummary](t, out)
	if code != 1 || sum.Read != 4 || sum.Imported != 3 || len(sum.Failed) != 1 || sum.Failed[0].Path != bad || sum.Failed[0].Line < 1 {
		t.Errorf("exit %d, %+v", code, sum)
	}
	if !strings.HasPrefix(errs, bad+":") || strings.Count(errs, "\n") != 1 {
		t.Errorf("errors %q; want one line that begins with the file and line", errs)
	}
	_, out, _ = tongbiao(t, "import", "--data", data, "--json", paths[0], paths[1], paths[2])
	if sum = decode[importSummary](t, out); sum.Imported != 0 || sum.Unchanged != 3 {
		t.Errorf("the same again: %+v", sum)
	}

	code, out, errs = tongbiao(t, "search", "--data", data, "--json", "-n", "3", "智能快件箱", "保管期")
	found := decode[searchResult](t, out)
	if code != 0 || len(found.Hits) == 0 || len(found.Hits) > 3 || found.Total < len(found.Hits) || !strings.Contains(found.Hits[0].Text, "保管期") {
		t.Errorf("exit %d %s: %+v", code, errs, found)
	}

	outDir := t.TempDir()
	code, out, errs = tongbiao(t, "export", "--data", data, "-o", outDir, "db31-t-sf001/1")
	if code != 0 || strings.TrimSpace(out) != filepath.Join(outDir, "db31-t-sf001-1.md") {
		t.Fatalf("export: exit %d %s %s", code, out, errs)
	}
	code, _, errs = tongbiao(t, "compare", "--data", data, "db31-t-sf001/1", "db31-t-sf001")
	if code != 0 {
		t.Errorf("compare of stored texts: exit %d %s", code, errs)
	}
	code, out, errs = tongbiao(t, "check-store", "--data", data)
	if code != 0 || !strings.Contains(out, "faults 0") {
		t.Errorf("check-store: exit %d %s %s", code, out, errs)
	}
}

func TestCheckJSON(t *testing.T) {
	paths := bundled(t, "db31-t-sf001.md")
	bad := filepath.Join(t.TempDir(), "bad.md")
	source := "---\ntitle: 快递服务规范\nconvention: standard\nregion: \"31\"\n---\n\n## 范围 {#scope}\n\n本文件规定了要求。\n\n## 要求 {#r}\n\n企业必须遵守。\n"
	if err := os.WriteFile(bad, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, errs := tongbiao(t, "check", "--json", paths[0], bad)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 1 || len(lines) != 2 {
		t.Fatalf("exit %d, %d lines, %s", code, len(lines), errs)
	}
	for _, f := range decode[[]map[string]any](t, lines[0]) {
		if f["severity"] == "error" {
			t.Errorf("a bundled standard has an error: %v", f)
		}
	}
	findings := decode[[]map[string]any](t, lines[1])
	rules := map[any]bool{}
	for _, f := range findings {
		for _, key := range []string{"rule", "severity", "line", "column", "message"} {
			if _, ok := f[key]; !ok {
				t.Errorf("a finding without %s: %v", key, f)
			}
		}
		rules[f["rule"]] = true
	}
	if !rules["MOD-01"] || !rules["STR-02"] {
		t.Errorf("rules found: %v; want MOD-01 (必须) and STR-02 (elements that are missing)", rules)
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"version"}, 0},
		{[]string{"--help"}, 0},
		{nil, 0},
		{[]string{"nonsense"}, 2},
		{[]string{"compare", "--nonsense", "a", "b"}, 2},
		{[]string{"compare", "one.md"}, 2},
		{[]string{"search", "--data", filepath.Join(t.TempDir(), "typo"), "x"}, 1},
		{[]string{"check-store", "--data", filepath.Join(t.TempDir(), "typo")}, 1},
		{[]string{"check", "/dev/zero"}, 1},
		{[]string{"import", "--data", t.TempDir(), "--kind", "nonsense", "."}, 2},
		{[]string{"compare", "none.md", "nor-this.md"}, 1},
		{[]string{"check", "none.md"}, 1},
		{[]string{"import", "--data", t.TempDir(), "none"}, 1},
		{[]string{"export", "--data", t.TempDir(), "--project", "none"}, 1},
		{[]string{"import", "--data", t.TempDir(), "--region", "99", "."}, 1},
	} {
		if code, out, errs := tongbiao(t, c.args...); code != c.want || (c.want != 0) != (errs != "") {
			t.Errorf("tongbiao %s: exit %d, want %d; out %.80q err %.200q", strings.Join(c.args, " "), code, c.want, out, errs)
		}
	}
}
