package main

import (
	"path/filepath"
	"time"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/search"
)

// open opens the registry in the data folder, creating it where there is none.
func (d dataFlag) open() (*registry.Registry, error) {
	store, err := bolt.Open(filepath.Join(d.Data, "registry.db"))
	if err != nil {
		return nil, err
	}
	reg, err := registry.Open(store, time.Now)
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
