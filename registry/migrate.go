package registry

import (
	"fmt"
	"strconv"
)

// migrations bring a store from schema i to i+1, each in one transaction with
// the new schema number. A released one is never changed.
var migrations = []func(Tx) error{
	func(Tx) error { return nil }, // 1: the first schema
}

var schemaKey = []byte("schema")

func (r *Registry) migrate() error {
	for {
		done := false
		err := r.store.Update(func(tx Tx) error {
			raw, err := tx.Get(schemaKey)
			if err != nil {
				return err
			}
			at := 0
			if raw != nil {
				if at, err = strconv.Atoi(string(raw)); err != nil {
					return fmt.Errorf("schema number %q: %w", raw, err)
				}
			}
			if at > len(migrations) {
				return refuse(Invalid, "", "数据是较新版本的同标写的（模式 %d，本程序到 %d）：请用新版程序打开。 The data was written by a newer tongbiao (schema %d, this one knows %d): use the newer program.", at, len(migrations), at, len(migrations))
			}
			if at == len(migrations) {
				done = true
				return nil
			}
			if err := migrations[at](tx); err != nil {
				return fmt.Errorf("migrate to schema %d: %w", at+1, err)
			}
			return tx.Put(schemaKey, []byte(strconv.Itoa(at+1)))
		})
		if err != nil || done {
			return err
		}
	}
}
