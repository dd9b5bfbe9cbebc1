package bolt_test

import (
	"path/filepath"
	"testing"

	"tongbiao/registry"
	"tongbiao/registry/bolt"
	"tongbiao/registry/storetest"
)

func TestPromises(t *testing.T) {
	paths := map[string]string{}
	storetest.Run(t, func(t *testing.T) registry.Store {
		path, ok := paths[t.Name()]
		if !ok {
			path = filepath.Join(t.TempDir(), "data", "registry.db")
			paths[t.Name()] = path
		}
		s, err := bolt.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
