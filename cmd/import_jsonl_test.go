package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const clauseLines = `{"id":"x1","title":"快件办法","article":"第一条","chapter":"第一章 总则","text":"为了规范快件。\n# 不是标题"}
{"id":"x2","title":"快件办法","article":"第三条","chapter":"第二章 投递","text":"快件丢失的，应当赔偿。","source":"s"}

{"id":"y1","title":"包裹规定","article":"第一条","chapter":"","text":"包裹应当验视。"}
{"id":"x2","title":"快件办法","article":"第四条","chapter":"","text":"重复。"}
{"id":"x 3","title":"快件办法","article":"第四条","chapter":"","text":"标识不行。"}
{"id":"x4","title":"","article":"第四条","chapter":"","text":"没有名称。"}
{"id":"x5","title":"快件办法","article":"第五条","chapter":"","text":" "}
{"id":7}
不是
`

func TestImportJSONLAndBatch(t *testing.T) {
	dir := t.TempDir()
	data, lines, queries := filepath.Join(dir, "data"), filepath.Join(dir, "c.jsonl"), filepath.Join(dir, "q.jsonl")
	for path, text := range map[string]string{lines: clauseLines, queries: "{\"id\":\"a\",\"text\":\"快件丢失怎么赔偿？\"}\n{\"id\":\"b\",\"text\":\"验视\"}\n{\"id\":\"c\",\"text\":\"\"}\n"} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := tongbiao(t, "import", "--json", "--data", data, "--jsonl", lines)
	sum := decode[importSummary](t, out)
	if code != exitRefused || sum.Imported != 2 || len(sum.Failed) != 6 {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	for i, line := range []int{5, 6, 7, 8, 9, 10} {
		if sum.Failed[i].Line != line {
			t.Errorf("%v: want line %d", sum.Failed[i], line)
		}
	}
	if !strings.Contains(errs, "field source of 1 lines is not carried") {
		t.Errorf("does not say what was left out: %s", errs)
	}
	code, out, errs = tongbiao(t, "search", "--json", "--data", data, "--batch", queries)
	want := "{\"id\":\"a\",\"hits\":[\"x2\",\"x1\"]}\n{\"id\":\"b\",\"hits\":[\"y1\"]}\n{\"id\":\"c\",\"hits\":[]}\n"
	if code != 0 || out != want {
		t.Errorf("exit %d: got %swant %s%s", code, out, want, errs)
	}
	// The article keeps its number and its text, whatever Markdown makes of it.
	code, out, _ = tongbiao(t, "search", "--json", "--data", data, "规范快件")
	if found := decode[searchResult](t, out); code != 0 || len(found.Hits) != 1 || found.Hits[0].Clause != "第一条" || !strings.Contains(found.Hits[0].Text, "# 不是标题") {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, _, _ := tongbiao(t, "import", "--data", data); code != exitUsage {
		t.Errorf("import of nothing: exit %d", code)
	}
	if code, _, _ := tongbiao(t, "search", "--data", data); code != exitUsage {
		t.Errorf("search for nothing: exit %d", code)
	}
}

func FuzzClauseFile(f *testing.F) {
	f.Add(clauseLines)
	f.Add(`{"id":"a","title":"---","article":"{#b}","chapter":"# x","text":"<!-- 1. (a) | |"}`)
	f.Fuzz(func(t *testing.T, text string) {
		c := newClauseFile("", "", "")
		_ = c.read(strings.NewReader(text), func(line int, err error) {
			if line < 1 || err == nil {
				t.Errorf("line %d: %v", line, err)
			}
		})
		c.texts()
	})
}
