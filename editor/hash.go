package editor

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Hash names the content of a clause without its subclauses: title, English
// equivalent and text. White space that changes no word, the clause's own ID,
// number and the IDs of its tables do not count, so that the same clause in two
// regions or two revisions has the same hash. 32 hexadecimal digits.
func (c *Clause) Hash() string {
	h := sha256.New()
	for _, s := range []string{c.Title, c.English} {
		h.Write([]byte(foldWhite(s)))
		h.Write([]byte{0})
	}
	for l := range strings.SplitSeq(c.Text, "\n") {
		if strings.HasSuffix(l, "}") {
			l, _ = cutID(l)
		}
		if l = foldWhite(l); l != "" {
			h.Write([]byte(l))
			h.Write([]byte{'\n'})
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// foldWhite makes one space of several, and none beside a Chinese character,
// where white space is only layout.
func foldWhite(s string) string {
	if !strings.ContainsAny(s, " \u3000\t") {
		return s
	}
	var b strings.Builder
	last := rune(0)
	space := false
	for _, r := range s {
		if r == ' ' || r == '\u3000' || r == '\t' {
			space = true
			continue
		}
		if space && last != 0 && !isEastAsian(last) && !isEastAsian(r) {
			b.WriteByte(' ')
		}
		space, last = false, r
		b.WriteRune(r)
	}
	return b.String()
}
