package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
)

// TestServeSaysWhatIsWrong: with each fault of its data folder serve either ends
// with a message that says what is wrong, where, and what to do, or mends the
// fault by itself and serves.
func TestServeSaysWhatIsWrong(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "data")
	if code, _, errs := tongbiao(t, append([]string{"import", "--data", whole}, bundled(t, "db31-t-sf001.md", "db32-t-sf001.md")...)...); code != 0 {
		t.Fatal(errs)
	}
	if code, _, errs := tongbiao(t, "search", "--data", whole, "投递"); code != 0 { // makes the index
		t.Fatal(errs)
	}
	for _, fault := range []struct {
		name  string
		spoil func(t *testing.T, data string)
		says  []string // nothing: it serves
	}{
		{"held by another", func(t *testing.T, data string) { runChild(t, "--data", data) }, []string{"registry.db", "正被另一个程序使用", "请先停止它", "--data"}},
		{"of a newer version", newerSchema, []string{"较新版本", "请用新版程序"}},
		{"cut off", edited(func(file []byte) []byte { return file[:len(bytes.TrimRight(file, "\x00"))/2] }), []string{"registry.db", "已损坏", "备份", "check-store"}},
		{"one bit is wrong", edited(flipInRoot), []string{"registry.db", "已损坏", "备份", "check-store"}},
		{"not a store", edited(func([]byte) []byte { return []byte("这不是数据。\n") }), []string{"registry.db", "不是同标的数据", "备份"}},
		{"a file in the folder's place", func(t *testing.T, data string) {
			replace(t, data, func() error { return os.WriteFile(data, []byte("x"), 0o600) })
		}, []string{"data", "不是文件夹", "--data"}},
		{"the store is a folder", func(t *testing.T, data string) {
			path := filepath.Join(data, "registry.db")
			replace(t, path, func() error { return os.Mkdir(path, 0o700) })
		}, []string{"registry.db", "是文件夹"}},
		{"no index", func(t *testing.T, data string) {
			if err := os.RemoveAll(filepath.Join(data, "index")); err != nil {
				t.Fatal(err)
			}
		}, nil},
		{"an index of nonsense", func(t *testing.T, data string) { nonsense(t, filepath.Join(data, "index", "store", "*")) }, nil},
		{"an index without its head", func(t *testing.T, data string) { nonsense(t, filepath.Join(data, "index", "index_meta.json")) }, nil},
		{"nothing wrong", func(*testing.T, string) {}, nil},
	} {
		t.Run(fault.name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			if err := os.CopyFS(data, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			fault.spoil(t, data)
			if fault.says == nil {
				serves(t, data)
				return
			}
			var said, complaint bytes.Buffer
			ctx, stop := context.WithTimeout(t.Context(), patience)
			defer stop()
			code := run(ctx, []string{"serve", "--addr", "127.0.0.1:0", "--data", data}, &said, &complaint)
			errs := complaint.String()
			if code != exitRefused {
				t.Errorf("serve ends with %d and says %s", code, &said)
			}
			for _, want := range fault.says {
				if !strings.Contains(errs, want) {
					t.Errorf("serve does not say %q:\n%s", want, errs)
				}
			}
			if strings.Contains(errs, "goroutine ") {
				t.Errorf("serve breaks down:\n%s", errs)
			}
		})
	}
}

// serves starts a site and finds in it what was imported.
func serves(t *testing.T, data string) {
	t.Helper()
	site, _, stop := serving(t, "--data", data)
	defer stop()
	v := &visitor{t: t, site: site, client: http.DefaultClient}
	for deadline := time.Now().Add(patience); ; {
		page := v.get("/search?q=" + url.QueryEscape("投递"))
		if strings.Contains(page, "<mark>投递</mark>") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("what was imported is never found")
		}
	}
}

func replace(t *testing.T, path string, by func() error) {
	t.Helper()
	err := os.RemoveAll(path)
	if err == nil {
		err = by()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// edited changes the bytes of the store.
func edited(by func([]byte) []byte) func(*testing.T, string) {
	return func(t *testing.T, data string) {
		path := filepath.Join(data, "registry.db")
		file, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, by(bytes.Clone(file)), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// flipInRoot flips one bit: what kind of page the root of the tree is. The root
// stands in the newer of the two meta pages of a bbolt file.
func flipInRoot(file []byte) []byte {
	const page, root, txid = 4096, 32, 64
	meta := file[:page]
	if second := file[page : 2*page]; binary.NativeEndian.Uint64(second[txid:]) > binary.NativeEndian.Uint64(meta[txid:]) {
		meta = second
	}
	file[binary.NativeEndian.Uint64(meta[root:])*page+8] ^= 0x40
	return file
}

func newerSchema(t *testing.T, data string) {
	store, err := bolt.Open(filepath.Join(data, "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Update(func(tx registry.Tx) error { return tx.Put([]byte("schema"), []byte("999")) }); err != nil {
		t.Fatal(err)
	}
}

// nonsense overwrites the middle of files.
func nonsense(t *testing.T, pattern string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		copy(raw[len(raw)/2:], "nonsense nonsense nonsense")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
