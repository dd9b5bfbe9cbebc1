package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"tongbiao/registry/search"
)

type searchCommand struct {
	dataFlag
	Query   []string `arg:"" optional:"" help:"要找的话：what to look for."`
	Batch   string   `placeholder:"QUERIES" help:"每行一问的 JSON：one question a line, {\"id\",\"text\"}; prints {\"id\",\"hits\":[clause IDs]} a line, at most 100 each."`
	N       int      `short:"n" default:"10" help:"最多几条：how many hits at most."`
	JSON    bool     `name:"json" help:"JSON 输出。"`
	Explain bool     `help:"说明每条为什么排在这里：features and their weights for each hit."`
}

// searchResult is what search --json prints.
type searchResult struct {
	Hits  []searchHit `json:"hits"`
	Total int         `json:"total"`
	Took  float64     `json:"took_ms"`
}

type searchHit struct {
	Ref      string         `json:"ref"`
	Standard string         `json:"standard"`
	Number   string         `json:"number"`
	Title    string         `json:"title"`
	Clause   string         `json:"clause"`
	Heading  string         `json:"heading"`
	Text     string         `json:"text"`
	Score    float64        `json:"score"`
	Why      []searchReason `json:"why,omitempty"` // with --explain
}

// searchReason is a feature of a hit: points are value × weight.
type searchReason struct {
	Feature string  `json:"feature"`
	Means   string  `json:"means"`
	Value   float64 `json:"value"`
	Weight  float64 `json:"weight"`
	Points  float64 `json:"points"`
}

func reasonsOf(h search.Hit) (out []searchReason) {
	for _, r := range h.Why {
		out = append(out, searchReason{r.Feature, r.Chinese() + " " + r.English(), r.Value, r.Weight, r.Points()})
	}
	return out
}

// shownReasons is how many reasons are printed for people.
const shownReasons = 8

func (cmd searchCommand) Run(t *terminal) error {
	if len(cmd.Query) == 0 && cmd.Batch == "" {
		return usageError("没有要找的话。 nothing to look for")
	}
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
	if cmd.Batch != "" {
		return runBatch(t, index, cmd.Batch)
	}
	found, err := index.Search(search.Query{Text: strings.Join(cmd.Query, " "), Limit: cmd.N, Explain: cmd.Explain})
	if err != nil {
		return err
	}
	out := searchResult{Hits: []searchHit{}, Total: found.Total, Took: float64(found.Took.Microseconds()) / 1000}
	for _, h := range found.Hits {
		out.Hits = append(out.Hits, searchHit{h.Ref.String(), h.Standard, h.Number, h.Title, h.Clause, h.Heading, h.Text, h.Score, reasonsOf(h)})
	}
	if cmd.JSON {
		line, err := json.Marshal(out)
		fmt.Fprintf(t.out, "%s\n", line)
		return err
	}
	for _, h := range out.Hits {
		fmt.Fprintf(t.out, "%s  %s %s  %s %s\n    %s\n", h.Ref, h.Number, h.Title, h.Clause, h.Heading, h.Text)
		for _, r := range h.Why[:min(len(h.Why), shownReasons)] {
			fmt.Fprintf(t.out, "    %+7.2f = %.3f × %.3f  %s  %s\n", r.Points, r.Value, r.Weight, r.Feature, r.Means)
		}
	}
	fmt.Fprintf(t.out, "共 %d 条，%.1f ms。 %d hits\n", out.Total, out.Took, out.Total)
	return nil
}

// batchHits is how many hits a question of a batch has at most.
const batchHits = 100

// batchLine is what search --batch prints for a question: the IDs of clauses,
// best first.
type batchLine struct {
	ID   string   `json:"id"`
	Hits []string `json:"hits"`
}

// runBatch answers the questions of a file, one a line.
func runBatch(t *terminal, index *search.Index, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriter(t.out)
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for n := 1; lines.Scan(); n++ {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		var q struct{ ID, Text string }
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return fmt.Errorf("%s:%d: 不是 JSON：%w。 not JSON", path, n, err)
		}
		found, err := index.Search(search.Query{Text: q.Text, Limit: 2 * batchHits})
		if err != nil {
			return err
		}
		line := batchLine{ID: q.ID, Hits: []string{}}
		seen := map[string]bool{} // two texts may have clauses of one ID
		for _, h := range found.Hits {
			// A heading without text answers nothing.
			if h.Text != "" && !seen[h.Ref.Clause] && len(line.Hits) < batchHits {
				seen[h.Ref.Clause] = true
				line.Hits = append(line.Hits, h.Ref.Clause)
			}
		}
		raw, err := json.Marshal(line)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s\n", raw); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return out.Flush()
}
