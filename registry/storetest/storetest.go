// Package storetest holds the promises that every engine of registry.Store has
// to keep.
package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tongbiao/registry"
)

// Run tests an engine. open opens the store that belongs to t: an empty one at
// the first call, and the same one again when it is called after Close.
func Run(t *testing.T, open func(t *testing.T) registry.Store) {
	for _, promise := range []struct {
		name string
		test func(*testing.T, func(*testing.T) registry.Store)
	}{
		{"GetPutDelete", getPutDelete},
		{"EmptyKey", emptyKey},
		{"EmptyValue", emptyValue},
		{"OwnCopies", ownCopies},
		{"Order", byteOrder},
		{"ScanBounds", scanBounds},
		{"ScanEnds", scanEnds},
		{"ScanMayNotWrite", scanMayNotWrite},
		{"SeesOwnWrites", seesOwnWrites},
		{"ReadOnly", readOnly},
		{"RollbackOnError", rollbackOnError},
		{"RollbackOnPanic", rollbackOnPanic},
		{"ViewPanics", viewPanics},
		{"ViewIsolated", viewIsolated},
		{"WritersAlone", writersAlone},
		{"ReadersAndWriter", readersAndWriter},
		{"LargeValues", largeValues},
		{"Reopen", reopen},
		{"Model", model},
	} {
		t.Run(promise.name, func(t *testing.T) { promise.test(t, open) })
	}
}

func opened(t *testing.T, open func(*testing.T) registry.Store) registry.Store {
	t.Helper()
	s := open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

func update(t *testing.T, s registry.Store, fn func(registry.Tx) error) {
	t.Helper()
	if err := s.Update(fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func view(t *testing.T, s registry.Store, fn func(registry.Tx) error) {
	t.Helper()
	if err := s.View(fn); err != nil {
		t.Fatalf("View: %v", err)
	}
}

// put writes "key=value" pairs, in their order.
func put(t *testing.T, s registry.Store, pairs ...string) {
	t.Helper()
	update(t, s, func(tx registry.Tx) error {
		for _, p := range pairs {
			key, value, _ := strings.Cut(p, "=")
			if err := tx.Put([]byte(key), []byte(value)); err != nil {
				return err
			}
		}
		return nil
	})
}

// scan reads "key=value" pairs between two keys; "" is no bound.
func scan(tx registry.Tx, from, to string) (pairs []string, err error) {
	var lower, upper []byte
	if from != "" {
		lower = []byte(from)
	}
	if to != "" {
		upper = []byte(to)
	}
	err = tx.Scan(lower, upper, func(key, value []byte) error {
		pairs = append(pairs, string(key)+"="+string(value))
		return nil
	})
	return pairs, err
}

func wantAll(t *testing.T, s registry.Store, want ...string) {
	t.Helper()
	view(t, s, func(tx registry.Tx) error {
		got, err := scan(tx, "", "")
		if err == nil && strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("store holds %.200q, want %.200q", got, want)
		}
		return err
	})
}

func wantGet(t *testing.T, tx registry.Tx, key, want string) {
	t.Helper()
	got, err := tx.Get([]byte(key))
	if err != nil || got == nil || string(got) != want {
		t.Errorf("Get(%q) = %.60q, %v; want %.60q", key, got, err, want)
	}
}

func wantNone(t *testing.T, tx registry.Tx, key string) {
	t.Helper()
	if got, err := tx.Get([]byte(key)); err != nil || got != nil {
		t.Errorf("Get(%q) = %.60q, %v; want nil, nil", key, got, err)
	}
}

func getPutDelete(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "a=1", "b=2", "a=3")
	wantAll(t, s, "a=3", "b=2")
	update(t, s, func(tx registry.Tx) error {
		if err := tx.Delete([]byte("no such key")); err != nil {
			t.Errorf("Delete of a key that is not there: %v", err)
		}
		return tx.Delete([]byte("a"))
	})
	wantAll(t, s, "b=2")
	view(t, s, func(tx registry.Tx) error {
		wantNone(t, tx, "a")
		wantNone(t, tx, "aa")
		wantGet(t, tx, "b", "2")
		return nil
	})
}

func emptyKey(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	for _, key := range [][]byte{nil, {}} {
		err := s.Update(func(tx registry.Tx) error {
			if got, err := tx.Get(key); got != nil || err != nil {
				t.Errorf("Get of an empty key = %q, %v", got, err)
			}
			return tx.Put(key, []byte("v"))
		})
		if err == nil {
			t.Error("Put under an empty key is taken")
		}
	}
	wantAll(t, s)
}

func emptyValue(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	check := func(tx registry.Tx) error {
		wantGet(t, tx, "empty", "")
		wantGet(t, tx, "nil", "")
		return tx.Scan(nil, nil, func(key, value []byte) error {
			if value == nil {
				t.Errorf("Scan gives a nil value for %q", key)
			}
			return nil
		})
	}
	update(t, s, func(tx registry.Tx) error {
		if err := tx.Put([]byte("empty"), []byte{}); err != nil {
			return err
		}
		if err := tx.Put([]byte("nil"), nil); err != nil {
			return err
		}
		return check(tx)
	})
	view(t, s, check)
}

// ownCopies: what is handed to Put belongs to the caller again at once, and
// what Get and Scan return stays as it is until the transaction ends.
func ownCopies(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "kept=before")
	update(t, s, func(tx registry.Tx) error {
		got, err := tx.Get([]byte("kept"))
		if err != nil {
			return err
		}
		key, value := []byte("key"), []byte("value")
		if err := tx.Put(key, value); err != nil {
			return err
		}
		copy(key, "XXX")
		copy(value, "YYYYY")
		if err := tx.Put([]byte("kept"), []byte("AFTER!")); err != nil {
			return err
		}
		for i := range 200 {
			if err := tx.Put(fmt.Appendf(nil, "more%03d", i), bytes.Repeat([]byte("m"), 500)); err != nil {
				return err
			}
		}
		if string(got) != "before" {
			t.Errorf("a value that Get returned became %q", got)
		}
		return nil
	})
	view(t, s, func(tx registry.Tx) error {
		wantGet(t, tx, "key", "value")
		wantNone(t, tx, "XXX")
		return nil
	})
}

func byteOrder(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "\xff=7", "b=4", "皖=6", "a\x00b=2", "B=0", "ab=3", "a=1", "沪=5")
	wantAll(t, s, "B=0", "a=1", "a\x00b=2", "ab=3", "b=4", "沪=5", "皖=6", "\xff=7")
}

func scanBounds(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "a=1", "b=2", "c=3", "d=4")
	for _, c := range []struct{ from, to, want string }{
		{"", "", "a=1 b=2 c=3 d=4"},
		{"b", "", "b=2 c=3 d=4"},
		{"b", "d", "b=2 c=3"},
		{"aa", "cc", "b=2 c=3"},
		{"", "b", "a=1"},
		{"b", "b", ""},
		{"c", "b", ""},
		{"e", "", ""},
		{"a\x00", "b\x00", "b=2"},
	} {
		view(t, s, func(tx registry.Tx) error {
			got, err := scan(tx, c.from, c.to)
			if strings.Join(got, " ") != c.want {
				t.Errorf("Scan(%q, %q) = %q, want %q", c.from, c.to, got, c.want)
			}
			return err
		})
	}
	view(t, s, func(tx registry.Tx) error { // an empty to is a bound, a nil one is none
		return tx.Scan(nil, []byte{}, func(key, _ []byte) error {
			t.Errorf("Scan to the empty key finds %q", key)
			return nil
		})
	})
}

func scanEnds(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "a=1", "b=2", "c=3")
	broken := errors.New("broken")
	for _, c := range []struct{ give, want error }{
		{registry.ErrStop, nil},
		{fmt.Errorf("enough: %w", registry.ErrStop), nil},
		{broken, broken},
	} {
		seen := 0
		err := s.View(func(tx registry.Tx) error {
			return tx.Scan(nil, nil, func(key, _ []byte) error {
				if seen++; string(key) == "b" {
					return c.give
				}
				return nil
			})
		})
		if !errors.Is(err, c.want) || c.want == nil && err != nil || seen != 2 {
			t.Errorf("a scan that ends with %v returns %v after %d keys, want %v after 2", c.give, err, seen, c.want)
		}
	}
}

func scanMayNotWrite(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "a=1", "b=2")
	update(t, s, func(tx registry.Tx) error {
		err := tx.Scan(nil, nil, func(key, _ []byte) error {
			if tx.Put([]byte("c"), []byte("3")) == nil {
				t.Error("Put in a scan is taken")
			}
			if tx.Delete(key) == nil {
				t.Error("Delete in a scan is taken")
			}
			wantGet(t, tx, "b", "2") // reading is allowed, and so is another scan
			got, err := scan(tx, "b", "")
			if strings.Join(got, " ") != "b=2" {
				t.Errorf("a scan in a scan finds %q", got)
			}
			return err
		})
		if err != nil {
			return err
		}
		return tx.Put([]byte("d"), []byte("4"))
	})
	wantAll(t, s, "a=1", "b=2", "d=4")
}

func seesOwnWrites(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "a=1", "b=2", "c=3")
	update(t, s, func(tx registry.Tx) error {
		if err := errors.Join(tx.Put([]byte("bb"), []byte("new")), tx.Put([]byte("a"), []byte("0")), tx.Delete([]byte("c"))); err != nil {
			return err
		}
		wantNone(t, tx, "c")
		wantGet(t, tx, "a", "0")
		got, err := scan(tx, "", "")
		if strings.Join(got, " ") != "a=0 b=2 bb=new" {
			t.Errorf("Update sees %q", got)
		}
		return err
	})
}

func readOnly(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "a=1")
	view(t, s, func(tx registry.Tx) error {
		if err := tx.Put([]byte("b"), []byte("2")); !errors.Is(err, registry.ErrReadOnly) {
			t.Errorf("Put in View: %v, want ErrReadOnly", err)
		}
		if err := tx.Delete([]byte("a")); !errors.Is(err, registry.ErrReadOnly) {
			t.Errorf("Delete in View: %v, want ErrReadOnly", err)
		}
		return nil
	})
	wantAll(t, s, "a=1")
}

func rollbackOnError(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "a=1", "b=2")
	broken := errors.New("broken")
	err := s.Update(func(tx registry.Tx) error {
		return errors.Join(tx.Put([]byte("a"), []byte("9")), tx.Put([]byte("c"), []byte("9")), tx.Delete([]byte("b")), broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("Update returns %v, want fn's error", err)
	}
	if err := s.View(func(registry.Tx) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("View returns %v, want fn's error", err)
	}
	wantAll(t, s, "a=1", "b=2")
}

// panics runs fn, which has to panic with "boom".
func panics(t *testing.T, fn func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if p := recover(); p != "boom" {
			t.Errorf("recovered %v, want the panic of fn", p)
		}
	}()
	fn()
}

func rollbackOnPanic(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "a=1")
	panics(t, func() {
		s.Update(func(tx registry.Tx) error {
			if err := tx.Put([]byte("b"), []byte("2")); err != nil {
				t.Error(err)
			}
			panic("boom")
		})
	})
	panics(t, func() {
		s.Update(func(tx registry.Tx) error {
			return tx.Scan(nil, nil, func(_, _ []byte) error { panic("boom") })
		})
	})
	put(t, s, "c=3") // the writer's place is free again
	wantAll(t, s, "a=1", "c=3")
}

func viewPanics(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	panics(t, func() { s.View(func(registry.Tx) error { panic("boom") }) })
	put(t, s, "a=1")
	wantAll(t, s, "a=1") // and Close, which waits for transactions, comes back
}

// viewIsolated: a View keeps its state while an Update is under way and after
// it is done.
func viewIsolated(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "a=1", "b=2")
	var wrote, looked sync.WaitGroup
	wrote.Add(1)
	looked.Add(1)
	done := make(chan error, 1)
	view(t, s, func(tx registry.Tx) error {
		go func() {
			done <- s.Update(func(tx registry.Tx) error {
				err := errors.Join(tx.Put([]byte("a"), []byte("9")), tx.Delete([]byte("b")), tx.Put([]byte("c"), []byte("3")))
				wrote.Done()
				looked.Wait()
				return err
			})
		}()
		wrote.Wait()
		same := func() error {
			got, err := scan(tx, "", "")
			if strings.Join(got, " ") != "a=1 b=2" {
				t.Errorf("View sees %q", got)
			}
			wantGet(t, tx, "a", "1")
			wantNone(t, tx, "c")
			return err
		}
		if err := same(); err != nil { // written, not committed
			return err
		}
		looked.Done()
		if err := <-done; err != nil { // committed
			return err
		}
		return same()
	})
	wantAll(t, s, "a=9", "c=3")
}

// writersAlone: read, add one, write, from many sides: none is lost.
func writersAlone(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	const writers, each = 8, 25
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range each {
				if err := s.Update(func(tx registry.Tx) error { return increment(tx, "n") }); err != nil {
					t.Errorf("Update: %v", err)
					return
				}
			}
		})
	}
	all.Wait()
	wantAll(t, s, fmt.Sprintf("n=%d", writers*each))
}

func increment(tx registry.Tx, key string) error {
	raw, err := tx.Get([]byte(key))
	if err != nil {
		return err
	}
	n := 0
	if raw != nil {
		if _, err := fmt.Sscan(string(raw), &n); err != nil {
			return err
		}
	}
	return tx.Put([]byte(key), fmt.Append(nil, n+1))
}

// readersAndWriter: every Update raises two counters, so each View finds them
// equal, and never lower than it found them before.
func readersAndWriter(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	put(t, s, "first=0", "last=0")
	const writes = 100
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for n := 0; n < writes; {
				err := s.View(func(tx registry.Tx) error {
					first, err := tx.Get([]byte("first"))
					if err != nil {
						return err
					}
					last, err := tx.Get([]byte("last"))
					if err != nil {
						return err
					}
					before := n
					if _, err := fmt.Sscan(string(first), &n); err != nil {
						return err
					}
					if !bytes.Equal(first, last) || n < before {
						return fmt.Errorf("first is %s, last is %s, before it was %d", first, last, before)
					}
					return nil
				})
				if err != nil {
					t.Errorf("View: %v", err)
					return
				}
			}
		})
	}
	for range writes {
		update(t, s, func(tx registry.Tx) error {
			if err := increment(tx, "first"); err != nil {
				return err
			}
			if err := tx.Put([]byte("between"), bytes.Repeat([]byte("x"), 20_000)); err != nil {
				return err
			}
			return increment(tx, "last")
		})
	}
	all.Wait()
}

func largeValues(t *testing.T, open func(*testing.T) registry.Store) {
	s := opened(t, open)
	large := make([]byte, 5<<20)
	for i := range large {
		large[i] = byte(i * i >> 7)
	}
	key := bytes.Repeat([]byte("k"), 1024)
	update(t, s, func(tx registry.Tx) error {
		for _, k := range [][]byte{[]byte("a"), key} {
			if err := tx.Put(k, large); err != nil {
				return err
			}
		}
		return tx.Put([]byte("z"), []byte("small"))
	})
	view(t, s, func(tx registry.Tx) error {
		for _, k := range [][]byte{[]byte("a"), key} {
			got, err := tx.Get(k)
			if err != nil || !bytes.Equal(got, large) {
				t.Errorf("a value of %d bytes comes back as %d bytes, %v", len(large), len(got), err)
			}
		}
		wantGet(t, tx, "z", "small")
		return nil
	})
}

func reopen(t *testing.T, open func(*testing.T) registry.Store) {
	var want []string
	for round := range 3 {
		s := open(t)
		wantAll(t, s, want...)
		put(t, s, fmt.Sprintf("round%d=kept", round))
		want = append(want, fmt.Sprintf("round%d=kept", round))
		if err := s.Update(func(tx registry.Tx) error {
			return errors.Join(tx.Put([]byte("lost"), []byte("1")), errors.New("not this"))
		}); err == nil {
			t.Error("Update took an error for success")
		}
		if err := s.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
	wantAll(t, opened(t, open), want...)
}
