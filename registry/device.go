package registry

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// device is a browser in which a member signed in: kept under the member and
// the hash of the token that the browser bears. It opens nothing; it tells a
// member's own browser from a stranger's.
type device struct {
	Member string    `json:"member"`
	Name   string    `json:"name"`
	Seen   time.Time `json:"seen"`
}

var devices = table[device]{"device", "台设备"}

const (
	deviceLife  = 180 * 24 * time.Hour
	mostDevices = 20 // of a member; the oldest is forgotten first
)

// meet keeps a browser in mind, and tells the member of a new one.
func (c *change) meet(m Member, from From, now time.Time) (token string, err error) {
	if from.Device == "" { // no browser
		return "", nil
	}
	held, err := devices.all(c.Tx, m.ID)
	if err != nil {
		return "", err
	}
	if d, known, err := devices.find(c.Tx, m.ID, hashOf([]byte(from.Known))); err != nil {
		return "", err
	} else if known && now.Sub(d.Seen) < deviceLife {
		d.Seen, d.Name = now, from.Device
		return "", devices.put(c, d, m.ID, hashOf([]byte(from.Known)))
	}
	if len(held) >= mostDevices {
		if err := c.forgetDevices(m.ID, now, mostDevices-1); err != nil {
			return "", err
		}
	}
	token = newToken()
	if err := devices.put(c, device{m.ID, from.Device, now}, m.ID, hashOf([]byte(token))); err != nil {
		return "", err
	}
	if len(held) == 0 {
		return token, nil
	}
	return token, c.log(NewDevice, "members/"+m.ID, nil)
}

// forgetDevices keeps the youngest devices of a member.
func (c *change) forgetDevices(id string, now time.Time, keep int) error {
	type aged struct {
		key  []byte
		seen time.Time
	}
	var all []aged
	from := append(devices.key(id), 0)
	err := c.Scan(from, after(from), func(key, _ []byte) error {
		d, _, err := devices.find(c.Tx, strings.Split(string(key[len(devices.key()):]), "\x00")...)
		all = append(all, aged{slices.Clone(key), d.Seen})
		return err
	})
	slices.SortFunc(all, func(a, b aged) int { return b.seen.Compare(a.seen) })
	for i, d := range all {
		if err == nil && (i >= keep || now.Sub(d.seen) >= deviceLife) {
			err = c.Delete(d.key)
		}
	}
	return err
}

// KnownDevice tells whether a browser's token is one of a name's.
func (r *Registry) KnownDevice(name, token string) (known bool, err error) {
	if token == "" || strings.ContainsRune(name, 0) {
		return false, nil
	}
	err = r.store.View(func(tx Tx) error {
		d, held, err := devices.find(tx, name, hashOf([]byte(token)))
		known = held && r.now().Sub(d.Seen) < deviceLife
		return err
	})
	return known, err
}

// SessionView is a session as its member sees it.
type SessionView struct {
	ID                     string
	Created, Used, Expires time.Time
	Device, Network        string
	This                   bool // the one that asks
}

// Sessions are the actor's own that are not over, the last used first. token is
// that of the session that asks.
func (r *Registry) Sessions(actor Member, token string) (list []SessionView, err error) {
	err = r.store.View(func(tx Tx) error {
		return r.sessionsOf(tx, actor.ID, func(key string, s session) {
			list = append(list, SessionView{s.ID, s.Created, s.Used, s.Expires, s.Device, s.Network, key == hashOf([]byte(token))})
		})
	})
	slices.SortFunc(list, func(a, b SessionView) int { return b.Used.Compare(a.Used) })
	return list, err
}

func (r *Registry) sessionsOf(tx Tx, id string, fn func(key string, s session)) error {
	return sessionEnds.scan(tx, func(key string) error {
		s, held, err := sessions.find(tx, key)
		if held && s.Member == id && !s.over(r.now()) {
			fn(key, s)
		}
		return err
	})
}

// EndSession ends one of the actor's sessions; "" ends all but the one that
// asks, whose token is given.
func (r *Registry) EndSession(actor Member, id, token string) error {
	if actor.ID == "" {
		return refuse(Forbidden, "", "请先登录。 Sign in first.")
	}
	return r.update(actor, func(c *change) error {
		var keys []string
		err := r.sessionsOf(c.Tx, actor.ID, func(key string, s session) {
			if id != "" && s.ID == id || id == "" && key != hashOf([]byte(token)) {
				keys = append(keys, key)
			}
		})
		if err == nil && id != "" && len(keys) == 0 {
			err = refuse(NotFound, "", "没有这次登录，或已结束。 There is no such session, or it is over.")
		}
		for _, key := range keys {
			if err == nil {
				err = c.dropSession(key)
			}
		}
		if err != nil {
			return err
		}
		return c.log(EndSession, "members/"+actor.ID, nil)
	})
}

// Coarse is the network of an address, as much of it as is kept: 203.0.113.0/24,
// 2001:db8:1::/48.
func Coarse(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	bits := 48
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		bits = 24
	}
	net, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return net.String()
}
