package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tongbiao/registry"
)

// childRuns holds the command line, one argument a line, that a child of these
// tests runs as the program would.
const childRuns = "TONGBIAO_TEST_RUNS"

// TestChildRuns is no test: it is the program in a process of its own.
func TestChildRuns(t *testing.T) {
	if args := os.Getenv(childRuns); args != "" {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		defer stop()
		os.Exit(run(ctx, strings.Split(args, "\n"), os.Stdout, os.Stderr))
	}
}

// child is the program in a process of its own.
type child struct {
	*exec.Cmd
	url  string
	errs safeBuffer
}

// runChild serves with these flags until the test ends or stops it.
func runChild(t *testing.T, args ...string) *child {
	t.Helper()
	c := &child{Cmd: exec.Command(os.Args[0], "-test.run=^TestChildRuns$")}
	c.Env = append(os.Environ(), childRuns+"="+strings.Join(append([]string{"serve", "--addr", "127.0.0.1:0"}, args...), "\n"))
	c.Stderr = &c.errs
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	buf := make([]byte, 8192)
	n, _ := out.Read(buf)
	if c.url = regexp.MustCompile(`https?://[0-9.:]+`).FindString(string(buf[:n])); c.url == "" {
		t.Fatalf("the server said %q and %q", buf[:n], c.errs.String())
	}
	return c
}

// metricsAt is the address of the metrics as the log tells it.
func (c *child) metricsAt(t *testing.T) string {
	t.Helper()
	at := regexp.MustCompile(`at=(127\.0\.0\.1:\d+)`).FindStringSubmatch(c.errs.String())
	if at == nil {
		t.Fatalf("no address of metrics in the log:\n%s", c.errs.String())
	}
	return "http://" + at[1]
}

// TestStopFinishes: SIGTERM while sixteen people comment loses nothing that was
// acknowledged, answers what had begun, ends the streams, and the process ends
// well.
func TestStopFinishes(t *testing.T) {
	data := t.TempDir()
	c := runChild(t, "--demo", "--data", data, "--metrics-addr", "127.0.0.1:0")
	jar, _ := cookiejar.New(nil)
	member := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	if res, err := member.PostForm(c.url+"/demo/sign-in", url.Values{"id": {"demo-31"}}); err != nil || res.StatusCode != 303 {
		t.Fatal(res, err)
	}
	stream, err := http.Get(c.url + "/projects/last-mile/live")
	if err != nil || stream.StatusCode != 200 {
		t.Fatal(stream, err)
	}
	defer stream.Body.Close()

	// One request whose second half comes after the signal.
	half, finish := io.Pipe()
	begun := make(chan *http.Response, 1)
	form := url.Values{"on": {""}, "type": {"ge"}, "body": {"begun before the stop"}}.Encode()
	go func() {
		r, _ := http.NewRequest("POST", c.url+"/standards/db31-t-sf001/comments", half)
		r.ContentLength = int64(len(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := member.Do(r)
		if err != nil {
			t.Errorf("the request that had begun: %v", err)
		}
		begun <- res
	}()
	io.WriteString(finish, form[:10])

	var all sync.WaitGroup
	var acked sync.Map
	var n atomic.Int64
	enough := make(chan struct{})
	for who := range 16 {
		all.Go(func() {
			for i := 0; ; i++ {
				body := fmt.Sprintf("comment %d of %d.", i, who)
				res, err := member.PostForm(c.url+"/standards/db31-t-sf001/comments", url.Values{"on": {""}, "type": {"ge"}, "body": {body}})
				if err != nil {
					return // the door is closed
				}
				io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if res.StatusCode != http.StatusSeeOther {
					t.Errorf("%s: %s", body, res.Status)
					return
				}
				acked.Store(body, true)
				if n.Add(1) == 120 {
					close(enough)
				}
			}
		})
	}
	<-enough
	told := c.metricsAt(t)
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, stream.Body); err != nil {
		t.Errorf("the stream was torn: %v", err)
	}
	all.Wait()
	if res, err := http.Get(told + "/readyz"); err != nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("ready while stopping: %v, %v", res, err)
	}
	io.WriteString(finish, form[10:])
	finish.Close()
	if res := <-begun; res != nil && res.StatusCode != http.StatusSeeOther {
		t.Errorf("the request that had begun: %s", res.Status)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("the process ended with %v\n%s", err, c.errs.String())
	}
	reg, err := dataFlag{Data: data}.open()
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	said, err := reg.CommentsOnStandard("db31-t-sf001")
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for _, k := range said {
		kept[k.Body] = true
	}
	acked.Store("begun before the stop", true)
	acked.Range(func(body, _ any) bool {
		if !kept[body.(string)] {
			t.Errorf("acknowledged and lost: %s", body)
		}
		return true
	})
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d comments acknowledged until the stop, all found", n.Load()+1)
}

// TestMetrics: what whoever watches over the machine is told, on an address of
// its own only.
func TestMetrics(t *testing.T) {
	c := runChild(t, "--demo", "--data", t.TempDir(), "--metrics-addr", "127.0.0.1:0", "--log-format", "text")
	get := func(url string) (int, string) {
		t.Helper()
		res, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(body)
	}
	for _, path := range []string{"/", "/standards/db31-t-sf001", "/standards/nowhere", "/no/such/page?q=secret", "/search?q=投递"} {
		get(c.url + path)
	}
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(patience); ; <-look.C { // the index is being built
		status, said := get(c.metricsAt(t) + "/readyz")
		if status == 200 && strings.Contains(said, `"index":"ok"`) && strings.Contains(said, `"store":"ok"`) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("never ready: %d %s", status, said)
		}
	}
	status, said := get(c.metricsAt(t) + "/metrics")
	for _, want := range []string{
		`tongbiao_http_requests_total{method="GET",route="/standards/:id",status="200"} 1`, `tongbiao_http_requests_total{method="GET",route="/standards/:id",status="404"} 1`,
		`route="none",status="404"} 1`, `tongbiao_http_seconds_count{route="/search"} 1`, "tongbiao_event ", "tongbiao_index_lag_events 0", "tongbiao_sessions 0",
		`tongbiao_store_bytes{part="registry"} `, `tongbiao_queue{queue="webhooks_due"} 0`, `tongbiao_queue{queue="letters_failing"} 0`, "go_goroutines", "process_resident_memory_bytes", "tongbiao_store_readable 1",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("metrics do not tell %q", want)
		}
	}
	if status != 200 || strings.Contains(said, "secret") || strings.Contains(said, "投递") {
		t.Errorf("metrics: %d, or what people ask stands in them", status)
	}
	if status, _ := get(c.url + "/metrics"); status != http.StatusNotFound {
		t.Errorf("metrics at the public address: %d", status)
	}
}

// issue writes a certificate for 127.0.0.1 and gives its serial number.
func issue(t *testing.T, certFile, keyFile string, serial int64) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	like := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "tongbiao"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, like, like, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCertificateIsReadAnew: HTTPS by two files; when they change, new
// connections see the new certificate; files that do not belong together change
// nothing; plain HTTP and old TLS are refused.
func TestCertificateIsReadAnew(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue(t, certFile, keyFile, 1)
	c := runChild(t, "--demo", "--data", filepath.Join(dir, "data"), "--tls-cert", certFile, "--tls-key", keyFile)
	if !strings.HasPrefix(c.url, "https://") {
		t.Fatalf("served at %s", c.url)
	}
	addr := strings.TrimPrefix(c.url, "https://")
	shown := func() int64 {
		t.Helper()
		conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if got := shown(); got != 1 {
		t.Fatalf("certificate %d", got)
	}
	// The certificate of another key, as while one of two files is written.
	issue(t, certFile, filepath.Join(dir, "other.pem"), 2)
	untilLogged(t, c, "cannot be read", shown)
	if got := shown(); got != 1 {
		t.Errorf("with files that do not belong together: certificate %d", got)
	}
	issue(t, certFile, keyFile, 3)
	untilLogged(t, c, "certificate read anew", shown)
	if got := shown(); got != 3 {
		t.Errorf("after the change: certificate %d", got)
	}

	client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm(c.url+"/demo/sign-in", url.Values{"id": {"demo-31"}})
	if err != nil || res.StatusCode != 303 || res.Proto != "HTTP/2.0" {
		t.Fatal(res, err)
	}
	if hsts := res.Header.Get("Strict-Transport-Security"); hsts == "" {
		t.Error("no Strict-Transport-Security")
	}
	for _, k := range res.Cookies() {
		if !k.Secure {
			t.Errorf("cookie %s is not Secure", k.Name)
		}
	}
	if _, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	if res, err := http.Get("http://" + addr); err == nil && res.StatusCode != 400 {
		t.Errorf("plain HTTP: %s", res.Status)
	}
	if said := c.errs.String(); strings.Contains(said, "127.0.0.1:") && strings.Contains(said, "handshake") {
		t.Errorf("the log names who knocked:\n%s", said)
	}
}

// untilLogged repeats an act until the log says something.
func untilLogged(t *testing.T, c *child, what string, act func() int64) {
	t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(c.errs.String(), what); act() {
		if time.Now().After(deadline) {
			t.Fatalf("the log never says %q:\n%s", what, c.errs.String())
		}
	}
}

// TestConfig: each setting with its value and where it is from; secrets are not
// shown; a setting that does not exist, or that cannot be meant, is said.
func TestConfig(t *testing.T) {
	t.Setenv("TONGBIAO_ADDR", "127.0.0.1:81")
	t.Setenv("TONGBIAO_MAX_CONNS", "77")
	t.Setenv("TONGBIAO_SMTP_PASSWORD", "not for your eyes")
	config := func(args ...string) (string, string, int) {
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"config"}, args...), &out, &errs)
		return out.String(), errs.String(), code
	}
	out, errs, code := config("--max-conns", "78", "--trust-proxy", "10.0.0.0/8,fd00::/8")
	if code != exitDone || errs != "" {
		t.Errorf("config: %d %s", code, errs)
	}
	for _, want := range []string{`--addr +127\.0\.0\.1:81 +TONGBIAO_ADDR\n`, `--max-conns +78 +命令行 flag\n`, `--trust-proxy +\[10\.0\.0\.0/8 fd00::/8\] +命令行 flag\n`, `--smtp-password +\*{8} +TONGBIAO_SMTP_PASSWORD\n`, `--stop-within +20s +默认 default\n`} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("config does not show %s:\n%s", want, out)
		}
	}
	if strings.Contains(out+errs, "your eyes") {
		t.Error("a secret is shown")
	}
	if _, errs, code := config("--tls-cert", "cert.pem"); code != exitRefused || !strings.Contains(errs, "--tls-key") {
		t.Errorf("a certificate without key: %d %s", code, errs)
	}
	t.Setenv("TONGBIAO_TRUST_PROXIES", "10.0.0.0/8")
	if _, errs, code := config(); code != exitRefused || !strings.Contains(errs, "TONGBIAO_TRUST_PROXIES") {
		t.Errorf("a setting that does not exist: %d %s", code, errs)
	}
	if _, errs, code := config("--max-conns", "many"); code != exitUsage {
		t.Errorf("a number that is none: %d %s", code, errs)
	}
}

// TestLogIsJSON: every line of the log can be read by a machine.
func TestLogIsJSON(t *testing.T) {
	c := runChild(t, "--demo", "--data", t.TempDir(), "--log-format", "json", "--log-level", "DEBUG")
	if res, err := http.Get(c.url + "/standards?q=%E6%9F%A5%E8%AF%A2"); err != nil || res.StatusCode != 200 {
		t.Fatal(res, err)
	}
	if err := errors.Join(c.Process.Signal(syscall.SIGTERM), c.Wait()); err != nil {
		t.Fatal(err)
	}
	seen := false
	for lines := bufio.NewScanner(strings.NewReader(c.errs.String())); lines.Scan(); {
		var line struct {
			Time, Level, Msg, ID, Route string
			Status                      int
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.Time == "" || line.Level == "" {
			t.Errorf("not a line of JSON: %s (%v)", lines.Text(), err)
		}
		seen = seen || line.Msg == "request" && line.Route == "/standards" && line.Status == 200 && line.ID != ""
		if strings.Contains(lines.Text(), "127.0.0.1") || strings.Contains(lines.Text(), "查询") {
			t.Errorf("the log names people or what they ask: %s", lines.Text())
		}
	}
	if !seen {
		t.Errorf("no line of the request:\n%s", c.errs.String())
	}
}
