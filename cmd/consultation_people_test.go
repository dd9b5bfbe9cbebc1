package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/cookiejar"
	netmail "net/mail"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// calendar is a clock that goes on by itself and can be moved to a later day.
type calendar struct{ ahead atomic.Int64 }

func (c *calendar) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *calendar) pass(days int) { c.ahead.Add(int64(days) * int64(24*time.Hour)) }

// day is the date so many days from now, as forms write it.
func (c *calendar) day(days int) string {
	return c.now().In(time.FixedZone("China", 8*3600)).AddDate(0, 0, days).Format(time.DateOnly)
}

// person uses the site without script and looks at every answer as it comes.
// Without ID it is a passer-by.
type person struct {
	*testing.T
	id, site string
	client   *http.Client
}

const password = "long enough a password" // of the members who are none of the demonstration's

// arrive opens a session; a passer-by has none.
func (p *person) arrive() {
	p.Helper()
	jar, _ := cookiejar.New(nil)
	p.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	switch {
	case strings.HasPrefix(p.id, "demo-"):
		p.does("/demo/sign-in", url.Values{"id": {p.id}})
	case p.id != "":
		p.does("/sign-in", url.Values{"name": {p.id}, "password": {password}})
	}
}

// read is a page or file, which has to be there and to hold the words.
func (p *person) read(path string, words ...string) string {
	p.Helper()
	res, err := p.client.Get(p.site + path)
	body := p.body(res, err)
	if res.StatusCode != http.StatusOK {
		p.Fatalf("%s GET %s: %s\n%.2000s", p.id, path, res.Status, body)
	}
	for _, w := range words {
		if !strings.Contains(body, w) {
			p.Fatalf("%s GET %s does not show %q\n%s", p.id, path, w, inMain(body))
		}
	}
	return body
}

// does sends a form that has to be taken and returns where it leads.
func (p *person) does(path string, form url.Values) (to string) {
	p.Helper()
	res, err := p.client.PostForm(p.site+path, form)
	body := p.body(res, err)
	if res.StatusCode != http.StatusSeeOther {
		p.Fatalf("%s POST %s: %s\n%s", p.id, path, res.Status, inMain(body))
	}
	return res.Header.Get("Location")
}

// refused sends a form that has to be turned away in these words.
func (p *person) refused(status int, path string, form url.Values, words ...string) {
	p.Helper()
	res, err := p.client.PostForm(p.site+path, form)
	body := p.body(res, err)
	if res.StatusCode != status {
		p.Fatalf("%s POST %s: %s, want %d\n%s", p.id, path, res.Status, status, inMain(body))
	}
	for _, w := range words {
		if !strings.Contains(body, w) {
			p.Fatalf("%s POST %s does not say %q\n%s", p.id, path, w, inMain(body))
		}
	}
}

// sends a file with a form.
func (p *person) sends(path, field, name string, data []byte, values map[string]string) (status int, to, body string) {
	p.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range values {
		w.WriteField(k, v)
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		p.Fatal(err)
	}
	part.Write(data)
	w.Close()
	res, err := p.client.Post(p.site+path, w.FormDataContentType(), &b)
	body = p.body(res, err)
	return res.StatusCode, res.Header.Get("Location"), body
}

func (p *person) body(res *http.Response, err error) string {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.Fatal(err)
	}
	return string(body)
}

// inMain is the beginning of a page's own part, for messages of the test.
func inMain(page string) string {
	_, rest, ok := strings.Cut(page, "<main")
	if !ok {
		rest = page
	}
	return fmt.Sprintf("%.4000s", rest)
}

// postOffice is an SMTP server on this machine that keeps what it is sent.
type postOffice struct {
	net.Listener
	got chan string // whole letters
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &postOffice{l, make(chan string, 1000)}
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

func (s *postOffice) talk(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	say := func(line string) { fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 test")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch strings.ToUpper(strings.Fields(line + " -")[0]) {
		case "DATA":
			say("354 go on")
			var b strings.Builder
			for {
				if line, err = in.ReadString('\n'); err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				b.WriteString(strings.TrimPrefix(line, "."))
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

// letter waits for a letter to an address that holds the words.
func (s *postOffice) letter(t *testing.T, to string, words ...string) string {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case raw := <-s.got:
			if to, text := readLetter(t, raw, to); to && holds(text, words...) {
				return text
			}
		case <-late:
			t.Fatalf("no letter to %s with %q came", to, words)
		}
	}
}

func holds(text string, words ...string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// readLetter tells whether a letter is to an address, and what it says.
func readLetter(t *testing.T, raw, to string) (bool, string) {
	t.Helper()
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
	return strings.Contains(m.Header.Get("To"), to), subject + "\n" + string(text)
}
