package hook_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"tongbiao/registry"
	"tongbiao/registry/hook"
)

// TestNothingInsideIsCalled: however an address inside is written, by number, by
// name, by way of a redirect or of a proxy, nothing inside hears of it, and the
// answer says neither what is there nor whether anything is.
func TestNothingInsideIsCalled(t *testing.T) {
	var heard atomic.Int64
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard.Add(1) }))
	defer inside.Close()
	_, port, err := net.SplitHostPort(inside.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HTTP_PROXY", inside.URL)
	t.Setenv("http_proxy", inside.URL)
	push := func(url string) registry.Push {
		return registry.Push{Subscription: registry.Subscription{ID: "w1", Hook: registry.Hook{URL: url, Form: registry.HookJSON, Secret: "s"}}}
	}
	said := map[string]bool{}
	for _, url := range []string{
		"http://127.0.0.1:PORT/", "http://localhost:PORT/", "http://127.1:PORT/", "http://127.000.000.001:PORT/", "http://2130706433:PORT/", "http://0x7f000001:PORT/", "http://0177.0.0.1:PORT/",
		"http://0.0.0.0:PORT/", "http://0:PORT/", "http://[::1]:PORT/", "http://[::]:PORT/", "http://[::ffff:127.0.0.1]:PORT/", "http://[::ffff:7f00:1]:PORT/", "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/",
		"http://1.1.1.1@127.0.0.1:PORT/", "http://127.0.0.1:PORT#@1.1.1.1/", "http://127.0.0.1.:PORT/", "http://LOCALHOST:PORT/", "http://localhost.:PORT/", "http://127.0.0.53:PORT/", "http://１２７.０.０.１:PORT/",
		"http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://100.100.100.200/latest/meta-data/", "http://10.0.0.1/", "http://192.168.0.1:80/", "http://172.16.0.1/", "http://[fe80::1%25lo]/", "http://[64:ff9b::7f00:1]/",
		"http://1.1.1.1:PORT/", "http://1.1.1.1:22/", "https://1.1.1.1:6379/", "file:///etc/passwd", "gopher://127.0.0.1:PORT/_x", "unix:///run/docker.sock", "ftp://127.0.0.1:PORT/", "//127.0.0.1:PORT/", "",
	} {
		err := hook.New(hook.Config{}).Call(t.Context(), push(strings.ReplaceAll(url, "PORT", port)), []byte("{}"))
		if err == nil {
			t.Errorf("%s was called", url)
			continue
		}
		if strings.Contains(err.Error(), "refused") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: the answer tells what is inside: %v", url, err)
		}
		said[err.Error()] = true
	}
	if heard.Load() != 0 {
		t.Errorf("something inside heard %d calls", heard.Load())
	}

	// From an address that may be called to one that may not.
	hop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inside.URL, http.StatusTemporaryRedirect)
	}))
	defer hop.Close()
	allowed := hook.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	if err := hook.New(allowed).Call(t.Context(), push(hop.URL), []byte("{}")); err == nil {
		t.Error("a redirect is a success")
	}
	if heard.Load() != 0 {
		t.Errorf("a redirect was followed %d times", heard.Load())
	}
}
