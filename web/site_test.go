package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/search"
)

// Texts of the test site: a standard of Shanghai and a regulation of Jiangsu,
// with one subject in common.
const (
	shanghaiText = `---
id: sh-express
title: 上海快递服务规范
number: DB31/T 900001—2024
kind: local
convention: standard
region: "31"
status: in-force
published: 2024-01-10
effective: 2024-03-01
---

## 范围 {#scope}

本文件规定了快递服务的要求。

## 投递 {#delivery}

### 投递时限 {#delivery-time}

快件到达末端网点后，应在 24 h 内投递。

### 代收 {#proxy}

经用户同意，可由代收点代收。

## 投诉 {#complaints}

企业应在 7 日内答复用户投诉。
`
	jiangsuText = `---
id: js-express
title: 江苏快递管理规定
kind: regulation
convention: regulation
region: "32"
---

### 第一条 {#a-1}

为了规范快递服务，制定本规定。

### 第二条 {#a-2}

快件到达末端网点后，企业应当在48小时内投递。

### 第三条 {#a-3}

企业应当自收到投诉之日起十五日内答复。
`
)

const testProject = "express"

// site is the whole thing, served over HTTP from a store of its own.
type site struct {
	*httptest.Server
	t     testing.TB
	reg   *registry.Registry
	index *search.Index
	web   *Server
	log   *bytes.Buffer
}

// seed is a folder with a store and its index: the texts, the demonstration's
// members, one project, a comment and a second revision. It is made once and
// copied for each test.
var seed = sync.OnceValues(func() (fs.FS, error) {
	dir, err := os.MkdirTemp("", "tongbiao-web")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	store, err := bolt.Open(filepath.Join(dir, "registry.db"))
	if err != nil {
		return nil, err
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		return nil, err
	}
	if err := plant(reg); err != nil {
		return nil, err
	}
	index, err := search.Open(filepath.Join(dir, "index"), reg)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(index.CatchUp(context.Background()), index.Close(), reg.Close()); err != nil {
		return nil, err
	}
	held := fstest.MapFS{}
	return held, fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(dir, path))
		held[path] = &fstest.MapFile{Data: raw, Mode: 0o600}
		return err
	})
})

func plant(reg *registry.Registry) error {
	list, err := reg.Import(registry.System, []registry.Incoming{
		{Path: "sh.md", Source: []byte(shanghaiText)}, {Path: "js.md", Source: []byte(jiangsuText)},
	})
	if err != nil {
		return err
	}
	for _, one := range list {
		if one.Err != nil {
			return one.Err
		}
	}
	_, _, err = reg.Submit(registry.System, registry.Submission{
		Standard: "sh-express", Base: 1, Source: []byte(strings.Replace(shanghaiText, "7 日内", "5 日内", 1)), Message: "投诉答复改为 5 日",
	})
	if err != nil {
		return err
	}
	err = reg.MakeDemonstration(registry.Project{ID: testProject, Title: "统一快递服务规范", Participants: []registry.Participant{
		{Region: "31", Text: registry.Ref{Standard: "sh-express"}}, {Region: "32", Text: registry.Ref{Standard: "js-express"}},
	}})
	if err != nil {
		return err
	}
	_, err = reg.AddComment(registry.Member{ID: "demo-31", Region: "31", Role: registry.Representative}, registry.Comment{
		On: registry.Ref{Standard: "sh-express", Clause: "delivery-time"}, Type: registry.Technical,
		Quote: "24 h", Body: "时限从何时起算？", Proposed: "快件到达末端网点后，应在 24 h 内完成首次投递。",
	})
	if err != nil {
		return err
	}
	return plantConsultation(reg)
}

// serve opens a copy of the seed.
func serve(t testing.TB, opt Options) *site {
	t.Helper()
	held, err := seed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, held); err != nil {
		t.Fatal(err)
	}
	return serveStore(t, filepath.Join(dir, "registry.db"), opt)
}

func serveStore(t testing.TB, path string, opt Options) *site {
	t.Helper()
	store, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	index, err := search.Open(filepath.Join(filepath.Dir(path), "index"), reg)
	if err != nil {
		t.Fatal(err)
	}
	if err := index.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, reg: reg, index: index, log: &bytes.Buffer{}}
	if s.web, err = New(reg, index, opt, slog.New(slog.NewTextHandler(s.log, nil))); err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(s.web)
	t.Cleanup(func() {
		s.Close()
		checkLog(t, s.log.String())
		if err := index.Close(); err != nil {
			t.Error(err)
		}
		if err := reg.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// token opens a session of a demonstration's member.
func (s *site) token(id string) string {
	s.t.Helper()
	token, err := s.reg.OpenSession(id)
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

// answer is a response that was read.
type answer struct {
	*http.Response
	body string
}

// ask sends a request as a member ("" for nobody). A form whose values hold
// files ("@name:content") goes as multipart. Redirects are not followed.
func (s *site) ask(as, method, path string, form url.Values, edit ...func(*http.Request)) answer {
	s.t.Helper()
	var body io.Reader
	kind := ""
	if method == http.MethodPost {
		body, kind = formBody(form)
	}
	r, err := http.NewRequest(method, s.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if as != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.token(as)})
	}
	for _, fn := range edit {
		fn(r)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{res, string(raw)}
}

func formBody(form url.Values) (io.Reader, string) {
	upload := false
	for _, vs := range form {
		upload = upload || slices.ContainsFunc(vs, func(v string) bool { return strings.HasPrefix(v, "@") })
	}
	if !upload {
		return strings.NewReader(form.Encode()), "application/x-www-form-urlencoded"
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, vs := range form {
		for _, v := range vs {
			if file, ok := strings.CutPrefix(v, "@"); ok {
				file, content, _ := strings.Cut(file, ":")
				part, _ := w.CreateFormFile(name, file)
				io.WriteString(part, content)
				continue
			}
			w.WriteField(name, v)
		}
	}
	w.Close()
	return &b, w.FormDataContentType()
}

// eventsSince lists the verbs of the events after one.
func (s *site) eventsSince(seq uint64) []registry.Verb {
	s.t.Helper()
	list, err := s.reg.Events(seq, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []registry.Verb
	for _, e := range list {
		if e.Verb != registry.SignIn {
			out = append(out, e.Verb)
		}
	}
	return out
}

func (s *site) lastEvent() uint64 {
	s.t.Helper()
	head, err := s.reg.LastEvent()
	if err != nil {
		s.t.Fatal(err)
	}
	return head.Seq
}
