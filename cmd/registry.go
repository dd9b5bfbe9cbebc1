package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/search"
)

// clock is the time that the program goes by; tests that live through months set
// another before they serve.
var clock = time.Now

// open opens the registry in the data folder; a command that only reads does
// not create one where a name was mistyped.
func (d dataFlag) open() (*registry.Registry, error) {
	if _, err := os.Stat(d.file()); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s 里没有登记系统：请用 --data 指明文件夹，或先 import、serve。 there is no registry in %s: name its folder with --data, or import or serve first", d.Data, d.Data)
	}
	return d.create()
}

// look opens the registry for reading: several commands may look at once, and
// nothing is written. Data of an older version is brought to this one first.
func (d dataFlag) look() (*registry.Registry, error) {
	if _, err := os.Stat(d.file()); err != nil {
		return d.open() // says what is wrong
	}
	store, err := bolt.OpenReadOnly(d.file())
	if err != nil {
		return nil, err
	}
	reg, err := registry.Open(store, clock)
	if err == nil {
		return reg, nil
	}
	store.Close()
	if errors.Is(err, registry.ErrReadOnly) {
		return d.open()
	}
	return nil, err
}

func (d dataFlag) file() string { return filepath.Join(d.Data, "registry.db") }

// create opens the registry in the data folder, making it where there is none.
func (d dataFlag) create() (*registry.Registry, error) {
	store, err := bolt.Open(d.file())
	if err != nil {
		return nil, err
	}
	reg, err := registry.Open(store, clock)
	if err != nil {
		store.Close()
		return nil, err
	}
	return reg, nil
}

// index opens the search index beside the registry.
func (d dataFlag) index(reg *registry.Registry) (*search.Index, error) {
	return search.Open(filepath.Join(d.Data, "index"), reg)
}
