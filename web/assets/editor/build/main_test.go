package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"
)

// maxBundle bounds what a drafter's browser loads once, gzipped.
const maxBundle = 220 << 10 // bytes

// TestCommittedBundle holds the committed editor against what the command makes.
func TestCommittedBundle(t *testing.T) {
	if _, err := os.Stat("../node_modules/codemirror"); err != nil {
		t.Skip("SKIPPED: web/assets/editor/node_modules is missing (run `npm ci` there, or `make assets`): whether editor.js is what its sources make is not tested")
	}
	made, err := build("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range made {
		got, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what its sources make: run `make assets` and commit it", name)
		}
	}
	again, err := build("..")
	if err != nil || !bytes.Equal(again["editor.js"], made["editor.js"]) {
		t.Errorf("the same sources gave other bytes: %v", err)
	}
}

// TestBundleSize says what the editor costs a drafter once.
func TestBundleSize(t *testing.T) {
	body, err := os.ReadFile("../../editor.js")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	w.Write(body)
	w.Close()
	t.Logf("editor.js: %d bytes, %d gzipped", len(body), packed.Len())
	if packed.Len() > maxBundle {
		t.Errorf("editor.js is %d bytes gzipped, want at most %d", packed.Len(), maxBundle)
	}
}
