package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tongbiao/registry"
)

// soak tells that the long tests are wanted (make soak).
var soak = os.Getenv("TONGBIAO_SOAK") != ""

// TestCrowdOfIdlers: connections that are opened and never say what they want
// (slow headers), from many addresses, keep nobody from reading, cost little
// memory, and are closed when their time is over. 600 of them; 10,000 with
// TONGBIAO_SOAK.
func TestCrowdOfIdlers(t *testing.T) {
	idlers, each := 600, 50
	if soak {
		idlers, each = 10_000, 400
	}
	c := runChild(t, "--demo", "--data", t.TempDir(), "--max-conns-of", strconv.Itoa(each))
	addr := strings.TrimPrefix(c.url, "http://")
	reader := &http.Client{Timeout: patience}
	read := func() time.Duration {
		t.Helper()
		start := time.Now()
		for _, path := range []string{"/", "/standards/db31-t-sf001", "/search?q=%E6%8A%95%E9%80%92"} {
			res, err := reader.Get(c.url + path)
			if err != nil {
				t.Fatalf("while %d wait: %v", idlers, err)
			}
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if res.StatusCode != 200 {
				t.Fatalf("%s while %d wait: %s", path, idlers, res.Status)
			}
		}
		return time.Since(start)
	}
	read()
	before, quiet := c.memory(t), read()
	conns := make([]net.Conn, 0, idlers)
	defer func() {
		for _, conn := range conns {
			conn.Close()
		}
	}()
	opened := time.Now()
	for i := range idlers {
		from := &net.TCPAddr{IP: net.IPv4(127, 0, byte(1+i/each), 1)}
		conn, err := (&net.Dialer{LocalAddr: from, Timeout: patience}).Dial("tcp", addr)
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		conns = append(conns, conn)
		io.WriteString(conn, "GET / HTTP/1.1\r\nHost: tongbiao\r\nX-Slow: ")
	}
	took, during, held := time.Since(opened), read(), c.memory(t)-before

	// One more of an address that has its fill is turned away without an answer.
	extra, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, 1)}, Timeout: patience}).Dial("tcp", addr)
	if err == nil {
		extra.SetDeadline(time.Now().Add(patience))
		if n, err := extra.Read(make([]byte, 1)); n > 0 || err == nil || os.IsTimeout(err) {
			t.Errorf("connection %d of one address: %d bytes, %v", each+1, n, err)
		}
		extra.Close()
	}
	closed := 0
	for _, conn := range conns {
		conn.SetReadDeadline(opened.Add(took + headerTime + patience))
		if _, err := bufio.NewReader(conn).ReadString(0); err != nil && !os.IsTimeout(err) {
			closed++
		}
	}
	if closed != idlers {
		t.Errorf("%d of %d that said nothing were closed", closed, idlers)
	}
	if during > quiet+3*time.Second {
		t.Errorf("three pages took %v while %d waited, %v before", during, idlers, quiet)
	}
	if perIdler := held / int64(idlers); perIdler > 64<<10 {
		t.Errorf("an idle connection takes %d bytes", perIdler)
	}
	t.Logf("%d connections opened in %v, closed after %v; three pages %v before, %v meanwhile; %d kB a connection", idlers, took.Round(time.Millisecond), time.Since(opened).Round(time.Second), quiet.Round(time.Millisecond), during.Round(time.Millisecond), held/int64(idlers)>>10)
}

// memory is what the process holds, in bytes.
func (c *child) memory(t *testing.T) int64 {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid))
	if err != nil {
		t.Skip("SKIPPED: no /proc here: the memory of a process cannot be measured")
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n << 10
		}
	}
	t.Fatalf("no VmRSS:\n%s", raw)
	return 0
}

// TestTurnstile counts connections by address: an IPv6 network is one, a trusted
// proxy has the bound of all, and what leaves makes room.
func TestTurnstile(t *testing.T) {
	l := &turnstile{all: 5, each: 2, proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, open: map[string]int{}}
	admit := func(ip string) (string, bool) { return l.admit(&net.TCPAddr{IP: net.ParseIP(ip), Port: 1}) }
	var inside []string
	for _, step := range []struct {
		ip string
		in bool
	}{{"192.0.2.1", true}, {"192.0.2.1", true}, {"192.0.2.1", false}, {"::ffff:192.0.2.1", false}, {"2001:db8::1", true}, {"2001:db8::2", true}, {"2001:db8::3", false}, {"10.1.1.1", true}, {"10.1.1.1", false}} {
		who, in := admit(step.ip)
		if in != step.in {
			t.Errorf("%s: let in %v, want %v", step.ip, in, step.in)
		}
		if in {
			inside = append(inside, who)
		}
	}
	for _, who := range inside {
		l.leave(who)
	}
	if l.total != 0 || len(l.open) != 0 {
		t.Errorf("all left: %d, %v", l.total, l.open)
	}
	for range 5 { // a proxy speaks for many
		if _, in := admit("10.1.1.1"); !in {
			t.Error("a trusted proxy was turned away")
		}
	}
}

// TestHTTPIsRefusedWhole: what is no request, or one that two programs may read
// differently, is answered with an error and the connection is closed.
func TestHTTPIsRefusedWhole(t *testing.T) {
	url, _ := served(t, "--demo", "--data", t.TempDir())
	addr := strings.TrimPrefix(url, "http://")
	for name, say := range map[string]string{
		"long header":             "GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + strings.Repeat("a", headerBytes+8<<10) + "\r\n\r\n",
		"many headers":            "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X-Many: a\r\n", 8000) + "\r\n",
		"long request line":       "GET /" + strings.Repeat("a", headerBytes+8<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n",
		"two lengths":             "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nname=x",
		"length and chunks":       "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
		"space before colon":      "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
		"no host":                 "GET / HTTP/1.1\r\n\r\n",
		"two hosts":               "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"host with a path":        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
		"a header's line goes on": "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\x00b\r\n\r\n",
		"no HTTP":                 "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
		"bad chunk":               "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nname\r\n0\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(patience))
		go io.WriteString(conn, say)
		line, err := bufio.NewReader(conn).ReadString('\n')
		conn.Close()
		// A reset in place of the answer is a refusal too: the server does not read on.
		if err == nil && !strings.HasPrefix(line, "HTTP/1.1 4") && !strings.HasPrefix(line, "HTTP/1.1 5") || os.IsTimeout(err) {
			t.Errorf("%s: %q, %v", name, line, err)
		}
	}
}

// TestLogIsNameless: what net/http complains of is kept without addresses.
func TestLogIsNameless(t *testing.T) {
	var said strings.Builder
	n := nameless{slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, line := range []string{
		"http: TLS handshake error from 192.0.2.7:55555: EOF", "http: panic serving [2001:db8::7]:443: boom", "http: superfluous from [fe80::1%eth0]:80 and 198.51.100.3",
	} {
		n.Write([]byte(line + "\n"))
	}
	for _, at := range []string{"192.0.2.7", "2001:db8", "fe80", "198.51.100", "55555"} {
		if strings.Contains(said.String(), at) {
			t.Errorf("%s stands in the log: %s", at, said.String())
		}
	}
	if !strings.Contains(said.String(), "boom") || !slices.Contains(strings.Fields(said.String()), "level=DEBUG") {
		t.Errorf("the log: %s", said.String())
	}
}

// TestImportKeepsToItsFolder: links out of a folder, loops, pipes, devices and odd
// names bring nothing in that is not a text of the folder, and hold nothing up.
func TestImportKeepsToItsFolder(t *testing.T) {
	text := func(title string) string {
		return "---\ntitle: " + title + "\nkind: local\nregion: \"31\"\n---\n\n# " + title + "\n\n## 要求\n\n应投递。\n"
	}
	dir, outside := t.TempDir(), t.TempDir()
	write := func(path, content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(outside, "secret.md"), text("不在文件夹里"))
	for name, to := range map[string]string{"link.md": filepath.Join(outside, "secret.md"), "up": "..", "loop": ".", "device.md": "/dev/zero", "passwd.md": "/etc/passwd"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.md"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := []string{"a.md", "A.md", "con.md", "a b'\"$(touch x);.md", strings.Repeat("长", 80) + ".md", "..md.md", "\xff\xfe.md", "new\nline.md"}
	for i, name := range good {
		write(filepath.Join(dir, name), text(fmt.Sprint("文本", i)))
	}
	data := filepath.Join(t.TempDir(), "data")
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"import", "--data", data, dir}, &out, &errs); code != exitDone {
		t.Fatalf("import: %d %s", code, errs.String())
	}
	reg, err := dataFlag{Data: data}.open()
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	list, held, err := reg.Standards(registry.Filter{}, 100, 0)
	if err != nil || held != len(good) {
		t.Errorf("%d texts of %d, %v\n%s%s", held, len(good), err, out.String(), errs.String())
	}
	for _, s := range list {
		if s.Header.Title == "不在文件夹里" || strings.ContainsAny(s.ID, "/\\ \n\"'") || strings.HasPrefix(s.ID, ".") {
			t.Errorf("%s %q was brought in", s.ID, s.Header.Title)
		}
	}
}

// TestTheProxyOnThisMachineBringsEverybody: behind it the bound of one address is
// not that of all readers together.
func TestTheProxyOnThisMachineBringsEverybody(t *testing.T) {
	for secure, want := range map[bool]bool{false: false, true: true} {
		cmd := serveCommand{Addr: "127.0.0.1:0", Secure: secure, httpFlags: httpFlags{MaxConns: 4, MaxConnsOf: 1}}
		d, err := cmd.door(slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		from := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9}
		gate := d.Listener.(*turnstile)
		if _, ok := gate.admit(from); !ok {
			t.Fatal("the first connection is turned away")
		}
		if _, ok := gate.admit(from); ok != want {
			t.Errorf("--secure=%v: a second connection of this machine is let in: %v, want %v", secure, ok, want)
		}
	}
}
