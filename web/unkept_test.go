package web

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

// TestUnkeptHoldsNoSecret: what cannot be kept comes back as it was typed, but
// never a password, a code or a token.
func TestUnkeptHoldsNoSecret(t *testing.T) {
	come := func(form url.Values) *unkept {
		r := httptest.NewRequest(http.MethodPost, "/standards/a/comments?page=2", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", echo.MIMEApplicationForm)
		if err := r.ParseForm(); err != nil {
			t.Fatal(err)
		}
		return unkeptOf(echo.New().NewContext(r, httptest.NewRecorder()))
	}
	u := come(url.Values{"body": {"投递应当在三日内完成。"}, "type": {"ge"}})
	if u == nil || u.Action != "/standards/a/comments?page=2" || len(u.Fields) != 2 || !u.Fields[0].Long || u.Fields[1].Long {
		t.Errorf("what comes back: %+v", u)
	}
	for _, name := range secret {
		if u := come(url.Values{"body": {"一"}, name: {"hush"}}); u != nil {
			t.Errorf("a form with %s comes back: %+v", name, u)
		}
	}
}

// TestSecretsAreListed: every field that a template hides, or that is a code, is
// one that never comes back.
func TestSecretsAreListed(t *testing.T) {
	found := 0
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(templateFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		for _, input := range strings.Split(text, "<input")[1:] {
			input, _, _ = strings.Cut(input, ">")
			if !strings.Contains(input, `type="password"`) && !strings.Contains(input, "one-time-code") {
				continue
			}
			_, field, _ := strings.Cut(input, `name="`)
			field, _, _ = strings.Cut(field, `"`)
			found++
			if !slices.Contains(secret, field) {
				t.Errorf("%s: the field %q would come back", name, field)
			}
		}
	}
	if found == 0 {
		t.Error("no template has such a field")
	}
}
