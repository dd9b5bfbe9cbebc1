package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	bquery "github.com/blevesearch/bleve/v2/search/query"
	_ "modernc.org/sqlite"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/search"
)

// ours is the search of this repository, over a registry.
type ours struct {
	index *search.Index
	took  time.Duration // to build the index from the registry
}

func (o *ours) registry(dir string) (*registry.Registry, error) {
	store, err := bolt.Open(filepath.Join(dir, "registry.db"))
	if err != nil {
		return nil, err
	}
	return registry.Open(store, time.Now)
}

func (o *ours) build(dir string, _ []clause) error {
	load := exec.Command(*program, "import", "--json", "--data", dir, "--jsonl", filepath.Join(filepath.Dir(dir), "texts.jsonl"))
	load.Stderr = os.Stderr
	if err := load.Run(); err != nil {
		return err
	}
	begun := time.Now()
	if err := o.open(dir); err != nil {
		return err
	}
	o.took = time.Since(begun)
	return o.index.Close()
}

func (o *ours) open(dir string) error {
	reg, err := o.registry(dir)
	if err != nil {
		return err
	}
	if o.index, err = search.Open(filepath.Join(dir, "index"), reg); err != nil {
		return err
	}
	return o.index.CatchUp(context.Background())
}

func (o *ours) find(text string, limit int) (out []string, err error) {
	res, err := o.index.Search(search.Query{Text: text, Limit: limit})
	for _, h := range res.Hits {
		out = append(out, h.Ref.Clause)
	}
	return out, err
}

// fts is SQLite's FTS5: with its trigram tokenizer, or with pairs of characters
// that we prepare.
type fts struct {
	pairs bool
	db    *sql.DB
}

func (f *fts) create(dir string) error {
	var err error
	f.db, err = sql.Open("sqlite", filepath.Join(dir, "fts.db")+"?_pragma=journal_mode(off)&_pragma=synchronous(off)")
	return err
}

func (f *fts) open(dir string) error { return f.create(dir) }

func (f *fts) build(dir string, texts []clause) error {
	if err := f.create(dir); err != nil {
		return err
	}
	defer f.db.Close()
	tokens := "trigram"
	if f.pairs {
		tokens = "unicode61"
	}
	if _, err := f.db.Exec(`CREATE VIRTUAL TABLE c USING fts5(id UNINDEXED, body, tokenize='` + tokens + `')`); err != nil {
		return err
	}
	tx, err := f.db.Begin()
	if err != nil {
		return err
	}
	put, err := tx.Prepare(`INSERT INTO c VALUES (?, ?)`)
	if err != nil {
		return err
	}
	for _, t := range texts {
		body := t.all()
		if f.pairs {
			body = strings.Join(gramsOf(body, 2), " ")
		}
		if _, err := put.Exec(t.ID, body); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (f *fts) find(text string, limit int) ([]string, error) {
	n := 3
	if f.pairs {
		n = 2
	}
	var all, some []string
	like := ""
	for _, w := range wordsOf(text) {
		grams := gramsOf(w, n)
		if len([]rune(w)) < n { // shorter than a token
			like = w
			continue
		}
		if f.pairs {
			all = append(all, `"`+strings.Join(grams, " ")+`"`)
		} else {
			all = append(all, `"`+w+`"`)
		}
		for _, g := range grams {
			some = append(some, `"`+g+`"`)
		}
	}
	if len(all) == 0 {
		return f.rows(`SELECT id FROM c WHERE body LIKE ? LIMIT ?`, "%"+like+"%", limit)
	}
	out, err := f.rows(`SELECT id FROM c WHERE c MATCH ? ORDER BY rank LIMIT ?`, strings.Join(all, " AND "), limit)
	if len(out) > 0 || err != nil {
		return out, err
	}
	return f.rows(`SELECT id FROM c WHERE c MATCH ? ORDER BY rank LIMIT ?`, strings.Join(some, " OR "), limit)
}

func (f *fts) rows(ask string, with ...any) (out []string, err error) {
	rows, err := f.db.Query(ask, with...)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", with, err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// wordsOf divides a query at what is no letter and no number.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

func gramsOf(text string, n int) (out []string) {
	for _, w := range wordsOf(text) {
		rs := []rune(w)
		if len(rs) < n {
			out = append(out, w)
		}
		for i := 0; i+n <= len(rs); i++ {
			out = append(out, string(rs[i:i+n]))
		}
	}
	return out
}

// cjk is Bleve with its CJK analyser and its own scores.
type cjk struct{ index bleve.Index }

func (c *cjk) build(dir string, texts []clause) error {
	field := bleve.NewTextFieldMapping()
	field.Analyzer, field.Store, field.DocValues = "cjk", false, false
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("body", field)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	index, err := bleve.New(filepath.Join(dir, "bleve"), m)
	if err != nil {
		return err
	}
	batch := index.NewBatch()
	for i, t := range texts {
		if err := batch.Index(t.ID, map[string]string{"body": t.all()}); err != nil {
			return err
		}
		if batch.Size() == 2000 || i == len(texts)-1 {
			if err := index.Batch(batch); err != nil {
				return err
			}
			batch.Reset()
		}
	}
	return index.Close()
}

func (c *cjk) open(dir string) (err error) {
	c.index, err = bleve.Open(filepath.Join(dir, "bleve"))
	return err
}

func (c *cjk) find(text string, limit int) ([]string, error) {
	var all []bquery.Query
	for _, w := range wordsOf(text) {
		q := bleve.NewMatchPhraseQuery(w)
		q.SetField("body")
		all = append(all, q)
	}
	out, err := c.run(bleve.NewConjunctionQuery(all...), limit)
	if len(out) > 0 || err != nil {
		return out, err
	}
	some := bleve.NewMatchQuery(text)
	some.SetField("body")
	return c.run(some, limit)
}

func (c *cjk) run(q bquery.Query, limit int) (out []string, err error) {
	res, err := c.index.Search(bleve.NewSearchRequestOptions(q, limit, 0, false))
	if err != nil {
		return nil, err
	}
	for _, h := range res.Hits {
		out = append(out, h.ID)
	}
	return out, nil
}
