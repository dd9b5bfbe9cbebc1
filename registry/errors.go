package registry

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Kind of a Refusal.
type Kind int

const (
	NotFound Kind = iota + 1
	Invalid
	Forbidden
	Conflict
	Unavailable // nothing can be written now; reading goes on
)

func (k Kind) String() string {
	return [...]string{"", "not found", "invalid", "forbidden", "conflict", "unavailable"}[k]
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

// Bounds of what people write beside the texts themselves.
const (
	maxLine    = 200  // characters of a title, a topic, a number
	maxMessage = 2000 // bytes of a revision's message
)

// within refuses a field of more than most bytes.
func within(field, s string, most int) error {
	if len(s) > most {
		return refuse(Invalid, field, "太长：最多 %d 字节。 Too long: at most %d bytes.", most, most)
	}
	return nil
}

// line refuses a field that is not one line of at most maxLine characters.
func line(field, s string) error {
	if utf8.RuneCountInString(s) > maxLine || strings.ContainsAny(s, "\r\n\x00") {
		return refuse(Invalid, field, "请写成一行，最多 %d 个字。 Write one line of at most %d characters.", maxLine, maxLine)
	}
	return nil
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
