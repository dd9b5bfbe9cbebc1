package search

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"

	"tongbiao/registry"
)

// batchClauses is how many clauses are written at once, at least, while there
// are so many to write. A batch costs a sync of the disk.
const batchClauses = 2000

// Progress says how far the index has followed the registry.
type Progress struct {
	Seq    uint64 // of the last event that was followed
	Behind bool   // the index was built anew or left behind, and has not caught up since it was opened
	Done   int    // standards of those that changed
	Total  int    // standards that changed; 0 while nothing is being followed
	Err    error  // what kept it from following, until it does again
}

// Progress tells how far the index is.
func (x *Index) Progress() Progress {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.progress
}

func (x *Index) report(change func(*Progress)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	change(&x.progress)
}

// Follow keeps the index up with the registry until ctx is done, and returns
// its error. What goes wrong is logged and tried again after a while.
func (x *Index) Follow(ctx context.Context) error {
	const first, longest = time.Second, time.Minute
	pause := first
	for {
		changed := x.reg.Changed()
		err := x.CatchUp(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var again <-chan time.Time
		if err != nil {
			slog.Error("search index", "err", err, "again", pause)
			again = time.After(pause)
			pause = min(2*pause, longest)
			changed = nil
		} else {
			pause = first
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		case <-again:
		}
	}
}

// CatchUp follows the events that the index has not followed yet. When it
// returns nil, all that was kept before it was called is found.
func (x *Index) CatchUp(ctx context.Context) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.closed {
		return ErrClosed
	}
	err := x.catchUp(ctx)
	x.report(func(p *Progress) {
		*p = Progress{Seq: x.state.Seq, Behind: p.Behind && err != nil, Err: err}
	})
	if err != nil {
		return fmt.Errorf("follow the registry: %w", err)
	}
	return nil
}

func (x *Index) catchUp(ctx context.Context) error {
	changed, head, err := x.unfollowed(ctx)
	if err != nil {
		return err
	}
	b := &batch{index: x, Batch: x.kept.NewBatch(), state: x.state}
	for i, e := range changed {
		if err := ctx.Err(); err != nil {
			return err
		}
		x.report(func(p *Progress) { p.Done, p.Total = i, len(changed) })
		if err := b.replace(e.standard); err != nil {
			// A text that cannot be read must not keep the others from being found.
			slog.Error("search index", "standard", e.standard, "err", err)
		}
		// What comes later in the list changed again later: up to here all is
		// followed.
		if !e.along {
			b.state.Seq, b.state.Hash = e.seq, e.hash
		}
		if b.clauses >= batchClauses {
			if err := b.write(); err != nil {
				return err
			}
		}
	}
	b.state.Seq, b.state.Hash = head.seq, head.hash
	// Where nothing to find has changed the number is written later: a few
	// events are read again at the next start.
	const few = 10_000
	if b.clauses > 0 || head.seq > x.written+few {
		return b.write()
	}
	x.state = b.state
	return nil
}

// step is an event that changed a standard.
type step struct {
	seq      uint64
	hash     string
	standard string
	along    bool // the event is another standard's, whose new edition ends this one's
}

// unfollowed lists the standards that changed after the state of the index, in
// the order of their last change, and the last event.
func (x *Index) unfollowed(ctx context.Context) (steps []step, head step, err error) {
	const page = 1000
	head = step{seq: x.state.Seq, hash: x.state.Hash}
	last := map[string]step{}
	var published []step
	for {
		events, err := x.reg.Events(head.seq, page)
		if err != nil {
			return nil, head, err
		}
		for _, e := range events {
			head = step{seq: e.Seq, hash: e.Hash}
			if standard, ok := changedBy(e); ok {
				last[standard] = step{e.Seq, e.Hash, standard, false}
				if e.Verb == registry.PublishEdition {
					published = append(published, last[standard])
				}
			}
		}
		if len(events) < page {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, head, err
		}
	}
	for _, p := range published {
		ended, err := x.endedBy(p.standard)
		if err != nil {
			return nil, head, err
		}
		for _, standard := range ended {
			if last[standard].seq < p.seq {
				last[standard] = step{p.seq, p.hash, standard, true}
			}
		}
	}
	for _, s := range last {
		steps = append(steps, s)
	}
	slices.SortFunc(steps, func(a, b step) int {
		if a.seq == b.seq && a.along != b.along {
			return map[bool]int{true: -1, false: 1}[a.along]
		}
		return cmp.Or(cmp.Compare(a.seq, b.seq), strings.Compare(a.standard, b.standard))
	})
	return steps, head, nil
}

// endedBy lists the other standards that the index holds and whose place an
// edition of this one takes.
func (x *Index) endedBy(standard string) (out []string, err error) {
	editions, err := x.reg.Editions(standard)
	if err != nil {
		return nil, err
	}
	for _, e := range editions {
		for _, number := range e.Replaces {
			faces, err := x.documentsBy(nameField, nameOf(number))
			if err != nil {
				return nil, err
			}
			for _, f := range faces {
				if s := refOf(f).Standard; s != standard && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
	}
	return out, nil
}

// changedBy tells which standard an event gave a new text.
func changedBy(e registry.Event) (standard string, ok bool) {
	ref, ok := strings.CutPrefix(e.Object, "standards/")
	if !ok || strings.HasPrefix(string(e.Verb), "comment.") {
		return "", false
	}
	r, err := registry.ParseRef(ref)
	return r.Standard, err == nil
}

// batch gathers what is written at once.
type batch struct {
	*bleve.Batch
	index   *Index
	state   state
	clauses int
}

// replace puts the current text of a standard in the place of the one that the
// index holds.
func (b *batch) replace(standard string) error {
	old, err := b.index.documentsIn(standard)
	if err != nil {
		return err
	}
	docs, err := b.index.documentsFor(standard)
	if err != nil {
		return err
	}
	for _, id := range old {
		b.Delete(id)
	}
	for _, d := range docs {
		if err := b.IndexAdvanced(d); err != nil {
			return err
		}
	}
	b.state.Docs += uint64(len(docs)) - uint64(len(old))
	b.clauses += len(docs) + len(old)
	return nil
}

func (b *batch) write() error {
	raw, err := json.Marshal(b.state)
	if err != nil {
		return err
	}
	b.SetInternal(stateKey, raw)
	if err := b.index.kept.Batch(b.Batch); err != nil {
		return err
	}
	b.index.state, b.index.written = b.state, b.state.Seq
	b.Reset()
	b.clauses = 0
	return nil
}

// documentsFor makes the documents of the texts of a standard that can be found.
func (x *Index) documentsFor(standard string) ([]*document.Document, error) {
	record, err := x.reg.Record(standard)
	if err != nil {
		return nil, err
	}
	names := []string{nameOf(standard)}
	for _, v := range record.Revisions {
		for _, n := range namesOf(v.Header) {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	var out []*document.Document
	for _, e := range editionsOf(record) {
		text, err := x.reg.Text(registry.Ref{Standard: standard, Revision: e.revision})
		if err != nil {
			return nil, err
		}
		if e.current {
			out = append(out, faceOf(e, names))
		}
		out = append(out, documentsOf(text, e)...)
	}
	return out, nil
}

// documentsIn lists the documents that the index holds of a standard.
func (x *Index) documentsIn(standard string) ([]string, error) {
	return x.documentsBy(standardField, standard)
}
