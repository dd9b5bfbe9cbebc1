package main

import (
	"encoding/json"
	"fmt"

	"tongbiao/editor"
	"tongbiao/editor/check"
)

type checkCommand struct {
	Files []string `arg:"" name:"file" help:"要检查的文本：texts to check."`
	JSON  bool     `name:"json" help:"每个文件一个 JSON 数组：one JSON array of findings a file."`
}

// Run prints the findings of every file; an error-level finding or a file that
// cannot be read makes the exit code 1.
func (cmd checkCommand) Run(t *terminal) error {
	failed := false
	for _, path := range cmd.Files {
		findings, err := checkFile(path)
		if err != nil {
			failed = true
			t.failAt(path, err)
			line, reason := placeOf(err)
			findings = []editor.Finding{{Rule: "PARSE", Severity: editor.Error, Line: line, Column: 1, Message: reason}}
		}
		for _, f := range findings {
			failed = failed || f.Severity == editor.Error
			if !cmd.JSON {
				fmt.Fprintf(t.out, "%s:%d:%d: %s %s %s\n", path, f.Line, f.Column, f.Severity, f.Rule, f.Message)
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

func checkFile(path string) ([]editor.Finding, error) {
	source, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	doc, findings, err := editor.Parse(source)
	if err != nil {
		return nil, err
	}
	findings = append(findings, check.Check(source, doc, check.Options{})...)
	for i := range findings { // a finding on the whole text stands at its beginning
		findings[i].Line, findings[i].Column = max(findings[i].Line, 1), max(findings[i].Column, 1)
	}
	return findings, nil
}
