package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// unkept is what was typed into a form that cannot be kept at present: it is
// shown and can be sent again.
type unkept struct {
	Action string
	Fields []typedField
	Files  bool // there were some: they have to be chosen again
}

type typedField struct {
	Name, Value string
	Long        bool // somebody's words, to be seen; otherwise a choice
}

// secret are fields that are never shown again.
var secret = []string{"password", "old_password", "new_password", "again_password", "code", "secret", "token"}

// longField is from how many bytes on a value is somebody's words.
const longField = 24

// unkeptOf reads what was sent as far as it was read; nil where that is nothing,
// or holds a secret.
func unkeptOf(c echo.Context) *unkept {
	r := c.Request()
	if r.Method != http.MethodPost || len(r.PostForm) == 0 {
		return nil
	}
	u := &unkept{Action: (&url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}).String()}
	names := make([]string, 0, len(r.PostForm))
	for name := range r.PostForm {
		if slices.Contains(secret, name) {
			return nil
		}
		names = append(names, name)
	}
	slices.Sort(names)
	if r.MultipartForm != nil {
		u.Files = len(r.MultipartForm.File) > 0
	}
	for _, name := range names {
		for _, v := range r.PostForm[name] {
			u.Fields = append(u.Fields, typedField{name, v, len(v) >= longField || strings.Contains(v, "\n")})
		}
	}
	return u
}
