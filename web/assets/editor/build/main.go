// Command build makes the drafting page's editor, web/assets/editor.js, from
// its sources and from the npm packages that package-lock.json pins; and beside
// it the licences of the packages that went in. The same sources give the same
// bytes. Run from the root of the repository, after `npm ci` (make assets).
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const sources = "web/assets/editor"

func main() {
	made, err := build(sources)
	for name, body := range made {
		if err == nil {
			err = os.WriteFile(filepath.Join(filepath.Dir(sources), name), body, 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// build gives the files that are made from a folder of sources, by name.
func build(dir string) (map[string][]byte, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("build the editor: %w", err)
	}
	made := api.Build(api.BuildOptions{
		AbsWorkingDir: dir, EntryPoints: []string{"src/main.js"}, Outfile: "editor.js",
		// The text's HTML is shown as written and never read as HTML: the
		// parsers of HTML, CSS and JavaScript stay outside.
		Alias:  map[string]string{"@codemirror/lang-html": "./src/no-html.js"},
		Bundle: true, Metafile: true, Format: api.FormatIIFE, Target: api.ES2022, Charset: api.CharsetUTF8,
		MinifySyntax: true, MinifyWhitespace: true, MinifyIdentifiers: true, LegalComments: api.LegalCommentsNone,
		Banner: map[string]string{"js": "// Made by `make assets` from web/assets/editor; licences: editor.licenses.txt"},
	})
	if len(made.Errors) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(made.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	texts, err := licences(dir, made.Metafile)
	if err != nil {
		return nil, fmt.Errorf("build the editor: %w", err)
	}
	return map[string][]byte{"editor.js": made.OutputFiles[0].Contents, "editor.licenses.txt": texts}, nil
}

// licences are the names, versions and licences of the packages in the bundle.
func licences(dir, metafile string) ([]byte, error) {
	var meta struct{ Inputs map[string]struct{} }
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil, err
	}
	var packages []string
	for input := range meta.Inputs {
		rest, ok := strings.CutPrefix(input, "node_modules/")
		if !ok {
			continue
		}
		parts := strings.SplitN(rest, "/", 3)
		name := parts[0]
		if strings.HasPrefix(name, "@") {
			name += "/" + parts[1]
		}
		packages = append(packages, name)
	}
	slices.Sort(packages)
	var b bytes.Buffer
	b.WriteString("editor.js holds these packages:\n")
	for _, name := range slices.Compact(packages) {
		folder := filepath.Join(dir, "node_modules", name)
		raw, err := os.ReadFile(filepath.Join(folder, "package.json"))
		if err != nil {
			return nil, err
		}
		var about struct{ Version, License string }
		if err := json.Unmarshal(raw, &about); err != nil {
			return nil, err
		}
		text, err := os.ReadFile(filepath.Join(folder, "LICENSE"))
		if err != nil {
			return nil, fmt.Errorf("%s has no licence to quote: %w", name, err)
		}
		fmt.Fprintf(&b, "\n---- %s %s · %s\n\n%s\n", name, about.Version, about.License, bytes.TrimSpace(text))
	}
	return b.Bytes(), nil
}
