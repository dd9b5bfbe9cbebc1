// Package search finds clauses by their words. It keeps one Bleve document a
// clause of the current revision of every standard and of each that was in force
// once, with the days on which it holds; follows the events of the
// registry, and keeps in each batch the number of the last event that it has
// followed: a crash loses nothing, and deleting the folder is a valid repair.
//
// Bleve keeps and merges the index; what is found and in which order is decided
// here (match.go, rank.go), because its BM25 takes the wrong length for a field
// (distinct terms ÷ documents) and its order of equal scores changes when
// segments are merged.
package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"

	"tongbiao/registry"
	"tongbiao/registry/search/rank"
)

// schema numbers the shape of the index: what a document holds and how text is
// divided. An index of another schema is thrown away and built anew.
const schema = 5

// Index is a search index beside a registry, held by one process at a time. Its
// methods may be called at once.
type Index struct {
	reg     *registry.Registry
	kept    bleve.Index
	texts   *texts
	columns columns
	laws    lawsHeld
	model   func() (*rank.Model, error) // nil: questions are not ranked anew

	writing sync.Mutex // held by whoever follows the events
	state   state      // under writing
	written uint64     // under writing; the event number that is on disk

	use    sync.RWMutex // held by whoever reads the index, so that it stays open
	closed bool

	mu       sync.Mutex
	progress Progress
}

// state is what the index knows of itself; it changes with every batch.
type state struct {
	Schema int    `json:"schema"`
	Seq    uint64 `json:"seq"`  // of the last event that was followed
	Hash   string `json:"hash"` // of that event; "" for none
	Docs   uint64 `json:"docs"` // documents in the index
}

var stateKey = []byte("state")

// Open takes the index in a folder into use. One that is missing, damaged, of
// another schema, or not of this registry is built anew by the next CatchUp or
// Follow; until then Search finds what is there already and says Rebuilding.
func Open(dir string, r *registry.Registry) (*Index, error) {
	x := &Index{reg: r, texts: newTexts(r, cacheBytes), model: rank.Shipped}
	var err error
	x.kept, x.state, err = openKept(dir, r)
	if errors.Is(err, errHeld) {
		return nil, &registry.Refusal{Kind: registry.Conflict, Reason: "检索索引正被另一个同标进程使用：请先停止它。 The search index is in use by another tongbiao: stop that one first."}
	}
	if err != nil {
		if x.kept, err = create(dir); err != nil {
			return nil, fmt.Errorf("open index: %w", err)
		}
		x.state = state{Schema: schema}
	}
	head, err := r.LastEvent()
	if err != nil {
		x.kept.Close()
		return nil, fmt.Errorf("open index: %w", err)
	}
	x.written = x.state.Seq
	x.progress = Progress{Seq: x.state.Seq, Behind: x.state.Seq < head.Seq}
	return x, nil
}

// Close ends the use of the index, when whoever uses it is done. Later calls of
// its methods fail with ErrClosed.
func (x *Index) Close() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.use.Lock()
	defer x.use.Unlock()
	if x.closed {
		return ErrClosed
	}
	x.closed = true
	return x.kept.Close()
}

// ErrClosed is returned by the methods of an Index that was closed.
var ErrClosed = errors.New("search index is closed")

var errHeld = errors.New("held by another process")

// config bounds the wait for another process to let go of the index.
func config() map[string]any { return map[string]any{"bolt_timeout": "1s"} }

// openKept opens an index and makes sure that it is whole and follows r. Any
// error but errHeld means that it is of no use.
func openKept(dir string, r *registry.Registry) (kept bleve.Index, s state, err error) {
	// What a damaged file makes Bleve or bbolt do is not an error but a panic.
	defer func() {
		if p := recover(); p != nil {
			kept, err = nil, fmt.Errorf("open index: %v", p)
		}
	}()
	if err := dropDamaged(filepath.Join(dir, "store")); err != nil {
		return nil, s, err
	}
	kept, err = bleve.OpenUsing(dir, config())
	if err != nil {
		if strings.Contains(err.Error(), "timeout") {
			err = errHeld
		}
		return nil, s, err
	}
	if s, err = readState(kept, r); err != nil {
		kept.Close()
		return nil, s, err
	}
	return kept, s, nil
}

// readState reads what the index knows of itself, and checks it.
func readState(kept bleve.Index, r *registry.Registry) (s state, err error) {
	raw, err := kept.GetInternal(stateKey)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("state of the index: %w", err)
	}
	if s.Schema != schema {
		return s, fmt.Errorf("index of schema %d, want %d", s.Schema, schema)
	}
	docs, err := kept.DocCount()
	if err != nil {
		return s, err
	}
	if docs != s.Docs {
		return s, fmt.Errorf("index has %d documents, want %d", docs, s.Docs)
	}
	if s.Seq == 0 {
		return s, nil
	}
	followed, err := r.Events(s.Seq-1, 1)
	if err != nil {
		return s, err
	}
	if len(followed) == 0 || followed[0].Hash != s.Hash {
		return s, fmt.Errorf("event %d of the index is not of this registry", s.Seq)
	}
	return s, nil
}

// create makes an empty index where a useless one may stand.
func create(dir string) (bleve.Index, error) {
	for _, of := range []string{"store", "index_meta.json"} {
		if err := os.RemoveAll(filepath.Join(dir, of)); err != nil {
			return nil, err
		}
	}
	kept, err := bleve.NewUsing(dir, mapping.NewIndexMapping(), scorch.Name, scorch.Name, config())
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(state{Schema: schema})
	if err == nil {
		err = kept.SetInternal(stateKey, raw)
	}
	if err != nil {
		kept.Close()
	}
	return kept, err
}
