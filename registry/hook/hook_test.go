package hook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/hook"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func TestOnlyPublicAddressesAreCalled(t *testing.T) {
	for _, s := range []string{
		"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1",
		"192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
		"64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "2001::1", "::127.0.0.1", "fec0::1",
	} {
		if hook.Public(netip.MustParseAddr(s)) {
			t.Errorf("%s is called public", s)
		}
	}
	for _, s := range []string{"1.1.1.1", "8.8.8.8", "223.5.5.5", "2606:4700::1111", "2400:3200::1", "::ffff:1.1.1.1"} {
		if !hook.Public(netip.MustParseAddr(s)) {
			t.Errorf("%s is not called public", s)
		}
	}
}

func FuzzPublic(f *testing.F) {
	f.Add([]byte{127, 0, 0, 1})
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		ip, ok := netip.AddrFromSlice(raw)
		if ok && hook.Public(ip) && (ip.Unmap().IsPrivate() || ip.Unmap().IsLoopback() || ip.Unmap().IsLinkLocalUnicast() || ip.Unmap().IsMulticast() || ip.IsUnspecified()) {
			t.Errorf("%s is called public", ip)
		}
	})
}

// call makes one call to a handler.
func call(t *testing.T, cfg hook.Config, form registry.HookForm, path string, answer http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	p := registry.Push{Subscription: registry.Subscription{ID: "w7", Hook: registry.Hook{URL: server.URL + path, Form: form, Secret: "geheim"}}}
	return hook.New(cfg).Call(t.Context(), p, []byte(`{"a":"变"}`))
}

func TestCallsAreSigned(t *testing.T) {
	at := time.Unix(1767225600, 0)
	cfg := hook.Config{Allow: loopback, Now: func() time.Time { return at }}
	err := call(t, cfg, registry.HookJSON, "/x?y=1", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		m := hmac.New(sha256.New, []byte("geheim"))
		fmt.Fprintf(m, "%s.%s", r.Header.Get("Tongbiao-Timestamp"), body)
		if want := fmt.Sprintf("v1=%x", m.Sum(nil)); r.Header.Get("Tongbiao-Signature") != want || r.Header.Get("Tongbiao-Timestamp") != "1767225600" {
			t.Errorf("signed %q at %q, want %q", r.Header.Get("Tongbiao-Signature"), r.Header.Get("Tongbiao-Timestamp"), want)
		}
		if r.Method != http.MethodPost || r.URL.RequestURI() != "/x?y=1" || r.Header.Get("Tongbiao-Delivery") != "w7-test" {
			t.Errorf("%s %s %s", r.Method, r.URL, r.Header.Get("Tongbiao-Delivery"))
		}
		w.WriteHeader(http.StatusNoContent)
	})
	if err != nil {
		t.Error(err)
	}
	err = call(t, cfg, registry.HookDingTalk, "/robot/send?access_token=k", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		m := hmac.New(sha256.New, []byte("geheim"))
		io.WriteString(m, "1767225600000\ngeheim")
		if q.Get("timestamp") != "1767225600000" || q.Get("sign") != base64.StdEncoding.EncodeToString(m.Sum(nil)) || q.Get("access_token") != "k" {
			t.Errorf("asked %v", q)
		}
		if r.Header.Get("Tongbiao-Signature") != "" {
			t.Error("a robot gets our signature")
		}
		io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWhatIsNoSuccess(t *testing.T) {
	allowed := hook.Config{Allow: loopback}
	followed := false
	for what, try := range map[string]struct {
		cfg    hook.Config
		form   registry.HookForm
		answer http.HandlerFunc
		says   string
	}{
		"not public": {hook.Config{}, registry.HookJSON, func(http.ResponseWriter, *http.Request) { t.Error("it was called") }, "公网"},
		"an error":   {allowed, registry.HookJSON, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "500"},
		"a redirect": {allowed, registry.HookJSON, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/there" {
				followed = true
			}
			http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
		}, "307"},
		"a robot's refusal": {allowed, registry.HookWeCom, func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"errcode":93000,"errmsg":"invalid webhook url"}`)
		}, "93000"},
		"no robot":  {allowed, registry.HookWeCom, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `<html>`) }, "读不懂"},
		"a hang-up": {allowed, registry.HookJSON, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "连不上"},
	} {
		err := call(t, try.cfg, try.form, "/secret-key", try.answer)
		if err == nil || !strings.Contains(err.Error(), try.says) || strings.Contains(err.Error(), "secret-key") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if followed {
		t.Error("a redirect was followed")
	}
}

// TestNewsAreDelivered: in order, the same news again after a failure, each once
// when it was taken.
func TestNewsAreDelivered(t *testing.T) {
	var mu sync.Mutex
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return at }
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, now)
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	var got []string
	refuse := 2
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refuse--; refuse >= 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Header.Get("Tongbiao-Delivery")+" "+string(body))
	}))
	defer server.Close()
	source := "---\nid: t\ntitle: 快递服务规范\nconvention: standard\n---\n\n## 范围 {#scope}\n\n投递不超过 1 h。\n"
	if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "t.md", Source: []byte(source)}}); err != nil {
		t.Fatal(err)
	}
	m := registry.Member{ID: "reader", Name: "读者", Role: registry.Reader}
	if _, err := reg.AddMember(registry.System, m, "ein langes Passwort"); err != nil {
		t.Fatal(err)
	}
	s, err := reg.Subscribe(m, registry.Subscription{Kind: registry.ToStandard, On: registry.Ref{Standard: "t"}, Hook: registry.Hook{URL: server.URL, Form: registry.HookJSON}})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 3 {
		source = strings.Replace(source, fmt.Sprintf("%d h", i+1), fmt.Sprintf("%d h", i+2), 1)
		if _, _, err := reg.Submit(registry.System, registry.Submission{Standard: "t", Base: i + 1, Source: []byte(source), Message: "改"}); err != nil {
			t.Fatal(err)
		}
		last, err := reg.LastEvent()
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("%s-%d %d", s.ID, last.Seq, i+2))
	}
	if err := reg.Herald(nil).CatchUp(); err != nil {
		t.Fatal(err)
	}
	caller := hook.New(hook.Config{Allow: loopback, Now: now})
	write := func(p registry.Push) ([]byte, error) { return fmt.Appendf(nil, "%d", p.News.Text.Revision), nil }
	for range 4 {
		if err := caller.Deliver(t.Context(), reg, write, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		at = at.Add(5 * time.Minute)
		mu.Unlock()
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("delivered\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	one, err := reg.Subscription(m, s.ID, 0)
	if err != nil || one.Delivery.Trouble != "" || one.Delivery.Tries != 0 {
		t.Errorf("%+v, %v", one.Delivery, err)
	}
	if err := reg.PushSent(registry.Push{Subscription: registry.Subscription{Member: "reader", ID: "w0"}}, errors.New("no")); err != nil {
		t.Errorf("a subscription that ended: %v", err)
	}
}

func FuzzDingTalkURL(f *testing.F) {
	f.Add("https://oapi.dingtalk.com/robot/send?access_token=k", "SECx")
	f.Add("http://a/?;=&sign=1", "s")
	f.Fuzz(func(t *testing.T, to, secret string) {
		before, err := url.Parse(to)
		if err != nil || secret == "" {
			return
		}
		out, err := hook.DingTalkURL(to, secret, time.Unix(1, 0))
		after, errOut := url.Parse(out)
		if err != nil || errOut != nil || after.Host != before.Host || len(after.Query()["sign"]) != 1 {
			t.Errorf("%q becomes %q: %v %v", to, out, err, errOut)
		}
	})
}
