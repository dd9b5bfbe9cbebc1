package registry

import (
	"maps"
	"net/netip"
	"sync"
	"time"
)

// Throttle slows down who guesses passwords: after some free tries a name may
// be tried from an address only after a wait that doubles each time. The same
// name from elsewhere is not held up, so nobody can lock another out. It is
// kept in memory and bounded.
type Throttle struct {
	now   func() time.Time
	mu    sync.Mutex
	tries map[string]*tries
}

type tries struct {
	n    int
	next time.Time // not before
}

const (
	freeTries   = 5
	longestWait = 15 * time.Minute // also how long after the wait a row of tries is remembered
	mostTries   = 10_000           // names with addresses that are remembered
)

// NewThrottle makes a Throttle with a clock (time.Now; tests give another).
func NewThrottle(now func() time.Time) *Throttle {
	return &Throttle{now: now, tries: map[string]*tries{}}
}

// Try counts a try before it is made, so that many at once count as many. It
// refuses (Forbidden) while the name has to wait at this address.
func (t *Throttle) Try(name, address string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	key := t.key(name, address)
	s := t.tries[key]
	if s == nil || now.Sub(s.next) > longestWait {
		if s == nil && len(t.tries) >= mostTries {
			t.forget(now)
		}
		s = &tries{next: now}
		t.tries[key] = s
	}
	if wait := s.next.Sub(now); wait > 0 {
		seconds := int((wait + time.Second - 1) / time.Second)
		return refuse(Forbidden, "password", "试得太多了：请等 %d 秒再试。 Too many tries: wait %d seconds.", seconds, seconds)
	}
	s.n++
	s.next = now
	if over := s.n - freeTries; over >= 0 {
		s.next = now.Add(min(time.Second<<min(over, 20), longestWait))
	}
	return nil
}

// Passed forgets the tries of who signed in.
func (t *Throttle) Passed(name, address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.tries, t.key(name, address))
}

// key: who has an IPv6 address has all 2⁶⁴ of its network.
func (t *Throttle) key(name, address string) string {
	return hashOf([]byte(name + "\x00" + NetworkOf(address)))
}

// NetworkOf is the network (/64) of an IPv6 address, in which one reader may take
// any address, and any other address itself.
func NetworkOf(address string) string {
	if ip, err := netip.ParseAddr(address); err == nil && ip.Is6() && !ip.Is4In6() {
		if net, err := ip.WithZone("").Prefix(64); err == nil {
			return net.String()
		}
	}
	return address
}

// forget makes room: all that are over; where that is none, all that hold nobody
// up, so that whoever tries many names does not end the wait of one; else all.
func (t *Throttle) forget(now time.Time) {
	for _, over := range []func(*tries) bool{
		func(s *tries) bool { return now.Sub(s.next) > longestWait },
		func(s *tries) bool { return s.n < freeTries },
		func(*tries) bool { return true },
	} {
		maps.DeleteFunc(t.tries, func(_ string, s *tries) bool { return over(s) })
		if len(t.tries) < mostTries {
			return
		}
	}
}
