package registry

import (
	"context"
	"strings"
	"sync"
)

// Watch follows the log from a place on: every committed event once, in order,
// none left out however late its reader comes. A Watch belongs to one reader.
type Watch struct {
	r   *Registry
	seq uint64
}

// Watch begins after the event numbered since.
func (r *Registry) Watch(since uint64) *Watch { return &Watch{r, since} }

// Seq is the number of the last event that was read.
func (w *Watch) Seq() uint64 { return w.seq }

// Changed is closed at the next change. Take it before Read and wait for it
// after: what is committed in between is in the one or closes the other.
func (w *Watch) Changed() <-chan struct{} { return w.r.Changed() }

// watchBatch bounds the events of one Read.
const watchBatch = 256

// Read gives the events that are new, up to 256; none when there are none. It
// does not wait.
func (w *Watch) Read() ([]Event, error) {
	list, err := w.r.window.after(w.r, w.seq)
	if len(list) > 0 {
		w.seq = list[len(list)-1].Seq
	}
	return list, err
}

// Next waits for events and gives at least one, or the error of ctx.
func (w *Watch) Next(ctx context.Context) ([]Event, error) {
	for {
		changed := w.Changed()
		if list, err := w.Read(); len(list) > 0 || err != nil {
			return list, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// window holds the newest events, read from the store once for all who watch.
// It is a bounded queue that loses nothing: who is further behind reads the
// store.
type window struct {
	mu   sync.Mutex
	list []Event // consecutive, ascending
}

// windowSize bounds the events that are held, windowData the bytes of data that
// one of them holds; one with more is read from the store again.
const (
	windowSize = 512
	windowData = 8 << 10
)

func (w *window) after(r *Registry, since uint64) ([]Event, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := since
	if len(w.list) > 0 {
		last = w.list[len(w.list)-1].Seq
	}
	switch {
	case len(w.list) > 0 && since+1 < w.list[0].Seq: // older than what is held
		return r.Events(since, watchBatch)
	case since >= last:
		fresh, err := r.Events(since, watchBatch)
		if err == nil && len(fresh) > 0 {
			if since > last {
				w.list = nil // there would be a gap
			}
			w.hold(fresh)
		}
		return fresh, err
	}
	list := w.list[since+1-w.list[0].Seq:]
	list = append([]Event(nil), list[:min(len(list), watchBatch)]...)
	for i, e := range list {
		if e.Data == nil && e.Hash == "" { // too large to be held
			return r.Events(since, i+1)
		}
	}
	return list, nil
}

// hold takes over the events that follow on those that are held.
func (w *window) hold(fresh []Event) {
	for _, e := range fresh {
		if len(e.Data) > windowData {
			e = Event{Seq: e.Seq}
		}
		w.list = append(w.list, e)
	}
	if over := len(w.list) - windowSize; over > 0 {
		w.list = append([]Event(nil), w.list[over:]...)
	}
}

// places are the events of each row of every project: the log read by object.
// They are told from the log and kept in memory only.
type places struct {
	mu  sync.Mutex
	seq uint64              // up to which the log was read
	at  map[string][]uint64 // event numbers by object
}

// of lists the events on an object of a project, oldest first.
func (p *places) of(r *Registry, object string) ([]uint64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		p.at = map[string][]uint64{}
	}
	for {
		list, err := r.Events(p.seq, watchBatch)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			p.seq = e.Seq
			if strings.HasPrefix(e.Object, "projects/") {
				p.at[e.Object] = append(p.at[e.Object], e.Seq)
			}
		}
		if len(list) < watchBatch {
			return append([]uint64(nil), p.at[object]...), nil
		}
	}
}

// RowEvents are the events on one row, oldest first; of a longer history the
// newest limit.
func (r *Registry) RowEvents(project, row string, limit int) ([]Event, error) {
	at, err := r.places.of(r, "projects/"+project+"/rows/"+row)
	if err != nil {
		return nil, err
	}
	var out []Event
	err = r.store.View(func(tx Tx) error {
		for _, n := range at[max(0, len(at)-limit):] {
			e, err := events.get(tx, seq(n))
			if err != nil {
				return err
			}
			out = append(out, e)
		}
		return nil
	})
	return out, err
}
