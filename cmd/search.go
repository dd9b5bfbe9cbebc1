package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"tongbiao/registry/search"
)

type searchCommand struct {
	dataFlag
	Query []string `arg:"" help:"要找的话：what to look for."`
	N     int      `short:"n" default:"10" help:"最多几条：how many hits at most."`
	JSON  bool     `name:"json" help:"JSON 输出。"`
}

// searchResult is what search --json prints.
type searchResult struct {
	Hits  []searchHit `json:"hits"`
	Total int         `json:"total"`
	Took  float64     `json:"took_ms"`
}

type searchHit struct {
	Ref      string  `json:"ref"`
	Standard string  `json:"standard"`
	Number   string  `json:"number"`
	Title    string  `json:"title"`
	Clause   string  `json:"clause"`
	Heading  string  `json:"heading"`
	Text     string  `json:"text"`
	Score    float64 `json:"score"`
}

func (cmd searchCommand) Run(t *terminal) error {
	reg, err := cmd.open()
	if err != nil {
		return err
	}
	defer reg.Close()
	index, err := cmd.index(reg)
	if err != nil {
		return err
	}
	defer index.Close()
	if err := index.CatchUp(t.ctx); err != nil {
		return err
	}
	found, err := index.Search(search.Query{Text: strings.Join(cmd.Query, " "), Limit: cmd.N})
	if err != nil {
		return err
	}
	out := searchResult{Hits: []searchHit{}, Total: found.Total, Took: float64(found.Took.Microseconds()) / 1000}
	for _, h := range found.Hits {
		out.Hits = append(out.Hits, searchHit{h.Ref.String(), h.Standard, h.Number, h.Title, h.Clause, h.Heading, h.Text, h.Score})
	}
	if cmd.JSON {
		line, err := json.Marshal(out)
		fmt.Fprintf(t.out, "%s\n", line)
		return err
	}
	for _, h := range out.Hits {
		fmt.Fprintf(t.out, "%s  %s %s  %s %s\n    %s\n", h.Ref, h.Number, h.Title, h.Clause, h.Heading, h.Text)
	}
	fmt.Fprintf(t.out, "共 %d 条，%.1f ms。 %d hits\n", out.Total, out.Took, out.Total)
	return nil
}
