package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tongbiao/editor"
	"tongbiao/editor/compare"
	"tongbiao/registry"
)

type compareCommand struct {
	dataFlag
	Texts []string `arg:"" name:"text" help:"文件，或库中的文本（db31-t-sf001/2）：files, or texts of the registry."`
	JSON  bool     `name:"json" help:"JSON 输出。"`
}

// comparison is what compare --json prints.
type comparison struct {
	Texts []comparedText `json:"texts"`
	Rows  []comparedRow  `json:"rows"`
}

type comparedText struct {
	Name    string `json:"name"`
	Clauses int    `json:"clauses"`
}

type comparedRow struct {
	ID          string               `json:"id"`
	Topic       string               `json:"topic"`
	Cells       [][]string           `json:"cells"` // clause numbers as displayed
	Relation    string               `json:"relation"`
	Reasons     []string             `json:"reasons"`
	Differences []comparedDifference `json:"differences"`
}

type comparedDifference struct {
	Kind    string   `json:"kind"`
	Texts   []string `json:"texts"`
	Summary string   `json:"summary"`
}

func (cmd compareCommand) Run(t *terminal) error {
	if len(cmd.Texts) < 2 {
		return usageError("至少要两个文本。 compare takes at least two texts")
	}
	docs, err := cmd.documents(t)
	if err != nil {
		return err
	}
	labels := labelsOf(cmd.Texts, docs)
	found, err := compare.Align(docs, compare.Options{Labels: labels})
	if err != nil {
		return err
	}
	out := describe(cmd.Texts, docs, found)
	if cmd.JSON {
		line, err := json.Marshal(out)
		fmt.Fprintf(t.out, "%s\n", line)
		return err
	}
	for _, row := range out.Rows {
		fmt.Fprintf(t.out, "%s\n", row.Topic)
		for i, cell := range row.Cells {
			said := strings.Join(cell, " ")
			if said == "" {
				said = registry.NoCounterpart
			}
			fmt.Fprintf(t.out, "  %s  %s\n", labels[i], said)
		}
		for _, d := range row.Differences {
			fmt.Fprintf(t.out, "  ≠ %s\n", d.Summary)
		}
	}
	return nil
}

// documents reads the texts: a path that exists is a file, anything else a
// reference into the registry.
func (cmd compareCommand) documents(t *terminal) ([]*editor.Document, error) {
	var reg *registry.Registry
	var docs []*editor.Document
	for _, name := range cmd.Texts {
		if _, err := os.Stat(name); err == nil {
			source, err := readBounded(name)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			doc, _, err := editor.Parse(source)
			if err != nil {
				t.failAt(name, err)
				return nil, errReported
			}
			docs = append(docs, doc)
			continue
		}
		ref, err := registry.ParseRef(name)
		if err != nil || isText(name) {
			return nil, fmt.Errorf("%s: 没有这个文件，也不是库中文本的标识。 no such file, and not a reference", name)
		}
		if reg == nil {
			if reg, err = cmd.open(); err != nil {
				return nil, err
			}
			defer reg.Close()
		}
		text, err := reg.Text(ref)
		if err != nil {
			return nil, err
		}
		docs = append(docs, text.Document)
	}
	return docs, nil
}

// labelsOf names the texts in sentences: by region where that tells them apart,
// otherwise by file name.
func labelsOf(names []string, docs []*editor.Document) []string {
	var labels []string
	seen := map[string]bool{}
	for i, d := range docs {
		label := ""
		if len(d.Header.Regions) == 1 {
			label = registry.RegionOf(d.Header.Regions[0]).Short
		}
		if label == "" || seen[label] {
			label = strings.TrimSuffix(filepath.Base(names[i]), filepath.Ext(names[i]))
		}
		seen[label] = true
		labels = append(labels, label)
	}
	return labels
}

func describe(names []string, docs []*editor.Document, found *compare.Alignment) comparison {
	out := comparison{Rows: []comparedRow{}}
	numbers := make([]map[string]string, len(docs))
	for i, d := range docs {
		n := 0
		numbers[i] = map[string]string{}
		for c := range d.All() {
			if len(c.Passages()) > 0 {
				n++
			}
			numbers[i][c.ID] = displayed(c)
		}
		out.Texts = append(out.Texts, comparedText{names[i], n})
	}
	for _, row := range found.Rows {
		r := comparedRow{ID: row.ID, Topic: row.Topic, Relation: string(row.Relation), Reasons: []string{}, Differences: []comparedDifference{}}
		for i, cell := range row.Cells {
			cited := []string{}
			for _, at := range cell {
				if n := numbers[i][at.Clause]; len(cited) == 0 || cited[len(cited)-1] != n {
					cited = append(cited, n)
				}
			}
			r.Cells = append(r.Cells, cited)
		}
		for _, reason := range row.Reasons() {
			r.Reasons = append(r.Reasons, reason.String())
		}
		for _, d := range row.Differences {
			kind := d.Kind
			if kind == compare.Actor { // the contract has five kinds; who must act is part of the scope
				kind = compare.Scope
			}
			r.Differences = append(r.Differences, comparedDifference{string(kind), d.Texts, d.Summary})
		}
		out.Rows = append(out.Rows, r)
	}
	return out
}

// displayed is how a clause is cited: its number, or its name where it has none.
func displayed(c *editor.Clause) string {
	switch {
	case c.Number != "":
		return c.Number
	case c.Title != "":
		return c.Title
	case c.Kind == editor.Preamble:
		return "题注"
	}
	return c.ID
}
