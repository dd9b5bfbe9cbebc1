package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"tongbiao/editor"
)

// clause is a line of the texts.
type clause struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Article string `json:"article"`
	Chapter string `json:"chapter"`
	Text    string `json:"text"`
}

// all is what the others look through: what ours does, in one field.
func (c clause) all() string {
	return strings.Join([]string{c.Title, c.Chapter, c.Article, c.Text}, "\n")
}

type query struct {
	ID, Text string
	Lay      bool
}

func readLines[T any](path string) (out []T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, lines.Err()
}

// writeTexts writes the texts and the queries into a folder.
func writeTexts(dir string) (n, others int, err error) {
	texts, err := readLines[clause](filepath.Join(*shared, "retrieval", "corpus.jsonl"))
	if err != nil {
		return 0, 0, err
	}
	n = len(texts)
	if *size > n {
		files, err := filepath.Glob(filepath.Join(*shared, "regulations", "*", "*.md"))
		if err != nil {
			return 0, 0, err
		}
		more, _ := filepath.Glob(filepath.Join(*shared, "regulations", "*", "*", "*.md"))
		for i, f := range append(files, more...) {
			if len(texts) >= *size {
				break
			}
			src, err := os.ReadFile(f)
			if err != nil {
				return 0, 0, err
			}
			doc, _, err := editor.Parse(src)
			if err != nil || doc == nil {
				continue
			}
			for c := range doc.All() {
				if text := strings.TrimSpace(editor.PlainText(c.Text)); text != "" {
					texts = append(texts, clause{fmt.Sprintf("r%06d", len(texts)), fmt.Sprintf("%s %d", doc.Header.Title, i), c.Number, c.Title, text})
				}
			}
		}
		others = len(texts) - n
	}
	f, err := os.Create(filepath.Join(dir, "texts.jsonl"))
	if err != nil {
		return 0, 0, err
	}
	w := bufio.NewWriter(f)
	to := json.NewEncoder(w)
	for _, c := range texts {
		if err := to.Encode(c); err != nil {
			return 0, 0, err
		}
	}
	if err := w.Flush(); err != nil {
		return 0, 0, err
	}
	if err := f.Close(); err != nil {
		return 0, 0, err
	}
	queries, err := queriesFrom(texts)
	if err != nil {
		return 0, 0, err
	}
	raw, err := json.Marshal(queries)
	if err != nil {
		return 0, 0, err
	}
	return len(texts), others, os.WriteFile(filepath.Join(dir, "queries.json"), raw, 0o644)
}

// queriesFrom gives 300 queries: written ones, articles by number, phrases out of
// the texts, and lay questions.
func queriesFrom(texts []clause) (out []query, err error) {
	written, err := readWritten()
	if err != nil {
		return nil, err
	}
	for _, text := range written[:min(120, len(written))] {
		out = append(out, query{Text: text})
	}
	chance := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		c := texts[chance.IntN(len(texts))]
		out = append(out, query{Text: strings.TrimPrefix(c.Title, "中华人民共和国") + c.Article})
	}
	for range 50 {
		rs := []rune(strings.Split(texts[chance.IntN(len(texts))].Text, "，")[0])
		out = append(out, query{Text: string(rs[:min(len(rs), 12)])})
	}
	questions, _, err := labelled()
	for i := 0; len(out) < 300 && i < len(questions); i += 9 {
		questions[i].Lay = true
		out = append(out, questions[i])
	}
	return out, err
}

func readWritten() (out []string, err error) {
	raw, err := os.ReadFile("../testdata/queries.txt")
	for line := range strings.Lines(string(raw)) {
		out = append(out, strings.TrimSpace(line))
	}
	return out, err
}

func labelled() (questions []query, answers map[string][]string, err error) {
	if questions, err = readLines[query](filepath.Join(*shared, "retrieval", "queries.dev.jsonl")); err != nil {
		return nil, nil, err
	}
	raw, err := os.ReadFile(filepath.Join(*shared, "retrieval", "qrels.dev.tsv"))
	answers = map[string][]string{}
	for line := range strings.Lines(string(raw)) {
		f := strings.Fields(line)
		answers[f[0]] = append(answers[f[0]], f[2])
	}
	return questions, answers, err
}
