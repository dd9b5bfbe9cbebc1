package main

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"tongbiao/editor"
	"tongbiao/registry"
)

type importCommand struct {
	dataFlag
	Paths  []string `arg:"" optional:"" name:"path" help:"文件或文件夹：files or folders (.md, .markdown, .txt)."`
	JSONL  string   `name:"jsonl" placeholder:"FILE" help:"每行一条条文的 JSON：one clause a line, {\"id\",\"title\",\"article\",\"chapter\",\"text\"}, grouped by title into regulations."`
	Region string   `help:"文本没有写明地区时：region where a text names none (31 32 33 34)."`
	Kind   string   `enum:",national,industry,local,group,enterprise,law,regulation,rule,decision" default:"" help:"文本没有写明种类时：kind where a text names none (local, regulation, …)."`
	DryRun bool     `help:"只看，不存：read and report, keep nothing."`
	JSON   bool     `name:"json" help:"末行给出 JSON 汇总：end with a JSON summary."`
}

// importSummary is what import --json ends with.
type importSummary struct {
	Read      int             `json:"read"`
	Imported  int             `json:"imported"`
	Unchanged int             `json:"unchanged"`
	Failed    []importFailure `json:"failed"`
}

type importFailure struct {
	Path  string `json:"path"`
	Line  int    `json:"line"`
	Error string `json:"error"`
}

// fail counts a text that was not imported and says why.
func (sum *importSummary) fail(t *terminal, path string, err error) {
	line, reason := placeOf(err)
	sum.Failed = append(sum.Failed, importFailure{path, line, reason})
	t.failAt(path, err)
}

// batch is how many texts are kept in one transaction.
const batch = 64

func (cmd importCommand) Run(t *terminal) error {
	if cmd.Region != "" && registry.RegionOf(cmd.Region).Short == cmd.Region {
		return fmt.Errorf("没有这个地区：%s（31 沪 32 苏 33 浙 34 皖）。 There is no such region", cmd.Region)
	}
	if len(cmd.Paths) == 0 && cmd.JSONL == "" {
		return usageError("没有文件：写出文件、文件夹或 --jsonl FILE。 no file: name files, folders, or --jsonl FILE")
	}
	sum := importSummary{Failed: []importFailure{}}
	files := filesUnder(cmd.Paths, func(path string, err error) { sum.fail(t, path, err) })
	take := func(texts []registry.Incoming) ([]registry.Imported, error) { return registry.Preview(texts), nil }
	if !cmd.DryRun {
		reg, err := cmd.create()
		if err != nil {
			return err
		}
		defer reg.Close()
		take = func(texts []registry.Incoming) ([]registry.Imported, error) {
			return reg.Import(registry.System, texts)
		}
	}
	if cmd.JSONL != "" {
		if err := cmd.runJSONL(t, &sum, take); err != nil {
			return err
		}
	}
	for at := 0; at < len(files); at += batch {
		if err := t.ctx.Err(); err != nil {
			cmd.report(t, sum)
			return fmt.Errorf("中断：已导入 %d 个文本。 interrupted: %d texts are kept: %w", sum.Imported, sum.Imported, err)
		}
		if err := cmd.importBatch(t, files[at:min(at+batch, len(files))], take, &sum); err != nil {
			return err
		}
		t.progress(min(at+batch, len(files)), len(files))
	}
	cmd.report(t, sum)
	if len(sum.Failed) > 0 {
		return errReported
	}
	return nil
}

func (cmd importCommand) importBatch(t *terminal, files []string, take func([]registry.Incoming) ([]registry.Imported, error), sum *importSummary) error {
	var texts []registry.Incoming
	for _, path := range files {
		sum.Read++
		source, err := readBounded(path)
		if err != nil {
			sum.fail(t, path, err)
			continue
		}
		region := cmd.Region
		if region == "" {
			region = regionOfFolder(filepath.Base(filepath.Dir(path)))
		}
		texts = append(texts, registry.Incoming{Path: path, Source: source, Region: region, Kind: cmd.Kind})
	}
	return cmd.keep(t, texts, take, sum)
}

// keep takes texts and reports what became of each.
func (cmd importCommand) keep(t *terminal, texts []registry.Incoming, take func([]registry.Incoming) ([]registry.Imported, error), sum *importSummary) error {
	done, err := take(texts)
	if err != nil {
		return err
	}
	for _, d := range done {
		switch {
		case d.Err != nil:
			sum.fail(t, d.Path, d.Err)
		case d.Unchanged:
			sum.Unchanged++
		default:
			sum.Imported++
		}
		if cmd.JSON {
			continue
		}
		for _, f := range d.Findings {
			fmt.Fprintf(t.out, "%s:%d: %s %s %s\n", d.Path, max(f.Line, 1), f.Severity, f.Rule, f.Message)
		}
		if d.Err == nil && !cmd.DryRun {
			fmt.Fprintf(t.out, "%s: %s\n", d.Path, registry.Ref{Standard: d.Standard, Revision: d.Revision})
		}
	}
	return nil
}

func (cmd importCommand) report(t *terminal, sum importSummary) {
	if cmd.JSON {
		line, _ := json.Marshal(sum) // strings and numbers: it cannot fail
		fmt.Fprintf(t.out, "%s\n", line)
		return
	}
	kept := "导入"
	if cmd.DryRun {
		kept = "可导入（未存）"
	}
	fmt.Fprintf(t.out, "读 %d，%s %d，未变 %d，失败 %d。 read %d, imported %d, unchanged %d, failed %d\n",
		sum.Read, kept, sum.Imported, sum.Unchanged, len(sum.Failed), sum.Read, sum.Imported, sum.Unchanged, len(sum.Failed))
}

// progress draws how far a long run has come, on a terminal only.
func (t *terminal) progress(done, all int) {
	if !t.isTerm || all == 0 {
		return
	}
	const width = 40
	n := width * done / all
	fmt.Fprintf(t.err, "\r[%s%s] %d/%d", strings.Repeat("=", n), strings.Repeat(" ", width-n), done, all)
	if done == all {
		fmt.Fprintln(t.err)
	}
}

// filesUnder lists the texts in the given files and folders, in order of their
// paths, each once; what cannot be read goes to failed. Links are not followed.
func filesUnder(paths []string, failed func(path string, err error)) []string {
	seen := map[string]bool{}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			failed(p, err)
			continue
		}
		if !info.IsDir() {
			seen[filepath.Clean(p)] = true
			continue
		}
		err = filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				failed(path, err)
			case d.Type().IsRegular() && isText(path):
				seen[path] = true
			}
			return nil
		})
		if err != nil {
			failed(p, err)
		}
	}
	var files []string
	for p := range seen {
		files = append(files, p)
	}
	sort.Strings(files)
	return files
}

func isText(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".md", ".markdown", ".txt":
		return !strings.EqualFold(filepath.Base(path), "README.md")
	}
	return false
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("这是文件夹，要的是文件。 a folder where a file is wanted")
	}
	source, err := io.ReadAll(io.LimitReader(f, editor.MaxBytes+1))
	if err == nil && len(source) > editor.MaxBytes {
		err = fmt.Errorf("文本超过 %d MB，没有读：请分开。 the text is over %d MB: divide it", editor.MaxBytes>>20, editor.MaxBytes>>20)
	}
	return source, err
}

// regionOfFolder tells a region from the usual names of a folder.
func regionOfFolder(name string) string {
	switch strings.ToLower(name) {
	case "shanghai", "sh", "31", "沪", "上海", "上海市":
		return "31"
	case "jiangsu", "js", "32", "苏", "江苏", "江苏省":
		return "32"
	case "zhejiang", "zj", "33", "浙", "浙江", "浙江省":
		return "33"
	case "anhui", "ah", "34", "皖", "安徽", "安徽省":
		return "34"
	}
	return ""
}
