package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// apiBase is where the API is: the number grows when a shape changes so that who
// reads it has to change too. New fields come without a new number.
const apiBase = "/api/v1"

// apiRoute is one address of the API: the parameters that it reads, and what
// answers it. All may be read by anyone; what the answer holds depends on who
// asks, as it does on the pages.
type apiRoute struct {
	method, path string
	params       []string
	answer       func(*Server, echo.Context) (any, error)
}

// costlyAPI are the addresses whose answers are made in turn, and for visitors
// once until something changes, as costly pages are.
var costlyAPI = []string{
	apiBase + "/compare", apiBase + "/standards/:id/changes", apiBase + "/standards/:id/clauses/:clause/history", apiBase + "/projects/:project", apiBase + "/projects/:project/rows",
	apiBase + "/projects/:project/rows/:row", apiBase + "/projects/:project/draft", apiBase + "/applicable", apiBase + "/check",
}

// paged are the parameters of every list that comes in parts.
var paged = []string{"limit", "cursor"}

// routesOf puts the API on the map of the site.
func routesOf(table []apiRoute) (out []route) {
	for _, a := range table {
		out = append(out, route{a.method, a.path, anyone, func(s *Server, c echo.Context) error { return s.serveAPI(c, a) }})
	}
	return out
}

// serveAPI answers one question of a program. A parameter that the address does
// not know is refused: a filter that is misspelt must not pass for none.
func (s *Server) serveAPI(c echo.Context, a apiRoute) error {
	for _, name := range slices.Sorted(maps.Keys(c.QueryParams())) {
		if !slices.Contains(a.params, name) {
			return invalid(name, "没有这个参数：%q。可用：%s。 There is no parameter %q; known are: %s.", name, strings.Join(a.params, "、"), name, strings.Join(a.params, ", "))
		}
	}
	d, err := s.dishOf(c, a)
	if err != nil {
		return err
	}
	if l := d.header.Get("Link"); l != "" {
		c.Response().Header().Set("Link", l)
	}
	return s.tagged(c, echo.MIMEApplicationJSON, d.body)
}

// dishOf makes an answer: a costly one when it is its turn, and a visitor's once
// until something changes.
func (s *Server) dishOf(c echo.Context, a apiRoute) (*dish, error) {
	if !slices.Contains(costlyAPI, a.path) {
		return s.cooked(c, a)
	}
	actor := s.actor(c)
	if actor.ID != "" || c.Request().Method != get {
		done, ok := s.kitchen.admit(c.Request().Context(), cmp.Or(actor.ID, "address "+registry.NetworkOf(c.RealIP())), actor.ID == "")
		if !ok {
			return nil, tooMany(c, 5)
		}
		defer done()
		return s.cooked(c, a)
	}
	head, err := s.reg.LastEvent()
	if err != nil {
		return nil, err
	}
	d, made := s.kitchen.find(c.Request().Context(), "api "+s.home0(c)+c.Request().URL.RequestURI(), head.Seq)
	if d != nil {
		return d, nil
	}
	var kept *dish
	defer func() { made(kept) }() // also when it panics
	done, ok := s.kitchen.admit(c.Request().Context(), "address "+registry.NetworkOf(c.RealIP()), true)
	if !ok {
		return nil, tooMany(c, 5)
	}
	defer done()
	if d, err = s.cooked(c, a); err == nil {
		d.event, d.until = head.Seq, s.kitchen.now().Add(keptFor)
		kept = d
	}
	return d, err
}

// cooked is the answer as JSON, with the addresses of the parts beside it.
func (s *Server) cooked(c echo.Context, a apiRoute) (*dish, error) {
	said, err := a.answer(s, c)
	if err != nil {
		return nil, err
	}
	d := &dish{header: http.Header{}}
	if p, ok := said.(interface{ links() string }); ok {
		d.header.Set("Link", p.links())
	}
	if d.body, err = jsonOf(said); err != nil {
		return nil, fmt.Errorf("write %s: %w", a.path, err)
	}
	return d, nil
}

// jsonOf writes a value for programs: Chinese and < as they are.
func jsonOf(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// invalid is a question that cannot be answered as it stands.
func invalid(field, reason string, args ...any) error {
	return &registry.Refusal{Kind: registry.Invalid, Field: field, Reason: fmt.Sprintf(reason, args...)}
}

// tagged answers with a body under a strong ETag, or with 304 to who has it
// (RFC 9110, 8.8 and 13.1.2). A compressed body is another representation and
// bears another tag. What depends on who asks stays in the asker's own cache.
func (s *Server) tagged(c echo.Context, kind string, body []byte) error {
	h, r := c.Response().Header(), c.Request()
	s.openHeaders(c)
	h.Set("Cache-Control", "public, no-cache")
	if s.actor(c).ID != "" || r.Header.Get(echo.HeaderAuthorization) != "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	h.Add("Vary", "Authorization, Cookie")
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:12])
	h.Set("ETag", `"`+tag+`"`)
	if strings.Contains(r.Header.Get(echo.HeaderAcceptEncoding), "gzip") {
		h.Set("ETag", `"`+tag+`.gz"`)
	}
	for known := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		known = strings.TrimPrefix(strings.TrimSpace(known), "W/")
		if known == "*" || known == `"`+tag+`"` || known == `"`+tag+`.gz"` {
			return c.NoContent(http.StatusNotModified)
		}
	}
	return c.Blob(http.StatusOK, kind, body)
}

// openHeaders let the pages of the sites that the operator named read the API.
// Cookies never go with such a question, and a token needs a preflight, which is
// not answered: another site's page reads what a visitor reads.
func (s *Server) openHeaders(c echo.Context) {
	if len(s.opt.Origins) == 0 {
		return
	}
	h, from := c.Response().Header(), c.Request().Header.Get("Origin")
	h.Add("Vary", "Origin")
	switch {
	case slices.Contains(s.opt.Origins, "*"):
		from = "*"
	case from == "" || !slices.Contains(s.opt.Origins, from):
		return
	}
	h.Set("Access-Control-Allow-Origin", from)
	h.Set("Access-Control-Expose-Headers", "ETag, Link")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// forPrograms tells whether an answer is for a program: everything of the API is,
// its errors too.
func forPrograms(c echo.Context) bool {
	at := c.Request().URL.Path
	return at == apiBase || strings.HasPrefix(at, apiBase+"/")
}

// problem is an error as RFC 9457 tells it. Title and Detail are Chinese first,
// then English.
type problem struct {
	Type   string `json:"type"` // explained at that place of the API's page
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	Field  string `json:"field,omitempty"`   // the parameter that is wrong, where one is
	ID     string `json:"request,omitempty"` // of the request, for faults of ours: it stands in the log
}

// problems are the kinds of errors; the API's page explains each.
var problems = map[int]problem{
	400: {Type: "bad-request", Title: "请求读不懂 The request cannot be read"},
	401: {Type: "sign-in", Title: "需要身份 Who asks has to be known"},
	403: {Type: "forbidden", Title: "不允许 Not allowed"},
	404: {Type: "not-found", Title: "没有找到 Not found"},
	405: {Type: "method", Title: "这个地址不这样用 Not in this way"},
	409: {Type: "conflict", Title: "与别处的改动冲突 In conflict with another change"},
	410: {Type: "gone", Title: "已经没有了 Gone"},
	413: {Type: "too-large", Title: "太大 Too large"},
	415: {Type: "media-type", Title: "格式不对 Not this format"},
	422: {Type: "invalid", Title: "内容不对 Not valid"},
	429: {Type: "too-many", Title: "问得太快 Too many requests"},
	500: {Type: "fault", Title: "我们这边出错了 A fault of ours"},
	503: {Type: "busy", Title: "正忙 Busy"},
}

// problem answers with an error.
func (s *Server) problem(c echo.Context, status int, detail, field string) error {
	p, ok := problems[status]
	if !ok {
		p = problem{Type: "other", Title: http.StatusText(status)}
	}
	p.Type, p.Status, p.Detail, p.Field = "/api#"+p.Type, status, detail, field
	if status >= 500 {
		p.ID = requestID(c)
	}
	body, err := jsonOf(p)
	if err != nil {
		return err
	}
	s.openHeaders(c)
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	return c.Blob(status, "application/problem+json", body)
}

// apiPart is one part of a list. Next is the address of the part after it; it is
// in the Link header too.
type apiPart[T any] struct {
	Items []T    `json:"items"`
	Total int    `json:"total"` // of all parts
	Next  string `json:"next,omitempty"`
	first string
}

func (p apiPart[T]) links() string {
	out := "<" + p.first + `>; rel="first"`
	if p.Next != "" {
		out = "<" + p.Next + `>; rel="next", ` + out
	}
	return out
}

// window is which part of a list is asked for.
type window struct {
	limit int
	after string // what the part before ended with; "" at the beginning
	u     *url.URL
}

// windowOf reads limit and cursor. A cursor is good for the question that it was
// given for, and for no other.
func windowOf(c echo.Context, usual, most int) (w window, err error) {
	w = window{limit: usual, u: c.Request().URL}
	if v := c.QueryParam("limit"); v != "" {
		if w.limit, err = strconv.Atoi(v); err != nil || w.limit < 1 || w.limit > most {
			return w, invalid("limit", "limit 应为 1 到 %d 的整数。 limit is a whole number from 1 to %d.", most, most)
		}
	}
	if v := c.QueryParam("cursor"); v != "" {
		raw, err := base64.RawURLEncoding.DecodeString(v)
		mark, after, found := strings.Cut(string(raw), ":")
		if err != nil || !found || mark != w.mark() {
			return w, invalid("cursor", "cursor 不是这个问题给出的：请从 next 里取，或从头开始。 The cursor was not given for this question: take it from next, or begin anew.")
		}
		w.after = after
	}
	return w, nil
}

// mark tells questions apart, whatever part of the answer they ask for.
func (w window) mark() string {
	q := w.u.Query()
	q.Del("cursor")
	q.Del("limit")
	sum := sha256.Sum256([]byte(w.u.Path + "?" + q.Encode()))
	return hex.EncodeToString(sum[:4])
}

// at is the address of a part of the list.
func (w window) at(after string) string {
	q := w.u.Query()
	q.Del("cursor")
	if after != "" {
		q.Set("cursor", base64.RawURLEncoding.EncodeToString([]byte(w.mark()+":"+after)))
	}
	return (&url.URL{Path: w.u.Path, RawQuery: q.Encode()}).String()
}

// offset is where a part begins whose cursor counts.
func (w window) offset() (int, error) {
	if w.after == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(w.after)
	if err != nil || n < 0 {
		return 0, invalid("cursor", "cursor 读不出来：请从头开始。 The cursor cannot be read: begin anew.")
	}
	return n, nil
}

// partOf is one part of a list that is held whole; key names an item for ever, so
// that what is added meanwhile moves nothing.
func partOf[T, U any](w window, list []T, key func(T) string, show func(T) U) (apiPart[U], error) {
	p := apiPart[U]{Items: []U{}, Total: len(list), first: w.at("")}
	from := 0
	if w.after != "" {
		from = slices.IndexFunc(list, func(v T) bool { return key(v) == w.after }) + 1
		if from == 0 {
			return p, invalid("cursor", "cursor 指的一项已经没有了：请从头开始。 What the cursor names is gone: begin anew.")
		}
	}
	to := min(from+w.limit, len(list))
	for _, v := range list[from:to] {
		p.Items = append(p.Items, show(v))
	}
	if to < len(list) {
		p.Next = w.at(key(list[to-1]))
	}
	return p, nil
}

// counted is one part of a list of which only that part was read.
func counted[U any](w window, offset, total int, items []U) apiPart[U] {
	p := apiPart[U]{Items: append([]U{}, items...), Total: total, first: w.at("")}
	if end := offset + len(items); end < total && len(items) > 0 {
		p.Next = w.at(strconv.Itoa(end))
	}
	return p
}

// whole is a list that comes in one part.
func whole[T, U any](list []T, show func(T) U) apiAll[U] {
	out := apiAll[U]{Items: []U{}}
	for _, v := range list {
		out.Items = append(out.Items, show(v))
	}
	return out
}

// apiAll is a list that is short.
type apiAll[T any] struct {
	Items []T `json:"items"`
}
