package model

import (
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

const magic = "tongbiao language 1\n"

// Bounds of a coded model: more is refused.
const (
	maxBytes = 16 << 20
	maxItems = 1 << 20
)

// Encode writes a model; the same model gives the same bytes.
func (m *Model) Encode() []byte {
	var b bytes.Buffer
	put := func(n int) { b.Write(binary.AppendUvarint(nil, uint64(n))) }
	put(m.articles)
	type entry struct {
		key   uint64
		count int
	}
	var pairs []entry
	for p, r := range m.pairs {
		pairs = append(pairs, entry{uint64(p[0])<<21 | uint64(p[1]), int(math.Round(float64(r) * rarityScale))})
	}
	slices.SortFunc(pairs, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	put(int(math.Round(m.rarest * rarityScale)))
	put(len(pairs))
	last := uint64(0)
	for _, p := range pairs {
		b.Write(binary.AppendUvarint(nil, p.key-last))
		last = p.key
	}
	for _, p := range pairs { // apart: alike values pack well
		put(p.count)
	}
	put(len(m.words))
	for _, w := range m.words {
		put(len(w.Text))
		b.WriteString(w.Text)
		put(int(math.Round(float64(w.cost) * costScale)))
		put(int(w.count))
		put(len(w.Vector))
	}
	for _, w := range m.words {
		for _, v := range w.Vector {
			b.WriteByte(byte(v))
		}
	}
	var out bytes.Buffer
	out.WriteString(magic)
	z, _ := flate.NewWriter(&out, flate.BestCompression) // the level is valid
	z.Write(b.Bytes())                                   // to memory
	z.Close()
	return out.Bytes()
}

const (
	rarityScale = 64
	costScale   = 16
)

// Decode reads what Encode wrote.
func Decode(data []byte) (*Model, error) {
	rest, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return nil, errors.New("language model: not in the format that this program reads; make model writes it anew")
	}
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(rest)), maxBytes))
	if err != nil {
		return nil, fmt.Errorf("language model: %w", err)
	}
	sum := sha256.Sum256(data)
	r := &reader{rest: raw}
	m := &Model{hash: hex.EncodeToString(sum[:6]), articles: r.number(math.MaxInt32)}
	m.rarest = float64(r.number(1<<20)) / rarityScale
	m.readPairs(r)
	m.readWords(r)
	if r.failed {
		return nil, errors.New("language model: cut off or damaged; make model writes it anew")
	}
	m.index()
	return m, nil
}

// reader reads numbers and bytes; after the first failure it gives zeros.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) number(limit uint64) int {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > limit {
		r.failed, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return int(v)
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.failed, r.rest = true, nil
		return nil
	}
	out := r.rest[:n]
	r.rest = r.rest[n:]
	return out
}

func (m *Model) readPairs(r *reader) {
	n := min(r.number(maxItems), len(r.rest))
	keys := make([]uint64, n)
	last := uint64(0)
	for i := range keys {
		last += uint64(r.number(1 << 42))
		keys[i] = last
	}
	m.pairs = make(map[[2]rune]float32, n)
	for _, k := range keys {
		m.pairs[[2]rune{rune(k >> 21), rune(k & (1<<21 - 1))}] = float32(r.number(1<<20)) / rarityScale
	}
}

func (m *Model) readWords(r *reader) {
	n := min(r.number(maxItems), len(r.rest))
	m.words = make([]Word, n)
	sizes := make([]int, n)
	for i := range m.words {
		text := string(r.bytes(r.number(64)))
		cost := float32(r.number(1<<20)) / costScale
		count := r.number(math.MaxInt32)
		sizes[i] = r.number(Dimensions)
		if sizes[i] != 0 && sizes[i] != Dimensions || text == "" {
			r.failed = true
		}
		m.words[i] = Word{Text: text, Rarity: rarity(float64(count), float64(m.articles)), cost: cost, count: int32(count)}
	}
	for i, size := range sizes {
		if size == 0 {
			continue
		}
		raw := r.bytes(size)
		m.words[i].Vector = make([]int8, len(raw))
		for k, b := range raw {
			m.words[i].Vector[k] = int8(b)
		}
	}
}
