package search

import (
	"container/list"
	"sync"

	"tongbiao/editor"
	"tongbiao/registry"
)

// cacheBytes bounds the texts that are held in memory to read hits from.
const cacheBytes = 64 << 20

// heldFactor is how many bytes of memory a byte of source takes once it is read.
const heldFactor = 4

// texts reads texts from the registry and holds those that were asked for last.
// A revision never changes, so nothing held is ever out of date.
type texts struct {
	reg *registry.Registry
	max int

	mu    sync.Mutex
	size  int
	order *list.List // of *heldText, last used first
	byRef map[registry.Ref]*list.Element
}

type heldText struct {
	ref     registry.Ref
	header  editor.Header
	doc     *editor.Document
	plain   plain
	clauses map[string]placed
	size    int
}

type placed struct {
	clause *editor.Clause
	path   []string
}

func newTexts(r *registry.Registry, max int) *texts {
	return &texts{reg: r, max: max, order: list.New(), byRef: map[registry.Ref]*list.Element{}}
}

// read gives the text of a revision. It is shared: nobody may change it.
func (t *texts) read(ref registry.Ref) (*heldText, error) {
	ref = registry.Ref{Standard: ref.Standard, Revision: ref.Revision}
	t.mu.Lock()
	if e, ok := t.byRef[ref]; ok {
		t.order.MoveToFront(e)
		t.mu.Unlock()
		return e.Value.(*heldText), nil
	}
	t.mu.Unlock()
	text, err := t.reg.Text(ref)
	if err != nil {
		return nil, err
	}
	return t.hold(text), nil
}

func (t *texts) hold(text registry.Text) *heldText {
	h := &heldText{
		ref: text.Revision.Ref(), header: text.Revision.Header, doc: text.Document,
		plain: plainOf(text.Document), clauses: map[string]placed{}, size: heldFactor * len(text.Source),
	}
	for c, path := range clausesOf(text.Document) {
		h.clauses[c.ID] = placed{c, path}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.byRef[h.ref]; ok || h.size > t.max {
		return h
	}
	t.byRef[h.ref] = t.order.PushFront(h)
	t.size += h.size
	for t.size > t.max {
		last := t.order.Remove(t.order.Back()).(*heldText)
		delete(t.byRef, last.ref)
		t.size -= last.size
	}
	return h
}
