package web

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"
)

// download answers with a file. The name is given twice: in ASCII, and in UTF-8
// for browsers that read it (RFC 6266).
func download(c echo.Context, ascii, name, kind string, body []byte) error {
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+ascii+`"; filename*=UTF-8''`+extValue(fileName(name)))
	return c.Blob(http.StatusOK, kind, body)
}

// fileName makes a name of what a person wrote that every system takes: signs
// that mean something to one of them are written in full width.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return r - '!' + '！'
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, name)
	return strings.TrimLeft(strings.TrimSpace(name), ".")
}

// extValue writes a text as a parameter of a header takes it (RFC 8187, 3.2.1).
func extValue(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
