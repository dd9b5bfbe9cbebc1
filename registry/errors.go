package registry

import (
	"errors"
	"fmt"
)

// Kind of a Refusal.
type Kind int

const (
	NotFound Kind = iota + 1
	Invalid
	Forbidden
	Conflict
)

func (k Kind) String() string {
	return [...]string{"", "not found", "invalid", "forbidden", "conflict"}[k]
}

// Refusal says why a verb was not carried out. Reason is shown to people as it
// stands: Chinese first, then English, and what to do.
type Refusal struct {
	Kind   Kind
	Field  string // the form field that is wrong; "" when none is
	Reason string
}

func (r *Refusal) Error() string { return r.Reason }

// Refused tells whether err is a Refusal of this kind.
func Refused(err error, kind Kind) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Kind == kind
}

func refuse(kind Kind, field, format string, args ...any) error {
	return &Refusal{Kind: kind, Field: field, Reason: fmt.Sprintf(format, args...)}
}

var (
	// ErrReadOnly is returned by Put and Delete in a View.
	ErrReadOnly = errors.New("transaction is read-only")
	// ErrStop ends a Scan without error.
	ErrStop = errors.New("stop")
)

// Damaged is what a Store returns for a record that is not as it was written.
type Damaged struct{ Key []byte }

func (d *Damaged) Error() string {
	return fmt.Sprintf("记录 %.80q 已损坏：请运行 tongbiao check-store，并从备份恢复。 The record %.80q is damaged: run tongbiao check-store, and restore a backup.", d.Key, d.Key)
}
