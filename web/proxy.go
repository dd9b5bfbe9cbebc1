package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"
)

// trust tells whom to believe about the request that they pass on: the proxies
// that the operator named, and nobody else.
type trust []netip.Prefix

// loopback is trusted where the site is said to stand behind a proxy and none
// is named.
var loopback = trust{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func (t trust) has(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	for _, p := range t {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// peer is who holds the other end of the connection.
func peer(r *http.Request) (netip.Addr, bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	return ip.Unmap(), err == nil
}

// hearsay are the headers in which a proxy says what it was asked, and by whom.
var hearsay = []string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Protocol", "X-Forwarded-Ssl", "X-Forwarded-Host",
	"X-Url-Scheme", "X-Real-Ip", "Forwarded", "X-Http-Method-Override", echo.HeaderXRequestID}

// believe takes away what a stranger says of whom a request is for; of a
// proxy's headers it leaves those that can be read.
func (t trust) believe(r *http.Request) {
	ip, ok := peer(r)
	if !ok || !t.has(ip) {
		for _, name := range hearsay {
			r.Header.Del(name)
		}
		return
	}
	if !plainID(r.Header.Get(echo.HeaderXRequestID)) {
		r.Header.Del(echo.HeaderXRequestID)
	}
	proto := strings.ToLower(strings.TrimSpace(r.Header.Get("X-Forwarded-Proto")))
	for _, name := range []string{"X-Forwarded-Protocol", "X-Forwarded-Ssl", "X-Url-Scheme", "X-Forwarded-Proto"} {
		r.Header.Del(name)
	}
	if proto == "http" || proto == "https" {
		r.Header.Set("X-Forwarded-Proto", proto)
	}
}

// plainID tells a request's number that may stand in a log and on a page.
func plainID(id string) bool {
	if len(id) < 8 || len(id) > 64 {
		return false
	}
	return strings.IndexFunc(id, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}) < 0
}

// address is who asks: the last address that X-Forwarded-For names which is no
// proxy of ours. Each proxy adds at the right whom it heard it from, so that
// what stands further left may be made up.
func (t trust) address(r *http.Request) string {
	ip, ok := peer(r)
	if !ok {
		return r.RemoteAddr
	}
	if !t.has(ip) {
		return ip.String()
	}
	named := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(named) - 1; i >= 0; i-- {
		said, err := netip.ParseAddr(strings.TrimSpace(named[i]))
		if err != nil {
			break
		}
		if ip = said.Unmap(); !t.has(ip) {
			break
		}
	}
	return ip.String()
}
