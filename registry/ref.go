package registry

import (
	"regexp"
	"strconv"
	"strings"
)

// Ref is a place in what is kept: a standard, one of its revisions, a clause of
// it, and a paragraph of that. Written "db31-t-sf001/2#scope:1"; every part
// after the standard may be absent.
type Ref struct {
	Standard  string
	Revision  int    // 0: the current one
	Clause    string // Clause.ID
	Paragraph int    // 1-based; 0: the whole clause
}

var refForm = regexp.MustCompile(`^([a-z0-9][a-z0-9.-]{0,79})(?:/([1-9][0-9]{0,6}))?(?:#([A-Za-z0-9][A-Za-z0-9._-]{0,63})(?::([1-9][0-9]{0,4}))?)?$`)

// ParseRef reads a Ref; a Refusal says what is wrong with it.
func ParseRef(s string) (Ref, error) {
	m := refForm.FindStringSubmatch(s)
	if m == nil {
		return Ref{}, refuse(Invalid, "ref", "不是有效的位置：%q（例：db31-t-sf001/2#scope）。 Not a valid reference: %q (e.g. db31-t-sf001/2#scope).", s, s)
	}
	ref := Ref{Standard: m[1], Clause: m[3]}
	ref.Revision, _ = strconv.Atoi(m[2])
	ref.Paragraph, _ = strconv.Atoi(m[4])
	return ref, nil
}

func (r Ref) String() string {
	var b strings.Builder
	b.WriteString(r.Standard)
	if r.Revision > 0 {
		b.WriteString("/" + strconv.Itoa(r.Revision))
	}
	if r.Clause != "" {
		b.WriteString("#" + r.Clause)
		if r.Paragraph > 0 {
			b.WriteString(":" + strconv.Itoa(r.Paragraph))
		}
	}
	return b.String()
}

// MarshalText writes the Ref as String does.
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (r *Ref) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*r = Ref{}
		return nil
	}
	*r, err = ParseRef(string(text))
	return err
}
