package mail_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/mail"
)

// server is an SMTP server that keeps what it is sent. refuse is how many
// letters it turns away first.
type server struct {
	net.Listener
	mu     sync.Mutex
	refuse int
	got    chan string // whole letters
}

func serve(t *testing.T, refuse int) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{Listener: l, refuse: refuse, got: make(chan string, 100)}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(conn)
		}
	}()
	return s
}

func (s *server) talk(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	say := func(line string) { fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 test")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " -")[0]); verb {
		case "EHLO", "HELO":
			say("250-test")
			say("250 8BITMIME")
		case "MAIL":
			s.mu.Lock()
			turned := s.refuse > 0
			if turned {
				s.refuse--
			}
			s.mu.Unlock()
			if turned {
				say("451 try again later")
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			var b strings.Builder
			for {
				l, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if l == ".\r\n" {
					break
				}
				b.WriteString(strings.TrimPrefix(l, "."))
			}
			s.got <- b.String()
			say("250 kept")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// letter waits for the next letter and reads it.
func (s *server) letter(t *testing.T) (to, subject, text string) {
	t.Helper()
	select {
	case raw := <-s.got:
		m, err := netmail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			t.Fatalf("%v in\n%s", err, raw)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		body := m.Body
		switch m.Header.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return m.Header.Get("To"), subject, strings.ReplaceAll(string(text), "\r\n", "\n")
	case <-time.After(20 * time.Second):
		t.Fatal("no letter came")
		panic("unreachable")
	}
}

func (s *server) none(t *testing.T) {
	t.Helper()
	select {
	case raw := <-s.got:
		t.Fatalf("a letter too many:\n%s", raw)
	default:
	}
}

// clock is set by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }
func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

const text = `---
id: t
title: 快递服务规范
convention: standard
---

## 范围 {#scope}

本文件规定了快递服务的要求。
`

// words are those of the test's letters.
func words(l registry.Letter) (subject, text string) {
	if l.Token != "" {
		return "请确认邮箱", "token " + l.Token
	}
	var b strings.Builder
	for _, n := range l.Notices {
		fmt.Fprintf(&b, "%s %s\n", n.Kind, n.Event.Object)
	}
	return fmt.Sprintf("您有 %d 条通知", len(l.Notices)), b.String()
}

func TestLetters(t *testing.T) {
	post := serve(t, 1)
	c := &clock{at: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	store, err := bolt.Open(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, c.now)
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	if _, err := reg.Import(registry.System, []registry.Incoming{{Path: "t.md", Source: []byte(text)}}); err != nil {
		t.Fatal(err)
	}
	var reader, author registry.Member
	for id, m := range map[string]*registry.Member{"reader": &reader, "author": &author} {
		*m = registry.Member{ID: id, Name: id, Role: registry.Reader}
		if _, err := reg.AddMember(registry.System, *m, "ein langes Passwort"); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	port := post.Addr().(*net.TCPAddr).Port
	lines := make(logged, 100)
	go func() {
		done <- mail.Follow(ctx, reg, mail.Config{Host: "127.0.0.1", Port: port, TLS: mail.Plain, From: "tongbiao@example.org"}, words, slog.New(slog.NewTextHandler(lines, nil)))
	}()
	wake := func() { // a change, so that the sender looks at the clock again
		if _, err := reg.OpenFeed(author); err != nil {
			t.Fatal(err)
		}
	}

	// The address is confirmed first; the server turns the first letter away.
	if _, err := reg.SetAddress(reader, "reader@example.org"); err != nil {
		t.Fatal(err)
	}
	if line := <-lines; !strings.Contains(line, "try again later") || strings.Contains(line, "example.org") {
		t.Errorf("the log says %s", line)
	}
	post.none(t)
	c.pass(2 * time.Minute)
	wake()
	to, subject, body := post.letter(t)
	token, found := strings.CutPrefix(strings.TrimSpace(body), "token ")
	if to != "<reader@example.org>" || subject != "请确认邮箱" || !found {
		t.Fatalf("to %s: %s\n%s", to, subject, body)
	}
	first := say(t, reg, reader, "", "何时实施？")
	say(t, reg, author, first, "二月。")
	if _, err := reg.ConfirmAddress(author, token); !registry.Refused(err, registry.Invalid) {
		t.Errorf("another member confirms the address: %v", err)
	}
	if _, err := reg.ConfirmAddress(reader, token); err != nil {
		t.Fatal(err)
	}
	if _, subject, body = post.letter(t); subject != "您有 1 条通知" || !strings.Contains(body, "answered standards/t") {
		t.Errorf("%s\n%s", subject, body)
	}
	// What was read on the site is not sent; what comes after is, once.
	if err := reg.ReadNotices(reader, 1<<40); err != nil {
		t.Fatal(err)
	}
	say(t, reg, author, first, "三月一日。")
	if _, subject, _ = post.letter(t); subject != "您有 1 条通知" {
		t.Error(subject)
	}
	if _, err := reg.SetAddress(reader, ""); err != nil {
		t.Fatal(err)
	}
	say(t, reg, author, first, "没有地址了。")
	wake()
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	post.none(t)
	if box, err := reg.Mailbox(reader); box.Address != "" || err != nil {
		t.Errorf("the address is still kept: %+v, %v", box, err)
	}
	if err := reg.Verify(func(f registry.Fault) { t.Errorf("%s: %s", f.Where, f.What) }); err != nil {
		t.Fatal(err)
	}
}

func say(t *testing.T, reg *registry.Registry, m registry.Member, to, body string) string {
	t.Helper()
	k, err := reg.AddComment(m, registry.Comment{On: registry.Ref{Standard: "t", Clause: "scope"}, ReplyTo: to, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return k.ID
}

// logged is a log whose lines can be waited for.
type logged chan string

func (l logged) Write(line []byte) (int, error) { l <- string(line); return len(line), nil }

func TestConfigIsChecked(t *testing.T) {
	good := mail.Config{Host: "mail.example.org", Port: 587, TLS: mail.StartTLS, From: "tongbiao@example.org"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for what, change := range map[string]func(*mail.Config){
		"no server":     func(c *mail.Config) { c.Host = "" },
		"a port":        func(c *mail.Config) { c.Port = 99999 },
		"no such TLS":   func(c *mail.Config) { c.TLS = "ssl3" },
		"not a sender":  func(c *mail.Config) { c.From = "同标" },
		"two lines":     func(c *mail.Config) { c.From = "a@example.org\r\nBcc: b@example.org" },
		"without a TLS": func(c *mail.Config) { c.TLS = "" },
	} {
		bad := good
		change(&bad)
		if bad.Check() == nil {
			t.Errorf("%s is taken: %+v", what, bad)
		}
	}
}
