package check

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
)

// order compares two documents of the list of normative references. byCode compares
// the whole code of others than national, ISO and IEC standards (YZ before YZ/T), not
// only what stands before /T: both are in use.
func order(byCode bool) func(a, b listed) int {
	return func(a, b listed) int {
		ra, rb := rank(a.number), rank(b.number)
		c := cmp.Compare(ra, rb)
		if c == 0 && ra != national && ra < iso || ra > iec {
			ca, cb := code(a.number), code(b.number)
			if !byCode {
				ca, cb = strings.TrimSuffix(ca, "/T"), strings.TrimSuffix(cb, "/T")
			}
			c = cmp.Or(c, cmp.Compare(ca, cb))
		}
		if ra == literature || rb == literature {
			return c
		}
		return cmp.Or(c, compareSerials(serial(a.number), serial(b.number)), cmp.Compare(a.Year, b.Year))
	}
}

// ranks of documents in the list of normative references (GB/T 1.1—2020, 8.6.3).
const (
	national = iota
	industry
	local
	group
	iso
	isoIEC
	iec
	organisation // another international or foreign one
	literature
)

func rank(number string) int {
	c := code(number)
	base, _, _ := strings.Cut(c, "/")
	switch {
	case c == "":
		return literature
	case base == "GB" || base == "GBZ" || base == "GJB":
		return national
	case strings.HasPrefix(base, "DB"):
		return local
	case base == "T":
		return group
	case c == "ISO/IEC":
		return isoIEC
	case base == "ISO":
		return iso
	case base == "IEC":
		return iec
	case base == "ITU" || base == "EN" || len(base) > 3 || base == "Q":
		return organisation
	}
	return industry
}

var codeOf = regexp.MustCompile(`^[A-Z][A-Z0-9]*(?:/[A-Z]+)*`)

// code is what stands before the serial: GB/T, YZ, DB31/T, T/CAS, ISO/IEC.
func code(number string) string {
	c := codeOf.FindString(number)
	if strings.HasPrefix(c, "DB") || strings.HasPrefix(c, "T/") {
		return c
	}
	return strings.TrimRight(c, "0123456789")
}

var digits = regexp.MustCompile(`\d+`)

// serial are the figures of a number after its code: 27917, 3.
func serial(number string) []int {
	var out []int
	for _, d := range digits.FindAllString(strings.TrimPrefix(number, code(number)), 6) {
		n, _ := strconv.Atoi(d)
		out = append(out, n)
	}
	return out
}

func compareSerials(a, b []int) int {
	for i := range min(len(a), len(b)) {
		if c := cmp.Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}
