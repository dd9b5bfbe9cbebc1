package registry

import (
	"sync"
	"time"
)

// watched remembers whether the last write came through, so that whoever watches
// over the machine hears of a full disk.
type watched struct {
	Store

	mu     sync.Mutex
	failed error // of the last write; nil when it was kept
	tried  time.Time
}

// probeEvery is how long a failed write is believed before another is tried to
// find out whether writing works again.
const probeEvery = 5 * time.Second

func (w *watched) Update(fn func(Tx) error) error {
	err := w.Store.Update(fn)
	w.mu.Lock()
	defer w.mu.Unlock()
	if unwritable := Refused(err, Unavailable); unwritable || err == nil {
		w.failed, w.tried = err, time.Now()
	}
	return err
}

// Ready tells whether the registry can be read and written: nil, or what is
// wrong and what to do. After a write that failed it tries one from time to
// time, which changes nothing, so that it notices when the disk has room again.
func (r *Registry) Ready() error {
	if _, err := r.LastEvent(); err != nil {
		return err
	}
	w := r.store
	w.mu.Lock()
	failed, again := w.failed, time.Since(w.tried) >= probeEvery
	w.mu.Unlock()
	if failed == nil || !again {
		return failed
	}
	return w.Update(func(tx Tx) error {
		raw, err := tx.Get(schemaKey)
		if err != nil {
			return err
		}
		return tx.Put(schemaKey, raw)
	})
}
