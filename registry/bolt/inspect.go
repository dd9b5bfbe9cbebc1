package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"

	"go.etcd.io/bbolt"
)

// The layout of a bbolt file, version 2: pages of equal size, the first two
// each with a meta record, of which the newer valid one counts. It names the
// root of a B+tree, the list of free pages, and the first page never used.
// Numbers are in the byte order of the machine.
const (
	magic   = 0xED0CDAED
	version = 2

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10

	bucketLen   = 16 // root page u64, sequence u64
	headLen     = 16 // id u64, flags u16, count u16, overflow u32
	elementLen  = 16 // branch: pos, key length u32, page u64; leaf: flags, pos, key and value length u32
	bucketFlag  = 0x01
	noFreelist  = 1<<64 - 1
	deepestTree = 32 // levels; a real file has less than ten
)

var order = binary.NativeEndian

// inspector walks the whole tree of a file, through ordinary bounded reads, to
// make sure that bbolt will neither leave the file nor go round in circles.
type inspector struct {
	file io.ReaderAt
	size uint64 // of a page
	meta meta
	seen []uint64 // one bit a page: used by the tree or by the free list
	bufs [deepestTree][]byte
}

type meta struct{ size, root, freelist, end, id uint64 }

// inspect returns the first fault in the structure of a bbolt file that holds
// no bucket but name. Values are not read: they bear their own checksums.
func inspect(file io.ReaderAt, size int64, name []byte) error {
	m, err := newestMeta(file, size)
	if err != nil {
		return err
	}
	if m.end > uint64(size)/m.size {
		return fmt.Errorf("cut short: %d bytes where %d pages of %d belong", size, m.end, m.size)
	}
	in := &inspector{file: file, size: m.size, meta: m, seen: make([]uint64, m.end/64+1)}
	in.seen[0] = 0b11 // the meta pages
	if err := in.freelist(); err != nil {
		return err
	}
	err = in.tree(m.root, nil, nil, 0, func(p *page, table []byte, i int) error { return in.bucket(p, table, i, name) })
	if err != nil {
		return err
	}
	for id := range m.end { // a page that nobody owns was part of the tree
		if in.take(id) == nil {
			return fmt.Errorf("page %d is lost", id)
		}
	}
	return nil
}

// newestMeta finds the meta record that counts. The second one stands after the
// first page, whose size is not known while the first is not valid.
func newestMeta(file io.ReaderAt, size int64) (newest meta, err error) {
	found := false
	look := func(at int64) {
		var b [headLen + 64]byte
		if _, err := file.ReadAt(b[:], at); err != nil {
			return
		}
		m, ok := readMeta(b[headLen:])
		if ok && (at == 0 || uint64(at) == m.size) && (!found || m.id > newest.id) {
			newest, found = m, true
		}
	}
	look(0)
	for at := int64(1024); at <= 16<<20 && at < size; at *= 2 {
		look(at)
	}
	if !found {
		return newest, errors.New("no valid meta page")
	}
	return newest, nil
}

func readMeta(b []byte) (m meta, ok bool) {
	check := fnv.New64a()
	check.Write(b[:56])
	m = meta{
		size: uint64(order.Uint32(b[8:])), root: order.Uint64(b[16:]), freelist: order.Uint64(b[32:]),
		end: order.Uint64(b[40:]), id: order.Uint64(b[48:]),
	}
	ok = order.Uint32(b) == magic && order.Uint32(b[4:]) == version && order.Uint64(b[56:]) == check.Sum64()
	return m, ok && m.size >= 1024 && m.size <= 16<<20 && m.size&(m.size-1) == 0
}

// page is one page with those that follow it as its overflow.
type page struct {
	in    *inspector
	id    uint64
	depth int
	flags uint16
	count uint64
	len   uint64 // bytes, with overflow
	head  []byte // the first page; what lies beyond is read when it is needed
}

// load reads the head of a page and takes possession of its pages: each may
// have one owner only. The page is good until the next at this depth.
func (in *inspector) load(id uint64, depth int) (*page, error) {
	if id >= in.meta.end {
		return nil, fmt.Errorf("page %d is beyond the end, %d", id, in.meta.end)
	}
	if depth >= deepestTree {
		return nil, fmt.Errorf("page %d: the tree is too deep", id)
	}
	if in.bufs[depth] == nil {
		in.bufs[depth] = make([]byte, in.size)
	}
	head := in.bufs[depth]
	if _, err := in.file.ReadAt(head, int64(id*in.size)); err != nil {
		return nil, fmt.Errorf("page %d: %w", id, err)
	}
	overflow := uint64(order.Uint32(head[12:]))
	if order.Uint64(head) != id || overflow >= in.meta.end-id {
		return nil, fmt.Errorf("page %d: its head is damaged", id)
	}
	for n := id; n <= id+overflow; n++ {
		if err := in.take(n); err != nil {
			return nil, err
		}
	}
	return in.page(id, depth, head, (1+overflow)*in.size), nil
}

func (in *inspector) page(id uint64, depth int, head []byte, size uint64) *page {
	return &page{in: in, id: id, depth: depth, head: head, len: size,
		flags: order.Uint16(head[8:]), count: uint64(order.Uint16(head[10:]))}
}

func (in *inspector) take(id uint64) error {
	if in.seen[id/64]&(1<<(id%64)) != 0 {
		return fmt.Errorf("page %d is used twice", id)
	}
	in.seen[id/64] |= 1 << (id % 64)
	return nil
}

// holds tells whether n bytes from at on are inside the page.
func (p *page) holds(at, n uint64) bool { return at <= p.len && n <= p.len-at }

func (p *page) bytes(at, n uint64) ([]byte, error) {
	if !p.holds(at, n) {
		return nil, fmt.Errorf("page %d: something stands outside it", p.id)
	}
	if at+n <= uint64(len(p.head)) {
		return p.head[at : at+n], nil
	}
	b := make([]byte, n)
	if _, err := p.in.file.ReadAt(b, int64(p.id*p.in.size+at)); err != nil {
		return nil, fmt.Errorf("page %d: %w", p.id, err)
	}
	return b, nil
}

// freelist makes sure that free pages exist and are listed once.
func (in *inspector) freelist() error {
	if in.meta.freelist == noFreelist {
		return nil
	}
	p, err := in.load(in.meta.freelist, 0)
	if err != nil {
		return err
	}
	if p.flags != freelistPage {
		return fmt.Errorf("page %d is not the list of free pages", p.id)
	}
	at := uint64(headLen)
	if p.count == 0xffff { // the true number follows
		b, err := p.bytes(at, 8)
		if err != nil {
			return err
		}
		p.count = order.Uint64(b)
		at += 8
	}
	if p.count > p.len/8 {
		return fmt.Errorf("page %d: the list of free pages is damaged", p.id)
	}
	ids, err := p.bytes(at, p.count*8)
	if err != nil {
		return err
	}
	for ; len(ids) > 0; ids = ids[8:] {
		id := order.Uint64(ids)
		if id >= in.meta.end {
			return fmt.Errorf("free page %d is beyond the end, %d", id, in.meta.end)
		}
		if err := in.take(id); err != nil {
			return err
		}
	}
	return nil
}

// tree walks a subtree whose keys are k with from ≤ k < to (nil: no bound), and
// calls leaf for every entry.
func (in *inspector) tree(id uint64, from, to []byte, depth int, leaf func(p *page, table []byte, i int) error) error {
	p, err := in.load(id, depth)
	if err != nil {
		return err
	}
	return p.walk(from, to, leaf)
}

func (p *page) walk(from, to []byte, leaf func(p *page, table []byte, i int) error) error {
	if p.flags == branchPage && p.count == 0 || p.flags != branchPage && p.flags != leafPage {
		return fmt.Errorf("page %d is not of a tree", p.id)
	}
	table, err := p.bytes(headLen, p.count*elementLen)
	if err != nil {
		return err
	}
	keys, err := p.keys(table, from, to)
	if err != nil {
		return err
	}
	for i := range keys {
		if p.flags == leafPage {
			err = leaf(p, table, i)
		} else {
			upper := to
			if i+1 < len(keys) {
				upper = keys[i+1]
			}
			err = p.in.tree(order.Uint64(table[i*elementLen+8:]), keys[i], upper, p.depth+1, leaf)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// entry says where the i-th entry of a page stands, from the page's beginning.
func (p *page) entry(table []byte, i int) (at, key, value uint64, flags uint32) {
	e := table[i*elementLen:]
	at = headLen + uint64(i)*elementLen
	if p.flags == branchPage {
		return at + uint64(order.Uint32(e)), uint64(order.Uint32(e[4:])), 0, 0
	}
	return at + uint64(order.Uint32(e[4:])), uint64(order.Uint32(e[8:])), uint64(order.Uint32(e[12:])), order.Uint32(e)
}

// keys reads the keys of a page, in order and between the bounds that the page
// above sets. Entries are as bbolt writes them: one behind the other, the first
// behind the table, so that a wrong count or length shows.
func (p *page) keys(table, from, to []byte) ([][]byte, error) {
	if p.count == 0 && p.holds(headLen, elementLen) && !bytes.Equal(p.head[headLen:headLen+elementLen], make([]byte, elementLen)) {
		return nil, fmt.Errorf("page %d: says that it is empty, and is not", p.id)
	}
	keys := make([][]byte, p.count)
	next := headLen + p.count*elementLen
	for i := range keys {
		at, n, value, _ := p.entry(table, i)
		if at != next || n == 0 || n > bbolt.MaxKeySize || !p.holds(at, n+value) {
			return nil, fmt.Errorf("page %d: entry %d is damaged", p.id, i)
		}
		next = at + n + value
		key, err := p.bytes(at, n)
		if err != nil {
			return nil, err
		}
		if i == 0 && bytes.Compare(key, from) < 0 || i > 0 && bytes.Compare(key, keys[i-1]) <= 0 || to != nil && bytes.Compare(key, to) >= 0 {
			return nil, fmt.Errorf("page %d: entry %d is out of order", p.id, i)
		}
		keys[i] = key
	}
	return keys, nil
}

// bucket walks what an entry of the root page names: it must be our bucket. A
// small one stands in the entry itself, as a page after its head.
func (in *inspector) bucket(p *page, table []byte, i int, name []byte) error {
	at, n, size, flags := p.entry(table, i)
	entry, err := p.bytes(at, n+size)
	if err != nil {
		return err
	}
	if flags != bucketFlag || !bytes.Equal(entry[:n], name) || size < bucketLen {
		return fmt.Errorf("page %d: %.40q is not ours", p.id, entry[:n])
	}
	value := entry[n:]
	if root := order.Uint64(value); root != 0 {
		return in.tree(root, nil, nil, p.depth+1, record)
	}
	inline := value[bucketLen:]
	if len(inline) < headLen {
		return fmt.Errorf("page %d: entry %d is damaged", p.id, i)
	}
	return in.page(p.id, p.depth+1, inline, uint64(len(inline))).walk(nil, nil, record)
}

func record(p *page, table []byte, i int) error {
	if _, _, _, flags := p.entry(table, i); flags != 0 {
		return fmt.Errorf("page %d: entry %d is not a record", p.id, i)
	}
	return nil
}
