package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"tongbiao/editor"
	"tongbiao/editor/convert"
	"tongbiao/registry"
)

type exportCommand struct {
	dataFlag
	Refs    []string `arg:"" optional:"" name:"ref" help:"要导出的文本，如 db31-t-sf001/2：texts; all current ones where none is named."`
	DOCX    bool     `name:"docx" help:"文本也写成 Word 文档：texts as Word documents too."`
	Project string   `help:"导出这个项目的统一稿、对照表、指标台账、编制说明和会议纪要：a project's draft, concordance, ledger, explanation and minutes."`
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
		if err := cmd.exportText(t, reg, text); err != nil {
			return err
		}
	}
	return nil
}

// exportText writes a text and the figures that it shows, where its addresses
// lead.
func (cmd exportCommand) exportText(t *terminal, reg *registry.Registry, text registry.Text) error {
	name := fmt.Sprintf("%s-%d", text.Revision.Standard, text.Revision.Number)
	if err := cmd.write(t, name+".md", text.Source); err != nil {
		return err
	}
	if err := cmd.exportFigures(t, reg, text.Source); err != nil {
		return err
	}
	if !cmd.DOCX {
		return nil
	}
	var b bytes.Buffer
	if err := convert.WriteDOCX(&b, convert.StandardPaper(text.Document, reg.FigureData)); err != nil {
		return err
	}
	return cmd.write(t, name+".docx", b.Bytes())
}

// exportFigures writes the figures of a text that are kept.
func (cmd exportCommand) exportFigures(t *terminal, reg *registry.Registry, source []byte) error {
	for _, file := range slices.Compact(slices.Sorted(slices.Values(editor.FiguresIn(source)))) {
		data, err := reg.FigureData(file)
		if registry.Refused(err, registry.NotFound) {
			fmt.Fprintf(t.err, "图 figures/%s 不在本站。 The figure is not kept here.\n", file)
			continue
		}
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(cmd.Out, "figures"), 0o755); err != nil {
			return err
		}
		if err := cmd.write(t, filepath.Join("figures", file), data); err != nil {
			return err
		}
	}
	return nil
}

// exportProject writes the papers of a project: the unified draft, the table of
// concordance, the ledger of its figures, the drafting explanation and the
// minutes of its meetings.
func (cmd exportCommand) exportProject(t *terminal, reg *registry.Registry) error {
	view, err := reg.Workbench(cmd.Project)
	if err != nil {
		return err
	}
	explanation, err := reg.Explanation(cmd.Project)
	if err != nil {
		return err
	}
	meetings, err := reg.Meetings(cmd.Project)
	if err != nil {
		return err
	}
	draft, matrix := view.Draft().Document, view.Matrix()
	docx := func(p convert.Paper) func(io.Writer) error {
		return func(w io.Writer) error { return convert.WriteDOCX(w, p) }
	}
	xlsx := func(tables []convert.Table) func(io.Writer) error {
		return func(w io.Writer) error { return convert.WriteXLSX(w, tables...) }
	}
	text := func(b []byte) func(io.Writer) error {
		return func(w io.Writer) error { _, err := w.Write(b); return err }
	}
	type paper struct {
		name string
		to   func(io.Writer) error
	}
	papers := []paper{
		{"draft.md", text(editor.Write(draft))},
		{"draft.docx", docx(convert.StandardPaper(draft, reg.FigureData))},
		{"concordance.md", text(view.ConcordanceMarkdown())},
		{"concordance.csv", view.ConcordanceCSV},
		{"concordance.docx", docx(view.ConcordancePaper())},
		{"concordance.xlsx", xlsx(view.ConcordanceTables())},
		{"matrix.xlsx", xlsx(view.MatrixTables(matrix, ""))},
		{"explanation.md", text(explanation.Markdown())},
		{"explanation.docx", docx(explanation.Paper())},
	}
	for _, m := range meetings {
		minutes, err := reg.Minutes(cmd.Project, m.ID)
		if err != nil {
			return err
		}
		papers = append(papers, paper{"minutes-" + m.ID + ".md", text(minutes.Markdown())}, paper{"minutes-" + m.ID + ".docx", docx(minutes.Paper())})
	}
	for _, p := range papers {
		var b bytes.Buffer
		if err := p.to(&b); err != nil {
			return err
		}
		if err := cmd.write(t, cmd.Project+"-"+p.name, b.Bytes()); err != nil {
			return err
		}
	}
	return cmd.exportFigures(t, reg, editor.Write(draft))
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
