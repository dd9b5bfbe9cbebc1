package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tongbiao/editor"
	"tongbiao/registry"
)

type exportCommand struct {
	dataFlag
	Refs    []string `arg:"" optional:"" name:"ref" help:"要导出的文本，如 db31-t-sf001/2：texts; all current ones where none is named."`
	Project string   `help:"导出这个项目的统一稿和对照表：a project's unified draft and concordance."`
	Out     string   `short:"o" default:"." type:"path" help:"放到哪个文件夹：folder to write to."`
}

// Run writes the files and prints the path of each. A file that is there is
// never overwritten unless it has the same content.
func (cmd exportCommand) Run(t *terminal) error {
	reg, err := cmd.open()
	if err != nil {
		return err
	}
	defer reg.Close()
	if err := os.MkdirAll(cmd.Out, 0o755); err != nil {
		return err
	}
	if cmd.Project != "" {
		return cmd.exportProject(t, reg)
	}
	refs := cmd.Refs
	if len(refs) == 0 {
		all, _, err := reg.Standards(registry.Filter{}, 0, 1<<30)
		if err != nil {
			return err
		}
		for _, s := range all {
			refs = append(refs, s.ID)
		}
	}
	for _, name := range refs {
		ref, err := registry.ParseRef(name)
		if err != nil {
			return err
		}
		text, err := reg.Text(ref)
		if err != nil {
			return err
		}
		file := fmt.Sprintf("%s-%d.md", text.Revision.Standard, text.Revision.Number)
		if err := cmd.write(t, file, text.Source); err != nil {
			return err
		}
	}
	return nil
}

func (cmd exportCommand) exportProject(t *terminal, reg *registry.Registry) error {
	view, err := reg.Workbench(cmd.Project)
	if err != nil {
		return err
	}
	var csv strings.Builder
	if err := view.ConcordanceCSV(&csv); err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		data []byte
	}{
		{cmd.Project + "-draft.md", editor.Write(view.Draft().Document)},
		{cmd.Project + "-concordance.md", view.ConcordanceMarkdown()},
		{cmd.Project + "-concordance.csv", []byte(csv.String())},
	} {
		if err := cmd.write(t, f.name, f.data); err != nil {
			return err
		}
	}
	return nil
}

func (cmd exportCommand) write(t *terminal, name string, data []byte) error {
	path := filepath.Join(cmd.Out, name)
	if old, err := os.ReadFile(path); err == nil && string(old) != string(data) {
		return fmt.Errorf("%s 已存在且内容不同，没有覆盖：请换一个文件夹。 %s exists with other content and was not overwritten: choose another folder", path, path)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	_, err := fmt.Fprintln(t.out, path)
	return err
}
