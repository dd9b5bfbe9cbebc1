package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
)

// Bounds of a request. A form writes a Chinese character of three bytes as nine
// (%E5%BF%AB), so that a field's bound counts three times in its body.
const (
	maxAddress = 8 << 10   // bytes of path and query
	maxQuery   = 200       // parameters in the query
	maxFields  = 20_000    // of a form: a concordance of a thousand rows has ten each
	maxBody    = 7 << 20   // bytes of a form with one text (editor.MaxBytes, three times)
	maxImport  = 32 << 20  // of an import of several texts
	maxPublic  = 192 << 10 // of what somebody without an account says: three fields of 16 KB
	maxHeld    = 512 << 20 // of all long bodies that are being read at once
	longBody   = 256 << 10 // and what such a body is
	inMemory   = 8 << 20   // of the files of a form; the others wait on the disk
)

// slowest is how slowly a body may come: so many bytes in so much time, or the
// connection is closed.
const (
	slowestBytes = 64 << 10
	slowestTime  = 20 * time.Second
	slowestBody  = 5 * time.Minute // the whole of it
	answerTime   = 2 * time.Minute // to answer, after it has come
)

// tooMany is answered where the server has its hands full.
func tooMany(c echo.Context, seconds int) error {
	c.Response().Header().Set("Retry-After", strconv.Itoa(seconds))
	return echo.NewHTTPError(http.StatusServiceUnavailable, "现在太忙：请过几秒再试，写的内容都还在。 Too busy just now: try again in a few seconds; what you wrote is kept.")
}

// bodyBound is how long a body a route takes.
func bodyBound(c echo.Context) int64 {
	if c.Request().Method != http.MethodPost {
		return longBody
	}
	switch path := c.Path(); {
	case strings.HasPrefix(path, "/consultations/"):
		return maxPublic
	case path == "/import", strings.HasSuffix(path, "/comments/import"), strings.HasSuffix(path, "/documents"), strings.HasSuffix(path, "/figures"):
		return maxImport
	}
	return maxBody
}

// bounded refuses addresses, forms and bodies that are longer than their route
// takes, and bodies that come too slowly or that are too many at once.
func (s *Server) bounded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if len(r.RequestURI) > maxAddress || strings.Count(r.URL.RawQuery, "&") >= maxQuery {
			return echo.NewHTTPError(http.StatusRequestURITooLong, "地址太长。 The address is too long.")
		}
		if r.Body == nil || r.Body == http.NoBody {
			return next(c)
		}
		limit := bodyBound(c)
		if s.actor(c).ID == "" {
			limit = min(limit, maxBody) // a form whose session has ended is shown again; files are not
		}
		if r.ContentLength > limit {
			return echo.ErrStatusRequestEntityTooLarge
		}
		size := r.ContentLength
		if size < 0 {
			size = limit
		}
		if size > longBody {
			defer s.held.Add(-size)
			if s.held.Add(size) > maxHeld {
				return tooMany(c, 10)
			}
		}
		body := &steady{from: http.MaxBytesReader(c.Response(), r.Body, limit), rc: http.NewResponseController(c.Response()), until: time.Now().Add(slowestBody), pace: s.pace, urlencoded: urlencoded(r)}
		defer body.done()
		r.Body = body
		err := readForm(r)
		if err == nil {
			err = next(c)
		}
		switch {
		case body.late.Load():
			c.Response().Header().Set("Connection", "close")
			return echo.NewHTTPError(http.StatusRequestTimeout, "内容传得太慢，没有收全。 The body came too slowly and was not read to its end.")
		case body.fields > maxFields:
			return echo.ErrStatusRequestEntityTooLarge
		}
		return err
	}
}

// readForm reads the form that a body holds, so that what is no form is told as
// such wherever it was sent to.
func readForm(r *http.Request) (err error) {
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType)); kind {
	case echo.MIMEApplicationForm:
		err = r.ParseForm()
	case echo.MIMEMultipartForm:
		err = r.ParseMultipartForm(inMemory)
	}
	var tooLarge *http.MaxBytesError
	if err == nil || errors.As(err, &tooLarge) {
		return err
	}
	return echo.NewHTTPError(http.StatusBadRequest, "表单读不懂：请刷新页面再试。 The form cannot be read: reload the page and try again.").SetInternal(err)
}

func urlencoded(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	return kind == echo.MIMEApplicationForm
}

// steady is a body that has to keep coming, and that has at most maxFields
// fields. net/http bounds the parts of a multipart form by itself.
type steady struct {
	from       io.ReadCloser
	rc         *http.ResponseController
	until      time.Time
	pace       time.Duration
	urlencoded bool
	fields     int
	owed       int // bytes until the time starts anew
	late       atomic.Bool
	over       bool
}

var errFields = errors.New("the form has too many fields")

func (b *steady) Read(p []byte) (int, error) {
	if b.over {
		return 0, errFields
	}
	if b.owed <= 0 {
		b.owed = slowestBytes
		next := time.Now().Add(b.pace)
		if next.After(b.until) {
			next = b.until
		}
		_ = b.rc.SetReadDeadline(next) // what is no connection has no deadlines
		_ = b.rc.SetWriteDeadline(next.Add(answerTime))
	}
	n, err := b.from.Read(p)
	b.owed -= n
	if b.urlencoded {
		for _, c := range p[:n] {
			if c == '&' {
				b.fields++
			}
		}
		if b.fields > maxFields {
			b.over = true
			return 0, errFields
		}
	}
	if err != nil && (errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)) {
		b.late.Store(true)
	}
	return n, err
}

func (b *steady) Close() error { return b.from.Close() }

// done takes the time limit away again: the next request on the connection has
// its own.
func (b *steady) done() {
	if !b.late.Load() {
		_ = b.rc.SetReadDeadline(time.Time{})
	}
}
