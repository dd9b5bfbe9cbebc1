package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var placeholder = regexp.MustCompile(`%[a-z]`)

// TestCataloguesAgree: each language says everything, with the same gaps to
// fill.
func TestCataloguesAgree(t *testing.T) {
	w, err := readCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	zh, en := w["zh"], w["en"]
	for _, key := range slices.Sorted(maps.Keys(zh)) {
		other, ok := en[key]
		if !ok {
			t.Errorf("%s is not said in English", key)
			continue
		}
		if a, b := placeholder.FindAllString(zh[key], -1), placeholder.FindAllString(other, -1); !slices.Equal(a, b) {
			t.Errorf("%s: %v in Chinese, %v in English", key, a, b)
		}
		if strings.TrimSpace(zh[key]) == "" || strings.TrimSpace(other) == "" {
			t.Errorf("%s is empty", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if _, ok := zh[key]; !ok {
			t.Errorf("%s is not said in Chinese", key)
		}
	}
}

// TestCatalogueIsUsed: every text is asked for somewhere, and what is asked for
// is there. A key that is put together (print "role." .Role) uses all keys that
// begin so.
func TestCatalogueIsUsed(t *testing.T) {
	w, err := readCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	said := w["zh"]
	asked, begun := asksOf(t)
	for _, key := range slices.Sorted(maps.Keys(asked)) {
		if _, ok := said[key]; !ok {
			t.Errorf("%s asks for %q, which no catalogue says", asked[key], key)
		}
	}
	strings := literals(t)
	for _, key := range slices.Sorted(maps.Keys(said)) {
		if _, ok := asked[key]; !ok && !strings[key] && !slices.ContainsFunc(begun, hasPrefix(key)) {
			t.Errorf("%q is never asked for", key)
		}
	}
}

func hasPrefix(key string) func(string) bool {
	return func(prefix string) bool { return strings.HasPrefix(key, prefix) }
}

var (
	askedInTemplate = regexp.MustCompile(`\bt "([^"]+)"`)
	begunInTemplate = regexp.MustCompile(`\bt \(print(?:f)? (?:\$?[a-zA-Z.]+ )?"([a-z]*\.)`)
	// {{t (print $name "." .Value)}}: the name is a facet's.
	begunByName = regexp.MustCompile(`\bt \(print \$name "\."`)
)

// asksOf lists the keys that templates ask for, with the file, and the
// beginnings of those that they put together.
func asksOf(t *testing.T) (asked map[string]string, begun []string) {
	t.Helper()
	asked = map[string]string{}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		raw, err := templateFiles.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range askedInTemplate.FindAllStringSubmatch(string(raw), -1) {
			asked[m[1]] = n
		}
		for _, m := range begunInTemplate.FindAllStringSubmatch(string(raw), -1) {
			begun = append(begun, m[1])
		}
		if begunByName.Match(raw) {
			begun = append(begun, "kind.", "status.", "modality.")
		}
	}
	for key, file := range asksOfScript(t) {
		if strings.HasSuffix(key, ".") {
			begun = append(begun, key)
		} else {
			asked[key] = file
		}
	}
	return asked, begun
}

var askedInScript = regexp.MustCompile(`'(editor\.[a-z.]+)'`)

// asksOfScript lists the keys that the drafting page's script asks for.
func asksOfScript(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(os.DirFS("."), "assets/editor/src/*.js")
	if err != nil || len(names) == 0 {
		t.Fatal("the editor's sources are not there", err)
	}
	asked := map[string]string{}
	for _, n := range names {
		raw, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range askedInScript.FindAllStringSubmatch(string(raw), -1) {
			asked[m[1]] = n
		}
	}
	return asked
}

// literals are the string literals of the package's code; one that ends in "."
// is the beginning of keys too.
func literals(t *testing.T) map[string]bool {
	t.Helper()
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if text, err := strconv.Unquote(l.Value); err == nil {
					out[text] = true
				}
			}
			return true
		})
	}
	return out
}

// TestGoAsksForWhatIsSaid: the keys that the code asks for by say.
func TestGoAsksForWhatIsSaid(t *testing.T) {
	w, err := readCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`\.say\((?:c|n\.c|lang), "([^"]+)"[,)]|s\.see\([^\n]*, "(done\.[^"]+)"\)`)
	n := 0
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(raw), -1) {
			n++
			if key := m[1] + m[2]; !w.has(key) {
				t.Errorf("%s asks for %q, which no catalogue says", f, key)
			}
		}
	}
	if n < 20 {
		t.Errorf("found only %d keys in the code: the pattern is out of date", n)
	}
}
