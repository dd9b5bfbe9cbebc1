package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// only names the packages that may import a library.
var only = map[string]string{
	"go.etcd.io/bbolt":              "registry/bolt",
	"github.com/blevesearch/bleve":  "registry/search",
	"github.com/yuin/goldmark":      "editor",
	"github.com/sergi/go-diff":      "editor/compare",
	"github.com/labstack/echo":      "web",
	"github.com/prometheus":         "web",
	"github.com/microcosm-cc":       "editor",
	"github.com/klauspost/compress": "registry",
	"github.com/alecthomas/kong":    "cmd",
	"github.com/santhosh-tekuri":    "editor",
	"go.yaml.in/yaml":               "editor",
	"golang.org/x/crypto":           "registry",
	"github.com/evanw/esbuild":      "web/assets/editor/build",
	"github.com/xuri/excelize":      "editor/convert",
	"github.com/wneessen/go-mail":   "registry/mail",
	"github.com/coreos/go-oidc":     "registry/oidc",
	"golang.org/x/oauth2":           "registry/oidc",
}

// rooms in the order in which imports run: a room imports only those after it.
var rooms = []string{"cmd", "web", "registry", "editor", "schemas", "standards"}

// TestImportsRunOneWay holds the plan of the house.
func TestImportsRunOneWay(t *testing.T) {
	root := ".."
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != root {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
				return filepath.SkipDir // a module of its own: measurements against others
			}
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		pkg, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		room, _, _ := strings.Cut(pkg, "/")
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		seen++
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if ours, ok := strings.CutPrefix(name, "tongbiao/"); ok {
				to, _, _ := strings.Cut(ours, "/")
				from, at := slices.Index(rooms, room), slices.Index(rooms, to)
				if room == "schemas" || room == "standards" || at < from {
					t.Errorf("%s imports %s: imports run %s", path, name, strings.Join(rooms, " → "))
				}
			}
			for library, home := range only {
				if (name == library || strings.HasPrefix(name, library+"/")) && pkg != home {
					t.Errorf("%s imports %s, which belongs to %s alone", path, name, home)
				}
			}
		}
		return nil
	})
	if err != nil || seen < 50 {
		t.Fatalf("read %d files, %v", seen, err)
	}
}
