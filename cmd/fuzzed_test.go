package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// reads are the names of functions that take in a text or a file from outside.
var reads = regexp.MustCompile(`^(Read|Parse|Decode|Clean|Unmarshal)`)

// TestWhatReadsIsFuzzed: every exported function that reads a text or a file is
// called by a fuzzer of its package, by itself or through one that calls it.
func TestWhatReadsIsFuzzed(t *testing.T) {
	type pkg struct {
		read   []string                   // what has to be fuzzed
		calls  map[string]map[string]bool // by function: what it calls
		fuzzes []string
	}
	pkgs := map[string]*pkg{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || d.Name() == "bin" || d.Name() == "train" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			if d != nil && d.IsDir() && err == nil {
				return filepath.SkipDir
			}
			return err
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		p := pkgs[filepath.Dir(path)]
		if p == nil {
			p = &pkg{calls: map[string]map[string]bool{}}
			pkgs[filepath.Dir(path)] = p
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			test := strings.HasSuffix(path, "_test.go")
			if test && strings.HasPrefix(f.Name.Name, "Fuzz") {
				p.fuzzes = append(p.fuzzes, f.Name.Name)
			}
			if !test && f.Recv == nil && reads.MatchString(f.Name.Name) && takesText(f) {
				p.read = append(p.read, f.Name.Name)
			}
			if p.calls[f.Name.Name] == nil {
				p.calls[f.Name.Name] = map[string]bool{}
			}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident: // called, or handed on to be called
					p.calls[f.Name.Name][n.Name] = true
				case *ast.SelectorExpr:
					p.calls[f.Name.Name][n.Sel.Name] = true
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for dir, p := range pkgs {
		reached := map[string]bool{}
		var visit func(string)
		visit = func(name string) {
			if reached[name] {
				return
			}
			reached[name] = true
			for called := range p.calls[name] {
				if p.calls[called] != nil {
					visit(called)
				}
			}
		}
		for _, name := range p.fuzzes {
			visit(name)
		}
		for _, name := range p.read {
			seen++
			if !reached[name] {
				t.Errorf("%s: %s reads what comes from outside, and no fuzzer calls it", dir, name)
			}
		}
	}
	if seen < 8 {
		t.Errorf("only %d functions that read", seen)
	}
}

// takesText tells a function with an argument that comes from outside: a string,
// bytes, a reader, or the values of a form.
func takesText(f *ast.FuncDecl) bool {
	for _, field := range f.Type.Params.List {
		switch x := field.Type.(type) {
		case *ast.Ident:
			if x.Name == "string" {
				return true
			}
		case *ast.ArrayType:
			if e, ok := x.Elt.(*ast.Ident); ok && (e.Name == "byte" || e.Name == "string") {
				return true
			}
		case *ast.SelectorExpr:
			if x.Sel.Name == "Reader" || x.Sel.Name == "Values" {
				return true
			}
		}
	}
	return false
}
