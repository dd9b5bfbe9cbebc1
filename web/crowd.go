package web

import "sync"

// signingEach is how many passwords of one address are looked at or wait to be:
// each takes tens of milliseconds and 19 MiB, and all wait in one line.
const signingEach = 8

// crowd bounds how many of one place are inside at a time.
type crowd struct {
	mu     sync.Mutex
	inside map[string]int
}

// enter lets one in, whom leave lets out; ok is false where there are most already.
func (k *crowd) enter(place string, most int) (leave func(), ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.inside[place] >= most {
		return nil, false
	}
	if k.inside == nil {
		k.inside = map[string]int{}
	}
	k.inside[place]++
	return sync.OnceFunc(func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.inside[place]--; k.inside[place] <= 0 {
			delete(k.inside, place)
		}
	}), true
}
