package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"tongbiao/editor"
	"tongbiao/editor/check"
)

type checkCommand struct {
	Files []string `arg:"" name:"file" help:"要检查的文本：texts to check."`
	JSON  bool     `name:"json" help:"每个文件一个 JSON 数组（schemas/findings.schema.json）：one JSON array of findings a file."`
	Fix   bool     `name:"fix" help:"把能安全修正的写回文件，再列出其余：write safe corrections into the files, then list what is left."`
}

// Run prints the findings of every file; an error-level finding or a file that
// cannot be read makes the exit code 1.
func (cmd checkCommand) Run(t *terminal) error {
	failed := false
	for _, path := range cmd.Files {
		findings, err := cmd.file(t, path)
		if err != nil {
			failed = true
			t.failAt(path, err)
			line, reason := placeOf(err)
			findings = []editor.Finding{{Rule: "PARSE", Severity: editor.Error, Line: max(line, 1), Column: 1, Message: reason}}
		}
		for _, f := range findings {
			failed = failed || f.Severity == editor.Error
			if !cmd.JSON {
				fmt.Fprintf(t.out, "%s:%d:%d: %s %s %s\n", path, f.Line, f.Column, f.Severity, f.Rule, f.Message)
				if f.Fix != nil {
					fmt.Fprintf(t.out, "\t--fix：%s\n", f.Fix.Label)
				}
			}
		}
		if cmd.JSON {
			line, err := json.Marshal(append([]editor.Finding{}, findings...))
			if err != nil {
				return err
			}
			fmt.Fprintf(t.out, "%s\n", line)
		}
	}
	if failed {
		return errReported
	}
	return nil
}

// file checks one file, corrected first where that is asked for.
func (cmd checkCommand) file(t *terminal, path string) ([]editor.Finding, error) {
	source, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	if cmd.Fix {
		mended, made, err := check.Mend(source, check.Options{})
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(mended, source) {
			if err := replaceFile(path, mended); err != nil {
				return nil, fmt.Errorf("write corrections: %w", err)
			}
			if source = mended; !cmd.JSON {
				fmt.Fprintf(t.out, "%s: 修正 %d 处 · %d corrected\n", path, made, made)
			}
		}
	}
	report := check.New(check.Options{}).Check(source)
	for i := range report.Findings { // a finding on the whole text stands at its beginning
		f := &report.Findings[i]
		f.Line, f.Column = max(f.Line, 1), max(f.Column, 1)
	}
	return report.Findings, report.Err
}

// replaceFile writes a file anew in one step: whoever reads it sees the old text or
// the new one. A link stays a link.
func replaceFile(path string, data []byte) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tongbiao-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	if _, err = f.Write(data); err == nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}
