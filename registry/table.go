package registry

import (
	"encoding/json"
	"fmt"
	"strings"
)

// table is a kind of record, kept as JSON under "name\0segment\0segment…".
// Numbers in keys are written by seq so that they sort.
type table[T any] struct {
	name string
	noun string // Chinese, for "not found"
}

// seq writes a number as a key segment that sorts by value.
func seq(n uint64) string { return fmt.Sprintf("%016x", n) }

func (t table[T]) key(segments ...string) []byte {
	return []byte(t.name + "\x00" + strings.Join(segments, "\x00"))
}

// find returns the record and whether it is there.
func (t table[T]) find(tx Tx, segments ...string) (T, bool, error) {
	var v T
	raw, err := tx.Get(t.key(segments...))
	if err != nil || raw == nil {
		return v, false, err
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, false, fmt.Errorf("read %s %s: %w", t.name, strings.Join(segments, "/"), err)
	}
	return v, true, nil
}

// get is find for a record that has to be there: a Refusal otherwise.
func (t table[T]) get(tx Tx, segments ...string) (T, error) {
	v, ok, err := t.find(tx, segments...)
	if err == nil && !ok {
		err = refuse(NotFound, "", "没有这%s：%s。 There is no such %s.", t.noun, strings.Join(segments, "/"), t.name)
	}
	return v, err
}

func (t table[T]) put(tx Tx, v T, segments ...string) error {
	for _, s := range segments {
		if strings.ContainsRune(s, 0) {
			return fmt.Errorf("write %s: key segment %q holds a zero byte", t.name, s)
		}
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", t.name, err)
	}
	return tx.Put(t.key(segments...), raw)
}

func (t table[T]) delete(tx Tx, segments ...string) error {
	return tx.Delete(t.key(segments...))
}

// scan calls fn for the records below a key prefix, in key order. Whole
// segments count: "a" does not find "ab".
func (t table[T]) scan(tx Tx, fn func(T) error, prefix ...string) error {
	from := t.key(prefix...)
	if len(prefix) > 0 {
		from = append(from, 0)
	}
	return t.between(tx, from, after(from), fn)
}

func (t table[T]) between(tx Tx, from, to []byte, fn func(T) error) error {
	return tx.Scan(from, to, func(key, raw []byte) error {
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			return fmt.Errorf("read %q: %w", key, err)
		}
		return fn(v)
	})
}

// all collects the records below a key prefix.
func (t table[T]) all(tx Tx, prefix ...string) ([]T, error) {
	var out []T
	err := t.scan(tx, func(v T) error { out = append(out, v); return nil }, prefix...)
	return out, err
}

// after is the first key that does not begin with prefix.
func after(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] < 0xff {
			end[i]++
			return end[:i+1]
		}
	}
	return nil
}
