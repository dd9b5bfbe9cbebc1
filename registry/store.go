// Package registry says what is kept and what may be done with it: standards
// and their revisions, members, projects, rows, positions, comments, and the
// log of events. Every verb takes the acting member, checks the policy, and
// writes its records and its event in one transaction.
package registry

// Store keeps records under byte-ordered keys. Engines are registry/bolt and,
// later, others; registry/storetest holds what each must promise.
type Store interface {
	// View runs fn on one consistent state that does not change under it.
	View(fn func(Tx) error) error
	// Update runs fn alone among writers. When fn returns nil all that it wrote
	// is durable before Update returns; otherwise nothing of it remains.
	Update(fn func(Tx) error) error
	Close() error
}

// Tx is one transaction. Slices that it returns are valid until the transaction
// ends and must not be changed.
type Tx interface {
	// Get returns nil where there is no such key. A kept value is never nil.
	Get(key []byte) ([]byte, error)
	// Put keeps a value; in View it fails with ErrReadOnly. An empty key fails.
	Put(key, value []byte) error
	// Delete removes a key; a key that is not there is no error.
	Delete(key []byte) error
	// Scan calls fn for every key k with from ≤ k < to, in byte order; a nil to
	// means to the end. It stops at fn's first error and returns it, except for
	// ErrStop, which ends the scan quietly. fn may not write.
	Scan(from, to []byte, fn func(key, value []byte) error) error
}
