package registry

import (
	"fmt"
	"sync"
	"time"
)

// Registry is the one door to what is kept.
type Registry struct {
	store *watched
	now   func() time.Time

	mu      sync.Mutex
	changed chan struct{}

	holdings holdings
	ledger   ledger // the log by project
	window   window // the newest events
	places   places // the log by object
	read     readTexts
	memory   memory
	anchors  anchors
	checkers checkers
	stocks   stocks
	shelves  shelves
	duties   dutyTexts
}

// Open takes a store into use and brings it to this version's schema. now is
// the clock (time.Now; tests give another).
func Open(store Store, now func() time.Time) (*Registry, error) {
	r := &Registry{store: &watched{Store: store}, now: now, changed: make(chan struct{})}
	if err := r.migrate(); err != nil {
		return nil, fmt.Errorf("open registry: %w", err)
	}
	return r, nil
}

// Close closes the store.
func (r *Registry) Close() error { return r.store.Close() }

// Changed is closed at the next change; take it before reading the events so
// that none is missed.
func (r *Registry) Changed() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}

func (r *Registry) announce() {
	r.mu.Lock()
	close(r.changed)
	r.changed = make(chan struct{})
	r.mu.Unlock()
}
