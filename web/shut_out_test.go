package web

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
)

const longEnough = "correct horse battery"

// oneTime is the code that an authenticator shows some steps from now (RFC 6238).
func oneTime(t testing.TB, secret string, steps int64) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	m := hmac.New(sha1.New, key)
	m.Write(binary.BigEndian.AppendUint64(nil, uint64(time.Now().Unix()/30+steps)))
	sum := m.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[len(sum)-1]&15:])&0x7fffffff%1_000_000)
}

var ticketIn = regexp.MustCompile(`name="ticket" value="([^"]+)"`)

// guarded is a member with a password and a second factor.
func (s *site) guarded(id string) (m registry.Member, secret string) {
	s.t.Helper()
	m, err := s.reg.AddMember(registry.System, registry.Member{ID: id, Name: "某人", Role: registry.Secretary}, longEnough)
	if err != nil {
		s.t.Fatal(err)
	}
	e, err := s.reg.BeginFactor(m)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.reg.ConfirmFactor(m, oneTime(s.t, e.Secret, -1)); err != nil {
		s.t.Fatal(err)
	}
	return m, e.Secret
}

// TestCodesAreNotGuessed: who knows the password and has many addresses has no
// more tries at the code than who has one; the owner's own browser is not held up.
func TestCodesAreNotGuessed(t *testing.T) {
	s := serve(t, Options{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}})
	_, secret := s.guarded("sec")
	in, err := s.reg.Enter("sec", registry.From{Device: "Firefox · Linux"})
	if err != nil {
		t.Fatal(err)
	}
	enter := func(address, code, device string) answer {
		from := func(r *http.Request) {
			r.Header.Set("X-Forwarded-For", address)
			r.AddCookie(&http.Cookie{Name: deviceCookie, Value: device})
		}
		res := s.ask("", post, "/sign-in", fields("name", "sec", "password", longEnough), from)
		ticket := ticketIn.FindStringSubmatch(res.body)
		if ticket == nil {
			t.Fatalf("no ticket from %s: %d %.300s", address, res.StatusCode, res.body)
		}
		return s.ask("", post, "/sign-in/code", fields("ticket", ticket[1], "code", code), from)
	}
	looked := 0
	for i := range 20 {
		if res := enter(fmt.Sprintf("198.51.100.%d", i+1), "nothing", ""); strings.Contains(res.body, "验证码不对") {
			looked++
		}
	}
	if looked > 6 {
		t.Errorf("%d codes were looked at from 20 addresses", looked)
	}
	if res := enter("198.51.100.99", oneTime(t, secret, 0), in.Device); res.StatusCode != http.StatusSeeOther {
		t.Errorf("its owner, in a known browser: %d", res.StatusCode)
	}
}

// TestAnOpenSessionIsNoOracle: who found a browser open can neither try passwords
// nor codes at will.
func TestAnOpenSessionIsNoOracle(t *testing.T) {
	s := serve(t, Options{})
	for path, try := range map[string]struct {
		form []string
		says string
	}{
		"/account":        {[]string{"old_password", "guess guess guess", "new_password", longEnough + "!", "again_password", longEnough + "!"}, "原密码不对"},
		"/account/erase":  {[]string{"password", "guess guess guess"}, "密码不对"},
		"/account/factor": {[]string{"do", "drop", "code", "nothing"}, "验证码不对"},
	} {
		id := "m" + strings.ReplaceAll(path, "/", "-")
		s.guarded(id)
		in, err := s.reg.Enter(id, registry.From{})
		if err != nil {
			t.Fatal(err)
		}
		looked := 0
		for range 12 {
			res := s.ask("", post, path, fields(append(try.form, "again", id)...), func(r *http.Request) { r.AddCookie(&http.Cookie{Name: sessionCookie, Value: in.Session}) })
			if strings.Contains(res.body, try.says) {
				looked++
			} else if !strings.Contains(res.body, "试得太多") {
				t.Fatalf("%s: %d %.300s", path, res.StatusCode, res.body)
			}
		}
		if looked > 6 {
			t.Errorf("%s: %d of 12 guesses were looked at", path, looked)
		}
	}
}

// TestSecretsAreNotStored: a page that shows a secret once is stored by no
// browser, and neither is one whose address holds one.
func TestSecretsAreNotStored(t *testing.T) {
	s := serve(t, Options{})
	for _, one := range []struct {
		as, method, path string
		form             []string
	}{
		{"demo-31", post, "/account/tokens", []string{"name", "脚本", "days", "30"}},
		{"demo-31", post, "/account/factor", []string{"do", "begin"}},
		{"demo-31", post, "/account/feed", nil},
		{"demo-31", get, "/account/data.zip", nil},
		{"demo-31", get, "/account", nil},
		{"demo-admin", post, "/members/invite", []string{"role", "reader"}},
		{"demo-admin", get, "/members", nil},
		{"demo-reader", post, "/watch", []string{"kind", "standard", "on", "sh-express"}},
		{"", get, "/join?token=guess", nil},
		{"", get, "/reset?token=guess", nil},
		{"", get, "/setup?token=guess", nil},
		{"", get, "/consultations/receipts/" + planted.receipt, nil},
	} {
		if got := s.ask(one.as, one.method, one.path, fields(one.form...)).Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s %s: Cache-Control %q", one.method, one.path, got)
		}
	}
}

// TestPlacesAreCountedByWhoTakesThem: neither a cookie that a program makes up nor
// another address of the same network gives more of them.
func TestPlacesAreCountedByWhoTakesThem(t *testing.T) {
	s := serve(t, Options{})
	from := func(id, address, key, session string) string {
		r := httptest.NewRequest(get, "/", nil)
		r.RemoteAddr = net.JoinHostPort(address, "9")
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: session})
		if key != "" {
			r.Header.Set("Authorization", "Bearer "+key)
		}
		c := s.web.echo.NewContext(r, httptest.NewRecorder())
		c.Set("member", registry.Member{ID: id})
		return s.web.reader(c)
	}
	for _, same := range [][2]string{
		{from("a", "192.0.2.1", "key", "x"), from("a", "192.0.2.1", "key", "y")},
		{from("", "2001:db8::1", "", "x"), from("", "2001:db8::2", "", "y")},
		{from("a", "192.0.2.1", "", "x"), from("a", "192.0.2.2", "", "x")},
	} {
		if same[0] != same[1] {
			t.Errorf("%q and %q count as two", same[0], same[1])
		}
	}
	if one, other := from("a", "192.0.2.1", "", "x"), from("a", "192.0.2.1", "", "y"); one == other {
		t.Error("two sessions count as one")
	}
}

// TestStreamsEndWithTheSession: who was signed out everywhere hears nothing more.
func TestStreamsEndWithTheSession(t *testing.T) {
	s := serve(t, Options{Demo: true})
	s.web.live.beat = 20 * time.Millisecond
	l := s.listen(t, "demo-32", liveURL)
	l.await("hello")
	if err := s.reg.EndMembership(registry.System, "demo-32"); err != nil {
		t.Fatal(err)
	}
	for {
		if _, ok := l.next(); !ok {
			break
		}
	}
	if l.res.Request.Context().Err() != nil {
		t.Error("the stream went on until its listener gave up")
	}
}

// TestOneAddressHoldsNobodyUp: while one address has as many passwords looked at
// as it may, its next is told to wait and another's is looked at.
func TestOneAddressHoldsNobodyUp(t *testing.T) {
	s := serve(t, Options{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}})
	var all []func()
	for range signingEach {
		leave, ok := s.web.signing.enter("198.51.100.1", signingEach)
		if !ok {
			t.Fatal("an address with few is turned away")
		}
		all = append(all, leave)
	}
	try := func(address string) answer {
		return s.ask("", post, "/sign-in", fields("name", "anybody", "password", longEnough), func(r *http.Request) { r.Header.Set("X-Forwarded-For", address) })
	}
	if res := try("198.51.100.1"); res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("one too many: %d", res.StatusCode)
	}
	if res := try("198.51.100.2"); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another address: %d", res.StatusCode)
	}
	for _, leave := range all {
		leave()
		leave() // counts once
	}
	if res := try("198.51.100.1"); res.StatusCode != http.StatusUnprocessableEntity || len(s.web.signing.inside) != 0 {
		t.Errorf("afterwards: %d, %v inside", res.StatusCode, s.web.signing.inside)
	}
}
