package registry

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"tongbiao/editor/compare"
)

// memory keeps what the machine made of texts, by what they say: a page that
// shows hundreds of cells reads none of them twice. Losing it costs only time.
type memory struct {
	proposals recall[compare.Proposal]
	ledgers   recall[[]compare.Line]
	summaries recall[Summary]
	pasts     pasts
}

// recalled bounds each kind of thing that is remembered; a full one starts anew.
const recalled = 1 << 13

type recall[T any] struct {
	mu   sync.Mutex
	held map[[32]byte]T
}

// of gives what is held under a key, or makes it.
func (r *recall[T]) of(key [32]byte, build func() T) T {
	r.mu.Lock()
	got, held := r.held[key]
	r.mu.Unlock()
	if held {
		return got
	}
	got = build() // two that come at once both make it: the same
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held == nil || len(r.held) >= recalled {
		r.held = map[[32]byte]T{}
	}
	r.held[key] = got
	return got
}

// forget drops what could not be made.
func (r *recall[T]) forget(key [32]byte) {
	r.mu.Lock()
	delete(r.held, key)
	r.mu.Unlock()
}

// reader compares by a project's synonyms.
type reader struct {
	*compare.Reader
	synonyms [][]string
}

// readerOf compares by the synonyms of a project.
func readerOf(tx Tx, project string) (reader, error) {
	synonyms, err := synonymsOf(tx, project)
	return reader{compare.NewReader(synonyms), synonyms}, err
}

// reckon is how a cell stands to another.
func (m *memory) reckon(r reader, own, other compare.Cell, sure bool) compare.Proposal {
	mode := byte(0)
	if sure {
		mode = 1
	}
	if m == nil {
		return r.Reckon(own, other, sure)
	}
	return m.proposals.of(r.key(mode, own, other), func() compare.Proposal { return r.Reckon(own, other, sure) })
}

// ledger lists the figures and modal words of a row's cells; floors are the
// columns that the others may not fall below.
func (m *memory) ledger(r reader, cells []compare.Cell, floors []int) []compare.Line {
	if m == nil {
		return r.Ledger(cells, floors...)
	}
	mode := byte(2)
	for _, f := range floors {
		mode += 1 << (2 + f%6)
	}
	return m.ledgers.of(r.key(mode, cells...), func() []compare.Line { return r.Ledger(cells, floors...) })
}

// key names texts and how they are read. Every part is led by its length.
func (r reader) key(mode byte, cells ...compare.Cell) (key [32]byte) {
	h := sha256.New()
	part := func(s string) {
		var n [8]byte
		binary.LittleEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	h.Write([]byte{mode, byte(len(cells))})
	for _, c := range cells {
		part(c.Label)
		h.Write([]byte{byte(len(c.Passages)), byte(len(c.Passages) >> 8)})
		for _, p := range c.Passages {
			part(p)
		}
	}
	for _, group := range r.synonyms {
		h.Write([]byte{byte(len(group))})
		for _, w := range group {
			part(w)
		}
	}
	return [32]byte(h.Sum(nil))
}
