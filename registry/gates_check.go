package registry

import (
	"slices"

	"tongbiao/editor"
	"tongbiao/editor/check"
)

// checked looks at a text for a step that asks for one without errors. It is
// done before the transaction, which then makes sure that it is still the text.
func (r *Registry) checked(standard string, t Transition) (out editorState, err error) {
	if !slices.Contains(t.Gates, GateFindings) {
		return out, nil
	}
	p, err := r.Process(standard)
	if err != nil {
		return out, err
	}
	text, err := r.Text(Ref{Standard: standard, Revision: p.Revision})
	if err != nil {
		return out, err
	}
	out.revision = p.Revision
	for _, f := range check.Check(text.Source, text.Document, check.Options{Stage: string(p.Stage), Today: r.today()}) {
		if f.Severity == editor.Error {
			out.errors = append(out.errors, f)
		}
	}
	return out, nil
}
