package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/search"
)

// TestIndexThatIsRebuilt: an index that is gone, cut short, or older than the
// store is found at the start; searches are answered meanwhile, with a notice, and
// without one when it has caught up.
func TestIndexThatIsRebuilt(t *testing.T) {
	for name, harm := range map[string]struct {
		do    func(t *testing.T, dir string)
		shows bool // what was found before is found meanwhile
	}{
		"deleted": {func(t *testing.T, dir string) { mustDo(t, os.RemoveAll(filepath.Join(dir, "index"))) }, false},
		"truncated": {func(t *testing.T, dir string) {
			files, err := filepath.Glob(filepath.Join(dir, "index", "store", "*"))
			mustDo(t, err)
			for _, f := range files {
				mustDo(t, os.Truncate(f, 100))
			}
		}, false},
		"older": {func(t *testing.T, dir string) {
			reg := openAt(t, dir)
			_, _, err := reg.Submit(registry.System, registry.Submission{Standard: "sh-express", Base: 2, Source: []byte(changedText("12 h")), Message: "收紧"})
			mustDo(t, err)
			mustDo(t, reg.Close())
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			held, err := seed()
			mustDo(t, err)
			dir := t.TempDir()
			mustDo(t, os.CopyFS(dir, held))
			harm.do(t, dir)
			reg := openAt(t, dir)
			defer reg.Close()
			index, err := search.Open(filepath.Join(dir, "index"), reg)
			mustDo(t, err)
			defer index.Close()
			site, err := New(reg, index, Options{}, slog.New(slog.DiscardHandler))
			mustDo(t, err)
			server := httptest.NewServer(site)
			defer server.Close()
			ask := func() string {
				res, err := http.Get(server.URL + "/search?q=投递时限")
				mustDo(t, err)
				defer res.Body.Close()
				body, err := io.ReadAll(res.Body)
				mustDo(t, err)
				if res.StatusCode != 200 {
					t.Fatalf("%d\n%s", res.StatusCode, bodyText(string(body)))
				}
				return string(body)
			}
			const notice = "索引正在更新"
			if body := ask(); !strings.Contains(body, notice) || strings.Contains(body, "/standards/sh-express/2#delivery-time") != harm.shows {
				t.Errorf("meanwhile\n%s", bodyText(body))
			}
			mustDo(t, index.CatchUp(context.Background()))
			if body := ask(); strings.Contains(body, notice) || !strings.Contains(body, "#delivery-time") {
				t.Errorf("after\n%s", bodyText(body))
			}
		})
	}
}

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openAt(t *testing.T, dir string) *registry.Registry {
	t.Helper()
	store, err := bolt.Open(filepath.Join(dir, "registry.db"))
	mustDo(t, err)
	reg, err := registry.Open(store, time.Now)
	mustDo(t, err)
	return reg
}
