package web

import (
	"errors"
	"html/template"
	"slices"
	"strings"

	"tongbiao/editor"
	"tongbiao/registry"
)

// fault is what a form was refused for, beside the field that it is about. The
// zero fault is none.
type fault struct{ Field, Reason string }

// faulted gives the fault of a refusal of one of these kinds, as refused does.
func faulted(err error, kinds ...registry.Kind) (fault, bool) {
	reason, ok := refused(err, kinds...)
	if !ok {
		return fault{}, false
	}
	var r *registry.Refusal
	errors.As(err, &r)
	return fault{r.Field, reason}, true
}

// At is the reason where it is about this field.
func (f fault) At(field string) string {
	if f.Field != field {
		return ""
	}
	return f.Reason
}

// Else is the reason where it is about none of these fields: it stands above the form.
func (f fault) Else(fields ...string) string {
	if slices.Contains(fields, f.Field) {
		return ""
	}
	return f.Reason
}

// Mark says to who cannot see it that a field is wrong and where it says why.
func (f fault) Mark(field, id string) template.HTMLAttr {
	if f.At(field) == "" {
		return ""
	}
	return template.HTMLAttr(`aria-invalid="true" aria-describedby="` + id + `-fault"`) // safe: id is the template's own
}

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
