package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"tongbiao/registry"
)

// model runs random transactions on the store and on a map beside it; after
// each both hold the same. Some transactions end in an error or a panic and
// must leave nothing; now and then the store is closed and opened again.
func model(t *testing.T, open func(*testing.T) registry.Store) {
	rounds := 400
	if testing.Short() {
		rounds = 60
	}
	m := &walk{t: t, random: rand.New(rand.NewPCG(31, 34)), kept: map[string]string{}}
	s := open(t)
	defer func() { s.Close() }()
	for round := range rounds {
		after := maps.Clone(m.kept)
		switch ending := m.random.IntN(10); ending {
		case 0:
			broken := errors.New("broken")
			if err := s.Update(func(tx registry.Tx) error { m.write(tx, after); return broken }); !errors.Is(err, broken) {
				t.Fatalf("round %d: Update returns %v", round, err)
			}
		case 1:
			panics(t, func() {
				s.Update(func(tx registry.Tx) error { m.write(tx, after); panic("boom") })
			})
		default:
			update(t, s, func(tx registry.Tx) error { m.write(tx, after); return nil })
			m.kept = after
		}
		if m.random.IntN(20) == 0 {
			if err := s.Close(); err != nil {
				t.Fatalf("round %d: Close: %v", round, err)
			}
			s = open(t)
		}
		view(t, s, func(tx registry.Tx) error { m.compare(tx, m.kept); return nil })
		if t.Failed() {
			t.Fatalf("round %d: the store and the model part", round)
		}
	}
}

type walk struct {
	t      *testing.T
	random *rand.Rand
	kept   map[string]string
}

// key is short and of few letters, so that keys meet and are prefixes of each
// other; some are long.
func (m *walk) key() string {
	letters := []string{"a", "b", "\x00", "\xff", "沪"}
	key := ""
	for range 1 + m.random.IntN(4) {
		key += letters[m.random.IntN(len(letters))]
	}
	if m.random.IntN(20) == 0 {
		key += string(bytes.Repeat([]byte("k"), m.random.IntN(1000)))
	}
	return key
}

func (m *walk) value() string {
	size := m.random.IntN(30)
	if m.random.IntN(8) == 0 {
		size = m.random.IntN(20_000)
	}
	return string(bytes.Repeat([]byte{byte('a' + m.random.IntN(26))}, size))
}

// write does the same to the transaction and to the map, comparing on the way.
func (m *walk) write(tx registry.Tx, now map[string]string) {
	m.t.Helper()
	for range m.random.IntN(25) {
		key := m.key()
		var err error
		switch m.random.IntN(6) {
		case 0, 1, 2:
			value := m.value()
			now[key] = value
			err = tx.Put([]byte(key), []byte(value))
		case 3, 4:
			if held := slices.Sorted(maps.Keys(now)); len(held) > 0 && m.random.IntN(2) == 0 {
				key = held[m.random.IntN(len(held))]
			}
			delete(now, key)
			err = tx.Delete([]byte(key))
		default:
			m.compare(tx, now)
		}
		if err != nil {
			m.t.Fatalf("write %q: %v", key, err)
		}
	}
}

// compare reads one key and one range from both.
func (m *walk) compare(tx registry.Tx, now map[string]string) {
	m.t.Helper()
	key := m.key()
	got, err := tx.Get([]byte(key))
	want, held := now[key]
	if err != nil || (got != nil) != held || string(got) != want {
		m.t.Errorf("Get(%q) = %.40q, %v; want %.40q, there: %v", key, got, err, want, held)
	}
	from, to := "", ""
	if m.random.IntN(3) > 0 {
		from = m.key()
	}
	if m.random.IntN(3) > 0 {
		to = m.key()
	}
	pairs, err := scan(tx, from, to)
	if err != nil {
		m.t.Errorf("Scan(%q, %q): %v", from, to, err)
	}
	var expected []string
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if key >= from && (to == "" || key < to) {
			expected = append(expected, fmt.Sprintf("%s=%s", key, now[key]))
		}
	}
	if !slices.Equal(pairs, expected) {
		m.t.Errorf("Scan(%q, %q) finds %d keys, want %d", from, to, len(pairs), len(expected))
	}
}
