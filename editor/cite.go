package editor

import (
	"regexp"
	"strings"
)

var crossReference = regexp.MustCompile(`\[\]\(#([A-Za-z0-9][A-Za-z0-9._-]{0,63})\)`)

// Cite replaces each reference [](#id) of a text by what show gives for its ID;
// where show gives "" the reference stays as it is.
func Cite(markdown string, show func(id string) string) string {
	if !strings.Contains(markdown, "[](#") {
		return markdown
	}
	return crossReference.ReplaceAllStringFunc(markdown, func(ref string) string {
		if s := show(ref[len("[](#") : len(ref)-1]); s != "" {
			return s
		}
		return ref
	})
}
