// Package hook calls the addresses that members gave for their subscriptions.
// What is to be sent stands in the registry: a call that failed, or that a crash
// cut off, is made again under the same delivery ID. Only public addresses are
// called, whatever a name resolves to.
//
// A call is a POST. In the form json it bears
//
//	Tongbiao-Delivery: w12-345          the same for each try
//	Tongbiao-Timestamp: 1767225600      seconds, of this try
//	Tongbiao-Signature: v1=<hex>        HMAC-SHA256 of timestamp, "." and body
//
// under the secret that was shown when the subscription was made. Who receives
// it computes the same, compares in constant time, and refuses a timestamp that
// is more than five minutes off. Any answer from 200 to 299 takes the news;
// redirects are not followed.
package hook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"syscall"
	"time"

	"tongbiao/registry"
)

// Config says what may be called beyond public addresses.
type Config struct {
	Allow []netip.Prefix // private networks that the operator lets members call, on any port
	Now   func() time.Time
}

// Write gives the body of a call in the form of its subscription.
type Write func(registry.Push) ([]byte, error)

// Bounds of a call.
const (
	patience  = 10 * time.Second // of a whole call
	maxAnswer = 16 << 10         // bytes that are read of an answer
	atOnce    = 8                // calls
	look      = 30 * time.Second // how often calls are looked for that wait for another try
)

// Caller calls webhooks.
type Caller struct {
	now    func() time.Time
	client *http.Client
}

// New makes a Caller.
func New(cfg Config) *Caller {
	now := cfg.Now
	if now == nil {
		now = time.Now
	}
	return &Caller{now, &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{ // without proxy: it would dial for us
			DialContext: Dialer(cfg.Allow).DialContext, TLSHandshakeTimeout: patience, ResponseHeaderTimeout: patience,
			DisableKeepAlives: true, MaxResponseHeaderBytes: maxAnswer, ForceAttemptHTTP2: true,
		},
	}}
}

// Dialer dials ports 80 and 443 of public addresses alone, and any port of the
// networks that are allowed; else it fails with ErrNotPublic.
func Dialer(allow []netip.Prefix) *net.Dialer {
	// Control sees the address that is about to be dialled, after the name was
	// resolved: there is no moment in which it could become another.
	return &net.Dialer{Timeout: patience, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("address %q: %w", address, err)
		}
		return permitted(at, allow)
	}}
}

// special are networks inside of the public ranges that lead elsewhere or
// nowhere (IANA special-purpose registries, RFC 6890 and later).
var special = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

var global6 = netip.MustParsePrefix("2000::/3")

func prefixes(list ...string) (out []netip.Prefix) {
	for _, s := range list {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// Public tells whether an address is one of the open internet.
func Public(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Is6() && !global6.Contains(ip) {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// ErrNotPublic says that an address may not be called.
var ErrNotPublic = errors.New("只调用公网地址的 80 和 443 端口：请换一个地址，或请管理员放行（--hook-allow）。 only ports 80 and 443 of public addresses are called: use another, or ask the operator to allow it (--hook-allow)")

func permitted(at netip.AddrPort, allow []netip.Prefix) error {
	for _, p := range allow {
		if p.Contains(at.Addr().Unmap()) {
			return nil
		}
	}
	if !Public(at.Addr()) || at.Port() != 80 && at.Port() != 443 {
		return ErrNotPublic
	}
	return nil
}

// Sign is the value of Tongbiao-Signature.
func Sign(secret, timestamp string, body []byte) string {
	return "v1=" + hex.EncodeToString(mac(secret, timestamp+"."+string(body)))
}

func mac(secret, text string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// DingTalkURL is a robot's address with the timestamp (milliseconds) and the sign
// that it asks for: base64 of the HMAC-SHA256 of timestamp, line end and secret.
func DingTalkURL(to, secret string, at time.Time) (string, error) {
	u, err := url.Parse(to)
	if err != nil || secret == "" {
		return to, err
	}
	stamp := strconv.FormatInt(at.UnixMilli(), 10)
	q := u.Query()
	q.Set("timestamp", stamp)
	q.Set("sign", base64.StdEncoding.EncodeToString(mac(secret, stamp+"\n"+secret)))
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Call delivers one push; nil says that it was taken.
func (c *Caller) Call(ctx context.Context, p registry.Push, body []byte) error {
	h := p.Subscription.Hook
	to, err := h.URL, error(nil)
	if h.Form == registry.HookDingTalk {
		if to, err = DingTalkURL(h.URL, h.Secret, c.now()); err != nil {
			return errors.New("网址读不懂。 the address cannot be read")
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return errors.New("网址读不懂。 the address cannot be read")
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "tongbiao-hook/1")
	req.Header.Set("Tongbiao-Delivery", p.ID())
	if h.Form == registry.HookJSON {
		stamp := strconv.FormatInt(c.now().Unix(), 10)
		req.Header.Set("Tongbiao-Timestamp", stamp)
		req.Header.Set("Tongbiao-Signature", Sign(h.Secret, stamp, body))
	}
	res, err := c.client.Do(req)
	if err != nil {
		return plainly(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return fmt.Errorf("对方回答 %d。 it answered %d", res.StatusCode, res.StatusCode)
	}
	if err != nil {
		return plainly(err)
	}
	if h.Form != registry.HookJSON {
		return refusedByRobot(answer)
	}
	return nil
}

// refusedByRobot reads what robots say: 200 and {"errcode": 0} for taken.
func refusedByRobot(answer []byte) error {
	var said struct {
		Code    *int   `json:"errcode"`
		Message string `json:"errmsg"`
	}
	if json.Unmarshal(answer, &said) != nil || said.Code == nil {
		return errors.New("机器人的回答读不懂。 the robot's answer cannot be read")
	}
	if *said.Code != 0 {
		return fmt.Errorf("机器人拒收（%d）：%.100s。 the robot refused it (%d)", *said.Code, said.Message, *said.Code)
	}
	return nil
}

// plainly says what went wrong without the address, which may hold a key.
func plainly(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, ErrNotPublic) {
		return ErrNotPublic
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Errorf("%d 秒内没有回答。 no answer within %d seconds", patience/time.Second, patience/time.Second)
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		return errors.New("域名解析不了。 the name cannot be resolved")
	}
	return fmt.Errorf("连不上：%w。 it cannot be reached", err)
}

// Follow makes the calls that are due, now and whenever there is news, until ctx
// ends. A call that fails is noted in the registry and in the log, without its
// address.
func (c *Caller) Follow(ctx context.Context, reg *registry.Registry, write Write, log *slog.Logger) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		changed := reg.Changed()
		if err := c.Deliver(ctx, reg, write, log); err != nil {
			return err
		}
		select {
		case <-changed:
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Deliver makes the calls that are due, until none is.
func (c *Caller) Deliver(ctx context.Context, reg *registry.Registry, write Write, log *slog.Logger) error {
	for {
		due, err := reg.DuePushes()
		if err != nil || len(due) == 0 {
			return err
		}
		var calls sync.WaitGroup
		room, faults := make(chan struct{}, atOnce), make(chan error, len(due))
		for _, p := range due {
			room <- struct{}{}
			calls.Go(func() {
				defer func() { <-room }()
				faults <- c.deliver(ctx, reg, p, write, log)
			})
		}
		calls.Wait()
		close(faults)
		for err := range faults {
			if err != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (c *Caller) deliver(ctx context.Context, reg *registry.Registry, p registry.Push, write Write, log *slog.Logger) error {
	body, failed := write(p)
	if failed == nil {
		failed = c.Call(ctx, p, body)
	}
	if ctx.Err() != nil {
		return ctx.Err() // we stopped, not they: it counts as no try
	}
	if failed != nil {
		log.Warn("a webhook was not taken; it is tried again", "subscription", p.Subscription.ID, "error", failed)
	}
	return reg.PushSent(p, failed)
}
