package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"time"

	"tongbiao/registry"
	"tongbiao/web"
)

// httpFlags say how the site is reached, what it bears, and what it tells whoever
// watches over it.
type httpFlags struct {
	TLSCert     string         `name:"tls-cert" type:"path" placeholder:"FILE" help:"证书：serve HTTPS with this certificate chain (PEM); a changed file is taken up without a restart."`
	TLSKey      string         `name:"tls-key" type:"path" placeholder:"FILE" help:"私钥：the certificate's key (PEM)."`
	TrustProxy  []netip.Prefix `name:"trust-proxy" placeholder:"CIDR" help:"可信代理：networks of proxies whose X-Forwarded-For and -Proto are believed. With --secure and none named: this machine."`
	MetricsAddr string         `name:"metrics-addr" placeholder:"HOST:PORT" help:"指标：address for Prometheus metrics, /healthz and /readyz; none, no metrics. Use one that only the operator reaches."`
	LogFormat   string         `name:"log-format" enum:"text,json" default:"text" help:"日志格式：text or json."`
	LogLevel    slog.Level     `name:"log-level" default:"INFO" help:"日志级别：DEBUG, INFO, WARN or ERROR."`
	MaxConns    int            `name:"max-conns" default:"12000" help:"连接上限：connections open at once."`
	MaxConnsOf  int            `name:"max-conns-of" default:"1000" help:"每个地址的连接上限：connections open at once from one address that is no trusted proxy."`
	Together    int            `name:"together" default:"0" help:"同时计算的重页面：costly pages that are made at once; 0 is as many as processors."`
	StopWithin  time.Duration  `name:"stop-within" default:"20s" help:"停止时限：how long a stop waits for the requests under way."`
}

// Bounds of a connection. A body may take longer as long as it keeps coming
// (web/limits.go).
const (
	headerTime  = 10 * time.Second
	requestTime = 60 * time.Second
	answerTime  = 120 * time.Second
	idleTime    = 120 * time.Second
	headerBytes = 32 << 10
)

func (f httpFlags) check() error {
	switch {
	case (f.TLSCert == "") != (f.TLSKey == ""):
		return errors.New("--tls-cert 和 --tls-key 要一起给。 give --tls-cert and --tls-key together")
	case f.MaxConns < 1 || f.MaxConnsOf < 1 || f.Together < 0:
		return errors.New("--max-conns、--max-conns-of 至少为 1，--together 不能为负。 --max-conns and --max-conns-of are at least 1, --together is not negative")
	case f.StopWithin < 0:
		return errors.New("--stop-within 不能为负。 --stop-within cannot be negative")
	}
	return nil
}

func (f httpFlags) logger(out io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: f.LogLevel}
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, o))
	}
	return slog.New(slog.NewTextHandler(out, o))
}

// door is where requests come in.
type door struct {
	httpFlags
	net.Listener
	metrics net.Listener // nil for none
	cert    *certificate // nil without TLS
	log     *slog.Logger
}

// listen takes the addresses into use.
func (f httpFlags) listen(addr string, log *slog.Logger) (d *door, err error) {
	d = &door{httpFlags: f, log: log}
	if f.TLSCert != "" {
		if d.cert, err = readCertificate(f.TLSCert, f.TLSKey, log); err != nil {
			return nil, err
		}
	}
	plain, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("地址用不了：%w（用 --addr 换一个。 choose another with --addr）", err)
	}
	d.Listener = &turnstile{Listener: plain, all: f.MaxConns, each: f.MaxConnsOf, proxies: f.TrustProxy, open: map[string]int{}}
	if f.MetricsAddr != "" {
		if d.metrics, err = net.Listen("tcp", f.MetricsAddr); err != nil {
			plain.Close()
			return nil, fmt.Errorf("指标地址用不了：%w（--metrics-addr）。 the address for metrics cannot be used", err)
		}
	}
	return d, nil
}

func (d *door) url() string {
	if d.cert != nil {
		return "https://" + d.Addr().String()
	}
	return "http://" + d.Addr().String()
}

// Close gives the addresses back, where serve was not called.
func (d *door) Close() error {
	if d.metrics != nil {
		d.metrics.Close()
	}
	return d.Listener.Close()
}

// server has the bounds of every connection.
func (d *door) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: 100},
		ErrorLog:          log.New(nameless{d.log}, "", 0),
	}
}

// serve answers requests until ctx ends, then finishes those under way and ends
// the streams, which would go on.
func (d *door) serve(ctx context.Context, site *web.Server) error {
	server := d.server(site)
	server.RegisterOnShutdown(site.Quiesce)
	failed := make(chan error, 2)
	if d.cert != nil {
		server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: d.cert.get}
		go func() { failed <- server.ServeTLS(d.Listener, "", "") }()
	} else {
		go func() { failed <- server.Serve(d.Listener) }()
	}
	var telling *http.Server
	if d.metrics != nil {
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", site.Metrics())
		mux.Handle("GET /healthz", site)
		mux.Handle("GET /readyz", site)
		telling = d.server(mux)
		defer telling.Close()
		go func() { failed <- telling.Serve(d.metrics) }()
		d.log.Info("metrics", "at", d.metrics.Addr().String())
	}
	select {
	case err := <-failed:
		server.Close()
		return err
	case <-ctx.Done():
	}
	d.log.Info("stopping", "within", d.StopWithin)
	finishing, cancel := context.WithTimeout(context.Background(), d.StopWithin)
	defer cancel()
	if err := server.Shutdown(finishing); err != nil {
		server.Close()
		return fmt.Errorf("有请求没有在 %v 内结束：已中断。 some requests did not end within %v and were cut off: %w", d.StopWithin, d.StopWithin, err)
	}
	return nil
}

// nameless logs what net/http complains of without the addresses that it names.
type nameless struct{ log *slog.Logger }

var addressIn4or6 = regexp.MustCompile(`\[[0-9a-fA-F:.%a-z0-9]+\](?::\d+)?|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?`)

func (n nameless) Write(p []byte) (int, error) {
	said := strings.TrimSpace(addressIn4or6.ReplaceAllString(string(p), "-"))
	level := slog.LevelWarn
	if strings.Contains(said, "TLS handshake error") {
		level = slog.LevelDebug // anybody who knocks causes one
	}
	n.log.Log(context.Background(), level, "http", "said", said)
	return len(p), nil
}

// turnstile bounds the connections that are open, in all and from one address.
// What comes beyond is closed at once, without an answer: it costs nothing.
type turnstile struct {
	net.Listener
	all, each int
	proxies   []netip.Prefix

	mu    sync.Mutex
	total int
	open  map[string]int
}

// Accept implements net.Listener.
func (l *turnstile) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if who, ok := l.admit(c.RemoteAddr()); ok {
			return &guest{Conn: c, leave: sync.OnceFunc(func() { l.leave(who) })}, nil
		}
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		c.Close()
	}
}

func (l *turnstile) admit(from net.Addr) (who string, ok bool) {
	bound := l.each
	if tcp, is := from.(*net.TCPAddr); is {
		ip := tcp.AddrPort().Addr().Unmap().WithZone("")
		who = registry.NetworkOf(ip.String())
		for _, p := range l.proxies {
			if p.Contains(ip) {
				bound = l.all
			}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.total >= l.all || l.open[who] >= bound {
		return who, false
	}
	l.total++
	l.open[who]++
	return who, true
}

func (l *turnstile) leave(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total--
	if l.open[who]--; l.open[who] <= 0 {
		delete(l.open, who)
	}
}

// guest is a connection that was let in.
type guest struct {
	net.Conn
	leave func()
}

// Close implements net.Conn.
func (g *guest) Close() error {
	g.leave()
	return g.Conn.Close()
}
