package registry

import (
	"sync"
	"time"
)

// Rate bounds how often an address may do something without an account: so many
// at once, then one every so often. It is kept in memory and bounded, and holds
// no address: only its hash, salted anew at every start.
type Rate struct {
	now   func() time.Time
	burst int
	every time.Duration
	salt  string
	mu    sync.Mutex
	done  map[string]time.Time // when all that was done will have been made up for
}

// NewRate makes a Rate with a clock (time.Now; tests give another).
func NewRate(now func() time.Time, burst int, every time.Duration) *Rate {
	return &Rate{now: now, burst: burst, every: every, salt: newToken(), done: map[string]time.Time{}}
}

// Take counts one, or refuses (Forbidden) and says how long to wait.
func (r *Rate) Take(address string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	key := hashOf([]byte(r.salt + NetworkOf(address)))
	if len(r.done) >= mostTries {
		for k, until := range r.done {
			if !until.After(now) {
				delete(r.done, k)
			}
		}
		if len(r.done) >= mostTries {
			clear(r.done)
		}
	}
	until := r.done[key]
	if until.Before(now) {
		until = now
	}
	if wait := until.Sub(now) - time.Duration(r.burst-1)*r.every; wait > 0 {
		seconds := int((wait + time.Second - 1) / time.Second)
		return refuse(Forbidden, "", "提得太快了：请等 %d 秒再提交，写的内容都还在。 Too fast: wait %d seconds and send it again; what you wrote is kept.", seconds, seconds)
	}
	r.done[key] = until.Add(r.every)
	return nil
}
