package registry_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tongbiao/registry"
)

// vigilant is a store that is verified whole after every transaction: a process
// may die, or the power go, between any two, and what is there then has to be
// sound. Transactions themselves are all or nothing (registry/bolt holds that).
type vigilant struct {
	registry.Store
	t        testing.TB
	tampered bool // a test wrote records by hand
}

// soak lets every test of this package work on vigilant stores.
var soak = os.Getenv("TONGBIAO_SOAK") != ""

// held is the store that a test works on.
func held(t testing.TB, store registry.Store) registry.Store {
	if soak {
		return &vigilant{Store: store, t: t}
	}
	return store
}

// watched are the verbs that vigilant stores saw, and after how many transactions.
var watched struct {
	sync.Mutex
	transactions int
	verbs        map[registry.Verb]int
}

func (v *vigilant) Update(fn func(registry.Tx) error) error {
	before, err := v.last()
	if err != nil {
		return err
	}
	if err := v.Store.Update(fn); err != nil {
		return err
	}
	reg, err := registry.Open(v.Store, time.Now)
	if err != nil {
		return nil // it is only being made
	}
	events, err := reg.Events(before, 1<<20)
	if err != nil {
		return err
	}
	watched.Lock()
	defer watched.Unlock()
	if watched.verbs == nil {
		watched.verbs = map[registry.Verb]int{}
	}
	watched.transactions++
	var verbs []string
	for _, e := range events {
		watched.verbs[e.Verb]++
		verbs = append(verbs, string(e.Verb))
		v.tampered = v.tampered || strings.HasPrefix(string(e.Verb), "test.")
	}
	if v.tampered {
		return nil
	}
	return reg.Verify(func(f registry.Fault) {
		if strings.Contains(f.What, "没有成员") || strings.Contains(f.What, "没有文本用到这幅图") {
			return // tests let people act who never were members; a picture comes before the text that shows it
		}
		v.t.Errorf("after %s: %s: %s", strings.Join(verbs, ", "), f.Where, f.What)
	})
}

func (v *vigilant) last() (uint64, error) {
	var seq uint64
	reg, err := registry.Open(readOnly{v.Store}, time.Now)
	if err != nil {
		return 0, nil
	}
	e, err := reg.LastEvent()
	seq = e.Seq
	return seq, err
}

// readOnly keeps Open from bringing a store to this version.
type readOnly struct{ registry.Store }

func (readOnly) Update(func(registry.Tx) error) error { return registry.ErrReadOnly }

// TestWholeAfterEveryTransaction: a registry with something of every kind in it
// is sound after each of the transactions that made it. With TONGBIAO_SOAK every
// test of this package is held to that (TestMain tells of how many verbs).
func TestWholeAfterEveryTransaction(t *testing.T) {
	defer func(was bool) { soak = was }(soak)
	soak = true
	furnished(t)
	watched.Lock()
	defer watched.Unlock()
	if len(watched.verbs) < 15 {
		t.Errorf("only %d verbs were seen: %v", len(watched.verbs), watched.verbs)
	}
	t.Logf("whole after each of %d transactions, by %d verbs", watched.transactions, len(watched.verbs))
}

func TestMain(m *testing.M) {
	code := m.Run()
	if soak {
		var unseen []string
		for _, verb := range registry.Verbs() {
			if watched.verbs[verb] == 0 {
				unseen = append(unseen, string(verb))
			}
		}
		slices.Sort(unseen)
		fmt.Printf("whole after each of %d transactions, by %d of %d verbs; not seen: %s\n", watched.transactions, len(registry.Verbs())-len(unseen), len(registry.Verbs()), strings.Join(unseen, " "))
	}
	os.Exit(code)
}
