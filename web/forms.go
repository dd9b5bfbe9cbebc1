package web

import (
	"errors"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/registry"
)

// refused gives the reason of a refusal of one of these kinds (of any, where
// none is named); a form shows it and stays as it was.
func refused(err error, kinds ...registry.Kind) (reason string, ok bool) {
	var r *registry.Refusal
	if !errors.As(err, &r) || len(kinds) > 0 && !slices.Contains(kinds, r.Kind) {
		return "", false
	}
	return r.Reason, true
}

// lines gives the text of a text area with the line ends of a file.
func lines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// nameOf is a clause as it is cited: number and title, or the beginning of its
// text where it has neither.
func nameOf(k *editor.Clause) string {
	name := strings.TrimSpace(k.Number + " " + k.Title)
	if name == k.Number && k.Text != "" {
		name = strings.TrimSpace(name + " " + shorten(k.Text, 20))
	}
	if name == "" {
		name = k.ID
	}
	return name
}
